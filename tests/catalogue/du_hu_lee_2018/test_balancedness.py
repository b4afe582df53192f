"""Exact drift of balancedness, against the printed vector of theory A9."""

from __future__ import annotations

from fractions import Fraction

from tests.catalogue.enclose import Case
from theorycheck.catalogue.du_hu_lee_2018 import balancedness
from theorycheck.claims.exact_states import rational_evaluator
from theorycheck.claims.places import Place
from theorycheck.exact import rows_of


def exact_rows(term: object, place: Place) -> list[list[Fraction]]:
    evaluator = rational_evaluator(balancedness.example(), place)
    return [list(row) for row in rows_of(evaluator.matrix(term))]  # type: ignore[arg-type]


def fifths_of_five(rows: list[list[int]]) -> list[list[Fraction]]:
    return [[Fraction(x, 25) for x in row] for row in rows]


def test_imbalances_of_the_start() -> None:
    run = Case(balancedness.example()).descent

    assert exact_rows(run.imbalance(1), Place.at_step(0)) == [[0, -3], [-3, 1]]
    assert exact_rows(run.imbalance(2), Place.at_step(0)) == [[-1, 3], [3, -3]]


def test_one_step_moves_the_imbalances_by_the_printed_amounts() -> None:
    run = Case(balancedness.example()).descent
    drift = [run.imbalance(j).next() - run.imbalance(j) for j in (1, 2)]

    assert exact_rows(drift[0], Place.at_step(0)) == fifths_of_five([[1, 3], [3, 7]])
    assert exact_rows(drift[1], Place.at_step(0)) == fifths_of_five([[-4, -9], [-9, 11]])
