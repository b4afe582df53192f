"""The soundness campaign: enclosures of one number always meet, and most runs complete."""

import pytest

from theorycheck.balls import real
from theorycheck.trajectories.tape_dynamics import TapeDynamics, TapeExpansion

from .campaign import run_chunk

CHUNK = 50


def assert_sound(seeds):
    tally = run_chunk(seeds)

    assert tally.disjoint == []
    assert tally.complete >= 0.9 * tally.runs, tally.failures
    assert tally.runs >= 2.5 * len(seeds)


@pytest.mark.slow
def test_a_small_campaign():
    assert_sound(range(-24, 0))


def test_a_planted_error_is_found(monkeypatch):
    # a curvature that is too small by 3 and a start that is off by 2^-40: the campaign must object
    honest = TapeExpansion.curvature
    expand = TapeDynamics.expand

    def forgetful(self, step, tube):
        return honest(self, step, tube) - real(3)

    def displaced(self, start, time, order):
        moved = start if order % 2 else start * (1 + real(1) / 2**40)
        return expand(self, moved.mid(), time, order)

    monkeypatch.setattr(TapeExpansion, "curvature", forgetful)
    monkeypatch.setattr(TapeDynamics, "expand", displaced)

    assert run_chunk(range(12)).disjoint


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(40))
def test_two_thousand_fields(chunk):
    assert_sound(range(chunk * CHUNK, (chunk + 1) * CHUNK))


@pytest.mark.campaign
@pytest.mark.parametrize("chunk", range(40, 240))
def test_ten_thousand_fields(chunk):
    assert_sound(range(chunk * CHUNK, (chunk + 1) * CHUNK))
