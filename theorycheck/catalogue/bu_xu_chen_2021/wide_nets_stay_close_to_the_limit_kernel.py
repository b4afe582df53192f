r"""A wide net's error stays close to that of the limit kernel, for all t, the closer the wider.

    |D(t) - e^{-Hinf t} D(0)| <= |D(0)| (e^{-(l - eps) t} - e^{-l t}) <= eps |D(0)| / (e (l - eps))

with l = lambda_min(Hinf) and eps = |B(R)| + |H(0) - Hinf| < l, R from the certificate of
`du_2019.wide_net_converges_under_flow`: the precise form of "training a wide net is training a
strongly convex loss of the prediction error".

Source       theory B22(b), (c), making Bu, Xu & Chen 2021 (abstract) precise
Assumptions  no two inputs parallel; eps < lambda_min(Hinf)
Checked      that R and eps are such, hence the bound for all t; and the bound against the
             difference of both speeds at t = 0, which could refute it
Not checked  the rate m^{-1/2} of eps, a statement about random starts. For its figure:
             theorycheck figure bu_xu_chen_2021.wide_net_stays_close_to_the_limit_kernel
             --over width=1000,4000,16000 --over seed=0,1,2 --csv F.csv
See also     flow_stays_close_to_the_kernel.py for narrow nets and the kernel of their start
"""

from __future__ import annotations

from typing import Any

import sympy

from theorycheck.catalogue.du_2019.wide_nets_converge_from_one_start import (
    drawn_with,
    duplicate,
    flow_certificate,
    grid,
    two_inputs,
)
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    claim,
    lambda_max,
    lambda_min,
    le,
    lt,
    norm,
    spectral_norm,
    substitute,
    time,
)  # fmt: skip
from theorycheck.claims.wide_nets import (
    certified,
    details_of,
    initial_error,
    initial_gram,
    inputs_are_not_parallel,
    perturbation,
    wide_net_on_data,
)

error, least, change, factor = sympy.symbols("D_0 l epsilon c", positive=True)

BOUND = error * (sympy.exp(-(least - change) * time) - sympy.exp(-least * time))
"""Of |D(t) - e^{-Hinf t} D(0)|."""

CEILING = factor * change * error / (sympy.E * (least - change))
"""At least sup_t BOUND; c = 1."""


def deviation(case: Case) -> Any:
    """Eps = |B(R)| + |H(0) - Hinf|, at the certificate's R."""
    flips = lambda_max(perturbation(case, flow_certificate(case).radius))
    return flips + spectral_norm(initial_gram(case) - case.kernel.matrix)


def deviation_is_small(case: Case) -> Any:
    return lt(deviation(case), lambda_min(case.kernel.matrix))


def details(case: Case) -> dict[str, Any]:
    """The deviation's parts, and its bound relative to |D(0)|."""
    values = {change: deviation(case), least: lambda_min(case.kernel.matrix), error: 1, factor: 1}
    return {
        **details_of(flow_certificate)(case),
        "eps": deviation(case),
        "sup |D - D_kernel| / |D(0)|": substitute(CEILING, values),
    }


@claim(
    source=Source("theory B22(b), after Bu, Xu & Chen 2021", "arXiv 2010.13165", "B22(b), (c)"),
    family=drawn_with(),
    assumptions=[
        inputs_are_not_parallel,
        Assumption("deviation_is_small", deviation_is_small, "eps < lambda_min(Hinf)"),
    ],
    example=two_inputs,
    on_data=wide_net_on_data,
    controls=[
        Control("a thousandth of eps", two_inputs, changes={"share": sympy.Rational(1, 1000)}),
        Control("duplicate inputs", duplicate, outcome="vacuous"),
    ],
    details=details,
    grid=grid,
    proof="proofs.bu_xu_chen_2021.wide_nets_stay_close_to_the_limit_kernel",
    formulas={"bound": BOUND, "its supremum": CEILING},
    survives={
        **dict.fromkeys(
            ("share: constant 2", "share: constant 10/9"), "a larger eps is the weaker statement"
        ),
        "inputs_are_not_parallel: dropped": "implied by eps < lambda_min(Hinf), which is 0 for "
        "parallel inputs",
        "deviation_is_small: dropped": "what is looked at, the speeds at t = 0, differ by at most "
        "eps |D(0)| for every eps",
    },
)
def wide_net_stays_close_to_the_limit_kernel(case: Case, *, share: Any = 1) -> Any:
    """The error of a wide net under flow stays close to that of the limit kernel, for all t."""
    found = flow_certificate(case)
    if found.reason:
        return certified(found)
    eps, start = deviation(case), initial_error(case)
    apart = norm((initial_gram(case) - case.kernel.matrix) @ start)
    allowed = sympy.Rational(share) * eps * norm(start)
    return [certified(found, within=share >= 1), le(apart, allowed)]
