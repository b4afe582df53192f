"""Wang, Lin & Abernethy 2021, A Modular Analysis of Provable Acceleration via Polyak's Momentum.

ICML 2021, PMLR 139. Not re-read: its constants are remembered; what ships is proved in theory B16.

Notation     paper eta lambda      here x, of one mode; beta the momentum

Results      powers of one mode's matrix (B16c)    powers_are_bounded.py
             the remembered constant, refuted      powers_are_bounded.py, as_remembered
             iterates on the kernel model          heavy_ball_iterates_decay.py
             spectral radii, tuned (B16)           tuned_radii.py
             of any tuning, enclosed               theorycheck.kernels: radius of an iteration
"""
