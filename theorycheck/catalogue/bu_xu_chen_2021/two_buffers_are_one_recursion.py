r"""Two nested momentum buffers are one recursion of three terms; its limit has the mass 1 + p_2.

    D_{k+1} - D_k = p_1 (D_k - D_{k-1}) + p_2 (D_{k-1} - D_{k-2}) - eta H D_k
    z^3 - (1 + p_1 - x) z^2 + (p_1 - p_2) z + p_2 = (z - 1)(z - r)(z - s) + x z^2

with p_1 = r + s, p_2 = -r s for buffers of roots r and s, x = eta l. With p_1 + p_2 = 1 - b h and
eta = h^2 the limit is (1 + p_2) w'' + b w' + H w = 0, so that iterates stay near heavy ball.

Source       the authors' notebook (two-buffer momentum); analysis in theory B18
Assumptions  -
Checked      the polynomial at z = `point`, exactly, for the two roots of the instance
Not checked  |D_k - w(k h)| <= C h: no constant has a proof. `details` enclose the largest distance
             over h on the instance (0.58 was seen)
"""

from __future__ import annotations

from typing import Any

import sympy

from theorycheck.claims import (
    Case,
    Control,
    Source,
    claim,
    equal,
    norm,
    step,
    steps,
    supremum,
)  # fmt: skip
from theorycheck.errors import InvalidInstance
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices


def example(
    *, damping: Any = "4/5", spacing: Any = "1/10", second: Any = "-2/5", count: Any = 60
) -> Instance:
    return Instance(
        kernel_matrix=[[1]], error=[1], damping=damping, spacing=spacing, second=second,
        roots=["1/2", "4/5"], point="1/3", steps=count,
    )  # fmt: skip


def draw(choices: Choices) -> Instance:
    roots = [choices.fraction(-1, 1, 5), choices.fraction(-1, 1, 7)]
    return example(count=8).replace(roots=roots, point=choices.fraction(-3, 3, 4))


def distance_over_spacing(case: Case) -> Any:
    """Max_k |D_k - w(k h)| / h, w of the ODE of mass 1 + p_2, one mode."""
    h, second, b = (sympy.Rational(v) for v in (case.spacing, case.second, case.damping))
    run = case.kernel.iterates("two buffers", h**2, 1 - b * h - second, second)[0, 0]
    # (1 + p2) w'' + b w' + l w = 0 at t is heavy ball at t / sqrt(1 + p2)
    root = sympy.sqrt(1 + second)
    limit = case.kernel.heavy_ball(b / root).error.at(step * h / root)[0, 0]
    return supremum(norm(run - limit) / h, steps(1, case.steps))


@claim(
    source=Source("Bu, Xu & Chen 2021, the authors' notebook", "arXiv 2010.13165", "B18"),
    family=Family("two buffers on one mode", draw),
    example=example,
    controls=[Control("p_1 + p_2", example, changes={"sign": 1})],
    details=lambda case: {"largest distance from the ODE over h": distance_over_spacing(case)},
)
def two_buffers_are_one_recursion(case: Case, *, sign: int = -1) -> Any:
    """Two momentum buffers are one three-term recursion: its polynomial has their roots."""
    if not isinstance(case.roots, tuple) or len(case.roots) != 2:
        raise InvalidInstance(f"roots={case.roots} must be two numbers, one per buffer")
    z, (r, s) = sympy.Rational(case.point), map(sympy.Rational, case.roots)
    x, p1, p2 = sympy.Rational(1, 3), r + s, -r * s
    cubic = z**3 - (1 + p1 - x) * z**2 + (p1 + sign * p2) * z + p2
    return equal(cubic, (z - 1) * (z - r) * (z - s) + x * z**2)
