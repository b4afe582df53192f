"""Taylor polynomials in balls: packing, evaluation, Taylor shift, ranges, cheap norms.

A polynomial with vector coefficients is *packed* as one (K+1) x N matrix, row k holding the
coefficient of order k; its value at t is then one (1 x K+1)(K+1 x N) product.
Every function works at the caller's precision (see `balls.precision`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from flint import arb, arb_mat, arb_poly, ctx, fmpz

from theorycheck.balls.precision import precision

__all__ = [
    "absolute_lower",
    "absolute_upper",
    "column_of",
    "entries_of",
    "evaluate",
    "first_row",
    "guide_log2",
    "head_scalar",
    "hull",
    "infinity",
    "inverse",
    "joint_norm",
    "norm_floor",
    "norm_of",
    "norm_of_norms",
    "norm_upper",
    "pack",
    "pack_layers",
    "polynomial_range",
    "power_list",
    "shift",
    "shift_polynomial",
    "spectral_upper_fast",
    "split_column",
    "symmetric",
]

MANY_ORDERS = 64
ROUGH_BITS = 128


def square_sum(matrix: arb_mat) -> arb:
    """Enclose the sum of the squared entries, as the trace of the smaller Gram matrix.

    No entry becomes a Python object: 3 to 7 times faster than a dot product of entry lists. The
    lower end may be negative.
    """
    transposed = matrix.transpose()
    if matrix.ncols() <= matrix.nrows():
        return (transposed * matrix).trace()
    return (matrix * transposed).trace()


def norm_upper(matrix: arb_mat) -> arb:
    """Bound the Frobenius norm of a matrix from above by an exact number."""
    # A sum of squares is >= 0 whatever the lower end of its ball says.
    return square_sum(matrix).upper().sqrt().upper()


def spectral_upper_fast(matrix: arb_mat, squarings: int = 4) -> arb:
    """Bound the spectral norm from above by an exact number, through powers of the Gram matrix.

        |M|_s^2 = |A|_s,   |A|_s^(2^k) = |A^(2^k)|_s <= |A^(2^k)|_F,      A = M^T M

    The excess is at most a factor d^(2^-(k+2)), d the smaller dimension: 2 % for d = 4, k = 4.
    """
    transposed = matrix.transpose()
    if matrix.nrows() == 1 or matrix.ncols() == 1:
        return norm_upper(matrix)
    gram = transposed * matrix if matrix.ncols() <= matrix.nrows() else matrix * transposed
    for _ in range(squarings):
        gram = gram * gram
    bound = norm_upper(gram)
    for _ in range(squarings + 1):
        bound = bound.sqrt()
    return bound.upper()


def symmetric(radius: arb) -> arb:
    """Return the ball [-radius, radius] of an exact radius >= 0."""
    return (-radius).union(radius)


def pack(rows: Sequence[Sequence[arb]]) -> arb_mat:
    """Pack coefficient vectors (one per order) into a (K+1) x N matrix."""
    return arb_mat(len(rows), len(rows[0]), [entry for row in rows for entry in row])


def pack_layers(layers: Sequence[Sequence[arb_mat]]) -> arb_mat:
    """Pack matrix series, one list of matrices (one per order) per layer, layer by layer."""
    flat: list[arb] = []
    for orders in zip(*layers, strict=True):
        for matrix in orders:
            flat += matrix.entries()
    count = len(layers[0])
    return arb_mat(count, len(flat) // count, flat)


def split_column(column: arb_mat, shapes: Sequence[tuple[int, int]]) -> list[arb_mat]:
    """Cut an N x 1 column into matrices of the given shapes, row-major."""
    entries = column.entries()
    matrices = []
    position = 0
    for rows, columns in shapes:
        matrices.append(arb_mat(rows, columns, entries[position : position + rows * columns]))
        position += rows * columns
    return matrices


def column_of(entries: Sequence[arb]) -> arb_mat:
    """Make an N x 1 column."""
    return arb_mat(len(entries), 1, list(entries))


def head_scalar(matrix: arb_mat) -> arb:
    """Return the entry (0, 0)."""
    return matrix[0, 0]


def power_list(t: arb, count: int) -> list[arb]:
    """Return [1, t, ..., t^(count-1)] by products (integer powers of 0 +/- r are unsafe)."""
    powers = [arb(1)]
    for _ in range(count - 1):
        powers.append(powers[-1] * t)
    return powers


def evaluate(packed: arb_mat, t: arb) -> arb_mat:
    """Enclose the value at t as an N x 1 column."""
    count = packed.nrows()
    return (arb_mat(1, count, power_list(t, count)) * packed).transpose()


def shift(packed: arb_mat, centre: arb) -> arb_mat:
    """Re-expand the packed polynomial about `centre`: row k becomes p^(k)(centre) / k!."""
    count, dimension = packed.nrows(), packed.ncols()
    if count > MANY_ORDERS:
        entries = packed.entries()
        columns = [shift_polynomial(entries[i::dimension], centre) for i in range(dimension)]
        return arb_mat(count, dimension, [column[k] for k in range(count) for column in columns])
    powers = power_list(centre, count)
    entries = [
        powers[j - k] * fmpz(math.comb(j, k)) if j >= k else arb(0)
        for k in range(count)
        for j in range(count)
    ]
    return arb_mat(count, count, entries) * packed


def shift_polynomial(coefficients: Sequence[arb], centre: arb) -> list[arb]:
    """Re-expand one scalar polynomial about `centre` (repeated Horner division; from many orders
    on by a composition in quasi-linear time, at the price of about three bits).
    """
    shifted = list(coefficients)
    if len(shifted) > MANY_ORDERS:
        found: list[arb] = arb_poly(shifted)(arb_poly([centre, 1])).coeffs()
        return found + [arb(0)] * (len(shifted) - len(found))
    for start in range(len(shifted) - 1):
        for k in range(len(shifted) - 2, start - 1, -1):
            shifted[k] = shifted[k] + centre * shifted[k + 1]
    return shifted


def polynomial_range(coefficients: Sequence[arb], half_width: arb, depth: int | None = None) -> arb:
    """Enclose q(u) for every u in [-half_width, half_width].

    Where q' certainly keeps its sign the hull of the two end values is the range; where q'' does,
    q lies between its chord's ends and a tangent. Elsewhere the interval is halved, at most `depth`
    times (by default more often the higher the order), and at the bottom |u|^k <= half_width^k.
    """
    if depth is None:
        depth = 4 + len(coefficients).bit_length()
    constant = coefficients[0]
    powers = power_list(half_width, len(coefficients))
    slope = coefficients[1] if len(coefficients) > 1 else arb(0)
    bend, turn = arb(0), arb(0)
    spread = slope.abs_upper() * half_width
    even, odd = constant, slope * half_width
    for k in range(2, len(coefficients)):
        size = coefficients[k].abs_upper()
        bend += k * size * powers[k - 1]
        if k > 2:
            turn += k * (k - 1) * size * powers[k - 2]
        spread += size * powers[k]
        if k % 2:
            odd += coefficients[k] * powers[k]
        else:
            even += coefficients[k] * powers[k]
    if slope.abs_lower() > bend.upper():
        return (even - odd).union(even + odd)
    whole = constant + symmetric(spread.upper())
    # The width of the constant term itself is the floor: below it splitting gains nothing.
    if depth == 0 or not spread.lower() > constant.rad() * 4:
        return whole
    if len(coefficients) > 2 and 2 * coefficients[2].abs_lower() > turn.upper():
        tangent = _tangent_range(coefficients, half_width)
        return tangent.union(even - odd).union(even + odd)
    known = _known_roughly(coefficients, half_width, depth, spread)
    if known is not None:
        return known
    # Orders that are below the rounding on the whole interval become part of the constant.
    kept, floor, rest = len(coefficients), spread / arb(2) ** ctx.prec, arb(0)
    while kept > 3:
        more = rest + coefficients[kept - 1].abs_upper() * powers[kept - 1]
        if not more < floor:
            break
        kept, rest = kept - 1, more
    low = [constant + symmetric(rest.upper()), *coefficients[1:kept]]
    quarter = half_width / 2
    left = polynomial_range(shift_polynomial(low, -quarter), quarter, depth - 1)
    right = polynomial_range(shift_polynomial(low, quarter), quarter, depth - 1)
    return left.union(right)


def _known_roughly(
    coefficients: Sequence[arb], half_width: arb, depth: int, spread: arb
) -> arb | None:
    """Enclose the range at a lower precision, None where its rounding could be seen.

    The radius of a ball has 30 bits: rounding 2^-40 of it does not count.
    """
    bits = ROUGH_BITS
    while 2 * bits <= ctx.prec:
        with precision(bits):
            found = polynomial_range(coefficients, half_width, depth)
        if found.rad() > (coefficients[0].abs_upper() + spread) / arb(2) ** (bits - 40):
            return found
        bits *= 2
    return None


def _tangent_range(coefficients: Sequence[arb], half_width: arb) -> arb:
    """Enclose the end values of a tangent of q; it touches near the zero of q', if there is one.

    q'' must keep its sign: then the tangent bounds q from one side, wherever it touches.
    """
    q = arb_poly(list(coefficients))
    first = q.derivative()
    second = first.derivative()
    touch = arb(0)
    for _ in range(ctx.prec.bit_length()):
        slope = first(touch)
        if not slope.is_finite() or slope.contains(0):
            break
        moved = (touch - slope / second(touch)).mid()
        if moved > half_width:
            moved = half_width
        elif moved < -half_width:
            moved = -half_width
        elif not moved.is_finite():
            break
        if moved == touch:
            break
        touch = moved
    value, slope = q(touch), first(touch)
    return (value - slope * (touch + half_width)).union(value - slope * (touch - half_width))


def guide_log2(x: arb) -> float:
    """Estimate log2 of |mid x| at any magnitude, -inf for 0. Guidance only, never evidence."""
    if not x.is_finite():
        return math.inf
    man, exp = x.mid().man_exp()
    size = abs(int(man))
    if size == 0:
        return -math.inf
    excess = max(size.bit_length() - 60, 0)
    power = excess + int(exp)
    if abs(power) >= 2**1000:  # a logarithm that no float holds
        return math.inf if power > 0 else -math.inf
    return math.log2(size >> excess) + power


def entries_of(matrix: arb_mat) -> list[arb]:
    """List the entries, row-major."""
    entries: list[arb] = matrix.entries()
    return entries


def hull(x: arb, y: arb) -> arb:
    """Return a ball that contains both balls."""
    return x.union(y)


def norm_floor(packed: arb_mat, width: arb) -> arb:
    """Bound |p(t)| from below for every t in [0, width]; may be negative, then it says nothing.

    |p(t)| >= |p(h/2)| - sum_k |c_k| h^k (1 - 2^-k)
    """
    count, dimension = packed.nrows(), packed.ncols()
    entries = packed.entries()
    middle = evaluate(packed, width / 2)
    square = (middle.transpose() * middle)[0, 0]
    moved = arb(0)
    powers = power_list(width, count)
    for k in range(1, count):
        row = arb_mat(1, dimension, entries[k * dimension : (k + 1) * dimension])
        moved += norm_upper(row) * powers[k] * (1 - arb(2) ** -k)
    return (square.nonnegative_part().sqrt() - moved).lower()


def joint_norm(matrices: Sequence[arb_mat]) -> arb:
    """Bound the Frobenius norm of several matrices taken together from above, exactly."""
    total = arb(0)
    for matrix in matrices:
        total += square_sum(matrix)
    return total.upper().sqrt().upper()


def norm_of_norms(norms: Sequence[arb]) -> arb:
    """Bound the square root of a sum of squares of exact norms from above, exactly."""
    if len(norms) == 1:
        return norms[0]
    total = norms[0] * norms[0]
    for norm in norms[1:]:
        total += norm * norm
    return total.upper().sqrt().upper()


def norm_of(matrices: Sequence[arb_mat]) -> arb:
    """Enclose the Frobenius norm of several matrices taken together."""
    total = arb(0)
    for matrix in matrices:
        total += square_sum(matrix)
    return total.nonnegative_part().sqrt()


def first_row(packed: arb_mat) -> arb_mat:
    """Return the constant term of a packed polynomial, still packed (1 x N)."""
    return arb_mat(1, packed.ncols(), packed.entries()[: packed.ncols()])


def absolute_upper(x: arb) -> arb:
    """Bound |x| from above by an exact number."""
    return x.abs_upper()


def absolute_lower(x: arb) -> arb:
    """Bound |x| from below by an exact number."""
    return x.abs_lower()


def inverse(matrix: arb_mat) -> arb_mat | None:
    """Enclose the inverse of every matrix in the enclosure; None if one may be singular."""
    try:
        inverted = matrix.inv()
    except ZeroDivisionError:
        return None
    return inverted if all(x.is_finite() for x in inverted.entries()) else None


def infinity() -> arb:
    """Return +inf: the bound of which nothing is known."""
    return arb.pos_inf()
