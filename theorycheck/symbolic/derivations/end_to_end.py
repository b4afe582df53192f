r"""Dynamics of the end-to-end matrix W = W_n ... W_1, for every depth.

    without balance   W' = -sum_j W_{n:j+1} W_{n:j+1}^T g W_{j-1:1}^T W_{j-1:1}
    with balance      W' = -sum_j [W W^T]^{(n-j)/n} g [W^T W]^{(j-1)/n}

The sums are recursions in the number of layers. Under balance W_n W_n^T is a positive
semidefinite matrix whose n-th power is W W^T, hence its n-th root.

Source: Arora, Cohen & Hazan 2018, Theorem 1; theory A13.
"""

from __future__ import annotations

import sympy

from theorycheck.symbolic.deciding import Hypotheses
from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.layers import j, layer, letter, n, width
from theorycheck.symbolic.rates import rates
from theorycheck.symbolic.recursions import MatrixRecursion, family
from theorycheck.symbolic.words import Words

__all__ = ["end_to_end_equation", "end_to_end_velocity", "powers_of_balanced_products"]

k = sympy.Symbol("k", integer=True, nonnegative=True)

product_at = family("W_{{{k}:1}}", lambda i: (width(i), width(0)))
product = MatrixRecursion(
    at=product_at,
    start=Words.identity(width(0)),
    step=lambda i: layer(i + 1) @ product_at(i),
)
"""W_{k:1}: W_{0:1} = I, W_{k+1:1} = W_{k+1} W_{k:1}."""

velocity_at = family("\\dot{{W}}_{{{k}}}", lambda i: (width(i), width(i - 1)))

sum_at = family("S_{{{k}}}", lambda i: (width(i), width(0)))
velocity_sum = MatrixRecursion(
    at=sum_at,
    start=Words.zero((width(0), width(0))),
    step=lambda i: layer(i + 1) @ sum_at(i) + velocity_at(i + 1) @ product_at(i),
)
"""S_k = sum_{j<=k} W_{k:j+1} W_j' W_{j-1:1}: one layer more multiplies the old terms by W_{k+1}."""

size = width(n)
gram = letter("M", size, size, symmetric=True)
"""M = W_n W_n^T."""
top_at = family("R_{{{k}}}", lambda i: (size, width(n - i)))
top = MatrixRecursion(
    at=top_at, start=Words.identity(size), step=lambda i: top_at(i) @ layer(n - i)
)
"""R_k = W_{n:n-k+1}, the product of the k top layers."""


def end_to_end_velocity() -> Derivation:
    """Derive W' = sum_j W_{n:j+1} W_j' W_{j-1:1} for every depth, by induction."""
    proof = Derivation("the velocity of the end-to-end matrix", "theory A13")
    # the derivative of W_{k:1} is the letter X_k; X_0 = 0, and the product rule gives the step
    derivative_at = family("\\dot{{W}}_{{{k}:1}}", product_at_shape)
    rule = rates(
        {layer(k + 1): velocity_at(k + 1), product_at(k): derivative_at(k)},
    )
    derivative = MatrixRecursion(
        at=derivative_at,
        start=rates({}).of_words(product.start),
        step=lambda _: rule.of_words(product.step(k)),
    )
    proof.induction(
        "product rule", k, lambda i: (derivative_at(i), sum_at(i)), [derivative, velocity_sum]
    )
    wrong = layer(k + 1) @ derivative_at(k)
    proof.refutes("the new layer forgotten", rule.of_words(product.step(k)), wrong)
    return proof.concludes(derivative_at(k), "=", sum_at(k))


def product_at_shape(i: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
    return width(i), width(0)


def powers_of_balanced_products() -> Derivation:
    """Derive W_{n:n-k+1} W_{n:n-k+1}^T = (W_n W_n^T)^k for balanced layers, every n and k <= n."""
    proof = Derivation("products of balanced layers are powers", "theory A13, proof")
    upper, lower = layer(n - k), layer(n - k - 1)
    balance = proof.assume("balance", (lower @ lower.T, upper.T @ upper))
    root = proof.assume("M = W_n W_n^T", (layer(n) @ layer(n).T, gram))

    def balanced(i: sympy.Expr) -> Hypotheses:
        return root if i == 0 else balance

    proof.induction(
        "W_n W_n^T passes through", k,
        lambda i: (top_at(i) @ layer(n - i) @ layer(n - i).T, gram @ top_at(i)), [top], balanced,
    )  # fmt: skip
    passing = proof.rule("W_n W_n^T passes through")
    proof.induction(
        "powers", k, lambda i: (top_at(i) @ top_at(i).T, gram**i), [top], lambda _: passing
    )
    proof.refutes("without balance", top.step(k) @ top.step(k).T, gram ** (k + 1))
    return proof.concludes(top_at(k) @ top_at(k).T, "=", gram**k)


def end_to_end_equation() -> Derivation:
    """Derive the preconditioned equation of balanced nets: the j-th term, for every n and j.

    With M^n = W W^T and K^n = W^T W (M = W_n W_n^T and K = W_1^T W_1) the j-th term of the
    velocity, -W_{n:j+1} W_{n:j+1}^T g W_{j-1:1}^T W_{j-1:1}, is -M^{n-j} g K^{j-1}.
    """
    proof = Derivation("end-to-end dynamics of a balanced net", "Arora, Cohen & Hazan 2018, Thm 1")
    left = letter("W_{n:j+1}", width(n), width(j))
    right = letter("W_{j-1:1}", width(j - 1), width(0))
    outer = letter("g", width(n), width(0))
    low = letter("K", width(0), width(0), symmetric=True)
    velocity = (-(left @ (left.T @ outer @ right.T) @ right)).named(r"-W_{n:j+1} G_j W_{j-1:1}")
    upper = proof.assume("powers of balanced products, top", (left @ left.T, gram ** (n - j)))
    lower = proof.assume("powers of balanced products, bottom", (right.T @ right, low ** (j - 1)))
    end = -(gram ** (n - j) @ outer @ low ** (j - 1))
    proof.equal("the j-th term", velocity, end, upper + lower)
    proof.refutes(
        "exponents exchanged", velocity, -(gram ** (j - 1) @ outer @ low ** (n - j)), upper + lower
    )
    return proof.concludes(velocity, "=", end)
