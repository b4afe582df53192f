"""The kernel model of an instance: a kernel matrix H and the error D(0) at the start.

Fields of the instance: `error`, the n entries of D(0) = u(0) - y, and either `kernel_matrix`, exact
symmetric rows, or `inputs` (n x d), with `layers` = "first" (default), "second" or "both".
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from theorycheck import balls, kernels
from theorycheck.balls import Matrix
from theorycheck.errors import InvalidInstance
from theorycheck.exact import Rows, is_symmetric, psd_verdict
from theorycheck.problems.instance import Instance
from theorycheck.verdicts import HOLDS

__all__ = ["exact_kernel", "kernel_ball", "kernel_error", "kernel_size"]


def kernel_error(instance: Instance) -> tuple[Fraction, ...]:
    """D(0).

    Raises
    ------
    InvalidInstance    no field `error`, or one that does not fit the kernel
    """
    error = getattr(instance, "error", None)
    if not isinstance(error, tuple) or not all(isinstance(x, Fraction) for x in error):
        raise InvalidInstance("a kernel model needs the field error=[...], the entries of D(0)")
    if len(error) != kernel_size(instance):
        raise InvalidInstance(f"error has {len(error)} entries for {kernel_size(instance)} inputs")
    return error


def exact_kernel(instance: Instance) -> Rows | None:
    """The kernel matrix where it is given exactly.

    Raises
    ------
    InvalidInstance    it is not symmetric positive semidefinite, or inputs are given, too
    """
    rows: Any = getattr(instance, "kernel_matrix", None)
    if rows is None:
        return None
    if "inputs" in instance:
        raise InvalidInstance("give kernel_matrix or inputs, not both: they say different things")
    square = isinstance(rows, tuple) and all(isinstance(r, tuple) for r in rows)
    if not square or not is_symmetric(rows) or psd_verdict(rows) is not HOLDS:
        raise InvalidInstance("kernel_matrix must be symmetric positive semidefinite")
    return rows  # type: ignore[no-any-return]


def kernel_size(instance: Instance) -> int:
    """n, the number of inputs."""
    for name in ("kernel_matrix", "inputs"):
        if name in instance:
            return len(getattr(instance, name))
    raise InvalidInstance("a kernel model needs the field kernel_matrix or inputs")


def kernel_ball(instance: Instance) -> Matrix:
    """Enclose the kernel matrix at the working precision."""
    rows = exact_kernel(instance)
    if rows is not None:
        return balls.matrix(rows)
    layers: Any = getattr(instance, "layers", "first")
    return kernels.limit_gram(instance.inputs, layers=layers)
