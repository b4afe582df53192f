r"""Arc-cosine kernels of order 0 and 1, and the ReLU kernels made of them.

With c = cos(theta) the cosine of the angle of two inputs,

    kappa_0(c) = (pi - theta) / pi
    kappa_1(c) = (sin(theta) + (pi - theta) cos(theta)) / pi

    E 1{w.x >= 0} 1{w.y >= 0} = kappa_0 / 2,    E relu(w.x) relu(w.y) = |x||y| kappa_1 / 2

    first layer   x.y kappa_0(c) / 2 = x.y (pi - theta) / (2 pi)
    second layer  |x||y| kappa_1(c) / 2
    both layers   their sum

Angles come from the defect |x|^2 |y|^2 - (x.y)^2 and never from an arc cosine, so that nearly
parallel and nearly antiparallel inputs lose nothing.

References    Cho & Saul 2009; theory B2
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Literal, get_args

from theorycheck import balls
from theorycheck.balls import Real
from theorycheck.errors import DomainViolation, InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.kernels.inputs import dot

__all__ = [
    "Layers", "Number", "both_layers", "first_layer", "kernel_of_angle", "order_one", "order_zero",
    "second_layer",
]  # fmt: skip

Number = Real | Fraction | int
Layers = Literal["first", "second", "both"]


# -- as functions of the cosine --------------------------------------------------------------------
def order_zero(cosine: Number) -> Real:
    """Enclose kappa_0(c) = 1 - arccos(c) / pi, c in [-1, 1]; what lies outside is clipped.

    Raises
    ------
    DomainViolation    c is certainly outside of [-1, 1], or not finite

    Examples
    --------
    >>> float(order_zero(Fraction(0))), float(order_zero(-1))
    (0.5, 0.0)
    """
    return _increasing(cosine, lambda cos, sin: balls.angle(sin, -cos) / balls.pi())


def order_one(cosine: Number) -> Real:
    """Enclose kappa_1(c) = (sin(theta) + (pi - theta) c) / pi; see `order_zero`.

    Examples
    --------
    >>> float(order_one(1)), float(order_one(-1))
    (1.0, 0.0)
    """
    return _increasing(cosine, lambda cos, sin: _order_one(cos, sin) / balls.pi())


def _increasing(cosine: Number, function: Callable[[Real, Real], Real]) -> Real:
    """Evaluate an increasing function of the cosine at the ends, which are clipped to [-1, 1]."""
    if not isinstance(cosine, Real):
        c = as_fraction(cosine, "cosine")
        if not -1 <= c <= 1:
            raise DomainViolation(f"{c} is no cosine; a cosine is in [-1, 1]")
        if abs(c) == 1:
            return balls.real((1 + c) / 2)
        return function(balls.real(c), balls.sqrt(balls.real(1 - c * c)))
    low, high = balls.lower(cosine), balls.upper(cosine)
    if high < -1 or low > 1:
        raise DomainViolation(f"{cosine.str(5)} is no cosine; a cosine is in [-1, 1]")
    if low == high:
        return _increasing(low, function)
    ends = [_increasing(c, function) for c in (max(low, Fraction(-1)), min(high, Fraction(1)))]
    return ends[0].union(ends[1])


def _order_one(cosine: Real, sine: Real) -> Real:
    """Enclose sin(phi) - phi cos(phi) for phi = pi - theta: phi^3 / 3 Lambda_{3/2}(phi)."""
    supplement = balls.angle(sine, -cosine)
    if supplement < 1:
        bessel = balls.normalised_bessel(balls.real(Fraction(3, 2)), supplement)
        return balls.power(supplement, 3) / 3 * bessel
    return sine + supplement * cosine


# -- as functions of the inputs --------------------------------------------------------------------
def kernel_of_angle(layers: Layers, product: Real, defect: Real, sizes: Real) -> Real:
    """Enclose a kernel at two inputs that are not 0.

    Parameters
    ----------
    layers : "first", "second" or "both"
    product : Real    x.y
    defect : Real     sqrt(|x|^2 |y|^2 - (x.y)^2) >= 0
    sizes : Real      |x| |y|
    """
    # pi - theta, without a cancellation on either side
    supplement = balls.angle(defect, -product)
    if layers == "first":
        return product * supplement / (balls.pi() * 2)
    if supplement < 1:
        bessel = balls.normalised_bessel(balls.real(Fraction(3, 2)), supplement)
        second = sizes * balls.power(supplement, 3) * bessel / (balls.pi() * 6)
    else:
        second = (defect + product * supplement) / (balls.pi() * 2)
    if layers == "second":
        return second
    return second + product * supplement / (balls.pi() * 2)


def first_layer(x: Sequence[Number], y: Sequence[Number]) -> Real:
    """Enclose E x.y 1{w.x >= 0} 1{w.y >= 0} over w ~ N(0, I).

    Parameters
    ----------
    x, y : inputs of equal length, rationals (exact) or balls

    Examples
    --------
    >>> float(first_layer([3, 4], [3, 4])), float(first_layer([1, 0], [-1, 0]))
    (12.5, 0.0)
    """
    return _kernel("first", x, y)


def second_layer(x: Sequence[Number], y: Sequence[Number]) -> Real:
    """Enclose E relu(w.x) relu(w.y) over w ~ N(0, I)."""
    return _kernel("second", x, y)


def both_layers(x: Sequence[Number], y: Sequence[Number]) -> Real:
    """Enclose the sum of the first-layer and the second-layer kernel."""
    return _kernel("both", x, y)


def check_layers(layers: object) -> None:
    if layers not in get_args(Layers):
        raise InvalidInstance(f"layers={layers!r} must be 'first', 'second' or 'both'")


def _kernel(layers: Layers, x: Sequence[Number], y: Sequence[Number]) -> Real:
    if len(x) != len(y):
        raise InvalidInstance(f"inputs of lengths {len(x)} and {len(y)}; they need equal length")
    if any(isinstance(e, Real) for e in (*x, *y)):
        return _of_balls(layers, [_ball(e) for e in x], [_ball(e) for e in y])
    return _of_rationals(layers, [as_fraction(e, "input") for e in x],
                         [as_fraction(e, "input") for e in y])  # fmt: skip


def _ball(x: Number) -> Real:
    return x if isinstance(x, Real) else balls.real(as_fraction(x, "input"))


def _of_rationals(layers: Layers, x: Sequence[Fraction], y: Sequence[Fraction]) -> Real:
    product, sizes = dot(x, y), dot(x, x) * dot(y, y)
    defect = sizes - product * product
    if sizes == 0:
        return balls.real(0)
    if defect == 0:
        # parallel inputs: |x||y| = |x.y|; each layer gives half of it where the angle is 0
        share = Fraction(1 if layers == "both" else Fraction(1, 2)) if product > 0 else Fraction(0)
        return balls.real(product * share)
    roots = balls.sqrt(balls.real(defect)), balls.sqrt(balls.real(sizes))
    return kernel_of_angle(layers, balls.real(product), *roots)


def _of_balls(layers: Layers, x: Sequence[Real], y: Sequence[Real]) -> Real:
    zero = balls.real(0)
    product = sum((a * b for a, b in zip(x, y, strict=True)), zero)
    sizes = balls.sqrt(sum(map(balls.square, x), zero) * sum(map(balls.square, y), zero),
                       assume_nonnegative=True)  # fmt: skip
    # Lagrange's identity keeps the defect of nearly parallel inputs
    squares = zero
    for i in range(len(x)):
        for j in range(i):
            squares += balls.square(x[i] * y[j] - x[j] * y[i])
    return kernel_of_angle(layers, product, balls.sqrt(squares, assume_nonnegative=True), sizes)
