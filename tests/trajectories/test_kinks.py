"""Piecewise-smooth fields: exact solutions across kinks, sliding, exits, and named failures."""

import random
from fractions import Fraction as F

import mpmath
import pytest
import sympy as sp

from theorycheck.errors import InvalidInstance
from theorycheck.trajectories import KinkFailed, PiecewiseField, kinked_flow

from .zoo import exact

x, y, u, v = sp.symbols("x y u v")


def scalar(above, below, switch=x):
    """x' = above where switch > 0, below elsewhere."""
    return PiecewiseField([x], [switch], lambda s: [above if s[0] > 0 else below])


def planar(switches, components):
    return PiecewiseField([x, y], switches, components)


def mp(function):
    with mpmath.workdps(60):
        return [exact(mpmath.mpf(value)) for value in function(mpmath)]


def meets(run, time, values, size=F(1, 10**15)):
    slack = F(1, 10**50)
    for ball, value in zip(run.at(time), values, strict=True):
        assert ball.lower - slack <= value <= ball.upper + slack
        assert ball.radius < size


def kinds(run):
    return [event.kind for event in run.events]


def test_a_crossing_changes_the_speed():
    # x' = -2 until x = 0 at t = 1/2, then -1
    run = kinked_flow(scalar(-2 + 0 * x, -1 + 0 * x), [1], 2)

    assert kinds(run) == ["crossing"]
    assert run.events[0].first < F(1, 2) < run.events[0].last
    assert run.events[0].last - run.events[0].first < F(1, 2**70)
    for time in (0, F(1, 4), F(1, 2), F(3, 5), 2):
        meets(run, time, [1 - 2 * F(time) if time < F(1, 2) else F(1, 2) - time])
    assert run.over(0, 2)[0].lower <= F(-3, 2)
    assert run.over(0, 2)[0].upper >= 1


def test_rise_then_fall_after_a_crossing_in_a_clock():
    # x' = 1 before the clock y shows 1, -2 afterwards; x returns to 0 at t = 3/2
    field = planar([y - 1], lambda s: [sp.Integer(1 if s[0] < 0 else -2), sp.Integer(1)])
    run = kinked_flow(field, [0, 0], 3)

    assert kinds(run) == ["crossing"]
    for time in (F(1, 2), F(3, 2), F(3)):
        meets(run, time, [time if time < 1 else 3 - 2 * time, time])


def test_minus_sign_reaches_zero_and_stays():
    run = kinked_flow(scalar(sp.Integer(-1), sp.Integer(1)), [F(2, 3)], 4)

    assert kinds(run) == ["sliding"]
    assert run.events[0].first < F(2, 3) < run.events[0].last
    meets(run, F(1, 3), [F(1, 3)])
    meets(run, 4, [F(0)])
    assert run.mode_at(3).signs == (0,)


def test_start_on_the_surface_slides_crosses_or_forks():
    meets(kinked_flow(scalar(sp.Integer(-1), sp.Integer(1)), [0], 2), 2, [F(0)])
    meets(kinked_flow(scalar(sp.Integer(1), sp.Integer(3)), [0], 2), 2, [F(2)])
    meets(kinked_flow(scalar(sp.Integer(-1), sp.Integer(-3)), [0], 2), 2, [F(-6)])
    with pytest.raises(KinkFailed) as fork:
        kinked_flow(scalar(sp.Integer(1), sp.Integer(-1)), [0], 2)
    assert fork.value.kind == "fork"
    assert fork.value.reached == 0


def test_piecewise_rotation_has_its_closed_form():
    # x'' = -x for x > 0, -4 x for x < 0, from (0, 1) off the surface: half turns of pi and pi / 2
    field = planar([x], lambda s: [y, -x if s[0] > 0 else -4 * x])
    run = kinked_flow(field, [1, 0], 9)
    (end,) = mp(lambda m: [m.pi])

    assert kinds(run) == ["crossing"] * 4
    times = mp(lambda m: [m.pi / 2, m.pi, 2 * m.pi, 5 * m.pi / 2])
    for event, time in zip(run.events, times, strict=True):
        assert event.first < time < event.last
    # On the left: x = -sin(2 s) / 2, y = -cos(2 s), s = t - pi / 2.
    meets(run, 2, mp(lambda m: [-m.sin(4 - m.pi) / 2, -m.cos(4 - m.pi)]))
    meets(run, 4, mp(lambda m: [m.sin(4 - m.pi), m.cos(4 - m.pi)]))
    meets(run, 9, mp(lambda m: [m.sin(9 - 5 * m.pi / 2), m.cos(9 - 5 * m.pi / 2)]))
    assert run.over(0, 9)[0].upper >= 1
    assert 3 < end < 4


@pytest.mark.parametrize("side", [1, -1])
def test_sliding_ends_where_a_normal_speed_vanishes(side):
    # y' = -side (3 - x) against side * 1 on the far side; x is a clock. On y = 0 the solution
    # slides until x = 3, then y = side (t - 3)^2 / 2.
    def field(s):
        return [sp.Integer(1), side * (x - 3) if s[0] == side else sp.Integer(side)]

    run = kinked_flow(planar([y], field), [0, -side], 5)

    assert kinds(run) == ["sliding", "exit"]
    assert run.events[0].first < 1 < run.events[0].last
    assert run.events[1].first < 3 < run.events[1].last
    meets(run, 2, [F(2), F(0)])
    meets(run, 5, [F(5), F(2 * side)])


def test_sliding_follows_the_fractional_activation():
    # above (2, -1), below (0, 3): activation 3/4, speed 3/2 along the surface
    field = planar([y], lambda s: [sp.Integer(1 + s[0]), sp.Integer(1 - 2 * s[0])])
    run = kinked_flow(field, [0, 1], 3)

    assert kinds(run) == ["sliding"]
    meets(run, 3, [2 + F(3, 2) * 2, F(0)])


def test_the_relu_neuron_of_the_theory_notes_slides():
    # One neuron, inputs e1 and (3/10, sqrt(91)/10), targets (-2, 5), start (1/10, 1).
    root = sp.sqrt(91) / 10
    first, second = x, sp.Rational(3, 10) * x + root * y

    def field(s):
        active = [sp.Integer(int(sign > 0)) for sign in s]
        residual = [active[0] * first + 2, active[1] * second - 5]
        return [
            -residual[0] * active[0] - residual[1] * active[1] * sp.Rational(3, 10),
            -residual[1] * active[1] * root,
        ]

    run = kinked_flow(planar([first, second], field), [F(1, 10), 1], 3)

    assert kinds(run) == ["sliding"]
    assert run.mode_at(3).signs == (0, 1)
    entry = run.events[0].last
    ys = [run.at(time)[1] for time in (entry, F(3))]
    with mpmath.workdps(40):
        residuals = [
            mpmath.sqrt(91) / 10 * mpmath.mpf(b.midpoint.numerator) / b.midpoint.denominator - 5
            for b in ys
        ]
        decay = mpmath.exp(-mpmath.mpf(91) / 100 * (3 - mpmath.mpf(float(entry))))
        assert abs(residuals[1] - decay * residuals[0]) < 1e-14
    meets(run, 3, [F(0), ys[1].midpoint])


def test_the_small_relu_net_of_the_theory_notes_meets_its_first_kink():
    # Four neurons, two inputs; the first kink and the errors there are known to 30 digits.
    names = sp.symbols("w0:8")
    weights = [names[2 * r : 2 * r + 2] for r in range(4)]
    inputs = [(F(1), F(0)), (F(3, 5), F(4, 5))]
    inputs = [tuple(sp.Rational(q.numerator, q.denominator) for q in row) for row in inputs]
    signs, targets = (1, -1, 1, -1), (1, -1)
    switches = [w[0] * q[0] + w[1] * q[1] for w in weights for q in inputs]

    def field(s):
        errors = [
            sum(signs[r] * switches[2 * r + i] for r in range(4) if s[2 * r + i] > 0) / 2
            - targets[i]
            for i in range(2)
        ]
        return [
            -sp.Rational(signs[r], 2)
            * sum((errors[i] * inputs[i][k] for i in range(2) if s[2 * r + i] > 0), sp.Integer(0))
            for r in range(4)
            for k in range(2)
        ]

    start = [1, 0, F(1, 2), 1, -1, 1, 1, -1]
    run = kinked_flow(PiecewiseField(names, switches, field), start, F(3, 5))
    (event,) = run.events
    known = F("0.51067105377640662526498973588699")

    # Its neuron dies: it rests on the surface, with no speed of its own.
    assert event.surface == 5
    assert event.kind == "sliding"
    assert event.first - F(1, 10**31) <= known <= event.last + F(1, 10**31)
    w = run.at(known)
    first = (w[0] - w[2] - w[6]) / 2 - 1  # neuron 3 is inactive on the first input
    assert abs(first.midpoint - F("-0.951418346824677191")) < F(1, 10**17)


def simulate(matrices, offsets, normal, shift, start, horizon, steps):
    """Euler with tiny steps: chatters along a sliding surface. An estimate."""
    a, b = start
    h = horizon / steps
    for _ in range(steps):
        s = 0 if normal[0] * a + normal[1] * b > shift else 1
        (p, q), (r, w) = matrices[s]
        a, b = a + h * (p * a + q * b + offsets[s][0]), b + h * (r * a + w * b + offsets[s][1])
    return a, b


def test_a_dead_neuron_that_may_be_revived_is_a_fork():
    # x' = t - 1 on the active side, 0 on the other: from t = 1 on it may stay or leave.
    field = planar([x], lambda s: [y - 1 if s[0] > 0 else sp.Integer(0), sp.Integer(1)])
    with pytest.raises(KinkFailed) as fork:
        kinked_flow(field, [F(1, 4), 0], 3)

    assert fork.value.kind == "fork"
    assert F(9, 10) < fork.value.reached < 1
    meets(fork.value.partial, F(1, 2), [F(0), F(1, 2)])


def test_random_piecewise_linear_fields_agree_with_a_simulation():
    rng = random.Random(4)
    seen, passed = [], 0
    for _ in range(14):
        draw = [F(rng.randint(-8, 8), 4) for _ in range(16)]
        matrices = [(draw[0:2], draw[2:4]), (draw[4:6], draw[6:8])]
        offsets = [draw[8:10], draw[10:12]]
        normal, shift, start = (F(1), draw[12]), draw[13] / 4, draw[14:16]
        terms = [
            [
                sum((sp.Rational(c) * z for c, z in zip(row, (x, y), strict=True)), sp.Rational(o))
                for row, o in zip(matrix, offset, strict=True)
            ]
            for matrix, offset in zip(matrices, offsets, strict=True)
        ]
        switch = x + sp.Rational(normal[1]) * y - sp.Rational(shift)
        field = planar([switch], lambda s, terms=terms: terms[0] if s[0] > 0 else terms[1])
        try:
            run = kinked_flow(field, start, 2)
        except KinkFailed as failure:
            run = failure.partial
            if run.last < F(1, 8):
                continue
        passed += run.last == 2
        seen += kinds(run)
        floats = [[[float(q) for q in row] for row in m] for m in matrices]
        estimate = simulate(
            floats,
            [[float(q) for q in o] for o in offsets],
            [float(q) for q in normal],
            float(shift),
            [float(q) for q in start],
            float(run.last),
            20000,
        )
        for ball, value in zip(run.at(run.last), estimate, strict=True):
            assert abs(float(ball) - value) < 5e-3 * (1 + abs(value))
            assert ball.radius < F(1, 10**10)
    assert passed >= 11
    assert {"crossing", "sliding"} <= set(seen)


def test_a_surface_met_while_touching_it_is_a_tangency():
    # y = (t - 1)^2 + c touches the surface at t = 1 for c = 0, from either side of it.
    for c in (F(0), F(1, 2**120), -F(1, 2**120)):
        field = planar([y], lambda s: [sp.Integer(1), 2 * (x - 1)])
        with pytest.raises(KinkFailed) as graze:
            kinked_flow(field, [0, 1 + c], 3, bits=96)
        assert graze.value.kind == "tangency"
        assert F(9, 10) < graze.value.reached <= 1
        assert graze.value.partial.last == graze.value.reached


def test_a_clear_miss_and_a_clear_double_crossing_are_told_apart():
    field = planar([y], lambda s: [sp.Integer(1), 2 * (x - 1)])

    assert kinds(kinked_flow(field, [0, 1 + F(1, 2**40)], 3)) == []
    run = kinked_flow(field, [0, 1 - F(1, 2**40)], 3)
    assert kinds(run) == ["crossing", "crossing"]
    # The double passage at speed 2^-19 costs digits.
    meets(run, 3, [F(3), 4 - F(1, 2**40)], F(1, 10**12))


def test_two_surfaces_met_at_once_are_passed_if_the_order_does_not_matter():
    run = kinked_flow(planar([x, y], lambda s: [sp.Integer(-1), sp.Integer(-1)]), [1, 1], 2)
    assert sorted((e.kind, e.surface) for e in run.events) == [("crossing", 0), ("crossing", 1)]
    meets(run, 2, [F(-1), F(-1)])
    # Below x = 0 the second coordinate falls faster, and is held at 0 anyway.
    field = planar([x, y], lambda s: [sp.Integer(-1), sp.Integer((s[0] - 3) * s[1])])
    run = kinked_flow(field, [F(1, 2), 1], 2)
    assert sorted((e.kind, e.surface) for e in run.events) == [("crossing", 0), ("sliding", 1)]
    meets(run, 2, [F(-3, 2), F(0)])


def test_two_surfaces_met_at_once_are_named_if_the_order_matters():
    # Met first, x = 0 turns y around.
    field = planar([x, y], lambda s: [sp.Integer(-1), sp.Integer(-s[0])])
    with pytest.raises(KinkFailed) as corner:
        kinked_flow(field, [1, 1], 2)
    assert corner.value.kind == "simultaneous kinks"
    assert F(9, 10) < corner.value.reached <= 1
    assert sorted(corner.value.surfaces) == [0, 1]


def test_a_simultaneous_end_of_both_normal_speeds_is_a_named_failure():
    # Both fields turn around at x = 1: attraction becomes repulsion, a fork.
    field = planar([y], lambda s: [sp.Integer(1), s[0] * (x - 1)])
    with pytest.raises(KinkFailed) as fork:
        kinked_flow(field, [0, F(1, 4)], 3)
    # Filippov's fraction is 0 / 0 there.
    assert fork.value.kind == "fork"
    assert F(9, 10) < fork.value.reached <= 1


def test_a_field_that_vanishes_on_the_surface_holds_the_solution():
    # x' = x^2 from x = 0 does not move.
    run = kinked_flow(scalar(x**2, sp.Integer(1)), [-1], 3)

    assert kinds(run) == ["sliding"]
    assert run.mode_at(3).dead == ((0, 1),)
    meets(run, 3, [F(0)])


def test_a_field_that_is_still_at_the_surface_in_one_point_is_a_tangency():
    # Above, y' = x^2 - 1 with a clock x that shows 1 when y = 0 is reached.
    field = planar([y], lambda s: [sp.Integer(1), x**2 - 1 if s[0] > 0 else sp.Integer(1)])
    with pytest.raises(KinkFailed) as touch:
        kinked_flow(field, [0, -1], 3)
    assert touch.value.kind == "tangency"
    assert F(9, 10) < touch.value.reached <= 1


def test_a_blow_up_ends_with_the_time_reached():
    with pytest.raises(KinkFailed) as blow_up:
        kinked_flow(scalar(1 + x**2, sp.Integer(1)), [-1], 3, bits=64)
    assert blow_up.value.kind == "enclosure"
    assert F(5, 2) < blow_up.value.reached < F(25708, 10000)


def test_bad_input_is_refused():
    with pytest.raises(InvalidInstance):
        kinked_flow(scalar(sp.Integer(1), sp.Integer(1)), [0, 0], 1)
    with pytest.raises(InvalidInstance):
        kinked_flow(scalar(sp.Integer(1), sp.Integer(1)), [1], 0)
    with pytest.raises(InvalidInstance):
        PiecewiseField([x], [], lambda s: [x])
