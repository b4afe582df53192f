"""Losses: one file each."""

from theorycheck.hypothesis_types import register
from theorycheck.losses.abstract import AbstractLoss, exact_rows
from theorycheck.losses.cross_entropy import CrossEntropyLoss
from theorycheck.losses.exponential import ExponentialLoss
from theorycheck.losses.logistic import LogisticLoss
from theorycheck.losses.square import SquareLoss

__all__ = [
    "AbstractLoss", "CrossEntropyLoss", "ExponentialLoss", "LogisticLoss", "SquareLoss",
    "exact_rows",
]  # fmt: skip

register()
