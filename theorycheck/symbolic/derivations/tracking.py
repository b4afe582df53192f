r"""What descent may lose against the flow: Gronwall's lemma, its closed forms, and quadratics.

    E' <= l E + r                  =>  e^{-L} E - int e^{-L} r  does not increase,  L' = l
    J' = m J + 1,  J(0) = 0            J = (e^{mT} - 1) / m
    E' = m E + h s,  E(0) = E_k        e^{ms} E_k + h (e^{ms} - 1 - ms) / m^2
    f = -(m/2) x^2                     e^{m t} against (1 + m eta)^k,  t = k eta

Source: Hairer, Norsett & Wanner, Section I.10; theory A1, A2.c, A2.d, A3.a.
"""

from __future__ import annotations

import sympy
from sympy import Expr

from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.layers import eta
from theorycheck.symbolic.named import named
from theorycheck.symbolic.rates import rates
from theorycheck.symbolic.recursions import ScalarRecursion

__all__ = [
    "CERTIFICATE",
    "GROWTH",
    "STEP_SIZE",
    "certificate_step",
    "descent_gap",
    "flow_gap",
    "fundamental_lemma",
    "growth_at_constant_curvature",
    "least_gap_of_descent",
    "loss_of_descent",
    "most_gap_of_descent",
    "step_size_at_constant_curvature",
]

t, m = sympy.symbols("t m", positive=True)
along = rates({}, scalars={t: sympy.S.One})
distance, slope, rate, defect = sympy.symbols("E E' \\ell r", real=True)
exponent, integral = sympy.symbols("L I", real=True)
k = sympy.Symbol("k", integer=True, nonnegative=True)


def fundamental_lemma() -> Derivation:
    """Derive that e^{-L} E - int e^{-L} r does not increase where E' <= l E + r."""
    proof = Derivation("the fundamental lemma", "Hairer, Norsett & Wanner I.10; theory A1")
    proof.suppose("E' <= l E + r", slope, rate * distance + defect)
    weight = sympy.exp(-exponent)
    flow = rates({}, scalars={distance: slope, exponent: rate, integral: weight * defect})
    moved = flow.of_scalar(weight * distance - integral)
    terms = [(weight, proof.slack("E' <= l E + r"))]
    proof.at_most("weighted distance", moved, sympy.S.Zero, terms)
    unweighted = flow.of_scalar(distance - integral)
    proof.refutes_at_most("without the weight", unweighted, sympy.S.Zero, terms)
    return proof.concludes(moved, "<=", sympy.S.Zero)


# ---------------------------------------------------------------------- constant curvature

curvature = sympy.Symbol("m", real=True, nonzero=True)
"""A bound of -lambda_min(Hess f); 0 is the limit of all that follows."""
GROWTH = (sympy.exp(curvature * t) - 1) / curvature
"""J(t) = int_0^t e^{m (t - s)} ds."""

initial_gap, epsilon, beta, gamma = sympy.symbols(r"e_0 \epsilon \beta \gamma", positive=True)
total = sympy.Symbol("J", positive=True)

STEP_SIZE = (epsilon - sympy.exp(curvature * t) * initial_gap) / (beta * gamma * total)
"""The step at which the bound of the distance is epsilon."""


def growth_at_constant_curvature() -> Derivation:
    """Derive J' = m J + 1 and J(0) = 0."""
    proof = Derivation("growth of a defect at a constant bound of the curvature", "theory A2.c")
    growth = named("J", GROWTH)
    proof.define(growth)
    moved = along.of_scalar(growth)
    proof.equal("equation", moved, curvature * growth + 1)
    proof.equal("start", named("J(0)", GROWTH.subs(t, 0)), sympy.S.Zero)
    proof.refutes("without the defect", moved, curvature * growth)
    return proof.concludes(moved, "=", curvature * growth + 1)


def step_size_at_constant_curvature() -> Derivation:
    """Derive the bound e^{mt} e_0 + eta beta gamma J of the distance, and where it is epsilon."""
    proof = Derivation("step size at a constant bound of the curvature", "theory A2.c")
    grown = sympy.exp(curvature * t) * initial_gap
    bound = grown + eta * beta * gamma * GROWTH
    source = curvature * bound + eta * beta * gamma
    proof.equal("equation of the bound", along.of_scalar(bound), source)
    chosen = named("\\eta", STEP_SIZE)
    proof.define(chosen)
    at_step = grown + chosen * beta * gamma * total
    proof.equal("the bound is epsilon", at_step, epsilon)
    proof.refutes("without the first distance", chosen * beta * gamma * total, epsilon)
    return proof.concludes(at_step, "=", epsilon)


# ---------------------------------------------------------------------- a posteriori

held, gap = sympy.symbols("h_k E_k", real=True)

PSI = (sympy.exp(curvature * t) - 1 - curvature * t) / curvature**2
"""psi(m, t) = int_0^t e^{m (t - s)} s ds for m != 0."""

CERTIFICATE = sympy.exp(curvature * t) * gap + held * PSI
"""The bound of the distance a time t into step k."""


def certificate_step() -> Derivation:
    """Derive that the certificate solves E' = m E + h s from E_k: one step of the bound."""
    proof = Derivation("a-posteriori certificate, one step", "theory A2.d")
    bound = named("E", CERTIFICATE)
    proof.define(bound)
    wanted = curvature * bound + held * t
    moved = along.of_scalar(bound)
    proof.equal("equation", moved, wanted)
    proof.equal("start", named("E(0)", CERTIFICATE.subs(t, 0)), gap)
    proof.refutes("a defect that does not grow", moved, curvature * bound + held)
    return proof.concludes(moved, "=", wanted)


# ---------------------------------------------------------------------- concave quadratics

descent: ScalarRecursion = ScalarRecursion(
    "x", sympy.S.One, lambda i: (1 + m * eta) * descent.at(i)
)
"""x_k of descent on -(m/2) x^2 from x_0 = 1."""
CONCAVITY = 1 - sympy.log(2)


def flow_gap() -> Derivation:
    """Derive that e_0 e^{mt} solves x' = m x: two flows of -(m/2) x^2 part at this rate."""
    proof = Derivation("distance of two flows on a concave quadratic", "theory A3.a")
    apart = named("x", initial_gap * sympy.exp(m * t))
    proof.define(apart)
    proof.equal("equation", along.of_scalar(apart), m * apart)
    proof.equal("start", named("x(0)", initial_gap * sympy.exp(m * t).subs(t, 0)), initial_gap)
    proof.refutes("twice the rate", along.of_scalar(apart), 2 * m * apart)
    return proof.concludes(along.of_scalar(apart), "=", m * apart)


def descent_gap() -> Derivation:
    """Derive x_k = (1 + m eta)^k of descent on -(m/2) x^2."""
    proof = Derivation("descent on a concave quadratic", "theory A3.a")
    closed = (1 + m * eta) ** k
    proof.induction("closed form", k, lambda i: (descent.at(i), (1 + m * eta) ** i), [descent])
    proof.refutes("a sign flipped", descent.step(k), (1 - m * eta) * closed)
    return proof.concludes(descent.at(k), "=", closed)


def _compared(
    name: str, power: Expr, *, above: bool, source: str, most: Expr | None = None
) -> Derivation:
    """Compare (1 + m eta)^k with e^{k power}, by what is cited of one step, for m eta <= most."""
    proof = Derivation(name, "theory A3.a")
    if most is not None:
        proof.suppose("step size", m * eta, most)
    growths = (1 + m * eta, sympy.exp(power))
    low, high = growths if above else growths[::-1]
    proof.cite("one step", low, "<=", high, source)
    one = proof.slack("one step")
    proof.induction_at_most(
        "every step", k, lambda i: (low**i, high**i), [], [(low**k, one)], factor=high
    )
    proof.refutes_at_most("twice the growth", 2 * low, high, [(one,)])
    return proof.concludes(low**k, "<=", high**k)


def most_gap_of_descent() -> Derivation:
    """Derive (1 + m eta)^k <= e^{m eta k}."""
    return _compared(
        "descent parts at most like the flow", m * eta, above=True, source="1 + x <= e^x"
    )


def least_gap_of_descent() -> Derivation:
    """Derive e^{m eta (1 - m eta / 2) k} <= (1 + m eta)^k."""
    return _compared(
        "descent parts nearly like the flow", m * eta * (1 - m * eta / 2), above=False,
        source="x - x^2/2 <= ln(1 + x) for x >= 0",
    )  # fmt: skip


def loss_of_descent() -> Derivation:
    """Derive e^{mt} - (1 + m eta)^k >= e^{mt} (1 - e^{-c m^2 eta t}), c = 1 - ln 2, t = k eta."""
    power = m * eta - CONCAVITY * (m * eta) ** 2
    below = _compared(
        "descent stays behind the flow", power, above=True,
        source="ln(1 + x) <= x - (1 - ln 2) x^2 on [0, 1]", most=sympy.S.One,
    )  # fmt: skip
    proof = Derivation("descent loses against the flow", "Elkabetz & Cohen 2021; theory A3.a")
    proof.builds_on("behind the flow", below)
    flow = sympy.exp(m * eta * k)
    lost = flow * (1 - sympy.exp(-CONCAVITY * m**2 * eta * k * eta))
    proof.at_most(
        "difference", lost, flow - (1 + m * eta) ** k, [(proof.slack("behind the flow"),)]
    )
    proof.refutes_at_most(
        "twice the rate", flow * (1 - sympy.exp(-2 * CONCAVITY * m**2 * eta * k * eta)),
        flow - (1 + m * eta) ** k, [(proof.slack("behind the flow"),)],
    )  # fmt: skip
    return proof.concludes(lost, "<=", flow - (1 + m * eta) ** k)
