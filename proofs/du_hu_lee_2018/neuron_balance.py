"""The drift of the layers' norms in one step of descent: every depth, layer and sample number.

Words do not know masks of an instance, so that the end is compared as an expression: squared norms
of gradients for squared norms of gradients. The laws of the single neurons, which the claims of
`neuron_balance` decide region by region, are derived along with it.
"""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.du_hu_lee_2018 import neuron_balance as claimed
from theorycheck.symbolic.derivations import homogeneous, homogeneous_layers as derived
from theorycheck.symbolic.derivations.layers import eta
from theorycheck.symbolic.words import inner


def proofs() -> list[Proof]:
    steps = (
        homogeneous.neuron_is_conserved(),
        homogeneous.neuron_drift(),
        derived.forward_pass(),
        derived.euler_identity(),
        derived.layer_norms_are_conserved(),
        derived.layer_norm_drift(),
    )
    proof = Proof(claimed.layer_norms_drift_exactly, steps)
    low, high = (x.gradient(homogeneous.samples) for x in (derived.LOW, derived.HIGH))
    first, second = inner(low, low), inner(high, high)
    names = {eta: claimed.eta, first: claimed.inner_gradient, second: claimed.outer_gradient}
    drift = eta**2 * (first - second)
    proof.ends_on_expression(claimed.LAYER_DRIFT, drift, names, relation="=")
    return [proof]
