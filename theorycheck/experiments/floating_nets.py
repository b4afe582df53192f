"""Fully connected nets without biases in float64: loss, gradient, Hessian; estimates, no evidence.

    f(W_1, ..., W_n) = (1/N) sum_i log(sum_c e^{h_c(x_i)}) - h_{y_i}(x_i),   h = W_n s(... s(W_1 x))

with s the identity or ReLU. Points are lists of float64 matrices W_j of shape (d_j, d_{j-1}).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "FloatNet", "Layers", "distance", "xavier_uniform"]

Array = NDArray[np.float64]
Layers = list[Array]
BLOCK = 200


@dataclass(frozen=True)
class FloatNet:
    """Mean cross-entropy of a net on all samples at once (full batch).

    Parameters
    ----------
    inputs : float64 (d_0, N)
    targets : float64 (d_n, N)     one-hot columns
    relu : bool                    ReLU between the layers, else the identity
    """

    inputs: Array
    targets: Array
    relu: bool

    @property
    def samples(self) -> int:
        """N."""
        return int(self.inputs.shape[1])

    @cached_property
    def blocks(self) -> list[tuple[float, FloatNet]]:
        """The samples in blocks small enough for one thread, each with its share of the mean.

        NumPy's BLAS shares larger products among threads, which costs forty times the work where
        the cores are busy, and makes the last digits depend on their number.
        """
        if self.samples <= BLOCK:
            return [(1.0, self)]
        cuts = [range(k, min(k + BLOCK, self.samples)) for k in range(0, self.samples, BLOCK)]
        return [
            (len(cut) / self.samples,
             FloatNet(self.inputs[:, cut].copy(), self.targets[:, cut].copy(), self.relu))
            for cut in cuts
        ]  # fmt: skip

    def loss(self, layers: Sequence[Array]) -> float:
        return self.loss_and_gradient(layers)[0]

    def loss_and_gradient(self, layers: Sequence[Array]) -> tuple[float, Layers]:
        """Return f and its gradient by every layer, from one pass."""
        loss, gradient = 0.0, [np.zeros_like(layer) for layer in layers]
        for share, block in self.blocks:
            part, slopes = block._loss_and_gradient(layers)
            loss += share * part
            for total, slope in zip(gradient, slopes, strict=True):
                total += share * slope
        return loss, gradient

    def _loss_and_gradient(self, layers: Sequence[Array]) -> tuple[float, Layers]:
        activations, masks, predictions = self.forward(layers)
        loss, error = self.outer(predictions)
        gradient = []
        for j in range(len(layers) - 1, -1, -1):
            gradient.append(error @ activations[j].T)
            if j:
                error = layers[j].T @ error
                if self.relu:
                    error *= masks[j - 1]
        return loss, gradient[::-1]

    def forward(self, layers: Sequence[Array]) -> tuple[Layers, list[Any], Array]:
        """Return the inputs A_0, ..., A_{n-1} of the layers, the masks, and the predictions."""
        activations, masks = [self.inputs], []
        for layer in layers[:-1]:
            hidden = layer @ activations[-1]
            if self.relu:
                masks.append(hidden > 0)  # s'(0) = 0, as frameworks have it
                hidden *= masks[-1]
            activations.append(hidden)
        return activations, masks, layers[-1] @ activations[-1]

    def outer(self, predictions: Array) -> tuple[float, Array]:
        """Return the mean loss and its derivative by the predictions, (p - y) / N."""
        shifted = predictions - predictions.max(axis=0)
        weights = np.exp(shifted)
        total = weights.sum(axis=0)
        values = np.log(total) - (shifted * self.targets).sum(axis=0)
        return float(values.mean()), (weights / total - self.targets) / self.samples

    def hessian_product(self, layers: Sequence[Array], direction: Sequence[Array]) -> Layers:
        """Apply the Hessian on the activation region of `layers` to a direction.

        The derivative R of every quantity of the two passes along the direction; masks are
        constant on a region.
        """
        product = [np.zeros_like(layer) for layer in layers]
        for share, block in self.blocks:
            for total, part in zip(product, block._hessian_product(layers, direction), strict=True):
                total += share * part
        return product

    def _hessian_product(self, layers: Sequence[Array], direction: Sequence[Array]) -> Layers:
        activations, masks, predictions = self.forward(layers)
        error = self.outer(predictions)[1]
        moved = [np.zeros_like(self.inputs)]
        for j in range(len(layers) - 1):
            change = direction[j] @ activations[j] + layers[j] @ moved[j]
            moved.append(change * masks[j] if self.relu else change)
        change = direction[-1] @ activations[-1] + layers[-1] @ moved[-1]
        p = error * self.samples + self.targets
        moved_error = p * (change - (p * change).sum(axis=0)) / self.samples
        product = []
        for j in range(len(layers) - 1, -1, -1):
            product.append(moved_error @ activations[j].T + error @ moved[j].T)
            if j:
                moved_error = direction[j].T @ error + layers[j].T @ moved_error
                error = layers[j].T @ error
                if self.relu:
                    moved_error, error = moved_error * masks[j - 1], error * masks[j - 1]
        return product[::-1]


def xavier_uniform(widths: Sequence[int], seed: int) -> Layers:
    """Draw W_j uniformly from [-b, b], b = sqrt(6 / (d_j + d_{j-1})); same seed, same weights."""
    source = np.random.default_rng(seed)
    return [
        source.uniform(-1.0, 1.0, (high, low)) * np.sqrt(6.0 / (high + low))
        for low, high in pairwise(widths)
    ]


def distance(first: Sequence[Array], second: Sequence[Array]) -> float:
    """The Euclidean distance of two points, all weight matrices concatenated."""
    return float(np.sqrt(sum(((a - b) ** 2).sum() for a, b in zip(first, second, strict=True))))
