"""The objective of a fully connected net, which is smooth on every activation region.

A *region* is an open set of parameters where every hidden pre-activation of every sample has a
fixed sign, the *pattern*. On it the net is linear in every layer (claim A4.b), and gradient and
Hessian are those of the masked net (claim A8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from theorycheck import balls
from theorycheck.errors import DomainViolation, InvalidInstance
from theorycheck.exact import Rows
from theorycheck.networks import FullyConnected
from theorycheck.problems.backpropagation import Masks, masked_gradient, masked_hessian, masked_pass
from theorycheck.problems.objective import AbstractNetworkObjective
from theorycheck.symbolic.lowering import NotExact
from theorycheck.verdicts import HOLDS

__all__ = ["FullyConnectedObjective", "KinkMet", "Pattern", "RegionObjective", "Unit"]

Pattern = tuple[tuple[tuple[int, ...], ...], ...]
"""Signs 1, -1 (0 exactly on a kink) by hidden layer, neuron and sample."""


@dataclass(frozen=True, order=True)
class Unit:
    """One pre-activation: of a neuron of a hidden layer at a sample, all counted from 1.

    Examples
    --------
    >>> str(Unit(1, 2, 3))
    'neuron 2 of layer 1, sample 3'
    """

    layer: int
    neuron: int
    sample: int

    def __str__(self) -> str:
        return f"neuron {self.neuron} of layer {self.layer}, sample {self.sample}"


class KinkMet(DomainViolation):
    """Report pre-activations whose sign is not certain where a derivative is asked for.

    It does not mean that a kink is met: a sharper enclosure may show a sign.

    Parameters
    ----------
    units : tuple of Unit
    """

    def __init__(self, units: Sequence[Unit]) -> None:
        more = f" (and {len(units) - 1} more)" if len(units) > 1 else ""
        super().__init__(f"kink: {units[0]}{more}: the sign of the pre-activation is not certain")
        self.units = tuple(units)


@dataclass(frozen=True)
class FullyConnectedObjective(AbstractNetworkObjective):
    """The objective f(W_1, ..., W_n) = Phi(predictions), region by region.

    The value is continuous and enclosed everywhere. Derivatives need the pattern: on balls it has
    to be certain, over the rationals no pre-activation may be exactly 0.

    Parameters
    ----------
    network : FullyConnected
    loss : a loss

    Raises
    ------
    InvalidInstance    widths that do not fit the data

    Examples
    --------
    >>> from theorycheck.exact import RationalAlgebra
    >>> from theorycheck.losses import SquareLoss
    >>> net = FullyConnected((1, 1, 1))
    >>> f = net.objective(SquareLoss.whitened([[1]]))
    >>> f.hessian(RationalAlgebra, net.layer_matrices(RationalAlgebra, [2, 3]))
    [ 9, 11]
    [11,  4]
    """

    network: FullyConnected

    @property
    def bounded_below(self) -> bool:
        return self.network.is_smooth

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """All pre-activations, by layer, neuron, sample."""
        samples = self.loss.samples
        return tuple(
            Unit(j, c, i)
            for j, width in enumerate(self.network.hidden, start=1)
            for c in range(1, width + 1)
            for i in range(1, samples + 1)
        )

    # -- forward ---------------------------------------------------------------------------------
    def predictions(self, arithmetic: Any, layers: Sequence[Any]) -> Any:
        activation = arithmetic.matrix(self.loss.inputs)
        for layer in layers[:-1]:
            activation = self._activated(arithmetic, arithmetic.multiply(layer, activation))
        return arithmetic.multiply(layers[-1], activation)

    def pre_activations(self, arithmetic: Any, layers: Sequence[Any]) -> list[Any]:
        """Z_1, ..., Z_{n-1}, d_j x N."""
        activation, found = arithmetic.matrix(self.loss.inputs), []
        for layer in layers[:-1]:
            found.append(arithmetic.multiply(layer, activation))
            activation = self._activated(arithmetic, found[-1])
        return found

    def _activated(self, arithmetic: Any, matrix: Any) -> Any:
        """s(z), entrywise; it is continuous, so that balls around a kink are no obstacle."""
        rows, columns = arithmetic.shape(matrix)
        alpha, beta = (arithmetic.scalar(s) for s in self.network.slopes)
        entries = []
        for z in arithmetic.scalars(matrix):
            sign = 1 if self.network.is_smooth else sign_on(arithmetic, z)
            if sign is None:  # a ball around a kink
                zero = balls.real(0)
                up, down = balls.maximum([z, zero]), balls.minimum([z, zero])
                entries.append(up * alpha + down * beta)
            else:
                entries.append(z * (alpha if sign > 0 else beta))
        return arithmetic.from_scalars(rows, columns, entries)

    # -- regions ---------------------------------------------------------------------------------
    def signs(self, arithmetic: Any, layers: Sequence[Any]) -> dict[Unit, int | None]:
        """The sign of every pre-activation; 0 exactly on a kink, None where it is not certain.

        Behind a layer that is 0 on the whole region for a sample nothing depends on the sign,
        which counts as negative.
        """
        alpha, beta = self.network.slopes
        silent = [not any(self.loss.input(i)) for i in range(self.loss.samples)]
        found: list[int | None] = []
        for matrix in self.pre_activations(arithmetic, layers):
            width = arithmetic.shape(matrix)[0]
            signs = [sign_on(arithmetic, z) for z in arithmetic.scalars(matrix)]
            here = [-1 if silent[k % len(silent)] else sign for k, sign in enumerate(signs)]
            found += here
            for i in range(len(silent)):
                column = [here[c * len(silent) + i] for c in range(width)]
                slopes = [{1: alpha, -1: beta}.get(sign or 0) for sign in column]
                silent[i] = silent[i] or all(slope == 0 for slope in slopes)
        return dict(zip(self.units, found, strict=True))

    def pattern(self, arithmetic: Any, layers: Sequence[Any]) -> Pattern:
        """The pattern of the region that contains a point, or a whole ball.

        Raises
        ------
        KinkMet     a sign is not certain on the ball, or a pre-activation is exactly 0
        NotExact    arithmetic without signs
        """
        signs = self.signs(arithmetic, layers)
        unknown = [unit for unit, sign in signs.items() if not sign]
        if unknown:
            raise KinkMet(unknown)
        return self.pattern_of([sign or 0 for sign in signs.values()])

    def pattern_of(self, signs: Sequence[int]) -> Pattern:
        """Arrange signs in the order of `units` by layer, neuron, sample."""
        samples, used, pattern = self.loss.samples, 0, []
        for width in self.network.hidden:
            rows = [tuple(signs[used + c * samples :][:samples]) for c in range(width)]
            pattern.append(tuple(rows))
            used += width * samples
        return tuple(pattern)

    def in_region(self, pattern: Pattern) -> RegionObjective:
        """The smooth objective that agrees with this one on the region of a pattern.

        A sign 0 takes the convention s'(0) = beta of the network.
        """
        return RegionObjective(self.network, self.loss, pattern)

    def region(self, arithmetic: Any, layers: Sequence[Any]) -> RegionObjective:
        """The smooth objective on the region of a point or ball; see `pattern`."""
        if self.network.is_smooth:
            return self.in_region(self.pattern_of([1] * len(self.units)))
        return self.in_region(self.pattern(arithmetic, layers))

    def masks_at(self, arithmetic: Any, layers: Sequence[Any]) -> Masks:
        return self.region(arithmetic, layers).masks

    # -- derivatives -----------------------------------------------------------------------------
    def gradient(self, arithmetic: Any, layers: Sequence[Any]) -> list[Any]:
        return self.region(arithmetic, layers).gradient(arithmetic, layers)

    def hessian(self, arithmetic: Any, layers: Sequence[Any]) -> Any:
        return self.region(arithmetic, layers).hessian(arithmetic, layers)


@dataclass(frozen=True)
class RegionObjective(AbstractNetworkObjective):
    """The smooth extension of a region's objective: activations with fixed slopes.

    Parameters
    ----------
    network : FullyConnected
    loss : a loss
    pattern : Pattern    signs by hidden layer, neuron and sample
    """

    network: FullyConnected
    pattern: Pattern

    def __post_init__(self) -> None:
        super().__post_init__()
        shape = [(len(layer), {len(row) for row in layer}) for layer in self.pattern]
        if shape != [(width, {self.loss.samples}) for width in self.network.hidden]:
            raise InvalidInstance("the pattern must have a sign per hidden neuron and sample")

    @property
    def bounded_below(self) -> bool:
        return True

    @cached_property
    def masks(self) -> Masks:
        """The slope of the activation at every pre-activation."""
        alpha, beta = self.network.slopes
        tables: list[Rows] = [
            tuple(tuple(alpha if sign > 0 else beta for sign in row) for row in layer)
            for layer in self.pattern
        ]
        return [None if all(x == 1 for row in t for x in row) else t for t in tables]

    def predictions(self, arithmetic: Any, layers: Sequence[Any]) -> Any:
        return masked_pass(arithmetic, layers, self.masks, self.loss).predictions

    def masks_at(self, _arithmetic: Any, _layers: Sequence[Any]) -> Masks:
        return self.masks

    def pre_activations(self, arithmetic: Any, layers: Sequence[Any]) -> list[Any]:
        """Z_1, ..., Z_{n-1} of the extension, which are those of the net on the region."""
        return masked_pass(arithmetic, layers, self.masks, self.loss).pre_activations

    def gradient(self, arithmetic: Any, layers: Sequence[Any]) -> list[Any]:
        return masked_gradient(arithmetic, layers, self.masks, self.loss)

    def hessian(self, arithmetic: Any, layers: Sequence[Any]) -> Any:
        return masked_hessian(arithmetic, layers, self.masks, self.loss)


def sign_on(arithmetic: Any, z: Any) -> int | None:
    """The sign of a scalar; 0 only where it is exactly 0, None for a ball around 0.

    Raises
    ------
    NotExact    indeterminates have no sign
    """
    if arithmetic.name in ("polynomial", "symbolic"):
        raise NotExact("an activation of indeterminates; fix the region with in_region(pattern)")
    if arithmetic.name != "ball":
        return int(z > 0) - int(z < 0)
    if balls.positive(z) is HOLDS:
        return 1
    if balls.negative(z) is HOLDS:
        return -1
    return None
