"""Saxe, McClelland & Ganguli 2014, Exact Solutions to the Nonlinear Dynamics of Learning.

ICLR 2014, arXiv 1312.6120.

Notation     paper a, s     here w, s: strength of a mode, and its target

Results      one mode, depth 2, balanced (A17)     scalar_closed_form.py
             other depths, unbalanced (A17), A18   not yet in the catalogue
"""
