"""Soudry et al. 2018, The Implicit Bias of Gradient Descent on Separable Data.

JMLR 2018, arXiv 1710.10345. The paper's statement is asymptotic; the all-time bound is that of the
theory notes (C9).

Results      Theorem 3, rate 1/log t (C9)    weights_follow_the_log_of_time.py
             Theorem 3, the limit          there, open; its distance at t = 10^100
             descent with a step size        not yet in the catalogue
"""
