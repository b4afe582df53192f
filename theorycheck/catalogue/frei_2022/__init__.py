r"""Frei, Vardi, Bartlett, Srebro & Hu 2022, implicit bias in leaky ReLU nets.

arXiv 2210.07082. The condition and the interval of lambda are recalled, not re-read; the statement
that ships is proved in the theory notes for every KKT point (C14 and its addendum).

Notation     paper          here
             gamma          leak, the slope of the leaky ReLU
             R_min, R_max   square roots of LeakyPattern.smallest, .largest
             m_1, m_2       positive, negative: the numbers of units with a_j > 0, a_j < 0

Results      KKT points on nearly orthogonal data (C14)    leaky_relu_kkt_points.py
             rank along the flow (C15)                     dynamic, not in this folder yet
"""
