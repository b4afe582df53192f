r"""A balanced linear net with one output moves in a plane, along an orbit known exactly.

    r = ||w||, c = <w, u> / r:   r' = n r^{2-2/n} (c - r),   c' = r^{1-2/n} (1 - c^2)
    1/r = (1 - c^2)^{n/2} ((1 - c_0^2)^{-n/2} / r_0 + n int_{c_0}^c (1 - x^2)^{-n/2-1} dx)

for phi(w) = ||w - u||^2 / 2 with ||u|| = 1.

Source       after Elkabetz & Cohen 2021, Section 5, arXiv 2107.06608; theory A19
Assumptions  phi as above, balanced, one output, hidden width 1, W_2 > 0, ||u|| = 1, n >= 2,
             |c_0| < 1
Checked      at every t in [0, T], modulo the balance that the flow keeps: r = W_2^n, both
             equations, and the orbit in the form of a conserved quantity
Not checked  wider hidden layers (in orthogonal frames they are of width 1); T = infinity
See also     integrated_curvature_is_logarithmic.py, which integrates along the orbit
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
    constant as matrix,
    entry,
    equal,
    frobenius_squared,
    gt,
    inner,
    lt,
    substitute,
    times,
)  # fmt: skip
from theorycheck.problems import Instance
from theorycheck.problems.single_output import single_output_family, single_output_instance
from theorycheck.problems.spoiled import with_inputs_scaled
from theorycheck.symbolic.derivations import planar

n, r, c, first, begin = planar.n, planar.r, planar.c, planar.first, planar.start
p = sympy.Symbol("p", positive=True)
factor = sympy.Symbol("k", positive=True)
"""p = W_2 = ... = W_n, so that r = p^n; k = n in the theorem."""

ORBIT_INTEGRAL = sympy.Integral((1 - planar.x**2) ** (-n / 2 - 1), (planar.x, first, c))
"""I(c)."""

INVARIANT = (1 - c**2) ** (-n / 2) / r - factor * ORBIT_INTEGRAL
"""Constant along the orbit: `planar.ORBIT` solved for its constant."""


def net_is_a_chain(case: Case) -> Any:
    depth, widths = case.network.depth, case.network.widths
    return [gt(depth, 1), equal(max(widths[1:]), 1)]


def target_has_norm_one(case: Case) -> Any:
    target = matrix(case.loss.targets, "u^T")
    return equal(frobenius_squared(target), 1)


def hidden_layers_are_positive(case: Case) -> Any:
    return [gt(layer[0, 0], 0) for layer in case.initial.layers[1:]]


def overlap(case: Case, view: Any) -> Any:
    """<v, u> for W_1 = v^T, so that c = <v, u> / p."""
    return inner(view.layer(1), matrix(case.loss.targets, "u^T"))


def cosine(case: Case, view: Any) -> Any:
    """The cosine c of the angle between w and u."""
    return overlap(case, view) / view.layer(2)[0, 0]


def cosine_number(case: Case) -> Fraction:
    """c_0, exactly, for a target of norm 1."""
    first = [Fraction(x) for x in case.network.layers(case.start)[0][0]]
    along = sum(a * Fraction(b) for a, b in zip(first, case.loss.targets[0], strict=True))
    return along / Fraction(case.start[-1])


def start_is_not_aligned(case: Case) -> Any:
    c_0 = cosine(case, case.initial)
    return lt(c_0**2, 1)


def balance(case: Case) -> list[Any]:
    """Equal hidden layers, and W_2^2 = ||W_1||^2."""
    second, *others = case.flow.layers[1:]
    same = [layer[0, 0] - second[0, 0] for layer in others]
    return [*same, second[0, 0] ** 2 - frobenius_squared(case.flow.layer(1))]


CHAIN = [
    assume.whitened,
    Assumption("net_is_a_chain", net_is_a_chain, "n >= 2, widths (d_0, 1, ..., 1)"),
    assume.balanced,
    Assumption("target_has_norm_one", target_has_norm_one, "||u|| = 1"),
    Assumption("hidden_layers_are_positive", hidden_layers_are_positive, "W_j > 0 for j >= 2"),
]


def example(
    *, depth: Any = 3, layer: Any = "1/2", slope: Any = "2/3", horizon: Any = 2
) -> Instance:
    """R_0 = 1/8, c_0 = 5/13."""
    return single_output_instance(depth=depth, layer=layer, slope=slope, horizon=horizon)


@claim(
    source=Source("after Elkabetz & Cohen 2021, Section 5", "arXiv 2107.06608", "A19"),
    family=single_output_family((2, 5)),
    assumptions=[
        *CHAIN,
        Assumption("start_is_not_aligned", start_is_not_aligned, "|c_0| < 1"),
    ],
    example=example,
    controls=[
        Control("factor n of the integral forgotten", example, changes={"constant": 1}),
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
        Control("aligned start", lambda: example(slope=0), outcome="vacuous"),
    ],
    formulas={"radial": planar.RADIAL, "angular": planar.ANGULAR, "orbit": planar.ORBIT},
    proof="proofs.elkabetz_cohen_2021.scalar_output_moves_in_a_plane",
    survives={
        "start_is_not_aligned: dropped": "|c_0| <= 1 by the others, and at 1 the orbit's constant "
        "is infinite: undecided there",
    },
)
def scalar_output_moves_in_a_plane(case: Case, *, constant: Any = None) -> Any:
    """Length and angle of a balanced net with one output obey two equations and an exact orbit."""
    flow, depth = case.flow, case.network.depth
    layer, along = flow.layer(2)[0, 0], cosine(case, flow)
    over, kept = times(0, case.horizon), balance(case)
    values = {p: layer, c: along, first: cosine(case, case.initial), factor: constant or depth}

    def filled(formula: Any) -> Any:
        return substitute(formula.subs({n: depth}).subs({r: p**depth}), values)

    layer_rate = -entry(flow.layer_gradient(2), 0, 0)
    target = matrix(case.loss.targets, "u^T")
    turning = (-inner(flow.layer_gradient(1), target) - along * layer_rate) / layer
    return [
        equal(layer ** (2 * depth), frobenius_squared(flow.end_to_end), over=over, given=kept),
        equal(
            depth * layer ** (depth - 1) * layer_rate, filled(planar.RADIAL), over=over, given=kept
        ),
        equal(turning, filled(planar.ANGULAR), over=over, given=kept),
        conserved(filled(INVARIANT), over=over, given=kept),
    ]
