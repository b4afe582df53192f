r"""With one output the end-to-end vector is driven more along itself than across.

    w' = - ||w||^{2-2/n} (grad phi + (n-1) Pr_w grad phi),      Pr_w = projection onto w != 0

Source       Arora, Cohen & Hazan 2018, Claim 2, arXiv 1802.06509; theory A15
Assumptions  balanced start, one output, w(0) != 0
Checked      hidden width 1: at every t in [0, T], modulo the balance that the flow keeps; wider
             hidden layers: at the start, exactly. ||w||^{2/n} is W_n W_n^T, which is checked too
Not checked  later times of nets with wider hidden layers
See also     end_to_end_dynamics.py, of which this is the case d_n = 1
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.catalogue.arora_cohen_hazan_2018.end_to_end_dynamics import velocity
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    assume,
    claim,
    equal,
    frobenius_squared,
    gt,
    inner,
    substitute,
    times,
)  # fmt: skip
from theorycheck.problems import Family, Instance, deep_linear_instance
from theorycheck.problems.choices import Choices
from theorycheck.problems.single_output import single_output_instance, unit_vector

n, root, length, factor = sympy.symbols(r"n \alpha \|w\|^2 c")
slope = sympy.Symbol(r"\langle\nabla\phi, w\rangle")

ACROSS = root ** (n - 1)
"""||w||^{2-2/n}, with alpha = ||w||^{2/n}: what multiplies grad phi."""

ALONG = factor * ACROSS * slope / length
"""What multiplies w beside it; c = n - 1 in the theorem."""


def net_has_one_output(case: Case) -> Any:
    return equal(case.network.widths[-1], 1)


def product_is_not_zero(case: Case) -> Any:
    return gt(frobenius_squared(case.initial.end_to_end), 0)


def balance(case: Case) -> list[Any]:
    """The equations W_{j+1}^2 = W_j W_j^T of a net whose hidden layers are numbers."""
    return [d[0, 0] for d in case.flow.imbalances]


def example(
    *, depth: Any = 3, layer: Any = "1/2", slope: Any = "1/2", horizon: Any = 1
) -> Instance:
    """R_0 = 1/8 and c_0 = 3/5."""
    return single_output_instance(depth=depth, layer=layer, slope=slope, horizon=horizon)


def unbalanced() -> Instance:
    return deep_linear_instance(target=[[1, 0]], weights=[[["1/2", "1/3"]], [[1]]], horizon=1)


def draw(choices: Choices) -> Instance:
    """One to three inputs, hidden widths 1 or 2."""
    depth, layer = choices.integer(1, 5), choices.fraction(0, 1, 3) + Fraction(1, 4)
    target = [choices.fraction(-2, 2, 2) for _ in range(choices.integer(1, 3))]
    if choices.integer(0, 3) == 3:
        wide = deep_linear_instance(
            target=[target], depth=depth, width=2, seed=choices.integer(0, 9)
        )
        rank = wide.network.balanced_start(seed=choices.integer(0, 9), diagonal=[layer])
        return wide.replace(start=rank, horizon=1)
    first, second = (unit_vector(choices.fraction(-2, 2, 2)) for _ in range(2))
    direction = [(1,), first, (first[0], first[1] * second[0], first[1] * second[1])]
    return single_output_instance(
        depth=depth, layer=layer, direction=direction[len(target) - 1], target=target, horizon=1
    )


@claim(
    source=Source("Arora, Cohen & Hazan 2018, Claim 2", "arXiv 1802.06509", "A15"),
    family=Family("balanced nets with one output", draw),
    assumptions=[
        assume.balanced,
        Assumption("net_has_one_output", net_has_one_output, "d_n = 1"),
        Assumption("product_is_not_zero", product_is_not_zero, "w(0) is not 0"),
    ],
    example=example,
    controls=[
        Control("n instead of n - 1", example, changes={"constant": 3}),
        Control("unbalanced start", unbalanced, drop=("balanced",)),
        Control("unbalanced start, assumption kept", unbalanced, outcome="vacuous"),
    ],
    proof="proofs.arora_cohen_hazan_2018.single_output_dynamics",
    formulas={"across": ACROSS, "along": ALONG},
    survives={"product_is_not_zero: dropped": "the field divides by ||w||^2: undefined at w = 0"},
)
def single_output_dynamics(case: Case, *, constant: Any = None) -> Any:
    """The flow of a balanced net with one output preconditions the gradient along and across w."""
    flow, depth = case.flow, case.network.depth
    w, gradient, last = flow.end_to_end, flow.outer_gradient, flow.layer(depth)
    values = {
        n: depth,
        factor: depth - 1 if constant is None else constant,
        root: frobenius_squared(last),
        length: frobenius_squared(w),
        slope: inner(gradient, w),
    }
    field = -(substitute(ACROSS, values) * gradient + substitute(ALONG, values) * w)
    if max(case.network.widths[1:]) > 1:
        at_start = [
            (frobenius_squared(last) ** depth, frobenius_squared(w)),
            (velocity(case), field),
        ]
        return [equal(a.at(0), b.at(0)) for a, b in at_start]
    over, kept = times(0, case.horizon), balance(case)
    return [
        equal(frobenius_squared(last) ** depth, frobenius_squared(w), over=over, given=kept),
        equal(velocity(case), field, over=over, given=kept),
    ]
