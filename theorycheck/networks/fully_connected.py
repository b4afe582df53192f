"""Fully connected nets with a homogeneous activation; exact parameters, no biases."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from theorycheck.errors import InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.networks.layered import AbstractLayered

if TYPE_CHECKING:
    from theorycheck.losses import AbstractLoss
    from theorycheck.problems.fully_connected import FullyConnectedObjective

__all__ = ["ACTIVATIONS", "FullyConnected"]

ACTIVATIONS = ("relu", "leaky_relu", "absolute", "linear", "homogeneous")
_FIXED = {"relu": (1, 0), "absolute": (1, -1), "linear": (1, 1)}
_EXAMPLES = {"leaky_relu": "slope='1/10'", "homogeneous": "slope=('1/2', '-13/10')"}


@dataclass(frozen=True, init=False)
class FullyConnected(AbstractLayered):
    """The network x -> W_n s(W_{n-1} s(... s(W_1 x))) with s(z) = alpha max(z, 0) + beta min(z, 0).

    The derivative s'(0), which only descent from a point exactly on a kink needs, is beta by
    convention: 0 for relu, the slope for leaky_relu.

    Parameters
    ----------
    widths : tuple of int     (d_0, ..., d_n)
    activation : str          relu (alpha, beta) = (1, 0); leaky_relu (1, slope); absolute (1, -1);
                              linear (1, 1); homogeneous with slope = (alpha, beta)
    slope : exact number, or a pair of them for homogeneous; not for the others

    Raises
    ------
    InvalidInstance    an unknown activation, a slope missing or given in vain, wrong widths

    Examples
    --------
    >>> net = FullyConnected((2, 3, 1), activation="leaky_relu", slope="1/10")
    >>> net.slopes, net.hidden
    ((Fraction(1, 1), Fraction(1, 10)), (3,))
    """

    activation: str
    slopes: tuple[Fraction, Fraction]

    def __init__(self, widths: Any, activation: str = "relu", *, slope: Any = None) -> None:
        object.__setattr__(self, "widths", widths)
        self.__post_init__()
        object.__setattr__(self, "slopes", _slopes(activation, slope))
        object.__setattr__(self, "activation", activation)

    @property
    def hidden(self) -> tuple[int, ...]:
        """(d_1, ..., d_{n-1})"""
        return self.widths[1:-1]

    @property
    def is_smooth(self) -> bool:
        """Whether there is no kink: a linear activation, or no hidden layer."""
        return self.slopes[0] == self.slopes[1] or not self.hidden

    @property
    def slope(self) -> Fraction | tuple[Fraction, Fraction] | None:
        """The slope as it is given to make the network."""
        if self.activation == "leaky_relu":
            return self.slopes[1]
        return self.slopes if self.activation == "homogeneous" else None

    def squared_gradient_bound(self, largest: Fraction) -> Fraction:
        """Bound |grad f|^2 on the unit sphere, every Clarke subgradient; see `AbstractLayered`."""
        steepest = max(abs(slope) for slope in self.slopes)
        linear = super().squared_gradient_bound(largest)
        return linear * steepest ** (2 * (self.depth - 1))

    def objective(self, loss: AbstractLoss) -> FullyConnectedObjective:
        """Return the objective f(W_1, ..., W_n) = Phi(predictions) of a loss Phi."""
        # Imported here: objectives know networks, and this is the only way back.
        from theorycheck.problems.fully_connected import FullyConnectedObjective

        return FullyConnectedObjective(self, loss)


def _slopes(activation: Any, slope: Any) -> tuple[Fraction, Fraction]:
    if activation not in ACTIVATIONS:
        raise InvalidInstance(f"activation={activation!r} is unknown; use {', '.join(ACTIVATIONS)}")
    if activation in _FIXED:
        if slope is not None:
            raise InvalidInstance(
                f"slope={slope!r} is not used by {activation}; leave it out, or use leaky_relu"
            )
        alpha, beta = _FIXED[activation]
        return Fraction(alpha), Fraction(beta)
    if activation == "leaky_relu" and slope is not None and not isinstance(slope, tuple | list):
        return Fraction(1), as_fraction(slope, "slope")
    if activation == "homogeneous" and isinstance(slope, tuple | list) and len(slope) == 2:
        return as_fraction(slope[0], "slope[0]"), as_fraction(slope[1], "slope[1]")
    raise InvalidInstance(f"{activation} needs {_EXAMPLES[activation]}, got slope={slope!r}")
