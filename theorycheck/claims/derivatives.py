"""Derivatives along gradient flow: a derivation defined on the layers, d/dt W_j = -dF/dW_j.

The derivative of the loss is minus the squared norm of the gradient; that is the one place where
the chain rule is used in closed form, so that its sign is seen by structure.
"""

from __future__ import annotations

import sympy
from sympy import Expr

from theorycheck.claims import kernel_terms as k, matrices as m, quantities as q
from theorycheck.claims.axes import time
from theorycheck.claims.terms import frobenius_squared
from theorycheck.claims.views import layer_gradient
from theorycheck.problems import Instance
from theorycheck.symbolic.functions import psi

__all__ = ["NotDifferentiable", "derivative", "matrix_derivative"]


class NotDifferentiable(ArithmeticError):
    """Report that no derivative is known by structure. The term may still be smooth."""


def derivative(expression: Expr, instance: Instance) -> Expr:
    """Differentiate a scalar expression in time, along the gradient flow of the instance.

    Raises
    ------
    NotDifferentiable    a quantity without structural derivative (an eigenvalue, a maximum)
    """
    atoms = sorted(expression.atoms(q.Atom), key=str)
    letters = {atom: sympy.Dummy(real=True) for atom in atoms}
    back = {letter: atom for atom, letter in letters.items()}
    plain = expression.xreplace(letters)
    kinked = plain.has(sympy.Max, sympy.Min, sympy.Abs, psi)
    if kinked and time in expression.free_symbols:
        raise NotDifferentiable("a maximum, an absolute value or psi")
    # the rates first: where one is unknown, SymPy need not be asked for the rest
    rates = {
        letter: _of_quantity(atom.quantity, instance)
        for atom, letter in letters.items()
        if time in atom.quantity.free_symbols()
    }
    total = sympy.diff(plain, time)
    for letter, rate in rates.items():
        total += sympy.diff(plain, letter) * rate
    return total.xreplace(back)


def _of_quantity(quantity: q.AbstractQuantity, instance: Instance) -> Expr:
    match quantity:
        case k.KernelForm(_, error):
            return _speed(error.place) * k.form_derivative(quantity)
        case q.Loss("flow", place, _):
            assert place is not None
            gradient = m.Gradient("flow", place, instance.objective.dimension)
            return -_speed(place) * frobenius_squared(gradient).expression
        case q.MarginQuantity("flow", place, "margins", sample):
            assert place is not None
            assert sample is not None
            dimension = instance.objective.dimension
            own = m.MarginGradient("flow", place, sample, dimension)
            moved = q.Atom(q.Inner(own, m.Gradient("flow", place, dimension)))
            return -_speed(place) * moved
        case q.FrobeniusSquared(matrix):
            return 2 * q.Atom(q.Inner(matrix, _required(matrix, instance)))
        case q.Inner(left, right):
            total = sympy.S.Zero
            changed_left = matrix_derivative(left, instance)
            changed_right = matrix_derivative(right, instance)
            if changed_left is not None:
                total += q.Atom(q.Inner(changed_left, right))
            if changed_right is not None:
                total += q.Atom(q.Inner(left, changed_right))
            return total
        case q.Entry(matrix, row, column):
            return q.Atom(q.Entry(_required(matrix, instance), row, column))
        case q.Trace(matrix):
            return q.Atom(q.Trace(_required(matrix, instance)))
    raise NotDifferentiable(type(quantity).__name__)


def _speed(place: Expr) -> Expr:
    """The derivative of a place in time."""
    if place.has(sympy.Max, sympy.Min, sympy.Abs):
        raise NotDifferentiable("a maximum or an absolute value in a place")
    return sympy.diff(place, time)


def _required(term: m.AbstractMatrix, instance: Instance) -> m.AbstractMatrix:
    changed = matrix_derivative(term, instance)
    if changed is None:
        return m.as_matrix(0, term.shape)
    return changed


def matrix_derivative(term: m.AbstractMatrix, instance: Instance) -> m.AbstractMatrix | None:
    """Differentiate a matrix term in time along the flow; None stands for zero.

    Raises
    ------
    NotDifferentiable    as for `derivative`
    """
    if time not in term.free_symbols():
        return None
    match term:
        case m.Layer("flow", place, index, _, _):
            assert place is not None
            velocity = -layer_gradient(instance, "flow", place, index)
            return _timed(place, velocity)
        case k.KernelError(_, place):
            assert place is not None
            return _timed(place, k.acceleration(term))
        case m.Position("flow", place, dimension):
            assert place is not None
            return _timed(place, -m.Gradient("flow", place, dimension))
        case m.Gradient("flow", place, dimension):
            assert place is not None
            hessian = m.Hessian("flow", place, dimension)
            return _timed(place, -(hessian @ m.Gradient("flow", place, dimension)))
        case m.Sum(items):
            changed = [d for d in (matrix_derivative(i, instance) for i in items) if d is not None]
            return _sum(changed)
        case m.Product(factors):
            return _sum([x for x in _leibniz(factors, instance) if x is not None])
        case m.Transpose(inner):
            changed_inner = matrix_derivative(inner, instance)
            return None if changed_inner is None else changed_inner.T
        case m.Scaled(factor, inner):
            return _scaled(factor, inner, instance)
        case m.FromScalars(entries):
            rows = tuple(tuple(derivative(e, instance) for e in row) for row in entries)
            return m.FromScalars(rows)
    raise NotDifferentiable(type(term).__name__)


def _timed(place: Expr, velocity: m.AbstractMatrix) -> m.AbstractMatrix:
    speed = _speed(place)
    return velocity if speed == 1 else m.Scaled(speed, velocity)


def _sum(items: list[m.AbstractMatrix]) -> m.AbstractMatrix | None:
    if not items:
        return None
    total = items[0]
    for item in items[1:]:
        total = total + item
    return total


def _leibniz(
    factors: tuple[m.AbstractMatrix, ...], instance: Instance
) -> list[m.AbstractMatrix | None]:
    terms: list[m.AbstractMatrix | None] = []
    for i, factor in enumerate(factors):
        changed = matrix_derivative(factor, instance)
        if changed is not None:
            product = changed
            for left in reversed(factors[:i]):
                product = left @ product
            for right in factors[i + 1 :]:
                product = product @ right
            terms.append(product)
    return terms


def _scaled(factor: Expr, inner: m.AbstractMatrix, instance: Instance) -> m.AbstractMatrix | None:
    terms: list[m.AbstractMatrix] = []
    changed_inner = matrix_derivative(inner, instance)
    if changed_inner is not None:
        terms.append(m.Scaled(factor, changed_inner))
    if time in factor.free_symbols:
        terms.append(m.Scaled(derivative(factor, instance), inner))
    return _sum(terms)
