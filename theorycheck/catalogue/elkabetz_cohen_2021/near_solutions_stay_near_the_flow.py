r"""A curve that solves the flow's equation up to a defect stays near the flow (fundamental lemma).

    y' = -grad f(y),   ||v' + grad f(v)|| <= r,   ||v(0) - y(0)|| <= e_0,
    -lambda_min(Hess f(q)) <= m(t) on the segment from y(t) to v(t),   mu(t) = int_0^t m
    =>  ||v(t) - y(t)|| <= e^{mu(t)} e_0 + r int_0^t e^{mu(t) - mu(s)} ds

Source       Hairer, Norsett & Wanner, Theorem I.10.6 (logarithmic norms), for gradient fields;
             theory A1. The main theorem of Elkabetz & Cohen 2021 applies it to descent.
Assumptions  v stays within the radius of y on which m is certified; gap and defect at every t
Checked      every t in [0, T], on intervals that cover it; m as a certified step function on the
             ball about y(t), which holds the segment
Not checked  fields that are no gradients; defects that vary in time (r is their supremum)
See also     distance_is_certified_a_posteriori.py, the same for the interpolant of descent
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    as_matrix,
    claim,
    exp,
    le,
    norm,
    substitute,
    time,
    times,
)  # fmt: skip
from theorycheck.problems import Family, Instance, Objective, VectorField
from theorycheck.problems.choices import Choices

growth, gap, defect, integral, factor = sympy.symbols(r"e^{\mu(t)} e_0 r I(t) c", nonnegative=True)

DISTANCE_BOUND = growth * gap + factor * defect * integral
"""Bound at time t; I(t) = int_0^t e^{mu(t) - mu(s)} ds, c = 1."""

x, y, t = sympy.symbols("x y t")


def curve(case: Case) -> list[sympy.Expr]:
    """The components of v as expressions in the time of the flow."""
    return [part.xreplace({case.curve.time: time}) for part in case.curve.components]


def column(entries: list[sympy.Expr]) -> Any:
    return as_matrix(entries, (len(entries), 1))


def residual(case: Case) -> list[sympy.Expr]:
    """The defect v' + grad f(v), component by component."""
    v = curve(case)
    there = dict(zip(case.objective.variables, v, strict=True))
    slopes = [g.subs(there, simultaneous=True) for g in case.objective.gradient_expressions]
    return [part.diff(time) + slope for part, slope in zip(v, slopes, strict=True)]


def distance(case: Case) -> Any:
    """||v(t) - y(t)||."""
    return norm(column(curve(case)) - case.flow.position)


def curve_stays_in_the_tube(case: Case) -> Any:
    return le(distance(case), case.radius, over=times(0, case.horizon))


def curve_starts_within_the_gap(case: Case) -> Any:
    return le(distance(case).at(0), case.gap)


def defect_is_bounded(case: Case) -> Any:
    return le(norm(column(residual(case))), case.defect, over=times(0, case.horizon))


def saddle(*, gap: Any = "1/32", defect: Any = "1/2", radius: Any = "1/2") -> Instance:
    """A saddle in the plane and the tangent of its flow, moved by less than the gap."""
    f = x**2 / 2 - y**2 / 2 + x**2 * y / 2
    start = [Fraction(1, 2), Fraction(1, 4)]
    place = dict(zip((x, y), map(sympy.Rational, start), strict=True))
    line = [a + sympy.Rational(1, 64) - f.diff(z).subs(place) * t for z, a in place.items()]
    return Instance(
        objective=Objective.from_sympy(f, variables=[x, y]), start=start,
        curve=VectorField.from_sympy(line, state=[x, y], time=t),
        gap=gap, defect=defect, radius=radius, horizon="1/2",
    )  # fmt: skip


def linear(*, rate: Any = 1, gap: Any = "1/8", extra: Any = 0, horizon: Any = 1) -> Instance:
    """Equality cases: y' = a y with no defect, and y' = 1 (a = 0) with a constant one."""
    a, e, r = (sympy.Rational(str(z)) for z in (rate, gap, extra))
    f = -a * x**2 / 2 if a else -x
    v = (1 + e) * sympy.exp(a * t) if a else 1 + e + (1 + r) * t
    return Instance(
        objective=Objective.from_sympy(f, variables=[x]), start=[1],
        curve=VectorField.from_sympy([v], state=[x], time=t),
        gap=gap, defect=extra, radius=2, horizon=horizon,
    )  # fmt: skip


def draw(choices: Choices) -> Instance:
    """Quartics p x^2 / 2 + q x^4 / 4 of any signs, and lines that leave the flow slowly."""
    p, q = (choices.fraction(-1, 1, 3) for _ in range(2))
    first = Fraction(choices.integer(-4, 4), 4)
    shift = Fraction(choices.integer(0, 2), 64)
    slope = p * first + q * first**3
    line = sympy.Rational(first + shift) - sympy.Rational(slope) * t
    return Instance(
        objective=Objective.from_sympy(
            sympy.Rational(p) * x**2 / 2 + sympy.Rational(q) * x**4 / 4, variables=[x]
        ),
        start=[first], curve=VectorField.from_sympy([line], state=[x], time=t),
        gap=shift + Fraction(1, 64), defect=choices.pick((1, 2)), radius=1,
        horizon=Fraction(choices.integer(1, 2), 4),
    )  # fmt: skip


@claim(
    source=Source("Hairer, Norsett & Wanner, Theorem I.10.6, for gradient fields", "", "A1"),
    family=Family("curves near a flow", draw),
    assumptions=[
        Assumption("curve_starts_within_the_gap", curve_starts_within_the_gap, "||v - y|| <= e_0"),
        Assumption("defect_is_bounded", defect_is_bounded, "||v' + grad f(v)|| <= r"),
        Assumption(
            "curve_stays_in_the_tube",
            curve_stays_in_the_tube,
            "the segments from y to v lie in the tube on which m is certified",
        ),
    ],
    example=saddle,
    controls=[
        Control("half of the defect", lambda: linear(rate=0, extra=1), changes={"share": "1/2"}),
        Control("nine tenths of m", linear, changes={"exponent": "9/10"}),
        Control("defect understated", lambda: saddle(defect="1/64"), outcome="vacuous"),
        Control(
            "defect understated, assumption dropped",
            lambda: linear(rate=0, extra=1).replace(defect="1/2"),
            drop=("defect_is_bounded",),
        ),
        Control("tube too thin", lambda: saddle(radius="1/50"), outcome="vacuous"),
    ],
    formulas={"distance bound": DISTANCE_BOUND},
)
def near_solutions_stay_near_the_flow(case: Case, *, share: Any = 1, exponent: Any = 1) -> Any:
    """A curve with a small defect is as near to the flow as its curvature allows."""
    tube = case.flow.tube
    values = {
        growth: exp(Fraction(exponent) * tube("mu", case.radius)), gap: case.gap,
        defect: case.defect, integral: tube("I", case.radius), factor: Fraction(share),
    }  # fmt: skip
    return le(distance(case), substitute(DISTANCE_BOUND, values), over=times(0, case.horizon))
