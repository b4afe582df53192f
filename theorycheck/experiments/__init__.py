"""The papers' experiments, with the part of them that can be certified.

Elkabetz & Cohen 2021    descent against flow on digits        `elkabetz_cohen.py`

`floating_nets`, `protocol` and `curvature` are float64 and estimate; `certified` alone encloses.
Everything computed goes to a `Store` as it is made. Drawing is the report layer's.
"""
