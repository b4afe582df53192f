"""Tangent kernels from the command line: a user's data, wide nets, figure data of three methods."""

import csv
from importlib.resources import files

import pytest

IRIS = str(files("theorycheck.problems").joinpath("data/iris.csv"))
METHODS = "bu_xu_chen_2021.three_methods_on_one_kernel"


def test_wide_net_on_iris_holds_and_says_how_inputs_became_exact(run):
    ran = run(
        "check", "du_2019.wide_net_converges_under_flow", "--data", IRIS, "--target", "species",
        "--set", "width=200000", "--set", "seed=0", "-j", "1",
    )  # fmt: skip

    assert ran.code == 0, ran
    assert "HOLDS" in ran.out
    assert "note: iris: samples 1, 51, 101 of 150" in ran.out
    assert "rounded to the grid 2^-30" in ran.out


def test_eight_flowers_are_undecided(run):
    ran = run(
        "check", "du_2019.wide_net_converges_under_flow", "--data", IRIS, "--target", "species",
        "--set", "width=2000", "--set", "samples=8", "-j", "1",
    )  # fmt: skip

    assert ran.code == 3, ran
    assert "that fails" in ran.out
    assert "asks for m >= " in ran.out


@pytest.mark.slow
def test_papers_take_data_as_a_whole(run):
    ran = run(
        "check", "du_2019", "bu_xu_chen_2021", "su_boyd_candes_2016", "--data", IRIS, "--target",
        "species", "--set", "width=200000", "--set", "seed=0", "-j", "1",
    )  # fmt: skip

    assert ran.code == 0, ran
    assert ran.out.splitlines()[-1].startswith("16 HOLDS in")


def test_repeated_sample_is_vacuous_and_named(run, tmp_path):
    file = tmp_path / "twice.csv"
    file.write_text("a,b,y\n1,2,0\n3,1,1\n1,2,1\n0,0,0\n", encoding="utf-8")
    ran = run(
        "check", "du_2019.limit_kernels_are_definite", "--data", file, "--target", "y", "--set",
        "samples=4", "-j", "1",
    )  # fmt: skip

    assert ran.code == 3, ran
    assert "samples 1 and 3 are parallel" in ran.out


@pytest.mark.slow
def test_three_methods_are_a_table_to_a_million(run, tmp_path):
    ran = run("figure", METHODS, "--over", "until=1000000", "--csv", tmp_path / "f.csv")
    with (tmp_path / "f.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    assert ran.code == 0, ran
    assert [float(rows[i]["t_lower"]) for i in (0, -1)] == [0, 1e6]
    assert {row["claim"] for row in rows} == {"HOLDS"}
    # slopes 2 lambda_min and 2 sqrt(lambda_min), times log10(e)
    least = -float(rows[-1]["log10 L, GF_upper"]) / 1e6 / 0.8685889638
    assert float(rows[-1]["log10 L, HB_upper"]) == pytest.approx(-868588.96 * least**0.5, rel=1e-3)
    assert 3 / 4 < float(rows[-1]["t^3 E, NAG_lower"]) / 5.25 < 2 / least**0.5


@pytest.mark.slow
def test_deviation_from_the_limit_kernel_is_a_table_over_widths(run, tmp_path):
    claim = "bu_xu_chen_2021.wide_net_stays_close_to_the_limit_kernel"
    ran = run(
        "figure", claim, "--over", "width=1000,64000", "--over", "seed=0,1", "--csv",
        tmp_path / "f.csv",
    )  # fmt: skip
    with (tmp_path / "f.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    assert ran.code == 0, ran
    sizes = [float(row["sup |D - D_kernel| / |D(0)|_upper"]) for row in rows]
    assert max(sizes[2:]) < min(sizes[:2])
