"""Build instances of deep linear networks from a data set or a target matrix and a few settings."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Iterable, Sequence
from typing import Any

from theorycheck.errors import InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.losses import SquareLoss, exact_rows
from theorycheck.networks import DeepLinear
from theorycheck.problems.datasets import Dataset
from theorycheck.problems.instance import Instance

__all__ = ["deep_linear_instance"]

MOST_PARAMETERS = 1_000_000
STARTS = ("balanced", "random", "identity")
TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def deep_linear_instance(
    *,
    data: Dataset | None = None,
    target: Sequence[Sequence[Any]] | None = None,
    depth: Any = 2,
    width: Any = None,
    seed: Any = 0,
    scale: Any = "1/2",
    start: str = "balanced",
    mean: Any = True,
    weights: Sequence[Any] | None = None,
    step_size: Any = None,
    horizon: Any = None,
    **extra: Any,
) -> Instance:
    """Build an instance of a deep linear network; settings may be texts from a command line.

    Parameters
    ----------
    data : Dataset or None         the square loss of this data
    target : rows (d_n, d_0)       else the whitened loss 1/2 |W - target|_F^2
    depth : int                    number of layers, >= 1
    width : int or None            of every hidden layer; None for min(d_0, d_n)
    seed : int                     of the start
    scale : exact number           of the start
    start : "balanced", "random" or "identity"
    mean : bool                    divide the loss of the data by the number of samples
    weights : sequence of rows     W_1, ..., W_n as the start; depth, width, seed, scale and
                                   start are then not used
    step_size, horizon : exact number > 0, or None to leave the field out; flow time
    extra : exact numbers          further fields of the instance, such as epsilon

    Raises
    ------
    InvalidInstance    a setting that is unknown, no number, or does not fit the others

    Examples
    --------
    >>> case = deep_linear_instance(target=[[2, 0], [0, 1]], depth="3", horizon="1/2")
    >>> case.network.widths, case.horizon
    ((2, 2, 2, 2), Fraction(1, 2))
    """
    _refuse_misspelt(extra)
    loss = _loss(data, target, mean)
    if weights is None:
        hidden = min(loss.input_dimension, loss.output_dimension) if width is None else width
        layers = _integer(depth, "depth", 1)
        inner = _integer(hidden, "width", 1)
        if (layers - 1) * inner**2 > MOST_PARAMETERS:
            raise InvalidInstance(
                f"depth={layers} and width={inner} need more than {MOST_PARAMETERS} parameters; "
                "exact starts of that size do not fit; make the network smaller"
            )
        hidden_widths = (inner,) * (layers - 1)
        network = DeepLinear((loss.input_dimension, *hidden_widths, loss.output_dimension))
        position = _start(network, start, _integer(seed, "seed"), scale)
    else:
        if isinstance(weights, str) or not isinstance(weights, Iterable):
            raise InvalidInstance(f"weights={weights!r} must be matrices; pass read_weights(path)")
        matrices = [exact_rows(layer, f"W_{j}") for j, layer in enumerate(weights, start=1)]
        if not matrices:
            raise InvalidInstance("weights=() hold no matrix; give W_1, ..., W_n")
        network = DeepLinear((len(matrices[0][0]), *(len(matrix) for matrix in matrices)))
        position = network.parameters(matrices)
    fields = {"step_size": step_size, "horizon": horizon, **extra}
    if data is not None:
        fields["data_name"] = data.name
    given = {name: value for name, value in fields.items() if value is not None}
    return Instance(network=network, loss=loss, start=position, **given)


def _loss(data: Dataset | None, target: Any, mean: Any) -> SquareLoss:
    if (data is None) == (target is None):
        got = "neither" if data is None else "both"
        raise InvalidInstance(
            f"got {got} of data and target; give data=iris() or read_csv(...), "
            "or target=[[...]] for a whitened loss"
        )
    average = _truth(mean, "mean")
    if data is None:
        return SquareLoss.whitened(target)
    if not isinstance(data, Dataset):
        raise InvalidInstance(
            f"data={data!r} must be a Dataset; pass iris() or read_csv(path, target=...)"
        )
    return data.loss(mean=average)


def _start(network: DeepLinear, start: str, seed: int, scale: Any) -> tuple[Any, ...]:
    if start == "balanced":
        return network.balanced_start(seed=seed, scale=scale)
    if start == "random":
        return network.random_start(seed=seed, scale=scale)
    if start == "identity":
        return network.identity_start(scale=scale)
    near = difflib.get_close_matches(str(start), STARTS, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"use {', '.join(STARTS)}, or pass weights"
    raise InvalidInstance(f"start={start!r} is unknown; {hint}")


def _integer(value: Any, name: str, low: int | None = None) -> int:
    number = as_fraction(value, name)
    if number.denominator != 1 or (low is not None and number < low):
        bound = "" if low is None else f" >= {low}"
        raise InvalidInstance(f"{name}={value} must be an integer{bound}")
    return int(number)


def _truth(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in TRUTH:
        return TRUTH[value.strip().lower()]
    raise InvalidInstance(f"{name}={value!r} must be true or false")


def _refuse_misspelt(extra: dict[str, Any]) -> None:
    """Refuse a field that looks like a misspelt setting, which would be ignored otherwise."""
    known = [name for name in inspect.signature(deep_linear_instance).parameters if name != "extra"]
    for name in extra:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.8)
        if near:
            raise InvalidInstance(
                f"unknown setting {name!r}; did you mean {' or '.join(near)}? "
                f"The settings are {', '.join(known)}"
            )
