"""Claims on margins from the command line: the user's data, weights, and what they cannot do."""

import csv

import numpy as np
import pytest

import theorycheck as tc

CLAIM = "lyu_li_2020.point_is_approximately_kkt"


def write(path, first, second):
    """Every fifth flower of two species of the iris data."""
    data = tc.iris()
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*data.feature_names, "species"])
        for i in range(0, data.samples, 5):
            names = [n for n, row in zip(data.target_names, data.targets, strict=True) if row[i]]
            if names[0] in (first, second):
                writer.writerow([*(float(row[i]) for row in data.inputs), names[0]])
    return path


@pytest.fixture
def flowers(tmp_path):
    return write(tmp_path / "flowers.csv", "setosa", "versicolor")


def test_certificate_of_a_separable_table(run, flowers):
    ran = run("check", CLAIM, "--data", flowers, "--target", "species", "-j", "1")

    assert ran.code == 0
    assert "HOLDS" in ran.out
    for name in ("normalised margin", "alignment beta", "epsilon", "delta"):
        assert name in ran.out


def test_tables_that_are_not_separable_get_an_exact_combination(run, tmp_path):
    table = write(tmp_path / "close.csv", "versicolor", "virginica")
    with table.open("a") as stream:  # the same flower as both species
        stream.write("6,3,5,2,versicolor\n6,3,5,2,virginica\n")
    ran = run("check", CLAIM, "--data", table, "--target", "species", "-j", "1")

    assert ran.code == 3
    assert "vacuous" in ran.out
    assert "not separable through the origin: " in ran.out
    assert " = 0, with z_i = y_i x_i" in ran.out


def test_weights_of_a_relu_net_are_certified(run, flowers, tmp_path):
    # relu(<w, x>) - relu(-<w, x>) = <w, x> with a direction that separates
    w = [0.25, 0.375, -0.75, -0.5]
    np.savez(tmp_path / "net.npz", W1=8 * np.array([w, np.negative(w)]), W2=[[8.0, -8.0]])
    ran = run(
        "check", CLAIM, "--data", flowers, "--target", "species", "--weights",
        tmp_path / "net.npz", "--set", "loss=logistic", "-j", "1",
    )  # fmt: skip

    assert ran.code == 0
    assert "1 HOLDS" in ran.out
    assert "alignment beta" in ran.out


def test_a_column_of_many_numbers_is_refused_by_claims_on_classes(run, flowers):
    column = tc.iris().feature_names[0]
    table = flowers.with_name("numbers.csv")
    rows = [line.rsplit(",", 1)[0] for line in flowers.read_text().splitlines()]
    table.write_text("\n".join(rows) + "\n")
    ran = run("check", CLAIM, "--data", table, "--target", column)

    assert ran.code == 2
    assert "a classifier needs two classes" in ran.err
