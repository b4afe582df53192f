"""The two curves over log10 t: closed forms between them, the same as those of MarginRates."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as F

import pytest

import theorycheck as tc
from theorycheck import balls
from theorycheck.balls import precision, real
from theorycheck.catalogue.lyu_li_2020.margin_lies_between_two_rates import (
    example,
    instance_at,
    margin_lies_between_two_rates as claim,
)
from theorycheck.claims import log


def bounds(instance):
    found = {d.name: d.value for d in tc.enclose_details(claim, instance)}
    return found["alpha at least"], found["alpha at most"]


@pytest.mark.parametrize("exponent", [-2, 0, 1, 10, 100])
def test_one_weight_on_two_samples_is_between_the_curves(exponent):
    """x = 1 and 2: e^alpha grows at a rate between 1 and 4, as 1 <= |grad alpha| <= 2."""
    made = instance_at(inputs=[[1, 2]], labels=[1, 1], start=[2], log10_t=exponent)
    least, most = bounds(made)
    with precision(128):
        time = real(10) ** exponent
        alpha = real(2) - balls.log(1 + balls.exp(real(-2)))
        slow, fast = (balls.log(balls.exp(alpha) + rate * time) for rate in (1, 4))

    assert least.lower <= balls.upper(slow)
    assert balls.lower(fast) <= most.upper
    assert least.upper < most.lower


def constants(case):
    m = case.initial.margins
    return {"alpha": m.alpha, "log rho": log(m.rho), "B": m.gradient_bound}


def test_curves_are_those_of_the_rates():
    made = example(log10_t=100)
    least, most = bounds(made)
    named = replace(claim, details=constants)
    margins = {d.name: d.value for d in tc.enclose_details(named, made)}
    rates = tc.MarginRates(
        alpha=margins["alpha"], log_norm=margins["log rho"], order=2,
        gradient_bound=margins["B"], bits=128,
    )  # fmt: skip
    both = rates.alpha_at(10**100)  # its radius is rounded up to 30 bits

    assert abs(both.lower - least.lower) < F(1, 10**6)
    assert abs(both.upper - most.upper) < F(1, 10**6)


@pytest.mark.parametrize("exponent", [10**5, -(10**5)])
def test_times_that_are_too_long_to_write_are_refused(exponent):
    with pytest.raises(tc.InvalidInstance, match="MarginRates"):
        tc.check(claim, example(log10_t=exponent))


@pytest.mark.slow
def test_a_figure_runs_over_log10_t(tmp_path):
    from theorycheck.cli import main

    table = tmp_path / "bounds.csv"
    code = main(["figure", claim.full_name, "--over", "log10_t=0,50,100", "-o",
                str(tmp_path / "bounds.svg"), "--csv", str(table), "-j", "1"])  # fmt: skip

    assert code == 0
    assert [line.split(",")[0] for line in table.read_text().splitlines()[1:]] == ["0", "50", "100"]
