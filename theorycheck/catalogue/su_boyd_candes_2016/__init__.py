"""Su, Boyd & Candes 2016, A Differential Equation for Modeling Nesterov's Accelerated Gradient.

JMLR 17(153), arXiv 1503.01243. Here on the kernel model, with pseudo-loss g(D) = D^T H D / 2.

Notation     paper r, f     here alpha (the friction), g

Results      the general upper bound (B15a)    pseudo_loss_is_at_most_quadratic.py
             of the iterates (B15e)            iterates_are_at_most_quadratic.py
             the closed form (B14)             modes_are_bessel_functions.py
             the sharp rate (B15b, c)          bu_xu_chen_2021/nesterov_is_exactly_cubic.py
"""
