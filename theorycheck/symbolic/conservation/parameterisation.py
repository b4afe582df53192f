"""A model seen through a polynomial re-parameterisation: theta -> phi(theta) -> loss.

Gradient flow of any loss of the form l(phi(theta)) moves in span{grad phi_1, ..., grad phi_d}, so
a function h is conserved, whatever the data and the loss, if <grad h, grad phi_i> = 0 for all i.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy

from theorycheck.errors import BudgetExceeded, InvalidInstance
from theorycheck.exact import PolynomialArithmetic, lie_derivative, terms_of

__all__ = [
    "MOST_VARIABLES", "Candidate", "Parameterisation", "Polynomial", "Rotation", "VectorField",
    "polynomial_terms", "ring_of", "sum_of_terms",
]  # fmt: skip

MOST_VARIABLES = 400
"""More parameters are refused: every exponent of every term of phi would be stored."""

Polynomial = Any
"""An element of Q[theta_1, ..., theta_D]."""

VectorField = tuple[Polynomial, ...]


@dataclass(frozen=True)
class Candidate:
    """Propose a law in the notation of the model; whether it is one is decided by expansion.

    Parameters
    ----------
    family, family_latex : str    what it is an entry of, such as "W_2^T W_2 - W_1 W_1^T"
    name, latex : str             the law itself
    polynomial : Polynomial
    """

    family: str
    family_latex: str
    name: str
    latex: str
    polynomial: Polynomial


@dataclass(frozen=True)
class Rotation:
    """Propose a rotation theta -> theta + eps K theta that leaves phi unchanged.

    Parameters
    ----------
    family, family_latex, name, latex : str    as in `Candidate`, of its momentum <theta', K theta>
    pairs : tuple of (int, int)                (p, q) turns x_p towards x_q: K_qp = 1 = -K_pq
    """

    family: str
    family_latex: str
    name: str
    latex: str
    pairs: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Parameterisation:
    """Hold phi: R^D -> R^d, polynomial with rational coefficients.

    Build with `Parameterisation.from_sympy`, `linear_network` or `relu_network`.

    Parameters
    ----------
    title : str                       how results call the model
    variables : tuple of Symbol       theta_1, ..., theta_D
    outputs : tuple of Polynomial     phi_1, ..., phi_d
    candidates : tuple of Candidate   laws to recognise, where the model has matrices
    rotations : tuple of Rotation     symmetries to recognise, where the model has matrices
    latex_names : mapping             LaTeX of the variables, where SymPy's own is not wanted
    """

    title: str
    variables: tuple[sympy.Symbol, ...]
    outputs: tuple[Polynomial, ...]
    candidates: tuple[Candidate, ...] = ()
    rotations: tuple[Rotation, ...] = ()
    latex_names: Mapping[sympy.Symbol, str] = field(default_factory=dict)

    @classmethod
    def from_sympy(
        cls,
        outputs: Any,
        variables: Sequence[sympy.Symbol] | None = None,
        *,
        title: str = "model",
    ) -> Parameterisation:
        """Read phi from SymPy expressions (a sequence or a matrix) in the given symbols.

        Without variables, they are all symbols of the outputs, sorted by name.

        Raises
        ------
        InvalidInstance    no variables or no outputs, an undeclared symbol, a Float, or an output
                           that is no polynomial with rational coefficients
        BudgetExceeded     too many variables

        Examples
        --------
        >>> a, b = sympy.symbols("a b")
        >>> Parameterisation.from_sympy([a * b], [a, b]).dimension
        2
        """
        expressions = _flat(outputs)
        if variables is None:
            free = {s for e in expressions for s in getattr(e, "free_symbols", ())}
            variables = sorted(free, key=sympy.default_sort_key)
        symbols = _checked_symbols(variables)
        ring = ring_of(len(symbols))
        terms = [polynomial_terms(e, symbols, "outputs") for e in expressions]
        return cls(title, symbols, tuple(map(ring.polynomial, terms)))

    # -- the ring --------------------------------------------------------------------------------
    @property
    def dimension(self) -> int:
        """D, the number of parameters."""
        return len(self.variables)

    @cached_property
    def ring(self) -> PolynomialArithmetic:
        return ring_of(self.dimension)

    @cached_property
    def gradients(self) -> tuple[VectorField, ...]:
        """The vector fields grad phi_1, ..., grad phi_d."""
        indices = range(self.dimension)
        return tuple(tuple(p.derivative(i) for i in indices) for p in self.outputs)

    def polynomial(self, expression: Any) -> Polynomial:
        """Read a SymPy expression in the variables."""
        return self.ring.polynomial(polynomial_terms(expression, self.variables, "law"))

    def expression(self, polynomial: Polynomial) -> sympy.Expr:
        """Write a polynomial as a SymPy expression."""
        return sum_of_terms(terms_of(polynomial), self.variables)

    # -- what a law is ---------------------------------------------------------------------------
    def drifts(self, law: Any) -> tuple[sympy.Expr, ...]:
        """Expand <grad h, grad phi_i> for i = 1, ..., d; h is a law exactly if all are 0.

        Parameters
        ----------
        law : Expr    h, a polynomial in the variables
        """
        return tuple(map(self.expression, self.drift_polynomials(self.polynomial(law))))

    def drift_polynomials(self, law: Polynomial) -> tuple[Polynomial, ...]:
        return tuple(lie_derivative(law, gradient) for gradient in self.gradients)

    def conserves(self, law: Any) -> bool:
        """Tell whether a SymPy expression is conserved for every loss l(phi(theta))."""
        return self.conserves_polynomial(self.polynomial(law))

    def conserves_polynomial(self, law: Polynomial) -> bool:
        return all(lie_derivative(law, gradient).is_zero() for gradient in self.gradients)


def ring_of(count: int) -> PolynomialArithmetic:
    """Return Q[x0, x1, ...]; equal counts give the same ring."""
    return PolynomialArithmetic([f"x{i}" for i in range(count)])


def _checked_symbols(variables: Any) -> tuple[sympy.Symbol, ...]:
    if isinstance(variables, sympy.Symbol):
        variables = (variables,)
    symbols = tuple(variables) if hasattr(variables, "__iter__") else ()
    strange = [s for s in symbols if not isinstance(s, sympy.Symbol) or not s.is_commutative]
    if not symbols or strange:
        got = strange[0] if strange else variables
        raise InvalidInstance(
            f"variables must be commutative SymPy symbols, got {got!r}; "
            "make them with sympy.symbols('a b')"
        )
    names = [str(s) for s in symbols]
    twice = [n for n in names if names.count(n) > 1]
    if twice:
        raise InvalidInstance(f"variables name {twice[0]} twice; give distinct symbols")
    if len(symbols) > MOST_VARIABLES:
        raise BudgetExceeded(f"{len(symbols)} variables are more than {MOST_VARIABLES}")
    return symbols


def _flat(outputs: Any) -> list[Any]:
    if isinstance(outputs, sympy.Expr):
        return [outputs]
    if isinstance(outputs, sympy.MatrixBase):
        return list(outputs)
    given = list(outputs) if hasattr(outputs, "__iter__") and not isinstance(outputs, str) else []
    flat = [e for o in given for e in (list(o) if isinstance(o, sympy.MatrixBase) else [o])]
    if not flat:
        raise InvalidInstance(
            f"outputs={outputs!r} must be SymPy expressions, at least one; pass a list or a matrix"
        )
    return flat


def polynomial_terms(
    expression: Any, symbols: Sequence[sympy.Symbol], name: str
) -> dict[tuple[int, ...], Fraction]:
    """Read a SymPy expression as a polynomial: coefficients keyed by exponents.

    Raises
    ------
    InvalidInstance    no expression, a Float, an undeclared symbol, or no polynomial over Q
    """
    try:
        value = sympy.sympify(expression, strict=True)
    except sympy.SympifyError:
        value = None
    if not isinstance(value, sympy.Expr):
        raise InvalidInstance(f"{name}: {expression!r} is no SymPy expression")
    if value.has(sympy.Float):
        raise InvalidInstance(
            f"{name}: {value} has a floating-point number; write it as sympy.Rational"
        )
    strange = sorted(map(str, value.free_symbols - set(symbols)))
    if strange:
        known = ", ".join(map(str, symbols))
        raise InvalidInstance(
            f"{name}: {value} contains {strange[0]}, which is not among the variables {known}"
            f"{' with these assumptions' if strange[0] in map(str, symbols) else ''}"
        )
    try:
        terms = sympy.Poly(value, *symbols, domain=sympy.QQ).as_dict()
    except (sympy.PolynomialError, sympy.CoercionFailed):
        raise InvalidInstance(
            f"{name}: {value} is no polynomial in the variables with rational coefficients; "
            "laws are discovered for polynomial models"
        ) from None
    return {e: Fraction(int(c.p), int(c.q)) for e, c in terms.items() if c}


def sum_of_terms(
    terms: Mapping[tuple[int, ...], Fraction], symbols: Sequence[sympy.Symbol]
) -> sympy.Expr:
    """Write coefficients keyed by exponents as a SymPy expression."""
    return sympy.Add(
        *(
            sympy.Rational(c.numerator, c.denominator)
            * sympy.Mul(*(x**e for x, e in zip(symbols, exponents, strict=True) if e))
            for exponents, c in terms.items()
        )
    )
