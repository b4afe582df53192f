r"""A balanced linear net with one output moves in a plane: r = |w|, c = <w, u> / r, |u| = 1.

    r' = n r^{2-2/n} (c - r),   c' = r^{1-2/n} (1 - c^2),   f = |w - u|^2 / 2 = (r^2 - 2rc + 1) / 2
    1/r = (1 - c^2)^{n/2} ((1 - c_0^2)^{-n/2} / r_0 + n int_{c_0}^c (1 - x^2)^{-n/2-1} dx)

for phi(w) = |w - u|^2 / 2 and every depth n; and at c = 1, where the net is scalar, the exact
curvature along the path.

Source: theory A19, A20.b; the equation of w is A15 (Arora, Cohen & Hazan 2018, Claim 2).
"""

from __future__ import annotations

import sympy

from theorycheck.symbolic.deciding import Hypotheses
from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.layers import dimension, letter
from theorycheck.symbolic.named import derivative, named
from theorycheck.symbolic.rates import rates
from theorycheck.symbolic.words import Words, inner

__all__ = [
    "ORBIT",
    "curvature_along_the_gradient",
    "hessian_of_equal_layers",
    "orbit",
    "orbit_integrals",
    "planar_reduction",
]

n = sympy.Symbol("n", integer=True, positive=True)
r, start = sympy.symbols("r r_0", positive=True)
c, first = sympy.symbols("c c_0", real=True)

d_0 = dimension("d_0")
w, u = letter("w", d_0, 1), letter("u", d_0, 1)

RADIAL = n * r ** (2 - 2 / n) * (c - r)
"""r'."""
ANGULAR = r ** (1 - 2 / n) * (1 - c**2)
"""c'."""
LOSS = (r**2 - 2 * r * c + 1) / 2
"""f in the plane."""


def planar_reduction() -> Derivation:
    """Derive r', c' and f from w' = -|w|^{2-2/n} (grad + (n-1) w <w, grad> / |w|^2)."""
    proof = Derivation("planar reduction of a scalar-output net", "theory A19")
    gradient = w - u
    pulled = gradient + w @ (w.T @ gradient) * ((n - 1) / r**2)
    velocity = -pulled * r ** (2 - 2 / n)
    flow = rates({w: velocity}, constants=[u])
    polar = proof.assume(
        "polar coordinates", zeros=[inner(w, w) - r**2, inner(w, u) - r * c, inner(u, u) - 1]
    )
    # 2 r r' = (|w|^2)' and r c' = <w, u>' - c r'
    radial = flow.rate(inner(w, w)) / (2 * r)
    proof.equal("radius", radial, RADIAL, polar)
    angular = (flow.rate(inner(w, u)) - c * RADIAL) / r
    proof.equal("angle", angular, ANGULAR, polar)
    proof.equal("loss", inner(gradient, gradient) / 2, LOSS, polar)
    proof.refutes("without n", radial, RADIAL / n, polar)
    proof.refutes("1 - c", angular, r ** (1 - 2 / n) * (1 - c), polar)

    _cauchy_schwarz(proof, polar)
    proof.at_most(
        "c does not decrease", sympy.S.Zero, ANGULAR,
        [(r ** (1 - 2 / n), proof.slack("|c| <= 1"))],
    )  # fmt: skip
    return proof.concludes(angular, "=", ANGULAR, polar)


def _cauchy_schwarz(proof: Derivation, polar: Hypotheses) -> None:
    area = letter("K", d_0, d_0)
    stands = proof.assume("K stands for w u^T - u w^T", (area, w @ u.T - u @ w.T))
    proof.at_most(
        "|c| <= 1", c**2, sympy.S.One,
        [(sympy.Rational(1, 2), r**-2, inner(area, area))], stands + polar,
    )  # fmt: skip


# ---------------------------------------------------------------------- the orbit

integral = sympy.Symbol("I", real=True)
"""I(c) = int_{c_0}^c (1 - x^2)^{-n/2-1} dx."""

D_DC = r"\frac{d}{dc}"

ORBIT = (1 - c**2) ** (n / 2) * ((1 - first**2) ** (-n / 2) / start + n * integral)
"""1/r as a function of c."""


def orbit() -> Derivation:
    """Derive dq/dc = n (1 - cq)/(1 - c^2) for q = 1/r, and that ORBIT solves it from 1/r_0."""
    proof = Derivation("exact orbit of a scalar-output net", "theory A19")
    slope = (-RADIAL / r**2) / ANGULAR
    field = n * (1 - c / r) / (1 - c**2)
    proof.equal("q = 1/r", slope, field)
    proof.refutes("c exchanged with r", slope, n * (1 - r / c) / (1 - c**2))
    along = rates({}, scalars={c: sympy.S.One, integral: (1 - c**2) ** (-n / 2 - 1)})
    q = named("q(c)", ORBIT)
    proof.define(q)
    moved, wanted = derivative(q, along.of_scalar(ORBIT), D_DC), n * (1 - c * q) / (1 - c**2)
    proof.equal("the orbit", moved, wanted)
    proof.equal("start", named("q(c_0)", ORBIT.subs({c: first, integral: 0})), 1 / start)
    wrong = named("u(c)", ORBIT.subs(integral, integral / n))
    proof.define(wrong)
    proof.refutes(
        "factor n of the integral forgotten",
        derivative(wrong, along.of_scalar(wrong), D_DC), n * (1 - c * wrong) / (1 - c**2),
    )  # fmt: skip
    return proof.concludes(moved, "=", wanted)


D_DX = r"\frac{d}{dx}"
x = sympy.Symbol("x", real=True)

INTEGRALS = {
    2: x / (2 * (1 - x**2)) + sympy.atanh(x) / 2,
    3: x / (3 * (1 - x**2) ** sympy.Rational(3, 2)) + 2 * x / (3 * sympy.sqrt(1 - x**2)),
}
"""Antiderivatives of (1 - x^2)^{-n/2-1} for |x| < 1, by depth n."""


def orbit_integrals() -> Derivation:
    """Derive the integrals at n = 2, 3, and the step from depth n - 2 to depth n."""
    proof = Derivation("integrals of the orbit", "theory A19")
    for depth, antiderivative in INTEGRALS.items():
        integrand = (1 - x**2) ** (-sympy.Rational(depth, 2) - 1)
        slope = derivative(antiderivative, sympy.diff(antiderivative, x), D_DX)
        proof.equal(f"n = {depth}", slope, integrand)
    integrand = (1 - x**2) ** (-n / 2 - 1)
    before = (1 - x**2) ** (-n / 2)
    moved = derivative(x * before, sympy.diff(x * before, x), D_DX) + (n - 1) * before
    proof.equal("n J_n = x (1 - x^2)^{-n/2} + (n - 1) J_{n-2}", moved, n * integrand)
    proof.refutes("n instead of n - 1", moved + before, n * integrand)
    return proof.concludes(moved, "=", n * integrand)


# ---------------------------------------------------------------------- curvature at c = 1

p, s, value = sympy.symbols("p s w", positive=True)

LAMBDA = n * value ** (2 - 2 / n) - (n - 1) * (s - value) * value ** (1 - 2 / n)
"""lambda_1, the eigenvalue of the Hessian along the gradient."""
OTHERS = (s - value) * value ** (1 - 2 / n)
"""The other eigenvalues, n - 1 times."""
TURNING = s * (n - 1) / (2 * n - 1)
"""w*, where lambda_1 = 0."""
GRADIENT_NORM = sympy.sqrt(n) * value ** ((n - 1) / n) * (s - value)
"""|grad f| for 0 < w < s."""


def hessian_of_equal_layers() -> Derivation:
    """Derive the eigenvalues of the Hessian of (p_1 ... p_n - s)^2 / 2 at p_1 = ... = p_n."""
    proof = Derivation("curvature of a balanced scalar net", "theory A20.b")
    y, z, rest = sympy.symbols("y z P", real=True)
    f = (y * z * rest - s) ** 2 / 2
    # two layers y, z beside the product P of the others; then y = z = p, P = p^{n-2}
    at = {y: p, z: p, rest: p ** (n - 2)}
    residual, power = p**n - s, p ** (n - 2)
    diagonal, beside = p ** (2 * n - 2), p ** (2 * n - 2) + residual * power
    proof.equal("diagonal", sympy.diff(f, y, y).xreplace(at), diagonal)
    proof.equal("off the diagonal", sympy.diff(f, y, z).xreplace(at), beside)
    one, v = letter("e", n, 1), letter("v", n, 1)
    identity = Words.identity(n)
    hessian = (one @ one.T * beside + identity * (diagonal - beside)).named("H")
    proof.define(hessian)
    ones = proof.assume("e = (1, ..., 1)", zeros=[inner(one, one) - n])
    orthogonal = proof.assume("v is orthogonal to e", zeros=[inner(one, v)])
    in_layers = {value: p**n}
    top, others = LAMBDA.xreplace(in_layers), OTHERS.xreplace(in_layers)
    proof.equal("along the gradient", hessian @ one, one * top, ones)
    proof.equal("across", hessian @ v, v * others, orthogonal)
    proof.refutes("n instead of n - 1", hessian @ one, one * (top + others), ones)
    return proof.concludes(hessian @ one, "=", one * top, ones)


def curvature_along_the_gradient() -> Derivation:
    """Derive d/dt ln |grad f| = -lambda_1, and lambda_1 < 0 exactly where w < w*."""
    proof = Derivation("integrated curvature of a balanced scalar net", "theory A20.b")
    flow = rates({}, scalars={value: n * value ** (2 - 2 / n) * (s - value)})
    norm = named(r"\|\nabla f\|", GRADIENT_NORM)
    proof.define(norm)
    decay = flow.rate(sympy.log(norm))
    proof.equal("|grad f|^2 in the layers",
        (GRADIENT_NORM**2).xreplace({value: p**n}),
        n * (p ** (n - 1) * (p**n - s)) ** 2)  # fmt: skip
    proof.equal("logarithmic decay", decay, -LAMBDA)
    factored = value ** (1 - 2 / n) * (2 * n - 1) * (value - TURNING)
    proof.equal("sign of lambda_1", LAMBDA, factored)
    proof.refutes("n instead of n - 1", decay, -(LAMBDA + OTHERS))
    return proof.concludes(decay, "=", -LAMBDA)
