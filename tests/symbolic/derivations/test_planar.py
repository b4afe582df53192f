"""The planar reduction: exact vectors of the orbit, exact entries, curvature of explicit nets."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import pytest
import sympy

from theorycheck.symbolic.derivation import Derivation, StepFailed
from theorycheck.symbolic.derivations import planar

DERIVATIONS = [
    planar.planar_reduction, planar.orbit, planar.orbit_integrals, planar.hessian_of_equal_layers,
    planar.curvature_along_the_gradient,
]  # fmt: skip
HALF = sympy.Rational(1, 2)


@pytest.mark.parametrize("derive", DERIVATIONS)
def test_derivation_concludes_and_refutes(derive: Callable[[], Derivation]) -> None:
    proof = derive()

    assert proof.conclusion is not None
    assert proof.refuted
    assert proof.latex().startswith(r"\begin{align*}")


@pytest.mark.parametrize(
    ("name", "spoiled", "derive"),
    [
        ("RADIAL", planar.RADIAL / planar.r, planar.planar_reduction),
        ("ANGULAR", -planar.ANGULAR, planar.planar_reduction),
        ("LOSS", planar.LOSS + planar.r * planar.c, planar.planar_reduction),
        ("ANGULAR", planar.n * planar.ANGULAR, planar.orbit),
        ("ORBIT", 1 / planar.ORBIT, planar.orbit),
        ("INTEGRALS", {2: planar.INTEGRALS[3]}, planar.orbit_integrals),
        ("LAMBDA", planar.LAMBDA + planar.OTHERS, planar.hessian_of_equal_layers),
        ("OTHERS", -planar.OTHERS, planar.hessian_of_equal_layers),
        ("TURNING", planar.s / 2, planar.curvature_along_the_gradient),
        ("GRADIENT_NORM", planar.GRADIENT_NORM * planar.value, planar.curvature_along_the_gradient),
    ],
)
def test_spoiled_formula_fails(
    name: str, spoiled: object, derive: Callable[[], Derivation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planar, name, spoiled)

    with pytest.raises(StepFailed):
        derive()


@pytest.mark.parametrize("depth", [1, 2])
def test_reduction_agrees_with_the_vector_equation_exactly(depth: int) -> None:
    r, u = sympy.Rational(3, 4), sympy.Matrix([3, 4]) / 5
    w = r * sympy.Matrix([5, 12]) / 13
    gradient = w - u
    velocity = -(r ** (2 - sympy.Rational(2, depth))) * (
        gradient + (depth - 1) * w * w.dot(gradient) / r**2
    )
    c = w.dot(u) / r
    values = {planar.n: depth, planar.r: r, planar.c: c}

    radial = w.dot(velocity) / r
    assert planar.RADIAL.subs(values) == radial
    assert planar.ANGULAR.subs(values) == u.dot(velocity) / r - c * radial / r
    assert planar.LOSS.subs(values) == gradient.dot(gradient) / 2


@pytest.mark.parametrize(
    ("depth", "first", "start", "expected"),
    [
        (2, 0, HALF, 1 / (2 + sympy.Rational(3, 8) * sympy.log(3))),
        (3, -HALF, sympy.Rational(1, 5), sympy.Rational(2, 15)),
    ],
)
def test_orbit_takes_the_exact_values(
    depth: int, first: sympy.Expr, start: sympy.Expr, expected: sympy.Expr
) -> None:
    antiderivative = planar.INTEGRALS[depth]
    integral = antiderivative.subs(planar.x, HALF) - antiderivative.subs(planar.x, first)
    q = planar.ORBIT.subs(
        {planar.n: depth, planar.first: first, planar.start: start, planar.c: HALF}
    ).subs(planar.integral, integral)

    assert abs((1 / q - expected).evalf(40)) < 1e-35


def test_time_along_the_orbit_is_the_printed_one() -> None:
    first = planar.INTEGRALS[3].subs(planar.x, -HALF)
    q = planar.ORBIT.subs(
        {planar.n: 3, planar.first: -HALF, planar.start: sympy.Rational(1, 5),
         planar.integral: planar.INTEGRALS[3].subs(planar.x, planar.c) - first}
    )  # fmt: skip
    with mpmath.workdps(40):
        speed = sympy.lambdify(
            planar.c, planar.ANGULAR.subs({planar.n: 3, planar.r: 1 / q}), "mpmath"
        )
        elapsed = mpmath.quad(lambda c: 1 / speed(c), [-mpmath.mpf(1) / 2, mpmath.mpf(1) / 2])

        assert abs(elapsed - mpmath.mpf("2.22454060743334856289742153267")) < 1e-28


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_eigenvalues_are_those_of_an_explicit_net(depth: int) -> None:
    layers = sympy.symbols(f"p_1:{depth + 1}")
    s, p = sympy.Rational(2), sympy.Rational(1, 2)
    hessian = sympy.hessian((sympy.Mul(*layers) - s) ** 2 / 2, layers)
    values = hessian.subs(dict.fromkeys(layers, p)).eigenvals()
    at = {planar.n: depth, planar.s: s, planar.value: p**depth}

    assert values[planar.LAMBDA.subs(at)] == 1
    assert values[planar.OTHERS.subs(at)] == depth - 1


@pytest.mark.parametrize(
    ("depth", "start", "expected"),
    [
        (2, sympy.Rational(1, 100), "3.88788060060354050174510963301"),
        (3, sympy.Rational(1, 1000), "32.605617016155033892109182819"),
    ],
)
def test_integrated_curvature_takes_the_printed_values(
    depth: int, start: sympy.Expr, expected: str
) -> None:
    # int -lambda_1 from w_0 to w* is the growth of ln |grad f|
    norm = planar.GRADIENT_NORM.subs({planar.n: depth, planar.s: 1})
    turning = planar.TURNING.subs({planar.n: depth, planar.s: 1})
    growth = norm.subs(planar.value, turning) / norm.subs(planar.value, start)

    assert abs(growth.evalf(40) - sympy.Float(expected, 40)) < 1e-26
