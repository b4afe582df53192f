"""The abscissas of a sweep: what a user asks for, or what is natural for a claim."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Any

from theorycheck.claims import Claim
from theorycheck.errors import InvalidInstance, TheorycheckError
from theorycheck.exact import as_fraction
from theorycheck.problems import Instance

__all__ = ["Abscissas", "candidates", "in_whole_numbers", "maker", "parse_over"]

MOST = 1000
DRAWN = (Fraction(1, 10**300), Fraction(10**300))
DEFAULT_COUNT = 17
NATURAL = (
    "step_size", "scale", "layer", "level", "goal", "epsilon", "gap", "horizon", "depth", "width",
)  # fmt: skip
"""Parameters of examples in the order in which they make a good axis; others come between."""
NEVER = ("seed", "data", "weights", "target")
WHOLE = (
    "depth", "width", "steps", "samples", "seed", "count", "terms", "active",
)  # fmt: skip
"""Parameters that count something; a builder may round them without a word."""
DEPTHS, WIDTHS = tuple(range(1, 7)), tuple(range(1, 6))

Make = Callable[[str, Fraction], Instance]


@dataclass(frozen=True)
class Abscissas:
    """Values of one parameter, increasing; listed one by one by whoever asked, or a range."""

    name: str
    values: tuple[Fraction, ...]
    listed: bool = False

    @property
    def is_logarithmic(self) -> bool:
        """Whether the values are positive and their ratios vary less than their differences."""
        low, high = self.values[0], self.values[-1]
        return low > 0 and high >= 8 * low and any(x.denominator > 1 for x in self.values)


def parse_over(text: str) -> Abscissas:
    """Read `name=low..high`, `name=low..high:count` or `name=a,b,c`; every value exact.

    Powers with one base are run through power by power, integers one by one; everything else is
    spaced evenly, or by (rounded, but exact) ratios where the ends differ by a factor of 8 or more.

    Raises
    ------
    InvalidInstance    no such form, an empty range, or too many values

    Examples
    --------
    >>> parse_over("step_size=2^-2..2^-4").values
    (Fraction(1, 16), Fraction(1, 8), Fraction(1, 4))
    >>> [int(x) for x in parse_over("depth=2..4").values]
    [2, 3, 4]
    """
    name, mark, given = text.partition("=")
    name = name.strip().replace("-", "_")
    if not mark or not name.isidentifier() or not given.strip():
        raise InvalidInstance(f"--over {text!r} is no range; write --over step_size=2^-4..2^-12")
    if ".." not in given:
        values = [as_fraction(part.strip(), name) for part in given.split(",") if part.strip()]
        return _checked(name, values, listed=True)
    ends, _, count = given.partition(":")
    low, _, high = (part.strip() for part in ends.partition(".."))
    number = as_fraction(count, "count") if count.strip() else None
    if number is not None and (number.denominator != 1 or not 2 <= number <= MOST):
        raise InvalidInstance(f"--over {text}: the count must be an integer from 2 to {MOST}")
    return _checked(name, _between(name, low, high, None if number is None else int(number)))


def _checked(name: str, values: Iterable[Fraction], *, listed: bool = False) -> Abscissas:
    unique = tuple(sorted(set(values)))
    if len(unique) < 2 or len(unique) > MOST:
        raise InvalidInstance(
            f"--over {name}: {len(unique)} different values; give between 2 and {MOST}"
        )
    if any(not DRAWN[0] <= abs(x) <= DRAWN[1] for x in unique if x):
        raise InvalidInstance(f"--over {name}: give values from 1e-300 to 1e300, or 0")
    return Abscissas(name, unique, listed)


_POWER = re.compile(r"(\d+)\s*(?:\^|\*\*)\s*([+-]?\d+)")


def _between(name: str, low: str, high: str, count: int | None) -> Iterator[Fraction]:
    first, last = _POWER.fullmatch(low), _POWER.fullmatch(high)
    if count is None and first and last and first[1] == last[1]:
        exponents = sorted((int(first[2]), int(last[2])))
        if exponents[1] - exponents[0] >= MOST:
            raise InvalidInstance(f"--over {name}={low}..{high}: more than {MOST} values")
        return (Fraction(int(first[1])) ** e for e in range(exponents[0], exponents[1] + 1))
    a, b = sorted((as_fraction(low, name), as_fraction(high, name)))
    if count is None and a.denominator == b.denominator == 1 and b - a < MOST:
        return (Fraction(x) for x in range(int(a), int(b) + 1))
    return _spaced(a, b, count or DEFAULT_COUNT)


def _spaced(low: Fraction, high: Fraction, count: int) -> Iterator[Fraction]:
    if low > 0 and high > low * 2**1000:
        raise InvalidInstance("a sweep over more than a factor of 2^1000 is too wide")
    if low > 0 and high >= 8 * low:
        ratio = float(high / low) ** (1 / (count - 1))
        inner = (low * Fraction(ratio**i).limit_denominator(64) for i in range(1, count - 1))
        return iter([low, *inner, high])
    return (low + (high - low) * i / (count - 1) for i in range(count))


# -- whole numbers ---------------------------------------------------------------------------------
def in_whole_numbers(axis: Abscissas, claim: Claim, instance: Instance, make: Make) -> Abscissas:
    """Run a parameter that is a whole number through the whole numbers of its range.

    Raises
    ------
    InvalidInstance    a listed value that is none, or fewer than two of them in the range
    """
    if all(x.denominator == 1 for x in axis.values) or not _is_whole(axis, claim, instance, make):
        return axis
    told = f"--over {axis.name}: {axis.name} is a whole number"
    if axis.listed:
        wrong = next(x for x in axis.values if x.denominator != 1)
        raise InvalidInstance(f"{told}, got {wrong}")
    low, high = ceil(axis.values[0]), floor(axis.values[-1])
    whole = [x for x in axis.values if x.denominator == 1]
    if len(whole) < 2 or not _are_powers(whole):
        few = high - low < max(len(axis.values), DEFAULT_COUNT)
        found = range(low, high + 1) if few else [round(x) for x in axis.values]
        whole = [Fraction(x) for x in sorted(set(found)) if low <= x <= high]
    if len(whole) < 2:
        ends = f"{axis.values[0]} and {axis.values[-1]}"
        raise InvalidInstance(f"{told}, and there are fewer than two between {ends}")
    return Abscissas(axis.name, tuple(whole))


def _are_powers(values: Sequence[Fraction]) -> bool:
    ratios = {b / a for a, b in pairwise(values)} if values[0] > 0 else set()
    return len(ratios) == 1


def _is_whole(axis: Abscissas, claim: Claim, instance: Instance, make: Make) -> bool:
    """Whether a parameter counts: by its name, or because its maker refuses or rounds fractions."""
    default = _given(claim, instance).get(axis.name)
    if default is None:
        return axis.name in WHOLE
    try:
        number = as_fraction(default, axis.name)
    except InvalidInstance:
        return False
    if number.denominator != 1:
        return False
    if axis.name in WHOLE:
        return True
    whole = [_made(make, axis.name, number + i) for i in (-1, 0, 1)]
    between = [_made(make, axis.name, number + Fraction(i, 2)) for i in (-1, 1)]
    return whole[1] is not None and all(
        made in (None, before, after)
        for made, before, after in zip(between, whole[:2], whole[1:], strict=True)
    )


def _made(make: Make, name: str, value: Fraction) -> Instance | None:
    try:
        return make(name, value)
    except (TheorycheckError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None


# -- what is natural for a claim -----------------------------------------------------------------
def candidates(claim: Claim, instance: Instance) -> Iterator[Abscissas]:
    """Axes worth trying for a claim whose statement has none, the most natural ones first."""
    defaults = _defaults(claim, instance)
    others = [name for name in defaults if name not in NATURAL]
    before = NATURAL.index("depth")
    for name in (*NATURAL[:before], *others, *NATURAL[before:]):
        if name == "depth" and name in defaults:
            yield Abscissas(name, tuple(map(Fraction, DEPTHS)))
        elif name == "width" and name in defaults:
            yield Abscissas(name, tuple(map(Fraction, WIDTHS)))
        elif name == "steps" and name in defaults:
            yield Abscissas(name, tuple(Fraction(2**i) for i in range(7)))
        elif name in defaults:
            # a longer flow costs more: the example's is long enough
            yield Abscissas(name, tuple(_around(defaults[name], 0 if name == "horizon" else 2)))


def _around(value: Fraction, octaves: int) -> Iterator[Fraction]:
    """Exact values from a quarter of a positive number to `octaves` times twice it."""
    for octave in range(-2, octaves):
        yield from (value * Fraction(2) ** octave * s for s in (Fraction(1), Fraction(3, 2)))
    yield value * 2**octaves


def _defaults(claim: Claim, instance: Instance) -> dict[str, Fraction]:
    """The positive numbers a claim's example is built from, else those of the instance."""
    given = {} if claim.example is None else _given(claim, instance)
    found: dict[str, Fraction] = {}
    for name, value in given.items():
        if name in NEVER or isinstance(value, bool) or not isinstance(value, (int, str, Fraction)):
            continue
        try:
            number = as_fraction(value, name)
        except InvalidInstance:
            continue
        if number > 0:
            found[name] = number
    return found


def _given(claim: Claim, instance: Instance) -> dict[str, Any]:
    """What a claim's example is built from, else the fields of the instance."""
    if not callable(claim.example):
        return dict(instance.fields)
    parameters = inspect.signature(claim.example).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not p.empty}


def maker(claim: Claim, instance: Instance) -> Make:
    """Make instances that differ from a given one in one parameter.

    A parameter of the example's builder goes to it, where the instance is that example; a field of
    the instance is replaced; `scale` multiplies the start.
    """
    builder = claim.example if callable(claim.example) else None
    known = set() if builder is None else set(inspect.signature(builder).parameters)
    is_example = builder is not None and claim.example_instance() == instance

    def make(name: str, value: Fraction) -> Instance:
        given = int(value) if value.denominator == 1 else value
        if name in known and is_example:
            return claim.example_instance(**{name: given})
        if name in instance.fields and isinstance(instance.fields[name], (int, Fraction)):
            return instance.replace(**{name: given})
        if name in known:  # a sweep of the example would be about other instances
            raise InvalidInstance(
                f"{name} builds the example of {claim.full_name}, and this instance is another one"
            )
        if name == "scale" and "start" in instance:
            return instance.replace(start=[value * x for x in instance.start])
        numbers = [k for k, v in instance.fields.items() if isinstance(v, (int, Fraction))]
        names = ", ".join(sorted({*numbers, *known} - set(NEVER))) or "scale"
        raise InvalidInstance(
            f"{claim.full_name} has no parameter {name!r} to sweep over; it has {names}"
        )

    return make
