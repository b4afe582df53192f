r"""Two scalar layers a, b with phi = (ab - s)^2 / 2: what a step of descent does to a^2 - b^2.

    a^2 - b^2  ->  (a^2 - b^2) (1 - eta^2 (ab - s)^2)      in one step of gradient descent, exactly

Gradient flow keeps a^2 - b^2 and ends at ab = s, where the Hessian has the eigenvalues 0 and
a^2 + b^2 = sqrt((a^2 - b^2)^2 + 4 s^2): the sharpness that the flow from here would reach.

Source: Kreisler et al. 2023 (gradient flow sharpness); theory A26.
"""

from __future__ import annotations

import sympy

from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.layers import eta
from theorycheck.symbolic.rates import rates

__all__ = [
    "FLOW_SHARPNESS",
    "IMBALANCE_AFTER",
    "flow_sharpness",
    "imbalance_does_not_grow",
    "imbalance_step",
]

a, b, s = sympy.symbols("a b s", real=True)
residual = a * b - s

AFTER = {a: a - eta * residual * b, b: b - eta * residual * a}
"""One step of gradient descent."""

IMBALANCE_AFTER = (a**2 - b**2) * (1 - eta**2 * residual**2)
"""a^2 - b^2 after the step."""

FLOW_SHARPNESS = sympy.sqrt((a**2 - b**2) ** 2 + 4 * s**2)
"""The largest eigenvalue of the Hessian where gradient flow from (a, b) ends."""


def imbalance_step() -> Derivation:
    """Derive a^2 - b^2 -> (a^2 - b^2) (1 - eta^2 (ab - s)^2) in one step."""
    proof = Derivation("imbalance after one step of descent", "theory A26")
    moved = (a**2 - b**2).subs(AFTER, simultaneous=True)
    proof.equal("one step", moved, IMBALANCE_AFTER)
    proof.refutes("plus instead of minus", moved, (a**2 - b**2) * (1 + eta**2 * residual**2))
    proof.refutes("one layer after the other",
        (a**2).subs(AFTER, simultaneous=True) - b**2, IMBALANCE_AFTER)  # fmt: skip
    return proof.concludes(moved, "=", IMBALANCE_AFTER)


def imbalance_does_not_grow() -> Derivation:
    """Derive that (a^2 - b^2)^2 does not grow where eta^2 (ab - s)^2 <= 2."""
    proof = Derivation("imbalance does not grow along descent", "theory A26")
    small = eta**2 * residual**2
    proof.suppose("eta |ab - s| <= sqrt(2)", small, sympy.Integer(2))
    after, before = IMBALANCE_AFTER**2, (a**2 - b**2) ** 2
    slack = proof.slack("eta |ab - s| <= sqrt(2)")
    terms = [(before, small, slack)]
    proof.at_most("the square", after, before, terms)
    grown = (a**2 - b**2) ** 2 * (1 + small) ** 2
    proof.refutes_at_most("plus instead of minus", grown, before, terms)
    return proof.concludes(after, "<=", before)


def flow_sharpness() -> Derivation:
    """Derive that the flow ends where the Hessian's eigenvalues are 0 and FLOW_SHARPNESS."""
    proof = Derivation("sharpness at the end of gradient flow", "theory A26")
    flow = rates({}, scalars={a: -residual * b, b: -residual * a})
    proof.equal("the flow keeps a^2 - b^2", flow.rate(a**2 - b**2), sympy.S.Zero)
    at_rest = proof.assume("a global minimiser", zeros=[residual])
    hessian = sympy.hessian(residual**2 / 2, (a, b))
    proof.equal("determinant", hessian.det(), sympy.S.Zero, at_rest)
    proof.equal("trace", hessian.trace(), a**2 + b**2)
    squared = FLOW_SHARPNESS**2
    proof.equal("the other eigenvalue, squared", (a**2 + b**2) ** 2, squared, at_rest)
    proof.refutes("s^2 instead of 4 s^2", (a**2 + b**2) ** 2, squared - 3 * s**2, at_rest)
    return proof.concludes((a**2 + b**2) ** 2, "=", squared, at_rest)
