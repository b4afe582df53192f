"""The re-parameterisations of linear and ReLU networks, with the laws one expects of them.

Weights are W_1, ..., W_n with W_j of shape d_j x d_{j-1}, flat layer by layer, row-major.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise, product
from math import comb, prod

import sympy

from theorycheck.errors import BudgetExceeded, InvalidInstance
from theorycheck.exact import PolynomialMatrix
from theorycheck.symbolic.conservation.parameterisation import (
    MOST_VARIABLES,
    Candidate,
    Parameterisation,
    Polynomial,
    Rotation,
    ring_of,
)

__all__ = ["linear_network", "relu_network"]

MOST_PATHS = 20_000
LARGEST_MINOR, MOST_MINORS = 4, 300


def linear_network(widths: Sequence[int]) -> Parameterisation:
    """Return phi = W_n ... W_1, the end-to-end matrix of a linear network.

    Parameters
    ----------
    widths : sequence of int    d_0, ..., d_n

    Raises
    ------
    InvalidInstance    fewer than two widths, or one that is not positive
    BudgetExceeded     too many parameters or paths

    Examples
    --------
    >>> linear_network((2, 3, 1)).dimension
    9
    """
    widths = _checked(widths)
    layers, symbols, latex_names = _layers(widths)
    ring = ring_of(len(symbols))
    end_to_end = layers[0]
    for layer in layers[1:]:
        end_to_end = ring.multiply(layer, end_to_end)
    return Parameterisation(
        f"linear network {'-'.join(map(str, widths))}",
        symbols,
        end_to_end.entries,
        (*_imbalances(layers), *_minors(layers)),
        (*_hidden_rotations(widths), *_exchange_rotations(widths)),
        latex_names,
    )


def relu_network(widths: Sequence[int]) -> Parameterisation:
    """Return the products of weights along all paths of a ReLU network without biases.

    On a region of fixed activation pattern the output is a sum of such products times inputs. Two
    layers: the matrices u_k v_k^T of the neurons.

    Raises
    ------
    InvalidInstance    fewer than two widths, or one that is not positive
    BudgetExceeded     too many parameters or paths
    """
    widths = _checked(widths)
    layers, symbols, latex_names = _layers(widths)
    ring = ring_of(len(symbols))
    outputs = []
    for path in product(*map(range, widths)):
        total = ring.scalar(1)
        for j, layer in enumerate(layers):
            total = total * ring.entry(layer, path[j + 1], path[j])
        outputs.append(total)
    return Parameterisation(
        f"ReLU network {'-'.join(map(str, widths))} (paths, fixed activation pattern)",
        symbols,
        tuple(outputs),
        tuple(_neurons(layers)),
        (),
        latex_names,
    )


def _checked(widths: Sequence[int]) -> tuple[int, ...]:
    given = tuple(widths)
    if len(given) < 2 or any(not isinstance(d, int) or d < 1 for d in given):
        raise InvalidInstance(
            f"widths={given} must be at least two positive integers d_0, ..., d_n, such as 2,3,1"
        )
    paths, size = prod(given), sum(a * b for a, b in pairwise(given))
    if paths > MOST_PATHS or size > MOST_VARIABLES:
        raise BudgetExceeded(
            f"widths={given} give D = {size} parameters and {paths} paths, more than "
            f"{MOST_VARIABLES} or {MOST_PATHS}; take narrower layers"
        )
    return given


def _layers(
    widths: tuple[int, ...],
) -> tuple[list[PolynomialMatrix], tuple[sympy.Symbol, ...], dict[sympy.Symbol, str]]:
    """Return the weight matrices over the ring of their entries, and the names of the entries."""
    shapes = [(b, a) for a, b in pairwise(widths)]
    gap = "_" if max(widths) > 9 else ""
    comma = "," if max(widths) > 9 else ""
    symbols, latex_names = [], {}
    for j, (rows, columns) in enumerate(shapes, start=1):
        for a, b in product(range(1, rows + 1), range(1, columns + 1)):
            symbol = sympy.Symbol(f"W{j}_{a}{gap}{b}")
            symbols.append(symbol)
            latex_names[symbol] = f"(W_{{{j}}})_{{{a}{comma}{b}}}"
    generators = iter(ring_of(len(symbols)).generators())
    layers = [
        PolynomialMatrix(rows, columns, tuple(next(generators) for _ in range(rows * columns)))
        for rows, columns in shapes
    ]
    return layers, tuple(symbols), latex_names


def _imbalances(layers: list[PolynomialMatrix]) -> Iterator[Candidate]:
    """The entries of W_{j+1}^T W_{j+1} - W_j W_j^T."""
    for j, (lower, upper) in enumerate(pairwise(layers), start=1):
        family = f"W_{j + 1}^T W_{j + 1} - W_{j} W_{j}^T"
        latex = rf"W_{{{j + 1}}}^\top W_{{{j + 1}}} - W_{{{j}}} W_{{{j}}}^\top"
        for a in range(lower.rows):
            for b in range(a, lower.rows):
                yield _entry(family, latex, a, b, _gram(upper, a, b) - _row_gram(lower, a, b))


def _minors(layers: list[PolynomialMatrix]) -> Iterator[Candidate]:
    """The maximal minors of Z = [W_1, W_2^T] in a two-layer net wide enough to have them.

    Z' = Z S with S symmetric and its diagonal blocks 0, so of trace 0: minors are conserved.
    """
    if len(layers) != 2:
        return
    lower, upper = layers
    size, width = lower.columns + upper.rows, lower.rows
    if width < size or size > LARGEST_MINOR or comb(width, size) > MOST_MINORS:
        return
    rows = [
        lower.entries[k * lower.columns : (k + 1) * lower.columns] + upper.entries[k::width]
        for k in range(width)
    ]
    family, latex = "minors of [W_1, W_2^T]", r"\text{minors of } [W_{1}, W_{2}^\top]"
    for chosen in combinations(range(width), size):
        places = ",".join(str(k + 1) for k in chosen)
        name = f"det [W_1, W_2^T][rows {places}]"
        typeset = rf"\det [W_{{1}}, W_{{2}}^\top]_{{\text{{rows }} {places}}}"
        yield Candidate(family, latex, name, typeset, _determinant([rows[k] for k in chosen]))


def _determinant(rows: list[tuple[Polynomial, ...]]) -> Polynomial:
    """Expand along the first row."""
    first, *others = rows
    if not others:
        return first[0]
    return sum(
        (-1) ** k * x * _determinant([r[:k] + r[k + 1 :] for r in others])
        for k, x in enumerate(first)
    )


def _neurons(layers: list[PolynomialMatrix]) -> Iterator[Candidate]:
    """The difference |outgoing weights|^2 - |incoming weights|^2 of every hidden neuron."""
    for j, (lower, upper) in enumerate(pairwise(layers), start=1):
        family = f"diag(W_{j + 1}^T W_{j + 1} - W_{j} W_{j}^T)"
        latex = (
            rf"\operatorname{{diag}}(W_{{{j + 1}}}^\top W_{{{j + 1}}}"
            rf" - W_{{{j}}} W_{{{j}}}^\top)"
        )
        for k in range(lower.rows):
            difference = _gram(upper, k, k) - _row_gram(lower, k, k)
            name = f"|W_{j + 1}[:,{k + 1}]|^2 - |W_{j}[{k + 1},:]|^2"
            typeset = (
                rf"\|(W_{{{j + 1}}})_{{\cdot {k + 1}}}\|^2 - \|(W_{{{j}}})_{{{k + 1} \cdot}}\|^2"
            )
            yield Candidate(family, latex, name, typeset, difference)


def _hidden_rotations(widths: tuple[int, ...]) -> Iterator[Rotation]:
    """W_{j+1} -> W_{j+1} Q^T, W_j -> Q W_j: rotations of the hidden layers."""
    for j in range(1, len(widths) - 1):
        below, here, above = widths[j - 1 : j + 2]
        lower = sum(a * b for a, b in pairwise(widths[:j]))
        upper = lower + here * below
        w, v = f"W_{j}", f"W_{j + 1}"
        x, y = f"W_{{{j}}}", f"W_{{{j + 1}}}"
        family = f"{v}^T {v}' - {v}'^T {v} + {w} {w}'^T - {w}' {w}^T"
        latex = (
            rf"{y}^\top \dot{{{y}}} - \dot{{{y}}}^\top {y} + {x} \dot{{{x}}}^\top"
            rf" - \dot{{{x}}} {x}^\top"
        )
        for a, b in combinations(range(here), 2):
            outgoing = [(upper + k * here + a, upper + k * here + b) for k in range(above)]
            incoming = [(lower + a * below + k, lower + b * below + k) for k in range(below)]
            yield _turn(family, latex, a, b, [*outgoing, *incoming])


def _exchange_rotations(widths: tuple[int, ...]) -> Iterator[Rotation]:
    """Rotations that mix W_1 and W_2 where the end-to-end matrix W_2 W_1 is a number."""
    if len(widths) != 3 or widths[0] != 1 or widths[2] != 1:
        return
    width = widths[1]
    mixed = "W_1 W_2' - W_1' W_2"
    typeset = r"W_{1} \dot{W_{2}} - \dot{W_{1}} W_{2}"
    family, latex = f"{mixed} - ({mixed})^T", rf"{typeset} - ({typeset})^\top"
    for a, b in combinations(range(width), 2):
        yield _turn(family, latex, a, b, [(width + a, b), (a, width + b)])


def _turn(family: str, latex: str, a: int, b: int, pairs: list[tuple[int, int]]) -> Rotation:
    place = f"{a + 1},{b + 1}"
    typeset = rf"\left({latex}\right)_{{{place}}}"
    return Rotation(family, latex, f"({family})[{place}]", typeset, tuple(pairs))


def _entry(family: str, latex: str, a: int, b: int, polynomial: Polynomial) -> Candidate:
    place = f"{a + 1},{b + 1}"
    return Candidate(
        family, latex, f"({family})[{place}]", rf"\left({latex}\right)_{{{place}}}", polynomial
    )


def _gram(w: PolynomialMatrix, a: int, b: int) -> Polynomial:
    """(W^T W)_{ab}"""
    return sum(
        x * y for x, y in zip(w.entries[a :: w.columns], w.entries[b :: w.columns], strict=True)
    )


def _row_gram(w: PolynomialMatrix, a: int, b: int) -> Polynomial:
    """(W W^T)_{ab}"""
    rows = [w.entries[k * w.columns : (k + 1) * w.columns] for k in (a, b)]
    return sum(x * y for x, y in zip(*rows, strict=True))
