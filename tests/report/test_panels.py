"""Panels: solid means certified, dashed means float64, in the figure and in the CSV."""

import csv
from fractions import Fraction

import pytest

from theorycheck.errors import InvalidInstance
from theorycheck.report.panels import Line, Panel, Row, draw_rows, figure_of, write_rows

THIRDS = (Fraction(1, 3), Fraction(2, 3))
SURE = Line("sure", "sure", (0, 1), THIRDS, THIRDS, certified=True)
GUESS = Line.estimate("guess", "guess", (0, 1), (0.0, 0.1), colour=3)
ROWS = [
    Row(
        "net",
        "Net",
        [
            Panel("plain", "plain", "x", "y", [SURE, GUESS], top=3.0),
            Panel("log", "log", "x", "y", [SURE, GUESS], logarithmic=True, room=0.5),
        ],
        undrawn=[Panel("extra", "", "", "", [SURE])],
    )
]


def test_certified_curves_alone_are_solid():
    plain, logarithmic = figure_of(ROWS, "caption").axes
    styles = {line.get_label(): line.get_linestyle() for line in plain.lines}

    assert styles == {"sure": "-", "guess": "--"}
    assert plain.get_ylim() == (0, 3)
    assert len(plain.collections) == 1  # the band of the enclosure
    assert logarithmic.get_yscale() == "log"
    assert logarithmic.get_ylim()[0] < 0.1 * float(min(THIRDS))


@pytest.mark.parametrize("ending", ["pdf", "png", "svg"])
def test_every_ending_is_drawn_and_state_is_kept(tmp_path, ending):
    from matplotlib import rcParams

    before = dict(rcParams)
    draw_rows(ROWS, "caption with $ and _", tmp_path / f"f.{ending}")

    assert (tmp_path / f"f.{ending}").stat().st_size > 1000
    assert dict(rcParams) == before


def test_table_names_the_evidence_and_rounds_bounds_outwards(tmp_path):
    write_rows(ROWS, tmp_path / "f.csv")
    with (tmp_path / "f.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) == 10
    assert {row["curve"]: row["evidence"] for row in rows} == {
        "sure": "certified",
        "guess": "float64",
    }
    for row in rows:
        place = int(row["iteration"])
        if row["curve"] == "guess":
            assert float(row["lower"]) == float(row["upper"]) == (0.0, 0.1)[place]
            continue
        low, high = Fraction(row["lower"]), Fraction(row["upper"])
        assert low < THIRDS[place] < high
        assert high - low < Fraction(1, 10**15)


def test_unwritable_table_is_refused(tmp_path):
    with pytest.raises(InvalidInstance, match="cannot be written"):
        write_rows(ROWS, tmp_path / "no" / "f.csv")
