"""Assumptions that many theorems share, as predicates on a case."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

import sympy

from theorycheck.claims.claim import Assumption
from theorycheck.claims.relations import equal
from theorycheck.claims.views import Case
from theorycheck.errors import InvalidClaim, InvalidInstance
from theorycheck.problems import SymPyObjective

__all__ = [
    "balanced", "depth_at_least", "exponential_sum_loss", "homogeneous_layers",
    "kernel_is_definite", "linear_layers", "linear_net", "linear_predictor", "objective_is",
    "one_start", "positive_step_size", "separated", "square_loss", "whitened",
]  # fmt: skip


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


def _linear_layers(case: Case) -> Any:
    from theorycheck.claims.relations import ge
    from theorycheck.networks import DeepLinear, FullyConnected

    net = case.network
    linear = isinstance(net, DeepLinear) or (isinstance(net, FullyConnected) and net.is_smooth)
    return ge(int(linear), 1)


linear_layers = Assumption(
    "layers_are_linear", _linear_layers, "no activation bends between the layers"
)


def _homogeneous_layers(case: Case) -> Any:
    from theorycheck.claims.relations import ge
    from theorycheck.networks import DeepLinear, FullyConnected

    return ge(int(isinstance(case.network, DeepLinear | FullyConnected)), 1)


homogeneous_layers = Assumption(
    "layers_are_homogeneous",
    _homogeneous_layers,
    "activations of degree 1: s(c z) = c s(z) for c > 0",
)


def _is_product(case: Case) -> bool:
    """Whether the predictor is W_{n:1} x."""
    from theorycheck.networks import DeepLinear, FullyConnected

    net = case.network
    plain = isinstance(net, FullyConnected) and (not net.hidden or set(net.slopes) == {1})
    return isinstance(net, DeepLinear) or plain


def _square_loss(case: Case) -> Any:
    from theorycheck.claims.relations import ge
    from theorycheck.losses import SquareLoss

    return ge(int(_is_product(case) and isinstance(case.loss, SquareLoss)), 1)


square_loss = Assumption(
    "loss_is_square", _square_loss, "f = c ||W_{n:1} X - Y||_F^2 / 2, the square loss of a product"
)


def _whitened(case: Case) -> Any:
    from theorycheck.claims.relations import ge
    from theorycheck.losses import SquareLoss

    loss = case.loss
    return ge(int(_is_product(case) and isinstance(loss, SquareLoss) and loss.is_whitened), 1)


whitened = Assumption(
    "loss_is_whitened", _whitened, "f = ||W_{n:1} - Phi||_F^2 / 2: inputs X = I, and no mean"
)


def _one_start(case: Case) -> Any:
    return equal(case.descent.position.at(0), case.initial.position)


one_start = Assumption("one_start", _one_start, "descent starts where the flow does")


def objective_is(statement: str, function: Callable[..., Any]) -> Assumption:
    """Assume that the objective is a polynomial of the statement: equal coefficients, exactly.

    Parameters
    ----------
    statement : str        what is assumed, in words
    function : callable    (case, *variables) -> SymPy polynomial, with numbers of the instance

    Examples
    --------
    >>> objective_is("f = x^2 / 2", lambda case, x: x**2 / 2).name
    'objective_is_as_stated'
    """

    def predicate(case: Case) -> Any:
        given = case.objective
        if not isinstance(given, SymPyObjective):
            raise InvalidInstance(f"objective={given} must be given by an expression: {statement}")
        arguments = len(signature(function).parameters) - 1
        same = arguments == len(given.variables) and not sympy.expand(
            given.expression - sympy.sympify(function(case, *given.variables))
        )
        return equal(int(same), 1)

    return Assumption("objective_is_as_stated", predicate, f"the objective is {statement}")


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
    from theorycheck.claims.outcome import Evidence, holds, violated
    from theorycheck.claims.settled import Settled
    from theorycheck.problems.kernel_model import exact_kernel
    from theorycheck.verdicts import HOLDS

    rows = exact_kernel(case.instance)
    if rows is not None:
        return equal(exact.rank(rows), len(rows))

    def outcome() -> Any:
        found = kernels.definiteness(case.inputs)
        if found.verdict is HOLDS:
            return holds(Evidence.EXACT, found.reason)
        pair = [str(i + 1) for i in found.parallel or ()]
        named = f"samples {' and '.join(pair)} are parallel: " if pair else ""
        return violated(Evidence.EXACT, f"{named}H has a null vector")

    return Settled("the limit kernel is positive definite", outcome)


kernel_is_definite = Assumption(
    "kernel_is_definite",
    _kernel_is_definite,
    "the kernel matrix H is positive definite",
)


def _separated(case: Case) -> Any:
    from theorycheck.claims.matrices import constant
    from theorycheck.claims.relations import gt
    from theorycheck.claims.terms import frobenius_squared
    from theorycheck.problems import DeepLinearObjective
    from theorycheck.problems.separation import signed_samples

    below = gt(case.initial.margins.alpha, 0)
    if "combination" not in case.instance or not isinstance(case.objective, DeepLinearObjective):
        return below
    if min(case.combination) < 0 or sum(case.combination) != 1:
        return below  # no convex combination, which says nothing
    # data that no linear net separates: the combination that vanishes says so exactly
    samples = constant(signed_samples(case.loss.inputs, case.loss.targets[0]), "Z")
    weights = constant([[p] for p in case.combination], "p")
    return [gt(frobenius_squared(samples.T @ weights), 0), below]


separated = Assumption(
    "separated",
    _separated,
    "Lambda < l(0): the sum of the losses is below the loss of one sample at margin 0, so that "
    "every margin is positive",
)


def _exponential_sum_loss(case: Case) -> Any:
    from theorycheck.claims.relations import ge
    from theorycheck.losses import ExponentialLoss

    return ge(int(isinstance(case.loss, ExponentialLoss) and not case.loss.mean), 1)


exponential_sum_loss = Assumption(
    "exponential_sum_loss",
    _exponential_sum_loss,
    "the loss is the sum of e^{-q_i}, and time is that of its flow",
)


def _linear_net(case: Case) -> Any:
    from theorycheck.claims.relations import ge
    from theorycheck.networks import DeepLinear

    return ge(int(isinstance(case.network, DeepLinear)), 1)


linear_net = Assumption("linear_net", _linear_net, "the net is deep linear, a DeepLinear")


def _linear_predictor(case: Case) -> Any:
    from theorycheck.claims.relations import ge
    from theorycheck.networks import DeepLinear

    network = case.network
    return ge(
        int(isinstance(network, DeepLinear) and network.depth == 1 and network.widths[1] == 1), 1
    )


linear_predictor = Assumption(
    "linear_predictor",
    _linear_predictor,
    "the predictor is linear in its weights: depth 1, one output",
)
