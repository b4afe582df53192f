r"""Two scalar layers out of balance learn along a Riccati curve.

    c = a^2 - b^2 > 0 is conserved,  Y = (a + b)^2 / c,  R = sqrt(4 s^2 + c^2)
    e^{R t} (c Y - 2s - R) / (c Y - 2s + R) is conserved,  hence
    Y(t) = (Y_+ - Y_- K e^{-Rt}) / (1 - K e^{-Rt}),  w = a b = c (Y - 1/Y) / 4

Source       Saxe, McClelland & Ganguli 2014, unequal layers, arXiv 1312.6120; theory A17
Assumptions  depth 2, width 1, phi = (w - s)^2 / 2, a(0) > b(0) >= 0, either layer being a; Y(0)
             is below its limit Y_+
Checked      the two laws on [0, T]: the rate of the first exactly, of the second modulo the first;
             that w is the expression in Y
Not checked  solving the second law for Y, which is algebra (symbolic/derivations/scalar_modes.py)
See also     scalar_closed_form.py, the balanced case c = 0
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
    assume,
    claim,
    conserved,
    equal,
    ge,
    gt,
    lt,
    substitute,
    time,
    times,
)  # fmt: skip
from theorycheck.problems import Family, Instance, deep_linear_instance
from theorycheck.problems.choices import Choices
from theorycheck.problems.spoiled import with_inputs_scaled
from theorycheck.symbolic.derivations import scalar_modes as modes

factor = sympy.Symbol(r"\kappa")

INVARIANT = sympy.exp(factor * modes.R * time) * modes.ABOVE / modes.BELOW
"""Conserved with Y(t) in the place of Y_0; kappa = 1 in the theorem."""

CURVE = modes.RICCATI_CURVE
"""Y(t), from solving INVARIANT = its value at the start."""


def layers(case: Case, view: Any) -> tuple[Any, Any]:
    """The larger layer a and the smaller b, of either order."""
    first, second = view.layer(1)[0, 0], view.layer(2)[0, 0]
    larger_first = Fraction(case.start[0]) ** 2 >= Fraction(case.start[1]) ** 2
    return (first, second) if larger_first else (second, first)


def imbalance(case: Case) -> Fraction:
    """The number c = a^2 - b^2."""
    return abs(Fraction(case.start[0]) ** 2 - Fraction(case.start[1]) ** 2)


def root(case: Case) -> Any:
    """R = sqrt(4 s^2 + c^2)."""
    radicand = 4 * Fraction(case.loss.targets[0][0]) ** 2 + imbalance(case) ** 2
    return sympy.sqrt(sympy.Rational(radicand.numerator, radicand.denominator))


def layers_are_positive_and_different(case: Case) -> Any:
    a, b = layers(case, case.initial)
    return [gt(a, b), ge(b, 0)]


def start_is_below_limit(case: Case) -> Any:
    a, b = layers(case, case.initial)
    return lt((a + b) ** 2, 2 * Fraction(case.loss.targets[0][0]) + root(case))


def net_is_scalar_of_depth_two(case: Case) -> Any:
    return [equal(case.network.depth, 2), equal(max(case.network.widths), 1)]


def example(*, first: Any = 1, second: Any = 0, target: Any = 1, horizon: Any = 1) -> Instance:
    """A_0 = 1, b_0 = 0, s = 1: w(1) = 0.7378497376... (theory A17, test vector)."""
    weights = [[[first]], [[second]]]
    return deep_linear_instance(target=[[target]], weights=weights, horizon=horizon)


def three_layers() -> Instance:
    """A third layer of 1/2 behind a = 1 and b = 1/2."""
    weights = [[[1]], [["1/2"]], [["1/2"]]]
    return deep_linear_instance(target=[[1]], weights=weights, horizon="1/4")


def draw(choices: Choices) -> Instance:
    small = Fraction(choices.integer(0, 4), 4)
    large = small + Fraction(choices.integer(1, 3), 4)
    first, second = (large, small) if choices.boolean() else (small, large)
    target = large * small + Fraction(choices.integer(1, 6), 4)
    return example(first=first, second=second, target=target, horizon=choices.integer(1, 2))


@claim(
    source=Source("Saxe, McClelland & Ganguli 2014, unequal layers", "arXiv 1312.6120", "A17"),
    family=Family("two unequal scalar layers", draw),
    assumptions=[
        assume.whitened,
        Assumption("net_is_scalar_of_depth_two", net_is_scalar_of_depth_two, "widths (1, 1, 1)"),
        Assumption(
            "layers_are_positive_and_different", layers_are_positive_and_different, "a > b >= 0"
        ),
        Assumption("start_is_below_limit", start_is_below_limit, "Y(0) < Y_+"),
    ],
    example=example,
    controls=[
        Control(
            "inputs half as long",
            lambda: with_inputs_scaled(example()),
            drop=("loss_is_whitened",),
        ),
        Control(
            "inputs half as long, assumption kept",
            lambda: with_inputs_scaled(example()),
            outcome="vacuous",
        ),
        Control("rate R / 2", example, changes={"constant": sympy.Rational(1, 2)}),
        Control("three layers", three_layers, drop=("net_is_scalar_of_depth_two",)),
        Control("start beyond the limit", lambda: example(first=4, second=3), outcome="vacuous"),
    ],
    formulas={"invariant": INVARIANT, "curve": CURVE},
    proof="proofs.saxe_2014.unbalanced_closed_form",
    survives={
        "layers_are_positive_and_different: dropped": "the laws hold for all signs of a and b; "
        "for a^2 = b^2 they mean nothing, as c = 0",
        "start_is_below_limit: dropped": "the laws hold on both sides of the limit, and at it",
    },
)
def unbalanced_closed_form(case: Case, *, constant: Any = 1) -> Any:
    """Two unequal scalar layers conserve their imbalance and a second law that fixes their time."""
    (a, b), c = layers(case, case.flow), imbalance(case)
    over, kept, curve = times(0, case.horizon), [a**2 - b**2 - c], (a + b) ** 2 / c
    values = {
        modes.s: Fraction(case.loss.targets[0][0]),
        modes.c: c,
        modes.R: root(case),
        modes.initial: curve,
        factor: constant,
    }
    product = substitute(modes.PRODUCT, {modes.c: c, modes.Y: curve})
    return [
        conserved(a**2 - b**2),
        conserved(substitute(INVARIANT, values), over=over, given=kept),
        equal(case.flow.end_to_end[0, 0], product, over=over, given=kept),
    ]
