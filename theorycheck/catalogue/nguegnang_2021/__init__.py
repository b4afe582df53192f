r"""Nguegnang, Rauhut & Terstiege 2021, on gradient descent for learning linear networks.

arXiv 2108.02040. The full text was not at hand when this was written: what ships is proved in the
theory notes (A11, A24), with constants of its own.

Notation     paper                here
             M, K                 bounds of ||W_{n:1}||_s and of ||W_j||_s^2
             delta                max_j ||D_j||_s, D_j = W_{j+1}^T W_{j+1} - W_j W_j^T
             X, Y                 c X X^T = loss.gram, ||Y||_F^2 c / 2 = loss.constant

Results      norms of the layers (A11)             layer_norms_follow_the_end_to_end_matrix.py
             descent, own constants (A24)          descent_stays_bounded_and_decreases.py
             the paper's step sizes, its B and K   not shipped: remembered, not re-read
             convergence to a critical point       not checkable here: the Lojasiewicz step
"""
