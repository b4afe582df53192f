"""Data sets with exact entries: Fisher's iris measurements, and tables read from CSV files."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from io import StringIO
from os import PathLike
from pathlib import Path

from theorycheck.errors import InvalidInstance
from theorycheck.exact import Rows, as_fraction
from theorycheck.losses import SquareLoss, exact_rows

__all__ = ["Dataset", "iris", "read_csv"]

SEPARATORS = ",;\t"
MISSING = ("", "na", "n/a", "nan", "null", "?")
NUMBER = re.compile(
    r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[0-9]+/0*[1-9][0-9]*)"
)


@dataclass(frozen=True)
class Dataset:
    """Inputs and targets of a regression, one column per sample, all entries exact.

    Parameters
    ----------
    name : str
    inputs : rows (d_0, N)           one row per feature
    targets : rows (d_n, N)          one row per target; classes are one-hot
    feature_names : tuple of str     d_0 names
    target_names : tuple of str      d_n names

    Raises
    ------
    InvalidInstance                  tables that are not rectangular, or counts that differ

    Examples
    --------
    >>> data = Dataset("line", [[1, 2, 3]], [["1/2", 1, "3/2"]], ("x",), ("y",))
    >>> data.samples, data.targets[0][2]
    (3, Fraction(3, 2))
    """

    name: str
    inputs: Rows
    targets: Rows
    feature_names: tuple[str, ...]
    target_names: tuple[str, ...]

    def __post_init__(self) -> None:
        tables = {"inputs": "feature_names", "targets": "target_names"}
        for table, names in tables.items():
            rows, labels = exact_rows(getattr(self, table), table), tuple(getattr(self, names))
            object.__setattr__(self, table, rows)
            object.__setattr__(self, names, labels)
            if len(rows) != len(labels):
                raise InvalidInstance(
                    f"{table} have {len(rows)} rows and {names} {len(labels)} entries; "
                    "give one name per row"
                )
        if len(self.inputs[0]) != len(self.targets[0]):
            raise InvalidInstance(
                f"inputs have {len(self.inputs[0])} samples (columns) and targets "
                f"{len(self.targets[0])}; give one column per sample in both"
            )

    @property
    def samples(self) -> int:
        """N."""
        return len(self.inputs[0])

    def loss(self, *, mean: bool = True) -> SquareLoss:
        """The square loss of a linear predictor on this data, divided by N where `mean` is true."""
        return SquareLoss(self.inputs, self.targets, mean=mean)


@cache
def iris() -> Dataset:
    """Return Fisher's iris data: 150 flowers, 4 lengths in cm, 3 species as one-hot targets.

    References       R. A. Fisher, The use of multiple measurements in taxonomic problems,
                     Annals of Eugenics 7 (1936), table I

    Examples
    --------
    >>> data = iris()
    >>> data.samples, data.target_names
    (150, ('setosa', 'versicolor', 'virginica'))
    >>> str(sum(data.inputs[0]) / 150)                 # mean sepal length, exactly
    '1753/300'
    """
    text = files("theorycheck.problems").joinpath("data/iris.csv").read_text(encoding="utf-8")
    return _parse(text, "iris.csv", "iris", "species")


def read_csv(path: str | PathLike[str], target: str | None) -> Dataset:
    """Read a table whose first line names the columns; a decimal is the decimal it says.

    The separator is the comma, semicolon or tabulator that splits the first line most often.
    A target column of numbers becomes one row; one of words becomes one-hot rows, classes in
    alphabetical order. All other columns are features.

    Parameters
    ----------
    path : file name, UTF-8 text
    target : str    name of the target column

    Raises
    ------
    InvalidInstance    no such file or column, a missing or non-numeric cell (with its line and
                       column), rows of different lengths, columns without a name or with the
                       same one, no feature, no sample
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInstance(
            f"data file {str(file)!r} is not UTF-8 text; save it as UTF-8"
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InvalidInstance(f"data file {str(file)!r} cannot be read: {reason}") from None
    return _parse(text, str(file), file.stem, target)


def _parse(text: str, file: str, name: str, target: str | None) -> Dataset:
    header, lines = _cells(text, file)
    names = _checked_header(header, file)
    if target not in names:
        asked = "name the target column" if target is None else f"there is no column {target!r}"
        raise InvalidInstance(f"{file}: {asked}; the columns are {', '.join(names)}")
    if len(names) < 2:
        raise InvalidInstance(
            f"{file} has the one column {names[0]!r}; give at least one feature beside the target, "
            "columns separated by comma, semicolon or tabulator"
        )
    if not lines:
        raise InvalidInstance(f"{file} has a header but no samples; add one line per sample")
    for number, row in lines:
        if len(row) != len(names):
            raise InvalidInstance(
                f"{file} line {number}: {len(row)} cells, expected {len(names)} "
                f"({', '.join(names)})"
            )
    columns = [
        _Column(file, key, [(number, row[i].strip()) for number, row in lines])
        for i, key in enumerate(names)
    ]
    features = [column for column in columns if column.name != target]
    targets, target_names = columns[names.index(target)].as_targets()
    inputs = tuple(column.numbers() for column in features)
    return Dataset(name, inputs, targets, tuple(c.name for c in features), target_names)


def _cells(text: str, file: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Split into the header and the numbered lines that are not blank."""
    lines = list(StringIO(text, newline=""))
    blank = next((i for i, line in enumerate(lines) if line.strip()), None)
    if blank is None:
        raise InvalidInstance(f"{file} is empty; the first line names the columns")
    separator = max(SEPARATORS, key=lambda s: len(next(csv.reader([lines[blank]], delimiter=s))))
    reader = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)
    rows: list[tuple[int, list[str]]] = []
    number = 1
    try:
        for row in reader:
            if row and (len(row) > 1 or row[0].strip()):
                rows.append((number, row))
            number = reader.line_num + 1  # a quoted cell may run over several lines
    except csv.Error as error:
        raise InvalidInstance(f"{file} line {number}: {error}; is a quote missing?") from None
    if not rows:
        raise InvalidInstance(f"{file} has no column names; the first line names the columns")
    return rows[0][1], rows[1:]


def _checked_header(header: list[str], file: str) -> list[str]:
    # A quoted name may run over several lines; messages and fields want it on one.
    names = [" ".join(name.split()) for name in header]
    if all(NUMBER.fullmatch(name) for name in names):
        raise InvalidInstance(f"{file}: the first line holds numbers; it must name the columns")
    for i, name in enumerate(names, start=1):
        if not name:
            raise InvalidInstance(f"{file}: column {i} has no name; name it or remove it")
        if name in names[: i - 1]:
            raise InvalidInstance(f"{file}: two columns are named {name!r}; rename one")
    return names


@dataclass(frozen=True)
class _Column:
    """The cells of a column with their line numbers."""

    file: str
    name: str
    cells: list[tuple[int, str]]

    def numbers(self, remedy: str = "remove the column") -> tuple[Fraction, ...]:
        return tuple(self._number(line, cell, remedy) for line, cell in self.cells)

    def as_targets(self) -> tuple[Rows, tuple[str, ...]]:
        """One row of numbers, or one-hot rows of the classes.

        A single number or gap makes a column of numbers: then the other cells are what is wrong.
        """
        words = [cell for _, cell in self.cells]
        if any(NUMBER.fullmatch(word) or word.lower() in MISSING for word in words):
            return (self.numbers("use words in every line"),), (self.name,)
        classes = tuple(sorted(set(words)))
        return tuple(tuple(Fraction(int(w == c)) for w in words) for c in classes), classes

    def _number(self, line: int, cell: str, remedy: str) -> Fraction:
        place = f"{self.file} line {line}, column {self.name!r}"
        if cell.lower() in MISSING:
            raise InvalidInstance(f"{place}: missing value {cell!r}; fill it in or remove the line")
        if NUMBER.fullmatch(cell):
            return as_fraction(cell, place)
        point = " with a decimal point" if NUMBER.fullmatch(cell.replace(",", ".")) else ""
        raise InvalidInstance(
            f"{place}: {cell!r} is no number; write a decimal{point} or p/q, or {remedy}"
        )
