"""Taylor coefficients on a tape, majorants of their tails, values and derivatives over boxes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from theorycheck.balls import FUNCTIONS, Real, divide, is_finite, le, pi, power, real, upper_real
from theorycheck.balls.series import absolute_lower, absolute_upper
from theorycheck.errors import DomainViolation
from theorycheck.trajectories.defect import Majorant, product_tail, scaled_sizes
from theorycheck.trajectories.effort import check_clock
from theorycheck.trajectories.tape import Node, Tape
from theorycheck.verdicts import HOLDS

__all__ = ["BallFunctions", "TailBounds", "TapeSeries", "tape_jacobian", "tape_values"]

ROUNDS = 12


class BallFunctions:
    """The functions a tape needs beyond + - *, in balls; every one raises instead of nan."""

    number = staticmethod(real)
    pi = staticmethod(pi)
    divide = staticmethod(divide)
    power = staticmethod(power)

    @staticmethod
    def apply(name: str, x: Real) -> Real:
        return FUNCTIONS[name](x)


def tape_values(tape: Tape, functions: Any, variables: Sequence[Any], time: Any) -> list[Any]:
    """Evaluate every node; on boxes, an enclosure of its range."""
    f = functions
    values: list[Any] = []
    check_clock()
    for node in tape.nodes:
        if node.op == "variable":
            values.append(variables[node.value])
        elif node.op == "number":
            values.append(f.number(node.value))
        elif node.op == "pi":
            values.append(f.pi())
        elif node.op == "time":
            values.append(time)
        elif node.op == "add":
            values.append(values[node.args[0]] + values[node.args[1]])
        elif node.op == "multiply":
            a, b = node.args
            values.append(f.power(values[a], 2) if a == b else values[a] * values[b])
        elif node.op == "reciprocal":
            values.append(f.divide(f.number(1), values[node.args[0]]))
        elif node.op == "power":
            values.append(f.power(values[node.args[0]], node.value))
        else:
            values.append(f.apply(node.value, values[node.args[0]]))
    return values


class TapeSeries:
    """Taylor series of every node, order by order; the variables' coefficients come from outside.

    Parameters
    ----------
    tape : Tape
    functions : BallFunctions, or the same for another kind of numbers
    variables : list of scalars    the expansion point
    time : scalar                  the expansion time (ignored by autonomous tapes)
    """

    def __init__(self, tape: Tape, functions: Any, variables: Sequence[Any], time: Any) -> None:
        self.tape = tape
        self.functions = functions
        self.order = 1
        self.series = [[value] for value in tape_values(tape, functions, variables, time)]
        # i u_i, shared by all primitives of u.
        self._weighted: dict[int, list[Any]] = {
            node.args[0]: [None] for node in tape.nodes if node.op in ("primitive", "power")
        }

    def outputs(self) -> list[Any]:
        """Return the outputs' coefficients of the highest order known."""
        k = self.order - 1
        return [
            self.series[place][k] if k < len(self.series[place]) else self.functions.number(0)
            for place in self.tape.outputs
        ]

    def extend(self, variables: Sequence[Any]) -> list[Any]:
        """Add the next order, given that coefficient of each variable; return the outputs'."""
        check_clock()
        k = self.order
        for place, node in enumerate(self.tape.nodes):
            if node.op == "variable":
                self.series[place].append(variables[node.value])
            elif node.moving:
                self.series[place].append(self._coefficient(place, node, k))
            if place in self._weighted:
                known = self.series[place]
                self._weighted[place].append(known[k] * k if k < len(known) else None)
        self.order = k + 1
        return self.outputs()

    def _coefficient(self, place: int, node: Node, k: int) -> Any:
        """Return the coefficient of order k >= 1 of a node that moves."""
        s, f = self.series, self.functions
        if node.op == "time":
            return f.number(int(k == 1))
        u = s[node.args[0]]
        if node.op == "add":
            v = s[node.args[1]]
            if len(u) <= k:
                return v[k]
            return u[k] if len(v) <= k else u[k] + v[k]
        if node.op == "multiply":
            v = s[node.args[1]]
            if len(u) <= k:
                return u[0] * v[k]
            if len(v) <= k:
                return u[k] * v[0]
            return square(u, k) if u is v else dot(u, v, 0, k)
        y = s[place]
        if node.op == "reciprocal":
            return -(dot(u, y, 1, k) * y[0])
        weighted = self._weighted[node.args[0]]
        if node.op == "power":
            # k u_0 y_k = sum_i (q i - (k - i)) u_i y_{k-i}
            total = dot(weighted, y, 1, k) * f.number(node.value + 1) - dot(u, y, 1, k) * k
            return f.divide(total, u[0] * k)
        slope = s[node.args[1]]
        if len(slope) == 1:
            return u[k] * slope[0]
        return dot(weighted, slope, 1, k) * f.number(Fraction(1, k))


def dot(a: Sequence[Any], b: Sequence[Any], start: int, k: int) -> Any:
    """sum_{i=start..k} a_i b_{k-i}"""
    total = a[start] * b[k - start]
    for i in range(start + 1, k + 1):
        total = total + a[i] * b[k - i]
    return total


def square(a: Sequence[Any], k: int) -> Any:
    """sum_{i=0..k} a_i a_{k-i}, each product once."""
    if k == 0:
        return a[0] * a[0]
    total = a[0] * a[k]
    for i in range(1, (k + 1) // 2):
        total = total + a[i] * a[k - i]
    total = total + total
    return total + a[k // 2] * a[k // 2] if k % 2 == 0 else total


class TailBounds:
    """Bound, for every node, the sum over k >= K of |y_k| h^k.

    Each node's tail is at most a monotone function of the tails of the nodes it is made from
    (products: `product_tail`; primitives: |y_k| <= sum_i (i / k) |u_i| |g_{k-i}|, and so on). Some
    of these come later on the tape, or are the node itself; they enter by a guess. If every
    guess is confirmed, partial sums obey the bounds by induction on the order, because a
    coefficient of order k needs only orders < k of such nodes. Hence the series converge at h.
    """

    def __init__(self, series: TapeSeries) -> None:
        self.tape = series.tape
        self.order = series.order
        self._sizes = [[absolute_upper(c) for c in known] for known in series.series]
        self._least = [absolute_lower(known[0]) for known in series.series]
        # Nodes that are referred to before their own tail is known.
        self._cyclic = [
            place
            for place, node in enumerate(self.tape.nodes)
            if node.op in ("reciprocal", "power")
        ] + [
            node.args[1]
            for place, node in enumerate(self.tape.nodes)
            if node.op == "primitive" and node.args[1] >= place
        ]

    def bounds(self, powers: Sequence[Real], variable_tails: Sequence[Real]) -> list[Real] | None:
        """Return the outputs' tails on [0, h], powers = 1, h, h^2, ...; None if none is confirmed.

        Parameters
        ----------
        powers : list of Real           upper bounds of h^k, k < K at least
        variable_tails : list of Real   sum over k >= K of |c_k| h^k of each variable
        """
        low = [scaled_sizes(sizes, powers) for sizes in self._sizes]
        zero = real(0)
        padded = [row + [zero] * (self.order - len(row)) for row in low]
        guesses = dict.fromkeys(self._cyclic, zero)
        factor = real(1)
        for _ in range(ROUNDS):
            try:
                tails = self._sweep(padded, guesses, variable_tails)
            except DomainViolation:
                return None
            if all(le(tails[place], guess) is HOLDS for place, guess in guesses.items()):
                return [tails[place] for place in self.tape.outputs]
            factor = factor * real(Fraction(5, 4))
            guesses = {place: upper_real(tails[place] * factor) for place in guesses}
            if not all(is_finite(guess) for guess in guesses.values()):
                break
        return None

    def _sweep(
        self, low: list[list[Real]], guesses: dict[int, Real], variable_tails: Sequence[Real]
    ) -> list[Real]:
        check_clock()
        tails: list[Real] = []
        zero = real(0)
        for place, node in enumerate(self.tape.nodes):
            if node.op == "variable":
                tails.append(variable_tails[node.value])
                continue
            if not node.moving or node.op == "time":
                tails.append(zero)
                continue
            u = node.args[0]
            if node.op == "add":
                tails.append(upper_real(tails[u] + tails[node.args[1]]))
            elif node.op == "multiply":
                v = node.args[1]
                left, right = Majorant(low[u], tails[u]), Majorant(low[v], tails[v])
                tails.append(product_tail(left, right))
            elif node.op in ("reciprocal", "power"):
                # |y_k| <= c sum_{i >= 1} |u_i| |y_{k-i}|, c = |y_0| or max(q, 1) / |u_0|
                moved = Majorant([zero, *low[u][1:]], tails[u])
                rest = product_tail(moved, Majorant(low[place], guesses[place]))
                if node.op == "reciprocal":
                    tails.append(upper_real(rest * low[place][0]))
                else:
                    tails.append(
                        upper_real(divide(rest * real(max(node.value, 1)), self._least[u]))
                    )
            else:
                g = node.args[1]
                weights = [size * real(Fraction(i, self.order)) for i, size in enumerate(low[u])]
                slope = Majorant(low[g], guesses[g] if g >= place else tails[g])
                tails.append(product_tail(Majorant(weights, tails[u]), slope))
        return tails


def tape_jacobian(
    tape: Tape, functions: Any, variables: Sequence[Any], time: Any
) -> tuple[list[Any], list[list[Any]]]:
    """Return the outputs and their derivatives by the variables; on boxes, enclosures."""
    f = functions
    values = tape_values(tape, functions, variables, time)
    gradients: list[dict[int, Any]] = []
    for place, node in enumerate(tape.nodes):
        check_clock()
        if not node.moving or node.op == "time":
            gradients.append({})
            continue
        if node.op == "variable":
            gradients.append({node.value: f.number(1)})
            continue
        first = gradients[node.args[0]]
        if node.op == "add":
            gradients.append(combine(first, gradients[node.args[1]]))
            continue
        if node.op == "multiply":
            a, b = node.args
            if a == b:
                gradients.append(scaled(first, values[a] * 2))
            else:
                second = gradients[b]
                gradients.append(combine(scaled(first, values[b]), scaled(second, values[a])))
            continue
        if node.op == "reciprocal":
            slope = -f.power(values[place], 2)
        elif node.op == "power":
            slope = f.number(node.value) * f.divide(values[place], values[node.args[0]])
        else:
            slope = values[node.args[1]]
        gradients.append(scaled(first, slope))
    zero = f.number(0)
    rows = [[gradients[o].get(i, zero) for i in range(tape.size)] for o in tape.outputs]
    return [values[o] for o in tape.outputs], rows


def combine(a: dict[int, Any], b: dict[int, Any]) -> dict[int, Any]:
    total = dict(a)
    for key, value in b.items():
        total[key] = total[key] + value if key in total else value
    return total


def scaled(a: dict[int, Any], factor: Any) -> dict[int, Any]:
    return {key: value * factor for key, value in a.items()}
