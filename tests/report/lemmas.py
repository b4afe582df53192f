"""Small claims whose truth is known in closed form: x' = -x from 1, so that x(t) = e^-t."""

import sympy

import theorycheck as tc

X = sympy.Symbol("x")
INSTANCE = tc.Instance(
    objective=tc.Objective.from_sympy(X**2 / 2, variables=[X]), start=[1], horizon=2
)


def made(*, start="1", slope="1"):
    """The quadratic slope x^2 / 2 from `start`."""
    objective = tc.Objective.from_sympy(sympy.Rational(slope) * X**2 / 2, variables=[X])
    return tc.Instance(objective=objective, start=[start], horizon=2)


@tc.claim(source="closed form", example=INSTANCE)
def position_decays(case):
    """x(t) = e^-t is at most 1."""
    return tc.le(case.flow.position[0, 0], 1, over=tc.times(0, case.horizon))


@tc.claim(source="false", example=INSTANCE)
def position_is_small(case):
    """x(t) = e^-t is at most 1/2, which fails until t = log 2."""
    return tc.le(case.flow.position[0, 0], "1/2", over=tc.times(0, case.horizon))


@tc.claim(source="draft_1 with $x$ & 5%", example=made)
def start_is_at_most_two(case):
    """The start is at most 2."""
    return tc.le(case.initial.position[0, 0], 2)


@tc.claim(source="closed form", example=INSTANCE)
def closed_form(case):
    """x(t) = e^-t."""
    return tc.equal(case.flow.position[0, 0], tc.exp(-tc.time), over=tc.times(0, case.horizon),
                    solution=[tc.exp(-tc.time)])  # fmt: skip


@tc.claim(source="open", example=INSTANCE, assumptions=[
    tc.Assumption("starts_small", lambda case: tc.surrogate("it starts small", tc.le(0, 1)))
])  # fmt: skip
def position_decays_if_open(case):
    """x(t) is at most 1 where an assumption is never decided."""
    return tc.le(case.flow.position[0, 0], 1, over=tc.times(0, case.horizon))


@tc.claim(source="no sides", example=INSTANCE)
def root_exists(case):
    """There is a square root of 2."""
    return tc.exists([X**2 - 2], near={X: "1.4"})
