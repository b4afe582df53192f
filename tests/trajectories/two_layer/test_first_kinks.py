"""The small exact network of B12, to the printed digits and against the kernel's closed forms."""

from fractions import Fraction as F

import mpmath
import pytest

import theorycheck as tc
from theorycheck.trajectories import two_layer_flow, two_layer_heavy_ball, two_layer_nesterov

X = [[1, 0], ["3/5", "4/5"]]
W = [[1, 0], ["1/2", 1], [-1, 1], [1, -1]]
A = [1, -1, 1, -1]
Y = [1, -1]


def flow(**options):
    return two_layer_flow(X, Y, W, A, 3, **options)


def heavy_ball(**options):
    return two_layer_heavy_ball(X, Y, W, A, 3, damping=1, **options)


def nesterov(**options):
    return two_layer_nesterov(X, Y, W, A, 3, **options)


# theory B12: t_1 to 30 digits, D(t_1), z'_23 and the jump of D'_2, D'_2(t_1 -)
PRINTED = {
    flow: ("0.51067105377640662526498973588699", "-0.951418346824677191", "0.717432661270129124"),
    heavy_ball: (
        "1.178930833575319419118013099002", "-0.939553858859608129", "0.722178456456156749",
        "-0.273668633185864236", "0.136834316592932118", "-0.181591533462873834",
    ),
    nesterov: (
        "1.9918162620802969163732974640424", "-0.944919717465491263", "0.720032113013803495",
        "-0.190028813270159742", "0.0950144066350798709", "-0.129493971445615482",
    ),
}  # fmt: skip


def agrees(ball, text, slack=1):
    """The ball meets the printed decimal, up to `slack` units of its last place."""
    unit = F(1, 10 ** len(text.partition(".")[2]))
    return ball.lower <= F(text) + slack * unit and F(text) - slack * unit <= ball.upper


@pytest.mark.parametrize("run", PRINTED, ids=lambda f: f.__name__)
@pytest.mark.parametrize("digits", [31, 45])
def test_first_kink_is_the_printed_one(run, digits):
    found = run(digits=digits)
    time, d1, d2, *impulse = PRINTED[run]
    kink = found.kinks[0]
    before = found.error(kink.first)

    assert (kink.neuron, kink.sample) == (3, 2)
    assert kink.last - kink.first <= F(1, 10**digits)
    assert agrees(kink.time, time)
    assert agrees(before[0], d1)
    assert agrees(before[1], d2)
    if impulse:
        speed, jump, rate = impulse
        assert agrees(kink.speed, speed)
        assert agrees(kink.jump, jump)
        assert agrees(found.error_speed(kink.first)[1], rate)


def scalar(name, eigenvalue, time):
    """The solution of the method on one kernel mode, by mpmath."""
    root = mpmath.sqrt(eigenvalue)
    if name == "flow":
        return mpmath.exp(-eigenvalue * time)
    if name == "nesterov":
        return 2 * mpmath.besselj(1, root * time) / (root * time)
    omega = mpmath.sqrt(eigenvalue - mpmath.mpf(1) / 4)
    return mpmath.exp(-time / 2) * (
        mpmath.cos(omega * time) + mpmath.sin(omega * time) / (2 * omega)
    )


@pytest.mark.parametrize("run", PRINTED, ids=lambda f: f.__name__)
def test_first_kink_solves_the_closed_form_of_the_kernel(run):
    kink = run(digits=30).kinks[0]
    with mpmath.workdps(50):

        def distance(time):
            parts = [
                weight * (1 - scalar(run.__name__, mpmath.mpf(q), time)) / mpmath.mpf(q)
                for weight, q in ((-mpmath.mpf(1) / 5, "1.05"), (mpmath.mpf("1.05"), "0.45"))
            ]
            return sum(parts) - mpmath.mpf("0.4")

        ends = [mpmath.mpf(q.numerator) / q.denominator for q in (kink.first, kink.last)]

        assert distance(ends[0] - mpmath.mpf(10) ** -40) < 0
        assert distance(ends[1] + mpmath.mpf(10) ** -40) > 0


@pytest.mark.parametrize("run", [heavy_ball, nesterov], ids=lambda f: f.__name__)
def test_error_speed_jumps_by_the_impulse(run):
    found = run(digits=30)
    kink = found.kinks[0]
    later = kink.last + F(1, 10**20)
    jump = found.error_speed(later)[1] - found.error_speed(kink.first)[1]

    assert abs(jump.midpoint - kink.jump.midpoint) < F(1, 10**19)


def test_a_net_without_force_stays_sharp():
    # u = 1 - 1 = 0 = y: nothing moves, and D' = 0 says nothing about the weight of w'
    for run in (
        tc.two_layer_heavy_ball([[1]], [1], [[1]], [1], 8, damping=F(1, 2)),
        tc.two_layer_nesterov([[1]], [0], [[-1]], [1], 8),
        tc.two_layer_heavy_ball([[1]], [0], [[1]], [1], 8, damping=F(1, 2), digits=6),
    ):
        assert run.radius(8) < F(1, 10**6)
