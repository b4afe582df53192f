r"""Where the start points at the target the integrated curvature is known exactly.

    Hess f grad f = lambda_1 grad f,   lambda_1 = n w^{2-2/n} - (n-1)(s - w) w^{1-2/n}
    d/dt ln ||grad f|| = - lambda_1,   so that the integral of -lambda_1 is ln(||grad f(t)|| /
    ||grad f(0)||), greatest where w = w* = s (n-1) / (2n-1): there it is
    e^{-int lambda_-} = (s - w*) w*^{(n-1)/n} / ((s - w_0) w_0^{(n-1)/n})  <=  (s/w_0)^{(n-1)/n}

for balanced scalar nets, f = (w - s)^2 / 2, 0 < w_0 < s.

Source       after Elkabetz & Cohen 2021, Section 5, arXiv 2107.06608; theory A20.b
Assumptions  all widths 1, equal positive layers, w_0 < s; for the bound w_0 < w*
Checked      grad f is an eigenvector with eigenvalue lambda_1 at every t in [0, T], and the rate of
             ln ||grad f||^2, modulo the equality of the layers; the bound, which is A20 at c_0 = 1
Not checked  the other eigenvalues (symbolic/derivations/planar.py)
See also     integrated_curvature_is_logarithmic.py
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.catalogue.saxe_2014.scalar_closed_forms import (
    SCALAR,
    family,
    first_layer,
    other_layers_equal_it,
    scalar_net,
    target,
)
from theorycheck.claims import (
    Case,
    Control,
    Source,
    assume,
    claim,
    equal,
    frobenius_squared,
    inner,
    le,
    substitute,
    times,
)  # fmt: skip
from theorycheck.problems import Instance
from theorycheck.problems.spoiled import with_inputs_scaled
from theorycheck.symbolic.derivations import planar

n, s, w = planar.n, planar.s, planar.value
p = sympy.Symbol("p", positive=True)
factor = sympy.Symbol("k", positive=True)
"""p = w^{1/n}; k = n - 1 in the theorem."""

EIGENVALUE = n * p ** (2 * n - 2) - factor * (s - p**n) * p ** (n - 2)
"""lambda_1 in the layer p; `planar.LAMBDA` with w = p^n."""

GROWTH = planar.GRADIENT_NORM.subs(w, planar.TURNING) / planar.GRADIENT_NORM
"""e^{-int lambda_-} from w = w_0 < w*."""

GROWTH_BOUND = (s / w) ** ((n - 1) / n)
"""e^{M_0} of A20 at c_0 = 1, r_0 = w_0 / s."""


def example(*, depth: Any = 3, layer: Any = "1/10", horizon: Any = 2) -> Instance:
    """W_0 = 1/1000, s = 1: e^{-int lambda_-} = 32.6056... (theory A20.b, test vector)."""
    return scalar_net(depth=depth, layer=layer, horizon=horizon)


@claim(
    source=Source("after Elkabetz & Cohen 2021, Section 5", "arXiv 2107.06608", "A20.b"),
    family=family(2, 5),
    assumptions=[assume.depth_at_least(2), *SCALAR],
    example=example,
    controls=[
        Control(
            "inputs half as long",
            lambda: with_inputs_scaled(example()),
            drop=("loss_is_whitened",),
        ),
        Control(
            "inputs half as long, assumption kept",
            lambda: with_inputs_scaled(example()),
            outcome="vacuous",
        ),
        Control("n instead of n - 1", example, changes={"constant": 3}),
    ],
    formulas={"eigenvalue": EIGENVALUE, "growth": GROWTH, "bound": GROWTH_BOUND},
    proof="proofs.elkabetz_cohen_2021.aligned_curvature_is_exact",
    survives={
        "depth_at_least_2: dropped": "true at depth one, where the Hessian is 1",
        "start_is_below_target: dropped": "the eigenvector is one beyond the target, too; the "
        "growth is only stated below w*",
        **dict.fromkeys(
            ("relation 3: tightened 9/10", "relation 3: strict"),
            "the growth is at most 3^{-1/2} of the bound of A20: its supremum over w_0 < w* is "
            "(w*/s)^{(n-1)/n}, as w_0 -> w*, and largest at depth two",
        ),
    },
)
def aligned_curvature_is_exact(case: Case, *, constant: Any = None) -> Any:
    """The gradient of a balanced scalar net is an eigenvector of its Hessian, with known value."""
    flow, depth = case.flow, case.network.depth
    over, kept = times(0, case.horizon), other_layers_equal_it(case)
    values = {p: first_layer(case), s: target(case), factor: constant or depth - 1}
    top = substitute(EIGENVALUE.subs(n, depth), values)
    bent, square = flow.hessian @ flow.gradient, frobenius_squared(flow.gradient)
    relations: list[Any] = [
        equal(bent, top * flow.gradient, over=over, given=kept),
        equal(inner(flow.gradient, bent), top * square, over=over, given=kept),
    ]
    begin = Fraction(case.start[0]) ** depth
    if begin < target(case) * Fraction(depth - 1, 2 * depth - 1):
        at = {n: depth, w: begin, s: target(case)}
        relations.append(le(substitute(GROWTH, at), substitute(GROWTH_BOUND, at)))
    return relations
