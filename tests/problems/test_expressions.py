"""SymPy expressions at the door: what is allowed, what is refused, exact storage."""

import json
import random
from fractions import Fraction

import pytest
import sympy
from sympy import Rational, exp, log, pi, sin, sqrt, symbols, tanh

from theorycheck.errors import InvalidInstance
from theorycheck.problems import Objective, VectorField
from theorycheck.problems.expressions import FUNCTIONS, decode_expression, encode_expression

x, y, t = symbols("x y t")
TABLE = {"x": x, "y": y}

EXPRESSIONS = [
    x,
    sympy.Integer(0),
    Rational(-7, 3),
    x**2 / 3 - 4 * x * y,
    sqrt(x**2 + 1) + x ** Rational(-5, 3),
    exp(-x) * sin(pi * y) + log(1 + exp(x)),
    tanh(x + y) ** 2 - sympy.E * sympy.erf(x),
    2**x + x**y,
    *[getattr(sympy, name)(x / 2) for name in FUNCTIONS],
]


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_storage_is_exact_and_survives_json(expression):
    stored = json.loads(json.dumps(encode_expression(expression)))

    assert decode_expression(stored, TABLE) == expression


def test_random_expressions_survive_storage():
    rng = random.Random(0)

    def draw(depth):
        if depth == 0:
            return rng.choice([x, y, Rational(rng.randint(-5, 5), rng.randint(1, 5))])
        kind = rng.randrange(4)
        if kind == 0:
            return draw(depth - 1) + draw(depth - 1)
        if kind == 1:
            return draw(depth - 1) * draw(depth - 1)
        if kind == 2:
            return sin(draw(depth - 1))
        return (draw(depth - 1) ** 2 + 1) ** Rational(rng.randint(-3, 3), rng.randint(1, 3))

    for _ in range(60):
        expression = draw(4)

        assert decode_expression(encode_expression(expression), TABLE) == expression


def test_an_unevaluated_form_is_kept():
    product = sympy.Mul(2, sympy.Add(x, 1, evaluate=False), evaluate=False)
    objective = Objective.from_sympy(product, variables=[x])
    stored = objective.to_json()["expression"]

    assert stored[0] == "Mul"
    assert decode_expression(stored, TABLE) == objective.expression


def test_assumptions_are_dropped_since_a_trajectory_need_not_keep_them():
    positive = sympy.Symbol("x", positive=True)
    objective = Objective.from_sympy(positive**3, variables=[positive])

    assert objective.variables == (x,)
    assert not objective.bounded_below


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (0.1 * x, r"Float 0\.1.*Rational\(1, 10\)"),
        (x + y, "contains y, which is not among x"),
        (sympy.Abs(x), "Abs"),
        (sympy.Max(x, 1), "Max"),
        (sympy.gamma(x), "gamma"),
        (sympy.I * x, "ImaginaryUnit"),
        (sympy.oo, "Infinity"),
        (sympy.nan, "NaN"),
        (sympy.zoo, "ComplexInfinity"),
        (sympy.Piecewise((x, x > 0), (0, True)), "Piecewise|ExprCondPair"),
        (sympy.Derivative(sympy.Function("f")(x), x), "Derivative|f"),
        (sympy.Function("f")(x), r"f\(x\)"),
        (x > 0, "must be a SymPy expression"),
        (sympy.Matrix([x, x]), "must be a SymPy expression"),
        ("x**2", "must be a SymPy expression"),
        ("__import__('os').getcwd()", "must be a SymPy expression"),
        (["x**2"], "must be a SymPy expression"),
        (None, "must be a SymPy expression"),
        (float("nan"), "Float|NaN"),
    ],
    ids=str,
)
def test_what_is_outside_the_grammar_is_refused_in_one_line(expression, words):
    with pytest.raises(InvalidInstance, match=words) as caught:
        Objective.from_sympy(expression, variables=[x])

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ([], "at least one"),
        (x, "at least one"),
        ("x", "at least one"),
        (["x"], "SymPy symbols"),
        ([x + 1], "SymPy symbols"),
        ([x, x], "x twice"),
        ([x, sympy.Symbol("x", positive=True)], "x twice"),
        ([sympy.Symbol("x", imaginary=True)], "real"),
        ([sympy.Symbol("x", commutative=False)], "real"),
    ],
    ids=str,
)
def test_bad_variables_are_refused(variables, words):
    with pytest.raises(InvalidInstance, match=words):
        Objective.from_sympy(sympy.Integer(1), variables=variables)


def test_vector_fields_carry_their_time_and_survive_storage():
    field = VectorField.from_sympy([y, (1 - x**2) * y - x + sin(t)], state=[x, y], time=t)
    stored = json.loads(json.dumps(field.to_json()))

    assert field.dimension == 2
    assert VectorField.from_json(stored) == field
    assert hash(VectorField.from_json(stored)) == hash(field)


@pytest.mark.parametrize(
    ("components", "options", "words"),
    [
        ([y], {"state": [x, y]}, "2 components, got 1"),
        (y, {"state": [x]}, "list of 1"),
        ("y", {"state": [x]}, "list of 1"),
        ([y, t], {"state": [x, y]}, "component 1 contains t"),
        ([y, x], {"state": [x, y], "time": x}, "x twice"),
        ([y, x], {"state": [x, y], "time": "t"}, "SymPy symbols"),
        ([y, 0.5 * x], {"state": [x, y]}, r"component 1 contains the Float 0\.5"),
    ],
    ids=str,
)
def test_bad_vector_fields_are_refused(components, options, words):
    with pytest.raises(InvalidInstance, match=words):
        VectorField.from_sympy(components, **options)


@pytest.mark.parametrize(
    "stored",
    [
        ["system", "ls"],
        ["__import__", "os"],
        ["lambdify", {"symbol": "x"}],
        ["Pow", "9"],
        ["Pow", "9", "999999999"],
        ["Pow", "9", ["Pow", "9", "99"]],
        ["sin"],
        ["sin", "1", "2"],
        {"symbol": "z"},
        {"name": "x"},
        "x",
        "nan",
        "1/0",
        [],
        None,
        3.5,
        [["Add"], "1"],
    ],
    ids=str,
)
def test_damaged_or_hostile_storage_is_refused(stored):
    with pytest.raises(InvalidInstance):
        decode_expression(stored, TABLE)


def test_deep_nesting_is_refused():
    stored = {"symbol": "x"}
    for _ in range(5000):
        stored = ["sin", stored]

    with pytest.raises(InvalidInstance, match="deeper"):
        decode_expression(stored, TABLE)


def test_derivatives_are_those_of_sympy():
    objective = Objective.from_sympy(x**2 * y + Fraction(1, 2) * y**2, variables=[x, y])

    assert objective.gradient_expressions == (2 * x * y, x**2 + y)
    assert objective.hessian_expressions == ((2 * y, 2 * x), (2 * x, 1))
