r"""A net stays close to the pseudo-network that keeps the signs of its start.

    |f(x) - g(x)| <= m^{-1/2} sum_{r in S} (R |x| - |w_r(0) . x|),   S = {r : |w_r(0) . x| <= R |x|}
    g(x) = m^{-1/2} sum_r a_r 1{w_r(0) . x >= 0} w_r . x

Source       Allen-Zhu, Li & Liang 2019 (abstract), arXiv 1811.04918; bound with proof: theory B21
Assumptions  |w_r - w_r(0)| <= R for all r, a_r = +-1
Checked      at exact weights; attained where a neuron moves by R straight through its kink
Not checked  the quadratic approximation of three-layer nets
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
    constant,
    equal,
    frobenius_squared,
    ge,
    le,
)  # fmt: skip
from theorycheck.claims.nets import exact_number
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices
from theorycheck.trajectories.two_layer import TwoLayer


def product(w: Any, x: Any) -> Fraction:
    return sum((p * q for p, q in zip(w, x, strict=True)), Fraction(0))


def outer_weights_are_signs(case: Case) -> Any:
    for rows in (case.weights, case.start_weights):  # their shapes fit, or it is said how not
        TwoLayer.of([case.input], [0], rows, case.outer)
    return [equal(a * a, 1) for a in case.outer]


def neurons_moved_at_most_radius(case: Case) -> Any:
    return [
        ge(case.radius, 0),
        *(
            le(frobenius_squared(constant([w]) - constant([v])), case.radius**2)
            for w, v in zip(case.weights, case.start_weights, strict=True)
        ),
    ]


def distance(case: Case) -> sympy.Expr:
    """sqrt(m) |f(x) - g(x)|."""
    total = Fraction(0)
    for w, v, a in zip(case.weights, case.start_weights, case.outer, strict=True):
        z, before = product(w, case.input), product(v, case.input)
        total += a * (max(z, Fraction(0)) - (z if before >= 0 else 0))
    return exact_number(abs(total))


def bound(case: Case, share: Any) -> sympy.Expr:
    """sum_{r in S} (R |x| - |w_r(0) . x|), R scaled by `share`."""
    length = sympy.sqrt(exact_number(product(case.input, case.input)))
    total = sympy.S.Zero
    for v in case.start_weights:
        z = product(v, case.input)
        if z * z <= case.radius**2 * product(case.input, case.input):
            total += share * exact_number(case.radius) * length - exact_number(abs(z))
    return total


def through_the_kink(*, radius: Any = 1) -> Instance:
    """One neuron of two moves by R straight through its kink; the other is far from its own."""
    r = Fraction(radius)
    return Instance(
        input=["3/5", "4/5"], radius=r, outer=[1, -1],
        start_weights=[[r * Fraction(3, 10), r * Fraction(2, 5)], [5, 5]],
        weights=[[-r * Fraction(3, 10), -r * Fraction(2, 5)], [5, 5]],
    )  # fmt: skip


def half_way() -> Instance:
    """The neuron stops sooner: sqrt(m) |f - g| is 1/4, its bound 1/2."""
    return through_the_kink().replace(weights=[["-3/20", "-1/5"], [5, 5]])


def alone(*, outer: Any = 1) -> Instance:
    """One neuron, straight through its kink: the distance is |a|, the bound 1/2."""
    return Instance(
        input=["3/5", "4/5"], radius=1, outer=[outer], start_weights=[["3/10", "2/5"]],
        weights=[["-3/10", "-2/5"]],
    )  # fmt: skip


def draw(choices: Choices) -> Instance:
    m = choices.integer(1, 4)
    starts = [[Fraction(choices.integer(-4, 4), 4) for _ in range(2)] for _ in range(m)]
    moves = [choices.pick(((3, 4), (-4, 3), (0, 5), (-3, -4), (1, 0))) for _ in range(m)]
    radius = Fraction(choices.integer(1, 5), 4)
    weights = [
        [p + radius * Fraction(q, 5) for p, q in zip(v, move, strict=True)]
        for v, move in zip(starts, moves, strict=True)
    ]
    return Instance(
        input=choices.pick((["3/5", "4/5"], [1, 0], [2, -1])), radius=radius,
        outer=[choices.pick((1, -1)) for _ in range(m)], start_weights=starts, weights=weights,
    )  # fmt: skip


@claim(
    source=Source("Allen-Zhu, Li & Liang 2019; bound: theory B21", "arXiv 1811.04918", "B21"),
    family=Family("neurons moved by at most R", draw),
    assumptions=[
        Assumption("outer_weights_are_signs", outer_weights_are_signs, "a_r = +-1"),
        Assumption(
            "neurons_moved_at_most_radius", neurons_moved_at_most_radius, "|w_r - w_r(0)| <= R"
        ),
    ],
    example=half_way,
    controls=[
        Control(
            "an outer weight of 2, assumption dropped",
            lambda: alone(outer=2),
            drop=("outer_weights_are_signs",),
        ),
        Control("half the radius", through_the_kink, changes={"share": sympy.Rational(3, 4)}),
        Control(
            "a negative radius", lambda: through_the_kink().replace(radius=-1), outcome="vacuous"
        ),
        Control(
            "a neuron that moved further, assumption dropped",
            lambda: through_the_kink().replace(weights=[[-3, -4], [5, 5]]),
            drop=("neurons_moved_at_most_radius",),
        ),
        Control(
            "a neuron that moved further",
            lambda: through_the_kink().replace(weights=[[-3, -4], [5, 5]]),
            outcome="vacuous",
        ),
    ],
)
def pseudo_network_stays_close(case: Case, *, share: Any = 1) -> Any:
    """The net and its pseudo-network differ by at most what the neurons near kinks allow."""
    return le(distance(case), bound(case, share))
