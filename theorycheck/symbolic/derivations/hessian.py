r"""The Hessian of f(theta) = phi(W_n ... W_1) as a quadratic form, for every depth n.

    Hess f(theta)[Delta, Delta] = Hess phi(W)[S_n, S_n] + 2 <grad phi(W), T_n>,

    S_n = sum_j W_{n:j+1} Delta_j W_{j-1:1}                              the first variation of W,
    T_n = sum_{j<j'} W_{n:j'+1} Delta_{j'} W_{j'-1:j+1} Delta_j W_{j-1:1}    half of the second.

Both sums are recursions in the number of layers: one layer more multiplies the old terms by
W_{k+1} and adds those that end on Delta_{k+1}. `explicit_second_sum` writes T_n out for a given n.

Source: product rule; theory A5.
"""

from __future__ import annotations

from functools import reduce
from itertools import combinations
from operator import add, matmul

import sympy
from sympy import Expr

from theorycheck.errors import InvalidExpression
from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.end_to_end import product, product_at
from theorycheck.symbolic.derivations.layers import dimension, layer, letter, n, width
from theorycheck.symbolic.letters import Shape
from theorycheck.symbolic.rates import Rates, rates, variation
from theorycheck.symbolic.recursions import MatrixRecursion, family
from theorycheck.symbolic.rewriting import substitute
from theorycheck.symbolic.words import Words, inner

__all__ = [
    "GAUSS_NEWTON", "PAIRS", "QUADRATIC_FORM", "direction", "explicit_first_sum",
    "explicit_second_sum", "hessian_of_depth", "hessian_quadratic_form", "second_variation",
    "square_loss_hessian", "unfolded_sums",
]  # fmt: skip

GAUSS_NEWTON, PAIRS = sympy.symbols("Q_1 Q_2", real=True)
QUADRATIC_FORM = GAUSS_NEWTON + 2 * PAIRS
"""Q_1 = Hess phi(W)[S_n, S_n], Q_2 = <g, T_n>."""

k = sympy.Symbol("k", integer=True, nonnegative=True)


def _shape(i: Expr) -> Shape:
    return width(i), width(0)


ZERO = Words.zero((width(0), width(0)))

direction = family(r"\Delta_{{{k}}}", lambda i: (width(i), width(i - 1)))
"""k -> Delta_k."""

first_at = family("S_{{{k}}}", _shape)
first_sum = MatrixRecursion(
    first_at, ZERO, lambda i: layer(i + 1) @ first_at(i) + direction(i + 1) @ product_at(i)
)
second_at = family("T_{{{k}}}", _shape)
second_sum = MatrixRecursion(
    second_at, ZERO, lambda i: layer(i + 1) @ second_at(i) + direction(i + 1) @ first_at(i)
)

moved_at = family("D W_{{{k}:1}}", _shape)
bent_at = family("D^2 W_{{{k}:1}}", _shape)
"""First and second derivative of W_{k:1} along Delta, at 0."""

slope = letter("g", width(n), width(0))
bent_slope = letter(r"\nabla^2\phi[S]", width(n), width(0))
"""The gradient of phi at W_{n:1}, and its derivative in the direction S_n."""


def along_delta() -> Rates:
    """Differentiate W_{k+1} W_{k:1} along Delta."""
    return rates(
        {layer(k + 1): direction(k + 1), product_at(k): moved_at(k), moved_at(k): bent_at(k)},
        constants=[direction(k + 1)],
    )


def _variations(proof: Derivation) -> None:
    """Add the steps D W_{k:1} = S_k and D^2 W_{k:1} = 2 T_k for every k, and their case k = n."""
    proof.define(
        first_sum.step(k).named("S_{k + 1}"),
        second_sum.step(k).named("T_{k + 1}"),
    )
    D, zero = along_delta(), rates({}).of_words(product.start)
    moved = MatrixRecursion(moved_at, zero, lambda _: D.of_words(product.step(k)))
    bent = MatrixRecursion(bent_at, zero, lambda _: D.of_words(D.of_words(product.step(k))))
    proof.induction("first variation", k, lambda i: (moved_at(i), first_at(i)), [moved, first_sum])
    first = proof.rule("first variation")
    proof.induction(
        "second variation", k, lambda i: (bent_at(i), second_at(i) * 2),
        [bent, second_sum], lambda _: first,
    )  # fmt: skip
    proof.instance("first variation of the net", "first variation", n)
    proof.instance("second variation of the net", "second variation", n)
    twice = bent.step(k)
    once = layer(k + 1) @ second_at(k) * 2 + direction(k + 1) @ first_at(k)
    both = first + proof.rule("second variation")
    proof.refutes("pairs counted once", twice, once, both)
    flipped = layer(k + 1) @ second_at(k) * 2 - direction(k + 1) @ first_at(k) * 2
    proof.refutes("a sign flipped in the step", twice, flipped, both)


def second_variation() -> Derivation:
    """Derive D^2 W_{k:1} = 2 T_k for every number k of layers."""
    proof = Derivation("second variation of a product of layers", "theory A5")
    _variations(proof)
    return proof.concludes(bent_at(k), "=", second_at(k) * 2)


def hessian_quadratic_form() -> Derivation:
    """Derive Hess f[Delta, Delta] = Q_1 + 2 Q_2 for every depth and every twice differentiable phi.

    The gradient g and the Hessian of phi enter by what they are: D phi = <g, D W> and
    D g = Hess phi[D W].
    """
    proof = Derivation("Hessian quadratic form of a deep linear net", "theory A5")
    _variations(proof)
    net = proof.rule("first variation of the net") + proof.rule("second variation of the net")
    value = sympy.Symbol(r"\phi(W)", real=True)
    D = rates(
        {slope: bent_slope, moved_at(n): bent_at(n)}, scalars={value: inner(slope, moved_at(n))}
    )
    second = D.of_scalar(D.of_scalar(value))
    gauss_newton, pairs = inner(bent_slope, first_at(n)), inner(slope, second_at(n))
    proof.equal("chain rule", second, gauss_newton + 2 * pairs, net)
    named = proof.assume("names", zeros=[GAUSS_NEWTON - gauss_newton, PAIRS - pairs])
    proof.equal("the form", gauss_newton + 2 * pairs, QUADRATIC_FORM, named)
    proof.refutes("Gauss-Newton part alone", second, gauss_newton, net)
    proof.refutes("a sign flipped", second, gauss_newton - 2 * pairs, net)
    proof.refutes("pairs counted once in the form", second, GAUSS_NEWTON + PAIRS, net + named)
    return proof.concludes(second, "=", QUADRATIC_FORM)


def square_loss_hessian() -> Derivation:
    """Derive Hess f[Delta, Delta] = <S_n A, S_n> + 2 <g, T_n> for f = |W X - Y|_F^2 / 2, A = X X^T.

    The gradient of the outer function is g = (W X - Y) X^T.
    """
    proof = Derivation("Hessian quadratic form under the square loss", "theory A5")
    _variations(proof)
    net = proof.rule("first variation of the net") + proof.rule("second variation of the net")
    samples = dimension("N")
    X, Y = letter("X", width(0), samples), letter("Y", width(n), samples)
    W = product_at(n)
    residual = W @ X - Y
    D = rates({W: moved_at(n), moved_at(n): bent_at(n)}, constants=[X, Y])
    second = D.of_scalar(D.of_scalar(inner(residual, residual) / 2))
    gram, gradient = X @ X.T, residual @ X.T
    S, T = first_at(n), second_at(n)
    form = inner(S @ gram, S) + 2 * inner(gradient, T)
    proof.equal("second derivative of the loss", second, form, net)
    blind = inner(S @ gram, S) + 2 * inner(W @ gram, T)
    proof.refutes("targets forgotten", second, blind, net)
    proof.refutes("pairs counted once in the form", second, form - inner(gradient, T), net)
    return proof.concludes(second, "=", form)


def explicit_first_sum(depth: int) -> Words:
    """S_n written out: sum_j W_{n:j+1} Delta_j W_{j-1:1}.

    Raises
    ------
    InvalidExpression    depth < 1
    """
    if depth < 1:
        raise InvalidExpression(f"depth={depth}; a net has at least one layer")
    return reduce(add, (_chain({j: direction(j)}, depth) for j in range(1, depth + 1)))


def explicit_second_sum(depth: int) -> Words:
    """T_n written out: sum_{j<j'} W_{n:j'+1} Delta_{j'} W_{j'-1:j+1} Delta_j W_{j-1:1}.

    Raises
    ------
    InvalidExpression    depth < 1
    """
    if depth < 1:
        raise InvalidExpression(f"depth={depth}; a net has at least one layer")
    pairs = combinations(range(1, depth + 1), 2)
    chains = (_chain({i: direction(i), j: direction(j)}, depth) for i, j in pairs)
    return reduce(add, chains) if depth > 1 else Words.zero((width(1), width(0)))


def unfolded_sums(depth: int) -> tuple[Words, Words]:
    """S_n and T_n by their recursions, step by step."""
    whole, first, second = product.start, first_sum.start, second_sum.start
    for i in range(depth):
        here = {product_at(i): whole, first_at(i): first, second_at(i): second}
        whole, first, second = (
            substitute(sequence.step(sympy.Integer(i)), here)
            for sequence in (product, first_sum, second_sum)
        )
    return Words(first.terms, first.shape), Words(second.terms, second.shape)


def hessian_of_depth(depth: int) -> Derivation:
    """Derive D (W_n ... W_1) = S_n and D^2 = 2 T_n for a given n, written out, no induction.

    Raises
    ------
    InvalidExpression    depth < 2
    """
    if depth < 2:
        raise InvalidExpression(f"depth={depth}; second variations begin at depth 2")
    proof = Derivation(f"second variation of a product of {depth} layers", "theory A5")
    directions = {layer(i): direction(i) for i in range(1, depth + 1)}
    bent = variation(_chain({}, depth), directions, order=2)
    written, first = explicit_second_sum(depth), explicit_first_sum(depth)
    unfolded_first, unfolded = unfolded_sums(depth)
    proof.equal("product rule", variation(_chain({}, depth), directions), first)
    proof.equal("recursion of S_n", unfolded_first, first)
    proof.equal("product rule twice", bent, written * 2)
    proof.equal("recursion of T_n", unfolded, written)
    pair = _chain({1: direction(1), 2: direction(2)}, depth)
    proof.refutes("a pair of layers forgotten", bent, (written - pair) * 2)
    proof.refutes("pairs counted once", bent, written)
    return proof.concludes(bent, "=", written * 2)


def _chain(replaced: dict[int, Words], depth: int) -> Words:
    """W_n ... W_1 with some layers replaced."""
    factors = (replaced.get(i, layer(i)) for i in range(depth, 0, -1))
    return reduce(matmul, factors)
