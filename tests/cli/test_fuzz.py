"""theorycheck fuzz, as a user meets it: files with several claims, and what cannot be searched."""

from __future__ import annotations

import json

import pytest

FILE = """
import theorycheck as tc
from theorycheck.problems import Family

numbers = Family("numbers", lambda c: tc.Instance(x=c.fraction(1, 3, 4)))

@tc.claim(source="draft", example=tc.Instance(x=1))
def without_family(case):
    return tc.le(case.x, 1)

@tc.claim(source="draft", family=numbers)
def wrong(case):
    return tc.le(case.x, 1)

@tc.claim(source="draft", family=numbers, example=tc.Instance(x=1))
def right(case):
    return tc.le(case.x, 3)
"""


@pytest.fixture
def file(tmp_path):
    written = tmp_path / "several.py"
    written.write_text(FILE)
    return written


def test_claim_without_family_is_told_and_the_others_are_searched(run, file, tmp_path):
    found = tmp_path / "found.json"
    ran = run("fuzz", file, "--examples", "20", "-j", "1", "--json", found)

    assert ran.code == 2, ran
    assert ran.err.count("\n") == 1
    assert "without_family has no family" in ran.err
    assert "right: " in ran.out
    assert [entry["claim"] for entry in json.loads(found.read_text())] == ["wrong"]


@pytest.mark.parametrize("command", ["fuzz", "check", "audit", "tighten", "show"])
def test_one_claim_of_a_file_is_picked_by_every_command(run, file, command):
    options = {"fuzz": ["--examples", "5", "-j", "1"], "audit": ["--examples", "5"],
               "check": ["-j", "1"], "tighten": ["--examples", "5"]}.get(command, [])  # fmt: skip
    ran = run(command, f"{file}::right", *options)

    assert "right" in ran.out, ran
    assert "wrong" not in ran.out + ran.err


@pytest.mark.parametrize("command", ["fuzz", "check", "audit", "tighten"])
def test_claim_that_is_not_in_the_file_is_one_line(run, file, command):
    ran = run(command, f"{file}::missing")

    assert ran.code == 2, ran
    assert ran.err.count("\n") == 1
    assert "has no claim 'missing'" in ran.err


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--database", "FILE"], "is a file"),
        (["--seed", "-1"], "seed=-1"),
        (["--examples", "0"], "max_examples=0"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_wrong_options_are_one_line_for_all_claims(run, file, options, expected):
    ran = run("fuzz", file, *[file if word == "FILE" else word for word in options])

    assert ran.code == 2, ran
    assert ran.err.count("\n") == 1
    assert expected in ran.err


NAMESAKES = """
import theorycheck as tc

def make(bound):
    @tc.claim(source="t", example=tc.Instance(x=1))
    def bounded(case):
        return tc.le(case.x, bound)
    return bounded

big, nil = make(9), make(0)
"""


def test_two_claims_of_one_name_are_both_checked(run, tmp_path):
    file = tmp_path / "pair.py"
    file.write_text(NAMESAKES)
    ran = run("check", file, "-j", "1")

    assert ran.code == 1, ran
    assert "HOLDS" in ran.out
    assert "VIOLATED" in ran.out
