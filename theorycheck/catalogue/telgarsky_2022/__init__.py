"""Telgarsky 2022, Feature selection with gradient descent on two-layer networks.

arXiv 2208.02789. Constants of the paper are only remembered; the window statement is that of the
theory notes (C13).

Results      tangent margin window (C13)    loss_falls_while_a_direction_separates.py
"""
