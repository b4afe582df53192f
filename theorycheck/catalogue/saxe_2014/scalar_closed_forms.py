r"""A balanced scalar net of any depth learns along a curve whose time is known in closed form.

    n = 1          w = s + (w_0 - s) e^{-t}
    n = 3, 4       t = F(w) - F(w_0), elementary
    any n          t = int_{w_0}^w dw / (n w^{2-2/n} (s - w))

for phi = (w - s)^2 / 2, 0 < w_0 < s, all layers equal and positive. w increases, so that its time
determines it.

Source       Saxe, McClelland & Ganguli 2014, one mode (n = 2), arXiv 1312.6120; theory A17
Assumptions  width 1, equal positive layers, 0 < w_0 < s; n = 3: s = a^3 and n = 4: s = a^2, a given
Checked      t - F(w(t)) is conserved on [0, T], its rate exactly, modulo the equality of the layers
             that the flow keeps; that F is defined along the path, by enclosure
Not checked  -
See also     scalar_closed_form.py for depth two, infinite_depth_has_a_closed_time.py
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
    conserved,
    equal,
    gt,
    lt,
    substitute,
    time,
    times,
)  # fmt: skip
from theorycheck.problems import Family, Instance, deep_linear_instance
from theorycheck.problems.choices import Choices
from theorycheck.problems.spoiled import with_inputs_scaled
from theorycheck.symbolic.derivations import scalar_modes as modes

rate, lower, upper = sympy.symbols("c p_0 p", positive=True)
x = sympy.Symbol("x", positive=True)
n, s, w, start = modes.n, modes.s, modes.w, modes.start

TIME = sympy.Integral(1 / (x ** (n - 1) * (s - x**n)), (x, lower, upper))
"""t for w = p^n, w_0 = p_0^n; the integral of A17 in the layer x = w^{1/n}."""

EXPONENTIAL = modes.EXPONENTIAL.xreplace({modes.t: rate * time})
"""w(t) at depth one; c = 1."""

SOURCE = Source("Saxe, McClelland & Ganguli 2014, one mode, other depths", "arXiv 1312.6120", "A17")


BEYOND_TARGET = "the time is not real for w_0 >= s: undecided there, never violated"


def target(case: Case) -> Fraction:
    """The target s of the one output."""
    return Fraction(case.loss.targets[0][0])


def first_layer(case: Case) -> Any:
    return case.flow.layer(1)[0, 0]


def other_layers_equal_it(case: Case) -> list[Any]:
    """The equations W_j = W_1, which the flow keeps."""
    return [layer[0, 0] - first_layer(case) for layer in case.flow.layers[1:]]


def layers_are_equal_and_positive(case: Case) -> Any:
    first, *others = case.initial.layers
    return [gt(first[0, 0], 0), *(equal(layer[0, 0], first[0, 0]) for layer in others)]


def start_is_below_target(case: Case) -> Any:
    return lt(case.initial.end_to_end[0, 0], target(case))


def scalar_net(
    *, depth: Any = 3, target: Any = 1, layer: Any = "1/10", horizon: Any = 2, **extra: Any
) -> Instance:
    """Equal scalar layers."""
    weights = [[[layer]]] * int(depth)
    return deep_linear_instance(target=[[target]], weights=weights, horizon=horizon, **extra)


def unequal() -> Instance:
    layers = [[["1/10"]], [["1/5"]], [["1/10"]]]
    return deep_linear_instance(target=[[1]], weights=layers, horizon=1, root=1)


def wide(depth: int) -> Instance:
    """Hidden layers of two neurons, all layers with the first entry 1/2."""
    inner = [["1/2", "1/4"], ["1/4", "1/4"]]
    weights = [[["1/2"], ["1/2"]], *[inner] * (depth - 2), [["1/2", "1/4"]]]
    return deep_linear_instance(target=[[1]], weights=weights, horizon="1/4", root=1)


def too_shallow() -> Instance:
    """Depth two, whose time is another one."""
    return scalar_net(depth=2, layer="1/2", horizon=1, root=1)


def family(low: int, high: int, *, power: int | None = None) -> Family:
    """Scalar nets with w_0 < s; with `power`, targets a^power and the field `root` a."""

    def draw(choices: Choices) -> Instance:
        depth, root = choices.integer(low, high), Fraction(choices.integer(3, 5), 4)
        goal = root ** (depth if power is None else power)
        layer = Fraction(choices.integer(1, 15), 16)
        while layer**depth >= goal:
            layer = layer / 2
        horizon = Fraction(choices.integer(1, 4), 4)
        return scalar_net(depth=depth, target=goal, layer=layer, horizon=horizon, root=root)

    return Family(f"scalar nets of depth {low} to {high}", draw)


def depth_is(depth: int) -> Assumption:
    return Assumption(
        f"depth_is_{depth}", lambda case: equal(case.network.depth, depth), f"the depth is {depth}"
    )


SCALAR = [
    assume.whitened,
    Assumption(
        "net_is_scalar", lambda case: equal(max(case.network.widths), 1), "all widths are 1"
    ),
    Assumption("layers_are_equal_and_positive", layers_are_equal_and_positive, "W_j = W_1 > 0"),
    Assumption("start_is_below_target", start_is_below_target, "w_0 < s"),
]


def elapsed(case: Case, antiderivative: Any, factor: Any) -> Any:
    """State that F(w(t)) - c t keeps its value; c = 1 in the theorem."""
    return conserved(
        antiderivative - factor * time,
        over=times(0, case.horizon),
        given=other_layers_equal_it(case),
    )


@claim(
    source=SOURCE,
    family=family(1, 1),
    assumptions=[depth_is(1), *SCALAR],
    example=lambda: scalar_net(depth=1, layer="1/100", horizon=3),
    controls=[
        Control(
            "inputs half as long",
            lambda: with_inputs_scaled(scalar_net(depth=1)),
            drop=("loss_is_whitened",),
        ),
        Control(
            "inputs half as long, assumption kept",
            lambda: with_inputs_scaled(scalar_net(depth=1)),
            outcome="vacuous",
        ),
        Control("rate 2 instead of 1", lambda: scalar_net(depth=1), changes={"constant": 2}),
    ],
    formulas={"exponential curve": EXPONENTIAL},
    proof="proofs.saxe_2014.scalar_closed_forms",
    survives={
        "depth_is_1: dropped": "the closed form has one coordinate, as such a net",
        "net_is_scalar: dropped": "the closed form has one coordinate, as such a net",
        "layers_are_equal_and_positive: dropped": "one layer; the curve solves it from every start",
        "start_is_below_target: dropped": "the curve is the solution from every start",
    },
)
def depth_one_is_exponential(case: Case, *, constant: Any = 1) -> Any:
    """Linear regression with one weight approaches its target exponentially."""
    values = {s: target(case), start: Fraction(case.start[0]), rate: constant}
    curve = substitute(EXPONENTIAL, values)
    over = times(0, case.horizon)
    return equal(case.flow.end_to_end[0, 0], curve, over=over, solution=[curve])


@claim(
    source=SOURCE,
    family=family(3, 3, power=3),
    assumptions=[
        depth_is(3),
        *SCALAR,
        Assumption("root", lambda case: equal(case.root**3, target(case)), "s = a^3"),
    ],
    example=lambda: scalar_net(root=1),
    controls=[
        Control(
            "inputs half as long",
            lambda: with_inputs_scaled(scalar_net(root=1)),
            drop=("loss_is_whitened",),
        ),
        Control(
            "inputs half as long, assumption kept",
            lambda: with_inputs_scaled(scalar_net(root=1)),
            outcome="vacuous",
        ),
        Control("time twice as fast", lambda: scalar_net(root=1), changes={"constant": 2}),
        Control("unequal layers", unequal, drop=("layers_are_equal_and_positive",)),
        Control("unequal layers, assumption kept", unequal, outcome="vacuous"),
        Control("depth two", too_shallow, drop=("depth_is_3",)),
        Control("two hidden neurons", lambda: wide(3), drop=("net_is_scalar",)),
    ],
    formulas={"time": modes.TIME_AT_DEPTH_THREE},
    proof="proofs.saxe_2014.scalar_closed_forms",
    survives={"start_is_below_target: dropped": BEYOND_TARGET},
)
def depth_three_has_a_closed_time(case: Case, *, constant: Any = 1) -> Any:
    """The time a balanced scalar net of depth three takes is elementary in its layer."""
    values = {modes.layer: first_layer(case), modes.root: case.root}
    return elapsed(case, substitute(modes.TIME_AT_DEPTH_THREE, values), constant)


@claim(
    source=SOURCE,
    family=family(4, 4, power=2),
    assumptions=[
        depth_is(4),
        *SCALAR,
        Assumption("root", lambda case: equal(case.root**2, target(case)), "s = a^2"),
    ],
    example=lambda: scalar_net(depth=4, layer="1/5", root=1),
    controls=[
        Control(
            "inputs half as long",
            lambda: with_inputs_scaled(scalar_net(depth=4, layer="1/5", root=1)),
            drop=("loss_is_whitened",),
        ),
        Control(
            "inputs half as long, assumption kept",
            lambda: with_inputs_scaled(scalar_net(depth=4, layer="1/5", root=1)),
            outcome="vacuous",
        ),
        Control("time twice as fast", lambda: scalar_net(depth=4, root=1), changes={"constant": 2}),
        Control("depth two", too_shallow, drop=("depth_is_4",)),
        Control("two hidden neurons", lambda: wide(4), drop=("net_is_scalar",)),
        Control(
            "unequal layers",
            lambda: deep_linear_instance(
                target=[[1]],
                weights=[[["1/2"]], [["1/4"]], [["1/2"]], [["1/2"]]],
                horizon="1/4",
                root=1,
            ),
            drop=("layers_are_equal_and_positive",),
        ),
    ],
    formulas={"time": modes.TIME_AT_DEPTH_FOUR},
    proof="proofs.saxe_2014.scalar_closed_forms",
    survives={
        "start_is_below_target: dropped": BEYOND_TARGET,
        "root: dropped": "the time holds for every s > 0; the root makes sqrt(s) rational",
    },
)
def depth_four_has_a_closed_time(case: Case, *, constant: Any = 1) -> Any:
    """The time a balanced scalar net of depth four takes is elementary in its layer."""
    values = {modes.r: first_layer(case) ** 2, s: target(case)}
    return elapsed(case, substitute(modes.TIME_AT_DEPTH_FOUR, values), constant)


@claim(
    source=SOURCE,
    family=family(1, 6),
    assumptions=SCALAR,
    example=lambda: scalar_net(depth=5, layer="1/3"),
    controls=[
        Control(
            "inputs half as long",
            lambda: with_inputs_scaled(scalar_net(depth=5)),
            drop=("loss_is_whitened",),
        ),
        Control(
            "inputs half as long, assumption kept",
            lambda: with_inputs_scaled(scalar_net(depth=5)),
            outcome="vacuous",
        ),
        Control("time twice as fast", lambda: scalar_net(depth=5), changes={"constant": 2}),
        Control("unequal layers", unequal, drop=("layers_are_equal_and_positive",)),
        Control("two hidden neurons", lambda: wide(3), drop=("net_is_scalar",)),
    ],
    formulas={"time": TIME},
    proof="proofs.saxe_2014.scalar_closed_forms",
    survives={
        "start_is_below_target: dropped": "the time is right above the target, too; at the target "
        "the integrand is infinite",
    },
)
def every_depth_has_a_time_by_quadrature(case: Case, *, constant: Any = 1) -> Any:
    """The time a balanced scalar net takes is an integral over its layer, at every depth."""
    values = {n: case.network.depth, s: target(case)}
    begin = Fraction(case.start[0])
    return elapsed(
        case, substitute(TIME, {**values, lower: begin, upper: first_layer(case)}), constant
    )
