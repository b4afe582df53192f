"""Tuned radii: printed values, roots of companion matrices, and spoiled tunings."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy

from theorycheck.symbolic.derivation import StepFailed
from theorycheck.symbolic.derivations import tuned_radii as tuned

by_method = pytest.mark.parametrize("name", tuned.METHODS)
PRINTED = {
    "GD": "0.8181818181",
    "HB": "0.519493853295915704000245879015",
    "NAG": "0.683772233983162066800110645557",
    "NAG*": "0.640789395946450198572937335554",
}
"""At kappa = 10 (theory B16)."""


def at_condition(name: str, condition: int) -> dict[sympy.Expr, sympy.Expr]:
    return {
        tuned.kappa: sympy.Integer(condition),
        tuned.s: sympy.sqrt(condition),
        tuned.v: sympy.sqrt(3 * condition + 1),
    }


@by_method
def test_printed_radius(name: str) -> None:
    radius = tuned.METHODS[name].radius.subs(at_condition(name, 10)).evalf(40)
    digits = len(PRINTED[name]) - 2

    assert abs(radius - sympy.Float(PRINTED[name], 40)) < sympy.Float(10, 40) ** -digits


@by_method
@pytest.mark.parametrize("condition", [4, 16, 33])
def test_roots_of_every_mode_are_inside_and_attained(name: str, condition: int) -> None:
    method, values = tuned.METHODS[name], at_condition(name, condition)
    radius = method.radius.subs(values).evalf(50)
    found = []
    for mode in (1, 2, sympy.Rational(7, 2), condition):
        p, q = (part.subs(values).subs(tuned.l, mode).evalf(60) for part in
                (method.trace, method.product))  # fmt: skip
        roots = [(p + sign * sympy.sqrt(p * p - 4 * q)) / 2 for sign in (1, -1)]
        found += [abs(z).evalf(50) for z in roots]

    assert all(size <= radius + sympy.Float(10) ** -25 for size in found)
    assert max(found) > radius - sympy.Float(10) ** -20


@by_method
@pytest.mark.parametrize("field", ["trace", "product", "radius"])
def test_spoiled_tuning_fails(name: str, field: str) -> None:
    method = tuned.METHODS[name]
    spoiled = replace(method, **{field: getattr(method, field) + sympy.Rational(1, 100)})

    with pytest.raises(StepFailed):
        tuned._derived(spoiled)
