"""Minimal sharpness: the direction on explicit nets, and scalar nets attain the bound."""

from __future__ import annotations

import pytest
import sympy

from tests.symbolic.derivations.test_hessian import drawn_net
from tests.symbolic.derivations.values import Rationals
from theorycheck.symbolic.derivations import minimal_sharpness as sharpness
from theorycheck.symbolic.derivations.hessian import direction, explicit_first_sum
from theorycheck.symbolic.derivations.layers import layer, n
from theorycheck.symbolic.entries import entries


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_first_variation_along_the_direction_is_its_squared_length(depth: int) -> None:
    layers, _ = drawn_net(depth, seed=20 + depth)
    draw = Rationals(depth)
    u, v = draw.matrix(layers[-1].rows, 1), draw.matrix(layers[0].cols, 1)
    xs, ys = [v], [u]
    for w, back in zip(layers, reversed(layers), strict=True):
        xs.append(w * xs[-1])
        ys.insert(0, back.T * ys[0])
    deltas = [ys[j] * xs[j - 1].T for j in range(1, depth + 1)]
    letters = {layer(j): w for j, w in enumerate(layers, start=1)}
    letters |= {direction(j): d for j, d in enumerate(deltas, start=1)}
    moved = (u.T * entries(explicit_first_sum(depth), letters) * v)[0]

    assert moved == sum((d.T * d).trace() for d in deltas)
    assert len({(x.T * y)[0] for x, y in zip(xs, ys, strict=True)}) == 1


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_scalar_nets_attain_the_bound(depth: int) -> None:
    """f = (w_n ... w_1 - c^n)^2 / 2 at w_j = c: its largest eigenvalue is n c^{2n-2}."""
    c = sympy.Rational(3, 2)
    weights = sympy.symbols(f"w1:{depth + 1}")
    loss = (sympy.prod(weights) - c**depth) ** 2 / 2
    hessian = sympy.hessian(loss, weights).subs(dict.fromkeys(weights, c))
    bound = sharpness.minimal_sharpness().conclusion.left.subs(
        {n: depth, sharpness.sigma: c**depth}
    )

    assert max(hessian.eigenvals()) == bound


def test_critical_step_size_of_theory_a25() -> None:
    bound = sharpness.minimal_sharpness().conclusion.left.subs({n: 3, sharpness.sigma: 8})

    assert 2 / bound == sympy.Rational(1, 24)


def test_links_join() -> None:
    assert sharpness.sharpest_direction().conclusion.right == sharpness.strength.at(n)
    assert sharpness.rayleigh_quotient().conclusion.left == sharpness.strength.at(n)
    assert sharpness.rayleigh_quotient().conclusion.right == sharpness.top
