r"""A linear predictor stays within a fixed distance of the hard-margin direction times log t.

    |r(t)|^2  <=  |r(0)|^2 + (2/e) sum_{i not SV} e^{-w~ z_i} c^{1 - m_i} / (m_i - 1)    for all t,

r(t) = w(t) - w^ log(t + c) - w~, with z_i = y_i x_i, w^ = sum_SV a_i z_i of least norm with all
z_i w^ >= 1, w~ in the span of the support with e^{-w~ z_i} = a_i there, m_i = z_i w^. With it w/|w|
tends to w^/|w^| like 1/log t.

Source       Soudry et al. 2018, Theorem 3 (rate), arXiv 1710.10345; explicit bound theory C9
Assumptions  depth 1, exponential sum loss; the named support is linearly independent, a_i > 0, and
             m_i > 1 off it
Checked      every t in [0, horizon]; the bound does not depend on t, and by the proof of C9 it
             holds for all t where the assumptions, exact ones, hold: `details` prints t = 10^100
Not checked  supports that are linearly dependent, or samples with m_i = 1 off the support
See also     lyu_li_2020
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.claims import (
    Assumption,
    Case,
    Concluded,
    Control,
    Source,
    Term,
    assume,
    claim,
    gt,
    le,
    log,
    sqrt,
    surrogate,
    time,
    times,
)  # fmt: skip
from theorycheck.errors import InvalidInstance
from theorycheck.losses import ExponentialLoss
from theorycheck.networks import DiagonalPower
from theorycheck.problems import Family, Instance, classifier_instance
from theorycheck.problems.choices import Choices
from theorycheck.verdicts import UNDECIDED


def support_of(case: Case, samples: int) -> list[int]:
    """Read the field `support`: samples, counted from 0.

    Raises
    ------
    InvalidInstance    anything else
    """
    given = case.support
    named = list(given) if isinstance(given, (list, tuple)) else [given]
    if not named or any(i not in range(samples) for i in named):
        raise InvalidInstance(f"support={given} must name samples from 0 to {samples - 1}")
    return [int(i) for i in named]


class Support:
    """The hard-margin data of an instance, exact where it is rational."""

    def __init__(self, case: Case) -> None:
        (labels,) = case.loss.targets
        self.samples = [
            sympy.Matrix([_number(y * x) for x in case.loss.input(i)]) for i, y in enumerate(labels)
        ]
        self.inside = support_of(case, len(self.samples))
        z = sympy.Matrix.hstack(*[self.samples[i] for i in self.inside])
        self.gram = z.T * z
        self.independent = self.gram.det() != 0
        if self.independent:
            inverse = self.gram.inv()
            self.weights = inverse * sympy.ones(len(self.inside), 1)
            self.direction = z * self.weights
            # w~ in the span: z^T w~ = -log a
            self.spread = z * inverse

    @property
    def outside(self) -> list[int]:
        return [i for i in range(len(self.samples)) if i not in self.inside]

    def margin(self, i: int) -> Any:
        return (self.samples[i].T * self.direction)[0, 0]

    @property
    def offset(self) -> list[Any]:
        """w~"""
        logs = sympy.Matrix([-sympy.log(a) for a in self.weights])
        return list(self.spread * logs)


def _number(x: Fraction) -> sympy.Rational:
    return sympy.Rational(x.numerator, x.denominator)


def support_is_independent(case: Case) -> Any:
    return gt(Term(Support(case).gram.det()), 0)


def support_carries_the_margin(case: Case) -> Any:
    support = Support(case)
    if not support.independent:
        return gt(0, 1)
    inside = [gt(Term(a), 0) for a in support.weights]
    return [*inside, *(gt(Term(support.margin(i)), 1) for i in support.outside)]


def bound(case: Case, support: Support) -> Any:
    """The sum over the samples that are not in the support."""
    total = sympy.S.Zero
    for i in support.outside:
        score = sympy.Add(*[x * o for x, o in zip(support.samples[i], support.offset, strict=True)])
        m = support.margin(i)
        total += sympy.exp(-score) * _number(case.shift) ** (1 - m) / (m - 1)
    return 2 * sympy.exp(-1) * total


def later(case: Case, shift: Any) -> dict[str, Any]:
    """E, the norm and the direction's distance to w^/|w^| where log(t + c) is given (theory C9)."""
    support = Support(case)
    first = case.initial.position
    line = sympy.log(_number(case.shift))
    entries = [
        first[k, 0] - line * support.direction[k] - support.offset[k]
        for k in range(len(support.direction))
    ]
    squared: Any = sum((entry**2 for entry in entries), Term(sympy.S.Zero))
    offset = sqrt(Term(sympy.Add(*[x**2 for x in support.offset])))
    reach = sqrt(squared + bound(case, support)) + offset
    size = sqrt(Term(sympy.Add(*[x**2 for x in support.direction])))
    return {
        "|w| at least": shift * size - reach,
        "|w / |w| - w^ / |w^|| at most": 2 * reach / (shift * size),
    }


def details(case: Case) -> dict[str, Any]:
    late = Term(sympy.log(10**100 + _number(case.shift)))
    return {f"{name}, t = 10^100": Concluded(term) for name, term in later(case, late).items()}


def example(*, support: Any = (0,), shift: Any = 1) -> Instance:
    """TV9: z = (1, 0), (3, 1); w^ = (1, 0), w~ = 0, the bound e^{-1/2} of sup |r|."""
    made = classifier_instance(
        inputs=[[1, 3], [0, 1]], labels=[1, 1], weights=[[[0, 0]]], horizon=2
    )
    return made.replace(support=support, shift=shift)


def one_sample(*, loss: str = "exponential") -> Instance:
    """One weight, w^ = 1: the remainder of the exponential loss tends to 0, without a sum."""
    made = classifier_instance(
        inputs=[[1]], labels=[1], weights=[[["1/100"]]], horizon="1/4", loss=loss
    )  # fmt: skip
    return made.replace(support=[0], shift=1)


def with_loss(*, mean: bool) -> Instance:
    made = example()
    return made.replace(loss=ExponentialLoss(made.loss.inputs, made.loss.targets, mean=mean))


def cube() -> Instance:
    """F(w; x) = w^3 x: depth 1, but not linear in the weight."""
    net, loss = DiagonalPower((1, 1), power=3), ExponentialLoss([[1]], [[1]])
    return Instance(network=net, loss=loss, start=[1], horizon=4, support=[0], shift=1)


def draw(choices: Choices) -> Instance:
    a, b = (choices.fraction(1, 3, 3) for _ in range(2))
    zero = Fraction(0)
    rows = [[a, zero], [zero, b]] if choices.boolean() else [[a, -b], [b, a]]
    support = choices.integer(1, 2)
    z: list[list[Fraction]] = rows[:support]
    # beyond the margin: the sum of the support, and more of each
    for _ in range(choices.integer(0, 1)):
        shares = [choices.fraction(1, 2, 2) + Fraction(1, 4) for _ in z]
        z = [*z, [sum((s * x[k] for s, x in zip(shares, rows, strict=False)), Fraction(0))
                  for k in range(2)]]  # fmt: skip
    labels = [1 if choices.boolean() else -1 for _ in z]
    columns = [[y * x[k] for y, x in zip(labels, z, strict=True)] for k in range(2)]
    weights = [[choices.fraction(-1, 1, 4), choices.fraction(-1, 1, 4)]]
    made = classifier_instance(inputs=columns, labels=labels, weights=[weights], horizon="1/4")
    shift = choices.pick((1, 2, Fraction(1, 2)))
    return made.replace(support=list(range(support)), shift=shift)


ASSUMPTIONS = [
    assume.linear_predictor,
    assume.exponential_sum_loss,
    Assumption("shift_is_positive", lambda case: gt(case.shift, 0), "c > 0"),
    Assumption("support_is_independent", support_is_independent, "independent support"),
    Assumption("support_carries_the_margin", support_carries_the_margin, "a_i > 0; m_i > 1 off it"),
]


@claim(
    source=Source("Soudry et al. 2018, Theorem 3", "arXiv 1710.10345", "C9"),
    family=Family("linear predictors with a known support", draw),
    assumptions=ASSUMPTIONS,
    example=example,
    controls=[
        Control("direction twice as long", example, changes={"length": 2}),
        Control("direction longer by 1/9", one_sample, changes={"length": Fraction(10, 9)}),
        Control(
            "logistic loss",
            lambda: one_sample(loss="logistic"),
            drop=("exponential_sum_loss",),
        ),
        Control("wrong support", lambda: example(support=[1]), outcome="vacuous"),
        Control("a sample twice", lambda: example(support=[0, 0]), outcome="vacuous"),
        Control("mean loss", lambda: with_loss(mean=True), outcome="vacuous"),
        Control("a cube of the weight", cube, outcome="vacuous"),
        Control("c = -1", lambda: example(shift=-1), outcome="vacuous"),
    ],
    survives={
        "shift_is_positive: dropped": "for c <= 0 log(t + c) is not defined at t = 0",
        "support_is_independent: dropped": "with a singular Gram matrix the a_i are not "
        "determined, and `support_carries_the_margin` fails",
    },
    details=details,
)
def weights_follow_the_log_of_time(case: Case, *, length: Any = 1) -> Any:
    """The weights are w^ log(t + c) + w~ up to a remainder that is bounded for all times."""
    support, over = Support(case), times(0, case.horizon)
    line = log(Term(time + _number(case.shift)))
    position = case.flow.position
    entries = [
        position[k, 0] - line * length * support.direction[k] - support.offset[k]
        for k in range(len(support.direction))
    ]
    squared: Any = sum(entry**2 for entry in entries)
    return le(squared, squared.at(0) + bound(case, support), over=over)


@claim(
    source=Source("Soudry et al. 2018, Theorem 3", "arXiv 1710.10345", "C9"),
    family=Family("linear predictors with a known support", draw),
    assumptions=ASSUMPTIONS,
    example=example,
    controls=[Control("wrong support", lambda: example(support=[1]), outcome="vacuous")],
    expected=UNDECIDED,
)
def weights_tend_to_the_max_margin_direction(case: Case) -> Any:
    """The direction of the weights tends to that of w^; at t = 10^100 it is only close."""
    late = Term(sympy.log(10**100 + _number(case.shift)))
    distance = later(case, late)["|w / |w| - w^ / |w^|| at most"]
    return surrogate("w / |w| tends to w^ / |w^|", le(distance, 1))
