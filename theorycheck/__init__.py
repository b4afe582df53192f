"""theorycheck: published theorems on training dynamics as executable, certified claims.

Public names are resolved when they are first used, so that `import theorycheck` stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from theorycheck._version import __version__
from theorycheck.errors import (
    BudgetExceeded, DomainViolation, EnclosureFailed, InvalidClaim, InvalidInstance,
    TheorycheckError, UnknownClaim,
)  # fmt: skip
from theorycheck.verdicts import HOLDS, UNDECIDED, VIOLATED, Verdict

if TYPE_CHECKING:
    from theorycheck.balls import Ball as Ball
    from theorycheck.claims import (
        Assumption as Assumption, Claim as Claim, Control as Control, Judgement as Judgement,
        Source as Source, assume as assume, check as check, claim as claim,
        conserved as conserved, equal as equal, exp as exp, ge as ge, gt as gt, inner as inner,
        inside as inside, le as le, lt as lt, log as log, norm as norm, psi as psi,
        recurrence as recurrence, replay as replay, spectral_norm as spectral_norm, sqrt as sqrt,
        step as step, steps as steps, substitute as substitute, surrogate as surrogate,
        time as time, times as times,
    )  # fmt: skip
    from theorycheck.trajectories import Effort as Effort, descend as descend, flow as flow

_HOME = {
    "theorycheck.balls": ("Ball", "precision"),
    "theorycheck.networks": ("DeepLinear",),
    "theorycheck.losses": ("SquareLoss",),
    "theorycheck.problems": (
        "Dataset", "Family", "Instance", "Objective", "VectorField", "deep_linear_instance",
        "families", "iris", "read_csv", "read_weights",
    ),
    "theorycheck.trajectories": ("Effort", "descend", "flow"),
    "theorycheck.claims": (
        "Assumption", "Claim", "Control", "Judgement", "Source", "assume", "check",
        "claim", "conserved", "constant", "entry", "equal", "exists", "exp", "frobenius_squared",
        "ge", "gt", "infimum", "inner", "inside", "lambda_max", "lambda_min", "le", "log", "lt",
        "maximum", "minimum", "nondecreasing", "nonincreasing", "norm", "nuclear_norm", "psi",
        "recurrence", "replay", "spectral_norm", "shipped_claims", "sqrt", "step", "steps", "substitute",
        "supremum", "surrogate", "time", "times", "trace",
    ),
}  # fmt: skip
_SUBMODULES = ("report",)
_WHERE = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "HOLDS", "UNDECIDED", "VIOLATED", "BudgetExceeded", "DomainViolation", "EnclosureFailed",
    "InvalidClaim", "InvalidInstance", "TheorycheckError", "UnknownClaim", "Verdict",
    "__version__", *sorted(_WHERE),
]  # fmt: skip  # noqa: RUF022


def __getattr__(name: str) -> Any:
    if name in _SUBMODULES:
        return importlib.import_module(f"theorycheck.{name}")
    if name not in _WHERE:
        raise AttributeError(f"module 'theorycheck' has no attribute {name!r}")
    value = getattr(importlib.import_module(_WHERE[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
