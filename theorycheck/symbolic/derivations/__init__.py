"""Derived results, one file per subject; each function returns a checked `Derivation`."""
