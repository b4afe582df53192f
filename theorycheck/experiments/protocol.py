"""Plain gradient descent from one start at several step sizes, recorded at matched times.

A run at eta_0 / r takes r times the iterations; its record k is made at iteration k r I / R of
r I, with I iterations at eta_0 and R recording times. The quirks of the paper's code are kept:

    record 0             before the first step: loss f(theta_0) and weights theta_0
    record k at i >= 1   the loss f(theta_{i-1}) taken before step i, the weights theta_i after it

float64 throughout: these runs are estimates, no evidence.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from typing import Any

import numpy as np

from theorycheck.errors import InvalidInstance
from theorycheck.experiments.floating_nets import FloatNet, Layers, distance
from theorycheck.experiments.store import Store, digest

__all__ = ["Record", "Run", "descend_recorded", "distances"]

STAGE_VERSION = 1


@dataclass(frozen=True)
class Record:
    """One recording time: the iteration, the loss before its step, the weights after it."""

    iteration: int
    loss: float
    layers: Layers

    def to_bytes(self) -> bytes:
        file = BytesIO()
        np.savez(file, np.array([self.iteration]), np.array([self.loss]), *self.layers)
        return file.getvalue()

    @staticmethod
    def from_bytes(piece: bytes) -> Record:
        with np.load(BytesIO(piece), allow_pickle=False) as arrays:
            iteration, loss, *layers = (arrays[name] for name in arrays.files)
        return Record(int(iteration[0]), float(loss[0]), layers)


@dataclass(frozen=True)
class Run:
    """What is run, and how it is recorded.

    Parameters
    ----------
    step_size : Fraction    eta_0; the run steps by eta_0 / ratio
    ratio : int             r >= 1
    iterations : int        I, those of the run at eta_0
    records : int           R, a divisor of I; there are R + 1 records, the start being record 0
    """

    step_size: Fraction
    ratio: int
    iterations: int
    records: int

    @property
    def stride(self) -> int:
        """Iterations of this run between two records."""
        return self.iterations * self.ratio // self.records

    @property
    def settings(self) -> dict[str, Any]:
        return {
            "step_size": str(self.step_size), "ratio": self.ratio,
            "iterations": self.iterations, "records": self.records,
        }  # fmt: skip


def descend_recorded(
    net: FloatNet,
    start: Layers,
    run: Run,
    store: Store,
    identity: dict[str, Any],
    progress: Callable[[int, int], None],
) -> list[Record]:
    """Return the R + 1 records of a run, going on from those that the store holds.

    A record holds all the state there is, so a resumed run is the same run.

    Parameters
    ----------
    identity : dict            what determines net and start, as plain JSON
    progress : function        told (records made, R + 1)

    Raises
    ------
    InvalidInstance            the loss is no longer finite: the step size is too large
    """
    stage = digest({"stage": "run", "version": STAGE_VERSION, **identity, **run.settings})
    records = [Record.from_bytes(piece) for piece in store.pieces(stage)[: run.records + 1]]
    if not records:
        records.append(Record(0, net.loss(start), [layer.copy() for layer in start]))
        store.put(stage, 0, records[0].to_bytes())
    progress(len(records), run.records + 1)
    eta = float(run.step_size / run.ratio)
    layers = [layer.copy() for layer in records[-1].layers]
    for number in range(len(records), run.records + 1):
        loss = _advance(net, layers, eta, run.stride)
        if not math.isfinite(loss) or not all(np.isfinite(layer).all() for layer in layers):
            raise InvalidInstance(
                f"step size {run.step_size}/{run.ratio} diverges before iteration "
                f"{number * run.stride}; take a smaller --step-size"
            )
        record = Record(number * run.stride, loss, [layer.copy() for layer in layers])
        store.put(stage, number, record.to_bytes())
        records.append(record)
        progress(len(records), run.records + 1)
    return records


def _advance(net: FloatNet, layers: Layers, eta: float, steps: int) -> float:
    """Take steps in place; return the loss before the last one."""
    loss = math.nan
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            loss, gradient = net.loss_and_gradient(layers)
            for layer, slope in zip(layers, gradient, strict=True):
                layer -= eta * slope
    return loss


def distances(first: list[Record], second: list[Record]) -> list[float]:
    """Distances of the weights of two runs at matched records."""
    return [distance(a.layers, b.layers) for a, b in zip(first, second, strict=True)]
