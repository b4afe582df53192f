r"""The closed forms of the limit kernels are the expectations they stand for.

    E 1{w.x >= 0} 1{w.y >= 0} = (pi - theta) / (2 pi)
    E relu(w.x) relu(w.y)     = (sin theta + (pi - theta) cos theta) / (2 pi)

for unit x, y at the angle theta and w ~ N(0, I): the direction of w in their plane is uniform,
E |w|^2 there is 2, and both see w in directions between theta - pi/2 and pi/2, pi t from the first.

Source       Cho & Saul 2009; Du, Zhai, Poczos & Singh 2019; theory B2
Assumptions  theta = a pi, 0 <= a <= 1, a rational
Checked      the integrals over the direction agree with the closed forms to 10^-4
Not checked  equality: balls cannot; tests compare the closed forms with mpmath to 50 digits
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
    claim,
    ge,
    integral,
    le,
    norm,
    substitute,
    time,
    times,
)  # fmt: skip
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices

angle = sympy.Symbol("theta", positive=True)

FIRST = (sympy.pi - angle) / (2 * sympy.pi)
SECOND = (sympy.sin(angle) + (sympy.pi - angle) * sympy.cos(angle)) / (2 * sympy.pi)
CLOSE = sympy.Rational(1, 10**4)


def angle_is_at_most_pi(case: Case) -> Any:
    return [ge(case.part, 0), le(case.part, 1)]


def example(*, part: Any = "1/3") -> Instance:
    """Theta = pi / 3: 1/3, and half of kappa_1(1/2) = 0.60899778..."""
    return Instance(part=part)


def draw(choices: Choices) -> Instance:
    return example(part=Fraction(choices.integer(0, 11), 12))


@claim(
    source=Source("Cho & Saul 2009; Du, Zhai, Poczos & Singh 2019", "arXiv 1810.02054", "B2"),
    family=Family("angles that are rational parts of pi", draw),
    assumptions=[Assumption("angle_is_at_most_pi", angle_is_at_most_pi, "0 <= theta <= pi")],
    example=example,
    controls=[
        Control("half of the range", example, changes={"share": "1/2"}),
        Control("a negative angle", lambda: example(part="-1/2"), outcome="vacuous"),
    ],
    formulas={"first layer": FIRST, "second layer": SECOND},
    survives={
        **dict.fromkeys(
            (
                "relation 1: tightened 1/2",
                "relation 1: tightened 9/10",
                "relation 1: strict",
                "relation 2: tightened 1/2",
                "relation 2: tightened 9/10",
                "relation 2: strict",
            ),
            "both sides agree: every distance above 0 is true, 10^-4 is what the integral needs",
        ),
        "angle_is_at_most_pi: dropped": "for theta < 0 both sides are the same analytic "
        "functions; for theta > pi there is no range",
    },
)
def closed_forms_are_expectations(case: Case, *, share: Any = 1) -> Any:
    """The limit kernels' closed forms are integrals over the direction of the weights."""
    part, scale = sympy.Rational(case.part), sympy.Rational(share)
    both = times(0, 1 - part)
    seen = sympy.sin(sympy.pi * time) * sympy.sin(sympy.pi * (time + part))
    first, second = scale * integral(1, both) / 2, scale * integral(seen, both)
    values = {angle: sympy.pi * part}
    return [
        le(norm(first - substitute(FIRST, values)), CLOSE),
        le(norm(second - substitute(SECOND, values)), CLOSE),
    ]
