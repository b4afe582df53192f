"""A float64 run ahead of the enclosure: which norm to measure in, how many bits to buy.

It is guidance only. A pilot that is wrong costs time, never validity: the norm it proposes is sound
whatever it is, and the bits it asks for are only a first guess.
"""

from __future__ import annotations

import itertools
import math
import time as clock
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from theorycheck.exact import nearest_float
from theorycheck.trajectories.norms import EUCLIDEAN, KINDS, Kind, Norm
from theorycheck.trajectories.tape import Tape
from theorycheck.trajectories.tape_floats import FloatFunctions
from theorycheck.trajectories.tape_series import tape_jacobian, tape_values

__all__ = ["Plan", "fly", "plan"]

Array = np.ndarray[Any, np.dtype[np.float64]]
TOLERANCE = 1e-9
MAX_STEPS = 20_000
MAX_ENTRIES = 2_000_000
HOPELESS = 5000.0
LOWEST = 200


@dataclass(frozen=True)
class Plan:
    """What the pilot proposes.

    Parameters
    ----------
    norms : tuple of (Fraction, Norm)    what to measure in from which time since the start on
    integral : float      estimate of int m+ over the horizon, changes of norm included
    excess_bits : float   log2 of the largest |x| / max(1, |x|_2) along the way
    complete : bool       whether the pilot reached the horizon
    """

    norms: tuple[tuple[Fraction, Norm], ...] = ((Fraction(0), EUCLIDEAN),)
    integral: float = 0.0
    excess_bits: float = 0.0
    complete: bool = False

    @property
    def bits(self) -> int:
        """ceil(1.45 int m+) + 30, and what the norm costs against the Euclidean one."""
        return math.ceil(1.45 * self.integral + self.excess_bits) + 30

    @property
    def hopeless(self) -> bool:
        return self.complete and self.integral > HOPELESS


def fly(
    tape: Tape, start: Sequence[Fraction], time: Fraction, horizon: Fraction, seconds: float = 5.0
) -> tuple[Array, Array, bool]:
    """Estimate the solution in float64 with a stiff solver.

    Returns
    -------
    array (T,)      times from `time` on
    array (T, N)    states
    bool            whether the horizon was reached
    """
    from scipy.integrate import LSODA

    functions = FloatFunctions

    def field(t: float, x: Array) -> list[float]:
        values = tape_values(tape, functions, list(x), t)
        return [values[place] for place in tape.outputs]

    def jacobian(t: float, x: Array) -> list[list[float]]:
        return tape_jacobian(tape, functions, list(x), t)[1]

    first = np.array([nearest_float(q) for q in start])
    begin, end = nearest_float(time), nearest_float(time + horizon)
    times, states = [begin], [first]
    until = clock.monotonic() + seconds
    try:
        solver = LSODA(
            field, begin, first, end, rtol=TOLERANCE, atol=1e-12, jac=jacobian, max_step=np.inf
        )
        for _ in range(MAX_STEPS):
            solver.step()
            if solver.status == "failed" or not np.isfinite(solver.y).all():
                break
            times.append(float(solver.t))
            states.append(solver.y.copy())
            if solver.status == "finished":
                return np.array(times), np.array(states), True
            if clock.monotonic() > until:
                break
    except (ValueError, OverflowError, ZeroDivisionError, FloatingPointError):
        pass  # the pilot crashed; what it saw before is still worth something
    return np.array(times), np.array(states), False


def plan(
    tape: Tape, start: Sequence[Fraction], time: Fraction, horizon: Fraction, seconds: float = 5.0
) -> Plan:
    """Propose a norm and a number of bits; see ENGINE: balance mean |J|, integrate m+."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            times, states, complete = fly(tape, start, time, horizon, seconds)
            return _judged(tape, times, states, complete=complete)
        except (OverflowError, np.linalg.LinAlgError, ValueError):
            return Plan()


def _judged(tape: Tape, times: Array, states: Array, *, complete: bool) -> Plan:
    size = tape.size
    count = len(times)
    most = max(16, min(1000, MAX_ENTRIES // size**2))
    if count > most:
        # The begin in full: a flight that grinds against a singularity spends its steps there.
        chosen = np.unique(np.r_[0 : most // 2, np.linspace(0, count - 1, most // 2).astype(int)])
        times, states = times[chosen], states[chosen]
    rows = tape_jacobian(tape, FloatFunctions, list(states.T), times)[1]
    jacobians = np.empty((len(times), size, size))
    for i, row in enumerate(rows):
        for j, entry in enumerate(row):
            jacobians[:, i, j] = entry
    good = np.isfinite(jacobians).all(axis=(1, 2))
    if not good.all():
        last = int(np.argmin(good))
        times, states, jacobians = times[:last], states[:last], jacobians[:last]
        complete = False
    if len(times) < 2:
        return Plan()
    best: Plan | None = None
    for kind in KINDS:
        found = _scheduled(times, states, jacobians, kind, complete=complete)
        if best is None or found.bits < best.bits:
            best = found
        if best.integral <= HOPELESS:
            break
    assert best is not None
    return best


def _scheduled(
    times: Array, states: Array, jacobians: Array, kind: Kind, *, complete: bool
) -> Plan:
    """Choose a norm for each segment of the flight, by dynamic programming.

    A segment costs int m+, a change of norm the logarithm of max d_old / d_new.
    """
    size, count = states.shape[1], len(times)
    parts = max(1, min(32 if size <= 8 else 8 if size <= 30 else 1, count // 12))
    early = np.linspace(0, count // 2, parts // 2 + 1)
    cuts = np.unique(np.r_[early, np.linspace(0, count - 1, parts // 2 + 2)].astype(int))
    parts = len(cuts) - 1
    absolute = np.abs(jacobians)
    shapes = [(0,) * size, _balanced(_mean(absolute, times))]
    for a, b in itertools.pairwise(cuts):
        shapes.append(_balanced(_mean(absolute[a : b + 1], times[a : b + 1])))
    shapes = list(dict.fromkeys(shapes))
    costs = np.empty((len(shapes), parts))
    for row, shape in enumerate(shapes):
        rate = np.maximum(_logarithmic(jacobians, shape, kind), 0)
        for k, (a, b) in enumerate(itertools.pairwise(cuts)):
            costs[row, k] = _trapezoid(rate[a : b + 1], times[a : b + 1])
    exponents = np.array(shapes)
    exchange = (exponents[:, None, :] - exponents[None, :, :]).max(axis=2) * math.log(2)
    exchange = np.maximum(exchange, 0.0)
    np.fill_diagonal(exchange, 0.0)
    total, origins = costs[:, 0], []
    for k in range(1, parts):
        # A change is avoided where it gains nothing.
        through = total[:, None] + exchange + 0.5 * (1 - np.eye(len(shapes)))
        origins.append(through.argmin(axis=0))
        total = through.min(axis=0) + costs[:, k]
    chosen = [int(np.argmin(total))]
    for origin in reversed(origins):
        chosen.append(int(origin[chosen[-1]]))
    chosen.reverse()
    norms: list[tuple[Fraction, Norm]] = []
    excess = 0.0
    for k, row in enumerate(chosen):
        norm = Norm.of_shape(shapes[row], kind)
        if not norms or norms[-1][1] != norm:
            norms.append((Fraction(float(times[cuts[k]] - times[0])), norm))
        excess = max(excess, _excess(states[cuts[k] : cuts[k + 1] + 1], norm))
    return Plan(tuple(norms), float(total.min()), excess, complete)


def _trapezoid(values: Array, times: Array) -> Any:
    steps = np.diff(times).reshape(-1, *[1] * (values.ndim - 1))
    return ((values[1:] + values[:-1]) / 2 * steps).sum(axis=0)


def _mean(values: Array, times: Array) -> Array:
    mean: Array = _trapezoid(values, times) / (times[-1] - times[0])
    return mean


def _balanced(mean: Array) -> tuple[int, ...]:
    """Return e with D = diag(2^e) from balancing the mean of |J|."""
    from scipy.linalg import matrix_balance

    if len(mean) == 1 or not np.isfinite(mean).all():
        return (0,) * len(mean)
    scale = matrix_balance(mean, permute=False, separate=True)[1][0]
    exponents = [round(math.log2(d)) for d in scale]
    top = max(exponents)
    return tuple(max(e - top, -LOWEST) for e in exponents)


def _logarithmic(jacobians: Array, exponents: Sequence[int], kind: Kind) -> Array:
    scale = np.exp2(np.array(exponents, dtype=float))
    scaled = jacobians * scale[None, None, :] / scale[None, :, None]
    if kind == "euclidean":
        symmetric = (scaled + np.swapaxes(scaled, 1, 2)) / 2
        largest: Array = np.linalg.eigvalsh(symmetric)[:, -1]
        return largest
    diagonal = np.einsum("tii->ti", scaled)
    sizes = np.abs(scaled).sum(axis=1 if kind == "sum" else 2)
    result: Array = (sizes - np.abs(diagonal) + diagonal).max(axis=1)
    return result


def _excess(states: Array, norm: Norm) -> float:
    euclidean = np.maximum(np.sqrt((states**2).sum(axis=1)), 1.0)
    scale = np.exp2(np.array(norm.exponents or [0] * states.shape[1], dtype=float))
    scaled = states / scale
    # The sum is at least the largest entry and the Euclidean norm: an estimate for every kind.
    sizes = np.abs(scaled).sum(axis=1)
    ratio = float((np.maximum(sizes, 1e-300) / euclidean).max())
    return max(math.log2(ratio), 0.0)
