"""Cai, Gao, Hou, Chen, Wang, He, Zhang & Wang 2019, Gram-Gauss-Newton Method.

Learning Overparameterized Neural Networks for Regression Problems, arXiv 1905.11675. The update and
the abstract were read; the statements here carry proofs in theory B20.

Notation     paper f - y, G = J J^T      here D, G; L = 1/2 |D|^2

Results      quadratic convergence, of one step (B20a)    gram_gauss_newton_step_is_quadratic.py:
                                                          smooth activation; not for ReLU (B20c)
             mini-batches, on the kernel model (B20d)     mini_batch_step_is_a_projection.py
             from one start, all steps (B20b)             -: needs verified singular values of J
"""
