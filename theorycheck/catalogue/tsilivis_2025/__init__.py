r"""Tsilivis, Gronich, Kempe & Vardi 2025, flavors of margin: implicit bias of steepest descent.

ICLR 2025, arXiv 2410.22069. The abstract was read; identity and proof are the theory notes' (C10).

Notation     paper          here
             |.|, |.|_*     N and its dual norm: l1 (coordinate), l2 (gradient), linf (sign descent)
             gamma-tilde    alpha / N(theta)^L

Results      margin is nondecreasing (C10)     steepest_descent_margins.py
             limit points are KKT points       asymptotic: the Fenchel gap is certified at a point
"""
