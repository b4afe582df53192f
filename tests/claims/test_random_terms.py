"""Random relations against an independent evaluation in mpmath at 60 digits.

The flow of (a x^2 + b y^2) / 2 is (x_0 e^{-at}, y_0 e^{-bt}), its descent (x_0 (1 - a eta)^k, ...).
No HOLDS may be contradicted by a sample, no VIOLATED by its witness, and neither may be given
where a side is undefined.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
import pytest
import sympy
from sympy import Abs, Max, Rational, exp, log, sin, sqrt

import theorycheck as tc
from tests.claims.cases import objective, x, y
from theorycheck.claims import Case, Outcome, decide
from theorycheck.errors import InvalidClaim

DIGITS = 60
TINY = mpmath.mpf(10) ** -45
ETA = Fraction(1, 4)
STRANGE = (sympy.I, sympy.zoo, sympy.nan, sympy.oo, sympy.re, sympy.im, sympy.arg, sympy.sign,
           sympy.atan2, sympy.AccumBounds)  # fmt: skip


def number(value: Any) -> Any:
    value = Fraction(value) if not isinstance(value, sympy.Rational) else value
    top, bottom = (
        (value.p, value.q) if isinstance(value, sympy.Rational) else value.as_integer_ratio()
    )
    return mpmath.mpf(int(top)) / int(bottom)


def evaluate(expression: sympy.Expr, known: dict[Any, Any]) -> Any:
    """Evaluate in mpmath, or return None where the expression is no real number."""
    try:
        return _evaluate(expression, known)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None


def _evaluate(expression: sympy.Expr, known: dict[Any, Any]) -> Any:
    if expression in known:
        return known[expression]
    if expression.is_Rational:
        return number(expression)
    if expression in (sympy.pi, sympy.E):
        return mpmath.pi + 0 if expression == sympy.pi else mpmath.e + 0
    values = [_evaluate(a, known) for a in expression.args]
    if expression.is_Add:
        return mpmath.fsum(values)
    if expression.is_Mul:
        return mpmath.fprod(values)
    if expression.is_Pow:
        return _power(expression, *values)
    if isinstance(expression, log) and values[0] <= 0:
        raise ValueError("log")
    table: dict[str, Callable[..., Any]] = {"Abs": abs, "Max": max, "Min": min}
    name = type(expression).__name__
    return (table.get(name) or getattr(mpmath, name))(*values)


def _power(expression: sympy.Expr, base: Any, exponent: Any) -> Any:
    if expression.exp.is_Integer:
        return base ** int(expression.exp)
    if base < 0 or (base == 0 and exponent < 0):
        raise ValueError("power")
    return base**exponent


@dataclass
class Setting:
    """A trajectory with known values: where it runs, its coordinates, and sample places."""

    instance: Any
    over: Any
    coordinates: list[Any]
    values: Callable[[Any], dict[Any, Any]]
    places: list[Any]


def setting(rng: random.Random) -> Setting:
    a, b = rng.choice([(1, 1), (1, 2), (2, 3)])
    x0, y0 = rational(rng), rational(rng)
    instance = objective(
        a * x**2 / 2 + b * y**2 / 2, [Fraction(x0), Fraction(y0)], x, y, step_size=ETA
    )
    case, kind = Case(instance), rng.choice(["time", "time", "step", "point"])
    if kind == "time":
        low = Fraction(rng.choice([0, 0, 1]), 3)
        high = low + Fraction(rng.choice([1, 2, 3]), 2)
        column, symbol, over = case.flow.position, tc.time, tc.times(low, high)
        places = [number(low + (high - low) * i / 97) for i in range(98)]
        decay = lambda rate, s: mpmath.exp(-rate * s)  # noqa: E731
    elif kind == "step":
        column, symbol, over = case.descent.position, tc.step, tc.steps(rng.choice([0, 1]), 5)
        places = [mpmath.mpf(k) for k in range(over.start, over.end + 1)]
        decay = lambda rate, s: (1 - rate * number(ETA)) ** int(s)  # noqa: E731
    else:
        column, symbol, over = case.initial.position, None, None
        places = [mpmath.mpf(0)]
        decay = lambda rate, s: mpmath.mpf(1)  # noqa: E731
    first, second = column[0].expression, column[1].expression

    def values(s: Any) -> dict[Any, Any]:
        return {first: number(x0) * decay(a, s), second: number(y0) * decay(b, s), symbol: s}

    leaves = [first, second] + ([symbol] if symbol is not None else [])
    return Setting(instance, over, leaves, values, places)


def rational(rng: random.Random) -> sympy.Rational:
    return Rational(rng.randint(-3, 3), rng.choice([1, 2, 3, 4]))


def term(rng: random.Random, depth: int, leaves: list[Any]) -> sympy.Expr:
    if depth == 0 or rng.random() < 0.15:
        return rng.choice([*leaves, rational(rng)])
    u = term(rng, depth - 1, leaves)
    v = term(rng, depth - 1, leaves)
    return rng.choice(
        [
            lambda: u + v, lambda: u - v, lambda: u * v, lambda: u * v, lambda: u**2,
            lambda: u ** rng.choice([3, 4]), lambda: exp(-(u**2)), lambda: exp(u / 3),
            lambda: sqrt(u**2 + 1), lambda: sqrt(u**2), lambda: sqrt(u), lambda: Abs(u),
            lambda: Max(u, v), lambda: 1 / (1 + u**2), lambda: 1 / u, lambda: log(1 + u**2),
            lambda: log(u), lambda: u ** Rational(rng.choice([1, 3, -1]), 3), lambda: sin(u),
        ]
    )()  # fmt: skip


def contradiction(kind: str, outcome: Outcome, where: Setting, left: Any, right: Any) -> str:
    """Say how the samples contradict the outcome; empty where they do not."""
    sided = kind in ("le", "lt", "equal")

    def at(s: Any) -> tuple[Any, Any]:
        known = where.values(s)
        return evaluate(left, known), evaluate(right, known) if sided else mpmath.mpf(0)

    if outcome.verdict is tc.HOLDS:
        pairs = [at(s) for s in where.places]
        if any(p is None or q is None for p, q in pairs):
            return "HOLDS where a side is undefined"
        slack = [(1 + abs(p)) * TINY for p, _ in pairs]
        if kind in ("le", "lt") and any(p > q + e for (p, q), e in zip(pairs, slack, strict=True)):
            return "HOLDS, but a sample is larger"
        if kind == "equal" and any(abs(p - q) > e for (p, q), e in zip(pairs, slack, strict=True)):
            return "HOLDS, but a sample differs"
        moves = [q[0] - p[0] for p, q in itertools.pairwise(pairs)]
        if kind == "nonincreasing" and any(d > e for d, e in zip(moves, slack, strict=False)):
            return "HOLDS, but a sample rises"
        if kind == "conserved" and any(abs(d) > e for d, e in zip(moves, slack, strict=False)):
            return "HOLDS, but a sample moves"
    if outcome.verdict is tc.VIOLATED:
        s = mpmath.mpf(0) if outcome.place is None else number(outcome.place.low)
        p, q = at(s)
        if p is None or q is None:
            return "VIOLATED where a side is undefined"
        if kind in ("le", "lt") and p < q - (1 + abs(p)) * TINY:
            return "VIOLATED, but the witness satisfies it"
        if kind == "equal" and p == q:
            return "VIOLATED, but the witness agrees"
    return ""


def campaign(seed: int, count: int) -> list[str]:
    rng = random.Random(seed)
    found: list[str] = []
    for _ in range(count):
        where = setting(rng)
        try:
            left, right = (term(rng, rng.randint(1, 3), where.coordinates) for _ in range(2))
        except ValueError:
            continue  # SymPy takes no Max of what is not real
        if left.has(*STRANGE) or right.has(*STRANGE):
            continue
        kinds = ["le", "lt", "equal"] + ["nonincreasing", "conserved"] * (where.over is not None)
        kind = rng.choice(kinds)
        if kind == "equal" and rng.random() < 0.4:
            right = sympy.expand(left)
        sides = (left, right) if kind in ("le", "lt", "equal") else (left,)
        try:
            relation = getattr(tc, kind)(*sides, over=where.over)
            (outcome,) = decide([relation], where.instance, tc.Effort(max_bits=128, max_seconds=3))
        except InvalidClaim:
            continue
        wrong = contradiction(kind, outcome, where, left, right)
        if wrong:
            found.append(f"{wrong}: {kind} {sides} over {where.over} on {where.instance!r}")
    return found


def test_verdicts_agree_with_mpmath() -> None:
    with mpmath.workdps(DIGITS):
        assert campaign(seed=0, count=150) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 9))
def test_verdicts_agree_with_mpmath_at_length(seed: int) -> None:
    with mpmath.workdps(DIGITS):
        assert campaign(seed=seed, count=500) == []


@pytest.mark.parametrize("kind", ["le", "equal"])
def test_campaign_sees_a_wrong_verdict(kind: str) -> None:
    where = setting(random.Random(3))
    one, two = sympy.Integer(1), sympy.Integer(2)

    assert contradiction(kind, Outcome(tc.HOLDS), where, two, one)
    assert not contradiction(kind, Outcome(tc.VIOLATED), where, two, one)
    assert contradiction(kind, Outcome(tc.VIOLATED), where, one, one if kind == "equal" else two)
