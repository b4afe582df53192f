r"""One start decides, at any width, for heavy ball (ODE and iterates) and for Nesterov's method.

    heavy ball            |D(t)| <= M e^{-r t / 2}       for all t >= 0
    its iterates          |D_k| <= M q^k                 for all k
    Nesterov, friction 3  |D(t)| <= M                    on [0, T]

where conditions on R, on the counts of flips within R and on the spectrum of H(0) hold; they are
those of `trajectories/seedwise/certificates.py`. No probability: the weights are exact.

Source       theory B13(f), B13(g), B15(f), replacing the theorems of Bu, Xu & Chen 2021
Assumptions  no two inputs parallel
Checked      the conditions, hence the conclusions; and M against |D(0)|, which could refute it
Not checked  starts on which no R fulfils the conditions: UNDECIDED; Nesterov beyond T, for which
             no theorem is known
See also     heavy_ball_converges_from_one_start.py, nesterov_stays_bounded_from_one_start.py for
             the conclusions on certified runs of narrow nets
"""

from __future__ import annotations

from functools import partial
from typing import Any

import sympy

from theorycheck.catalogue.du_2019.wide_nets_converge_from_one_start import (
    drawn_with,
    duplicate,
    grid,
    two_inputs,
)
from theorycheck.claims import Case, Control, Source, claim, le, norm
from theorycheck.claims.wide_nets import (
    certified,
    details_of,
    initial_error,
    inputs_are_not_parallel,
    wide_net,
    wide_net_on_data,
)
from theorycheck.trajectories.seedwise import SeedCertificate


def damped_certificate(case: Case) -> SeedCertificate:
    return wide_net(case).heavy_ball(getattr(case.instance, "damping", None))


def stepped_certificate(case: Case) -> SeedCertificate:
    fields = case.instance
    return wide_net(case).heavy_ball_iterates(
        getattr(fields, "step_size", None), getattr(fields, "momentum", None)
    )


def nesterov_certificate(case: Case) -> SeedCertificate:
    return wide_net(case).nesterov(case.horizon)


def certified_level(case: Case, found: SeedCertificate, factor: Any) -> list[Any]:
    """The certificate, and at t = 0: |D(0)| <= M."""
    if "M" not in found.numbers or found.reason:
        return [certified(found, within=factor >= 1)]
    level = sympy.Rational(factor) * sympy.Rational(found.numbers["M"].upper)
    return [certified(found, within=factor >= 1), le(norm(initial_error(case)), level)]


PAPER = "replacing Bu, Xu & Chen 2021"
LINK = "arXiv 2010.13165"
TENTH = sympy.Rational(1, 10)


@claim(
    source=Source(f"theory B13(f), {PAPER}", LINK, "B13(f)"),
    family=drawn_with(),
    assumptions=[inputs_are_not_parallel],
    example=two_inputs,
    on_data=partial(wide_net_on_data, label_scale="1/10"),
    controls=[
        Control("a tenth of M", two_inputs, changes={"factor": TENTH}),
        Control("duplicate inputs", duplicate, outcome="vacuous"),
    ],
    details=details_of(damped_certificate),
    grid=grid,
    survives={
        **dict.fromkeys(
            ("factor: constant 2", "factor: constant 10/9"), "a larger M is the weaker statement"
        ),
        **dict.fromkeys(
            ("factor: constant 9/10", "relation 2: tightened 9/10", "relation 2: strict"),
            "M >= 2 e^{-1/2} |D(0)| = 1.21 |D(0)|: not attained at t = 0",
        ),
        "inputs_are_not_parallel: dropped": "parallel inputs have a singular H(0): no R fulfils "
        "the conditions, nothing is concluded",
    },
)
def wide_net_converges_under_heavy_ball(case: Case, *, factor: Any = 1) -> Any:
    """Heavy ball on a wide net converges at a linear rate for all times, decided by its start."""
    return certified_level(case, damped_certificate(case), factor)


@claim(
    source=Source(f"theory B13(g), {PAPER}", LINK, "B13(g)"),
    family=drawn_with(),
    assumptions=[inputs_are_not_parallel],
    example=two_inputs,
    on_data=partial(wide_net_on_data, label_scale="1/10"),
    controls=[
        Control("a tenth of M", two_inputs, changes={"factor": TENTH}),
        Control("duplicate inputs", duplicate, outcome="vacuous"),
    ],
    details=details_of(stepped_certificate),
    grid=grid,
    survives={
        **dict.fromkeys(
            ("factor: constant 2", "factor: constant 10/9"), "a larger M is the weaker statement"
        ),
        "inputs_are_not_parallel: dropped": "parallel inputs have a singular H(0): no R fulfils "
        "the conditions, nothing is concluded",
    },
)
def wide_net_converges_under_heavy_ball_steps(case: Case, *, factor: Any = 1) -> Any:
    """Heavy ball's iterates on a wide net converge at a linear rate for all steps."""
    return certified_level(case, stepped_certificate(case), factor)


@claim(
    source=Source(f"theory B15(f), {PAPER}", LINK, "B15(f)"),
    family=drawn_with(horizon=4),
    assumptions=[inputs_are_not_parallel],
    example=partial(two_inputs, horizon=4),
    on_data=partial(wide_net_on_data, horizon=4),
    controls=[
        Control("a tenth of M", partial(two_inputs, horizon=4), changes={"factor": TENTH}),
        Control("duplicate inputs", partial(duplicate, horizon=4), outcome="vacuous"),
    ],
    details=details_of(nesterov_certificate),
    grid=partial(grid, horizon=4),
    survives={
        **dict.fromkeys(
            ("factor: constant 2", "factor: constant 10/9"), "a larger M is the weaker statement"
        ),
        "inputs_are_not_parallel: dropped": "H(0) is singular for parallel inputs, and no "
        "certificate is looked for",
    },
)
def wide_net_stays_bounded_under_nesterov(case: Case, *, factor: Any = 1) -> Any:
    """The error of a wide net under Nesterov's ODE stays below M up to a horizon."""
    return certified_level(case, nesterov_certificate(case), factor)
