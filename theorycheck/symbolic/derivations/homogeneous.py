r"""Conservation laws of nets with homogeneous activations, on one region of fixed activation.

There a hidden layer multiplies by a diagonal mask D: for one sample with input x of layer j and
error r = df/dz_{j+1}, z_{j+1} = W_{j+1} D (W_j x + b), the gradients are

    G_j = D W_{j+1}^T r x^T,    g_b = D W_{j+1}^T r,    G_{j+1} = r (D (W_j x + b))^T,

and for neuron c, with e = e_c and D e = delta e,

    <W_j[c,:], G_j[c,:]> + b_c g_{b,c} = <W_{j+1}[:,c], G_{j+1}[:,c]>.

The gradient of a sum over samples is a recursion in their number (for a mean the errors are r/N),
so the laws hold for every number of samples, each with its own mask. The other layers enter only
through x and r, so they hold for every depth and layer.

Source: Du, Hu & Lee 2018; theory A10.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import sympy
from sympy import Expr

from theorycheck.symbolic.deciding import Hypotheses
from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.layers import A, B, eta, j, letter, width
from theorycheck.symbolic.rates import rates, variation
from theorycheck.symbolic.recursions import MatrixRecursion, family
from theorycheck.symbolic.rewriting import substitute
from theorycheck.symbolic.words import Words, inner

__all__ = [
    "biased_neuron_drift", "biased_neuron_is_conserved", "gradients_on_a_region", "neuron_drift",
    "neuron_is_conserved",
]  # fmt: skip

s = sympy.Symbol("s", integer=True, nonnegative=True)
"""Number of samples so far."""

e = letter("e_{c}", width(j), 1)
bias = letter("b", width(j), 1)
x = family("x_{{{k}}}", lambda _: (width(j - 1), 1))
r = family("r_{{{k}}}", lambda _: (width(j + 1), 1))
mask = family("D_{{{k}}}", lambda _: (width(j), width(j)), symmetric=True)
"""s -> input, error and mask of sample s."""


At: TypeAlias = Callable[[Expr | int], Words]
NAMES = (r"\Delta G_{j}", r"\Delta g_{b}", r"\Delta G_{j+1}")

G_in = family("G_{{j}}^{{({k})}}", lambda _: (width(j), width(j - 1)))
g_bias = family("g_{{b}}^{{({k})}}", lambda _: (width(j), 1))
G_out = family("G_{{j+1}}^{{({k})}}", lambda _: (width(j + 1), width(j)))
"""k -> the gradients after k samples."""

samples = sympy.Symbol("N", integer=True, nonnegative=True)
slope = sympy.Function(r"\delta", real=True)
"""s -> slope of neuron c at sample s; for a mean over samples r carries the factor 1/N."""


@dataclass(frozen=True)
class Neuron:
    """Neuron c of layer j, with or without a bias.

    Parameters
    ----------
    shift : Words         b, or 0
    """

    shift: Words

    @property
    def biased(self) -> bool:
        return not self.shift.is_zero

    def gradients(self, index: Expr) -> tuple[Words, Words, Words]:
        """What sample `index` adds to the gradients of W_j, b and W_{j+1}."""
        back = mask(index) @ B.T @ r(index)
        before = A @ x(index) + self.shift if self.biased else A @ x(index)
        return back @ x(index).T, back, r(index) @ (mask(index) @ before).T

    @property
    def sums(self) -> list[MatrixRecursion]:
        """The gradients of W_j, b and W_{j+1} after s samples."""

        def sequence(at: At, part: int) -> MatrixRecursion:
            return MatrixRecursion(
                at, Words.zero(at(0).shape), lambda k: at(k) + self.gradients(k)[part]
            )

        return [sequence(at, part) for part, at in enumerate((G_in, g_bias, G_out))]

    def incoming(self, k: Expr) -> Expr:
        """<W_j[c,:], G_j[c,:]> + b_c g_{b,c} after k samples."""
        weights = inner(A.T @ e, G_in(k).T @ e)
        return weights + inner(e.T @ self.shift, e.T @ g_bias(k)) if self.biased else weights

    @property
    def difference(self) -> Words:
        """|in|^2 + b_c^2 - |out|^2."""
        size = e.T @ A @ A.T @ e
        if self.biased:
            size = size + e.T @ bias @ bias.T @ e
        return size - e.T @ B.T @ B @ e

    @property
    def slopes(self) -> Words:
        """The same of the gradients: |g_in|^2 + g_{b,c}^2 - |g_out|^2."""
        size = e.T @ G_in(samples) @ G_in(samples).T @ e
        if self.biased:
            size = size + e.T @ g_bias(samples) @ g_bias(samples).T @ e
        return size - e.T @ G_out(samples).T @ G_out(samples) @ e

    def law(self, proof: Derivation) -> Hypotheses:
        """Add <in, g_in> = <out, g_out> for every number of samples."""
        proof.define(*(g.named(name) for g, name in zip(self.gradients(s), NAMES, strict=True)
                       if self.biased or name != NAMES[1]))  # fmt: skip
        neuron = proof.assume("D is diagonal", (mask(s) @ e, e * slope(s)), every=[s])

        def said(k: Expr) -> tuple[Expr, Expr]:
            return self.incoming(k), inner(B @ e, G_out(k) @ e)

        proof.induction("<in, g_in> = <out, g_out>", s, said, self.sums, lambda _: neuron)
        proof.instance("the law for all samples", "<in, g_in> = <out, g_out>", samples)
        in_one, bias_one, out_one = self.gradients(s)
        left = inner(A.T @ e, in_one.T @ e)
        whole = left + inner(e.T @ self.shift, e.T @ bias_one)
        right = inner(B @ e, out_one @ e)
        proof.refutes("mask not diagonal", whole, right)
        other = letter("e_{f}", width(j), 1)
        proof.refutes("another neuron's column", whole, inner(B @ other, out_one @ other), neuron)
        if self.biased:
            proof.refutes("bias forgotten", left, right, neuron)
        return proof.rule("the law for all samples")

    def conserved(self, title: str) -> Derivation:
        proof = Derivation(title, "Du, Hu & Lee 2018; theory A10")
        law = self.law(proof)
        velocities = {A: -G_in(samples), B: -G_out(samples), bias: -g_bias(samples)}
        flow = rates(velocities, constants=[e])
        rate, zero = flow.of_words(self.difference), Words.zero((1, 1))
        proof.equal("derivative", rate, zero, law)
        sum_ = flow.of_words(self.difference + e.T @ B.T @ B @ e * 2)
        proof.refutes("sum instead of difference", sum_, zero, law)
        return proof.concludes(rate, "=", zero)

    def drift(self, title: str) -> Derivation:
        proof = Derivation(title, "theory A10")
        law = self.law(proof)
        after = substitute(
            self.difference,
            {A: A - G_in(samples) * eta, B: B - G_out(samples) * eta,
             bias: bias - g_bias(samples) * eta},
        )  # fmt: skip
        before = self.difference.named("d_{c}")
        proof.define(before)
        moved = after.named("d_{c}^{+}") - before
        proof.equal("drift", moved, self.slopes * eta**2, law)
        proof.refutes("without the law", moved, self.slopes * eta**2)
        proof.refutes("a sign flipped", moved, -self.slopes * eta**2, law)
        return proof.concludes(moved, "=", self.slopes * eta**2)


def gradients_on_a_region() -> Derivation:
    """Derive the gradients of one sample: <r, D z_{j+1}[Delta]> = sum of <gradient, Delta>."""
    proof = Derivation("gradients around a hidden layer", "theory A4, A10")
    output = B @ mask(s) @ (A @ x(s) + bias)
    steps = {
        parameter: letter(f"\\Delta_{{{name}}}", *parameter.shape or ())
        for parameter, name in ((A, "j"), (bias, "b"), (B, "j+1"))
    }
    first = variation(inner(r(s), output), steps)
    gradients = Neuron(bias).gradients(s)
    paired = [inner(g, step) for g, step in zip(gradients, steps.values(), strict=True)]
    proof.equal("first variation", first, sum(paired))
    proof.refutes("a layer forgotten", first, sum(paired[:2]))
    proof.refutes("a sign flipped", first, sum(paired[:2]) - paired[2])
    return proof.concludes(first, "=", sum(paired))


def neuron_is_conserved() -> Derivation:
    """Derive d/dt (|W_j[c,:]|^2 - |W_{j+1}[:,c]|^2) = 0 along gradient flow."""
    return UNBIASED.conserved("gradient flow conserves a neuron's balance")


def neuron_drift() -> Derivation:
    """Derive the exact change eta^2 (|g_in|^2 - |g_out|^2) in one step of descent."""
    return UNBIASED.drift("exact drift of a neuron's balance in one descent step")


def biased_neuron_is_conserved() -> Derivation:
    """Derive d/dt (|W_j[c,:]|^2 + b_c^2 - |W_{j+1}[:,c]|^2) = 0 along gradient flow."""
    return BIASED.conserved("gradient flow conserves the balance of a neuron with bias")


def biased_neuron_drift() -> Derivation:
    """Derive the exact change eta^2 (|g_in|^2 + g_b^2 - |g_out|^2) in one step of descent."""
    return BIASED.drift("exact drift of the balance of a neuron with bias in one descent step")


UNBIASED, BIASED = Neuron(Words.zero(bias.shape)), Neuron(bias)
