r"""At finite width the error equation of heavy ball has impulses: without them it is refuted.

    D'' + b D' + H(t) D = 0  ("ReLU has zero second derivative")  would give, for t_1 < t_2,
    |D'(t_2) - D'(t_1)| <= (t_2 - t_1) (b G + G^2) |D(0)|,    G^2 = |X|^2 sum_r a_r^2 / m >= |H|

since |D| <= |D(0)| and |D'| <= G |D(0)| by the energy |D|^2/2 + |W'|^2/2. In truth D'_i jumps by
a_r |z'_ir| / sqrt(m) where z_ir = w_r . x_i crosses 0.

Source       Bu, Xu & Chen 2021 as remembered, arXiv 2010.13165; theory B12
Assumptions  start at u(0) - y with the energy above, at rest
Checked      the consequence above, between two times about the first kink: refuted
Not checked  what the paper itself writes: its text was not at hand
See also     `trajectories.two_layer`, whose kinks enclose each jump
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import sympy

from theorycheck.catalogue.du_2019.narrow_nets import printed_net
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    claim,
    constant,
    ge,
    lambda_max,
    le,
    lt,
    norm,
    sqrt,
    substitute,
)  # fmt: skip
from theorycheck.claims.nets import exact_number, initial_net, net_training
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices
from theorycheck.trajectories.two_layer import HeavyBall
from theorycheck.verdicts import VIOLATED

elapsed, damping, gain, error = sympy.symbols("t b G D_0", positive=True)

BOUND = elapsed * (damping * gain + gain**2) * error
"""Of |D'(t_2) - D'(t_1)|, if the equation had no impulses."""


def times_are_ordered(case: Case) -> Any:
    return [ge(case.damping, 0), ge(case.before, 0), lt(case.before, case.after)]


def about_the_printed_kink(*, before: Any = "589/500", after: Any = "59/50") -> Instance:
    """The net of theory B12: the first kink is at 1.17893083, where D'_2 jumps by 0.1368."""
    return printed_net(horizon="3/2", damping=1, before=before, after=after)


def draw(choices: Choices) -> Instance:
    """One neuron without damping: z = -k + (1 + k) cos t crosses 0 at arccos(k / (1 + k))."""
    k = choices.integer(1, 6)
    # a guess on the grid of hundredths; wherever it is, the times are exact
    kink = Fraction(round(math.acos(k / (1 + k)) * 1000), 1000)
    return Instance(
        inputs=[[1]], labels=[-k], weights=[[1]], outer=[1], damping=0, horizon=2,
        before=kink - Fraction(1, 200), after=kink + Fraction(1, 200),
    )  # fmt: skip


@claim(
    source=Source("Bu, Xu & Chen 2021 as remembered", "arXiv 2010.13165", "B12"),
    family=Family("one neuron about its first kink", draw),
    assumptions=[Assumption("times_are_ordered", times_are_ordered, "0 <= t_1 < t_2, b >= 0")],
    example=about_the_printed_kink,
    controls=[
        Control(
            "times in the wrong order",
            lambda: about_the_printed_kink(before="59/50", after="589/500"),
            outcome="vacuous",
        )
    ],
    expected=VIOLATED,
    formulas={"bound without impulses": BOUND},
)
def error_equation_without_impulses_as_remembered(case: Case) -> Any:
    """The speed of the error changes continuously under heavy ball: refuted at every kink."""
    run, net = net_training(case, HeavyBall(Fraction(case.damping))), initial_net(case)
    squares = sum((a * a for a in net.outer), Fraction(0)) / net.width
    bound = substitute(BOUND, {
        elapsed: case.after - case.before, damping: case.damping,
        gain: sqrt(exact_number(squares) * lambda_max(constant(net.products, "X X^T"))),
        error: norm(run.at(0).error),
    })  # fmt: skip
    return le(norm(run.at(case.after).error_speed - run.at(case.before).error_speed), bound)
