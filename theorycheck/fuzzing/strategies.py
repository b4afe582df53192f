"""Hypothesis strategies of nets, losses, data and instances for `@given` tests: `tc.strategies`.

All values are exact rationals; nothing is drawn and thrown away. They are what families draw,
special cases with real probability included, and shrink towards small depth and width, few data
and small integers. Sizes are closed ranges (low, high), or one integer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, TypeVar

from hypothesis import strategies as st

from theorycheck.errors import InvalidInstance
from theorycheck.exact import Rows, as_fraction
from theorycheck.fuzzing.choices import DrawnChoices, instances_of
from theorycheck.hypothesis_types import register
from theorycheck.losses import SquareLoss
from theorycheck.networks import AbstractLayered, DeepLinear
from theorycheck.problems import Choices, Family, Instance, families
from theorycheck.problems.classifier_families import ARCHITECTURES, draw_predictor
from theorycheck.problems.draws import draw_loss, draw_network
from theorycheck.problems.draws_data import (
    LabelledData,
    RegressionData,
    Vector,
    draw_nearly_orthogonal,
    draw_parallel,
    draw_regression,
    draw_separable,
    draw_unit,
    draw_units,
)
from theorycheck.problems.draws_nets import (
    HomogeneousWeights,
    ReluWeights,
    draw_homogeneous,
    draw_relu,
)
from theorycheck.problems.draws_numbers import draw_entry, draw_size
from theorycheck.problems.draws_starts import draw_start, shapes_of

__all__ = [
    "HomogeneousWeights", "LabelledData", "RegressionData", "ReluWeights",
    "deep_linear", "deep_linear_nets", "drawn_by", "entries", "homogeneous_nets", "horizons",
    "instances", "nearly_orthogonal_inputs", "networks", "parallel_inputs", "points",
    "predictors",
    "regression_data", "relu_nets", "separable_data", "square_losses", "starts", "step_sizes",
    "unit_inputs", "unit_vectors", "whitened_losses",
]  # fmt: skip

T = TypeVar("T")
Size = int | tuple[int, int]


def drawn_by(make: Callable[[Choices], T]) -> st.SearchStrategy[T]:
    """Make a strategy of a function of choices; it shrinks as the choices do.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(drawn_by(lambda choices: choices.fraction(-2, 2, 3)), lambda x: x > 1)
    Fraction(2, 1)
    """

    @st.composite
    def drawn(draw: Callable[[Any], Any]) -> T:
        return make(DrawnChoices(draw))

    return drawn()


def entries() -> st.SearchStrategy[Fraction]:
    """Small rationals: halves and thirds in [-2, 2]."""
    return drawn_by(draw_entry)


# -- numbers of the dynamics -------------------------------------------------------------------
def step_sizes(
    low: Any = Fraction(1, 64), high: Any = Fraction(1, 2)
) -> st.SearchStrategy[Fraction]:
    """Step sizes in [low, high], unit fractions where there are any; shrinks towards long steps.

    Raises
    ------
    InvalidInstance    not 0 < low <= high
    """
    least, most = _range(low, high, "step_size")
    return drawn_by(lambda choices: draw_size(choices, least, most))


def horizons(low: Any = Fraction(1, 4), high: Any = 2) -> st.SearchStrategy[Fraction]:
    """Horizons in [low, high], flow time, in eighths of the range; shrinks towards short ones.

    Raises
    ------
    InvalidInstance    not 0 < low <= high
    """
    least, most = _range(low, high, "horizon")
    return drawn_by(lambda c: least + (most - least) * Fraction(c.integer(0, 8), 8))


# -- deep linear nets --------------------------------------------------------------------------
def networks(
    depth: Size = (1, 3),
    width: Size = (1, 3),
    *,
    inputs: int | None = None,
    outputs: int | None = None,
) -> st.SearchStrategy[DeepLinear]:
    """Deep linear networks; a quarter of them have all widths equal to the least."""
    depths, widths = _size(depth, "depth"), _size(width, "width")
    return drawn_by(lambda c: draw_network(c, depths, widths, inputs=inputs, outputs=outputs))


def starts(
    network: DeepLinear, start: str | Sequence[str] = "mixed"
) -> st.SearchStrategy[tuple[Fraction, ...]]:
    """Parameters of a network, of the named shapes; see `deep_linear_nets`."""
    shapes = shapes_of(start)
    return drawn_by(lambda choices: draw_start(choices, network, shapes))


def deep_linear_nets(
    depth: Size = (1, 3),
    width: Size = (1, 3),
    *,
    start: str | Sequence[str] = "mixed",
    inputs: int | None = None,
    outputs: int | None = None,
) -> st.SearchStrategy[Instance]:
    """Instances of a network and a start.

    Parameters
    ----------
    depth, width : (low, high) or int
    start : str or shapes    "balanced", "any", "mixed", or some of "identity", "origin",
                             "repeated" (singular values), "balanced", "deficient",
                             "near identity", "entries", "zero layer", "low rank", "orthogonal",
                             "near balanced", "near zero"

    Raises
    ------
    InvalidInstance          an empty range, an unknown shape
    """
    depths, widths, shapes = _size(depth, "depth"), _size(width, "width"), shapes_of(start)

    def make(choices: Choices) -> Instance:
        network = draw_network(choices, depths, widths, inputs=inputs, outputs=outputs)
        return Instance(network=network, start=draw_start(choices, network, shapes))

    return drawn_by(make)


def square_losses(
    inputs: Size = (1, 3), outputs: Size = (1, 3), kind: str = "mixed"
) -> st.SearchStrategy[SquareLoss]:
    """Square losses, whitened or of a few samples; kind is "whitened", "data" or "mixed"."""
    columns, rows = _size(inputs, "inputs"), _size(outputs, "outputs")

    def make(choices: Choices) -> SquareLoss:
        network = DeepLinear((choices.integer(*columns), choices.integer(*rows)))
        drawn = draw_loss(choices, network, kind)
        if not isinstance(drawn, SquareLoss):
            raise InvalidInstance(f"kind={kind!r} is no square loss; use whitened, data or mixed")
        return drawn

    return drawn_by(make)


def whitened_losses(inputs: Size = (1, 3), outputs: Size = (1, 3)) -> st.SearchStrategy[SquareLoss]:
    """Whitened losses 1/2 |W - Phi|_F^2; some Phi are zero, some the identity."""
    return square_losses(inputs, outputs, "whitened")


def instances(family: Family) -> st.SearchStrategy[Instance]:
    """Instances of a family, such as a claim's own: `instances(claim.family)`."""
    return instances_of(family)


def points(**options: Any) -> st.SearchStrategy[Instance]:
    """Nets, losses and starts, with the options of `families.points`."""
    return instances_of(families.points(**options))


def deep_linear(**options: Any) -> st.SearchStrategy[Instance]:
    """Nets, losses, starts, horizons and step sizes, with the options of `families.deep_linear`."""
    return instances_of(families.deep_linear(**options))


# -- other nets, as plain weights ----------------------------------------------------------------
def relu_nets(inputs: Size = (1, 3), width: Size = (1, 4)) -> st.SearchStrategy[ReluWeights]:
    """Weights of two-layer ReLU nets: dead, repeated and cancelling neurons, |w_r| = |a_r|."""
    columns, widths = _size(inputs, "inputs"), _size(width, "width")
    return drawn_by(lambda c: draw_relu(c, c.integer(*columns), c.integer(*widths)))


def homogeneous_nets(
    depth: Size = (1, 3), width: Size = (1, 3)
) -> st.SearchStrategy[HomogeneousWeights]:
    """Weights of (leaky) ReLU and linear nets without bias, zero and diagonal layers included."""
    depths, widths = _size(depth, "depth"), _size(width, "width")
    return drawn_by(lambda c: draw_homogeneous(c, draw_network(c, depths, widths).widths))


def predictors(depth: Size = (1, 4)) -> st.SearchStrategy[AbstractLayered]:
    """Homogeneous predictors with one output: (leaky) ReLU, powers of units, tied powers."""
    depths = _size(depth, "depth")
    return drawn_by(lambda c: draw_predictor(c, c.pick(ARCHITECTURES), depths))


# -- data ------------------------------------------------------------------------------------------
def unit_vectors(dimension: Size = (1, 4)) -> st.SearchStrategy[Vector]:
    """Rational points of the unit sphere."""
    sizes = _size(dimension, "dimension")
    return drawn_by(lambda choices: draw_unit(choices, choices.integer(*sizes)))


def unit_inputs(dimension: Size = (1, 4), samples: Size = (1, 4)) -> st.SearchStrategy[Rows]:
    """Inputs X of norm 1, rows (d, N), one column per sample."""
    return _table(draw_units, dimension, samples)


def parallel_inputs(dimension: Size = (1, 4), samples: Size = (2, 4)) -> st.SearchStrategy[Rows]:
    """Unit inputs of which two are equal or opposite; at least two samples."""
    return _table(draw_parallel, dimension, samples, fewest=2)


def nearly_orthogonal_inputs(
    dimension: Size = (1, 4), samples: Size = (1, 4)
) -> st.SearchStrategy[Rows]:
    """Inputs X with N |<x_i, x_j>| <= |x_i|^2 for i != j; never more samples than dimensions."""
    sizes, counts = _size(dimension, "dimension"), _size(samples, "samples")
    if counts[0] > sizes[0]:
        raise InvalidInstance(
            f"samples={samples} in dimension={dimension} cannot be nearly orthogonal; "
            "use at most as many samples as dimensions"
        )

    def make(choices: Choices) -> Rows:
        size = choices.integer(*sizes)
        count = choices.integer(counts[0], min(counts[1], size))
        return draw_nearly_orthogonal(choices, size, count)

    return drawn_by(make)


def separable_data(
    dimension: Size = (1, 3), samples: Size = (1, 4)
) -> st.SearchStrategy[LabelledData]:
    """Data with labels 1 and -1 and a direction that separates them through the origin."""
    return _table(draw_separable, dimension, samples)


def regression_data(
    inputs: Size = (1, 3), outputs: Size = (1, 2), samples: Size = (1, 4)
) -> st.SearchStrategy[RegressionData]:
    """Inputs and targets of a regression; a third of the targets are linear in the inputs."""
    columns, rows = _size(inputs, "inputs"), _size(outputs, "outputs")
    counts = _size(samples, "samples")
    return drawn_by(
        lambda c: draw_regression(c, c.integer(*columns), c.integer(*rows), c.integer(*counts))
    )


# -- helpers -----------------------------------------------------------------------------------
def _table(
    make: Callable[[Choices, int, int], T], dimension: Size, samples: Size, *, fewest: int = 1
) -> st.SearchStrategy[T]:
    sizes, counts = _size(dimension, "dimension"), _size(samples, "samples", fewest)
    return drawn_by(lambda c: make(c, c.integer(*sizes), c.integer(*counts)))


def _size(given: Size, name: str, least: int = 1) -> tuple[int, int]:
    pair = (given, given) if isinstance(given, int) else given
    whole = isinstance(pair, tuple | list) and len(pair) == 2
    if not whole or any(isinstance(x, bool) or not isinstance(x, int) for x in pair):
        raise InvalidInstance(f"{name}={given!r} must be a range (low, high) of integers")
    if not least <= pair[0] <= pair[1]:
        raise InvalidInstance(f"{name}={given!r} must be a range with {least} <= low <= high")
    return pair[0], pair[1]


def _range(low: Any, high: Any, name: str) -> tuple[Fraction, Fraction]:
    least, most = as_fraction(low, name), as_fraction(high, name)
    if not 0 < least <= most:
        raise InvalidInstance(f"{name}={(low, high)} must be a range with 0 < low <= high")
    return least, most


register()
