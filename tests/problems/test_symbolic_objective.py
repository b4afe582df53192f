"""SymPy problems: coordinates carry no sign, storage is exact, kinks end flows."""

import json
import pickle
from fractions import Fraction

import pytest
import sympy
from sympy import Symbol, symbols

import theorycheck as tc
from theorycheck.errors import InvalidInstance

x, y, t = symbols("x y t")


@tc.claim(source="the flow lowers its objective, where it exists")
def loss_is_nonincreasing(case):
    """The loss is nonincreasing."""
    return tc.nonincreasing(case.flow.loss, over=tc.times(0, case.horizon))


# -- what counts as proved ------------------------------------------------------------------------
@pytest.mark.slow
def test_flow_that_ends_is_not_judged_beyond_its_end():
    # f = -b^3, b(0) = 1: b(t) = 1 / (1 - 3 t) ends at t = 1/3, whatever sign b promises.
    b = Symbol("b", negative=True)
    objective = tc.Objective.from_sympy(-(b**3), variables=[b])
    instance = tc.Instance(objective=objective, start=[1], horizon=1)

    assert not objective.bounded_below
    effort = tc.Effort(max_bits=128, max_seconds=20)
    judgement = tc.check(loss_is_nonincreasing, instance=instance, effort=effort)

    assert judgement.verdict is tc.UNDECIDED


@pytest.mark.parametrize(
    "expression",
    [sympy.sqrt(x**2), (x**2) ** sympy.Rational(3, 4), 1 / x**2, sympy.log(x) ** 2, x**3, -(x**2)],
)
def test_kinks_poles_and_unbounded_functions_are_not_bounded_below(expression):
    assert not tc.Objective.from_sympy(expression, variables=[x]).bounded_below


@pytest.mark.parametrize(
    "expression", [x**4, (x * y - 1) ** 2, sympy.exp(x), sympy.sqrt(x**2 + 1), sympy.cosh(x - y)]
)
def test_smooth_nonnegative_functions_are_bounded_below(expression):
    assert tc.Objective.from_sympy(expression, variables=[x, y]).bounded_below


@pytest.mark.parametrize(
    ("expression", "start"),
    [
        (sympy.log(x), -1),
        (sympy.log(x), 0),
        (1 / x, 0),
        (sympy.sqrt(x - 1), 0),
        (sympy.asin(x), 2),
        (x + sympy.log(-1 - y**2), 0),
        (x + sympy.log(0, evaluate=False), 1),
        (x + sympy.Pow(-1, sympy.Rational(1, 2), evaluate=False), 1),
    ],
    ids=str,
)
def test_starts_outside_the_domain_are_refused(expression, start):
    # The gradient 1/x of log(x) is defined at -1: without the refusal, statements there would hold.
    objective = tc.Objective.from_sympy(expression, variables=[x, y])

    for name in ("start", "descent_start"):
        with pytest.raises(InvalidInstance, match="not defined") as caught:
            tc.Instance(objective=objective, **{name: [start, start]})

        assert "\n" not in str(caught.value)


def test_starts_on_the_boundary_of_the_domain_are_allowed():
    third = sympy.Rational(1, 3)
    objective = tc.Objective.from_sympy(sympy.sqrt(x - third), variables=[x])

    assert tc.Instance(objective=objective, start=["1/3"]).start == (Fraction(1, 3),)


# -- storage in instances ------------------------------------------------------------------------
EXPRESSIONS = [
    (x * y - 1) ** 2 / 2,
    sympy.Rational(1, 3) * x + sympy.pi * y - sympy.E,
    sympy.sqrt(x**2 + y**2 + 1) / (1 + sympy.exp(-x)),
    sympy.exp(x) ** y + 2**x,
    sympy.tanh(x * y) + sympy.atan(x) - sympy.log(1 + y**2) + sympy.erf(x),
    -(x + y) * (x - y) / 3 - x ** sympy.Rational(-5, 2),
    sympy.Mul(2, x + y, evaluate=False),
    sympy.Add(x, x, evaluate=False),
    sympy.Pow(sympy.Pow(x, 2, evaluate=False), 3, evaluate=False),
    sympy.Integer(7),
]


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_expressions_survive_storage_structurally(expression):
    case = tc.Instance(objective=tc.Objective.from_sympy(expression, variables=[x, y]))
    again = tc.Instance.from_json(json.loads(json.dumps(case.to_json())))

    assert sympy.srepr(expression) == sympy.srepr(again.objective.expression)
    assert case == again
    assert hash(case) == hash(again)
    assert case == pickle.loads(pickle.dumps(case))
    assert case == eval(repr(case), {"tc": tc})


def test_fields_survive_storage():
    for time in (None, t):
        field = tc.VectorField.from_sympy([y, -x + (0 if time is None else time)], [x, y], time)
        case = tc.Instance(field=field, start=[1, "1/3"], horizon=1)

        assert case == tc.Instance.from_json(json.loads(json.dumps(case.to_json())))
        assert case == eval(repr(case), {"tc": tc})


@pytest.mark.parametrize("names", [None, [], [3], [""], "x", ["x", "x"], [["x"]], {"x": 1}, 5])
def test_damaged_variables_are_refused(names):
    objective = {"type": "SymPyObjective", "variables": names, "expression": {"symbol": "x"}}

    with pytest.raises(InvalidInstance):
        tc.Instance.from_json({"schema": 1, "fields": {"objective": objective}})
