"""Traces of words are SymPy scalars: they multiply, sort and cancel like symbols."""

from __future__ import annotations

import sympy

from theorycheck.symbolic.derivations.layers import dimension, letter
from theorycheck.symbolic.normal_forms import expands_to_zero
from theorycheck.symbolic.words import inner

d = dimension("d")
v, w = letter("v", d, 1), letter("w", d, 1)


def test_traces_of_words_of_one_length_multiply() -> None:
    product = inner(v, v) * inner(v, w) * inner(w, w)

    assert product == inner(w, w) * inner(v, v) * inner(w, v)
    assert expands_to_zero(
        sympy.expand((inner(v, v) + inner(v, w)) * inner(w, w))
        - (inner(v, v) * inner(w, w) + inner(w, v) * inner(w, w))
    )
