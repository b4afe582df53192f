"""Certified flow enclosures and descent iterates, and reference integrators (never evidence)."""

from theorycheck.trajectories.certificate import StepCertificate, a_posteriori, step_certificates
from theorycheck.trajectories.crossings import Crossing, Crossings, Unresolved, crossings
from theorycheck.trajectories.descent import Descent, descend
from theorycheck.trajectories.effort import Deadline, Effort
from theorycheck.trajectories.flow import Flow, flow
from theorycheck.trajectories.kinked import KinkedFlow, KinkEvent, KinkFailed
from theorycheck.trajectories.kinks import kinked_flow
from theorycheck.trajectories.observables import Monotonicity, Observable
from theorycheck.trajectories.piecewise import Mode, PiecewiseField
from theorycheck.trajectories.reference import MpmathArithmetic, reference_descent, reference_flow
from theorycheck.trajectories.tubes import TrackingPiece, TubeBounds, tracking, tube_bounds
from theorycheck.trajectories.two_layer import (
    two_layer_flow,
    two_layer_heavy_ball,
    two_layer_nesterov,
)

__all__ = [
    "Crossing",
    "Crossings",
    "Deadline",
    "Descent",
    "Effort",
    "Flow",
    "KinkEvent",
    "KinkFailed",
    "KinkedFlow",
    "Mode",
    "Monotonicity",
    "MpmathArithmetic",
    "Observable",
    "PiecewiseField",
    "StepCertificate",
    "TrackingPiece",
    "TubeBounds",
    "Unresolved",
    "a_posteriori",
    "crossings",
    "descend",
    "flow",
    "kinked_flow",
    "reference_descent",
    "reference_flow",
    "step_certificates",
    "tracking",
    "tube_bounds",
    "two_layer_flow",
    "two_layer_heavy_ball",
    "two_layer_nesterov",
]
