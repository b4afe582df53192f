"""Networks: one file each."""

from theorycheck.networks.deep_linear import DeepLinear

__all__ = ["DeepLinear"]
