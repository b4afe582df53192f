"""Stages 4 and 5: decide by balls that contain the truth, at one rung of the precision ladder.

At a point and at each step the ball of rhs - lhs decides. Over an interval of times the interval
is covered by boxes; each box is enclosed as a whole, directly and through the derivative (mean
value form). No list of points ever gives HOLDS over an interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from math import isfinite
from typing import Any

from sympy import Expr

from theorycheck import balls
from theorycheck.balls import Ball
from theorycheck.claims import matrices as m, relations as r
from theorycheck.claims.axes import Steps, Times, time
from theorycheck.claims.derivatives import NotDifferentiable, derivative
from theorycheck.claims.exactly import exact_sign
from theorycheck.claims.outcome import Evidence, Outcome, sized, undecided
from theorycheck.claims.places import Place
from theorycheck.claims.rung import GUARD_BITS, Rung
from theorycheck.errors import DomainViolation, short_text
from theorycheck.symbolic.signs import is_total
from theorycheck.verdicts import HOLDS, UNDECIDED, VIOLATED, Verdict

__all__ = [
    "compare_in_balls", "is_defined", "refute_conservation", "refute_equality",
    "refute_monotonicity", "with_margin_of",
]  # fmt: skip

PROBES = 8
MAX_BOXES = 20_000
MAX_DEPTH = 40
CONTACT_ORDERS = 3


@dataclass
class _Worst:
    """Keep the place of least relative margin; floats only rank places, they decide nothing."""

    relation: r.Comparison
    place: Place | None = None
    ball: Any = None
    relative: float | None = None

    def see(self, rung: Rung, ball: Any, place: Place) -> None:
        with balls.precision(rung.bits + GUARD_BITS):
            right = abs(float(rung.value(self.relation.rhs, place).mid()))
            left = abs(float(rung.value(self.relation.lhs, place).mid()))
        scale = max(left, right)
        low = float(balls.lower_real(ball))
        relative = low / scale if scale > 0 and isfinite(scale) else 0.0
        if self.relative is None or relative < self.relative:
            self.relative, self.place, self.ball = relative, place, ball

    def meet(self, ball: Any, place: Place) -> None:
        """Both sides agree exactly at this place."""
        if self.relative is None or self.relative > 0.0:
            self.relative, self.place, self.ball = 0.0, place, ball

    def outcome(self, verdict: Verdict, rung: Rung, reason: str = "") -> Outcome:
        margin = None if self.ball is None else Ball.wrap(self.ball, rung.bits)
        return Outcome(
            verdict, Evidence.ENCLOSURE, reason, margin, self.relative, self.place, rung.bits
        )


def sign_verdict(ball: Any, *, strict: bool) -> Verdict:
    """HOLDS iff the ball of rhs - lhs proves the relation, VIOLATED iff it refutes it."""
    return balls.positive(ball) if strict else balls.nonnegative(ball)


def compare_in_balls(relation: r.Comparison, rung: Rung) -> Outcome:
    """Decide a comparison at one rung.

    Raises
    ------
    EnclosureFailed, BudgetExceeded, DomainViolation
    """
    if relation.over is None:
        return _at_places(relation, rung, [Place()])
    if isinstance(relation.over, Steps):
        over = relation.over
        return _at_places(
            relation, rung, (Place.at_step(k) for k in range(over.start, over.end + 1))
        )
    return _Cover(relation, relation.over, rung).decide()


def with_margin_of(relation: r.Comparison, outcome: Outcome, rung: Rung) -> Outcome:
    """Replace margin and relative margin by those of the relation as stated, at the same place."""
    assert outcome.place is not None
    found = _Worst(relation)
    try:
        found.see(rung, rung.value(relation.rhs - relation.lhs, outcome.place), outcome.place)
    except DomainViolation:
        return outcome
    stated = found.outcome(outcome.verdict, rung)
    if outcome.relative_margin == 0.0:
        return replace(outcome, margin=stated.margin)
    return replace(outcome, margin=stated.margin, relative_margin=stated.relative_margin)


def _at_places(relation: r.Comparison, rung: Rung, places: Any) -> Outcome:
    """Decide at finitely many places: the point itself, or every step of the range."""
    difference = relation.rhs - relation.lhs
    worst, open_place = _Worst(relation), None
    open_ball: Any = None
    for place in places:
        ball = rung.value(difference, place)
        verdict = sign_verdict(ball, strict=relation.strict)
        if verdict is UNDECIDED:
            verdict = _exact_verdict(difference, relation, rung, place)
            if verdict is HOLDS:
                worst.meet(ball, place)
                continue
        if verdict is VIOLATED:
            found = _Worst(relation)
            found.see(rung, ball, place)
            return found.outcome(VIOLATED, rung, f"rhs - lhs is negative at {place}")
        if verdict is UNDECIDED:
            if open_place is None:
                open_place, open_ball = place, ball
        else:
            worst.see(rung, ball, place)
    if open_place is not None:
        return _overlap(relation, rung, open_ball, open_place)
    return worst.outcome(HOLDS, rung)


def _exact_verdict(difference: Expr, relation: r.Comparison, rung: Rung, place: Place) -> Verdict:
    if place.low > 1:
        return UNDECIDED
    sign = exact_sign(difference, rung.instance, place)
    if sign is None:
        return UNDECIDED
    # what is undefined may have cancelled from the difference: both sides must have a value
    for side in (relation.lhs, relation.rhs):
        rung.value(side, place)
    return HOLDS if sign > 0 or (sign == 0 and not relation.strict) else VIOLATED


def _overlap(relation: r.Comparison, rung: Rung, ball: Any, place: Place) -> Outcome:
    width = balls.width(ball)
    found = _Worst(relation)
    found.see(rung, ball, place)
    base = found.outcome(UNDECIDED, rung)
    reason = f"rhs - lhs is enclosed in a ball around 0 of width {sized(width)} at {place}"
    return Outcome(
        UNDECIDED, Evidence.ENCLOSURE, reason, base.margin, base.relative_margin, place,
        rung.bits, overlap=width,
    )  # fmt: skip


class _Cover:
    """Cover an interval of times by boxes on which the relation is decided as a whole."""

    def __init__(self, relation: r.Comparison, over: Times, rung: Rung) -> None:
        self.relation, self.over, self.rung = relation, over, rung
        self.difference = relation.rhs - relation.lhs
        # the first for the mean value form; the others are differentiated where sides touch
        self._further = self._derivatives()
        self.slopes = list(islice(self._further, 1))
        # what is undefined somewhere may cancel from the difference, or from its derivative
        self.partial = [s for s in (relation.lhs, relation.rhs) if not is_total(s)]
        self.worst = _Worst(relation)

    def _derivatives(self) -> Iterator[Expr]:
        """The difference's derivatives along the flow, as many as are known by structure."""
        current = self.difference
        for _ in range(CONTACT_ORDERS):
            try:
                current = derivative(current, self.rung.instance)
            except NotDifferentiable:
                return
            yield current

    def decide(self) -> Outcome:
        low, high = self.over.start, self.over.end
        probed = self._probe(low, high)
        if probed is not None:
            return probed
        boxes = [(low, high, 0)]
        count = 0
        open_box: tuple[Fraction, Fraction] | None = None
        while boxes:
            a, b, depth = boxes.pop()
            count += 1
            verdict = self._box(a, b)
            if verdict is VIOLATED:
                return self._violation(Place.at_time((a + b) / 2))
            if verdict is HOLDS:
                continue
            if depth >= MAX_DEPTH or count >= MAX_BOXES or a == b:
                open_box = (a, b)
                break
            middle = (a + b) / 2
            boxes.append((middle, b, depth + 1))
            boxes.append((a, middle, depth + 1))
        if open_box is None:
            return self.worst.outcome(HOLDS, self.rung)
        return self._open(*open_box)

    # -- exact times: violations and equality cases ------------------------------------------------
    def _probe(self, low: Fraction, high: Fraction) -> Outcome | None:
        touching: Outcome | None = None
        for i in range(PROBES + 1):
            place = Place.at_time(low + (high - low) * i / PROBES)
            ball = self.rung.value(self.difference, place)
            verdict = sign_verdict(ball, strict=self.relation.strict)
            if verdict is UNDECIDED:
                verdict = self._contact(place)
                if verdict is HOLDS:
                    self.worst.meet(ball, place)
                    continue
            if verdict is VIOLATED:
                return self._violation(place)
            if verdict is UNDECIDED and touching is None:
                touching = _overlap(self.relation, self.rung, ball, place)
            self.worst.see(self.rung, ball, place)
        return touching

    def _contact(self, place: Place) -> Verdict:
        """At the start both sides may agree exactly: fine for <=, if boxes show the rest."""
        if place.low != self.over.start:
            return UNDECIDED
        sign = exact_sign(self.difference, self.rung.instance, place)
        if sign is None:
            return UNDECIDED
        if sign == 0 and not self.relation.strict:
            return HOLDS if self._contact_order() is not None else UNDECIDED
        return HOLDS if sign > 0 else VIOLATED

    def _contact_order(self) -> int | None:
        """The order of the first derivative that is not exactly 0 at the start (0: no contact)."""
        place = Place.at_time(self.over.start)
        sign = exact_sign(self.difference, self.rung.instance, place)
        if sign != 0:
            return None if sign is None else 0
        for order in range(1, CONTACT_ORDERS + 1):
            if len(self.slopes) < order:
                self.slopes.extend(islice(self._further, 1))
            if len(self.slopes) < order:
                return None
            if exact_sign(self.slopes[order - 1], self.rung.instance, place) != 0:
                return order
        return None

    def _violation(self, place: Place) -> Outcome:
        ball = self.rung.value(self.difference, place)
        found = _Worst(self.relation)
        found.see(self.rung, ball, place)
        verdict = sign_verdict(ball, strict=self.relation.strict)
        if verdict is UNDECIDED and place.low == self.over.start:
            sign = exact_sign(self.difference, self.rung.instance, place)
            if sign is not None and (sign < 0 or (sign == 0 and self.relation.strict)):
                verdict = VIOLATED
        if verdict is not VIOLATED:
            return undecided(
                f"refuted on a box, but the ball at {place} does not confirm it", place
            )
        return found.outcome(VIOLATED, self.rung, f"rhs - lhs is negative at {place}")

    # -- whole boxes -------------------------------------------------------------------------------
    def _box(self, a: Fraction, b: Fraction) -> Verdict:
        place = Place.over_times(a, b)
        attempts: list[Callable[[Fraction, Fraction, Place], Verdict]] = [self._directly]
        if a < b:
            attempts.append(self._by_mean_value if self.slopes else self._at_centre)
        if a == self.over.start and not self.relation.strict:
            attempts.append(self._after_contact)
        try:
            for side in self.partial:
                self.rung.value(side, place)
        except DomainViolation:
            attempts = [self._at_centre]
        for attempt in attempts:
            try:
                verdict = attempt(a, b, place)
            except DomainViolation:
                continue  # a wide box may leave the domain where its halves do not
            if verdict is not UNDECIDED:
                return verdict
        return UNDECIDED

    def _directly(self, a: Fraction, b: Fraction, place: Place) -> Verdict:
        direct = self.rung.value(self.difference, place)
        return sign_verdict(direct, strict=self.relation.strict)

    def _at_centre(self, a: Fraction, b: Fraction, _place: Place) -> Verdict:
        """One time can refute the relation on the box, not prove it."""
        centre = self.rung.value(self.difference, Place.at_time((a + b) / 2))
        refuted = sign_verdict(centre, strict=self.relation.strict) is VIOLATED
        return VIOLATED if refuted else UNDECIDED

    def _by_mean_value(self, a: Fraction, b: Fraction, place: Place) -> Verdict:
        """D(t) in D(c) + D'([a, b]) (t - c), for every t in [a, b]."""
        middle = (a + b) / 2
        centre = self.rung.value(self.difference, Place.at_time(middle))
        if sign_verdict(centre, strict=self.relation.strict) is VIOLATED:
            return VIOLATED
        slope = self.rung.value(self.slopes[0], place)
        with balls.precision(self.rung.bits + GUARD_BITS):
            ball = centre + slope * balls.interval(a - middle, b - middle)
        return sign_verdict(ball, strict=self.relation.strict)

    def _after_contact(self, a: Fraction, b: Fraction, place: Place) -> Verdict:
        """D, ..., D^(m-1) vanish exactly at the start: the sign of D^(m) on the box decides.

        By Taylor's formula D(t) = D^(m)(s) (t - a)^m / m! for some s between a and t.
        """
        order = self._contact_order()
        if not order:
            return UNDECIDED
        verdict = balls.nonnegative(self.rung.value(self.slopes[order - 1], place))
        return HOLDS if verdict is HOLDS else UNDECIDED

    def _open(self, a: Fraction, b: Fraction) -> Outcome:
        place = Place.at_time((a + b) / 2)
        ball = self.rung.value(self.difference, place)
        if sign_verdict(ball, strict=self.relation.strict) is UNDECIDED:
            return _overlap(self.relation, self.rung, ball, place)
        reason = f"no box of width {short_text(b - a, 3)} around {place} could be decided; "
        return undecided(reason + "allow more seconds or shorten the horizon", place)


def is_defined(expression: Expr, over: Times, rung: Rung) -> bool:
    """Tell whether an expression is defined, hence continuous, on all of an interval."""
    boxes = [(over.start, over.end)]
    for _ in range(MAX_BOXES):
        if not boxes:
            return True
        a, b = boxes.pop()
        try:
            rung.value(expression, Place.over_times(a, b))
        except DomainViolation:
            if (b - a) * 2**MAX_DEPTH <= over.end - over.start:
                return False
            boxes += [((a + b) / 2, b), (a, (a + b) / 2)]
    return False


# -- refutations ---------------------------------------------------------------------------------
def _probe_places(over: r.Over) -> list[Place]:
    if over is None:
        return [Place()]
    if isinstance(over, Steps):
        count = min(PROBES, over.end - over.start)
        ks = {over.start + (over.end - over.start) * i // max(count, 1) for i in range(count + 1)}
        return [Place.at_step(k) for k in sorted(ks)]
    span = over.end - over.start
    return [Place.at_time(over.start + span * i / PROBES) for i in range(PROBES + 1)]


def refute_equality(relation: r.Equality, rung: Rung) -> Outcome:
    """Refute an equality by a ball of the difference that excludes 0; never confirm it."""
    left: Any = relation.lhs
    difference = left - relation.rhs
    width = Fraction(0)
    for place in _probe_places(relation.over):
        for ball in _entries(difference, rung, place):
            if balls.positive(ball) is HOLDS or balls.negative(ball) is HOLDS:
                for side in (left, relation.rhs):
                    _entries(side, rung, place)  # both are defined, or DomainViolation
                margin = Ball.wrap(ball, rung.bits)
                reason = f"the sides differ at {place}"
                return Outcome(VIOLATED, Evidence.ENCLOSURE, reason, margin, None, place, rung.bits)
            width = max(width, balls.width(ball))
    reason = (
        f"no exact ring decides the equality; in balls the sides agree to {sized(width)}, "
        "which cannot confirm it: give a proof or a closed-form solution"
    )
    return undecided(reason).at_bits(rung.bits)


def _entries(term: Any, rung: Rung, place: Place) -> list[Any]:
    if isinstance(term, m.AbstractMatrix):
        return list(balls.BallAlgebra.scalars(rung.matrix(term, place)))
    return [rung.value(term, place)]


def refute_conservation(relation: r.Conserved, rung: Rung) -> Outcome:
    """Refute conservation by two exact places with disjoint values."""
    term: Any = relation.term
    symbols = term.free_symbols() if isinstance(term, m.AbstractMatrix) else term.free_symbols
    over = relation.over
    if over is None:
        over = Times(Fraction(0), rung.reach.flow) if time in symbols else Steps(0, 1)
    places = _probe_places(over)
    first = _entries(term, rung, places[0])
    for place in places[1:]:
        for before, after in zip(first, _entries(term, rung, place), strict=True):
            with balls.precision(rung.bits):
                moved = after - before
            if balls.positive(moved) is HOLDS or balls.negative(moved) is HOLDS:
                margin = Ball.wrap(moved, rung.bits)
                reason = f"the value at {place} differs from that at {places[0]}"
                return Outcome(VIOLATED, Evidence.ENCLOSURE, reason, margin, None, place, rung.bits)
    return undecided("no exact ring shows conservation, and balls can only refute it")


def refute_monotonicity(relation: r.Monotone, rung: Rung) -> Outcome:
    """Refute monotonicity by two exact places s < t with values certainly in the wrong order."""
    places = _probe_places(relation.over)
    values = [rung.value(relation.term, place) for place in places]
    for i, early in enumerate(values):
        for j in range(i + 1, len(values)):
            with balls.precision(rung.bits):
                rise = values[j] - early
            wrong = balls.negative(rise) if relation.increasing else balls.positive(rise)
            if wrong is HOLDS:
                margin = Ball.wrap(rise if relation.increasing else -rise, rung.bits)
                reason = f"the value at {places[j]} is on the wrong side of that at {places[i]}"
                return Outcome(
                    VIOLATED, Evidence.ENCLOSURE, reason, margin, None, places[j], rung.bits
                )
    return undecided("the sign of the derivative is not decided, and no two times refute it")
