r"""Orvieto, Kohler, Pavllo, Hofmann & Lucchi 2021, on vanishing curvature in random deep nets.

arXiv 2106.03763. The exact moments of the theory notes (A27) stand for its qualitative statements.

Notation     entries of W_j independent N(0, s_j^2); d_j the widths, x a fixed input

Results      forward and backward moments (A27)    moments_at_random_initialisation.py
             E ln of the forward norm (digamma)    not shipped: no exact machinery for it
             other laws, Monte Carlo               not shipped: samples prove nothing here
"""
