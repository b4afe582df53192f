r"""The modified margin of a nearly 2-homogeneous softplus net does not decrease along its flow.

    q_i = y_i (sum_j a_j log(1 + e^{<w_j, x_i>}) + <c, x_i>),   theta = (w, a, c),  rho = |theta|
    |<h_i, theta> - 2 q_i| <= p'(rho) = (sqrt(m) log 2 + max |x_i|) rho,    p_a(x) = p'(x)
    phi = alpha - p_a(rho) > 0   implies, in the time ds = Lambda dt with g = sum_i p_i h_i,
    rho' > 0   and   d/ds log(phi / rho^2) >= |g|^2 (1 - beta^2) / phi >= 0

Source       Cai et al. 2025, arXiv 2502.16075; margin theorem reconstructed: theory C11
Assumptions  exponential loss; strong separability phi > 0 at the point
Checked      Euler defect, growth of rho and of the modified margin at a point
Not checked  flows, and the asymptotic statements
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import sympy
from sympy import Expr, Rational

from theorycheck.claims import Assumption, Case, Control, Source, Term, claim, gt, le, named
from theorycheck.errors import InvalidInstance
from theorycheck.problems import Choices, Family, Instance

SOURCE = Source("Cai et al. 2025, margin theorem (reconstructed)", "arXiv 2502.16075", "C11")
ORDER = 2

order, phi, rho, radial, speed, drift = sympy.symbols(r"M \phi \rho \dot\rho v \sigma", real=True)

RATE = speed / phi - drift * radial / phi - order * radial / rho
"""d/ds log(phi / rho^M) with speed |g|^2 and drift p_a'."""

DIRECTION = (speed - radial**2) / phi
"""|g|^2 (1 - beta^2) / phi."""


class SoftplusNet:
    """The quantities of the statement as exact expressions of the instance's rationals."""

    def __init__(self, case: Case) -> None:
        self.units = [[_rational(x) for x in w] for w in case.hidden]
        self.heights = [_rational(a) for a in case.outer]
        self.linear = [_rational(c) for c in case.linear]
        if any(y not in (1, -1) for y in case.labels):
            raise InvalidInstance(f"labels={list(case.labels)} must be 1 and -1")
        sizes = {len(w) for w in self.units} | {len(self.linear), len(case.inputs)}
        counts = {len(row) for row in case.inputs} | {len(case.labels)}
        if len(sizes) > 1 or len(counts) > 1 or len(self.units) != len(self.heights):
            raise InvalidInstance(
                "hidden needs one row of d numbers for each number of outer, linear d numbers, "
                "inputs d rows of one number for each label"
            )
        columns = list(zip(*case.inputs, strict=True))
        self.samples = [
            ([_rational(x) for x in column], int(y))
            for column, y in zip(columns, case.labels, strict=True)
        ]
        self.position = [x for w in self.units for x in w] + self.heights + self.linear

    def margin(self, i: int) -> Expr:
        x, y = self.samples[i]
        units = zip(self.heights, self.units, strict=True)
        total = sum(a * sympy.log(1 + sympy.exp(_dot(w, x))) for a, w in units)
        return _named(y * (total + _dot(self.linear, x)), f"q_{{{i + 1}}}")

    def gradient(self, i: int) -> list[Expr]:
        x, y = self.samples[i]
        scores = [_dot(w, x) for w in self.units]
        by_hidden = [
            y * a / (1 + sympy.exp(-z)) * xk
            for a, z in zip(self.heights, scores, strict=True) for xk in x
        ]  # fmt: skip
        by_outer = [y * sympy.log(1 + sympy.exp(z)) for z in scores]
        whole = [*by_hidden, *by_outer, *(y * xk for xk in x)]
        return [_named(h, f"h_{{{i + 1},{k + 1}}}") for k, h in enumerate(whole)]

    def defect(self, i: int) -> Expr:
        """<h_i, theta> - 2 q_i"""
        return _dot(self.gradient(i), self.position) - ORDER * self.margin(i)

    @property
    def rho(self) -> Expr:
        return _named(sympy.sqrt(_dot(self.position, self.position)), r"\rho")

    @property
    def constant(self) -> Expr:
        """p'(rho) / rho = sqrt(m) log 2 + max |x_i|, which is p_a'."""
        longest = max(_dot(x, x) for x, _ in self.samples)
        value = sympy.sqrt(len(self.units)) * sympy.log(2) + sympy.sqrt(longest)
        return _named(value, "c")

    @property
    def alpha(self) -> Expr:
        """-log sum_i e^{-q_i}; a single margin itself."""
        margins = [self.margin(i) for i in range(len(self.samples))]
        first, *rest = margins
        return first - sympy.log(1 + sum(sympy.exp(first - q) for q in rest)) if rest else first

    def phi(self, share: Any = 1) -> Expr:
        return self.alpha - share * self.constant * self.rho

    def velocity(self) -> list[Expr]:
        """G = sum_i p_i h_i."""
        margins = [self.margin(i) for i in range(len(self.samples))]
        weights = [
            _named(1 / sum((sympy.exp(q - k) for k in margins), sympy.S.Zero), f"p_{{{i + 1}}}")
            for i, q in enumerate(margins)
        ]
        gradients = [self.gradient(i) for i in range(len(margins))]
        return [
            sum((p * h[k] for p, h in zip(weights, gradients, strict=True)), sympy.S.Zero)
            for k in range(len(self.position))
        ]

    def values(self) -> dict[Expr, Expr]:
        g, length = self.velocity(), self.rho
        return {
            order: sympy.Integer(ORDER),
            phi: _named(self.phi(), r"\phi"),
            rho: length,
            drift: self.constant,
            radial: _named(_dot(g, self.position) / length, r"\dot\rho"),
            speed: _named(_dot(g, g), r"\left\|g\right\|^2"),
        }


def _rational(x: Fraction) -> Expr:
    return Rational(x.numerator, x.denominator)


def _named(expression: Expr, name: str) -> Expr:
    return named(expression, name).expression


def _dot(a: Sequence[Any], b: Sequence[Any]) -> Expr:
    return sum((x * y for x, y in zip(a, b, strict=True)), sympy.S.Zero)


def _strongly_separated(case: Case) -> Any:
    return gt(Term(SoftplusNet(case).phi()), 0)


strongly_separated = Assumption(
    "strongly_separated", _strongly_separated, "alpha exceeds p_a(rho): phi > 0"
)


def scalar(*, hidden: Any = 8, outer: Any = 8, linear: Any = 1) -> Instance:
    """One unit, one sample x = 1: vector TV10."""
    return Instance(hidden=[[hidden]], outer=[outer], linear=[linear], inputs=[[1]], labels=[1])


def small() -> Instance:
    return scalar(hidden=1, outer=1)


def leaning() -> Instance:
    """The linear part outweighs the unit on long samples: the defect is 0.983 of its bound."""
    return Instance(
        hidden=[[1]], outer=[1], linear=[10], inputs=[[100, 100, 100]], labels=[1, 1, 1]
    )  # fmt: skip


ATTAINED = (
    "the bound adds those of the units, by |a|, and of the linear part, by |c|, which cannot both "
    "be rho: equality needs samples that are 0, and there alpha <= sqrt(m) log 2 |a| <= p_a(rho)"
)
"""Why the bound of the defect is strict."""


def drawn(choices: Choices) -> Instance:
    """One or two units of some size on one to three samples; labels are the signs of outputs."""
    units, inputs = choices.integer(1, 2), choices.integer(1, 2)
    count, scale = choices.integer(1, 3), choices.integer(4, 9)
    hidden = [[scale * choices.fraction(1, 2, 2) for _ in range(inputs)] for _ in range(units)]
    return Instance(
        hidden=hidden,
        outer=[scale * choices.fraction(1, 2, 2) for _ in range(units)],
        linear=[choices.fraction(-1, 1, 2) for _ in range(inputs)],
        inputs=[[choices.fraction(1, 2, 2) for _ in range(count)] for _ in range(inputs)],
        labels=[1] * count,
    )


def details(case: Case) -> dict[str, Any]:
    net = SoftplusNet(case)
    values = net.values()
    return {
        "margin q_1": Term(net.margin(0)),
        "Euler defect of sample 1": Term(net.defect(0)),
        "bound of the defect": Term(net.constant * net.rho),
        "phi": Term(values[phi]),
        "phi / rho^2": Term(values[phi] / values[rho] ** 2),
        "d/ds log(phi / rho^2)": Term(RATE.xreplace(values)),
        "its lower bound": Term(DIRECTION.xreplace(values)),
    }


@claim(
    source=SOURCE,
    family=Family("softplus nets", drawn),
    assumptions=[strongly_separated],
    example=scalar,
    controls=[
        Control("a twentieth of the defect's bound", scalar, changes={"share": Rational(1, 20)}),
        Control("0.98 of the defect's bound", leaning, changes={"share": Rational(49, 50)}),
        Control("a faster growth", scalar, changes={"faster": 1}),
        Control("not strongly separated", small, outcome="vacuous"),
    ],
    proof="proofs.cai_2025.near_homogeneous_margin",
    formulas={"rate": RATE, "direction": DIRECTION},
    details=details,
    survives={
        "relation 2: strict": f"equality needs a defect that attains its bound: {ATTAINED}",
        "relation 3: strict": ATTAINED,
    },
)
def modified_margin_grows(case: Case, *, share: Any = 1, faster: Any = 0) -> Any:
    """The modified margin of a softplus net with a linear part does not decrease."""
    net = SoftplusNet(case)
    values = net.values()
    bound = share * net.constant * net.rho
    defects = [
        le(abs(named(net.defect(i), rf"\epsilon_{{{i + 1}}}")), bound)
        for i in range(len(net.samples))
    ]
    rate, direction = RATE.xreplace(values), DIRECTION.xreplace(values)
    return [gt(Term(values[radial]), 0), le(Term(direction + faster), Term(rate)), *defects]
