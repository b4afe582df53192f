"""Problems, exact starts and independent truths shared by the trajectory tests."""

import random
from fractions import Fraction

from theorycheck.losses import SquareLoss
from theorycheck.networks import DeepLinear

F = Fraction


def rational_matrix(rng, rows, columns, denominator=8):
    return tuple(
        tuple(F(rng.randint(-denominator, denominator), denominator) for _ in range(columns))
        for _ in range(rows)
    )


def random_problem(seed, *, data=False, max_depth=4, max_width=3):
    """A random deep linear objective with a random exact start (thirds included)."""
    rng = random.Random(seed)
    widths = tuple(rng.randint(1, max_width) for _ in range(rng.randint(1, max_depth) + 1))
    network = DeepLinear(widths=widths)
    if data:
        count = rng.randint(1, 4)
        loss = SquareLoss(
            inputs=rational_matrix(rng, widths[0], count),
            targets=rational_matrix(rng, widths[-1], count),
            mean=rng.random() < 0.5,
        )
    else:
        loss = SquareLoss.whitened(rational_matrix(rng, widths[-1], widths[0]))
    start = [F(rng.randint(-9, 9), rng.choice((8, 9, 12))) for _ in range(network.dimension)]
    return network.objective(loss), start


def square_problem(depth, width, seed=0):
    """All layers width x width, whitened, dyadic data; the model problem of the benchmarks."""
    rng = random.Random(seed)
    network = DeepLinear(widths=(width,) * (depth + 1))
    loss = SquareLoss.whitened(rational_matrix(rng, width, width))
    scale = F(1, 2) if width > 2 else F(1)
    start = [
        q * scale for _ in range(depth) for row in rational_matrix(rng, width, width) for q in row
    ]
    return network.objective(loss), start


def scalar_problem(depth, target=1):
    network = DeepLinear(widths=(1,) * (depth + 1))
    return network.objective(SquareLoss.whitened(((F(target),),)))


def exact(value):
    """The exact rational an mpf stands for."""
    sign, man, exp, _ = value._mpf_
    q = F(int(man)) * F(2) ** int(exp)
    return -q if sign else q


def contains(balls, truth):
    return all(b.lower <= x <= b.upper for b, x in zip(balls, truth, strict=True))


def near(balls, decimals, slack):
    """Whether each ball meets [decimal - slack, decimal + slack]; printed truths are rounded."""
    return all(
        b.lower <= F(d) + slack and F(d) - slack <= b.upper
        for b, d in zip(balls, decimals, strict=True)
    )
