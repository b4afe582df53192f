"""What heavy-ball and Nesterov flows conserve: momenta of the rotations that leave phi unchanged.

For theta'' + b theta' + grad L = 0 and A = <theta', xi(theta)>,

    A' + b A = <theta', D xi(theta) theta'> - sum_i g_i <grad phi_i, xi>,    g = grad l at phi,

vanishes for all velocities and losses exactly if D xi is antisymmetric, so xi = K theta + c with
K^T = -K, and phi is invariant along xi. Then mu A is conserved with mu' = b mu: exp(b t) for
constant b, t^3 for b = 3 / t. Marcotte, Gribonval & Peyre 2024, arXiv 2405.12888.

A trajectory that starts at rest has A = 0 for ever: the law says more only if it moves at first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from typing import Any

import sympy

from theorycheck.errors import BudgetExceeded, InvalidInstance
from theorycheck.exact import (
    PolynomialArithmetic,
    independent_rows,
    integer_rows,
    lie_derivative,
    null_space,
    terms_of,
)
from theorycheck.symbolic.conservation.parameterisation import (
    Parameterisation,
    Polynomial,
    polynomial_terms,
    sum_of_terms,
)
from theorycheck.symbolic.normal_forms import cancels_to_zero

__all__ = ["Momentum", "MomentumFlow", "MomentumLaws", "integrating_factor", "momentum_laws"]

MOST_UNKNOWNS = 10_000


class MomentumFlow:
    """Hold theta'' + b theta' + J(theta)^T g = 0 as a derivation of a polynomial ring.

    The ring has the letters theta, theta', g = grad l(phi), b and mu. A statement that expands to
    zero there holds for every loss l(phi(theta)) and every damping b(t) with mu' = b mu: g and b
    may depend on time, since no momentum contains them.

    Attributes
    ----------
    velocities : tuple of Symbol    theta', named after the variables with the suffix _dot
    slopes, damping, factor         g, b and mu; underscores are added where a name is taken
    """

    def __init__(self, parameterisation: Parameterisation) -> None:
        self.parameterisation = parameterisation
        taken = {x.name for x in parameterisation.variables}
        self.velocities = tuple(_fresh(f"{x.name}_dot", taken) for x in parameterisation.variables)
        self.damping, self.factor = _fresh("b", taken), _fresh("mu", taken)
        self.slopes = tuple(
            _fresh(f"g{i + 1}", taken) for i in range(len(parameterisation.outputs))
        )
        latex = parameterisation.latex_names
        self.latex_names = dict(latex) | {
            v: rf"\dot{{{latex.get(x, sympy.latex(x))}}}"
            for x, v in zip(parameterisation.variables, self.velocities, strict=True)
        }
        count, outputs = parameterisation.dimension, len(parameterisation.outputs)
        self.letters = (*parameterisation.variables, *self.velocities, *self.slopes, self.damping,
                        self.factor)  # fmt: skip
        self._ring = PolynomialArithmetic([f"x{i}" for i in range(len(self.letters))])
        generators = self._ring.generators()
        self.positions = generators[:count]
        self.speeds = generators[count : 2 * count]
        self._forces = generators[2 * count : 2 * count + outputs]
        self._damping, self._factor = generators[-2:]

    @cached_property
    def field(self) -> tuple[Polynomial, ...]:
        """The right-hand side of theta, theta', g, b, mu; 0 where no derivative is needed."""
        zero = self._ring.scalar(0)
        gradients = [[self._lift(p) for p in row] for row in self.parameterisation.gradients]
        accelerations = [
            sum((-g * row[k] for g, row in zip(self._forces, gradients, strict=True) if row[k]),
                -self._damping * speed)
            for k, speed in enumerate(self.speeds)
        ]  # fmt: skip
        return (*self.speeds, *accelerations, *(zero for _ in self._forces), zero,
                self._damping * self._factor)  # fmt: skip

    def polynomial(self, momentum: Any) -> Polynomial:
        """Read a SymPy expression in the variables and `velocities`."""
        symbols = (*self.parameterisation.variables, *self.velocities)
        return self._padded(polynomial_terms(momentum, symbols, "momentum"))

    def drift(self, momentum: Any) -> sympy.Expr:
        """Expand d/dt [mu A] / mu = A' + b A along the flow; A is a momentum law if it is 0.

        Parameters
        ----------
        momentum : Expr    A, a polynomial in the variables and `velocities`
        """
        p = self.polynomial(momentum)
        drift = lie_derivative(p, self.field) + self._damping * p
        return self.expression(drift)

    def conserves(self, momentum: Polynomial) -> bool:
        """Tell whether d/dt [mu A] expands to 0."""
        return bool(lie_derivative(self._factor * momentum, self.field).is_zero())

    def momentum(self, field: Iterable[tuple[tuple[int, ...], int]]) -> Polynomial:
        """Return <theta', xi> for weighted pairs (p, q), which turn x_p to x_q, and shifts (k,)."""
        total = self._ring.scalar(0)
        for place, weight in field:
            if len(place) == 1:
                total = total + weight * self.speeds[place[0]]
            else:
                p, q = place
                turn = self.positions[p] * self.speeds[q] - self.positions[q] * self.speeds[p]
                total = total + weight * turn
        return total

    def expression(self, polynomial: Polynomial) -> sympy.Expr:
        """Write a polynomial of the flow's ring in SymPy."""
        return sum_of_terms(terms_of(polynomial), self.letters)

    def _lift(self, p: Polynomial) -> Polynomial:
        return self._padded(terms_of(p))

    def _padded(self, terms: Mapping[tuple[int, ...], Fraction]) -> Polynomial:
        size = len(self.letters)
        return self._ring.polynomial({e + (0,) * (size - len(e)): c for e, c in terms.items()})


def _fresh(name: str, taken: set[str]) -> sympy.Symbol:
    """Return a symbol that no other one is printed like: a model may well have a variable b."""
    while name in taken:
        name += "_"
    taken.add(name)
    return sympy.Symbol(name)


@dataclass(frozen=True)
class Momentum:
    """Hold A = <theta', K theta + c>; mu A is conserved with mu' = b mu.

    Parameters
    ----------
    expression : Expr             A in the variables and the velocities (suffix _dot)
    name, latex : str             A in the notation of the model, or ""
    family, family_latex : str    the matrix A is an entry of, or ""
    """

    expression: sympy.Expr
    name: str = ""
    latex: str = ""
    family: str = ""
    family_latex: str = ""


@dataclass(frozen=True)
class MomentumLaws:
    """Hold all laws mu(t) <theta', xi(theta)> with mu' = b mu of theta'' + b theta' + grad L = 0.

    Parameters
    ----------
    flow : MomentumFlow
    laws : tuple of Momentum    a basis, named in matrix form wherever the named laws allow
    """

    flow: MomentumFlow
    laws: tuple[Momentum, ...]

    @property
    def dimension(self) -> int:
        return len(self.laws)

    def __str__(self) -> str:
        from theorycheck.symbolic.conservation.printing import momentum_laws_text

        return momentum_laws_text(self)

    def to_latex(self) -> str:
        """Typeset the laws for constant damping."""
        from theorycheck.symbolic.conservation.printing import momentum_laws_latex

        return momentum_laws_latex(self)

    def _repr_latex_(self) -> str:
        return f"$$\n{self.to_latex()}\n$$"


def momentum_laws(parameterisation: Parameterisation) -> MomentumLaws:
    """Find all rotations (and shifts) that leave phi unchanged, and their momenta.

    The antisymmetric K and the shift c of <grad phi_i, K theta + c> = 0 are a null space over Q;
    d/dt [mu <theta', K theta + c>] is then expanded to 0 along the flow.

    Raises
    ------
    BudgetExceeded    D (D + 1) / 2 unknowns are too many

    Examples
    --------
    >>> from theorycheck.symbolic.conservation import linear_network
    >>> print(momentum_laws(linear_network((2, 2, 2))).laws[0].name)
    (W_2^T W_2' - W_2'^T W_2 + W_1 W_1'^T - W_1' W_1^T)[1,2]
    """
    flow = MomentumFlow(parameterisation)
    count = parameterisation.dimension
    pairs: list[tuple[int, ...]] = [*combinations(range(count), 2), *((k,) for k in range(count))]
    if len(pairs) > MOST_UNKNOWNS:
        raise BudgetExceeded(
            f"{parameterisation.title} has D = {count} parameters: rotations have {len(pairs)} "
            f"unknowns, more than {MOST_UNKNOWNS}; narrow the model"
        )
    basis = null_space(_invariance(parameterisation, pairs), len(pairs))
    found = [flow.momentum((pairs[j], x) for j, x in row.items()) for row in basis]
    if not all(map(flow.conserves, found)):
        raise ArithmeticError("a rotation solves the linear system and its momentum is no law")
    return MomentumLaws(flow, tuple(_recognised(flow, found)))


def integrating_factor(damping: Any, time: sympy.Symbol) -> sympy.Expr:
    """Return mu with mu' = b mu for a damping b(t), checked by differentiation.

    Raises
    ------
    InvalidInstance    SymPy finds no closed form, or one that does not check

    Examples
    --------
    >>> t = sympy.Symbol("t", positive=True)
    >>> integrating_factor(3 / t, t)
    t**3
    """
    b = sympy.sympify(damping)
    factor = sympy.powsimp(sympy.exp(sympy.integrate(b, time)))
    if factor.has(sympy.Integral) or not cancels_to_zero(sympy.diff(factor, time) / factor - b):
        raise InvalidInstance(f"damping={b}: no closed form of exp(int b dt) was found")
    return factor


def _invariance(
    parameterisation: Parameterisation, pairs: list[tuple[int, ...]]
) -> Iterator[dict[int, Fraction]]:
    """Collect the coefficients of <grad phi_i, K theta + c>, one equation per monomial."""
    x = parameterisation.ring.generators()
    for gradient in parameterisation.gradients:
        equations: dict[tuple[int, ...], dict[int, Fraction]] = {}
        for column, place in enumerate(pairs):
            if len(place) == 1:
                image = gradient[place[0]]
            else:
                p, q = place
                image = x[p] * gradient[q] - x[q] * gradient[p]
            for exponents, c in terms_of(image).items():
                equations.setdefault(exponents, {})[column] = c
        yield from equations.values()


def _recognised(flow: MomentumFlow, found: list[Polynomial]) -> Iterator[Momentum]:
    """Choose a basis of the momenta found: rotations that have a name, then what remains."""
    rotations = flow.parameterisation.rotations
    proposed = [(r, flow.momentum((pair, 1) for pair in r.pairs)) for r in rotations]
    named = [(r, p) for r, p in proposed if flow.conserves(p)]
    polynomials = [p for _, p in named] + found
    for k in independent_rows(integer_rows(polynomials)):
        expression = flow.expression(polynomials[k])
        if k < len(named):
            r = named[k][0]
            yield Momentum(expression, r.name, r.latex, r.family, r.family_latex)
        else:
            yield Momentum(expression)
