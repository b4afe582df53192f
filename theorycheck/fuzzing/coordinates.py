"""The continuous entries of an instance as a vector of floats, and back to small rationals."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from theorycheck.errors import InvalidInstance
from theorycheck.exact import nearest_float
from theorycheck.losses import SquareLoss
from theorycheck.problems import Instance

__all__ = ["Coordinates", "climb"]

DENOMINATORS = (1, 2, 4, 8, 16, 64, 1024)
MOST_TIMES = math.log(2)
"""Positive numbers (step size, horizon, ...) move by this factor at most: work grows with it."""
MOST_FOR_SIMPLEX = 8
"""Above this dimension line searches (Powell) do better than a simplex (Nelder-Mead)."""
NEGLIGIBLE = 1e-9
"""A gain below this is not worth larger denominators."""


@dataclass(frozen=True)
class Coordinates:
    """Coordinates of an instance: logarithms of its positive numbers, its other entries as such.

    Networks, inputs of the data and counts such as `steps` stay as they are.

    Parameters
    ----------
    base : Instance
    """

    base: Instance

    @property
    def scales(self) -> list[str]:
        """Names of the fields that are one positive number."""
        fields = self.base.fields
        return [k for k, v in fields.items() if isinstance(v, Fraction) and v > 0]

    @property
    def lists(self) -> list[str]:
        """Names of the fields that are flat tuples of numbers, such as the start."""
        return [
            k for k, v in self.base.fields.items()
            if isinstance(v, tuple) and v and all(isinstance(x, Fraction) for x in v)
        ]  # fmt: skip

    @property
    def origin(self) -> list[float]:
        found = [0.0] * len(self.scales)
        for name in self.lists:
            found += [nearest_float(x) for x in self.base.fields[name]]
        for row in self._targets:
            found += [nearest_float(x) for x in row]
        return found

    @property
    def _targets(self) -> Sequence[Sequence[Fraction]]:
        loss = self.base.fields.get("loss")
        return loss.targets if isinstance(loss, SquareLoss) else ()

    def at(self, vector: Sequence[float], denominator: int | None = None) -> Instance:
        """The instance at a vector: exact dyadics, or rationals with small denominators.

        Raises
        ------
        InvalidInstance    the entries do not make an instance
        """
        values = iter(float(x) for x in vector)

        def near(x: float) -> Fraction:
            if not math.isfinite(x):
                raise InvalidInstance(f"an entry must be finite, got {x}")
            exact = Fraction(x)
            return exact if denominator is None else exact.limit_denominator(denominator)

        changes: dict[str, Any] = {}
        for name in self.scales:
            moved = max(-MOST_TIMES, min(MOST_TIMES, next(values)))
            base = self.base.fields[name]
            # a small number keeps as many digits as a number near 1
            changes[name] = base if moved == 0 else base * near(math.exp(moved))
        for name in self.lists:
            changes[name] = tuple(near(next(values)) for _ in self.base.fields[name])
        targets = [[near(next(values)) for _ in row] for row in self._targets]
        if targets:
            loss = self.base.loss
            changes["loss"] = SquareLoss(loss.inputs, targets, mean=loss.mean)
        return self.base.replace(**changes)


def climb(
    value: Callable[[Instance], float], start: Instance, evaluations: int
) -> tuple[Instance, float]:
    """Maximise a function of instances by local search from one of them; floats only guide.

    Returns
    -------
    (Instance, float)    the best instance seen, of small denominators where that costs nothing
    """
    from scipy.optimize import minimize

    coordinates = Coordinates(start)
    origin = coordinates.origin
    candidates = [(start, value(start))]
    if not origin or evaluations < 2:
        return candidates[0]

    def objective(vector: Sequence[float]) -> float:
        try:
            return -value(coordinates.at(vector))
        except InvalidInstance:
            return 1.0

    method = "Nelder-Mead" if len(origin) <= MOST_FOR_SIMPLEX else "Powell"
    found = minimize(objective, origin, method=method, options={"maxfev": evaluations})
    for denominator in (*DENOMINATORS, None):
        try:
            candidate = coordinates.at(found.x, denominator)
        except InvalidInstance:
            continue
        candidates.append((candidate, value(candidate)))
    top = max(reached for _, reached in candidates)
    return next(pair for pair in candidates if pair[1] >= top - NEGLIGIBLE)
