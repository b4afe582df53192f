"""What layered networks share: widths, shapes, parameters cut into layers and back."""

from __future__ import annotations

import operator
import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from theorycheck.errors import InvalidInstance
from theorycheck.exact import as_fraction

__all__ = ["AbstractLayered", "Parameters"]

Parameters = tuple[Fraction, ...]


@dataclass(frozen=True)
class AbstractLayered:
    """Weight matrices W_1, ..., W_n of shapes d_j x d_{j-1}, without biases.

    Parameters
    ----------
    widths : tuple of int    (d_0, ..., d_n), all >= 1, n >= 1; d_0 inputs, d_n outputs

    Raises
    ------
    InvalidInstance          fewer than two widths, or one that is no integer >= 1
    """

    widths: tuple[int, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "widths", _checked_widths(self.widths))

    @property
    def depth(self) -> int:
        """n, the number of weight matrices."""
        return len(self.widths) - 1

    @property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """((d_1, d_0), ..., (d_n, d_{n-1}))."""
        return tuple(zip(self.widths[1:], self.widths[:-1], strict=True))

    @property
    def dimension(self) -> int:
        """N, the number of parameters."""
        return sum(rows * columns for rows, columns in self.shapes)

    @property
    def order(self) -> int:
        """L, with f(c theta) = c^L f(theta) for c > 0: the depth, since there are no biases."""
        return self.depth

    def squared_gradient_bound(self, largest: Fraction) -> Fraction:
        """Bound |grad f(theta; x)|^2 over |theta| = 1 where |x|^2 <= largest: L^{2-L} largest.

        By Maclaurin's inequality on sum_k prod_{j != k} |W_j|^2 (theory C5); attained.
        """
        return largest * Fraction(self.depth) ** (2 - self.depth)

    # -- parameters and layers -------------------------------------------------------------------
    def layers(self, parameters: Sequence[Any]) -> tuple[tuple[tuple[Any, ...], ...], ...]:
        """Cut flat parameters (W_1 first, row-major) into weight matrices as rows.

        Raises
        ------
        InvalidInstance    a wrong number of parameters
        """
        if len(parameters) != self.dimension:
            raise InvalidInstance(
                f"widths={self.widths} need {self.dimension} parameters, got {len(parameters)}; "
                "pass them flat, layer by layer, row-major"
            )
        result, used = [], 0
        for rows, columns in self.shapes:
            block = [tuple(parameters[used + i * columns :][:columns]) for i in range(rows)]
            used += rows * columns
            result.append(tuple(block))
        return tuple(result)

    def layer_matrices(self, arithmetic: Any, parameters: Sequence[Any]) -> list[Any]:
        """Return the weight matrices of exact parameters on an arithmetic."""
        return [arithmetic.matrix(rows) for rows in self.layers(parameters)]

    def parameters(self, layers: Sequence[Any]) -> Parameters:
        """Flatten weight matrices (lists of rows, or arrays), W_1 first, row-major.

        Raises
        ------
        InvalidInstance    wrong number or shapes of matrices, or entries that are no numbers
        """
        tables = [t.tolist() if hasattr(t, "tolist") else t for t in layers]
        remedy = f"pass weights of shapes {' and '.join(str(s) for s in self.shapes)}"
        if len(tables) != self.depth:
            raise InvalidInstance(
                f"widths={self.widths} need {_count(self.depth)}, got {len(tables)}; {remedy}"
            )
        for j, (table, shape) in enumerate(zip(tables, self.shapes, strict=True), start=1):
            got = _shape(table)
            if got != shape:
                raise InvalidInstance(
                    f"widths={self.widths} need W_{j} of shape {shape}, got {got}; {remedy}"
                )
        return tuple(
            as_fraction(x, f"W_{j}[{r}][{c}]")
            for j, table in enumerate(tables, start=1)
            for r, row in enumerate(table)
            for c, x in enumerate(row)
        )

    def objective(self, loss: Any) -> Any:
        """Return the objective of a loss; every network has one."""
        raise NotImplementedError

    # -- starts ----------------------------------------------------------------------------------
    def random_start(self, *, seed: int = 0, scale: Any = 1) -> Parameters:
        """Draw entries in [-scale, scale], multiples of scale / 16; rarely balanced."""
        source = random.Random(f"random/{seed}/{self.widths}")
        factor = as_fraction(scale, "scale")
        return tuple(factor * source.randint(-16, 16) / 16 for _ in range(self.dimension))


def _checked_widths(values: Any) -> tuple[int, ...]:
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise InvalidInstance(
            f"widths={values!r} must be a sequence of integers (d_0, ..., d_n), such as (3, 2, 1)"
        )
    widths = []
    for value in (given := tuple(values)):
        try:
            width = operator.index(value)
        except TypeError:
            width = 0
        if width < 1 or isinstance(value, bool):
            raise InvalidInstance(f"widths={given} must be integers >= 1, got {value!r}")
        widths.append(width)
    if len(widths) < 2:
        raise InvalidInstance(
            f"widths={given} need at least two entries; pass (inputs, ..., outputs)"
        )
    return tuple(widths)


def _count(depth: int) -> str:
    return "1 weight matrix" if depth == 1 else f"{depth} weight matrices"


def _shape(table: Any) -> tuple[int, ...]:
    """The shape of a table of rows; ragged rows and bare numbers give a shape that fits nothing."""
    if not isinstance(table, Sequence) or isinstance(table, str):
        return ()
    if any(not isinstance(row, Sequence) or isinstance(row, str) for row in table):
        return (len(table),)
    lengths = {len(row) for row in table}
    return (len(table), lengths.pop()) if len(lengths) == 1 else (len(table), -1)
