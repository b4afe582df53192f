r"""Nesterov's equation on the error: D'' + (alpha/t) D' + H D = 0, and one mode of it.

    y'' + (alpha/t) y' + l y = 0,  y(0) = 1,  y'(0) = 0,    z = t sqrt(l), nu = (alpha - 1)/2
    y = sum_k (-z^2/4)^k / (k! (nu+1)_k) = Gamma(nu+1) (2/z)^nu J_nu(z)     for every alpha > 0
    alpha = 2    sin(z) / z
    alpha = 3    2 J_1(z) / z,   y' = -2 sqrt(l) J_2(z) / z
    alpha = 4    3 (sin z - z cos z) / z^3

Source: Su, Boyd & Candes 2016; theory B14, B15(a), (c).
"""

from __future__ import annotations

import sympy
from sympy import Expr

from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.heavy_ball import PSEUDO_LOSS, D, H, size, velocity
from theorycheck.symbolic.derivations.layers import letter
from theorycheck.symbolic.named import named
from theorycheck.symbolic.rates import Rates, rates
from theorycheck.symbolic.recursions import ScalarRecursion
from theorycheck.symbolic.words import inner

__all__ = [
    "ALPHA_FOUR",
    "ALPHA_THREE",
    "ALPHA_TWO",
    "ENERGY",
    "alpha_four",
    "alpha_three",
    "alpha_two",
    "energy_decay",
    "power_series",
    "without_damping",
]

t, alpha, z = sympy.symbols(r"t \alpha z", positive=True)
root = sympy.Symbol(r"\sqrt{\ell}", positive=True)
"""sqrt(l), so that z = t sqrt(l)."""
l = root**2

J = sympy.symbols("J_0 J_1 J_2", real=True)
"""Bessel functions at z = t sqrt(l)."""

ALPHA_TWO = sympy.sin(root * t) / (root * t)
ALPHA_THREE = 2 * J[1] / (root * t)
ALPHA_FOUR = 3 * (sympy.sin(root * t) - root * t * sympy.cos(root * t)) / (root * t) ** 3


def equation(curve: Expr, flow: Rates, damping: int) -> Expr:
    """Return y'' + (alpha/t) y' + l y."""
    y, speed = named("y(t)", curve), named("y'(t)", flow.of_scalar(curve))
    force = named("y''(t)", flow.of_scalar(speed))
    return force + damping * speed / t + l * y


# ---------------------------------------------------------------------- the power series

k = sympy.Symbol("k", integer=True, nonnegative=True)
coefficient: ScalarRecursion = ScalarRecursion(
    "y", sympy.S.One, lambda i: -coefficient.at(i) / (2 * (i + 1) * (2 * i + 1 + alpha))
)
"""y = sum y_k z^{2k}."""
closed: ScalarRecursion = ScalarRecursion(
    "f", sympy.S.One, lambda i: -closed.at(i) / (4 * (i + 1) * ((alpha + 1) / 2 + i))
)
"""f_k = (-1/4)^k / (k! (nu+1)_k): one more factor -1/4, k + 1 and nu + 1 + k."""
sine: ScalarRecursion = ScalarRecursion(
    "s", sympy.S.One, lambda i: -sine.at(i) / ((2 * i + 2) * (2 * i + 3))
)
"""sin z = sum s_k z^{2k+1}."""
cosine: ScalarRecursion = ScalarRecursion(
    "c", sympy.S.One, lambda i: -cosine.at(i) / ((2 * i + 1) * (2 * i + 2))
)
"""cos z = sum c_k z^{2k}."""


def power_series() -> Derivation:
    """Derive the coefficients of y for every alpha > 0 and k; y(0) = 1 and y'(0) = 0 hold."""
    proof = Derivation("Nesterov's mode as a power series", "theory B14")
    later = coefficient.at(k + 1)
    # t^{2k} in y'' + (alpha/t) y' + l y, divided by l^{k+1}
    balance = (2 * k + 2) * (2 * k + 1) * later + alpha * (2 * k + 2) * later + coefficient.at(k)
    inserted = balance.xreplace({later: coefficient.step(k)})
    proof.equal("the equation at t^{2k}", inserted, sympy.S.Zero)
    proof.refutes("without damping",
        inserted - alpha * (2 * k + 2) * coefficient.step(k), sympy.S.Zero)  # fmt: skip
    proof.induction(
        "closed form", k, lambda i: (coefficient.at(i), closed.at(i)), [coefficient, closed]
    )
    return proof.concludes(coefficient.at(k), "=", closed.at(k))


# ---------------------------------------------------------------------- alpha = 2, 3, 4

along = rates({}, scalars={t: sympy.S.One})


def alpha_two() -> Derivation:
    """Derive that sin(z)/z solves the equation with alpha = 2, from y(0) = 1."""
    proof = Derivation("Nesterov's mode at alpha = 2", "theory B14")
    proof.define(named("y(t)", ALPHA_TWO))
    residual = equation(ALPHA_TWO, along, 2)
    proof.equal("equation", residual, sympy.S.Zero)
    at_two = coefficient.step(k).subs(alpha, 2)
    own = ScalarRecursion("y", sympy.S.One, lambda i: at_two.subs(k, i))
    proof.induction("coefficients", k, lambda i: (own.at(i), sine.at(i)), [own, sine])
    wrong = equation(ALPHA_TWO, along, 3)
    proof.refutes("alpha = 3", wrong, sympy.S.Zero)
    return proof.concludes(residual, "=", sympy.S.Zero)


def alpha_three() -> Derivation:
    """Derive that 2 J_1(z)/z solves the equation with alpha = 3, and its velocity."""
    proof = Derivation("Nesterov's mode at alpha = 3", "Su, Boyd & Candes 2016, Section 3")
    source = "DLMF 10.6.1, 10.6.2"
    arg = root * t
    proof.cite("Bessel, order 2", J[2], "=", 2 * J[1] / arg - J[0], source)
    # J_0' = -J_1 and J_1' = J_0 - J_1/z
    bessel = rates({}, scalars={t: 1, J[0]: -root * J[1], J[1]: root * (J[0] - J[1] / arg)})
    y = named("y(t)", ALPHA_THREE)
    proof.define(y)
    speed = bessel.rate(y)
    residual = equation(ALPHA_THREE, bessel, 3)
    proof.equal("equation", residual, sympy.S.Zero)
    order = proof.rule("Bessel, order 2")
    proof.equal("velocity", speed, -2 * root * J[2] / arg, order)
    proof.refutes("J_0 for J_2", speed, -2 * root * J[0] / arg, order)
    wrong = equation(ALPHA_THREE, bessel, 2)
    proof.refutes("alpha = 2", wrong, sympy.S.Zero)
    # J_1(z) = sum (-1)^k (z/2)^{2k+1} / (k! (k+1)!)
    half: ScalarRecursion = ScalarRecursion(
        "b", sympy.S.Half, lambda i: -half.at(i) / (4 * (i + 1) * (i + 2))
    )
    at_three = coefficient.step(k).subs(alpha, 3)
    own = ScalarRecursion("y", sympy.S.One, lambda i: at_three.subs(k, i))
    proof.induction("coefficients", k, lambda i: (own.at(i), 2 * half.at(i)), [own, half])
    return proof.concludes(residual, "=", sympy.S.Zero)


def alpha_four() -> Derivation:
    """Derive that 3 (sin z - z cos z)/z^3 solves the equation with alpha = 4, from y(0) = 1."""
    proof = Derivation("Nesterov's mode at alpha = 4", "theory B14")
    proof.define(named("y(t)", ALPHA_FOUR))
    residual = equation(ALPHA_FOUR, along, 4)
    proof.equal("equation", residual, sympy.S.Zero)
    proof.refutes("alpha = 3", equation(ALPHA_FOUR, along, 3), sympy.S.Zero)
    # at z^{2k}: y_k = 3 (s_{k+1} - c_{k+1}), and c_{k+1} = (2k + 3) s_{k+1}
    proof.induction(
        "sine and cosine", k, lambda i: (cosine.at(i), (2 * i + 1) * sine.at(i)), [cosine, sine]
    )
    linked = proof.rule("sine and cosine")
    sum_at = 3 * (sine.step(k) - cosine.step(k))
    proof.equal("coefficient of y", sum_at, 3 * sine.at(k) / (2 * k + 3), linked)
    at_four = coefficient.step(k).subs(alpha, 4)
    own = ScalarRecursion("y", sympy.S.One, lambda i: at_four.subs(k, i))
    proof.induction(
        "coefficients", k, lambda i: (own.at(i), 3 * sine.at(i) / (2 * i + 3)), [own, sine]
    )
    return proof.concludes(residual, "=", sympy.S.Zero)


# ---------------------------------------------------------------------- energies

leaning = D + velocity * (t / (alpha - 1))
ENERGY = 2 * t**2 * PSEUDO_LOSS / (alpha - 1) + (alpha - 1) * inner(leaning, leaning)
"""E = (2 t^2/(alpha-1)) g + (alpha-1) |D + t D'/(alpha-1)|^2, g = D^T H D / 2."""


def energy_decay() -> Derivation:
    """Derive E' = -(4 t (alpha-2)/(alpha-1)) g <= 0 for alpha >= 2, and g <= E (alpha-1)/(2t^2)."""
    proof = Derivation("Nesterov's energy does not increase", "Su, Boyd & Candes 2016, Thm 5")
    flow = rates(
        {D: velocity, velocity: -(velocity * (alpha / t)) - H @ D},
        constants=[H], scalars={t: sympy.S.One},
    )  # fmt: skip
    E = named("E", ENERGY)
    proof.define(E)
    rate = flow.rate(E)
    unit = -4 * t / (alpha - 1) * PSEUDO_LOSS
    loss = unit * (alpha - 2)
    proof.equal("exact decay", rate, loss)
    proof.refutes("alpha - 3, as for convex losses", rate, unit * (alpha - 3))
    proof.suppose("H >= 0", sympy.S.Zero, inner(D, H @ D))
    proof.suppose("alpha >= 2", sympy.Integer(2), alpha)
    proof.suppose("alpha > 1", sympy.S.Zero, 1 / (alpha - 1))
    curved, above, positive = (proof.slack(x) for x in ("H >= 0", "alpha >= 2", "alpha > 1"))
    proof.at_most("nonincreasing", rate, sympy.S.Zero, [(2 * t, positive, above, curved)])
    Z = letter("Z", size, 1)
    stands = proof.assume("Z", (Z, D * (alpha - 1) + velocity * t))
    proof.at_most(
        "the loss below the energy", 2 * t**2 * PSEUDO_LOSS * positive, E,
        [(positive, inner(Z, Z))], stands,
    )  # fmt: skip
    return proof.concludes(rate, "<=", sympy.S.Zero)


def without_damping() -> Derivation:
    """Derive u'' + (l - alpha (alpha-2)/(4 t^2)) u = 0 for u = t^{alpha/2} y."""
    proof = Derivation("Nesterov's mode without its first derivative", "theory B15(c)")
    y, y_dot = sympy.symbols(r"y \dot{y}", real=True)
    flow = rates({}, scalars={t: sympy.S.One, y: y_dot, y_dot: -alpha * y_dot / t - l * y})
    u = t ** (alpha / 2) * y
    second = flow.rate(flow.rate(u))
    wanted = -(l - alpha * (alpha - 2) / (4 * t**2)) * u
    proof.equal("equation of u", second, wanted)
    proof.refutes("alpha^2", second, -(l - alpha**2 / (4 * t**2)) * u)
    return proof.concludes(second, "=", wanted)
