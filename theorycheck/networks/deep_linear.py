"""Deep linear networks: products of weight matrices, exact parameters, exactly balanced starts."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from theorycheck.errors import InvalidInstance
from theorycheck.exact import RationalAlgebra, Rows, as_fraction, cayley, rows_of

if TYPE_CHECKING:
    from theorycheck.losses import SquareLoss
    from theorycheck.problems.objective import DeepLinearObjective

__all__ = ["DeepLinear"]

Parameters = tuple[Fraction, ...]


@dataclass(frozen=True)
class DeepLinear:
    """The network x -> W_n ... W_1 x with W_j of shape d_j x d_{j-1}.

    Parameters
    ----------
    widths : tuple of int    (d_0, ..., d_n), all >= 1, n >= 1; d_0 inputs, d_n outputs

    Raises
    ------
    InvalidInstance          fewer than two widths, or one below 1

    Examples
    --------
    >>> net = DeepLinear(widths=(3, 2, 1))
    >>> net.depth, net.shapes, net.dimension
    (2, ((2, 3), (1, 2)), 8)
    """

    widths: tuple[int, ...]

    def __post_init__(self) -> None:
        widths = tuple(self.widths)
        if len(widths) < 2:
            raise InvalidInstance(f"widths={widths} need at least two entries (inputs, outputs)")
        for width in widths:
            if isinstance(width, bool) or int(width) != width or width < 1:
                raise InvalidInstance(f"widths={widths} must be integers >= 1, got {width!r}")
        object.__setattr__(self, "widths", tuple(int(w) for w in widths))

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

    def layers(self, parameters: Sequence[Any]) -> tuple[tuple[tuple[Any, ...], ...], ...]:
        """Cut flat parameters (W_1 first, row-major) into weight matrices as rows.

        Raises
        ------
        InvalidInstance    a wrong number of parameters
        """
        if len(parameters) != self.dimension:
            raise InvalidInstance(
                f"widths={self.widths} need {self.dimension} parameters, got {len(parameters)}"
            )
        result, used = [], 0
        for rows, columns in self.shapes:
            block = [tuple(parameters[used + i * columns :][:columns]) for i in range(rows)]
            used += rows * columns
            result.append(tuple(block))
        return tuple(result)

    def parameters(self, layers: Sequence[Sequence[Sequence[Any]]]) -> Parameters:
        """Flatten weight matrices, W_1 first, row-major.

        Raises
        ------
        InvalidInstance    wrong number or shapes of matrices
        """
        wanted = ", ".join(str(s) for s in self.shapes)
        if len(layers) != self.depth:
            raise InvalidInstance(
                f"widths={self.widths} need {self.depth} weight matrices, got {len(layers)}; "
                f"pass weights of shapes {wanted}"
            )
        for j, (layer, shape) in enumerate(zip(layers, self.shapes, strict=True), start=1):
            got = (len(layer), len(layer[0]) if len(layer) else 0)
            if got != shape or any(len(row) != shape[1] for row in layer):
                raise InvalidInstance(
                    f"widths={self.widths} need W_{j} of shape {shape}, got {got}; "
                    f"pass weights of shapes {wanted}"
                )
        return tuple(
            as_fraction(x, f"W_{j}[{r}][{c}]")
            for j, layer in enumerate(layers, start=1)
            for r, row in enumerate(layer)
            for c, x in enumerate(row)
        )

    def objective(self, loss: SquareLoss) -> DeepLinearObjective:
        """The training objective of this network with a loss of the end-to-end matrix."""
        from theorycheck.problems.objective import DeepLinearObjective

        return DeepLinearObjective(self, loss)

    # -- starts ----------------------------------------------------------------------------------
    def balanced_start(
        self, *, seed: int = 0, scale: Any = 1, diagonal: Sequence[Any] | None = None
    ) -> Parameters:
        """An exactly balanced rational start: W_{j+1}^T W_{j+1} = W_j W_j^T for every j.

        W_j = U_j D_j U_{j-1}^T with rational orthogonal frames U_j and one rectangular diagonal
        of min(d_0, ..., d_n) common entries, multiplied by `scale`.

        Parameters
        ----------
        seed : int
        scale : exact number
        diagonal : the common diagonal, or None for random entries in (1/2, 3/2)
        """
        source = random.Random(f"balanced/{seed}/{self.widths}")
        rank = min(self.widths)
        factor = as_fraction(scale, "scale")
        if diagonal is None:
            entries = [Fraction(source.randint(4, 12), 8) for _ in range(rank)]
        else:
            entries = [as_fraction(x, "diagonal") for x in diagonal]
            if len(entries) != rank:
                raise InvalidInstance(f"diagonal needs {rank} entries, got {len(entries)}")
        frames = [_frame(width, source) for width in self.widths]
        layers = []
        for j, (rows, columns) in enumerate(self.shapes, start=1):
            middle = [[Fraction(0)] * columns for _ in range(rows)]
            for i, entry in enumerate(entries):
                middle[i][i] = factor * entry
            product = (
                RationalAlgebra.matrix(frames[j])
                * RationalAlgebra.matrix(middle)
                * RationalAlgebra.matrix(frames[j - 1]).transpose()
            )
            layers.append(rows_of(product))
        return self.parameters(layers)

    def random_start(self, *, seed: int = 0, scale: Any = 1) -> Parameters:
        """A random rational start with entries in [-scale, scale], multiples of scale / 16."""
        source = random.Random(f"random/{seed}/{self.widths}")
        factor = as_fraction(scale, "scale")
        return tuple(factor * source.randint(-16, 16) / 16 for _ in range(self.dimension))

    def identity_start(self, *, scale: Any = 1) -> Parameters:
        """W_j = scale * I (rectangular identity): exactly balanced."""
        factor = as_fraction(scale, "scale")
        rank = min(self.widths)
        return tuple(
            factor if i == j and i < rank else Fraction(0)
            for rows, columns in self.shapes
            for i in range(rows)
            for j in range(columns)
        )


def _frame(size: int, source: random.Random) -> Rows:
    """A random rational orthogonal matrix, by the Cayley transform."""
    skew = [[Fraction(0)] * size for _ in range(size)]
    for i in range(size):
        for j in range(i):
            skew[i][j] = Fraction(source.randint(-2, 2), 2)
            skew[j][i] = -skew[i][j]
    return cayley(skew)
