r"""The spectral radii of tuned methods on quadratics with eigenvalues in [mu, L], kappa = L / mu.

    gradient descent  eta = 2/(mu + L)                                     (kappa - 1)/(kappa + 1)
    heavy ball        eta = 4/(sqrt L + sqrt mu)^2, sqrt beta = rho        (s - 1)/(s + 1)
    Nesterov          eta = 1/L,          beta = (s - 1)/(s + 1)           1 - 1/s
    Nesterov, best    eta = 4/(3L + mu),  beta = (v - 2)/(v + 2)           1 - 2/v

with s = sqrt(kappa), v = sqrt(3 kappa + 1). In units of mu = 1, a mode l in [1, kappa] has the
polynomial z^2 - p z + q with p, q of x = eta l, and its roots are in |z| <= rho if and only if
q <= rho^2 and |p| rho <= rho^2 + q (Jury). At the worst mode rho, or -rho, is a root.

Source       recalled in Wang, Lin & Abernethy 2021 and many before; theory B16
Assumptions  kappa > 1, 1 <= l <= kappa
Checked      Jury's inequalities at the mode of the instance; that the radius is attained, exactly
Not checked  |D_k| <= C rho^k, which is false for heavy ball and Nesterov: rho is a double root
See also     theorycheck.kernels: `radius` of an iteration, enclosed for any tuning
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy
from sympy import Expr, Integer, radsimp, sqrt

from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    claim,
    equal,
    ge,
    gt,
    le,
)  # fmt: skip
from theorycheck.errors import InvalidInstance
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices

kappa, x, beta = sympy.symbols("kappa x beta", positive=True)


@dataclass(frozen=True)
class Tuning:
    """A method's polynomial z^2 - trace z + product of a mode x, and its tuning, for mu = 1.

    Parameters
    ----------
    trace, product : in x and beta
    step_size, momentum, radius : in kappa
    signs : the radius times these are roots, at the modes 1 and kappa; None where it is smaller
    """

    trace: Expr
    product: Expr
    step_size: Expr
    momentum: Expr
    radius: Expr
    signs: tuple[int | None, int | None]

    def coefficients(self, condition: Any, mode: Any) -> tuple[Expr, Expr]:
        """Give p and q of a mode l, as a + b sqrt(d), in which equality is that of a and b."""
        number, place = sympy.Rational(condition), sympy.Rational(mode)
        values = {x: self.step_size.subs(kappa, number) * place,
                  beta: self.momentum.subs(kappa, number)}  # fmt: skip
        return radsimp(self.trace.subs(values)), radsimp(self.product.subs(values))


ROOT, LONG = sqrt(kappa), sqrt(3 * kappa + 1)
RATIO = (ROOT - 1) / (ROOT + 1)
NESTEROV = ((1 + beta) * (1 - x), beta * (1 - x))

TUNINGS = {
    "GD": Tuning(
        1 - x, Integer(0), 2 / (1 + kappa), Integer(0), (kappa - 1) / (kappa + 1), (1, -1)
    ),
    "HB": Tuning(1 + beta - x, beta, 4 / (ROOT + 1) ** 2, RATIO**2, RATIO, (1, -1)),
    "NAG": Tuning(*NESTEROV, 1 / kappa, RATIO, 1 - 1 / ROOT, (1, None)),
    "NAG*": Tuning(*NESTEROV, 4 / (3 * kappa + 1), (LONG - 2) / (LONG + 2), 1 - 2 / LONG, (1, -1)),
}  # fmt: skip
"""At kappa = 10 the radii are 0.8181..., 0.51949385329..., 0.68377223398..., 0.64078939594..."""


def tuning(case: Case) -> Tuning:
    if case.method not in TUNINGS:
        raise InvalidInstance(f"method={case.method!r} must be one of {', '.join(TUNINGS)}")
    return TUNINGS[case.method]


def radius(case: Case, factor: Any) -> Expr:
    found = tuning(case).radius.subs(kappa, sympy.Rational(case.condition_number))
    return sympy.Rational(factor) * radsimp(found)


def mode_is_in_the_spectrum(case: Case) -> Any:
    number = case.condition_number
    return [gt(number, 1), ge(case.mode, 1), le(case.mode, number)]


def example(*, method: str = "HB", condition_number: Any = 10, mode: Any = 3) -> Instance:
    return Instance(method=method, condition_number=condition_number, mode=mode)


def draw(choices: Choices) -> Instance:
    number = choices.pick((2, 4, 10, 25, 100))
    share = Fraction(choices.integer(1, 7), 8)
    method = choices.pick(("GD", "HB", "NAG", "NAG*"))
    return example(method=method, condition_number=number, mode=1 + share * (number - 1))


SOURCE = Source("recalled in Wang, Lin & Abernethy 2021, section 2", "", "B16")
ASSUMPTIONS = [
    Assumption("mode_is_in_the_spectrum", mode_is_in_the_spectrum, "kappa > 1, 1 <= l <= kappa")
]
FORMULAS = {f"radius, {name}": tuned.radius for name, tuned in TUNINGS.items()}


@claim(
    source=SOURCE,
    family=Family("tuned methods and modes", draw),
    assumptions=ASSUMPTIONS,
    example=example,
    controls=[
        Control("9/10 of the radius", example, changes={"factor": "9/10"}),
        Control("a mode above L", lambda: example(mode=11), outcome="vacuous"),
        Control(
            "a mode above L, assumption dropped",
            lambda: example(mode=40),
            drop=("mode_is_in_the_spectrum",),
        ),
    ],
    proof="proofs.wang_lin_abernethy_2021.tuned_radii",
    formulas=FORMULAS,
)
def tuned_radius_bounds_every_mode(case: Case, *, factor: Any = 1) -> Any:
    """Both roots of every mode lie within the tuned method's stated radius."""
    p, q = tuning(case).coefficients(case.condition_number, case.mode)
    rho = radius(case, factor)
    return [le(q, rho**2), le(p * rho, rho**2 + q), le(-p * rho, rho**2 + q)]


@claim(
    source=SOURCE,
    family=Family("tuned methods", draw),
    assumptions=ASSUMPTIONS,
    example=example,
    controls=[Control("9/10 of the radius", example, changes={"factor": "9/10"})],
    proof="proofs.wang_lin_abernethy_2021.tuned_radii",
    formulas=FORMULAS,
    survives={
        "mode_is_in_the_spectrum: dropped": "an identity in kappa > 0, which the mode of the "
        "instance does not enter",
    },
)
def tuned_radius_is_attained(case: Case, *, factor: Any = 1) -> Any:
    """The stated radius is that of the worst mode: it, or its negative, is a root there."""
    tuned, number, rho = tuning(case), case.condition_number, radius(case, factor)
    relations = []
    for mode, sign in zip((1, number), tuned.signs, strict=True):
        if sign is not None:
            p, q = tuned.coefficients(number, mode)
            relations.append(equal(rho**2 - sign * p * rho + q, 0))
    return relations
