"""The gradient flow of fully connected nets with kinks: across them where it can be certified.

The switching functions are the pre-activations. Behind the first hidden layer a pre-activation
depends on the signs before it: it is a polynomial for every pattern of the layers before, and all
of them are switches; at those of other patterns than the running one both fields agree, so that
they are crossed without effect. Nets with too many switches are enclosed inside one region only:
the solution of the smooth extension is the flow as long as all its pre-activations keep their sign.

Both ways give the Filippov solution of the gradient field, which is unique where it is certified.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import sympy

from theorycheck.balls import BallAlgebra, interval, precision
from theorycheck.balls.series import column_of, split_column
from theorycheck.errors import EnclosureFailed, short_text
from theorycheck.problems.fully_connected import FullyConnectedObjective, KinkMet, Pattern, Unit
from theorycheck.symbolic.algebra import SymbolicArithmetic
from theorycheck.trajectories.flow import Flow, flow
from theorycheck.trajectories.integrate import GUARD_BITS
from theorycheck.trajectories.kinked import KinkedFlow, KinkEvent, KinkFailed
from theorycheck.trajectories.kinks import kinked_flow
from theorycheck.trajectories.network_maps import parameter_symbols, written_out
from theorycheck.trajectories.piecewise import PiecewiseField

__all__ = ["MAX_SWITCHES", "KinkedNet", "enclose_net"]

MAX_SWITCHES = 48
REGION_DEPTH = 12
START_BITS = 256


@dataclass(frozen=True)
class Switch:
    """One switching function: a pre-activation, given the signs of its sample before it."""

    unit: Unit
    before: tuple[int, ...]
    expression: Any


class KinkedNet:
    """The gradient field of a fully connected net, region by region.

    Parameters
    ----------
    objective : FullyConnectedObjective
    """

    def __init__(self, objective: FullyConnectedObjective) -> None:
        self.objective = objective
        self.names = parameter_symbols(objective.dimension)
        column = SymbolicArithmetic.from_scalars(len(self.names), 1, list(self.names))
        self._layers = objective.point(SymbolicArithmetic, column)

    def count_switches(self) -> int:
        """How many switching functions there are at most, from the widths alone."""
        total, patterns = 0, 1
        for width in self.objective.network.hidden:
            total += width * patterns
            patterns *= 2**width
        return total * self.objective.loss.samples

    def switches(self) -> list[Switch]:
        """All pre-activations that are not 0 everywhere, for all signs before them."""
        return [
            switch
            for i in range(self.objective.loss.samples)
            for switch in self._of_sample(i)
            if sympy.expand(switch.expression) != 0
        ]

    def _of_sample(self, i: int) -> Iterator[Switch]:
        alpha, beta = (sympy.Rational(s.numerator, s.denominator)
                       for s in self.objective.network.slopes)  # fmt: skip
        inputs = [sympy.Rational(q.numerator, q.denominator) for q in self.objective.loss.input(i)]
        signs_of_inputs = tuple(int(sympy.sign(x)) for x in inputs)
        # the signs before, the activations, and the signs those then have
        runs: list[tuple[tuple[int, ...], list[Any], tuple[int, ...]]] = [
            ((), inputs, signs_of_inputs)
        ]
        for j, layer in enumerate(self._layers[:-1], start=1):
            following = []
            for before, activation, known in runs:
                column = layer * sympy.ImmutableMatrix(len(activation), 1, activation)
                moving = [k for k, x in enumerate(activation) if x != 0]
                for c, z in enumerate(column, start=1):
                    if len(moving) == 1:
                        # z is one weight times one activation, whose own zeros are other switches
                        z = layer[c - 1, moving[0]] * known[moving[0]]
                    yield Switch(Unit(j, c, i + 1), before, z)
                for signs in itertools.product((1, -1), repeat=len(column)):
                    slopes = [alpha if sign > 0 else beta for sign in signs]
                    out = [z * slope for z, slope in zip(column, slopes, strict=True)]
                    after = tuple(
                        sign * int(sympy.sign(slope))
                        for sign, slope in zip(signs, slopes, strict=True)
                    )
                    following.append(((*before, *signs), out, after))
            runs = following

    def field(self, switches: Sequence[Switch]) -> PiecewiseField:
        """Return the field with the given switches, which are all of them."""

        def components(signs: tuple[int, ...]) -> tuple[Any, ...]:
            known = {(s.unit, s.before): sign for s, sign in zip(switches, signs, strict=True)}
            region = self.objective.in_region(self._pattern(known))
            return tuple(written_out(region).components)

        return PiecewiseField(self.names, [s.expression for s in switches], components)

    def is_met(self, event: KinkEvent, field: PiecewiseField, switches: Sequence[Switch]) -> bool:
        """Whether an event is about the running pattern; where it is not the field is smooth."""
        signs = event.before.signs
        places = list(zip(switches, field.surface_of, strict=True))
        known = {(s.unit, s.before): signs[place] * sign for s, (place, sign) in places}
        return any(
            self._is_running(switch, known) for switch, (place, _) in places
            if place == event.surface
        )  # fmt: skip

    def _is_running(self, switch: Switch, known: dict[tuple[Unit, tuple[int, ...]], int]) -> bool:
        before: tuple[int, ...] = ()
        for j, width in enumerate(self.objective.network.hidden[: switch.unit.layer - 1], start=1):
            units = [Unit(j, c, switch.unit.sample) for c in range(1, width + 1)]
            before = (*before, *(known.get((unit, before), -1) for unit in units))
        return 0 in before or before == switch.before

    def _pattern(self, known: dict[tuple[Unit, tuple[int, ...]], int]) -> Pattern:
        """Follow every sample through its signs; a sign on which nothing depends is -1."""
        objective = self.objective
        signs: dict[Unit, int] = {}
        for i in range(1, objective.loss.samples + 1):
            before: tuple[int, ...] = ()
            for j, width in enumerate(objective.network.hidden, start=1):
                units = [Unit(j, c, i) for c in range(1, width + 1)]
                here = tuple(known.get((unit, before), -1) for unit in units)
                signs.update(zip(units, here, strict=True))
                before = (*before, *here)
        return objective.pattern_of([signs[unit] for unit in objective.units])


def enclose_net(
    objective: FullyConnectedObjective,
    start: Sequence[Fraction],
    radii: Sequence[Fraction],
    horizon: Fraction,
    begin: Fraction,
    **effort: Any,
) -> Flow | KinkedFlow:
    """Enclose the flow of a net with kinks; a set of starts (radii) inside one region only.

    Raises
    ------
    KinkFailed         a kink that could not be passed; names neuron, sample and time
    EnclosureFailed    the budget ended, or a net with many switches leaves its region
    """
    net = KinkedNet(objective)
    if radii or net.count_switches() > MAX_SWITCHES:
        return _in_region(objective, start, radii, horizon, begin, **effort)
    switches = net.switches()
    if not switches:  # only zero inputs
        return _in_region(objective, start, radii, horizon, begin, **effort)
    field = net.field(switches)
    try:
        run = kinked_flow(field, start, horizon, start_time=begin, **effort)
        return replace(run, events=tuple(e for e in run.events if net.is_met(e, field, switches)))
    except KinkFailed as failure:
        raise _named(failure, field, switches) from None


def _named(failure: KinkFailed, field: PiecewiseField, switches: Sequence[Switch]) -> KinkFailed:
    """Say which neurons and samples a failure is about, and between which times."""
    units = [
        str(switch.unit)
        for switch, (place, _) in zip(switches, field.surface_of, strict=True)
        if place in failure.surfaces
    ]
    if not units:
        return failure
    text = f"kink: {', '.join(dict.fromkeys(units))}, at t >= {short_text(failure.reached, 10)}"
    reason = f"{text}: {failure.reason.removeprefix(f'{failure.kind}: ')}"
    return KinkFailed(failure.kind, reason, failure.reached, failure.surfaces, failure.partial)


def _in_region(
    objective: FullyConnectedObjective,
    start: Sequence[Fraction],
    radii: Sequence[Fraction],
    horizon: Fraction,
    begin: Fraction,
    **effort: Any,
) -> Flow:
    """Enclose the flow of the start's region, and show that the region is never left."""
    ends = [(q - r, q + r) for q, r in zip(start, radii or [Fraction(0)] * len(start), strict=True)]
    with precision(START_BITS):
        column = column_of([interval(low, high) for low, high in ends])
        try:
            region = objective.region(BallAlgebra, objective.point(BallAlgebra, column))
        except KinkMet as kink:
            raise EnclosureFailed(f"{kink} at the start", begin) from None
    entries = ends if radii else start
    run = flow(written_out(region), entries, horizon, start_time=begin, **effort)
    if not isinstance(run, Flow):  # pragma: no cover - a vector field has no kinks
        raise TypeError(type(run))
    for piece in run.pieces:
        _check_region(objective, run, begin + piece.begin, begin + piece.end, REGION_DEPTH)
    return run


def _check_region(
    objective: FullyConnectedObjective, run: Flow, first: Fraction, last: Fraction, depth: int
) -> None:
    with precision(run.bits + GUARD_BITS):
        layers = split_column(run.state_over(first, last), objective.network.shapes)
        signs = objective.signs(BallAlgebra, layers)
    unknown = [unit for unit, sign in signs.items() if not sign]
    if not unknown:
        return
    if depth == 0:
        raise EnclosureFailed(
            f"kink: {unknown[0]}, at t in [{short_text(first, 10)}, {short_text(last, 10)}]: its "
            "pre-activation may be 0; nets of this size are enclosed inside one region only",
            first,
        )
    middle = (first + last) / 2
    _check_region(objective, run, first, middle, depth - 1)
    _check_region(objective, run, middle, last, depth - 1)
