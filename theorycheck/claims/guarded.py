"""Judge a claim whose own code may raise: one broken claim must not take the others with it."""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from theorycheck.claims.checker import judge
from theorycheck.claims.claim import Claim
from theorycheck.claims.judgement import Judgement
from theorycheck.errors import InvalidClaim, TheorycheckError
from theorycheck.problems import Instance
from theorycheck.trajectories import Effort

__all__ = ["guarded", "judge_guarded"]


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


def guarded(claim: Claim) -> Claim:
    """The claim, with InvalidClaim for whatever its conclusion and its assumptions raise."""
    kept = tuple(replace(a, predicate=_guard(a.predicate, claim)) for a in claim.assumptions)
    return replace(claim, conclusion=_guard(claim.conclusion, claim), assumptions=kept)


def _guard(function: Callable[..., Any], claim: Claim) -> Callable[..., Any]:
    @functools.wraps(function)
    def told(*arguments: Any, **changes: Any) -> Any:
        try:
            return function(*arguments, **changes)
        except TheorycheckError:
            raise
        except Exception as error:
            place = f"{claim.file}{_line_in(claim.file, error)}" if claim.file else claim.full_name
            raise InvalidClaim(f"{place} raises {type(error).__name__}: {error}") from error

    return told


def _line_in(file: str, error: Exception) -> str:
    """The line of the user's file that was being executed."""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == file]
    return f" line {lines[-1]}" if lines else ""
