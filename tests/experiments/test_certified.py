"""The small certified version, against extrapolated mpmath solutions of the written-out net."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from theorycheck.errors import EnclosureFailed, InvalidInstance
from theorycheck.experiments import certified
from theorycheck.experiments.certified import REGIONS, Certified, SmallVersion, certify
from theorycheck.experiments.store import Store
from theorycheck.problems.digits import digit_images, pooled
from theorycheck.verdicts import HOLDS, UNDECIDED, VIOLATED

TINY = SmallVersion(step_size=Fraction(1, 20), steps=4, seed=32, hidden=(2,), per_class=2)
"""Each of its two neurons is alive on some of the four samples and dead on others."""
HIDDEN = 2


def as_mpf(value):
    return mpf(value.numerator) / value.denominator


def gradient(point, samples, *, relu):
    """The gradient of the mean cross-entropy of a net 4-2-2, weight by weight."""
    first, last = point[: 4 * HIDDEN], point[4 * HIDDEN :]
    total = [mpf(0)] * len(point)
    for x, label in samples:
        hidden = [sum(first[4 * r + c] * x[c] for c in range(4)) for r in range(HIDDEN)]
        alive = [not relu or z > 0 for z in hidden]
        hidden = [z if a else mpf(0) for z, a in zip(hidden, alive, strict=True)]
        scores = [sum(last[HIDDEN * k + r] * hidden[r] for r in range(HIDDEN)) for k in (0, 1)]
        weight = 1 / (1 + mpmath.exp(scores[label] - scores[1 - label]))
        error = [-weight if k == label else weight for k in (0, 1)]
        for r in range(HIDDEN):
            for k in (0, 1):
                total[4 * HIDDEN + HIDDEN * k + r] += error[k] * hidden[r]
            if alive[r]:
                back = sum(error[k] * last[HIDDEN * k + r] for k in (0, 1))
                for c in range(4):
                    total[4 * r + c] += back * x[c]
    return [g / len(samples) for g in total]


def extrapolated(point, length, samples, *, relu, stages=11):
    """One step of the flow: Gragg's modified midpoint rule, extrapolated in h^2."""

    # Gragg's smoothing: (z_{n-1} + z_n + h F(z_n)) / 2 keeps the expansion even in h
    def smoothed(n):
        h = length / n
        before, now = point, moved(point, gradient(point, samples, relu=relu), -h)
        for _ in range(n - 1):
            before, now = now, moved(before, gradient(now, samples, relu=relu), -2 * h)
        ahead = moved(before, gradient(now, samples, relu=relu), -h)
        return [(a + b) / 2 for a, b in zip(now, ahead, strict=True)]

    counts = [2 * (k + 1) for k in range(stages)]
    table = [smoothed(n) for n in counts]
    for level in range(1, stages):
        table = [
            [b + (b - a) / (mpf(counts[k + level]) ** 2 / counts[k] ** 2 - 1)
             for a, b in zip(table[k], table[k + 1], strict=True)]
            for k in range(stages - level)
        ]  # fmt: skip
    return table[0]


def moved(point, slope, factor):
    return [x + factor * g for x, g in zip(point, slope, strict=True)]


def true_distances(small, *, relu):
    """|theta_k - theta(k eta)| at about 25 digits."""
    inputs, labels = small.data()
    columns = zip(*inputs, strict=True)
    samples = [([as_mpf(v) for v in x], y) for x, y in zip(columns, labels, strict=True)]
    descent = flow = [as_mpf(q) for q in small.start()]
    eta, found = as_mpf(small.step_size), [mpf(0)]
    for _ in range(small.steps):
        descent = moved(descent, gradient(descent, samples, relu=relu), -eta)
        flow = extrapolated(flow, eta, samples, relu=relu)
        found.append(mpmath.norm([a - b for a, b in zip(descent, flow, strict=True)]))
    return found


@pytest.fixture
def store(tmp_path):
    kept = Store(tmp_path / "certified.sqlite")
    yield kept
    kept.close()


@pytest.mark.parametrize("relu", [False, True])
def test_enclosures_contain_the_true_distance_and_certificates_bound_it(store, relu):
    found = certify(TINY, store, relu=relu)
    with mpmath.workdps(40):
        true = true_distances(TINY, relu=relu)
        bounds = [(as_mpf(a), as_mpf(b)) for a, b in found.distances]
        certificate = [as_mpf(e) for e in found.certificate]

        assert len(bounds) == len(certificate) == TINY.steps + 1
        assert all(a <= d <= b for (a, b), d in zip(bounds, true, strict=True))
        assert all(d <= e <= 2 * d for d, e in zip(true, certificate, strict=True))
    assert found.ended == ""
    assert found.verdict is HOLDS
    assert found.integrated[0] == 0
    # the run at eta / 20 has 1/20 of the error, in first order
    for (_, distance), measured in zip(found.distances[1:], found.measured[1:], strict=True):
        assert measured == pytest.approx(0.95 * float(distance), rel=0.03)


def test_certificate_ends_where_it_cannot_be_confirmed_and_says_so(store):
    found = certify(SmallVersion(Fraction(1, 2), 3, hidden=(2,), per_class=2), store, relu=False)

    assert 1 <= len(found.certificate) == len(found.integrated) <= 3
    assert len(found.distances) == 4
    assert "certificate" in found.ended
    assert "step_size" in found.ended


def test_what_is_stored_is_what_was_certified(store):
    found = certify(TINY, store, relu=True)

    assert certify(TINY, store, relu=True) == found
    assert Certified.from_bytes(found.to_bytes()) == found


@pytest.mark.parametrize(
    ("least", "most", "verdict"), [(1, 2, HOLDS), (1, 3, UNDECIDED), (3, 4, VIOLATED)]
)
def test_verdict_compares_bounds_where_both_sides_are_certified(least, most, verdict):
    distances = ((Fraction(0), Fraction(0)), (Fraction(least), Fraction(most)), (9, 9))
    found = Certified((Fraction(0), Fraction(2)), distances, (Fraction(0),) * 2, (0.0,))

    assert found.steps == 1
    assert found.verdict is verdict
    assert replace(found, certificate=(Fraction(0),)).verdict is UNDECIDED


def test_features_are_means_over_regions_that_cover_the_image():
    assert sorted(p for region in REGIONS.values() for p in region) == list(range(64))

    inputs, labels = TINY.data()
    zero = next(image for image in digit_images() if image.digit == 0)
    grid = np.array(zero.pixels).reshape(8, 8)
    assert labels == [0, 0, 1, 1]
    assert tuple(row[0] for row in inputs) == pooled(zero, list(REGIONS.values()))
    assert pooled(zero, [REGIONS["centre"]]) == (
        (Fraction(int(grid[2:6, 2:6].sum()), 16) - Fraction("4.8842")) / Fraction("6.0168"),
    )


def test_the_tiny_net_has_masks_of_both_kinds():
    inputs, _ = TINY.data()
    rows = [TINY.start()[:4], TINY.start()[4:8]]
    for row in rows:
        signs = {sum(w * x for w, x in zip(row, column, strict=True)) > 0
                 for column in zip(*inputs, strict=True)}  # fmt: skip

        assert signs == {True, False}


def test_start_is_exact_and_near_the_drawn_weights():
    widths = SmallVersion().widths

    assert widths == (4, 3, 3, 2)
    assert len(SmallVersion().start()) == sum(a * b for a, b in pairwise(widths))
    assert all(1024 % q.denominator == 0 for q in SmallVersion().start())


@pytest.mark.parametrize(("field", "value"), [("step_size", Fraction(0)), ("steps", 0)])
def test_bad_settings_are_refused(field, value):
    with pytest.raises(InvalidInstance, match="certified"):
        SmallVersion(**{field: value})


@pytest.mark.slow
@pytest.mark.parametrize("relu", [False, True])
def test_certificates_bound_the_distance_over_a_longer_time(store, relu):
    small = SmallVersion(Fraction(1, 40), 30, seed=48, hidden=(2,), per_class=4)
    found = certify(small, store, relu=relu)
    with mpmath.workdps(40):
        true = true_distances(small, relu=relu)
        for (a, b), d in zip(found.distances, true, strict=False):
            assert as_mpf(a) <= d <= as_mpf(b)
        for e, d in zip(found.certificate, true, strict=False):
            assert d <= as_mpf(e)
    assert len(found.certificate) > 20


@pytest.mark.parametrize("name", ["descend", "flow"])
def test_a_budget_that_is_spent_twice_loses_nothing_but_steps(store, monkeypatch, name) -> None:
    original, asked = getattr(certified, name), []

    def busy(problem, start, *rest, effort):  # spends its budget the first three times
        asked.append(rest)
        if len(asked) <= 3:
            raise EnclosureFailed("the seconds were spent", Fraction(7 - len(asked), 100))
        return original(problem, start, *rest, effort=effort)

    monkeypatch.setattr(certified, name, busy)
    found = certify(replace(TINY, step_size=Fraction(1, 100), steps=8), store, relu=False)

    assert len(asked) == 4
    assert found.steps == 1
    assert found.verdict is HOLDS
    assert found.ended.count("the seconds were spent") == 1
