r"""The second variation term <g, T_n> as the sum over all pairs of layers, for every depth n.

    <g, T_n> = sum_{j<l} p(j, l),   p(j, l) = <g, W_{n:l+1} Delta_l W_{l-1:j+1} Delta_j W_{j-1:1}>.

This joins the recursion of `hessian` with the sums that `curvature` bounds. With
g_l = W_{n:l+1}^T g and h_j = W_{l-1:j+1}^T Delta_l^T g_l the pair is p(j, l) = <h_j, Delta_j
W_{j-1:1}>; both sequences pass down through a layer's transpose.

Source: theory A5.
"""

from __future__ import annotations

import sympy
from sympy import Expr

from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.end_to_end import product_at
from theorycheck.symbolic.derivations.hessian import (
    direction,
    first_at,
    first_sum,
    second_at,
    second_sum,
)  # fmt: skip
from theorycheck.symbolic.derivations.layers import layer, n, width
from theorycheck.symbolic.derivations.pair_sums import PairSum, i, k
from theorycheck.symbolic.recursions import family
from theorycheck.symbolic.words import inner

__all__ = ["PAIR_SUM", "second_sum_is_the_sum_over_pairs"]

pair = sympy.Function("p", real=True)
PAIR_SUM = PairSum(r"\Pi", lambda low, high: pair(low, high))
"""Pi(n) = sum_{j<l} p(j, l)."""

g = family("g_{{{k}}}", lambda m: (width(m), width(0)))
"""l -> g_l; g_n = g."""
h = family("h^{{(k+1)}}_{{{k}}}", lambda m: (width(m), width(0)))
"""j -> h_j for l = k + 1."""


def second_sum_is_the_sum_over_pairs() -> Derivation:
    """Derive <g, T_n> = sum_{j<l} p(j, l) for every n, rows of equal l first."""
    proof = Derivation("the second variation as a sum over pairs of layers", "theory A5")
    down = proof.assume("g passes down", (layer(k + 1).T @ g(k + 1), g(k)))
    across = proof.assume("h passes down", (layer(i + 1).T @ h(i + 1), h(i)))
    start = proof.assume("h_{l-1}", (direction(k + 1).T @ g(k + 1), h(k)))
    variation = direction(i + 1) @ product_at(i)
    named = proof.assume(
        "pairs",
        zeros=[pair(i + 1, k + 1) - inner(h(i + 1), variation)],
        every=[i, k],
    )

    def one_row(m: Expr) -> tuple[Expr, Expr]:
        return inner(h(m), first_at(m)), PAIR_SUM.row.at(m)

    proof.induction(
        "pairs with Delta_{k+1}", i, one_row, [first_sum, PAIR_SUM.row], lambda _: across + named
    )
    proof.instance("row k + 1", "pairs with Delta_{k+1}", k)

    def whole(m: Expr) -> tuple[Expr, Expr]:
        return inner(g(m), second_at(m)), PAIR_SUM.at(m)

    row = down + start + proof.rule("row k + 1")
    proof.induction("all pairs", k, whole, [second_sum, PAIR_SUM.total], lambda _: row)
    proof.instance("all pairs of the net", "all pairs", n)
    left = inner(g(k + 1), second_sum.step(k))
    before, fresh = PAIR_SUM.at(k), PAIR_SUM.row.at(k)
    known = row + proof.rule("all pairs")
    proof.refutes("a row forgotten", left, before, known)
    proof.refutes("a sign flipped", left, before - fresh, known)
    proof.refutes("a row counted twice", left, before + 2 * fresh, known)
    return proof.concludes(inner(g(n), second_at(n)), "=", PAIR_SUM.at(n))
