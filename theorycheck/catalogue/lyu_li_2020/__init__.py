r"""Lyu & Li 2020, Gradient Descent Maximizes the Margin of Homogeneous Neural Networks.

ICLR 2020, arXiv 1906.05890. Read: main text and the proof of the key lemma; constants of the finite
statements are those proved in the theory notes (C2, C5, C6, C8).

Notation     paper                here
             gamma-tilde          predictor(case).smoothed_margin, alpha / rho^L
             q_min, rho           predictor(case).margins, .squared_norm
             beta                 predictor(case).alignment
             t                    the flow's time of an ExponentialLoss or LogisticLoss; with an
                                  ExponentialMargin or LogisticMargin a slow clock, same orbits

Results      Lemma 5.1 (C2)       smoothed_margin_is_nondecreasing.py
             Theorem 4.3 (C5)     loss_and_norm_have_two_sided_rates.py
             Lemma C.9 (C6)       direction_moves_little.py (its window form)
             Lemma E.7 (C8)       descent_step_has_a_margin_certificate.py, with the refutation
                                  smoothed_margin_of_descent_is_nondecreasing
             step-size condition  only remembered: not encoded
"""
