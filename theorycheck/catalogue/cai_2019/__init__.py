"""Cai, Gao, Hou, Chen, Wang, He, Zhang & Wang 2019, Gram-Gauss-Newton Method.

Learning Overparameterized Neural Networks for Regression Problems, arXiv 1905.11675. The update and
the abstract were read; the statements here carry proofs in theory B20.

Notation     paper f - y, G = J J^T      here D, G; L = 1/2 |D|^2

Results      quadratic convergence, one step (B20a)   gram_gauss_newton_step_is_quadratic.py:
                                                      smooth activations; not for ReLU (B20c)
             from one start, all steps (B20b)         gram_gauss_newton_converges_from_one_start.py
             mini-batches, the kernel model (B20d)    mini_batch_step_is_a_projection.py
"""
