r"""Gradient flow while the Gram matrix stays definite: error, movement, distance from the kernel.

    D' = -H D,  mu |D|^2 <= D^T H D        |D| <= |D_0| e^{-mu t}
    sqrt(m) |w_r'| <= |X| |D|              sqrt(m) |w_r - w_r(0)| <= |X| |D_0| (1 - e^{-mu t}) / mu
    |H - H*| <= eps < l             |D - e^{-H* t} D_0| <= |D_0| (e^{-(l - eps) t} - e^{-l t})
    steps of size eta, x = eta l <= 1      0 <= e^{-kx} - (1 - x)^k <= (x / 2) e^{x - 1}

Source: Du et al. 2019, Lemmas 3.2 and 3.3; theory B7, B8, B17(a), B22(b).
"""

from __future__ import annotations

import sympy

from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.heavy_ball import D, H
from theorycheck.symbolic.named import named
from theorycheck.symbolic.rates import rates
from theorycheck.symbolic.words import inner

__all__ = [
    "CEILING",
    "CLOSENESS",
    "DECAY",
    "MOVEMENT",
    "STEP_GAP",
    "closeness_has_a_ceiling",
    "distance_from_the_kernel",
    "error_decays",
    "movement",
    "movement_has_a_limit",
    "steps_track_the_flow",
]

t, error, rate, spread, neurons = sympy.symbols(r"t D_0 \mu X m", positive=True)
change, margin = sympy.symbols(r"\epsilon g", positive=True)
"""eps and g = l - eps."""
least = margin + change
along = rates({}, scalars={t: sympy.S.One})

DECAY = error * sympy.exp(-rate * t)
"""Bound of |D|."""
MOVEMENT = spread * error * (1 - sympy.exp(-rate * t)) / rate
"""Bound of sqrt(m) |w_r - w_r(0)|."""
CLOSENESS = error * (sympy.exp(-margin * t) - sympy.exp(-least * t))
"""Bound of |D - e^{-H* t} D_0|."""
CEILING = change * error / (sympy.E * margin)
"""Of CLOSENESS, for all t."""


def error_decays() -> Derivation:
    """Derive |D|^2 <= (|D_0| e^{-mu t})^2."""
    proof = Derivation("the error decays at the least eigenvalue", "Du et al. 2019, Lemma 3.2")
    proof.suppose("mu |D|^2 <= D^T H D", rate * inner(D, D), inner(D, H @ D))
    flow = rates({D: -(H @ D)}, constants=[H], scalars={t: sympy.S.One})
    V = named("V", sympy.exp(2 * rate * t) * inner(D, D))
    proof.define(V)
    terms = [(sympy.Integer(2), sympy.exp(2 * rate * t), proof.slack("mu |D|^2 <= D^T H D"))]
    proof.at_most("V does not increase", flow.rate(V), sympy.S.Zero, terms)
    faster = flow.of_scalar(sympy.exp(3 * rate * t) * inner(D, D))
    proof.refutes_at_most("e^{3 mu t}", faster, sympy.S.Zero, terms)
    proof.cite("mean value theorem", V, "<=", error**2, "V does not increase, V(0) = |D_0|^2")
    proof.at_most(
        "error", inner(D, D), DECAY**2,
        [(sympy.exp(-2 * rate * t), proof.slack("mean value theorem"))],
    )  # fmt: skip
    return proof.concludes(inner(D, D), "<=", DECAY**2)


def movement() -> Derivation:
    """Derive B' = |X| |D_0| - mu B from 0, the equation of int |X| |D_0| e^{-mu s} ds."""
    proof = Derivation("how far a neuron moves", "Du et al. 2019, Lemma 3.3; theory B8")
    bound = named("B", MOVEMENT)
    proof.define(bound)
    speed, driven = along.of_scalar(bound), spread * error - rate * bound
    proof.equal("speed", speed, spread * DECAY)
    proof.equal("equation", speed, driven)
    proof.equal("start", named("B(0)", MOVEMENT.subs(t, 0)), sympy.S.Zero)
    proof.refutes("half of it, as remembered", along.of_scalar(bound / 2), spread * DECAY)
    return proof.concludes(speed, "=", driven)


def movement_has_a_limit() -> Derivation:
    """Derive that a neuron moves at most |X| |D_0| / (sqrt(m) mu), for all t."""
    proof = Derivation("how far a neuron moves at most", "theory B11(c)")
    root = sympy.sqrt(neurons)
    limit = spread * error / (root * rate)
    rest = [(limit, sympy.exp(-rate * t))]
    proof.at_most("for all t", MOVEMENT / root, limit, rest)
    proof.refutes_at_most("half of it", MOVEMENT / root, limit / 2, rest)
    return proof.concludes(MOVEMENT / root, "<=", limit)


def distance_from_the_kernel() -> Derivation:
    """Derive that CLOSENESS solves B' = -l B + eps |D_0| e^{-(l - eps) t} from 0."""
    proof = Derivation("distance from the kernel's flow", "theory B22(b)")
    bound = named("B", CLOSENESS)
    proof.define(bound)
    driven = -least * bound + change * error * sympy.exp(-margin * t)
    moved = along.of_scalar(bound)
    proof.equal("equation", moved, driven)
    proof.equal("start", named("B(0)", CLOSENESS.subs(t, 0)), sympy.S.Zero)
    proof.refutes("the slower rate", moved, driven + change * bound)
    return proof.concludes(moved, "=", driven)


def closeness_has_a_ceiling() -> Derivation:
    """Derive CLOSENESS <= eps |D_0| / (e (l - eps)) for all t."""
    proof = Derivation("largest distance from the kernel's flow", "theory B22(b)")
    drift, decay = change * t, margin * t
    proof.cite("exponential", 1 - sympy.exp(-drift), "<=", drift, "1 - e^{-x} <= x")
    proof.cite("hump", decay * sympy.exp(-decay), "<=", sympy.exp(-1), "x e^{-x} <= 1 / e")
    terms = [
        (error, sympy.exp(-decay), proof.slack("exponential")),
        (error, change, 1 / margin, proof.slack("hump")),
    ]
    proof.at_most("ceiling", CLOSENESS, CEILING, terms)
    proof.refutes_at_most("half of it", CLOSENESS, CEILING / 2, terms)
    return proof.concludes(CLOSENESS, "<=", CEILING)


# ---------------------------------------------------------------------- steps

x = sympy.Symbol("x", positive=True)
k = sympy.Symbol("k", integer=True, positive=True)

STEP_GAP = x / 2 * sympy.exp(x - 1)
"""Bound of e^{-kx} - (1 - x)^k for all k, x <= 1."""


def steps_track_the_flow() -> Derivation:
    """Derive e^{-kx} - (1 - x)^k <= (x / 2) e^{x - 1} for x <= 1 and every k >= 1."""
    proof = Derivation("descent tracks the flow of a quadratic", "theory B17(a)")
    flow, step = sympy.exp(-x), 1 - x
    proof.suppose("x <= 1", x, sympy.S.One)
    proof.cite("below", step, "<=", flow, "1 - x <= e^{-x}")
    proof.cite("above", flow, "<=", step + x**2 / 2, "e^{-x} <= 1 - x + x^2/2 for x >= 0")
    proof.cite("hump", k * x * flow**k, "<=", sympy.exp(-1), "x e^{-x} <= 1 / e")
    less, one = proof.slack("below"), proof.slack("x <= 1")

    def said(i: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
        return flow**i - step**i, i * (flow - step) * flow ** (i - 1)

    proof.induction_at_most(
        "mean value", k, said, [], [(k, flow ** (k - 1), less, less)], factor=one, first=1
    )
    gap = flow**k - step**k
    terms = [
        (proof.slack("mean value"),),
        (k, flow ** (k - 1), proof.slack("above")),
        (x / 2, sympy.exp(x), proof.slack("hump")),
    ]
    proof.at_most("every step", gap, STEP_GAP, terms)
    proof.refutes_at_most("half of it", gap, STEP_GAP / 2, terms)
    return proof.concludes(gap, "<=", STEP_GAP)
