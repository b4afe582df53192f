"""Balancedness D_j = W_{j+1}^T W_{j+1} - W_j W_j^T: conserved by flow, drifting by descent.

Source: Arora, Cohen & Hazan 2018; Du, Hu & Lee 2018; theory A9 (a), (b). Every depth and layer.
"""

from __future__ import annotations

from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.layers import GRADIENT_A, GRADIENT_B, A, B, G, P, Q, eta
from theorycheck.symbolic.rates import rates
from theorycheck.symbolic.rewriting import substitute
from theorycheck.symbolic.words import Words

__all__ = ["balancedness", "descent_drift", "drift", "imbalance"]

imbalance = (B.T @ B - A @ A.T).named("D_{j}")
"""D_j."""

drift = (GRADIENT_B.T @ GRADIENT_B - GRADIENT_A @ GRADIENT_A.T) * eta**2
"""D_j(k+1) - D_j(k) along gradient descent."""


def balancedness() -> Derivation:
    """Derive d/dt (W_{j+1}^T W_{j+1} - W_j W_j^T) = 0 along gradient flow, for all n and j."""
    proof = Derivation("gradient flow conserves balancedness", "Du, Hu & Lee 2018, Theorem 2.2")
    proof.define(GRADIENT_A, GRADIENT_B, imbalance)
    flow = rates({A: -GRADIENT_A, B: -GRADIENT_B}, constants=[P, Q, G])
    proof.follows(flow)
    proof.equal("key identity", B.T @ GRADIENT_B, GRADIENT_A @ A.T)
    rate = flow.of_words(imbalance)
    zero = Words.zero(imbalance.shape)
    proof.equal("derivative of D_j", rate, zero)
    proof.refutes("a sign flipped", flow.of_words(B.T @ B + A @ A.T), zero)
    return proof.concludes(rate, "=", zero)


def descent_drift() -> Derivation:
    """Derive D_j(k+1) - D_j(k) = eta^2 (G_{j+1}^T G_{j+1} - G_j G_j^T), exactly."""
    proof = Derivation("exact drift of balancedness in one descent step", "theory A9(b)")
    proof.define(GRADIENT_A, GRADIENT_B, imbalance)
    after = substitute(imbalance, {A: A - GRADIENT_A * eta, B: B - GRADIENT_B * eta}).named(
        "D_{j}^{+}"
    )
    moved = after - imbalance
    proof.equal("drift", moved, drift)
    plus = (GRADIENT_B.T @ GRADIENT_B + GRADIENT_A @ GRADIENT_A.T) * eta**2
    proof.refutes("plus instead of minus", moved, plus)
    return proof.concludes(moved, "=", drift)
