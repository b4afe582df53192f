r"""Modes of Nesterov's ODE are Bessel functions, elementary for even frictions.

    y = Gamma(nu + 1) (2 / z)^nu J_nu(z),      z = t sqrt(l), nu = (alpha - 1) / 2
    alpha = 2: sin(z) / z,      alpha = 4: 3 (sin z - z cos z) / z^3

Source       Su, Boyd & Candes 2016; theory B14
Assumptions  one mode l > 0, a time > 0
Checked      the solution against both elementary forms, to 10^-15, at the instance's time
Not checked  equality: balls cannot
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
    equal,
    gt,
    le,
    norm,
    substitute,
)
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices
from theorycheck.problems.kernel_model import kernel_error

z = sympy.Symbol("z", positive=True)

ELEMENTARY = {
    2: sympy.sin(z) / z,
    4: 3 * (sympy.sin(z) - z * sympy.cos(z)) / z**3,
}
"""The mode of eigenvalue 1 by its friction."""

CLOSE = sympy.Rational(1, 10**15)


def mode_is_positive(case: Case) -> Any:
    return [gt(case.kernel_matrix[0][0], 0), gt(case.moment, 0)]


def one_mode_from_one(case: Case) -> Any:
    return [equal(len(case.kernel_matrix), 1), equal(kernel_error(case.instance)[0], 1)]


ONE_MODE = Assumption("one_mode_from_one", one_mode_from_one, "one mode, D(0) = 1")


def example(*, value: Any = 1, moment: Any = 2) -> Instance:
    """L = 1, t = 2: sin(2) / 2 and 0.653096662469987426021683621842 (theory B14)."""
    return Instance(kernel_matrix=[[value]], error=[1], moment=moment)


def draw(choices: Choices) -> Instance:
    return example(
        value=Fraction(choices.integer(1, 16), 4), moment=Fraction(choices.integer(1, 200), 4)
    )


@claim(
    source=Source("Su, Boyd & Candes 2016, closed form", "arXiv 1503.01243", "B14"),
    family=Family("one mode of Nesterov's ODE", draw),
    assumptions=[ONE_MODE, Assumption("mode_is_positive", mode_is_positive, "l > 0 and t > 0")],
    example=example,
    controls=[
        Control("frictions one larger", example, changes={"shift": 1}),
        Control("a mode 0", lambda: example(value=0), outcome="vacuous"),
        Control("D(0) = 2", lambda: example().replace(error=[2]), outcome="vacuous"),
        Control(
            "D(0) = 2, any start", lambda: example().replace(error=[2]), drop=("one_mode_from_one",)
        ),
    ],
    proof="proofs.su_boyd_candes_2016.modes_are_bessel_functions",
    formulas={f"friction {alpha}": formula for alpha, formula in ELEMENTARY.items()},
    survives={
        **dict.fromkeys(
            (
                "relation 1: tightened 1/2",
                "relation 1: tightened 9/10",
                "relation 1: strict",
                "relation 2: tightened 1/2",
                "relation 2: tightened 9/10",
                "relation 2: strict",
            ),
            "both sides agree: every distance above 0 is true",
        ),
        "mode_is_positive: dropped": "at z = 0 the elementary forms are 0/0; for t < 0 there is "
        "no flow",
    },
)
def modes_are_bessel_functions(case: Case, *, shift: Any = 0) -> Any:
    """A mode of Nesterov's ODE with friction 2 or 4 is an elementary function."""
    moment = sympy.Rational(case.moment)
    place = moment * sympy.sqrt(sympy.Rational(case.kernel_matrix[0][0]))
    relations = []
    for alpha, formula in ELEMENTARY.items():
        mode = case.kernel.nesterov(alpha + shift).error.at(moment)[0, 0]
        relations.append(le(norm(mode - substitute(formula, {z: place})), CLOSE))
    return relations
