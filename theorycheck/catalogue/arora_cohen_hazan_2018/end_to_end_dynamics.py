r"""The end-to-end matrix of a balanced deep linear net obeys a differential equation of its own.

    W' = - sum_{j=1}^n [W W^T]^{(n-j)/n} grad phi(W) [W^T W]^{(j-1)/n},      W = W_n ... W_1

Fractional powers of positive semidefinite matrices; A^0 = I also where A is singular.

Source       Arora, Cohen & Hazan 2018, Theorem 1, arXiv 1802.06509; theory A13
Assumptions  the start is balanced (the flow keeps it so)
Checked      at every t, as words in the layers: W_n W_n^T is a positive semidefinite matrix whose
             n-th power is W W^T, hence its n-th root
Not checked  -; on an unbalanced start the equation is refuted in balls
See also     catalogue/du_hu_lee_2018/balancedness.py, for the conservation of balance
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any

from theorycheck.claims import Case, Control, PsdPower, Source, assume, claim, equal, times
from theorycheck.problems import Instance, deep_linear_instance, families


def velocity(case: Case) -> Any:
    """W' along the flow, from the layers: -sum_j W_{n:j+1} G_j W_{j-1:1}."""
    flow, depth = case.flow, case.network.depth
    total: Any = None
    for j in range(1, depth + 1):
        term = flow.product(depth, j + 1) @ flow.layer_gradient(j) @ flow.product(j - 1, 1)
        total = -term if total is None else total - term
    return total


def end_to_end_field(case: Case, shift: int = 0) -> Any:
    """The right-hand side; `shift` spoils the exponents."""
    flow, depth = case.flow, case.network.depth
    product, gradient = case.flow.end_to_end, case.flow.outer_gradient
    total: Any = None
    for j in range(1, depth + 1):
        left = PsdPower(product @ product.T, Fraction(depth - j, depth), flow.layer(depth), depth)
        power = Fraction(j - 1 + (shift if j > 1 else 0), depth)
        right = PsdPower(product.T @ product, power, flow.layer(1).T, depth)
        term = left @ gradient @ right
        total = -term if total is None else total - term
    return total


def example(*, depth: Any = 3, width: Any = 2, seed: Any = 5, horizon: Any = 1) -> Instance:
    """A balanced start of depth 3 with different singular values."""
    return deep_linear_instance(
        target=[[2, 1], [0, 1]], depth=depth, width=width, start="balanced", scale=1, seed=seed,
        horizon=horizon,
    )  # fmt: skip


def unbalanced(*, depth: int = 3) -> Instance:
    """Distinct singular values, layers out of balance."""
    return deep_linear_instance(
        target=[[2, 1], [0, 1]],
        weights=[[[1, 0], [0, 2]], [[1, 1], [0, 1]], [[2, 0], [1, 1]]][:depth],
        horizon=1,
    )


@claim(
    source=Source("Arora, Cohen & Hazan 2018, Theorem 1", "arXiv 1802.06509", "A13"),
    family=families.deep_linear(
        depth=(1, 4), width=(1, 3), start=("balanced", "repeated", "deficient", "identity")
    ),
    assumptions=[assume.balanced],
    example=example,
    on_data=partial(deep_linear_instance, depth=3, scale="1/2", horizon="1/4", step_size="1/64"),
    controls=[
        Control("unbalanced start", unbalanced, drop=("balanced",)),
        Control("unbalanced start, assumption kept", unbalanced, outcome="vacuous"),
        Control("exponents shifted by 1/n", example, changes={"shift": 1}),
    ],
    proof="proofs.arora_cohen_hazan_2018.end_to_end_dynamics",
)
def end_to_end_dynamics(case: Case, *, shift: int = 0) -> Any:
    """Under balance the end-to-end matrix follows a flow preconditioned by its own powers."""
    return equal(velocity(case), end_to_end_field(case, shift), over=times(0, case.horizon))
