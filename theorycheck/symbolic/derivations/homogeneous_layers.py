r"""Layer norms of nets with homogeneous activations: |W_j|_F^2 - |W_l|_F^2 is conserved by flow.

On a region of fixed activation the output at a sample is h = L_j W_j a_{j-1} for every layer j,
with a_{j-1} the layer's input and L_j = dh/dz_j a product of weights and masks (`forward_pass`).
With r = df/dh the gradient is G_j = sum L_j^T r a_{j-1}^T over the samples, so that
<W_j, G_j> = sum <r, h> is the same for all layers (Euler's identity).

Source: Du, Hu & Lee 2018; theory A10 (c). Every depth, any two layers, any number of samples.
"""

from __future__ import annotations

import sympy
from sympy import Expr

from theorycheck.symbolic.deciding import Hypotheses
from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.homogeneous import samples
from theorycheck.symbolic.derivations.layers import eta, j, layer, letter, n, width
from theorycheck.symbolic.rates import rates, variation
from theorycheck.symbolic.recursions import MatrixRecursion, ScalarRecursion, family
from theorycheck.symbolic.rewriting import substitute
from theorycheck.symbolic.words import Words, inner

__all__ = [
    "euler_identity", "forward_pass", "layer_norm_drift", "layer_norms_are_conserved",
]  # fmt: skip

k, s = sympy.symbols("k s", integer=True, nonnegative=True)
high = sympy.Symbol("l", integer=True, positive=True)
W, V = letter("W_{j}", width(j), width(j - 1)), letter("W_{l}", width(high), width(high - 1))
"""Any two layers."""

output = family("h_{{{k}}}", lambda _: (width(n), 1))
error = family("r_{{{k}}}", lambda _: (width(n), 1))
"""s -> output at sample s, and the derivative of the objective by it."""


class Layer:
    """A layer with, at every sample, its input a and the derivative L of the output by W a."""

    def __init__(self, weights: Words, index: str) -> None:
        rows, columns = weights.shape or (0, 0)
        self.weights = weights
        self.input = family(f"a_{{{{{index},{{k}}}}}}", lambda _: (columns, 1))
        self.above = family(f"L_{{{{{index},{{k}}}}}}", lambda _: (width(n), rows))
        self.gradient = family(f"G_{{{{{index}}}}}^{{{{({{k}})}}}}", lambda _: (rows, columns))

    def at_sample(self) -> Words:
        """What sample s adds to the gradient."""
        return self.above(s).T @ error(s) @ self.input(s).T

    @property
    def sum(self) -> MatrixRecursion:
        """The gradient after s samples."""
        start = Words.zero(self.weights.shape)
        return MatrixRecursion(self.gradient, start, lambda i: self.gradient(i) + self.at_sample())


LOW, HIGH = Layer(W, "j"), Layer(V, "l")

gain: ScalarRecursion = ScalarRecursion(
    "E", sympy.S.Zero, lambda i: gain.at(i) + inner(error(i), output(i))
)
"""E(s) = sum of <r, h> over s samples."""


def forward_pass() -> Derivation:
    """Derive h = L_j z_j for every layer: R_k z_{n-k} = h, R_k = W_n D_{n-1} ... W_{n-k+1} D_{n-k}.

    z_j = W_j a_{j-1} is the pre-activation and D_j z_j = a_j on the region.
    """
    proof = Derivation("the output is linear in each layer on a region", "theory A4 (b)")
    z = family("z_{{{k}}}", lambda i: (width(i), 1))
    mask = family("D_{{{k}}}", lambda i: (width(i), width(i)), symmetric=True)
    above_at = family("R_{{{k}}}", lambda i: (width(n), width(n - i)))
    above = MatrixRecursion(
        above_at, Words.identity(width(n)),
        lambda i: above_at(i) @ layer(n - i) @ mask(n - i - 1),
    )  # fmt: skip
    deeper = layer(n - k) @ mask(n - k - 1) @ z(n - k - 1)
    region = proof.assume("activations on the region", (deeper, z(n - k)))
    proof.define(above.step(k).named("R_{k + 1}"))
    proof.induction(
        "output", k, lambda i: (above_at(i) @ z(n - i), z(n)), [above],
        lambda i: Hypotheses() if i == 0 else region,
    )  # fmt: skip
    proof.refutes("a mask forgotten", above_at(k) @ layer(n - k) @ z(n - k - 1), z(n), region)
    return proof.concludes(above_at(k) @ z(n - k), "=", z(n))


def _add_euler(proof: Derivation) -> Hypotheses:
    """Add <W_j, G_j> = E and <W_l, G_l> = E for every number of samples."""
    passing = proof.assume(
        "forward pass",
        *((x.above(s) @ x.weights @ x.input(s), output(s)) for x in (LOW, HIGH)),
    )
    both = Hypotheses()
    for layer_, name in ((LOW, "j"), (HIGH, "l")):

        def said(i: Expr, x: Layer = layer_) -> tuple[Expr, Expr]:
            return inner(x.weights, x.gradient(i)), gain.at(i)

        step = letter(rf"\Delta_{{{name}}}", *layer_.weights.shape or ())
        value = inner(error(s), layer_.above(s) @ layer_.weights @ layer_.input(s))
        moved = variation(value, {layer_.weights: step})
        proof.equal(f"gradient of layer {name}", moved, inner(layer_.at_sample(), step))
        passed = f"Euler, layer {name}"
        proof.induction(passed, s, said, [layer_.sum, gain], lambda _: passing)
        proof.instance(f"{passed}, all samples", passed, samples)
        both += proof.rule(f"{passed}, all samples")
    crossed = inner(LOW.weights, LOW.above(s).T @ error(s) @ LOW.input(s).T) * 2
    proof.refutes("a factor 2", crossed, inner(error(s), output(s)), passing)
    proof.refutes("off the region", crossed / 2, inner(error(s), output(s)))
    return both


def euler_identity() -> Derivation:
    """Derive <W_j, G_j> = <W_l, G_l> for any two layers: both are the sum of <r, h>."""
    proof = Derivation("Euler's identity of the layers", "theory A4 (b), A10 (c)")
    euler = _add_euler(proof)
    low, high_ = (inner(x.weights, x.gradient(samples)) for x in (LOW, HIGH))
    proof.equal("any two layers", low, high_, euler)
    return proof.concludes(low, "=", high_)


def layer_norms_are_conserved() -> Derivation:
    """Derive d/dt |W_j|_F^2 = -2 sum <r, h>, hence d/dt (|W_j|_F^2 - |W_l|_F^2) = 0."""
    proof = Derivation("gradient flow conserves differences of layer norms", "Du, Hu & Lee 2018")
    euler = _add_euler(proof)
    flow = rates({W: -LOW.gradient(samples), V: -HIGH.gradient(samples)})
    proof.equal("one layer", flow.of_scalar(inner(W, W)), -2 * gain.at(samples), euler)
    rate = flow.of_scalar(inner(W, W) - inner(V, V))
    proof.equal("two layers", rate, sympy.S.Zero, euler)
    proof.refutes(
        "sum instead of difference", flow.of_scalar(inner(W, W) + inner(V, V)), sympy.S.Zero, euler
    )
    return proof.concludes(rate, "=", sympy.S.Zero)


def layer_norm_drift() -> Derivation:
    """Derive the exact change eta^2 (|G_j|_F^2 - |G_l|_F^2) in one step of descent."""
    proof = Derivation("exact drift of layer norms in one descent step", "theory A10")
    euler = _add_euler(proof)
    slopes = {W: LOW.gradient(samples), V: HIGH.gradient(samples)}
    balance = inner(W, W) - inner(V, V)
    moved = substitute(balance, {w: w - g * eta for w, g in slopes.items()}) - balance
    drift = eta**2 * (inner(slopes[W], slopes[W]) - inner(slopes[V], slopes[V]))
    proof.equal("drift", moved, drift, euler)
    proof.refutes("without Euler's identity", moved, drift)
    proof.refutes("a sign flipped", moved, -drift, euler)
    return proof.concludes(moved, "=", drift)
