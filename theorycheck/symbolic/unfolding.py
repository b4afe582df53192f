"""Recursions unfolded once: what an induction looks at, at its first index and one step on."""

from __future__ import annotations

from collections.abc import Sequence

import sympy
from sympy import Expr

from theorycheck.errors import InvalidExpression
from theorycheck.symbolic.deciding import Expression
from theorycheck.symbolic.recursions import MatrixRecursion, ScalarRecursion
from theorycheck.symbolic.rewriting import letter_of, substitute
from theorycheck.symbolic.words import Words, require_symmetry

__all__ = ["check_capture", "check_variable", "unfolded"]


def unfolded(
    side: Expression,
    sequences: Sequence[MatrixRecursion | ScalarRecursion],
    variable: Expr | None,
    first: int,
) -> Expression:
    """Replace the terms of the sequences at first, or at variable + 1, by what they are."""
    matrices, scalars = {}, {}
    for sequence in sequences:
        index = sympy.Integer(first) if variable is None else variable + 1
        value = sequence.start if variable is None else sequence.step(variable)
        if variable is None and sequence.first != first:
            raise InvalidExpression(
                f"a sequence starts at {sequence.first}, the induction at {first}"
            )
        if isinstance(sequence, MatrixRecursion):
            require_symmetry(letter_of(sequence.at(index)), value)
            matrices[sequence.at(index)] = value
        else:
            scalars[sequence.at(index)] = value
    if isinstance(side, Words):
        changed = substitute(side, matrices) if matrices else side
        if not isinstance(changed, Words) or not scalars:
            return changed
        return Words.of(
            ((w, sympy.expand(sympy.sympify(c).xreplace(scalars))) for w, c in changed.terms),
            changed.shape,
        )
    made = substitute(sympy.sympify(side), matrices)
    return made if isinstance(made, Words) else made.xreplace(scalars)


def check_capture(variable: Expr, made: Sequence[object], where: str) -> None:
    """Refuse an expression that mentions the variable of an induction beside its own index."""
    for side in made:
        scalars = [c for _, c in side.terms] if isinstance(side, Words) else [side]
        letters = [x.exponent for w, _ in side.terms for x in w] if isinstance(side, Words) else []
        for scalar in (*scalars, *letters):
            if sympy.sympify(scalar).has(variable):
                raise InvalidExpression(f"{where} mentions {variable} itself, beside its index")


def check_variable(variable: Expr, first: int) -> None:
    """An induction from `first` on may not use that its variable lies above `first`."""
    below = (variable - first).is_negative or (variable - first).is_positive
    special = any(getattr(variable, f"is_{kind}") for kind in ("even", "odd", "prime", "zero"))
    if not variable.is_Symbol or not variable.is_integer or below or special:
        raise InvalidExpression(
            f"induction from {first} on {variable}; declare it an integer that may be {first}"
        )
