"""theorycheck experiment: it draws, resumes after Ctrl-C and kill, and refuses in one line."""

import csv
import subprocess
import sys
import time

import pytest

TINY = (
    "--iterations",
    6,
    "--records",
    3,
    "--every",
    180,
    "--certified-steps",
    2,
    "--certified-hidden",
    "2",
)
COMMAND = ("experiment", "elkabetz-cohen")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """An uninterrupted run into a folder, made once; drawing is another test's."""
    from theorycheck.cli import main

    folder = tmp_path_factory.mktemp("whole") / "made" / "there"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("theorycheck.report.panels.draw_rows", lambda rows, text, path: path.touch())
        assert main([*COMMAND, "-o", str(folder), *map(str, TINY)]) == 0
    return folder


def table(file):
    with file.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_folder_gets_figures_numbers_and_the_store(whole):
    assert sorted(path.suffix for path in whole.iterdir()) == [".csv", ".pdf", ".png", ".sqlite"]


def test_table_has_every_curve_of_both_networks_with_its_evidence(whole):
    rows = table(whole / "elkabetz-cohen.csv")
    certified = {row["panel"] for row in rows if row["evidence"] == "certified"}
    losses = [r for r in rows if r["panel"] == "loss" and r["network"] == "ReLU"]

    assert {row["network"] for row in rows} == {"linear", "ReLU"}
    assert certified == {"certified small version"}
    assert {r["curve"] for r in losses} == {f"eta_0/{r}" for r in (1, 2, 5, 10, 20)}
    assert [int(r["iteration"]) for r in losses[:4]] == [0, 2, 4, 6]
    for name in ("linear", "ReLU"):
        at = {
            r["curve"]: r
            for r in rows
            if r["network"] == name and r["iteration"] == "2" and "certified" in r["panel"]
        }
        assert float(at["true distance"]["lower"]) <= float(at["certificate"]["upper"])


def test_interrupted_command_goes_on_and_gives_the_same_numbers(run, whole, tmp_path, monkeypatch):
    from theorycheck.experiments.store import Store

    put, left = Store.put, [8]

    def interrupted(self, *words):
        put(self, *words)
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt

    drawing, numbers = tmp_path / "f.svg", tmp_path / "f.csv"
    words = (*COMMAND, "-o", drawing, "--csv", numbers, "--store", tmp_path / "kept", *TINY)
    monkeypatch.setattr(Store, "put", interrupted)
    stopped = run(*words)
    monkeypatch.undo()

    assert stopped.code == 130
    assert "goes on from" in stopped.err
    assert not drawing.exists()

    resumed = run(*words)

    assert resumed.code == 0
    assert "linear, step size eta_0: 4/4 (4 from the store)" in resumed.err
    assert resumed.out.count("HOLDS, certified at steps 0 to 2") == 2
    assert "only the solid curves are certified" in resumed.out.lower()
    assert table(numbers) == table(whole / "elkabetz-cohen.csv")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["elkabetz"], ["'elkabetz'", "elkabetz-cohen"]),
        (["elkabetz-cohen", "-o", "f.gif"], ["f.gif", ".pdf"]),
        (["elkabetz-cohen", "-o", "no/such/f.pdf"], ["no/such"]),
        (["elkabetz-cohen", "--iterations", "150"], ["--iterations 150", "multiple", "--records"]),
        (["elkabetz-cohen", "--iterations", "0"], ["--iterations 0"]),
        (["elkabetz-cohen", "--iterations", "many"], ["--iterations", "integer"]),
        (["elkabetz-cohen", "--step-size", "-1/10"], ["--step-size -1/10", "positive"]),
        (["elkabetz-cohen", "--step-size", "small"], ["--step-size", "small"]),
        (["elkabetz-cohen", "--records", "0"], ["--records 0"]),
        (["elkabetz-cohen", "--every", "0"], ["--every 0", "1797"]),
        (["elkabetz-cohen", "--seed", "-1"], ["--seed -1"]),
        (["elkabetz-cohen", "--certified-steps", "0"], ["--certified-steps 0"]),
        (["elkabetz-cohen", "--certified-step-size", "0"], ["--certified-step-size 0", "positive"]),
        (["elkabetz-cohen", "--certified-hidden", "3;3"], ["'3;3'", "commas"]),
        (["elkabetz-cohen", "--csv", "no/such/f.csv"], ["--csv", "no/such"]),
        (["elkabetz-cohen", "--store", "no/such/f.sqlite"], ["no/such"]),
        (["elkabetz-cohen", "--step-size", "1e60", *map(str, TINY)], ["diverges", "--step-size"]),
    ],
    ids=lambda value: " ".join(value)[:60],
)
def test_refusal_is_one_line_with_the_value(run, words, expected, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = run("experiment", *words)
    lines = [line for line in ran.err.splitlines() if line.startswith("theorycheck: ")]

    assert ran.code == 2
    assert len(lines) == 1
    assert "Traceback" not in ran.err
    for text in expected:
        assert text in lines[0], ran.err


@pytest.mark.slow
def test_killed_process_loses_only_the_piece_it_was_at(tmp_path):
    """kill -9 while it computes; the second process takes the records that are stored."""
    out = tmp_path / "f.svg"
    words = [*COMMAND, "-o", out, "--iterations", 400, "--every", 60, "--certified-steps", 5]
    command = [sys.executable, "-m", "theorycheck", *map(str, words)]
    first = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    seen = first.stderr.readline()
    time.sleep(0.2)
    first.kill()
    first.communicate()

    assert seen.startswith("linear, step size eta_0: 101/101")
    assert first.returncode != 0
    assert not out.exists()

    second = subprocess.run(command, capture_output=True, text=True, check=True)

    assert "linear, step size eta_0: 101/101 (101 from the store)" in second.stderr
    assert "ReLU, step size eta_0: 101/101\n" in second.stderr
    assert out.exists()


@pytest.mark.slow
def test_runs_show_what_the_paper_shows(tmp_path):
    """At the paper's horizon losses coincide, runs stay close, bounds are ordered."""
    from theorycheck.cli import main

    words = ["-o", tmp_path, "--iterations", 200, "--step-size", "1/20", "--every", 18]
    assert main([*COMMAND, *map(str, words), "--certified-steps", "40"]) == 0

    rows = table(tmp_path / "elkabetz-cohen.csv")
    for name in ("linear", "ReLU"):
        curves = {}
        for row in (r for r in rows if r["network"] == name):
            curves.setdefault((row["panel"], row["curve"]), []).append(float(row["upper"]))
        losses = [values for (panel, _), values in curves.items() if panel == "loss"]
        apart = [v[-1] for (p, c), v in curves.items() if p == "distance" and c != "from start"]

        assert all(values[0] > 2 and values[-1] < 0.25 for values in losses)
        assert max(a - b for a in losses[0][-1:] for b in losses[-1][-1:]) < 0.01
        assert 2 < curves["distance", "from start"][-1] < 6
        assert max(apart) < 0.1
        integrals = [v[-1] for (panel, _), v in curves.items() if panel == "integrated curvature"]
        assert integrals == sorted(integrals, reverse=True)
        certificate = curves["certified small version", "certificate"]
        distance = curves["certified small version", "true distance"]
        assert all(d <= e for d, e in zip(distance, certificate, strict=False))
