"""How far a claim's inequalities are from equality: the hardest instance, with certified sides.

The search is guided by floats; the ratio that is reported is a ball, at one exact instance.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal
from fractions import Fraction

import hypothesis

from theorycheck.balls import Ball
from theorycheck.claims import Claim
from theorycheck.claims.ratios import Sides, assumptions_hold, closest_sides, inequalities
from theorycheck.errors import InvalidClaim, InvalidInstance, TheorycheckError
from theorycheck.fuzzing.brackets import ConstantBracket, bracket
from theorycheck.fuzzing.coordinates import climb
from theorycheck.fuzzing.parameters import parameters_of
from theorycheck.fuzzing.records import Records, key_of
from theorycheck.fuzzing.shards import SHARD, Search
from theorycheck.problems import Family, Instance
from theorycheck.trajectories import Deadline, Effort
from theorycheck.verdicts import HOLDS

__all__ = ["Attained", "Tightness", "hardest_instances", "tighten"]

DEFAULT_EFFORT = Effort(max_bits=256, max_seconds=5.0)
SEARCH_BITS = 64
LOCAL_EVALUATIONS = 80
ROUNDS = 4
WORTH = 1e-3
"""A round of local search is followed by another if it gains this share."""
DIGITS = 12
SEARCH_SHARE = 0.6
"""Of the seconds; the rest is for constants that are parameters."""
CLOSER = 2
ENOUGH = Fraction(1, 2**48)
"""Relative radius at which a certified ratio needs no more bits."""
ATTAINED = 1 - 2.0**-40
POOL = 12
"""Hardest instances on which a constant is tried."""


@dataclass(frozen=True)
class Attained:
    """The greatest ratio seen of one inequality.

    Parameters
    ----------
    relation : int        its number in the conclusion, from 1
    ratio : Ball          contains lhs / rhs at the place (rhs / lhs for a lower bound)
    lhs, rhs : Ball       both sides there
    instance : Instance   exact; every assumption certainly holds
    where : str
    """

    relation: int
    ratio: Ball
    lhs: Ball
    rhs: Ball
    instance: Instance
    where: str

    def __str__(self) -> str:
        return f"relation {self.relation}: ratio {self.ratio} at {self.where}"


@dataclass(frozen=True)
class Tightness:
    """What a search for equality saw.

    Parameters
    ----------
    claim : str
    seed, examples, local : int    instances drawn (distinct ones), and evaluated by local search
    attained : tuple of Attained   one per inequality that ever had a ratio, in their order
    parameters : tuple of ConstantBracket    for constants that are arguments of the conclusion
    expects_to_hold : bool
    outside : Instance or None    violates the claim and meets its assumptions, but is not of the
                                  family: the family assumes something that the claim does not say
    """

    claim: str
    seed: int
    examples: int
    local: int
    attained: tuple[Attained, ...]
    parameters: tuple[ConstantBracket, ...]
    expects_to_hold: bool
    outside: Instance | None = None

    @property
    def worst(self) -> Attained:
        """The inequality that comes closest to equality."""
        return max(self.attained, key=lambda a: a.ratio.lower)

    @property
    def constant(self) -> Ball:
        """Ball around the best constant seen: `worst.ratio`, attained by `instance`."""
        return self.worst.ratio

    @property
    def instance(self) -> Instance:
        return self.worst.instance

    @property
    def bracket(self) -> tuple[Fraction, Fraction | None]:
        """Ends of the best constant: the least c with lhs <= c rhs (or rhs >= c lhs) throughout.

        The lower end is certified by the instance. The upper end is 1 by the claim itself; None
        where the claim is not expected to hold, or is refuted by the instance.
        """
        low = self.constant.lower
        return low, (Fraction(1) if self.expects_to_hold and low <= 1 else None)

    def __str__(self) -> str:
        low, high = self.bracket
        end = "no upper end]" if high is None else f"{high} (the claim itself)]"
        return (
            f"{self.claim}: {self.examples} instances, {self.local} more by local search\n"
            + "\n".join(f"  {found}" for found in self.attained)
            + f"\n  best constant in [{rounded_down(low)} (certified), {end}"
            + "".join(f"\n  {found}" for found in self.parameters)
        )


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
    chosen = _checked(claim, family, max_examples)
    effort = effort or DEFAULT_EFFORT
    whole = Deadline(max_seconds)
    share = None if max_seconds is None else SEARCH_SHARE * max_seconds
    hunt = _Hunt(claim, effort, Deadline(share))
    hunt.draw(chosen, seed, max_examples)
    if not hunt.best:
        raise InvalidClaim(
            f"{claim.full_name}: no instance has an inequality with a ratio to tighten; "
            "equalities and conservation have none (theorycheck fuzz refutes them)"
        )
    hunt.refine()
    attained = tuple(hunt.certified(i) for i in sorted(hunt.best))
    pool = hunt.hardest(POOL)
    brackets = [
        bracket(claim, parameter, pool, effort, whole)
        for parameter in parameters_of(claim, pool[0])
    ]
    return Tightness(
        claim.full_name, seed, len(hunt.seen), hunt.local, attained,
        tuple(b for b in brackets if b is not None), claim.expected is HOLDS, hunt.outside,
    )  # fmt: skip


def hardest_instances(
    claim: Claim, family: Family, *, seed: int, max_examples: int, effort: Effort,
    max_seconds: float | None, count: int,
) -> list[Instance]:  # fmt: skip
    """The instances on which a claim's inequalities come closest to equality, as `tighten` sees."""
    hunt = _Hunt(claim, effort, Deadline(max_seconds))
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
        self.outside: Instance | None = None

    def sides(self, instance: Instance) -> dict[int, Sides | None]:
        """Both sides of each inequality where they come closest; empty where nothing is claimed."""
        try:
            if not assumptions_hold(self.claim, instance, self.effort):
                return {}
            stated = inequalities(self.claim, instance)
            found = closest_sides(list(stated.values()), instance, SEARCH_BITS, self.effort)
        except TheorycheckError:
            return {}
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
        found = self.sides(instance)
        for i, sides in found.items():
            if sides is not None and (
                i not in self.best or ratio_of(sides) > ratio_of(self.best[i][0])
            ):
                self.best[i] = sides, instance
        return {i: ratio_of(sides) for i, sides in found.items()}

    def refine(self) -> None:
        """Climb from the best instance of each inequality.

        Where an instance outside the family violates the claim, the family itself assumes
        something: then nothing outside it counts.
        """
        drawn = dict(self.best)
        for i, (sides, _) in drawn.items():
            ratio = ratio_of(sides)
            for _ in range(ROUNDS):
                if ratio >= ATTAINED or self.deadline.expired or self.outside is not None:
                    break
                before = ratio
                self._climb(i, ratio, self.best[i][1])
                ratio = ratio_of(self.best[i][0])
                if ratio - before <= WORTH * ratio:
                    break
        if self.outside is not None:
            self.best = drawn

    def _climb(self, i: int, ratio: float, start: Instance) -> None:
        most = max(ratio_of(sides) for sides, _ in self.best.values())

        def one(instance: Instance) -> float:
            if self.deadline.expired or self.outside is not None:
                return -1.0
            self.local += 1
            ratios = {j: ratio_of(sides) for j, sides in self.sides(instance).items()}
            if max(ratios.values(), default=0.0) > 1 >= most:
                self.outside = instance
                return -1.0
            return bounded(ratios.get(i, -1.0))

        better, reached = climb(one, start, LOCAL_EVALUATIONS)
        if reached > bounded(ratio) and self.outside is None:
            found = self.sides(better).get(i)
            if found is not None:
                self.best[i] = found, better

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
    return -1.0 if sides is None else max(0.0, float(sides.ratio.lower))


def rounded_down(value: Fraction) -> str:
    """Write a number with 12 significant digits, never above it."""
    context = Context(prec=DIGITS, rounding=ROUND_FLOOR)
    return str(context.divide(Decimal(value.numerator), Decimal(value.denominator)))


def bounded(ratio: float) -> float:
    """Map a ratio to [0, 1); no ratio to -1."""
    return ratio / (1 + ratio) if ratio >= 0 else -1.0


def _is_sharp(sides: Sides) -> bool:
    return sides.ratio.radius <= ENOUGH * max(abs(sides.ratio.midpoint), ENOUGH)


def _checked(claim: Claim, family: Family | None, max_examples: int) -> Family:
    if not isinstance(claim, Claim):
        raise InvalidClaim(f"tighten() needs a claim made with @tc.claim, got {claim!r}")
    chosen = family or claim.family
    if chosen is None:
        raise InvalidClaim(
            f"{claim.full_name} has no family to search; give family=tc.families.deep_linear(...)"
        )
    if isinstance(max_examples, bool) or not isinstance(max_examples, int) or max_examples < 1:
        raise InvalidInstance(f"max_examples={max_examples!r} must be an int of at least 1")
    return chosen
