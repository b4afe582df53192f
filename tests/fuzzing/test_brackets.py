"""Printed factors never claim more than what was certified."""

from __future__ import annotations

from fractions import Fraction

import pytest

from theorycheck.fuzzing.brackets import ConstantBracket, rounded


@pytest.mark.parametrize(
    ("stronger", "refuted", "kept"),
    [("smaller", Fraction(2, 3), Fraction(5, 7)), ("larger", Fraction(5, 3), Fraction(10, 7)),
     ("smaller", Fraction(1999999, 2000000), Fraction(2000001, 2000000))],
)  # fmt: skip
def test_factors_are_rounded_outwards(stronger, refuted, kept) -> None:
    found = ConstantBracket("c", "c = 1", stronger, refuted, kept, None, 3)
    printed = [Fraction(word) for word in str(found).split() if word[0].isdigit() and "." in word]
    printed = printed or [Fraction(w) for w in str(found).split() if w[0].isdigit()][1:]

    first, last = printed
    if stronger == "smaller":
        assert first <= refuted
        assert kept <= last
    else:
        assert first >= refuted
        assert kept >= last


def test_rounding_is_one_sided() -> None:
    assert Fraction(rounded(Fraction(2, 3), 6, "ROUND_FLOOR")) < Fraction(2, 3)
    assert Fraction(rounded(Fraction(2, 3), 6, "ROUND_CEILING")) > Fraction(2, 3)
