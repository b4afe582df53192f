"""Saxe, McClelland & Ganguli 2014, Exact Solutions to the Nonlinear Dynamics of Learning.

ICLR 2014, arXiv 1312.6120.

Notation     paper a, s     here w, s: strength of a mode, and its target

Results      one mode, depth 2, balanced (A17)     scalar_closed_form.py
             depths 1, 3, 4, and every depth       scalar_closed_forms.py
             infinite depth                        infinite_depth_has_a_closed_time.py
             unequal layers, depth 2               unbalanced_closed_form.py
             two balanced layers of matrices (A18) matrix_closed_form.py
"""
