"""How far a claim's inequalities are from equality: the hardest instance, with certified sides.

The search is guided by floats; the ratio that is reported is a ball, at one exact instance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from math import isinf

import hypothesis

from theorycheck.claims import Claim, Judgement
from theorycheck.claims.guarded import guarded, judge_guarded
from theorycheck.claims.ratios import Sides, assumptions_hold, closest_sides, inequalities
from theorycheck.errors import InvalidClaim, InvalidInstance, TheorycheckError
from theorycheck.exact import nearest_float
from theorycheck.fuzzing.brackets import bracket
from theorycheck.fuzzing.coordinates import climb
from theorycheck.fuzzing.options import searched_family
from theorycheck.fuzzing.parameters import parameters_of
from theorycheck.fuzzing.records import Records, key_of
from theorycheck.fuzzing.shards import SHARD, Search
from theorycheck.fuzzing.tightness import Attained, Tightness
from theorycheck.problems import Family, Instance
from theorycheck.trajectories import Deadline, Effort
from theorycheck.verdicts import HOLDS, VIOLATED

__all__ = ["Attained", "Tightness", "hardest_instances", "tighten"]

DEFAULT_EFFORT = Effort(max_bits=256, max_seconds=5.0)
SEARCH_BITS = 64
LOCAL_EVALUATIONS = 80
ROUNDS = 4
WORTH = 1e-3
"""A round of local search is followed by another if it gains this share."""
SEARCH_SHARE = 0.6
"""Of the seconds; the rest is for constants that are parameters."""
CLOSER = 2
ENOUGH = Fraction(1, 2**48)
"""Relative radius at which a certified ratio needs no more bits."""
ATTAINED = 1 - 2.0**-40
POOL = 12
"""Hardest instances on which a constant is tried."""


def tighten(
    claim: Claim,
    *,
    seed: int = 0,
    max_examples: int = 100,
    effort: Effort | None = None,
    family: Family | None = None,
    max_seconds: float | None = 50.0,
) -> Tightness:
    """Search for the instance on which the sides of a claim's inequalities come closest.

    Targeted search over the family, then local search in the continuous entries of the best
    instances (which may leave the family, never the assumptions), then certification in balls.

    Parameters
    ----------
    claim : Claim
    seed : int
    max_examples : int      instances to draw
    effort : Effort         per instance; 256 bits and 5 seconds by default
    family : Family         instead of the claim's own
    max_seconds : float     of the whole search; what was found by then is certified

    Returns
    -------
    Tightness               .constant, .instance, .bracket, .attained, .parameters

    Raises
    ------
    InvalidClaim            no family, or no inequality with a ratio (equalities have none)
    InvalidInstance         options out of range
    """
    chosen = searched_family("tighten", claim, family, effort, seed=seed, max_examples=max_examples)
    claim = guarded(claim)
    effort = effort or DEFAULT_EFFORT
    whole = Deadline(max_seconds)
    share = None if max_seconds is None else SEARCH_SHARE * max_seconds
    hunt = _Hunt(claim, effort, Deadline(share))
    hunt.draw(chosen, seed, max_examples)
    hunt.refine()
    violation = hunt.violation(whole)
    if not hunt.best and violation is None:
        raise InvalidClaim(
            f"{claim.full_name}: no instance has an inequality with a ratio to tighten; "
            + (next(iter(hunt.errors)) if hunt.errors else
               "equalities and conservation have none (theorycheck fuzz refutes them)")
        )  # fmt: skip
    attained = tuple(hunt.certified(i) for i in sorted(hunt.best))
    pool = hunt.hardest(POOL)
    brackets = [
        bracket(claim, parameter, pool, effort, whole)
        for parameter in (parameters_of(claim, pool[0]) if attained else [])
    ]
    return Tightness(
        claim.full_name, seed, len(hunt.seen), hunt.local, attained,
        tuple(b for b in brackets if b is not None), claim.expected is HOLDS, violation,
        violation is not None and key_of(violation.instance) not in hunt.seen,
        dict(hunt.errors.most_common()),
    )  # fmt: skip


def hardest_instances(
    claim: Claim, family: Family, *, seed: int, max_examples: int, effort: Effort,
    max_seconds: float | None, count: int,
) -> list[Instance]:  # fmt: skip
    """The instances on which a claim's inequalities come closest to equality, as `tighten` sees."""
    hunt = _Hunt(guarded(claim), effort, Deadline(max_seconds))
    hunt.draw(family, seed, max_examples)
    hunt.refine()
    return hunt.hardest(count)


class _Hunt:
    """Evaluate ratios and keep the best instance of each inequality."""

    def __init__(self, claim: Claim, effort: Effort, deadline: Deadline) -> None:
        self.claim, self.effort, self.deadline = claim, effort, deadline
        self.seen: dict[str, tuple[Instance, dict[int, float]]] = {}
        self.best: dict[int, tuple[Sides, Instance]] = {}
        self.local = 0
        self.errors: Counter[str] = Counter()

    def sides(self, instance: Instance) -> dict[int, Sides | None]:
        """Both sides of each inequality where they come closest; empty where nothing is claimed."""
        try:
            return self._sides(instance)
        except TheorycheckError:
            return {}

    def _sides(self, instance: Instance) -> dict[int, Sides | None]:
        if not assumptions_hold(self.claim, instance, self.effort):
            return {}
        stated = inequalities(self.claim, instance)
        found = closest_sides(list(stated.values()), instance, SEARCH_BITS, self.effort)
        return dict(zip(stated, found, strict=True))

    @property
    def finished(self) -> bool:
        """Nothing better can be found: out of time, or every ratio seen is 1 (or beyond)."""
        attained = [ratio_of(sides) >= ATTAINED for sides, _ in self.best.values()]
        enough = sum(1 for _, ratios in self.seen.values() if ratios) >= POOL
        return self.deadline.expired or (enough and all(attained) and len(attained) > 0)

    def draw(self, family: Family, seed: int, examples: int) -> None:
        search = Search(self.claim, family, self.effort, Records())

        def body(instance: Instance) -> None:
            if self.finished:
                return
            key = key_of(instance)
            if key not in self.seen:
                self.seen[key] = instance, self._see(instance)
            for i, ratio in self.seen[key][1].items():
                hypothesis.target(bounded(ratio), label=f"relation {i}")

        for shard in range(-(-examples // SHARD)):
            search.explore(seed, shard, min(SHARD, examples - shard * SHARD), body)

    def _see(self, instance: Instance) -> dict[int, float]:
        try:
            found = self._sides(instance)
        except TheorycheckError as error:
            if isinstance(error, (InvalidClaim, InvalidInstance)):
                self.errors[f"{type(error).__name__}: {error}"] += 1
            return {}
        for i, sides in found.items():
            if sides is not None and (
                i not in self.best or ratio_of(sides) > ratio_of(self.best[i][0])
            ):
                self.best[i] = sides, instance
        return {i: ratio_of(sides) for i, sides in found.items()}

    def refine(self) -> None:
        """Climb from the best instance of each inequality."""
        for i, (sides, _) in list(self.best.items()):
            ratio = ratio_of(sides)
            for _ in range(ROUNDS):
                if ratio >= ATTAINED or self.deadline.expired:
                    break
                before = ratio
                self._climb(i, ratio, self.best[i][1])
                ratio = ratio_of(self.best[i][0])
                if ratio - before <= WORTH * ratio:
                    break

    def _climb(self, i: int, ratio: float, start: Instance) -> None:
        def one(instance: Instance) -> float:
            if self.deadline.expired:
                return -1.0
            self.local += 1
            return bounded(ratio_of(self.sides(instance).get(i)))

        better, reached = climb(one, start, LOCAL_EVALUATIONS)
        if reached > bounded(ratio):
            found = self.sides(better)
            for j, sides in found.items():
                if sides is not None and ratio_of(sides) > ratio_of(self._best_of(j)):
                    self.best[j] = sides, better

    def _best_of(self, i: int) -> Sides | None:
        return self.best[i][0] if i in self.best else None

    def violation(self, deadline: Deadline) -> Judgement | None:
        """Judge where a side passes the other, or reaches it; without ratios, wherever drawn."""
        beyond = sorted(self.best.values(), key=lambda pair: -ratio_of(pair[0]))
        suspects: Iterable[Instance] = [x for sides, x in beyond if ratio_of(sides) >= ATTAINED]
        if not self.best:
            suspects = [instance for instance, ratios in self.seen.values() if ratios]
        for instance in suspects:
            if deadline.expired:
                break
            try:
                judgement = judge_guarded(self.claim, instance, self.effort)
            except TheorycheckError:
                continue
            if judgement.verdict is VIOLATED and not judgement.vacuous:
                return judgement
        return None

    def certified(self, i: int) -> Attained:
        """Enclose the ratio at the best instance, at enough bits."""
        found, instance = self.best[i]
        relation, bits = inequalities(self.claim, instance)[i], SEARCH_BITS
        while True:
            (sides,) = closest_sides([relation], instance, bits, self.effort, closer=CLOSER)
            found = found if sides is None else sides
            if bits >= self.effort.max_bits or _is_sharp(found):
                break
            bits = min(2 * bits, self.effort.max_bits)
        return Attained(i, found.ratio, found.lhs, found.rhs, instance, str(found.place))

    def hardest(self, count: int) -> list[Instance]:
        """The instances of greatest ratio: the best of each inequality, then drawn ones."""
        best = sorted(self.best.values(), key=lambda pair: -ratio_of(pair[0]))
        drawn = sorted(
            (pair for pair in self.seen.values() if pair[1]),
            key=lambda pair: -max(pair[1].values()),
        )
        instances = [instance for _, instance in best] + [instance for instance, _ in drawn]
        return list(dict.fromkeys(instances))[:count]


def ratio_of(sides: Sides | None) -> float:
    """The certified lower end of a ratio, for ranking; -1 for no ratio."""
    return -1.0 if sides is None else max(0.0, nearest_float(sides.ratio.lower))


def bounded(ratio: float) -> float:
    """Map a ratio to [0, 1); no ratio to -1."""
    return -1.0 if ratio < 0 else 1.0 if isinf(ratio) else ratio / (1 + ratio)


def _is_sharp(sides: Sides) -> bool:
    return sides.ratio.radius <= ENOUGH * max(abs(sides.ratio.midpoint), ENOUGH)
