"""Derived results, one file per subject; each function returns a checked `Derivation`."""

from __future__ import annotations

import importlib

from theorycheck.errors import InvalidExpression
from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.subjects import SUBJECTS

__all__ = ["derive"]


def derive(subject: str) -> list[Derivation]:
    """Derive a subject: every step is checked again.

    Raises
    ------
    InvalidExpression    an unknown subject
    """
    if subject not in SUBJECTS:
        known = ", ".join(SUBJECTS)
        raise InvalidExpression(f"nothing to derive on {subject!r}; there are {known}")
    made = []
    for place in SUBJECTS[subject].functions:
        module, function = place.rsplit(".", 1)
        made.append(getattr(importlib.import_module(f"{__name__}.{module}"), function)())
    return made
