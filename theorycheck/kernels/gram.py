r"""Gram matrices: of the limit kernels in balls, of nets of finite width exactly.

    limit, first layer    Hinf_ij = x_i.x_j (pi - theta_ij) / (2 pi)
    width m               H_ij = (x_i.x_j / m) sum_r a_r^2 1_ir 1_jr
                          K_ij = (1 / m) sum_r relu(z_ir) relu(z_jr)
    two times             H_ij(t, s) = (x_i.x_j / m) sum_r 1_ir(t) 1_jr(s)

with z_ir = w_r.x_i and 1_ir = [z_ir >= 0], scaling 1 / sqrt(m) of the net. Theory B1, B2, B12.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from theorycheck import balls, exact
from theorycheck.balls import Matrix, Real
from theorycheck.errors import InvalidInstance
from theorycheck.exact import Rows, as_fraction
from theorycheck.kernels.arc_cosine import Layers, check_layers, kernel_of_angle
from theorycheck.kernels.inputs import Inputs, rational_rows

__all__ = [
    "activation_pattern", "finite_gram", "limit_gram", "pattern_gram", "two_time_gram",
]  # fmt: skip

Pattern = tuple[tuple[bool, ...], ...]

GUARD_BITS = 24


# -- the limit -------------------------------------------------------------------------------------
def limit_gram(inputs: Inputs, *, layers: Layers = "first", normalised: bool = False) -> Matrix:
    """Enclose the Gram matrix of a limit kernel.

    Parameters
    ----------
    inputs : rows of rationals (n x d), exact; or a Matrix of balls
    layers : "first", "second" or "both"
    normalised : bool    take the kernel at x_i / |x_i| instead of x_i; rational x_i stay exact

    Returns
    -------
    Matrix (n, n)    symmetric; the diagonal is |x_i|^2 / 2 (of both layers |x_i|^2), exactly where
                     that is a dyadic number

    Raises
    ------
    InvalidInstance    bad inputs, or an input 0 that is to be normalised

    Examples
    --------
    >>> limit_gram([[1, 0], [0, 1]]).tolist()[0][0].str(3)
    '0.500'
    """
    check_layers(layers)
    bits = balls.working_bits()
    with balls.precision(bits + GUARD_BITS):
        if isinstance(inputs, Matrix):
            pairs = _Pairs.of_balls(inputs)
        else:
            pairs = _Pairs.of_rationals(rational_rows(inputs))
        return _assembled(pairs, layers, bits, normalised=normalised)


class _Pairs:
    """Products x_i.x_j as balls, and defects that are accurate where the vectors are parallel."""

    def __init__(self, vectors: Any, products: Any, grid: list[list[Real]]) -> None:
        self.vectors, self.products, self.grid = vectors, products, grid

    @classmethod
    def of_rationals(cls, rows: Rows) -> _Pairs:
        x = exact.RationalAlgebra.matrix(rows)
        products = x * x.transpose()
        return cls(None, products, balls.matrix_from_rationals(products).tolist())

    @classmethod
    def of_balls(cls, x: Matrix) -> _Pairs:
        return cls(x.tolist(), None, (x * x.transpose()).tolist())

    def accurate_defect_squared(self, i: int, j: int) -> Real:
        """|x_i|^2 |x_j|^2 - (x_i.x_j)^2 where balls cancel; exact 0 of exact parallel inputs."""
        if self.products is not None:
            p = self.products
            return balls.real(exact.to_fraction(p[i, i] * p[j, j] - p[i, j] * p[i, j]))
        x, y = self.vectors[i], self.vectors[j]
        squares = balls.real(0)
        for k in range(len(x)):
            for m in range(k):
                squares += balls.square(x[k] * y[m] - x[m] * y[k])
        return squares


def _assembled(pairs: _Pairs, layers: Layers, enough: int, *, normalised: bool) -> Matrix:
    grid = pairs.grid
    size = len(grid)
    zero, share = balls.real(0), balls.real(1 if layers == "both" else Fraction(1, 2))
    squares = [grid[i][i] for i in range(size)]
    if normalised and not all(s > 0 for s in squares):
        raise InvalidInstance("an input is 0 (or may be) and cannot be normalised; leave it out")
    lengths = [balls.sqrt(s, assume_nonnegative=True) for s in squares]
    rows = [[zero] * size for _ in range(size)]
    for i, (square, length, line) in enumerate(zip(squares, lengths, grid, strict=True)):
        rows[i][i] = share if normalised else share * square
        if square.is_zero():
            continue
        for j in range(i):
            if squares[j].is_zero():
                continue
            product = line[j]
            defect = square * squares[j] - product * product
            if defect.rel_accuracy_bits() < enough:
                defect = pairs.accurate_defect_squared(i, j)
            root = defect.sqrt() if defect > 0 else balls.sqrt(defect, assume_nonnegative=True)
            value = kernel_of_angle(layers, product, root, length * lengths[j])
            rows[i][j] = rows[j][i] = value / (length * lengths[j]) if normalised else value
    return balls.matrix_from_reals(size, size, [x for row in rows for x in row])


# -- finite width ----------------------------------------------------------------------------------
def _products(inputs: Any, weights: Any) -> tuple[Any, Any]:
    """X (n x d) and z = x w^T (n x m), as exact matrices."""
    algebra = exact.RationalAlgebra
    x = algebra.matrix(rational_rows(inputs))
    w = algebra.matrix(rational_rows(weights, "weights"))
    if x.ncols() != w.ncols():
        raise InvalidInstance(
            f"inputs have {x.ncols()} features, the weights {w.ncols()}; they must agree"
        )
    return x, x * w.transpose()


def activation_pattern(inputs: Any, weights: Any) -> Pattern:
    """Say exactly for every input i and neuron r whether w_r.x_i >= 0.

    Parameters
    ----------
    inputs : rows of rationals (n x d)
    weights : rows of rationals (m x d)

    Examples
    --------
    >>> activation_pattern([[1, 0]], [[1, 1], [-1, 1], [0, 1]])
    ((True, False, True),)
    """
    _, z = _products(inputs, weights)
    return tuple(tuple(entry >= 0 for entry in row) for row in z.tolist())


def pattern_gram(
    inputs: Any, left: Pattern, right: Pattern | None = None, outer: Sequence[Any] | None = None
) -> Rows:
    """Return (x_i.x_j / m) sum_r a_r^2 left_ir right_jr exactly; see `finite_gram`."""
    import numpy as np

    rows = rational_rows(inputs)
    x = exact.RationalAlgebra.matrix(rows)
    products = exact.rows_of(x * x.transpose())
    one = np.array(left, dtype=np.int64)
    two = one if right is None else np.array(right, dtype=np.int64)
    if one.shape != two.shape or len(one) != len(rows):
        raise InvalidInstance(
            f"patterns of shapes {one.shape} and {two.shape} for {len(rows)} rows"
        )
    width = one.shape[1]
    counts: list[list[Any]]
    squares = None if outer is None else [as_fraction(a, "outer") ** 2 for a in outer]
    if squares is None or all(s == 1 for s in squares):
        counts = (one @ two.T).tolist()  # integers: exact
    else:
        counts = [
            [
                sum((s for s, p, q in zip(squares, a, b, strict=True) if p and q), Fraction(0))
                for b in two.tolist()
            ]
            for a in one.tolist()
        ]
    return tuple(
        tuple(p * Fraction(c) / width for p, c in zip(row, count, strict=True))
        for row, count in zip(products, counts, strict=True)
    )


def finite_gram(
    inputs: Any, weights: Any, outer: Sequence[Any] | None = None, *, layers: Layers = "first"
) -> Rows:
    """Return the tangent kernel's Gram matrix of a net of finite width, exactly.

    Parameters
    ----------
    inputs : rows of rationals (n x d)
    weights : rows of rationals (m x d)
    outer : m rationals or None    a_r; None stands for signs +-1
    layers : "first" (H), "second" (K) or "both" (H + K)

    Returns
    -------
    Rows (n, n)    Fractions

    Examples
    --------
    >>> x = [["1", "0"], ["3/5", "4/5"]]
    >>> w = [[1, 0], ["1/2", 1], [-1, 1], [1, -1]]
    >>> finite_gram(x, w)[0]
    (Fraction(3, 4), Fraction(3, 10))
    """
    check_layers(layers)
    x, z = _products(inputs, weights)
    if outer is not None and len(outer) != z.ncols():
        raise InvalidInstance(f"outer has {len(outer)} entries for {z.ncols()} neurons")
    size = x.nrows()
    total = exact.RationalAlgebra.zeros(size, size)
    if layers != "second":
        pattern = tuple(tuple(entry >= 0 for entry in row) for row in z.tolist())
        total += exact.RationalAlgebra.matrix(pattern_gram(inputs, pattern, outer=outer))
    if layers != "first":
        active = exact.RationalAlgebra.from_scalars(
            size, z.ncols(), [e if e > 0 else exact.rational(0) for e in z.entries()]
        )
        total += active * active.transpose() * exact.rational(Fraction(1, z.ncols()))
    return exact.rows_of(total)


def two_time_gram(inputs: Any, weights: Any, earlier: Any) -> Rows:
    """Return H(t, s) of the first layer exactly, for weights at t and at an earlier time s.

    It is not symmetric in general: H(t, s)^T = H(s, t).
    """
    return pattern_gram(
        inputs, activation_pattern(inputs, weights), activation_pattern(inputs, earlier)
    )
