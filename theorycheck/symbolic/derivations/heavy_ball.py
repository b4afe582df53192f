r"""Heavy ball on the error: D'' + b D' + H D = 0, D'(0) = 0, and one mode y'' + b y' + l y = 0.

    4 l > b^2    e^{-bt/2} (cos(om t) + (b / 2 om) sin(om t)),   om^2 = l - b^2/4
    4 l = b^2    e^{-bt/2} (1 + bt/2)
    4 l < b^2    (r_2 e^{-r_1 t} - r_1 e^{-r_2 t}) / (r_2 - r_1),   r_1 + r_2 = b, r_1 r_2 = l
    always       e^{-bt/2} (C(q t^2) + (bt/2) S(q t^2)),   q = b^2/4 - l

with the entire functions C(x) = sum x^k/(2k)! = cosh sqrt x and S(x) = sum x^k/(2k+1)!.

Source: Polyak 1964; Wilson, Recht & Jordan 2016 (Lyapunov function); theory B13.
"""

from __future__ import annotations

import sympy
from sympy import Expr

from theorycheck.symbolic.deciding import NONE, Hypotheses
from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.layers import dimension, letter
from theorycheck.symbolic.named import named
from theorycheck.symbolic.rates import rates
from theorycheck.symbolic.recursions import ScalarRecursion
from theorycheck.symbolic.words import inner

__all__ = [
    "CRITICAL",
    "OVERDAMPED",
    "SLOW_ROOT",
    "UNDERDAMPED",
    "UNIFORM",
    "critically_damped",
    "entire_functions",
    "error_dynamics",
    "lyapunov_decay",
    "overdamped",
    "slow_root",
    "underdamped",
    "uniform_bound",
    "uniform_formula",
]

t, b, l, frequency = sympy.symbols(r"t b l \omega", positive=True)
slow, fast = sympy.symbols("r_1 r_2", positive=True)

UNDERDAMPED = sympy.exp(-b * t / 2) * (
    sympy.cos(frequency * t) + b * sympy.sin(frequency * t) / (2 * frequency)
)
"""y(t) with omega^2 = l - b^2/4 > 0."""
CRITICAL = sympy.exp(-b * t / 2) * (1 + b * t / 2)
"""y(t) with l = b^2/4."""
OVERDAMPED = (fast * sympy.exp(-slow * t) - slow * sympy.exp(-fast * t)) / (fast - slow)
"""y(t) with r_1 + r_2 = b, r_1 r_2 = l, r_1 < r_2."""

SLOW_ROOT = l / (b / 2 + sympy.sqrt(b**2 / 4 - l))
"""r_1 of an overdamped mode, without cancellation."""

C, S = sympy.symbols("C S", real=True)
"""C(q t^2) and S(q t^2)."""
UNIFORM = sympy.exp(-b * t / 2) * (C + b * t * S / 2)
"""y(t) in every regime."""


def modes(curve: Expr) -> tuple[Expr, Expr, Expr]:
    """Name y(t), y'(t) and y''(t)."""
    slopes = (curve, sympy.diff(curve, t), sympy.diff(curve, t, 2))
    y, speed, force = (named(f"y{mark}(t)", e) for mark, e in zip(PRIMES, slopes, strict=True))
    return y, speed, force


PRIMES = ("", "'", "''")


def equation(curve: Expr, damping: Expr = b, stiffness: Expr = l) -> Expr:
    """Return y'' + b y' + l y."""
    y, speed, force = modes(curve)
    return force + damping * speed + stiffness * y


def underdamped() -> Derivation:
    """Derive the oscillating solution, b^2 < 4 l."""
    proof = Derivation("heavy ball, underdamped", "theory B13")
    given = proof.assume("omega", zeros=[frequency**2 - l + b**2 / 4])
    _solves(proof, UNDERDAMPED, equation(UNDERDAMPED), given)
    without = sympy.exp(-b * t / 2) * sympy.cos(frequency * t)
    proof.refutes("the sine forgotten", sympy.diff(without, t).subs(t, 0), sympy.S.Zero)
    proof.refutes("omega^2 = l", equation(UNDERDAMPED), sympy.S.Zero)
    return proof.concludes(equation(UNDERDAMPED), "=", sympy.S.Zero, given)


def critically_damped() -> Derivation:
    """Derive the solution at b^2 = 4 l."""
    proof = Derivation("heavy ball, critically damped", "theory B13")
    balance = equation(CRITICAL, stiffness=b**2 / 4)
    _solves(proof, CRITICAL, balance)
    proof.refutes("at another l", equation(CRITICAL), sympy.S.Zero)
    return proof.concludes(balance, "=", sympy.S.Zero)


def overdamped() -> Derivation:
    """Derive the solution with two real rates, b^2 > 4 l."""
    proof = Derivation("heavy ball, overdamped", "theory B13")
    balance = equation(OVERDAMPED, slow + fast, slow * fast)
    _solves(proof, OVERDAMPED, balance)
    exchanged = (slow * sympy.exp(-slow * t) - fast * sympy.exp(-fast * t)) / (slow - fast)
    proof.refutes("weights exchanged", sympy.diff(exchanged, t).subs(t, 0), sympy.S.Zero)
    return proof.concludes(balance, "=", sympy.S.Zero)


def slow_root() -> Derivation:
    """Derive that r_1 = l / (b/2 + sqrt(b^2/4 - l)) and r_2 = b - r_1 are the roots of the mode."""
    proof = Derivation("slow root of an overdamped mode", "theory B13(a)")
    first = named("r_1", SLOW_ROOT)
    proof.define(first)
    balance = first**2 - b * first + l
    proof.equal("root", balance, sympy.S.Zero)
    proof.equal("product of both", first * (b - first), l)
    fast_root = b / 2 + sympy.sqrt(b**2 / 4 - l)
    proof.equal("the other root", b - first, fast_root)
    proof.refutes("twice the root", 4 * first**2 - 2 * b * first + l, sympy.S.Zero)
    return proof.concludes(balance, "=", sympy.S.Zero)


def uniform_bound() -> Derivation:
    """Derive |y(t)| <= (1 + rt) e^{-rt} with r = b/2, or r = r_1 where overdamped."""
    proof = Derivation("heavy ball stays below critical damping", "theory B13(a)")
    phase, gap = frequency * t, (fast - slow) * t
    proof.cite("cosine", sympy.cos(phase), "<=", sympy.S.One, "|cos x| <= 1")
    proof.cite("cosine below", -sympy.cos(phase), "<=", sympy.S.One, "|cos x| <= 1")
    proof.cite("sine", sympy.sin(phase), "<=", phase, "|sin x| <= x for x >= 0")
    proof.cite("sine below", -sympy.sin(phase), "<=", phase, "|sin x| <= x for x >= 0")
    proof.cite("exponential", 1 - gap, "<=", sympy.exp(-gap), "exp is convex")
    decay, weight = sympy.exp(-b * t / 2), b / (2 * frequency)
    for side, name, curve in ((" below", "-y(t)", -UNDERDAMPED), ("", "y(t)", UNDERDAMPED)):
        proof.at_most(
            f"underdamped{side}", named(name, curve), CRITICAL,
            [(decay, proof.slack(f"cosine{side}")), (decay, weight, proof.slack(f"sine{side}"))],
        )  # fmt: skip
    proof.suppose("r_1 < r_2", sympy.S.Zero, 1 / (fast - slow))
    wanted = sympy.exp(-slow * t) * (1 + slow * t)
    proof.at_most(
        "overdamped", named("y(t)", OVERDAMPED), wanted,
        [(sympy.exp(-slow * t), slow, proof.slack("r_1 < r_2"), proof.slack("exponential"))],
    )  # fmt: skip
    proof.cite("exponential below", sympy.exp(-gap), "<=", sympy.S.One, "e^{-x} <= 1 for x >= 0")
    swing = (sympy.exp(-slow * t), slow, proof.slack("r_1 < r_2"), proof.slack("exponential below"))
    proof.at_most(
        "overdamped below", named("-y(t)", -OVERDAMPED), wanted,
        [(wanted,), (sympy.exp(-slow * t),), swing],
    )  # fmt: skip
    proof.refutes_at_most("a faster rate", UNDERDAMPED, CRITICAL.subs(b, 2 * b),
        [(decay, proof.slack("cosine")), (decay, weight, proof.slack("sine"))])  # fmt: skip
    return proof.concludes(named("y(t)", UNDERDAMPED), "<=", CRITICAL)


def _solves(proof: Derivation, curve: Expr, balance: Expr, using: Hypotheses = NONE) -> None:
    proof.define(modes(curve)[0])
    proof.equal("equation", balance, sympy.S.Zero, using)
    start, speed = curve.subs(t, 0), sympy.diff(curve, t).subs(t, 0)
    proof.equal("at rest", named("y'(0)", speed), sympy.S.Zero)
    proof.equal("start", named("y(0)", start), sympy.S.One)


# ---------------------------------------------------------------------- one formula

k = sympy.Symbol("k", integer=True, nonnegative=True)
even: ScalarRecursion = ScalarRecursion(
    "c", sympy.S.One, lambda i: even.at(i) / ((2 * i + 1) * (2 * i + 2))
)
"""c_k = 1/(2k)!, the coefficients of C."""
odd: ScalarRecursion = ScalarRecursion(
    "s", sympy.S.One, lambda i: odd.at(i) / ((2 * i + 2) * (2 * i + 3))
)
"""s_k = 1/(2k+1)!, the coefficients of S."""


def entire_functions() -> Derivation:
    """Derive C' = S/2 and 2x S' = C - S, coefficient by coefficient, for every k."""
    proof = Derivation("the entire functions C and S", "theory B13")
    # 2x S' + S = C at x^k, and C' = S/2 at x^k
    proof.induction(
        "2x S' + S = C at x^k", k, lambda i: ((2 * i + 1) * odd.at(i), even.at(i)), [odd, even]
    )
    linked = proof.rule("2x S' + S = C at x^k")
    slope = (k + 1) * even.step(k)
    proof.equal("C' = S/2 at x^k", slope, odd.at(k) / 2, linked)
    proof.refutes("C' = S", slope, odd.at(k), linked)
    return proof.concludes(slope, "=", odd.at(k) / 2, linked)


def uniform_formula() -> Derivation:
    """Derive y'' + b y' + l y = 0 for the one formula, and the three regimes from it."""
    proof = Derivation("heavy ball, one formula for every damping", "theory B13")
    # with x = q t^2, x' = 2qt: C' = S/2 and 2x S' = C - S become the rates in t
    q = b**2 / 4 - l
    flow = rates({}, scalars={t: sympy.S.One, C: q * t * S, S: (C - S) / t})
    y, shape = named("y(t)", UNIFORM), -l * t * S * sympy.exp(-b * t / 2)
    proof.define(y)
    speed = named("y'(t)", flow.of_scalar(UNIFORM))
    force = named("y''(t)", flow.of_scalar(speed))
    proof.equal("velocity", speed, shape)
    balance = force + b * speed + l * y
    proof.equal("equation", balance, sympy.S.Zero)
    at_start = {t: sympy.S.Zero, C: sympy.S.One, S: sympy.S.One}
    proof.equal("start", named("y(0)", UNIFORM.subs(at_start)), sympy.S.One)
    proof.equal("at rest", named("y'(0)", shape.subs(at_start)), sympy.S.Zero)
    regimes = {
        "q < 0": (sympy.cos(frequency * t), sympy.sin(frequency * t) / (frequency * t)),
        "q = 0": (sympy.S.One, sympy.S.One),
        "q > 0": (_cosh((fast - slow) * t / 2), _sinh((fast - slow) * t / 2)),
    }
    curves = (UNDERDAMPED, CRITICAL, OVERDAMPED)
    for (name, values), curve in zip(regimes.items(), curves, strict=True):
        damping = slow + fast if name == "q > 0" else b
        wanted = UNIFORM.subs(b, damping).subs(dict(zip((C, S), values, strict=True)))
        proof.equal(f"the regime {name}", curve, wanted)
    proof.refutes("the sign of b", force - b * speed + l * y, sympy.S.Zero)
    return proof.concludes(balance, "=", sympy.S.Zero)


def _cosh(x: Expr) -> Expr:
    return (sympy.exp(x) + sympy.exp(-x)) / 2


def _sinh(x: Expr) -> Expr:
    """Sinh(x)/x."""
    return (sympy.exp(x) - sympy.exp(-x)) / (2 * x)


# ---------------------------------------------------------------------- all modes at once

size, weights = dimension("n"), dimension("m")
D, velocity = letter("D", size, 1), letter(r"\dot{D}", size, 1)
H = letter("H", size, size, symmetric=True)
root = sympy.Symbol(r"\sqrt{\mu}", positive=True)

HALF = sympy.Rational(1, 2)
PSEUDO_LOSS = inner(D, H @ D) / 2
"""g(D) = D^T H D / 2."""
LYAPUNOV = PSEUDO_LOSS + inner(velocity + D * root, velocity + D * root) / 2
"""V = g(D) + |D' + sqrt(mu) D|^2 / 2."""


def error_dynamics() -> Derivation:
    """Derive D'' + b D' + J J^T D = 0 for D = J w - y, from w'' + b w' + J^T D = 0."""
    proof = Derivation("heavy ball moves the error by the tangent kernel", "theory B13, B22(a)")
    J = letter("J", size, weights)
    w, w_dot = letter("w", weights, 1), letter(r"\dot{w}", weights, 1)
    y = letter("y", size, 1)
    error = (J @ w - y).named("D")
    proof.define(error)
    flow = rates({w: w_dot, w_dot: -(w_dot * b) - J.T @ error}, constants=[J, y])
    second = flow.of_words(flow.of_words(error))
    wanted = -(flow.of_words(error) * b) - J @ J.T @ error
    proof.equal("second derivative", second, wanted)
    proof.refutes("J^T J instead of J J^T", second, -(flow.of_words(error) * b) - J @ J.T @ J @ w)
    return proof.concludes(second, "=", wanted)


def lyapunov_decay() -> Derivation:
    """Derive V' + sqrt(mu) V <= 0 for b = 2 sqrt(mu), mu at most the least eigenvalue of H."""
    proof = Derivation("heavy ball decreases a Lyapunov function", "theory B13(c)")
    flow = rates({D: velocity, velocity: -(velocity * (2 * root)) - H @ D}, constants=[H])
    V = named("V", LYAPUNOV)
    proof.define(V)
    rate = flow.rate(V) + root * V
    excess = inner(D, H @ D) - root**2 * inner(D, D)
    loss = -root * (inner(velocity, velocity) + excess) * HALF
    proof.equal("exact decay", rate, loss)
    proof.refutes("sqrt(mu) twice", rate + root * V, loss)
    proof.suppose("mu |D|^2 <= D^T H D", root**2 * inner(D, D), inner(D, H @ D))
    proof.at_most(
        "nonincreasing", rate, sympy.S.Zero,
        [(HALF, root, inner(velocity, velocity)), (HALF, root, excess)],
    )  # fmt: skip
    rest = proof.assume("from rest", (velocity, velocity.zero(velocity.shape)))
    start = PSEUDO_LOSS + root**2 * inner(D, D) / 2
    proof.equal("V at the start", V, start, rest)
    proof.at_most("V(0) <= 2 g(D(0))", start, 2 * PSEUDO_LOSS, [(HALF, excess)])
    return proof.concludes(rate, "<=", sympy.S.Zero)
