"""Sets of starts carried along a point trajectory: parallelepipeds with orthogonal edges (Lohner).

A solution x of the set and the solution x_c from its centre differ by z(t) = Phi(t) z(0), with Phi
enclosed by `variational`. The set of the z is carried as {Q q : q in a box}, Q exact and nearly
orthogonal. Over a piece z moves into M q with M = (W(h) + [E]) Q, and for any invertible exact Q'

    M q = Q' (Q'^-1 M q),

so that the new box is Q'^-1 M q in balls; Q' comes from a float QR of M with its longest edge
first, so that it follows the set instead of wrapping it into an upright box. What the float found
only matters for sharpness. x_c itself stays within the point radius of p, as if there were no set.
Beside the parallelepiped the bound |z| <= r by the logarithmic norm is kept: z lies in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from theorycheck.balls import (
    Matrix,
    Real,
    inflate,
    is_finite,
    le,
    matrix_from_reals,
    maximum,
    precision,
    radius as radii_of,
    real,
    to_float_matrix,
    upper_real,
)
from theorycheck.balls.series import absolute_upper, column_of, entries_of, inverse, symmetric
from theorycheck.trajectories.dynamics import Defect
from theorycheck.trajectories.gronwall import RADIUS_BITS, Growth, grow, radius_at
from theorycheck.trajectories.norms import Norm
from theorycheck.trajectories.pieces import Piece
from theorycheck.trajectories.variational import VALUE_BITS, Transition, Variations
from theorycheck.verdicts import HOLDS

__all__ = ["MAX_DIMENSION", "Edges", "Spread", "carried", "upright"]

MAX_DIMENSION = 20


@dataclass(frozen=True)
class Edges:
    """The set {Q q : q in box} of differences, all of norm <= bound.

    Parameters
    ----------
    basis : Matrix    Q, N x N, exact
    box : Matrix      N x 1, balls about 0
    bound : Real      exact
    """

    basis: Matrix
    box: Matrix
    bound: Real

    def measured_in(self, old: Norm, new: Norm) -> Edges:
        """Bound the differences in another norm."""
        return Edges(self.basis, self.box, old.exchanged(self.bound, new))


def upright(reaches: Sequence[Real], norm: Norm) -> Edges:
    """Return the set |z_i| <= reaches_i; exact numbers >= 0."""
    size = len(reaches)
    with precision(VALUE_BITS):
        box = column_of([symmetric(r) for r in reaches])
        identity = [real(int(i == j)) for i in range(size) for j in range(size)]
        return Edges(matrix_from_reals(size, size, identity), box, norm.upper(box))


@dataclass(frozen=True)
class Spread:
    """The set of starts over one piece.

    Parameters
    ----------
    edges : Edges              at the begin of the piece
    transition : Transition    Phi; None where only the logarithmic norm is known
    norm : Norm
    radius : Real              bound of |x_c - p| at the begin
    defect : Defect            of p
    growth : Growth            of x_c about p
    """

    edges: Edges
    transition: Transition | None
    norm: Norm
    radius: Real
    defect: Defect
    growth: Growth

    def at(self, since: Fraction) -> Matrix:
        """Enclose x - p, coordinate by coordinate, at a time since the begin of the piece."""
        point = (
            self.radius if since == 0 else radius_at(self.radius, self.defect, self.growth, since)
        )
        with precision(VALUE_BITS):
            if since == 0:
                begin = self.edges.basis * self.edges.box
                points = _reaches(self.norm, point, self.edges.box.nrows())
                return inflate(begin, column_of(points))
            moved = self.transition.at(since) if self.transition else None
            return self._total(moved, point, self._bound(since))

    def over(self, first: Fraction, last: Fraction) -> Matrix:
        """Enclose x - p, coordinate by coordinate, over a part of the piece."""
        with precision(VALUE_BITS):
            moved = self.transition.over(first, last) if self.transition else None
            bound = maximum([self._bound(first), self._bound(last)])
            return self._total(moved, self.growth.supremum, bound)

    def after(self, length: Fraction) -> Edges:
        """Return the set at the end of the piece, its edges turned."""
        with precision(VALUE_BITS):
            bound = self._bound(length)
            if self.transition is None:
                return upright(_reaches(self.norm, bound, self.edges.box.nrows()), self.norm)
            carried = self.transition.at(length) * self.edges.basis
            straight = self.norm.upper(carried * self.edges.box)
            if le(straight, bound) is HOLDS:
                bound = straight
            turned = _edges_of(carried, self.edges.box)
            inverted = None if turned is None else inverse(turned)
            if turned is None or inverted is None:
                flat = carried * self.edges.box
                return upright([absolute_upper(z) for z in entries_of(flat)], self.norm)
            return Edges(turned, (inverted * carried) * self.edges.box, bound)

    def _bound(self, since: Fraction) -> Real:
        """Bound |z| at a time of the piece by the logarithmic norm alone."""
        if since == 0:
            return self.edges.bound
        with precision(RADIUS_BITS):
            still = Defect(real(0), real(0), 0)
            return grow(self.edges.bound, still, self.growth.curvature, upper_real(real(since))).end

    def _total(self, moved: Matrix | None, point: Real, bound: Real) -> Matrix:
        """Add the point radius to z, each coordinate by the better of its two bounds."""
        size = self.edges.box.nrows()
        plain = _reaches(self.norm, upper_real(point + bound), size)
        if moved is None:
            return column_of([symmetric(r) for r in plain])
        sharp = entries_of(moved * (self.edges.basis * self.edges.box))
        chained = entries_of((moved * self.edges.basis) * self.edges.box)
        points = _reaches(self.norm, point, size)
        result = []
        for rough, one, other, rest in zip(plain, sharp, chained, points, strict=True):
            best = rough
            for candidate in (one, other):
                size_of = upper_real(absolute_upper(candidate) + rest)
                if is_finite(size_of) and le(size_of, best) is HOLDS:
                    best = size_of
            result.append(symmetric(best))
        return column_of(result)


def carried(
    variations: Variations, piece: Piece, time: Fraction, edges: Edges, radius: Real
) -> tuple[Piece, Edges, Real]:
    """Carry a set of starts over a piece that was certified for all of them.

    Parameters
    ----------
    variations : Variations
    piece : Piece      its tube and curvature hold for the radius plus the bound of the edges
    time : Fraction    flow time at which it begins
    edges : Edges
    radius : Real      bound of |x_c - p| at the begin

    Returns
    -------
    Piece, Edges, Real    the piece with its spread; the set and the point radius at its end
    """
    with precision(RADIUS_BITS):
        step = upper_real(real(piece.length))
        growth = grow(radius, piece.defect, piece.growth.curvature, step)
    transition = variations.transition(piece, time)
    spread = Spread(edges, transition, piece.norm, radius, piece.defect, growth)
    return replace(piece, spread=spread), spread.after(piece.length), growth.end


def _reaches(norm: Norm, bound: Real, size: int) -> list[Real]:
    reach = norm.reach(bound)
    return entries_of(reach) if isinstance(reach, Matrix) else [reach] * size


def _edges_of(carried: Matrix, box: Matrix) -> Matrix | None:
    """Return an orthogonal basis along the longest edges, from float64; None if it finds none."""
    lengths = [float(r) for r in entries_of(radii_of(box))]
    edges = to_float_matrix(carried) * np.array(lengths)[None, :]
    if not np.isfinite(edges).all():
        return None
    scale = np.abs(edges).max()
    if not scale > 0:
        edges, scale = to_float_matrix(carried), 1.0
    edges = edges / scale
    edges = edges[:, np.argsort(-np.linalg.norm(edges, axis=0), kind="stable")]
    try:
        basis = np.linalg.qr(edges)[0]
    except np.linalg.LinAlgError:
        return None
    if not np.isfinite(basis).all():
        return None
    size = len(basis)
    return matrix_from_reals(size, size, [real(Fraction(v)) for v in basis.ravel().tolist()])
