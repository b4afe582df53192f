"""Exact JSON and Python source of the values an instance may hold. No text is ever evaluated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from typing import Any

from theorycheck.errors import InvalidInstance
from theorycheck.exact import format_fraction
from theorycheck.losses import (
    AbstractLoss,
    CrossEntropyLoss,
    ExponentialLoss,
    LogisticLoss,
    SquareLoss,
)
from theorycheck.networks import DeepLinear, DiagonalPower, FullyConnected, PowerUnits
from theorycheck.problems.symbolic_objective import SymPyObjective, VectorField

__all__ = ["decode", "encode", "source"]

# Python refuses to convert integers of more than 4300 decimal digits; hexadecimal has no limit.
_DECIMAL_BITS = 14_000


def encode(value: Any) -> Any:
    """Write a value of an instance as plain JSON data; numbers become text such as "1/10"."""
    if isinstance(value, Fraction | int):
        return format_fraction(value) if not _is_huge(value) else _hexadecimal(Fraction(value))
    if isinstance(value, tuple):
        return [encode(x) for x in value]
    if isinstance(value, DeepLinear):
        return {"type": "DeepLinear", "widths": list(value.widths)}
    if isinstance(value, FullyConnected):
        net = {"type": "FullyConnected", "widths": list(value.widths)}
        slope = {} if value.slope is None else {"slope": encode(value.slope)}
        return {**net, "activation": value.activation, **slope}
    if isinstance(value, DiagonalPower):
        return {"type": "DiagonalPower", "widths": list(value.widths), "power": value.power}
    if isinstance(value, PowerUnits):
        made = {"type": "PowerUnits", "widths": list(value.widths)}
        return {**made, "power": value.power, "slope": encode(value.slope)}
    if isinstance(value, AbstractLoss):
        kind = {"type": type(value).__name__, "mean": value.mean}
        return {**kind, "inputs": encode(value.inputs), "targets": encode(value.targets)}
    if isinstance(value, SymPyObjective | VectorField):
        return value.to_json()
    return {"type": "text", "text": str(value)}


def decode(name: str, value: Any) -> Any:
    """Read what `encode` wrote; numbers stay text, which the instance reads.

    Raises
    ------
    InvalidInstance    an unknown or damaged value, or a bare float
    """
    if isinstance(value, Mapping):
        kind = value.get("type")
        if kind not in _DECODERS:
            raise InvalidInstance(
                f"field {name} has the unknown type {kind!r}; known are {', '.join(_DECODERS)}"
            )
        try:
            return _DECODERS[kind](value)
        except InvalidInstance as error:
            raise InvalidInstance(f"field {name}: {error}") from None
        except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as error:
            raise InvalidInstance(f"field {name} is a damaged {kind}: {error!r}") from None
    if isinstance(value, list | tuple):
        return tuple(decode(name, x) for x in value)
    if isinstance(value, float):
        raise InvalidInstance(
            f"field {name} holds the float {value!r}; stored numbers are text, such as '1/10'"
        )
    if value is None:
        raise InvalidInstance(f"field {name} is null; leave it out")
    return value


def source(value: Any) -> str | None:
    """Write a value as Python that needs only `import theorycheck as tc`; None if it cannot be."""
    if isinstance(value, Fraction | int):
        if _is_huge(value):
            return None
        return str(value) if value.denominator == 1 else repr(format_fraction(value))
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, tuple):
        parts = [source(x) for x in value]
        return None if None in parts else f"[{', '.join(p for p in parts if p is not None)}]"
    if isinstance(value, DeepLinear):
        return f"tc.DeepLinear({value.widths})"
    if isinstance(value, FullyConnected):
        if value.slope is None:
            return f"tc.FullyConnected({value.widths}, activation={value.activation!r})"
        slope = source(value.slope)
        if slope is None:
            return None
        return f"tc.FullyConnected({value.widths}, activation={value.activation!r}, slope={slope})"
    if isinstance(value, DiagonalPower):
        return f"tc.DiagonalPower({value.widths}, power={value.power})"
    if isinstance(value, PowerUnits):
        slope = source(value.slope)
        return f"tc.PowerUnits({value.widths}, power={value.power}, slope={slope})"
    if isinstance(value, AbstractLoss):
        inputs, targets = source(value.inputs), source(value.targets)
        if inputs is None or targets is None:
            return None
        if isinstance(value, SquareLoss) and value.is_whitened and not value.mean:
            return f"tc.SquareLoss.whitened({targets})"
        name = type(value).__name__
        return f"tc.{name}(inputs={inputs}, targets={targets}, mean={value.mean})"
    return None


def _is_huge(value: Fraction | int) -> bool:
    return max(abs(value.numerator), value.denominator).bit_length() > _DECIMAL_BITS


def _hexadecimal(value: Fraction) -> dict[str, str]:
    return {
        "type": "Fraction",
        "numerator": hex(value.numerator),
        "denominator": hex(value.denominator),
    }


_LOSSES = (SquareLoss, LogisticLoss, CrossEntropyLoss, ExponentialLoss)


def _loss(kind: type[AbstractLoss], data: Mapping[str, Any]) -> AbstractLoss:
    inputs, targets = (decode(name, data[name]) for name in ("inputs", "targets"))
    return kind(inputs, targets, mean=data["mean"])


def _net(data: Mapping[str, Any]) -> FullyConnected:
    slope = decode("slope", data["slope"]) if "slope" in data else None
    return FullyConnected(tuple(data["widths"]), data["activation"], slope=slope)


_DECODERS: dict[str, Callable[[Any], Any]] = {
    "FullyConnected": _net,
    "DiagonalPower": lambda d: DiagonalPower(tuple(d["widths"]), d["power"]),
    "PowerUnits": lambda d: PowerUnits(tuple(d["widths"]), d["power"], slope=d["slope"]),
    "DeepLinear": lambda d: DeepLinear(tuple(d["widths"])),
    **{kind.__name__: partial(_loss, kind) for kind in _LOSSES},
    "SymPyObjective": SymPyObjective.from_json,
    "VectorField": VectorField.from_json,
    "Fraction": lambda d: Fraction(int(d["numerator"], 16), int(d["denominator"], 16)),
    "text": lambda d: str(d["text"]),
}
