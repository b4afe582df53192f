r"""Dynamics of the end-to-end matrix W = W_n ... W_1, for every depth.

    without balance   W' = -sum_j W_{n:j+1} W_{n:j+1}^T g W_{j-1:1}^T W_{j-1:1}
    with balance      W' = -sum_j [W W^T]^{(n-j)/n} g [W^T W]^{(j-1)/n}

The sums are recursions in the number of layers. Under balance M = W_n W_n^T is a positive
semidefinite matrix with M^n = W W^T, hence its n-th root; K = W_1^T W_1 is that of W^T W.

Source: Arora, Cohen & Hazan 2018, Theorem 1; theory A13.
"""

from __future__ import annotations

import sympy
from sympy import Expr

from theorycheck.symbolic.deciding import Hypotheses
from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.layers import j, layer, letter, n, width
from theorycheck.symbolic.letters import Shape
from theorycheck.symbolic.rates import rates
from theorycheck.symbolic.recursions import MatrixRecursion, family
from theorycheck.symbolic.words import Words

__all__ = [
    "end_to_end_equation", "end_to_end_velocity", "powers_of_balanced_products",
    "powers_of_balanced_products_below",
]  # fmt: skip

k = sympy.Symbol("k", integer=True, nonnegative=True)


def _shape(i: Expr) -> Shape:
    return width(i), width(0)


product_at = family("W_{{{k}:1}}", _shape)
product = MatrixRecursion(
    at=product_at,
    start=Words.identity(width(0)),
    step=lambda i: layer(i + 1) @ product_at(i),
)
"""W_{k:1}: W_{0:1} = I, W_{k+1:1} = W_{k+1} W_{k:1}."""

velocity_at = family("\\dot{{W}}_{{{k}}}", lambda i: (width(i), width(i - 1)))

sum_at = family("S_{{{k}}}", _shape)
velocity_sum = MatrixRecursion(
    at=sum_at,
    start=Words.zero((width(0), width(0))),
    step=lambda i: layer(i + 1) @ sum_at(i) + velocity_at(i + 1) @ product_at(i),
)
"""S_k = sum_{j<=k} W_{k:j+1} W_j' W_{j-1:1}: one layer more multiplies the old terms by W_{k+1}."""

top_gram = letter("M", width(n), width(n), psd=True)
bottom_gram = letter("K", width(0), width(0), psd=True)

top_at = family("R_{{{k}}}", lambda i: (width(n), width(n - i)))
top = MatrixRecursion(
    at=top_at, start=Words.identity(width(n)), step=lambda i: top_at(i) @ layer(n - i)
)
"""R_k = W_{n:n-k+1}, the product of the k top layers."""

left = letter("W_{n:j+1}", width(n), width(j))
right = letter("W_{j-1:1}", width(j - 1), width(0))
outer = letter("g", width(n), width(0))


def end_to_end_velocity() -> Derivation:
    """Derive W' = sum_j W_{n:j+1} W_j' W_{j-1:1} for every depth, by induction."""
    proof = Derivation("the velocity of the end-to-end matrix", "theory A13")
    derivative_at = family("\\dot{{W}}_{{{k}:1}}", _shape)
    flow = rates({layer(k + 1): velocity_at(k + 1), product_at(k): derivative_at(k)})
    derivative = MatrixRecursion(
        at=derivative_at,
        start=rates({}).of_words(product.start),
        step=lambda _: flow.of_words(product.step(k)),
    )
    proof.induction(
        "product rule", k, lambda i: (derivative_at(i), sum_at(i)), [derivative, velocity_sum]
    )
    forgotten = layer(k + 1) @ derivative_at(k)
    proof.refutes("the new layer forgotten", flow.of_words(product.step(k)), forgotten)
    return proof.concludes(derivative_at(k), "=", sum_at(k))


def powers_of_balanced_products() -> Derivation:
    """Derive W_{n:n-k+1} W_{n:n-k+1}^T = (W_n W_n^T)^k for balanced layers, every n and k <= n."""
    proof = Derivation("products of balanced layers from the top are powers", "theory A13, proof")
    upper, lower = layer(n - k), layer(n - k - 1)
    balance = proof.assume("balance", (lower @ lower.T, upper.T @ upper))
    root = proof.assume("M = W_n W_n^T", (layer(n) @ layer(n).T, top_gram))

    def balanced(i: Expr) -> Hypotheses:
        return root if i == 0 else balance

    proof.induction(
        "M passes through", k,
        lambda i: (top_at(i) @ layer(n - i) @ layer(n - i).T, top_gram @ top_at(i)),
        [top], balanced,
    )  # fmt: skip
    passing = proof.rule("M passes through")
    proof.induction(
        "powers", k, lambda i: (top_at(i) @ top_at(i).T, top_gram**i), [top], lambda _: passing
    )
    proof.refutes("without balance", top.step(k) @ top.step(k).T, top_gram ** (k + 1))
    return proof.concludes(top_at(k) @ top_at(k).T, "=", top_gram**k)


def powers_of_balanced_products_below() -> Derivation:
    """Derive W_{k:1}^T W_{k:1} = (W_1^T W_1)^k for balanced layers, every k."""
    proof = Derivation("products of balanced layers from below are powers", "theory A13, proof")
    first, second = layer(k + 1), layer(k + 2)
    balance = proof.assume("balance", (second.T @ second, first @ first.T))
    root = proof.assume("K = W_1^T W_1", (layer(1).T @ layer(1), bottom_gram))

    def balanced(i: Expr) -> Hypotheses:
        return root if i == 0 else balance

    proof.induction(
        "K passes through", k,
        lambda i: (layer(i + 1).T @ layer(i + 1) @ product_at(i), product_at(i) @ bottom_gram),
        [product], balanced,
    )  # fmt: skip
    passing = proof.rule("K passes through")
    proof.induction(
        "powers", k, lambda i: (product_at(i).T @ product_at(i), bottom_gram**i),
        [product], lambda _: passing,
    )  # fmt: skip
    spoiled = product.step(k)
    proof.refutes("without balance", spoiled.T @ spoiled, bottom_gram ** (k + 1))
    return proof.concludes(product_at(k).T @ product_at(k), "=", bottom_gram**k)


def end_to_end_equation() -> Derivation:
    """Derive the j-th term of the equation of balanced nets, for every n and j.

    W_j' = -G_j = -W_{n:j+1}^T g W_{j-1:1}^T, so the j-th term of the velocity is
    -W_{n:j+1} W_{n:j+1}^T g W_{j-1:1}^T W_{j-1:1} = -M^{n-j} g K^{j-1}.
    """
    proof = Derivation("end-to-end dynamics of a balanced net", "Arora, Cohen & Hazan 2018, Thm 1")
    gradient = (left.T @ outer @ right.T).named("G_{j}")
    velocity = -(left @ gradient @ right)
    proof.define(gradient)
    upper = proof.assume("powers from the top", (left @ left.T, top_gram ** (n - j)))
    lower = proof.assume("powers from below", (right.T @ right, bottom_gram ** (j - 1)))
    end = -(top_gram ** (n - j) @ outer @ bottom_gram ** (j - 1))
    proof.equal("the j-th term", velocity, end, upper + lower)
    exchanged = -(top_gram ** (j - 1) @ outer @ bottom_gram ** (n - j))
    proof.refutes("exponents exchanged", velocity, exchanged, upper + lower)
    return proof.concludes(velocity, "=", end)
