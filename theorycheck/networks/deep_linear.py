"""Deep linear networks: products of weight matrices, exact parameters, exactly balanced starts."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from theorycheck.errors import InvalidInstance
from theorycheck.exact import RationalAlgebra, Rows, as_fraction, rows_of
from theorycheck.networks.frames import near_identity_frame, random_frame
from theorycheck.networks.layered import AbstractLayered, Parameters

if TYPE_CHECKING:
    from theorycheck.losses import AbstractLoss
    from theorycheck.problems.objective import DeepLinearObjective

__all__ = ["DeepLinear"]


@dataclass(frozen=True)
class DeepLinear(AbstractLayered):
    """The network x -> W_n ... W_1 x with W_j of shape d_j x d_{j-1}.

    Parameters
    ----------
    widths : tuple of int    (d_0, ..., d_n), all >= 1, n >= 1; d_0 inputs, d_n outputs

    Raises
    ------
    InvalidInstance          fewer than two widths, or one that is no integer >= 1

    Examples
    --------
    >>> net = DeepLinear(widths=(3, 2, 1))
    >>> net.depth, net.shapes, net.dimension
    (2, ((2, 3), (1, 2)), 8)
    """

    def objective(self, loss: AbstractLoss) -> DeepLinearObjective:
        """Return the objective f(W_1, ..., W_n) = phi(W_n ... W_1) of a loss phi."""
        # Imported here: objectives know networks, and this is the only way back.
        from theorycheck.problems.objective import DeepLinearObjective

        return DeepLinearObjective(self, loss)

    # -- starts ----------------------------------------------------------------------------------
    def balanced_start(
        self,
        *,
        seed: int = 0,
        scale: Any = 1,
        rank: int | None = None,
        diagonal: Sequence[Any] | None = None,
    ) -> Parameters:
        """Draw an exactly balanced rational start: W_{j+1}^T W_{j+1} = W_j W_j^T for every j.

            W_j = scale U_j D_j U_{j-1}^T

        with rational orthogonal U_j and rectangular diagonals D_j of the same entries.

        Parameters
        ----------
        seed : int
        scale : exact number
        rank : int or None                of the end-to-end matrix; None: min(d_0, ..., d_n)
        diagonal : sequence or None       the common entries, at most min(d_0, ..., d_n) of them;
                                          None: multiples of 1/8 in [1/2, 3/2]

        Raises
        ------
        InvalidInstance    rank or number of diagonal entries out of range

        Examples
        --------
        >>> DeepLinear((1, 1, 1)).balanced_start(scale="1/2", diagonal=[1])
        (Fraction(1, 2), Fraction(1, 2))
        """
        source = random.Random(f"balanced/{seed}/{self.widths}")
        entries = self._diagonal(source, rank, diagonal)
        return self._from_frames(entries, as_fraction(scale, "scale"), random_frame, source)

    def near_identity_start(self, *, seed: int = 0, scale: Any = 1) -> Parameters:
        """Draw an exactly balanced start near scale * I: W_j = scale U_j D_j U_{j-1}^T.

        The frames U_j are rational rotations near the identity, D_j has entries in [7/8, 9/8].
        """
        source = random.Random(f"near identity/{seed}/{self.widths}")
        entries = [Fraction(source.randint(14, 18), 16) for _ in range(min(self.widths))]
        factor = as_fraction(scale, "scale")
        return self._from_frames(entries, factor, near_identity_frame, source)

    def identity_start(self, scale: Any = 1) -> Parameters:
        """Return W_j = scale * I, rectangular, with min(d_0, ..., d_n) ones: exactly balanced."""
        factor, rank = as_fraction(scale, "scale"), min(self.widths)
        return tuple(
            factor if i == j and i < rank else Fraction(0)
            for rows, columns in self.shapes
            for i in range(rows)
            for j in range(columns)
        )

    def _diagonal(
        self, source: random.Random, rank: int | None, diagonal: Sequence[Any] | None
    ) -> list[Fraction]:
        most = min(self.widths)
        if rank is not None and not 0 <= rank <= most:
            raise InvalidInstance(
                f"rank={rank} must be between 0 and {most}, the least of widths={self.widths}"
            )
        if diagonal is None:
            entries = [Fraction(source.randint(4, 12), 8) for _ in range(most)]
        else:
            entries = [as_fraction(x, f"diagonal[{i}]") for i, x in enumerate(diagonal)]
            if len(entries) > most:
                raise InvalidInstance(
                    f"diagonal has {len(entries)} entries; widths={self.widths} allow {most}"
                )
            entries += [Fraction(0)] * (most - len(entries))
        kept = most if rank is None else rank
        return entries[:kept] + [Fraction(0)] * (most - kept)

    def _from_frames(
        self,
        entries: Sequence[Fraction],
        scale: Fraction,
        frame: Callable[[int, random.Random], Rows],
        source: random.Random,
    ) -> Parameters:
        frames = [RationalAlgebra.matrix(frame(width, source)) for width in self.widths]
        layers = []
        for j, (rows, columns) in enumerate(self.shapes, start=1):
            middle = [[Fraction(0)] * columns for _ in range(rows)]
            for i, entry in enumerate(entries):
                middle[i][i] = scale * entry
            product = frames[j] * RationalAlgebra.matrix(middle) * frames[j - 1].transpose()
            layers.append(rows_of(product))
        return tuple(x for layer in layers for row in layer for x in row)
