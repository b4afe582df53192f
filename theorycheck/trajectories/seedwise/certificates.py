"""Seed-wise certificates: convergence for all t, decided from one start (theory B11, B13, B15).

All need a radius R such that no neuron can move further. Inside the ball of radius R a pattern
changes only where |z_ir(0)| <= R |x_i|, so that with N_i = N_i(R) counted exactly

    |H_theta(t) - H(0)|_ij <= B_ij = |rho_ij| (N_i + N_j) / m  (diagonal |x_i|^2 N_i / m),
    |H_theta(t) - H(0)| <= eps(R) = |B(R)|.

    flow         mu = lambda_min(H(0)) - eps > 0,  |X||D(0)| / (sqrt(m) mu) < R
                 => |D(t)| <= e^{-mu t} |D(0)| for all t >= 0
    descent      nu = mu - |X||(N_i |x_i|)_i| / m > 0,  step <= 1 / |X|^2,
                 |X||D(0)| / (sqrt(m) nu) < R
                 => |D_k| <= (1 - step nu)^k |D(0)| for all k
    both layers  eps_2 = (1+Ra)^2 eps(R) + (2 Ra + Ra^2) | |G| o A A^T / m |,
                 mu = lambda_min(H(0)) - eps_2 > 0,
                 (1+Ra)|X||D(0)|/(sqrt(m) mu) < R, (max_r |z_r(0)| + |X| R)|D(0)|/(sqrt(m) mu) < Ra
    heavy ball   r = b/2 with b <= 2 sqrt(lambda_min(H(0))), 4 eps < r^2,
                 M = 2 e^{-1/2} |D(0)| / (1 - 4 eps / r^2),   (4 / (3 r^2)) |X| M / sqrt(m) < R
                 => |D(t)| <= M e^{-r t / 2} for all t >= 0
    its steps    q in (sqrt(beta), 1), eps' = eps + |X||(N_i |x_i|)_i| / m, the sums S, C of H(0)'s
                 modes below, step eps' S / (1 - beta/q) < 1, M = C |D(0)| / (1 - that),
                 step |X| M / (sqrt(m) (1 - beta/q) (1 - q)) < R
                 => |D_k| <= M q^k for all k
    Nesterov     eps T^2 < c, c = 2 (alpha + 1), M = |D(0)| / (1 - eps T^2 / c),
                 |X| M T^2 / (c sqrt(m)) < R
                 => |D| <= M and |D - Y D(0)| <= eps t^2 M / c on [0, T], Y of the kernel H(0)

The conditions are only sufficient: where no R is found the outcome is UNDECIDED, never VIOLATED.
Inputs need not have norm 1: every bound is written with |x_i|.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np

from theorycheck.balls import (
    Ball,
    Real,
    absolute,
    eigenvalues,
    exp,
    lambda_max_upper,
    lambda_min_lower,
    le,
    lower,
    lt,
    matrix,
    maximum,
    minimum,
    precision,
    real,
    sqrt,
    upper,
    upper_real,
)
from theorycheck.balls.series import column_of, norm_upper
from theorycheck.errors import InvalidInstance, short_text
from theorycheck.exact import as_fraction
from theorycheck.trajectories.seedwise.limits import explicit_widths, parallel_pairs
from theorycheck.trajectories.seedwise.patterns import WideNet
from theorycheck.verdicts import HOLDS, UNDECIDED, Verdict

__all__ = ["SeedCertificate", "SeedwiseNet"]

BITS = 96
GRID = 48
MODE_STEPS = 2000
"""Steps of the kernel's modes that are summed one by one."""


@dataclass(frozen=True)
class SeedCertificate:
    """What one start decides, and by which numbers.

    Parameters
    ----------
    verdict : Verdict        HOLDS: the conclusion is proved for this start; else UNDECIDED
    statement : str          the conclusion
    reason : str             the condition that fails, with its numbers; empty where it HOLDS
    radius : Fraction        R; 0 where none was found
    numbers : dict           enclosed quantities by name: lambda_min, eps, mu, movement, ...
    vacuous : bool           H(0) is singular for every start; the parallel pair is in the reason
    """

    verdict: Verdict
    statement: str
    reason: str
    radius: Fraction
    numbers: dict[str, Ball] = field(default_factory=dict)
    vacuous: bool = False


@dataclass(frozen=True)
class _Trial:
    """The outcome at one radius: what held, the first failing condition, and the numbers."""

    failing: str
    numbers: dict[str, Real]


class SeedwiseNet:
    """The certificates of one wide net.

    Parameters
    ----------
    net : WideNet
    bits : int       working precision
    """

    def __init__(self, net: WideNet, *, bits: int = BITS) -> None:
        self.net, self.bits = net, bits

    # -- exact data, as balls ----------------------------------------------------------------------
    @cached_property
    def sizes(self) -> list[Real]:
        """|x_i|."""
        return [sqrt(real(self.net.products[i][i])) for i in range(self.net.samples)]

    @cached_property
    def input_norm(self) -> Real:
        """A bound of |X|."""
        return upper_real(sqrt(lambda_max_upper(matrix(self.net.products))))

    @cached_property
    def error_norm(self) -> Real:
        """A bound of |D(0)|."""
        return upper_real(norm_upper(column_of(self.errors)))

    @cached_property
    def errors(self) -> list[Real]:
        """D(0) = u(0) - y."""
        root = sqrt(real(self.net.width))
        return [
            real(s) / root - real(y)
            for s, y in zip(self.net.output_sums, self.net.labels, strict=True)
        ]

    @cached_property
    def least(self) -> Real:
        """A lower bound of lambda_min(H(0))."""
        return lambda_min_lower(matrix(self.net.gram))

    def flips(self, radius: Fraction) -> list[int]:
        """N_i(R), certified from above (|x_i| is rounded up)."""
        return self.net.flips([radius * upper(x) for x in self.sizes])

    def perturbation(self, flips: list[int]) -> list[list[Fraction]]:
        """B(R), exact for the counts."""
        n, m = self.net.samples, self.net.width
        rho = self.net.products
        return [
            [
                Fraction(rho[i][i] * flips[i], m) if i == j
                else abs(rho[i][j]) * (flips[i] + flips[j]) / m
                for j in range(n)
            ]
            for i in range(n)
        ]  # fmt: skip

    def eps(self, radius: Fraction) -> Real:
        """A bound of |B(R)|."""
        return upper_real(lambda_max_upper(matrix(self.perturbation(self.flips(radius)))))

    def _kicks(self, radius: Fraction) -> Real:
        """A bound of |X||(N_i |x_i|)_i| / m, of what flips add to a step."""
        counts = [x * c for x, c in zip(self.sizes, self.flips(radius), strict=True)]
        return upper_real(self.input_norm * norm_upper(column_of(counts)) / self.net.width)

    # -- the certificates --------------------------------------------------------------------------
    def flow(self) -> SeedCertificate:
        """Decide |D(t)| <= e^{-mu t} |D(0)| for gradient flow of the first layer, for all t."""

        def trial(radius: Fraction) -> _Trial:
            eps = self.eps(radius)
            mu = self.least - eps
            return self._moving("mu = lambda_min(H(0)) - eps(R)", mu, radius, {"eps": eps})

        statement = "|D(t)| <= exp(-mu t) |D(0)| for all t >= 0 (flow)"
        return self._decide(statement, trial, explicit=True)

    def descent(self, step_size: object = None) -> SeedCertificate:
        """Decide |D_k| <= (1 - step nu)^k |D(0)| for descent with step <= 1 / |X|^2, for all k."""
        step = None if step_size is None else as_fraction(step_size, "step_size")
        if step is not None and not step > 0:
            raise InvalidInstance(f"step_size={step} must be positive")

        def trial(radius: Fraction) -> _Trial:
            eps = self.eps(radius)
            kicks = self._kicks(radius)
            nu = self.least - eps - kicks
            numbers = {"eps": eps, "kicks": kicks}
            return self._moving("nu = lambda_min(H(0)) - eps(R) - |X||N|/m", nu, radius, numbers)

        with precision(self.bits):
            limit = real(1) / (self.input_norm * self.input_norm)
            if step is not None and le(step, limit) is not HOLDS:
                reason = f"step_size = {step} exceeds 1/|X|^2 = {limit.str(8)}"
                return SeedCertificate(UNDECIDED, "descent", reason, Fraction(0))
        named = "1/|X|^2" if step is None else str(step)
        return self._decide(
            f"|D_k| <= (1 - step nu)^k |D(0)| for all k, step <= {named} (descent)", trial
        )

    def both_layers(self) -> SeedCertificate:
        """Decide |D(t)| <= e^{-mu t} |D(0)| for flow of both layers, for all t."""
        net = self.net
        with precision(self.bits):
            shared = [
                [abs(rho) * c / net.width for rho, c in zip(row, counts, strict=True)]
                for row, counts in zip(net.products, net.co_active, strict=True)
            ]
            second = upper_real(lambda_max_upper(matrix(shared)))
            largest = self._largest_row()

        def trial(radius: Fraction) -> _Trial:
            # the outer layer is allowed what it needs, found by iteration on the dyadic grid
            outer = Fraction(0)
            eps = self.eps(radius)
            for _ in range(12):
                ra = real(outer)
                wide = (ra + 1) * (ra + 1) * eps + (ra * 2 + ra * ra) * second
                mu = self.least - wide
                if not mu > 0:
                    return _Trial("mu = lambda_min(H(0)) - eps_2 <= 0", {"eps_2": wide})
                scale = self.error_norm / (sqrt(real(net.width)) * mu)
                need = (largest + self.input_norm * real(radius)) * scale
                if lt(need, outer) is HOLDS:
                    factors = {"eps_2": upper_real(wide), "outer_movement": need}
                    return self._moving("mu", mu, radius, factors, 1 + outer)
                outer = Fraction(int(upper(need) * 2**20) + 1, 2**20) * Fraction(9, 8)
            return _Trial("the outer layer's movement does not settle", {"eps_2": eps})

        return self._decide("|D(t)| <= exp(-mu t) |D(0)| for all t >= 0 (both layers)", trial)

    def heavy_ball(self, damping: object = None) -> SeedCertificate:
        """Decide |D(t)| <= M e^{-r t / 2} for heavy ball from rest, for all t.

        Parameters
        ----------
        damping : rational    b <= 2 sqrt(lambda_min(H(0))); by default nearly that
        """
        touching = self._touching()
        if touching is not None:
            return touching
        with precision(self.bits):
            if not self.least > 0:
                b = Fraction(0)
            elif damping is None:
                b = max(Fraction(int(upper(sqrt(self.least)) * 2**20) - 1, 2**19), Fraction(0))
            else:
                b = as_fraction(damping, "damping")
                if not b > 0:
                    raise InvalidInstance(f"damping={b} must be positive")
            if b > 0 and le(b * b / 4, self.least) is not HOLDS:
                reason = f"damping {b} is not certainly <= 2 sqrt(lambda_min(H(0)))"
                return SeedCertificate(UNDECIDED, "heavy ball", reason, Fraction(0))
        rate = b / 2

        def trial(radius: Fraction) -> _Trial:
            eps = self.eps(radius)
            loss = eps * 4
            if not rate or lt(upper_real(loss), rate * rate) is not HOLDS:
                return _Trial("4 eps(R) < r^2", {"eps": eps, "rate": real(rate)})
            share = real(1) - loss / real(rate * rate)
            top = exp(real(Fraction(-1, 2))) * 2 * self.error_norm / share
            movement = self.input_norm * top * 4 / (real(3 * rate * rate) * self._root())
            numbers = {"eps": eps, "rate": real(rate), "M": top, "movement": movement}
            if lt(movement, radius) is not HOLDS:
                return _Trial("(4/(3 r^2)) |X| M / sqrt(m) < R", numbers)
            return _Trial("", numbers)

        statement = f"|D(t)| <= M exp(-r t/2) for all t >= 0 (heavy ball, damping {b})"
        return self._decide(statement, trial)

    def heavy_ball_iterates(
        self, step_size: object = None, momentum: object = None
    ) -> SeedCertificate:
        """Decide |D_k| <= M q^k for heavy ball's iterates from rest, for all k (theory B13g).

        Parameters
        ----------
        step_size : rational    by default nearly 1 / |X|^2
        momentum : rational     by default a little above what makes every mode complex
        """
        with precision(self.bits):
            if not self.least > 0:
                reason = f"lambda_min(H(0)) >= {self.least.str(5)} is not certainly positive"
                return SeedCertificate(UNDECIDED, "heavy ball iterates", reason, Fraction(0))
            if step_size is None:
                square = upper(self.input_norm * self.input_norm)
                eta = Fraction(1) / (Fraction(int(square * 2**20) + 1, 2**20))
            else:
                eta = as_fraction(step_size, "step_size")
                if not eta > 0:
                    raise InvalidInstance(f"step_size={eta} must be positive")
            if momentum is None:
                root = 1 - Fraction(int(lower(sqrt(self.least * real(eta))) * 7 * 2**17), 2**20)
                beta = root * root
            else:
                beta = as_fraction(momentum, "momentum")
            if not (eta > 0 and 0 < beta < 1):
                raise InvalidInstance(f"step_size={eta} > 0 and 0 < momentum={beta} < 1 are needed")
            gap = self._complex_gap(eta, beta)
            if not gap > 0:
                reason = (
                    f"(1 - sqrt(beta))^2 < step l < (1 + sqrt(beta))^2 is not certain for every "
                    f"eigenvalue l of H(0) at step {eta} and momentum {beta}"
                )
                return SeedCertificate(UNDECIDED, "heavy ball iterates", reason, Fraction(0))
            rate = self._iterate_rate(beta)
            total, height = self._mode_sums(eta, beta, rate, gap)

        def trial(radius: Fraction) -> _Trial:
            eps = self.eps(radius)
            change = upper_real(eps + self._kicks(radius))
            memory = real(1 - beta / rate)
            loss = upper_real(change * real(eta) * total / memory)
            numbers = {"eps": eps, "q": real(rate)}
            if lt(loss, 1) is not HOLDS:
                return _Trial("step eps' S / (1 - beta/q) < 1", numbers)
            top = height * self.error_norm / (real(1) - loss)
            movement = self.input_norm * real(eta) * top / (self._root() * memory * real(1 - rate))
            numbers = {**numbers, "M": top, "movement": movement}
            if lt(movement, radius) is not HOLDS:
                return _Trial("step |X| M / (sqrt(m) (1 - beta/q) (1 - q)) < R", numbers)
            return _Trial("", numbers)

        return self._decide(
            f"|D_k| <= M q^k for all k (heavy ball, step {short_text(eta)}, momentum "
            f"{short_text(beta)})",
            trial,
        )

    def _complex_gap(self, eta: Fraction, beta: Fraction) -> Real:
        """Min h(eta l) over the eigenvalues l; h = 4 beta - (1 + beta - x)^2 is concave."""
        return minimum([real(4 * beta) - p * p for p in self._traces(eta, beta)])

    def _traces(self, eta: Fraction, beta: Fraction) -> list[Real]:
        """1 + beta - step l for every eigenvalue l of H(0)."""
        found = eigenvalues(matrix(self.net.gram))
        return [real(1 + beta) - x * real(eta) for x in found]

    @staticmethod
    def _iterate_rate(beta: Fraction) -> Fraction:
        """Take q half way between sqrt(beta) and 1, on a grid."""
        return (1 + Fraction(int(upper(sqrt(real(beta))) * 2**20) + 1, 2**20)) / 2

    def _mode_sums(
        self, eta: Fraction, beta: Fraction, rate: Fraction, gap: Real
    ) -> tuple[Real, Real]:
        """Bounds of S = sum_j Y_j q^{-j-1} and C = max_j Y_j q^{-j}, Y_j = max over H(0)'s modes.

        (Y_j, Y_{j-1}) = A^j (1, 1) and |A^j| <= beta^{j/2} 2 (1 + beta) / sqrt(gap): the tail.
        """
        modes = self._traces(eta, beta)
        fade, step = real(beta), real(1 / rate)
        now, before = [real(1)] * len(modes), [real(1)] * len(modes)
        level = real(2 * (1 + beta)) * sqrt(real(2)) / sqrt(gap)
        shrink = sqrt(fade) * step
        total, height = real(0), real(0)
        weight = real(1)
        tail = level
        for _ in range(MODE_STEPS):
            largest = upper_real(maximum([absolute(y) for y in now]) * weight)
            total, height = total + largest * step, maximum([height, largest])
            now, before = (
                [p * y - fade * z for p, y, z in zip(modes, now, before, strict=True)],
                now,
            )
            weight, tail = weight * step, tail * shrink
            if lt(tail, Fraction(1, 2**20)) is HOLDS:
                break
        rest = tail * step / (real(1) - shrink)
        return upper_real(total + rest), upper_real(maximum([height, tail]))

    def nesterov(self, horizon: object, friction: object = 3) -> SeedCertificate:
        """Decide |D| <= M and the distance to the kernel solution on [0, T], for Nesterov's ODE."""
        time, alpha = as_fraction(horizon, "horizon"), as_fraction(friction, "friction")
        if not (time > 0 and alpha > 0):
            raise InvalidInstance(f"horizon={time} and friction={alpha} must be positive")
        touching = self._touching()
        if touching is not None:
            return touching
        constant = 2 * (alpha + 1)

        def trial(radius: Fraction) -> _Trial:
            eps = self.eps(radius)
            loss = eps * real(time * time / constant)
            if lt(upper_real(loss), 1) is not HOLDS:
                return _Trial("eps(R) T^2 < 2 (alpha + 1)", {"eps": eps})
            top = self.error_norm / (real(1) - loss)
            movement = self.input_norm * top * real(time * time / constant) / self._root()
            numbers = {"eps": eps, "M": top, "movement": movement, "kernel_deviation": loss * top}
            if lt(movement, radius) is not HOLDS:
                return _Trial("|X| M T^2 / (2 (alpha + 1) sqrt(m)) < R", numbers)
            return _Trial("", numbers)

        return self._decide(f"|D(t)| <= M on [0, {time}] (Nesterov, friction {alpha})", trial)

    # -- the search for R --------------------------------------------------------------------------
    def _root(self) -> Real:
        return sqrt(real(self.net.width))

    def _moving(
        self, name: str, rate: Real, radius: Fraction, numbers: dict[str, Real],
        factor: Fraction = Fraction(1),
    ) -> _Trial:  # fmt: skip
        """Judge `rate > 0` and factor |X||D(0)| / (sqrt(m) rate) < R."""
        numbers = {**numbers, "rate": rate}
        if not rate > 0:
            return _Trial(f"{name} > 0", numbers)
        movement = self.input_norm * self.error_norm * real(factor) / (self._root() * rate)
        numbers = {**numbers, "movement": movement}
        if lt(movement, radius) is not HOLDS:
            return _Trial("|X||D(0)| / (sqrt(m) rate) < R", numbers)
        return _Trial("", numbers)

    def _largest_row(self) -> Real:
        """A bound of max_r |(z_ir(0))_i|."""
        z = self.net.preactivations.astype(object)
        largest = max(int(q) for q in (z * z).sum(axis=0))
        return upper_real(sqrt(real(largest * self.net.unit**2)))

    def _touching(self) -> SeedCertificate | None:
        if not self.net.touching:
            return None
        r, i = self.net.touching[0]
        reason = f"neuron {r} starts on its kink at sample {i}, at rest"
        return SeedCertificate(UNDECIDED, "momentum", reason, Fraction(0))

    def _decide(
        self, statement: str, trial: Callable[[Fraction], _Trial], *, explicit: bool = False
    ) -> SeedCertificate:
        """Look for a radius on a logarithmic grid; evidence is the trial at that radius alone.

        Where none is found, `explicit` also says which width the theorem over random starts asks
        for; it is a theorem about flow and inputs of norm 1.
        """
        zero = [i for i, row in enumerate(self.net.products, start=1) if not row[i - 1]]
        if zero:
            reason = f"sample {zero[0]} is zero: H(0) is singular for every start"
            return SeedCertificate(UNDECIDED, statement, reason, Fraction(0), {}, vacuous=True)
        pairs = parallel_pairs(self.net.products)
        if pairs:
            i, j = pairs[0]
            reason = f"samples {i} and {j} are parallel: H(0) is singular for every start"
            return SeedCertificate(UNDECIDED, statement, reason, Fraction(0), {}, vacuous=True)
        with precision(self.bits):
            if all(e.is_zero() for e in self.errors):
                return SeedCertificate(HOLDS, f"{statement}; D(0) = 0", "", Fraction(0))
            best: tuple[Fraction, _Trial] | None = None
            for radius in self._grid():
                found = trial(radius)
                if not found.failing:
                    return SeedCertificate(HOLDS, statement, "", radius, self._named(found))
                if best is None or _shortfall(radius, found) < _shortfall(*best):
                    best = (radius, found)
            if best is None:  # pragma: no cover - the grid is not empty
                raise InvalidInstance("no radius to try")
            return self._undecided(statement, *best, explicit=explicit and self._is_unit())

    def _grid(self) -> list[Fraction]:
        """Radii from a little more than the movement without flips upwards."""
        least = float(self.least)
        scale = float(self.error_norm) * float(self.input_norm) / np.sqrt(self.net.width)
        first = scale / max(least, 1e-12)
        radii = first * np.geomspace(1.01, 100, GRID)
        return [Fraction(float(r)).limit_denominator(2**40) for r in radii]

    def _named(self, found: _Trial) -> dict[str, Ball]:
        numbers = {
            **found.numbers, "lambda_min": self.least, "error_norm": self.error_norm,
            "input_norm": self.input_norm,
        }  # fmt: skip
        return {name: Ball.wrap(x, self.bits) for name, x in numbers.items()}

    def _is_unit(self) -> bool:
        """Whether the inputs have norm 1, up to the rounding to their grid."""
        squares = [row[i] for i, row in enumerate(self.net.products)]
        return all(abs(q - 1) <= Fraction(1, 2**20) for q in squares)

    def _undecided(
        self, statement: str, radius: Fraction, found: _Trial, *, explicit: bool
    ) -> SeedCertificate:
        shown = ", ".join(f"{name} = {x.str(5)}" for name, x in found.numbers.items())
        reason = (
            f"no radius R fulfils all conditions; at R = {float(radius):.4g} it is "
            f"`{found.failing}` that fails ({shown}); lambda_min(H(0)) >= {float(self.least):.4g}"
        )
        squared = Fraction(upper(self.error_norm * self.error_norm))
        limits = explicit_widths(
            self.net.inputs, squared, Fraction(1, 10), symmetrised=self._is_symmetrised()
        )
        if limits is None:
            reason += "; lambda_0 of the limit kernel is not certainly positive"
            return SeedCertificate(UNDECIDED, statement, reason, radius, self._named(found))
        reason += f"; lambda_0 = {limits.least_eigenvalue.str(6)}"
        numbers = {
            **self._named(found),
            "lambda_0": Ball.wrap(limits.least_eigenvalue, self.bits),
        }
        if explicit:
            reason += (
                ", at which the explicit-width theorem for flow (failure probability 1/10) asks "
                f"for m >= {float(limits.width):.3g}"
            )
            numbers["explicit_width"] = Ball.wrap(limits.width, self.bits)
        return SeedCertificate(UNDECIDED, statement, reason, radius, numbers)

    def _is_symmetrised(self) -> bool:
        return not any(self.net.output_sums)


def _shortfall(radius: Fraction, found: _Trial) -> float:
    """How far a trial is from firing, for choosing the one to report. Guidance only."""
    movement = found.numbers.get("movement")
    return float("inf") if movement is None else float(movement) / float(radius)
