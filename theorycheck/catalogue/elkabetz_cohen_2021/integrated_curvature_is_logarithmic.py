r"""The integrated curvature bound grows like the logarithm of the scale of the start.

    int_0^T m dt <= M_0 = (n-1) (arccos c_0 + (1/n) ln(1/r_0))
    m = (n-1) ||grad phi(w)|| ||w||^{1-2/n} >= -lambda_min of the Hessian at theta(t)

So e^{int m} is polynomial in the scale r_0 = ||w_0||, exponential in depth times angle only.

Source       after Elkabetz & Cohen 2021, Section 5, arXiv 2107.06608; theory A20
Assumptions  balanced, one output, hidden width 1, ||u|| = 1, n >= 2, 0 < c_0, r_0 <= c_0
Checked      an enclosure of the integral over [0, T] against M_0
Not checked  T = infinity; starts with c_0 <= 0 or r_0 > c_0
See also     scalar_output_moves_in_a_plane.py; curvature_stays_small_from_near_zero.py for m
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import sympy

from theorycheck.catalogue.elkabetz_cohen_2021.scalar_output_moves_in_a_plane import (
    CHAIN,
    cosine_number,
)
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    claim,
    gt,
    integral,
    le,
    norm,
    substitute,
    times,
)  # fmt: skip
from theorycheck.problems import Instance
from theorycheck.problems.single_output import single_output_family, single_output_instance
from theorycheck.problems.spoiled import with_inputs_scaled

n, c_0, r_0 = sympy.symbols("n c_0 r_0", positive=True)
factor = sympy.Symbol(r"\kappa", nonnegative=True)
slope, length = sympy.symbols(r"\|\nabla\phi\| \|w\|", nonnegative=True)

BOUND = (n - 1) * (sympy.acos(c_0) + factor / n * sympy.log(1 / r_0))
"""M_0; kappa = 1 in the theorem."""

CURVATURE = (n - 1) * slope * length ** (1 - 2 / n)
"""m(t)."""


def start_grows(case: Case) -> Any:
    c, r = cosine_number(case), scale(case)
    return [gt(c, 0), le(r, c)]


def scale(case: Case) -> Fraction:
    """r_0 = W_n^n, exactly."""
    length: Fraction = Fraction(case.start[-1]) ** int(case.network.depth)
    return length


GROWS = Assumption("start_grows", start_grows, "0 < c_0 and r_0 <= c_0")


def bound(case: Case, constant: Any = 1) -> Any:
    """M_0 of the instance."""
    values = {c_0: cosine_number(case), r_0: scale(case), n: case.network.depth}
    return substitute(BOUND, {**values, factor: constant})


def integrated(case: Case) -> Any:
    """The integral of m over [0, T]."""
    flow = case.flow
    m = substitute(
        CURVATURE.subs(n, case.network.depth),
        {slope: norm(flow.outer_gradient), length: norm(flow.end_to_end)},
    )
    return integral(m, times(0, case.horizon))


def example(
    *, depth: Any = 3, layer: Any = "1/10", slope: Any = "1/6", horizon: Any = 4
) -> Instance:
    """A start of length 10^{-3} at c_0 = 35/37."""
    return single_output_instance(depth=depth, layer=layer, slope=slope, horizon=horizon)


def small_and_nearly_aligned(*, horizon: Any = 6) -> Instance:
    """R_0 = 10^{-3}, c_0 = 0.95 exactly: 5.2403 bounds 4.6693, 0.6351 does not (theory A)."""
    direction = [Fraction(k, 20) for k in (19, 6, 1, 1, 1)]
    return single_output_instance(depth=3, layer="1/10", direction=direction, horizon=horizon)


def aligned(*, layer: Any = "15/16", horizon: Any = "1/2") -> Instance:
    """An aligned start of depth two: the integral tends to the bound as T grows."""
    return single_output_instance(depth=2, layer=layer, slope=0, horizon=horizon)


def details(case: Case) -> dict[str, Any]:
    """What a figure shows of one start."""
    c, r = cosine_number(case), scale(case)
    return {"scale": r, "cosine": c, "bound": bound(case), "truth": integrated(case)}


def grid(
    layers: Sequence[Any], slopes: Sequence[Any], *, depth: int = 3, horizon: Any = 10
) -> list[Instance]:
    """Starts over scale and angle for a figure, those with 0 < c_0 and r_0 <= c_0.

    `theorycheck figure CLAIM --over layers=1/10,1/2 --over slopes=1/8,1/2 --csv F.csv` writes
    scale, cosine, bound and enclosed truth of each.
    """
    made = [example(depth=depth, layer=q, slope=s, horizon=horizon) for q in layers for s in slopes]
    pairs = [(Case(i), i) for i in made]
    return [i for case, i in pairs if scale(case) <= cosine_number(case)]


@claim(
    source=Source("after Elkabetz & Cohen 2021, Section 5", "arXiv 2107.06608", "A20"),
    family=single_output_family((2, 4), grows=True),
    assumptions=[*CHAIN, GROWS],
    example=example,
    controls=[
        Control(
            "inputs half as long",
            lambda: with_inputs_scaled(aligned(horizon=8)),
            drop=("loss_is_whitened",),
        ),
        Control(
            "inputs half as long, assumption kept",
            lambda: with_inputs_scaled(aligned(horizon=8)),
            outcome="vacuous",
        ),
        Control("logarithm dropped", small_and_nearly_aligned, changes={"constant": 0}),
        Control("half of the logarithm", aligned, changes={"constant": Fraction(1, 2)}),
        Control("obtuse start", lambda: example(slope=2), outcome="vacuous"),
    ],
    details=details,
    grid=grid,
    proof="proofs.elkabetz_cohen_2021.integrated_curvature_is_logarithmic",
    formulas={"bound": BOUND, "curvature": CURVATURE},
    survives={
        "relation 1: strict": "attained by aligned starts for T = infinity, and at the minimiser, "
        "where the root of |grad phi|^2 = 0 has no enclosed integral",
    },
)
def integrated_curvature_is_logarithmic(case: Case, *, constant: Any = 1) -> Any:
    """The integrated curvature bound of a balanced net with one output is logarithmic in scale."""
    return le(integrated(case), bound(case, constant))
