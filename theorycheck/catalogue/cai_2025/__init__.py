r"""Cai, Zhou, Wu, Mei, Lindsey & Bartlett 2025, implicit bias of near-homogeneous networks.

ICML 2025, arXiv 2502.16075. The definition was read in a secondary source; the margin theorem is
reconstructed with a full proof in the theory notes (C11).

Notation     paper      here
             M          the order of the homogeneous part, 2
             p_a        p_a(x) = c x with c = sqrt(m) log 2 + max |x_i|

Results      modified margin is nondecreasing (C11)   near_homogeneous_margin.py, at a point
             limit of directions is a KKT point       asymptotic: not encoded
"""
