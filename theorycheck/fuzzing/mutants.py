"""Mutants of a claim: one thing spoiled each, described by exact data, so that they can be stored.

    constant        a constant of the conclusion times a factor, towards the stronger statement
    tightened       one inequality: the right-hand side lowered to `factor` of its size
    strict          one inequality: < in place of <=
    reversed        one inequality, or monotonicity, the other way round
    negated         one equality: the right-hand side with the other sign
    scaled          one equality: the right-hand side times a factor
    flipped         one equality or conservation: the last term with the other sign
    dropped         one assumption left out

Mutants that only weaken the statement are none: they must survive.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import sympy
from sympy import Expr

from theorycheck.claims import AbstractMatrix, AbstractRelation, Case, Claim, relations as r
from theorycheck.claims.matrices import Data, Sum
from theorycheck.errors import InvalidClaim, InvalidInstance
from theorycheck.fuzzing.parameters import MEANINGLESS, parameters_of, with_factor
from theorycheck.problems import Instance
from theorycheck.symbolic.signs import sign_of

__all__ = ["Mutant", "mutants_of"]

FACTORS = (Fraction(1, 2), Fraction(9, 10))
SCALING = ("constant", "tightened", "scaled")
KINDS = (*SCALING, "strict", "reversed", "negated", "flipped", "dropped")


@dataclass(frozen=True)
class Mutant:
    """One spoiled form of a claim.

    Parameters
    ----------
    kind : str                   see the list at the head of this file
    subject : str                name of a constant or an assumption, or "relation 1", ...
    factor : Fraction or None
    """

    kind: str
    subject: str
    factor: Fraction | None = None

    @property
    def name(self) -> str:
        by = "" if self.factor is None else f" {self.factor}"
        return f"{self.subject}: {self.kind}{by}"

    def of(self, claim: Claim) -> Claim:
        """The spoiled claim. Where it means nothing it raises InvalidClaim, and never holds.

        Raises
        ------
        InvalidClaim    the claim has no such constant or assumption
        """
        named = replace(claim, name=f"{claim.name} [{self.name}]")
        if self.kind == "dropped":
            kept = tuple(a for a in claim.assumptions if a.name != self.subject)
            if len(kept) == len(claim.assumptions):
                raise InvalidClaim(f"{claim.full_name} has no assumption {self.subject!r} to drop")
            return _guarded(replace(named, assumptions=kept))
        if self.kind == "constant":
            assert self.factor is not None
            if self.subject not in inspect.signature(claim.conclusion).parameters:
                raise InvalidClaim(f"{claim.full_name} has no constant {self.subject!r}")
            return _guarded(with_factor(named, self.subject, self.factor))
        return _guarded(replace(named, conclusion=self._spoiled_conclusion(claim)))

    def _spoiled_conclusion(self, claim: Claim) -> Any:
        number = self.subject.removeprefix("relation ")
        if not number.isdecimal():
            raise InvalidClaim(f"{self.subject!r} is no relation; count from relation 1")
        index = int(number) - 1

        @functools.wraps(claim.conclusion)
        def conclusion(case: Case, **changes: Any) -> list[AbstractRelation]:
            relations = list(r.relations_of(claim.conclusion(case, **changes)))
            if index < len(relations):
                relations[index] = self._spoiled(relations[index])
            return relations

        return conclusion

    def _spoiled(self, relation: AbstractRelation) -> AbstractRelation:
        """Spoil one relation; a relation that this kind does not apply to stays what it is."""
        match self.kind, relation:
            case _, r.Surrogate():
                return replace(relation, relation=self._spoiled(relation.relation))
            case "tightened", r.Comparison():
                assert self.factor is not None
                return _tightened(relation, self.factor)
            case "strict", r.Comparison():
                return replace(relation, strict=True)
            case "reversed", r.Comparison():
                return replace(relation, lhs=relation.rhs, rhs=relation.lhs)
            case "reversed", r.Monotone():
                return replace(relation, increasing=not relation.increasing)
            case "negated", r.Equality():
                return replace(relation, rhs=-relation.rhs)
            case "scaled", r.Equality():
                return replace(relation, rhs=_times(relation.rhs, self.factor))
            case "flipped", r.Equality():
                return replace(relation, rhs=_flipped(relation.rhs))
            case "flipped", r.Conserved():
                return replace(relation, term=_flipped(relation.term))
        return relation

    def to_json(self) -> dict[str, str]:
        data = {"kind": self.kind, "subject": self.subject}
        return data if self.factor is None else {**data, "factor": str(self.factor)}

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> Mutant:
        """Read what `to_json` wrote.

        Raises
        ------
        InvalidInstance    keys that are missing, or a factor that is no rational
        """
        try:
            factor = Fraction(data["factor"]) if "factor" in data else None
            made = cls(data["kind"], data["subject"], factor)
        except (ArithmeticError, KeyError, TypeError, ValueError) as error:
            raise InvalidInstance(f"the stored mutant is damaged: {error!r}") from None
        if made.kind not in KINDS or (factor is None) is (made.kind in SCALING):
            raise InvalidInstance(f"the stored mutant {dict(data)} is of no known kind")
        return made


def mutants_of(claim: Claim, instance: Instance, others: Iterable[Instance] = ()) -> list[Mutant]:
    """List the mutants of a claim; the instance shows its relations, and which way is stronger.

    Stronger factors come first: what survives 1/2 survives 9/10. A mutant that states the same as
    the claim on all these instances is none, such as a right-hand side 0 times a factor.
    """
    found = []
    for parameter in parameters_of(claim, instance):
        ways = {"smaller": (1,), "larger": (-1,), "both": (1, -1)}[parameter.stronger]
        found += [Mutant("constant", parameter.name, f**way) for way in ways for f in FACTORS]
    relations = claim.relations(Case(instance))
    for number, relation in enumerate(relations, start=1):
        subject = f"relation {number}"
        found += [Mutant(kind, subject, factor) for kind, factor in _kinds(relation)]
    shown = [(instance, relations), *((x, _stated(claim, x)) for x in others)]
    found = [m for m in found if any(_differs(m, claim, x, stated) for x, stated in shown)]
    return found + [Mutant("dropped", a.name) for a in claim.assumptions]


def _stated(claim: Claim, instance: Instance) -> tuple[AbstractRelation, ...] | None:
    """The relations of a claim; None where it means nothing."""
    try:
        return claim.relations(Case(instance))
    except MEANINGLESS:
        return None


def _differs(
    mutant: Mutant, claim: Claim, instance: Instance, stated: tuple[AbstractRelation, ...] | None
) -> bool:
    """Whether a mutant's relations are other ones than the claim's, which are `stated`."""
    spoiled = None if stated is None else _stated(mutant.of(claim), instance)
    return spoiled is not None and spoiled != stated


def _kinds(relation: AbstractRelation) -> Iterator[tuple[str, Fraction | None]]:
    match relation:
        case r.Surrogate():
            return  # a surrogate is never VIOLATED
        case r.Comparison():
            yield from (("tightened", factor) for factor in FACTORS)
            if not relation.strict:
                yield "strict", None
            yield "reversed", None
        case r.Monotone():
            yield "reversed", None
        case r.Equality():
            if not _is_zero(relation.rhs):
                yield "negated", None
                yield "scaled", FACTORS[-1]
            if _flipped(relation.rhs) != relation.rhs:
                yield "flipped", None
        case r.Conserved():
            if _flipped(relation.term) != relation.term:
                yield "flipped", None


def _tightened(relation: r.Comparison, factor: Fraction) -> r.Comparison:
    """Lower the right-hand side by 1 - factor of its size, whatever its sign."""
    share = sympy.Rational(factor.numerator, factor.denominator)
    if sign_of(relation.rhs).at_least_zero:
        return replace(relation, rhs=share * relation.rhs)
    if sign_of(relation.lhs).at_most_zero:
        return replace(relation, lhs=share * relation.lhs)
    return replace(relation, rhs=relation.rhs - (1 - share) * sympy.Abs(relation.rhs))


def _times(term: Any, factor: Fraction | None) -> Any:
    assert factor is not None
    return term * sympy.Rational(factor.numerator, factor.denominator)


def _flipped(term: Any) -> Any:
    """Change the sign of the last term of a sum; anything else stays what it is."""
    if isinstance(term, Sum):
        *others, last = term.items
        return functools.reduce(lambda a, b: a + b, others) - last
    if isinstance(term, Expr) and term.is_Add:
        last = term.args[-1]
        return term - 2 * last
    return term


def _is_zero(term: Any) -> bool:
    if isinstance(term, Data):
        return not any(x for row in term.rows for x in row)
    return not isinstance(term, AbstractMatrix) and bool(term == 0)


def _guarded(claim: Claim) -> Claim:
    """Let what breaks on an instance it was not written for be InvalidClaim."""
    kept = tuple(replace(a, predicate=_guard(a.predicate, claim.name)) for a in claim.assumptions)
    return replace(claim, conclusion=_guard(claim.conclusion, claim.name), assumptions=kept)


def _guard(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    @functools.wraps(function)
    def guarded(case: Case, **changes: Any) -> Any:
        try:
            return function(case, **changes)
        except MEANINGLESS as error:
            raise InvalidClaim(f"{name} means nothing here: {error}") from error

    return guarded
