"""No public call changes the user's precision, random state, warnings or plotting state."""

import json
import random
import warnings
from fractions import Fraction

import flint
import matplotlib
import mpmath
import numpy
import pytest
import sympy

import theorycheck as tc

X, Y = sympy.symbols("x y")
NET = tc.DeepLinear((2, 2, 1))
LOSS = tc.SquareLoss.whitened([[1, "1/2"]])
CASE = tc.Instance(
    network=NET, loss=LOSS, start=NET.balanced_start(seed=1, scale="1/2"), step_size="1/16",
    horizon=1,
)  # fmt: skip


@tc.claim(source="test", family=tc.families.deep_linear(), example=CASE)
def loss_stays_below_its_start(case):
    return tc.le(case.flow.loss, case.flow.loss.at(0), over=tc.times(0, case.horizon))


@tc.claim(source="test", example=CASE)
def distance_is_tiny(case):
    distance = tc.norm(case.descent.position.at(4) - case.flow.position.at(Fraction(1, 4)))
    return tc.le(distance, Fraction(1, 10**6))


CASES = tc.families.deep_linear(step_size=("1/16", "1/16"), horizon=(1, 1))


def user_state():
    generator = numpy.random.get_state()  # noqa: NPY002 - the state a user may rely on
    return {
        "flint": (flint.ctx.prec, flint.ctx.dps),
        "mpmath": (mpmath.mp.prec, mpmath.iv.prec),
        "random": random.getstate(),
        "numpy": (generator[0], generator[1].tobytes(), generator[2:]),
        "warnings": list(warnings.filters),
        "errors": numpy.geterr(),
        "print": numpy.get_printoptions(),
        "figures": dict(matplotlib.rcParams),
        "backend": matplotlib.get_backend(auto_select=False),
    }


def run_field():
    field = tc.VectorField.from_sympy([Y, (1 - X**2) * Y - X], state=[X, Y])
    return tc.flow(field, start=[1, 2], horizon=1, digits=20).over(0, 1)


CALLS = {
    "check": lambda tmp: tc.check(loss_stays_below_its_start),
    "check, violated": lambda tmp: tc.check(distance_is_tiny),
    "replay": lambda tmp: tc.replay(
        tc.check(distance_is_tiny).to_json(), claims=[distance_is_tiny]
    ),
    "flow": lambda tmp: tc.flow(CASE.objective, CASE.start, 1, digits=40).at(1),
    "flow of a field": lambda tmp: run_field(),
    "descend": lambda tmp: tc.descend(CASE.objective, CASE.start, "1/16", 20, digits=30).at(20),
    "flow that fails": lambda tmp: _explode(),
    "families": lambda tmp: tc.families.deep_linear().instances(seed=3, count=5),
    "starts": lambda tmp: (NET.balanced_start(seed=1), NET.random_start(seed=1)),
    "balls": lambda tmp: (tc.Ball.exact(Fraction(1, 3), 200) ** 2, str(tc.Ball.exact(2, 300))),
    "iris": lambda tmp: tc.deep_linear_instance(data=tc.iris(), depth=2),
    "list": lambda tmp: _main("list"),
    "show": lambda tmp: _main("show", "descent_tracks_flow", "--latex"),
    "cross-check": lambda tmp: _main("check", "hessian_quadratic_form", "--cross-check"),
    "figure": lambda tmp: _main(
        "figure", "distance_is_certified_a_posteriori", "-o", str(tmp / "f.png"),
        "--set", "horizon=1/8",
    ),
    "fuzz": lambda tmp: tc.fuzz(loss_stays_below_its_start, max_examples=5),
    "fuzz, violated": lambda tmp: tc.fuzz(distance_is_tiny, max_examples=5, family=CASES),
    "derive": lambda tmp: _main("derive", "balancedness"),
    "laws": lambda tmp: _main("derive", "conservation-laws", "--widths", "1,2,1"),
    "bad input": lambda tmp: _main("check", "no_such_claim"),
}  # fmt: skip


def _main(*words):
    from theorycheck.cli import main

    return main(words)


def _explode():
    field = tc.VectorField.from_sympy([X**2], state=[X])
    with pytest.raises(tc.EnclosureFailed):
        tc.flow(field, start=[1], horizon=2, digits=10)


@pytest.mark.parametrize("name", CALLS)
def test_public_call_leaves_the_users_state_alone(name, tmp_path):
    saved = flint.ctx.prec, mpmath.mp.prec
    flint.ctx.prec, mpmath.mp.prec = 77, 91
    random.seed(5)
    try:
        before = user_state()
        CALLS[name](tmp_path)
        after = user_state()
    finally:
        flint.ctx.prec, mpmath.mp.prec = saved

    assert [key for key in before if before[key] != after[key]] == []


def test_stored_judgements_do_not_depend_on_the_users_precision():
    texts = []
    for bits in (53, 333):
        saved = flint.ctx.prec
        flint.ctx.prec = bits
        try:
            texts.append(json.loads(tc.check(loss_stays_below_its_start).to_json()))
        finally:
            flint.ctx.prec = saved

    assert texts[0] == texts[1]
