"""Existence of a point that solves a system and satisfies inequalities, by Krawczyk's test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy
from sympy import Expr

from theorycheck import balls
from theorycheck.balls import Ball
from theorycheck.claims.outcome import Evidence, Outcome, undecided
from theorycheck.claims.relations import AbstractRelation, Comparison, Over, relations_of
from theorycheck.claims.terms import expression_of
from theorycheck.errors import DomainViolation, InvalidClaim
from theorycheck.exact import as_fraction
from theorycheck.symbolic.latex import latex
from theorycheck.symbolic.lowering import BallScalars, lower
from theorycheck.verdicts import HOLDS

__all__ = ["Existence", "exists", "find_root"]


@dataclass(frozen=True)
class Existence(AbstractRelation):
    """Some point near `near` solves system = 0 and satisfies the comparisons."""

    system: tuple[Expr, ...]
    unknowns: tuple[Expr, ...]
    near: tuple[Any, ...]
    satisfying: tuple[Comparison, ...]
    over: Over = None

    def latex(self) -> str:
        names = ", ".join(latex(x) for x in self.unknowns)
        equations = ", ".join(f"{latex(e)} = 0" for e in self.system)
        more = "".join(f", {c.latex()}" for c in self.satisfying)
        return rf"\exists\, {names}: {equations}{more}"

    def terms(self) -> tuple[Any, ...]:
        return ()


def exists(system: Sequence[Any], *, near: Mapping[Expr, Any], satisfying: Any = ()) -> Existence:
    r"""State that a square system has a solution near a point, with properties.

    HOLDS by Krawczyk's test: a box that certainly contains exactly one solution, on all of which
    the comparisons hold. Never VIOLATED: not finding a root proves nothing.

    Parameters
    ----------
    system : expressions in the unknowns, each meant to vanish
    near : mapping of each unknown (a SymPy symbol) to an exact number
    satisfying : comparisons between expressions in the unknowns, such as tc.lt(x, 1)

    Raises
    ------
    InvalidClaim    counts that differ, an expression with other symbols

    Examples
    --------
    >>> import sympy, theorycheck as tc
    >>> x = sympy.Symbol("x")
    >>> tc.exists([x**2 - 2], near={x: "1.4"}, satisfying=tc.gt(x, 1)).latex()
    '\\exists\\, x: x^{2} - 2 = 0, 1 < x'
    """
    unknowns = tuple(near)
    equations = tuple(expression_of(e) for e in system)
    if not unknowns or len(equations) != len(unknowns):
        raise InvalidClaim(
            "exists() needs as many equations as unknowns, "
            f"got {len(equations)} and {len(unknowns)}"
        )
    nothing = isinstance(satisfying, (list, tuple)) and len(satisfying) == 0
    conditions = () if nothing else relations_of(satisfying)
    conditions += tuple(c for x in unknowns for c in _declared(x))
    for condition in conditions:
        if not isinstance(condition, Comparison) or condition.over is not None:
            raise InvalidClaim("satisfying= takes comparisons at a point, such as tc.lt(x, 1)")
    every = [*equations, *(s for c in conditions for s in c.terms())]
    strangers = set().union(*(e.free_symbols for e in every)) - set(unknowns)
    if strangers:
        raise InvalidClaim(f"exists() got {sorted(map(str, strangers))}, which are no unknowns")
    values = tuple(as_fraction(v, str(k)) for k, v in near.items())
    return Existence(equations, unknowns, values, tuple(conditions))  # type: ignore[arg-type]


def _declared(unknown: Expr) -> list[Comparison]:
    """The sign a symbol declares: SymPy has used it, so that the root must have it."""
    if unknown.is_rational or unknown.is_real is False:
        raise InvalidClaim(f"the unknown {unknown} must be a real symbol; drop its assumptions")
    zero = sympy.S.Zero
    if unknown.is_nonnegative:
        return [Comparison(zero, unknown, strict=bool(unknown.is_positive))]
    if unknown.is_nonpositive:
        return [Comparison(unknown, zero, strict=bool(unknown.is_negative))]
    return []


def find_root(relation: Existence, bits: int) -> Outcome:
    """Decide existence at one rung: HOLDS with the box, or UNDECIDED."""
    jacobian = [[sympy.diff(e, x) for x in relation.unknowns] for e in relation.system]
    with balls.precision(bits):
        box = balls.root_enclosure(
            lambda column: _table([[e] for e in relation.system], relation, column),
            lambda column: _table(jacobian, relation, column),
            balls.matrix([[x] for x in relation.near]),
        )
        if box is None:
            return undecided(
                f"no box near {', '.join(map(str, relation.near))} certainly contains a root; "
                "start nearer, or the root may be multiple"
            ).at_bits(bits)
        for condition in relation.satisfying:
            gap = _value(condition.rhs - condition.lhs, relation, box)
            verdict = balls.positive(gap) if condition.strict else balls.nonnegative(gap)
            if verdict is not HOLDS:
                reason = f"a root exists, but {condition.latex()} is not certain on its box"
                return undecided(reason).at_bits(bits)
        found = ", ".join(
            f"{name} = {Ball.wrap(x, bits)}"
            for name, x in zip(relation.unknowns, box.entries(), strict=True)
        )
    return Outcome(HOLDS, Evidence.ENCLOSURE, f"exactly one root near: {found}", bits=bits)


def _value(expression: Expr, relation: Existence, column: balls.Matrix) -> Any:
    values = dict(zip(relation.unknowns, column.entries(), strict=True))
    return lower(expression).run(values, BallScalars())


def _table(rows: list[list[Expr]], relation: Existence, column: balls.Matrix) -> balls.Matrix:
    entries = [_value(e, relation, column) for row in rows for e in row]
    if not all(balls.is_finite(x) for x in entries):
        raise DomainViolation("the system is not defined on the box")
    return balls.matrix_from_reals(len(rows), len(rows[0]), entries)
