"""How many independent conservation laws a model has near a generic point, and what is proved.

By Frobenius' theorem it is D - dim Lie(grad phi). Two bounds are proofs: dim Lie is at least the
rank of generated fields at one rational point, and at most D minus the number of functionally
independent laws at hand. Where the two meet nothing is left to chance; elsewhere the closure of
the generated fields is proved by polynomial identities, or reported as assumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from theorycheck.errors import BudgetExceeded, InvalidInstance
from theorycheck.exact import PRIMES, independent_rows_modulo, integral
from theorycheck.symbolic.conservation.function_span import spans_as_functions
from theorycheck.symbolic.conservation.lie_closure import Closure, Probe, close_under_brackets
from theorycheck.symbolic.conservation.parameterisation import Parameterisation
from theorycheck.symbolic.conservation.polynomial_laws import Law, known_laws, polynomial_laws

__all__ = ["Evidence", "IndependentLaws", "independent_laws"]

_SEEDS = range(3)


class Evidence(Enum):
    """Say how the number of independent laws is known."""

    BOUNDS_MEET = "as many independent laws are known, and the rank of the brackets allows no more"
    CLOSED = "the generated fields are closed under brackets, by polynomial identities"
    ASSUMED = "closure under brackets is assumed: it was checked modulo two primes at random points"
    OPEN = "the points tried do not agree; only the bounds are proved"


@dataclass(frozen=True)
class IndependentLaws:
    """Hold the number of independent laws near a generic point, and what is proved about it.

    Parameters
    ----------
    parameterisation : Parameterisation
    found : tuple of Law    polynomial laws, functionally independent at a rational point
    lie_rank : int          rank of generated fields at a rational point: proved <= dim Lie
    rounds : int            rounds of brackets it took
    evidence : Evidence
    """

    parameterisation: Parameterisation
    found: tuple[Law, ...]
    lie_rank: int
    rounds: int
    evidence: Evidence

    @property
    def at_most(self) -> int:
        """Proved: there are no more independent laws than this."""
        return self.parameterisation.dimension - self.lie_rank

    @property
    def at_least(self) -> int:
        """Proved: there are as many independent laws as this."""
        return self.at_most if self.proved else len(self.found)

    @property
    def proved(self) -> bool:
        """Whether the number is proved."""
        return self.evidence in (Evidence.BOUNDS_MEET, Evidence.CLOSED)

    @property
    def count(self) -> int:
        """The number of independent laws: proved, or under the assumption that `evidence` names."""
        return self.at_most

    @property
    def lie_dimension(self) -> int:
        """The dimension of Lie(grad phi) at a generic point, known as well as `count`."""
        return self.lie_rank

    def __str__(self) -> str:
        from theorycheck.symbolic.conservation.printing import independent_laws_text

        return independent_laws_text(self)

    def to_latex(self) -> str:
        """Typeset the count as one formula."""
        from theorycheck.symbolic.conservation.printing import independent_laws_latex

        return independent_laws_latex(self)

    def _repr_latex_(self) -> str:
        return f"$$\n{self.to_latex()}\n$$"


def independent_laws(
    parameterisation: Parameterisation, *, laws: Sequence[Law] = (), degree: int = 2
) -> IndependentLaws:
    """Count the independent conservation laws near a generic point: D - dim Lie(grad phi).

    Parameters
    ----------
    parameterisation : Parameterisation
    laws : sequence of Law    laws at hand; the model's named laws are always tried
    degree : int              look for polynomial laws up to this degree where those do not suffice

    Raises
    ------
    InvalidInstance    one of the laws at hand is none

    Examples
    --------
    >>> from theorycheck.symbolic.conservation import linear_network
    >>> result = independent_laws(linear_network((1, 2, 2, 1)))
    >>> result.count, len(result.found), result.evidence.name
    (7, 6, 'CLOSED')
    """
    dimension = parameterisation.dimension
    given = [_checked(parameterisation, law) for law in laws]
    found = _independent(parameterisation, [*known_laws(parameterisation), *given])
    gradients = [integral(gradient) for gradient in parameterisation.gradients]
    closure = close_under_brackets(gradients, enough=dimension - len(found))
    if len(closure.basis) + len(found) < dimension:
        found = _independent(parameterisation, [*found, *_more(parameterisation, degree)])
    enough = dimension - len(found)
    for seed in _SEEDS:
        if closure.closed or len(closure.basis) == enough:
            break
        closure = close_under_brackets(gradients, enough=enough, seed=seed + 1)
    rank, rounds = len(closure.basis), closure.rounds
    evidence = _evidence(parameterisation, closure, enough)
    return IndependentLaws(parameterisation, tuple(found), rank, rounds, evidence)


def _checked(parameterisation: Parameterisation, law: Law) -> Law:
    """Refuse what is no law of this model: the bounds below rest on it."""
    if not parameterisation.conserves(law.expression):
        raise InvalidInstance(f"{law.expression} is no law of {parameterisation.title}")
    return replace(law, polynomial=integral([parameterisation.polynomial(law.expression)])[0])


def _more(parameterisation: Parameterisation, degree: int) -> Sequence[Law]:
    try:
        return polynomial_laws(parameterisation, degree).laws
    except BudgetExceeded:
        return ()


def _independent(parameterisation: Parameterisation, laws: Sequence[Law]) -> list[Law]:
    """Choose laws whose gradients are linearly independent at a point, so near it."""
    count = parameterisation.dimension
    probe = Probe.random(count, PRIMES[0], 0)
    rows = [probe.values([law.polynomial.derivative(k) for k in range(count)]) for law in laws]
    return [laws[k] for k in independent_rows_modulo(rows, probe.prime)]


def _evidence(parameterisation: Parameterisation, closure: Closure, enough: int) -> Evidence:
    if len(closure.basis) == enough:
        return Evidence.BOUNDS_MEET
    if not closure.closed:
        return Evidence.OPEN
    try:
        if spans_as_functions(parameterisation.ring, closure.basis, closure.others()):
            return Evidence.CLOSED
    except BudgetExceeded:
        return Evidence.ASSUMED
    return Evidence.OPEN
