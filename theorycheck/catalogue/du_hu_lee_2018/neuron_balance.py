r"""Every hidden neuron of a homogeneous net keeps |in|^2 - |out|^2 along the flow.

    neuron c of layer j    in = W_j[c, :],  out = W_{j+1}[:, c],  g_in, g_out the same parts of df
    flow                   ||in||^2 - ||out||^2 and ||W_j||_F^2 - ||W_{j+1}||_F^2 are constant
    one step of descent    ||in||^2 - ||out||^2 changes by exactly eta^2 (||g_in||^2 - ||g_out||^2)

for s(z) = alpha max(z, 0) + beta min(z, 0) with any alpha and beta, and any loss.

Source       Du, Hu & Lee 2018, Theorem 2.1, Corollary 2.1, arXiv 1806.00900; drift: theory A10(a)
Assumptions  s as above, depth at least 2
Checked      as identities in every activation region. Across kinks, too: along a Filippov solution
             the velocity is a convex combination of the fields about it, and the laws are smooth
             functions of the weights. Of descent from a kink, with the derivative beta there
Not checked  biases (A10(b)): the networks here have none. That a flow through a kink exists
See also     balancedness.py, whose law between linear layers is of matrices
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import sympy

from theorycheck.claims import (
    AbstractMatrix,
    Case,
    Control,
    Source,
    as_matrix,
    assume,
    claim,
    conserved,
    equal,
    frobenius_squared,
    steps,
    substitute,
    times,
)  # fmt: skip
from theorycheck.losses import LogisticLoss, SquareLoss
from theorycheck.networks import FullyConnected, PowerUnits
from theorycheck.problems import Family, Instance, families
from theorycheck.problems.choices import Choices

eta, inner_gradient, outer_gradient = sympy.symbols(
    r"\eta \|G_j\|_F^2 \|G_{j+1}\|_F^2", nonnegative=True
)

LAYER_DRIFT = eta**2 * (inner_gradient - outer_gradient)
"""Change of ||W_j||_F^2 - ||W_{j+1}||_F^2 in one step of descent."""

SLOPES = {
    "relu": None, "leaky_relu": "1/4", "homogeneous": ("1/2", "-13/10"), "absolute": None,
}  # fmt: skip


def squared_in(layer: AbstractMatrix, neuron: int) -> Any:
    """Sum of the squares of a row."""
    return sum(layer[neuron, k] ** 2 for k in range(layer.shape[1]))


def squared_out(layer: AbstractMatrix, neuron: int) -> Any:
    """Sum of the squares of a column."""
    return sum(layer[k, neuron] ** 2 for k in range(layer.shape[0]))


def imbalances_of_neurons(
    inner: AbstractMatrix, outer: AbstractMatrix, share: Any = 1
) -> list[Any]:
    """||in||^2 - ||out||^2 of every neuron between two layers; `share` spoils it."""
    return [
        squared_in(inner, c) - share * squared_out(outer, c) for c in range(inner.shape[0])
    ]  # fmt: skip


def example(*, activation: Any = "relu", horizon: Any = "1/2", step_size: Any = "1/20") -> Instance:
    """Two neurons and two samples; with the ReLU the flow crosses a kink at t = 0.28."""
    return Instance(
        network=FullyConnected((2, 2, 1), activation),
        loss=SquareLoss([[1, -1], ["1/4", 2]], [[1, -2]], mean=True),
        start=["9/8", 1, "-11/8", "-3/2", "5/8", "-1/2"], horizon=horizon, step_size=step_size,
    )  # fmt: skip


def short() -> Instance:
    """The example before its kink."""
    return example(horizon="1/16")


def deep() -> Instance:
    """Depth three and slopes (1/2, -13/10)."""
    return Instance(
        network=FullyConnected((1, 2, 2, 1), "homogeneous", slope=("1/2", "-13/10")),
        loss=SquareLoss([[1, -1]], [[2, 1]]), start=[1, -1, 1, "1/2", -1, "3/4", 1, "-1/3"],
        horizon="1/4", step_size="1/16",
    )  # fmt: skip


def squared() -> Instance:
    """One squared ReLU: ||in||^2 - 2 ||out||^2 is kept."""
    return Instance(
        network=PowerUnits((1, 1, 1), 2), loss=SquareLoss([[1]], [[2]]), start=[1, 1],
        horizon="1/8", step_size="1/8",
    )  # fmt: skip


WIDTHS = ((1, 2, 1), (2, 1, 1), (1, 1, 1, 1), (1, 1, 2))


def draw(choices: Choices) -> Instance:
    """Small nets with few pre-activations, since all patterns of signs are gone through."""
    activation = choices.pick(tuple(SLOPES))
    network = FullyConnected(choices.pick(WIDTHS), activation, slope=SLOPES[activation])
    rows = range(network.widths[0])
    kind = choices.pick(("whitened", "square", "logistic"))
    if kind == "whitened":
        loss = families.draw_loss(choices, network, kind)
    else:
        inputs = [[families.draw_entry(choices) for _ in range(2)] for _ in rows]
        labels = [[choices.pick((1, -1)) for _ in range(2)] for _ in range(network.widths[-1])]
        loss = (SquareLoss if kind == "square" else LogisticLoss)(inputs, labels, mean=True)
    entries = [families.draw_entry(choices) for _ in range(network.dimension)]
    return Instance(
        network=network, loss=loss, start=[x or Fraction(1, 2) for x in entries],
        step_size=Fraction(1, choices.integer(8, 32)), horizon=Fraction(1, 4),
    )  # fmt: skip


SOURCE = Source("Du, Hu & Lee 2018, Theorem 2.1", "arXiv 1806.00900", "A10(a)")
NO_LAW = {"depth_at_least_2: dropped": "one layer has no hidden neurons and no law"}
NO_FLOW = {"layers_are_homogeneous: dropped": "flows of powers are not enclosed: undecided there"}
FAMILY = Family("homogeneous nets", draw)


@claim(
    source=SOURCE,
    family=FAMILY,
    assumptions=[assume.homogeneous_layers, assume.depth_at_least(2)],
    example=example,
    controls=[
        Control("a squared activation, assumption kept", squared, outcome="vacuous"),
        Control("descent instead of flow", example, changes={"trajectory": "descent"}),
        Control("half of the outgoing weights", short, changes={"share": Fraction(1, 2)}),
        Control("the same at depth three", deep, changes={"share": Fraction(1, 2)}),
    ],
    survives={**NO_LAW, **NO_FLOW},
)
def neuron_balance_is_conserved_by_flow(
    case: Case, *, trajectory: str = "flow", share: Any = Fraction(1)
) -> Any:
    """Gradient flow conserves |in|^2 - |out|^2 of every hidden neuron, across kinks as well."""
    layers = getattr(case, trajectory).layers
    over = times(0, case.horizon) if trajectory == "flow" else steps(0, 1)
    laws = [
        law
        for inner, outer in pairwise(layers)
        for law in imbalances_of_neurons(inner, outer, share)
    ]
    return conserved(as_matrix(laws, (len(laws), 1)), over=over)


@claim(
    source=Source("Du, Hu & Lee 2018, Corollary 2.1", "arXiv 1806.00900", "A10(c)"),
    family=FAMILY,
    assumptions=[assume.homogeneous_layers, assume.depth_at_least(2)],
    example=example,
    controls=[
        Control("a squared activation, assumption kept", squared, outcome="vacuous"),
        Control("descent instead of flow", example, changes={"trajectory": "descent"}),
        Control("half of the next layer", example, changes={"share": Fraction(1, 2)}),
    ],
    survives={**NO_LAW, **NO_FLOW},
)
def layer_norms_differ_by_constants(
    case: Case, *, trajectory: str = "flow", share: Any = Fraction(1)
) -> Any:
    """Gradient flow conserves the differences of the layers' squared Frobenius norms."""
    layers = getattr(case, trajectory).layers
    over = times(0, case.horizon) if trajectory == "flow" else steps(0, 1)
    laws = [
        frobenius_squared(inner) - share * frobenius_squared(outer)
        for inner, outer in pairwise(layers)
    ]
    return conserved(as_matrix(laws, (len(laws), 1)), over=over)


@claim(
    source=Source("Du, Hu & Lee 2018, descent counterpart", "arXiv 1806.00900", "A10(a)"),
    family=FAMILY,
    assumptions=[assume.homogeneous_layers, assume.depth_at_least(2)],
    example=example,
    controls=[
        Control("a squared activation", squared, drop=("layers_are_homogeneous",)),
        Control("a squared activation, assumption kept", squared, outcome="vacuous"),
        Control("plus instead of minus", example, changes={"sign": 1}),
        Control("half of the drift", deep, changes={"share": sympy.Rational(1, 2)}),
    ],
    survives=NO_LAW,
)
def neuron_balance_drifts_exactly(case: Case, *, sign: int = -1, share: Any = 1) -> Any:
    """One step of descent moves |in|^2 - |out|^2 by exactly eta^2 (|g_in|^2 - |g_out|^2)."""
    run, factor = case.descent, share * case.step_size**2
    laws, drifts = [], []
    for j in range(1, case.network.depth):
        laws += imbalances_of_neurons(run.layer(j), run.layer(j + 1))
        drifts += imbalances_of_neurons(run.layer_gradient(j), run.layer_gradient(j + 1), -sign)
    shape, over = (len(laws), 1), steps(0, int(case.horizon / case.step_size))
    law, drift = as_matrix(laws, shape), as_matrix(drifts, shape)
    return equal(law.next() - law, drift * factor, over=over)


@claim(
    source=Source("Du, Hu & Lee 2018, descent counterpart", "arXiv 1806.00900", "A10(c)"),
    family=FAMILY,
    assumptions=[assume.homogeneous_layers, assume.depth_at_least(2)],
    example=example,
    controls=[
        Control("a squared activation", squared, drop=("layers_are_homogeneous",)),
        Control("a squared activation, assumption kept", squared, outcome="vacuous"),
        Control("plus instead of minus", example, changes={"sign": -1}),
        Control("half of the drift", deep, changes={"share": sympy.Rational(1, 2)}),
    ],
    formulas={"drift": LAYER_DRIFT},
    proof="proofs.du_hu_lee_2018.neuron_balance",
    survives=NO_LAW,
)
def layer_norms_drift_exactly(case: Case, *, sign: int = 1, share: Any = 1) -> Any:
    """One step moves |W_j|_F^2 - |W_{j+1}|_F^2 by exactly eta^2 (|G_j|_F^2 - |G_{j+1}|_F^2)."""
    run, over = case.descent, steps(0, int(case.horizon / case.step_size))
    laws, drifts = [], []
    for j in range(1, case.network.depth):
        laws.append(frobenius_squared(run.layer(j)) - frobenius_squared(run.layer(j + 1)))
        squares = [frobenius_squared(run.layer_gradient(l)) for l in (j, j + 1)]
        values = {eta: case.step_size, inner_gradient: squares[0]}
        drifts.append(substitute(LAYER_DRIFT, {**values, outer_gradient: sign * squares[1]}))
    shape = (len(laws), 1)
    law, drift = as_matrix(laws, shape), as_matrix(drifts, shape)
    return equal(law.next() - law, drift * share, over=over)
