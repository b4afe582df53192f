r"""Closed forms of one mode of a deep linear net: w' = n w^{2-2/n} (s - w).

    n = 1          w = s + (w_0 - s) e^{-t}
    n = 2          w = s / (1 + (s/w_0 - 1) e^{-2st})
    n = 3, 4       t = F(w) - F(w_0), elementary
    n = infinity   the same in the time tau = n t
    n = 2, a != b  Y = (a + b)^2 / c solves a Riccati equation, c = a^2 - b^2

Each is verified by substitution into the equation of the flow, and at the start. The flow has one
solution through a start (its field is a polynomial in the layers), so each is the solution.

Source: Saxe, McClelland & Ganguli 2014 (n = 2); theory A17.
"""

from __future__ import annotations

import sympy
from sympy import Expr

from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.named import derivative, named
from theorycheck.symbolic.rates import rates

__all__ = [
    "EXPONENTIAL",
    "LOGISTIC",
    "RICCATI_CURVE",
    "TIME_AT_DEPTH_FOUR",
    "TIME_AT_DEPTH_THREE",
    "TIME_AT_INFINITE_DEPTH",
    "depth_four",
    "depth_one",
    "depth_three",
    "depth_two",
    "field",
    "infinite_depth",
    "mode_equation",
    "unbalanced_depth_two",
]

t, s, w, start = sympy.symbols("t s w w_0", positive=True)
n = sympy.Symbol("n", integer=True, positive=True)
layer, root = sympy.symbols("p a", positive=True)
"""p = w^{1/3} and a = s^{1/3} at depth three; p = w^{1/4} has the square r at depth four."""
r = sympy.Symbol("r", positive=True)


def field(depth: Expr | int, w: Expr = w, s: Expr = s) -> Expr:
    """Return n w^{2-2/n} (s - w)."""
    depth = sympy.sympify(depth)
    return depth * w ** (2 - 2 / depth) * (s - w)


EXPONENTIAL = s + (start - s) * sympy.exp(-t)
"""w(t) at depth one."""

LOGISTIC = s / (1 + (s / start - 1) * sympy.exp(-2 * s * t))
"""w(t) at depth two."""

TIME_AT_DEPTH_THREE = (
    -1 / (root**3 * layer)
    + (
        -sympy.log(root - layer) / (3 * root)
        + sympy.log(layer**2 + root * layer + root**2) / (6 * root)
        - sympy.atan((2 * layer + root) / (sympy.sqrt(3) * root)) / (sympy.sqrt(3) * root)
    )
    / root**3
)
"""F(p) with t = F(p) - F(p_0), p = w^{1/3} < a = s^{1/3}."""

TIME_AT_DEPTH_FOUR = -1 / (2 * s * r) + sympy.atanh(r / sympy.sqrt(s)) / (
    2 * s ** sympy.Rational(3, 2)
)
"""F(r) with t = F(r) - F(r_0), r = sqrt(w) < sqrt(s)."""

TIME_AT_INFINITE_DEPTH = (
    sympy.log(w * (s - start) / (start * (s - w))) / s**2 + (1 / start - 1 / w) / s
)
"""tau(w) with tau = n t, n -> infinity, for w_0 <= w < s."""


def mode_equation() -> Derivation:
    """Derive w' = n w^{2-2/n} (s - w) for w = p^n, all layers equal, every depth n."""
    proof = Derivation("the equation of one balanced mode", "theory A17")
    product, slope = layer**n, (layer**n - s) * layer ** (n - 1)
    y, others = sympy.symbols("y P", positive=True)
    gradient = sympy.diff((y * others - s) ** 2 / 2, y)
    at_equal = {y: layer, others: layer ** (n - 1)}
    proof.equal("gradient in one layer", gradient.xreplace(at_equal), slope)
    flow = rates({}, scalars={layer: -slope})
    velocity = flow.rate(product)
    proof.equal("chain rule", velocity, n * layer ** (2 * n - 2) * (s - product))
    proof.equal("in the product", velocity, field(n, product))
    proof.refutes("exponent 2 - 1/n", velocity, n * product ** (2 - 1 / n) * (s - product))
    return proof.concludes(velocity, "=", field(n, product))


def depth_one() -> Derivation:
    """Derive that the exponential curve solves w' = s - w."""
    return _curve("one mode at depth one", 1, EXPONENTIAL, EXPONENTIAL.subs(t, 2 * t))


def depth_two() -> Derivation:
    """Derive that the logistic curve solves w' = 2 w (s - w)."""
    return _curve("one mode at depth two", 2, LOGISTIC, LOGISTIC.subs(t, t / 2))


def _curve(title: str, depth: int, curve: Expr, spoiled: Expr) -> Derivation:
    proof = Derivation(title, "theory A17")
    path = named("w(t)", curve)
    proof.define(path)
    proof.equal("start", named("w(0)", curve.subs(t, 0)), start)
    velocity, wanted = derivative(path, sympy.diff(curve, t)), field(depth, path)
    proof.equal("equation of the flow", velocity, wanted)
    wrong = named("u(t)", spoiled)
    proof.define(wrong)
    proof.refutes("another rate", derivative(wrong, sympy.diff(spoiled, t)), field(depth, wrong))
    return proof.concludes(velocity, "=", wanted)


def depth_three() -> Derivation:
    """Derive dF/dt = 1 along w' = 3 w^{4/3} (s - w), in p = w^{1/3}."""
    proof = Derivation("one mode at depth three", "theory A17")
    # w = p^3 gives p' = w' / (3 p^2)
    speed = field(3, layer**3, root**3) / (3 * layer**2)
    proof.equal("the layer's equation", speed, layer**2 * (root**3 - layer**3))
    return _time(proof, TIME_AT_DEPTH_THREE, layer, speed, sympy.log(root - layer) / root**4)


def depth_four() -> Derivation:
    """Derive dF/dt = 1 along w' = 4 w^{3/2} (s - w), in r = sqrt(w)."""
    proof = Derivation("one mode at depth four", "theory A17")
    speed = field(4, r**2) / (2 * r)
    proof.equal("the root's equation", speed, 2 * r**2 * (s - r**2))
    return _time(proof, TIME_AT_DEPTH_FOUR, r, speed, 1 / (s * r))


def infinite_depth() -> Derivation:
    """Derive d tau = 1 along dw/d tau = w^2 (s - w), the limit of the flow in tau = n t."""
    proof = Derivation("one mode at infinite depth", "theory A17")
    speed = w**2 * (s - w)
    # with x = 1/n the field per unit of tau is w^{2-2x} (s - w), continuous at x = 0
    x = sympy.Symbol("x", positive=True)
    scaled = (field(n) / n).xreplace({n: 1 / x})
    proof.equal("the limit of the field", scaled.subs(x, 0), speed)
    proof.equal("start", TIME_AT_INFINITE_DEPTH.subs(w, start), sympy.S.Zero)
    return _time(proof, TIME_AT_INFINITE_DEPTH, w, speed, 1 / (s * w))


def _time(proof: Derivation, time: Expr, variable: Expr, speed: Expr, spoil: Expr) -> Derivation:
    """Check d(time)/dt = 1; the spoiled time has an extra term."""
    F, wrong = named(f"F({variable})", time), named(f"G({variable})", time + spoil)
    proof.define(F, wrong)
    elapsed = derivative(F, sympy.diff(time, variable) * speed)
    proof.equal("time passes at rate one", elapsed, sympy.S.One)
    spoiled = derivative(wrong, sympy.diff(time + spoil, variable) * speed)
    proof.refutes("a term with the wrong coefficient", spoiled, sympy.S.One)
    return proof.concludes(elapsed, "=", sympy.S.One)


# ---------------------------------------------------------------------- two unequal layers

Y, initial, c = sympy.symbols("Y Y_0 c", positive=True)
sign = sympy.Symbol(r"\varsigma", real=True)
"""+1 or -1: the common sign of a and b = +-..., decided by the sign of a."""

R = sympy.Symbol("R", positive=True)
"""R = sqrt(4 s^2 + c^2)."""
ABOVE, BELOW = c * initial - 2 * s - R, c * initial - 2 * s + R
"""c (Y_0 - Y_+) and c (Y_0 - Y_-), where Y_+- = (2s +- R)/c are the rest points."""

RICCATI_CURVE = ((2 * s + R) * BELOW - (2 * s - R) * ABOVE * sympy.exp(-R * t)) / (
    c * (BELOW - ABOVE * sympy.exp(-R * t))
)
"""Y(t) = e^theta, Y_0 = (a_0 + b_0)^2 / c, for c = a^2 - b^2 > 0."""

LARGER = sign * sympy.sqrt(c) * (sympy.sqrt(Y) + 1 / sympy.sqrt(Y)) / 2
"""a = +-sqrt(c) cosh(theta/2)."""
SMALLER = sign * sympy.sqrt(c) * (sympy.sqrt(Y) - 1 / sympy.sqrt(Y)) / 2
"""b = +-sqrt(c) sinh(theta/2), the same sign."""
PRODUCT = c * (Y - 1 / Y) / 4
"""w = a b = (c/2) sinh(theta)."""


def unbalanced_depth_two() -> Derivation:
    """Derive the flow of two scalar layers with a^2 - b^2 = c > 0, at every t."""
    proof = Derivation("two unequal scalar layers", "theory A17, unbalanced")
    a, b = sympy.symbols("a b", real=True)
    flow = rates({}, scalars={a: (s - a * b) * b, b: (s - a * b) * a})
    proof.equal("a^2 - b^2 is conserved", flow.rate(a**2 - b**2), sympy.S.Zero)
    conserved = proof.assume("imbalance c", zeros=[a**2 - b**2 - c])
    proof.equal("w in Y", a * b, PRODUCT.subs(Y, (a + b) ** 2 / c), conserved)
    speed = 2 * s * Y - c * (Y**2 - 1) / 2
    image = speed.subs(Y, (a + b) ** 2 / c)
    proof.equal("equation of Y", flow.rate((a + b) ** 2 / c), image, conserved)

    path = named("Y(t)", RICCATI_CURVE)
    proof.define(path)
    velocity, wanted = derivative(path, sympy.diff(RICCATI_CURVE, t)), speed.subs(Y, path)
    radical = proof.assume("R", zeros=[R**2 - 4 * s**2 - c**2])
    proof.equal("start", named("Y(0)", RICCATI_CURVE.subs(t, 0)), initial)
    proof.equal("the curve solves it", velocity, wanted, radical)
    proof.refutes("time reversed", -velocity, wanted, radical)

    along = rates({}, scalars={Y: speed})
    one = proof.assume("a common sign", zeros=[sign**2 - 1])
    first, second, w = named("a", LARGER), named("b", SMALLER), named("w", PRODUCT)
    proof.define(first, second, w)
    proof.equal("product of the layers", first * second, w, one)
    proof.equal("first layer", along.rate(first), (s - w) * second)
    proof.equal("second layer", along.rate(second), (s - w) * first)
    proof.refutes("opposite signs", along.rate(first), -(s - w) * second)
    return proof.concludes(velocity, "=", wanted, radical)
