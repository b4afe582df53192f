"""Momentum laws: all of them are found, and they hold along motions written in matrices."""

import random

import pytest
import sympy

from tests.symbolic.conservation.networks import drawn, drawn_weights, flat, linear_gradients
from theorycheck.errors import BudgetExceeded, InvalidInstance
from theorycheck.symbolic.conservation import (
    MomentumFlow,
    Parameterisation,
    integrating_factor,
    linear_network,
    momentum,
    momentum_laws,
    relu_network,
)


def matrices(symbols, widths):
    """Arrange symbols as W_1, ..., W_n."""
    result, rest = [], list(symbols)
    for rows, columns in zip(widths[1:], widths[:-1], strict=True):
        result.append(sympy.Matrix(rows, columns, rest[: rows * columns]))
        rest = rest[rows * columns :]
    return result


def antisymmetric_momentum(w, v, j, sign=1):
    """A_j for layer j = 1, 2, ... counted from W_1; v are the velocities."""
    lower, upper, slow, fast = w[j - 1], w[j], v[j - 1], v[j]
    turned = upper.T * fast - fast.T * upper
    return turned + sign * (lower * slow.T - slow * lower.T)


@pytest.mark.parametrize(
    ("widths", "extra"),
    [((2, 2, 2), 0), ((3, 2, 4, 3), 0), ((2, 3, 1), 0), ((1, 2, 2, 1), 0), ((2, 2), 0),
     ((1, 2, 1), 1), ((1, 3, 1), 3)],
)  # fmt: skip
def test_rotations_of_hidden_layers_are_all_symmetries(widths, extra):
    # 1-r-1 networks have the form <u, v> on R^2r, kept by so(r) x so(r)
    expected = sum(d * (d - 1) // 2 for d in widths[1:-1]) + extra

    laws = momentum_laws(linear_network(widths))

    assert laws.dimension == expected
    assert all(law.name for law in laws.laws)


@pytest.mark.parametrize("widths", [(2, 2, 2), (2, 3, 2, 1), (1, 2, 1)])
def test_momenta_decay_along_the_motion_written_in_matrices(widths):
    laws = momentum_laws(linear_network(widths))
    draw = random.Random(5)
    w, v = drawn_weights(widths, seed=6), drawn_weights(widths, seed=7)
    b = sympy.Rational(3, 7)
    slope = drawn(widths[-1], widths[0], draw)
    gradients = linear_gradients(w, slope)
    force = [-b * speed - g for speed, g in zip(v, gradients, strict=True)]
    x, x_dot = laws.flow.parameterisation.variables, laws.flow.velocities
    place = dict(zip((*x, *x_dot), (*flat(w), *flat(v)), strict=True))
    motion = list(zip((*x, *x_dot), (*flat(v), *flat(force)), strict=True))

    for law in laws.laws:
        rate = sum(sympy.diff(law.expression, letter).subs(place) * r for letter, r in motion)
        assert rate + b * law.expression.subs(place) == 0


@pytest.mark.parametrize(
    ("widths", "layer"), [((2, 2, 2), 1), ((2, 3, 2, 2), 1), ((2, 3, 2, 2), 2)]
)
def test_flipping_the_last_two_terms_breaks_the_law(widths, layer):
    flow = MomentumFlow(linear_network(widths))
    w, v = matrices(flow.parameterisation.variables, widths), matrices(flow.velocities, widths)

    assert flow.drift(antisymmetric_momentum(w, v, layer)[0, 1]) == 0
    assert flow.drift(antisymmetric_momentum(w, v, layer, sign=-1)[0, 1]) != 0


def test_named_momenta_are_the_entries_they_name():
    widths = (2, 2, 3)
    laws = momentum_laws(linear_network(widths))
    w = matrices(laws.flow.parameterisation.variables, widths)
    v = matrices(laws.flow.velocities, widths)
    expected = antisymmetric_momentum(w, v, 1)[0, 1]

    assert [law.name for law in laws.laws] == [
        "(W_2^T W_2' - W_2'^T W_2 + W_1 W_1'^T - W_1' W_1^T)[1,2]"
    ]
    assert sympy.expand(laws.laws[0].expression - expected) == 0


def test_balancedness_is_no_momentum_law():
    flow = MomentumFlow(linear_network((1, 1, 1)))
    u, v = flow.parameterisation.variables

    assert flow.drift(v**2 - u**2) != 0


def test_relu_networks_have_no_momentum_law():
    assert momentum_laws(relu_network((2, 2, 2))).dimension == 0


def test_shifts_and_rotations_of_a_model_of_ones_own():
    x, y, z = sympy.symbols("x y z")
    shifts = momentum_laws(Parameterisation.from_sympy([(x - y) ** 2], [x, y]))
    turns = momentum_laws(Parameterisation.from_sympy([x**2 + y**2 + z**2], [x, y, z]))
    vx, vy = shifts.flow.velocities

    assert [law.expression for law in shifts.laws] == [vx + vy]
    assert turns.dimension == 3
    assert "of no known" not in str(turns)


def test_letters_of_the_flow_are_not_mistaken_for_variables_of_the_model():
    # a variable b and the damping b would cancel: A' + b A must tell them apart
    b, c, g1 = sympy.symbols("b c g1")
    flow = MomentumFlow(Parameterisation.from_sympy([b * c], [b, c, g1]))
    speed = flow.velocities[0]

    assert len({x.name for x in flow.letters}) == len(flow.letters)
    assert flow.damping.name == "b_"
    assert flow.drift(speed) == -c * flow.slopes[0]
    assert flow.drift(c * flow.velocities[2] - b * flow.velocities[2]) != 0


def test_integrating_factors_solve_their_equation():
    t, b = sympy.Symbol("t", positive=True), sympy.Symbol("b")

    assert integrating_factor(b, t) == sympy.exp(b * t)
    assert integrating_factor(3 / t, t) == t**3
    assert integrating_factor(1 / (1 + t), t) == 1 + t
    with pytest.raises(InvalidInstance, match="no closed form"):
        integrating_factor(sympy.Function("f")(t), t)


def test_bad_input_is_refused(monkeypatch):
    model = linear_network((1, 1))
    with pytest.raises(InvalidInstance, match="momentum: q contains q"):
        MomentumFlow(model).drift(sympy.Symbol("q"))
    monkeypatch.setattr(momentum, "MOST_UNKNOWNS", 0)
    with pytest.raises(BudgetExceeded, match="D = 1 parameters: rotations have 1 unknowns"):
        momentum_laws(model)
