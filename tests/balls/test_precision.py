from __future__ import annotations

import pytest

from theorycheck import balls
from theorycheck.errors import InvalidInstance


def test_precision_is_restored_after_an_exception():
    before = balls.working_bits()
    with pytest.raises(ZeroDivisionError), balls.precision(200):
        raise ZeroDivisionError

    assert balls.working_bits() == before


def test_precision_nests_and_one_object_may_be_entered_twice():
    before = balls.working_bits()
    scope = balls.precision(200)
    with scope:
        with balls.precision(77), scope:
            assert balls.working_bits() == 200
        assert balls.working_bits() == 200

    assert balls.working_bits() == before


def test_a_scope_that_was_made_and_not_entered_changes_nothing():
    before = balls.working_bits()
    balls.precision(before + 100)

    assert balls.working_bits() == before


@pytest.mark.parametrize("bits", [1, 0, -5])
def test_too_few_bits_are_refused(bits):
    with pytest.raises(InvalidInstance, match="bits"):
        balls.precision(bits)
