"""Families of instances: what a claim is fuzzed over. All values are exact rationals.

Special cases are drawn with real probability: zero layers, rank-deficient products, repeated
singular values, identity-like nets, width 1, critical points.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from theorycheck.errors import InvalidInstance
from theorycheck.losses import SquareLoss
from theorycheck.networks import DeepLinear
from theorycheck.problems.choices import Choices, RandomChoices
from theorycheck.problems.instance import Instance

__all__ = ["Family", "deep_linear", "draw_network", "draw_start", "draw_loss"]

SHAPES = ("entries", "balanced", "repeated", "deficient", "zero layer", "identity", "critical")


@dataclass(frozen=True)
class Family:
    """A set of instances with a way to draw from it.

    Parameters
    ----------
    name : str
    draw : function of a source of choices, returning an Instance
    """

    name: str
    draw: Callable[[Choices], Instance]

    def instances(self, *, seed: int = 0, count: int = 10) -> list[Instance]:
        """Draw `count` instances, the same ones for the same seed."""
        if count < 0:
            raise InvalidInstance(f"count={count} must not be negative")
        return [self.draw(RandomChoices(f"{self.name}/{seed}/{i}")) for i in range(count)]


def draw_network(
    choices: Choices, depth: tuple[int, int], width: tuple[int, int], *, outputs: int | None = None
) -> DeepLinear:
    """Draw depth and widths in the given closed ranges."""
    layers = choices.integer(*depth)
    widths = [choices.integer(*width) for _ in range(layers + 1)]
    if outputs is not None:
        widths[-1] = outputs
    return DeepLinear(tuple(widths))


def draw_entry(choices: Choices) -> Fraction:
    """A small rational: halves and thirds in [-2, 2]."""
    return choices.fraction(-2, 2, 3)


def draw_start(
    choices: Choices, network: DeepLinear, shapes: tuple[str, ...] = SHAPES
) -> tuple[Fraction, ...]:
    """Draw the parameters, of one of the special shapes."""
    shape = choices.pick(shapes)
    rank = min(network.widths)
    if shape in ("balanced", "repeated", "deficient"):
        diagonal = [choices.fraction(0, 1, 4) + Fraction(1, 4) for _ in range(rank)]
        if shape == "repeated":
            diagonal = [diagonal[0]] * rank
        if shape == "deficient":
            diagonal[-1] = Fraction(0)
        return network.balanced_start(seed=choices.integer(0, 99), diagonal=diagonal)
    if shape == "identity":
        return network.identity_start(scale=choices.fraction(0, 1, 4) + Fraction(1, 4))
    entries = [draw_entry(choices) for _ in range(network.dimension)]
    if shape in ("zero layer", "critical"):
        layers = list(network.layers(entries))
        chosen = (
            range(network.depth) if shape == "critical" else [choices.integer(0, network.depth - 1)]
        )
        for j in chosen:
            layers[j] = tuple((Fraction(0),) * len(row) for row in layers[j])
        return network.parameters(layers)
    return tuple(entries)


def draw_loss(choices: Choices, network: DeepLinear, kind: str = "mixed") -> SquareLoss:
    """Draw a square loss: whitened, or with a few small samples."""
    inputs, outputs = network.widths[0], network.widths[-1]
    if kind == "mixed":
        kind = choices.pick(("whitened", "data"))
    if kind == "whitened":
        return SquareLoss.whitened(
            [[draw_entry(choices) for _ in range(inputs)] for _ in range(outputs)]
        )
    samples = choices.integer(1, 3)
    x = [[draw_entry(choices) for _ in range(samples)] for _ in range(inputs)]
    y = [[draw_entry(choices) for _ in range(samples)] for _ in range(outputs)]
    return SquareLoss(x, y, mean=choices.pick((False, True)))


def deep_linear(
    depth: tuple[int, int] = (1, 3),
    width: tuple[int, int] = (1, 3),
    *,
    start: str | tuple[str, ...] = SHAPES,
    loss: str = "mixed",
    horizon: tuple[int, int] = (1, 2),
    name: str = "deep_linear",
) -> Family:
    """Deep linear nets with square loss.

    Parameters
    ----------
    depth, width : (low, high)     closed ranges
    start : shape or shapes        see `SHAPES`; "balanced" draws balanced starts only
    loss : "whitened", "data" or "mixed"
    horizon : (low, high)          flow time, drawn in halves

    Raises
    ------
    InvalidInstance                an empty range or an unknown shape
    """
    for label, (low, high) in {"depth": depth, "width": width, "horizon": horizon}.items():
        if not 1 <= low <= high:
            raise InvalidInstance(f"{label}={(low, high)} must be a range with 1 <= low <= high")
    shapes = (start,) if isinstance(start, str) else tuple(start)
    unknown = [s for s in shapes if s not in SHAPES]
    if unknown:
        raise InvalidInstance(f"start={unknown[0]!r} is unknown; use {', '.join(SHAPES)}")

    def draw(choices: Choices) -> Instance:
        network = draw_network(choices, depth, width)
        return Instance(
            network=network,
            loss=draw_loss(choices, network, loss),
            start=draw_start(choices, network, shapes),
            step_size=Fraction(1, choices.integer(8, 64)),
            horizon=Fraction(choices.integer(2 * horizon[0], 2 * horizon[1]), 2),
        )

    return Family(name, draw)


def tracking(name: str = "tracking") -> Family:
    """Short flows of small nets with a tube radius, and a step size that is mostly admissible."""

    def draw(choices: Choices) -> Instance:
        network = draw_network(choices, (1, 3), (1, 2))
        start = draw_start(choices, network, ("balanced", "repeated", "deficient", "identity"))
        horizon = Fraction(choices.integer(1, 4), 4)
        return Instance(
            network=network,
            loss=draw_loss(choices, network, "whitened"),
            start=start,
            step_size=horizon / 2 ** choices.integer(4, 8),
            horizon=horizon,
            epsilon=Fraction(1, choices.integer(2, 8)),
        )

    return Family(name, draw)


def draw_point(
    choices: Choices, depth: tuple[int, int], width: tuple[int, int], loss: str = "mixed"
) -> Instance:
    """Draw a net, a loss and a point, without dynamics."""
    network = draw_network(choices, depth, width)
    return Instance(
        network=network, loss=draw_loss(choices, network, loss), start=draw_start(choices, network)
    )


def points(
    depth: tuple[int, int] = (1, 4), width: tuple[int, int] = (1, 3), name: str = "points"
) -> Family:
    """Nets, losses and points of all special shapes, without dynamics."""
    return Family(name, lambda choices: draw_point(choices, depth, width))


def gentle_descent(name: str = "gentle_descent") -> Family:
    """A few steps of descent, small enough that the loss mostly decreases at every step."""

    def draw(choices: Choices) -> Instance:
        point = draw_point(choices, (2, 3), (1, 2), "whitened")
        return point.replace(
            step_size=Fraction(1, 2 ** choices.integer(6, 9)), steps=choices.integer(1, 8)
        )

    return Family(name, draw)
