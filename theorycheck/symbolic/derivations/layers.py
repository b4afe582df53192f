r"""Letters of a deep linear net of any depth n, around any layer j.

The layers beside j and j + 1 enter only through the opaque products P = W_{n:j+2} and
Q = W_{j-1:1}, so what is derived holds for all n and j. g = grad phi(W_{n:1}) is the gradient of
the outer function, G_j = W_{n:j+1}^T g W_{j-1:1}^T that of the objective (theory A, section 0).
"""

from __future__ import annotations

import sympy
from sympy import Expr

from theorycheck.symbolic.letters import Shape, dimension
from theorycheck.symbolic.recursions import family
from theorycheck.symbolic.words import letter

__all__ = [
    "GRADIENT_A",
    "GRADIENT_B",
    "A",
    "B",
    "G",
    "P",
    "Q",
    "dimension",
    "eta",
    "letter",
    "width",
]  # fmt: skip


def width(index: Expr | int) -> Expr:
    """d_k, the width of layer k."""
    return dimension(f"d_{{{sympy.latex(sympy.expand(sympy.sympify(index)))}}}")


def _shape(k: Expr) -> Shape:
    return width(k), width(k - 1)


layer = family("W_{{{k}}}", _shape)
"""k -> W_k, of shape d_k x d_{k-1}."""

j, n = sympy.symbols("j n", integer=True, positive=True)
eta = sympy.Symbol(r"\eta", positive=True)

A, B = layer(j), layer(j + 1)
P = letter("W_{n:j+2}", width(n), width(j + 1))
Q = letter("W_{j-1:1}", width(j - 1), width(0))
G = letter("g", width(n), width(0))

GRADIENT_A = ((P @ B).T @ G @ Q.T).named("G_{j}")
"""G_j."""
GRADIENT_B = (P.T @ G @ (A @ Q).T).named("G_{j+1}")
"""G_{j+1}."""
