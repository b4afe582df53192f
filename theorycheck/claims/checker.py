"""The checker: assumptions one by one, then the conclusion, up the precision ladder.

Order of decision: zero normal form; signs by structure; exact rationals and exact rings; balls at
64, 128, 256, ... bits until decided or out of budget. An overlap that shrinks with the precision
over three rungs is an equality case: UNDECIDED, reason `touching`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from theorycheck.claims import enclosing, exactly, invariants, relations as r
from theorycheck.claims.axes import Steps, Times, time
from theorycheck.claims.claim import Claim
from theorycheck.claims.existence import Existence, find_root
from theorycheck.claims.judgement import AssumptionJudgement, Judgement
from theorycheck.claims.matrices import AbstractMatrix
from theorycheck.claims.outcome import (
    FINITE_RELATION_HOLDS,
    Evidence,
    Outcome,
    holds,
    joined,
    sized,
    undecided,
)
from theorycheck.claims.places import Reach, reach_of
from theorycheck.claims.rung import Rung
from theorycheck.claims.settled import Settled
from theorycheck.claims.structural import as_comparison, by_structure, comparable
from theorycheck.claims.views import Case
from theorycheck.errors import (
    BudgetExceeded,
    DomainViolation,
    EnclosureFailed,
    InvalidClaim,
    InvalidInstance,
)  # fmt: skip
from theorycheck.problems import Instance
from theorycheck.symbolic.signs import is_total
from theorycheck.trajectories import Deadline, Effort
from theorycheck.verdicts import HOLDS, UNDECIDED, VIOLATED

__all__ = ["check", "decide", "judge"]

FIRST_BITS = 64
EXISTENCE_BITS = (64, 128)
TOUCHING_RUNGS = 3
SHRINK_BITS = 16


def ladder(max_bits: int, first: int | None = None) -> Iterator[int]:
    """64, 128, 256, ... up to max_bits (at least one rung)."""
    bits = min(first or FIRST_BITS, max_bits)
    while True:
        yield bits
        if bits >= max_bits:
            return
        bits = min(2 * bits, max_bits)


@dataclass
class _Question:
    """One relation on its way up the ladder."""

    relation: r.AbstractRelation
    answer: Outcome | None = None
    last: Outcome | None = None
    overlaps: tuple[Any, ...] = ()
    reached: Fraction | None = None

    def record(self, outcome: Outcome) -> None:
        self.last = outcome
        if outcome.verdict is not UNDECIDED:
            self.answer = outcome
            return
        if outcome.reached is not None and _near(outcome.reached, self.reached):
            self.answer = outcome  # more bits do not carry the enclosure further
            return
        self.reached = outcome.reached
        self.overlaps = (*self.overlaps, outcome.overlap)
        recent = self.overlaps[-TOUCHING_RUNGS:]
        if len(recent) == TOUCHING_RUNGS and all(w is not None for w in recent):
            factor = 2**SHRINK_BITS
            shrinks = all(b * factor <= a for a, b in pairwise(recent))
            if shrinks and recent[-1] <= 1:  # balls that blew up shrink too, and touch nothing
                width = sized(recent[-1])
                reason = f"touching: both sides agree to within {width} at {outcome.place}"
                self.answer = replace(outcome, reason=reason, touching=True)


def _near(reached: Fraction, before: Fraction | None) -> bool:
    """Whether an enclosure ended at nearly the same time as at the rung before."""
    return before is not None and abs(reached - before) * 20 <= abs(reached) + abs(before)


def decide(
    relations: Sequence[r.AbstractRelation],
    instance: Instance,
    effort: Effort,
    *,
    deadline: Deadline | None = None,
    first_bits: int | None = None,
    rungs: dict[Any, Rung] | None = None,
) -> list[Outcome]:
    """Decide relations on an instance, sharing the trajectories of each rung.

    With `rungs` the trajectories are also shared with earlier calls on the same instance whose
    relations reach as far.

    Returns one outcome per relation, in order. Never raises for a mathematical "don't know".
    """
    deadline = deadline or Deadline(effort.max_seconds)
    shared = {} if rungs is None else rungs
    relations = [_ranged(relation, instance) for relation in relations]
    questions = [_Question(relation) for relation in relations]
    for question in questions:
        question.answer = _before_balls(question.relation, instance, deadline, shared)
    open_ones = [q.relation for q in questions if q.answer is None]
    reach = reach_of((term, rel.over) for rel in open_ones for term in rel.terms())
    for bits in ladder(effort.max_bits, first_bits):
        waiting = [q for q in questions if q.answer is None]
        if not waiting:
            break
        rung = shared.setdefault(
            (bits, reach.flow, reach.descent), Rung(instance, bits, reach, deadline)
        )
        for question in waiting:
            question.record(_in_balls(question.relation, rung))
        if deadline.expired:
            break
    answers = [q.answer or q.last or undecided("no rung was tried") for q in questions]
    return [_surrogate(q.relation, a) for q, a in zip(questions, answers, strict=True)]


def _ranged(relation: r.AbstractRelation, instance: Instance) -> r.AbstractRelation:
    """Conservation without a range is meant for all times; refutations look up to the horizon."""
    if isinstance(relation, r.Surrogate):
        return replace(relation, relation=_ranged(relation.relation, instance))
    if not isinstance(relation, r.Conserved) or relation.over is not None:
        return relation
    term = relation.term
    symbols = term.free_symbols() if isinstance(term, AbstractMatrix) else term.free_symbols
    over: Times | Steps = Steps(0, 2)
    if time in symbols:
        over = Times(Fraction(0), getattr(instance, "horizon", Fraction(1)))
    return replace(relation, over=over)


def _surrogate(relation: r.AbstractRelation, outcome: Outcome) -> Outcome:
    """A finite relation decides no limit; that it holds is the only way to be open as expected."""
    if not isinstance(relation, r.Surrogate):
        return outcome
    undecided_by_it = f"'{relation.statement}' is not decided by it"
    if outcome.verdict is HOLDS:
        return replace(
            outcome, verdict=UNDECIDED, reason=f"{FINITE_RELATION_HOLDS}, {undecided_by_it}"
        )
    if outcome.verdict is VIOLATED:
        reason = f"surrogate: the finite relation fails, {undecided_by_it}; {outcome.reason}"
        return replace(outcome, verdict=UNDECIDED, reason=reason)
    return outcome


def _before_balls(
    relation: r.AbstractRelation, instance: Instance, deadline: Deadline, rungs: dict[Any, Rung]
) -> Outcome | None:
    """Stages 1 to 3, and whatever else is decided exactly."""
    try:
        reach = reach_of((term, relation.over) for term in relation.terms())
        _needs_fields(reach, instance)
        outcome = _exactly(relation, instance)
    except DomainViolation as error:
        return undecided(f"domain: {error}")
    if outcome is None or not reach.is_certain:
        return None
    if outcome.verdict is VIOLATED and outcome.place is not None:  # to the witness, no further
        reach = reach_of((term, outcome.place.as_range) for term in relation.terms())
    return _needs_existence(reach, instance, outcome, deadline, rungs)


def _needs_fields(reach: Reach, instance: Instance) -> None:
    names = ("start",) * reach.uses_start + ("step_size",) * reach.uses_descent
    for name in names:
        if name not in instance:
            raise InvalidInstance(f"the claim needs a {name}; use instance.replace({name}=...)")


def _exactly(relation: r.AbstractRelation, instance: Instance) -> Outcome | None:
    match relation:
        case r.Surrogate(_, inner):
            return _exactly(inner, instance)
        case r.Comparison():
            return by_structure(relation) or exactly.compare_exactly(relation, instance)
        case r.Equality():
            return exactly.equal_exactly(relation, instance)
        case r.Conserved():
            return exactly.conserved_exactly(relation, instance)
        case r.Monotone():
            comparison = as_comparison(relation, instance)
            total = is_total(relation.term)
            outcome = by_structure(comparison) if comparison is not None and total else None
            # a derivative of the wrong sign still has to be confirmed by two exact times
            return outcome if outcome is not None and outcome.verdict is HOLDS else None
        case Existence():
            return None
        case Settled():
            return relation.procedure()
    raise InvalidClaim(f"{type(relation).__name__} is no relation the checker knows")


def _needs_existence(
    reach: Reach, instance: Instance, outcome: Outcome, deadline: Deadline, rungs: dict[Any, Rung]
) -> Outcome:
    """A statement about the flow on [0, T] needs the flow to exist there.

    The flow of an objective that is bounded below exists for all times; of any other it is
    enclosed as far as it is needed before a verdict by structure is accepted.
    """
    if not reach.uses_flow or reach.flow == 0 or instance.objective.bounded_below:
        return outcome
    reason: Exception | None = None
    for bits in EXISTENCE_BITS:  # the rungs are those of stages 4 and 5
        rung = Rung(instance, bits, reach, deadline)
        rung = rungs.setdefault((bits, reach.flow, reach.descent), rung)
        try:
            _ = rung.flow
        except (EnclosureFailed, BudgetExceeded) as error:
            reason = error
        else:
            return outcome
    return undecided(f"the flow was not shown to exist on the whole range: {reason}")


def _in_balls(relation: r.AbstractRelation, rung: Rung) -> Outcome:
    """Stages 4 and 5 at one rung; a failure to enclose is UNDECIDED with its reason."""
    try:
        return _enclosed(relation, rung)
    except EnclosureFailed as error:
        return replace(undecided(f"enclosure: {error}"), reached=error.reached, bits=rung.bits)
    except BudgetExceeded as error:
        return undecided(f"budget: {error}; allow more with max_seconds").at_bits(rung.bits)
    except DomainViolation as error:
        return undecided(f"domain: {error}").at_bits(rung.bits)


def _enclosed(relation: r.AbstractRelation, rung: Rung) -> Outcome:
    match relation:
        case r.Surrogate(_, inner):
            return _enclosed(inner, rung)
        case r.Comparison():
            return _compared(relation, rung)
        case r.Equality():
            return _on_invariant_set(relation, rung) or enclosing.refute_equality(relation, rung)
        case r.Conserved():
            found = _on_invariant_set(relation, rung)
            return found or enclosing.refute_conservation(relation, rung)
        case r.Monotone():
            return _monotone(relation, rung)
        case Existence():
            return find_root(relation, rung.bits)
    raise InvalidClaim(f"{type(relation).__name__} is no relation the checker knows")


def _on_invariant_set(relation: r.Equality | r.Conserved, rung: Rung) -> Outcome | None:
    if relation.given is None:
        return None
    return invariants.on_invariant_set(relation, relation.given, rung)


def _compared(relation: r.Comparison, rung: Rung) -> Outcome:
    """Decide in the form that suits balls; report the margin of the relation as it is stated."""
    suited = comparable(relation)
    outcome = enclosing.compare_in_balls(suited, rung)
    if suited == relation or outcome.place is None or outcome.touching:
        return outcome
    return enclosing.with_margin_of(relation, outcome, rung)


def _monotone(relation: r.Monotone, rung: Rung) -> Outcome:
    comparison = as_comparison(relation, rung.instance)
    if comparison is not None:
        outcome = _compared(comparison, rung)
        if isinstance(relation.over, Steps):
            return outcome
        if outcome.verdict is HOLDS:  # the derivative tells only where the term is continuous
            total = is_total(relation.term) or enclosing.is_defined(
                relation.term, relation.over, rung
            )
            return outcome if total else undecided("domain: the term may be undefined somewhere")
        refuted = enclosing.refute_monotonicity(relation, rung)
        return refuted if refuted.verdict is VIOLATED else _open(outcome)
    return enclosing.refute_monotonicity(relation, rung)


def _open(outcome: Outcome) -> Outcome:
    """A derivative of the wrong sign is no violation until two exact times confirm it."""
    if outcome.verdict is not VIOLATED:
        return outcome
    return undecided("the derivative has the wrong sign, but no two probed times confirm it")


# -- the whole claim -------------------------------------------------------------------------------
def check(
    claim: Claim,
    instance: Instance | None = None,
    effort: Effort | None = None,
) -> Judgement:
    """Judge a claim on an instance (its example by default).

    Parameters
    ----------
    claim : Claim
    instance : Instance or None    None is the example; a claim without example is judged on ten
                                   instances of its family, and the most telling one is returned
    effort : Effort                bits and seconds that may be spent

    Returns
    -------
    Judgement                      verdict, margin, evidence, reason, assumptions, place; replayable

    Raises
    ------
    InvalidClaim, InvalidInstance    the claim or the instance is not well formed
    """
    if not isinstance(claim, Claim):
        raise InvalidClaim(f"check() needs a claim made with @tc.claim, got {claim!r}")
    effort = effort or Effort()
    if not isinstance(effort, Effort):
        raise InvalidInstance(f"effort={effort!r} must be tc.Effort(max_bits=..., max_seconds=...)")
    if instance is None:
        deadline = Deadline(effort.max_seconds)
        judged: list[Judgement] = []
        for drawn in claim.sample_instances():
            if not judged or not deadline.expired:
                judged.append(judge(claim, drawn, effort))
        return min(judged, key=lambda judgement: judgement.rank)
    if not isinstance(instance, Instance):
        raise InvalidClaim(f"check() needs an Instance, got {type(instance).__name__}")
    return judge(claim, instance, effort)


def judge(
    claim: Claim, instance: Instance, effort: Effort, first_bits: int | None = None
) -> Judgement:
    """Judge a claim on an instance; `check` is the door."""
    case = Case(instance)
    deadline = Deadline(effort.max_seconds)
    judged: list[AssumptionJudgement] = []
    rungs: dict[Any, Rung] = {}

    def answers(relations: Sequence[r.AbstractRelation]) -> list[Outcome]:
        return decide(
            relations, instance, effort, deadline=deadline, first_bits=first_bits, rungs=rungs
        )

    for assumption in claim.assumptions:
        relations = assumption.relations(case)
        outcomes = answers(relations)
        outcome = joined(tuple(outcomes)) if outcomes else holds(Evidence.EXACT, "nothing to check")
        judged.append(AssumptionJudgement(assumption.name, assumption.statement, outcome))
        if outcome.verdict is VIOLATED:
            reason = f"vacuous: assumption {assumption.name} fails: {outcome.reason}"
            return Judgement.made(
                claim, instance, effort, judged, replace(outcome, reason=reason), vacuous=True
            )
    unsure = [a for a in judged if a.outcome.verdict is UNDECIDED]
    if unsure:
        first = unsure[0]
        reason = f"assumption {first.name} is undecided: {first.outcome.reason}"
        return Judgement.made(
            claim, instance, effort, judged, replace(first.outcome, reason=reason)
        )
    relations = claim.relations(case)
    outcomes = answers(relations)
    outcome = joined(tuple(outcomes))
    bits = max([outcome.bits, *(a.outcome.bits for a in judged)])
    return Judgement.made(claim, instance, effort, judged, outcome.at_bits(bits))
