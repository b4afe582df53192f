"""Ji & Telgarsky 2019, Gradient descent aligns the layers of deep linear networks.

ICLR 2019, arXiv 1810.02032. Constants of the paper are only remembered; the sharpened ones of the
theory notes (C7) ship.

Results      alignment (C7 i, ii, iv)    layers_of_a_classifier_align.py
             angles (C7 iii)             not yet in the catalogue
"""
