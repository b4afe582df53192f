"""Instances: exact values, exact JSON, one-line source, clear refusals."""

import copy
import json
import pickle
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import sympy

import theorycheck as tc
from theorycheck.problems import families
from theorycheck.problems.instance import SCHEMA

NETWORK = tc.DeepLinear((2, 1))
LOSS = tc.SquareLoss.whitened([[1, 2]])


def simple(**changes):
    fields = {"network": NETWORK, "loss": LOSS, "start": [0, "1/3"], "horizon": 1, **changes}
    return tc.Instance(**fields)


def drawn():
    return [*families.deep_linear().instances(count=25), *families.tracking().instances(count=10)]


@pytest.mark.parametrize("case", drawn(), ids=lambda case: str(case.network.widths))
def test_json_source_pickle_and_copy_give_the_same_instance(case):
    again = tc.Instance.from_json(json.loads(json.dumps(case.to_json())))

    assert again == case
    assert hash(again) == hash(case)
    assert list(again.fields) == list(case.fields)
    assert tc.Instance.from_json(json.dumps(case.to_json())) == case
    assert eval(repr(case), {"tc": tc}) == case
    assert "\n" not in repr(case)
    assert pickle.loads(pickle.dumps(case)) == case
    assert copy.deepcopy(case) == case


def test_numbers_are_exact():
    case = simple(a=0.1, b="0.1", c=Decimal("0.1"), d=np.float64(0.25), e="2^-3", f=10**30)

    assert case.a == Fraction(0.1)
    assert case.b == case.c == Fraction(1, 10)
    assert (case.d, case.e, case.f) == (Fraction(1, 4), Fraction(1, 8), 10**30)


def test_arrays_and_layers_become_flat_starts():
    network = tc.DeepLinear((2, 2, 1))
    layers = [np.array([[1.0, 2.0], [3.0, 4.0]]), [["1/2", 5]]]
    case = tc.Instance(network=network, start=layers)

    assert case.start == (1, 2, 3, 4, Fraction(1, 2), 5)
    assert tc.Instance(network=NETWORK, start=np.array([1.5, 2.0])).start == (Fraction(3, 2), 2)


def test_tables_texts_and_symbolic_values_survive():
    x, y = sympy.symbols("x y")
    objective = tc.Objective.from_sympy((x * y - 1) ** 2 / 2, variables=[x, y])
    field = tc.VectorField.from_sympy([y, -x], state=[x, y])
    case = tc.Instance(
        objective=objective, field=field, start=[1, 2], table=[[1, 2], [3, 4]], title="1/2 is text",
        label="alpha", steps=7,
    )  # fmt: skip
    again = tc.Instance.from_json(json.dumps(case.to_json()))

    assert again == case
    assert again.objective == objective
    assert (again.title, again.label, again.table[1][0]) == ("1/2 is text", "alpha", 3)
    assert isinstance(again.steps, int)
    assert eval(repr(case), {"tc": tc}) == case


def test_numbers_beyond_pythons_decimal_limit_survive():
    huge = Fraction(3**20_000, 2**20_000)
    case = simple(level=huge)

    assert tc.Instance.from_json(json.dumps(case.to_json())).level == huge
    assert eval(repr(case), {"tc": tc}) == case


def test_objective_comes_from_network_and_loss_or_from_the_field():
    objective = NETWORK.objective(LOSS)

    assert simple().objective == objective
    assert tc.Instance(objective=objective, start=[1, 2]) == tc.Instance(
        network=NETWORK, loss=LOSS, start=[1, 2]
    )
    assert tc.Instance(horizon=1).objective_or_none is None
    with pytest.raises(tc.InvalidInstance, match="no objective"):
        _ = tc.Instance(horizon=1).objective


def test_instances_are_immutable_and_replace_copies():
    case = simple()

    assert case.replace(horizon=3).horizon == 3
    assert case.horizon == 1
    assert "horizon" not in case.without("horizon")
    with pytest.raises(AttributeError, match="immutable"):
        case.horizon = 2
    with pytest.raises(AttributeError, match="immutable"):
        del case.horizon


def test_equality_ignores_the_order_of_fields():
    a, b = tc.Instance(p=1, q=2), tc.Instance(q=2, p=1)

    assert a == b
    assert hash(a) == hash(b)
    assert a != tc.Instance(p=1, q=3)
    assert a != {"p": 1, "q": 2}


def test_a_missing_field_lists_the_fields():
    with pytest.raises(AttributeError, match="'horizn'; its fields are network, loss, start"):
        _ = simple().horizn


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"start": [1]}, "start needs 2 numbers.*got 1"),
        ({"start": [1, 2, 3]}, "got 3"),
        ({"start": 1}, "sequence of numbers"),
        ({"start": "1,2"}, "start"),
        ({"start": [1, "x"]}, r"start\[1\]='x'"),
        ({"start": [[1, 2], 3]}, "flat"),
        ({"start": [[[1, 2, 3]]]}, r"W_1 of shape \(1, 2\)"),
        ({"start": [1, float("nan")]}, r"start\[1\]=nan"),
        ({"start": [1, True]}, "truth value"),
        ({"descent_start": [1]}, "descent_start needs 2"),
        ({"step_size": 0}, "step_size=0 must be positive"),
        ({"step_size": "-1/2"}, "step_size=-1/2 must be positive"),
        ({"step_size": "small"}, "step_size='small'"),
        ({"horizon": 0}, "horizon=0 must be positive"),
        ({"horizon": [1, 2]}, "one number"),
        ({"horizon": float("inf")}, "horizon=inf"),
        ({"steps": -1}, "steps=-1"),
        ({"steps": "1/2"}, "steps=1/2"),
        ({"network": (2, 1)}, "must be a DeepLinear"),
        ({"loss": 3}, "must be a SquareLoss"),
        ({"objective": 3}, "must be a Objective|must be an Objective"),
        ({"loss": tc.SquareLoss.whitened([[1]])}, "first and last width"),
        ({"epsilon": "nan"}, "epsilon='nan'"),
        ({"epsilon": "1/0"}, "epsilon='1/0'"),
        ({"epsilon": None}, "epsilon=None"),
        ({"epsilon": {1, 2}}, "epsilon"),
        ({"epsilon": sympy.Float(0.1)}, "SymPy Float"),
        ({"replace": 1}, "cannot be called 'replace'"),
        ({"_hidden": 1}, "cannot be called '_hidden'"),
    ],
    ids=str,
)
def test_bad_fields_are_refused_in_one_line(changes, words):
    with pytest.raises(tc.InvalidInstance, match=words) as caught:
        simple(**changes)

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        ("not json", "no JSON"),
        ("[" * 100_000, "no JSON|nested"),
        ("[]", "schema and fields"),
        ("3", "schema and fields"),
        ("{}", "schema=None is not known; this version reads schema 1"),
        ({"schema": 2, "fields": {}}, "schema=2"),
        ({"schema": True, "fields": {}}, "schema=True"),
        ({"schema": SCHEMA}, "no object called fields"),
        ({"schema": SCHEMA, "fields": []}, "no object called fields"),
        ({"schema": SCHEMA, "fields": {"a b": "1"}}, "'a b'"),
        ({"schema": SCHEMA, "fields": {"a": 0.1}}, "float 0.1"),
        ({"schema": SCHEMA, "fields": {"a": None}}, "null"),
        ({"schema": SCHEMA, "fields": {"a": True}}, "truth value"),
        ({"schema": SCHEMA, "fields": {"a": {"type": "Popen"}}}, "unknown type 'Popen'"),
        ({"schema": SCHEMA, "fields": {"a": {"type": "DeepLinear"}}}, "damaged DeepLinear"),
        ({"schema": SCHEMA, "fields": {"a": {"type": "DeepLinear", "widths": [0]}}}, "field a"),
        ({"schema": SCHEMA, "fields": {"a": {"type": "Fraction", "numerator": "q"}}}, "damaged"),
        ('{"schema": 1, "fields": {"a": "1", "a": "2"}}', "twice"),
        ('{"schema": 1, "fields": {"a": NaN}}', "a='NaN'"),
    ],
    ids=lambda v: str(v)[:60],
)
def test_bad_storage_is_refused_in_one_line(stored, words):
    with pytest.raises(tc.InvalidInstance, match=words) as caught:
        tc.Instance.from_json(stored)

    assert "\n" not in str(caught.value)


def test_decimals_in_stored_text_are_the_decimals_they_say():
    assert tc.Instance.from_json('{"schema": 1, "fields": {"a": 0.1}}').a == Fraction(1, 10)
