"""Objectives: what gradient flow and gradient descent minimise, on any kind of arithmetic."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from theorycheck.errors import InvalidInstance
from theorycheck.losses import AbstractLoss, SquareLoss
from theorycheck.networks import AbstractLayered, DeepLinear
from theorycheck.problems.backpropagation import GivenSlopes, Masks, masked_gradient, masked_hessian

if TYPE_CHECKING:
    from theorycheck.problems.symbolic_objective import SymPyObjective

__all__ = ["AbstractNetworkObjective", "DeepLinearObjective", "Objective"]


class Objective(ABC):
    """A function of N real parameters with gradient and Hessian on every arithmetic.

    `arithmetic` follows the protocol `balls.Arithmetic`; `point` is what `point()` returns.
    Users make objectives with `net.objective(loss)` or `Objective.from_sympy`.
    """

    @property
    @abstractmethod
    def dimension(self) -> int:
        """N, the number of parameters."""

    @property
    @abstractmethod
    def bounded_below(self) -> bool:
        """Whether it is known to be bounded below and smooth everywhere: its flow never ends."""

    @abstractmethod
    def point(self, arithmetic: Any, column: Any) -> Any:
        """Bring an N x 1 column into the form the other methods want."""

    @abstractmethod
    def value(self, arithmetic: Any, point: Any) -> Any:
        """The value, a scalar of the arithmetic."""

    @abstractmethod
    def gradient_column(self, arithmetic: Any, point: Any) -> Any:
        """The gradient, N x 1."""

    @abstractmethod
    def hessian(self, arithmetic: Any, point: Any) -> Any:
        """The Hessian, N x N."""

    @staticmethod
    def from_sympy(expression: Any, variables: Sequence[Any]) -> SymPyObjective:
        """Make an objective from a SymPy expression; see `problems.expressions` for the grammar.

        Examples
        --------
        >>> from sympy import symbols
        >>> a, b = symbols("a b")
        >>> Objective.from_sympy((a * b - 1) ** 2 / 2, variables=[a, b]).dimension
        2
        """
        from theorycheck.problems.symbolic_objective import SymPyObjective

        return SymPyObjective(expression, variables)


@dataclass(frozen=True)
class AbstractNetworkObjective(Objective):
    """A loss of the predictions of a layered network; points are lists of layer matrices.

    Parameters
    ----------
    network : a network
    loss : a loss

    Raises
    ------
    InvalidInstance    widths that do not fit the data
    """

    network: AbstractLayered
    loss: AbstractLoss

    def __post_init__(self) -> None:
        if not isinstance(self.loss, AbstractLoss):
            raise InvalidInstance(
                f"loss={self.loss!r} must be a SquareLoss, LogisticLoss, CrossEntropyLoss or "
                "ExponentialLoss; use tc.SquareLoss(inputs=X, targets=Y)"
            )
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

    def point(self, arithmetic: Any, column: Any) -> list[Any]:
        """Cut a column into the layers."""
        entries = arithmetic.scalars(column)
        layers, used = [], 0
        for rows, columns in self.network.shapes:
            size = rows * columns
            layers.append(arithmetic.from_scalars(rows, columns, entries[used : used + size]))
            used += size
        return layers

    @abstractmethod
    def predictions(self, arithmetic: Any, layers: Sequence[Any]) -> Any:
        """The outputs of the network, d_n x N, one column per sample."""

    def value(self, arithmetic: Any, layers: Sequence[Any]) -> Any:
        return self.loss.value(arithmetic, self.predictions(arithmetic, layers))

    @abstractmethod
    def gradient(self, arithmetic: Any, layers: Sequence[Any]) -> list[Any]:
        """The gradient by every layer."""

    def gradient_column(self, arithmetic: Any, layers: Sequence[Any]) -> Any:
        entries = [x for g in self.gradient(arithmetic, layers) for x in arithmetic.scalars(g)]
        return arithmetic.from_scalars(len(entries), 1, entries)

    def masks_at(self, _arithmetic: Any, layers: Sequence[Any]) -> Masks:
        """The slopes of the activations at a point; None stands for ones."""
        return [None] * (len(layers) - 1)

    def pullback(self, arithmetic: Any, layers: Sequence[Any], slopes: Any) -> list[Any]:
        """The gradient by every layer of <slopes, predictions>, with slopes d_n x N held fixed."""
        given = GivenSlopes(self.loss.inputs, slopes)
        return masked_gradient(arithmetic, layers, self.masks_at(arithmetic, layers), given)


@dataclass(frozen=True)
class DeepLinearObjective(AbstractNetworkObjective):
    """The objective f(W_1, ..., W_n) = phi(W_n ... W_1) with a loss phi(W) = Phi(W X).

    Points are lists of layer matrices (W_1, ..., W_n) on the arithmetic at hand.

    Parameters
    ----------
    network : DeepLinear
    loss : SquareLoss, LogisticLoss, CrossEntropyLoss or ExponentialLoss

    Raises
    ------
    InvalidInstance    widths that do not fit the data

    Examples
    --------
    >>> from theorycheck.exact import RationalAlgebra
    >>> network = DeepLinear(widths=(1, 1))
    >>> f = DeepLinearObjective(network, SquareLoss.whitened([[3]]))
    >>> f.value(RationalAlgebra, network.layer_matrices(RationalAlgebra, [1]))
    2
    """

    network: DeepLinear

    @property
    def bounded_below(self) -> bool:
        return True

    @property
    def is_square(self) -> bool:
        """Whether the loss is the square loss, so that f is a polynomial in its moments."""
        return isinstance(self.loss, SquareLoss)

    @property
    def square_loss(self) -> SquareLoss:
        """The loss, where it is the square loss.

        Raises
        ------
        InvalidInstance    another loss, which has no residual and no moments
        """
        if not isinstance(self.loss, SquareLoss):
            raise InvalidInstance(
                f"loss is a {type(self.loss).__name__}; residual, gram and cross matrix need a "
                "SquareLoss"
            )
        return self.loss

    def end_to_end(self, arithmetic: Any, layers: Sequence[Any]) -> Any:
        """Multiply W_n ... W_1."""
        product = layers[0]
        for layer in layers[1:]:
            product = arithmetic.multiply(layer, product)
        return product

    def predictions(self, arithmetic: Any, layers: Sequence[Any]) -> Any:
        """W X."""
        product = self.end_to_end(arithmetic, layers)
        if isinstance(self.loss, SquareLoss) and self.loss.is_whitened:
            return product
        return arithmetic.multiply(product, arithmetic.matrix(self.loss.inputs))

    def residual(self, arithmetic: Any, layers: Sequence[Any]) -> Any:
        """The residual W X - Y of a square loss."""
        predictions = self.predictions(arithmetic, layers)
        return arithmetic.subtract(predictions, arithmetic.matrix(self.square_loss.targets))

    def value(self, arithmetic: Any, layers: Sequence[Any]) -> Any:
        if not self.is_square:
            return super().value(arithmetic, layers)
        half = arithmetic.scalar(self.loss.factor / 2)
        return half * arithmetic.square_sum(self.residual(arithmetic, layers))

    def outer_gradient(self, arithmetic: Any, layers: Sequence[Any]) -> Any:
        """The gradient of phi at the end-to-end matrix: W gram - cross for a square loss."""
        loss, multiply = self.loss, arithmetic.multiply
        if not isinstance(loss, SquareLoss):
            slope = loss.gradient(arithmetic, self.predictions(arithmetic, layers))
            return multiply(slope, arithmetic.transpose(arithmetic.matrix(loss.inputs)))
        product = self.end_to_end(arithmetic, layers)
        if not loss.is_whitened:
            product = multiply(product, arithmetic.matrix(loss.gram))
        return arithmetic.subtract(product, arithmetic.matrix(loss.cross))

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

    def hessian(self, arithmetic: Any, layers: Sequence[Any]) -> Any:
        """The Hessian in the order of the parameters, N x N.

        With J_j[Delta] = W_{n:j+1} Delta W_{j-1:1}, for j <= j' and parameters (a, b) of W_j,
        (c, e) of W_j', in blocks

            H = (W_{n:j+1}^T W_{n:j'+1})_{ac} (W_{j-1:1} gram W_{j'-1:1}^T)_{be}
                + [j < j'] (W_{j-1:1} g^T W_{n:j'+1})_{bc} (W_{j'-1:j+1})_{ea}

        for the square loss; for the others sample by sample, see `backpropagation`.
        """
        if not self.is_square:
            return masked_hessian(arithmetic, layers, [None] * (len(layers) - 1), self.loss)
        table = [[arithmetic.scalar(Fraction(0))] * self.dimension for _ in range(self.dimension)]
        before = self._prefixes(arithmetic, layers)
        after = self._suffixes(arithmetic, layers)
        multiply, transpose = arithmetic.multiply, arithmetic.transpose
        gram = arithmetic.matrix(self.loss.gram)
        outer = transpose(self.outer_gradient(arithmetic, layers))
        for j, (rows, _) in enumerate(self.network.shapes):
            between = arithmetic.identity(rows)
            for k in range(j, self.network.depth):
                factors = [
                    multiply(transpose(after[j]), after[k]),
                    multiply(multiply(before[j], gram), transpose(before[k])),
                ]
                if k > j:
                    if k > j + 1:
                        between = multiply(layers[k - 1], between)
                    factors += [multiply(multiply(before[j], outer), after[k]), between]
                self._fill(table, arithmetic, (j, k), factors)
        entries = [x for row in table for x in row]
        return arithmetic.from_scalars(self.dimension, self.dimension, entries)

    def _fill(
        self, table: list[list[Any]], arithmetic: Any, block: tuple[int, int], factors: list[Any]
    ) -> None:
        """Write one block of the Hessian and its mirror image."""
        entry = arithmetic.entry
        left, right, *cross = factors
        first, second = (self._indices(j) for j in block)
        for p, a, b in first:
            for q, c, e in second:
                value = entry(left, a, c) * entry(right, b, e)
                if cross:
                    value = value + entry(cross[0], b, c) * entry(cross[1], e, a)
                table[p][q] = value
                table[q][p] = value

    def _indices(self, j: int) -> list[tuple[int, int, int]]:
        """(position among the parameters, row, column) of every entry of W_{j+1}."""
        shapes = self.network.shapes
        offset = sum(rows * columns for rows, columns in shapes[:j])
        rows, columns = shapes[j]
        return [(offset + a * columns + b, a, b) for a in range(rows) for b in range(columns)]
