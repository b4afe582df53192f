"""Assumptions that many theorems share, as predicates on a case."""

from __future__ import annotations

from typing import Any

from theorycheck.claims.claim import Assumption
from theorycheck.claims.relations import equal
from theorycheck.claims.views import Case
from theorycheck.errors import InvalidClaim

__all__ = ["balanced", "depth_at_least", "kernel_is_definite", "positive_step_size"]


def _balanced(case: Case) -> Any:
    return [equal(imbalance, 0) for imbalance in case.initial.imbalances]


balanced = Assumption(
    "balanced",
    _balanced,
    "the start is balanced: W_{j+1}^T W_{j+1} = W_j W_j^T for every j",
)


def _positive_step_size(case: Case) -> Any:
    from theorycheck.claims.relations import gt

    return gt(case.step_size, 0)


positive_step_size = Assumption(
    "positive_step_size", _positive_step_size, "the step size is positive"
)


def depth_at_least(least: int) -> Assumption:
    """Assume a least depth.

    Raises
    ------
    InvalidClaim    least < 1
    """
    if least < 1:
        raise InvalidClaim(f"depth_at_least({least}) needs at least 1")
    from theorycheck.claims.relations import ge

    return Assumption(
        f"depth_at_least_{least}",
        lambda case: ge(case.network.depth, least),
        f"the network has at least {least} layers",
    )


def _kernel_is_definite(case: Case) -> Any:
    """By the exact criterion for limit kernels; by the rank where the matrix is given."""
    from theorycheck import exact, kernels
    from theorycheck.claims.relations import gt
    from theorycheck.problems.kernel_model import exact_kernel
    from theorycheck.verdicts import HOLDS

    rows = exact_kernel(case.instance)
    if rows is not None:
        return equal(exact.rank(rows), len(rows))
    return gt(int(kernels.definiteness(case.inputs).verdict is HOLDS), 0)


kernel_is_definite = Assumption(
    "kernel_is_definite",
    _kernel_is_definite,
    "the kernel matrix H is positive definite",
)
