"""Small two-layer ReLU nets as instances: what the claims of this folder are searched over."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices

__all__ = ["draw_net", "narrow_nets", "printed_net"]


def printed_net(*, horizon: Any = 1, **fields: Any) -> Instance:
    """The small exact network of theory B12: lambda_min(H(0)) = 9/20, first kink at 0.5107."""
    return Instance(
        inputs=[[1, 0], ["3/5", "4/5"]], labels=[1, -1],
        weights=[[1, 0], ["1/2", 1], [-1, 1], [1, -1]], outer=[1, -1, 1, -1],
        horizon=horizon, **fields,
    )  # fmt: skip


def draw_net(choices: Choices) -> Instance:
    """One or two inputs, up to two neurons; starts are on no kink."""
    n, m = choices.integer(1, 2), choices.integer(1, 2)
    inputs = [[1, 0], ["3/5", "4/5"]][:n]
    weights = [
        [Fraction(2 * choices.integer(-4, 4) + 1, 4), Fraction(choices.integer(-4, 4), 3)]
        for _ in range(m)
    ]
    return Instance(
        inputs=inputs, labels=[Fraction(choices.integer(-4, 4), 2) for _ in range(n)],
        weights=weights, outer=[choices.pick((1, -1)) for _ in range(m)], horizon=1,
    )  # fmt: skip


def narrow_nets(**fields: Any) -> Family:
    """Narrow nets with the same further fields; a function of the choices draws a field."""

    def draw(choices: Choices) -> Instance:
        drawn = {k: v(choices) if callable(v) else v for k, v in fields.items()}
        return draw_net(choices).replace(**drawn)

    return Family("narrow two-layer nets", draw)
