r"""Rates of margins: two-sided in time, for any norm, for nearly homogeneous nets, for one step.

    L^2 g^{2/L} <= T' <= (c B)^2 g^{2/L - 2},    T' = |v|^2 / (lambda^2 alpha^{2 - 2/L})
    d log(alpha / N^L) = (L G / N) (a / beta - kappa)                             steepest flow
    d log(phi / rho^M) >= (v - rho'^2) / phi,    phi = alpha - p_a(rho)           near homogeneity
    |u+ - u - P z|^2 = ((1 + r)/N - 1)^2 + p^2 (1/N - 1)^2                        one step

Source: Lyu & Li 2020, Theorem 4.3; Tsilivis et al. 2025; Cai et al. 2025; theory C5, C10, C11, C12.
"""

from __future__ import annotations

import sympy

from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.layers import dimension, letter
from theorycheck.symbolic.named import named
from theorycheck.symbolic.rates import rates
from theorycheck.symbolic.words import Words, inner

__all__ = [
    "CLOCK", "DIRECTION", "FASTEST", "FENCHEL_GAP", "MODIFIED", "REMAINDER", "SLOWEST", "STEEPEST",
    "clock_is_at_least_as_fast", "clock_is_at_most_as_fast", "fenchel_gap", "modified_margin_grows",
    "normalised_step", "steepest_flow",
]  # fmt: skip

L, rho, alpha, slope, velocity = sympy.symbols(r"L \rho \alpha \lambda |v|^2", positive=True)
g, B, c = sympy.symbols(r"\gamma_0 B c", positive=True)

CLOCK = velocity / (slope**2 * alpha ** (2 - 2 / L))
"""T', since alpha' = |v|^2 / lambda and T is the integral of 1 / (lambda x^{2 - 2/L})."""
SLOWEST = L**2 * g ** (2 / L)
FASTEST = (c * B) ** 2 * g ** (2 / L - 2)


def clock_is_at_least_as_fast() -> Derivation:
    """Derive L^2 g^{2/L} <= T' from |v| >= L lambda alpha / rho and g rho^L <= alpha."""
    proof = Derivation("slowest margin", "Lyu & Li 2020, Theorem 4.3; theory C5")
    clock = named("T'", CLOCK)
    proof.define(clock)
    proof.suppose("Euler and Cauchy-Schwarz", (L * slope * alpha / rho) ** 2, velocity)
    proof.suppose("the margin has not fallen", rho**2 * g ** (2 / L), alpha ** (2 / L))
    least, grown = (
        proof.slack(x) for x in ("Euler and Cauchy-Schwarz", "the margin has not fallen")
    )
    terms = [(1 / (slope**2 * alpha ** (2 - 2 / L)), least), (L**2, rho**-2, grown)]
    proof.at_most("slowest", SLOWEST, clock, terms)
    proof.refutes_at_most("twice as fast", 2 * SLOWEST, clock, terms)
    return proof.concludes(SLOWEST, "<=", clock)


def clock_is_at_most_as_fast() -> Derivation:
    """Derive T' <= (c B)^2 g^{2/L-2} from |v| <= c lambda B rho^{L-1} and g rho^L <= alpha."""
    proof = Derivation("fastest margin", "Lyu & Li 2020, Theorem 4.3; theory C5")
    clock = named("T'", CLOCK)
    proof.define(clock)
    proof.suppose("gradients", velocity, (c * slope * B) ** 2 * rho ** (2 * L - 2))
    power = alpha ** (2 - 2 / L)
    proof.suppose("the margin has not fallen", rho ** (2 * L - 2), power * g ** (2 / L - 2))
    most, grown = (proof.slack(x) for x in ("gradients", "the margin has not fallen"))
    terms = [(1 / (slope**2 * power), most), ((c * B) ** 2, 1 / power, grown)]
    proof.at_most("fastest", clock, FASTEST, terms)
    proof.refutes_at_most("half as fast", clock, FASTEST / 2, terms)
    return proof.concludes(clock, "<=", FASTEST)


# ---------------------------------------------------------------------- any norm

N, G, a, beta, nu = sympy.symbols(r"N G a \beta \nu", positive=True)
kappa = sympy.Symbol(r"\kappa", real=True)

STEEPEST = L * G / N * (a / beta - kappa)
"""d log(alpha / N^L) in the time in which alpha' = G^2 and N' = kappa G."""
FENCHEL_GAP = N**2 * (1 - beta)
"""N^2/2 + N*(s)^2/2 - <s, theta> with s = u N / G."""


def steepest_flow() -> Derivation:
    """Derive the growth of the smoothed margin along steepest flow in any norm."""
    proof = Derivation("growth of the margin in any norm", "Tsilivis et al. 2025; theory C10")
    measured = proof.assume("a and beta", zeros=[a * alpha - nu, beta * G * N - L * nu])
    flow = rates({}, scalars={alpha: G**2, N: kappa * G})
    growth = flow.rate(sympy.log(alpha) - L * sympy.log(N))
    proof.equal("growth", growth, STEEPEST, measured)
    proof.refutes("kappa = 1", growth, STEEPEST.subs(kappa, 1), measured)
    return proof.concludes(growth, "=", STEEPEST, measured)


def fenchel_gap() -> Derivation:
    """Derive N^2/2 + N*(s)^2/2 - <s, theta> = N^2 (1 - beta) for s = u N / G, N*(u) = G."""
    proof = Derivation("Fenchel gap of the squared norm", "Tsilivis et al. 2025; theory C10")
    measured = proof.assume("beta", zeros=[beta * G * N - L * nu])
    dual, product = named("S", G * N / G), named("P", L * nu * N / G)
    proof.define(dual, product)  # N*(s) and <s, theta>
    gap = N**2 / 2 + dual**2 / 2 - product
    proof.equal("gap", gap, FENCHEL_GAP, measured)
    proof.refutes("beta squared", gap, N**2 * (1 - beta**2), measured)
    return proof.concludes(gap, "=", FENCHEL_GAP, measured)


# ---------------------------------------------------------------------- near homogeneity

M, phi, speed = sympy.symbols(r"M \phi v", positive=True)
radial, drift = sympy.symbols(r"\dot\rho \sigma", nonnegative=True)

MODIFIED = speed / phi - drift * radial / phi - M * radial / rho
"""d log(phi / rho^M) with phi' = v - sigma rho'."""
DIRECTION = (speed - radial**2) / phi


def modified_margin_grows() -> Derivation:
    """Derive d log(phi / rho^M) >= (v - rho'^2) / phi from rho' >= M phi / rho + sigma."""
    proof = Derivation("growth of the modified margin", "Cai et al. 2025; theory C11")
    flow = rates({}, scalars={phi: speed - drift * radial, rho: radial})
    growth = flow.rate(sympy.log(phi) - M * sympy.log(rho))
    proof.equal("growth", growth, MODIFIED)
    proof.suppose("Euler, nearly", M * phi / rho + drift, radial)
    terms = [(radial, 1 / phi, proof.slack("Euler, nearly"))]
    proof.at_most("direction", DIRECTION, MODIFIED, terms)
    proof.refutes_at_most("without the drift", DIRECTION, MODIFIED + radial, terms)
    return proof.concludes(DIRECTION, "<=", growth)


# ---------------------------------------------------------------------- one normalised step

along = sympy.Symbol("r", real=True)
across, length = sympy.symbols("p^2 N_+", positive=True)

REMAINDER = ((1 + along) / length - 1) ** 2 + across * (1 / length - 1) ** 2
"""|u+ - u - P z|^2 with r = <u, z>, p^2 = |P z|^2 and N_+ = |u + z|."""


def normalised_step() -> Derivation:
    """Derive the remainder of a step on the sphere from its parts along u and across."""
    proof = Derivation("remainder of a normalised step", "theory C12")
    dim = dimension("d")
    u, q = letter("u", dim, 1), letter("q", dim, 1)
    z: Words = u * along + q
    parts = proof.assume(
        "q = P z is across u", zeros=[inner(u, u) - 1, inner(u, q), inner(q, q) - across]
    )
    moved = (u + z) * (1 / length) - u - q
    proof.equal("length", inner(u + z, u + z), (1 + along) ** 2 + across, parts)
    proof.equal("remainder", inner(moved, moved), REMAINDER, parts)
    proof.refutes("not normalised", inner(z - q, z - q), REMAINDER, parts)
    return proof.concludes(inner(moved, moved), "=", REMAINDER, parts)
