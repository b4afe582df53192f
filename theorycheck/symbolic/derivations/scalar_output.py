r"""End-to-end dynamics of balanced nets with one output: w is a row, W = w, for every n.

    w' = -|w|^{2-2/n} (g + (n-1) g Pr_w),        Pr_w = w^T w / |w|^2,  w != 0.

With x = |w|^{2/n} the n-th roots of w w^T and w^T w are M = x and K = x Pr_w, and w' = -sum_j
M^{n-j} g K^{j-1} with K^0 = I: only the first term leaves the line of w.

Source: Arora, Cohen & Hazan 2018, Claim 2; theory A15. Every n.
"""

from __future__ import annotations

import sympy
from sympy import Expr

from theorycheck.symbolic.deciding import Hypotheses
from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.layers import letter, n, width
from theorycheck.symbolic.recursions import MatrixRecursion, family
from theorycheck.symbolic.words import Words, inner

__all__ = ["g", "roots_of_rank_one", "scalar_output_equation", "velocity_of_row", "w"]

m = sympy.Symbol("m", integer=True, positive=True)
size = sympy.Symbol(r"\|w\|", positive=True)
x = size ** (2 / n)

w, g = letter("w", 1, width(0)), letter("g", 1, width(0))
projector = (w.T @ w * size**-2).named(r"\mathrm{Pr}_{w}")
"""Pr_w."""
root = projector * x
"""K = x Pr_w, the n-th root of w^T w."""


def _square(_: Expr) -> tuple[int, Expr]:
    return width(0), width(0)


power_at = family("K^{{({k})}}", _square)
power = MatrixRecursion(power_at, root, lambda i: root @ power_at(i), first=1)
"""K^{(m)} = K^m for m >= 1."""

sum_at = family("P_{{{k}}}", lambda _: (1, width(0)))
velocity_sum = MatrixRecursion(sum_at, g, lambda i: sum_at(i) * x + g @ power_at(i), first=1)
"""P_m = sum_{j=1}^m x^{m-j} g K^{j-1}: K^0 = I in the first term."""

velocity_of_row = -(g + g @ projector * (n - 1)) * size ** (2 - 2 / n)
"""-|w|^{2-2/n} (g + (n-1) g Pr_w)."""


def _norm(proof: Derivation) -> Hypotheses:
    return proof.assume("|w|", zeros=[inner(w, w) - size**2])


def _add_powers(proof: Derivation, norm: Hypotheses) -> None:
    """Add K^m = x^m Pr_w for every m >= 1."""
    proof.define(projector, root.named("K"))
    proof.induction(
        "powers of K", m, lambda i: (power_at(i), projector * x**i), [power],
        lambda _: norm, first=1,
    )  # fmt: skip
    proof.instance("n-th power", "powers of K", n)


def roots_of_rank_one() -> Derivation:
    """Derive K^n = w^T w for K = x Pr_w: the positive semidefinite n-th root."""
    proof = Derivation("roots of w^T w", "theory A15")
    norm = _norm(proof)
    _add_powers(proof, norm)
    known = norm + proof.rule("n-th power")
    proof.equal("root", power_at(n), w.T @ w, known)
    proof.refutes("w^T w without its root", power_at(n), w.T @ w * x, known)
    return proof.concludes(power_at(n), "=", w.T @ w)


def scalar_output_equation() -> Derivation:
    """Derive w' = -|w|^{2-2/n} (g + (n-1) g Pr_w) for every n."""
    proof = Derivation("end-to-end dynamics of a net with one output", "theory A15")
    norm = _norm(proof)
    _add_powers(proof, norm)
    proof.define(velocity_sum.step(m).named("P_{m + 1}"))
    known = norm + proof.rule("powers of K")

    def said(i: Expr) -> tuple[Words, Words]:
        return sum_at(i), (g + g @ projector * (i - 1)) * x ** (i - 1)

    proof.induction("sum", m, said, [velocity_sum], lambda _: known, first=1)
    proof.instance("n terms", "sum", n)
    net = proof.rule("n terms")
    proof.equal("velocity", -sum_at(n), velocity_of_row, net)
    proof.refutes(
        "n in place of n - 1", -sum_at(n), -(g + g @ projector * n) * size ** (2 - 2 / n), net
    )
    proof.refutes("exponent 1 - 1/n", -sum_at(n), velocity_of_row * size ** (1 / n - 1), net)
    line = -(g @ projector) * n * size ** (2 - 2 / n)
    proof.refutes("K^0 = Pr_w in place of I", -sum_at(n), line, net)
    return proof.concludes(-sum_at(n), "=", velocity_of_row)
