"""Families of instances: what a claim is searched over. All values are exact rationals.

Special cases come with real probability: zero layers, rank-deficient products, repeated singular
values, identity-like nets, orthogonal layers, starts near balance or near zero, scalar nets,
critical points, steps longer than the horizon.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from theorycheck.errors import InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.networks.fully_connected import ACTIVATIONS
from theorycheck.problems.choices import Choices, RandomChoices
from theorycheck.problems.draws import (
    LOSSES,
    SHAPES,
    draw_entry,
    draw_loss,
    draw_net,
    draw_network,
    draw_point,
    draw_start,
    shapes_of,
)
from theorycheck.problems.draws_numbers import draw_size
from theorycheck.problems.instance import Instance

__all__ = [
    "SHAPES", "Family", "deep_linear", "draw_entry", "draw_loss", "draw_net", "draw_network",
    "draw_point", "draw_start", "fully_connected", "gentle_descent", "points", "tracking",
]  # fmt: skip


@dataclass(frozen=True)
class Family:
    """A set of instances with a way to draw from it.

    Parameters
    ----------
    name : str
    draw : function of a source of choices, returning an Instance

    Examples
    --------
    >>> family = deep_linear(depth=(2, 2), width=(1, 1))
    >>> [case.network.widths for case in family.instances(seed=0, count=2)]
    [(1, 1, 1), (1, 1, 1)]
    """

    name: str
    draw: Callable[[Choices], Instance]

    def instances(self, *, seed: int = 0, count: int = 10) -> list[Instance]:
        """Draw `count` instances, the same ones for the same seed.

        Raises
        ------
        InvalidInstance    count < 0
        """
        if count < 0:
            raise InvalidInstance(f"count={count} must not be negative")
        return [self.draw(RandomChoices(f"{self.name}/{seed}/{i}")) for i in range(count)]

    def map(self, change: Callable[[Instance, Choices], Instance], name: str = "") -> Family:
        """Change every instance, with further choices where wanted."""
        draw = self.draw
        return Family(name or self.name, lambda choices: change(draw(choices), choices))

    def with_step_size(self, bound: Callable[[Instance], Any]) -> Family:
        """Draw step sizes k/8 of a certified bound, k = 1..8, so that few instances are vacuous.

        Parameters
        ----------
        bound : function of an instance    an exact number > 0, a largest admissible step size
        """

        def change(case: Instance, choices: Choices) -> Instance:
            share = Fraction(choices.pick((8, 7, 6, 5, 4, 3, 2, 1)), 8)
            return case.replace(step_size=share * as_fraction(bound(case), "bound"))

        return self.map(change)


def deep_linear(
    depth: tuple[int, int] = (1, 3),
    width: tuple[int, int] = (1, 3),
    *,
    start: str | Sequence[str] = "mixed",
    loss: str = "mixed",
    horizon: tuple[Any, Any] = (1, 2),
    step_size: tuple[Any, Any] = (Fraction(1, 64), Fraction(1, 8)),
    inputs: int | None = None,
    outputs: int | None = None,
    name: str = "deep_linear",
) -> Family:
    """Deep linear nets with square loss, with a horizon and a step size.

    Parameters
    ----------
    depth, width : (low, high)         closed ranges of integers >= 1
    start : str or shapes              "balanced", "any", "mixed" (half balanced), or shapes
                                       of `SHAPES`
    loss : str                         "whitened", "data", "mixed" (these two square losses),
                                       "logistic", "exponential", "cross_entropy" or "any"
    horizon, step_size : (low, high)   closed ranges of exact numbers > 0, flow time; one step in
                                       sixteen is longer than the horizon
    inputs, outputs : int or None      d_0 and d_n, where they are prescribed

    Raises
    ------
    InvalidInstance                    an empty range, an unknown start or loss
    """
    _check(depth, width, start, loss)
    horizons, sizes = _range(horizon, "horizon"), _range(step_size, "step_size")

    def draw(choices: Choices) -> Instance:
        point = draw_point(choices, depth, width, loss, start=start, inputs=inputs, outputs=outputs)
        time = horizons[0] + (horizons[1] - horizons[0]) * Fraction(choices.integer(0, 4), 4)
        size = draw_size(choices, *sizes)
        if choices.integer(0, 15) == 15:
            size = 2 * time
        return point.replace(step_size=size, horizon=time)

    return Family(name, draw)


def fully_connected(
    depth: tuple[int, int] = (2, 2),
    width: tuple[int, int] = (1, 2),
    *,
    activations: Sequence[str] = ("relu", "leaky_relu"),
    loss: str = "any",
    horizon: tuple[Any, Any] = (Fraction(1, 4), 1),
    step_size: tuple[Any, Any] = (Fraction(1, 64), Fraction(1, 8)),
    name: str = "fully_connected",
) -> Family:
    """Small fully connected nets with a horizon and a step size; some starts have zero weights.

    Parameters
    ----------
    depth, width : (low, high)         closed ranges of integers >= 1
    activations : sequence of str      see `FullyConnected`
    loss : str                         as for `deep_linear`
    horizon, step_size : (low, high)   closed ranges of exact numbers > 0, flow time

    Raises
    ------
    InvalidInstance                    an empty range, an unknown activation or loss
    """
    _check(depth, width, "any", loss)
    for activation in activations:
        if activation not in ACTIVATIONS:
            known = ", ".join(ACTIVATIONS)
            raise InvalidInstance(f"activation={activation!r} is unknown; use {known}")
    horizons, sizes = _range(horizon, "horizon"), _range(step_size, "step_size")

    def draw(choices: Choices) -> Instance:
        network = draw_net(choices, depth, width, activations)
        entries = [draw_entry(choices) for _ in range(network.dimension)]
        # zero weights start on kinks, mostly forks; one draw in eight keeps them
        spare = Fraction(0) if choices.integer(0, 7) == 7 else Fraction(1, 2)
        start = tuple(entry or spare for entry in entries)
        return Instance(
            network=network,
            loss=draw_loss(choices, network, loss),
            start=start,
            step_size=draw_size(choices, *sizes),
            horizon=horizons[0] + (horizons[1] - horizons[0]) * Fraction(choices.integer(0, 4), 4),
        )

    return Family(name, draw)


def points(
    depth: tuple[int, int] = (1, 4),
    width: tuple[int, int] = (1, 3),
    *,
    start: str | Sequence[str] = "mixed",
    loss: str = "mixed",
    inputs: int | None = None,
    outputs: int | None = None,
    name: str = "points",
) -> Family:
    """Nets, losses and points, without dynamics; see `deep_linear`.

    Raises
    ------
    InvalidInstance    an empty range, an unknown start or loss
    """
    _check(depth, width, start, loss)
    return Family(
        name,
        lambda choices: draw_point(
            choices, depth, width, loss, start=start, inputs=inputs, outputs=outputs
        ),
    )


def tracking(
    depth: tuple[int, int] = (1, 3), width: tuple[int, int] = (1, 2), *, name: str = "tracking"
) -> Family:
    """Short flows of small nets with a tube radius, and a step size that is mostly admissible."""

    def change(point: Instance, choices: Choices) -> Instance:
        horizon = Fraction(choices.integer(1, 4), 4)
        return point.replace(
            step_size=horizon / 2 ** choices.integer(4, 8),
            horizon=horizon,
            epsilon=Fraction(1, choices.integer(2, 8)),
        )

    return points(depth, width, start="balanced", loss="whitened").map(change, name)


def gentle_descent(
    depth: tuple[int, int] = (2, 3),
    width: tuple[int, int] = (1, 2),
    *,
    name: str = "gentle_descent",
) -> Family:
    """A few steps of descent, small enough that the loss mostly decreases at every step."""

    def change(point: Instance, choices: Choices) -> Instance:
        size = Fraction(1, 2 ** choices.integer(6, 9))
        return point.replace(step_size=size, steps=choices.integer(1, 8))

    return points(depth, width, loss="whitened").map(change, name)


def _check(depth: Any, width: Any, start: Any, loss: str) -> None:
    for label, pair in {"depth": depth, "width": width}.items():
        low, high = _range(pair, label)
        if low < 1 or low.denominator != 1 or high.denominator != 1:
            raise InvalidInstance(f"{label}={pair} must be a range of integers >= 1")
    shapes_of(start)
    if loss not in LOSSES:
        raise InvalidInstance(f"loss={loss!r} is unknown; use {', '.join(LOSSES)}")


def _range(pair: Any, label: str) -> tuple[Fraction, Fraction]:
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise InvalidInstance(f"{label}={pair!r} must be a range (low, high)")
    low, high = (as_fraction(x, label) for x in pair)
    if not 0 < low <= high:
        raise InvalidInstance(f"{label}={tuple(pair)} must be a range with 0 < low <= high")
    return low, high
