r"""Ji & Telgarsky 2019, gradient descent aligns the layers of deep linear networks.

ICLR 2019, arXiv 1810.02032. What ships is proved in the theory notes (C7); constants of the paper
were not re-read.

Notation     paper                here
             gamma-bar (linear)   min_i y_i <w, x_i> / |w|, w = W_L ... W_1
             u-bar                the direction of largest margin gamma*

Results      margin of the product, dual certificate (C7 iv, v)   dual_margin_certificate.py
             alignment along the flow (C7 i, ii, iv)              layers_of_a_classifier_align.py
             angles (C7 iii)                                      there, as norms of products
             Theorem 2.2, layers tend to rank one                 there, open
             Theorem 2.8, w / |w| -> u-bar                        asymptotic: the optimality gap
"""
