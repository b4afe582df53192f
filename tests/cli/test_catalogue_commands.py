"""list, show, figure, and the entry point."""

import csv
import re
from fractions import Fraction

import pytest

import theorycheck as tc
from theorycheck.claims import shipped_claims
from theorycheck.report.latex import claim_latex
from theorycheck.report.text import claim_text

CLAIMS = list(shipped_claims().values())


def test_version(run):
    ran = run("--version")

    assert (ran.code, ran.out) == (0, f"theorycheck {tc.__version__}\n")


def test_no_command_prints_help(run):
    ran = run()

    assert ran.code == 0
    assert "check" in ran.out


def test_list_has_a_line_per_claim(run):
    lines = run("list").out.splitlines()

    assert len(lines) == 1 + len(CLAIMS)
    assert all(claim.full_name in line for claim, line in zip(CLAIMS, lines[1:], strict=True))


def test_list_of_a_paper(run):
    ran = run("list", "du_hu_lee_2018")

    assert all("du_hu_lee_2018" in line for line in ran.out.splitlines()[1:])


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.name)
def test_claim_is_shown(claim):
    text = claim_text(claim)

    assert claim.statement in text
    assert claim.source.text in text
    assert all(a.name in text for a in claim.assumptions)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.name)
def test_latex_is_balanced(claim):
    text = claim_latex(claim)

    assert text.count("{") == text.count("}")
    # TeX refuses two superscripts in a row
    assert not re.search(r"\^(\{[^{}]*\}|[^{}\\])\^", text)
    assert text.count(r"\left") - text.count(r"\leftarrow") == text.count(r"\right")
    for environment in ("theorem", "itemize", "pmatrix"):
        assert text.count(rf"\begin{{{environment}}}") == text.count(rf"\end{{{environment}}}")


@pytest.mark.parametrize("ending", ["png", "pdf", "svg", "pgf"])
def test_figure_and_its_numbers(run, tmp_path, ending):
    drawing, numbers = tmp_path / f"f.{ending}", tmp_path / "f.csv"
    ran = run(
        "figure", "distance_is_certified_a_posteriori", "-o", drawing, "--csv", numbers,
        "--set", "horizon=1/4",
    )  # fmt: skip

    assert ran.code == 0, ran
    assert drawing.stat().st_size > 5000
    with numbers.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["k"] for row in rows] == [str(k) for k in range(65)]
    for row in rows:
        assert Fraction(row["lhs_lower"]) <= Fraction(row["lhs_upper"])
        assert Fraction(row["lhs_lower"]) <= Fraction(row["rhs_upper"])


def test_grid_writes_bound_and_truth_of_every_start(run, tmp_path):
    numbers = tmp_path / "f.csv"
    ran = run(
        "figure", "integrated_curvature_is_logarithmic", "--over", "layers=3/4",
        "--over", "slopes=1/8,1/2,2", "--set", "horizon=1/4", "--csv", numbers,
    )  # fmt: skip

    assert ran.code == 0, ran
    with numbers.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["scale_lower"]) for row in rows] == [27 / 64] * 2  # slope 2 is obtuse
    for row in rows:
        assert row["claim"] == "HOLDS"
        assert Fraction(row["truth_upper"]) <= Fraction(row["bound_lower"])


def test_figure_without_matplotlib_says_how_to_get_it(run, monkeypatch):
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    ran = run("figure", "descent_tracks_flow", "-o", "f.png")

    assert ran.code == 2
    assert 'pip install "theorycheck[figures]"' in ran.err
