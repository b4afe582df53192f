"""Polynomial laws: the table of known dimensions, and flows computed by matrix calculus."""

import random
import time

import pytest
import sympy

from tests.symbolic.conservation.networks import (
    drawn,
    drawn_weights,
    flat,
    linear_gradients,
    relu_gradients,
)
from theorycheck.errors import BudgetExceeded, InvalidInstance
from theorycheck.exact import null_spaces
from theorycheck.symbolic.conservation import (
    Parameterisation,
    linear_network,
    polynomial_laws,
    relu_network,
)

TABLE = [
    (linear_network, (2, 2, 2), 8, 3),
    (linear_network, (1, 2, 1), 4, 4),
    (linear_network, (1, 3, 1), 6, 9),
    (linear_network, (2, 3, 1), 9, 6),
    (linear_network, (2, 4, 1), 12, 10),
    (linear_network, (2, 2, 2, 2), 12, 6),
    (linear_network, (1, 2, 2, 1), 8, 6),
    (linear_network, (1, 1, 1, 1), 3, 2),
    (relu_network, (2, 2, 2), 8, 2),
    (relu_network, (1, 3, 2), 9, 3),
]


@pytest.mark.parametrize(("network", "widths", "parameters", "dimension"), TABLE)
def test_space_of_quadratic_laws_has_the_known_dimension(network, widths, parameters, dimension):
    model = network(widths)
    laws = polynomial_laws(model, 2)

    assert (model.dimension, laws.dimension) == (parameters, dimension)
    assert all(model.conserves(law.expression) for law in laws.laws)
    assert len(laws.generators) + laws.products == dimension


def slope_along(law, model, velocity):
    """d/dt of a law at which theta moves with this velocity, as an expression."""
    slopes = [sympy.diff(law.expression, x) for x in model.variables]
    return lambda place: sum(s.subs(place) * v for s, v in zip(slopes, velocity, strict=True))


@pytest.mark.parametrize(
    ("widths", "degree"),
    [((2, 2, 2), 4), ((1, 3, 1), 3), ((2, 3, 1), 3), ((1, 2, 2, 1), 2), ((3, 2, 1, 2), 3)],
)
def test_laws_are_constant_along_the_flow_of_a_linear_network(widths, degree):
    model = linear_network(widths)
    weights = drawn_weights(widths, seed=1)
    slope = drawn(widths[-1], widths[0], random.Random(2))
    velocity = flat(linear_gradients(weights, slope))
    place = dict(zip(model.variables, flat(weights), strict=True))

    for law in polynomial_laws(model, degree).laws:
        assert slope_along(law, model, velocity)(place) == 0


@pytest.mark.parametrize("widths", [(2, 3, 2), (2, 3, 2, 1)])
def test_laws_are_constant_along_the_flow_of_a_relu_network(widths):
    model = relu_network(widths)
    draw = random.Random(3)
    weights = drawn_weights(widths, seed=4)
    inputs = [drawn(widths[0], 1, draw) for _ in range(5)]
    slopes = [drawn(widths[-1], 1, draw) for _ in range(5)]
    velocity = flat(relu_gradients(weights, inputs, slopes))
    place = dict(zip(model.variables, flat(weights), strict=True))
    laws = polynomial_laws(model, 2).laws

    assert any(velocity)
    assert len(laws) == sum(widths[1:-1])
    assert all(slope_along(law, model, velocity)(place) == 0 for law in laws)


def test_balancedness_has_all_quadratic_laws_of_three_square_layers_within_seconds():
    begin = time.perf_counter()
    laws = polynomial_laws(linear_network((3, 3, 3, 3)), 2)
    seconds = time.perf_counter() - begin

    assert laws.dimension == 12
    assert not laws.unnamed
    assert {law.family for law in laws.generators} == {
        "W_2^T W_2 - W_1 W_1^T",
        "W_3^T W_3 - W_2 W_2^T",
    }
    assert seconds < 10


def test_named_laws_are_the_entries_of_the_matrix_they_name():
    widths = (2, 3, 1)
    model = linear_network(widths)
    w = [sympy.Matrix(3, 2, model.variables[:6]), sympy.Matrix(1, 3, model.variables[6:])]
    matrix = w[1].T * w[1] - w[0] * w[0].T
    stacked = w[0].row_join(w[1].T)
    expected = {
        f"(W_2^T W_2 - W_1 W_1^T)[{a + 1},{b + 1}]": matrix[a, b]
        for a in range(3)
        for b in range(a, 3)
    }
    expected["det [W_1, W_2^T][rows 1,2,3]"] = stacked.det()

    laws = polynomial_laws(model, 3)

    assert {law.name for law in laws.generators} == set(expected)
    assert all(sympy.expand(law.expression - expected[law.name]) == 0 for law in laws.generators)


def test_neuron_laws_of_a_relu_network_are_named():
    model = relu_network((2, 2, 2))
    w = [sympy.Matrix(2, 2, model.variables[:4]), sympy.Matrix(2, 2, model.variables[4:])]
    first = w[1][:, 0].dot(w[1][:, 0]) - w[0][0, :].dot(w[0][0, :])

    law = polynomial_laws(model, 2).generators[0]

    assert law.name == "|W_2[:,1]|^2 - |W_1[1,:]|^2"
    assert sympy.expand(law.expression - first) == 0


def test_nine_quadratic_laws_of_a_1_3_1_network_are_six_imbalances_and_three_minors():
    laws = polynomial_laws(linear_network((1, 3, 1)), 2)
    families = [law.family for law in laws.generators]

    assert families.count("W_2^T W_2 - W_1 W_1^T") == 6
    assert families.count("minors of [W_1, W_2^T]") == 3


def test_products_of_laws_are_told_from_new_laws():
    laws = polynomial_laws(linear_network((1, 2, 2, 1)), 4)

    assert (laws.dimension, len(laws.generators), laws.products) == (27, 6, 21)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_flipped_sign_is_no_law(sign):
    model = linear_network((2, 2, 2))
    w = [sympy.Matrix(2, 2, model.variables[:4]), sympy.Matrix(2, 2, model.variables[4:])]
    for a, b in ((0, 0), (0, 1)):
        law = (w[1].T * w[1] + sign * w[0] * w[0].T)[a, b]

        assert model.conserves(law) is (sign == -1)
        assert any(model.drifts(law)) is (sign == 1)


def test_wrong_transposes_are_no_laws():
    model = linear_network((2, 2, 2))
    w = [sympy.Matrix(2, 2, model.variables[:4]), sympy.Matrix(2, 2, model.variables[4:])]

    assert not model.conserves((w[1] * w[1].T - w[0] * w[0].T)[0, 0])
    assert not model.conserves((w[1].T * w[1] - w[0].T * w[0])[0, 1])
    assert model.conserves((w[1].T * w[1] - w[0] * w[0].T)[0, 1])


def test_laws_of_hand_solved_models():
    x, y, z = sympy.symbols("x y z")
    cubic = polynomial_laws(Parameterisation.from_sympy([x * y * z], [x, y, z]), 2)
    power = polynomial_laws(Parameterisation.from_sympy(x**2 * y, [x, y]), 2)
    difference = polynomial_laws(Parameterisation.from_sympy([(x - y) ** 3], [x, y, z]), 1)

    assert {law.expression for law in cubic.laws} == {x**2 - z**2, y**2 - z**2}
    assert [law.expression for law in power.laws] == [x**2 - 2 * y**2]
    assert {law.expression for law in difference.laws} == {x + y, z}


def test_an_orthogonal_change_of_variables_keeps_the_number_of_laws():
    x = sympy.symbols("x0:6")
    skew = sympy.Matrix(6, 6, lambda i, j: sympy.sign(j - i))
    turned = (sympy.eye(6) - skew) * (sympy.eye(6) + skew).inv() * sympy.Matrix(x)
    output = turned[:3, 0].dot(turned[3:, 0])

    laws = polynomial_laws(Parameterisation.from_sympy([output], x), 2)

    assert laws.dimension == 9
    assert len(laws.unnamed) == 9


def random_model(seed):
    """A sparse polynomial model in three variables that has a law in most cases."""
    draw = random.Random(seed)
    x = sympy.symbols("x y z")
    blocks = [x[0] + draw.randrange(-1, 2), x[1] * draw.randrange(1, 3), x[2] + x[1] * (seed % 2)]
    powers = [tuple(draw.randrange(3) for _ in x) for _ in range(draw.randrange(1, 3))]
    outputs = [sympy.prod(b**e for b, e in zip(blocks, p, strict=True)) for p in powers]
    return outputs, x


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("degree", [2, 3])
def test_no_law_is_missed_and_none_is_invented(seed, degree):
    outputs, x = random_model(seed)
    monomials = [m for m in sympy.itermonomials(x, degree) if m != 1]
    unknowns = sympy.symbols(f"c0:{len(monomials)}")
    law = sum(c * m for c, m in zip(unknowns, monomials, strict=True))
    conditions = [
        sympy.Poly(sum(sympy.diff(law, v) * sympy.diff(phi, v) for v in x), *x).coeffs()
        for phi in outputs
    ]
    system, _ = sympy.linear_eq_to_matrix([e for row in conditions for e in row], *unknowns)

    laws = polynomial_laws(Parameterisation.from_sympy(outputs, x), degree)

    assert laws.dimension == len(monomials) - system.rank()
    for found in laws.laws:
        for phi in outputs:
            drift = sum(sympy.diff(found.expression, v) * sympy.diff(phi, v) for v in x)
            assert sympy.expand(drift) == 0


def test_laws_of_a_shifted_model_come_by_their_degree():
    # h(x + 1, y - 2, z) is a law exactly if h is one of x y z: the same degrees, no homogeneity
    x, y, z = sympy.symbols("x y z")
    plain = polynomial_laws(Parameterisation.from_sympy([x * y * z], [x, y, z]), 4)
    shifted = polynomial_laws(Parameterisation.from_sympy([(x + 1) * (y - 2) * z], [x, y, z]), 4)

    assert [law.degree for law in plain.laws] == [2, 2, 4, 4, 4]
    assert [law.degree for law in shifted.laws] == [2, 2, 4, 4, 4]
    assert {law.expression for law in shifted.generators} == {
        x**2 + 2 * x - z**2,
        y**2 - 4 * y - z**2,
    }


def test_a_system_that_hangs_together_is_refused_with_a_remedy(monkeypatch):
    monkeypatch.setattr(null_spaces, "MOST_COLUMNS", 1)

    with pytest.raises(BudgetExceeded, match=r"degree <= 2: .* unknowns hang .*; lower the degree"):
        polynomial_laws(linear_network((2, 2, 2)), 2)


def test_a_model_without_laws_says_so():
    x, y = sympy.symbols("x y")
    laws = polynomial_laws(Parameterisation.from_sympy([x, y], [x, y]), 3)

    assert laws.dimension == 0
    assert "0 linearly independent polynomial laws" in str(laws)
    assert laws.to_latex() == r"\text{no law}"


def test_too_high_a_degree_is_refused_with_its_cost():
    model = linear_network((3, 3, 3, 3))

    with pytest.raises(BudgetExceeded, match=r"D = 27.*degree <= 9 have 94143279 unknown"):
        polynomial_laws(model, 9)
    with pytest.raises(InvalidInstance, match="degree=0"):
        polynomial_laws(model, 0)
