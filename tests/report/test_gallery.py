"""Every shipped claim has a figure, and none has overlapping labels, clipped text, empty panels."""

import pytest

import theorycheck as tc
from tests.report.layout import complaints
from theorycheck.report.curves import Mark
from theorycheck.report.drawing import Request, drawing_of, example_of
from theorycheck.report.figures import drawn
from theorycheck.report.saving import save
from theorycheck.report.venues import VENUES

CLAIMS = tc.shipped_claims()
NARROW = [VENUES["icml"]]
ALL_WIDTHS = [*NARROW, VENUES["neurips"], VENUES["screen"]]
SAMPLED = 6
"""Every figure is drawn for the narrowest column, one of six also for the other widths."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "venues"),
    [(name, NARROW if i % SAMPLED else ALL_WIDTHS) for i, name in enumerate(CLAIMS)],
    ids=CLAIMS,
)
def test_every_claim_has_a_figure_that_reads_well(name, venues, tmp_path):
    claim = CLAIMS[name]
    curves = drawing_of(claim, example_of(claim), Request(effort=tc.Effort(max_seconds=30)))

    if claim.expected is tc.HOLDS:
        assert Mark.VIOLATED not in curves.counts
    if claim.expected is tc.VIOLATED:  # a false statement may hold elsewhere on the sweep
        assert Mark.VIOLATED in curves.counts
    assert claim.source.text in curves.caption
    for venue in venues:
        figure = drawn(curves, venue)
        found = complaints(figure)

        assert found == [], venue.name
    save(figure, tmp_path / "figure.png", caption=curves.caption)
    assert (tmp_path / "figure.png").stat().st_size > 5000


def test_the_checks_find_what_they_look_for():
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3, 2))
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.02, 0.3, 0.9, 0.6))
    axes.set_xticks([0.5, 0.51], ["a long label", "another one"])
    figure.add_axes((0.5, 0.5, 0.1, 0.1))
    found = " ".join(complaints(figure))

    assert "outside: tick y0" in found
    assert "overlap: tick x0 a long label and tick x0 another one" in found
    assert "empty panel 1" in found
