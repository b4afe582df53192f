"""Judge a claim whose own code may raise: one broken claim must not take the others with it."""

from __future__ import annotations

import traceback
from pathlib import Path

from theorycheck.claims.checker import judge
from theorycheck.claims.claim import Claim
from theorycheck.claims.judgement import Judgement
from theorycheck.errors import InvalidClaim, TheorycheckError
from theorycheck.problems import Instance
from theorycheck.trajectories import Effort

__all__ = ["judge_guarded"]


def judge_guarded(claim: Claim, instance: Instance, effort: Effort) -> Judgement:
    """Judge; whatever the claim's code raises becomes one line that names the place.

    Raises
    ------
    TheorycheckError    InvalidClaim for an error in a user's file
    """
    try:
        return judge(claim, instance, effort)
    except TheorycheckError:
        raise
    except Exception as error:
        told = f"{type(error).__name__}: {error}"
        if claim.file:
            raise InvalidClaim(
                f"{claim.file}{_line_in(claim.file, error)} raises {told}"
            ) from error
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name} line {frame.lineno}"
        raise TheorycheckError(f"internal error, please report it: {told} in {place}") from error


def _line_in(file: str, error: Exception) -> str:
    """The line of the user's file that was being executed."""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == file]
    return f" line {lines[-1]}" if lines else ""
