"""Closed forms of one mode: the printed test vectors, quadrature, and spoiled formulas."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import pytest
import sympy

from theorycheck.catalogue.saxe_2014 import scalar_closed_form as catalogue
from theorycheck.claims import time
from theorycheck.symbolic.derivation import Derivation, StepFailed
from theorycheck.symbolic.derivations import scalar_modes as modes
from theorycheck.symbolic.normal_forms import cancels_to_zero

DERIVATIONS = [
    modes.mode_equation, modes.depth_one, modes.depth_two, modes.depth_three, modes.depth_four,
    modes.infinite_depth, modes.unbalanced_depth_two,
]  # fmt: skip
HUNDREDTH = sympy.Rational(1, 100)


@pytest.mark.parametrize("derive", DERIVATIONS)
def test_derivation_concludes_and_refutes(derive: Callable[[], Derivation]) -> None:
    proof = derive()

    assert proof.conclusion is not None
    assert proof.refuted
    assert proof.latex().startswith(r"\begin{align*}")


@pytest.mark.parametrize(
    ("name", "spoiled", "derive"),
    [
        ("EXPONENTIAL", modes.EXPONENTIAL.subs(modes.t, -modes.t), modes.depth_one),
        ("LOGISTIC", modes.LOGISTIC.subs(modes.t, modes.t / 2), modes.depth_two),
        ("LOGISTIC", 1 / modes.LOGISTIC, modes.depth_two),
        ("TIME_AT_DEPTH_THREE", -modes.TIME_AT_DEPTH_THREE, modes.depth_three),
        ("TIME_AT_DEPTH_FOUR", modes.TIME_AT_DEPTH_FOUR + 1 / modes.r, modes.depth_four),
        ("TIME_AT_INFINITE_DEPTH", modes.TIME_AT_INFINITE_DEPTH + 1, modes.infinite_depth),
        ("RICCATI_CURVE", modes.RICCATI_CURVE.subs(modes.R, -2 * modes.R),
         modes.unbalanced_depth_two),
        ("SMALLER", -modes.SMALLER, modes.unbalanced_depth_two),
        ("PRODUCT", 2 * modes.PRODUCT, modes.unbalanced_depth_two),
    ],
)  # fmt: skip
def test_spoiled_formula_fails(
    name: str,
    spoiled: sympy.Expr,
    derive: Callable[[], Derivation],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(modes, name, spoiled)

    with pytest.raises(StepFailed):
        derive()


def test_logistic_curve_is_that_of_the_catalogue() -> None:
    claimed = catalogue.LOGISTIC.subs({catalogue.rate: 2, time: modes.t})

    assert cancels_to_zero(claimed - modes.LOGISTIC)


@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        (modes.EXPONENTIAL, "0.950710802315814696450451008506"),
        (modes.LOGISTIC, "0.802957152770283074697990633444"),
    ],
)
def test_curves_take_the_printed_values(curve: sympy.Expr, expected: str) -> None:
    value = curve.subs({modes.s: 1, modes.start: HUNDREDTH, modes.t: 3})

    assert abs(value.evalf(40) - sympy.Float(expected, 40)) < sympy.Float("1e-29")


@pytest.mark.parametrize(
    ("time_of", "variable", "first", "last", "given", "expected"),
    [
        (modes.TIME_AT_DEPTH_THREE, modes.layer, "1/10", "9/10", {modes.root: 1},
         "9.53281192661214463833024704475"),
        (modes.TIME_AT_DEPTH_FOUR, modes.r, "1/100", "9/10", {modes.s: 1},
         "50.1755540225593871784387602486"),
        (modes.TIME_AT_INFINITE_DEPTH, modes.w, "1/100", "9/10",
         {modes.s: 1, modes.start: HUNDREDTH}, "105.681233316359698198531813415"),
    ],
)  # fmt: skip
def test_times_take_the_printed_values(
    time_of: sympy.Expr,
    variable: sympy.Symbol,
    first: str,
    last: str,
    given: dict[sympy.Expr, sympy.Expr],
    expected: str,
) -> None:
    elapsed = time_of.subs(given)
    value = elapsed.subs(variable, sympy.Rational(last)) - elapsed.subs(
        variable, sympy.Rational(first)
    )

    assert abs(value.evalf(40) - sympy.Float(expected, 40)) < sympy.Float("1e-26")


@pytest.mark.parametrize("depth", [3, 4])
def test_times_agree_with_quadrature(depth: int) -> None:
    s, low, high = sympy.Rational(3, 2), sympy.Rational(1, 5), sympy.Rational(4, 5)
    with mpmath.workdps(30):
        field = sympy.lambdify(modes.w, modes.field(depth, s=s), "mpmath")
        expected = mpmath.quad(lambda w: 1 / field(w), [mpmath.mpf(1) / 5, mpmath.mpf(4) / 5])
    if depth == 3:
        elapsed, variable = modes.TIME_AT_DEPTH_THREE, modes.layer
        given, power = {modes.root: sympy.cbrt(s)}, sympy.Rational(1, 3)
    else:
        elapsed, variable = modes.TIME_AT_DEPTH_FOUR, modes.r
        given, power = {modes.s: s}, sympy.Rational(1, 2)
    value = elapsed.subs(variable, high**power) - elapsed.subs(variable, low**power)

    assert abs(value.subs(given).evalf(30) - sympy.Float(expected, 30)) < 1e-25


def test_unbalanced_layers_take_the_printed_values() -> None:
    given = {modes.c: 1, modes.s: 1, modes.initial: 1, modes.t: 1, modes.R: sympy.sqrt(5)}
    Y = modes.RICCATI_CURVE.subs(given).evalf(40)
    layers = {modes.Y: Y, modes.c: 1, modes.sign: 1}
    expected = {
        modes.PRODUCT: "0.737849737646739211381878843288",
        modes.LARGER: "1.17953536267017171634008577998",
        modes.SMALLER: "0.6255427018113579754338442487",
    }

    for expression, printed in expected.items():
        assert abs(expression.subs(layers).evalf(40) - sympy.Float(printed, 40)) < 1e-27
