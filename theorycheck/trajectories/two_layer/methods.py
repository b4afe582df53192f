"""Three ways to minimise: flow, heavy ball, Nesterov; and the Taylor series they have in a mode.

    flow          W' + J^T D = 0
    heavy ball    W'' + b W' + J^T D = 0
    Nesterov      W'' + (alpha / t) W' + J^T D = 0,     W'(0) = 0

In a mode (constant J, H = J J^T) and from a time s on, with tau = t - s,

    W = W_s + W'_s psi(tau) - J^T kappa(tau),     D = D_s + D'_s psi - H kappa,
    psi'' + c psi' = 0,        psi(0) = 0, psi'(0) = 1,
    kappa'' + c kappa' = D,    kappa(0) = kappa'(0) = 0

(for flow psi = 0 and kappa' = D). So only n + 1 functions are expanded, whatever the width. They
are expanded in powers of tau, not in eigenmodes: repeated and vanishing eigenvalues, critical
damping and the singular time 0 of alpha / t need no cases, and the exact H needs no eigenvectors.

Remainders. The truncated kappa solves its equation with a defect r, of which all low orders vanish.
Its error e has e'' + c e' + H e = -r and starts at 0; the energy |e'|^2 + e.He decreases but for r,
since c >= 0 and H >= 0, so that

    |e'| <= h sup |r|,    |e| <= h^2 sup |r|         (flow: |e| <= h sup |r|).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from theorycheck.balls import Matrix, Real, le, real, upper_real, working_bits
from theorycheck.balls.series import absolute_upper, column_of, norm_upper
from theorycheck.errors import InvalidInstance
from theorycheck.verdicts import HOLDS

__all__ = ["AbstractMethod", "Expansion", "Flow", "HeavyBall", "Nesterov", "evaluated", "horner"]

MAX_ORDER = 2000


@dataclass(frozen=True)
class Expansion:
    """Taylor polynomials on [s, s + h], and bounds of what they leave out.

    Parameters
    ----------
    kappa : orders of (n x 1)      coefficients of tau^0, tau^1, ...
    psi : list of Real             empty for flow
    errors : tuple of Real         bounds of |kappa - p|, |kappa' - p'|; flow: |kappa'' - p''|
    psi_errors : (Real, Real)      bounds of psi and psi' beyond their polynomials
    """

    kappa: list[Matrix]
    psi: list[Real]
    errors: tuple[Real, ...]
    psi_errors: tuple[Real, Real]


class AbstractMethod:
    """An ordinary differential equation for training; final subclasses below."""

    second_order = True

    def step(self, begin: Fraction, gram_bound: Fraction) -> Fraction | None:
        """Suggest a length for one expansion; None where any will do."""
        raise NotImplementedError

    def expand(
        self,
        begin: Fraction,
        length: Fraction,
        gram: Matrix,
        errors: Sequence[Real],
        speeds: Sequence[Real],
    ) -> Expansion:
        """Expand kappa and psi from time `begin`, where D = errors and D' = speeds there."""
        raise NotImplementedError


def _size(x: Matrix, power: Real) -> Real:
    return upper_real(norm_upper(x) * power)


def _small(terms: Sequence[Real], scale: Real) -> bool:
    return all(le(x, scale) is HOLDS for x in terms)


@dataclass(frozen=True)
class Flow(AbstractMethod):
    """Gradient flow."""

    second_order = False

    def step(self, begin: Fraction, gram_bound: Fraction) -> Fraction | None:
        return Fraction(3, 2) / gram_bound if gram_bound else None

    def expand(
        self,
        begin: Fraction,
        length: Fraction,
        gram: Matrix,
        errors: Sequence[Real],
        speeds: Sequence[Real],
    ) -> Expansion:
        """Solve kappa' = D_s - H kappa: kappa_{j+1} = -H kappa_j / (j + 1)."""
        n = len(errors)
        h = real(length)
        coefficients = [column_of([real(0)] * n), column_of(list(errors))]
        scale = _scale(coefficients[1])
        power = h
        while True:
            j = len(coefficients) - 1
            image = gram * coefficients[j]
            if (_small([_size(coefficients[j], power)], scale) and j >= 4) or j >= MAX_ORDER:
                break
            coefficients.append(image * (real(-1) / (j + 1)))
            power = power * h
        # r = H kappa_N tau^N
        defect = _size(image, power)
        rate = upper_real(norm_upper(gram))
        e0 = upper_real(defect * h)
        e1 = upper_real(rate * e0 + defect)
        e2 = upper_real(rate * e1 + defect * j / h)
        return Expansion(coefficients, [], (e0, e1, e2), (real(0), real(0)))


def _scale(*columns: Matrix) -> Real:
    """What counts as negligible: the size of the data times 2^-bits."""
    total = real(1)
    for x in columns:
        total = total + norm_upper(x)
    return upper_real(total) * real(Fraction(1, 1 << (working_bits() + 4)))


class AbstractSecondOrder(AbstractMethod):
    """What heavy ball and Nesterov share: den(tau) kappa'' + num kappa' = den(tau) D."""

    def damping(self, begin: Fraction) -> tuple[Fraction, Fraction, Fraction]:
        """(num, den_0, den_1) with c = num / (den_0 + den_1 tau)."""
        raise NotImplementedError

    def expand(
        self,
        begin: Fraction,
        length: Fraction,
        gram: Matrix,
        errors: Sequence[Real],
        speeds: Sequence[Real],
    ) -> Expansion:
        num, den, slope = self.damping(begin)
        h, n = real(length), len(errors)
        zero = column_of([real(0)] * n)
        at, moving = column_of(list(errors)), column_of(list(speeds))
        singular = not den
        psi = [real(0), real(0) if singular else real(1)]
        kappa = [zero, zero]
        forces: list[Matrix] = []  # coefficients of D_s + D'_s psi - H kappa
        scale = _scale(at, moving)
        fine = upper_real(h) * real(Fraction(1, 1 << (working_bits() + 4)))
        c, d0, d1 = real(num), real(den), real(slope)
        quiet = 0
        while True:
            j = len(kappa) - 2
            force = moving * psi[j] - gram * kappa[j] if j else at - gram * kappa[j]
            forces.append(force)
            power = h ** (j + 1)
            tail = upper_real(absolute_upper(psi[j + 1]) * power)
            sizes = [_size(kappa[j + 1], power), upper_real(tail * norm_upper(moving))]
            # psi also multiplies w', which may be large where D' is 0: it is looked at by itself
            settled = _small(sizes, scale) and _small([tail], fine)
            quiet = quiet + 1 if settled else 0
            if (quiet >= 3 and j >= 4) or j >= MAX_ORDER:
                break
            # order j of den kappa'' + num kappa' = den force; at den = 0 order j + 1
            if singular:
                following = force * (d1 / (((j + 1) * d1 + c) * (j + 2)))
                psi.append(real(0))
            else:
                right = force * d0
                if j:
                    right = right + forces[j - 1] * d1
                right = right - kappa[j + 1] * ((d1 * j + c) * (j + 1))
                following = right * (real(1) / (d0 * ((j + 2) * (j + 1))))
                psi.append(psi[j + 1] * (-(d1 * j + c) / (d0 * (j + 2))))
            kappa.append(following)
        return self._certified(kappa, psi, forces, gram, moving, (c, d0, d1), h)

    def _certified(
        self,
        kappa: list[Matrix],
        psi: list[Real],
        forces: list[Matrix],
        gram: Matrix,
        moving: Matrix,
        damping: tuple[Real, Real, Real],
        h: Real,
    ) -> Expansion:
        """Bound the defect r = kappa'' + c kappa' - (D_s + D'_s psi - H kappa) of the polynomials.

        Orders 0 to N - 2 of den r vanish, N the degree: those are the recursions. (At den_0 = 0 the
        orders 0 to N - 1 of tau r.) What is left is written out, and den >= den_0.
        """
        c, d0, d1 = damping
        singular = d0.is_zero()
        last = len(kappa) - 1
        # psi beyond degree N: its derivatives have signs that alternate and sizes that decrease
        following = absolute_upper(psi[last] * ((d1 * (last - 1) + c) * last))
        if not singular:
            bound = following / (d0 * last)
            psi_errors = (
                upper_real(bound * h ** (last + 1) / (last + 1)), upper_real(bound * h**last)
            )  # fmt: skip
        else:
            psi_errors = (real(0), real(0))

        def force(j: int) -> Matrix:
            if j < len(forces):
                return forces[j]
            return moving * psi[j] - gram * kappa[j]

        before, top = force(last - 1), force(last)
        if not singular:
            # order N - 1: N (d1 (N-1) + c) kappa_N - d0 F_{N-1} - d1 F_{N-2}
            first = kappa[last] * ((d1 * (last - 1) + c) * last)
            first = first - before * d0 - force(last - 2) * d1
            second = top * d0 + before * d1
            third = top * d1
            defect = _size(first, h ** (last - 1)) + _size(second, h**last)
            defect = (defect + _size(third, h ** (last + 1))) / d0
            defect = defect + norm_upper(moving) * psi_errors[0]
        else:
            # tau r: orders N and N + 1 are -F_{N-1} and -F_N
            defect = _size(before, h ** (last - 1)) + _size(top, h**last)
        defect = upper_real(defect)
        e1 = upper_real(defect * h)
        return Expansion(kappa, psi, (upper_real(e1 * h), e1), psi_errors)


@dataclass(frozen=True)
class HeavyBall(AbstractSecondOrder):
    """Heavy ball with constant damping b >= 0 (Polyak): w'' + b w' + grad L = 0."""

    friction: Fraction

    def __post_init__(self) -> None:
        if self.friction < 0:
            raise InvalidInstance(f"damping={self.friction} must be >= 0")

    def damping(self, begin: Fraction) -> tuple[Fraction, Fraction, Fraction]:
        return self.friction, Fraction(1), Fraction(0)

    def step(self, begin: Fraction, gram_bound: Fraction) -> Fraction | None:
        # h <= 3/2 / max(b, sqrt |H|), without a root: sqrt x <= (1 + x) / 2
        rate = max(self.friction, (1 + gram_bound) / 2 if gram_bound else Fraction(0))
        return Fraction(3, 2) / rate if rate else None


@dataclass(frozen=True)
class Nesterov(AbstractSecondOrder):
    """Nesterov's equation w'' + (alpha / t) w' + grad L = 0 from rest; alpha = 3 is the classical.

    Time 0 is singular: an expansion from there is even in t, of the function that Bessel's J gives.
    One from s > 0 has radius of convergence s, so that its length is a third of s.
    """

    friction: Fraction = Fraction(3)

    def __post_init__(self) -> None:
        if self.friction <= 0:
            raise InvalidInstance(f"friction={self.friction} must be positive; the usual one is 3")

    def damping(self, begin: Fraction) -> tuple[Fraction, Fraction, Fraction]:
        return self.friction, begin, Fraction(1)

    def step(self, begin: Fraction, gram_bound: Fraction) -> Fraction | None:
        wave = Fraction(3) / (1 + gram_bound)
        return min(wave, begin / 3) if begin else wave


def evaluated(coefficients: Sequence[Matrix], time: Real, order: int = 0) -> Matrix:
    """Evaluate a derivative of a polynomial with matrix coefficients by Horner's scheme."""
    total: Matrix = coefficients[-1] * real(math.perm(len(coefficients) - 1, order))
    for j in range(len(coefficients) - 2, order - 1, -1):
        total = total * time + coefficients[j] * real(math.perm(j, order))
    return total


def horner(coefficients: Sequence[Real], time: Real, order: int = 0) -> Real:
    """Evaluate a derivative of a polynomial by Horner's scheme."""
    total = real(0)
    for j in range(len(coefficients) - 1, order - 1, -1):
        total = total * time + coefficients[j] * math.perm(j, order)
    return total
