"""Activation patterns of wide two-layer nets, counted exactly.

Inputs and first-layer weights lie on dyadic grids, so that every pre-activation is an integer
multiple of one power of 2, and every count, the Gram matrix H(0) and sum_r a_r relu(z_ir) are exact
in NumPy's 64-bit integers (Python's where those could overflow). No floating-point rounding is
trusted anywhere; floats only name the grid points.

A Gaussian start is drawn as the nearest grid points of NumPy's standard normal numbers: an exact
start, near a Gaussian one. Seed-wise certificates speak about that start and need no probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np

from theorycheck.errors import InvalidInstance
from theorycheck.exact import Rows, as_fraction
from theorycheck.problems.unit_inputs import INPUT_BITS

__all__ = ["WEIGHT_BITS", "WideNet"]

WEIGHT_BITS = 20
SAFE = 1 << 62
LARGEST = 1 << 30
HALF = 26
Integers = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, eq=False)
class WideNet:
    """A wide two-layer ReLU net f(x) = m^{-1/2} sum_r a_r relu(w_r . x) at its start.

    Parameters
    ----------
    inputs : n x d        exact, multiples of 2^-input_bits
    labels : n            exact
    weights : m x d       integers, in units of 2^-weight_bits
    outer : m             +1 or -1
    """

    inputs: Rows
    labels: tuple[Fraction, ...]
    weights: Integers
    outer: Integers
    input_bits: int = INPUT_BITS
    weight_bits: int = WEIGHT_BITS

    def __post_init__(self) -> None:
        n, d = len(self.inputs), len(self.inputs[0]) if self.inputs else 0
        if not n or not d or any(len(row) != d for row in self.inputs) or len(self.labels) != n:
            raise InvalidInstance("inputs need equally long rows, one per label")
        if any((q * 2**self.input_bits).denominator != 1 for row in self.inputs for q in row):
            raise InvalidInstance(
                f"inputs must be multiples of 2^-{self.input_bits}; round them, and say so"
            )
        if max(abs(q) for row in (*self.inputs, self.labels) for q in row) > LARGEST:
            raise InvalidInstance(f"inputs and labels must be at most {LARGEST}; scale the data")
        if self.weights.ndim != 2 or self.weights.shape[1] != d or not len(self.weights):
            raise InvalidInstance(f"weights must have shape (m, {d}), got {self.weights.shape}")
        if self.weights.dtype.kind not in "iO" or self.outer.dtype.kind != "i":
            raise InvalidInstance("weights and outer must be integers, in units of the grid")
        if self.outer.shape != self.weights.shape[:1] or not (np.abs(self.outer) == 1).all():
            raise InvalidInstance("outer must hold +1 or -1, one per neuron")
        if self.width >= 1 << HALF:
            raise InvalidInstance(f"width={self.width} must be below 2^{HALF}")

    @staticmethod
    def gaussian(
        inputs: Sequence[Sequence[object]],
        labels: Sequence[object],
        *,
        width: int,
        seed: int,
        symmetrised: bool = True,
        input_bits: int = INPUT_BITS,
        weight_bits: int = WEIGHT_BITS,
    ) -> WideNet:
        """Draw w_r ~ N(0, I) on the grid, and a_r = +-1.

        Parameters
        ----------
        symmetrised : bool    neurons come in pairs of equal w_r and opposite a_r: u(0) = 0

        Raises
        ------
        InvalidInstance       inputs off the grid; an odd width where it is symmetrised
        """
        table = tuple(tuple(as_fraction(q, "inputs") for q in row) for row in inputs)
        y = tuple(as_fraction(q, "labels") for q in labels)
        if not table:
            raise InvalidInstance("inputs need at least one row")
        for name, bits in (("input_bits", input_bits), ("weight_bits", weight_bits)):
            if bits not in range(1, 53):
                raise InvalidInstance(f"{name}={bits} must be a whole number from 1 to 52")
        if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
            raise InvalidInstance(f"seed={seed!r} must be a whole number, at least 0")
        if width < 1 or (symmetrised and width % 2):
            raise InvalidInstance(f"width={width} must be positive, and even where symmetrised")
        if width >= 1 << HALF:  # before they are drawn
            raise InvalidInstance(f"width={width} must be below 2^{HALF}")
        rng = np.random.Generator(np.random.PCG64(seed))
        count = width // 2 if symmetrised else width
        drawn = np.rint(rng.standard_normal((count, len(table[0]))) * 2.0**weight_bits)
        weights = drawn.astype(np.int64)
        signs = rng.integers(0, 2, size=count) * 2 - 1
        if symmetrised:
            weights = np.repeat(weights, 2, axis=0)
            signs = np.tile(np.array([1, -1]), count)
        return WideNet(table, y, weights, signs, input_bits, weight_bits)

    @property
    def width(self) -> int:
        return int(self.weights.shape[0])

    @property
    def samples(self) -> int:
        return len(self.inputs)

    @property
    def unit(self) -> Fraction:
        """What one unit of the integer pre-activations is worth."""
        return Fraction(1, 2 ** (self.input_bits + self.weight_bits))

    @cached_property
    def fingerprint(self) -> int:
        """48 bits of a hash of the weights, to tell that a seed drew the same ones again."""
        digest = sha256(repr(self.weights.shape).encode())
        for table in (self.weights, self.outer):
            exact = table.astype("<i8") if table.dtype != object else repr(table.tolist()).encode()
            digest.update(exact if isinstance(exact, bytes) else exact.tobytes())
        return int(digest.hexdigest()[:12], 16)

    @cached_property
    def preactivations(self) -> Integers:
        """z_ir in units of `unit`, n x m, exact."""
        scaled = [[int(q * 2**self.input_bits) for q in row] for row in self.inputs]
        largest = max((abs(q) for row in scaled for q in row), default=0)
        heaviest = max(abs(int(self.weights.min())), abs(int(self.weights.max())))
        if largest * heaviest * len(self.inputs[0]) < SAFE:
            exact: Integers = np.array(scaled, dtype=np.int64) @ self.weights.T
        else:
            exact = np.array(scaled, dtype=object) @ self.weights.astype(object).T
        return exact

    @cached_property
    def sorted_sizes(self) -> Integers:
        """|z_ir|, every row increasing."""
        return np.sort(np.abs(self.preactivations), axis=1)

    @cached_property
    def patterns(self) -> Integers:
        """1 where z_ir >= 0, n x m."""
        return self.preactivations >= 0

    @cached_property
    def co_active(self) -> list[list[int]]:
        """How many neurons are active on both of two samples."""
        # sums of at most m < 2^53 ones are exact in float64, in any order
        ones = self.patterns.astype(np.float64)
        return [[int(q) for q in row] for row in ones @ ones.T]

    @cached_property
    def products(self) -> Rows:
        """x_i . x_j."""
        return tuple(
            tuple(sum((p * q for p, q in zip(x, z, strict=True)), Fraction(0)) for z in self.inputs)
            for x in self.inputs
        )

    @cached_property
    def gram(self) -> Rows:
        """H(0)_ij = (x_i . x_j / m) #{r : z_ir >= 0 and z_jr >= 0}, exact."""
        return tuple(
            tuple(rho * c / self.width for rho, c in zip(row, counts, strict=True))
            for row, counts in zip(self.products, self.co_active, strict=True)
        )

    @cached_property
    def second_gram(self) -> Rows:
        """K(0)_ij = (1 / m) sum_r relu(z_ir) relu(z_jr), exact."""
        active = np.where(self.patterns, self.preactivations, 0).astype(object)
        return tuple(
            tuple(int((p * q).sum()) * self.unit**2 / self.width for q in active) for p in active
        )

    @cached_property
    def output_sums(self) -> tuple[Fraction, ...]:
        """sum_r a_r relu(z_ir), exact; u_i(0) is that over sqrt(m)."""
        active = np.where(self.patterns, self.preactivations, 0) * self.outer
        high, low = active >> HALF, active & ((1 << HALF) - 1)
        totals = (
            int(h) * 2**HALF + int(part)
            for h, part in zip(high.sum(axis=1), low.sum(axis=1), strict=True)
        )
        return tuple(total * self.unit for total in totals)

    def flips(self, bounds: Sequence[Fraction]) -> list[int]:
        """N_i = #{r : |z_ir| <= bounds[i]}, exactly."""
        limits = [int(b / self.unit) if b >= 0 else -1 for b in bounds]
        rows = self.sorted_sizes
        capped = [min(limit, SAFE) if rows.dtype != object else limit for limit in limits]
        return [int(np.searchsorted(row, c, side="right"))
                for row, c in zip(rows, capped, strict=True)]  # fmt: skip

    @cached_property
    def touching(self) -> list[tuple[int, int]]:
        """Neurons and samples, from 1, with z_ir = 0 exactly."""
        places = np.argwhere((self.preactivations == 0).T)
        return [(int(r) + 1, int(i) + 1) for r, i in places]
