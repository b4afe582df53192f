"""One certified piece of a run: an exact centre, its expansion in a mode, and two radii.

The centre starts at exact W_c, W'_c and follows the linear system of the mode; the truth differs by
delta W, which follows the homogeneous system delta W'' + c delta W' + J^T J delta W = 0. Hence

    |delta W'|^2 + |J delta W|^2   does not increase    (`energy` bounds its root),
    |delta W(tau)| <= radius + tau * energy,

and for flow |delta W| does not increase. No wrapping: errors add up, they do not multiply.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from theorycheck.balls import Matrix, Real, inflate, real, sqrt, upper_real
from theorycheck.balls.series import (
    column_of,
    entries_of,
    norm_upper,
    polynomial_range,
    shift_polynomial,
)
from theorycheck.trajectories.two_layer.isolation import Watch
from theorycheck.trajectories.two_layer.methods import AbstractMethod, Expansion, evaluated, horner
from theorycheck.trajectories.two_layer.modes import Mode, Surface
from theorycheck.trajectories.two_layer.net import dot

__all__ = ["Piece", "expanded"]


@dataclass(frozen=True)
class Piece:
    """Enclose a run on [begin, begin + length], in one mode.

    Parameters
    ----------
    weights, velocity : Matrix (m, d)    exact: the centre at `begin` (velocity 0 for flow)
    radius : Real                        bound of |W - centre| at `begin`
    energy : Real                        bound of the root of |delta W'|^2 + |J delta W|^2; for flow
                                         of |J delta W|
    """

    mode: Mode
    method: AbstractMethod
    begin: Fraction
    length: Fraction
    weights: Matrix
    velocity: Matrix
    radius: Real
    energy: Real
    expansion: Expansion

    @property
    def end(self) -> Fraction:
        return self.begin + self.length

    @cached_property
    def gain(self) -> Real:
        """A bound of |J|."""
        return upper_real(sqrt(real(self.mode.gram_bound)))

    @cached_property
    def start_errors(self) -> list[Real]:
        return self.mode.errors(self.weights)

    @cached_property
    def start_speeds(self) -> list[Real]:
        return self.mode.images(self.velocity)

    # -- bounds of |truth - polynomial| on the whole piece -----------------------------------------
    @cached_property
    def weight_error(self) -> Real:
        error = self.radius + self.gain * self.expansion.errors[0]
        if self.method.second_order:
            error = error + real(self.length) * self.energy
            error = error + norm_upper(self.velocity) * self.expansion.psi_errors[0]
        return upper_real(error)

    @cached_property
    def velocity_error(self) -> Real:
        first = self.gain * self.expansion.errors[1]
        if self.method.second_order:
            moved = norm_upper(self.velocity) * self.expansion.psi_errors[1]
            return upper_real(first + self.energy + moved)
        return upper_real(first + self.gain * self.energy)

    @cached_property
    def residual_error(self) -> Real:
        error = self.energy + self.gain * self.gain * self.expansion.errors[0]
        if self.method.second_order:
            error = error + norm_upper(column_of(self.start_speeds)) * self.expansion.psi_errors[0]
        return upper_real(error)

    @cached_property
    def residual_speed_error(self) -> Real:
        """Of D' for flow."""
        square = self.gain * self.gain
        return upper_real(square * (self.energy + self.expansion.errors[1]))

    # -- values ----------------------------------------------------------------------------------
    def _psi(self, tau: Real, order: int = 0) -> Real:
        return horner(self.expansion.psi, tau, order)

    def weights_at(self, time: Fraction) -> Matrix:
        """Enclose W, m x d."""
        return inflate(self.centre_at(time), self.weight_error)

    def velocity_at(self, time: Fraction) -> Matrix:
        """Enclose W', m x d."""
        return inflate(self.centre_velocity_at(time), self.velocity_error)

    def centre_at(self, time: Fraction) -> Matrix:
        """Enclose the polynomial of W at a time: the centre up to `weight_error`."""
        tau = real(time - self.begin)
        pulled = self.mode.pulled_back(entries_of(evaluated(self.expansion.kappa, tau)))
        centre = self.weights - pulled
        return centre + self.velocity * self._psi(tau) if self.method.second_order else centre

    def centre_velocity_at(self, time: Fraction) -> Matrix:
        """Enclose the polynomial of W'."""
        tau = real(time - self.begin)
        pulled = self.mode.pulled_back(entries_of(evaluated(self.expansion.kappa, tau, 1)))
        if not self.method.second_order:
            return pulled * real(-1)
        return self.velocity * self._psi(tau, 1) - pulled

    def residuals_over(self, first: Fraction, last: Fraction) -> list[Real]:
        """Enclose D at every time of [first, last], a part of the piece."""
        low, high = real(first - self.begin), real(last - self.begin)
        tau = low if first == last else low.union(high)
        image = self.mode.gram_matrix() * evaluated(self.expansion.kappa, tau)
        total = column_of(self.start_errors) - image
        if self.method.second_order:
            total = total + column_of(self.start_speeds) * self._psi(tau)
        return entries_of(inflate(total, self.residual_error))

    def residual_ranges(self, first: Fraction, last: Fraction) -> list[Real]:
        """Enclose D over [first, last] like `residuals_over`, each entry by its polynomial."""
        gram = self.mode.gram_matrix()
        orders = [entries_of(gram * kappa) for kappa in self.expansion.kappa]
        found = []
        for i, (start, speed) in enumerate(zip(self.start_errors, self.start_speeds, strict=True)):
            values = [-row[i] for row in orders]
            if self.method.second_order:
                values = [v + speed * p for v, p in zip(values, self.expansion.psi, strict=True)]
            values[0] = values[0] + start
            found.append(self._range(values, first, last))
        return [inflate(x, self.residual_error) for x in found]

    def weight_ranges(self, first: Fraction, last: Fraction) -> Matrix:
        """Enclose W over [first, last], m x d."""
        width = self.mode.net.samples
        orders = [entries_of(kappa) for kappa in self.expansion.kappa]
        kappa = [self._range([row[i] for row in orders], first, last) for i in range(width)]
        centre = self.weights - self.mode.pulled_back(kappa)
        if self.method.second_order:
            centre = centre + self.velocity * self._range(self.expansion.psi, first, last)
        return inflate(centre, self.weight_error)

    def _range(self, values: list[Real], first: Fraction, last: Fraction) -> Real:
        middle = (first + last) / 2 - self.begin
        shifted = shift_polynomial(values, real(middle))
        return polynomial_range(shifted, upper_real(real((last - first) / 2)), 1)

    def residual_speeds_at(self, time: Fraction) -> list[Real]:
        """Enclose D' = J W'."""
        bound = upper_real(self.gain * self.velocity_error)
        speeds = self.mode.images(self.centre_velocity_at(time))
        return entries_of(inflate(column_of(speeds), bound))

    # -- what is watched -------------------------------------------------------------------------
    def surface(self, surface: Surface) -> Watch:
        """Watch w_r . direction of a line, from the side it is on."""
        r, k = surface
        direction = self.mode.net.lines[k].direction
        pull = self.mode.pull(surface)
        values = [-_row_times(pull, kappa) for kappa in self.expansion.kappa]
        values[0] = values[0] + _along(direction, self.weights, r)
        if self.method.second_order:
            speed = _along(direction, self.velocity, r)
            values = [v + speed * p for v, p in zip(values, self.expansion.psi, strict=True)]
        size = upper_real(sqrt(real(dot(direction, direction))))
        bounds = [self.weight_error, self.velocity_error]
        if not self.method.second_order:
            bend = self.expansion.errors[2] + self.gain * self.gain * self.energy
            bounds.append(self.gain * bend)
        errors = tuple(upper_real(size * bound) for bound in bounds)
        return Watch(surface, 0, self.mode.side(surface), values, errors)

    def normal_speed(self, surface: Surface, side: int) -> Watch:
        """Watch the normal speed that a held line has on one side: it points at the line."""
        pull = self.mode.pull(surface, side)
        image = column_of(pull).transpose() * self.mode.gram_matrix()
        row = entries_of(image)
        values = [_row_times(row, kappa) for kappa in self.expansion.kappa]
        values[0] = values[0] - _row_times(pull, column_of(self.start_errors))
        size = norm_upper(column_of(pull))
        errors = (
            upper_real(size * self.residual_error), upper_real(size * self.residual_speed_error)
        )  # fmt: skip
        return Watch(surface, side, -side, values, errors)

    @cached_property
    def loss_bound(self) -> Real:
        """A bound of L + |W'|^2 / 2 at `begin`; it does not increase."""
        errors = norm_upper(column_of(self.start_errors)) + self.energy
        speeds = norm_upper(self.velocity) + self.energy
        if not self.method.second_order:
            speeds = real(0)
        return upper_real((errors * errors + speeds * speeds) / 2)


def _row_times(row: list[Real], column: Matrix) -> Real:
    entries = entries_of(column)
    return sum((p * q for p, q in zip(row, entries, strict=True)), real(0))


def _along(direction: tuple[Fraction, ...], table: Matrix, r: int) -> Real:
    parts = (real(q) * table[r, c] for c, q in enumerate(direction) if q)
    return sum(parts, real(0))


def expanded(
    mode: Mode,
    method: AbstractMethod,
    begin: Fraction,
    length: Fraction,
    centre: tuple[Matrix, Matrix],
    radii: tuple[Real, Real],
) -> Piece:
    """Expand from an exact centre (W_c, W'_c) with radii (radius, energy)."""
    errors, speeds = mode.errors(centre[0]), mode.images(centre[1])
    expansion = method.expand(begin, length, mode.gram_matrix(), errors, speeds)
    return Piece(mode, method, begin, length, *centre, *radii, expansion)
