"""Reading models at the door: one clear error, and the same model by several ways."""

import pytest
import sympy

import theorycheck as tc
from theorycheck.errors import BudgetExceeded, InvalidInstance
from theorycheck.symbolic.conservation import Parameterisation, linear_network, relu_network

A, B, C = sympy.symbols("a b c")


@pytest.mark.parametrize(
    ("outputs", "variables", "expected"),
    [
        ([A * C], [A, B], "a\\*c contains c, which is not among the variables a, b"),
        ([sympy.exp(A)], [A], "exp\\(a\\) is no polynomial"),
        ([1 / A], [A], "1/a is no polynomial"),
        ([sympy.sqrt(A)], [A], "sqrt\\(a\\) is no polynomial"),
        ([sympy.sqrt(2) * A], [A], "rational coefficients"),
        ([A / 10.0], [A], "floating-point number"),
        ([], [A], "at least one"),
        ("a*b", [A, B], "must be SymPy expressions"),
        ([A, "b"], [A, B], "'b' is no SymPy expression"),
        ([A], [], "variables must be"),
        ([A], ["a"], "variables must be"),
        ([A], [A, A], "a twice"),
        ([1], None, "variables must be"),
    ],
)
def test_models_that_cannot_be_read_are_refused(outputs, variables, expected):
    with pytest.raises(InvalidInstance, match=expected):
        Parameterisation.from_sympy(outputs, variables)


@pytest.mark.parametrize("widths", [(3,), (), (2, 0), (2, -1), (2, 1.5)])
@pytest.mark.parametrize("network", [linear_network, relu_network])
def test_widths_that_make_no_network_are_refused(network, widths):
    with pytest.raises(InvalidInstance, match="at least two positive integers"):
        network(widths)


@pytest.mark.parametrize("widths", [(100, 100), (10, 10, 10, 10, 10)])
def test_networks_that_are_too_large_are_refused_with_their_size(widths):
    with pytest.raises(BudgetExceeded, match=r"D = .* parameters and .* paths"):
        linear_network(widths)
    with pytest.raises(BudgetExceeded, match="401 variables"):
        Parameterisation.from_sympy([A], sympy.symbols("x0:401"))


def test_linear_network_is_the_product_of_its_matrices():
    model = linear_network((2, 3, 2))
    w = [sympy.Matrix(3, 2, model.variables[:6]), sympy.Matrix(2, 3, model.variables[6:])]
    by_hand = Parameterisation.from_sympy(w[1] * w[0], model.variables)

    assert [model.expression(p) for p in model.outputs] == list((w[1] * w[0]).expand())
    assert by_hand.outputs == model.outputs
    assert tuple(map(str, model.variables[:3])) == ("W1_11", "W1_12", "W1_21")


def test_wide_layers_keep_their_names_apart():
    names = [str(x) for x in linear_network((11, 1, 1)).variables]

    assert names[0] == "W1_1_1"
    assert names[10] == "W1_1_11"
    assert len(set(names)) == len(names)


def test_relu_network_has_one_output_per_path():
    model = relu_network((1, 2, 1))

    assert {str(model.expression(p)) for p in model.outputs} == {"W1_11*W2_11", "W1_21*W2_12"}


def test_variables_default_to_all_symbols_sorted_by_name():
    assert Parameterisation.from_sympy(B * A + C).variables == (A, B, C)


def test_the_package_exports_the_discovery_lazily():
    assert tc.conservation.linear_network((2, 1)).dimension == 2
