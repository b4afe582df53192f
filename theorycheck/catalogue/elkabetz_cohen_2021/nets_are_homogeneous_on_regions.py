r"""On an activation region a net is a product of masked layers, homogeneous in each of them.

    h(x_i) = W_n D_{n-1} W_{n-1} ... D_1 W_1 x_i,   <W_j, df/dW_j> = c sum_i <r_i, h(x_i)>, all j,
    <theta, grad f> = n c sum_i <r_i, h(x_i)>,      and W_j -> b W_j with b > 0 makes h into b h

for s(z) = alpha max(z, 0) + beta min(z, 0) without biases, r_i the loss's slope at sample i. So
d/dt ||W_j||_F^2 = -2 c sum_i <r_i, h(x_i)> along the flow, the same for every layer.

Source       Elkabetz & Cohen 2021, homogeneous nets; theory A4(a, b), A10(c)
Assumptions  the start lies inside a region; square loss (its values are rational)
Checked      exactly, at the given point: the net's own loss and gradient against masked products
Not checked  biases, which break homogeneity in the layers; other losses
See also     du_hu_lee_2018/neuron_balance.py for what the flow conserves
"""

from __future__ import annotations

from functools import partial
from typing import Any

from theorycheck.catalogue.elkabetz_cohen_2021.activation_regions import (
    START_IN_REGION,
    OnRegion,
    objective_of,
    total,
)
from theorycheck.catalogue.elkabetz_cohen_2021.curvature_is_bounded_on_regions import (
    example as three_layers,
    on_data,
    scalar,
)
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    as_matrix,
    claim,
    equal,
    frobenius_squared,
    gt,
    inner,
    le,
)  # fmt: skip
from theorycheck.claims.matrices import AbstractMatrix, constant
from theorycheck.exact import as_fraction
from theorycheck.losses import LogisticLoss, SquareLoss
from theorycheck.problems import Instance, families
from theorycheck.problems.choices import Choices


def loss_is_square(case: Case) -> Any:
    return le(0 if isinstance(objective_of(case).loss, SquareLoss) else 1, 0)


SQUARE = Assumption("loss_is_square", loss_is_square, "the square loss, whose values are rational")


def targets(case: Case, i: int) -> AbstractMatrix:
    return constant([[row[i]] for row in case.loss.targets], rf"y_{{{i + 1}}}")


def slope_along_predictions(net: OnRegion) -> Any:
    """C sum_i <r_i, h(x_i)>."""
    pairs = [(net.residual(i), net.prediction(i)) for i in range(net.loss.samples)]
    return net.loss.factor * total(inner(r, h) for r, h in pairs)


def square_loss(case: Case, predictions: Any) -> Any:
    """C / 2 sum_i ||h_i - y_i||^2 of predictions."""
    squares = [frobenius_squared(h - targets(case, i)) for i, h in enumerate(predictions)]
    return case.loss.factor / 2 * total(squares)


FAMILY = families.fully_connected(
    (1, 3), (1, 2), activations=("relu", "leaky_relu", "homogeneous", "absolute"), loss="mixed"
)
SOURCE = Source("Elkabetz & Cohen 2021, homogeneous nets", "arXiv 2107.06608", "A4(b)")


def logistic() -> Instance:
    """Two scalar layers under the logistic loss, whose value at h = 1 is log(1 + 1/e)."""
    return scalar(1, 1).replace(loss=LogisticLoss([[1]], [[1]]))


@claim(
    source=SOURCE,
    family=FAMILY,
    assumptions=[SQUARE, START_IN_REGION],
    example=three_layers,
    on_data=on_data,
    controls=[
        Control("n + 1 in place of n", three_layers, changes={"degree": lambda n: n + 1}),
        Control("twice the slope", scalar, changes={"share": 2}),
        Control("on a kink", partial(scalar, 0), outcome="vacuous"),
        Control("logistic loss", logistic, drop=("loss_is_square",)),
    ],
    survives={"start_lies_in_a_region: dropped": "on a kink there is no gradient: undecided there"},
)
def nets_are_homogeneous_on_regions(
    case: Case, *, degree: Any = lambda depth: depth, share: Any = 1
) -> Any:
    """Inside a region the net is a product of masked layers, and Euler's identities hold."""
    net, view = OnRegion(case), case.initial
    along = share * slope_along_predictions(net)
    predictions = [net.prediction(i) for i in range(net.loss.samples)]
    layers = enumerate(view.layers, start=1)
    return [
        equal(view.loss, square_loss(case, predictions)),
        *(equal(inner(w, view.layer_gradient(j)), along) for j, w in layers),
        equal(inner(view.position, view.gradient), degree(case.network.depth) * along),
    ]


# -- scaling one layer ---------------------------------------------------------------------------
def scaled(instance: Instance, *, factor: Any = 3, layer: int = 1) -> Instance:
    """Put a second point where one layer is multiplied by a factor."""
    share = as_fraction(factor, "factor")
    layers = [
        [[share * x if j == layer else x for x in row] for row in w]
        for j, w in enumerate(instance.network.layers(instance.start), start=1)
    ]
    return instance.replace(factor=share, layer=layer, descent_start=layers, step_size=1)


def scaling_example(*, factor: Any = 3, layer: Any = 2) -> Instance:
    """The net of three layers, its second one times 3."""
    return scaled(three_layers(), factor=factor, layer=int(layer))


def draw_scaled(instance: Instance, choices: Choices) -> Instance:
    layer = choices.integer(1, instance.network.depth)
    return scaled(instance, factor=abs(families.draw_entry(choices)) or 2, layer=layer)


def factor_is_positive(case: Case) -> Any:
    return gt(case.factor, 0)


def one_layer_is_scaled(case: Case) -> Any:
    """The second point is the start with one layer, of 1..n, times the factor."""
    layers = range(1, case.network.depth + 1)
    return [
        le(1 if case.layer in layers else 2, 1),
        *(
            equal(
                there.at(0), (case.factor if j == case.layer else 1) * as_matrix(here, here.shape)
            )
            for j, (here, there) in enumerate(
                zip(case.initial.layers, case.descent.layers, strict=True), start=1
            )
        ),
    ]


@claim(
    source=SOURCE,
    family=FAMILY.map(draw_scaled),
    assumptions=[
        SQUARE,
        START_IN_REGION,
        Assumption("factor_is_positive", factor_is_positive, "b > 0"),
        Assumption("one_layer_is_scaled", one_layer_is_scaled, "one layer is multiplied by b"),
    ],
    example=scaling_example,
    controls=[
        Control("the square of the factor", scaling_example, changes={"power": 2}),
        Control(
            "a negative factor crosses the kinks",
            partial(scaling_example, factor=-1, layer=1),
            drop=("factor_is_positive",),
        ),
        Control(
            "a negative factor", partial(scaling_example, factor=-1, layer=1), outcome="vacuous"
        ),
        Control(
            "another layer is scaled",
            lambda: scaling_example().replace(layer=1, descent_start=scaling_example().start),
            outcome="vacuous",
        ),
        Control(
            "no layer is scaled",
            lambda: scaling_example().replace(layer=4, descent_start=scaling_example().start),
            outcome="vacuous",
        ),
        Control("logistic loss", lambda: scaled(logistic()), drop=("loss_is_square",)),
    ],
    survives={
        "start_lies_in_a_region: dropped": "on a kink s is 0 whatever its slope there, "
        "and homogeneous as well",
    },
)
def scaling_a_layer_scales_the_predictions(case: Case, *, power: int = 1) -> Any:
    """Multiplying one layer by b > 0 multiplies every prediction by b."""
    net = OnRegion(case)
    predictions = [case.factor**power * net.prediction(i) for i in range(net.loss.samples)]
    return equal(case.descent.loss.at(0), square_loss(case, predictions))
