"""Gradient flow of networks in plain Fractions, by the matrix calculus of the papers."""

import random
from fractions import Fraction

import sympy


def drawn(rows, columns, draw):
    """A matrix of small random fractions."""
    return sympy.Matrix(
        rows, columns, lambda i, j: sympy.Rational(draw.randrange(-9, 10), draw.randrange(1, 5))
    )


def drawn_weights(widths, seed):
    """W_1, ..., W_n of shapes d_j x d_{j-1}."""
    draw = random.Random(seed)
    shapes = zip(widths[1:], widths[:-1], strict=True)
    return [drawn(rows, columns, draw) for rows, columns in shapes]


def product(matrices, size):
    """M_k ... M_1, the identity if there is none."""
    result = sympy.eye(size)
    for matrix in matrices:
        result = matrix * result
    return result


def linear_gradients(weights, slope):
    """The gradient by W_j of l(W_n ... W_1), with slope = dl/dE: upper^T slope lower^T."""
    ends = [w.rows for w in weights], [w.cols for w in weights]
    return [
        product(weights[j + 1 :], ends[0][j]).T * slope * product(weights[:j], ends[1][0]).T
        for j in range(len(weights))
    ]


def relu_gradients(weights, inputs, slopes):
    """Gradients of sum_s <slopes_s, f(inputs_s)> of a ReLU network, by back-propagation."""
    total = [sympy.zeros(*w.shape) for w in weights]
    for x, slope in zip(inputs, slopes, strict=True):
        values, masks = [x], []
        for w in weights[:-1]:
            z = w * values[-1]
            masks.append(sympy.diag(*[int(bool(e > 0)) for e in z]))
            values.append(masks[-1] * z)
        back = slope
        for j in reversed(range(len(weights))):
            total[j] += back * values[j].T
            if j:
                back = masks[j - 1] * weights[j].T * back
    return total


def flat(matrices):
    return [Fraction(int(e.p), int(e.q)) for m in matrices for e in m]
