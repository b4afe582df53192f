r"""The Riccati form of two balanced layers, phi = |W_2 W_1 - S|_F^2 / 2, and its closed form.

    Q = (W_1^T; W_2),  F = [[0, S^T], [S, 0]],      Q' = F Q - Q Q^T Q / 2
    Q Q^T (t) = e^{Ft} Q_0 (I + Q_0^T B(t) Q_0)^{-1} Q_0^T e^{Ft},   B(t) = int_0^t e^{2Fs} ds

The lower left block of Q Q^T is W = W_2 W_1. Any widths, any F: no eigenvalue of F is needed, and
F need not be invertible.

Source: Fukumizu 1998; theory A18.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy

from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.layers import dimension, letter
from theorycheck.symbolic.named import named
from theorycheck.symbolic.rates import Rates, rates
from theorycheck.symbolic.words import Words

__all__ = [
    "closed_form",
    "closed_form_when_invertible",
    "inverse_exists",
    "inverse_rate",
    "layers_flow",
    "layers_to_riccati",
    "one_pair",
]

Blocks = list[list[Words]]
HALF = sympy.Rational(1, 2)

d_0, d_1, d_2, N = (dimension(name) for name in ("d_0", "d_1", "d_2", "N"))
W_1, W_2 = letter("W_1", d_1, d_0), letter("W_2", d_2, d_1)
S = letter("S", d_2, d_0)

stacked: Blocks = [[W_1.T], [W_2]]
"""Q = (W_1^T; W_2)."""
stacked_transpose: Blocks = [[W_1, W_2.T]]
"""Q^T."""
coupling: Blocks = [[Words.zero((d_0, d_0)), S.T], [S, Words.zero((d_2, d_2))]]
"""F = [[0, S^T], [S, 0]]."""


def layers_flow() -> Rates:
    """Gradient flow: W_1' = -W_2^T (W_2 W_1 - S), W_2' = -(W_2 W_1 - S) W_1^T."""
    gradient = W_2 @ W_1 - S
    return rates({W_1: -(W_2.T @ gradient), W_2: -(gradient @ W_1.T)}, constants=[S])


def layers_to_riccati() -> Derivation:
    """Derive Q' = F Q - Q Q^T Q / 2, block by block, from the flow of two balanced layers."""
    proof = Derivation("two balanced layers obey a Riccati equation", "theory A18")
    flow = layers_flow()
    imbalance = W_2.T @ W_2 - W_1 @ W_1.T
    zero = Words.zero((d_1, d_1))
    proof.equal("balance is kept", flow.of_words(imbalance), zero)
    balance = proof.assume("balance at the start", (W_2.T @ W_2, W_1 @ W_1.T))

    gram = product(stacked, stacked_transpose)
    proof.equal("the lower left block of Q Q^T", gram[1][0], W_2 @ W_1)
    field = minus(product(coupling, stacked), half(product(gram, stacked)))
    names = ("upper block", "lower block")
    for name, (block,), (wanted,) in zip(names, stacked, field, strict=True):
        velocity = flow.of_words(block)
        proof.equal(name, velocity, wanted, balance)
        proof.refutes(f"{name} without balance", velocity, wanted)
        proof.refutes(f"{name} without the half", velocity, wanted + wanted, balance)
    return proof.concludes(flow.of_words(W_2), "=", field[1][0], balance)


# ---------------------------------------------------------------------- opaque Q and F

Q = letter("Q", N, d_1)
Q_0 = letter("Q_0", N, d_1)
F = letter("F", N, N, symmetric=True)
E = letter("E", N, N)
r"""E = e^{Ft}: E' = F E, E(0) = I. Its symmetry is not needed: E^T E stands for e^{2Ft}."""
B = letter("B", N, N, symmetric=True)
"""B = int_0^t e^{2Fs} ds: B' = E^T E, B(0) = 0."""
inverse = letter("K", d_1, d_1, symmetric=True)
"""K = M^{-1}, the inverse of M = I + Q_0^T B Q_0."""
inverse_velocity = letter(r"\dot{K}", d_1, d_1, symmetric=True)

middle = (Words.identity(d_1) + Q_0.T @ B @ Q_0).named("M")
"""M."""
solution = (E @ Q_0 @ inverse @ Q_0.T @ E.T).named("P")
"""P = Q Q^T(t)."""


def riccati(P: Words) -> Words:
    """Return F P + P F - P^2."""
    return F @ P + P @ F - P @ P


def inverse_exists() -> Derivation:
    """Derive M = I + Q_0^T B Q_0 >= I, so that M is invertible at every t >= 0."""
    proof = Derivation("the inverse in the closed form exists", "theory A18")
    proof.define(middle)
    zero = Words.zero((N, N))
    proof.cite("B", zero, "psd", B, "an integral of the squares (e^{Fs})^2, F symmetric")
    identity = Words.identity(d_1)
    proof.psd_at_most("congruence", identity, middle, [(sympy.S.One, Q_0, B)])
    proof.refutes("the identity forgotten", Q_0.T @ B @ Q_0, middle)
    return proof.concludes(identity, "psd", middle)


def inverse_rate() -> Derivation:
    """Derive K' = -K M' K for K = M^{-1}, from M K = I and the product rule."""
    proof = Derivation("the rate of an inverse", "product rule")
    M = letter("M", d_1, d_1, symmetric=True)
    M_dot = letter(r"\dot{M}", d_1, d_1, symmetric=True)
    identity = Words.identity(d_1)
    inverted = proof.assume("inverse", (M @ inverse, identity))
    flow = rates({M: M_dot, inverse: inverse_velocity})
    proof.equal(
        "product rule",
        flow.of_words(inverse @ M),
        inverse_velocity @ M + inverse @ M_dot,
    )
    constant = proof.assume("K M = I is constant", (inverse_velocity @ M, -(inverse @ M_dot)))
    both = inverse_velocity @ M @ inverse
    proof.equal("cancel M on the right", both, inverse_velocity, inverted)
    proof.equal("by the product rule", both, -(inverse @ M_dot @ inverse), constant)
    proof.refutes("the sign forgotten", both, inverse @ M_dot @ inverse, constant)
    return proof.concludes(inverse_velocity, "=", -(inverse @ M_dot @ inverse))


def closed_form() -> Derivation:
    """Derive that Q Q^T and the closed form solve P' = F P + P F - P^2 from the same start."""
    proof = Derivation("closed form of two balanced layers", "theory A18")
    proof.define(middle, solution)
    gram = Q @ Q.T
    flow = rates({Q: F @ Q - (Q @ Q.T @ Q) * HALF}, constants=[F])
    proof.equal("the equation of Q Q^T", flow.of_words(gram), riccati(gram))

    drive = rates({E: F @ E, B: E.T @ E}, constants=[F, Q_0])
    moved = Q_0.T @ E.T @ E @ Q_0
    proof.equal("rate of M", drive.of_words(middle), moved)
    proof.cite(
        "rate of the inverse", inverse_velocity, "=", -(inverse @ moved @ inverse),
        "inverse_rate, M' inserted",
    )  # fmt: skip
    inverted = proof.rule("rate of the inverse")
    along = rates({E: F @ E, inverse: inverse_velocity}, constants=[F, Q_0])
    velocity = along.of_words(solution)
    proof.equal("equation of the closed form", velocity, riccati(solution), inverted)
    at_rest = proof.assume("t = 0", (E, Words.identity(N)), (inverse, Words.identity(d_1)))
    proof.equal("start", solution, Q_0 @ Q_0.T, at_rest)

    proof.refutes("a factor two", velocity, riccati(solution) - solution @ solution, inverted)
    slow = rates(
        {E: F @ E, inverse: -(inverse @ Q_0.T @ (E + E.T) @ Q_0 @ inverse)}, constants=[F, Q_0]
    )
    proof.refutes("e^{Fs} under the integral", slow.of_words(solution), riccati(solution))
    return proof.concludes(velocity, "=", riccati(solution), inverted)


def closed_form_when_invertible() -> Derivation:
    """Derive B = F^{-1} (e^{2Ft} - I) / 2 where F is invertible: same rate, same start."""
    proof = Derivation("the integral in the closed form", "theory A18")
    root = letter("F^{-1}", N, N, symmetric=True)
    identity = Words.identity(N)
    inverted = proof.assume("inverse", (root @ F, identity))
    commutes = proof.assume("e^{Ft} commutes with F", (E.T @ F, F @ E.T))
    integral = (root @ (E.T @ E - identity)) * HALF
    velocity = rates({E: F @ E}, constants=[F, root]).of_words(integral)
    both = inverted + commutes
    proof.equal("rate", velocity, E.T @ E, both)
    rest = proof.assume("t = 0", (E, identity))
    proof.equal("start", integral, Words.zero((N, N)), rest)
    proof.refutes("the half forgotten", velocity * 2, E.T @ E, both)
    return proof.concludes(velocity, "=", E.T @ E, both)


# ---------------------------------------------------------------------- one pair of vectors

t, value = sympy.symbols("t s", positive=True)
"""A time, and a singular value of S."""
COSINE = (sympy.exp(value * t) + sympy.exp(-value * t)) / 2
SINE = (sympy.exp(value * t) - sympy.exp(-value * t)) / 2
"""cosh(st) and sinh(st): e^{Ft} on a pair of singular vectors, where F = ((0, s), (s, 0))."""
INTEGRALS = (SINE.subs(t, 2 * t) / (2 * value), (COSINE.subs(t, 2 * t) - 1) / (2 * value))
"""The entries of B = int_0^t e^{2Fs} ds on the pair, on the diagonal and beside it."""


def one_pair() -> Derivation:
    """Derive E' = F E, B' = E^2 and the starts of E and B, on a pair of singular vectors."""
    proof = Derivation("exponential and integral on a pair of singular vectors", "theory A18")
    along = rates({}, scalars={t: sympy.S.One})
    names = ("C", "S", "B_d", "B_o")
    pair = (COSINE, SINE, *INTEGRALS)
    cosine, sine, *integrals = (named(n, x) for n, x in zip(names, pair, strict=True))
    proof.define(cosine, sine, *integrals)
    proof.equal("first row of E' = F E", along.of_scalar(cosine), value * sine)
    proof.equal("second row", along.of_scalar(sine), value * cosine)
    # E^2 has C^2 + S^2 on the diagonal and 2 C S beside it
    proof.equal("diagonal of B'", along.of_scalar(integrals[0]), cosine**2 + sine**2)
    proof.equal("beside it", along.of_scalar(integrals[1]), 2 * cosine * sine)
    for name, start, x in zip(names, (1, 0, 0, 0), pair, strict=True):
        proof.equal(f"start of {name}", named(f"{name}(0)", x.subs(t, 0)), sympy.Integer(start))
    proof.refutes("e^{Fs} under the integral", along.of_scalar(integrals[0]), cosine)
    both = cosine * sine + (cosine**2 + sine**2 - 1) / 2
    proof.equal("F B = (E^2 - I) / 2, its rows added", value * sum(integrals), both)
    return proof.concludes(value * sum(integrals), "=", both)


# ---------------------------------------------------------------------- block matrices


def product(left: Blocks, right: Blocks) -> Blocks:
    """Multiply block matrices."""
    columns = list(zip(*right, strict=True))
    return [[_inner(row, column) for column in columns] for row in left]


def _inner(row: Sequence[Words], column: Sequence[Words]) -> Words:
    first, *rest = (a @ b for a, b in zip(row, column, strict=True))
    for term in rest:
        first = first + term
    return first


def minus(left: Blocks, right: Blocks) -> Blocks:
    """Subtract block matrices."""
    return [[a - b for a, b in zip(r, s, strict=True)] for r, s in zip(left, right, strict=True)]


def half(blocks: Blocks) -> Blocks:
    """Halve a block matrix."""
    return [[block * HALF for block in row] for row in blocks]
