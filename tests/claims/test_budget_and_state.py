"""Budgets are kept without swapping verdicts; nothing of the user's state changes."""

from __future__ import annotations

import random
import time
import warnings

import flint
import mpmath
import numpy as np
import pytest
import sympy

import theorycheck as tc
from tests.claims.cases import DECAY, SCALAR, ask, coordinate, verdict
from theorycheck.claims import Case

t, k = tc.time, tc.step
UNIT = tc.times(0, 1)

LONG = tc.deep_linear_instance(
    target=[[1, 0], [0, 1]], depth=4, width=2, start="identity", scale="1/2", horizon=20,
    step_size="1/100",
)  # fmt: skip


@pytest.mark.parametrize("seconds", [1e-6, 1e-3, 1e-2, 0.05])
def test_short_budgets_never_swap_verdicts(seconds: float) -> None:
    norm = lambda c: tc.spectral_norm(c.flow.end_to_end)  # noqa: E731
    over = tc.times(0, 20)

    assert (
        verdict(lambda c: tc.le(norm(c), 2, over=over), LONG, max_seconds=seconds)
        is not tc.VIOLATED
    )
    assert (
        verdict(lambda c: tc.le(norm(c), "1/2", over=over), LONG, max_seconds=seconds)
        is not tc.HOLDS
    )


def test_budget_that_ran_out_is_the_reason() -> None:
    judgement = ask(lambda c: tc.lt(coordinate(c), 2, over=UNIT), DECAY, max_seconds=1e-6)

    assert judgement.verdict is tc.UNDECIDED
    assert "seconds" in judgement.reason


def power(case: Case) -> object:
    a, b = case.flow.position[0], case.flow.position[1]
    return tc.le((1 + a + t) ** 200 * (b - t) ** 200, 1, over=UNIT)


def quotients(_case: Case) -> object:
    total = sum(1 / (1 + tc.exp(i * t) + tc.sqrt(2 + i * t)) for i in range(9))
    return tc.le(total, 9, over=UNIT)


@pytest.mark.parametrize(
    "conclusion",
    [
        lambda c: tc.le(c.descent.loss, 5, over=tc.steps(0, 10**9)),
        lambda c: tc.le(c.descent.loss.at(10**9), 5),
        lambda c: tc.le(tc.recurrence(start=3, next=lambda e: e / 2), 5, over=tc.steps(0, 10**8)),
        lambda c: tc.le(k * (k - 1), 2**k + sympy.sin(k) + 5, over=tc.steps(0, 10**9)),
        power,
        quotients,
        lambda c: tc.conserved(tc.frobenius_squared(c.descent.end_to_end) ** 4),
    ],
    ids=["descent", "far step", "recurrence", "closed form", "power", "quotients", "ring"],
)
def test_nothing_hangs(conclusion: object) -> None:
    start = time.monotonic()

    ask(conclusion, SCALAR, max_seconds=0.5)

    assert time.monotonic() - start < 5


def test_state_of_the_user_is_unchanged() -> None:
    old_dps, old_prec = mpmath.mp.dps, flint.ctx.prec
    try:
        mpmath.mp.dps, flint.ctx.prec = 37, 77
        np.random.seed(5)  # noqa: NPY002
        random.seed(6)
        before = (np.random.get_state()[1].tolist(), random.getstate(), np.geterr())  # noqa: NPY002
        filters = list(warnings.filters)
        for conclusion in (
            lambda c: tc.le(c.flow.loss, 1, over=UNIT),
            lambda c: tc.le(c.descent.loss, 1, over=tc.steps(0, 5)),
            lambda c: tc.le(1 / (k - 3), 1, over=tc.steps(0, 5)),
            lambda c: tc.le(tc.spectral_norm(c.flow.end_to_end @ c.flow.end_to_end), 9, over=UNIT),
        ):
            ask(conclusion, SCALAR)
        after = (np.random.get_state()[1].tolist(), random.getstate(), np.geterr())  # noqa: NPY002

        assert before == after
        assert (mpmath.mp.dps, flint.ctx.prec) == (37, 77)
        assert list(warnings.filters) == filters
    finally:
        mpmath.mp.dps, flint.ctx.prec = old_dps, old_prec


def test_verdict_does_not_depend_on_the_order_of_calls() -> None:
    lemmas = [
        lambda c: tc.le(coordinate(c), 1, over=UNIT),
        lambda c: tc.ge(coordinate(c), 1, over=UNIT),
        lambda c: tc.nonincreasing(c.flow.loss, over=UNIT),
    ]

    forward = [verdict(f, DECAY) for f in lemmas]
    backward = [verdict(f, DECAY) for f in reversed(lemmas)]

    assert forward == backward[::-1] == [tc.HOLDS, tc.VIOLATED, tc.HOLDS]


def test_verdict_does_not_depend_on_the_users_precision() -> None:
    old = flint.ctx.prec
    try:
        flint.ctx.prec = 2
        assert verdict(lambda c: tc.le(coordinate(c), 1, over=UNIT), DECAY) is tc.HOLDS
        assert verdict(lambda c: tc.le(sympy.pi, sympy.Rational(22, 7))) is tc.HOLDS
    finally:
        flint.ctx.prec = old
