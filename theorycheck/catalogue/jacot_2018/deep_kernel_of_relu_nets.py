r"""The tangent kernel of deep ReLU nets grows with the cosine of the inputs.

    Sigma^h = kappa_1(Sigma^{h-1}),   Theta^h = Theta^{h-1} kappa_0(Sigma^{h-1}) + Sigma^h
    kappa_0(c) = (pi - acos c) / pi,      kappa_1(c) = (sqrt(1 - c^2) + c (pi - acos c)) / pi

with Sigma^0 = Theta^0 = c, so that Theta^1 is twice the kernel of both layers.
At c = 1 it is L + 1, and Theta^L is increasing on [0, 1].

Source       Jacot, Gabriel & Hongler 2018; Arora et al. 2019; theory B2, B5
Assumptions  0 <= c < d <= 1
Checked      Theta^L(c) < Theta^L(d) <= L + 1
Not checked  negative cosines, where Theta^L is not monotone; nets of finite width
"""

from __future__ import annotations

from typing import Any

import sympy

from theorycheck.claims import Assumption, Case, Control, Source, claim, ge, le, lt, named
from theorycheck.claims.terms import expression_of
from theorycheck.errors import InvalidInstance
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices

DEEPEST = 10
"""Deeper, the nested terms take minutes; `kernels.deep_kernel` encloses any depth."""


def kappa_zero(c: Any) -> Any:
    return (sympy.pi - sympy.acos(c)) / sympy.pi


def kappa_one(c: Any) -> Any:
    return (sympy.sqrt(1 - c**2) + c * (sympy.pi - sympy.acos(c))) / sympy.pi


def theta(c: Any, depth: int) -> Any:
    """Theta^depth at the cosine c."""
    sigma = total = c
    for h in range(1, depth + 1):
        slope, sigma = kappa_zero(sigma), _named(kappa_one(sigma), rf"\Sigma^{h}({c})")
        total = total * slope + sigma
    return total


def _named(value: Any, name: str) -> Any:
    """A layer's covariance under a name, that expressions grow with the depth and not its power."""
    return value if value.is_Rational else expression_of(named(value, name))


def cosines_are_ordered(case: Case) -> Any:
    return [ge(case.cosine, 0), lt(case.cosine, case.larger), le(case.larger, 1)]


def example(*, cosine: Any = "1/4", larger: Any = "1/2", depth: Any = 2) -> Instance:
    return Instance(cosine=cosine, larger=larger, depth=depth)


def draw(choices: Choices) -> Instance:
    cosine = choices.fraction(0, 1, 9) / 2
    larger = cosine + choices.fraction(1, 2, 5) / 5
    return example(cosine=cosine, larger=larger, depth=choices.integer(1, 2))


@claim(
    source=Source("Jacot, Gabriel & Hongler 2018; Arora et al. 2019", "arXiv 1806.07572", "B5"),
    family=Family("two cosines and a depth", draw),
    assumptions=[Assumption("cosines_are_ordered", cosines_are_ordered, "0 <= c < d <= 1")],
    example=example,
    controls=[
        Control("at most L", lambda: example(larger="99/100"), changes={"surplus": 0}),
        Control("cosines in the wrong order", lambda: example(larger="1/8"), outcome="vacuous"),
        Control(
            "a negative cosine, assumption dropped",
            lambda: example(cosine=-1, larger="-9/10", depth=1),
            drop=("cosines_are_ordered",),
        ),
    ],
)
def deep_kernel_of_relu_nets(case: Case, *, surplus: Any = 1) -> Any:
    """The tangent kernel of deep ReLU nets increases with the cosine, up to L + 1."""
    if case.depth not in range(1, DEEPEST + 1):
        raise InvalidInstance(f"depth={case.depth} must be a whole number from 1 to {DEEPEST}")
    depth = int(case.depth)
    c, d = sympy.Rational(case.cosine), sympy.Rational(case.larger)
    return [
        lt(theta(c, depth), theta(d, depth)),
        le(theta(d, depth), depth + surplus),
    ]
