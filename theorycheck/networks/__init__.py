"""Networks: one file each."""

from theorycheck.hypothesis_types import register
from theorycheck.networks.deep_linear import DeepLinear

__all__ = ["DeepLinear"]

register()
