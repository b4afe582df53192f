r"""On nearly orthogonal data a leaky ReLU net keeps its pattern, and its loss weights stay close.

    max_i w_i / min_i w_i  <=  max( the same at the start, K_max / (K_min - 2 n C) ) =: r
    sign(w_j x_i) = y_i sign(a_j) for all t,      w_j(t) - w_j'(t) constant for equal signs a_j
    SR(W_+(t))  <=  1 + |E_+|_F^2 / (m_+ |mean(t)|^2)

f(W; x) = sum_j a_j s(w_j x), a_j = +-1/sqrt(m), s(z) = max(z, gamma z), only W trained, exponential
sum loss with weights w_i = e^{-q_i}; K_ii = <h_i, h_i> of the features, C = max |<x_i, x_k>|, E_+
the rows of one sign minus their mean, SR = |.|_F^2 / |.|_2^2. Inside the pattern f is linear in W:
the net is a linear predictor of the features h_i. As W minus the rows E is of rank 2 at most, and
they are constant, sigma_3(W(t)) <= |E|_2 for all t, which `details` print.

Source       after Kou, Chen & Gu 2023, arXiv 2310.18935, and Frei et al. 2022, arXiv 2210.07082;
             flow version of theory C15
Assumptions  exponential sum loss, 0 < gamma < 1;
             the pattern holds at the start; K_min > 2 n C and gamma R_min^2 > (n - 1) C r
Checked      every t in [0, horizon] on the features of the pattern, which thereby persists
Not checked  the largest pattern-free start; descent; plain ReLU
See also     soudry_2018/weights_follow_the_log_of_time.py for the limit of the linear predictor
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.catalogue.kou_2023.leaky_nets import (
    cubes,
    draw,
    example,
    features_of,
    logistic,
    logistic_at_small_margins,
    one_neuron,
    symmetric,
    tilted,
    turning,
)
from theorycheck.claims import (
    Assumption,
    Case,
    Concluded,
    Control,
    FromScalars,
    Source,
    Term,
    assume,
    claim,
    equal,
    exp,
    frobenius_squared,
    gt,
    le,
    lt,
    maximum,
    minimum,
    spectral_norm,
    times,
)  # fmt: skip
from theorycheck.exact import as_fraction
from theorycheck.problems import Family


class Net:
    """The net of a case: neurons, samples, near-orthogonality."""

    def __init__(self, case: Case, position: Any) -> None:
        self.case = case
        self.points = [tuple(map(Fraction, x)) for x in case.points]
        (self.labels,) = case.loss.targets
        self.signs = [int(a) for a in case.signs]
        size = len(self.points[0])
        self.neurons = [
            [position[j * size + k, 0] for k in range(size)] for j in range(len(self.signs))
        ]

    def pattern(self) -> list[Any]:
        """y_i sign(a_j) w_j x_i"""
        return [
            sum(
                (w * (v * int(y) * a) for w, v in zip(neuron, x, strict=True)),
                Term(sympy.S.Zero),
            )
            for neuron, a in zip(self.neurons, self.signs, strict=True)
            for x, y in zip(self.points, self.labels, strict=True)
        ]

    def group(self, sign: int) -> list[list[Any]]:
        return [w for w, a in zip(self.neurons, self.signs, strict=True) if a == sign]

    def is_uniform(self, sign: int) -> bool:
        """Whether all neurons of a sign start at one point."""
        size, start = len(self.points[0]), self.case.instance.start
        rows = {
            tuple(start[j * size : (j + 1) * size]) for j, a in enumerate(self.signs) if a == sign
        }
        return len(rows) == 1

    def twins(self) -> list[tuple[Fraction, Fraction]]:
        """Entries of the features of two neurons of one sign, sample by sample."""
        table, size = self.case.loss.inputs, len(self.points[0])
        first = {a: self.signs.index(a) for a in self.signs}
        return [
            (table[j * size + k][i], table[first[a] * size + k][i])
            for j, a in enumerate(self.signs) if j != first[a]
            for k in range(size) for i in range(len(self.points))
        ]  # fmt: skip

    @property
    def coherence(self) -> Fraction:
        """C"""
        pairs = [
            abs(sum((a * b for a, b in zip(x, z, strict=True)), Fraction(0)))
            for i, x in enumerate(self.points)
            for z in self.points[:i]
        ]
        return max(pairs, default=Fraction(0))

    @property
    def diagonal(self) -> list[Fraction]:
        """K_ii"""
        loss = self.case.loss
        return [sum((v**2 for v in loss.input(i)), Fraction(0)) for i in range(loss.samples)]

    @property
    def gap(self) -> Fraction:
        """K_min - 2 n C"""
        return min(self.diagonal) - 2 * len(self.points) * self.coherence

    @property
    def smallest_square(self) -> Fraction:
        """R_min^2"""
        return min(sum((v**2 for v in x), Fraction(0)) for x in self.points)


def ratio(case: Case, net: Net) -> Any:
    """R"""
    margins = case.initial.margins.q
    first = exp(maximum(margins) - minimum(margins))
    return maximum([first, max(net.diagonal) / net.gap])


def features_are_those_of_the_net(case: Case) -> Any:
    (labels,) = case.loss.targets
    wanted = features_of(case.points, [int(y) for y in labels], case.signs, case.slope)
    same = [list(row) for row in case.loss.inputs] == wanted
    return [gt(int(same), 0), gt(case.slope, 0), lt(case.slope, 1)]


def pattern_holds(case: Case) -> Any:
    return [gt(z, 0) for z in Net(case, case.initial.position).pattern()]


def data_are_nearly_orthogonal(case: Case) -> Any:
    net = Net(case, case.initial.position)
    if net.gap <= 0:
        return gt(net.gap, 0)
    crowd = (len(net.points) - 1) * net.coherence
    return gt(case.slope * net.smallest_square, crowd * ratio(case, net))


def details(case: Case) -> dict[str, Any]:
    start = Net(case, case.initial.position)
    centred = [row for sign in (1, -1) if start.group(sign) for row in _centred(start.group(sign))]
    matrix = FromScalars(tuple(tuple(x.expression for x in row) for row in centred))
    named: dict[str, Any] = {"sigma_3(W(t)) at most, for all t": Concluded(spectral_norm(matrix))}
    if Net(case, case.initial.position).gap > 0:
        named["max w / min w at most, for all t"] = Concluded(ratio(case, start))
    return named


@claim(
    source=Source("after Kou, Chen & Gu 2023 and Frei et al. 2022", "arXiv 2310.18935", "C15"),
    family=Family("leaky ReLU nets on nearly orthogonal data", draw),
    assumptions=[
        assume.linear_predictor,
        assume.exponential_sum_loss,
        Assumption(
            "features_are_those_of_the_net", features_are_those_of_the_net,
            "the inputs are the features of the leaky ReLU net of these points, 0 < gamma < 1",
        ),
        Assumption("pattern_holds", pattern_holds, "sign(w_j x_i) = y_i sign(a_j)"),
        Assumption(
            "data_are_nearly_orthogonal", data_are_nearly_orthogonal,
            "K_min > 2 n C, gamma R_min^2 > (n - 1) C r",
        ),
    ],
    example=example,
    controls=[
        Control("half of the ratio", one_neuron, changes={"share": "1/2"}),
        Control("no spread within a group", example, changes={"spread": "1/10"}),
        Control("0.9 of the spread within a group", symmetric, changes={"spread": "9/10"}),
        Control("a cube of each weight", cubes, drop=("linear_predictor",)),
        Control(
            "logistic loss, dropped", logistic_at_small_margins, drop=("exponential_sum_loss",)
        ),
        Control("another point, dropped", turning, drop=("features_are_those_of_the_net",)),
        Control("samples that pull apart", tilted, drop=("data_are_nearly_orthogonal",)),
        Control(
            "data far from orthogonal",
            lambda: example(points=[[1, "1/2"], ["1/2", 1]]),
            outcome="vacuous",
        ),
        Control(
            "a neuron out of the pattern",
            lambda: example(weights=[[1, 1], [1, -1], [-1, 1], [-1, 1]]),
            outcome="vacuous",
        ),
        Control("slope 2", lambda: example(slope=2), outcome="vacuous"),
        Control("logistic loss", logistic, outcome="vacuous"),
        Control(
            "other points than those of the features",
            lambda: example().replace(points=[[5, 0], [0, 5]]),
            outcome="vacuous",
        ),
    ],
    survives={
        **dict.fromkeys(
            (
                "share: constant 2",
                "share: constant 10/9",
                "spread: constant 2",
                "spread: constant 10/9",
            ),
            "a larger factor is the weaker statement",
        ),
        **dict.fromkeys(
            ("relation 12: strict", "relation 13: strict"),
            "equality holds for deviations across the mean of a group, as at a symmetric start; "
            "the ball of a spectral norm only touches it",
        ),
    },
    details=details,
)  # fmt: skip
def activation_pattern_locks(case: Case, *, share: Any = 1, spread: Any = 1) -> Any:
    """The pattern of a leaky ReLU net locks, its loss weights stay close, its groups align."""
    net, over = Net(case, case.flow.position), times(0, case.horizon)
    start = Net(case, case.initial.position)
    bound = ratio(case, net) * as_fraction(share, "share")
    margins = case.flow.margins.q
    relations: list[Any] = [
        le(exp(a - b), bound, over=over) for a in margins for b in margins if a is not b
    ]
    relations.append(gt(minimum(net.pattern()), 0, over=over))
    # equal features, so that the flow moves the neurons of a group alike: w_j - w_j' is constant
    relations += [equal(a, b) for a, b in net.twins()]
    for sign in (1, -1):
        rows, first = net.group(sign), start.group(sign)
        if len(rows) < 2 or net.is_uniform(sign):
            continue  # equal rows stay equal, by their features: SR = 1, as the bound says
        centred = _centred(first)
        mean = _mean(rows)
        matrix = FromScalars(tuple(tuple(x.expression for x in row) for row in rows))
        size = sum((x**2 for x in mean), Term(sympy.S.Zero)) * len(rows)
        extra = sum((x**2 for row in centred for x in row), Term(sympy.S.Zero))
        top = spectral_norm(matrix) ** 2
        slack = 1 + as_fraction(spread, "spread") * extra / size
        relations.append(le(frobenius_squared(matrix), top * slack, over=over))
    return relations


def _mean(rows: list[list[Any]]) -> list[Any]:
    return [sum(column[1:], column[0]) / len(rows) for column in zip(*rows, strict=True)]


def _centred(rows: list[list[Any]]) -> list[list[Any]]:
    mean = _mean(rows)
    return [[x - m for x, m in zip(row, mean, strict=True)] for row in rows]
