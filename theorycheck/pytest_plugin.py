"""Collect the claims of test modules as tests: `pytest` then runs a lemma like any other test.

    @tc.claim(source="draft, Lemma 4", family=nets)
    @pytest.mark.theorycheck(examples=200)                 # below @tc.claim; any other mark too
    def loss_is_nonincreasing(case): ...

A claim is a test of the module that defines it. A claim that is imported is none, unless the
module names it: `pytestmark = pytest.mark.theorycheck(imported_claim, examples=20)`.

Loading the plugin imports nothing heavy; a project without claims sees nothing of it.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from theorycheck.errors import TheorycheckError
from theorycheck.pytest_settings import MARK, READERS, add_options, settings

if TYPE_CHECKING:
    from theorycheck.claims import Claim, Judgement
    from theorycheck.fuzzing import Trial

__all__ = ["ClaimItem"]

COUNTED = ("HOLDS", "VIOLATED", "UNDECIDED", "touching", "vacuous", "error")


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        f"{MARK}(*claims, {', '.join(f'{name}=...' for name in READERS)}): settings of a claim, "
        "or of all claims of a module; imported claims that the module tests",
    )
    settings(config, {})  # complain before anything is collected
    stored = config.getoption("--theorycheck-replay")
    if stored is not None and not Path(stored).is_file():
        raise pytest.UsageError(f"--theorycheck-replay={stored}: no such file")
    given = _given_database(config)
    for path in () if given is None else (given, *given.parents):
        if path.exists() and not path.is_dir():
            raise pytest.UsageError(f"--theorycheck-database={given}: {path} is a file")


# -- collection ------------------------------------------------------------------------------------
def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str, obj: object
) -> list[ClaimItem] | None:
    if "theorycheck.claims.claim" not in sys.modules or not isinstance(collector, pytest.Module):
        return None
    from theorycheck.claims import Claim

    if isinstance(obj, Claim):
        names = [n for n, value in vars(collector.obj).items() if value is obj]
        first = name == names[0] and _is_own(obj, collector)
        return [_item(collector, name, obj)] if first else []
    if name == "pytestmark":
        named = [c for mark in (obj if isinstance(obj, list) else [obj]) for c in _claims_of(mark)]
        seen = {id(value) for value in vars(collector.obj).values() if _is_own(value, collector)}
        others = {id(claim): claim for claim in named if id(claim) not in seen}
        return [_item(collector, claim.full_name, claim) for claim in others.values()] or None
    if next(_claims_of(obj), None) is not None:
        raise collector.CollectError(f"{name}: write the mark below @tc.claim, on the function")
    return None


def _is_own(value: object, collector: pytest.Module) -> bool:
    """Whether a value is a claim that the module defines."""
    from theorycheck.claims import Claim

    return isinstance(value, Claim) and value.module == collector.obj.__name__


def _claims_of(mark: object) -> Iterator[Claim]:
    """The claims that a mark was given, or was written above of."""
    from theorycheck.claims import Claim

    if isinstance(mark, pytest.MarkDecorator):
        for item in mark.args:
            if isinstance(item, Claim):
                yield item
            else:
                yield from _claims_of(item)


def _item(collector: pytest.Module, name: str, claim: Claim) -> ClaimItem:
    """Make the test; a mark that makes no sense is one line of the collection's report."""
    item = ClaimItem.from_parent(collector, name=name, claim=claim)
    try:
        item.settings = item.settled()
    except pytest.UsageError as error:
        raise collector.CollectError(f"{name}: {error}") from None
    return item


# -- the test --------------------------------------------------------------------------------------
class ClaimFails(Exception):
    """Carry what a claim's test has to say; it never leaves this module."""


class ClaimItem(pytest.Item):
    """A claim as a test.

    Parameters
    ----------
    claim : Claim
    """

    def __init__(self, *, claim: Claim, **options: Any) -> None:
        super().__init__(**options)
        self.claim = claim
        self.settings: dict[str, Any] = {}
        for mark in getattr(claim.conclusion, "pytestmark", ()):
            self.own_markers.append(mark)
            self.keywords[mark.name] = mark
        if MARK not in self.keywords:
            self.add_marker(MARK)  # so that -m theorycheck selects claims

    def settled(self) -> dict[str, Any]:
        """Join the marks of the claim, its module and its folders; the nearest wins.

        Raises
        ------
        UsageError    a name or a value that is no setting
        """
        marked: dict[str, Any] = {}
        for mark in self.iter_markers(MARK):
            for value in mark.args:
                if not isinstance(value, type(self.claim)):
                    raise pytest.UsageError(
                        f"pytest.mark.{MARK}({value!r}): settings go by name, as in examples=100"
                    )
            for name in mark.kwargs:
                if name not in READERS:
                    raise pytest.UsageError(
                        f"pytest.mark.{MARK} has no setting {name!r}; it has {', '.join(READERS)}"
                    )
            marked = {**mark.kwargs, **marked}
        return settings(self.config, marked)

    def runtest(self) -> None:
        started = time.perf_counter()
        stored = self.config.getoption("--theorycheck-replay")
        try:
            trial = self._tried() if stored is None else self._replayed(stored)
        except Exception:
            self._record({"outcome": "error"}, started)
            raise
        counts = {name: trial.counts.get(name, 0) for name in COUNTED}
        self._record({"outcome": trial.outcome, "instances": trial.instances, **counts}, started)
        if trial.judgement is not None:
            self.user_properties.append((f"{MARK}_witness", repr(trial.judgement.instance)))
        if not trial.passed:
            raise ClaimFails("\n".join(self._told(trial)))

    def _tried(self) -> Trial:
        from theorycheck.fuzzing import try_claim
        from theorycheck.trajectories import Effort

        chosen = self.settings
        return try_claim(
            self.claim,
            examples=chosen["examples"],
            seed=chosen["seed"],
            effort=Effort(max_bits=chosen["max_bits"], max_seconds=chosen["max_seconds"]),
            undecided_fails=chosen["undecided"] == "fail",
            database=_database(self.config),
        )

    def _replayed(self, file: str) -> Trial:
        """Judge the stored instance again."""
        from theorycheck.fuzzing import replay_claim

        text = Path(file).read_text(encoding="utf-8")
        trial = replay_claim(self.claim, text, undecided_fails=self.settings["undecided"] == "fail")
        if trial is None:
            pytest.skip(f"{file} is about another claim")
        return trial

    def _record(self, said: Mapping[str, object], started: float) -> None:
        """Leave properties on the report: they reach the summary, xdist and JUnit files."""
        values = {
            "claim": self.claim.full_name,
            "source": self.claim.source,
            **said,
            "seed": self.settings["seed"],
            "seconds": f"{time.perf_counter() - started:.2f}",
        }
        self.user_properties.extend((f"{MARK}_{n}", str(value)) for n, value in values.items())

    def _told(self, trial: Trial) -> Iterator[str]:
        """Say what failed, why, on which exact instance, and how to see it again."""
        yield f"{self.claim.full_name}: {trial.failure}"
        judgement = trial.judgement
        if judgement is not None:
            label = "instance" if judgement.witness is None else "witness"
            yield f"  reason:   {judgement.reason}"
            yield f"  {label + ':':<9} {judgement.instance!r}"
            if judgement.where:
                yield f"  place:    {judgement.where}"
        for reason, number in trial.reasons.items():
            yield f"  reasons:  {number} x {reason}"
        yield f"  source:   {self.claim.source}"
        counted = ", ".join(f"{number} {name}" for name, number in trial.counts.items())
        yield f"  searched: {trial.instances} instances: {counted}"
        if judgement is not None:
            yield f"  replay:   {self._replay_line(judgement, trial.control)}"

    def _replay_line(self, judgement: Judgement, control: str) -> str:
        """Write the judgement down and name the command that judges it again."""
        folder = _folder(self.config) or Path(tempfile.mkdtemp(prefix="theorycheck-"))
        file = folder / (re.sub(r"[^\w.-]+", "-", self.nodeid) + ".json")
        data = {**judgement.to_dict(), "control": control}
        file.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
        here = self.config.invocation_params.dir
        node = f"{_from(here, self.path)}::{self.name}"
        return shlex.join(["pytest", node, "--theorycheck-replay", _from(here, file)])

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Say it in the field's words; only --full-trace shows Python's."""
        error = excinfo.value
        if isinstance(error, ClaimFails):
            return str(error)
        lines = [entry for entry in excinfo.traceback if Path(entry.path) == self.path]
        if self.config.getoption("fulltrace") or not (lines or isinstance(error, TheorycheckError)):
            return super().repr_failure(excinfo, style)
        said = f"{self.claim.full_name}: {type(error).__name__}: {error}"
        place = (
            f"\n  {self.path.name}:{lines[-1].lineno + 1}: {lines[-1].statement}" if lines else ""
        )
        return said + place

    def reportinfo(self) -> tuple[Path, int | None, str]:
        code = getattr(self.claim.conclusion, "__code__", None)
        return self.path, code and code.co_firstlineno - 1, self.name


def _folder(config: pytest.Config) -> Path | None:
    """The plugin's folder in pytest's cache; None where there is no cache to write to."""
    try:
        return config.cache.mkdir(MARK) if config.cache is not None else None
    except (AttributeError, OSError):
        return None


def _given_database(config: pytest.Config) -> Path | None:
    given = config.getoption("--theorycheck-database")
    if given is not None:
        return config.invocation_params.dir / str(given)
    if inherited := config.getini("theorycheck_database"):
        return config.rootpath / str(inherited)
    return None


def _database(config: pytest.Config) -> Path | None:
    if (given := _given_database(config)) is not None:
        return given
    folder = _folder(config)
    return None if folder is None else folder / "violations"


def _from(here: Path, path: Path) -> str:
    try:
        return os.path.relpath(path, here)
    except ValueError:  # another drive
        return str(path)


# -- the report ------------------------------------------------------------------------------------
def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Say the verdict where `pytest -v` says PASSED; FAILED is followed by it anyway."""
    if report.when != "call" or not report.passed or hasattr(report, "wasxfail"):
        return None
    outcome = _said(report).get("outcome")
    return None if outcome is None else ("passed", ".", outcome)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [report for found in terminalreporter.stats.values() for report in found]
    called = [report for report in reports if getattr(report, "when", "") == "call"]
    rows = [_said(r) for r in sorted(called, key=lambda r: r.nodeid) if "claim" in _said(r)]
    if not rows:
        return
    terminalreporter.section("theorycheck", sep="-")
    headers = ("claim", "outcome", "instances", *COUNTED, "seconds")
    cells = [[row.get(h, "") for h in headers] for row in rows]
    total = [sum(int(line[i] or 0) for line in cells) for i in range(2, len(headers) - 1)]
    spent = sum(float(line[-1]) for line in cells)
    cells.append(
        [f"{len(rows)} claim{'s' if len(rows) > 1 else ''}", "", *map(str, total), f"{spent:.2f}"]
    )
    for line in _aligned([list(headers), *cells]):
        terminalreporter.write_line(line)


def _said(report: pytest.TestReport) -> dict[str, str]:
    """What a claim's test left on its report; empty for other tests."""
    return {
        name.removeprefix(f"{MARK}_"): str(value)
        for name, value in report.user_properties
        if name.startswith(f"{MARK}_")
    }


def _aligned(rows: list[list[str]]) -> Iterable[str]:
    """Lay out a table: two columns of words, then numbers; a column of zeros is left out."""
    kept = [i for i in range(len(rows[0])) if i < 3 or any(r[i] not in ("", "0") for r in rows[1:])]
    widths = {i: max(len(row[i]) for row in rows) for i in kept}
    for row in rows:
        words = [row[i].ljust(widths[i]) if i < 2 else row[i].rjust(widths[i]) for i in kept]
        yield "  ".join(words).rstrip()
