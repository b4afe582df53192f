"""Bu, Xu & Chen 2021, A Dynamical View on Optimization Algorithms of Overparameterized Networks.

AISTATS 2021, PMLR 130, arXiv 2010.13165. Statements are reconstructions (theory B, section 0).

Notation     paper Delta     here D = u - y; friction b, or alpha / t

Results      heavy ball at finite width (B13f)       heavy_ball_converges_from_one_start.py
             Nesterov at finite width (B15f)         nesterov_stays_bounded_from_one_start.py
             closeness to the kernel (B22b)          flow_stays_close_to_the_kernel.py
             error equation across kinks (B12)       error_equation_has_impulses.py: read as an
                                                     equation without impulses it is refuted
"""
