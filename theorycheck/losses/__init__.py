"""Losses: one file each."""

from theorycheck.hypothesis_types import register
from theorycheck.losses.square import SquareLoss, exact_rows

__all__ = ["SquareLoss", "exact_rows"]

register()
