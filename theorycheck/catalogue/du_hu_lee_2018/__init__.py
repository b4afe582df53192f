"""Du, Hu & Lee 2018, Algorithmic Regularization in Learning Deep Homogeneous Models.

NeurIPS 2018, arXiv 1806.00900.

Notation     D_j = W_{j+1}^T W_{j+1} - W_j W_j^T    case.flow.imbalance(j)
             G_j = df/dW_j                          case.flow.layer_gradient(j)

Results      Theorem 2.2, linear layers (A9(a))     balancedness.py
             exact drift of descent (A9(b))         balancedness.py
             cumulative drift (A9(c))               balancedness.py
             Theorem 2.1, per neuron (A10)          neuron_balance.py; per layer and drift, too
"""
