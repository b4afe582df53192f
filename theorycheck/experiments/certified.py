"""The small certified version: the a-posteriori certificate against the true distance.

Digits 0 and 1, each image reduced to four pooled features by an exact linear map, a net
4-3-3-2, exact rational weights. At every step k, with certified upper and lower bounds,

    | theta_k - theta(k eta) |  <=  E_k      (theory A2.d)

both sides enclosed: descent and flow by their enclosures, E_k from the iterates alone. Beside it
stands what an experiment would measure, in float64: the distance to the run at eta / 20.

The default seed was chosen among sixty because its ReLU net stays in one activation region: at
others a neuron crosses a kink and the certificate ends there, as the theorem does; it is said so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from theorycheck.balls import frobenius, lower, precision, upper
from theorycheck.errors import EnclosureFailed, InvalidInstance
from theorycheck.experiments.floating_nets import FloatNet, distance, xavier_uniform
from theorycheck.experiments.store import Store, digest
from theorycheck.losses import CrossEntropyLoss
from theorycheck.networks import FullyConnected
from theorycheck.problems import Objective
from theorycheck.problems.digits import digit_images, pooled
from theorycheck.trajectories import Effort, descend, flow
from theorycheck.trajectories.certificate import step_certificates
from theorycheck.trajectories.descent import Descent
from theorycheck.trajectories.flow import Flow
from theorycheck.trajectories.kinked import KinkedFlow
from theorycheck.verdicts import HOLDS, UNDECIDED, VIOLATED, Verdict

__all__ = ["REGIONS", "Certified", "SmallVersion", "certify"]

STAGE_VERSION = 1
WEIGHT_GRID = 2**10
FINER = 20
_BLOCKS = {(top, left): [8 * (2 * top + r) + 2 * left + c for r in (0, 1) for c in (0, 1)]
           for top in range(4) for left in range(4)}  # fmt: skip
REGIONS = {
    "centre": [p for t in (1, 2) for l in (1, 2) for p in _BLOCKS[t, l]],
    "top": [p for l in range(4) for p in _BLOCKS[0, l]],
    "bottom": [p for l in range(4) for p in _BLOCKS[3, l]],
    "sides": [p for t in (1, 2) for l in (0, 3) for p in _BLOCKS[t, l]],
}
"""Four regions of 16 pixels that cover the image; a feature is the mean over one."""


@dataclass(frozen=True)
class SmallVersion:
    """What is certified.

    Parameters
    ----------
    step_size : Fraction       eta > 0
    steps : int                at least 1
    seed : int                 of the start: Xavier-uniform, rounded to multiples of 2^-10
    hidden : tuple of int      widths between the 4 features and the 2 classes
    per_class : int            the first so many images of each class
    max_seconds : float        budget of one enclosure
    """

    step_size: Fraction = Fraction(1, 100)
    steps: int = 200
    seed: int = 48
    hidden: tuple[int, ...] = (3, 3)
    per_class: int = 5
    classes: tuple[int, ...] = (0, 1)
    max_seconds: float = 300.0

    def __post_init__(self) -> None:
        if self.step_size <= 0:
            raise InvalidInstance(f"--certified-step-size {self.step_size} must be positive")
        if self.steps < 1:
            raise InvalidInstance(f"--certified-steps {self.steps} must be at least 1")

    @property
    def widths(self) -> tuple[int, ...]:
        return (len(REGIONS), *self.hidden, len(self.classes))

    @property
    def settings(self) -> dict[str, Any]:
        """All that determines the outcome; the budget decides only how far it goes."""
        return {
            "step_size": str(self.step_size), "steps": self.steps, "seed": self.seed,
            "hidden": list(self.hidden), "per_class": self.per_class,
            "classes": list(self.classes), "max_seconds": self.max_seconds,
        }  # fmt: skip

    def data(self) -> tuple[list[list[Fraction]], list[int]]:
        """Inputs 4 x N, one column per sample, and labels counted from 0."""
        chosen = [
            (label, image)
            for label, digit in enumerate(self.classes)
            for image in [i for i in digit_images() if i.digit == digit][: self.per_class]
        ]
        columns = [pooled(image, list(REGIONS.values())) for _, image in chosen]
        return [list(row) for row in zip(*columns, strict=True)], [label for label, _ in chosen]

    def start(self) -> tuple[Fraction, ...]:
        layers = xavier_uniform(self.widths, self.seed)
        return tuple(
            Fraction(round(float(x) * WEIGHT_GRID), WEIGHT_GRID) for w in layers for x in w.ravel()
        )

    def objective(self, *, relu: bool) -> Objective:
        inputs, labels = self.data()
        loss = CrossEntropyLoss(inputs, labels, classes=len(self.classes), mean=True)
        return FullyConnected(self.widths, "relu" if relu else "linear").objective(loss)


@dataclass(frozen=True)
class Certified:
    """Certified exact bounds by step, and a float64 estimate.

    Parameters
    ----------
    certificate : tuple of Fraction          E_0, E_1, ..., as far as certified
    distances : tuple of (lower, upper)      enclose |theta_k - theta(k eta)|, as far as certified
    integrated : tuple of Fraction           bounds from above of int_0^{k eta} m
    measured : tuple of float                float64 distance to the run at eta / 20
    ended : str                              why it ended early, empty otherwise
    """

    certificate: tuple[Fraction, ...]
    distances: tuple[tuple[Fraction, Fraction], ...]
    integrated: tuple[Fraction, ...]
    measured: tuple[float, ...]
    ended: str = ""

    @property
    def steps(self) -> int:
        """The last step at which both sides are certified."""
        return min(len(self.certificate), len(self.distances)) - 1

    @property
    def verdict(self) -> Verdict:
        """Whether the distance is at most E_k at every step up to `steps`; step 0 says nothing."""
        sides = list(zip(self.distances, self.certificate, strict=False))
        if any(least > bound for (least, _), bound in sides):
            return VIOLATED
        sure = self.steps > 0 and all(most <= bound for (_, most), bound in sides)
        return HOLDS if sure else UNDECIDED

    def to_bytes(self) -> bytes:
        return json.dumps({
            "certificate": [str(x) for x in self.certificate],
            "distances": [[str(a), str(b)] for a, b in self.distances],
            "integrated": [str(x) for x in self.integrated],
            "measured": [x.hex() for x in self.measured],
            "ended": self.ended,
        }).encode()  # fmt: skip

    @staticmethod
    def from_bytes(piece: bytes) -> Certified:
        data = json.loads(piece)
        return Certified(
            tuple(Fraction(x) for x in data["certificate"]),
            tuple((Fraction(a), Fraction(b)) for a, b in data["distances"]),
            tuple(Fraction(x) for x in data["integrated"]),
            tuple(float.fromhex(x) for x in data["measured"]),
            data["ended"],
        )


def certify(small: SmallVersion, store: Store, *, relu: bool) -> Certified:
    """Enclose both sides of the certificate at every step, or take them from the store."""
    stage = digest({"stage": "certified", "version": STAGE_VERSION, "relu": relu, **small.settings})
    for piece in store.pieces(stage):
        return Certified.from_bytes(piece)
    effort = Effort(max_seconds=small.max_seconds)
    problem = small.objective(relu=relu)
    reasons: list[str] = []
    descent = _descent(problem, small, effort, reasons)
    certificate, integrated = _certificate(problem, descent, reasons)
    followed = _flow(problem, small, effort, reasons)
    found = Certified(
        certificate, _distances(descent, followed), integrated, _measured(small, relu=relu),
        "; ".join(reasons),
    )  # fmt: skip
    store.put(stage, 0, found.to_bytes())
    return found


def _descent(
    problem: Objective, small: SmallVersion, effort: Effort, reasons: list[str]
) -> Descent:
    """Enclose all iterates, or as many as can be certified."""
    start, eta, steps = small.start(), small.step_size, small.steps
    told = False
    while steps:
        try:
            return descend(problem, start, eta, steps, effort=effort)
        except EnclosureFailed as failure:  # a second time, too, where the machine is busier
            reasons.extend([] if told else [f"descent: {failure}"])
            steps, told = min(int(failure.reached / eta), steps // 2 if told else steps - 1), True
    return descend(problem, start, eta, 0, effort=effort)


def _certificate(
    problem: Objective, descent: Descent, reasons: list[str]
) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    """E_k and the integral of m for all steps that can be certified."""
    try:
        steps = step_certificates(problem, descent)
    except EnclosureFailed as failure:
        reasons.append(f"certificate: {failure}")
        sure = int(failure.reached / descent.step_size)
        steps = step_certificates(problem, descent.extended(sure)) if sure else []
    integrals = [Fraction(0)]
    for step in steps:
        integrals.append(integrals[-1] + upper(step.curvature) * descent.step_size)
    return (Fraction(0), *(upper(step.bound) for step in steps)), tuple(integrals)


def _flow(
    problem: Objective, small: SmallVersion, effort: Effort, reasons: list[str]
) -> Flow | KinkedFlow | None:
    """Enclose the flow for the horizon, or for as many whole steps as can be certified."""
    start, eta, steps = small.start(), small.step_size, small.steps
    told = False
    while steps:
        try:
            return flow(problem, start, eta * steps, effort=effort)
        except EnclosureFailed as failure:
            reasons.extend([] if told else [f"flow: {failure}"])
            steps, told = min(int(failure.reached / eta), steps // 2 if told else steps - 1), True
    return None


def _distances(
    descent: Descent, followed: Flow | KinkedFlow | None
) -> tuple[tuple[Fraction, Fraction], ...]:
    if followed is None:
        return ((Fraction(0), Fraction(0)),)
    count = min(int(followed.horizon / descent.step_size), descent.steps)
    found = []
    with precision(max(descent.bits, followed.bits) + 64):
        for k in range(count + 1):
            gap = frobenius(descent.state(k) - followed.state(k * descent.step_size))
            found.append((max(lower(gap), Fraction(0)), upper(gap)))
    return tuple(found)


def _measured(small: SmallVersion, *, relu: bool) -> tuple[float, ...]:
    inputs, labels = small.data()
    net = FloatNet(
        np.array([[float(x) for x in row] for row in inputs]),
        np.eye(len(small.classes))[labels].T.copy(),
        relu,
    )
    layers = FullyConnected(small.widths).layers([float(x) for x in small.start()])
    coarse = [np.array(layer) for layer in layers]
    fine = [layer.copy() for layer in coarse]
    found, eta = [0.0], float(small.step_size)
    with np.errstate(over="ignore", invalid="ignore"):  # a run that diverges is drawn as far
        for _ in range(small.steps):
            _step(net, coarse, eta)
            for _ in range(FINER):
                _step(net, fine, eta / FINER)
            found.append(distance(coarse, fine))
    return tuple(found)


def _step(net: FloatNet, layers: list[Any], eta: float) -> None:
    for layer, slope in zip(layers, net.loss_and_gradient(layers)[1], strict=True):
        layer -= eta * slope
