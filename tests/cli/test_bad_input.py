"""Bad input: one clear line on stderr, exit code 2, no traceback."""

import json
from pathlib import Path

import pytest

ON_DATA = "distance_is_certified_a_posteriori"
GRID = "integrated_curvature_is_logarithmic"


def refused(ran, *expected):
    assert ran.code == 2, ran
    assert ran.err.count("\n") == 1
    assert ran.err.startswith("theorycheck: ")
    assert "Traceback" not in ran.err + ran.out
    for text in expected:
        assert text in ran.err, ran.err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            ["check", "descent_tracks_flw"],
            ["descent_tracks_flw", "did you mean descent_tracks_flow"],
        ),
        (["show", "nothing_like_it"], ["nothing_like_it", "theorycheck list"]),
        (["list", "elkabetz"], ["did you mean", "elkabetz_cohen_2021"]),
        (["check", "missing.py"], ["missing.py", "no such file"]),
        (["check", "descent_tracks_flow", "--set", "step_size=-1/100"], ["step_size=-1/100"]),
        (["check", "descent_tracks_flow", "--set", "horizon=0"], ["horizon=0", "positive"]),
        (["check", "large_steps_are_unstable", "--set", "depth=5/2"], ["depth=5/2", "whole"]),
        (["check", "descent_tracks_flow", "--set", "dept=3"], ["'dept'", "did you mean depth"]),
        (["check", "descent_tracks_flow", "--set", "depth"], ["--set 'depth'", "depth=3"]),
        (["check", "descent_tracks_flow", "--set", "depth=two"], ["two"]),
        (["check", "descent_tracks_flow", "--set", "depth=2", "--set", "depth=3"], ["twice"]),
        (["check", "descent_tracks_flow", "--max-bits", "3"], ["max_bits", "3"]),
        (["check", "descent_tracks_flow", "--max-seconds", "0"], ["max_seconds", "0"]),
        (["check", "descent_tracks_flow", "-j", "-1"], ["-j -1"]),
        (
            ["check", "descent_tracks_flow", "--json", "no/such/folder.json"],
            ["no/such/folder.json"],
        ),
        (["check", "descent_tracks_flow", "--target", "y"], ["--target y", "--data"]),
        (["check", "--frobnicate"], ["--frobnicate"]),
        (["frobnicate"], ["frobnicate"]),
        (["replay", "missing.json"], ["missing.json"]),
        (["figure", "descent_tracks_flow", "-o", "f.gif"], ["f.gif", ".pdf"]),
        (["figure", "descent_tracks_flow", "-o", "no/such/f.png"], ["no/such"]),
        (["figure", "descent_tracks_flow"], ["-o"]),
        (["figure", "descent_tracks_flow", "--over", "layers=1", "--csv", "f.csv"], ["no grid"]),
        (["figure", GRID, "--over", "layers=1/2"], ["--csv"]),
        (["figure", GRID, "--over", "layer=1/2", "--csv", "f.csv"], ["layers", "'layer'"]),
        (["figure", GRID, "--over", "layers=1/2", "--csv", "f.csv"], ["slopes"]),
        (["show", "du_hu_lee_2018"], ["claims; pick one of", "balancedness_drifts_exactly"]),
    ],
    ids=lambda value: " ".join(value)[:60],
)
def test_refusal_names_the_value_and_the_remedy(run, words, expected):
    refused(run(*words), *expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(:\n", ["line 1", "no Python"]),
        ("x = 1\n", ["no claim"]),
        ("1 / 0\n", ["ZeroDivisionError"]),
        ("import sys\nsys.exit(0)\n", ["SystemExit"]),
    ],
)
def test_file_that_is_no_file_of_claims_is_refused(run, tmp_path, text, expected):
    file = tmp_path / "wrong.py"
    file.write_text(text, encoding="utf-8")

    refused(run("check", file), "wrong.py", *expected)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return True", ["True", "bool", "tc.le(a, b)"]),
        ("return 3", ["3", "tc.le(a, b)"]),
        ("pass", ["None"]),
        ("return tc.le(case.flow.loss, case.descent.loss)", ["axes"]),
        ("return tc.le(case.flow.los, 1)", ["los", "line 7"]),
        ("return tc.le(1, case.flow.loss)", ["over=tc.times"]),
        ("return tc.le(0.1, case.horizn)", ["horizn"]),
    ],
)
def test_lemma_that_states_nothing_is_refused(run, lemma, body, expected):
    refused(run("check", lemma(body), "-j", "1"), *expected)


def test_bad_lemma_does_not_hide_the_verdicts_of_the_others(run, lemmas, lemma):
    ran = run("check", lemmas, lemma("return False"), "-j", "1")

    assert ran.code == 2
    assert "VIOLATED" in ran.out
    assert "bool" in ran.err


@pytest.fixture
def table(tmp_path) -> Path:
    file = tmp_path / "table.csv"
    file.write_text("x,z,y\n1,0.5,2\n0.1,1,3\n2,-1,1\n", encoding="utf-8")
    return file


def test_data_needs_a_target_that_is_a_column(run, table):
    refused(run("check", ON_DATA, "--data", table), "--target")
    refused(run("check", ON_DATA, "--data", table, "--target", "w"), "'w'", "x, z, y")
    refused(run("check", "scalar_closed_form", "--data", table, "--target", "y"), "--data")
    refused(run("check", ON_DATA, "--data", "missing.csv", "--target", "y"), "missing.csv")


@pytest.mark.parametrize("cell", ["", "wide", "nan"])
def test_bad_cell_is_named_by_row_and_column(run, tmp_path, cell):
    file = tmp_path / "table.csv"
    file.write_text(f"x,y\n1,2\n{cell},3\n", encoding="utf-8")

    refused(run("check", ON_DATA, "--data", file, "--target", "y"), "line 3", "'x'")


def test_weights_must_fit_widths_and_data(run, tmp_path, table):
    file = tmp_path / "weights.json"
    file.write_text(json.dumps([[[1, 2]], [[1]]]), encoding="utf-8")
    on_table = ("check", ON_DATA, "--data", table, "--target", "y", "--weights", file)

    refused(run(*on_table, "--set", "widths=2,3,1"), "widths=(2, 3, 1)", "(3, 2)")
    refused(run(*on_table, "--set", "widths=2,1,1,1"), "3 weight matrices", "got 2")
    refused(run(*on_table, "--set", "depth=3"), "depth=3", "depth 2")
    refused(run(*on_table, "--set", "width=2"), "width=2", "width 1")
    refused(run("check", ON_DATA, "--weights", file), "2")
    refused(run("check", ON_DATA, "--weights", tmp_path / "none.json"), "none.json")


@pytest.mark.parametrize("text", ["", "{", "[]", "[1]", '{"claim": 1}', '[{"schema": 1}]', "null"])
def test_damaged_record_is_refused(run, tmp_path, text):
    file = tmp_path / "record.json"
    file.write_text(text, encoding="utf-8")

    refused(run("replay", file))


def test_record_with_a_missing_field_is_refused(run, lemmas, tmp_path):
    file = tmp_path / "record.json"
    run("check", lemmas, "--json", file, "-j", "1")
    [first, _] = json.loads(file.read_text(encoding="utf-8"))
    for key in first:
        spoiled = {k: v for k, v in first.items() if k != key}
        file.write_text(json.dumps(spoiled), encoding="utf-8")

        refused(run("replay", file))


def test_error_in_a_lemma_of_a_relative_path_names_the_line(tmp_path, monkeypatch, run):
    monkeypatch.chdir(tmp_path)
    text = (
        "import theorycheck as tc\n"
        '@tc.claim(source="draft", family=tc.families.deep_linear())\n'
        "def typo(case): return tc.le(case.flow.los, 1)\n"
    )
    (tmp_path / "typo.py").write_text(text, encoding="utf-8")
    result = run("check", "typo.py")

    assert result.code == 2
    assert "typo.py line 3 raises AttributeError" in result.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-o", "f.gif"], "must end in one of"),
        (["-o", "no/such/folder/f.png"], "does not exist"),
        (["-o", "f.png", "--venue", "nature"], "use one of"),
        (["-o", "f.png", "--over", "depth"], "is no range"),
        (["-o", "f.png", "--over", "depht=1..3"], "no parameter 'depht'"),
        (["-o", "f.png", "--relation", "9"], "states 1 relations"),
        (["-o", "f.png", "--csv", "no/such/folder/f.csv"], "does not exist"),
        (["-o", "f.png", "-j", "-1"], "must not be negative"),
    ],
)
def test_bad_figure_is_one_line(run, words, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = run("figure", "scalar_closed_form", *words)

    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1
    assert told in ran.err
    assert list(tmp_path.iterdir()) == []
