"""Forward pass, gradient and Hessian of a layered net whose activation pattern is fixed.

With masks F_j (d_j x N, the slope of the activation at every pre-activation) the net is linear in
each layer, and so smooth; A_0 = X, Z_j = W_j A_{j-1}, A_j = F_j * Z_j (entrywise), H = Z_n. All
formulas are written on the protocol `balls.Arithmetic`; a mask None stands for ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, Protocol

from theorycheck.exact import Rows
from theorycheck.losses import AbstractLoss

__all__ = ["GivenSlopes", "Masks", "Pass", "masked_gradient", "masked_hessian", "masked_pass"]

Masks = Sequence[Sequence[Sequence[Fraction]] | None]
"""One table d_j x N per hidden layer, or None for ones."""


class Slopes(Protocol):
    """What a gradient needs of a loss."""

    @property
    def inputs(self) -> Rows: ...
    def gradient(self, arithmetic: Any, predictions: Any) -> Any: ...


class GivenSlopes:
    """Slopes d_n x N that are held fixed, in place of those of a loss."""

    def __init__(self, inputs: Rows, slopes: Any) -> None:
        self.inputs, self.slopes = inputs, slopes

    def gradient(self, _arithmetic: Any, _predictions: Any) -> Any:
        return self.slopes


class Pass:
    """What one forward pass leaves: inputs A_0, ..., A_{n-1} of the layers, and predictions H."""

    def __init__(self, arithmetic: Any, layers: Sequence[Any], masks: Masks, loss: Slopes) -> None:
        self.arithmetic, self.layers, self.masks = arithmetic, list(layers), list(masks)
        self.activations = [arithmetic.matrix(loss.inputs)]
        self.pre_activations: list[Any] = []
        for layer, mask in zip(layers[:-1], masks, strict=True):
            self.pre_activations.append(arithmetic.multiply(layer, self.activations[-1]))
            self.activations.append(masked(arithmetic, self.pre_activations[-1], mask))
        self.predictions = arithmetic.multiply(layers[-1], self.activations[-1])

    def errors(self, loss: Slopes) -> list[Any]:
        """E_1, ..., E_n: the derivatives of Phi by Z_1, ..., Z_n, d_j x N."""
        arithmetic = self.arithmetic
        errors = [loss.gradient(arithmetic, self.predictions)]
        for layer, mask in zip(self.layers[:0:-1], self.masks[::-1], strict=True):
            back = arithmetic.multiply(arithmetic.transpose(layer), errors[-1])
            errors.append(masked(arithmetic, back, mask))
        return errors[::-1]


def masked_pass(arithmetic: Any, layers: Sequence[Any], masks: Masks, loss: Slopes) -> Pass:
    """Run the net forward on all samples."""
    return Pass(arithmetic, layers, masks, loss)


def masked(arithmetic: Any, matrix: Any, mask: Any) -> Any:
    """Multiply a matrix entrywise by exact numbers."""
    if mask is None:
        return matrix
    rows, columns = arithmetic.shape(matrix)
    factors = [x for row in mask for x in row]
    entries = [
        entry if factor == 1 else entry * arithmetic.scalar(factor)
        for entry, factor in zip(arithmetic.scalars(matrix), factors, strict=True)
    ]
    return arithmetic.from_scalars(rows, columns, entries)


def masked_gradient(
    arithmetic: Any, layers: Sequence[Any], masks: Masks, loss: Slopes
) -> list[Any]:
    """G_j = E_j A_{j-1}^T for every layer."""
    run = masked_pass(arithmetic, layers, masks, loss)
    return [
        arithmetic.multiply(error, arithmetic.transpose(activation))
        for error, activation in zip(run.errors(loss), run.activations, strict=True)
    ]


def masked_hessian(arithmetic: Any, layers: Sequence[Any], masks: Masks, loss: AbstractLoss) -> Any:
    """The Hessian in the order of the parameters (claim A8).

    With a_{j-1} the input of layer j, B_j = dh / dz_j, e_j = dPhi / dz_j and
    M_{kj} = D_{k-1} W_{k-1} ... W_{j+1} D_j, for parameters (a, b) of W_j and (c, d) of W_k, every
    sample adds

        (B_j^T l'' B_k)_{ac} (a_{j-1})_b (a_{k-1})_d  +  [j < k] (e_k)_c (M_{kj})_{da} (a_{j-1})_b
    """
    run = masked_pass(arithmetic, layers, masks, loss)
    errors, blocks = run.errors(loss), loss.hessians(arithmetic, run.predictions)
    shapes = [arithmetic.shape(layer) for layer in layers]
    places = _places(shapes)
    size = sum(rows * columns for rows, columns in shapes)
    table: list[list[Any]] = [[None] * size for _ in range(size)]
    for i, block in enumerate(blocks):
        sample = _Sample(arithmetic, run, errors, block, i)
        for j, first in enumerate(places):
            for k in range(j, len(places)):
                _add_block(table, sample, (j, k), (first, places[k]))
    zero = arithmetic.scalar(Fraction(0))
    entries = [
        zero if value is None else value
        for p, row in enumerate(table)
        for value in [table[min(p, q)][max(p, q)] for q in range(len(row))]
    ]
    return arithmetic.from_scalars(size, size, entries)


class _Sample:
    """The factors of one sample's share of the Hessian."""

    def __init__(
        self, arithmetic: Any, run: Pass, errors: Sequence[Any], block: Any, i: int
    ) -> None:
        self.arithmetic = arithmetic
        depth = len(run.layers)
        self.inputs = [_column(arithmetic, a, i) for a in run.activations]
        self.errors = [_column(arithmetic, e, i) for e in errors]
        self.masks = [None if m is None else [row[i] for row in m] for m in run.masks]
        identity = arithmetic.identity(arithmetic.shape(block)[0])
        # outer[j] = B_{j+1}, hops[j] = D_{j+1} W_{j+1}: from one input to the next
        outer = [identity]
        for j in range(depth - 1, 0, -1):
            outer.append(self._right(arithmetic.multiply(outer[-1], run.layers[j]), j - 1))
        self.outer = outer[::-1]
        self.layers = run.layers
        self.curved = [arithmetic.multiply(block, b) for b in self.outer]

    def _right(self, matrix: Any, j: int) -> Any:
        """Multiply by the mask of hidden layer j on the right."""
        mask = self.masks[j]
        if mask is None:
            return matrix
        rows = self.arithmetic.shape(matrix)[0]
        return masked(self.arithmetic, matrix, [mask] * rows)

    def _left(self, matrix: Any, j: int) -> Any:
        mask = self.masks[j]
        if mask is None:
            return matrix
        columns = self.arithmetic.shape(matrix)[1]
        return masked(self.arithmetic, matrix, [[f] * columns for f in mask])

    def between(self, j: int, k: int) -> Any:
        """M: from the pre-activation of layer j + 1 to the input of layer k + 1, j < k."""
        width = self.arithmetic.shape(self.layers[j])[0]
        matrix = self._left(self.arithmetic.identity(width), j)
        for l in range(j + 1, k):
            matrix = self._left(self.arithmetic.multiply(self.layers[l], matrix), l)
        return matrix

    def gauss(self, j: int, k: int) -> Any:
        """B_j^T l'' B_k"""
        return self.arithmetic.multiply(self.arithmetic.transpose(self.outer[j]), self.curved[k])


def _add_block(
    table: list[list[Any]],
    sample: _Sample,
    block: tuple[int, int],
    places: tuple[list[tuple[int, int, int]], list[tuple[int, int, int]]],
) -> None:
    j, k = block
    entry = sample.arithmetic.entry
    gauss = sample.gauss(j, k)
    between = sample.between(j, k) if j < k else None
    before, after, error = sample.inputs[j], sample.inputs[k], sample.errors[k]
    for p, a, b in places[0]:
        for q, c, d in places[1]:
            if q < p:
                continue
            value = entry(gauss, a, c) * after[d]
            if between is not None:
                value = value + error[c] * entry(between, d, a)
            value = value * before[b]
            table[p][q] = value if table[p][q] is None else table[p][q] + value


def _column(arithmetic: Any, matrix: Any, i: int) -> list[Any]:
    return [arithmetic.entry(matrix, r, i) for r in range(arithmetic.shape(matrix)[0])]


def _places(shapes: Sequence[tuple[int, int]]) -> list[list[tuple[int, int, int]]]:
    """Per layer, (position among the parameters, row, column) of every entry."""
    offsets = [0]
    for rows, columns in shapes:
        offsets.append(offsets[-1] + rows * columns)
    return [
        [(begin + r * columns + c, r, c) for r in range(rows) for c in range(columns)]
        for (begin, _), (rows, columns) in zip(pairwise(offsets), shapes, strict=True)
    ]
