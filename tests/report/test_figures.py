"""Figures: drawn without touching matplotlib's state, saved whole, in every format."""

import re

import pytest

import theorycheck as tc
from tests.report.layout import complaints
from tests.report.lemmas import (
    INSTANCE,
    closed_form,
    made,
    position_decays,
    position_is_small,
    start_is_at_most_two,
)
from theorycheck.report.drawing import Request, drawing_of
from theorycheck.report.figures import drawn
from theorycheck.report.saving import save, write_whole
from theorycheck.report.venues import VENUES


@pytest.fixture(scope="module")
def crossing():
    return drawing_of(position_is_small, INSTANCE)


@pytest.mark.parametrize("venue", ["screen", "icml"])
def test_figure_has_the_width_of_the_venue_and_reads_well(crossing, venue):
    figure = drawn(crossing, VENUES[venue])

    assert figure.get_figwidth() == VENUES[venue].width
    assert complaints(figure) == []


def test_every_verdict_has_its_own_shape(crossing):
    labels = [text.get_text() for text in drawn(crossing).axes[0].get_legend().get_texts()]
    shapes = {line.get_marker() for line in drawn(crossing).axes[0].lines if line.get_label() in
              ("HOLDS", "VIOLATED")}  # fmt: skip

    assert {"HOLDS", "VIOLATED"} <= set(labels)
    assert len(shapes) == 2


def test_equality_has_a_panel_for_its_difference():
    figure = drawn(drawing_of(closed_form, INSTANCE))

    assert [axes.get_ylabel() for axes in figure.axes] == ["", "difference"]


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".pdf", ".png", ".svg", ".pgf"])
def test_same_figure_gives_the_same_bytes(crossing, tmp_path, ending):
    files = [tmp_path / f"{i}{ending}" for i in (1, 2)]
    for file in files:
        save(drawn(crossing, VENUES["icml"]), file, caption=crossing.caption)

    assert files[0].read_bytes() == files[1].read_bytes()
    assert len(list(tmp_path.iterdir())) == 2


def test_pgf_escapes_the_prose_of_a_user(tmp_path):
    curves = drawing_of(start_is_at_most_two, made())
    save(drawn(curves, VENUES["screen"]), tmp_path / "f.pgf")
    text = (tmp_path / "f.pgf").read_text(encoding="utf-8")

    assert r"draft\_1 with \$x\$ \& 5\%. Verdicts" in text


@tc.claim(source="\u6f22", title="\u6f22\u5b57", example=INSTANCE)
def foreign(case):
    return tc.le(case.flow.position[0, 0], 1, over=tc.times(0, case.horizon))


@pytest.mark.parametrize("ending", [".png", ".svg", ".pgf"])
def test_a_letter_that_no_font_has_is_no_warning(ending, tmp_path):
    save(drawn(drawing_of(foreign, INSTANCE)), tmp_path / f"f{ending}")

    assert (tmp_path / f"f{ending}").stat().st_size > 1000


def test_pgf_needs_no_latex_and_balances(crossing, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    save(drawn(crossing, VENUES["neurips"]), tmp_path / "f.pgf")
    text = (tmp_path / "f.pgf").read_text(encoding="utf-8")
    code = re.sub(r"^%.*", "", text, flags=re.MULTILINE)

    assert code.count("{") == code.count("}")
    assert code.count(r"\begin{pgfscope}") == code.count(r"\end{pgfscope}")
    assert "HOLDS" in code


def test_interrupt_leaves_no_file(tmp_path):
    def interrupted(file):
        file.write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    (tmp_path / "old.csv").write_text("old", encoding="utf-8")
    for name in ("old.csv", "new.csv"):
        with pytest.raises(KeyboardInterrupt):
            write_whole(tmp_path / name, interrupted)

    assert [f.name for f in tmp_path.iterdir()] == ["old.csv"]
    assert (tmp_path / "old.csv").read_text(encoding="utf-8") == "old"


def test_public_figure_is_the_users_and_leaves_matplotlib_alone():
    import matplotlib

    before = dict(matplotlib.rcParams)
    judgement = tc.check(position_decays)
    figure = tc.report.figure(judgement, venue="icml", claims=[position_decays])
    figure.axes[0].set_title("mine")

    assert dict(matplotlib.rcParams) == before
    assert figure.axes[0].get_title() == "mine"
    assert "closed form" in figure.get_label()


def test_public_figure_of_a_claim_over_a_parameter():
    figure = tc.report.figure(position_decays, over="scale=1/2,1")

    assert figure.axes[0].get_xlabel() == "initialisation scale"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [({"venue": "nature"}, "neurips"), ({"over": "x"}, "--over"), ({"relation": 7}, "relation 7")],
)
def test_bad_requests_are_refused(arguments, told):
    with pytest.raises(tc.InvalidInstance, match=told):
        tc.report.figure(position_decays, **arguments)


def test_something_else_is_refused():
    with pytest.raises(tc.InvalidInstance, match="Judgement or a Claim"):
        tc.report.figure("descent_tracks_flow")


def test_budget_that_ends_says_so():
    with pytest.raises(tc.InvalidInstance, match="cannot be drawn"):
        drawing_of(position_decays, INSTANCE.replace(horizon=10**6),
                   Request(effort=tc.Effort(max_seconds=0.01)))  # fmt: skip
