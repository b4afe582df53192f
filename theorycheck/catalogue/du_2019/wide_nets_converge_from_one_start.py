r"""One start decides, at any width: the net of these weights converges for all t, no probability.

    mu = lambda_min(H(0)) - |B(R)| > 0,    |X| |D(0)| / (sqrt(m) mu) < R
    =>    |D(t)| <= e^{-mu t} |D(0)|   for all t >= 0

for some R that is searched for, and alike for descent (rate nu = mu - |X||N|/m, steps at most
1/|X|^2) and for both layers. The weights are those of width and seed, exact; so are all counts.

Source       theory B11(c), (d), replacing the probability of Du et al. 2019, Theorems 3.2, 4.1
Assumptions  no two inputs parallel
Checked      the conditions, hence the conclusion for all t; and the rate against the speed of the
             error at t = 0 (its first step, for descent), which could refute it
Not checked  whether the net converges where no R fulfils the conditions: UNDECIDED, with the
             condition that fails, lambda_0, and the width the explicit theorem asks for
See also     flow_converges_from_one_start.py for the conclusion on certified runs of narrow nets
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any

import sympy

from theorycheck.claims import (
    Case,
    Control,
    Source,
    claim,
    constant,
    frobenius_squared,
    ge,
    inner,
    le,
    norm,
    time,
)  # fmt: skip
from theorycheck.claims.wide_nets import (
    certified,
    details_of,
    initial_error,
    initial_gram,
    inputs_are_not_parallel,
    wide_net,
    wide_net_instance,
    wide_net_on_data,
)
from theorycheck.problems import Dataset, Family, Instance
from theorycheck.problems.choices import Choices
from theorycheck.problems.kernel_instances import sphere_point
from theorycheck.trajectories.seedwise import SeedCertificate

error, rate = sympy.symbols("D_0 mu", positive=True)

BOUND = error * sympy.exp(-rate * time)
"""Of |D(t)|."""

POINTS = tuple(
    tuple(Fraction(round(q * 2**30), 2**30) for q in sphere_point(Fraction(t, 2)))
    for t in (0, 1, -1, 4, -5)
)
"""Points of the unit circle, rounded to the grid of the inputs."""


def two_inputs(*, width: Any = 2000, seed: Any = 0, scale: Any = "1/50", **more: Any) -> Instance:
    """Two inputs of the plane with small labels, on which the conditions hold at small widths."""
    labels = [sympy.Rational(scale), -sympy.Rational(scale)]
    return wide_net_instance(POINTS[1:4:2], labels, width=width, seed=seed, **more)


def duplicate(**more: Any) -> Instance:
    return two_inputs(**more).replace(inputs=[POINTS[1], POINTS[1]])


def draw(choices: Choices, **more: Any) -> Instance:
    """Two inputs, parallel at times; labels and widths at which some starts are decided."""
    width = choices.pick((400, 1000, 2000))
    labels = [sympy.Rational(choices.integer(-4, 4), 200) for _ in range(2)]
    inputs = [choices.pick(POINTS), choices.pick(POINTS)]
    return wide_net_instance(inputs, labels, width=width, seed=choices.integer(0, 99), **more)


def grid(*, width: Any = (1000, 4000, 16000), seed: Any = (0,), **more: Any) -> list[Instance]:
    """The example over widths and seeds."""
    return [two_inputs(width=m, seed=s, **more) for m in width for s in seed]


def descent_on_data(
    *, data: Dataset, samples: Any = 2, width: Any = 200_000, seed: Any = 0, label_scale: Any = 1,
    step_size: Any = None,
) -> Instance:  # fmt: skip
    """Descent with step 9 / (10 n) unless it is given: |X|^2 is at most about n for unit inputs."""
    made = wide_net_on_data(
        data=data, samples=samples, width=width, seed=seed, label_scale=label_scale
    )
    step = Fraction(9, 10 * len(made.inputs)) if step_size is None else step_size
    return made.replace(step_size=step)


def drawn_with(**more: Any) -> Family:
    return Family("wide nets in the plane", partial(draw, **more))


def flow_certificate(case: Case) -> SeedCertificate:
    return wide_net(case).flow()


def descent_certificate(case: Case) -> SeedCertificate:
    return wide_net(case).descent(case.step_size)


def layers_certificate(case: Case) -> SeedCertificate:
    return wide_net(case).both_layers()


def lowest(found: SeedCertificate, name: str) -> Any:
    """A certified number from below, exactly."""
    return sympy.Rational(found.numbers[name].lower)


def starts_fast_enough(case: Case, found: SeedCertificate, gram: Any, factor: Any) -> list[Any]:
    """-(|D|^2 / 2)' = D^T H D at t = 0, at least mu |D(0)|^2."""
    if "rate" not in found.numbers or found.reason:
        return []
    start = initial_error(case)
    bound = sympy.Rational(factor) * lowest(found, "rate") * frobenius_squared(start)
    return [ge(inner(start, gram @ start), bound)]


PAPER = "after Du, Zhai, Poczos & Singh 2019"
VACUOUS = Control("duplicate inputs", duplicate, outcome="vacuous")


@claim(
    source=Source(f"theory B11(c), {PAPER}", "arXiv 1810.02054", "B11(c)"),
    family=drawn_with(),
    assumptions=[inputs_are_not_parallel],
    example=two_inputs,
    on_data=wide_net_on_data,
    controls=[Control("ten times the rate", two_inputs, changes={"factor": 10}), VACUOUS],
    details=details_of(flow_certificate),
    grid=grid,
    proof="proofs.du_2019.wide_nets_converge_from_one_start",
    formulas={"bound of |D(t)|": BOUND},
    survives={
        **dict.fromkeys(
            ("factor: constant 1/2", "factor: constant 9/10"),
            "a smaller rate is the weaker statement",
        ),
        "inputs_are_not_parallel: dropped": "parallel inputs have a singular H(0): no R fulfils "
        "the conditions, nothing is concluded",
    },
)
def wide_net_converges_under_flow(case: Case, *, factor: Any = 1) -> Any:
    """Flow of a wide net converges at a linear rate for all times, decided by its start."""
    found = flow_certificate(case)
    sides = starts_fast_enough(case, found, initial_gram(case), factor)
    return [certified(found, within=factor <= 1), *sides]


@claim(
    source=Source(f"theory B11(c), {PAPER}", "arXiv 1810.02054", "B11(c), descent"),
    family=drawn_with(step_size="2/5"),
    assumptions=[inputs_are_not_parallel],
    example=partial(two_inputs, step_size="2/5"),
    on_data=descent_on_data,
    controls=[
        Control("ten times the rate", two_inputs(step_size="2/5"), changes={"factor": 10}),
        Control("duplicate inputs", partial(duplicate, step_size="2/5"), outcome="vacuous"),
    ],
    details=details_of(descent_certificate),
    grid=partial(grid, step_size="2/5"),
    survives={
        **dict.fromkeys(
            ("factor: constant 1/2", "factor: constant 9/10"),
            "a smaller rate is the weaker statement",
        ),
        "inputs_are_not_parallel: dropped": "parallel inputs have a singular H(0): no R fulfils "
        "the conditions, nothing is concluded",
    },
)
def wide_net_converges_under_descent(case: Case, *, factor: Any = 1) -> Any:
    """Descent on a wide net converges at a linear rate for all steps, decided by its start."""
    found = descent_certificate(case)
    sides = []
    if "kicks" in found.numbers and not found.reason:
        start, eta = initial_error(case), sympy.Rational(case.step_size)
        moved = start - eta * (initial_gram(case) @ start)
        shrunk = 1 - eta * sympy.Rational(factor) * lowest(found, "rate")
        kicked = eta * sympy.Rational(found.numbers["kicks"].upper)
        sides = [le(norm(moved), (shrunk + kicked) * norm(start))]
    return [certified(found, within=factor <= 1), *sides]


@claim(
    source=Source(f"theory B11(d), {PAPER}", "arXiv 1810.02054", "B11(d)"),
    family=drawn_with(),
    assumptions=[inputs_are_not_parallel],
    example=two_inputs,
    on_data=partial(wide_net_on_data, samples=2, label_scale="1/10"),
    controls=[Control("ten times the rate", two_inputs, changes={"factor": 10}), VACUOUS],
    details=details_of(layers_certificate),
    grid=grid,
    proof="proofs.du_2019.wide_nets_converge_from_one_start",
    formulas={"bound of |D(t)|": BOUND},
    survives={
        **dict.fromkeys(
            ("factor: constant 1/2", "factor: constant 9/10"),
            "a smaller rate is the weaker statement",
        ),
        **dict.fromkeys(
            ("factor: constant 10/9", "relation 2: tightened 9/10", "relation 2: strict"),
            "mu leaves out K(0), which adds to the speed at t = 0; it is small against H(0) only "
            "for inputs nearly parallel, at widths beyond reach",
        ),
        "inputs_are_not_parallel: dropped": "parallel inputs have a singular H(0): no R fulfils "
        "the conditions, nothing is concluded",
    },
)
def wide_net_converges_with_both_layers(case: Case, *, factor: Any = 1) -> Any:
    """Flow of both layers of a wide net converges for all times, decided by its start."""
    found = layers_certificate(case)
    if found.reason:
        return certified(found)
    both = initial_gram(case) + constant(wide_net(case).net.second_gram, "K(0)")
    return [certified(found, within=factor <= 1), *starts_fast_enough(case, found, both, factor)]
