"""Balanced nets with one output, rank one: exact starts with given length and angle.

    W_1 = q v^T,  W_2 = ... = W_n = q      so that  w = W_n ... W_1 = q^n v^T,  |v| = 1

for phi(w) = |w - u|^2 / 2 with |u| = 1. Any balanced net with one output and w != 0 is of this
form in orthogonal frames of its hidden layers. Rational unit vectors come from Pythagorean triples.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from theorycheck.errors import InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.losses import SquareLoss
from theorycheck.networks import DeepLinear
from theorycheck.problems.choices import Choices
from theorycheck.problems.families import Family
from theorycheck.problems.instance import Instance

__all__ = ["single_output_family", "single_output_instance", "unit_vector"]


def unit_vector(slope: Any) -> tuple[Fraction, Fraction]:
    """Return (1 - s^2, 2 s) / (1 + s^2), s the tangent of half the angle to the first axis.

    Examples
    --------
    >>> unit_vector("1/2")
    (Fraction(3, 5), Fraction(4, 5))
    """
    s = as_fraction(slope, "slope")
    return (1 - s * s) / (1 + s * s), 2 * s / (1 + s * s)


def single_output_instance(
    *,
    depth: Any = 3,
    layer: Any = "1/2",
    slope: Any = "1/2",
    direction: Sequence[Any] | None = None,
    target: Sequence[Any] | None = None,
    **fields: Any,
) -> Instance:
    """Build a balanced start of length q^n at a given angle to the target.

    Parameters
    ----------
    depth : int >= 1
    layer : exact number > 0            q, the norm of every layer
    slope : exact number                tangent of half the angle between w and u, in the plane
    direction : numbers or None         v instead of `slope`; of norm 1 for the start to be balanced
    target : numbers or None            u; None for the first axis
    fields : horizon, step_size, ...    further fields of the instance

    Raises
    ------
    InvalidInstance    a depth that is no integer >= 1
    """
    layers, q = as_fraction(depth, "depth"), as_fraction(layer, "layer")
    if layers.denominator != 1 or layers < 1:
        raise InvalidInstance(f"depth={depth} must be an integer >= 1")
    v = [as_fraction(x, "direction") for x in (direction or unit_vector(slope))]
    u = [Fraction(int(i == 0)) for i in range(len(v))] if target is None else list(target)
    n = int(layers)
    network = DeepLinear((len(v), *(1,) * n))
    start = [[[q * x for x in v]], *([[[q]]] * (n - 1))]
    return Instance(
        network=network,
        loss=SquareLoss.whitened([u]),
        start=network.parameters(start),
        **fields,
    )


def single_output_family(
    depth: tuple[int, int] = (2, 4), *, grows: bool = False, name: str = "single_output"
) -> Family:
    """Nets with one output, target (1, 0), short horizons.

    Parameters
    ----------
    depth : (low, high)
    grows : bool          only starts with 0 < c_0 < 1 and r_0 <= c_0
    """

    def draw(choices: Choices) -> Instance:
        n = choices.integer(*depth)
        slope = choices.fraction(0, 1, 4) if grows else choices.fraction(-2, 2, 3)
        slope = slope * Fraction(3, 4) + Fraction(1, 16) if grows else slope
        most = 8
        while grows and Fraction(most, 8) ** n > unit_vector(slope)[0]:
            most -= 1
        layer = Fraction(choices.integer(min(2, max(most, 1)), max(most, 1)), 8)
        horizon = Fraction(choices.integer(1, 4), 4)
        return single_output_instance(depth=n, layer=layer, slope=slope, horizon=horizon)

    return Family(name, draw)
