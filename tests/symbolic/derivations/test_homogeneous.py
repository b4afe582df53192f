"""The laws of neurons and layers agree with derivatives of an explicit loss on a region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import sympy

from tests.symbolic.derivations.values import Rationals
from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations import homogeneous, homogeneous_layers
from theorycheck.symbolic.derivations.layers import A, B, eta
from theorycheck.symbolic.entries import entries
from theorycheck.symbolic.words import Words

SAMPLES = 3


def symbols(name: str, rows: int, columns: int) -> Any:
    return sympy.Matrix(rows, columns, sympy.symbols(f"{name}:{rows * columns}"))


class Region:
    """f = mean of |V D_i (W x_i + b) - y_i|^2 / 2 with a diagonal mask for every sample."""

    def __init__(self, seed: int, *, biased: bool) -> None:
        draw, (inputs, hidden, outputs) = Rationals(seed), (2, 3, 2)
        W, V = symbols("w", hidden, inputs), symbols("v", outputs, hidden)
        b = symbols("b", hidden, 1)
        loss = sympy.S.Zero
        for _ in range(SAMPLES):
            x, y, mask = draw.matrix(inputs, 1), draw.matrix(outputs, 1), draw.diagonal(hidden)
            gap = V * mask * (W * x + (b if biased else b * 0)) - y
            loss += (gap.T * gap)[0] / 2 / SAMPLES
        point = {x: draw.number() for m in (W, V, b) for x in m}
        self.weights = [m.subs(point) for m in (W, V, b)]
        self.slopes = [m.applyfunc(lambda x: sympy.diff(loss, x)).subs(point) for m in (W, V, b)]
        self.step = draw.positive()

    def letters(self, neuron: int) -> Mapping[Words, Any]:
        count = homogeneous.samples
        pick = sympy.zeros(3, 1)
        pick[neuron] = 1
        keys = [A, B, homogeneous.bias, homogeneous.G_in(count), homogeneous.G_out(count),
                homogeneous.g_bias(count), homogeneous.e]  # fmt: skip
        return dict(zip(keys, [*self.weights, *self.slopes, pick], strict=True))


@pytest.mark.parametrize("biased", [False, True])
@pytest.mark.parametrize("neuron", [0, 1, 2])
def test_statements_hold_entrywise(neuron: int, biased: bool) -> None:
    region = Region(7 + neuron, biased=biased)
    letters, numbers = region.letters(neuron), {eta: region.step}
    one = homogeneous.biased_neuron_drift() if biased else homogeneous.neuron_drift()
    flow = homogeneous.biased_neuron_is_conserved() if biased else homogeneous.neuron_is_conserved()

    for proof in (one, flow):
        said = proof.conclusion
        assert entries(said.left, letters, numbers) == entries(said.right, letters, numbers)
    assert entries(one.conclusion.right, letters, numbers)[0] != 0
    law = one.statement("the law for all samples")
    assert entries(law.left, letters) == entries(law.right, letters)


def test_bias_matters_to_the_law() -> None:
    region = Region(3, biased=True)
    law = homogeneous.neuron_is_conserved().statement("the law for all samples")

    assert entries(law.left, region.letters(0)) != entries(law.right, region.letters(0))


def test_layers_share_the_sum_of_errors_times_outputs() -> None:
    """Without biases <W, dW> = <V, dV>, checked on the explicit loss."""
    region = Region(11, biased=False)
    W, V, _ = region.weights
    at_w, at_v, _ = region.slopes
    count = homogeneous.samples
    letters = {
        homogeneous_layers.W: W, homogeneous_layers.V: V,
        homogeneous_layers.LOW.gradient(count): at_w, homogeneous_layers.HIGH.gradient(count): at_v,
    }  # fmt: skip

    for derive in (homogeneous_layers.euler_identity, homogeneous_layers.layer_norm_drift,
                   homogeneous_layers.layer_norms_are_conserved):  # fmt: skip
        said = derive().conclusion
        left, right = (
            entries(side, letters, {eta: region.step}) for side in (said.left, said.right)
        )
        assert sympy.expand(left - right) == 0


def test_forward_pass_reaches_every_layer() -> None:
    proof: Derivation = homogeneous_layers.forward_pass()

    assert proof.conclusion is not None
    assert "induction" in {step.kind for step in proof.steps}
