"""Wide two-layer ReLU nets at their start as a claim sees them.

The instance has `inputs` (n x d, multiples of 2^-30), `labels` (n), `width` and `seed`: weights are
NumPy's normal numbers of that seed, rounded to multiples of 2^-20, and exact from there on. Neurons
come in pairs of opposite outer weights, so that all outputs start at 0, unless `init` is
"independent". A `fingerprint`, where there is one, says which weights were meant.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy

from theorycheck.claims.claim import Assumption
from theorycheck.claims.matrices import Data, FromScalars, constant
from theorycheck.claims.outcome import Evidence, Outcome, holds, undecided, violated
from theorycheck.claims.relations import AbstractRelation
from theorycheck.claims.settled import Settled
from theorycheck.claims.terms import lambda_max, lambda_min, spectral_norm
from theorycheck.claims.views import Case
from theorycheck.errors import InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.problems import Dataset, Instance
from theorycheck.problems.unit_inputs import unit_data
from theorycheck.trajectories.seedwise import (
    SeedCertificate,
    SeedwiseNet,
    WideNet,
    explicit_widths,
    parallel_pairs,
)  # fmt: skip
from theorycheck.verdicts import HOLDS

__all__ = [
    "certified", "details_of", "initial_error", "initial_gram", "inputs_are_not_parallel",
    "perturbation", "wide_net", "wide_net_instance", "wide_net_on_data",
]  # fmt: skip

STARTS = ("symmetrised", "independent")
BITS = 96


@lru_cache(maxsize=2)
def _drawn(inputs: Any, labels: Any, width: Any, seed: Any, init: str) -> SeedwiseNet:
    if init not in STARTS:
        raise InvalidInstance(f"init={init!r} must be {' or '.join(STARTS)}")
    for name, value in (("width", width), ("seed", seed)):
        if value.denominator != 1 or value < 0:
            raise InvalidInstance(f"{name}={value} must be an integer >= 0")
    return SeedwiseNet(
        WideNet.gaussian(
            inputs, labels, width=int(width), seed=int(seed), symmetrised=init == STARTS[0]
        ),
        bits=BITS,
    )  # fmt: skip


def wide_net(instance: Any) -> SeedwiseNet:
    """The certificates of an instance's net; also of a case.

    Raises
    ------
    InvalidInstance    the weights drawn here are not those of the fingerprint; other `layers` than
                       the first, whose kernels H(0) and Hinf are
    """
    instance = instance.instance if isinstance(instance, Case) else instance
    layers = getattr(instance, "layers", "first")
    if layers != "first":
        raise InvalidInstance(
            f"layers={layers!r}: a wide net's H(0) and Hinf are those of its first layer; leave "
            "layers out"
        )
    fields = [getattr(instance, name) for name in ("inputs", "labels", "width", "seed")]
    net = _drawn(*fields, getattr(instance, "init", STARTS[0]))
    meant = getattr(instance, "fingerprint", None)
    if meant is not None and meant != net.net.fingerprint:
        raise InvalidInstance(
            f"width={instance.width} and seed={instance.seed} draw weights with fingerprint "
            f"{net.net.fingerprint} here, not {meant}: one of them was changed (leave the "
            "fingerprint out then), or this version of NumPy has other normal numbers"
        )
    return net


def wide_net_instance(
    inputs: Any, labels: Any, *, width: Any = 2000, seed: Any = 0, **fields: Any
) -> Instance:
    """An instance of a wide net, with the fingerprint of its weights."""
    made = Instance(inputs=inputs, labels=labels, width=width, seed=seed, **fields)
    return made.replace(fingerprint=wide_net(made).net.fingerprint)


def wide_net_on_data(
    *, data: Dataset, samples: Any = 3, width: Any = 200_000, seed: Any = 0, label_scale: Any = 1,
    **extra: Any,
) -> Instance:  # fmt: skip
    """A wide net on unit inputs of a data set, chosen by the rules of `problems/unit_inputs.py`.

    Parameters
    ----------
    data : Dataset
    samples : int                n
    width : int                  m, even; below 2^26
    seed : int                   of the weights
    label_scale : exact number   labels are in [-label_scale, label_scale]
    extra : exact numbers        further fields of the instance, such as damping
    """
    fields = unit_data(data, samples, label_scale)
    return wide_net_instance(
        fields.pop("inputs"), fields.pop("labels"), width=as_fraction(width, "width"),
        seed=as_fraction(seed, "seed"), **fields, **extra,
    )  # fmt: skip


# -- exact constants of the start ------------------------------------------------------------------
def initial_gram(case: Case) -> Data:
    """H(0), exact, n x n."""
    return constant(wide_net(case).net.gram, "H(0)")


def initial_error(case: Case) -> FromScalars:
    """D(0) = u(0) - y, n x 1."""
    net = wide_net(case).net
    root = sympy.sqrt(net.width)
    return FromScalars(tuple(
        (_number(s) / root - _number(y),) for s, y in zip(net.output_sums, net.labels, strict=True)
    ))  # fmt: skip


def perturbation(case: Case, radius: Fraction) -> Data:
    """B(R), exact, n x n: |H - H(0)| <= |B(R)| where no neuron moved by more than R."""
    net = wide_net(case)
    return constant(net.perturbation(net.flips(radius)), "B(R)")


def _number(value: Fraction) -> Any:
    return sympy.Rational(value.numerator, value.denominator)


# -- certificates as relations ---------------------------------------------------------------------
def certified(found: SeedCertificate, *, within: bool = True) -> AbstractRelation:
    """The conclusion of a certificate: HOLDS, or UNDECIDED with the condition that fails.

    Parameters
    ----------
    found : SeedCertificate
    within : bool    whether what is claimed is no more than the certificate says
    """

    def outcome() -> Outcome:
        if found.verdict is HOLDS and within:
            numbers = ", ".join(f"{name} = {x.real().str(8)}" for name, x in found.numbers.items())
            text = f"{found.statement}: R = {float(found.radius):.6g}, {numbers}"
            return Outcome(HOLDS, Evidence.ENCLOSURE, text, bits=BITS)
        beyond = "more is claimed than the certificate says"
        return undecided(found.reason or beyond).at_bits(BITS)

    return Settled(found.statement, outcome)


def _not_parallel(case: Case) -> AbstractRelation:
    def outcome() -> Outcome:
        pairs = parallel_pairs(wide_net(case).net.products)
        if not pairs:
            return holds(Evidence.EXACT, "no two inputs are positive multiples of one another")
        i, j = pairs[0]
        reason = f"samples {i} and {j} are parallel: H is singular for all weights"
        return violated(Evidence.EXACT, reason)

    return Settled("no two inputs are parallel", outcome)


inputs_are_not_parallel = Assumption(
    "inputs_are_not_parallel",
    _not_parallel,
    "no input is a positive multiple of another, or 0",
)


def details_of(
    certificate: Callable[[Case], SeedCertificate],
) -> Callable[[Case], dict[str, Any]]:
    """What a certificate rests on, by name: the rows of a figure over widths or seeds."""

    def details(case: Case) -> dict[str, Any]:
        net = wide_net(case)
        found = certificate(case)
        gram, limit = initial_gram(case), case.kernel.matrix
        named = {
            "width": net.net.width,
            "R": found.radius,
            "eps(R)": lambda_max(perturbation(case, found.radius)),
            "lambda_min(H(0))": lambda_min(gram),
            "lambda_0": lambda_min(limit),
            "|H(0) - Hinf|": spectral_norm(gram - limit),
        }
        return {**named, **_explicit(net)}

    return details


def _explicit(net: SeedwiseNet) -> dict[str, Any]:
    """The width that the explicit theorem asks for, rounded up."""
    from theorycheck.balls import precision, upper

    with precision(BITS):
        squared = Fraction(upper(net.error_norm * net.error_norm))
        symmetrised = not any(net.net.output_sums)
        found = explicit_widths(
            net.net.inputs, squared, Fraction(1, 10), symmetrised=symmetrised
        )  # fmt: skip
        return {} if found is None else {"explicit width": -int(-upper(found.width) // 1)}
