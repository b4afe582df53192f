"""Several surfaces at once: closed forms for sliding, crossing meanwhile, leaving, resting."""

import random
from fractions import Fraction as F

import mpmath
import numpy as np
import pytest
import sympy as sp

from theorycheck.errors import InvalidInstance
from theorycheck.trajectories import Effort, KinkFailed, Mode, PiecewiseField, kinked_flow

from .zoo import exact

x, y, z, t = sp.symbols("x y z t")


def spatial(switches, components, time=None):
    return PiecewiseField([x, y, z], switches, components, time)


def meets(run, time, values, size=F(1, 10**15)):
    slack = F(1, 10**50)
    for ball, value in zip(run.at(time), values, strict=True):
        assert ball.lower - slack <= value <= ball.upper + slack
        assert ball.radius < size


def happened(run):
    return [(event.kind, event.surface) for event in run.events]


def fails(field, start, horizon, kind, **options):
    with pytest.raises(KinkFailed) as failure:
        kinked_flow(field, start, horizon, **options)
    assert failure.value.kind == kind, str(failure.value)
    assert failure.value.partial.last == failure.value.reached
    return failure.value


def q(text):
    return sp.Rational(text)


# -- two surfaces that do not act on one another ---------------------------------------------------
def independent(s):
    # On y = 0 the mean of s_0 is 1/2, on z = 0 that of s_1 is -1/3.
    return [s[0] + 3 * sp.Integer(s[1]), q("1/2") - s[0], -q("1/3") - s[1]]


def test_two_surfaces_are_joined_one_after_the_other():
    run = kinked_flow(spatial([y, z], independent), [0, 1, 1], 4)

    assert happened(run) == [("sliding", 1), ("sliding", 0)]
    for event, time in zip(run.events, (F(3, 4), F(2)), strict=True):
        assert event.first < time < event.last
    meets(run, F(1, 2), [F(2), F(3, 4), F(1, 3)])
    meets(run, F(3, 2), [F(3), F(1, 4), F(0)])
    meets(run, 2, [F(3), F(0), F(0)])
    meets(run, 4, [F(2), F(0), F(0)])
    assert run.mode_at(3).slid == (0, 1)


def test_a_start_on_two_surfaces_slides_on_both():
    run = kinked_flow(spatial([y, z], independent), [7, 0, 0], 2)

    assert run.events == ()
    meets(run, 2, [F(6), F(0), F(0)])


@pytest.mark.parametrize("side", [1, -1])
def test_one_of_two_surfaces_is_left(side):
    # On z = 0 until the normal speed side * (t - 3) turns at t = 3; y = 0 all the time.
    def field(s):
        return [sp.Integer(s[0]), q("1/4") - s[0], side * (t - 1) - 2 * sp.Integer(s[1])]

    run = kinked_flow(spatial([y, z], field, t), [0, 1, 0], 5)

    assert happened(run) == [("sliding", 0), ("exit", 1)]
    assert run.events[1].first < 3 < run.events[1].last
    assert run.mode_at(4) == Mode((0, side))
    joined = F(4, 3)
    meets(run, 5, [joined + (5 - joined) / 4, F(0), F(2 * side)])


def test_a_surface_is_crossed_while_sliding_on_another():
    # x = 2 doubles the speed, and moves the fraction on y = 0.
    def field(s):
        return [
            sp.Integer(1 if s[1] < 0 else 2),
            q("1/2") * s[1] - s[0],
            sp.Integer(s[0]),
        ]

    run = kinked_flow(spatial([y, x - 2], field), [0, F(1, 2), 0], 4)

    assert happened(run) == [("sliding", 0), ("crossing", 1)]
    # y' = -3/2 from 1/2; then s_0 = -1/2 until t = 2, s_0 = 1/2 afterwards.
    met = F(1, 3)
    meets(run, 1, [F(1), F(0), met - (1 - met) / 2])
    meets(run, 4, [F(6), F(0), met - (2 - met) / 2 + 1])


def test_crossing_one_surface_ends_the_sliding_on_another():
    def field(s):
        return [sp.Integer(1), sp.Integer(-s[0] if s[1] < 0 else 3), sp.Integer(s[0])]

    run = kinked_flow(spatial([y, x - 2], field), [0, 1, 0], 4)

    assert happened(run) == [("sliding", 0), ("exit", 0), ("crossing", 1)]
    assert run.events[1].first < 2 < run.events[1].last
    meets(run, 4, [F(4), F(6), F(1) + 2])


# -- two surfaces that act on one another ----------------------------------------------------------
def coupled(matrix, constants):
    """(y, z)' = c + M h, x' = h_1 + 2 h_2, h the activations."""

    def field(s):
        h = [sp.Integer(int(sign > 0)) for sign in s]
        rows = [c + sum((m * a for m, a in zip(row, h, strict=True)), sp.Integer(0))
                for c, row in zip(constants, matrix, strict=True)]  # fmt: skip
        return [h[0] + 2 * h[1], *rows]

    return spatial([y, z], field)


@pytest.mark.parametrize(
    ("matrix", "constants"),
    [
        ([["-2", "1/2"], ["1/2", "-2"]], ["1", "1"]),  # dominant diagonal
        ([["-1", "-9/10"], ["-9/10", "-1"]], ["3/10", "3/10"]),  # not attractive one by one
        ([["-1", "10"], ["-1/10", "-1"]], ["-9/2", "1/2"]),  # no comparison matrix
    ],
)
def test_fractions_of_coupled_surfaces_solve_the_normal_equations(matrix, constants):
    rows, right = [[q(m) for m in row] for row in matrix], [q(c) for c in constants]
    run = kinked_flow(coupled(rows, right), [0, 0, 0], 3)

    h = -sp.Matrix(rows).inv() * sp.Matrix(right)
    assert 0 < h[0] < 1
    assert 0 < h[1] < 1
    assert run.mode_at(1) == Mode((0, 0))
    speed = h[0] + 2 * h[1]
    meets(run, 3, [3 * F(speed.p, speed.q), F(0), F(0)])


def test_joining_a_coupled_surface_may_end_the_sliding_on_the_first():
    # Sliding on y = 0 with h_1 = 1/2, z falls at 3/4. From z = 0 on: with h_2 = 0 y falls, and
    # neither h_2 = 1 nor a fraction keeps y; z' = -1/2 - 1/2 h_1 < 0 whatever happens.
    rows = [[q("-1"), q("1")], [q("-1/2"), q("0")]]
    run = kinked_flow(coupled(rows, [q("-1/2"), q("-1/2")]), [0, 0, F(3, 4)], 3)

    assert happened(run) == [("exit", 0), ("crossing", 1)]
    assert run.events[0].first < 1 < run.events[0].last
    meets(run, 1, [F(5, 2), F(0), F(0)])
    meets(run, 3, [F(5, 2), F(-1), F(-1)])


def test_a_second_surface_is_slid_on_and_the_first_left():
    # y' = 1/2 - h_1 - 2 h_2, z' = -1 + 3/2 (1 - h_2): z = 0 needs h_2 = 1/3, y' <= -1/6 then.
    rows = [[q("-1"), q("-2")], [q("0"), q("-3/2")]]
    field = coupled(rows, [q("1/2"), q("1/2")])
    run = kinked_flow(field, [0, F(3), F(1)], 4)

    # h = (1, 1) until z = 0 at t = 1, y = 3 - 5/2; then y' = -7/6 until t = 10/7, below -1/6.
    assert happened(run) == [("sliding", 1), ("crossing", 0)]
    assert run.events[1].first < F(10, 7) < run.events[1].last
    meets(run, 4, [3 + F(3, 7) * F(5, 3) + (4 - F(10, 7)) * F(2, 3), -(4 - F(10, 7)) / 6, F(0)])


# -- dead surfaces ---------------------------------------------------------------------------------
def test_a_dead_surface_lets_others_be_crossed_slid_on_and_left():
    # z dies at 1, x = 2 is crossed, y = 0 is slid on from 3 until y' = 5 - t below it turns.
    def field(s):
        above = s[0] > 0
        return [sp.Integer(1), sp.Integer(-1) if above else 5 - t, sp.Integer(-int(s[1] > 0))]

    run = kinked_flow(spatial([y, z, x - 2], field, t), [0, 3, 1], 7)

    assert happened(run) == [("sliding", 1), ("crossing", 2), ("sliding", 0), ("exit", 0)]
    for event, time in zip(run.events, (1, 2, 3, 5), strict=True):
        assert event.first < time < event.last
    assert run.mode_at(4) == Mode((0, 0, 1), ((1, -1),))
    meets(run, F(5, 2), [F(5, 2), F(1, 2), F(0)])
    meets(run, 7, [F(7), F(-2), F(0)])


def test_two_surfaces_of_one_neuron_die_together():
    # A neuron u = (y, z) with inputs e_1, e_2 and a clock: sliding on y = 0, it dies at z = 0.
    # Both its indicators act on the same weights, through inputs with inner product -1/2.
    def field(s):
        h = [sp.Integer(int(sign > 0)) for sign in s]
        return [sp.Integer(1), -h[0] + h[1] / 2, h[0] / 2 - h[1]]

    run = kinked_flow(spatial([y, z], field), [0, F(1, 4), 1], 4)

    # (1, 1): both fall at 1/2, y = 0 at t = 1/2; then h = 1/2 there and z' = -3/4 until t = 3/2.
    assert happened(run) == [("sliding", 0), ("sliding", 0), ("sliding", 1)]
    assert run.events[2].first < F(3, 2) < run.events[2].last
    assert run.mode_at(2) == Mode((0, 0), ((0, -1), (1, -1)))
    meets(run, 1, [F(1), F(0), F(3, 8)])
    meets(run, 4, [F(4), F(0), F(0)])


def neuron(signs):
    # A neuron (y, z) pushed against three inputs, as far as it is active on them; x is a clock.
    pushes = [(q("1"), q("0")), (q("-1/2"), q("1")), (q("-1/4"), q("1"))]
    active = [(u, v) for s, (u, v) in zip(signs, pushes, strict=True) if s > 0]
    return [
        sp.Integer(1),
        -sum((u for u, _ in active), q("0")),
        -sum((v for _, v in active), q("0")),
    ]


def test_a_neuron_dies_at_the_origin_where_more_surfaces_meet_than_it_has_weights():
    field = spatial([y, z - y / 2, z - y / 4], neuron)
    run = kinked_flow(field, [0, F(1, 10), 1], 2)

    # y' = -1/4 until t = 2/5, z = 1/5; then h = 3/4 on y = 0 and z' = -2 until t = 1/2.
    assert run.events[0].first < F(2, 5) < run.events[0].last
    for event in run.events[1:]:
        assert event.first < F(1, 2) < event.last
    assert run.mode_at(1) == Mode((0, 0, 0), ((0, -1), (1, -1), (2, -1)))
    meets(run, F(9, 20), [F(9, 20), F(0), F(1, 10)])
    meets(run, 2, [F(2), F(0), F(0)])


def test_a_neuron_at_the_origin_that_may_leave_is_named():
    # The second input pulls instead.
    def field(s):
        first = neuron((s[0], -1, s[2]))
        second = neuron((-1, s[1], -1))
        return [a - 2 * b if i else a for i, (a, b) in enumerate(zip(first, second, strict=True))]

    fails(spatial([y, z - y / 2, z - y / 4], field), [0, 0, 0], 2, "simultaneous kinks")


def test_a_start_on_a_dead_surface_is_a_fork_if_it_may_be_revived():
    field = spatial([y], lambda s: [sp.Integer(1), sp.Integer(int(s[0] > 0)), sp.Integer(0)])
    assert fails(field, [0, 0, 0], 2, "fork").reached == 0
    # One that is pushed back rests.
    field = spatial([y], lambda s: [sp.Integer(1), -sp.Integer(int(s[0] > 0)), sp.Integer(0)])
    meets(kinked_flow(field, [0, 0, 0], 2), 2, [F(2), F(0), F(0)])


def test_a_dead_surface_that_may_be_revived_while_another_is_slid_on_is_a_fork():
    def field(s):
        return [sp.Integer(1), (x - 1) * int(s[0] > 0), sp.Integer(-s[1])]

    failure = fails(spatial([y, z], field), [0, F(1, 4), F(1, 8)], 3, "fork")
    assert F(9, 10) < failure.reached <= 1
    assert failure.surfaces == (0,)


# -- failures by name ------------------------------------------------------------------------------
def test_a_corner_without_a_single_way_on_is_named():
    # From (0, 0) with h = (1, 0), (0, 1) or (1/2, 1/2): three solutions.
    rows = [[q("-1"), q("-2")], [q("-2"), q("-1")]]
    fails(coupled(rows, [q("3/2"), q("3/2")]), [0, 0, 0], 2, "simultaneous kinks")
    # Both fields of both surfaces point away.
    rows = [[q("2"), q("0")], [q("0"), q("2")]]
    fails(coupled(rows, [q("-1"), q("-1")]), [0, 0, 0], 2, "fork")


def test_fields_that_do_not_combine_affinely_are_named():
    # x' = s_0 s_1 may be anything in [-1, 1] where both surfaces are slid on.
    field = spatial(
        [y, z], lambda s: [sp.Integer(s[0] * s[1]), sp.Integer(-s[0]), -sp.Integer(s[1])]
    )
    failure = fails(field, [0, 1, F(1, 2)], 3, "simultaneous kinks")
    assert F(9, 10) < failure.reached <= 1
    assert failure.surfaces == (0, 1)
    assert "affinely" in str(failure)


def test_a_product_that_vanishes_on_the_surfaces_is_affine_there():
    # x' = 1 + y s_0 s_1 is 1 on y = 0.
    field = spatial([y, z], lambda s: [1 + y * s[0] * s[1], sp.Integer(-s[0]), -sp.Integer(s[1])])
    run = kinked_flow(field, [0, F(1, 2), 1], 3)

    # y = 1/2 - t: x = t + 1/8 from t = 1/2 on.
    meets(run, 3, [3 + F(1, 8), F(0), F(0)])


def test_a_tangency_while_sliding_is_named():
    # z = (t - 2)^2 touches its surface; y is slid on from t = 1.
    def field(s):
        return [sp.Integer(1), sp.Integer(-s[0]), 2 * (x - 2)]

    failure = fails(spatial([y, z], field), [0, 1, 4], 4, "tangency", bits=64)
    assert F(19, 10) < failure.reached <= 2
    assert failure.surfaces == (1,)


def test_two_fractions_that_end_together_are_named():
    def field(s):
        return [sp.Integer(1), x - 1 - 2 * sp.Integer(s[0]), x - 1 - 2 * sp.Integer(s[1])]

    failure = fails(spatial([y, z], field), [0, 0, 0], 5, "simultaneous kinks")
    assert F(29, 10) < failure.reached <= 3
    assert failure.surfaces == (0, 1)


@pytest.mark.parametrize("factor", [1, sp.exp(y), 1 / (2 + y**2)])
def test_normal_speeds_that_vanish_together_are_a_fork(factor):
    # At x = 1 attraction becomes repulsion; Filippov's fraction is 0 / 0 there.
    def field(s):
        return [sp.Integer(1), s[0] * (x - 1) * factor, sp.Integer(-s[1])]

    failure = fails(spatial([y, z], field), [0, F(1, 8), F(1, 4)], 3, "fork")
    assert F(99, 100) < failure.reached <= 1
    assert failure.surfaces == (0,)


def test_many_surfaces_at_once_are_named():
    names = sp.symbols("u0:7")
    field = PiecewiseField(names, names, lambda s: [-sp.Integer(a) for a in s])
    start = [F(k, 8) for k in range(7)]
    failure = fails(field, start, 2, "simultaneous kinks")
    assert F(5, 8) < failure.reached <= F(3, 4)


def test_spent_steps_and_blow_ups_are_named_enclosure():
    field = spatial([y, z], lambda s: [1 + x**2, -sp.Integer(s[0]), -sp.Integer(s[1])])
    blown = fails(field, [0, 0, F(1, 4)], 2, "enclosure")
    assert F(3, 2) < blown.reached < F(15708, 10000)
    spent = fails(field, [0, 0, F(1, 4)], 1, "enclosure", effort=Effort(max_steps=2))
    assert "max_steps" in str(spent)


# -- time, digits, repeated surfaces ---------------------------------------------------------------
def test_sliding_on_a_moving_surface_follows_it():
    # x' = 0 above sin t, 2 below: sliding on x = sin t while 0 < cos t < 2.
    field = PiecewiseField([x], [x - sp.sin(t)], lambda s: [sp.Integer(1 - s[0])], t)
    run = kinked_flow(field, [0], 1, start_time=F(1, 2), bits=128)

    # Below it at t = 1/2: x = 2 (t - 1/2) until it meets sin t.
    with mpmath.workdps(60):
        met = exact(mpmath.findroot(lambda s: 2 * s - 1 - mpmath.sin(s), 0.9))
        end = exact(mpmath.sin(mpmath.mpf(3) / 2))
    assert happened(run) == [("sliding", 0)]
    assert run.events[0].first < met < run.events[0].last
    meets(run, F(3, 4), [F(1, 2)])
    meets(run, F(3, 2), [end])
    assert run.spans[0].first == F(1, 2)
    with pytest.raises(InvalidInstance):
        run.at(0)


@pytest.mark.parametrize("digits", [5, 40])
def test_digits_are_a_promise_across_kinks(digits):
    field = PiecewiseField([x, y], [x], lambda s: [y, -x if s[0] > 0 else -4 * x])
    run = kinked_flow(field, [1, 0], 9, digits=digits)

    with mpmath.workdps(80):
        values = [exact(f(9 - 5 * mpmath.pi / 2)) for f in (mpmath.sin, mpmath.cos)]
    meets(run, 9, values, F(1, 10**digits))
    for k in range(37):
        assert all(ball.radius <= F(1, 10**digits) for ball in run.at(F(k, 4)))
    for event in run.events:
        assert all(ball.radius <= F(1, 10**digits) for ball in run.over(event.first, event.last))
    with pytest.raises(InvalidInstance):
        kinked_flow(field, [1, 0], 9, digits=digits, bits=64)


def test_digits_that_cannot_be_bought_are_refused():
    # x = sin t is unstable like e^(50 t): two digits at t = 2 cost 150 bits.
    field = PiecewiseField(
        [x, y], [y - 1], lambda s: [50 * (x - sp.sin(t)) + sp.cos(t), sp.Integer(1)], t
    )
    refused = fails(field, [0, 0], 2, "enclosure", digits=2, effort=Effort(max_bits=64))
    assert refused.reached < 2
    run = kinked_flow(field, [0, 0], 2, digits=2)
    with mpmath.workdps(40):
        meets(run, 2, [exact(mpmath.sin(2)), F(2)], F(1, 100))


def test_multiples_of_a_surface_are_one_surface():
    # Inputs 1, 2, -1/2 to one weight: one surface, three indicators.
    field = PiecewiseField([x], [x, 2 * x, -x / 2], lambda s: [-1 - s[1] + sp.Integer(s[2]) / 2])

    assert field.switches == (x,)
    assert field.surface_of == ((0, 1), (0, 1), (0, -1))
    # -5/2 above, 1/2 below
    run = kinked_flow(field, [1], 2)
    assert happened(run) == [("sliding", 0)]
    meets(run, 2, [F(0)])
    with pytest.raises(InvalidInstance):
        PiecewiseField([x], [x - x], lambda s: [x])


# -- random fields ---------------------------------------------------------------------------------
def random_field(seed):
    """x' = A x + b + sum_j s_j g_j in three dimensions, s_j = sign(n_j x - c_j), three planes."""
    rng = random.Random(seed)

    def some(scale=4):
        return [F(rng.randint(-8, 8), scale) for _ in range(3)]

    matrix, offset, jumps = [some(8) for _ in range(3)], some(), [some() for _ in range(3)]
    # Planes near the coordinate planes, and jumps that tend to point at them.
    normals = [[F(int(i == j)) + F(rng.randint(-2, 2), 8) for j in range(3)] for i in range(3)]
    for i in range(3):
        jumps[i][i] -= 2 * rng.choice((0, 1, 1))
    levels, start = [F(rng.randint(-3, 3), 7) for _ in range(3)], some()

    def r(value):
        return sp.Rational(value.numerator, value.denominator)

    def dot(row, column):
        return sum((r(a) * b for a, b in zip(row, column, strict=True)), sp.Integer(0))

    names = (x, y, z)
    switches = [dot(n, names) - r(c) for n, c in zip(normals, levels, strict=True)]

    def components(s):
        return [
            dot(matrix[i], names) + r(offset[i]) + sum(r(jumps[j][i]) * s[j] for j in range(3))
            for i in range(3)
        ]

    def euler(horizon, steps):
        a, b, g, n, c = (
            np.array(part, dtype=float) for part in (matrix, offset, jumps, normals, levels)
        )
        state, h = np.array(start, dtype=float), float(horizon) / steps
        for _ in range(steps):
            state = state + h * (a @ state + b + np.sign(n @ state - c) @ g)
        return state

    return PiecewiseField(names, switches, components), start, euler


def check_random_fields(seeds, horizon, steps):
    done, held, reasons = 0, set(), []
    for seed in seeds:
        field, start, euler = random_field(seed)
        try:
            run = kinked_flow(field, start, horizon)
            done += 1
        except KinkFailed as failure:
            run = failure.partial
            reasons.append(str(failure))
        held |= {len(span.mode.held) for span in run.spans}
        if run.last > 0:
            for ball, value in zip(run.at(run.last), euler(run.last, steps), strict=True):
                assert abs(float(ball) - value) < 1e-2 * (1 + abs(value)), seed
                assert ball.radius < F(1, 10**10)
    return done, held, reasons


def test_random_fields_with_three_planes_agree_with_euler():
    done, held, reasons = check_random_fields(range(6), 2, 20000)
    assert done >= 5, reasons
    assert 2 in held


@pytest.mark.slow
def test_many_random_fields_with_three_planes_agree_with_euler():
    done, held, reasons = check_random_fields(range(100, 140), 3, 60000)
    assert done >= 34, reasons
    assert {1, 2, 3} <= held
