"""Descent against flow on digits: the experiment of Elkabetz & Cohen 2021, and what it lacks.

The paper compares descent at eta_0 with descent at eta_0 / r, r in {2, 5, 10, 20}, as a stand-in
for the flow: the training losses coincide and the weights stay close. Here on 8 x 8 digits with
nets 64-20-20-10 without biases, mean cross-entropy, full batch, the same Xavier-uniform start.

Certified     the small version (`certified.py`): E_k and the true distance, as enclosures
float64       all runs on 64 pixels, their distances, the integrated curvature: estimates

Source        Elkabetz & Cohen 2021, arXiv 2107.06608, experiments and official code; A, section 7
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from theorycheck.errors import InvalidInstance
from theorycheck.experiments.certified import Certified, SmallVersion, certify
from theorycheck.experiments.curvature import curvatures_along, integrated
from theorycheck.experiments.floating_nets import Array, FloatNet, xavier_uniform
from theorycheck.experiments.protocol import Record, Run, descend_recorded, distances
from theorycheck.experiments.store import Store
from theorycheck.problems.digits import Image, digit_images, every, normalised

__all__ = ["RATIOS", "WIDTHS", "NetworkResult", "Settings", "perform"]

RATIOS = (1, 2, 5, 10, 20)
WIDTHS = (64, 20, 20, 10)
CLASSES = 10
MOST_SEED = 2**32
Report = Callable[[str, int, int], None]
"""Told (stage, pieces done, pieces in all)."""


@dataclass(frozen=True)
class Settings:
    """What is run; the defaults take the paper's horizon at ten times its step size.

    Parameters
    ----------
    step_size : Fraction     eta_0 > 0
    iterations : int         of the run at eta_0, a multiple of `records`
    records : int            recording times after the start
    stride : int             every `stride`-th of the 1797 images, full batch
    seed : int               of the weights
    small : SmallVersion     what is certified

    Raises
    ------
    InvalidInstance          a value out of range, named with its option
    """

    step_size: Fraction = Fraction(1, 100)
    iterations: int = 1000
    records: int = 100
    stride: int = 9
    seed: int = 1
    small: SmallVersion = field(default_factory=SmallVersion)

    def __post_init__(self) -> None:
        if self.step_size <= 0:
            raise InvalidInstance(f"--step-size {self.step_size} must be positive")
        if self.records < 1:
            raise InvalidInstance(f"--records {self.records} must be at least 1")
        if self.iterations < 1 or self.iterations % self.records:
            raise InvalidInstance(
                f"--iterations {self.iterations} must be a positive multiple of the "
                f"{self.records} recording times; change it, or --records"
            )
        most = len(digit_images())
        if not 1 <= self.stride <= most:
            raise InvalidInstance(f"--every {self.stride} must be one of 1, ..., {most}")
        if not 0 <= self.seed < MOST_SEED:
            raise InvalidInstance(f"--seed {self.seed} must be in 0, ..., 2^32 - 1")

    @staticmethod
    def as_in_the_paper() -> Settings:
        """eta_0 = 1/1000 and 10,000 iterations, on every third image."""
        return Settings(step_size=Fraction(1, 1000), iterations=10_000, stride=3)

    @property
    def iteration_marks(self) -> tuple[int, ...]:
        """The eta_0 iterations of the records."""
        return tuple(k * self.iterations // self.records for k in range(self.records + 1))

    @property
    def times(self) -> tuple[Fraction, ...]:
        return tuple(k * self.step_size for k in self.iteration_marks)

    def images(self) -> tuple[Image, ...]:
        return every(digit_images(), self.stride)

    def arrays(self) -> tuple[Array, Array]:
        """Normalised inputs 64 x N and one-hot targets 10 x N."""
        images = self.images()
        values = [float(normalised(v)) for v in range(17)]
        inputs = np.array([[values[p] for p in image.pixels] for image in images]).T.copy()
        targets = np.eye(CLASSES)[[image.digit for image in images]].T.copy()
        return inputs, targets

    def identity(self, *, relu: bool) -> dict[str, Any]:
        """All that determines net and start."""
        return {
            "experiment": "elkabetz-cohen", "data": "digits", "stride": self.stride,
            "widths": list(WIDTHS), "relu": relu, "seed": self.seed,
        }  # fmt: skip


@dataclass(frozen=True)
class NetworkResult:
    """The outcome for one network.

    Parameters
    ----------
    relu : bool
    losses : dict                float64 training losses by ratio r, one per record
    from_start : list            float64 distance of the eta_0 run from its start
    apart : dict                 float64 distance of the eta_0 run from the others, by r > 1
    integrals : dict             float64 integrals of curvature bounds and of -lambda_min
    certified : Certified        the small version
    """

    relu: bool
    losses: dict[int, list[float]]
    from_start: list[float]
    apart: dict[int, list[float]]
    integrals: dict[str, list[float]]
    certified: Certified

    @property
    def name(self) -> str:
        return "ReLU" if self.relu else "linear"


def perform(settings: Settings, store: Store, report: Report) -> Iterator[NetworkResult]:
    """Yield the results of the linear and of the ReLU net; resume from the store."""
    inputs, targets = settings.arrays()
    for relu in (False, True):
        yield _network(settings, FloatNet(inputs, targets, relu), store, report)


def _network(settings: Settings, net: FloatNet, store: Store, report: Report) -> NetworkResult:
    relu, identity = net.relu, settings.identity(relu=net.relu)
    name = "ReLU" if relu else "linear"
    start = xavier_uniform(WIDTHS, settings.seed)
    runs = {r: Run(settings.step_size, r, settings.iterations, settings.records) for r in RATIOS}
    records: dict[int, list[Record]] = {}
    for r, run in runs.items():
        stage = f"{name}, step size eta_0/{r}" if r > 1 else f"{name}, step size eta_0"
        records[r] = descend_recorded(net, start, run, store, identity, partial(report, stage))
    main = records[1]
    curvature = curvatures_along(
        net, main, store, {**identity, **runs[1].settings}, partial(report, f"{name}, curvature")
    )
    report(f"{name}, certified small version", 0, 1)
    certified = certify(settings.small, store, relu=relu)
    report(f"{name}, certified small version", 1, 1)
    times = [float(t) for t in settings.times]
    return NetworkResult(
        relu,
        {r: [record.loss for record in found] for r, found in records.items()},
        distances(main, [main[0]] * len(main)),
        {r: distances(main, records[r]) for r in RATIOS[1:]},
        {bound: integrated(values, times) for bound, values in curvature.items()},
        certified,
    )
