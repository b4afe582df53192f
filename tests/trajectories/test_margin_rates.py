"""Rates at any time, against closed forms: theory C, test vectors TV1-TV5 and claim C5."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
import sympy

from theorycheck import balls
from theorycheck.balls import Ball, precision, real
from theorycheck.errors import DomainViolation, InvalidInstance
from theorycheck.symbolic.lowering import BallScalars, lower
from theorycheck.trajectories.margin_rates import (
    MarginRates,
    linear_gradient_bound,
    neuron_gradient_bound,
)

X, Y = sympy.symbols("x y", real=True)
PRECISIONS = (128, 256)


def assert_prints(printed: str, ball: balls.Real, bits: int) -> None:
    """The value is sharp, and agrees with a decimal that was rounded (or cut) at its last digit."""
    unit = Fraction(10) ** -len(printed.partition(".")[2])
    stated = Fraction(printed)

    assert balls.upper(ball) - balls.lower(ball) < unit
    assert stated - unit <= balls.lower(ball)
    assert balls.upper(ball) <= stated + unit


# after time t of q' = K |l'(q)| q^{2 - 2/L}: (start, K, t, L, logistic, q)
AFTER = [
    ("0", 1, 1, 1, False, "0.69314718055994530941723212145818"),
    ("0", 1, 10**100, 1, False, "230.25850929940456840179914546844"),
    ("1/2", 3, 7, 1, False, "3.1201033942956113911247472496398"),
    ("0", 1, 5, 1, True, "1.5033358269938387040221458390474"),
    ("0", 1, 1000, 1, True, "6.9018359583615890693239057949908"),
    ("1", 2, 1, 2, False, "1.6919601423266600142896497190073"),
    ("1", 2, 10**6, 2, False, "17.295111245568471737610124091258"),
    ("1", 2, 10**50, 2, False, "120.60653822340558764020125303951"),
]


@pytest.mark.parametrize("bits", PRECISIONS)
@pytest.mark.parametrize("case", AFTER, ids=str)
def test_margins_of_the_closed_forms(case: tuple, bits: int) -> None:
    start, rate, elapsed, order, logistic, printed = case
    with precision(bits):
        value = balls.margin_after(
            real(rate * elapsed), real(Fraction(start)), order, logistic=logistic
        )

        assert_prints(printed, value, bits)


@pytest.mark.parametrize("bits", PRECISIONS)
@pytest.mark.parametrize(
    ("order", "rate", "printed"),
    [
        (3, 9, "1068581.9695272145794085198975261"),
        (3, 3, "3205745.9085816437382255596925782"),
        (4, 16, "368359.25058718408047482592416672"),
    ],
)
def test_times_of_scalar_powers_and_products(
    order: int, rate: int, printed: str, bits: int
) -> None:
    with precision(bits):
        clock = balls.margin_clock(real(20), order) - balls.margin_clock(real(1), order)

        assert_prints(printed, clock / rate, bits)


@pytest.mark.parametrize("bits", PRECISIONS)
def test_logistic_loss_of_one_point(bits: int) -> None:
    with precision(bits):
        margin = balls.margin_after(real(5), real(0), 1, logistic=True)

        assert_prints("0.20080556724168691012706999637311", balls.softplus([-margin]), bits)


@pytest.mark.parametrize("bits", PRECISIONS)
def test_two_symmetric_points_meet_at_the_printed_time(bits: int) -> None:
    """TV5: q' = K e^{-q}, K = [[2, 1], [1, 2]], from (2, 1) until q_1 - q_2 = 1/5."""
    r = sympy.symbols("r", positive=True)
    antiderivative = sympy.coth(r) ** 3 / 3 - sympy.coth(r)
    closed = antiderivative.replace(sympy.coth, lambda a: sympy.cosh(a) / sympy.sinh(a))
    m0, r0, end = sympy.Rational(3, 2), sympy.Rational(1, 2), sympy.Rational(1, 10)
    difference = closed.subs(r, end) - closed.subs(r, r0)
    reached = sympy.exp(m0) * sympy.sinh(r0) ** 3 * difference
    mean = m0 + 3 * sympy.log(sympy.sinh(r0) / sympy.sinh(end))
    with precision(bits):
        at = {
            name: lower(expression).run({}, BallScalars())
            for name, expression in {"t": reached, "1": mean + end, "2": mean - end}.items()
        }

        assert_prints("206.37104885517022459000008106765", at["t"], bits)
        assert_prints("6.5472899667503140692032633010389", at["1"], bits)
        assert_prints("6.3472899667503140692032633010389", at["2"], bits)


@pytest.mark.parametrize("order", [1, 2, 3, 5])
@pytest.mark.parametrize("logistic", [False, True])
def test_clock_is_the_integral_and_is_inverted(order: int, logistic: bool) -> None:
    kind = int(logistic)
    with precision(96):
        ends = [balls.margin_clock(real(x), order, logistic=logistic) for x in (1, 4)]
        elapsed = ends[1] - ends[0]
        back = balls.margin_after(elapsed, real(1), order, logistic=logistic)
    with mpmath.workdps(25):
        integral = mpmath.quad(
            lambda u: (kind + mpmath.exp(u)) * u ** (mpmath.mpf(2) / order - 2), [1, 2, 4]
        )

        assert abs(mpmath.mpf(elapsed.mid().str(25, radius=False)) - integral) < 1e-18
    assert balls.lower(back) <= 4 <= balls.upper(back)
    assert balls.width(back) < Fraction(1, 2**80)


def test_wide_arguments_are_enclosed_by_their_ends() -> None:
    with precision(64):
        wide = balls.margin_after(balls.interval(1, 9), balls.interval(1, 2), 2)
        ends = [balls.margin_after(real(t), real(x), 2) for t, x in ((1, 1), (9, 2))]

    assert balls.lower(wide) <= balls.lower(ends[0])
    assert balls.upper(ends[1]) <= balls.upper(wide)


def test_clock_refuses_margins_outside_its_domain() -> None:
    with precision(64):
        for x, order in ((real(0), 2), (balls.interval(-1, 1), 3)):
            with pytest.raises(DomainViolation):
                balls.margin_clock(x, order)
        with pytest.raises(DomainViolation):
            balls.margin_after(real(-1), real(1), 2)


@pytest.mark.parametrize("loss", ["exponential", "logistic"])
def test_bounds_contain_the_power_of_one_weight(loss: str) -> None:
    """q = w^3: alpha = q follows the slower rate exactly, whatever the bound of the gradient."""
    rates = MarginRates(alpha=1, log_norm=0, order=3, gradient_bound=4, loss=loss)
    with precision(160):
        for elapsed in (1, 10**6, 10**100):
            truth = balls.margin_after(real(9 * elapsed), real(1), 3, logistic=loss == "logistic")
            bound = rates.alpha_at(elapsed).real()
            norm = rates.log_norm_at(elapsed).real()

            assert balls.lower(bound) <= balls.lower(truth)
            assert balls.upper(truth) <= balls.upper(bound)
            assert balls.lower(norm) <= balls.upper(balls.log(truth) / 3) <= balls.upper(norm)


def test_time_to_a_margin_inverts_the_bounds() -> None:
    rates = MarginRates(alpha=1, log_norm=0, order=2, gradient_bound=2, loss="logistic")
    early, late = rates.time_to(50)

    assert rates.alpha_at(log_time=early.lower - Fraction(1, 10**9)).upper < 50
    assert rates.alpha_at(log_time=late.upper + Fraction(1, 10**9)).lower > 50


def test_any_time_is_decided() -> None:
    rates = MarginRates(alpha=1, log_norm=0, order=3, gradient_bound=3)
    values = [rates.alpha_at(10**100), rates.alpha_at(log_time=10**9)]

    assert all(isinstance(value, Ball) for value in values)
    assert 10**9 < values[1].upper < 10**9 + 100


def test_gradient_bounds_are_attained() -> None:
    """At a balanced scalar product of depth L, and at k = 2: sqrt(4/3)."""
    assert linear_gradient_bound(3, 2).contains(3)
    with precision(128):
        squared = balls.square(neuron_gradient_bound(1, 2).real())
    assert balls.lower(squared) <= Fraction(4, 3) <= balls.upper(squared)
    for k in (2, 3, 4):
        sup = max((r / 500) ** k + k * k * (1 - r / 500) * (r / 500) ** (k - 1) for r in range(501))
        assert abs(float(neuron_gradient_bound(1, k)) ** 2 - sup) < 1e-4


def test_no_statement_without_separation() -> None:
    with pytest.raises(InvalidInstance, match="does not separate"):
        MarginRates(alpha=0, log_norm=0, order=1, gradient_bound=1)


def test_a_gradient_bound_that_the_margin_exceeds_is_refused() -> None:
    """q = w^2 at w = 1: |q'| = 2, so that a bound of 1 inverts the two rates."""
    with pytest.raises(InvalidInstance, match="gradient_bound=1 is too small"):
        MarginRates(alpha=1, log_norm=0, order=2, gradient_bound=1)
    assert MarginRates(alpha=1, log_norm=0, order=2, gradient_bound=2).time_to(2)
