"""Worker processes: what they have seen survives an interruption; a claim that is gone is told."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

import theorycheck as tc
from theorycheck.claims import find
from theorycheck.fuzzing import workers
from theorycheck.fuzzing.workers import Shard, written

SLOW = """
import time
from pathlib import Path
import theorycheck as tc
from theorycheck.problems import Family

@tc.claim(source="t", family=Family("n", lambda c: tc.Instance(x=c.integer(1, 10**6))))
def slow(case):
    time.sleep(0.1)
    with Path(__file__).with_name("calls").open("a") as calls:
        calls.write(".")
    return tc.le(0, case.x)
"""


@pytest.fixture
def slow(tmp_path: Path) -> tc.Claim:
    file = tmp_path / "slow.py"
    file.write_text(SLOW)
    (claim,) = find(str(file))
    return claim


def shard_of(claim: tc.Claim, folder: Path, examples: int = 3) -> Shard:
    effort = tc.Effort(max_bits=64)
    return Shard(claim.full_name, claim.file, 0, 0, 0, examples, effort, None, folder / "log")


def test_records_are_written_as_they_are_made_and_half_a_line_is_left_out(slow, tmp_path) -> None:
    shard = shard_of(slow, tmp_path)
    assert written(shard) == []

    seen = workers._run(shard)
    whole = written(shard)
    shard.log.write_text(shard.log.read_text()[:-20])

    assert whole == seen
    assert written(shard) == seen[:-1]


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for one process on Windows")
def test_interrupted_workers_leave_what_they_have_judged(slow, tmp_path: Path) -> None:
    calls = tmp_path / "calls"

    def interrupt() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if calls.exists() and len(calls.read_text()) >= 10:
                os.kill(os.getpid(), signal.SIGINT)
                return
            time.sleep(0.02)

    watcher = threading.Thread(target=interrupt)
    watcher.start()
    campaign = tc.fuzz(slow, max_examples=100, jobs=2)
    watcher.join()

    assert not campaign.complete
    assert campaign.examples >= 2
    assert campaign.counts == {"HOLDS": campaign.examples}
    assert not campaign.all_vacuous


def test_nothing_seen_is_not_all_vacuous(slow, monkeypatch: pytest.MonkeyPatch) -> None:
    from theorycheck.fuzzing import shards

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(shards, "judge_guarded", interrupted)
    campaign = tc.fuzz(slow, max_examples=5)

    assert campaign.examples == 0
    assert not campaign.all_vacuous


def test_claim_that_is_gone_from_its_file_is_told(slow, tmp_path: Path) -> None:
    shard = shard_of(slow, tmp_path)
    Path(slow.file).write_text(SLOW.replace("def slow", "def fast"))
    with pytest.raises(tc.TheorycheckError, match="any more"):
        workers._run(shard)
