"""Sequences given by a first term and a step: products and sums of symbolic length.

W_{k+1:1} = W_{k+1} W_{k:1} with W_{0:1} = I says what a product of n layers is, for every n;
`Derivation.induction` argues with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sympy
from sympy import Expr

from theorycheck.errors import InvalidExpression
from theorycheck.symbolic.letters import Letter, Shape
from theorycheck.symbolic.words import Words

__all__ = ["MatrixRecursion", "ScalarRecursion", "family", "sequence"]


def family(
    name: str, shape: Callable[[Expr], Shape], *, symmetric: bool = False
) -> Callable[[Expr | int], Words]:
    """Return k -> the letter with index k; `name` is LaTeX with {k} for the index.

    Example: family("W_{{{k}}}", lambda k: (d(k), d(k - 1))).
    """
    if "{k}" not in name:
        raise InvalidExpression(f"family {name!r} has no {{k}} for its index")

    def letter(index: Expr | int) -> Words:
        k = sympy.expand(sympy.sympify(index))
        made = Letter(name.format(k=sympy.latex(k)), symmetric=symmetric, shape=shape(k))
        return Words.letter(made)

    return letter


def sequence(name: str, *fixed: Expr, positive: bool = False) -> Callable[[Expr | int], Expr]:
    """Return k -> the real number with index k, a function applied to k (and to `fixed`)."""
    sign = {"positive": True} if positive else {"real": True}
    made = sympy.Function(name, **sign)
    return lambda index: made(sympy.expand(sympy.sympify(index)), *fixed)


@dataclass(frozen=True)
class MatrixRecursion:
    """A sequence of matrices A_first, A_{first+1}, ...

    Parameters
    ----------
    at : k -> the letter A_k (see `family`)
    start : value of A_first
    step : k -> A_{k+1} in terms of letters at k and k + 1
    first : int
    """

    at: Callable[[Expr | int], Words]
    start: Words
    step: Callable[[Expr], Words]
    first: int = 0


@dataclass(frozen=True)
class ScalarRecursion:
    """A sequence of scalars s_first, s_{first+1}, ...; `at(k)` is a function applied to k.

    Parameters
    ----------
    name : str         LaTeX name
    start : Expr       value of s_first
    step : k -> s_{k+1} in terms of at(k)
    first : int
    positive : bool    every term is positive, by hypothesis
    fixed : further arguments, the same at every k (a family of sequences)
    """

    name: str
    start: Expr
    step: Callable[[Expr], Expr]
    first: int = 0
    positive: bool = False
    fixed: tuple[Expr, ...] = ()

    def at(self, index: Expr | int) -> Expr:
        return sequence(self.name, *self.fixed, positive=self.positive)(index)
