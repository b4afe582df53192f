"""Losses: one file each."""

from theorycheck.losses.square import SquareLoss

__all__ = ["SquareLoss"]
