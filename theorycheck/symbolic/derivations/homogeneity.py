r"""Euler's identities of a homogeneous function, q(c theta) = c^L q(theta) for c > 0.

    h(c theta) = c^{L-1} h(theta),    <h, theta> = L q,    (Hess q) theta = (L - 1) h,    h = grad q

and block by block: <dq/dW_k, W_k> = q in every layer of a deep linear net, in any depth. Where q
is not differentiable the first two hold for every Clarke subgradient, by limits and convex
combinations of the gradients nearby.

Source: Lyu & Li 2020, Theorem B.2; theory C1.
"""

from __future__ import annotations

import sympy
from sympy import Expr

from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.layers import (
    GRADIENT_A,
    GRADIENT_B,
    A,
    B,
    G,
    P,
    Q,
    dimension,
    letter,
)  # fmt: skip
from theorycheck.symbolic.named import derivative, named
from theorycheck.symbolic.rates import rates, variation
from theorycheck.symbolic.rewriting import substitute
from theorycheck.symbolic.words import Words, inner

__all__ = [
    "euler_identity",
    "gradient_is_homogeneous",
    "hessian_identity",
    "layers_grow_alike",
    "linear_net_by_layers",
]

size = dimension("p")
theta, direction = letter(r"\theta", size, 1), letter(r"\Delta", size, 1)
gradient, at_scaled = letter("h", size, 1), letter("h_c", size, 1)
"""The gradients at theta and at c theta."""
hessian = letter("H", size, size, symmetric=True)

c, L = sympy.symbols("c L", positive=True)
q, scaled = sympy.symbols("q q_c", real=True)
"""q(theta) and q(c theta)."""


def euler_identity() -> Derivation:
    """Derive <h, theta> = L q by differentiating q(c theta) - c^L q(theta) = 0 in c, at c = 1."""
    proof = Derivation("Euler's identity", "Lyu & Li 2020, Theorem B.2; theory C1(b)")
    # d/dc q(c theta) = <h(c theta), theta>
    in_c = rates({}, scalars={c: sympy.S.One, scaled: inner(at_scaled, theta)})
    slope = in_c.of_scalar(scaled - c**L * q)
    shown = derivative(scaled - c**L * q, slope, r"\frac{d}{dc}")
    proof.equal("derivative in c", shown, inner(at_scaled, theta) - L * c ** (L - 1) * q)
    at_one = sympy.sympify(substitute(slope.subs(c, 1), {at_scaled: gradient}))
    constant = proof.assume("q(c theta) - c^L q(theta) = 0 for c near 1", zeros=[at_one])
    proof.equal("at c = 1", inner(gradient, theta), L * q, constant)
    proof.refutes("L + 1 instead of L", inner(gradient, theta), (L + 1) * q, constant)
    return proof.concludes(inner(gradient, theta), "=", L * q)


def gradient_is_homogeneous() -> Derivation:
    """Derive that c h(c theta) - c^L h(theta) is orthogonal to every direction."""
    proof = Derivation("the gradient is homogeneous", "theory C1(a)")
    moves = {scaled: inner(at_scaled, direction) * c, q: inner(gradient, direction)}
    defect = scaled - c**L * q
    moved = _along(defect, variation(defect, {theta: direction}, scalars=moves))
    wanted = inner(at_scaled * c - gradient * c**L, direction)
    proof.equal("derivative in any direction", moved, wanted)
    proof.refutes("the chain rule's c forgotten", moved,
        inner(at_scaled - gradient * c**L, direction))  # fmt: skip
    return proof.concludes(moved, "=", wanted)


def hessian_identity() -> Derivation:
    """Derive that (Hess q) theta - (L - 1) h is orthogonal to every direction."""
    proof = Derivation("Euler's identity of second order", "theory C1(c)")
    defect = inner(gradient, theta) - L * q
    moved = _along(
        defect,
        variation(
            defect,
            {theta: direction, gradient: hessian @ direction},
            scalars={q: inner(gradient, direction)},
        ),
    )
    wanted = inner(hessian @ theta - gradient * (L - 1), direction)
    proof.equal("derivative of Euler's identity", moved, wanted)
    proof.refutes("L instead of L - 1", moved, wanted - inner(gradient, direction))
    return proof.concludes(moved, "=", wanted)


def _along(expression: Expr, value: Words | Expr) -> Expr:
    """Write `value` as the derivative of an expression in the direction Delta."""
    return derivative(expression, sympy.sympify(value), r"D_{\Delta}")


# ---------------------------------------------------------------------- block by block

pairing = named("q", inner(G, P @ B @ A @ Q))
"""q = <g, W_{n:1}>: any output, or any weighted sum of outputs, of a deep linear net."""


def linear_net_by_layers() -> Derivation:
    """Derive <dq/dW_j, W_j> = q = <dq/dW_{j+1}, W_{j+1}> for every depth n and layer j."""
    proof = Derivation("a deep linear net is homogeneous in each layer", "theory C1")
    proof.define(GRADIENT_A, GRADIENT_B, pairing)
    pairings = []
    for name, layer, slope in (("j", A, GRADIENT_A), ("j+1", B, GRADIENT_B)):
        step = letter(r"\Delta", *(layer.shape or ()))
        moved = _along(pairing, variation(pairing, {layer: step}))
        proof.equal(f"gradient in layer {name}", moved, inner(slope, step))
        pairings.append(named(f"(G_{{{name}}}, W_{{{name}}})", inner(slope, layer)))
        proof.equal(f"Euler in layer {name}", pairings[-1], pairing)
    lower, upper = pairings
    proof.refutes("both layers at once", lower + upper, pairing)
    return proof.concludes(lower, "=", upper)


def layers_grow_alike() -> Derivation:
    """Derive that |W_j|_F^2 and |W_{j+1}|_F^2 grow alike along the flow, for every n and j."""
    proof = Derivation("the layers' squared norms grow alike", "theory C1, C7(i)")
    proof.define(GRADIENT_A, GRADIENT_B, pairing)
    flow = rates({A: GRADIENT_A, B: GRADIENT_B}, constants=[P, Q, G])
    lower, upper = flow.rate(inner(A, A)), flow.rate(inner(B, B))
    proof.equal("layer j", lower, 2 * pairing)
    proof.equal("layer j+1", upper, 2 * pairing)
    proof.refutes("the factor two forgotten", lower, pairing)
    return proof.concludes(lower, "=", upper)
