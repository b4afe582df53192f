"""Allen-Zhu, Li & Liang 2019, Learning and Generalization in Overparameterized Neural Networks.

NeurIPS 2019, arXiv 1811.04918.

Notation     pseudo-network g: the net with the signs of the start

Results      coupling with the pseudo-network (B21)     pseudo_network_stays_close.py
             smoothed objective of three layers         absent: not checkable from the abstract
"""
