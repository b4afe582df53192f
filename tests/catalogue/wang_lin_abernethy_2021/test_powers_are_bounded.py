"""Heavy ball's matrix: the printed condition number, and where the remembered constant fails."""

from __future__ import annotations

from fractions import Fraction as F

import pytest
import sympy

import theorycheck as tc
from tests.catalogue.enclose import Case, agrees, enclose
from theorycheck.catalogue.wang_lin_abernethy_2021 import powers_are_bounded as claim_file
from theorycheck.claims import sqrt


def test_condition_number_meets_the_printed_value() -> None:
    # (1 + beta + |1 + z^2|) / sqrt(h) of beta = 9/10, x = 1/5, z the eigenvalue (p + i sqrt h) / 2
    instance = claim_file.example(power=1)
    beta, p = sympy.Rational(9, 10), sympy.Rational(17, 10)
    gap = 4 * beta - p**2
    modulus = sympy.sqrt((1 - beta + p**2 / 2) ** 2 + p**2 * gap / 4)
    printed = (1 + beta + modulus) / sympy.sqrt(gap)
    bound = claim_file.filled(Case(instance), claim_file.BOUND_SQUARED / claim_file.beta)

    assert agrees(enclose(sqrt(printed**2), instance), "4.27590148950611455440569514726")
    assert enclose(sqrt(bound), instance).lower > enclose(sqrt(printed**2), instance).upper


@pytest.mark.parametrize(("mode", "momentum", "power"), claim_file.REFUTING)
def test_remembered_constant_is_refuted_where_the_proved_one_holds(
    mode: str, momentum: str, power: int
) -> None:
    instance = claim_file.example(mode=mode, momentum=momentum, power=power)

    assert tc.check(claim_file.as_remembered, instance).verdict is tc.VIOLATED
    assert tc.check(claim_file.powers_are_bounded, instance).verdict is tc.HOLDS


def test_mode_at_the_edge_of_the_complex_regime_is_vacuous() -> None:
    # (1 - sqrt beta)^2 = 1/4 for beta = 1/4: a double root, where powers grow like k beta^{k/2}
    instance = claim_file.example(mode=F(1, 4), momentum=F(1, 4))

    assert tc.check(claim_file.powers_are_bounded, instance).vacuous
