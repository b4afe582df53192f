"""Instances: open, immutable records of exact values, with exact JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from fractions import Fraction
from keyword import iskeyword
from typing import Any

from theorycheck.errors import InvalidInstance
from theorycheck.exact import as_fraction
from theorycheck.losses import AbstractLoss
from theorycheck.networks import AbstractLayered
from theorycheck.problems.fully_connected import FullyConnectedObjective
from theorycheck.problems.objective import DeepLinearObjective, Objective
from theorycheck.problems.storage import decode, encode, source
from theorycheck.problems.symbolic_objective import SymPyObjective, VectorField

__all__ = ["SCHEMA", "Instance"]

SCHEMA = 1

_TEXT_FIELDS = ("name", "title", "note", "data_name")
_STARTS = ("start", "descent_start")
_POSITIVE = ("step_size", "horizon")
_KINDS = {
    "network": AbstractLayered,
    "loss": AbstractLoss,
    "objective": Objective,
    "field": VectorField,
}
_NAMES = {
    "network": "a DeepLinear, FullyConnected, PowerUnits or DiagonalPower",
    "loss": "a SquareLoss, LogisticLoss, CrossEntropyLoss or ExponentialLoss",
    "objective": "an Objective",
    "field": "a VectorField",
}
# A claim's case has these beside the fields.
_OF_A_CASE = ("instance", "flow", "descent", "initial", "kernel")
_NO_NUMBER = ("nan", "inf", "infinity", "none", "true", "false")


class Instance:
    """What a claim is checked on: network, loss, start, step_size, horizon, and whatever it needs.

    Numbers become Fractions (a float is the dyadic it stands for, a text the number it says),
    sequences become tuples, words stay text. Fields are attributes, in the order given.

    Parameters
    ----------
    network : a network, loss : a loss          or `objective`: Objective; widths fit the data
    start, descent_start : numbers              flat, layer by layer, row-major; or layer matrices
    step_size, horizon : numbers > 0            dimensionless, flow time
    steps : int >= 0
    anything else : number, text, table of numbers, VectorField

    Raises
    ------
    InvalidInstance    a value that is not exact, or known fields that do not fit together

    Examples
    --------
    >>> from theorycheck.losses import SquareLoss
    >>> from theorycheck.networks import DeepLinear
    >>> case = Instance(network=DeepLinear((1, 1)), loss=SquareLoss.whitened([[1]]),
    ...                 start=["1/2"], horizon="3/2")
    >>> case.horizon, case.replace(horizon=2).horizon
    (Fraction(3, 2), Fraction(2, 1))
    >>> Instance.from_json(case.to_json()) == case
    True
    """

    __slots__ = ("_fields", "_hash", "_objective")
    _fields: dict[str, Any]

    def __init__(self, **fields: Any) -> None:
        for name in fields:
            reserved = name in _OF_A_CASE or (hasattr(type(self), name) and name != "objective")
            if name.startswith("_") or not name.isidentifier() or iskeyword(name) or reserved:
                raise InvalidInstance(f"a field cannot be called {name!r}; choose another name")
        given = fields.get("objective")
        if isinstance(given, DeepLinearObjective | FullyConnectedObjective):
            fields = {"network": given.network, "loss": given.loss, **fields}
            del fields["objective"]
        clean = {name: _clean(name, value) for name, value in fields.items()}
        _validate(clean)
        object.__setattr__(self, "_fields", clean)
        object.__setattr__(self, "_objective", _objective_of(clean))
        object.__setattr__(self, "_hash", None)
        for name in _STARTS:
            if name in clean:
                clean[name] = _checked_start(name, clean[name], clean, self._objective)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("an Instance is immutable; use instance.replace(name=value)")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("an Instance is immutable; use instance.without(name)")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self._fields[name]
        except KeyError:
            has = ", ".join(self._fields) or "none"
            raise AttributeError(
                f"the instance has no field {name!r}; its fields are {has}"
            ) from None

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._fields})

    def __contains__(self, name: object) -> bool:
        return name in self._fields

    @property
    def fields(self) -> Mapping[str, Any]:
        """The fields by name, in the order given; a copy."""
        return dict(self._fields)

    @property
    def objective_or_none(self) -> Objective | None:
        """The objective, or None where the instance has none."""
        return self._objective  # type: ignore[no-any-return]

    @property
    def objective(self) -> Objective:
        """The function the trajectories minimise, from `objective`, or `network` and `loss`.

        Raises
        ------
        InvalidInstance    the instance has none of these
        """
        if self._objective is None:
            raise InvalidInstance(
                "the instance has no objective; give network and loss, or objective"
            )
        return self._objective  # type: ignore[no-any-return]

    def replace(self, **changes: Any) -> Instance:
        """Copy with some fields changed or added."""
        return Instance(**{**self._fields, **changes})

    def without(self, *names: str) -> Instance:
        """Copy without some fields."""
        return Instance(**{k: v for k, v in self._fields.items() if k not in names})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Instance) and self._fields == other._fields

    def __hash__(self) -> int:
        if self._hash is None:
            object.__setattr__(self, "_hash", hash(frozenset(self._fields.items())))
        return self._hash  # type: ignore[no-any-return]

    def __reduce__(self) -> Any:
        return (Instance.from_json, (self.to_json(),))

    def __repr__(self) -> str:
        """One line of Python after `import theorycheck as tc`, giving an equal instance."""
        parts = {name: source(value) for name, value in self._fields.items()}
        if None in parts.values():
            return f"tc.Instance.from_json({self.to_json()!r})"
        return f"tc.Instance({', '.join(f'{name}={text}' for name, text in parts.items())})"

    # -- JSON ------------------------------------------------------------------------------------
    def to_json(self) -> dict[str, Any]:
        """Return the exact content as plain JSON data, with a schema version."""
        return {"schema": SCHEMA, "fields": {k: encode(v) for k, v in self._fields.items()}}

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | str) -> Instance:
        """Read what `to_json` wrote, as data or as text; nothing is evaluated.

        Raises
        ------
        InvalidInstance    not an instance, or a schema this version does not know
        """
        stored = _parsed(data) if isinstance(data, str) else data
        if not isinstance(stored, Mapping):
            raise InvalidInstance(
                f"a stored instance is an object with schema and fields, got {stored!r:.40}"
            )
        if stored.get("schema") != SCHEMA or isinstance(stored.get("schema"), bool):
            raise InvalidInstance(
                f"schema={stored.get('schema')!r} is not known; this version reads schema {SCHEMA}"
            )
        fields = stored.get("fields")
        if not isinstance(fields, Mapping):
            raise InvalidInstance("the stored instance has no object called fields")
        for name in fields:
            if not isinstance(name, str) or not name.isidentifier():
                raise InvalidInstance(f"the stored field name {name!r} must be an identifier")
        return cls(**{name: decode(name, value) for name, value in fields.items()})


def _parsed(text: str) -> Any:
    try:
        # Decimals stay text, so that 0.1 is one tenth.
        return json.loads(text, parse_float=str, parse_constant=str, object_pairs_hook=_unique)
    except RecursionError:
        raise InvalidInstance("the stored instance is nested too deeply") from None
    except ValueError as error:
        raise InvalidInstance(f"the stored instance is no JSON: {error}") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} occurs twice")
        found[key] = value
    return found


def _clean(name: str, value: Any) -> Any:
    if isinstance(value, AbstractLayered | AbstractLoss | Objective | VectorField | Fraction):
        return value
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple | range):
        return tuple(_clean(f"{name}[{i}]", x) for i, x in enumerate(value))
    if isinstance(value, str):
        known = name in _TEXT_FIELDS
        word = re.match(r"[^\W\d]", value) and value.lower() not in _NO_NUMBER
        if known or (word and name.partition("[")[0] not in (*_POSITIVE, *_STARTS, "steps")):
            return value
    return as_fraction(value, name)


def _validate(fields: dict[str, Any]) -> None:
    for name, kind in _KINDS.items():
        if name in fields and not isinstance(fields[name], kind):
            raise InvalidInstance(f"{name}={fields[name]!r} must be {_NAMES[name]}")
    for name in (*_POSITIVE, "steps"):
        if isinstance(value := fields.get(name, Fraction(1)), tuple) or isinstance(value, str):
            raise InvalidInstance(f"{name}={value!r} must be one number")
    for name in _POSITIVE:
        if name in fields and not fields[name] > 0:
            raise InvalidInstance(f"{name}={fields[name]} must be positive; try {name}='1/100'")
    if "steps" in fields:
        if fields["steps"].denominator != 1 or fields["steps"] < 0:
            raise InvalidInstance(f"steps={fields['steps']} must be an integer >= 0")
        fields["steps"] = int(fields["steps"])


def _objective_of(fields: Mapping[str, Any]) -> Objective | None:
    if "objective" in fields:
        if not isinstance(fields["objective"], SymPyObjective):
            raise InvalidInstance(
                f"objective={fields['objective']!r} cannot be stored; use Objective.from_sympy, "
                "or give network and loss"
            )
        return fields["objective"]
    if "network" in fields and "loss" in fields:
        made: Objective = fields["network"].objective(fields["loss"])
        return made
    return None


def _checked_start(
    name: str, start: Any, fields: Mapping[str, Any], objective: Objective | None
) -> Any:
    if not isinstance(start, tuple):
        raise InvalidInstance(f"{name}={start!r} must be a sequence of numbers")
    network = fields.get("network")
    if network is not None and start and all(isinstance(x, tuple) for x in start):
        return network.parameters(start)
    if any(not isinstance(x, Fraction) for x in start):
        raise InvalidInstance(f"{name} must be numbers, flat, layer by layer, row-major")
    problem = objective or network or fields.get("field")
    if problem is not None and len(start) != problem.dimension:
        raise InvalidInstance(
            f"{name} needs {problem.dimension} numbers (flat, layer by layer, row-major), "
            f"got {len(start)}; network.parameters(layers) flattens weight matrices"
        )
    if isinstance(objective, SymPyObjective):
        objective.check_start(start, name)
    return start
