r"""Craciun & Ghoshdastidar 2024, on the step sizes of gradient descent for deep linear networks.

arXiv 2402.13108. The abstract was read, the full text was not at hand; the threshold and its proof
are those of the theory notes (A25).

Notation     Phi      the target; f = ||W_{n:1} - Phi||_F^2 / 2
             eta_c    2 / (n ||Phi||_s^{2-2/n})

Results      sharpness of minimisers (A25 a), instability (A25 b)   large_steps_are_unstable.py
             starts that reach a minimiser have measure zero        not checkable by enclosures
"""
