r"""Along the flow of the kernel model the error decays between two exponentials.

    e^{-lambda_max t} |D(0)| <= |D(t)| <= e^{-lambda_min t} |D(0)|

Source       Du, Zhai, Poczos & Singh 2019 have half of the rate; both sides: theory B7
Assumptions  -
Checked      for all times of [since, horizon], each side times its exponential; to 10^6: slow tests
Not checked  times below `since` (both sides agree at t = 0); finite width
"""

from __future__ import annotations

from typing import Any

import sympy

from theorycheck.claims import (
    Case,
    Control,
    Source,
    assume,
    claim,
    frobenius_squared,
    ge,
    lambda_max,
    lambda_min,
    le,
    times,
)  # fmt: skip
from theorycheck.problems import Family
from theorycheck.problems.kernel_instances import draw_model, three_inputs
from theorycheck.problems.unit_inputs import kernel_on_data


@claim(
    source=Source("Du, Zhai, Poczos & Singh 2019, two-sided", "arXiv 1810.02054", "B7"),
    family=Family("gradient flow on kernel models", draw_model),
    assumptions=[assume.kernel_is_definite],
    example=three_inputs,
    on_data=kernel_on_data,
    controls=[
        Control("rate 5/4 lambda_min", three_inputs, changes={"slow": "5/4"}),
        Control("rate lambda_max / 4", three_inputs, changes={"fast": "1/4"}),
    ],
    survives={"kernel_is_definite: dropped": "both bounds hold for singular kernels as well"},
)
def error_decays_between_two_rates(case: Case, *, slow: Any = 1, fast: Any = 1) -> Any:
    """The error of the flow decays between the rates lambda_min and lambda_max."""
    matrix, over = case.kernel.matrix, times(case.since, case.horizon)
    size = frobenius_squared(case.kernel.start)
    above = case.kernel.flow.scaled(sympy.Rational(slow) * lambda_min(matrix)).error
    below = case.kernel.flow.scaled(sympy.Rational(fast) * lambda_max(matrix)).error
    return [
        le(frobenius_squared(above), size, over=over),
        ge(frobenius_squared(below), size, over=over),
    ]
