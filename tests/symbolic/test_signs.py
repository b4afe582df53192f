"""Signs and definedness by structure: right wherever they are told, silent elsewhere."""

from __future__ import annotations

import itertools

import pytest
import sympy
from sympy import Abs, E, Max, Min, Rational, Symbol, cosh, erf, exp, log, pi, sin, sqrt, tanh

from theorycheck.symbolic.functions import psi
from theorycheck.symbolic.signs import Sign, is_total, sign_of

x, y = Symbol("x", real=True), Symbol("y", real=True)
p, n, q = Symbol("p", positive=True), Symbol("n", negative=True), Symbol("q", nonnegative=True)
STRONG = [Sign.ZERO, Sign.POSITIVE, Sign.NEGATIVE, Sign.NONNEGATIVE, Sign.NONPOSITIVE, Sign.UNKNOWN]
SAMPLES = {
    s: [v for v in (-2, -1, 0, 1, 2) if s.value[0] <= (v > 0) - (v < 0) <= s.value[1]]
    for s in STRONG
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (Rational(-1, 3), Sign.NEGATIVE),
        (x**2, Sign.NONNEGATIVE),
        (x**2 + 1, Sign.POSITIVE),
        (-(x**2) - p, Sign.NEGATIVE),
        (x**2 - y**2, Sign.UNKNOWN),
        (x**3, Sign.UNKNOWN),
        (n**3, Sign.NEGATIVE),
        (n**-2, Sign.POSITIVE),
        (n**-1, Sign.NEGATIVE),
        (x**4 * n, Sign.NONPOSITIVE),
        (Abs(x), Sign.NONNEGATIVE),
        (Abs(p * n), Sign.POSITIVE),
        (sqrt(x), Sign.NONNEGATIVE),
        (p ** Rational(-1, 2), Sign.POSITIVE),
        (p**x, Sign.POSITIVE),
        (q**x, Sign.UNKNOWN),
        (x**y, Sign.UNKNOWN),
        (exp(-(x**2)), Sign.POSITIVE),
        (cosh(x) - 0, Sign.POSITIVE),
        (sin(x), Sign.UNKNOWN),
        (tanh(n), Sign.NEGATIVE),
        (erf(q), Sign.NONNEGATIVE),
        (Max(x, p), Sign.POSITIVE),
        (Max(x, n), Sign.UNKNOWN),
        (Min(x, n), Sign.NEGATIVE),
        (Min(q, x**2), Sign.NONNEGATIVE),
        (log(sympy.Integer(3)), Sign.POSITIVE),
        (log(Rational(1, 3)), Sign.NEGATIVE),
        (log(p), Sign.UNKNOWN),
        (pi - E, Sign.UNKNOWN),
        (pi + E, Sign.POSITIVE),
        (psi(x, y), Sign.NONNEGATIVE),
    ],
    ids=str,
)
def test_sign_that_the_structure_carries(expression: sympy.Expr, expected: Sign) -> None:
    assert sign_of(expression) is expected


@pytest.mark.parametrize(("a", "b"), list(itertools.product(STRONG, STRONG)))
def test_sums_and_products_of_signs_contain_those_of_numbers(a: Sign, b: Sign) -> None:
    for u, v in itertools.product(SAMPLES[a], SAMPLES[b]):
        for value, sign in ((u + v, a.plus(b)), (u * v, a.times(b))):
            assert sign.value[0] <= (value > 0) - (value < 0) <= sign.value[1]


@pytest.mark.parametrize(
    "expression",
    [x**2, sqrt(x**2 + 1), sqrt(q), 1 / (1 + x**2), 1 / p, 1 / n, exp(x / 3), log(1 + x**2), p**x,
     Abs(x) ** Rational(3, 2), Max(x, y), psi(x, y), x ** sympy.Integer(3)],
    ids=str,
)  # fmt: skip
def test_defined_everywhere(expression: sympy.Expr) -> None:
    assert is_total(expression)


@pytest.mark.parametrize(
    "expression",
    [1 / x, 1 / q, sqrt(x), sqrt(x - 1), log(x), log(q), x ** Rational(1, 3), q**x, x**x,
     1 / (1 + sqrt(x)), exp(1 / x), sympy.tan(x), sympy.asin(x), sympy.floor(x), sqrt(sin(x))],
    ids=str,
)  # fmt: skip
def test_perhaps_undefined_somewhere(expression: sympy.Expr) -> None:
    assert not is_total(expression)
