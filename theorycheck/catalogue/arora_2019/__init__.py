r"""Arora, Cohen, Golowich & Hu 2019, on the convergence of gradient descent for deep linear nets.

arXiv 1810.02281.

Notation     paper c      case.deficiency_margin: ||W_{n:1}(0) - Phi||_F <= sigma_min(Phi) - c
             Phi          the target; f = ||W_{n:1} - Phi||_F^2 / 2

Results      gradient flow, balanced start (A23)   loss_decays_exponentially.py
             gradient descent (Theorem 1)          as remembered, in the same file; no claim
"""
