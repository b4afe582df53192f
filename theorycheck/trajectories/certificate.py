"""A-posteriori certificate: the distance of descent to flow, without solving the flow.

    E_0 = e_0,    E_{k+1} = e^{m_k eta} E_k + h_k psi(m_k, eta),
    psi(m, eta) = int_0^eta e^{m (eta - s)} s ds,    |theta_k - theta(k eta)| <= E_k

with h_k >= |Hess f(v) grad f(theta_k)| along step k and m_k >= -lambda_min(Hess f) on the hull of
the step and of the flow during it. The hull is guessed, a ball about the step's first iterate that
holds the step inflated by rho, and confirmed strictly:

    e^{max(m,0) eta} E_k + h_k psi(max(m,0), eta) < rho        (E is not monotone inside a step).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from theorycheck.balls import (
    Matrix,
    Real,
    exp,
    inflate,
    is_finite,
    le,
    lt,
    maximum,
    precision,
    psi,
    real,
    upper_real,
)
from theorycheck.balls.series import joint_norm
from theorycheck.errors import DomainViolation, EnclosureFailed
from theorycheck.trajectories.descent import Descent
from theorycheck.trajectories.dispatch import descent_map_of
from theorycheck.trajectories.dynamics import DescentMap
from theorycheck.trajectories.effort import Deadline
from theorycheck.trajectories.integrate import GUARD_BITS
from theorycheck.verdicts import HOLDS

__all__ = ["StepCertificate", "a_posteriori", "step_certificates"]

STRIDES = 4
ATTEMPTS = 8


@dataclass(frozen=True)
class Hull:
    """A ball about a recorded iterate with a curvature bound m on it."""

    centre: list[Matrix]
    radius: Real
    curvature: Real


@dataclass(frozen=True)
class StepCertificate:
    """What is certified of one step of descent; exact numbers.

    Parameters
    ----------
    curvature : Real    m_k >= -lambda_min on the hull of the step and of the flow beside it
    defect : Real       h_k >= |Hess f(v(s)) grad f(theta_k)| on the step, v its segment
    bound : Real        E_{k+1} >= |theta_{k+1} - theta((k + 1) eta)|
    """

    curvature: Real
    defect: Real
    bound: Real


def a_posteriori(problem: object, descent: Descent, gap: Fraction | int = 0) -> tuple[Real, ...]:
    """Bound |theta_k - theta(k eta)| for k = 0, ..., steps by exact numbers E_k.

    Parameters
    ----------
    problem : Objective
    descent : Descent     its iterates theta_k, their own enclosures included
    gap : Fraction        e_0 >= |theta_0 - theta(0)|

    Raises
    ------
    EnclosureFailed       a hull could not be confirmed; the step size is too large for the bound
    """
    with precision(descent.bits + GUARD_BITS):
        first = upper_real(real(gap))
    return (first, *(c.bound for c in step_certificates(problem, descent, gap)))


def step_certificates(
    problem: object,
    descent: Descent,
    gap: Fraction | int = 0,
    deadline: Deadline | None = None,
) -> list[StepCertificate]:
    """Certify every step of a descent; see `a_posteriori` for the parameters."""
    mapping = descent_map_of(problem)
    with precision(descent.bits + GUARD_BITS):
        bound = upper_real(real(gap))
        certificates: list[StepCertificate] = []
        hull: Hull | None = None
        for k in range(descent.steps):
            if deadline is not None:
                deadline.check("the a-posteriori certificate")
            try:
                stepped = _one_step(mapping, descent, k, bound, hull)
            except DomainViolation:  # the hull leaves the domain of the objective
                stepped = None
            if stepped is None:
                raise EnclosureFailed(
                    f"the hull of step {k} could not be confirmed; take a smaller step_size",
                    k * descent.step_size,
                )
            bound, drift, hull = stepped
            certificates.append(StepCertificate(hull.curvature, drift, bound))
        return certificates


def _one_step(
    mapping: DescentMap, descent: Descent, k: int, bound: Real, hull: Hull | None
) -> tuple[Real, Real, Hull] | None:
    eta = real(descent.step_size)
    radius = descent.iteration.radii[k]
    recorded = descent.iteration.centres[k]
    iterate = [inflate(part, radius) for part in recorded]
    gradient = mapping.gradient(iterate)
    drift = mapping.gradient_drift(iterate, gradient, eta)
    # |v(t) - recorded| <= eta |grad| + r_k on the whole step.
    reach = upper_real(eta * joint_norm(gradient) + radius)
    # Curvature grows with the hull, so it should be tight: a sixteenth above what is there.
    flat = bound * real(Fraction(17, 16)) + 2 * drift * eta * eta
    first_guess = guess = upper_real(flat + real(Fraction(1, 2**4000)))
    strides = STRIDES
    for attempt in range(2 * ATTEMPTS):
        if attempt == ATTEMPTS:
            # A roomy hull serves several steps; if it is too curved, take the tightest.
            hull, guess, strides = None, first_guess, 1
        needed = upper_real(reach + guess)
        if hull is None or not _holds(hull, recorded, needed):
            room = upper_real((strides - 1) * (reach + guess * real(Fraction(1, 32))))
            size = upper_real(needed + room)
            hull = Hull(recorded, size, mapping.spectrum_on(recorded, size, sharp=True)[0])
        m = hull.curvature
        rising = maximum([m, real(0)])
        inside = upper_real(exp(rising * eta) * bound + drift * psi(rising, eta))
        if lt(inside, guess) is HOLDS:
            return upper_real(exp(m * eta) * bound + drift * psi(m, eta)), drift, hull
        guess = upper_real(inside * real(Fraction(5, 4)))
        if not is_finite(guess):
            hull, guess, strides = None, first_guess, 1
    return None


def _holds(hull: Hull, recorded: Sequence[Matrix], needed: Real) -> bool:
    """Whether the ball of radius `needed` about the recorded iterate lies certainly in the hull."""
    moved = joint_norm([a - b for a, b in zip(recorded, hull.centre, strict=True)])
    return le(moved + needed, hull.radius) is HOLDS
