r"""Descent tracks the flow also from another start, if the step size makes room for the gap.

    ||theta_0 - theta(0)|| = e_0 < epsilon   and, for 0 < t <= T,
    eta beta_t gamma_t int_0^t e^{mu(t)-mu(s)} ds < epsilon - e^{mu(t)} e_0
    =>  ||theta_k - theta(k eta)|| < epsilon          for all k with k eta <= T

the step size bound of descent_tracks_flow.py, which this claim searches with e_0 > 0.

Source       Elkabetz & Cohen 2021, main theorem, arXiv 2107.06608; constants: theory A2
Assumptions  the starts differ by less than epsilon; the step size inequality at every t in [0, T]
Checked      every iterate; m, beta, gamma as certified step functions on a partition of [0, T]
Not checked  the infimum over all admissible m, beta, gamma: any valid ones will do
See also     initial_gap_grows_exponentially.py, where the factor e^{mu(t)} is attained
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from theorycheck.catalogue.elkabetz_cohen_2021.descent_tracks_flow import (
    STEP_SIZE_BOUND,
    example as near_identity,
    gap_at_start,
    last_step,
    step_size_is_small,
    tracking,
    tracking_error,
)
from theorycheck.claims import Assumption, Case, Control, Source, claim, gt, lt, steps
from theorycheck.problems import Instance, families
from theorycheck.problems.choices import Choices

SHARES = (Fraction(3, 5), Fraction(4, 5))
"""A unit vector with rational entries: gaps are exact numbers."""


def moved(instance: Instance, gap: Fraction, first: int = 0) -> Instance:
    """Let descent start at distance `gap` from the flow, in two coordinates (or in one)."""
    start = list(instance.start)
    if len(start) == 1:
        start[0] += gap
    else:
        for offset, share in enumerate(SHARES):
            start[(first + offset) % len(start)] += gap * share
    return instance.replace(descent_start=start)


def example(*, gap: Any = "1/64", horizon: Any = 1, step_size: Any = "2^-9") -> Instance:
    """The net of `descent_tracks_flow` with a second start."""
    return moved(near_identity(horizon=horizon, step_size=step_size), Fraction(str(gap)))


def draw(choices: Choices) -> Instance:
    """Short flows of small nets with a tube radius, and a gap of at most a quarter of it."""
    instance = tracking((1, 3)).draw(choices)
    instance = instance.replace(step_size=instance.step_size / 2)  # the gap takes its share
    gap = instance.epsilon * Fraction(choices.integer(1, 4), 16)
    return moved(instance, gap, choices.integer(0, instance.network.dimension - 1))


def starts_differ_by_less_than_epsilon(case: Case) -> Any:
    return [gt(gap_at_start(case), 0), lt(gap_at_start(case), case.epsilon)]


def whole_gap() -> Instance:
    """A gap of 3/2 epsilon on a scalar net, nearly at rest."""
    return moved(near_identity(depth=2, width=1, horizon="1/8", step_size="1/64"), Fraction(3, 16))


@claim(
    source=Source("Elkabetz & Cohen 2021, main theorem, e_0 > 0", "arXiv 2107.06608", "A2"),
    family=families.Family("tracking from another start", draw),
    assumptions=[
        Assumption(
            "starts_differ_by_less_than_epsilon",
            starts_differ_by_less_than_epsilon,
            "0 < e_0 < epsilon",
        ),
        step_size_is_small(1),
    ],
    example=example,
    controls=[
        Control("distance below the gap at the start", example, changes={"share": Fraction(1, 16)}),
        Control("gap above epsilon", whole_gap, outcome="vacuous"),
        Control(
            "gap above epsilon, assumptions dropped",
            whole_gap,
            drop=("starts_differ_by_less_than_epsilon", "step_size_is_small"),
        ),
        Control("no room for the gap's growth", lambda: example(gap="1/9"), outcome="vacuous"),
    ],
    formulas={"step size bound": STEP_SIZE_BOUND},
    survives={
        "starts_differ_by_less_than_epsilon: dropped": "e_0 < epsilon is the step size inequality "
        "as t -> 0; e_0 = 0 is the theorem with one start",
    },
)
def descent_tracks_flow_from_another_start(case: Case, *, share: Fraction = Fraction(1)) -> Any:
    """Descent from a nearby start stays within epsilon of the flow at every step."""
    return lt(tracking_error(case), share * case.epsilon, over=steps(0, last_step(case)))
