"""Campaigns: reproducible, the same for any number of processes, resumed where they were killed."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
import types
from dataclasses import replace
from pathlib import Path

import pytest

import theorycheck as tc
from tests.fuzzing import lemmas
from theorycheck.claims import find
from theorycheck.errors import InvalidClaim, InvalidInstance
from theorycheck.fuzzing.campaign import _kind_of
from theorycheck.problems import Family

FILE = Path(lemmas.__file__)


def keys(store: Path) -> set[str]:
    base = sqlite3.connect(store)
    try:
        return {row[0] for row in base.execute("SELECT key FROM judged")}
    finally:
        base.close()


def test_true_lemma_has_no_violation() -> None:
    campaign = tc.fuzz(lemmas.loss_is_nonincreasing, max_examples=40)

    assert campaign.counts == {"HOLDS": campaign.examples}
    assert campaign.smallest_violation is None
    assert not campaign.contradicts


def test_false_lemma_is_refuted_by_a_smallest_certified_instance() -> None:
    campaign = tc.fuzz(lemmas.loss_is_at_most_one, max_examples=60)
    smallest = campaign.smallest_violation

    assert campaign.contradicts
    assert smallest is not None
    assert smallest.network.widths == (1, 1)
    assert all(q.denominator <= 2 for row in smallest.loss.targets for q in row)
    assert tc.check(lemmas.loss_is_at_most_one, smallest).verdict is tc.VIOLATED


def test_worst_violation_is_at_least_as_bad_as_every_other() -> None:
    campaign = tc.fuzz(lemmas.loss_is_at_most_one, max_examples=60)

    assert campaign.worst is not None
    assert campaign.smallest is not None
    assert campaign.worst.relative_margin <= campaign.smallest.relative_margin < 0


def test_replay_line_gives_the_same_verdict() -> None:
    campaign = tc.fuzz(find(str(FILE))[1], max_examples=30)

    assert eval(campaign.replay_line, {"tc": tc, "campaign": campaign}).verdict is tc.VIOLATED


def test_same_seed_sees_the_same_instances_and_another_seed_others() -> None:
    first, again, other = (
        tc.fuzz(lemmas.loss_is_at_most_one, max_examples=30, seed=seed) for seed in (1, 1, 2)
    )

    assert (first.counts, first.worst_violation) == (again.counts, again.worst_violation)
    assert first.smallest_violation == again.smallest_violation
    assert other.worst_violation != first.worst_violation


def test_user_lemma_searched_in_two_processes_is_searched_as_in_one() -> None:
    claim = next(c for c in find(str(FILE)) if c.name == "loss_is_at_most_one")
    alone, together = (tc.fuzz(claim, max_examples=40, jobs=jobs) for jobs in (1, 2))

    assert alone.counts == together.counts
    assert alone.smallest_violation == together.smallest_violation
    assert alone.worst_violation == together.worst_violation


def test_refutation_that_is_expected_is_no_contradiction() -> None:
    campaign = tc.fuzz(lemmas.loss_is_at_most_one_refuted, max_examples=40)

    assert campaign.smallest_violation is not None
    assert not campaign.contradicts


def test_reasons_are_gathered_without_their_numbers() -> None:
    reasons = [
        "no root was found near W_1 = 1/3",
        "no root was found near W_1 = -2.5e-3",
        "budget: 3 s are over",
        "budget: 5 s are over",
    ]
    instance = tc.Instance(x=1)
    shown = tc.check(lemmas.loss_is_at_most_one)
    kinds = {_kind_of(replace(shown, instance=instance, reason=r, touching=False)) for r in reasons}

    assert kinds == {"no root was found near W_1 = ...", "budget"}


def test_all_vacuous_is_said() -> None:
    campaign = tc.fuzz(lemmas.nothing_is_checked, max_examples=20)

    assert campaign.all_vacuous
    assert campaign.counts == {"vacuous": campaign.examples}


def test_errors_of_the_lemma_are_counted_with_their_reason() -> None:
    campaign = tc.fuzz(lemmas.asks_for_a_field_that_is_not_there, max_examples=10)

    assert campaign.counts == {"error": campaign.examples}
    assert any("epsilon" in reason for reason in campaign.reasons)


def test_violations_are_recalled_from_the_database(tmp_path: Path) -> None:
    first = tc.fuzz(lemmas.loss_is_at_most_one, max_examples=60, database=tmp_path)
    again = tc.fuzz(lemmas.loss_is_at_most_one, max_examples=1, seed=5, database=tmp_path)

    assert first.smallest_violation is not None
    assert again.contradicts


def test_stored_judgements_are_not_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "campaign.db"
    first = tc.fuzz(lemmas.loss_is_nonincreasing, max_examples=30, store=store)
    from theorycheck.fuzzing import shards

    def refuse(*_: object) -> None:
        raise AssertionError("judged again")

    monkeypatch.setattr(shards, "judge_guarded", refuse)
    again = tc.fuzz(lemmas.loss_is_nonincreasing, max_examples=30, store=store)

    assert again.counts == first.counts
    assert len(keys(store)) == first.examples


def test_killed_campaign_resumes_and_ends_as_an_uninterrupted_one(tmp_path: Path) -> None:
    killed, whole = tmp_path / "killed.db", tmp_path / "whole.db"
    claim = next(c for c in find(str(FILE)) if c.name == "loss_is_nonincreasing")
    script = (
        "import theorycheck as tc\n"
        "from theorycheck.claims import find\n"
        f"claim = next(c for c in find({str(FILE)!r}) if c.name == 'loss_is_nonincreasing')\n"
        f"tc.fuzz(claim, max_examples=100, store={str(killed)!r})\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script])
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if killed.exists() and _count(killed) >= 10:
            break
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = keys(killed)
    resumed = tc.fuzz(claim, max_examples=100, store=killed)
    uninterrupted = tc.fuzz(claim, max_examples=100, store=whole)

    assert len(before) >= 10
    assert before <= keys(killed) == keys(whole)
    assert resumed.counts == uninterrupted.counts


def _count(store: Path) -> int:
    try:
        return len(keys(store))
    except sqlite3.OperationalError:  # the table is not there yet
        return 0


def test_interruption_keeps_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    from theorycheck.fuzzing import shards

    honest, calls = shards.judge_guarded, []

    def interrupted(*arguments: object) -> object:
        calls.append(1)
        if len(calls) > 7:
            raise KeyboardInterrupt
        return honest(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(shards, "judge_guarded", interrupted)
    campaign = tc.fuzz(lemmas.loss_is_nonincreasing, max_examples=50)

    assert not campaign.complete
    assert campaign.examples == 7


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"max_examples": 0}, InvalidInstance, "max_examples=0"),
        ({"jobs": 0}, InvalidInstance, "jobs=0"),
        ({"jobs": 2, "family": lemmas.NETS}, InvalidInstance, "jobs=1"),
        ({"store": "/nowhere/at/all.db"}, InvalidInstance, "store=/nowhere"),
        ({"database": __file__}, InvalidInstance, "is a file"),
        ({"database": f"{__file__}/below"}, InvalidInstance, "is a file"),
        ({"effort": 3}, InvalidInstance, "effort=3"),
        ({"family": 3}, InvalidInstance, "family=3"),
        ({"seed": "a"}, InvalidInstance, "seed='a'"),
        ({"seed": -1}, InvalidInstance, "seed=-1"),
        ({"seed": 1.5}, InvalidInstance, "seed=1.5"),
    ],
)
def test_wrong_options_are_one_clear_line(
    options: dict[str, object], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        tc.fuzz(lemmas.loss_is_nonincreasing, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("search", [tc.tighten, tc.audit], ids=["tighten", "audit"])
@pytest.mark.parametrize("options", [{"effort": 3}, {"family": 3}, {"seed": "a"}], ids=str)
def test_other_searches_refuse_the_same_options(search, options) -> None:
    with pytest.raises(InvalidInstance, match=next(iter(options))):
        search(lemmas.loss_is_at_most_one, **options)


def test_claim_of_a_session_without_file_is_searched(tmp_path: Path, monkeypatch) -> None:
    module = types.ModuleType("session")
    module.__file__ = "<stdin>"
    monkeypatch.setitem(sys.modules, "session", module)
    family = Family("n", lambda c: tc.Instance(x=c.integer(1, 3)))
    code = "def typed(case):\n    return tc.le(case.x, 3)\n"
    exec(code, {"tc": tc, "__name__": "session"}, made := {})
    claim = tc.claim(source="t", family=family)(made["typed"])

    assert claim.module == "session"
    assert claim.file == ""
    assert tc.fuzz(claim, max_examples=3, store=tmp_path / "s.db").counts["HOLDS"] >= 1
    with pytest.raises(InvalidInstance, match="jobs=1"):
        tc.fuzz(claim, jobs=2)


def test_claim_without_family_says_what_to_give() -> None:
    @tc.claim(source="test")
    def no_family(case: object) -> object:
        """Nothing."""
        return tc.le(0, 1)

    with pytest.raises(InvalidClaim, match="family="):
        tc.fuzz(no_family)


def test_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "text.db"
    wrong.write_text("not a database, and long enough to be read as one" * 50)
    with pytest.raises(InvalidInstance, match="no store"):
        tc.fuzz(lemmas.loss_is_nonincreasing, max_examples=1, store=wrong)
