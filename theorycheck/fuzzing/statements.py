"""Digest the statement a claim makes on one instance, so that a judgement is never another's.

A statement is data: the relations that the assumptions and the conclusion build on the instance.
What they were built from (helper modules, closures, globals, keyword arguments) is in them.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any

import sympy

from theorycheck._version import __version__
from theorycheck.claims import Case, Claim
from theorycheck.claims.quantities import Atom
from theorycheck.problems import Instance
from theorycheck.trajectories import Effort

__all__ = ["statement_of"]

CONSTANTS = (sympy.core.numbers.NumberSymbol, sympy.core.numbers.Infinity,
             sympy.core.numbers.NegativeInfinity)  # fmt: skip
OURS = ("theorycheck.", "sympy.")


class NoDigest(Exception):
    """Say that something has no text that tells it from everything else."""


def statement_of(claim: Claim, instance: Instance, effort: Effort) -> str:
    """Digest what a judgement depends on: the relations built now, the effort and the program.

    Equal digests mean equal statements, in any process. Empty where the relations cannot be built,
    or hold something that cannot be told apart: then no judgement may be used again.
    """
    case = Case(instance)
    try:
        built = [[a.name, a.statement, list(a.relations(case))] for a in claim.assumptions]
        named = [claim.full_name, claim.file, claim.expected, str(claim.source)]
        spent = [int(effort.max_bits), str(effort.max_seconds), effort.max_steps]
        text = repr(_Text().of([named, built, list(claim.relations(case)), spent]))
    except Exception:  # whatever a user's function raises: the judgement tells it
        return ""
    return hashlib.sha256(f"{_program()} {text}".encode()).hexdigest()


class _Text:
    """Write relations as nested tuples; what is not known here is refused.

    Dummies, which are equal to themselves alone, are numbered in the order in which they occur.
    """

    def __init__(self) -> None:
        self.dummies: dict[sympy.Dummy, int] = {}

    def of(self, value: Any) -> Any:
        if value is None or type(value) in (bool, int, str):
            return value
        if type(value) is Fraction:
            return "Fraction", value.numerator, value.denominator
        if type(value) in (list, tuple):
            return tuple(self.of(item) for item in value)
        if isinstance(value, sympy.Basic):
            return self._expression(value)
        kind = _name(value)
        if isinstance(value, Enum):
            return kind, value.name
        if dataclasses.is_dataclass(value):
            fields = dataclasses.fields(value)
            return (kind, *[(f.name, self.of(getattr(value, f.name))) for f in fields])
        raise NoDigest(kind)

    def _expression(self, value: Any) -> Any:
        kind = _name(value)
        if type(value) is Atom:
            return kind, self.of(value.quantity)
        if type(value) in (sympy.Symbol, sympy.Dummy):
            number = -1
            if type(value) is sympy.Dummy:
                number = self.dummies.setdefault(value, len(self.dummies))
            assumed = sorted((k, v) for k, v in value.assumptions0.items() if v is not None)
            return kind, value.name, number, tuple(assumed)
        if value.is_Rational:
            return "Rational", int(value.p), int(value.q)
        if isinstance(value, CONSTANTS):
            return (kind,)
        if value.args:
            return (kind, *[self.of(argument) for argument in value.args])
        raise NoDigest(kind)


def _name(value: Any) -> str:
    """The name of a type of ours; a user's type may mean anything."""
    kind = type(value)
    module = kind.__module__ or ""
    if not module.startswith(OURS):
        raise NoDigest(f"{module}.{kind.__qualname__}")
    return f"{module}.{kind.__qualname__}"


@functools.cache
def _program() -> str:
    """Version and source text of the checker: another checker judges anew."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256(f"{__version__} sympy {sympy.__version__}".encode())
    for file in sorted(root.rglob("*.py")):
        digest.update(file.relative_to(root).as_posix().encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
