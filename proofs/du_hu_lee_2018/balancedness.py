"""Gradient flow conserves D_j = W_{j+1}^T W_{j+1} - W_j W_j^T, for every depth and every layer.

The layers beside j and j+1 enter only through the opaque products P = W_{n:j+2} and
Q = W_{j-1:1}, so the derivation holds for all n and j at once.
"""

from __future__ import annotations

from fractions import Fraction

from proofs.derivation import Derivation
from theorycheck.catalogue.du_hu_lee_2018.balancedness import (
    balancedness_drifts_exactly,
    balancedness_is_conserved_by_flow,
)  # fmt: skip
from theorycheck.symbolic.words import Letter, Words

A, B, P, Q, g = (Words.letter(Letter(name)) for name in ("W_{j}", "W_{j+1}", "P", "Q", "g"))

GRADIENT_A = (P @ B).T @ g @ Q.T
GRADIENT_B = P.T @ g @ (A @ Q).T


def derive() -> Derivation:
    """Derive the flow law; the exact drift of one step of descent comes along."""
    proof = Derivation("d/dt (W_{j+1}^T W_{j+1} - W_j W_j^T) = 0 along gradient flow")
    proof.equal("key identity W_{j+1}^T G_{j+1} = G_j W_j^T", B.T @ GRADIENT_B, GRADIENT_A @ A.T)
    rate = (GRADIENT_A @ A.T + A @ GRADIENT_A.T) - (GRADIENT_B.T @ B + B.T @ GRADIENT_B)  # W' = -G
    proof.equal("derivative of D_j", rate, Words.zero())
    wrong = (GRADIENT_A @ A.T + A @ GRADIENT_A.T) + (GRADIENT_B.T @ B + B.T @ GRADIENT_B)
    proof.refutes("a sign flipped", wrong, Words.zero())
    return proof.conclude(balancedness_is_conserved_by_flow.name)


def derive_drift(eta: Fraction = Fraction(1, 7)) -> Derivation:
    """Derive D_j(k+1) - D_j(k) = eta^2 (G_{j+1}^T G_{j+1} - G_j G_j^T) for one rational eta.

    Both sides are polynomials of degree 2 in eta without constant term, so two values of eta
    decide it for all; the caller takes two.
    """
    proof = Derivation(f"exact drift of one step, eta = {eta}")
    next_a, next_b = A - GRADIENT_A.scaled(eta), B - GRADIENT_B.scaled(eta)
    moved = (next_b.T @ next_b - next_a @ next_a.T) - (B.T @ B - A @ A.T)
    drift = (GRADIENT_B.T @ GRADIENT_B - GRADIENT_A @ GRADIENT_A.T).scaled(eta**2)
    proof.equal("drift", moved, drift)
    plus = (GRADIENT_B.T @ GRADIENT_B + GRADIENT_A @ GRADIENT_A.T).scaled(eta**2)
    proof.refutes("plus instead of minus", moved, plus)
    return proof.conclude(balancedness_drifts_exactly.name)


if __name__ == "__main__":
    print(derive())
    print(derive_drift(Fraction(1, 7)))
    print(derive_drift(Fraction(2, 7)))
