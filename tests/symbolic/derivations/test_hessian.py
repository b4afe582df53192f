"""The second variation in words is the second derivative of the entries, at every depth tried."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

from tests.symbolic.derivations.values import Rationals
from theorycheck.errors import InvalidExpression
from theorycheck.symbolic.derivation import StepFailed
from theorycheck.symbolic.derivations import hessian
from theorycheck.symbolic.derivations.hessian_pairs import (
    PAIR_SUM,
    second_sum_is_the_sum_over_pairs,
)
from theorycheck.symbolic.derivations.layers import layer
from theorycheck.symbolic.entries import entries

tau = sympy.Symbol("tau")


def drawn_net(depth: int, seed: int) -> tuple[list[Any], list[Any]]:
    """Layers and directions, W_1 first."""
    draw = Rationals(seed)
    widths = [draw.size() for _ in range(depth + 1)]
    shapes = list(zip(widths[1:], widths, strict=False))
    return [draw.matrix(*s) for s in shapes], [draw.matrix(*s) for s in shapes]


def moved_product(layers: list[Any], deltas: list[Any]) -> Any:
    """(W_n + tau Delta_n) ... (W_1 + tau Delta_1), expanded."""
    product = sympy.eye(layers[0].cols)
    for w, delta in zip(layers, deltas, strict=True):
        product = (w + tau * delta) * product
    return product.applyfunc(sympy.expand)


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_explicit_sums_are_derivatives(depth: int) -> None:
    layers, deltas = drawn_net(depth, seed=depth)
    letters = {layer(i): w for i, w in enumerate(layers, start=1)}
    letters |= {hessian.direction(i): d for i, d in enumerate(deltas, start=1)}

    whole = moved_product(layers, deltas)
    first, second = (whole.diff(tau, order).subs(tau, 0) for order in (1, 2))

    assert entries(hessian.explicit_second_sum(depth), letters) * 2 == second
    assert entries(hessian.explicit_first_sum(depth), letters) == first
    assert [entries(x, letters) for x in hessian.unfolded_sums(depth)] == [first, second / 2]


def test_square_loss_form_is_the_second_derivative_of_the_loss() -> None:
    draw = Rationals(5)
    layers, deltas = drawn_net(3, seed=6)
    X, Y = draw.matrix(layers[0].cols, 2), draw.matrix(layers[-1].rows, 2)
    residual = moved_product(layers, deltas) * X - Y
    loss = sympy.expand((residual.T * residual).trace() / 2)

    said = hessian.square_loss_hessian().conclusion
    whole = moved_product(layers, deltas)
    parts = {
        hessian.product_at(hessian.n): whole.subs(tau, 0),
        hessian.first_at(hessian.n): whole.diff(tau).subs(tau, 0),
        hessian.second_at(hessian.n): whole.diff(tau, 2).subs(tau, 0) / 2,
    }
    data = {hessian.letter("X", hessian.width(0), hessian.dimension("N")): X,
            hessian.letter("Y", hessian.width(hessian.n), hessian.dimension("N")): Y}  # fmt: skip

    assert said is not None
    assert sympy.diff(loss, tau, 2).subs(tau, 0) == entries(said.right, {**parts, **data})


def test_form_is_the_one_with_pairs_counted_twice() -> None:
    said = hessian.hessian_quadratic_form().conclusion

    assert said is not None
    assert said.right == hessian.GAUSS_NEWTON + 2 * hessian.PAIRS


def test_second_variation_is_the_sum_of_pairs_read_from_the_top() -> None:
    """p(j, l) = <h_j, Delta_j W_{j-1:1}> with h_j = W_{l-1:j+1}^T Delta_l^T W_{n:l+1}^T g."""
    depth = 4
    layers, deltas = drawn_net(depth, seed=9)
    g = Rationals(9).matrix(layers[-1].rows, layers[0].cols)
    letters = {layer(i): w for i, w in enumerate(layers, start=1)}
    letters |= {hessian.direction(i): d for i, d in enumerate(deltas, start=1)}
    total, outer = sympy.S.Zero, g
    for last in range(depth, 1, -1):
        down = deltas[last - 1].T * outer
        for j in range(last - 1, 0, -1):
            below = sympy.eye(layers[0].cols)
            for w in layers[: j - 1]:
                below = w * below
            total += (down.T * deltas[j - 1] * below).trace()
            down = layers[j - 1].T * down
        outer = layers[last - 1].T * outer
    second = entries(hessian.explicit_second_sum(depth), letters)

    assert total == (g.T * second).trace()
    assert second_sum_is_the_sum_over_pairs().conclusion.right == PAIR_SUM.at(hessian.n)


@pytest.mark.parametrize("depth", [2, 4, 6])
def test_recursion_unfolds_to_all_pairs(depth: int) -> None:
    proof = hessian.hessian_of_depth(depth)

    assert len(hessian.explicit_second_sum(depth)) == depth * (depth - 1) // 2
    assert proof.refuted >= 2
    with pytest.raises(StepFailed):
        proof.equal("short by one layer", proof.conclusion.left, proof.conclusion.right * 2)


def test_depth_without_pairs_is_refused() -> None:
    with pytest.raises(InvalidExpression, match="depth=1"):
        hessian.hessian_of_depth(1)
    with pytest.raises(InvalidExpression, match="depth=0"):
        hessian.explicit_second_sum(0)
