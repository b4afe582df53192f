r"""Tuned methods on quadratics with eigenvalues in [1, kappa]: no mode is slower than the ends.

A mode x = eta l has the polynomial z^2 - p z + q: p = 1 - x, q = 0 for descent; p = 1 + beta - x,
q = beta for heavy ball; p = (1 + beta)(1 - x), q = beta (1 - x) for Nesterov.

    descent           eta = 2/(1 + kappa)                                (kappa - 1)/(kappa + 1)
    heavy ball        eta = 4/(s + 1)^2,        sqrt(beta) = rho         (s - 1)/(s + 1)
    Nesterov          eta = 1/kappa,            beta = (s - 1)/(s + 1)   1 - 1/s
    Nesterov, best    eta = 4/(3 kappa + 1),    beta = (v - 2)/(v + 2)   1 - 2/v

with s = sqrt(kappa), v = sqrt(3 kappa + 1), in which everything is rational. The radius rho, or
-rho, is a root at the ends; in between |z| <= rho by Jury: q <= rho^2 and |p| rho <= rho^2 + q,
whose slacks are linear in l.

Source: Polyak 1964; Nesterov 1983; Lessard, Recht & Packard 2016; theory B16.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sympy
from sympy import Expr

from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.named import named

__all__ = ["METHODS", "Method", "descent", "heavy_ball", "nesterov", "nesterov_at_its_best"]

kappa, l = sympy.symbols(r"\kappa l", positive=True)
s, v = sympy.symbols("s v", positive=True)


@dataclass(frozen=True)
class Method:
    """A tuned method: its polynomial at the mode l, and where its radius is attained.

    Parameters
    ----------
    title : str
    trace, product, radius : p, q and rho, rational in l and kappa, s or v
    condition : kappa, in the same letter
    least : what the letter is at least, so that the momentum is nonnegative
    signs : mode -> +-1, where rho times this is a root
    double : modes with a double root
    slacks : of q <= rho^2, p rho <= rho^2 + q and -p rho <= rho^2 + q: (factor, "low") for
        factor (l - 1), (factor, "high") for factor (kappa - l), (factor, "") for the factor
    """

    title: str
    trace: Expr
    product: Expr
    radius: Expr
    condition: Expr
    least: Expr
    signs: Mapping[Expr, int]
    double: Sequence[Expr]
    slacks: Sequence[Sequence[tuple[Expr, str]]]


def _nesterov(beta: Expr, eta: Expr) -> tuple[Expr, Expr]:
    return (1 + beta) * (1 - eta * l), beta * (1 - eta * l)


ONE = sympy.S.One
GD_STEP, HB_STEP = 2 / (1 + kappa), 4 / (s + 1) ** 2
RATIO, BEST = (s - 1) / (s + 1), (v - 2) / (v + 2)
GD_RADIUS = (kappa - 1) / (kappa + 1)
LARGEST = (v**2 - 1) / 3

METHODS = {
    "GD": Method(
        "tuned descent", 1 - GD_STEP * l, sympy.S.Zero, GD_RADIUS, kappa, ONE,
        {ONE: 1, kappa: -1}, (),
        [[(GD_RADIUS**2, "")], [(GD_RADIUS * GD_STEP, "low")], [(GD_RADIUS * GD_STEP, "high")]],
    ),
    "HB": Method(
        "Polyak's heavy ball", 1 + RATIO**2 - HB_STEP * l, RATIO**2, RATIO, s**2, ONE,
        {ONE: 1, s**2: -1}, (ONE, s**2),
        [[], [(RATIO * HB_STEP, "low")], [(RATIO * HB_STEP, "high")]],
    ),
    "NAG": Method(
        "Nesterov's method", *_nesterov(RATIO, 1 / s**2), 1 - 1 / s, s**2, ONE, {ONE: 1}, (ONE,),
        [
            [(RATIO / s**2, "low")],
            [(RATIO / s**2, "low")],
            # every term of rho^2 + q + p rho is nonnegative
            [((1 - 1 / s) ** 2, ""), ((RATIO + (1 + RATIO) * (1 - 1 / s)) / s**2, "high")],
        ],
    ),
    "NAG*": Method(
        "Nesterov's best tuning", *_nesterov(BEST, 4 / v**2), 1 - 2 / v, LARGEST,
        sympy.Integer(2), {ONE: 1, LARGEST: -1}, (ONE,),
        [
            [(4 * BEST / v**2, "low")],
            [(4 * BEST / v**2, "low")],
            [(12 * BEST / v**2, "high")],
        ],
    ),
}  # fmt: skip
"""By name."""


def _derived(method: Method) -> Derivation:
    """Derive that rho is a root at the ends, and Jury's inequalities in between."""
    proof = Derivation(f"radius of {method.title}", "theory B16")
    radius = named("\\rho", method.radius)
    proof.define(radius)
    for name, (end, sign) in zip(("least", "largest"), method.signs.items(), strict=False):
        p, q = (part.subs(l, end) for part in (method.trace, method.product))
        z = sign * radius
        proof.equal(f"a root at the {name} mode", z**2 - p * z + q, sympy.S.Zero)
        if end in method.double:
            proof.equal(f"a double root at the {name} mode", p, 2 * z)
        proof.refutes(f"the other sign at the {name} mode", z**2 + p * z + q, sympy.S.Zero)

    (letter,) = method.condition.free_symbols
    proof.suppose("l >= 1", ONE, l)
    proof.suppose("l <= kappa", l, method.condition)
    proof.suppose("momentum is nonnegative", method.least, letter)
    slack = {"low": [proof.slack("l >= 1")], "high": [proof.slack("l <= kappa")], "": []}
    surplus = proof.slack("momentum is nonnegative")
    p, q = method.trace, method.product
    sides = {"q": q, "p rho": p * radius - q, "-p rho": -p * radius - q}
    for (name, side), parts in zip(sides.items(), method.slacks, strict=True):
        terms = [[*_factors(factor, surplus), *slack[where]] for factor, where in parts]
        proof.at_most(f"Jury, {name}", side, radius**2, terms)
    return proof.concludes(-p * radius - q, "<=", radius**2)


def _factors(factor: Expr, surplus: Expr) -> list[Expr]:
    """Split a nonnegative factor at the powers of the letter less its least value."""
    found: list[Expr] = []
    rest = sympy.cancel(factor)
    while True:
        top, bottom = sympy.fraction(rest)
        quotient, remainder = sympy.div(sympy.expand(top), surplus)
        if remainder != 0 or not surplus.free_symbols & sympy.expand(top).free_symbols:
            return [rest, *found]
        rest, found = quotient / bottom, [*found, surplus]


def descent() -> Derivation:
    """Derive the radius of descent that is tuned to both ends."""
    return _derived(METHODS["GD"])


def heavy_ball() -> Derivation:
    """Derive the radius of heavy ball in Polyak's tuning: a double root at both ends."""
    return _derived(METHODS["HB"])


def nesterov() -> Derivation:
    """Derive the radius of Nesterov's method with the step 1/kappa: a double root at l = 1."""
    return _derived(METHODS["NAG"])


def nesterov_at_its_best() -> Derivation:
    """Derive the radius of Nesterov's method in its best tuning: a double root at l = 1."""
    return _derived(METHODS["NAG*"])
