"""Claims: a published theorem (or a user's lemma) as data, and the decorator that makes one."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from theorycheck.claims.relations import AbstractRelation, relations_of
from theorycheck.claims.views import Case
from theorycheck.errors import InvalidClaim, InvalidInstance
from theorycheck.problems import Family, Instance
from theorycheck.verdicts import HOLDS, VIOLATED, Verdict

__all__ = ["SAMPLES", "Assumption", "Claim", "Control", "Source", "claim"]

SAMPLES = 10


@dataclass(frozen=True)
class Source:
    """Where a statement is from.

    Parameters
    ----------
    text : str        reference as printed: authors, year, theorem number, version
    link : str        identifier such as "arXiv 2107.06608v3", or empty
    label : str       the theory note's label, such as "A9(b)", or empty
    """

    text: str
    link: str = ""
    label: str = ""

    def __str__(self) -> str:
        return f"{self.text}, {self.link}" if self.link else self.text


@dataclass(frozen=True)
class Assumption:
    """A condition of a theorem, judged on its own before the conclusion is looked at.

    Parameters
    ----------
    name : str
    predicate : function of the case returning relations
    statement : str      the condition in words
    """

    name: str
    predicate: Callable[[Case], Any]
    statement: str = ""

    def relations(self, case: Case) -> tuple[AbstractRelation, ...]:
        value = self.predicate(case)
        if isinstance(value, (list, tuple)) and not value:
            return ()  # an empty condition, such as balancedness at depth 1
        return relations_of(value)


@dataclass(frozen=True)
class Control:
    """A negative control: a spoiled claim that must come out VIOLATED, or vacuous.

    Parameters
    ----------
    name : str               what was spoiled
    instance : Instance      the stored killing instance
    changes : mapping        keyword arguments that spoil the conclusion (a constant, a formula)
    drop : names of the assumptions that are dropped
    outcome : VIOLATED, or "vacuous"
    """

    name: str
    instance: Callable[[], Instance] | Instance
    changes: Mapping[str, Any] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    outcome: Verdict | str = VIOLATED

    def stored_instance(self) -> Instance:
        return self.instance if isinstance(self.instance, Instance) else self.instance()


@dataclass(frozen=True)
class Claim:
    """A statement with its assumptions, instances and controls; it is only data.

    Parameters
    ----------
    name : str
    conclusion : function of a case, returning relations; keyword arguments carry its constants
    source : Source
    title, statement : str           one line, and the docstring
    family : Family or None          random instances for search
    assumptions : tuple of Assumption
    example : instance, or a function making one
    on_data : function of a data set and settings making an instance, or None
    controls : tuple of Control
    expected : Verdict               VIOLATED for a shipped refutation
    proof : str                      dotted name of the proof script, or empty
    details : function of a case giving named terms to enclose and print, or None; what holds by
        the theorem only is `Concluded`
    grid : function making the instances of a figure over several settings, or None
    formulas : named SymPy expressions of the statement, for printing
    survives : mutants that `audit` is expected not to kill, each with the reason
    """

    name: str
    conclusion: Callable[..., Any]
    source: Source
    title: str = ""
    statement: str = ""
    family: Family | None = None
    assumptions: tuple[Assumption, ...] = ()
    example: Callable[..., Instance] | Instance | None = None
    on_data: Callable[..., Instance] | None = None
    controls: tuple[Control, ...] = ()
    expected: Verdict = HOLDS
    proof: str = ""
    details: Callable[[Case], Mapping[str, Any]] | None = None
    grid: Callable[..., Sequence[Instance]] | None = None
    formulas: Mapping[str, Any] = field(default_factory=dict)
    module: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    survives: Mapping[str, str] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The user's file that defines the claim; empty for the catalogue, and for no file."""
        if self.module.startswith("theorycheck."):
            return ""
        file = getattr(sys.modules.get(self.module), "__file__", None)
        return str(Path(file).resolve()) if file and Path(file).is_file() else ""

    @property
    def paper(self) -> str:
        parts = self.module.split(".")
        return parts[2] if parts[:2] == ["theorycheck", "catalogue"] and len(parts) > 2 else ""

    @property
    def full_name(self) -> str:
        return f"{self.paper}.{self.name}" if self.paper else self.name

    def relations(self, case: Case) -> tuple[AbstractRelation, ...]:
        """Build the conclusion on a case.

        Raises
        ------
        InvalidClaim    the conclusion returns no relation
        """
        return relations_of(self.conclusion(case, **self.changes))

    def sample_instances(self) -> list[Instance]:
        """The example; without one, `SAMPLES` instances of the family, since one says too little.

        Raises
        ------
        InvalidInstance    the claim has neither example nor family
        """
        if self.example is not None or self.family is None:
            return [self.example_instance()]
        return self.family.instances(seed=0, count=SAMPLES)

    def example_instance(self, **settings: Any) -> Instance:
        """The shipped example; settings go to its builder, or replace fields.

        Raises
        ------
        InvalidInstance    the claim has neither example nor family, or a setting is unknown
        """
        if self.example is None:
            if self.family is None:
                raise InvalidInstance(
                    f"claim {self.name} has no example and no family; pass instance=..."
                )
            base = self.family.instances(seed=0, count=1)[0]
        elif isinstance(self.example, Instance):
            base = self.example
        else:
            known = inspect.signature(self.example).parameters
            direct = {k: v for k, v in settings.items() if k in known}
            settings = {k: v for k, v in settings.items() if k not in known}
            base = self.example(**direct)
        return base.replace(**settings) if settings else base

    @property
    def changed(self) -> str:
        """What a control changed of the claim; empty where it stands as stated."""
        changed = [
            f"{name}={getattr(value, '__name__', value)}"
            for name, value in sorted(self.changes.items())
        ]
        return ", ".join([*changed, *(f"without {name}" for name in self.dropped)])

    def spoiled(self, control: Control) -> Claim:
        """Return the claim a negative control describes."""
        kept = tuple(a for a in self.assumptions if a.name not in control.drop)
        return _replace(
            self, assumptions=kept, changes={**self.changes, **control.changes},
            dropped=(*self.dropped, *control.drop),
        )  # fmt: skip

    def __call__(self, case: Case) -> Any:
        return self.conclusion(case, **self.changes)


def _replace(claim: Claim, **changes: Any) -> Claim:
    values = {name: getattr(claim, name) for name in claim.__dataclass_fields__}
    return Claim(**{**values, **changes})


def claim(
    *,
    source: str | Source,
    family: Family | None = None,
    assumptions: Sequence[Assumption] = (),
    example: Callable[..., Instance] | Instance | None = None,
    on_data: Callable[..., Instance] | None = None,
    controls: Sequence[Control] = (),
    expected: Verdict = HOLDS,
    proof: str = "",
    title: str = "",
    details: Callable[[Case], Mapping[str, Any]] | None = None,
    grid: Callable[..., Sequence[Instance]] | None = None,
    formulas: Mapping[str, Any] | None = None,
    survives: Mapping[str, str] | None = None,
    name: str = "",
) -> Callable[[Callable[..., Any]], Claim]:
    """Make a claim of a function from a case to relations.

    The function's name is the claim's name, the docstring its statement.

    Raises
    ------
    InvalidClaim    an assumption that is no Assumption, an expected outcome that is no verdict
    """
    for item in assumptions:
        if not isinstance(item, Assumption):
            raise InvalidClaim(
                f"assumptions=[{item!r}]: give tc.assume.balanced or tc.Assumption(name, predicate)"
            )
    if not isinstance(expected, Verdict):
        raise InvalidClaim(f"expected={expected!r} must be tc.HOLDS or tc.VIOLATED")

    def make(conclusion: Callable[..., Any]) -> Claim:
        if isinstance(conclusion, Claim):
            raise InvalidClaim(f"{conclusion.name} is a claim already; decorate the function once")
        statement = inspect.cleandoc(conclusion.__doc__ or "")
        return Claim(
            name=name or conclusion.__name__,
            conclusion=conclusion,
            source=source if isinstance(source, Source) else Source(source),
            title=title or (statement.splitlines() or [""])[0].rstrip("."),
            statement=statement,
            family=family,
            assumptions=tuple(assumptions),
            example=example,
            on_data=on_data,
            controls=tuple(controls),
            expected=expected,
            proof=proof,
            details=details,
            grid=grid,
            formulas=dict(formulas or {}),
            survives=dict(survives or {}),
            module=conclusion.__module__,
        )

    return make
