r"""Find the formulas that stand in plain text in prose, such as W_{j+1}^T or eta^2."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["set_formulas"]

GREEK = "alpha|beta|gamma|delta|epsilon|eta|theta|kappa|lambda|mu|sigma|tau|phi|psi|Phi|Theta|Sigma"
_FORMULA = re.compile(
    rf"(?<![\w\\^{{])((?:{GREEK})|[A-Za-z]|\([\w ^{{}}+\-]*\))"
    r"((?:[_^](?:\{[\w+\-/:. ]*\}|\d+|[A-Za-z](?![A-Za-z])))+)(?![\w{}])"
)


def set_formulas(text: str, escape: Callable[[str], str]) -> str:
    r"""Put the formulas of a text between dollars, and escape the rest.

    Examples
    --------
    >>> set_formulas("at most eta^2 times W_{j+1}^T W_j, see step_size", lambda s: s)
    'at most $\\eta^2$ times $W_{j+1}^T$ $W_j$, see step_size'
    """
    pieces, end = [], 0
    for found in _FORMULA.finditer(text):
        pieces += [escape(text[end : found.start()]), f"${_named(found[1])}{found[2]}$"]
        end = found.end()
    return "".join([*pieces, escape(text[end:])])


def _named(base: str) -> str:
    return rf"\{base}" if re.fullmatch(GREEK, base) else base
