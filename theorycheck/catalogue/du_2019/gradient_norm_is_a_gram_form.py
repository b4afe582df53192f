r"""The squared gradient of a two-layer net is a quadratic form of its error in the Gram matrix.

    |grad_W L|^2 = D^T H D,    hence   |grad_W L|^2 >= 2 lambda_min(H) L      (where no z_ir is 0)

Source       theory B1, after Du et al. 2019, arXiv 1810.02054
Assumptions  no pre-activation is 0
Checked      the identity exactly for square widths m, and the inequality, at the start
Not checked  other widths: balls can refute the identity there, not confirm it
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.catalogue.du_2019.narrow_nets import draw_net, printed_net
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    FromScalars,
    Source,
    claim,
    constant,
    equal,
    frobenius_squared,
    ge,
    gt,
    inner,
    lambda_min,
)  # fmt: skip
from theorycheck.claims.nets import exact_number, initial_net
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices


def no_pre_activation_vanishes(case: Case) -> Any:
    net = initial_net(case)
    return [gt(abs(z), 0) for row in net.preactivations for z in row]


def error_column(case: Case) -> FromScalars:
    """D = u - y, exact in Q(sqrt(m))."""
    net = initial_net(case)
    root = sympy.sqrt(net.width)
    rows = []
    for z, y in zip(net.preactivations, net.labels, strict=True):
        terms = (a * q for a, q in zip(net.outer, z, strict=True) if q >= 0)
        active = sum(terms, Fraction(0))
        rows.append((exact_number(active) / root - exact_number(y),))
    return FromScalars(tuple(rows))


def gradient_rows(case: Case, error: FromScalars) -> FromScalars:
    """grad_{w_r} L = m^{-1/2} a_r sum_i D_i [z_ir >= 0] x_i, one row per neuron."""
    net = initial_net(case)
    root = sympy.sqrt(net.width)
    table = []
    for r, a in enumerate(net.outer):
        active = [i for i in range(net.samples) if net.preactivations[i][r] >= 0]
        table.append(tuple(
            sum((error.entries[i][0] * exact_number(a * net.inputs[i][c]) for i in active),
                sympy.S.Zero) / root
            for c in range(len(net.inputs[0]))
        ))  # fmt: skip
    return FromScalars(tuple(table))


def draw(choices: Choices) -> Instance:
    """Width 1 or 4, so that sqrt(m) is rational and the identity is decided exactly."""
    width = choices.pick((1, 4))
    weights = [draw_net(choices).weights[0] for _ in range(width)]
    outer = [choices.pick((1, -1)) for _ in range(width)]
    return draw_net(choices).replace(weights=weights, outer=outer)


@claim(
    source=Source("theory B1, after Du et al. 2019", "arXiv 1810.02054", "B1"),
    family=Family("nets of square width", draw),
    assumptions=[
        Assumption(
            "no_pre_activation_vanishes", no_pre_activation_vanishes, "w_r . x_i != 0 for all r, i"
        )
    ],
    example=printed_net,
    controls=[Control("twice the form", printed_net, changes={"factor": 2})],
    survives={
        "no_pre_activation_vanishes: dropped": "on a kink the identity of the formulas holds, "
        "too, with 1 as the slope at 0; there it is no gradient",
    },
)
def gradient_norm_is_a_gram_form(case: Case, *, factor: Any = 1) -> Any:
    """The squared gradient is D^T H D, so that the loss has the Polyak-Lojasiewicz property."""
    error = error_column(case)
    gram = constant(initial_net(case).initial_gram, "H")
    squared = frobenius_squared(gradient_rows(case, error))
    loss = frobenius_squared(error) / 2
    return [
        equal(squared, factor * inner(error, gram @ error)),
        ge(squared, 2 * lambda_min(gram) * loss),
    ]
