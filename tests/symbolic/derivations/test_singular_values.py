"""Velocities of singular values and vectors agree with explicit frames and their derivatives."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
import sympy

from tests.symbolic.derivations.test_preconditioner import applied
from tests.symbolic.derivations.values import Rationals
from theorycheck.symbolic.derivations import singular_values as sv
from theorycheck.symbolic.derivations.layers import n
from theorycheck.symbolic.entries import entries


def basis(size: int, index: int) -> Any:
    return sympy.Matrix(size, 1, lambda i, _: int(i == index))


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_singular_values_move_by_their_own_gradient(depth: int) -> None:
    draw = Rationals(depth)
    left, right, g = draw.rotation(2), draw.rotation(2), draw.matrix(2, 2)
    roots = [sympy.Rational(3, 2) ** 2, sympy.Integer(4)]  # sigma = root^{depth/2}, rational
    top, bottom = (f * sympy.diag(*roots) * f.T for f in (left, right))
    velocity = -applied(depth, top, g, bottom)
    result = sv.singular_value_velocity().conclusion.right
    for r in range(2):
        u, v = left[:, r], right[:, r]
        sigma = roots[r] ** sympy.Rational(depth, 2)
        said = entries(result, {sv.u: u, sv.v: v, sv.outer: g}, {n: depth, sv.sigma: sigma})

        assert said == u.T * velocity * v


@pytest.mark.parametrize("side", ["left", "right"])
def test_frames_move_as_stated(side: str) -> None:
    draw, size = Rationals(4), 3
    U, V, C, E = draw.rotation(size), draw.rotation(size), *(draw.matrix(3, 3) for _ in "ab")
    S, rate = sympy.diag(5, 3, 1), draw.diagonal(size)
    moved_u, moved_v = U * (C - C.T), V * (E - E.T)
    velocity = moved_u * S * V.T + U * rate * V.T + U * S * moved_v.T
    turned = U.T * velocity * V
    driving = turned * S + S * turned.T if side == "left" else S * turned + turned.T * S
    motion = U.T * moved_u if side == "left" else V.T * moved_v
    proof = sv.left_singular_vectors() if side == "left" else sv.right_singular_vectors()
    for r, other in permutations(range(size), 2):
        letters = {sv.U: U, sv.V: V, sv.S: S, sv.S_rate: rate, sv.C: C, sv.E: E,
                   sv.e_r: basis(size, r), sv.e_l: basis(size, other)}  # fmt: skip
        numbers = {sv.sigma_r: S[r, r], sv.sigma_l: S[other, other],
                   sv.rate_l: rate[other, other]}  # fmt: skip
        gap = S[other, other] ** 2 - S[r, r] ** 2

        for part in (proof.conclusion.left, proof.conclusion.right):
            assert entries(part, letters, numbers)[0] == gap * motion[r, other]
        assert driving[r, other] == gap * motion[r, other]
        assert turned[r, r] == rate[r, r]
