"""Fields and objectives given by expressions: closed forms, domains, blow-up."""

from fractions import Fraction as F

import mpmath
import pytest
import sympy as sp

from theorycheck.balls import upper
from theorycheck.errors import EnclosureFailed, InvalidInstance
from theorycheck.problems import SymPyObjective, VectorField
from theorycheck.trajectories import Effort, a_posteriori, descend, flow
from theorycheck.trajectories.tape import PRIMITIVES, compile_tape

from .zoo import exact, near, scalar_problem

x, y, z, t = sp.symbols("x y z t")
half = sp.Rational(1, 2)


def mp(function):
    """Evaluate at 60 digits, whatever the caller's context."""
    with mpmath.workdps(60):
        return [exact(mpmath.mpf(v)) for v in function(mpmath)]


CLOSED_FORMS = {
    "rotation": ([y, -x], [1, 0], 10, lambda m: [m.cos(10), -m.sin(10)]),
    "growth": ([x], [1], 3, lambda m: [m.exp(3)]),
    "decay": ([-3 * x], [F(1, 3)], 5, lambda m: [m.exp(-15) / 3]),
    "logistic": ([x * (1 - x)], [F(1, 3)], 5, lambda m: [1 / (1 + 2 * m.exp(-5))]),
    "exp": ([sp.exp(-x)], [0], 5, lambda m: [m.log(6)]),
    "division": ([1 / x], [1], 4, lambda m: [3]),
    "sqrt": ([sp.sqrt(x)], [1], 4, lambda m: [9]),
    # x^(-2/3) = 1 - 2 t / 3
    "power": ([x ** sp.Rational(5, 3)], [1], 1, lambda m: [m.mpf(3) ** (m.mpf(3) / 2)]),
    "log": ([x * sp.log(x)], [2], 1, lambda m: [m.exp(m.log(2) * m.e)]),
    "tanh": ([sp.tanh(x)], [1], 2, lambda m: [m.asinh(m.sinh(1) * m.exp(2))]),
    "tan": ([1 / sp.tan(x)], [1], half, lambda m: [m.acos(m.cos(1) * m.exp(-m.mpf(1) / 2))]),
    "sin": ([sp.sin(x)], [F(1, 10)], 3, lambda m: [2 * m.atan(m.tan(m.mpf(1) / 20) * m.exp(3))]),
}


@pytest.mark.parametrize("digits", [12, 30])
@pytest.mark.parametrize("name", CLOSED_FORMS)
def test_autonomous_closed_forms(name, digits):
    components, start, horizon, truth = CLOSED_FORMS[name]
    run = flow(VectorField(components, [x, y][: len(start)]), start, F(str(horizon)), digits=digits)

    for ball, value in zip(run.at(F(str(horizon))), mp(truth), strict=True):
        slack = F(1, 10**55)
        assert ball.lower - slack <= value <= ball.upper + slack
        assert ball.radius <= max(F(1), abs(value)) / F(10) ** digits


# d/dt F(t) as a field that depends on time only, next to the value of F
QUADRATURES = {
    "cos": (sp.cos(t), lambda m: m.sin(m.mpf(3) / 4)),
    "atan": (1 / (1 + t**2), lambda m: m.atan(m.mpf(3) / 4)),
    "asin": (1 / sp.sqrt(1 - t**2), lambda m: m.asin(m.mpf(3) / 4)),
    "sinh": (sp.sinh(t), lambda m: m.cosh(m.mpf(3) / 4) - 1),
    "tan": (sp.tan(t), lambda m: -m.log(m.cos(m.mpf(3) / 4))),
    "of_atan": (sp.exp(-sp.atan(t)) / (1 + t**2), lambda m: 1 - m.exp(-m.atan(m.mpf(3) / 4))),
    "of_asin": (sp.asin(t), lambda m: m.quad(m.asin, [0, m.mpf(3) / 4])),
    "of_acos": (sp.acos(t), lambda m: m.quad(m.acos, [0, m.mpf(3) / 4])),
    "of_asinh": (sp.asinh(t), lambda m: m.quad(m.asinh, [0, m.mpf(3) / 4])),
    "of_atanh": (sp.atanh(t), lambda m: m.quad(m.atanh, [0, m.mpf(3) / 4])),
    "of_acosh": (sp.acosh(2 + t), lambda m: m.quad(lambda s: m.acosh(2 + s), [0, m.mpf(3) / 4])),
    "symbolic_power": ((1 + t) ** t, lambda m: m.quad(lambda s: (1 + s) ** s, [0, m.mpf(3) / 4])),
}


@pytest.mark.parametrize("name", QUADRATURES)
def test_quadratures_in_time(name):
    integrand, truth = QUADRATURES[name]
    run = flow(VectorField([integrand], [x], t), [0], F(3, 4), digits=25)
    (value,) = mp(lambda m: [truth(m)])

    slack = F(1, 10**40)
    assert run.at(F(3, 4))[0].lower - slack <= value <= run.at(F(3, 4))[0].upper + slack


def test_start_time_enters_the_field():
    run = flow(VectorField([t], [x], t), [0], 1, start_time=F(1, 3), digits=20)
    # (16/9 - 1/9) / 2
    assert run.at(F(4, 3))[0].lower <= F(5, 6) <= run.at(F(4, 3))[0].upper


def test_van_der_pol_keeps_thirty_digits():
    run = flow(VectorField([y, (1 - x**2) * y - x], [x, y]), [F(7, 5), F(12, 5)], 7, digits=30)
    finer = flow(VectorField([y, (1 - x**2) * y - x], [x, y]), [F(7, 5), F(12, 5)], 7, digits=40)

    assert run.radius(7) <= F(3, 10**30)
    for coarse, fine in zip(run.at(7), finer.at(7), strict=True):
        assert coarse.lower <= fine.lower
        assert fine.upper <= coarse.upper
    for one, two in zip(run.over(2, 3), run.at(F(5, 2)), strict=True):
        assert one.lower <= two.lower
        assert two.upper <= one.upper


def test_blow_up_is_reported_not_passed():
    with pytest.raises(EnclosureFailed) as caught:
        flow(VectorField([x**2], [x]), [1], 2, effort=Effort(max_seconds=20))
    assert F(99, 100) < caught.value.reached <= 1


def test_leaving_the_domain_is_reported():
    # x' = -1 / x from 1 reaches 0 at t = 1/2
    with pytest.raises(EnclosureFailed) as caught:
        flow(VectorField([-1 / x], [x]), [1], 1, effort=Effort(max_seconds=20))
    assert caught.value.reached <= F(1, 2)
    with pytest.raises(EnclosureFailed):
        flow(VectorField([sp.log(x)], [x]), [-1], 1)


def test_descent_out_of_the_domain_is_reported():
    # f = x log x, step 2: 1 -> 1 - 2 = -1
    with pytest.raises(EnclosureFailed):
        descend(SymPyObjective(x * sp.log(x), [x]), [1], 2, 10)


def test_objective_and_network_agree():
    expression = SymPyObjective((x * y - 1) ** 2 / 2, [x, y])
    by_tape = flow(expression, [1, F(1, 3)], 2, digits=25)
    by_layers = flow(scalar_problem(2), [1, F(1, 3)], 2, digits=25)
    for one, two in zip(by_tape.at(2), by_layers.at(2), strict=True):
        assert one.lower <= two.upper
        assert two.lower <= one.upper

    steps = descend(expression, [1, F(1, 3)], F(1, 10), 50, bits=100)
    layers = descend(scalar_problem(2), [1, F(1, 3)], F(1, 10), 50, bits=100)
    for one, two in zip(steps.at(50), layers.at(50), strict=True):
        assert one.lower <= two.upper
        assert two.lower <= one.upper


def test_certificate_is_tight_for_the_concave_quadratic():
    objective = SymPyObjective(-(x**2) / 2, [x])
    run = descend(objective, [1], F(1, 64), 64, bits=120)
    bounds = a_posteriori(objective, run)
    # e - (65/64)^64
    (truth,) = mp(lambda m: [m.e - (m.mpf(65) / 64) ** 64])

    assert truth <= upper(bounds[-1]) <= truth + F(1, 2**110)
    for k in range(65):
        (distance,) = mp(lambda m, k=k: [m.exp(m.mpf(k) / 64) - (m.mpf(65) / 64) ** k])
        assert distance - F(1, 10**55) <= upper(bounds[k]) <= distance + F(1, 2**110)


def test_certificate_for_the_cosine():
    objective = SymPyObjective(sp.cos(x), [x])
    run = descend(objective, [F(1, 10)], F(1, 100), 300, bits=110)
    bounds = a_posteriori(objective, run)

    assert near(run.at(300), ["1.5643851516833739566235429414"], F(1, 10**27))
    truth = F("1.57589785089885265316148047276") - F("1.5643851516833739566235429414")
    assert truth - F(1, 10**27) <= upper(bounds[-1]) <= truth * F(11, 10)


def test_functions_without_a_recurrence_are_refused():
    with pytest.raises(InvalidInstance):
        compile_tape([sp.gamma(x)], [x])
    assert {"exp", "log", "sin", "cos", "tanh", "erf"} <= set(PRIMITIVES)
