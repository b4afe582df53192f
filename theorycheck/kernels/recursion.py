r"""The tangent kernel of deep ReLU nets of infinite width.

With weights of variance 2 / width (He), unit inputs and rho = x.y,

    Sigma^0 = Theta^0 = rho,   Sigma^h = kappa_1(Sigma^(h-1)),
    Theta^h = Theta^(h-1) kappa_0(Sigma^(h-1)) + Sigma^h

and |x||y| times that at x / |x|, y / |y| for other inputs. Theta^1 is twice the both-layers kernel.

References    Jacot, Gabriel & Hongler 2018; Arora et al. 2019; theory B5
"""

from __future__ import annotations

from fractions import Fraction

from theorycheck import balls
from theorycheck.balls import Matrix, Real
from theorycheck.errors import InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.kernels.arc_cosine import Number, order_one, order_zero
from theorycheck.kernels.inputs import dot, rational_rows

__all__ = ["deep_covariance", "deep_gram", "deep_kernel"]


def _check_depth(depth: int) -> None:
    if isinstance(depth, bool) or not isinstance(depth, int) or depth < 0:
        raise InvalidInstance(f"depth={depth!r} must be an integer >= 0, the hidden layers")


def deep_covariance(cosine: Number, depth: int) -> Real:
    """Enclose Sigma^depth(c); see `deep_kernel`."""
    _check_depth(depth)
    sigma: Number = cosine
    for _ in range(depth):
        sigma = order_one(sigma)
    return sigma if isinstance(sigma, Real) else balls.real(as_fraction(sigma, "cosine"))


def deep_kernel(cosine: Number, depth: int) -> Real:
    """Enclose Theta^depth(c), c in [-1, 1]; a ball is clipped to that. Theta^L(1) = L + 1 exactly.

    Parameters
    ----------
    cosine : Fraction, int or Real
    depth : int    hidden layers, >= 0

    Examples
    --------
    >>> float(deep_kernel(1, 3)), round(float(deep_kernel(Fraction(1, 2), 1)), 6)
    (4.0, 0.942331)
    """
    _check_depth(depth)
    if not isinstance(cosine, Real) and as_fraction(cosine, "cosine") == 1:
        return balls.real(depth + 1)
    sigma: Number = cosine
    theta = cosine if isinstance(cosine, Real) else balls.real(as_fraction(cosine, "cosine"))
    for _ in range(depth):
        slope = order_zero(sigma)
        sigma = order_one(sigma)
        theta = theta * slope + sigma
    return theta


def deep_gram(inputs: object, depth: int) -> Matrix:
    """Enclose the Gram matrix of Theta^depth at exact inputs (n x d), carrying |x_i||x_j|.

    The diagonal is (depth + 1) |x_i|^2.

    Raises
    ------
    InvalidInstance    bad inputs or depth
    """
    _check_depth(depth)
    rows = rational_rows(inputs)
    size = len(rows)
    table = [[balls.real(0)] * size for _ in range(size)]
    squares = [dot(x, x) for x in rows]
    for i in range(size):
        table[i][i] = balls.real(squares[i] * (depth + 1))
        for j in range(i):
            sizes = squares[i] * squares[j]
            if sizes == 0:
                continue
            product = dot(rows[i], rows[j])
            root = balls.sqrt(balls.real(sizes))
            # one exact rational number under the root: nothing cancels
            if product * product == sizes:
                cosine: Number = Fraction(1 if product > 0 else -1)
            else:
                cosine = balls.real(product) / root
            table[i][j] = table[j][i] = deep_kernel(cosine, depth) * root
    return balls.matrix_from_reals(size, size, [x for row in table for x in row])
