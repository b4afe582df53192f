"""Shi, Du, Jordan & Su 2021, Understanding the Acceleration Phenomenon via High-Resolution ODEs.

Mathematical Programming 195, arXiv 1810.08907. Here on the kernel model.

Notation     paper f, nabla^2 f      here g(D) = D^T H D / 2, H; mu, s as in the paper

Results      exact rate of both ODEs (B19)         both_high_resolution_odes_decay_alike.py
             the paper's bounds, as remembered     bounds_as_remembered.py
             the NAG-C ODE                         not here: no closed form on the kernel model
"""
