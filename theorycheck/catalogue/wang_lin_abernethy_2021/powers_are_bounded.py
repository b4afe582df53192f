r"""Powers of heavy ball's matrix are bounded, not only asymptotically, in the complex regime.

    |A^k| <= beta^{k/2} 2 (1 + beta) / sqrt(h),      A = [[1 + beta - x, -beta], [1, 0]]
    h = 4 beta - (1 + beta - x)^2 = -(beta - (1 - sqrt x)^2) (beta - (1 + sqrt x)^2) > 0

Source       Wang, Lin & Abernethy 2021 have a bound of this form; this constant: theory B16c
Assumptions  0 <= beta <= 1, h > 0
Checked      the power k of the instance, squared
Not checked  -

`as_remembered` has sqrt(2) in place of 2. It holds for starts w_{-1} = w_0, and is wrong for
general ones, by a factor up to sqrt(2).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.claims import (
    AbstractMatrix,
    Assumption,
    Case,
    Control,
    Source,
    claim,
    constant,
    ge,
    gt,
    le,
    spectral_norm,
    substitute,
)  # fmt: skip
from theorycheck.errors import InvalidInstance
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices
from theorycheck.verdicts import VIOLATED

x, beta, k = sympy.symbols("x beta k", positive=True)

GAP = 4 * beta - (1 + beta - x) ** 2
"""h, minus the discriminant."""

BOUND_SQUARED = beta**k * 4 * (1 + beta) ** 2 / GAP


def mode_is_complex(case: Case) -> Any:
    return [ge(case.momentum, 0), le(case.momentum, 1), gt(filled(case, GAP), 0)]


def filled(case: Case, formula: Any) -> Any:
    values = {x: case.mode, beta: case.momentum, k: case.power}
    return substitute(formula, {s: v for s, v in values.items() if s in formula.free_symbols})


def power(case: Case) -> Any:
    """A^k, as a product of k matrices."""
    if case.power not in range(1, 10**4):
        raise InvalidInstance(f"power={case.power} must be a whole number from 1")
    one = constant([[1 + case.momentum - case.mode, -case.momentum], [1, 0]], "A")
    product: AbstractMatrix = one
    for _ in range(int(case.power) - 1):
        product = product @ one
    return product


def example(*, mode: Any = "1/5", momentum: Any = "9/10", power: Any = 10) -> Instance:
    return Instance(mode=mode, momentum=momentum, power=power)


def draw(choices: Choices) -> Instance:
    momentum = Fraction(choices.integer(1, 9), 10)
    return example(
        mode=choices.fraction(1, 8, 4) / 4, momentum=momentum, power=choices.integer(1, 12)
    )


REFUTING = (("1/5", "9/10", 10), ("7/5", "1/4", 1), ("1/10", "1/2", 11), ("1/20", "3/4", 8))
"""Modes, momenta and powers on which the remembered constant is too small."""


def draw_refuting(choices: Choices) -> Instance:
    mode, momentum, power = choices.pick(REFUTING)
    return example(mode=mode, momentum=momentum, power=power)


ASSUMPTIONS = [Assumption("mode_is_complex", mode_is_complex, "0 <= beta <= 1 and h > 0")]


@claim(
    source=Source("Wang, Lin & Abernethy 2021, constant proved in the notes", "", "B16c"),
    family=Family("one mode of heavy ball", draw),
    assumptions=ASSUMPTIONS,
    example=example,
    controls=[
        Control(
            "a real mode, assumption dropped",
            lambda: example(mode="1/1000"),
            drop=("mode_is_complex",),
        ),
        Control("a third of the bound", example, changes={"factor": "1/9"}),
        Control("a real mode", lambda: example(mode="1/1000"), outcome="vacuous"),
    ],
    formulas={"bound squared": BOUND_SQUARED},
    survives={
        "relation 1: strict": "equality needs |1 + z^2| = 1 + beta for an eigenvalue z, so a real "
        "one: h = 0",
    },
)
def powers_are_bounded(case: Case, *, factor: Any = 1) -> Any:
    """The k-th power of one mode's matrix is at most beta^{k/2} 2 (1 + beta) / sqrt(h)."""
    grown = spectral_norm(power(case)) ** 2  # first: it says which powers are none
    return le(grown, sympy.Rational(factor) * filled(case, BOUND_SQUARED))


@claim(
    source=Source("Wang, Lin & Abernethy 2021, as remembered", "", "B16c"),
    family=Family("modes that refute the remembered constant", draw_refuting),
    assumptions=ASSUMPTIONS,
    example=example,
    controls=[
        Control("a real mode", lambda: example(mode="1/1000"), outcome="vacuous"),
    ],
    expected=VIOLATED,
)
def as_remembered(case: Case) -> Any:
    """The bound with sqrt(2) (1 + beta) / sqrt(h), which general starts violate."""
    return le(spectral_norm(power(case)) ** 2, filled(case, BOUND_SQUARED) / 2)
