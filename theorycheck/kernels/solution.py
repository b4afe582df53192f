r"""The kernel model solved: D(t), D'(t) and their norms, certified for t from 0 to 10^6 and beyond.

    L(t) = |D(t)|^2 / 2,   g(t) = D^T H D / 2,   energy(t) = (|D'|^2 + D^T H D) / 2

D(0) and H are given; the motion says by which method. Norms are summed over modes, so that wide
intervals of time lose little. Theory B13-B15, B22.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from theorycheck import balls
from theorycheck.balls import Matrix, Real
from theorycheck.errors import DomainViolation, InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.kernels.motions import AbstractMotion
from theorycheck.kernels.spectral import Spectrum, spectrum_of

__all__ = ["KernelSolution", "solve_kernel_model"]

Time = Real | Fraction | int
Pair = tuple[Real, Real]

GUARD_BITS = 64
"""What is lost by t^2 |H - Z| at t = 10^6, and more."""


class KernelSolution:
    """Enclose the error of the kernel model along one method; made by `solve_kernel_model`.

    Every method takes a time: a rational, or a ball, and then the result contains the values at
    all its times >= 0. `rate` multiplies D by e^{rate t} (and squares by its square).
    """

    def __init__(
        self, spectrum: Spectrum, start: Sequence[Real], motion: AbstractMotion, bits: int
    ) -> None:
        self.spectrum, self.motion, self.bits = spectrum, motion, bits
        self._coefficients = spectrum.coefficients(start)
        column = balls.matrix_from_reals(len(start), 1, list(start))
        self._size = balls.upper_real(balls.frobenius(column))

    def _time(self, time: Time) -> Real:
        t = time if isinstance(time, Real) else balls.real(as_fraction(time, "time"))
        if t < 0 or not t.is_finite():
            raise DomainViolation(f"the solution is known for times >= 0, not at {t.str(5)}")
        # a ball around [0, b] reaches a little below 0: those times are not asked for
        return t if t >= 0 else t.nonnegative_part()

    def _modes(self, time: Real, rate: Real) -> list[Pair]:
        """(y, y') times the coefficient of the start, mode by mode, for Z."""
        found = (self.motion.mode(value, time, rate) for value in self.spectrum.values)
        return [(y * c, v * c) for (y, v), c in zip(found, self._coefficients, strict=True)]

    def _deviation(self, time: Real, rate: Real) -> Pair:
        if self.spectrum.distance.is_zero():
            return balls.real(0), balls.real(0)
        position, velocity = self.motion.deviation(self.spectrum, time, rate)
        return (
            balls.upper_real(position * self._size), balls.upper_real(velocity * self._size)
        )  # fmt: skip

    def _prepared(self, time: Time, rate: Real | Fraction | int) -> tuple[list[Pair], Pair]:
        factor = rate if isinstance(rate, Real) else balls.real(as_fraction(rate, "rate"))
        t = self._time(time)
        return self._modes(t, factor), self._deviation(t, factor)

    def error(self, time: Time, rate: Any = 0) -> tuple[Real, ...]:
        """Enclose the entries of e^{rate t} D(t)."""
        with balls.precision(self.bits):
            modes, (off, _) = self._prepared(time, rate)
            return _inflated(self.spectrum.vector([y for y, _ in modes]), off)

    def velocity(self, time: Time, rate: Any = 0) -> tuple[Real, ...]:
        """Enclose the entries of e^{rate t} D'(t)."""
        with balls.precision(self.bits):
            modes, (_, off) = self._prepared(time, rate)
            return _inflated(self.spectrum.vector([v for _, v in modes]), off)

    def norm_squared(self, time: Time, rate: Any = 0) -> Real:
        """Enclose e^{2 rate t} |D(t)|^2."""
        with balls.precision(self.bits):
            modes, (off, _) = self._prepared(time, rate)
            return _square_with_error(_squares(y for y, _ in modes), off)

    def velocity_squared(self, time: Time, rate: Any = 0) -> Real:
        """Enclose e^{2 rate t} |D'(t)|^2."""
        with balls.precision(self.bits):
            modes, (_, off) = self._prepared(time, rate)
            return _square_with_error(_squares(v for _, v in modes), off)

    def pseudo_loss(self, time: Time, rate: Any = 0) -> Real:
        """Enclose e^{2 rate t} g(t), g = D^T H D / 2."""
        with balls.precision(self.bits):
            modes, (off, _) = self._prepared(time, rate)
            return self._quadratic_form(modes, off) / 2

    def _quadratic_form(self, modes: list[Pair], off: Real) -> Real:
        """D^T H D: |x^T H x - z^T Z z| <= |x|^2 |H - Z| + |Z| |x - z| (|x| + |z|)."""
        values = self.spectrum.values
        form = sum(
            (l * balls.square(y) for l, (y, _) in zip(values, modes, strict=True)), balls.real(0)
        )
        length = balls.sqrt(_squares(y for y, _ in modes), assume_nonnegative=True)
        spectrum = self.spectrum
        error = (
            balls.square(length + off) * spectrum.distance
            + spectrum.greatest * off * (length * 2 + off)
        )  # fmt: skip
        value = balls.inflate(form, balls.upper_real(error))
        return value if value >= 0 else value.nonnegative_part()

    def energy(self, time: Time) -> Real:
        """Enclose (|D'|^2 + D^T H D) / 2, which never increases: wide times use their ends.

        For heavy ball and Nesterov; it decreases by b |D'|^2, or (alpha / t) |D'|^2, per time.

        Raises
        ------
        DomainViolation    a range of times of a high-resolution ODE, whose energy is another
        """
        with balls.precision(self.bits):
            t = self._time(time)
            if t.is_exact():
                return self._energy_at(t)
            if not self.motion.energy_never_increases:
                raise DomainViolation(
                    f"the energy of {type(self.motion).__name__} over a range of times is not "
                    "enclosed by its ends; ask at exact times"
                )
            low = balls.lower_real(t)
            first = self._energy_at(low if low > 0 else balls.real(0))
            return first.union(self._energy_at(balls.upper_real(t)))

    def _energy_at(self, time: Real) -> Real:
        modes, (off, speed_off) = self._prepared(time, 0)
        kinetic = _square_with_error(_squares(v for _, v in modes), speed_off)
        return (kinetic + self._quadratic_form(modes, off)) / 2


def _inflated(entries: Sequence[Real], off: Real) -> tuple[Real, ...]:
    return tuple(balls.inflate(x, off) for x in entries)


def _squares(values: Any) -> Real:
    return sum(map(balls.square, values), balls.real(0))


def _square_with_error(square: Real, off: Real) -> Real:
    """|x|^2 where |z|^2 is in `square` and |x - z| <= off."""
    if off.is_zero():
        return square
    length = balls.sqrt(square, assume_nonnegative=True)
    value = balls.inflate(square, balls.upper_real(off * (length * 2 + off)))
    return value if value >= 0 else value.nonnegative_part()


def solve_kernel_model(
    kernel: Matrix | Callable[[], Matrix],
    start: Sequence[Any],
    motion: AbstractMotion,
    *,
    bits: int = 128,
) -> KernelSolution:
    """Solve the kernel model in closed form.

    Parameters
    ----------
    kernel : Matrix (n, n), or a function giving it at the working precision that is set then
             balls that contain a symmetric positive semidefinite matrix
    start : n numbers    D(0) = u(0) - y: rationals or balls
    motion : GradientFlow(), HeavyBall(b), Nesterov(alpha), ...
    bits : int           working precision; the kernel and the modes are taken to GUARD_BITS more

    Raises
    ------
    InvalidInstance    sizes that do not fit, a kernel that is certainly not symmetric
    DomainViolation    a kernel that certainly has a negative eigenvalue

    Examples
    --------
    >>> from theorycheck.kernels import HeavyBall
    >>> solution = solve_kernel_model(balls.matrix([[1]]), [1], HeavyBall(2))
    >>> round(float(solution.error(2)[0]), 12)           # 3 e^-2
    0.40600584971
    """
    inside = bits + GUARD_BITS
    with balls.precision(inside):
        matrix = kernel() if callable(kernel) else kernel
        entries = [x if isinstance(x, Real) else balls.real(as_fraction(x, "start")) for x in start]
        if (matrix.nrows(), matrix.ncols()) != (len(entries), len(entries)):
            raise InvalidInstance(
                f"a kernel of shape {matrix.nrows(), matrix.ncols()} and {len(entries)} errors; "
                "pass one entry of D(0) per input"
            )
        return KernelSolution(spectrum_of(matrix), entries, motion, inside)
