"""Existence and uniqueness of a root near a point, by Krawczyk's operator.

With an exact C near J(c)^{-1} and a box X about c,

    K(X) = c - C F(c) + (I - C J(X)) (X - c).

If K(X) lies in the interior of X, the system has exactly one root in X (Krawczyk 1969; Rump,
Acta Numerica 2010, Theorem 13.3).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from theorycheck.balls.convert import Matrix, inflate, lower, midpoint, real, upper

__all__ = ["root_enclosure"]

Function = Callable[[Matrix], Matrix]
NEWTON_STEPS = 60
RADII = 24


def root_enclosure(function: Function, jacobian: Function, start: Matrix) -> Matrix | None:
    """Enclose a root of F near `start`, proved to exist and be unique in its box; or return None.

    Parameters
    ----------
    function : (N, 1) -> (N, 1)    F, on ball columns
    jacobian : (N, 1) -> (N, N)    its derivative, on ball columns
    start : Matrix (N, 1)

    Returns
    -------
    Matrix (N, 1) or None          None means that nothing was proved, not that there is no root
    """
    centre = midpoint(start)
    size = centre.nrows()
    for _ in range(NEWTON_STEPS):
        inverse = _inverse(jacobian(centre))
        if inverse is None:
            return None
        correction = midpoint(inverse * function(centre))
        following = midpoint(centre - correction)
        if all(x.is_zero() for x in correction.entries()) or following == centre:
            break
        centre = following
    inverse = _inverse(jacobian(centre))
    if inverse is None:
        return None
    step = inverse * function(centre)
    reach = max((max(abs(lower(x)), abs(upper(x))) for x in step.entries()), default=Fraction(0))
    radius = 4 * reach + Fraction(1, 2**200)
    identity = Matrix(size, size, [int(i == j) for i in range(size) for j in range(size)])
    for _ in range(RADII):
        box = inflate(centre, real(radius))
        image = centre - step + (identity - inverse * jacobian(box)) * (box - centre)
        if _inside(image, box):
            return image
        radius *= 4
    return None


def _inverse(a: Matrix) -> Matrix | None:
    try:
        inverse = midpoint(midpoint(a).inv())
    except ZeroDivisionError:
        return None
    return inverse if all(x.is_finite() for x in inverse.entries()) else None


def _inside(inner: Matrix, outer: Matrix) -> bool:
    """Whether every entry lies strictly inside, by exact end points."""
    for x, y in zip(inner.entries(), outer.entries(), strict=True):
        if not x.is_finite() or not (lower(y) < lower(x) and upper(x) < upper(y)):
            return False
    return True
