"""What is undefined is neither true nor false, even where it cancels."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from sympy import Rational

import theorycheck as tc
from tests.claims.cases import (
    CROSSING,
    DECAY,
    NEGATIVE,
    POINT,
    SCALAR,
    ZERO,
    coordinate,
    verdict,
)  # fmt: skip
from theorycheck.claims import Case, constant
from theorycheck.errors import InvalidClaim

t = tc.time
UNIT = tc.times(0, 1)
X, Y = sympy.symbols("x y")


def at_start(case: Case) -> tc.claims.Term:
    return case.initial.position[0]


@pytest.mark.parametrize(
    "conclusion",
    [
        lambda c: tc.le(tc.sqrt(at_start(c)), 1),
        lambda c: tc.ge(tc.sqrt(at_start(c)), 0),
        lambda c: tc.le(at_start(c) ** Rational(1, 3), 0),
        lambda c: tc.le(1 / tc.sqrt(at_start(c)), 1),
        lambda c: tc.le(tc.log(at_start(c)), 5),
        lambda c: tc.le(0, 1 / (1 + tc.sqrt(at_start(c)))),
        lambda c: tc.le(tc.sqrt(c.flow.position[0]), 1, over=UNIT),
    ],
)
def test_roots_and_logarithms_of_a_negative_number(conclusion: object) -> None:
    assert verdict(conclusion, NEGATIVE) is tc.UNDECIDED


@pytest.mark.parametrize(
    "conclusion",
    [
        lambda c: tc.equal(1 / at_start(c), 1 / at_start(c)),
        lambda c: tc.le(1 / at_start(c), 1 / at_start(c)),
        lambda c: tc.lt(1 / at_start(c), 1 + 1 / at_start(c)),
        lambda c: tc.equal(1 / at_start(c) + 1, 1 / at_start(c)),
        lambda c: tc.equal(tc.log(-1 - c.flow.loss), tc.log(-1 - c.flow.loss), over=UNIT),
        lambda c: tc.ge(tc.norm(tc.claims.as_matrix([1 / at_start(c)], (1, 1))), 0),
    ],
)
def test_undefined_sides_that_cancel(conclusion: object) -> None:
    assert verdict(conclusion, ZERO) is tc.UNDECIDED


def test_division_by_what_vanishes_inside_the_interval() -> None:
    pole = 1 / (t - Rational(1, 3))

    assert verdict(lambda c: tc.le(-(pole**2), 5, over=UNIT)) is tc.UNDECIDED
    assert verdict(lambda c: tc.le(pole, pole + 1, over=UNIT)) is tc.UNDECIDED
    assert verdict(lambda c: tc.le(pole, 5, over=UNIT)) is tc.VIOLATED


def test_square_root_that_is_real_only_later() -> None:
    root = sympy.sqrt(t - Rational(1, 2))

    assert verdict(lambda c: tc.ge(root, 0, over=UNIT)) is tc.UNDECIDED
    assert verdict(lambda c: tc.ge(root, 0, over=tc.times("3/5", 1))) is tc.HOLDS


def test_division_at_one_step() -> None:
    assert verdict(lambda c: tc.le(1 / (tc.step - 3), 5, over=tc.steps(0, 6))) is tc.UNDECIDED
    assert verdict(lambda c: tc.le(1 / (tc.step - 3), 5, over=tc.steps(4, 6))) is tc.HOLDS


def sign_of_flow(case: Case) -> sympy.Expr:
    """(x^4)^{1/4} / x, which jumps where x crosses 0; its derivative cancels to 0."""
    return (coordinate(case) ** 4) ** Rational(1, 4) / coordinate(case)


def test_jump_whose_derivative_cancels_is_no_conserved_quantity() -> None:
    assert verdict(lambda c: tc.conserved(sign_of_flow(c), over=UNIT), CROSSING) is tc.VIOLATED
    assert verdict(lambda c: tc.nonincreasing(sign_of_flow(c), over=UNIT), CROSSING) is tc.VIOLATED


def test_jumps_on_a_tiny_interval_do_not_pass_for_a_constant() -> None:
    s = (t - Rational(1, 3)) * (t - Rational(1, 3) - Rational(1, 10**6))
    sign = sympy.sqrt(s**2) / s

    assert verdict(lambda c: tc.ge(sign, 0, over=UNIT)) is not tc.HOLDS
    assert verdict(lambda c: tc.nonincreasing(sign, over=UNIT)) is not tc.HOLDS


@pytest.mark.parametrize(
    "strange",
    [
        sympy.Piecewise((1, t < Rational(1, 2)), (5, True)),
        sympy.acot(t - Rational(1, 2)),
        sympy.floor(t),
        sympy.sign(t - 1),
        sympy.exp(sympy.I * t),
        sympy.oo * (1 + t),
    ],
    ids=str,
)
@pytest.mark.parametrize("relation", ["le", "gt", "nonincreasing", "conserved", "equal"])
def test_function_without_enclosure_is_refused_before_structure(
    strange: sympy.Expr, relation: str
) -> None:
    def conclusion(_case: Case) -> object:
        if relation in ("le", "gt", "equal"):
            return getattr(tc, relation)(strange, 0, over=UNIT)
        return getattr(tc, relation)(strange, over=UNIT)

    with pytest.raises(InvalidClaim):
        verdict(conclusion, DECAY)


def test_float_hidden_in_a_formula_is_refused() -> None:
    v = sympy.Symbol("v")

    with pytest.raises(InvalidClaim, match="Float"):
        verdict(lambda c: tc.equal(tc.substitute(sympy.Float("0.1") * v, {v: 1}), Fraction(1, 10)))


def test_defined_quotients_are_decided() -> None:
    assert verdict(lambda c: tc.le(tc.log(coordinate(c)), 0, over=UNIT), DECAY) is tc.HOLDS
    assert verdict(lambda c: tc.nondecreasing(1 / coordinate(c), over=UNIT), DECAY) is tc.HOLDS
    assert verdict(lambda c: tc.le(sympy.sqrt(coordinate(c)), 1, over=UNIT), DECAY) is tc.HOLDS


@pytest.mark.parametrize("rows", [[], [[]], [[1, 2], [3]]])
def test_ragged_or_empty_matrix_is_refused(rows: list[list[int]]) -> None:
    with pytest.raises(InvalidClaim):
        constant(rows)


def test_trace_of_a_rectangle_is_refused() -> None:
    with pytest.raises(InvalidClaim, match="square"):
        tc.trace(constant([[1, 2]]))


def test_eigenvalue_of_an_asymmetric_matrix_is_refused() -> None:
    with pytest.raises(tc.InvalidInstance, match="symmetric"):
        verdict(lambda c: tc.le(tc.lambda_max(constant([[0, 1], [0, 0]])), 1), POINT)


def test_start_that_is_missing_is_named() -> None:
    with pytest.raises(tc.InvalidInstance, match="start"):
        verdict(lambda c: tc.le(c.flow.loss, 1, over=UNIT), SCALAR.without("start"))
    with pytest.raises(tc.InvalidInstance, match="step_size"):
        verdict(
            lambda c: tc.le(c.descent.loss, 1, over=tc.steps(0, 2)), SCALAR.without("step_size")
        )


QUADRATIC = tc.Instance(
    objective=tc.Objective.from_sympy((X**2 + Y**2) / 2, variables=[X, Y]),
    start=[Fraction(1, 3), Fraction(2, 7)],
    horizon=2,
    step_size=Fraction(1, 10),
)


@pytest.mark.parametrize(
    "undefined", [lambda p: 1 / (p - 3 * p**2), lambda p: tc.log(-1 - p**2), lambda p: tc.sqrt(-p)]
)
@pytest.mark.parametrize("over", [None, tc.steps(0, 1)])
def test_what_cancels_from_an_exact_difference_must_be_defined(undefined, over) -> None:
    @tc.claim(source="test")
    def both_sides_undefined(case: Case) -> object:
        p = case.descent.position[0, 0]
        p = p.at(0) if over is None else p
        extra = undefined(p)
        return tc.le(extra + (p + 1) ** 2, extra + p**2 + 2 * p + 1, over=over)

    assert tc.check(both_sides_undefined, QUADRATIC).verdict is tc.UNDECIDED


LATE = X - Rational(1, 10**9)
P = sympy.Symbol("p", positive=True)


@pytest.mark.parametrize(
    ("integrand", "begin", "end"),
    [
        (sympy.sqrt(X), -1, -Rational(1, 2)),
        (sympy.sqrt(X) * sympy.sqrt(X - 1), -1, -Rational(1, 2)),
        (sympy.log(X), -2, -1),
        (sympy.log(X) ** 2, -2, -1),
        (sympy.log(X) - sympy.log(X + Rational(1, 10**9)), -2, -1),
        (sympy.cbrt(X), -1, -Rational(1, 2)),
        (sympy.sqrt(P), -1, -Rational(1, 2)),
        (sympy.log(P), -1, -Rational(1, 2)),
        (sympy.sqrt(P - 1), 0, 1),
        (sympy.sqrt(P * (1 - P) * (2 * P - 1) ** 3), 0, 1),
        (sympy.sqrt(LATE) * sympy.sqrt(LATE + Rational(1, 10**12)), 0, 1),
        (sympy.sqrt(LATE) * sympy.sqrt(LATE + Rational(1, 10**12)), 1, 0),
    ],
)
@pytest.mark.parametrize("relation", [lambda e: tc.le(-20, e), lambda e: tc.ge(-20, e)])
def test_integrals_of_what_is_undefined(
    integrand: sympy.Expr, begin: int, end: int, relation: object
) -> None:
    (variable,) = integrand.free_symbols
    value = sympy.Integral(integrand, (variable, begin, end))
    assert verdict(lambda _: relation(value), POINT) is tc.UNDECIDED  # type: ignore[operator]


@pytest.mark.parametrize(
    ("integrand", "truth"),
    [
        (sympy.sqrt(X), Rational(2, 3)),
        (1 / (1 + X**2), sympy.pi / 4),
        (sympy.log(1 + X), 2 * sympy.log(2) - 1),
        (sympy.sqrt(1 - X**2), sympy.pi / 4),
        (sympy.sqrt(X - X**2), sympy.pi / 8),
    ],
)
def test_integrals_of_what_is_defined(integrand: sympy.Expr, truth: sympy.Expr) -> None:
    value = sympy.Integral(integrand, (X, 0, 1))
    near = Rational(1, 10**6)
    assert verdict(lambda _: tc.le(truth - near, value), POINT) is tc.HOLDS
    assert verdict(lambda _: tc.le(value, truth - near), POINT) is tc.VIOLATED


T, K = tc.time, tc.step


@pytest.mark.parametrize(
    "conclusion",
    [
        lambda c: tc.le(sympy.Integral(T * c.flow.loss, (T, 0, 1)), c.flow.loss, over=UNIT),
        lambda c: tc.conserved(sympy.Integral(T * c.flow.loss, (T, 0, 1))),
        lambda c: tc.ge(Rational(1, 4), sympy.Integral(c.flow.loss, (T, 0, 1))),
        lambda c: tc.ge(sympy.Integral(K * c.descent.loss.expression, (K, 0, 1)), 0),
        lambda c: tc.ge(sympy.Integral(T, (T, 0, 1)), 0),
        lambda c: tc.ge(1 + 2 * sympy.Integral(X * c.flow.loss.at(X), (X, 0, 1)), 0),
    ],
)
def test_an_integral_moves_no_quantity_along_its_trajectory(conclusion: object) -> None:
    with pytest.raises(InvalidClaim, match=r"integral\(term, times\(a, b\)\)"):
        verdict(conclusion, DECAY)


@pytest.mark.parametrize("sign", ["positive", "nonnegative", "real", "negative"])
def test_declared_signs_of_the_variable_do_not_count(sign: str) -> None:
    n = sympy.Symbol("n", **{sign: True})
    turned = sympy.sqrt(n) * sympy.sqrt(n + 1) * (2 * n + 1)  # imaginary on (-1, 0), symmetric
    value = sympy.Integral(turned, (n, -1, 0))
    assert verdict(lambda _: tc.le(value, 1), POINT) is tc.UNDECIDED
    assert verdict(lambda _: tc.ge(0, 1 + value), POINT) is tc.UNDECIDED


@pytest.mark.parametrize(
    "integrand",
    [
        abs(X),
        sympy.atan(X),
        sympy.erf(X),
        sympy.Max(X, 0),
        sympy.sqrt(abs(X)),
        sympy.sqrt(sympy.Max(X, X**2) - X),
    ],
)
def test_what_has_no_complex_enclosure_is_left_open(integrand: sympy.Expr) -> None:
    value = sympy.Integral(integrand, (X, -1, 1))
    assert verdict(lambda _: tc.le(value, 2), POINT) is tc.UNDECIDED


def test_integrand_without_its_variable() -> None:
    value = sympy.Integral(T, (X, 0, 2))
    assert verdict(lambda _: tc.le(value, 3, over=UNIT), DECAY) is tc.HOLDS
    twice = lambda c: sympy.Integral(c.flow.loss.expression, (X, 0, 2))  # noqa: E731
    assert verdict(lambda c: tc.le(twice(c), 2, over=UNIT), DECAY) is tc.HOLDS
    assert verdict(lambda _: tc.le(value, 1, over=UNIT), DECAY) is tc.VIOLATED
