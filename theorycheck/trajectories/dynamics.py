"""What the enclosure needs to know of a differential equation: two small protocols.

A *dynamics* expands its solution about an exact point; the *expansion* holds an exact polynomial p
and answers two questions about it, rigorously:

    defect(h)         how far is p from being a solution on [0, h]?
    curvature(h, R)   what bounds the field's logarithmic norm within distance R of p on [0, h]?

Distances, defects and logarithmic norms are measured in the `norm` of the dynamics.
Nothing else enters the certificate (`gronwall.py`), so a new solver or a new kind of equation is
one class of each. Deep linear nets: `deep_linear.py`; fields given by SymPy expressions: `tape.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from theorycheck.balls import Matrix, Real
from theorycheck.trajectories.norms import Norm

__all__ = ["Defect", "DescentMap", "Dynamics", "Expansion"]


@dataclass(frozen=True)
class Defect:
    """Bound |p'(t) - F(p(t))| <= uniform + tail * (t / h)^order on [0, h]; exact numbers >= 0."""

    uniform: Real
    tail: Real
    order: int


class Expansion(Protocol):
    """An exact polynomial p on [0, h] for any h, with its certificate's ingredients."""

    @property
    def autonomous(self) -> bool:
        """Whether the field does not depend on time."""
        ...

    @property
    def coefficients(self) -> Matrix:
        """Packed (K+1) x N matrix of exact numbers, row k of order k."""
        ...

    @property
    def sizes(self) -> list[Real]:
        """Upper bounds of the norms of the coefficients, orders 0..K."""
        ...

    def defect(self, step: Real) -> Defect: ...

    def curvature(self, step: Real, tube: Real) -> Real:
        """Bound the logarithmic norm on {|x - p(t)| <= tube, 0 <= t <= step}; exact."""
        ...


class Dynamics(Protocol):
    """A differential equation x' = F(t, x) that can be expanded about an exact point."""

    @property
    def dimension(self) -> int: ...

    @property
    def norm(self) -> Norm:
        """The norm all bounds of the expansions are meant in."""
        ...

    def expand(self, start: Matrix, time: Fraction, order: int) -> Expansion:
        """Expand about the exact N x 1 column `start` at the given time."""
        ...


class DescentMap(Protocol):
    """An objective whose gradient and Hessian's spectrum can be enclosed; states are part lists."""

    @property
    def dimension(self) -> int: ...

    @property
    def is_local(self) -> bool:
        """Whether its spectrum is known much better on small balls, or only there."""
        ...

    def parts(self, column: Matrix) -> list[Matrix]:
        """Cut an N x 1 column into the parts the problem works with (layers)."""
        ...

    def gradient(self, parts: list[Matrix]) -> list[Matrix]: ...

    def spectrum_on(
        self, parts: list[Matrix], tube: Real, *, sharp: bool = False
    ) -> tuple[Real, Real]:
        """Bound (-lambda_min, lambda_max) of the Hessian on the ball of radius `tube`, exactly.

        `sharp` asks for the best bound at hand instead of the cheapest.
        """
        ...

    def loss(self, parts: list[Matrix]) -> Real: ...

    def gradient_drift(self, parts: list[Matrix], gradient: list[Matrix], step: Real) -> Real:
        """Bound |Hess f(x - s g) g| for every s in [0, step], x in `parts`, g in `gradient`."""
        ...
