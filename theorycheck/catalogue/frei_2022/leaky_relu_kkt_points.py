r"""On nearly orthogonal data the KKT point of a leaky ReLU net has two kinds of units.

    R_min^2 >= 3 leak^{-3} (R_max / R_min)^2 n C,   C = max_{i != k} |<x_i, x_k>|
    lambda = K^{-1} 1,   1 / (2 R_max^2) < lambda_i < 3 / (2 leak^2 R_min^2)
    w_j = v or w_j = u (rank <= 2), with y_i <v, x_i> > 0 and y_i <u, x_i> < 0; all q_i = 1
    |W|_F^2 = sum_i lambda_i,   and z = m_1 v - m_2 u separates the data

Both ends of the interval are sharp: among samples of one length whose inner products attain C the
multipliers tend to them as n grows and the leak tends to 1; see `repelled` and `attracted`.

Source       Frei et al. 2022, arXiv 2210.07082 (constants recalled); proof: theory C14, addendum
Assumptions  0 < leak < 1; no sample is 0; near orthogonality; n >= 2
Checked      in exact rationals, on the instance's samples
Not checked  that flows converge to the KKT point, which is asymptotic
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
    expression_of,
    ge,
    gt,
    lambda_min,
    lt,
)
from theorycheck.problems import Choices, Family, Instance
from theorycheck.problems.draws_data import draw_nearly_orthogonal
from theorycheck.problems.leaky_relu_kkt import LeakyPattern

SOURCE = Source("Frei et al. 2022, KKT points (recalled constants)", "arXiv 2210.07082", "C14")

largest, smallest, leak, ratio, count, near = sympy.symbols(
    r"R_{\max}^2 R_{\min}^2 \gamma R^2 n C", positive=True
)
LEAST_NORM = 3 * ratio * count * near / leak**3
"""The bound on R_min^2."""
LEAST_MULTIPLIER = 1 / (2 * largest)
GREATEST_MULTIPLIER = 3 / (2 * leak**2 * smallest)


def values(case: Case) -> dict[sympy.Expr, sympy.Expr]:
    net = LeakyPattern.of(case)
    given = {
        largest: net.largest, smallest: net.smallest, leak: net.leak, count: len(net.labels),
        ratio: net.largest / net.smallest, near: net.correlation,
    }  # fmt: skip
    return {symbol: expression_of(value) for symbol, value in given.items()}


def _nearly_orthogonal(case: Case) -> Any:
    given = values(case)
    cleared = (LEAST_NORM * leak**3).xreplace(given)
    return [ge(given[smallest] * given[leak] ** 3, cleared), ge(given[count], 2)]


nearly_orthogonal = Assumption(
    "nearly_orthogonal", _nearly_orthogonal, "R_min^2 >= 3 leak^{-3} R^2 n C, and n >= 2"
)


samples_are_not_zero = Assumption(
    "samples_are_not_zero", lambda case: gt(LeakyPattern.of(case).smallest, 0), "R_min > 0"
)


leak_is_a_slope = Assumption(
    "leak_is_a_slope", lambda case: [gt(case.leak, 0), lt(case.leak, 1)], "0 < leak < 1"
)


def orthonormal(*, leaky: Any = "1/2", scale: Any = 1) -> Instance:
    """x_1 = e_1 (y = 1), x_2 = e_2 (y = -1), m_1 = 2, m_2 = 1: vector TV11."""
    return Instance(
        inputs=[[scale, 0], [0, scale]], labels=[1, -1], positive=2, negative=1, leak=leaky
    )


def uneven() -> Instance:
    """Lengths that differ: the multipliers spread over most of their interval."""
    return Instance(
        inputs=[[1, 0], [0, 3]], labels=[1, -1], positive=1, negative=1, leak="9/10"
    )  # fmt: skip


def repelled() -> Instance:
    """Six samples of one label, of inner products -66: the multipliers are near the upper bound."""
    size = range(6)
    return Instance(
        inputs=[[35 if k == i else -1 for i in size] for k in size], labels=[1] * 6,
        positive=1, negative=0, leak="999/1000",
    )  # fmt: skip


def attracted(*, place: int = 0) -> Instance:
    """One of 22 samples near all others, which repel each other: its multiplier is the least.

    Inner products 225 and -225, squared norms 14904; the multiplier tends to its lower bound as
    the number of samples grows and the leak tends to 1.
    """
    size = range(21)
    apart = [[122 if k == i else -1 for i in size] for k in size]
    rows = [[*row[:place], Fraction(75, 34), *row[place:]] for row in apart]
    last = [Fraction(6083, 50) if i == place else 0 for i in range(22)]
    return Instance(
        inputs=[*rows, last], labels=[1] * 22, positive=1, negative=0, leak="9999/10000"
    )


def crowded() -> Instance:
    """A long sample next to a short one of the same label, which it satisfies already."""
    return Instance(inputs=[[1, 3], [0, "1/2"]], labels=[1, 1], positive=1, negative=1, leak="1/2")


def drawn(choices: Choices) -> Instance:
    dimension = choices.integer(2, 5)
    samples = choices.integer(2, dimension)
    inputs = draw_nearly_orthogonal(choices, dimension, samples)
    shrunk = Fraction(1, choices.pick((8, 64, 512)))
    kept = [  # entries off the largest one of each column are made small
        [x if abs(x) == max(abs(r[k]) for r in inputs) else x * shrunk for k, x in enumerate(row)]
        for row in inputs
    ]
    return Instance(
        inputs=kept,
        labels=[1 - 2 * choices.integer(0, 1) for _ in range(samples)],
        positive=choices.integer(1, 3),
        negative=choices.integer(0, 3),
        leak=Fraction(choices.integer(1, 7), 8),
    )


FAMILY = Family("nearly orthogonal data", drawn)


@claim(
    source=SOURCE,
    family=FAMILY,
    assumptions=[leak_is_a_slope, samples_are_not_zero, nearly_orthogonal],
    example=orthonormal,
    controls=[
        Control("near orthogonality dropped", crowded, drop=("nearly_orthogonal",)),
        Control("not nearly orthogonal", crowded, outcome="vacuous"),
        Control("a sample that is 0", lambda: orthonormal(scale=0), outcome="vacuous"),
        Control("leak 2", lambda: orthonormal(leaky=2), outcome="vacuous"),
        Control("leak -1/2", lambda: orthonormal(leaky="-1/2"), outcome="vacuous"),
        Control("leak 0", lambda: orthonormal(leaky=0), outcome="vacuous"),
        Control("leak 2, any slope", lambda: orthonormal(leaky=2), drop=("leak_is_a_slope",)),
        Control("a lower bound twenty times as large", uneven, changes={"low": Fraction(20)}),
        Control("a quarter of the upper bound", orthonormal, changes={"high": Fraction(1, 4)}),
        Control("9/10 of the upper bound", repelled, changes={"high": Fraction(9, 10)}),
        Control("10/9 of the lower bound", attracted, changes={"low": Fraction(10, 9)}),
    ],
    survives={
        **dict.fromkeys(
            ("low: constant 1/2", "low: constant 9/10", "high: constant 2", "high: constant 10/9"),
            "a wider interval is the weaker statement",
        ),
        **dict.fromkeys(
            (
                f"relation {k}: tightened {factor}"
                for k in (5, 6, 7, 10, 11, 12)
                for factor in ("1/2", "9/10")
            ),
            "0 < x and 0 < x / 2 are one statement",
        ),
        "samples_are_not_zero: dropped": "R_max / R_min is not defined for a sample that is 0",
    },
    formulas={
        "least norm": LEAST_NORM, "least multiplier": LEAST_MULTIPLIER,
        "greatest multiplier": GREATEST_MULTIPLIER,
    },
)  # fmt: skip
def kkt_point_has_two_kinds_of_units(case: Case, *, low: Any = 1, high: Any = 1) -> Any:
    """The max-margin leaky ReLU net on nearly orthogonal data has rank at most two."""
    net, given = LeakyPattern.of(case), values(case)
    positive = gt(lambda_min(constant(net.kernel, "K")), 0)
    if net.multipliers is None:
        return positive
    v, u = net.units(net.multipliers)
    both = [net.positive * a - net.negative * b for a, b in zip(v, u, strict=True)]
    found = [positive, equal(net.squared_norm(net.multipliers), sum(net.multipliers))]
    for x, y, multiplier in zip(net.samples, net.labels, net.multipliers, strict=True):
        found += [
            lt(low * LEAST_MULTIPLIER.xreplace(given), multiplier),
            lt(multiplier, high * GREATEST_MULTIPLIER.xreplace(given)),
            gt(y * _inner(v, x), 0),
            gt(-y * _inner(u, x), 0),
            gt(y * _inner(both, x), 0),
        ]
    return found


def _inner(a: Any, b: Any) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))
