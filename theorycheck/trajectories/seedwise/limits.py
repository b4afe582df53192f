"""The widths that explicit theorems ask for, at the limit kernel's least eigenvalue."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from theorycheck.balls import Real, lambda_max, lambda_min, log, matrix, maximum, real
from theorycheck.exact import Rows
from theorycheck.kernels import limit_gram

__all__ = ["ExplicitWidths", "explicit_widths", "parallel_pairs"]


def parallel_pairs(products: Rows) -> list[tuple[int, int]]:
    """Pairs of samples, from 1, that are positive multiples of one another, or zero."""
    n = len(products)
    return [
        (i + 1, j + 1)
        for i in range(n)
        for j in range(i + 1, n)
        if products[i][j] >= 0 and products[i][j] ** 2 == products[i][i] * products[j][j]
    ]


@dataclass(frozen=True)
class ExplicitWidths:
    """What the explicit-width theorems ask of m for unit inputs (theory B11b), enclosed.

    Parameters
    ----------
    least_eigenvalue : Real    lambda_0 of Hinf
    gram : Real                concentration of H(0)
    counts : Real              concentration of the counts N_i
    movement : Real            m > 1024 n^2 |X|^2 |D(0)|^2 / lambda_0^4
    """

    least_eigenvalue: Real
    gram: Real
    counts: Real
    movement: Real

    @property
    def width(self) -> Real:
        return maximum([self.gram, self.counts, self.movement])


def explicit_widths(
    inputs: Rows, squared_error: Fraction, failure: Fraction, *, symmetrised: bool
) -> ExplicitWidths | None:
    """Enclose the widths at which flow converges with probability >= 1 - failure.

    With symmetrised starts only half of the neurons are independent, which doubles the widths of
    the concentration conditions, and |D(0)| = |y|. None where lambda_0 may be 0.
    """
    n = len(inputs)
    least = lambda_min(limit_gram(inputs))
    if not least > 0:
        return None
    rows = matrix(inputs)
    top = lambda_max(rows * rows.transpose())
    chances = log(real(Fraction(3 * n) / failure)) * (2 if symmetrised else 1)
    # 1 / (s + (1 - s) log(1 - s)) at s = 1/4
    share = real(Fraction(1, 4)) + real(Fraction(3, 4)) * log(real(Fraction(3, 4)))
    movement = real(1024 * n * n * squared_error) * top / least**4
    # P(N_i > 2 m R) <= exp(-0.6357 m R) with R = l0 / (16 n)
    counts = real(Fraction(252, 10)) * n / least * chances
    return ExplicitWidths(least, top / least / share * chances, counts, movement)
