r"""From a balanced start with deficiency margin the loss decays exponentially along gradient flow.

    f(theta(t)) <= f(theta(0)) exp(-2 c^{2-2/n} t),       and exp(-2 n c^{2-2/n} t) if d_0 = d_n

where ||W_{n:1}(0) - Phi||_F <= sigma_min(Phi) - c, so that sigma_min(W(t)) >= c for ever (Weyl).

`IMBALANCE_AS_REMEMBERED` and `STEP_SIZE_AS_REMEMBERED` are the conditions of the paper's theorem on
gradient descent as they were remembered; they are no claim.

Source       Arora, Cohen, Golowich & Hu 2019, deficiency margin; the flow's rate: theory A23, A14
Assumptions  f = ||W_{n:1} - Phi||_F^2 / 2; a balanced start; margin c > 0
Checked      every t in [0, T], on intervals that cover it
Not checked  gradient descent: the constants of its theorem are remembered, not re-read
See also     catalogue/arora_cohen_hazan_2018/end_to_end_dynamics.py, the preconditioner
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    assume,
    claim,
    constant as fixed,
    gt,
    lambda_min,
    le,
    norm,
    sqrt,
    substitute,
    time,
    times,
)  # fmt: skip
from theorycheck.losses import SquareLoss
from theorycheck.networks import DeepLinear
from theorycheck.problems import Family, Instance, deep_linear_instance
from theorycheck.problems.choices import Choices

n, margin, start, copies, factor = sympy.symbols(r"n c f(\theta(0)) N K", positive=True)

LOSS_BOUND = start * sympy.exp(-factor * copies * margin ** (2 - 2 / n) * time)
"""Bound of the loss at time t; N = n if d_0 = d_n, else 1; K = 2."""

target_norm = sympy.Symbol(r"\|\Phi\|_F", positive=True)
IMBALANCE_AS_REMEMBERED = margin**2 / (256 * n**3 * target_norm ** (2 * (n - 1) / n))
"""Largest ||D_j(0)||_F under which descent is to converge, as remembered (A23): never relied on."""

STEP_SIZE_AS_REMEMBERED = margin ** ((4 * n - 2) / n) / (
    6144 * n**3 * target_norm ** ((6 * n - 4) / n)
)
"""Largest step size of descent, as remembered (A23); the loss is then to fall by the factor
1 - eta c^{2-2/n} at every step. Never relied on."""


def least_singular_value(case: Case) -> Any:
    """sigma_min(Phi), the min(d_0, d_n)-th singular value."""
    target = fixed(case.loss.targets, r"\Phi")
    small = target @ target.T if target.shape[0] <= target.shape[1] else target.T @ target
    return sqrt(lambda_min(small))


def margin_is_positive(case: Case) -> Any:
    return gt(case.deficiency_margin, 0)


def start_has_deficiency_margin(case: Case) -> Any:
    """The distance plus c is at most sigma_min(Phi)."""
    distance = norm(case.initial.residual)
    return le(distance + case.deficiency_margin, least_singular_value(case))


def example(
    *, depth: Any = 3, width: Any = 2, scale: Any = "9/10", margin: Any = "27/64", horizon: Any = 1
) -> Instance:
    """Identity-like layers, a target near the identity, and a margin with a rational cube root."""
    return deep_linear_instance(
        target=[[1, "1/16"], [0, 1]], depth=depth, width=width, start="identity", scale=scale,
        horizon=horizon, deficiency_margin=margin,
    )  # fmt: skip


def scalar(
    *, layer: Any = "1/2", sign: int = 1, depth: int = 2, margin: Any = "1/4", horizon: Any = 1
) -> Instance:
    """Phi = 1, equal layers: near t = 0 the rate is 2 n w^{2-2/n}."""
    first = Fraction(str(layer))
    return deep_linear_instance(
        target=[[1]], weights=[[[sign * first]], *[[[first]]] * (depth - 1)], horizon=horizon,
        deficiency_margin=margin,
    )  # fmt: skip


def unreachable(*, horizon: Any = 2) -> Instance:
    """X X^T = 1 and Y = (1, 1/2), which no W X fits: the loss stays above 1/8 - 1/50."""
    loss = SquareLoss([["3/5", "4/5"]], [[1, "1/2"]])
    return scalar(layer="1", margin="1/2", horizon=horizon).replace(loss=loss)


def draw(choices: Choices) -> Instance:
    """Layers like s I and a target near their product, rectangular ones included.

    The margin is an n-th power, so that both sides agree exactly at t = 0.
    """
    depth, inner = choices.integer(2, 3), choices.integer(1, 2)
    inputs, outputs = inner + choices.integer(0, 1), inner + choices.integer(0, 1)
    if min(inputs, outputs) > inner:
        inputs = inner
    network = DeepLinear((inputs, *[inner] * (depth - 1), outputs))
    layer = 1 + Fraction(choices.integer(-1, 1), 8)
    size = layer**depth
    target = [
        [size * int(i == j) + Fraction(choices.integer(1, 4), 32) for j in range(inputs)]
        for i in range(outputs)
    ]
    return Instance(
        network=network, loss=SquareLoss.whitened(target),
        start=network.identity_start(scale=layer),
        deficiency_margin=Fraction(choices.integer(1, 3), 4) ** depth,
        horizon=choices.pick((1, "1/2")),
    )  # fmt: skip


@claim(
    source=Source("Arora, Cohen, Golowich & Hu 2019, gradient flow", "arXiv 1810.02281", "A23"),
    family=Family("near targets", draw),
    assumptions=[
        assume.whitened,
        assume.balanced,
        Assumption("margin_is_positive", margin_is_positive, "c > 0"),
        Assumption(
            "start_has_deficiency_margin",
            start_has_deficiency_margin,
            "||W(0) - Phi||_F <= sigma_min(Phi) - c",
        ),
    ],
    example=example,
    controls=[
        Control(
            "1.1 of the rate",
            lambda: scalar(layer="3/4", margin="9/16", horizon="1/8"),
            changes={"rate": Fraction(11, 5)},
        ),
        Control(
            "start beyond a singular matrix",
            lambda: scalar(sign=-1, margin="3/4", horizon=2),
            drop=("start_has_deficiency_margin",),
        ),
        Control("targets out of reach", unreachable, drop=("loss_is_whitened",)),
        Control("targets out of reach, assumption kept", unreachable, outcome="vacuous"),
        Control("margin too large", lambda: scalar(margin="3/4"), outcome="vacuous"),
        Control(
            "margin too large, assumption dropped",
            lambda: scalar(margin="3/4"),
            drop=("start_has_deficiency_margin",),
        ),
    ],
    proof="proofs.arora_2019.loss_decays_exponentially",
    formulas={"loss bound": LOSS_BOUND},
    survives={
        "margin_is_positive: dropped": "c <= 0 makes a rate that is not positive, or not real"
    },
)
def loss_decays_exponentially(case: Case, *, rate: Any = 2) -> Any:
    """The loss stays below an exponential with rate 2 n c^{2-2/n} (n = 1 if not square)."""
    depth, square = case.network.depth, case.network.widths[0] == case.network.widths[-1]
    values = {
        n: depth, margin: case.deficiency_margin, start: case.initial.loss,
        copies: depth if square else 1, factor: rate,
    }  # fmt: skip
    return le(case.flow.loss, substitute(LOSS_BOUND, values), over=times(0, case.horizon))
