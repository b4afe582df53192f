r"""Gradient flow of a homogeneous model on a sum of losses: the exact growth of the margin.

With Lambda = sum_i l(q_i), w_i = -l'(q_i), v = sum_i w_i h_i = theta', nu = sum_i w_i q_i,
alpha = l^{-1}(Lambda), lambda = -l'(alpha), rho = |theta|, beta = <theta, v> / (rho |v|) and
a = nu / (lambda alpha):

    (i)    d(rho^2)/dt / 2 = L nu
    (ii)   d Lambda/dt = -|v|^2,   d alpha/dt = |v|^2 / lambda
    (iii)  |v|^2 = (L nu / rho)^2 / beta^2
    (iv)   |d(theta/rho)/dt|^2 = (L nu / rho^2)^2 (1/beta^2 - 1)
    (vi)   d log(alpha / rho^L) / d log rho = L (a / beta^2 - 1)
    (vii)  which is >= L (1/beta^2 - 1) >= 0, since a >= 1 (see `margin_slack`)

for any number of samples n, by induction, and any loss; q_i is L-homogeneous, at almost every t.

Source: Lyu & Li 2020, Lemma 5.1 and B.1 (inequality); theory C2.
"""

from __future__ import annotations

import sympy

from theorycheck.symbolic.deciding import Hypotheses
from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.layers import dimension, letter
from theorycheck.symbolic.rates import rates
from theorycheck.symbolic.recursions import MatrixRecursion, ScalarRecursion, family, sequence
from theorycheck.symbolic.words import Words, inner

__all__ = [
    "ALIGNMENT",
    "MARGIN_GROWTH",
    "direction_moves",
    "loss_decreases",
    "margin_grows",
    "margin_growth",
    "norm_grows",
]

HALF = sympy.Rational(1, 2)
n = sympy.Symbol("n", integer=True, nonnegative=True)
size = dimension("p")
theta, v = letter(r"\theta", size, 1), letter("v", size, 1)
L, rho, alpha, slope = sympy.symbols(r"L \rho \alpha \lambda", positive=True)
nu, beta = sympy.symbols(r"\nu \beta", real=True, nonzero=True)

# ---------------------------------------------------------------------- sums over n samples

gradient = family("h_{{{k}}}", lambda i: (size, 1))
weight, margin = sequence("w"), sequence("q")

velocity_at = family("v_{{{k}}}", lambda i: (size, 1))
velocity = MatrixRecursion(
    at=velocity_at,
    start=Words.zero((size, 1)),
    step=lambda i: velocity_at(i) + gradient(i + 1) * weight(i + 1),
)
"""v_n = sum_{i <= n} w_i h_i."""
mean: ScalarRecursion = ScalarRecursion(
    "N", sympy.S.Zero, lambda i: mean.at(i) + weight(i + 1) * margin(i + 1)
)
"""nu = sum_{i <= n} w_i q_i."""
loss_rate: ScalarRecursion = ScalarRecursion(
    "R", sympy.S.Zero, lambda i: loss_rate.at(i) - weight(i + 1) * inner(gradient(i + 1), v)
)
"""d Lambda/dt = sum_{i <= n} l'(q_i) <h_i, theta'>."""

SPEED = L * nu / rho**2
"""d log rho / dt."""
ALIGNMENT = inner(theta, v) ** 2 / (rho**2 * inner(v, v))
"""beta^2."""
MARGIN_GROWTH = L * (nu / (slope * alpha) / beta**2 - 1)
"""d log(alpha / rho^L) / d log rho, with a = nu / (lambda alpha)."""


def norm_grows() -> Derivation:
    """Derive d(rho^2)/dt / 2 = <theta, v> = L nu for n samples, from Euler's identity of each."""
    proof = Derivation("the norm grows with the weighted margin", "theory C2(i)")
    euler = proof.assume(
        "Euler", zeros=[inner(theta, gradient(n + 1)) - L * margin(n + 1)], every=[n]
    )
    proof.induction(
        "sum over the samples", n, lambda i: (inner(theta, velocity_at(i)), L * mean.at(i)),
        [velocity, mean], lambda _: euler,
    )  # fmt: skip
    rate = rates({theta: velocity_at(n)}).rate(inner(theta, theta)) / 2
    summed = proof.rule("sum over the samples")
    proof.equal("d(rho^2)/dt / 2", rate, L * mean.at(n), summed)
    proof.refutes("degree L + 1", rate, (L + 1) * mean.at(n), summed)
    return proof.concludes(rate, "=", L * mean.at(n))


def loss_decreases() -> Derivation:
    """Derive d Lambda/dt = -|v|^2 and d alpha/dt = |v|^2 / lambda for n samples."""
    proof = Derivation("the loss decreases along its flow", "theory C2(ii)")
    proof.induction(
        "sum over the samples", n, lambda i: (loss_rate.at(i), -inner(velocity_at(i), v)),
        [loss_rate, velocity],
    )  # fmt: skip
    whole = proof.assume("v is the whole sum", (velocity_at(n), v))
    summed = proof.rule("sum over the samples")
    proof.equal("v is theta'", -inner(velocity_at(n), v), -inner(v, v), whole)
    proof.refutes("ascent", loss_rate.at(n), inner(velocity_at(n), v), summed)
    # Lambda = l(alpha) gives d Lambda/dt = -lambda d alpha/dt
    smoothed = sympy.Symbol(r"\dot{\alpha}", real=True)
    inverse = proof.assume("Lambda = l(alpha)", zeros=[loss_rate.at(n) + slope * smoothed])
    proof.equal("d alpha/dt", smoothed, inner(velocity_at(n), v) / slope, inverse + summed)
    proof.equal("v is theta', again", inner(velocity_at(n), v) / slope, inner(v, v) / slope, whole)
    return proof.concludes(smoothed, "=", inner(v, v) / slope)


def _chain(proof: Derivation) -> Hypotheses:
    """Record (i) in the form <theta, v> = L nu, rho = |theta| and the definition of beta."""
    return proof.assume(
        "<theta, v> = L nu, rho, beta",
        zeros=[
            inner(theta, v) - L * nu,
            inner(theta, theta) - rho**2,
            beta**2 * rho**2 * inner(v, v) - (L * nu) ** 2,
        ],
    )  # fmt: skip


def direction_moves() -> Derivation:
    """Derive (iii), (iv): the speed of theta/rho in terms of the alignment beta."""
    proof = Derivation("the direction moves as far as it is not aligned", "theory C2(iii), (iv)")
    given = _chain(proof)
    proof.equal("beta", beta**2, ALIGNMENT, given)
    squared = (L * nu / rho) ** 2 / beta**2
    proof.equal("|v|^2", inner(v, v), squared, given)
    flow = rates({theta: v}, scalars={rho: L * nu / rho})
    proof.equal("d rho/dt", flow.rate(inner(theta, theta) - rho**2), sympy.S.Zero, given)
    turned = flow.of_words(theta * (1 / rho))
    speed, wanted = inner(turned, turned), SPEED**2 * (beta**-2 - 1)
    proof.equal("speed of the direction", speed, wanted, given)
    proof.refutes("beta for beta^2", speed, SPEED**2 * (1 / beta - 1), given)
    return proof.concludes(speed, "=", wanted, given)


def margin_growth() -> Derivation:
    """Derive d log(alpha / rho^L) / d log rho = L (a / beta^2 - 1), exactly."""
    proof = Derivation("exact growth of the smoothed margin", "theory C2(vi)")
    given = _chain(proof)
    flow = rates({}, scalars={alpha: inner(v, v) / slope, rho: L * nu / rho})
    growth = flow.rate(sympy.log(alpha / rho**L)) / flow.rate(sympy.log(rho))
    proof.equal("margin against norm", growth, MARGIN_GROWTH, given)
    proof.refutes("a forgotten", growth, L * (beta**-2 - 1), given)
    proof.refutes("exponent 1 of rho",
        flow.rate(sympy.log(alpha / rho)) / SPEED, MARGIN_GROWTH, given)  # fmt: skip
    return proof.concludes(growth, "=", MARGIN_GROWTH, given)


def margin_grows() -> Derivation:
    """Derive 0 <= L (1/beta^2 - 1) <= L (a/beta^2 - 1) from a >= 1 and Lagrange's identity."""
    proof = Derivation("the smoothed margin does not decrease", "Lyu & Li 2020, Lemma 5.1")
    given = _chain(proof)
    area = letter("K", size, size)
    stands = proof.assume("K stands for theta v^T - v theta^T", (area, theta @ v.T - v @ theta.T))
    cosine = L * (beta**-2 - 1)
    proof.suppose("nu is not 0", sympy.S.Zero, nu**-2)
    proof.suppose("beta is not 0", sympy.S.Zero, beta**-2)
    proof.at_most(
        "Lagrange", sympy.S.Zero, cosine,
        [(HALF, 1 / L, nu**-2, inner(area, area))], stands + given,
    )  # fmt: skip
    proof.suppose("a >= 1", sympy.S.One, nu / (slope * alpha))
    terms = [(L, beta**-2, proof.slack("a >= 1"))]
    proof.at_most("slack", cosine, MARGIN_GROWTH, terms)
    proof.refutes_at_most("sign of the slack", MARGIN_GROWTH, cosine, terms)
    return proof.concludes(sympy.S.Zero, "<=", MARGIN_GROWTH)
