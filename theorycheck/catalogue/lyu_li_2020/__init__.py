r"""Lyu & Li 2020, gradient descent maximizes the margin of homogeneous neural networks.

ICLR 2020, arXiv 1906.05890. Read: main text and the proof of the key lemma. Constants are those of
the theory notes, with proofs (C1 to C8); the paper's own constants of Lemma C.8 and its step-size
condition were not re-read. All statements are for the sum of the losses.

Notation     paper                here
             q_i, q_min           case.initial.margins.q, .q_min
             L (order)            .order
             gamma-bar            .normalised_margin = q_min / rho^L
             gamma-tilde          .smoothed_margin = alpha / rho^L, alpha = l^{-1}(Lambda)
             nu, beta             .nu (over lambda = -l'(alpha)), .alignment
             condition (B4)       assume.separated: Lambda < l(0), that is alpha > 0
             t                    the flow's time of an ExponentialLoss or LogisticLoss; with an
                                  ExponentialMargin or LogisticMargin a slow clock, same orbits

Results      Theorem B.2 (C1)             euler_identities.py
             Lemma 5.1, B.1 (C2)          smoothed_margin_grows.py, at a point
                                          smoothed_margin_is_nondecreasing.py, along the flow
             sandwich (C3)                margin_sandwich.py, with a refutation
             Lemma C.8 (C4)               approximate_kkt_point.py
             Theorem 4.3 (C5)             loss_and_norm_have_two_sided_rates.py, on a window
                                          rates_hold_for_all_time.py, from the start alone
                                          margin_lies_between_two_rates.py, drawn over log10 t
             Theorem 4.4, limits are KKT  approximate_kkt_point.py, as a surrogate that stays open
             Lemma C.9 (C6)               alignment_is_small_in_the_mean.py
                                          direction_moves_little.py, the length of the path
             Lemma E.7 (C8)               descent_step_has_a_margin_certificate.py, with the refuted
                                          smoothed_margin_of_descent_is_nondecreasing
"""
