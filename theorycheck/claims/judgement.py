"""Judgements: the outcome of checking a claim on an instance, replayable from its JSON."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from theorycheck._version import __version__
from theorycheck.balls import Ball
from theorycheck.claims.claim import Claim
from theorycheck.claims.outcome import FINITE_RELATION_HOLDS, Evidence, Outcome
from theorycheck.claims.places import Place
from theorycheck.errors import InvalidInstance
from theorycheck.problems import Instance
from theorycheck.trajectories import Effort
from theorycheck.verdicts import UNDECIDED, VIOLATED, Verdict

__all__ = ["SCHEMA", "AssumptionJudgement", "Judgement"]

SCHEMA = 1


@dataclass(frozen=True)
class AssumptionJudgement:
    """What was found out about one assumption."""

    name: str
    statement: str
    outcome: Outcome


@dataclass(frozen=True)
class Judgement:
    """Verdict of a claim on an instance, with everything needed to replay it.

    Parameters
    ----------
    claim : str               full name of the claim
    instance : Instance
    verdict : Verdict         of the conclusion; UNDECIDED where the instance is vacuous
    vacuous : bool            an assumption is violated: nothing was concluded
    expected : Verdict        what the claim declares
    evidence : Evidence       proof, exact, enclosure or sample
    reason : str              one line
    margin : Ball or None     encloses rhs - lhs at the worst place
    relative_margin : float or None    an estimate, for display
    where : str               the worst place, or the witness
    place : Place or None
    bits : int                rung of the precision ladder (0: no ball was needed)
    touching : bool           an equality case
    overlap : Fraction or None    width of the ball around 0 that left the question open
    assumptions : tuple of AssumptionJudgement
    effort : Effort
    versions : dict
    module : str              where the claim is defined (a file for user claims)
    changes : str             what of the claim was changed for it, as of a spoiled claim
    """

    claim: str
    instance: Instance
    verdict: Verdict
    vacuous: bool
    expected: Verdict
    evidence: Evidence
    reason: str
    margin: Ball | None
    relative_margin: float | None
    where: str
    place: Place | None
    bits: int
    touching: bool
    overlap: Fraction | None
    assumptions: tuple[AssumptionJudgement, ...]
    effort: Effort
    versions: dict[str, str]
    module: str
    file: str
    changes: str = ""

    @classmethod
    def made(
        cls,
        claim: Claim,
        instance: Instance,
        effort: Effort,
        assumptions: Sequence[AssumptionJudgement],
        outcome: Outcome,
        *,
        vacuous: bool = False,
    ) -> Judgement:
        return cls(
            claim=claim.full_name,
            instance=instance,
            verdict=UNDECIDED if vacuous else outcome.verdict,
            vacuous=vacuous,
            expected=claim.expected,
            evidence=outcome.evidence,
            reason=outcome.reason,
            margin=None if vacuous else outcome.margin,
            relative_margin=None if vacuous else outcome.relative_margin,
            where="" if outcome.place is None else str(outcome.place),
            place=outcome.place,
            bits=outcome.bits,
            touching=outcome.touching,
            overlap=outcome.overlap,
            assumptions=tuple(assumptions),
            effort=effort,
            versions=versions(),
            module=claim.module,
            file=claim.file,
            changes=claim.changed,
        )

    @property
    def contradicts(self) -> bool:
        """Whether the verdict contradicts what the claim expects."""
        return (
            not self.vacuous and self.verdict is not UNDECIDED and self.verdict is not self.expected
        )

    @property
    def is_asymptotic(self) -> bool:
        """Whether the claim is asymptotic: it expects to stay open, with a finite relation."""
        return self.expected is UNDECIDED

    @property
    def is_open_as_expected(self) -> bool:
        """Whether an asymptotic claim is open because its finite relation holds, and only so."""
        return (
            self.is_asymptotic
            and self.verdict is UNDECIDED
            and self.reason.startswith(FINITE_RELATION_HOLDS)
        )

    @property
    def rank(self) -> tuple[int, float]:
        """Order judgements of one claim, the most telling first.

        Contradictions, open questions, verdicts by relative margin, equality cases, vacuous ones.
        """
        if self.contradicts:
            return 0, 0.0
        if self.vacuous:
            return 4, 0.0
        if self.verdict is UNDECIDED:
            return (3 if self.touching else 1), 0.0
        return 2, float("inf") if self.relative_margin is None else self.relative_margin

    @property
    def summary(self) -> str:
        """The verdict in words, as tables print it."""
        if self.vacuous:
            return "vacuous"
        if self.verdict is VIOLATED and self.expected is VIOLATED:
            return "refuted, as expected"
        if self.is_open_as_expected:
            return "open, as expected"
        if self.verdict is UNDECIDED and self.touching:
            return "UNDECIDED (touching)"
        return self.verdict.value

    @property
    def witness(self) -> Instance | None:
        """The instance on which the claim is violated, or None."""
        return self.instance if self.verdict is VIOLATED else None

    @property
    def replay_line(self) -> str:
        """One line of Python that re-runs this judgement from its JSON text."""
        return "tc.replay(text)  # or: theorycheck replay FILE.json"

    def to_dict(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "claim": self.claim,
            "module": self.module,
            "file": self.file,
            "instance": self.instance.to_json(),
            "verdict": self.verdict.value,
            "vacuous": self.vacuous,
            "expected": self.expected.value,
            "evidence": self.evidence.value,
            "reason": self.reason,
            "margin": None if self.margin is None else self.margin.to_json(),
            "relative_margin": self.relative_margin,
            "where": self.where,
            "bits": self.bits,
            "touching": self.touching,
            "overlap": None
            if self.overlap is None
            else float(min(self.overlap, Fraction(10**300))),
            "assumptions": [
                {"name": a.name, "verdict": a.outcome.verdict.value, "reason": a.outcome.reason}
                for a in self.assumptions
            ],
            "effort": {"max_bits": self.effort.max_bits, "max_seconds": self.effort.max_seconds},
            "versions": self.versions,
            **({"changes": self.changes} if self.changes else {}),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Judgement:
        """Read what `to_dict` wrote: what was recorded, not judged anew (see `tc.replay`).

        Places are kept as text.

        Raises
        ------
        InvalidInstance    keys that are missing, or values of the wrong kind
        """
        try:
            return cls._read(data)
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
            if isinstance(error, InvalidInstance):
                raise
            raise InvalidInstance(f"the stored judgement is damaged: {error!r}") from None

    @classmethod
    def _read(cls, data: Mapping[str, Any]) -> Judgement:
        effort = data["effort"]
        return cls(
            claim=str(data["claim"]),
            instance=Instance.from_json(data["instance"]),
            verdict=Verdict(data["verdict"]),
            vacuous=bool(data["vacuous"]),
            expected=Verdict(data["expected"]),
            evidence=Evidence(data["evidence"]),
            reason=str(data["reason"]),
            margin=None if data["margin"] is None else Ball.from_json(data["margin"]),
            relative_margin=data["relative_margin"],
            where=str(data["where"]),
            place=None,
            bits=int(data["bits"]),
            touching=bool(data["touching"]),
            overlap=None if data["overlap"] is None else Fraction(data["overlap"]),
            assumptions=tuple(
                AssumptionJudgement(
                    a["name"], "", Outcome(Verdict(a["verdict"]), reason=a["reason"])
                )
                for a in data["assumptions"]
            ),
            effort=Effort(effort["max_bits"], effort["max_seconds"]),
            versions=dict(data["versions"]),
            module=str(data["module"]),
            file=str(data["file"]),
            changes=str(data.get("changes", "")),
        )

    def to_json(self) -> str:
        """Serialise exactly; `tc.replay(text)` re-runs it."""
        return json.dumps(self.to_dict(), indent=2)

    def __str__(self) -> str:
        place = f" at {self.where}" if self.where else ""
        return f"{self.claim}: {self.summary} [{self.evidence}]{place} {self.reason}".rstrip()


def parse(text: str) -> dict[str, Any]:
    """Read a stored judgement, or a list of one as `theorycheck check --json` writes it.

    Raises
    ------
    InvalidInstance    no JSON, no judgement, or a schema this version does not know
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise InvalidInstance(
            f"not a stored judgement: {error}; pass what to_json() wrote"
        ) from None
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    if not isinstance(data, dict) or "claim" not in data or "instance" not in data:
        raise InvalidInstance("not a stored judgement: the keys claim and instance are missing")
    if data.get("schema") != SCHEMA:
        raise InvalidInstance(
            f"judgement schema {data.get('schema')!r} is not known; this version reads {SCHEMA}"
        )
    return data


def versions() -> dict[str, str]:
    """Versions of what a verdict rests on."""
    found = {"theorycheck": __version__, "python": platform.python_version()}
    for package in ("python-flint", "sympy"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # pragma: no cover - both are dependencies
            found[package] = "unknown"
    return found
