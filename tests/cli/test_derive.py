"""theorycheck derive conservation-laws: text, LaTeX, JSON, models of one's own, bad input."""

import json
from math import comb

import pytest

MODEL = """
from sympy import Matrix, exp, symbols

a, b, c, d = symbols("a b c d")
variables = [a, b, c]
phi = Matrix([a * b, b * c])
strange = [a * d]
curved = [exp(a)]
"""


@pytest.fixture
def model(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(MODEL, encoding="utf-8")
    return file


def test_laws_of_a_linear_network_are_listed_in_matrix_form(run):
    ran = run("derive", "conservation-laws", "--widths", "2,3,1")

    assert ran.code == 0
    assert "6 linearly independent polynomial laws of degree <= 2" in ran.out
    assert "  W_2^T W_2 - W_1 W_1^T\n    [1,1]  W2_11^2 - W1_11^2 - W1_12^2\n" in ran.out
    assert "independent laws near a generic point: 6 = 9 - 3" in ran.out
    assert "momentum" not in ran.out


def test_laws_of_a_relu_network_are_listed_by_neuron(run):
    ran = run("derive", "conservation-laws", "--widths", "2,2,2", "--activation", "relu")

    assert ran.code == 0
    assert "|W_2[:,1]|^2 - |W_1[1,:]|^2" in ran.out


def test_momentum_laws_come_on_request(run):
    ran = run("derive", "conservation-laws", "--widths", "2,2,2", "--momentum")

    assert "1 momentum law " in ran.out
    assert "exp(b t) for constant b, t^3 for b = 3/t" in ran.out


def test_latex_has_balanced_braces_and_environments(run):
    words = ("--widths", "1,2,1", "--momentum", "--degree", "3")
    ran = run("derive", "conservation-laws", *words, "--latex")

    assert ran.code == 0
    assert ran.out.count("{") == ran.out.count("}") > 0
    assert ran.out.count(r"\left") == ran.out.count(r"\right")
    assert ran.out.count(r"\begin{aligned}") == ran.out.count(r"\end{aligned}") == 2
    assert r"\left(W_{2}^\top W_{2} - W_{1} W_{1}^\top\right)_{1,2}" in ran.out


def test_a_model_of_ones_own_is_read_and_stored(run, model, tmp_path):
    stored = tmp_path / "laws.json"
    ran = run("derive", "conservation-laws", "--model", f"{model}:phi", "--json", stored)
    record = json.loads(stored.read_text(encoding="utf-8"))

    assert ran.code == 0
    assert record["variables"] == ["a", "b", "c"]
    assert record["outputs"] == ["a*b", "b*c"]
    assert [law["expression"] for law in record["laws"]] == ["a**2 - b**2 + c**2"]
    assert record["independent"]["count"] == 1
    assert record["independent"]["proved"] is True


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--widths", "3"], ["--widths 3", "2,3,1"]),
        (["--widths", "2,-3,1"], ["--widths 2,-3,1", "positive"]),
        (["--widths", "2,x"], ["--widths 2,x"]),
        (["--widths", "2,2", "--activation", "tanh"], ["tanh"]),
        (["--widths", "2,2", "--degree", "0"], ["degree=0"]),
        (
            ["--widths", "4,4,4", "--degree", "5"],
            ["D = 32", f"{comb(37, 5) - 1} unknown coefficients"],
        ),
        (["--widths", "2,2", "--json", "no/such/f.json"], ["no/such/f.json"]),
        ([], ["--widths 2,3,1", "--model FILE.py:NAME"]),
        (["--widths", "2,2", "--model", "f.py:phi"], ["--widths 2,3,1"]),
        (["--model", "f.py"], ["f.py", "FILE.py:NAME"]),
        (["--model", "missing.py:phi"], ["missing.py", "no such file"]),
        (["--model", "{model}:psi"], ["defines no psi"]),
        (["--model", "{model}:strange"], ["a*d contains d"]),
        (["--model", "{model}:curved"], ["exp(a) is no polynomial"]),
    ],
    ids=lambda value: " ".join(value)[:60],
)
def test_bad_input_is_one_line_and_exit_code_2(run, model, words, expected):
    ran = run("derive", "conservation-laws", *(w.replace("{model}", str(model)) for w in words))

    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert ran.err.startswith("theorycheck: ")
    for text in expected:
        assert text in ran.err
    assert ran.out == ""


def test_derive_alone_lists_what_can_be_derived(run):
    ran = run("derive")

    assert ran.code == 0
    assert "conservation-laws" in ran.out
