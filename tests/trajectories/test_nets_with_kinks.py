"""Flow and descent of nets with kinks: closed forms, exact iterates, references, invariants."""

import random
from fractions import Fraction as F

import mpmath
import pytest

import theorycheck as tc
from theorycheck.trajectories import KinkedFlow, KinkFailed

X = [[1, F(1, 2), -1], [F(1, 4), F(1, 3), 2]]


def drawn(widths, seed, loss, activation="relu", slope=None):
    net = tc.FullyConnected(widths, activation, slope=slope)
    source = random.Random(seed * 7 + 1)
    values = [k for k in range(-12, 13) if k]
    return net.objective(loss), [F(source.choice(values), 8) for _ in range(net.dimension)]


SQUARE = tc.SquareLoss(X, [[1, -1, 2]], mean=True)
LOGISTIC = tc.LogisticLoss(X, [1, -1, 1], mean=True)
ENTROPY = tc.CrossEntropyLoss(X, [0, 2, 1])


# -- an independent reference: backpropagation by loops, one region after the other ----------------
def pre_activations(net, loss, flat):
    alpha, beta = (mpmath.mpf(s.numerator) / s.denominator for s in net.slopes)
    runs = []
    for i in range(loss.samples):
        used, z, h = 0, [], [mpmath.mpf(r[i].numerator) / r[i].denominator for r in loss.inputs]
        for rows, columns in net.shapes:
            weights = [flat[used + r * columns : used + (r + 1) * columns] for r in range(rows)]
            used += rows * columns
            z.append([sum(w * a for w, a in zip(row, h, strict=True)) for row in weights])
            h = [alpha * x if x > 0 else beta * x for x in z[-1]]
        runs.append(z)
    return runs


def slope_of(net, loss, signs, flat):
    """-grad f with the slopes of a fixed pattern."""
    alpha, beta = (mpmath.mpf(s.numerator) / s.denominator for s in net.slopes)
    layers, used = [], 0
    for rows, columns in net.shapes:
        layers.append([flat[used + r * columns : used + (r + 1) * columns] for r in range(rows)])
        used += rows * columns
    total = [[[mpmath.mpf(0)] * len(row) for row in layer] for layer in layers]
    for i in range(loss.samples):
        masks = [[alpha if s > 0 else beta for s in layer] for layer in signs[i]]
        inputs = [[mpmath.mpf(r[i].numerator) / r[i].denominator for r in loss.inputs]]
        for j, layer in enumerate(layers):
            z = [sum(w * a for w, a in zip(row, inputs[-1], strict=True)) for row in layer]
            if j < len(layers) - 1:
                inputs.append([m * x for m, x in zip(masks[j], z, strict=True)])
        y = [int(row[i]) for row in loss.targets]
        if isinstance(loss, tc.CrossEntropyLoss):
            powers = [mpmath.exp(x) for x in z]
            error = [p / sum(powers) - t for p, t in zip(powers, y, strict=True)]
        elif isinstance(loss, tc.LogisticLoss):
            error = [-t / (1 + mpmath.exp(t * x)) for x, t in zip(z, y, strict=True)]
        else:
            error = [x - t for x, t in zip(z, y, strict=True)]
        for j in range(len(layers) - 1, -1, -1):
            for r, e in enumerate(error):
                for c, a in enumerate(inputs[j]):
                    total[j][r][c] -= e * a / (loss.samples if loss.mean else 1)
            if j:
                back = [sum(e * row[c] for e, row in zip(error, layers[j], strict=True))
                        for c in range(len(inputs[j]))]  # fmt: skip
                error = [m * b for m, b in zip(masks[j - 1], back, strict=True)]
    return [x for layer in total for row in layer for x in row]


def signs_at(net, loss, flat):
    runs = pre_activations(net, loss, flat)
    return [[[1 if x > 0 else -1 for x in z] for z in sample[:-1]] for sample in runs]


def reference(objective, start, horizon):
    """The flow through crossings, by Taylor series and bisection; returns state and crossings."""
    net, loss = objective.network, objective.loss
    now, state, times = mpmath.mpf(0), [mpmath.mpf(q.numerator) / q.denominator for q in start], []
    signs = signs_at(net, loss, state)
    while True:

        def field(_, x, signs=signs):
            return slope_of(net, loss, signs, x)

        solution = mpmath.odefun(field, 0, state)
        left, low = horizon - now, mpmath.mpf(0)
        while low < left:
            high = min(left, low + mpmath.mpf(1) / 20)
            if signs_at(net, loss, solution(high)) != signs:
                break
            low = high
        else:
            return [+x for x in solution(left)], times
        for _ in range(90):
            middle = (low + high) / 2
            if signs_at(net, loss, solution(middle)) == signs:
                low = middle
            else:
                high = middle
        state, now = [+x for x in solution(high)], now + high
        signs = signs_at(net, loss, state)
        times.append(now)


@pytest.mark.parametrize(
    ("widths", "seed", "loss", "kind", "horizon"),
    [
        ((2, 2, 1), 1, LOGISTIC, ("leaky_relu", F(1, 5)), F(3, 5)),
        ((2, 2, 3), 4, ENTROPY, ("relu", None), F(1, 5)),
        ((2, 2, 2, 1), 1, SQUARE, ("leaky_relu", F(1, 5)), F(1, 20)),
    ],
)
def test_flow_across_kinks_contains_the_reference_at_two_precisions(
    widths, seed, loss, kind, horizon
):
    objective, start = drawn(widths, seed, loss, *kind)
    with mpmath.workdps(25):
        truth, times = reference(
            objective, start, mpmath.mpf(horizon.numerator) / horizon.denominator
        )
        truth = [F(mpmath.nstr(x, 25)) for x in truth]
        times = [F(mpmath.nstr(t, 25)) for t in times]
    assert len(times) == 1
    for bits in (64, 128):
        run = tc.flow(objective, start, horizon, bits=bits)
        slack = F(1, 10**18)
        assert [event.kind for event in run.events] == ["crossing"]
        assert run.events[0].first - slack <= times[0] <= run.events[0].last + slack
        for ball, value in zip(run.at(horizon), truth, strict=True):
            assert ball.lower - slack <= value <= ball.upper + slack
            assert ball.radius < F(1, 2 ** (bits // 2))


@pytest.mark.parametrize(
    ("widths", "seed", "loss"),
    [((2, 2, 1), 4, SQUARE), ((2, 2, 1), 10, SQUARE), ((2, 2, 3), 6, ENTROPY),
     pytest.param((2, 2, 2, 1), 12, tc.SquareLoss(X, [[1, -1, 2]]), marks=pytest.mark.slow)],
)  # fmt: skip
def test_every_neuron_conserves_its_norms_across_kinks(widths, seed, loss):
    """|in|^2 - |out|^2 of every hidden neuron is constant, sliding and dying included (A10)."""
    objective, start = drawn(widths, seed, loss)
    run = tc.flow(objective, start, 3)
    net = objective.network
    assert isinstance(run, KinkedFlow)
    assert run.events
    before = net.layers(start)
    for k in range(13):
        layers = net.layers(run.at(F(k, 4)))
        for j in range(net.depth - 1):
            for c in range(net.widths[j + 1]):

                def law(w, j=j, c=c):
                    ins, outs = w[j][c], [row[c] for row in w[j + 1]]
                    return sum(x * x for x in ins) - sum(x * x for x in outs)

                ball = law(layers)
                assert ball.lower <= law(before) <= ball.upper


# -- the kinks of the notes (A4.c) -----------------------------------------------------------------
SCALAR = tc.FullyConnected((1, 1, 1))
TOWARDS = SCALAR.objective(tc.SquareLoss([[1]], [[1]]))
AWAY = SCALAR.objective(tc.SquareLoss([[1]], [[-1]]))


def test_flow_rests_on_a_convex_kink_which_descent_jumps_over():
    start, epsilon = [F(1, 200), 1], F(1, 1000)
    flow = tc.flow(AWAY, start, F(1, 100))
    first, second = flow.at(F(1, 100))
    iterate = tc.descend(AWAY, start, F(1, 100), 1).at(1)

    # w_2^2 - w_1^2 is conserved, and w_1 = 0 from the kink on
    assert first.lower <= 0 <= first.upper
    assert second.lower**2 <= 1 - F(1, 200) ** 2 <= second.upper**2
    assert abs(second.midpoint - F("0.9999875")) < F(1, 10**9)
    exact = [F(1, 200) - F(1, 100) * (F(1, 200) + 1), 1 - F(1, 100) * (F(1, 200) + 1) / 200]
    assert all(b.lower <= q <= b.upper for b, q in zip(iterate, exact, strict=True))
    assert (first - iterate[0]).lower > F(1, 200) > epsilon
    assert [event.kind for event in flow.events] == ["sliding"]


def test_a_concave_kink_parts_neighbours():
    tiny = F(1, 10**9)
    up = tc.descend(TOWARDS, [tiny, 1], F(1, 1000), 2000)
    down = tc.descend(TOWARDS, [-tiny, 1], F(1, 1000), 2000)

    assert all(abs(b.midpoint - q) < F(1, 20000)
               for b, q in zip(up.at(2000), (F("0.7666"), F("1.2598")), strict=True))  # fmt: skip
    assert all(b.lower <= q <= b.upper for b, q in zip(down.at(2000), (-tiny, 1), strict=True))


def test_a_flow_from_a_concave_kink_is_not_unique():
    with pytest.raises(KinkFailed, match=r"fork.*neuron 1 of layer 1, sample 1, at t >= 0"):
        tc.flow(TOWARDS, [0, 1], 1)


# -- descent ---------------------------------------------------------------------------------------
def exact_descent(net, loss, start, eta, steps):
    """Rational iterates of the square loss by loops, with s'(0) = beta."""
    alpha, beta = net.slopes
    state, kinks = list(start), []
    for k in range(steps):
        w = net.layers(state)
        total = [[[F(0)] * len(row) for row in layer] for layer in w]
        for i in range(loss.samples):
            inputs, masks = [[row[i] for row in loss.inputs]], []
            for j, layer in enumerate(w):
                z = [sum(a * b for a, b in zip(row, inputs[-1], strict=True)) for row in layer]
                if j < net.depth - 1:
                    kinks += [(k, (j + 1, c + 1, i + 1)) for c, x in enumerate(z) if x == 0]
                    masks.append([alpha if x > 0 else beta for x in z])
                    inputs.append([m * x for m, x in zip(masks[-1], z, strict=True)])
            error = [x - row[i] for x, row in zip(z, loss.targets, strict=True)]
            for j in range(net.depth - 1, -1, -1):
                for r, e in enumerate(error):
                    for c, a in enumerate(inputs[j]):
                        total[j][r][c] += loss.factor * e * a
                if j:
                    back = [sum(e * row[c] for e, row in zip(error, w[j], strict=True))
                            for c in range(len(inputs[j]))]  # fmt: skip
                    error = [m * b for m, b in zip(masks[j - 1], back, strict=True)]
        flat = [x for layer in total for row in layer for x in row]
        state = [x - eta * g for x, g in zip(state, flat, strict=True)]
    return state, kinks


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("widths", [(2, 2, 1), (2, 3, 2, 1)])
def test_descent_contains_the_exact_iterates_in_every_region(widths, seed):
    objective, start = drawn(widths, seed, SQUARE, "leaky_relu", F(1, 3))
    truth, kinks = exact_descent(objective.network, SQUARE, start, F(1, 4), 5)
    for bits in (64, 128):
        run = tc.descend(objective, start, F(1, 4), 5, bits=bits)
        for ball, q in zip(run.at(5), truth, strict=True):
            assert ball.lower <= q <= ball.upper
        assert run.radius(5) < F(1, 2 ** (bits - 8))
        assert not kinks
        assert not run.conventions


def test_exactly_on_a_kink_descent_takes_the_convention_and_says_so():
    net = tc.FullyConnected((2, 2, 1), "leaky_relu", slope=F(1, 3))
    objective, start = net.objective(SQUARE), [F(1, 3), F(-4, 3), 1, 2, 1, F(1, 7)]
    truth, kinks = exact_descent(net, SQUARE, start, F(1, 10), 3)
    run = tc.descend(objective, start, F(1, 10), 3)

    assert kinks == [(0, (1, 1, 1))]
    assert [(k, (u.layer, u.neuron, u.sample)) for k, u in run.conventions] == kinks
    assert all(b.lower <= q <= b.upper for b, q in zip(run.at(3), truth, strict=True))


def test_a_kink_that_an_irrational_iterate_may_be_on_is_named():
    net = tc.FullyConnected((1, 2, 1))
    objective = net.objective(tc.LogisticLoss([[1]], [1]))
    with pytest.raises(tc.EnclosureFailed, match="neuron 2 of layer 1, sample 1, at step 1"):
        tc.descend(objective, [1, 0, 1, 0], F(1, 10), 5)


# -- larger nets -----------------------------------------------------------------------------------
def test_a_larger_net_is_enclosed_inside_its_region_and_names_the_kink():
    net = tc.FullyConnected((2, 4, 4, 1), "leaky_relu", slope=F(1, 5))
    objective = net.objective(SQUARE)
    start = net.random_start(seed=4)
    horizon = F(1, 20)
    with mpmath.workdps(20):
        truth, times = reference(objective, start, mpmath.mpf(1) / 20)
        truth = [F(mpmath.nstr(x, 20)) for x in truth]
    run = tc.flow(objective, start, horizon)

    assert not times
    slack = F(1, 10**15)
    for ball, q in zip(run.at(horizon), truth, strict=True):
        assert ball.lower - slack <= q <= ball.upper + slack
    with pytest.raises(tc.EnclosureFailed, match=r"kink: neuron 1 of layer 2, sample 3, at t in "):
        tc.flow(objective, start, 1)


# -- claims ----------------------------------------------------------------------------------------
def instance_of(widths, seed, loss, **changes):
    objective, start = drawn(widths, seed, loss)
    case = tc.Instance(network=objective.network, loss=loss, start=start, horizon=1,
                       step_size=F(1, 20))  # fmt: skip
    return case.replace(**changes)


EXAMPLE = instance_of((2, 2, 1), 4, SQUARE)  # it has a kink at t = 0.40


@tc.claim(source="test", example=EXAMPLE)
def loss_is_nonincreasing_across_kinks(case):
    """The loss never increases along gradient flow."""
    return tc.nonincreasing(case.flow.loss, over=tc.times(0, case.horizon))


@tc.claim(source="test", example=EXAMPLE)
def loss_stays_below_its_start(case):
    """The loss stays below twice its start."""
    return tc.le(case.flow.loss, 2 * case.initial.loss, over=tc.times(0, case.horizon))


@tc.claim(source="test", example=EXAMPLE)
def loss_decreases_at_every_step(case):
    """The loss decreases at every step of descent."""
    return tc.lt(case.descent.loss.next(), case.descent.loss, over=tc.steps(0, 5))


@tc.claim(source="test", example=EXAMPLE)
def neurons_balance_their_gradients(case):
    """<W_1[c], G_1[c]> = <W_2[:, c], G_2[:, c]> at the start."""
    here, found = case.initial, []
    for c in range(case.network.hidden[0]):
        inner = sum(here.layer(1)[c, k] * here.layer_gradient(1)[c, k] for k in range(2))
        outer = here.layer(2)[0, c] * here.layer_gradient(2)[0, c]
        found.append(tc.equal(inner, outer))
    return found


@pytest.mark.parametrize(
    "claim",
    [loss_is_nonincreasing_across_kinks, loss_stays_below_its_start, loss_decreases_at_every_step,
     neurons_balance_their_gradients],
    ids=lambda claim: claim.name,
)  # fmt: skip
def test_claims_hold_on_a_net_with_a_kink(claim):
    assert tc.check(claim).verdict is tc.HOLDS


def test_a_gradient_at_a_kink_is_undecided_by_name():
    @tc.claim(source="test", example=EXAMPLE)
    def gradient_is_small(case):
        """The gradient is bounded along the flow."""
        bound = tc.frobenius_squared(case.flow.gradient)
        return tc.le(bound, 10**6, over=tc.times(0, case.horizon))

    judgement = tc.check(gradient_is_small, effort=tc.Effort(max_bits=64, max_seconds=10))
    assert judgement.verdict is tc.UNDECIDED


def test_a_false_claim_is_violated_across_a_kink():
    @tc.claim(source="test", example=EXAMPLE)
    def loss_increases(case):
        """The loss is nondecreasing."""
        return tc.nondecreasing(case.flow.loss, over=tc.times(0, case.horizon))

    assert tc.check(loss_increases).verdict is tc.VIOLATED


@pytest.mark.parametrize("widths", [(2, 1), (2, 2, 1)])
def test_a_net_without_kinks_flows_like_a_deep_linear_one(widths):
    linear = tc.DeepLinear(widths)
    start = linear.random_start(seed=2)
    kind = "relu" if len(widths) == 2 else "linear"
    runs = [
        tc.flow(net.objective(SQUARE), start, 1)
        for net in (linear, tc.FullyConnected(widths, activation=kind))
    ]
    for a, b in zip(runs[0].at(1), runs[1].at(1), strict=True):
        assert a.lower <= b.upper
        assert b.lower <= a.upper
        assert b.radius < F(1, 10**12)


def test_a_set_of_starts_around_a_kink_is_refused_by_name():
    with pytest.raises(tc.EnclosureFailed, match="neuron 1 of layer 1, sample 1"):
        tc.flow(AWAY, [(F(-1, 10), F(1, 10)), 1], 1)


def test_a_set_of_starts_is_enclosed_inside_its_region():
    objective, start = drawn((2, 2, 1), 0, SQUARE)
    wide = [(q - F(1, 1000), q + F(1, 1000)) for q in start]
    run, centre = tc.flow(objective, wide, F(1, 4)), tc.flow(objective, start, F(1, 4))

    for a, b in zip(run.at(F(1, 4)), centre.at(F(1, 4)), strict=True):
        assert a.lower <= b.lower <= b.upper <= a.upper
