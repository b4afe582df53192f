"""The number of independent laws: published counts, the closed form, and what is proved."""

import pytest
import sympy

from theorycheck.errors import InvalidInstance
from theorycheck.exact import PRIMES, PolynomialArithmetic
from theorycheck.symbolic.conservation import (
    Evidence,
    IndependentLaws,
    Parameterisation,
    function_span,
    independent_laws,
    linear_network,
    polynomial_laws,
    relu_network,
)
from theorycheck.symbolic.conservation.function_span import adjugate, spans_as_functions
from theorycheck.symbolic.conservation.lie_closure import bracket, close_under_brackets

TABLE = [
    (linear_network, (2, 2, 2), 5, 3),
    (linear_network, (1, 2, 1), 1, 3),
    (linear_network, (1, 3, 1), 1, 5),
    (linear_network, (2, 3, 1), 3, 6),
    (linear_network, (2, 4, 1), 3, 9),
    (linear_network, (2, 2, 2, 2), 6, 6),
    (linear_network, (1, 2, 2, 1), 1, 7),
    (linear_network, (1, 1, 1, 1), 1, 2),
    (linear_network, (3, 3, 3, 3), 15, 12),
    (relu_network, (2, 2, 2), 6, 2),
    (relu_network, (1, 3, 2), 6, 3),
]


@pytest.mark.parametrize(("network", "widths", "lie_dimension", "count"), TABLE)
def test_number_of_independent_laws_is_the_known_one(network, widths, lie_dimension, count):
    result = independent_laws(network(widths))

    assert (result.lie_dimension, result.count) == (lie_dimension, count)
    assert result.proved
    assert result.at_least == result.at_most == count


def two_layer_formula(n, r, m):
    if n + m >= r:
        return r * (r + 1) // 2
    return (n + m) * r - (n + m) * (n + m - 1) // 2


@pytest.mark.parametrize("r", range(1, 6))
def test_two_layer_networks_follow_the_closed_form(r):
    for n in range(1, 6):
        for m in range(1, 6):
            result = independent_laws(linear_network((m, r, n)))

            assert result.count == two_layer_formula(n, r, m), (n, r, m)
            assert result.evidence is Evidence.BOUNDS_MEET


def test_a_1_2_2_1_network_has_seven_laws_of_which_six_are_quadratic():
    model = linear_network((1, 2, 2, 1))
    laws = polynomial_laws(model, 2)
    result = independent_laws(model, laws=laws.laws)

    assert (result.count, len(result.found), laws.dimension) == (7, 6, 6)
    assert result.evidence is Evidence.CLOSED
    assert "6 of them are known polynomials; 1 more exists locally" in str(result)


def test_found_laws_have_independent_gradients():
    model = linear_network((1, 3, 1))
    result = independent_laws(model)
    jacobian = sympy.Matrix([[sympy.diff(law.expression, x) for x in model.variables]
                             for law in result.found])  # fmt: skip
    place = dict(zip(model.variables, (1, 2, 5, 3, 7, -1), strict=True))

    assert jacobian.shape == (5, 6)
    assert jacobian.subs(place).rank() == 5


# -- brackets and closure --------------------------------------------------------------------------
X, Y, Z, W = sympy.symbols("x y z w")


def test_bracket_is_that_of_vector_fields():
    ring = PolynomialArithmetic(["x", "y"])
    x, y = ring.generators()
    first, second = (x * y, y**2), (x + y, x**3)
    vector, other = sympy.Matrix([X * Y, Y**2]), sympy.Matrix([X + Y, X**3])
    expected = other.jacobian([X, Y]) * vector - vector.jacobian([X, Y]) * other
    model = Parameterisation.from_sympy([X], [X, Y])

    found = [model.expression(model.polynomial(sympy.sympify(str(p).replace("^", "**"))))
             for p in bracket(first, second)]  # fmt: skip

    assert [sympy.expand(a - b) for a, b in zip(found, expected, strict=True)] == [0, 0]


def needing_identities():
    """Two directions of (x, y) by brackets, and z d/dz + 2 w d/dw with the law w / z^2."""
    return Parameterisation.from_sympy([X**2, X * Y, Z**2 / 2 + W**2], [X, Y, Z, W])


def test_closure_is_proved_where_the_law_is_no_polynomial():
    result = independent_laws(needing_identities())

    assert (result.count, len(result.found)) == (1, 0)
    assert result.evidence is Evidence.CLOSED


def test_without_the_budget_for_a_proof_closure_is_called_assumed(monkeypatch):
    monkeypatch.setattr(function_span, "MOST_FIELDS", 0)
    result = independent_laws(needing_identities())

    assert result.evidence is Evidence.ASSUMED
    assert not result.proved
    assert (result.at_least, result.count, result.at_most) == (0, 1, 1)
    assert "not proved: closure under brackets is assumed: it was checked modulo two primes" in str(
        result
    )


def test_brackets_of_brackets_are_formed():
    # two gradients, twelve independent imbalances: rank 6 = 18 - 12 takes several rounds
    model = linear_network((2, 3, 3, 1))
    closure = close_under_brackets(model.gradients, enough=model.dimension)

    assert (len(closure.basis), closure.closed) == (6, True)
    assert closure.rounds > 2
    assert independent_laws(model).evidence is Evidence.BOUNDS_MEET


def test_fields_in_the_span_over_functions_are_told_from_others():
    ring = PolynomialArithmetic(["x", "y", "z"])
    x, y, z = ring.generators()
    zero = ring.scalar(0)
    rotations = [(zero, -z, y), (z, zero, -x)]  # x X + y Y + z Z = 0 for the third rotation

    assert spans_as_functions(ring, rotations, [(-y, x, zero), (zero, zero, zero)])
    assert not spans_as_functions(ring, rotations, [(x, y, z)])
    assert spans_as_functions(ring, [], [(zero, zero, zero)])
    assert not spans_as_functions(ring, [], [(x, y, z)])


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_adjugate_is_the_one_of_the_minors(size):
    ring = PolynomialArithmetic([f"x{k}" for k in range(size * size)])
    matrix = ring.from_scalars(size, size, ring.generators())
    determinant, adjugated = adjugate(ring, matrix)
    symbols = sympy.symbols(f"x0:{size * size}")
    expected = sympy.Matrix(size, size, symbols).det()

    assert ring.multiply(matrix, adjugated) == ring.scale(ring.identity(size), determinant)
    assert sympy.expand(sympy.sympify(str(determinant).replace("^", "**")) - expected) == 0


@pytest.mark.parametrize(
    "outputs",
    [
        [X**2 / 2 + Y**2, Z * W],
        [X * Y + Z * W**2],
        [X**2 * Y, Z**2 / 2 + W**2 * X],
        [X * Y * Z, X + W],
    ],
)
def test_an_orthogonal_change_of_variables_keeps_the_number_of_laws(outputs):
    variables = (X, Y, Z, W)
    skew = sympy.Matrix(4, 4, lambda i, j: sympy.sign(j - i) * (1 + i * j))
    turned = (sympy.eye(4) - skew) * (sympy.eye(4) + skew).inv() * sympy.Matrix(variables)
    place = dict(zip(variables, turned, strict=True))
    images = [sympy.expand(phi.subs(place, simultaneous=True)) for phi in outputs]

    before = independent_laws(Parameterisation.from_sympy(outputs, variables))
    after = independent_laws(Parameterisation.from_sympy(images, variables))

    assert before.count == after.count
    assert before.proved
    assert after.proved


def test_points_that_disagree_leave_only_the_bounds():
    model = linear_network((1, 2, 1))
    result = IndependentLaws(model, (), lie_rank=1, rounds=1, evidence=Evidence.OPEN)

    assert (result.at_least, result.at_most, result.proved) == (0, 3, False)
    assert "independent laws near a generic point: 0 to 3" in str(result)
    assert result.to_latex().startswith(r"0 \le D - ")


def test_what_is_no_law_is_refused_as_one():
    x, y = sympy.symbols("x y")
    model = Parameterisation.from_sympy([x * y], [x, y])
    other = polynomial_laws(Parameterisation.from_sympy([x**2 * y], [x, y])).laws

    with pytest.raises(InvalidInstance, match=r"x\*\*2 - 2\*y\*\*2 is no law of model"):
        independent_laws(model, laws=other)


def test_denominators_divisible_by_the_primes_do_no_harm():
    x, y = sympy.symbols("x y")
    scale = sympy.Rational(1, PRIMES[0] * PRIMES[1])

    result = independent_laws(Parameterisation.from_sympy([scale * x * y], [x, y]))

    assert (result.count, result.proved) == (1, True)


def test_a_constant_model_conserves_everything():
    result = independent_laws(Parameterisation.from_sympy([1], [X, Y]))

    assert (result.count, result.lie_dimension, result.proved) == (2, 0, True)
    assert {law.expression for law in result.found} == {X, Y}
