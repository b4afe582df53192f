"""Curvature of deep linear nets: the Hessian and bounds of its spectrum.

First stated in this form by Elkabetz & Cohen 2021 (arXiv 2107.06608); sharpened in the theory
notes A5-A7.

Notation     g = grad phi(W)     case.initial.outer_gradient
             W_{b:a}             case.initial.product(b, a)

Results      A5      hessian_quadratic_form.py
             A6      curvature_lower_bounds.py
             A6.e    curvature_is_unbounded_below.py
             A7      curvature_upper_bounds.py (on tubes: trajectories/tubes.py)
             A8      elkabetz_cohen_2021/curvature_is_bounded_on_regions.py
"""
