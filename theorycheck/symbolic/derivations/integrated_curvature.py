r"""What the plane of a balanced net with one output gives: integrated curvature and known times.

    m = (n-1) |w - u| r^{1-2/n} <= -Psi',   Psi = (n-1) (arccos c - ln(r) / n)      where r <= c
    f' <= -2 r^{2-2/n} f
    r' >= (n c_0 / 2) r^{2-2/n}                                          where c - r >= c_0 / 2

so that int m <= Psi(0) where r <= 1, the loss decays at 2 (c_0/2)^{2-2/n} once r >= c_0/2, and r
is there in a known time.

Source: after Elkabetz & Cohen 2021, Section 5; theory A20, A21.a.
"""

from __future__ import annotations

import sympy

from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.planar import ANGULAR, LOSS, RADIAL, c, n, r
from theorycheck.symbolic.named import named
from theorycheck.symbolic.rates import rates

__all__ = [
    "CURVATURE", "DECAY_RATE", "GROWTH_TIME", "GROWTH_TIME_AT_DEPTH_TWO", "POTENTIAL",
    "growth_time", "growth_time_at_depth_two", "integrated_curvature", "loss_decays",
]  # fmt: skip

angle, sine, distance = sympy.symbols(r"\varphi y \delta", nonnegative=True)
"""arccos c, sqrt(1 - c^2) and |w - u|."""
first, start = sympy.symbols("c_0 r_0", positive=True)

CURVATURE = (n - 1) * distance * r ** (1 - 2 / n)
"""m."""
POTENTIAL = (n - 1) * (angle - sympy.log(r) / n)
"""Psi, which the flow uses up at least at the speed m."""
DECAY_RATE = 2 * (first / 2) ** (2 - 2 / n)
"""Of the loss, where r >= c_0 / 2."""


def integrated_curvature() -> Derivation:
    """Derive m <= -Psi' where r <= c."""
    proof = Derivation("integrated curvature of a scalar-output net", "theory A20")
    proof.suppose("r <= c", r, c)
    proof.suppose("n >= 1", sympy.S.One, n)
    right = proof.assume("y = sqrt(1 - c^2)", zeros=[sine**2 - 1 + c**2])
    ahead = proof.slack("r <= c")
    squared = sine**2 + (c - r) ** 2
    proof.equal("|w - u|^2", 2 * LOSS, squared, right)
    side = sine + (c - r)
    terms = [(sympy.Integer(2), sine, ahead)]
    proof.at_most("squared", squared, side**2, terms)
    proof.refutes_at_most("one leg alone", squared, sine**2, terms)
    proof.cite("distance", distance, "<=", side, "roots of 'squared'; delta = |w - u|")
    # arccos' = -1/y
    flow = rates({}, scalars={r: RADIAL, c: ANGULAR, angle: -ANGULAR / sine})
    used = -flow.of_scalar(POTENTIAL)
    spent = (n - 1) * r ** (1 - 2 / n) * side
    potential = named(r"\Psi", POTENTIAL)
    proof.define(potential)
    proof.equal("speed of Psi", used, spent, right)
    proof.at_most(
        "curvature", CURVATURE, spent, [(n - 1, r ** (1 - 2 / n), proof.slack("distance"))]
    )
    rate = named(r"-\dot\Psi", used)
    proof.define(rate)
    proof.equal("by the potential", rate, spent, right)
    return proof.concludes(CURVATURE, "<=", rate)


def loss_decays() -> Derivation:
    """Derive f' <= -2 r^{2-2/n} f, and f' <= -DECAY_RATE f where r >= c_0 / 2."""
    proof = Derivation("loss of a scalar-output net", "theory A21.a")
    flow = rates({}, scalars={r: RADIAL, c: ANGULAR})
    proof.suppose("n >= 1", sympy.S.One, n)
    f = named("f", LOSS)
    proof.define(f)
    power = r ** (2 - 2 / n)
    slope = flow.rate(f)
    proof.at_most("decay", slope, -2 * power * LOSS, [(n - 1, power, (c - r) ** 2)])
    proof.refutes_at_most("n times as fast", slope, -2 * n * power * LOSS, [(n - 1, power)])
    proof.suppose("r >= c_0 / 2", (first / 2) ** (2 - 2 / n), power)
    proof.suppose("|c| <= 1", c**2, sympy.S.One)
    terms = [
        (proof.slack("decay"),),
        (proof.slack("r >= c_0 / 2"), (r - c) ** 2),
        (proof.slack("r >= c_0 / 2"), proof.slack("|c| <= 1")),
    ]
    proof.at_most("at a known rate", slope, -DECAY_RATE * LOSS, terms)
    return proof.concludes(slope, "<=", -DECAY_RATE * LOSS)


GROWTH_TIME = 2 / (first * (n - 2)) * (start ** (-(1 - 2 / n)) - r ** (-(1 - 2 / n)))
"""The time in which r grows from r_0 to r at least, n >= 3, while c - r >= c_0 / 2."""
GROWTH_TIME_AT_DEPTH_TWO = sympy.log(r / start) / first
"""The same at depth two."""


def growth_time() -> Derivation:
    """Derive that GROWTH_TIME grows at least as fast as time."""
    return _growth(GROWTH_TIME, n)


def growth_time_at_depth_two() -> Derivation:
    """Derive that GROWTH_TIME_AT_DEPTH_TWO grows at least as fast as time."""
    return _growth(GROWTH_TIME_AT_DEPTH_TWO, sympy.Integer(2))


def _growth(clock: sympy.Expr, depth: sympy.Expr) -> Derivation:
    proof = Derivation(f"time of growth, n = {depth}", "theory A21.a")
    proof.suppose("c - r >= c_0 / 2", first / 2, c - r)
    field = RADIAL.subs(n, depth)
    passed = named("T", clock)
    proof.define(passed)
    flow = rates({}, scalars={r: field})
    proof.equal("start", named("T(r_0)", clock.subs(r, start)), sympy.S.Zero)
    rate = flow.rate(passed)
    terms = [(2 / first, proof.slack("c - r >= c_0 / 2"))]
    proof.at_most("faster than time", sympy.S.One, rate, terms)
    proof.refutes_at_most("twice as fast", sympy.Integer(2), rate, terms)
    return proof.concludes(sympy.S.One, "<=", rate)
