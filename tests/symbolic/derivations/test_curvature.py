"""The curvature bounds: certificates are identities of entries, and scalar nets attain them."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import pytest
import sympy

from tests.symbolic.derivations.values import Rationals
from theorycheck.symbolic.derivation import Derivation, StepFailed
from theorycheck.symbolic.derivations import curvature, pair_sums
from theorycheck.symbolic.derivations.hessian import direction, explicit_second_sum
from theorycheck.symbolic.derivations.layers import layer
from theorycheck.symbolic.entries import entries


def unfolded(sum_: pair_sums.PairSum, numbers: list[Any]) -> Any:
    """Add up by the recursion: every row, then row after row."""
    total = sympy.S.Zero
    for last in range(2, len(numbers) + 1):
        here = {pair_sums.k: last - 1}
        row = sum_.row.start
        for j in range(last - 1):
            after = sum_.row.step(sympy.Integer(j)).subs(here)
            row = after.subs(sum_.row.at(j).subs(here), row)
        total += row
    return total.subs({pair_sums.a(j): x for j, x in enumerate(numbers, start=1)})


@pytest.mark.parametrize("count", [1, 2, 5])
def test_recursions_add_up_all_pairs(count: int) -> None:
    draw = Rationals(count)
    numbers = [draw.number() for _ in range(count)]
    products = sum(x * y for x, y in combinations(numbers, 2))
    differences = sum((x - y) ** 2 for x, y in combinations(numbers, 2))

    assert unfolded(pair_sums.PRODUCTS, numbers) == products
    assert unfolded(pair_sums.DIFFERENCES, numbers) == differences
    assert (count - 1) * sum(x**2 for x in numbers) - 2 * products == differences


def test_mean_square_holds_for_every_count() -> None:
    said = pair_sums.mean_square().conclusion

    assert said is not None
    assert said.right == (pair_sums.k - 1) * pair_sums.SQUARES.at(pair_sums.k)


def test_certificate_of_a_pair_is_an_identity_of_entries() -> None:
    """2c (c + <g, A E B D C>) = |b d (X E)^T + p e B D|^2 + gaps of norms and sizes."""
    draw = Rationals(2)
    A, E, B, D, C = (draw.matrix(*s) for s in [(2, 3), (3, 1), (1, 2), (2, 2), (2, 3)])
    g, X = draw.matrix(2, 3), None
    p, b, d, e = (draw.positive() for _ in range(4))
    X, bound = C * g.T * A, p * b * d * e

    def squared(matrix: Any) -> Any:
        return (matrix.T * matrix).trace()

    pair = (g.T * A * E * B * D * C).trace()
    terms = (
        squared((X * E).T * b * d + B * D * p * e)
        + b**2 * d**2 * (p**2 * squared(E) - squared(X * E))
        + p**2 * e**2 * (b**2 * squared(D) - squared(B * D))
        + p**2 * b**2 * (d**2 * (e**2 - squared(E)) + e**2 * (d**2 - squared(D)))
    )

    assert 2 * bound * (bound + pair) == terms


@pytest.mark.parametrize("depth", [2, 3, 5])
def test_scalar_nets_attain_the_bound(depth: int) -> None:
    c, s = sympy.Rational(3, 2), sympy.Integer(7)
    ones = {direction(j): [[1]] for j in range(1, depth + 1)}
    layers = {layer(j): [[c]] for j in range(1, depth + 1)}
    form = -s * 2 * entries(explicit_second_sum(depth), {**ones, **layers})[0]

    assert form / depth == curvature.worst_product_bound(depth - 1, s, c ** (depth - 2))
    assert curvature.scalar_nets_attain_the_bound().conclusion is not None


def test_links_form_one_chain() -> None:
    ends = [
        link().conclusion
        for link in (curvature.frobenius_bound, curvature.product_bound, curvature.norm_bound,
                     curvature.partial_norm_bound)
    ]  # fmt: skip

    assert ends[0].left == curvature.FROBENIUS_BOUND
    assert ends[-1].right == curvature.LEAST
    for lower, upper in pairwise(ends):
        assert lower.right == upper.left
    assert all(end.relation == "<=" for end in ends)


def test_sum_of_entries_needs_ordered_entries() -> None:
    low, high = pair_sums.PairSum("L", lambda j, l: j), pair_sums.PairSum("H", lambda j, l: l)
    proof = Derivation("a test")
    with pytest.raises(StepFailed):
        pair_sums.entrywise(proof, "unknown entries", low, high)
