"""What a claim sees of an instance: `case.flow`, `case.descent`, `case.initial`.

Each view names the field's quantities on one trajectory. They are lazy terms; nothing is computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Expr

from theorycheck.claims import matrices as m, quantities as q
from theorycheck.claims.axes import step, time
from theorycheck.claims.kernel_views import KernelView
from theorycheck.claims.margins import MarginView
from theorycheck.claims.terms import Term
from theorycheck.errors import InvalidClaim
from theorycheck.problems import AbstractNetworkObjective, DeepLinearObjective, Instance

__all__ = ["Case", "View", "layer_gradient"]


def _deep_linear(instance: Instance) -> DeepLinearObjective:
    objective = instance.objective
    if not isinstance(objective, DeepLinearObjective):
        raise InvalidClaim(
            "end_to_end, products and outer_gradient need a deep linear network; this instance "
            "has another objective, whose terms are position, gradient, hessian, loss and layers"
        )
    return objective


def _layer(instance: Instance, path: str, place: Expr | None, j: int) -> m.AbstractMatrix:
    objective = instance.objective
    if not isinstance(objective, AbstractNetworkObjective):
        raise InvalidClaim(
            "layers need a network, deep linear or fully connected; this instance has a general "
            "objective, whose terms are position, gradient and loss"
        )
    shapes = objective.network.shapes
    if not 1 <= j <= len(shapes):
        raise InvalidClaim(f"layer {j} of a network of depth {len(shapes)}; layers count from 1")
    return m.Layer(path, place, j, *shapes[j - 1])


def _product(instance: Instance, path: str, place: Expr | None, b: int, a: int) -> m.AbstractMatrix:
    """W_b W_{b-1} ... W_a, and the identity for b = a - 1."""
    result: m.AbstractMatrix = m.Identity(_deep_linear(instance).network.widths[a - 1])
    for j in range(a, b + 1):
        result = _layer(instance, path, place, j) @ result
    return result


def _outer_gradient(instance: Instance, path: str, place: Expr | None) -> m.AbstractMatrix:
    objective = _deep_linear(instance)
    if not objective.is_square:
        rows, columns = objective.loss.output_dimension, objective.loss.input_dimension
        return m.OuterGradient(path, place, rows, columns)
    end_to_end = _product(instance, path, place, objective.network.depth, 1)
    loss = objective.square_loss
    return end_to_end @ m.constant(loss.gram, "A") - m.constant(loss.cross, "B")


def layer_gradient(instance: Instance, path: str, place: Expr | None, j: int) -> m.AbstractMatrix:
    """G_j = df/dW_j: W_{n:j+1}^T grad phi(W) W_{j-1:1}^T of a deep linear net, as a matrix term.

    Of other networks the part of the gradient that belongs to the layer.
    """
    objective = instance.objective
    if not isinstance(objective, DeepLinearObjective):
        return _part_of_gradient(instance, path, place, j)
    depth = _deep_linear(instance).network.depth
    left = _product(instance, path, place, depth, j + 1)
    right = _product(instance, path, place, j - 1, 1)
    return left.T @ _outer_gradient(instance, path, place) @ right.T


def _part_of_gradient(
    instance: Instance, path: str, place: Expr | None, j: int
) -> m.AbstractMatrix:
    rows, columns = _layer(instance, path, place, j).shape
    shapes = instance.network.shapes
    before = sum(r * c for r, c in shapes[: j - 1])
    whole = m.Gradient(path, place, instance.objective.dimension)
    entries = [
        tuple(q.Atom(q.Entry(whole, before + r * columns + c, 0)) for c in range(columns))
        for r in range(rows)
    ]
    return m.FromScalars(tuple(entries))


@dataclass(frozen=True)
class View:
    """The quantities of an instance on one trajectory (or at its start)."""

    instance: Instance
    path: str
    place: Expr | None

    @property
    def position(self) -> m.AbstractMatrix:
        """All parameters as one column, N x 1, layer by layer, row-major."""
        return m.Position(self.path, self.place, self.instance.objective.dimension)

    @property
    def loss(self) -> Term:
        """The value of the objective."""
        # every loss is a sum of terms >= 0
        square = isinstance(self.instance.objective, AbstractNetworkObjective)
        return Term(q.Atom(q.Loss(self.path, self.place, square)))

    @property
    def gradient(self) -> m.AbstractMatrix:
        """The gradient of the objective, N x 1."""
        return m.Gradient(self.path, self.place, self.instance.objective.dimension)

    @property
    def hessian(self) -> m.AbstractMatrix:
        """The Hessian of the objective, N x N."""
        return m.Hessian(self.path, self.place, self.instance.objective.dimension)

    # -- networks; what is of the end-to-end matrix, of deep linear ones -------------------------
    def layer(self, j: int) -> m.AbstractMatrix:
        """W_j, j = 1..n."""
        return _layer(self.instance, self.path, self.place, j)

    @property
    def layers(self) -> tuple[m.AbstractMatrix, ...]:
        """(W_1, ..., W_n)."""
        return tuple(self.layer(j) for j in range(1, self.instance.network.depth + 1))

    def product(self, b: int, a: int) -> m.AbstractMatrix:
        """W_{b:a} = W_b ... W_a; the identity for b = a - 1."""
        return _product(self.instance, self.path, self.place, b, a)

    @property
    def end_to_end(self) -> m.AbstractMatrix:
        """W = W_n ... W_1, d_n x d_0."""
        return self.product(self.instance.network.depth, 1)

    @property
    def residual(self) -> m.AbstractMatrix:
        """W X - Y, d_n x number of samples (W - Phi for a whitened loss)."""
        objective = _deep_linear(self.instance)
        if not objective.is_square:
            raise InvalidClaim("residual needs a SquareLoss; use outer_gradient")
        loss = objective.square_loss
        targets = m.constant(loss.targets, "Y")
        if loss.is_whitened:
            return self.end_to_end - targets
        return self.end_to_end @ m.constant(loss.inputs, "X") - targets

    @property
    def outer_gradient(self) -> m.AbstractMatrix:
        """The gradient of phi at the end-to-end matrix, d_n x d_0."""
        return _outer_gradient(self.instance, self.path, self.place)

    def layer_gradient(self, j: int) -> m.AbstractMatrix:
        """G_j = df/dW_j."""
        return layer_gradient(self.instance, self.path, self.place, j)

    def imbalance(self, j: int) -> m.AbstractMatrix:
        """D_j = W_{j+1}^T W_{j+1} - W_j W_j^T, j = 1..n-1."""
        after, before = self.layer(j + 1), self.layer(j)
        return after.T @ after - before @ before.T

    @property
    def imbalances(self) -> tuple[m.AbstractMatrix, ...]:
        """(D_1, ..., D_{n-1}); empty for depth 1."""
        return tuple(self.imbalance(j) for j in range(1, self.instance.network.depth))

    @property
    def margins(self) -> MarginView:
        """The margins of a homogeneous classifier, and what implicit bias says of them."""
        return MarginView(self.instance, self.path, self.place)

    # -- certified bounds along a trajectory ---------------------------------------------------
    def tube(self, kind: str, radius: Any) -> Term:
        """A step function of time that bounds f on a tube (A2): m, mu, I, beta or gamma."""
        from theorycheck.claims.terms import expression_of

        if self.path != "flow" or kind not in ("m", "mu", "I", "beta", "gamma"):
            raise InvalidClaim(
                f"tube bound {kind!r} of {self.path}; use case.flow and m, mu, I, beta, gamma"
            )
        return Term(q.Atom(q.TubeBound(self.path, self.place, kind, expression_of(radius))))

    def step_bound(self, kind: str, gap: Any = 0) -> Term:
        """A certified bound on step k of descent (A2.d): "m" on the hull, "h" of the defect."""
        from theorycheck.claims.terms import expression_of

        if self.path != "descent" or kind not in ("m", "h"):
            raise InvalidClaim(f"step bound {kind!r} of {self.path}; use case.descent and m or h")
        return Term(q.Atom(q.StepBound(self.path, self.place, kind, expression_of(gap))))


class Case:
    """An instance as a claim sees it: its fields, and its trajectories as lazy terms.

    `case.flow` is gradient flow from `start`, `case.descent` gradient descent with `step_size`
    (from `descent_start` where the instance has one), `case.initial` the start itself,
    `case.kernel` the kernel model of an instance with `error` and a kernel.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.instance, name)

    @property
    def flow(self) -> View:
        return View(self.instance, "flow", time)

    @property
    def kernel(self) -> KernelView:
        return KernelView(self.instance)

    @property
    def descent(self) -> View:
        return View(self.instance, "descent", step)

    @property
    def initial(self) -> View:
        return View(self.instance, "start", None)
