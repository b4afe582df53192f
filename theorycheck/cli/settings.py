"""Turn names, settings, data and weights of the command line into exact instances."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from theorycheck.claims import Claim
from theorycheck.errors import InvalidInstance, TheorycheckError
from theorycheck.exact import as_fraction
from theorycheck.problems import Instance

__all__ = ["Sources", "make_instances", "parse_settings"]


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

    With data: the claim on the data. Without: its example, and the bundled iris data where the
    claim knows how to use data and `with_iris` is set.

    Raises
    ------
    InvalidInstance    with the setting, file, row or column that is wrong
    """
    if sources.data is not None:
        return [("data", _on_data(claim, sources))]
    made = [("example", _example(claim, sources))]
    if with_iris and claim.on_data is not None:
        from theorycheck.problems import iris

        made.append(("iris", claim.on_data(data=iris())))
    return made


def _on_data(claim: Claim, sources: Sources) -> Instance:
    from theorycheck.problems import read_csv

    if claim.on_data is None:
        raise InvalidInstance(
            f"claim {claim.full_name} has no form on data; check it without --data, "
            "or see which claims take data: theorycheck list"
        )
    if sources.target is None:
        raise InvalidInstance(f"--data {sources.data} needs --target COL, the column to predict")
    data = read_csv(sources.data, target=sources.target)
    arguments: dict[str, Any] = {"data": data}
    if sources.weights is not None:
        arguments["weights"] = _read_weights(sources.weights)
    known = _parameters(claim.on_data)
    if "weights" in arguments and "weights" not in known:
        raise InvalidInstance(f"claim {claim.full_name} takes no --weights together with --data")
    return _build(claim, claim.on_data, known - {"data", "weights"}, arguments, sources.settings)


def _example(claim: Claim, sources: Sources) -> Instance:
    if not sources.given:
        return claim.example_instance()
    known = _parameters(claim.example) if callable(claim.example) else set()
    if sources.weights is None:
        return _build(claim, claim.example_instance, known, {}, sources.settings)
    weights = _read_weights(sources.weights)
    if "weights" in known:
        builder = claim.example_instance
        return _build(claim, builder, known - {"weights"}, {"weights": weights}, sources.settings)
    direct = {k: v for k, v in sources.settings.items() if k != "widths"}
    base = _build(claim, claim.example_instance, known, {}, direct)
    return _started_from(base, weights, sources.settings.get("widths"))


def _started_from(base: Instance, weights: Any, widths: Any) -> Instance:
    """Put weight matrices into an example: its network takes their widths unless told otherwise."""
    from theorycheck.networks import DeepLinear

    if "network" not in base.fields:
        raise InvalidInstance("--weights needs a claim on a deep linear network")
    network = base.network
    if widths is not None:
        network = DeepLinear(tuple(widths) if isinstance(widths, tuple) else (widths,))
    return base.replace(network=network, start=network.parameters(weights))


def _read_weights(path: Path) -> Any:
    from theorycheck.problems import read_weights

    return read_weights(path)


def _parameters(builder: Any) -> set[str]:
    return {
        name
        for name, parameter in inspect.signature(builder).parameters.items()
        if parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
    }


def _build(
    claim: Claim,
    builder: Any,
    known: set[str],
    arguments: dict[str, Any],
    settings: dict[str, Any],
) -> Instance:
    """Call a builder with the settings it knows, and put the others into the instance's fields."""
    direct = {k: v for k, v in settings.items() if k in known}
    try:
        base: Instance = builder(**arguments, **direct)
        fields = {k for k, v in base.fields.items() if isinstance(v, (Fraction, tuple, str))}
        for key in settings:
            if key not in known and key not in fields:
                raise InvalidInstance(_unknown(claim, key, sorted(known | fields)))
        changes = {k: v for k, v in settings.items() if k not in known}
        return base.replace(**changes) if changes else base
    except TheorycheckError:
        raise
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        given = ", ".join(f"{k}={v}" for k, v in settings.items()) or "the given data"
        raise InvalidInstance(
            f"{given} make no instance of {claim.full_name}: {type(error).__name__}: {error}"
        ) from None


def _unknown(claim: Claim, key: str, names: Sequence[str]) -> str:
    near = difflib.get_close_matches(key, names, n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else f"it has {', '.join(names)}"
    return f"claim {claim.full_name} has no setting {key!r}; {hint}"
