"""theorycheck figure: sweeps, captions, tables; an interrupt leaves nothing behind."""

import signal
import subprocess
import sys
import time
from fractions import Fraction

import pytest


def test_sweep_prints_a_verdict_per_value(run, tmp_path):
    ran = run(
        "figure", "small_steps_are_necessary", "-o", tmp_path / "f.png", "--csv",
        tmp_path / "f.csv", "--over", "step_size=1/64,1/32,2", "--set", "steps=20", "-j", "1",
    )  # fmt: skip
    rows = [line.split(",") for line in (tmp_path / "f.csv").read_text().splitlines()]

    assert ran.code == 0, ran
    assert "HOLDS 2, vacuous 1" in ran.out
    assert [Fraction(row[0]) for row in rows[1:]] == [Fraction(1, 64), Fraction(1, 32), 2]
    assert [row[-2] for row in rows[1:]] == ["HOLDS", "HOLDS", "vacuous"]


def test_skipped_values_are_one_line_with_their_reason(run, tmp_path):
    ran = run("figure", "large_steps_are_unstable", "-o", tmp_path / "f.png", "--over",
              "depth=0,2,3", "-j", "1")  # fmt: skip

    assert ran.code == 0, ran
    assert "1 more makes no instance" in ran.out
    assert "left out depth=0: widths=" in ran.err
    assert ran.err.count("\n") == 1


def test_figure_without_any_verdict_is_told_from_a_success(run, tmp_path):
    ran = run("figure", "small_steps_are_necessary", "-o", tmp_path / "f.png", "--over",
              "step_size=2,3", "--set", "steps=4", "-j", "1")  # fmt: skip

    assert ran.code == 3, ran
    assert "no verdict anywhere" in ran.err
    assert "step_is_at_most_inverse_curvature" in ran.err


FRAGILE = """
import theorycheck as tc

def made(*, size=1, limit=3):
    if size > limit:
        raise tc.InvalidInstance(f"size={size} is beyond the limit {limit}")
    return tc.Instance(size=size, limit=limit)

@tc.claim(source="own", example=made)
def size_is_small(case):
    return tc.le(case.size, 5)
"""


def test_what_the_settings_refuse_is_not_drawn_without_them(run, tmp_path):
    file = tmp_path / "fragile.py"
    file.write_text(FRAGILE, encoding="utf-8")
    ran = run("figure", file, "-o", tmp_path / "f.png", "--over", "size=1,2,3", "--set", "limit=2")

    assert ran.code == 0, ran
    assert "2 values of size" in ran.out
    assert "left out size=3: size=3 is beyond the limit 2" in ran.err


def test_caption_is_written_as_latex(run, tmp_path):
    ran = run(
        "figure", "kreisler_2023.imbalance_shrinks_exactly", "-o", tmp_path / "f.pgf",
        "--latex", tmp_path / "f.tex", "--venue", "icml",
    )  # fmt: skip
    text = (tmp_path / "f.tex").read_text(encoding="utf-8")

    assert ran.code == 0, ran
    assert r"\input{f.pgf}" in text
    assert "Kreisler et al. 2023" in text


@pytest.mark.slow
def test_lemma_of_a_file_is_drawn_over_its_family(run, lemmas, tmp_path):
    ran = run("figure", f"{lemmas}::loss_halves", "-o", tmp_path / "f.svg", "-j", "1")

    assert ran.code == 0, ran
    assert "instances drawn from the family" in ran.out
    assert "VIOLATED" in ran.out


def test_check_writes_a_table_for_the_paper(run, tmp_path):
    ran = run("check", "kreisler_2023", "-j", "1", "--latex", tmp_path / "t.tex")
    text = (tmp_path / "t.tex").read_text(encoding="utf-8")

    assert ran.code == 0
    assert text.count("HOLDS") == 3
    assert r"\toprule" in text


def test_interrupt_is_one_line_and_nothing_is_written(run, tmp_path, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("theorycheck.report.drawing.measure_all", interrupted)
    ran = run("figure", "large_steps_are_unstable", "-o", tmp_path / "f.png", "--over",
              "depth=2,3", "--csv", tmp_path / "f.csv")  # fmt: skip

    assert ran.code == 130
    assert ran.err == "theorycheck: interrupted; nothing was written\n"
    assert not list(tmp_path.glob("f.*"))


def test_interrupt_after_the_drawing_names_what_is_written(run, tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("theorycheck.report.curves.csv_text", interrupted)
    ran = run("figure", "large_steps_are_unstable", "-o", tmp_path / "f.png", "--over",
              "depth=2,3", "--csv", tmp_path / "f.csv", "-j", "1")  # fmt: skip

    assert ran.code == 130
    assert ran.err.startswith("theorycheck: interrupted; only ")
    assert "f.png is written" in ran.err


@pytest.mark.slow
def test_interrupted_sweep_writes_nothing(tmp_path):
    words = ["figure", "descent_tracks_flow", "-o", "f.png", "--csv", "f.csv", "-j", "2", "--over",
             "step_size=2^-9..2^-14"]  # fmt: skip
    command = [sys.executable, "-m", "theorycheck", *words]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    time.sleep(6)
    process.send_signal(signal.SIGINT)

    _, told = process.communicate(timeout=60)

    assert process.returncode == 130
    assert told == "theorycheck: interrupted; nothing was written\n"
    assert list(tmp_path.iterdir()) == []
