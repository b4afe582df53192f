r"""Lyu & Li 2020, gradient descent maximizes the margin of homogeneous neural networks.

ICLR 2020, arXiv 1906.05890. Constants are those of the theory notes, with proofs (C1 to C4); the
paper's own constants of Lemma C.8 were not re-read. All statements are for the sum of the losses.

Notation     paper                here
             q_i, q_min           case.initial.margins.q, .q_min
             L (order)            .order
             gamma-bar            .normalised_margin = q_min / rho^L
             gamma-tilde          .smoothed_margin = alpha / rho^L, alpha = l^{-1}(Lambda)
             nu, beta             .nu (over lambda = -l'(alpha)), .alignment
             condition (B4)       assume.separated: Lambda < l(0), that is alpha > 0

Results      Theorem B.2 (C1)             euler_identities.py
             Lemma 5.1, B.1 (C2)          smoothed_margin_grows.py, at a point
             sandwich (C3)                margin_sandwich.py, with a refutation
             Lemma C.8 (C4)               approximate_kkt_point.py
             Theorem 4.4, limits are KKT  approximate_kkt_point.py, as a surrogate that stays open
"""
