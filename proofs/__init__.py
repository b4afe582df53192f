"""Derivations of the catalogue's claims; `python -m proofs` runs them all. Not installed."""
