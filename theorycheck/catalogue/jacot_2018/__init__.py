"""Jacot, Gabriel & Hongler 2018, Neural Tangent Kernel: Convergence and Generalization.

NeurIPS 2018, arXiv 1806.07572; the ReLU recursion as in Arora et al. 2019, arXiv 1904.11955.

Notation     paper Theta_infty^{(L)}, Sigma^{(L)}      here Theta^L, L hidden layers; unit inputs

Results      the ReLU recursion (B2, B5)    deep_kernel_of_relu_nets.py
"""
