"""Sliding on several surfaces at once: the fractions, and why the solution stays.

Let A be the surfaces a solution is on, and let the fields be *affine* there,

    F_s = F_0 + sum_{j in A, s_j = o_j} G_j      wherever sigma_A = 0,                        (1)

o_j an orientation of each surface. (In a ReLU net the product of two neurons' indicators comes with
a preactivation that vanishes on A.) Then Filippov's set, the convex hull of all F_s, is {F_0 +
sum h_j G_j, h in [0, 1]^A}, and sigma_A' = c + M h there. Orient the surfaces by o. On a *slid*
surface, S in all, both fields act; on a *dead* one, D in all, that of one side (h_j = 0): c_j and
M_ji, i in S, vanish on sigma_A = 0, so that it has no normal speed.

Staying. Let p_j > 0 with P M + (P M)^T negative definite, P = diag(p), and let h* solve c + M h* =
0 with h* = 0 on D and h* in (0, 1) on S, all on a box. Then a solution in the box that is on A once
remains on A with x' = F_0 + sum h*_j G_j. Proof. With u+ = max(u, 0) put

    V = sum_S p_j (sigma_j+ - h*_j sigma_j) + sum_D p_j sigma_j+,   N = sum_D (-sigma_j)+,

V + N >= epsilon |sigma_A|, and w = |h - h*|. Almost everywhere (u+)' = h u'. Off the surface (1),
and h* with it, errs by O(V + N); in V' that is multiplied by h - h* at least. Hence

    V' <= (h - h*)^T P M (h - h*) + K w (V + N) + K V <= -lambda w^2 + K (V + N)^2 + K V,
    N' <= K w + K (V + N),

from 0. With W = int_0^T w^2: N <= C (T W)^(1/2), V <= C T^2 W, W <= C T^2 W for small T. So W = 0,
V = N = 0. [For gradient flows G_j = -d_j grad sigma_j with d_j > 0 at a convex kink, and P =
diag(d) does. For one surface M = up - down, and this is Filippov, Differential Equations with
Discontinuous Righthand Sides (1988), section 10.]

A dead neuron at the origin is on more surfaces than it has weights, and M is singular. Instead let
its block of D be like a gradient's: G_j = -d_j o_j grad sigma_j + O(sigma_j), d_j > 0 Lipschitz,
and c = O(V) as well. With p_j = d_j and u = sum h_j G_j over the block: V' <= -|u|^2 + K V, as
every error comes with a sigma_i+, and N' <= K |u| + K V. So V = 0, u = 0 and, as nothing moves,
N = 0.

Settling. Let no fraction be known beforehand, but for a split of A into S, D and surfaces with a
side: h* in (0, 1) on S, 0 on D, and sigma_j' strictly of the sign of their side on the others.
Then from sigma_A = 0 every solution takes these sides, slides on S and rests on D. Proof. Add to V
p_j times the part of sigma_j on the wrong side: V' gains p_j (h_j - h*_j) v_j <= 0, v_j the speed
at h*. So V = N = 0 for a short time; then the sides are strict and `staying` applies.

Leaving. Let m be the speed of sigma_j under the field that slides on S - {j} with h_j = 0 (or 1),
m = 0 at a time, and m strictly monotone there towards the side it belongs to. Then the solution
leaves to that side. Proof. Say h_j = 0 and m' <= -mu at time 0. With V as above for A - {j} and
p_j sigma_j+: V' <= -lambda w^2 + p_j h_j m+ + K (V + N)^2 + K V, so W <= C |m+|^2 in L^2(0, T).
Further m' <= -mu + K (w + V + N), so m+(t) <= (K' sqrt(t) |m+| - mu t)+ vanishes from t =
(K' |m+| / mu)^2 on, hence |m+|^2 <= C' |m+|^6 and, T being small, m+ = 0. So w = 0, and m < 0 for
t > 0: sigma_j falls.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy

from theorycheck.errors import DomainViolation

if TYPE_CHECKING:
    from theorycheck.trajectories.piecewise import Mode, PiecewiseField

__all__ = ["MOST_SURFACES", "Sliding", "eliminated", "weights"]

MOST_SURFACES = 6
MOST_OPERATIONS = 3000
Floats = np.ndarray[Any, np.dtype[np.float64]]


class Sliding:
    """Equation (1) on the surfaces a mode holds: c, M and the fractions, as expressions.

    Parameters
    ----------
    field : PiecewiseField
    mode : Mode              holds at least one surface
    """

    def __init__(self, field: PiecewiseField, mode: Mode) -> None:
        self.field = field
        self.mode = mode
        self.surfaces = mode.held
        dead = dict(mode.dead)
        # o_j: the side with h_j = 1; of a dead surface the one that does not act.
        self.sides = {j: -dead.get(j, -1) for j in self.surfaces}
        base = mode
        for j in self.surfaces:
            base = base.with_sign(j, -self.sides[j])
        self.base = base
        self._pushes: dict[tuple[int, ...], list[Any] | None] = {}
        self.rest = field.smooth(base)
        self.jumps = {j: self._difference(base.with_sign(j, self.sides[j])) for j in self.surfaces}

    def _difference(self, mode: Mode) -> tuple[Any, ...]:
        pairs = zip(self.field.smooth(mode), self.rest, strict=True)
        return tuple(sympy.expand(a - b) for a, b in pairs)

    def _vanishes(self, expression: Any) -> bool:
        return self.field.vanishes(expression, self.surfaces)

    @cached_property
    def affine(self) -> bool:
        """Whether (1) is proved; False says nothing."""
        for mode in self.base.around(self.surfaces):
            taken = [j for j in self.surfaces if mode.signs[j] == self.sides[j]]
            if len(taken) < 2:
                continue
            for i, entry in enumerate(self._difference(mode)):
                if not self._vanishes(entry - sum(self.jumps[j][i] for j in taken)):
                    return False
        return True

    # -- the equations of the fractions ------------------------------------------------------------
    @cached_property
    def constants(self) -> dict[int, Any]:
        """c_j, not oriented."""
        return {j: self.field.normal(self.base, j) for j in self.surfaces}

    @cached_property
    def matrix(self) -> dict[tuple[int, int], Any]:
        """M_ij, not oriented; entries off the diagonal that vanish on sigma_A = 0 are 0."""
        entries = {}
        for i in self.surfaces:
            for j in self.surfaces:
                entry = sympy.expand(self.field.along(self.field.switches[i], self.jumps[j]))
                if i != j and self._vanishes(entry):
                    entry = sympy.Integer(0)
                entries[i, j] = entry
        return entries

    @cached_property
    def blocks(self) -> list[tuple[int, ...]]:
        """The surfaces in groups that do not act on one another."""
        groups: list[set[int]] = []
        for j in self.surfaces:
            met = {i for i in self.surfaces if self.matrix[i, j] != 0 or self.matrix[j, i] != 0}
            joined = {j, *met}
            for group in [g for g in groups if g & joined]:
                groups.remove(group)
                joined |= group
            groups.append(joined)
        return [tuple(sorted(group)) for group in groups]

    @property
    def consistent(self) -> bool:
        """Whether (1) is proved and the dead surfaces have no normal speed."""
        if len(self.surfaces) > MOST_SURFACES:
            return False
        if len(self.surfaces) > 1 and not self.affine:
            return False
        return all(
            self._vanishes(self.constants[j])
            and all(self.matrix[j, i] == 0 for i in self.mode.slid)
            for j, _ in self.mode.dead
        )

    def pushes(self, block: tuple[int, ...]) -> list[Any] | None:
        """Return the d_j of a dead block whose fields are like a gradient's, else None.

        That is: G_j = -d_j o_j grad sigma_j on surface j with whichever fields on the others, d_j
        changes continuously across each of these, and c vanishes where the slid surfaces meet.
        """
        if block not in self._pushes:
            found: list[Any] | None = []
            for j in block:
                one = None if j in self.mode.slid else self._pushes_of(j, block)
                found = None if one is None or found is None else found + one
            self._pushes[block] = found
        return self._pushes[block]

    def _pushes_of(self, j: int, block: tuple[int, ...]) -> list[Any] | None:
        field = self.field
        gradient = [field.switches[j].diff(x) * self.sides[j] for x in field.state]
        if not all(g.is_Rational for g in gradient):
            return None
        square = sum(g**2 for g in gradient)
        others = [i for i in self.surfaces if i != j]
        known: dict[tuple[int, ...], Any] = {}
        for mode in self.base.around(others):
            away = mode.with_sign(j, -self.sides[j])
            if all(away.signs[i] != self.sides[i] for i in block) and not field.vanishes(
                field.normal(away, j), self.mode.slid
            ):
                return None
            near, far = field.smooth(mode.with_sign(j, self.sides[j])), field.smooth(away)
            jump = [sympy.expand(a - b) for a, b in zip(near, far, strict=True)]
            d = sympy.expand(-sum(a * g for a, g in zip(jump, gradient, strict=True)) / square)
            errors = [a + d * g for a, g in zip(jump, gradient, strict=True)]
            if not all(field.vanishes(error, (j,)) for error in errors):
                return None
            known[tuple(mode.signs[i] for i in others)] = d
        for signs, d in known.items():
            for place, i in enumerate(others):
                flipped = (*signs[:place], -signs[place], *signs[place + 1 :])
                if not field.vanishes(sympy.expand(d - known[flipped]), (i,)):
                    return None
        return list(dict.fromkeys(known.values()))

    @cached_property
    def fractions(self) -> dict[int, Any]:
        """h*_j of the slid surfaces: the activation of side 1, by Cramer's rule in each block."""
        found = {}
        for block in self.blocks:
            rows = [[self.matrix[i, j] for j in block] for i in block]
            right = [-self.constants[i] for i in block]
            whole = sympy.Matrix(rows)
            determinant = sympy.expand(whole.det(method="berkowitz"))
            if determinant == 0:
                raise DomainViolation(f"the fractions on {block} are not determined")
            for place, j in enumerate(block):
                replaced = whole.copy()
                replaced[:, place] = sympy.Matrix(right)
                found[j] = replaced.det(method="berkowitz") / determinant
        return found

    def combination(self) -> tuple[Any, ...]:
        """Return F_0 + sum h*_j G_j as it is on the surfaces; every surface must be slid on.

        What it is elsewhere is our choice. Where the surfaces are affine it is taken at the nearest
        point on them: errors across the surfaces then do not grow.
        """
        there = nearest(self.field, self.surfaces)
        total = []
        for i, f in enumerate(self.rest):
            whole = f + sum(h * self.jumps[j][i] for j, h in self.fractions.items())
            total.append(cancelled(whole.xreplace(there)))
        return tuple(total)


def cancelled(expression: Any) -> Any:
    """Cancel common factors of a rational function, unless that might be much work."""
    variables = sorted(expression.free_symbols, key=str)
    if expression.count_ops() > MOST_OPERATIONS or not expression.is_rational_function(*variables):
        return expression
    return sympy.cancel(expression)


def nearest(field: PiecewiseField, surfaces: Sequence[int]) -> dict[Any, Any]:
    """Return x - S^T (S S^T)^-1 sigma for affine sigma = S x + b, {} if they are not."""
    sigma = sympy.Matrix([field.switches[j] for j in surfaces])
    slopes = sigma.jacobian(sympy.Matrix(field.state))
    if not all(a.is_Rational for a in slopes):
        return {}
    gram = slopes * slopes.T
    if gram.det() == 0:
        return {}
    shift = slopes.T * gram.inv() * sigma
    return {x: sympy.expand(x - d) for x, d in zip(field.state, shift, strict=True)}


def eliminated(field: PiecewiseField, surfaces: Sequence[int]) -> dict[Any, Any]:
    """Return what sigma_A = 0 gives for some coordinates, as far as it is affine in them."""
    found: dict[Any, Any] = {}
    for j in surfaces:
        sigma = sympy.expand(field.switches[j].xreplace(found))
        slopes = [(x, sigma.diff(x)) for x in field.state]
        usable = [(x, a) for x, a in slopes if a.is_number and a.is_nonzero]
        if usable:
            x, a = max(usable, key=lambda item: abs(float(item[1])))
            value = sympy.expand(x - sigma / a)
            found = {y: sympy.expand(e.xreplace({x: value})) for y, e in found.items()}
            found[x] = value
    return found


def weights(rows: Floats, squared_gradients: Sequence[float]) -> list[list[float]]:
    """Propose P with P M + (P M)^T negative definite; guidance, to be checked.

    The first choice is right for gradient flows (M = -G D, G Gram), the second wherever two
    surfaces admit one (|p_i M_ij| = |p_j M_ji|), the third for dominant diagonals: with B the
    comparison matrix of -M, B u = 1 and B^T v = 1, P = diag(v_i / u_i).
    """
    size = len(rows)
    gradient = [-float(rows[i, i]) / squared_gradients[i] for i in range(size)]
    balanced = [1.0] * size
    for j in range(1, size):
        for i in range(j):
            if rows[i, j] != 0 and rows[j, i] != 0:
                balanced[j] = balanced[i] * float(abs(rows[i, j] / rows[j, i]))
                break
    proposals = [gradient, balanced]
    comparison = -np.abs(rows)
    np.fill_diagonal(comparison, np.abs(np.diag(rows)))
    try:
        u = np.linalg.solve(comparison, np.ones(size))
        v = np.linalg.solve(comparison.T, np.ones(size))
        proposals.append([float(q) for q in v / u])
    except np.linalg.LinAlgError:
        pass
    return [p for p in proposals if all(np.isfinite(p)) and all(q > 0 for q in p)]
