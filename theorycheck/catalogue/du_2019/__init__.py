"""Du, Zhai, Poczos & Singh 2019, Gradient Descent Provably Optimizes Over-parameterized Networks.

ICLR 2019, arXiv 1810.02054. Not re-read; the statements here carry proofs in theory B.

Notation     paper H^infty, lambda_0, u - y      here H, lambda_min(H), D

Results      closed forms (B2)                         closed_forms_are_expectations.py
             Theorem 3.1, sharpened to iff (B3, B4)    limit_kernels_are_definite.py
             and how definite (B3)                     least_eigenvalue_is_bounded_below.py
             the error decays (B7, kernel model)       error_decays_between_two_rates.py
             finite width (B8-B11)                     not here: seed-wise certificates
"""
