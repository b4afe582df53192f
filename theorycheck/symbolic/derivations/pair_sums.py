r"""Sums over all pairs of n indices, for every n: rows first, then row after row.

    sum_{j<l<=n} u(j, l):   row(i; l) = sum_{j<=i} u(j, l),   total(k+1) = total(k) + row(k; k+1).

`entrywise` shows that sums are ordered as their entries are. `mean_square` shows

    (n-1) sum_j a_j^2 - 2 sum_{j<l} a_j a_l = sum_{j<l} (a_j - a_l)^2 >= 0.

Source: theory A6, proof.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sympy
from sympy import Expr

from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.recursions import ScalarRecursion

__all__ = [
    "PRODUCTS", "SQUARES", "PairSum", "a", "add_mean_square", "entrywise", "i", "k", "mean_square",
]  # fmt: skip

i, k = sympy.symbols("i k", integer=True, nonnegative=True)

a = sympy.Function("a", real=True)
"""a(j) is the j-th of the numbers a_1, ..., a_n."""


@dataclass(frozen=True)
class PairSum:
    """The sum of entry(j, l) over j < l <= k, as a recursion in k.

    Parameters
    ----------
    name : str                          LaTeX
    entry : (j, l) -> summand
    """

    name: str
    entry: Callable[[Expr, Expr], Expr]

    @property
    def row(self) -> ScalarRecursion:
        """I -> the sum of entry(j, k + 1) over j <= i."""

        def step(index: Expr) -> Expr:
            return self.row.at(index) + self.entry(index + 1, k + 1)

        return ScalarRecursion(self._row_name, sympy.S.Zero, step, fixed=(k + 1,))

    @property
    def total(self) -> ScalarRecursion:
        """K -> the sum over all pairs up to k."""

        def step(index: Expr) -> Expr:
            row = sympy.Function(self._row_name, real=True)
            return self.total.at(index) + row(index, index + 1)

        return ScalarRecursion(self.name, sympy.S.Zero, step)

    def at(self, index: Expr | int) -> Expr:
        return self.total.at(index)

    @property
    def _row_name(self) -> str:
        return f"\\mathrm{{row}}_{{{self.name}}}"


PRODUCTS = PairSum("C", lambda j, l: a(j) * a(l))
"""C(k) = sum_{j<l<=k} a_j a_l."""
DIFFERENCES = PairSum("D", lambda j, l: (a(j) - a(l)) ** 2)
"""D(k) = sum_{j<l<=k} (a_j - a_l)^2."""
SUM: ScalarRecursion = ScalarRecursion("m", sympy.S.Zero, lambda j: SUM.at(j) + a(j + 1))
"""m(k) = a_1 + ... + a_k."""
SQUARES: ScalarRecursion = ScalarRecursion(
    "p", sympy.S.Zero, lambda j: SQUARES.at(j) + a(j + 1) ** 2
)
"""p(k) = a_1^2 + ... + a_k^2."""


def entrywise(
    proof: Derivation, name: str, low: PairSum, high: PairSum, factor: Expr = sympy.S.One
) -> None:
    """Add: low(k) <= factor high(k) for every k, from low(j, l) <= factor high(j, l).

    The inequality between the entries (i + 1, k + 1) is a step of the proof already.
    """
    proof.induction_at_most(
        f"{name}, one row", i, lambda j: (low.row.at(j), factor * high.row.at(j)),
        [low.row, high.row],
        [[factor * high.entry(i + 1, k + 1) - low.entry(i + 1, k + 1)]],
    )  # fmt: skip
    proof.instance(f"{name}, row k + 1", f"{name}, one row", k)
    proof.induction_at_most(
        name, k, lambda j: (low.at(j), factor * high.at(j)), [low.total, high.total],
        [[proof.slack(f"{name}, row k + 1")]],
    )  # fmt: skip


def add_mean_square(proof: Derivation, last: Expr) -> None:
    """Add: 2 C(last) <= (last - 1) p(last), the gap being the sum of squares D(last)."""
    row = DIFFERENCES.row
    proof.induction(
        "squares of one row", i,
        lambda j: (
            row.at(j), SQUARES.at(j) - 2 * a(k + 1) * SUM.at(j) + j * a(k + 1) ** 2,
        ),
        [row, SQUARES, SUM],
    )  # fmt: skip
    proof.instance("squares of row k + 1", "squares of one row", k)
    proof.induction(
        "products of one row", i, lambda j: (PRODUCTS.row.at(j), a(k + 1) * SUM.at(j)),
        [PRODUCTS.row, SUM],
    )  # fmt: skip
    proof.instance("products of row k + 1", "products of one row", k)
    rows = proof.rule("squares of row k + 1") + proof.rule("products of row k + 1")
    proof.induction(
        "sum of squares", k,
        lambda j: ((j - 1) * SQUARES.at(j) - 2 * PRODUCTS.at(j), DIFFERENCES.at(j)),
        [SQUARES, PRODUCTS.total, DIFFERENCES.total], lambda _: rows,
    )  # fmt: skip
    proof.induction_at_most(
        "squares add up, one row", i, lambda j: (sympy.S.Zero, row.at(j)), [row],
        [[(a(i + 1) - a(k + 1)) ** 2]],
    )  # fmt: skip
    proof.instance("squares add up, row k + 1", "squares add up, one row", k)
    proof.induction_at_most(
        "squares add up", k, lambda j: (sympy.S.Zero, DIFFERENCES.at(j)), [DIFFERENCES.total],
        [[row.at(k)]],
    )  # fmt: skip
    proof.instance("sum of squares at the end", "sum of squares", last)
    proof.instance("squares add up to the end", "squares add up", last)
    gap, squares = DIFFERENCES.at(last), proof.rule("sum of squares at the end")
    for count in (last - 1, last - 2):
        said = 2 * PRODUCTS.at(last), count * SQUARES.at(last), [[gap]], squares
        if count == last - 1:
            proof.at_most("mean square", *said)
        else:
            proof.refutes_at_most("one factor less", *said)


def mean_square() -> Derivation:
    """Derive 2 sum_{j<l} a_j a_l <= (k - 1) sum_j a_j^2 for every k, by a sum of squares."""
    proof = Derivation("products of pairs against squares", "theory A6, proof")
    add_mean_square(proof, k)
    return proof.concludes(2 * PRODUCTS.at(k), "<=", (k - 1) * SQUARES.at(k))
