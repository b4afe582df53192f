"""Networks: one file each."""

from theorycheck.hypothesis_types import register
from theorycheck.networks.deep_linear import DeepLinear
from theorycheck.networks.fully_connected import FullyConnected
from theorycheck.networks.layered import AbstractLayered

__all__ = ["AbstractLayered", "DeepLinear", "FullyConnected"]

register()
