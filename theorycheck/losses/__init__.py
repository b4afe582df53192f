"""Losses: one file each."""

from theorycheck.hypothesis_types import register
from theorycheck.losses.abstract import AbstractLoss, exact_rows
from theorycheck.losses.cross_entropy import CrossEntropyLoss
from theorycheck.losses.exponential import ExponentialLoss
from theorycheck.losses.logistic import LogisticLoss
from theorycheck.losses.margin import AbstractMarginLoss, ExponentialMargin, LogisticMargin
from theorycheck.losses.square import SquareLoss

__all__ = [
    "AbstractLoss", "AbstractMarginLoss", "CrossEntropyLoss", "ExponentialLoss",
    "ExponentialMargin", "LogisticLoss", "LogisticMargin", "SquareLoss", "exact_rows",
]  # fmt: skip

register()
