r"""Prose of unknown origin: formulas in plain text, such as W_{j+1}^T; control characters."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["set_formulas", "visible"]

GREEK = "alpha|beta|gamma|delta|epsilon|eta|theta|kappa|lambda|mu|sigma|tau|phi|psi|Phi|Theta|Sigma"
_FORMULA = re.compile(
    rf"(?<![\w\\^{{])((?:{GREEK})|[A-Za-z]|\([\w ^{{}}+\-]*\))"
    r"((?:[_^](?:\{[\w+\-/:. ]*\}|\d+|[A-Za-z](?![A-Za-z])))+)(?![\w{}])"
)

_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    r"\ud800-\udfff\ufffe\uffff]"
)
"""Controls but tabulator and newline, marks that turn the direction, lone surrogates: they drive
a terminal, swap what is read, or make no XML."""


def visible(text: str) -> str:
    r"""Write the control characters of a text as Python would.

    Examples
    --------
    >>> print(visible("red \x1b[31m, \u202e turned"))
    red \x1b[31m, \u202e turned
    """
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def set_formulas(text: str, escape: Callable[[str], str]) -> str:
    r"""Put the formulas of a text between dollars, and escape the rest.

    Examples
    --------
    >>> set_formulas("at most eta^2 times W_{j+1}^T W_j, see step_size", lambda s: s)
    'at most $\\eta^2$ times $W_{j+1}^T$ $W_j$, see step_size'
    """
    pieces, end = [], 0
    for found in _FORMULA.finditer(text):
        if not _is_balanced(found[0]):
            continue
        pieces += [escape(text[end : found.start()]), f"${_named(found[1])}{found[2]}$"]
        end = found.end()
    return "".join([*pieces, escape(text[end:])])


def _is_balanced(formula: str) -> bool:
    depth = 0
    for letter in formula:
        depth += (letter == "{") - (letter == "}")
        if depth < 0:
            return False
    return depth == 0


def _named(base: str) -> str:
    return rf"\{base}" if re.fullmatch(GREEK, base) else base
