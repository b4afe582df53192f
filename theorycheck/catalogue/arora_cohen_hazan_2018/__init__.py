"""Arora, Cohen & Hazan 2018, On the Optimization of Deep Networks: Implicit Acceleration.

ICML 2018, arXiv 1802.06509.

Notation     W_e        case.flow.end_to_end
             dL/dW      case.flow.outer_gradient

Results      Theorem 1 (A13)                   end_to_end_dynamics.py
             preconditioner, Claim 1 (A14)     preconditioner_spectrum.py
             single output, Claim 2 (A15)      single_output_dynamics.py
             singular values (A16), of         singular_values_rate.py
             Arora, Cohen, Hu & Luo 2019
"""
