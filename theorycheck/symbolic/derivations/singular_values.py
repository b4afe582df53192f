r"""Singular values and vectors of the end-to-end matrix along balanced gradient flow, for every n.

    sigma' = -n sigma^{2-2/n} <g, u v^T>                       for W v = sigma u, W^T u = sigma v,

and for a square W = U S V^T with distinct singular values, off the diagonal,

    (sigma_l^2 - sigma_r^2) [U^T U']_{rl} = [U^T W' V S + S V^T W'^T U]_{rl},
    (sigma_l^2 - sigma_r^2) [V^T V']_{rl} = [S U^T W' V + V^T W'^T U S]_{rl}.

U^T U = I makes U^T U' antisymmetric; every antisymmetric matrix is C - C^T.

Source: Arora, Cohen, Hu & Luo 2019, Theorem 3; theory A16.
"""

from __future__ import annotations

import sympy
from sympy import Expr

from theorycheck.symbolic.deciding import Hypotheses
from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.end_to_end import bottom_gram, outer, top_gram
from theorycheck.symbolic.derivations.layers import dimension, letter, n, width
from theorycheck.symbolic.derivations.preconditioner import preconditioned
from theorycheck.symbolic.rates import Rates, rates
from theorycheck.symbolic.words import Words, inner

__all__ = [
    "S", "U", "V", "left_singular_vectors", "right_singular_vectors", "singular_value_velocity",
]  # fmt: skip

m = sympy.Symbol("m", integer=True, positive=True)
k = sympy.Symbol("k", integer=True, nonnegative=True)
sigma = sympy.Symbol(r"\sigma", positive=True)
x = sigma ** (2 / n)

W, W_rate = letter("W", width(n), width(0)), letter(r"\dot{W}", width(n), width(0))
u, u_rate = letter("u", width(n), 1), letter(r"\dot{u}", width(n), 1)
v, v_rate = letter("v", width(0), 1), letter(r"\dot{v}", width(0), 1)


def singular_value_velocity() -> Derivation:
    """Derive sigma' = -n sigma^{2-2/n} <g, u v^T> for every n; sigma = u^T W v."""
    proof = Derivation(
        "velocity of a singular value", "Arora, Cohen, Hu & Luo 2019, Theorem 3; theory A16"
    )
    triple = proof.assume("singular vectors", (W @ v, u * sigma), (W.T @ u, v * sigma))
    fixed = proof.assume("unit vectors stay unit", zeros=[inner(u, u_rate), inner(v, v_rate)])
    flow = rates({W: W_rate, u: u_rate, v: v_rate})
    rate, projected = flow.of_words(u.T @ W @ v), u.T @ W_rate @ v
    proof.equal("only W moves sigma", rate, projected, triple + fixed)
    proof.refutes("vectors of varying length", rate, projected, triple)

    sums = preconditioned(outer, "P")
    proof.define(sums.step(m).named("P_{m + 1}"))
    roots = proof.assume(
        "roots share the vectors (spectral theorem)",
        (top_gram @ u, u * x), (bottom_gram @ v, v * x),
    )  # fmt: skip
    proof.induction("powers of K", k, lambda i: (bottom_gram**i @ v, v * x**i), [], lambda _: roots)
    proof.instance("the m-th power", "powers of K", m)
    known = roots + proof.rule("the m-th power")
    slope = u.T @ outer @ v

    def said(i: Expr) -> tuple[Expr, Expr]:
        return (u.T @ sums.at(i) @ v).scalar, i * x ** (i - 1) * slope.scalar

    proof.induction("projected sum", m, said, [sums], lambda _: known, first=1)
    proof.instance("n terms", "projected sum", n)
    equation = proof.assume("end-to-end equation of balanced nets", (W_rate, -sums.at(n)))
    result = -(slope * (n * sigma ** (2 - 2 / n)))
    using = equation + proof.rule("n terms")
    proof.equal("velocity", projected, result, using)
    proof.refutes("a term forgotten", projected, result * ((n - 1) / n), using)
    proof.refutes("exponent 1 - 1/n", projected, result * sigma ** (1 / n - 1), using)
    proof.refutes("a sign flipped", projected, -result, using)
    return proof.concludes(rate, "=", result)


size = dimension("d")
U, V = letter("U", size, size), letter("V", size, size)
S = letter("S", size, size, symmetric=True)
S_rate = letter(r"\dot{S}", size, size, symmetric=True)
C, E = letter("C", size, size), letter("E", size, size)
e_r, e_l = letter("e_{r}", size, 1), letter("e_{l}", size, 1)
sigma_r, sigma_l, rate_l = sympy.symbols(r"\sigma_{r} \sigma_{l} \dot{\sigma}_{l}", real=True)


def _moving_vectors(proof: Derivation) -> tuple[Rates, Hypotheses]:
    """U' = U (C - C^T) and V' = V (E - E^T): frames that stay orthogonal."""
    one = Words.identity(size)
    frames = proof.assume(
        "orthogonal frames",
        (U.T @ U, one), (U @ U.T, one), (V.T @ V, one), (V @ V.T, one),
    )  # fmt: skip
    flow = rates({U: U @ (C - C.T), V: V @ (E - E.T), S: S_rate})
    for frame in (U, V):
        rate = flow.of_words(frame.T @ frame)
        proof.equal("the frame stays orthogonal", rate, Words.zero((size, size)), frames)
    return flow, frames


def _off_diagonal(proof: Derivation) -> Hypotheses:
    return proof.assume(
        "entries r and l of diagonal S and S', r != l",
        (S @ e_r, e_r * sigma_r), (S @ e_l, e_l * sigma_l), (S_rate @ e_l, e_l * rate_l),
    ) + proof.assume("r != l", zeros=[inner(e_r, e_l)])  # fmt: skip


def left_singular_vectors() -> Derivation:
    """Derive the entries of U^T U' off the diagonal."""
    return _vectors("left")


def right_singular_vectors() -> Derivation:
    """Derive the entries of V^T V' off the diagonal."""
    return _vectors("right")


def _vectors(side: str) -> Derivation:
    proof = Derivation(f"velocity of the {side} singular vectors", "theory A16")
    flow, frames = _moving_vectors(proof)
    whole = U @ S @ V.T
    velocity = flow.of_words(whole).named(r"\dot{W}")
    proof.define(whole.named("W"))
    turned = (U.T @ velocity @ V).named("Y")
    proof.define(turned)
    if side == "left":
        driving, motion = turned @ S + S @ turned.T, U.T @ flow.of_words(U)
    else:
        driving, motion = S @ turned + turned.T @ S, V.T @ flow.of_words(V)
    square = S @ S
    commutator = motion @ square - square @ motion + S @ S_rate + S_rate @ S
    proof.equal("in matrices", driving, commutator, frames)
    proof.refutes("a sign flipped", driving, square @ motion - motion @ square, frames)
    other = turned.T @ S + S @ turned if side == "left" else turned @ S + S @ turned.T
    proof.refutes("a transpose misplaced", other, commutator, frames)
    entries = _off_diagonal(proof)
    left = (e_r.T @ motion @ e_l) * (sigma_l**2 - sigma_r**2)
    right = e_r.T @ driving @ e_l
    proof.equal("entry r, l", left, right, frames + entries)
    proof.equal("diagonal entry", e_l.T @ turned @ e_l, e_l.T @ e_l * rate_l, frames + entries)
    proof.refutes("first powers", left, right * (sigma_l - sigma_r), frames + entries)
    proof.refutes("indices exchanged", -left, right, frames + entries)
    return proof.concludes(left, "=", right)
