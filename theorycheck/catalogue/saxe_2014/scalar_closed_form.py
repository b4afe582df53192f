r"""A balanced scalar net of depth two learns along a logistic curve.

    w(t) = s / (1 + (s / w_0 - 1) e^{-2 s t})        for phi = (w - s)^2 / 2, 0 < w_0 < s

so each layer is sqrt(w(t)).

Source       Saxe, McClelland & Ganguli 2014, one mode, arXiv 1312.6120; theory A17, n = 2
Assumptions  depth 2, width 1, phi = (w - s)^2 / 2, equal positive layers, 0 < w_0 < s
Checked      by substitution into the flow's equation and its initial value: for every t >= 0
Not checked  -
See also     theory A17 for other depths
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
    equal,
    gt,
    lt,
    substitute,
    time,
    times,
)  # fmt: skip
from theorycheck.problems import Family, Instance, deep_linear_instance
from theorycheck.problems.choices import Choices
from theorycheck.problems.spoiled import with_inputs_scaled

s, initial, rate = sympy.symbols("s w_0 c", positive=True)

LOGISTIC = s / (1 + (s / initial - 1) * sympy.exp(-rate * s * time))
"""w(t); c = 2."""


def scalars(case: Case) -> tuple[Any, Any, Any]:
    """Target s and the two scalar layers of the start."""
    first, second = case.initial.layers
    return case.loss.targets[0][0], first[0, 0], second[0, 0]


def layers_are_equal_and_positive(case: Case) -> Any:
    _, a, b = scalars(case)
    return [equal(a, b), gt(a, 0)]


def start_is_below_target(case: Case) -> Any:
    target, a, b = scalars(case)
    return lt(a * b, target)


def net_is_scalar_of_depth_two(case: Case) -> Any:
    return [equal(case.network.depth, 2), equal(max(case.network.widths), 1)]


def example(*, target: Any = 1, layer: Any = "1/10", horizon: Any = 3) -> Instance:
    """S = 1, w_0 = 1/100: w(3) = 0.80295715277028307469799063344... (theory A17)."""
    return deep_linear_instance(target=[[target]], weights=[[[layer]], [[layer]]], horizon=horizon)


def draw(choices: Choices) -> Instance:
    layer = Fraction(choices.integer(1, 12), 8)
    gap = Fraction(choices.integer(1, 16), 8)
    return example(target=layer**2 + gap, layer=layer, horizon=choices.integer(1, 3))


@claim(
    source=Source("Saxe, McClelland & Ganguli 2014", "arXiv 1312.6120", "A17"),
    family=Family("scalar nets of depth two", draw),
    assumptions=[
        assume.whitened,
        Assumption("net_is_scalar_of_depth_two", net_is_scalar_of_depth_two, "widths (1, 1, 1)"),
        Assumption("layers_are_equal_and_positive", layers_are_equal_and_positive, "W_1 = W_2 > 0"),
        Assumption("start_is_below_target", start_is_below_target, "w_0 < s"),
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
        Control("rate 1 instead of 2", example, changes={"constant": 1}),
        Control(
            "unequal layers",
            lambda: deep_linear_instance(target=[[1]], weights=[[["1/10"]], [["1/5"]]], horizon=3),
            outcome="vacuous",
        ),
        Control(
            "unequal layers, assumption dropped",
            lambda: deep_linear_instance(target=[[1]], weights=[[["1/10"]], [["1/5"]]], horizon=3),
            drop=("layers_are_equal_and_positive",),
        ),
    ],
    formulas={"logistic curve": LOGISTIC},
    proof="proofs.saxe_2014.scalar_closed_form",
    survives={
        "net_is_scalar_of_depth_two: dropped": "the closed form has two coordinates, as such a net",
        "start_is_below_target: dropped": "the curve is the solution for w_0 >= s > 0, too",
    },
)
def scalar_closed_form(case: Case, *, constant: Any = 2) -> Any:
    """The end-to-end scalar of a balanced depth-two net follows a logistic curve."""
    target, _, _ = scalars(case)
    start = Fraction(case.start[0]) * case.start[1]
    curve = substitute(LOGISTIC, {s: target, initial: start, rate: constant})
    layer = sympy.sqrt(curve.expression)
    return equal(
        case.flow.end_to_end[0, 0], curve, over=times(0, case.horizon), solution=[layer, layer]
    )
