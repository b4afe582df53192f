"""Seed-wise certificates of wide two-layer ReLU nets: "for all t" from one exact start.

Read `certificates.py` (the conditions), `patterns.py` (exact counts), `limits.py` (lambda_0 and the
widths of the explicit theorems). Real inputs: `problems/unit_inputs.py`.
"""

from theorycheck.trajectories.seedwise.certificates import SeedCertificate, SeedwiseNet
from theorycheck.trajectories.seedwise.limits import ExplicitWidths, explicit_widths, parallel_pairs
from theorycheck.trajectories.seedwise.patterns import WideNet

__all__ = [
    "ExplicitWidths",
    "SeedCertificate",
    "SeedwiseNet",
    "WideNet",
    "explicit_widths",
    "parallel_pairs",
]
