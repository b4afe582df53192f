"""The assumption of the line: the sum loss is below l(0), so that every margin is positive."""

from __future__ import annotations

from typing import Any

from theorycheck.claims import Assumption, Case, gt
from theorycheck.claims.predictors import predictor

__all__ = ["SEPARATES"]


def start_separates(case: Case) -> Any:
    return gt(predictor(case, case.initial).alpha, 0)


SEPARATES = Assumption("start_separates", start_separates, "sum loss at the start below l(0)")
