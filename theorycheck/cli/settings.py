"""Turn names, settings, data and weights of the command line into exact instances."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from theorycheck.claims import Claim
from theorycheck.errors import InvalidInstance, TheorycheckError
from theorycheck.exact import as_fraction
from theorycheck.problems import Instance

__all__ = ["Sources", "make_instances", "parse_settings"]

RESERVED = {"data", "target", "weights"}
"""Builder arguments that have options of their own."""

COUNTS = {"depth", "width", "steps", "samples", "seed"}
"""Builder arguments that are whole numbers."""


@dataclass(frozen=True)
class Sources:
    """What the user gave besides the claims' names.

    Parameters
    ----------
    settings : dict          parsed --set options
    data : Path or None
    target : str or None     column to predict
    weights : Path or None
    """

    settings: dict[str, Any]
    data: Path | None = None
    target: str | None = None
    weights: Path | None = None

    @property
    def given(self) -> bool:
        return bool(self.settings) or self.data is not None or self.weights is not None


def parse_settings(texts: Iterable[str]) -> dict[str, Any]:
    """Read key=value options; values are exact numbers, words, or lists such as 2,3,1.

    Raises
    ------
    InvalidInstance    no "=" in it, or a key given twice

    Examples
    --------
    >>> parse_settings(["depth=3", "step_size=2^-4", "widths=2,1", "start=identity"])
    {'depth': 3, 'step_size': Fraction(1, 16), 'widths': (2, 1), 'start': 'identity'}
    """
    found: dict[str, Any] = {}
    for text in texts:
        key, mark, value = text.partition("=")
        key = key.strip().replace("-", "_")
        if not mark or not key.isidentifier() or not value.strip():
            raise InvalidInstance(f"--set {text!r} is no setting; write --set depth=3")
        if key in found:
            raise InvalidInstance(f"--set {key} is given twice, as {found[key]} and {value}")
        found[key] = _value(value.strip())
    return found


def _value(text: str) -> Any:
    if "," in text:
        return tuple(_value(part.strip()) for part in text.strip("()[]").split(",") if part.strip())
    try:
        number = as_fraction(text, "value")
    except InvalidInstance:
        return text
    return int(number) if number.denominator == 1 else number


def make_instances(
    claim: Claim, sources: Sources, *, with_iris: bool = False
) -> list[tuple[str, Instance]]:
    """Build the instances a claim is checked on, each with its name in the table.

    With data: the claim on the data. Without: its example, or a sample of its family where it has
    none; and the bundled iris data where the claim knows how to use data and `with_iris` is set.

    Raises
    ------
    InvalidInstance    with the setting, file, row or column that is wrong
    """
    if sources.data is not None:
        return [("data", _on_data(claim, sources))]
    made = _samples(claim, sources)
    if with_iris and claim.on_data is not None:
        from theorycheck.problems import iris

        made.append(("iris", claim.on_data(data=iris())))
    return made


def _on_data(claim: Claim, sources: Sources) -> Instance:
    from theorycheck.problems import read_csv

    if claim.on_data is None:
        raise InvalidInstance(
            f"claim {claim.full_name} has no form on data; check it without --data "
            "(theorycheck list says which claims take data)"
        )
    if sources.data is None or sources.target is None:
        raise InvalidInstance(f"--data {sources.data} needs --target COL, the column to predict")
    arguments: dict[str, Any] = {"data": read_csv(sources.data, target=sources.target)}
    if sources.weights is not None:
        if "weights" not in _Builder(claim.on_data).names:
            raise InvalidInstance(f"claim {claim.full_name} takes no --weights with --data")
        arguments["weights"] = _read_weights(sources.weights)
    settings = _without_widths(arguments, sources.settings)
    return _build(claim, claim.on_data, arguments, settings)


def _example(claim: Claim, sources: Sources) -> Instance:
    if not sources.given:
        return claim.example_instance()
    builder = claim.example if callable(claim.example) else claim.example_instance
    if sources.weights is None:
        return _build(claim, builder, {}, sources.settings)
    weights = _read_weights(sources.weights)
    base = _build(claim, builder, {}, _without_widths({"weights": weights}, sources.settings))
    return _started_from(base, weights)


def _samples(claim: Claim, sources: Sources) -> list[tuple[str, Instance]]:
    """The example; without one, instances of the family, since a single one says too little."""
    if claim.example is not None or claim.family is None or sources.weights is not None:
        return [("example", _example(claim, sources))]
    drawn = claim.sample_instances()
    return [
        (f"random {i}/{len(drawn)}", _build(claim, partial(_itself, one), {}, sources.settings))
        for i, one in enumerate(drawn, start=1)
    ]


def _itself(drawn: Instance, /) -> Instance:
    return drawn


def _without_widths(arguments: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Take the settings that weights decide out, after comparing them: widths, depth, width.

    Raises
    ------
    InvalidInstance    the weight matrices do not have these widths, or this depth
    """
    from theorycheck.networks import DeepLinear

    kept = dict(settings)
    if "weights" in arguments:
        layers = arguments["weights"]
        _refuse_other("depth", kept.pop("depth", None), {len(layers)})
        _refuse_other("width", kept.pop("width", None), {len(layer) for layer in layers[:-1]})
    if "weights" in arguments and "widths" in kept:
        widths = kept.pop("widths")
        network = DeepLinear(widths if isinstance(widths, tuple) else (widths,))
        network.parameters(arguments["weights"])
    return kept


def _refuse_other(name: str, asked: Any, found: set[int]) -> None:
    if asked is not None and any(asked != number for number in found):
        has = " and ".join(str(number) for number in sorted(found))
        raise InvalidInstance(
            f"--set {name}={asked}, but the weights have {name} {has}; leave it out"
        )


def _started_from(base: Instance, weights: Any) -> Instance:
    """Put weight matrices into an example; they must fit its data."""
    from theorycheck.networks import DeepLinear

    if "network" not in base.fields:
        raise InvalidInstance("--weights needs a claim on a deep linear network")
    network = DeepLinear((len(weights[0][0]), *(len(layer) for layer in weights)))
    return base.replace(network=network, start=network.parameters(weights))


def _read_weights(path: Path) -> Any:
    from theorycheck.problems import read_weights

    return read_weights(path)


class _Builder:
    """What a function that makes instances may be told."""

    def __init__(self, function: Callable[..., Instance]) -> None:
        kinds = inspect.signature(function).parameters.values()
        self.names = {p.name for p in kinds if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}
        self.passes_on = any(p.kind is p.VAR_KEYWORD for p in kinds)


def _build(
    claim: Claim,
    function: Callable[..., Instance],
    arguments: Mapping[str, Any],
    settings: Mapping[str, Any],
) -> Instance:
    """Give each setting to the builder that knows it, or else to the instance's field.

    Raises
    ------
    InvalidInstance    a setting that neither knows, or values that make no instance
    """
    try:
        return _built(claim, function, arguments, settings)
    except TheorycheckError:
        raise
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        given = ", ".join(f"{k}={v}" for k, v in settings.items()) or "the given data"
        raise InvalidInstance(
            f"{given} makes no instance of {claim.full_name}: {type(error).__name__}: {error}"
        ) from None


def _built(
    claim: Claim,
    function: Callable[..., Instance],
    arguments: Mapping[str, Any],
    settings: Mapping[str, Any],
) -> Instance:
    builder = _Builder(function)
    known = builder.names - RESERVED - set(arguments)
    for name in sorted(known & COUNTS & set(settings)):
        if isinstance(settings[name], Fraction):  # int() of a builder would round it silently
            raise InvalidInstance(f"--set {name}={settings[name]}: {name} is a whole number")
    direct = {k: v for k, v in settings.items() if k in known}
    base = function(**arguments, **direct)
    fields = {k for k, v in base.fields.items() if isinstance(v, (Fraction, tuple, str))}
    changes = {k: v for k, v in settings.items() if k not in known and k in fields}
    rest = {k: v for k, v in settings.items() if k not in known and k not in fields}
    if rest and builder.passes_on:
        before, base = base, _passed_on(function, {**arguments, **direct}, rest) or base
        # a setting that only became a field of the instance was not understood by anybody
        rest = {k: v for k, v in rest.items() if before is base or k in base.fields}
    if rest:
        raise InvalidInstance(_unknown(claim, next(iter(rest)), sorted(known | fields)))
    return base.replace(**changes) if changes else base


def _passed_on(
    function: Callable[..., Instance], arguments: Mapping[str, Any], rest: Mapping[str, Any]
) -> Instance | None:
    """Call a builder that hands unknown settings to another one; None if that refuses them."""
    try:
        return function(**arguments, **rest)
    except TypeError:
        return None


def _unknown(claim: Claim, key: str, names: Sequence[str]) -> str:
    near = difflib.get_close_matches(key, names, n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else f"it has {', '.join(names)}"
    return f"claim {claim.full_name} has no setting {key!r}; {hint}"
