"""Read labels at the door: signs 1 and -1, and classes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from theorycheck.errors import InvalidInstance
from theorycheck.exact import Rows, as_fraction
from theorycheck.losses.abstract import exact_rows

__all__ = ["one_hot", "signed_labels"]


def signed_labels(targets: Any) -> Rows:
    """Read labels 1 and -1: one per sample, or rows (d_n, N).

    Raises
    ------
    InvalidInstance    another label, or no table

    Examples
    --------
    >>> signed_labels([1, -1])
    ((Fraction(1, 1), Fraction(-1, 1)),)
    """
    table = targets.tolist() if hasattr(targets, "tolist") else targets
    rows = exact_rows([table] if _is_flat(table) else table, "targets")
    for row in rows:
        for i, y in enumerate(row):
            if abs(y) != 1:
                raise InvalidInstance(
                    f"the label of sample {i} is {y}; labels must be 1 or -1 (write 2 y - 1 for "
                    "labels 0 and 1, or use CrossEntropyLoss for classes)"
                )
    return rows


def one_hot(targets: Any, classes: int | None = None) -> Rows:
    """Read classes 0, ..., K - 1, one per sample, or one-hot rows (K, N), as one-hot rows.

    Raises
    ------
    InvalidInstance    a class that is no integer in range, fewer than two classes, a column that
                       is not one-hot

    Examples
    --------
    >>> one_hot([1, 0]) == one_hot([[0, 1], [1, 0]])
    True
    """
    table = targets.tolist() if hasattr(targets, "tolist") else targets
    if not _is_flat(table):
        rows = exact_rows(table, "targets")
        for i, column in enumerate(zip(*rows, strict=True)):
            if sorted(column) != [0] * (len(column) - 1) + [1]:
                raise InvalidInstance(
                    f"column {i} of targets is not one-hot: it needs one 1 and else 0; or give "
                    "the classes 0, 1, ... as a flat list"
                )
        return _counted(rows, classes)
    values = [as_fraction(x, f"targets[{i}]") for i, x in enumerate(table)]
    for i, x in enumerate(values):
        if x.denominator != 1 or x < 0:
            raise InvalidInstance(f"targets[{i}]={x} must be a class 0, 1, 2, ...")
    count = classes if classes is not None else int(max(values)) + 1
    if isinstance(count, bool) or not isinstance(count, int) or max(values) >= count:
        raise InvalidInstance(f"classes={classes!r} must be an integer above {max(values)}")
    return _counted(tuple(tuple(Fraction(int(x == r)) for x in values) for r in range(count)), None)


def _counted(rows: Rows, classes: int | None) -> Rows:
    if len(rows) < 2:
        raise InvalidInstance(
            "cross-entropy needs at least two classes; use LogisticLoss for labels 1 and -1, or "
            "pass classes=2"
        )
    if classes is not None and classes != len(rows):
        raise InvalidInstance(f"classes={classes!r}, but targets have {len(rows)} rows")
    return rows


def _is_flat(table: Any) -> bool:
    """Whether it is a non-empty list of numbers rather than of rows."""
    return (
        isinstance(table, list | tuple)
        and bool(table)
        and not any(hasattr(x, "__iter__") and not isinstance(x, str) for x in table)
    )
