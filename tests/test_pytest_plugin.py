"""A user's test modules with claims, run by pytest in a process of its own."""

from __future__ import annotations

import os
import re
import shlex
import tomllib
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest

import theorycheck
from tests.test_readme import blocks
from theorycheck.claims import claims_in_file
from theorycheck.fuzzing import replay_claim

pytest_plugins = "pytester"

ROOT = Path(theorycheck.__file__).parents[1]

HEAD = """
from fractions import Fraction
import pytest
import sympy
import theorycheck as tc

x = sympy.Symbol("x")
nets = tc.families.deep_linear(depth=(1, 2), width=(1, 1))
decay = tc.Instance(
    objective=tc.Objective.from_sympy(x**2 / 2, variables=[x]), start=[1], horizon=1,
    step_size="1/4",
)
"""

LEMMAS = (
    HEAD
    + """
never = tc.Assumption("never", lambda case: tc.le(1, 0))

@tc.claim(source="draft, Lemma 1", family=nets)
def loss_is_nonincreasing(case):
    return tc.nonincreasing(case.flow.loss, over=tc.times(0, case.horizon))

@tc.claim(source="draft, Lemma 2", family=tc.families.deep_linear(depth=(2, 2), width=(1, 1)))
def loss_halves(case):
    return tc.le(2 * case.flow.loss.at(1), case.flow.loss.at(0))

@tc.claim(source="draft, Lemma 3", example=decay)
def loss_vanishes(case):
    return tc.surrogate("the loss tends to 0", tc.le(case.flow.loss.at(1), 1))

@tc.claim(source="draft, Lemma 4", example=decay)
def position_is_known(case):
    return tc.le(case.flow.position[0, 0].at(1), tc.exp(-1))

@tc.claim(source="draft, Remark 5", example=decay, expected=tc.VIOLATED)
def position_stays_above_a_half(case):
    return tc.ge(case.flow.position[0, 0].at(1), Fraction(1, 2))

@tc.claim(source="draft, Lemma 6", family=nets, assumptions=[never])
def nothing_is_checked(case):
    return tc.le(0, 1)

kill = tc.Control("one for a half", decay, changes={"bound": Fraction(1, 2)})
weak = tc.Control("two for one", decay, changes={"bound": 2})

@tc.claim(source="draft, Lemma 7", example=decay, controls=[kill])
def position_is_at_most_one(case, bound=1):
    return tc.le(case.flow.position[0, 0].at(0), bound)

@tc.claim(source="draft, Lemma 7", example=decay, controls=[kill, weak])
def control_survives(case, bound=1):
    return tc.le(case.flow.position[0, 0].at(0), bound)

same_again = loss_is_nonincreasing
"""
)

OUTCOMES = {
    "loss_is_nonincreasing": "HOLDS",
    "loss_halves": "VIOLATED",
    "loss_vanishes": "UNDECIDED",
    "position_is_known": "UNDECIDED (touching)",
    "position_stays_above_a_half": "refuted, as expected",
    "nothing_is_checked": "vacuous",
    "position_is_at_most_one": "HOLDS",
    "control_survives": "control",
}

Pytest = Callable[..., "pytest.RunResult"]


@pytest.fixture
def run_pytest(
    pytester: pytest.Pytester, tmp_path_factory: pytest.TempPathFactory, monkeypatch
) -> Pytest:
    """Run pytest as in an environment where the package is installed with its entry points."""
    entry_points = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "entry-points"
    ]["pytest11"]
    site = tmp_path_factory.mktemp("site")
    info = site / "theorycheck-0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: theorycheck\nVersion: 0\n")
    listed = "\n".join(f"{name} = {place}" for name, place in entry_points.items())
    (info / "entry_points.txt").write_text(f"[pytest11]\n{listed}\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(site)]))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)

    def run(*words: str) -> pytest.RunResult:
        return pytester.runpytest_subprocess(*words)

    return run


def summary(result: pytest.RunResult) -> dict[str, list[str]]:
    """The rows of the plugin's table, without the seconds."""
    lines = result.outlines
    start = next(i for i, line in enumerate(lines) if re.fullmatch(r"-+ theorycheck -+", line))
    rows = [re.split(r"\s{2,}", line) for line in lines[start + 1 :]]
    end = next(i for i, row in enumerate(rows) if re.fullmatch(r"\d+ claims?", row[0]))
    return {row[0]: row[1:-1] for row in rows[: end + 1]}


def block(result: pytest.RunResult, name: str) -> str:
    """What the report says of one failing test."""
    text = result.stdout.str()
    found = re.search(rf"^_+ {re.escape(name)} _+$\n(.*?)(?=^[_=-]+ )", text, re.M | re.S)
    assert found, text
    return found.group(1)


def replay_line(text: str) -> list[str]:
    return shlex.split(re.search(r"replay: +(pytest .*)", text).group(1))


@pytest.mark.slow
def test_verdicts_in_terminal_xdist_and_junit(pytester, run_pytest, run):
    pytester.makepyfile(test_lemmas=LEMMAS)
    options = ("--theorycheck-examples", "6", "--junitxml", "junit.xml")
    result = run_pytest(*options)

    result.assert_outcomes(passed=4, failed=4)
    table = summary(result)
    assert {n: row[0] for n, row in table.items() if n in OUTCOMES} == OUTCOMES
    assert "8 claims" in table
    assert "Traceback" not in result.stdout.str()

    failed = block(result, "loss_halves")
    for label in ("VIOLATED", "reason:", "witness:", "place:", "source:   draft, Lemma 2"):
        assert label in failed
    assert "tc.Instance(network=" in failed
    assert "instances are vacuous: nothing was checked" in block(result, "nothing_is_checked")
    assert "assumption never fails" in block(result, "nothing_is_checked")
    spoiled = block(result, "control_survives")
    assert "negative control 'two for one' must come out VIOLATED, not HOLDS" in spoiled
    assert "UNDECIDED" in block(result, "loss_vanishes")

    properties = {
        case.get("name"): {p.get("name"): p.get("value") for p in case.iter("property")}
        for case in ElementTree.parse(pytester.path / "junit.xml").iter("testcase")
    }
    assert {n: p["theorycheck_outcome"] for n, p in properties.items()} == OUTCOMES
    assert "tc.Instance(" in properties["loss_halves"]["theorycheck_witness"]
    assert properties["loss_is_nonincreasing"]["theorycheck_source"] == "draft, Lemma 1"

    # the printed line gives the same verdict
    replayed = run_pytest(*replay_line(failed)[1:])
    replayed.assert_outcomes(failed=1)
    assert "the same verdict as recorded" in block(replayed, "loss_halves")
    assert summary(replayed)["loss_halves"][:2] == ["VIOLATED", "1"]
    ran = run("replay", pytester.path / replay_line(failed)[-1])
    assert ran.code == 1
    assert "VIOLATED" in ran.out
    assert "(same verdict)" in ran.out
    lemmas = {c.name: c for c in claims_in_file(pytester.path / "test_lemmas.py")}
    text = (pytester.path / replay_line(spoiled)[-1]).read_text(encoding="utf-8")
    again = replay_claim(lemmas["control_survives"], text, undecided_fails=True)
    assert (again.outcome, again.control, again.passed) == ("HOLDS", "two for one", False)
    assert replay_claim(lemmas["loss_halves"], text, undecided_fails=True) is None

    # another number of processes, the same summary
    pytester.path.joinpath(".pytest_cache").rename(pytester.path / "elsewhere")
    spread = run_pytest("-n", "2", *options)
    spread.assert_outcomes(passed=4, failed=4)
    assert summary(spread) == table


@pytest.mark.slow
def test_lemmas_of_the_readme(pytester, run_pytest):
    [code] = blocks("python")
    [command] = [text for text in blocks("console") if text.startswith("pytest")]
    line, comment = command.split("#")
    pytester.path.joinpath("my_lemma.py").write_text(code, encoding="utf-8")
    result = run_pytest(*shlex.split(line)[1:])

    assert comment.strip() == "1 passed, 1 failed"
    result.assert_outcomes(passed=1, failed=1)
    assert "witness:" in block(result, "loss_halves_in_unit_time")


@pytest.mark.slow
def test_settings_policies_and_marks(pytester, run_pytest):
    pytester.makeini("[pytest]\ntheorycheck_undecided = report\ntheorycheck_examples = 4\n")
    pytester.makepyfile(
        lemmas=HEAD
        + """
@tc.claim(source="elsewhere", family=nets)
def loss_is_nonincreasing(case):
    return tc.nonincreasing(case.flow.loss, over=tc.times(0, case.horizon))
""",
        test_here=HEAD
        + """
from lemmas import loss_is_nonincreasing
from theorycheck.catalogue.saxe_2014.scalar_closed_form import *

@tc.claim(source="draft", example=decay)
def loss_vanishes(case):
    return tc.surrogate("the loss tends to 0", tc.le(case.flow.loss.at(1), 1))

@tc.claim(source="draft", family=nets)
@pytest.mark.theorycheck(examples=2)
def with_two(case):
    return tc.ge(case.flow.loss.at(0), 0)

@tc.claim(source="draft", family=nets)
@pytest.mark.xfail(strict=True)
def known_to_fail(case):
    return tc.le(case.flow.loss.at(0), -1)

@tc.claim(source="draft", family=nets)
@pytest.mark.skip(reason="later")
def skipped(case):
    return tc.le(case.flow.loss.at(0), -1)

@tc.claim(source="draft", family=nets)
def misspelt(case):
    return tc.le(case.flow.lose.at(0), 1)

def no_example():
    return tc.Instance(start=[1 / 0])

@tc.claim(source="draft", example=no_example)
def has_no_example(case):
    return tc.le(0, 1)

def test_of_the_usual_kind():
    assert loss_is_nonincreasing.name
""",
        test_imported="""
import pytest
from lemmas import loss_is_nonincreasing
pytestmark = pytest.mark.theorycheck(loss_is_nonincreasing, examples=3)
""",
    )
    result = run_pytest("-v")

    result.assert_outcomes(passed=4, failed=2, xfailed=1, skipped=1)
    result.stdout.fnmatch_lines(["test_here.py::with_two HOLDS*", "test_here.py::misspelt FAILED*"])
    raised = block(result, "has_no_example")
    assert "has_no_example: ZeroDivisionError" in raised
    assert "return tc.Instance(start=[1 / 0])" in raised
    assert len(raised.splitlines()) == 2
    table = summary(result)
    assert table["loss_vanishes"][0] == "UNDECIDED"
    assert int(table["with_two"][1]) <= 2
    assert int(table["loss_is_nonincreasing"][1]) <= 3
    misspelt = block(result, "misspelt")
    assert re.search(r"test_here.py line \d+ raises AttributeError: .*'lose'", misspelt)
    assert "Traceback" not in misspelt


def test_this_repository_keeps_its_claims_for_its_own_tests(pytestconfig):
    assert pytestconfig.pluginmanager.is_blocked("theorycheck")


def test_project_without_claims_sees_nothing_and_loads_nothing(pytester, run_pytest):
    pytester.makepyfile("""
        import sys

        def test_light():
            assert "theorycheck.pytest_plugin" in sys.modules
            heavy = {"sympy", "numpy", "flint", "hypothesis", "scipy", "rich", "mpmath"}
            assert not heavy & set(sys.modules)
    """)
    result = run_pytest("-p", "no:hypothesispytest")

    result.assert_outcomes(passed=1)
    shown = [line for line in result.outlines if not line.startswith("plugins:")]
    assert not [line for line in shown if "theorycheck" in line]
    assert not (pytester.path / ".pytest_cache/d/theorycheck").exists()


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--theorycheck-examples", "0"], "--theorycheck-examples='0' must be an int of at least"),
        (["--theorycheck-max-seconds", "x"], "--theorycheck-max-seconds='x' must be a positive"),
        (["-o", "theorycheck_undecided=pass"], "theorycheck_undecided='pass' must be fail or repo"),
        (["--theorycheck-replay", "gone.json"], "--theorycheck-replay=gone.json: no such file"),
    ],
)
def test_wrong_option_is_one_line(run_pytest, options, line):
    result = run_pytest(*options)
    said = [text for text in result.errlines if text.strip()]

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert len(said) == 1
    assert line in said[0]


WRONG_MARKS = {
    "@pytest.mark.theorycheck(examples=2)\n@CLAIM": "write the mark below @tc.claim",
    "@CLAIM\n@pytest.mark.theorycheck(exmples=2)": "has no setting 'exmples'; it has examples",
    "@CLAIM\n@pytest.mark.theorycheck(2)": "settings go by name, as in examples=100",
    "@CLAIM\n@pytest.mark.theorycheck(examples=0)": "examples=0 must be an int of at least 1",
}


def test_wrong_mark_is_one_line(pytester, run_pytest):
    for i, decorators in enumerate(WRONG_MARKS):
        claim = decorators.replace("@CLAIM", "@tc.claim(source='draft', family=nets)")
        lemma = f"{HEAD}\n{claim}\ndef lemma(case):\n    return tc.le(0, 1)\n"
        pytester.makepyfile(**{f"test_{i}": lemma})
    result = run_pytest()

    result.assert_outcomes(errors=4)
    for line in WRONG_MARKS.values():
        assert [text for text in result.outlines if text.startswith("lemma: ") and line in text]


def test_database_that_is_a_file_is_refused_before_anything_runs(pytester, run_pytest):
    pytester.makepyfile(test_lemmas=LEMMAS)
    file = pytester.path / "a_file"
    file.write_text("")
    ran = run_pytest("--theorycheck-database", str(file))
    text = "\n".join([*ran.outlines, *ran.errlines])

    assert ran.ret == pytest.ExitCode.USAGE_ERROR
    assert "is a file" in text
    assert "Traceback" not in text
