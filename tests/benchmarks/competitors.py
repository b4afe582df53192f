"""The flow of the model problem by other means, none of them certified."""

from fractions import Fraction
from itertools import chain

import mpmath

from theorycheck.trajectories.integrate import order_for
from theorycheck.trajectories.recurrence import deep_linear_series

__all__ = ["heyoka_integrator", "odefun", "taylor_in_mpmath"]


def _mpf(q):
    return mpmath.mpf(q.numerator) / q.denominator


def _layers(shapes, flat):
    layers, position = [], 0
    for rows, columns in shapes:
        part = flat[position : position + rows * columns]
        layers.append([part[i * columns : (i + 1) * columns] for i in range(rows)])
        position += rows * columns
    return layers


def _flat(layers):
    return [x for layer in layers for row in layer for x in row]


def _transpose(a):
    return [list(column) for column in zip(*a, strict=True)]


def _gradients(layers, target, product):
    """Return the layer gradients of the whitened square loss, on lists of lists."""
    prefixes = [layers[0]]
    for layer in layers[1:]:
        prefixes.append(product(layer, prefixes[-1]))
    pairs = zip(prefixes[-1], target, strict=True)
    suffix = [[a - b for a, b in zip(x, y, strict=True)] for x, y in pairs]
    gradients = []
    for j in range(len(layers) - 1, 0, -1):
        gradients.append(product(suffix, _transpose(prefixes[j - 1])))
        suffix = product(_transpose(layers[j]), suffix)
    gradients.append(suffix)
    return gradients[::-1]


def _product(a, b):
    columns = _transpose(b)
    return [[mpmath.fdot(row, column) for column in columns] for row in a]


def odefun(objective, start, horizon, digits):
    """Run mpmath's own Taylor integrator."""
    with mpmath.workdps(digits):
        target = [[_mpf(q) for q in row] for row in objective.loss.targets]

        def field(_, flat):
            layers = _layers(objective.network.shapes, flat)
            return [-x for x in _flat(_gradients(layers, target, _product))]

        return mpmath.odefun(field, 0, [_mpf(q) for q in start])(horizon)


class MpmathLists:
    """The least arithmetic of the Taylor recurrence on lists of mpf, convolutions by `fdot`."""

    @staticmethod
    def convolve(left, right, order):
        """Join [L_0 ... L_k] and [R_k; ...; R_0] and multiply once."""
        rows = [list(chain(*parts)) for parts in zip(*left[: order + 1], strict=True)]
        return _product(rows, list(chain(*right[order::-1])))

    @staticmethod
    def add(a, b):
        return [[x + y for x, y in zip(p, q, strict=True)] for p, q in zip(a, b, strict=True)]

    @staticmethod
    def subtract(a, b):
        return [[x - y for x, y in zip(p, q, strict=True)] for p, q in zip(a, b, strict=True)]

    multiply = staticmethod(_product)
    transpose = staticmethod(_transpose)
    scale = staticmethod(lambda a, s: [[x * s for x in row] for row in a])
    scalar = staticmethod(_mpf)


def taylor_in_mpmath(objective, start, pieces, bits):
    """Take the steps of a certified run with a Taylor method written by hand in mpmath."""
    order = order_for(bits)
    with mpmath.workprec(bits):
        cross = [[_mpf(q) for q in row] for row in objective.loss.cross]
        flat = [_mpf(q) for q in start]
        for piece in pieces:
            layers = _layers(objective.network.shapes, flat)
            series = deep_linear_series(MpmathLists, layers, None, cross, order).layers
            orders = [_flat([layer[k] for layer in series]) for k in range(order + 1)]
            step = _mpf(Fraction(piece.length))
            flat = [mpmath.polyval(list(c)[::-1], step) for c in zip(*orders, strict=True)]
        return flat


def heyoka_integrator(objective, start, bits):
    """Compile heyoka's MPFR integrator; None where heyoka is not installed.

    Returns
    -------
    function    of the horizon, restarts from `start` and returns the final state
    """
    try:
        import heyoka as hy
        import numpy as np
    except ImportError:
        return None
    shapes = objective.network.shapes
    names = hy.make_vars(*[f"w{i}" for i in range(len(start))])
    target = [[hy.expression(float(q)) for q in row] for row in objective.loss.targets]

    def product(a, b):
        columns = _transpose(b)
        return [[hy.sum([x * y for x, y in zip(r, c, strict=True)]) for c in columns] for r in a]

    slopes = _flat(_gradients(_layers(shapes, list(names)), target, product))
    begin = np.array([hy.real(float(q), bits) for q in start])
    integrator = hy.taylor_adaptive(
        [(name, -slope) for name, slope in zip(names, slopes, strict=True)],
        begin.copy(),
        fp_type=hy.real,
        prec=bits,
        tol=hy.real(2.0**-bits, bits),
        compact_mode=True,
    )

    def integrate(horizon):
        integrator.time = hy.real(0, bits)
        integrator.state[:] = begin
        integrator.propagate_until(hy.real(horizon, bits))
        return integrator.state.copy()

    return integrate
