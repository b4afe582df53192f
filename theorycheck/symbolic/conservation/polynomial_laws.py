"""All polynomial conservation laws up to a degree, as the null space of a linear system over Q.

h = sum_a c_a theta^a is a law exactly if every coefficient of every <grad h, grad phi_i> vanishes;
the coefficients are linear in c. Marcotte, Gribonval & Peyre 2023, arXiv 2307.00144.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement
from math import comb

import sympy

from theorycheck.errors import BudgetExceeded, InvalidInstance
from theorycheck.exact import Row, independent_rows, integer_rows, null_space, terms_of
from theorycheck.symbolic.conservation.parameterisation import Parameterisation, Polynomial

__all__ = ["MOST_UNKNOWNS", "Law", "PolynomialLaws", "known_laws", "polynomial_laws"]

MOST_UNKNOWNS = 40_000
"""Systems with more unknown coefficients are refused: they take minutes."""


@dataclass(frozen=True)
class Law:
    """Hold a polynomial that is conserved for every loss of the form l(phi(theta)).

    Parameters
    ----------
    polynomial : Polynomial       h, an element of the model's ring
    expression : Expr             h in SymPy
    name, latex : str             h in the notation of the model, or "" if it has no name there
    family, family_latex : str    the matrix h is an entry of, or ""
    """

    polynomial: Polynomial
    expression: sympy.Expr
    name: str = ""
    latex: str = ""
    family: str = ""
    family_latex: str = ""

    @property
    def degree(self) -> int:
        return int(self.polynomial.total_degree())


@dataclass(frozen=True)
class PolynomialLaws:
    """Hold the space of all polynomial laws of degree <= k without constant term.

    Parameters
    ----------
    parameterisation : Parameterisation
    degree : int
    laws : tuple of Law          a basis in reduced row echelon form (highest degree first),
                                 denominators cleared, by ascending degree
    generators : tuple of Law    laws that complete the products of laws of lower degree to the
                                 whole space, named in matrix form wherever the named laws allow
    """

    parameterisation: Parameterisation
    degree: int
    laws: tuple[Law, ...]
    generators: tuple[Law, ...]

    @property
    def dimension(self) -> int:
        """The dimension of the space."""
        return len(self.laws)

    @property
    def products(self) -> int:
        """How many dimensions the products of laws of lower degree account for."""
        return self.dimension - len(self.generators)

    @property
    def unnamed(self) -> tuple[Law, ...]:
        """The generators that are not of the known matrix form."""
        return tuple(law for law in self.generators if not law.name)

    def __str__(self) -> str:
        from theorycheck.symbolic.conservation.printing import polynomial_laws_text

        return polynomial_laws_text(self)

    def to_latex(self) -> str:
        """Typeset the generators."""
        from theorycheck.symbolic.conservation.printing import polynomial_laws_latex

        return polynomial_laws_latex(self)

    def _repr_latex_(self) -> str:
        return f"$$\n{self.to_latex()}\n$$"


def polynomial_laws(
    parameterisation: Parameterisation, degree: int = 2, *, max_unknowns: int = MOST_UNKNOWNS
) -> PolynomialLaws:
    """Find all polynomial conservation laws of degree <= k.

    The null space is exact. Every law is expanded once more, <grad h, grad phi_i> = 0 for all i,
    in a polynomial ring that knows nothing of the linear system.

    Parameters
    ----------
    parameterisation : Parameterisation
    degree : int          k >= 1
    max_unknowns : int    refuse systems with more unknown coefficients

    Returns
    -------
    PolynomialLaws

    Raises
    ------
    InvalidInstance    degree < 1
    BudgetExceeded     C(D + k, k) - 1 unknown coefficients are more than max_unknowns, or too
                       many of them hang together

    Examples
    --------
    >>> from theorycheck.symbolic.conservation import linear_network
    >>> polynomial_laws(linear_network((1, 3, 1)), 2).dimension
    9
    """
    if degree < 1:
        raise InvalidInstance(f"degree={degree} must be at least 1")
    size = comb(parameterisation.dimension + degree, degree) - 1
    if size > max_unknowns:
        raise BudgetExceeded(
            f"{parameterisation.title} has D = {parameterisation.dimension} parameters: laws of "
            f"degree <= {degree} have {size} unknown coefficients, more than {max_unknowns}; "
            "lower the degree or narrow the model"
        )
    monomials = _monomials(parameterisation.dimension, degree)
    try:
        basis = null_space(_equations(parameterisation, monomials).values(), len(monomials))
    except BudgetExceeded as error:
        raise BudgetExceeded(
            f"{parameterisation.title}, laws of degree <= {degree}: {error}; lower the degree"
        ) from None
    laws = tuple(_law(parameterisation, monomials, row) for row in basis)
    laws = tuple(sorted(laws, key=lambda law: law.degree))
    for law in laws:
        if not parameterisation.conserves_polynomial(law.polynomial):
            raise ArithmeticError(f"{law.expression} solves the linear system and is no law")
    return PolynomialLaws(parameterisation, degree, laws, _generators(parameterisation, laws))


def known_laws(parameterisation: Parameterisation) -> tuple[Law, ...]:
    """Return the model's candidates that are laws, each by expansion, none of them trivial."""
    return tuple(
        Law(c.polynomial, parameterisation.expression(c.polynomial), c.name, c.latex, c.family,
            c.family_latex)
        for c in parameterisation.candidates
        if not c.polynomial.is_constant() and parameterisation.conserves_polynomial(c.polynomial)
    )  # fmt: skip


Monomial = tuple[int, ...]
"""The indices of the variables of a monomial, each as often as its exponent says, sorted."""


def _monomials(count: int, degree: int) -> list[Monomial]:
    """List the monomials, highest degree first.

    Laws are then reduced by their leading terms: those of degree <= d in the basis span all laws
    of degree <= d.
    """
    degrees = range(degree, 0, -1)
    return [m for d in degrees for m in combinations_with_replacement(range(count), d)]


def _equations(
    parameterisation: Parameterisation, monomials: list[Monomial]
) -> dict[tuple[int, int], dict[int, Fraction]]:
    """Collect the coefficients of <grad h, grad phi_i>, keyed by i and the monomial.

    A monomial is one integer, its exponents side by side in fields of `width` bits.
    """
    highest = max((int(p.total_degree()) for p in parameterisation.outputs), default=0)
    width = (highest + max(map(len, monomials))).bit_length() + 1
    slopes: list[list[tuple[int, int, Fraction]]] = [[] for _ in parameterisation.variables]
    for i, gradient in enumerate(parameterisation.gradients):
        for k, component in enumerate(gradient):
            for exponents, c in terms_of(component).items():
                packed = sum(e << (width * j) for j, e in enumerate(exponents))
                slopes[k].append((i, packed, c))
    equations: dict[tuple[int, int], dict[int, Fraction]] = {}
    for column, monomial in enumerate(monomials):
        whole = sum(1 << (width * k) for k in monomial)
        for k in set(monomial):
            rest, power = whole - (1 << (width * k)), monomial.count(k)
            for i, other, c in slopes[k]:
                row = equations.setdefault((i, rest + other), {})
                row[column] = row.get(column, Fraction(0)) + power * c
    return equations


def _law(parameterisation: Parameterisation, monomials: list[Monomial], row: Row) -> Law:
    count = parameterisation.dimension
    terms = {tuple(map(monomials[j].count, range(count))): c for j, c in row.items()}
    polynomial = parameterisation.ring.polynomial(terms)
    return Law(polynomial, parameterisation.expression(polynomial))


def _generators(parameterisation: Parameterisation, laws: tuple[Law, ...]) -> tuple[Law, ...]:
    """Complete products of laws to a basis, named laws first, degree by degree."""
    degrees = sorted({law.degree for law in laws})
    named = known_laws(parameterisation)
    by_degree: dict[int, list[Polynomial]] = {}  # a basis of the laws, by degree
    generators: list[Law] = []
    for degree in degrees:
        lower = [p for d in by_degree for p in by_degree[d]]
        products = list(_products(by_degree, degree))
        chosen = [law for law in (*named, *laws) if law.degree == degree]
        candidates = [*lower, *products, *(law.polynomial for law in chosen)]
        kept = independent_rows(integer_rows(candidates))
        by_degree[degree] = [candidates[k] for k in kept if k >= len(lower)]
        first = len(lower) + len(products)
        generators.extend(chosen[k - first] for k in kept if k >= first)
    return tuple(generators)


def _products(by_degree: dict[int, list[Polynomial]], degree: int) -> Iterator[Polynomial]:
    for low, factors in by_degree.items():
        if 2 * low > degree or degree - low not in by_degree:
            continue
        for i, p in enumerate(factors):
            others = factors[i:] if 2 * low == degree else by_degree[degree - low]
            yield from (p * q for q in others)
