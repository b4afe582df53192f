r"""Schechtman & Schreuder 2025, the late-stage dynamics of stochastic gradient descent.

COLT 2025, arXiv 2502.05668. The abstract was read; the finite statement is the theory notes' (C12).

Notation     paper          here
             u_k            w_k / |w_k|, the direction of the iterate
             step           s = |z|, z = step_size g / |w|

Results      step of the direction (C12)                     normalised_step_remainder.py
             weight of far samples (C12)                     weights_leak_exponentially.py
             limit set is critical for the margin            asymptotic: not encoded
"""
