"""Networks: one file each."""

from theorycheck.hypothesis_types import register
from theorycheck.networks.deep_linear import DeepLinear
from theorycheck.networks.fully_connected import FullyConnected
from theorycheck.networks.layered import AbstractLayered
from theorycheck.networks.power_units import DiagonalPower, PowerUnits

__all__ = ["AbstractLayered", "DeepLinear", "DiagonalPower", "FullyConnected", "PowerUnits"]

register()
