r"""Flow of a linear predictor with exponential loss in the log of its time (recipe R4 of theory C).

    w' = sum_i e^{-<w, z_i>} z_i,   z_i = y_i x_i,   sigma = log(t + 1),   v = w - sigma w^
    v_sigma = sum_i e^{-<v, z_i> - (m_i - 1) sigma} z_i - w^,          m_i = <z_i, w^>

with w^ the hard-margin direction, sum_SV a_i z_i of margin 1 on its support. Rates stay bounded and
v(0) = w(0): t = 10^1000 is sigma = 2303. Guaranteed: the enclosures, whatever w^ is; that v
converges is what a support of the hard margin is for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy

from theorycheck.balls import Ball, precision
from theorycheck.errors import InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.problems import VectorField
from theorycheck.trajectories.effort import Effort
from theorycheck.trajectories.flow import Flow, flow

__all__ = ["LogTimeFlow", "log_time_flow"]

Vector = tuple[Fraction, ...]


@dataclass(frozen=True)
class LogTimeFlow:
    """The weights of a linear predictor at sigma = log(t + 1).

    Parameters
    ----------
    enclosure : Flow        of v
    direction : d numbers   w^
    """

    enclosure: Flow
    direction: Vector

    def remainder(self, sigma: object) -> tuple[Ball, ...]:
        """Enclose v = w - sigma w^."""
        return self.enclosure.at(as_fraction(sigma, "sigma"))

    def weights(self, sigma: object) -> tuple[Ball, ...]:
        """Enclose w."""
        place = as_fraction(sigma, "sigma")
        pairs = zip(self.remainder(place), self.direction, strict=True)
        with precision(self.enclosure.bits):
            return tuple(v + place * w for v, w in pairs)


def log_time_flow(
    inputs: Sequence[Sequence[object]],
    labels: Sequence[int],
    start: Sequence[object],
    horizon: object,
    *,
    support: Sequence[int],
    bits: int | None = None,
    effort: Effort | None = None,
) -> LogTimeFlow:
    """Enclose gradient flow of sum_i e^{-y_i <w, x_i>} up to sigma = log(t + 1) = horizon.

    Parameters
    ----------
    inputs : d rows, one column per sample, exact
    labels : n of 1, -1
    start : d exact numbers      w(0)
    horizon : rational           of sigma
    support : samples from 0     that carry the hard margin, linearly independent

    Raises
    ------
    InvalidInstance      shapes, labels, or a support that is dependent
    EnclosureFailed      as `flow`

    Examples
    --------
    >>> run = log_time_flow([[1]], [1], [0], 2303, support=[0])     # w = log(t + 1)
    >>> float(run.weights(2303)[0])
    2303.0
    """
    rows = [[as_fraction(x, "inputs") for x in row] for row in inputs]
    if not rows or any(len(row) != len(labels) for row in rows) or len(start) != len(rows):
        raise InvalidInstance("inputs need d rows with one entry per label, start d entries")
    if any(y not in (1, -1) for y in labels):
        raise InvalidInstance(f"labels={list(labels)} must be 1 and -1")
    if not support or any(i not in range(len(labels)) for i in support):
        raise InvalidInstance(
            f"support={list(support)} must name samples from 0 to {len(labels) - 1}"
        )
    samples = [
        sympy.Matrix([_number(y * row[i]) for row in rows]) for i, y in enumerate(map(int, labels))
    ]
    named = sympy.Matrix.hstack(*[samples[int(i)] for i in support])
    gram = named.T * named
    if gram.det() == 0:
        raise InvalidInstance(f"the samples of support={list(support)} are linearly dependent")
    direction = named * gram.LUsolve(sympy.ones(len(support), 1))
    sigma = sympy.Symbol("sigma", real=True)
    state = sympy.symbols(f"v:{len(rows)}", real=True)
    pulls = [
        sympy.exp(-(sympy.Matrix(state).T * z)[0] - ((z.T * direction)[0] - 1) * sigma)
        for z in samples
    ]
    components = [
        sympy.Add(*[pull * z[k] for pull, z in zip(pulls, samples, strict=True)]) - direction[k]
        for k in range(len(rows))
    ]
    field = VectorField.from_sympy(components, state=list(state), time=sigma)
    run = flow(field, list(start), horizon, bits=bits, effort=effort)
    assert isinstance(run, Flow)  # no kinks in a smooth field
    return LogTimeFlow(run, tuple(Fraction(int(x.p), int(x.q)) for x in direction))


def _number(x: Fraction) -> sympy.Rational:
    return sympy.Rational(x.numerator, x.denominator)
