"""Two-layer ReLU nets, segment by segment: flow, heavy ball and Nesterov with certified kinks.

Read `methods.py` (the equations and their series), `pieces.py` (the certificate), `isolation.py`
(complete isolation of the first kink), `march.py` (through a kink, or the named failure).
"""

from theorycheck.trajectories.two_layer.methods import Flow, HeavyBall, Nesterov
from theorycheck.trajectories.two_layer.net import TwoLayer
from theorycheck.trajectories.two_layer.result import NetKink, NetKinkFailed, TwoLayerRun
from theorycheck.trajectories.two_layer.runs import (
    two_layer_flow,
    two_layer_heavy_ball,
    two_layer_nesterov,
    two_layer_run,
)

__all__ = [
    "Flow",
    "HeavyBall",
    "Nesterov",
    "NetKink",
    "NetKinkFailed",
    "TwoLayer",
    "TwoLayerRun",
    "two_layer_flow",
    "two_layer_heavy_ball",
    "two_layer_nesterov",
    "two_layer_run",
]
