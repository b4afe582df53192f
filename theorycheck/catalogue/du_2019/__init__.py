"""Du, Zhai, Poczos & Singh 2019, Gradient Descent Provably Optimizes Over-parameterized Networks.

ICLR 2019, arXiv 1810.02054. Not re-read; the statements here carry proofs in theory B.

Notation     paper u - y, lambda_0, H^infty     here D, lambda_0, Hinf (theory B, section 1)

Results      closed forms (B2)                           closed_forms_are_expectations.py
             Theorem 3.1, sharpened to iff (B3, B4)      limit_kernels_are_definite.py
             and how definite (B3)                       least_eigenvalue_is_bounded_below.py
             gradient norm is a form in H (B1)           gradient_norm_is_a_gram_form.py
             the error decays: kernel model (B7)         error_decays_between_two_rates.py
             at the rate of lambda_min(H), finite (B7)   error_decays_at_the_gram_rate.py
             movement of the neurons (B8)                neurons_move_little.py, with the remembered
                                                         constant, which is refuted
             convergence from one start (B11c)           flow_converges_from_one_start.py
             at any width, descent and both layers       wide_nets_converge_from_one_start.py; takes
             too (B11c, d)                               --data and --set samples=, width=, seed=
             concentration of H(0) (B9), on one seed     start_kernel_concentrates.py
             stability of H near the start (B10)         kernel_is_stable_near_the_start.py
             theorems 3.2, 4.1 over random starts        explicit widths: `trajectories.seedwise`
"""
