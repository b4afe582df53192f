r"""Forward and backward moments of a randomly initialised net are products over its layers.

    linear   E ||W_{n:1} x||^2 = ||x||^2 prod_j d_j s_j^2
             E ||W_{n:1} x||^4 = ||x||^4 prod_j s_j^4 d_j (d_j + 2)
    ReLU     hidden factors d_j s_j^2 / 2 and s_j^4 d_j (d_j + 5) / 4, last layer as above
    linear   E ||G_j||_F^2 = ||g||_F^2 prod_{l>j} d_{l-1} s_l^2 prod_{l<j} d_l s_l^2
             E ||S_{jk}||_F^2 = ||g||_F^2 prod_{l>k} d_{l-1} s_l^2 prod_{l<j} d_l s_l^2
                                d_j prod_{j<l<k} d_l s_l^2     (Hessian block, phi linear, j < k)

for independent entries N(0, s_j^2) of W_j, fixed x and a fixed outer gradient g.

Source       Orvieto et al. 2021 (qualitative); exact moments: theory A27
Assumptions  none
Checked      both sides exactly: the left one by expanding the polynomial and taking Gaussian
             moments monomial by monomial
Not checked  E ln ||W y||^2 (digamma); ReLU gradients; other laws of the entries
See also     theorycheck/symbolic/gaussian.py, the means
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import prod
from typing import Any

import sympy

from theorycheck.claims import Case, Control, Source, claim, equal
from theorycheck.networks import DeepLinear
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices
from theorycheck.symbolic.gaussian import gaussian_mean

width, before, s, squared, factor = sympy.symbols(r"d_j d_{j-1} s_j \|x\|^2 c", positive=True)

SECOND = width * s**2
"""What a layer does to E ||.||^2 going forward."""

FOURTH = s**4 * width * (width + factor)
"""What a layer does to E ||.||^4; c = 2."""

SECOND_RELU = width * s**2 / 2
FOURTH_RELU = s**4 * width * (width + factor) / 4
"""The same for a hidden ReLU layer; c = 5."""

BACKWARD = before * s**2
"""What a layer does to E ||.||^2 going backward."""


def number(value: Any) -> sympy.Rational:
    exact = Fraction(value)
    return sympy.Rational(exact.numerator, exact.denominator)


def at_layer(formula: sympy.Expr, case: Case, j: int, constant: Any = 0) -> sympy.Expr:
    """A formula with the widths and the scale of layer j."""
    widths = case.network.widths
    return formula.xreplace({
        width: sympy.Integer(widths[j]), before: sympy.Integer(widths[j - 1]),
        s: number(case.scales[j - 1]), factor: number(constant),
    })  # fmt: skip


def random_layer(case: Case, j: int) -> tuple[sympy.Matrix, dict[sympy.Expr, sympy.Expr]]:
    """W_j as symbols, and the variances of its entries."""
    rows, columns = case.network.shapes[j - 1]
    entries = sympy.Matrix(rows, columns, sympy.symbols(f"w{j}_:{rows * columns}"))
    return entries, dict.fromkeys(list(entries), number(case.scales[j - 1]) ** 2)


def mean_power(case: Case, power: int, *, rectified: bool = False) -> sympy.Expr:
    """E ||W_n r(W_{n-1} ... r(W_1 x))||^power, r the identity or max(., 0), from the last layer.

    The rows of a layer are independent given its input v, and W v has normal entries of variance
    s^2 ||v||^2: so a mean over W is one over them, and a polynomial in ||v||^2.
    """
    depth, total = case.network.depth, sympy.S.One
    z = sympy.symbols(f"z:{max(case.network.widths)}")
    for j in range(depth, 0, -1):
        rows = z[: case.network.widths[j]]
        variance = number(case.scales[j - 1]) ** 2
        mean = gaussian_mean(
            sum(x**2 for x in rows) ** (power // 2),
            dict.fromkeys(rows, variance),
            rectified=rectified and j < depth,
        )
        total = total * mean
    length = sum((number(x) ** 2 for x in case.input), sympy.S.Zero)
    return total * length ** (power // 2)


def mean_square(matrix: sympy.Matrix, variances: dict[sympy.Expr, sympy.Expr]) -> sympy.Expr:
    """E of the sum of squared entries."""
    return gaussian_mean(sum((x**2 for x in matrix), sympy.S.Zero), variances)


def chain(case: Case, high: int, low: int) -> tuple[sympy.Matrix, dict[sympy.Expr, sympy.Expr]]:
    """W_high ... W_low as symbols, and all variances."""
    product = sympy.eye(case.network.widths[low - 1])
    variances: dict[sympy.Expr, sympy.Expr] = {}
    for j in range(low, high + 1):
        layer, its = random_layer(case, j)
        product, variances = layer * product, {**variances, **its}
    return product, variances


def example(*, scale: Any = "7/10") -> Instance:
    """Widths 2, 3, 4, 2, s = 7/10 and a unit input (theory A27, vector)."""
    return Instance(
        network=DeepLinear((2, 3, 4, 2)), scales=[scale] * 3, input=["3/5", "4/5"],
        outer=[[1, 0], ["1/2", -1]],
    )  # fmt: skip


def small(*, depth: int = 3) -> Instance:
    return Instance(
        network=DeepLinear((1, 2, 1, 2)[: depth + 1]), scales=[1, "1/2", 2][:depth], input=[1],
        outer=[[1]] * (2, 1, 2)[depth - 1],
    )  # fmt: skip


def draw(choices: Choices) -> Instance:
    widths = [choices.integer(1, 2) for _ in range(choices.integer(1, 3) + 1)]
    return Instance(
        network=DeepLinear(tuple(widths)),
        scales=[Fraction(choices.integer(1, 6), 4) for _ in widths[1:]],
        input=[choices.fraction(-2, 2, 3) for _ in range(widths[0])],
        outer=[[choices.fraction(-2, 2, 2) for _ in range(widths[0])] for _ in range(widths[-1])],
    )


SOURCE = Source("Orvieto et al. 2021, exact moments", "arXiv 2106.03763", "A27")
FAMILY = Family("random initialisations", draw)


@claim(
    source=SOURCE,
    family=FAMILY,
    example=example,
    controls=[
        Control("d (d + 1)", example, changes={"linear": 1}),
        Control("ReLU: d (d + 4) / 4", example, changes={"relu": 4}),
    ],
    formulas={"second": SECOND, "fourth": FOURTH, "ReLU, fourth": FOURTH_RELU},
)
def forward_moments_are_products(case: Case, *, linear: Any = 2, relu: Any = 5) -> Any:
    """Second and fourth moments of the output are products over the layers."""
    depth, hidden = case.network.depth, range(1, case.network.depth)
    length = sum((number(x) ** 2 for x in case.input), sympy.S.Zero)
    every = range(1, depth + 1)
    last_second = at_layer(SECOND, case, depth)
    last_fourth = at_layer(FOURTH, case, depth, linear)
    fourth = [at_layer(FOURTH_RELU, case, j, relu) for j in hidden]
    return [
        equal(mean_power(case, 2), length * prod(at_layer(SECOND, case, j) for j in every)),
        equal(
            mean_power(case, 4),
            length**2 * prod(at_layer(FOURTH, case, j, linear) for j in every),
        ),
        equal(
            mean_power(case, 2, rectified=True),
            length * prod((at_layer(SECOND_RELU, case, j) for j in hidden), start=last_second),
        ),
        equal(mean_power(case, 4, rectified=True), length**2 * prod(fourth, start=last_fourth)),
    ]


@claim(
    source=SOURCE,
    family=FAMILY,
    example=small,
    controls=[Control("gradients a tenth larger", small, changes={"share": Fraction(11, 10)})],
    formulas={"forward": SECOND, "backward": BACKWARD},
)
def backward_moments_are_products(case: Case, *, share: Any = 1) -> Any:
    """Mean squares of gradients and of off-diagonal Hessian blocks are products over the layers."""
    depth, widths = case.network.depth, case.network.widths
    outer = sympy.Matrix([[number(x) for x in row] for row in case.outer])
    size = number(share) * sum((x**2 for x in outer), sympy.S.Zero)

    def forward(low: int, high: int) -> Any:
        return prod((at_layer(SECOND, case, j) for j in range(low, high + 1)), start=size**0)

    def backward(low: int) -> Any:
        return prod((at_layer(BACKWARD, case, j) for j in range(low, depth + 1)), start=size**0)

    relations = []
    for j in range(1, depth + 1):
        (above, its), (below, others) = chain(case, depth, j + 1), chain(case, j - 1, 1)
        mean = mean_square(above.T * outer * below.T, {**its, **others})
        relations.append(equal(mean, size * backward(j + 1) * forward(1, j - 1)))
    for j, k in combinations(range(1, depth + 1), 2):
        (above, its), (below, others) = chain(case, depth, k + 1), chain(case, j - 1, 1)
        between, inner = chain(case, k - 1, j + 1)
        mean = mean_square(below * outer.T * above, {**its, **others}) * mean_square(between, inner)
        around = backward(k + 1) * forward(1, j - 1)
        relations.append(equal(mean, size * around * widths[j] * forward(j + 1, k - 1)))
    return relations
