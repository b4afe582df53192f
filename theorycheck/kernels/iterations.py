r"""Discrete methods on the kernel model, and their spectral radii. Theory B16, B18.

With x = eta l for an eigenvalue l of the kernel:

    gradient descent   z - (1 - x)
    heavy ball         z^2 - (1 + beta - x) z + beta
    Nesterov           z^2 - (1 + beta) (1 - x) z + beta (1 - x)
    Nesterov, k        the same with beta = (k - 1) / (k + 2), D_k being no power of one matrix
    two buffers        z^3 - (1 + p1 - x) z^2 + (p1 - p2) z + p2

The greatest |z| of z^2 - p z + q is, without a case distinction that a ball could miss,

    max( sqrt(max(q, 0)), (|p| + sqrt(max(p^2 - 4 q, 0))) / 2 )
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count, islice
from typing import Any

from theorycheck import balls, exact
from theorycheck.balls import Matrix, Real
from theorycheck.errors import InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.kernels.arc_cosine import Number

__all__ = [
    "AbstractIteration", "GradientDescent", "HeavyBallIteration",
    "NesterovConvexIteration", "NesterovIteration", "TwoBufferIteration",
    "iterate_kernel_model", "quadratic_radius",
]  # fmt: skip


def _real(value: Number) -> Real:
    return value if isinstance(value, Real) else balls.real(as_fraction(value, "value"))


def quadratic_radius(p: Number, q: Number) -> Real:
    """Enclose the greatest |z| with z^2 - p z + q = 0, double roots included.

    Examples
    --------
    >>> float(quadratic_radius(2, 1)), float(quadratic_radius(0, -4))
    (1.0, 2.0)
    """
    if isinstance(p, Real) or isinstance(q, Real):
        first, last = _real(p), _real(q)
        discriminant = first * first - last * 4
    else:
        p, q = as_fraction(p, "p"), as_fraction(q, "q")
        discriminant = balls.real(p * p - 4 * q)
        first, last = balls.real(p), balls.real(q)
    zero = balls.real(0)
    positive = balls.maximum([discriminant, zero])
    real = (balls.absolute(first) + balls.sqrt(positive, assume_nonnegative=True)) / 2
    modulus = balls.sqrt(balls.maximum([last, zero]), assume_nonnegative=True)
    return balls.maximum([real, modulus])


class AbstractIteration:
    """A method on steps. Coefficients a_0, a_1, ... and b_0, ... of

        D_{k+1} = sum_i (a_i - x b_i) D_{k-i},      x = eta H

    so that rational kernels give rational iterates. Subclasses are final frozen dataclasses.
    """

    step_size: Any

    def coefficients(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """(a_i, b_i), exactly."""
        raise NotImplementedError

    def coefficients_at(self, k: int) -> tuple[tuple[Fraction, Fraction], ...]:
        """(a_i, b_i) of the step from D_k; the same for all k unless a method says otherwise."""
        return self.coefficients()

    def radius(self, value: Number) -> Real:
        """Enclose the spectral radius of the mode of an eigenvalue l >= 0."""
        raise NotImplementedError

    def _scaled(self, value: Number) -> Number:
        eta = as_fraction(self.step_size, "step_size")
        return balls.real(eta) * value if isinstance(value, Real) else eta * value


@dataclass(frozen=True)
class GradientDescent(AbstractIteration):
    """D_{k+1} = (1 - eta H) D_k."""

    step_size: Any

    def coefficients(self) -> tuple[tuple[Fraction, Fraction], ...]:
        return ((Fraction(1), Fraction(1)),)

    def radius(self, value: Number) -> Real:
        return balls.absolute(_real(1 - self._scaled(value)))


@dataclass(frozen=True)
class HeavyBallIteration(AbstractIteration):
    """D_{k+1} = D_k + beta (D_k - D_{k-1}) - eta H D_k, D_{-1} = D_0."""

    step_size: Any
    momentum: Any

    def coefficients(self) -> tuple[tuple[Fraction, Fraction], ...]:
        beta = as_fraction(self.momentum, "momentum")
        return (1 + beta, Fraction(1)), (-beta, Fraction(0))

    def radius(self, value: Number) -> Real:
        beta = as_fraction(self.momentum, "momentum")
        x = self._scaled(value)
        p = balls.real(1 + beta) - x if isinstance(x, Real) else 1 + beta - x
        return quadratic_radius(p, beta)


@dataclass(frozen=True)
class NesterovIteration(AbstractIteration):
    """D_{k+1} = (1 - eta H) (D_k + beta (D_k - D_{k-1})), D_{-1} = D_0."""

    step_size: Any
    momentum: Any

    def coefficients(self) -> tuple[tuple[Fraction, Fraction], ...]:
        beta = as_fraction(self.momentum, "momentum")
        return (1 + beta, 1 + beta), (-beta, -beta)

    def radius(self, value: Number) -> Real:
        beta = as_fraction(self.momentum, "momentum")
        x = self._scaled(value)
        if isinstance(x, Real):
            rest = 1 - x
            # one x in both coefficients: p^2 - 4q = (1 - x) ((1 + beta)^2 (1 - x) - 4 beta)
            inside = balls.real((1 + beta) ** 2) * rest - balls.real(4 * beta)
            positive = balls.maximum([rest * inside, balls.real(0)])
            real = balls.absolute(balls.real(1 + beta) * rest)
            real = (real + balls.sqrt(positive, assume_nonnegative=True)) / 2
            last = balls.maximum([balls.real(beta) * rest, balls.real(0)])
            return balls.maximum([real, balls.sqrt(last, assume_nonnegative=True)])
        return quadratic_radius((1 + beta) * (1 - x), beta * (1 - x))


@dataclass(frozen=True)
class NesterovConvexIteration(AbstractIteration):
    """D_{k+1} = (1 - eta H) (D_k + ((k - 1) / (k + 2)) (D_k - D_{k-1})), D_{-1} = D_0.

    Examples
    --------
    >>> [str(d[0]) for d in iterate_kernel_model([[1]], [1], NesterovConvexIteration("1/5"), 3)]
    ['1', '4/5', '16/25', '12/25']
    """

    step_size: Any

    def coefficients(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """The limit of large k, where the momentum is 1."""
        return NesterovIteration(self.step_size, 1).coefficients()

    def coefficients_at(self, k: int) -> tuple[tuple[Fraction, Fraction], ...]:
        return NesterovIteration(self.step_size, Fraction(k - 1, k + 2)).coefficients()


@dataclass(frozen=True)
class TwoBufferIteration(AbstractIteration):
    """D_{k+1} - D_k = p1 (D_k - D_{k-1}) + p2 (D_{k-1} - D_{k-2}) - eta H D_k."""

    step_size: Any
    first: Any
    second: Any

    def coefficients(self) -> tuple[tuple[Fraction, Fraction], ...]:
        p1, p2 = as_fraction(self.first, "first"), as_fraction(self.second, "second")
        return (1 + p1, Fraction(1)), (p2 - p1, Fraction(0)), (-p2, Fraction(0))


def iterate_kernel_model(
    kernel: Any, start: Sequence[Any], method: AbstractIteration, steps: int, *, bits: int = 128
) -> list[Any]:
    """Iterate a method on the kernel model, from D_0 = D_{-1} = ... = start.

    Parameters
    ----------
    kernel : rows of rationals: exact iterates; or a function giving a ball Matrix at the
             precision that is set then
    start : n rationals
    method : GradientDescent(eta), HeavyBallIteration(eta, beta), ...
    steps : int >= 0
    bits : int    radii stay near 2^-bits: the internal precision grows with the steps

    Returns
    -------
    list of tuples    D_0, ..., D_steps; entries are Fractions for a rational kernel, else balls
    """
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 0:
        raise InvalidInstance(f"steps={steps!r} must be an integer >= 0")
    entries = [as_fraction(x, "start") for x in start]
    if not callable(kernel):
        algebra = exact.RationalAlgebra
        found = _iterates(algebra, algebra.matrix(kernel), entries, method)
        return [
            tuple(exact.to_fraction(x) for x in algebra.scalars(d))
            for d in islice(found, steps + 1)
        ]
    # a step multiplies radii by at most sum |a_i| + |x b_i|, some 2^3 for x <= 2
    with balls.precision(bits + 3 * steps + 32):
        found = _iterates(balls.BallAlgebra, kernel(), entries, method)
        return [tuple(balls.BallAlgebra.scalars(d)) for d in islice(found, steps + 1)]


def _iterates(
    algebra: Any, kernel: Matrix | Any, start: Sequence[Fraction], method: AbstractIteration
) -> Iterator[Any]:
    size = len(start)
    if tuple(algebra.shape(kernel)) != (size, size):
        raise InvalidInstance(f"a kernel of shape {algebra.shape(kernel)} and {size} errors")
    scaled = algebra.scale(kernel, algebra.scalar(as_fraction(method.step_size, "step_size")))
    identity = algebra.identity(size)

    def combined(a: Fraction, b: Fraction) -> Any:
        return algebra.subtract(
            algebra.scale(identity, algebra.scalar(a)), algebra.scale(scaled, algebra.scalar(b))
        )

    column = algebra.from_scalars(size, 1, [algebra.scalar(x) for x in start])
    recent = [column] * len(method.coefficients())
    known, factors = None, []
    for k in count():
        yield recent[0]
        pairs = method.coefficients_at(k)
        if pairs != known:
            known, factors = pairs, [combined(a, b) for a, b in pairs]
        following = algebra.multiply(factors[0], recent[0])
        for factor, past in zip(factors[1:], recent[1:], strict=True):
            following = algebra.add(following, algebra.multiply(factor, past))
        recent = [following, *recent[:-1]]
