"""The check command: verdicts, exit codes, output for people and for programs."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import theorycheck as tc


def test_true_and_false_lemma(run, lemmas):
    ran = run("check", lemmas, "-j", "1")

    assert ran.code == 1
    assert ran.err == ""
    assert "loss_halves is VIOLATED" in ran.out
    assert "witness: tc.Instance(network=tc.DeepLinear(" in ran.out
    assert "theorycheck replay" in ran.out
    assert ran.out.splitlines()[-1].startswith("1 HOLDS, 1 VIOLATED in")


def test_piped_output_is_plain_and_one_line_per_judgement(run, lemmas):
    lines = run("check", lemmas, "-j", "1").out.splitlines()

    header = "claim source instance verdict evidence margin where seconds"
    assert lines[0].split() == header.split()
    assert lines[1].startswith("loss_is_nonincreasing")
    assert lines[2].startswith("loss_halves")
    assert not any("\x1b" in line or line != line.rstrip() for line in lines)


def test_witness_replays_to_the_same_verdict(run, lemmas, tmp_path):
    file = tmp_path / "out.json"
    ran = run("check", lemmas, "--json", file, "-j", "1")

    assert f"theorycheck replay {file}" in ran.out
    replayed = run("replay", file)
    assert replayed.code == 1
    assert replayed.out.count("same verdict") == 2
    records = json.loads(file.read_text(encoding="utf-8"))
    verdicts = [tc.replay(json.dumps(record)).verdict for record in records]
    assert verdicts == [tc.HOLDS, tc.VIOLATED]


def test_witness_is_the_instance_it_says(run, lemmas, tmp_path):
    file = tmp_path / "out.json"
    ran = run("check", lemmas, "--json", file, "-j", "1")
    [line] = [x for x in ran.out.splitlines() if "witness:" in x]
    record = json.loads(file.read_text(encoding="utf-8"))[1]

    assert tc.Instance.from_json(record["instance"]) == eval(line.split("witness:")[1].strip())


def test_claim_without_example_is_shown_by_its_most_telling_instance(run, lemmas):
    ran = run("check", lemmas, "-j", "1")

    assert "loss_is_nonincreasing: 10 random instances: 10 HOLDS" in ran.out
    [counted] = [x for x in ran.out.splitlines() if x.startswith("loss_halves: 10 random")]
    assert "VIOLATED" in counted
    assert "HOLDS" in counted


@pytest.mark.slow
def test_spawned_processes_give_the_same_judgements(run, lemmas, tmp_path):
    records = []
    for jobs in (1, 2):
        file = tmp_path / f"{jobs}.json"
        run("check", lemmas, "--json", file, "-j", jobs)
        records.append(file.read_text(encoding="utf-8"))

    assert records[0] == records[1]


@pytest.mark.parametrize(
    ("body", "options", "code", "word"),
    [
        ("return tc.le(case.flow.loss.at(1), case.flow.loss.at(1))", "", 0, "HOLDS"),
        ("return tc.le(1, 0)", ", expected=tc.VIOLATED", 0, "refuted, as expected"),
        ("return tc.le(0, 1)", ", expected=tc.VIOLATED", 1, "HOLDS"),
        ("return tc.le(1, 0)", "", 1, "VIOLATED"),
        ("return tc.surrogate('for ever', tc.le(0, 1))", "", 3, "UNDECIDED"),
        (
            "return tc.le(1, 0)",
            ", assumptions=[tc.Assumption('never', lambda case: tc.le(1, 0))]",
            3,
            "vacuous",
        ),
    ],
)
def test_exit_code(run, lemma, body, options, code, word):
    ran = run("check", lemma(body, options), "-j", "1")

    assert ran.code == code
    assert word in ran.out


def test_settings_reach_builder_and_fields(run, tmp_path):
    file = tmp_path / "out.json"
    ran = run(
        "check", "small_steps_are_necessary", "--set", "steps=4", "--json", file, "-j", "1"
    )  # fmt: skip

    assert ran.code == 0
    [record] = json.loads(file.read_text(encoding="utf-8"))
    assert record["instance"]["fields"]["steps"] == "4"


def test_details_are_printed_for_a_single_claim(run):
    ran = run("check", "distance_is_certified_a_posteriori", "--set", "horizon=1/8")

    assert ran.code == 0
    assert "true distance at K" in ran.out


def test_pessimism_of_the_step_size_is_printed_where_the_theorem_is_vacuous(run):
    ran = run(
        "check",
        "descent_tracks_flow",
        "--set",
        "depth=2",
        "--set",
        "width=1",
        "--set",
        "horizon=1",
        "--set",
        "step_size=1/8",
    )
    rows = [line for line in ran.out.splitlines() if "not enclosed" not in line]

    assert "vacuous" in ran.out
    for name in ("certified distance: largest", "true distance: largest", "pessimism against the"):
        assert any(row.strip().startswith(name) for row in rows)


def test_own_data_and_weights(run, tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("x,z,y\n1,0.5,2\n0.1,1,3\n2,-1,1\n", encoding="utf-8")
    weights = tmp_path / "weights.json"
    weights.write_text(json.dumps([[["1", "0.1"]], [["1/2"]]]), encoding="utf-8")
    out = tmp_path / "out.json"
    ran = run(
        "check", "balancedness_drifts_exactly", "--data", table, "--target", "y",
        "--weights", weights, "--json", out,
    )  # fmt: skip

    assert ran.code == 0, ran
    fields = json.loads(out.read_text(encoding="utf-8"))[0]["instance"]["fields"]
    assert fields["start"] == ["1", "1/10", "1/2"]
    assert fields["loss"]["inputs"] == [["1", "1/10", "2"], ["1/2", "1", "-1"]]


def test_cross_check_reports_containment_and_digits(run):
    ran = run("check", "balancedness_drifts_exactly", "--cross-check", "--set", "horizon=1/4")

    assert ran.code == 0
    assert ran.out.count("contains the mpmath reference; they agree to") == 2


def test_record_of_one_judgement_replays_in_python(run, lemma, tmp_path):
    file = tmp_path / "out.json"
    run("check", lemma("return tc.le(1, 0)"), "--json", file, "-j", "1")

    assert tc.replay(file.read_text(encoding="utf-8")).verdict is tc.VIOLATED


def test_stored_judgement_reads_back(lemmas):
    from theorycheck.claims import Judgement, claims_in_file

    for claim in claims_in_file(lemmas):
        judgement = tc.check(claim)

        assert Judgement.from_dict(json.loads(judgement.to_json())).to_dict() == judgement.to_dict()


SLOW = """
import theorycheck as tc

nets = tc.families.deep_linear(depth=(2, 2), width=(1, 2))

def sleepy(case):
    import pathlib, time
    pathlib.Path(__file__ + ".started").touch()
    time.sleep(60)
    return tc.le(0, 1)

def brisk(case):
    with open(__file__ + ".done", "a") as record:
        record.write("x")
    return tc.le(0, 1)

quick = tc.claim(source="draft", family=nets, name="quick")(brisk)
slow = tc.claim(source="draft", family=nets, name="slow")(sleepy)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for one process on Windows")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_interrupt_prints_what_is_decided(tmp_path, jobs):
    file = tmp_path / "slow.py"
    file.write_text(SLOW, encoding="utf-8")
    words = [sys.executable, "-m", "theorycheck", "check", str(file), "-j", jobs]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(words, **pipes) as process:
        started = Path(f"{file}.started")
        deadline = time.monotonic() + 60
        done = Path(f"{file}.done")
        while time.monotonic() < deadline:
            if started.exists() and done.exists() and done.stat().st_size == 10:
                break
            time.sleep(0.1)
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)

    assert process.returncode == 130
    assert "quick" in out
    assert "interrupted: 10 of 20 decided, 10 not checked" in out
    assert err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell with pipes")
def test_reader_that_leaves_early_is_no_error():
    command = f'"{sys.executable}" -m theorycheck list | head -n 1'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)

    assert done.stdout.startswith("claim")
    assert done.stderr == ""
