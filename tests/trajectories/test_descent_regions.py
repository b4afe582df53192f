"""Descent where wide regions fail: exact rational iterates, mpmath iterates, honest endings."""

import random
from fractions import Fraction as F

import mpmath
import pytest
import sympy
from sympy import Rational, exp, log

import theorycheck as tc
from theorycheck.balls import is_finite
from theorycheck.errors import EnclosureFailed

from .zoo import contains, exact

a, b = sympy.symbols("a b")
SOFTPLUS = log(1 + exp(-a))
UNEVEN = log(1 + exp(-5 * a)) + log(1 + exp(3 * a))
BARRIER = a - log(a)


def objective(expression, variables=(a,)):
    return tc.Objective.from_sympy(expression, variables=list(variables))


def reference(expression, variables, start, eta, steps, digits=120):
    """The iterates in mpmath, up to the first beyond 1000 or outside the gradient's domain."""
    slopes = [sympy.lambdify(variables, sympy.diff(expression, v), "mpmath") for v in variables]
    with mpmath.workdps(digits):
        step = mpmath.mpf(eta.numerator) / eta.denominator
        state = [mpmath.mpf(q.numerator) / q.denominator for q in start]
        states = [state]
        for _ in range(steps):
            if max(abs(x) for x in state) > 1000:
                break
            slope = [mpmath.mpmathify(f(*state)) for f in slopes]
            if not all(isinstance(s, mpmath.mpf) and mpmath.isfinite(s) for s in slope):
                break
            state = [x - step * s for x, s in zip(state, slope, strict=True)]
            states.append(state)
        return states


def assert_near(run, states):
    """Whether every iterate is enclosed, up to the rounding of the reference."""
    for k, state in enumerate(states):
        assert is_finite(run.iteration.radii[k])
        distance = sum((c - exact(x)) ** 2 for c, x in zip(run.recorded(k), state, strict=True))
        assert distance <= (run.radius(k) + F(1, 10**90)) ** 2


CASES = [
    (SOFTPLUS, F(-3), F(1), 50),
    (UNEVEN, F(4), F(1, 8), 1),
    (UNEVEN, F(4), F(1, 8), 40),
    (BARRIER, F(1, 10), F(1, 100), 1),
    (BARRIER, F(1, 10), F(1, 100), 100),
    (a ** Rational(3, 2), F(1), F(1, 20), 25),
    (exp(4 * a), F(3), F(1, 10**5), 10),
]


@pytest.mark.parametrize("bits", [64, 200])
@pytest.mark.parametrize(("expression", "start", "eta", "steps"), CASES)
def test_harmless_iterates_are_enclosed_sharply(expression, start, eta, steps, bits):
    run = tc.descend(objective(expression), [start], eta, steps, bits=bits)
    states = reference(expression, [a], [start], eta, steps)

    assert len(states) == steps + 1
    assert_near(run, states)
    assert run.radius(steps) <= F(1, 2**bits)


@pytest.mark.parametrize("bits", [64, 200])
def test_reciprocal_in_exact_rationals(bits):
    run = tc.descend(objective(a + 1 / a), [F(1, 2)], F(1, 20), 20, bits=bits)
    x = F(1, 2)
    for k in range(9):
        assert contains(run.at(k), [x])
        x -= F(1, 20) * (1 - 1 / x**2)
    assert run.radius(20) <= F(1, 2**bits)


@pytest.mark.parametrize("bits", [64, 300])
def test_the_iterate_that_leaves_the_domain_is_named(bits):
    # Less than eta 3/2 sqrt(a) is left of a at iterate 24: iterate 25 is negative.
    states = reference(a ** Rational(3, 2), [a], [F(1)], F(1, 20), 40)
    assert len(states) == 26
    assert states[25][0] < 0 < states[24][0]

    with pytest.raises(EnclosureFailed, match="near iterate 25:") as failure:
        tc.descend(objective(a ** Rational(3, 2)), [1], F(1, 20), 40, bits=bits)
    assert failure.value.reached == 25 * F(1, 20)


def test_wide_enclosures_end_or_are_computed_again():
    # The first step's factor is eta 16 e^12 - 1 = 25.
    problem, start, eta = objective(exp(4 * a)), [F(3)], F(1, 10**5)
    run = tc.descend(problem, start, eta, 10, digits=30)
    assert all(run.radius(k) <= 4 * F(1, 10**30) for k in range(11))

    # x -> 3 x - x^3 is chaotic on [-2, 2] (2 sin u goes to 2 sin 3u): errors triple on average.
    chaotic = objective(a**4 / 4 - a**2)
    with pytest.raises(EnclosureFailed) as failure:
        tc.descend(chaotic, [F(1, 3)], 1, 400, bits=53)
    assert 0 < failure.value.reached < 400
    known = tc.descend(chaotic, [F(1, 3)], 1, int(failure.value.reached), bits=53)
    assert all(is_finite(radius) for radius in known.iteration.radii)
    assert tc.descend(chaotic, [F(1, 3)], 1, 100, digits=10).radius(100) <= 3 * F(1, 10**10)


def random_case(rng):
    """A sum of terms in random directions, a start in its domain and a step size up to 1."""
    variables = [a, b][: rng.randint(1, 2)]
    start = [F(rng.randint(2, 30), 10) for _ in variables]
    expression = sympy.Integer(0)
    for _ in range(rng.randint(1, 3)):
        v = rng.choice(variables)
        line = rng.randint(1, 4) * v + rng.choice([-1, 0, 1]) * rng.choice(variables)
        scale = Rational(rng.randint(1, 8), 4)
        expression += rng.choice(
            [
                scale * log(1 + exp(-line)) + scale / 3 * log(1 + exp(line)),
                scale * (v - log(v)),
                (1 + line**2) ** Rational(rng.choice([1, 3, 4]), rng.choice([3, 4])),
                v ** Rational(rng.choice([3, 5]), 2) + scale / v,
                scale * exp(-line) + v**2 / 2,
            ]
        )
    eta = rng.choice([F(1), F(1, 2), F(1, 7), F(1, 30)])
    return expression, variables, start, eta


def check_random(seed):
    expression, variables, start, eta = random_case(random.Random(seed))
    problem = objective(expression, variables)
    states = reference(expression, variables, start, eta, 30)
    steps = len(states) - 1
    for bits in (64, 250):
        run = tc.descend(problem, start, eta, steps, bits=bits)
        assert_near(run, states)
        if steps < 30 and max(abs(x) for x in states[-1]) <= 1000:
            with pytest.raises(EnclosureFailed, match=f"near iterate {steps}:"):
                run.extended(30)


@pytest.mark.parametrize("seed", range(25))
def test_random_transcendental_objectives(seed):
    check_random(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 400))
def test_many_random_transcendental_objectives(seed):
    check_random(seed)
