"""Objectives: what gradient flow and gradient descent minimise, on any kind of arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from theorycheck.errors import InvalidInstance
from theorycheck.losses import SquareLoss
from theorycheck.networks import DeepLinear

__all__ = ["DeepLinearObjective", "Objective"]


class Objective:
    """A function of N real parameters with gradient and Hessian on every arithmetic.

    `arithmetic` follows the protocol `balls.Arithmetic`; `point` is what `point()` returns.
    """

    @property
    def dimension(self) -> int:
        raise NotImplementedError

    @property
    def bounded_below(self) -> bool:
        """Whether the function is known to be bounded below: then its flow exists for all times."""
        return False

    def point(self, arithmetic: Any, column: Any) -> Any:
        """Bring an N x 1 column into the form the other methods want."""
        raise NotImplementedError

    def value(self, arithmetic: Any, point: Any) -> Any:
        raise NotImplementedError

    def gradient_column(self, arithmetic: Any, point: Any) -> Any:
        """The gradient, N x 1."""
        raise NotImplementedError

    def hessian(self, arithmetic: Any, point: Any) -> Any:
        """The Hessian, N x N."""
        raise NotImplementedError

    @staticmethod
    def from_sympy(expression: Any, variables: Sequence[Any]) -> Objective:
        """Make an objective from a SymPy expression; see `problems.symbolic_objective`."""
        from theorycheck.problems.symbolic_objective import SymPyObjective

        return SymPyObjective(expression, variables)


@dataclass(frozen=True)
class DeepLinearObjective(Objective):
    """f(W_1, ..., W_n) = phi(W_n ... W_1) with a square loss phi; layers are lists of matrices.

    Raises
    ------
    InvalidInstance    widths that do not fit the data
    """

    network: DeepLinear
    loss: SquareLoss

    def __post_init__(self) -> None:
        widths, loss = self.network.widths, self.loss
        if widths[0] != loss.input_dimension or widths[-1] != loss.output_dimension:
            raise InvalidInstance(
                f"widths={widths} do not fit data with {loss.input_dimension} features and "
                f"{loss.output_dimension} outputs; the first and last width must be "
                f"{loss.input_dimension} and {loss.output_dimension}"
            )

    @property
    def dimension(self) -> int:
        return self.network.dimension

    @property
    def bounded_below(self) -> bool:
        return True

    def point(self, arithmetic: Any, column: Any) -> list[Any]:
        """Cut a column into the layers."""
        entries = arithmetic.scalars(column)
        layers, used = [], 0
        for rows, columns in self.network.shapes:
            size = rows * columns
            layers.append(arithmetic.from_scalars(rows, columns, entries[used : used + size]))
            used += size
        return layers

    def end_to_end(self, arithmetic: Any, layers: Sequence[Any]) -> Any:
        """W_n ... W_1."""
        product = layers[0]
        for layer in layers[1:]:
            product = arithmetic.multiply(layer, product)
        return product

    def residual(self, arithmetic: Any, layers: Sequence[Any]) -> Any:
        """W X - Y."""
        product = self.end_to_end(arithmetic, layers)
        if not self.loss.is_whitened:
            product = arithmetic.multiply(product, arithmetic.matrix(self.loss.inputs))
        return arithmetic.subtract(product, arithmetic.matrix(self.loss.targets))

    def value(self, arithmetic: Any, layers: Sequence[Any]) -> Any:
        half = arithmetic.scalar(self.loss.factor / 2)
        return half * arithmetic.square_sum(self.residual(arithmetic, layers))

    def outer_gradient(self, arithmetic: Any, layers: Sequence[Any]) -> Any:
        """The gradient of phi at the end-to-end matrix, W gram - cross."""
        product = self.end_to_end(arithmetic, layers)
        if not self.loss.is_whitened:
            product = arithmetic.multiply(product, arithmetic.matrix(self.loss.gram))
        return arithmetic.subtract(product, arithmetic.matrix(self.loss.cross))

    def _prefixes(self, arithmetic: Any, layers: Sequence[Any]) -> list[Any]:
        """[I, W_1, W_2 W_1, ..., W_{n-1} ... W_1]."""
        products = [arithmetic.identity(self.network.widths[0])]
        for layer in layers[:-1]:
            products.append(arithmetic.multiply(layer, products[-1]))
        return products

    def _suffixes(self, arithmetic: Any, layers: Sequence[Any]) -> list[Any]:
        """[W_n ... W_2, ..., W_n, I]: entry j-1 is W_{n:j+1}."""
        products = [arithmetic.identity(self.network.widths[-1])]
        for layer in reversed(layers[1:]):
            products.append(arithmetic.multiply(products[-1], layer))
        return products[::-1]

    def gradient(self, arithmetic: Any, layers: Sequence[Any]) -> list[Any]:
        """G_j = W_{n:j+1}^T g W_{j-1:1}^T for every layer."""
        outer = self.outer_gradient(arithmetic, layers)
        before = self._prefixes(arithmetic, layers)
        after = self._suffixes(arithmetic, layers)
        multiply, transpose = arithmetic.multiply, arithmetic.transpose
        return [
            multiply(multiply(transpose(b), outer), transpose(a))
            for a, b in zip(before, after, strict=True)
        ]

    def gradient_column(self, arithmetic: Any, layers: Sequence[Any]) -> Any:
        entries = [x for g in self.gradient(arithmetic, layers) for x in arithmetic.scalars(g)]
        return arithmetic.from_scalars(len(entries), 1, entries)

    def hessian(self, arithmetic: Any, layers: Sequence[Any]) -> Any:
        """The Hessian in the order of the parameters (theory A5, block form).

        H = J^T (gram kron) J + S with J_j[Delta_j] = W_{n:j+1} Delta_j W_{j-1:1} and
        S[(a,b),(c,e)] = X_{bc} B_{ea}, X = W_{j-1:1} g^T W_{n:j'+1}, B = W_{j'-1:j+1}, j < j'.
        """
        shapes = self.network.shapes
        size = self.dimension
        offsets = [sum(r * c for r, c in shapes[:j]) for j in range(len(shapes))]
        zero = arithmetic.scalar(Fraction(0))
        table = [[zero] * size for _ in range(size)]
        before = self._prefixes(arithmetic, layers)
        after = self._suffixes(arithmetic, layers)
        multiply, transpose = arithmetic.multiply, arithmetic.transpose
        gram = arithmetic.matrix(self.loss.gram)
        outer = transpose(self.outer_gradient(arithmetic, layers))
        for j, (rows, columns) in enumerate(shapes):
            between = arithmetic.identity(rows)
            for k in range(j, len(shapes)):
                later_rows, later_columns = shapes[k]
                # <A_j D B_j, (A_k D' B_k) gram> = D_ab D'_ce (A_j^T A_k)_ac (B_j gram B_k^T)_be
                left = multiply(transpose(after[j]), after[k])
                right = multiply(multiply(before[j], gram), transpose(before[k]))
                if k > j:
                    cross = multiply(multiply(before[j], outer), after[k])
                    if k > j + 1:
                        between = multiply(layers[k - 1], between)
                for a in range(rows):
                    for b in range(columns):
                        p = offsets[j] + a * columns + b
                        for c in range(later_rows):
                            for e in range(later_columns):
                                q = offsets[k] + c * later_columns + e
                                entry = arithmetic.entry(left, a, c) * arithmetic.entry(right, b, e)
                                if k > j:
                                    entry = entry + arithmetic.entry(cross, b, c) * arithmetic.entry(
                                        between, e, a
                                    )
                                table[p][q] = entry
                                table[q][p] = entry
        return arithmetic.from_scalars(size, size, [x for row in table for x in row])
