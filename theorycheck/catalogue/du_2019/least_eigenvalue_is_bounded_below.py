r"""The first-layer kernel is definite at least by an explicit amount, if no inputs are parallel.

    lambda_min(H) >= (1 / 2 pi) [ pi/2 - S_K - (n - 1) (rb asin(rb) - T_K) ],      K >= 0
    S_K = sum_{k<K} c_k,   T_K = sum_{k<K} c_k rb^{2k+2},   c_k = (2k)! / (4^k (k!)^2 (2k + 1))

for unit inputs with |x_i.x_j| <= rb < 1; add max(lambda_min(G), 0) / 4 for the linear part.

Source       theory B3 (Schur: every Hadamard power of G is positive semidefinite; Gershgorin; Weyl)
Assumptions  unit inputs, no two of them parallel or antiparallel; the first layer's kernel
Checked      for the K of the instance, with the linear part
Not checked  n = 2 with rb = x_1.x_2: both sides are equal, which no ball decides
See also     kernels.least_eigenvalue_bound, which searches the best K
"""

from __future__ import annotations

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
    gt,
    lambda_min,
    le,
    lt,
    maximum,
)  # fmt: skip
from theorycheck.kernels.inputs import dot
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices
from theorycheck.problems.kernel_instances import sphere_point, three_inputs

rb = sympy.Symbol("rho", positive=True)


def coefficient(k: int) -> Any:
    """c_k, of asin(x) = sum c_k x^{2k+1}."""
    return sympy.binomial(2 * k, k) / (4**k * (2 * k + 1))


def tail(count: int) -> Any:
    """The diagonal, and one off-diagonal entry, of the terms k >= K, times 2 pi."""
    diagonal = sympy.pi / 2 - sum(coefficient(k) for k in range(count))
    off = rb * sympy.asin(rb) - sum(coefficient(k) * rb ** (2 * k + 2) for k in range(count))
    return diagonal, off


def largest_cosine(case: Case) -> Any:
    inputs = case.inputs
    return max((abs(dot(x, y)) for i, x in enumerate(inputs) for y in inputs[:i]), default=0)


def first_layer_is_trained(case: Case) -> Any:
    return equal(int(getattr(case.instance, "layers", "first") == "first"), 1)


def inputs_are_unit(case: Case) -> Any:
    return [equal(dot(x, x), 1) for x in case.inputs]


def inputs_are_not_parallel(case: Case) -> Any:
    return [lt(largest_cosine(case), 1), gt(len(case.inputs), 2)]


def example(*, terms: Any = 4) -> Instance:
    return three_inputs(terms=terms)


def duplicate() -> Instance:
    return example().replace(inputs=[(1, 0), (1, 0), (0, 1)])


def second_layer() -> Instance:
    """Orthogonal inputs: lambda_min is 1/2 - 1/(2 pi) = 0.34..., and the bound for K = 0 is 1/2."""
    axes = [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    return example(terms=0).replace(inputs=axes, layers="second")


def short() -> Instance:
    """Orthogonal inputs of norm 1/2: lambda_min is 1/8, and the bound for K = 0 is 5/16."""
    return (
        second_layer()
        .without("layers")
        .replace(inputs=[("1/2", 0, 0), (0, "1/2", 0), (0, 0, "1/2")])
    )


def draw(choices: Choices) -> Instance:
    points = [choices.fraction(-2, 2, 2) for _ in range(3)]
    return example(terms=choices.integer(0, 6)).replace(inputs=[sphere_point(t) for t in points])


@claim(
    source=Source("theory notes, own corollary", "", "B3"),
    family=Family("three unit inputs in the plane", draw),
    assumptions=[
        Assumption("first_layer_is_trained", first_layer_is_trained, "H is the first layer's"),
        Assumption("inputs_are_unit", inputs_are_unit, "|x_i| = 1"),
        Assumption(
            "inputs_are_not_parallel",
            inputs_are_not_parallel,
            "n >= 3 and no two inputs are parallel or antiparallel",
        ),
    ],
    example=example,
    controls=[
        Control("inputs of norm 1/2, assumption dropped", short, drop=("inputs_are_unit",)),
        Control("shifted up by 1/4", example, changes={"shift": "1/4"}),
        Control("duplicate inputs", duplicate, outcome="vacuous"),
        Control("the second layer's kernel", second_layer, outcome="vacuous"),
        Control(
            "the second layer's kernel, assumption dropped",
            second_layer,
            drop=("first_layer_is_trained",),
        ),
    ],
    survives={
        "inputs_are_not_parallel: dropped": "at rb = 1 the bracket is (2 - n)(pi/2 - S_K) <= 0 "
        "and lambda_min(G) = 0: true; so it is for n = 1, 2",
    },
)
def least_eigenvalue_is_bounded_below(case: Case, *, shift: Any = 0) -> Any:
    """The least eigenvalue of the first-layer kernel has an explicit lower bound."""
    products = [[dot(x, y) for y in case.inputs] for x in case.inputs]
    linear = maximum([lambda_min(constant(products, "G")), 0]) / 4
    diagonal, off = tail(int(case.terms))
    cosine = sympy.Rational(largest_cosine(case))
    bracket = (diagonal - (len(products) - 1) * off.subs(rb, cosine)) / (2 * sympy.pi)
    return le(linear + bracket + sympy.Rational(shift), lambda_min(case.kernel.matrix))
