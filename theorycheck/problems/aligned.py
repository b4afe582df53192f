"""Balanced nets with known singular vectors: W_1 = D R^T, W_j = D, W_n = L D."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from theorycheck.errors import InvalidInstance
from theorycheck.exact import RationalAlgebra, as_fraction, rows_of
from theorycheck.losses import SquareLoss
from theorycheck.networks import DeepLinear
from theorycheck.problems.instance import Instance
from theorycheck.problems.single_output import unit_vector

__all__ = ["aligned_instance", "plane_rotation"]


def plane_rotation(size: int, slope: Any) -> list[list[Fraction]]:
    """Return the rotation of the first two axes, by the angle of `unit_vector`; 1 for size 1.

    Raises
    ------
    InvalidInstance    size < 1
    """
    if size < 1:
        raise InvalidInstance(f"plane_rotation({size}) needs a size >= 1")
    rows = [[Fraction(int(i == j)) for j in range(size)] for i in range(size)]
    if size > 1:
        c, s = unit_vector(slope)
        rows[0][:2], rows[1][:2] = [c, -s], [s, c]
    return rows


def aligned_instance(
    *,
    target: Sequence[Sequence[Any]],
    diagonal: Sequence[Any],
    depth: int = 3,
    left_slope: Any = "1/2",
    right_slope: Any = "1/3",
    **fields: Any,
) -> Instance:
    """Build W_n ... W_1 = L diag(q_i^n) R^T, balanced, with its singular vectors as fields.

    Parameters
    ----------
    target : rows (d_n, d_0)           of the whitened loss
    diagonal : numbers >= 0            q_1, ..., at most min(d_0, d_n); the hidden widths
    depth : int >= 1
    left_slope, right_slope : numbers  of the plane rotations L and R

    Raises
    ------
    InvalidInstance    more diagonal entries than min(d_0, d_n)
    """
    outputs, inputs = len(target), len(target[0])
    q = [as_fraction(x, "diagonal") for x in diagonal]
    if not 1 <= len(q) <= min(outputs, inputs):
        raise InvalidInstance(f"diagonal needs 1 to {min(outputs, inputs)} entries, got {len(q)}")
    left, right = plane_rotation(outputs, left_slope), plane_rotation(inputs, right_slope)
    hidden = (len(q),) * (depth - 1)
    network = DeepLinear((inputs, *hidden, outputs))
    layers: list[Any] = []
    for rows, columns in network.shapes:
        middle = [[q[i] if i == j < len(q) else Fraction(0) for j in range(columns)]
                  for i in range(rows)]  # fmt: skip
        layers.append(RationalAlgebra.matrix(middle))
    layers[0] = layers[0] * RationalAlgebra.matrix(right).transpose()
    layers[-1] = RationalAlgebra.matrix(left) * layers[-1]
    return Instance(
        network=network,
        loss=SquareLoss.whitened(target),
        start=network.parameters([rows_of(layer) for layer in layers]),
        left=left,
        right=right,
        singular_values=[x**depth for x in q] + [0] * (max(outputs, inputs) - len(q)),
        **fields,
    )
