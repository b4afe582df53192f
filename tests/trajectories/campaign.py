"""Random fields with exact starts, and runs of the engine that must agree on them.

A field gets three *variants*: runs that differ in precision, order, step sizes, norm or horizon, in
an exact rescaling of time or space, in a detour through a set of starts, or (networks) in solver.
Each encloses the same point of the same solution, so that any two must intersect. Two enclosures
that do not are a proof that one of them is wrong.
"""

import random
from collections import Counter
from dataclasses import dataclass, field as default
from fractions import Fraction as F
from functools import partial

import numpy as np
import sympy as sp

from theorycheck.balls import Ball, precision
from theorycheck.errors import EnclosureFailed
from theorycheck.problems import SymPyObjective, VectorField
from theorycheck.trajectories import Effort, flow
from theorycheck.trajectories.dispatch import dynamics_of
from theorycheck.trajectories.integrate import march
from theorycheck.trajectories.norms import KINDS, Norm
from theorycheck.trajectories.tape_floats import FloatFunctions
from theorycheck.trajectories.tape_series import tape_jacobian

from .zoo import random_problem

STATE = sp.symbols("x y z")
TIME = sp.Symbol("t")
SECONDS = 5
KINDS_OF_FIELD = ("polynomial", "rational", "transcendental", "network")


@dataclass
class Case:
    """A problem with an exact start, and the time at which all variants are compared."""

    seed: int
    kind: str
    problem: object
    start: list
    time: F
    network: object = None

    def __str__(self):
        return f"seed {self.seed}: {self.problem!r} from {self.start} at {self.time}"


@dataclass
class Tally:
    """What a chunk of the campaign saw."""

    runs: int = 0
    complete: int = 0
    disjoint: list = default(default_factory=list)
    failures: Counter = default(default_factory=Counter)


def rational(rng, size=6):
    return sp.Rational(rng.randint(-size, size), rng.choice((1, 2, 3, 4)))


def polynomial(rng, symbols, terms=3, degree=3):
    total = sp.Integer(0)
    for _ in range(rng.randint(1, terms)):
        factors = [rng.choice(symbols) for _ in range(rng.randint(0, degree))]
        total += rational(rng) * sp.Mul(*factors)
    return total


def transcendental(rng, symbols):
    inner = polynomial(rng, symbols, 2, 1)
    shape = rng.choice(
        (
            sp.sin,
            sp.cos,
            sp.tanh,
            sp.atan,
            lambda e: sp.exp(-(e**2) / 4),
            lambda e: sp.exp(e / 4),
            lambda e: sp.log(2 + e**2),
            lambda e: sp.sqrt(1 + e**2),
            lambda e: sp.log(1 + sp.exp(e / 2)),
            lambda e: (3 + e**2) ** sp.Rational(-2, 3),
            lambda e: sp.asin(sp.tanh(e) / 2),
            lambda e: sp.sinh(e / 4) / sp.cosh(e / 3),
        )
    )
    return shape(inner)


def component(rng, kind, symbols):
    if kind == "polynomial":
        return polynomial(rng, symbols)
    if kind == "rational":
        below = rng.choice((1 + polynomial(rng, symbols, 2, 1) ** 2, 5 + rng.choice(symbols)))
        return polynomial(rng, symbols, 2, 2) / below
    other = transcendental(rng, symbols)
    return rational(rng, 3) * other + rng.choice((0, polynomial(rng, symbols, 1, 2)))


def as_expression(objective):
    """1/2 |W_n ... W_1 - C|_F^2 of a whitened network, as an expression of its flat entries."""
    names = sp.symbols(f"w0:{objective.network.dimension}")
    position, product = 0, None
    for rows, columns in objective.network.shapes:
        layer = sp.Matrix(rows, columns, names[position : position + rows * columns])
        position += rows * columns
        product = layer if product is None else layer * product
    target = sp.Matrix([[sp.Rational(q) for q in row] for row in objective.loss.targets])
    return SymPyObjective(sum((e**2 for e in product - target), sp.Integer(0)) / 2, names)


def draw(seed):
    """Draw a field, a start and a time <= 2 / (|J(x0)| + |F(x0)|); None if it starts undefined."""
    rng = random.Random(seed)
    kind = KINDS_OF_FIELD[seed % 4]
    network = None
    if kind == "network":
        network, start = random_problem(seed, max_depth=3, max_width=2)
        problem = as_expression(network)
    else:
        state = STATE[: rng.randint(1, 3)]
        clock = TIME if rng.random() < 0.3 else None
        symbols = [*state, clock] if clock else list(state)
        components = [component(rng, kind, symbols) for _ in state]
        problem = VectorField(components, state, clock)
        start = [F(rng.randint(-12, 12), rng.choice((3, 4, 8))) for _ in state]
    tape = dynamics_of(problem).tape
    with np.errstate(all="ignore"):
        values, rows = tape_jacobian(tape, FloatFunctions, [float(q) for q in start], 0.0)
    size = float(np.linalg.norm(np.array(rows, dtype=float)) + np.linalg.norm(values))
    if not np.isfinite(size):
        return None
    longest = F(2) / F(max(size, 0.5)).limit_denominator(1000)
    return Case(seed, kind, problem, start, longest * F(rng.randint(3, 10), 10), network)


class Varied:
    """A dynamics with another order and shorter steps: larger sizes are still upper bounds."""

    def __init__(self, inner, order, shrink):
        self.inner, self.order, self.shrink = inner, order, shrink
        self.dimension, self.norm = inner.dimension, inner.norm

    def expand(self, start, time, order):
        expansion = self.inner.expand(start, time, max(4, int(order * self.order)))
        factor = 1 + self.shrink
        sizes = expansion.sizes
        expansion.__dict__["sizes"] = [s * factor**k for k, s in enumerate(sizes)]
        return expansion


def by_march(case, rng, problem):
    dynamics = dynamics_of(problem)
    if problem is not case.network and rng.random() < 0.6:
        exponents = [rng.randint(-2, 2) for _ in case.start]
        dynamics = dynamics.measured_in(Norm.of_shape(exponents, rng.choice(KINDS)))
    bits = rng.choice((60, 80, 110, 170))
    varied = Varied(dynamics, F(rng.randint(6, 14), 10), rng.choice((0, 0, 1, 3)))
    start = tuple(case.start)
    pieces = march(varied, start, F(0), case.time, bits, Effort(max_seconds=SECONDS).start())
    with precision(bits + 12):
        return [Ball.wrap(x, bits) for x in pieces[-1].state(case.time).entries()]


def plain(case, rng, problem):
    longer = case.time * rng.choice((F(1), F(1), F(11, 10), F(4, 3)))
    options = rng.choice(
        ({"bits": rng.choice((53, 64, 100, 200))}, {"digits": rng.choice((5, 20))})
    )
    run = flow(problem, case.start, longer, effort=Effort(max_seconds=SECONDS), **options)
    first, last = sorted(case.time * F(rng.randint(0, 64), 64) for _ in range(2))
    for time in (first, last, (first + 2 * last) / 3):
        check(case, run.over(first, last), run.at(time), "over")
    return run.at(case.time)


def rescaled_time(case, rng, problem):
    c = rng.choice((sp.Rational(1, 3), sp.Rational(3, 2), sp.Integer(-1), sp.Integer(4)))
    state, components = problem.state, [e.subs(TIME, c * TIME) * c for e in problem.components]
    other = VectorField(components, state, problem.time)
    q = F(int(c.p), int(c.q))
    if q > 0:
        run = flow(other, case.start, case.time / q, bits=90, effort=Effort(max_seconds=SECONDS))
        return run.at(case.time / q)
    # There and back: x(T), then the reversed field from that enclosure, must return to the start.
    there = flow(problem, case.start, case.time, digits=12, effort=Effort(max_seconds=SECONDS))
    back = VectorField(components, state, problem.time)
    home = flow(
        back,
        list(there.at(case.time)),
        case.time,
        start_time=-case.time,
        effort=Effort(max_seconds=SECONDS),
    )
    check(case, home.at(0), [Ball.exact(q, 200) for q in case.start], "forward-backward")
    return there.at(case.time)


def rescaled_space(case, rng, problem):
    s = [sp.Rational(rng.choice((1, 2, 3, 5)), rng.choice((1, 3, 4))) for _ in problem.state]
    change = {x: x * c for x, c in zip(problem.state, s, strict=True)}
    components = [
        e.subs(change, simultaneous=True) / c for e, c in zip(problem.components, s, strict=True)
    ]
    start = [q / F(int(c.p), int(c.q)) for q, c in zip(case.start, s, strict=True)]
    other = VectorField(components, problem.state, problem.time)
    run = flow(other, start, case.time, bits=90, effort=Effort(max_seconds=SECONDS))
    return [b * F(int(c.p), int(c.q)) for b, c in zip(run.at(case.time), s, strict=True)]


def through_a_set(case, rng, problem):
    radius = F(1, 2 ** rng.randint(10, 50))
    moved = [q + radius * F(rng.randint(-8, 8), 8) for q in case.start]
    run = flow(
        problem,
        [(q - radius, q + radius) for q in moved],
        case.time,
        effort=Effort(max_seconds=SECONDS),
    )
    return run.at(case.time)


def restarted(case, rng, problem):
    """Stop on the way and start again from the enclosure."""
    half = case.time * F(rng.randint(1, 7), 8)
    first = flow(problem, case.start, half, bits=80, effort=Effort(max_seconds=SECONDS))
    second = flow(
        problem,
        list(first.at(half)),
        case.time - half,
        start_time=half,
        effort=Effort(max_seconds=SECONDS),
    )
    return second.at(case.time)


class Disjoint(AssertionError):
    """Two enclosures of one number do not meet: one of them is wrong."""


def check(case, one, two, what):
    for p, q in zip(one, two, strict=True):
        if p.upper < q.lower or q.upper < p.lower:
            raise Disjoint(f"{what}: {p} and {q}; {case}")


def variants(case, rng):
    problems = [case.problem] if case.network is None else [case.problem, case.network]
    pool = [by_march, plain, plain, through_a_set, restarted]
    if case.network is None:
        pool += [rescaled_time, rescaled_time, rescaled_space]
    return [partial(rng.choice(pool), case, rng, problems[i % len(problems)]) for i in range(3)]


def run_chunk(seeds):
    """Run the campaign for some seeds."""
    tally = Tally()
    for seed in seeds:
        case = draw(seed)
        if case is None:
            continue
        rng = random.Random(-1 - seed)
        found = []
        for variant in variants(case, rng):
            tally.runs += 1
            try:
                balls = variant()
            except EnclosureFailed as failure:
                tally.failures[f"{case.kind}, {variant.func.__name__}: {failure.reason[:40]}"] += 1
                continue
            except Disjoint as error:
                tally.disjoint.append(str(error))
                continue
            tally.complete += 1
            for name, other in found:
                try:
                    check(case, balls, other, f"{variant.func.__name__}, {name}")
                except Disjoint as error:
                    tally.disjoint.append(str(error))
            found.append((variant.func.__name__, balls))
    return tally
