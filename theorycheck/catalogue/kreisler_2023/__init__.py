r"""Kreisler, Nacson, Soudry & Carmon 2023, Gradient Descent Monotonically Decreases the Sharpness
of Gradient Flow Solutions in Scalar Networks and Beyond. ICML 2023.

The case of two scalar layers, with its own short derivation (theory A26).

Notation     a, b        W_1, W_2
             s           the target; f = (ab - s)^2 / 2
             a^2 - b^2   minus the imbalance D_1 = b^2 - a^2

Results      flow sharpness, two layers (A26)   flow_sharpness_does_not_increase.py
             scalar nets of any depth           not in the catalogue: only depth 2 is derived here
"""
