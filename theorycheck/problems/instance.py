"""Instances: open, immutable records of exact values, with exact JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from theorycheck.errors import InvalidInstance
from theorycheck.exact import as_fraction, format_fraction
from theorycheck.losses import SquareLoss
from theorycheck.networks import DeepLinear
from theorycheck.problems.objective import DeepLinearObjective, Objective
from theorycheck.problems.symbolic_objective import SymPyObjective

__all__ = ["SCHEMA", "Instance"]

SCHEMA = 1


class Instance:
    """What a claim is checked on: network, loss, start, step_size, horizon, and whatever it needs.

    Numbers become exact Fractions (a float is the dyadic it stands for), sequences of numbers
    become tuples. Fields are attributes.

    Raises
    ------
    InvalidInstance    a value that is not exact, or known fields that do not fit together

    Examples
    --------
    >>> case = Instance(network=DeepLinear((1, 1)), loss=SquareLoss.whitened([[1]]),
    ...                 start=["1/2"], horizon="3/2")
    >>> case.horizon, case.replace(horizon=2).horizon
    (Fraction(3, 2), Fraction(2, 1))
    """

    __slots__ = ("_fields", "_hash", "_objective")
    _fields: dict[str, Any]

    def __init__(self, **fields: Any) -> None:
        clean = {name: _clean(name, value) for name, value in fields.items()}
        object.__setattr__(self, "_fields", clean)
        object.__setattr__(self, "_objective", None)
        object.__setattr__(self, "_hash", None)
        _validate(clean)
        if self.objective_or_none is not None and "start" in clean:
            _validate_start(clean["start"], self.objective)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("an Instance is immutable; use instance.replace(name=value)")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self._fields[name]
        except KeyError:
            has = ", ".join(self._fields)
            raise AttributeError(f"the instance has no field {name!r}; it has {has}") from None

    @property
    def fields(self) -> Mapping[str, Any]:
        return dict(self._fields)

    @property
    def objective_or_none(self) -> Objective | None:
        if self._objective is None:
            made = self._fields.get("objective")
            if made is None and "network" in self._fields and "loss" in self._fields:
                made = DeepLinearObjective(self._fields["network"], self._fields["loss"])
            object.__setattr__(self, "_objective", made)
        return self._objective  # type: ignore[no-any-return]

    @property
    def objective(self) -> Objective:
        """The function the trajectories minimise, from `objective`, or `network` and `loss`."""
        found = self.objective_or_none
        if found is None:
            raise InvalidInstance("the instance has no objective; give network and loss, or objective")
        return found

    def replace(self, **changes: Any) -> Instance:
        """A copy with some fields changed or added."""
        return Instance(**{**self._fields, **changes})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Instance) and self._fields == other._fields

    def __hash__(self) -> int:
        if self._hash is None:
            object.__setattr__(self, "_hash", hash(tuple(sorted(self._fields.items(), key=str))))
        return self._hash  # type: ignore[no-any-return]

    def __reduce__(self) -> Any:
        return (Instance.from_json, (self.to_json(),))

    def __repr__(self) -> str:
        return f"tc.Instance({', '.join(f'{k}={_source(v)}' for k, v in self._fields.items())})"

    # -- JSON ------------------------------------------------------------------------------------
    def to_json(self) -> dict[str, Any]:
        """Exact content as plain JSON data, with a schema version."""
        return {"schema": SCHEMA, "fields": {k: _encode(v) for k, v in self._fields.items()}}

    @classmethod
    def from_json(cls, data: Any) -> Instance:
        """Read what `to_json` wrote; no text is ever evaluated.

        Raises
        ------
        InvalidInstance    not an instance, or a schema this version does not know
        """
        if not isinstance(data, Mapping) or not isinstance(data.get("fields"), Mapping):
            raise InvalidInstance("not a stored instance: the key fields is missing")
        if data.get("schema") != SCHEMA:
            raise InvalidInstance(
                f"instance schema {data.get('schema')!r} is not known; this version reads {SCHEMA}"
            )
        return cls(**{str(k): _decode(k, v) for k, v in data["fields"].items()})


def _clean(name: str, value: Any) -> Any:
    if isinstance(value, (DeepLinear, SquareLoss, Objective, Fraction)):
        return value
    if isinstance(value, (list, tuple)) or hasattr(value, "tolist"):
        items = value.tolist() if hasattr(value, "tolist") else value
        if not isinstance(items, (list, tuple)):
            return as_fraction(items, name)
        return tuple(_clean(f"{name}[{i}]", x) for i, x in enumerate(items))
    if isinstance(value, str) and name in ("name", "title", "note", "data_name"):
        return value
    return as_fraction(value, name)


def _validate(fields: dict[str, Any]) -> None:
    kinds = {"network": DeepLinear, "loss": SquareLoss, "objective": Objective}
    for name, kind in kinds.items():
        if name in fields and not isinstance(fields[name], kind):
            raise InvalidInstance(f"{name}={fields[name]!r} must be a {kind.__name__}")
    for name in ("step_size", "horizon"):
        if name in fields and not fields[name] > 0:
            raise InvalidInstance(f"{name}={fields[name]} must be positive; try {name}=1/100")
    if "steps" in fields and (fields["steps"].denominator != 1 or fields["steps"] < 0):
        raise InvalidInstance(f"steps={fields['steps']} must be an integer >= 0")


def _validate_start(start: Any, objective: Objective) -> None:
    if len(start) != objective.dimension or any(isinstance(x, tuple) for x in start):
        raise InvalidInstance(
            f"start needs {objective.dimension} numbers (flat, layer by layer, row-major), "
            f"got {len(start)}; network.parameters(layers) flattens weight matrices"
        )


def _source(value: Any) -> str:
    if isinstance(value, Fraction):
        return repr(format_fraction(value)) if value.denominator != 1 else str(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(_source(x) for x in value) + "]"
    if isinstance(value, DeepLinear):
        return f"tc.DeepLinear({value.widths})"
    if isinstance(value, SquareLoss):
        if value.is_whitened:
            return f"tc.SquareLoss.whitened({_source(value.targets)})"
        data = f"inputs={_source(value.inputs)}, targets={_source(value.targets)}"
        return f"tc.SquareLoss({data}, mean={value.mean})"
    return repr(value)


def _encode(value: Any) -> Any:
    if isinstance(value, Fraction):
        return format_fraction(value)
    if isinstance(value, tuple):
        return [_encode(x) for x in value]
    if isinstance(value, DeepLinear):
        return {"type": "DeepLinear", "widths": list(value.widths)}
    if isinstance(value, SquareLoss):
        kind = {"type": "SquareLoss", "mean": value.mean}
        return {**kind, "inputs": _encode(value.inputs), "targets": _encode(value.targets)}
    if isinstance(value, SymPyObjective):
        return value.to_json()
    return {"type": "text", "text": str(value)}


DECODERS: dict[str, Callable[[Any], Any]] = {
    "DeepLinear": lambda d: DeepLinear(tuple(d["widths"])),
    "SquareLoss": lambda d: SquareLoss(d["inputs"], d["targets"], mean=bool(d["mean"])),
    "SymPyObjective": SymPyObjective.from_json,
    "text": lambda d: str(d["text"]),
}


def _decode(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        kind = value.get("type")
        if kind not in DECODERS:
            raise InvalidInstance(f"field {name} has the unknown type {kind!r}")
        try:
            return DECODERS[kind](value)
        except (KeyError, TypeError) as error:
            raise InvalidInstance(f"field {name} is damaged: {error!r}") from None
    if isinstance(value, list):
        return tuple(_decode(name, x) for x in value)
    return value
