"""theorycheck: published theorems on training dynamics as executable, certified claims.

Public names are resolved when they are first used, so that `import theorycheck` stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from theorycheck._version import __version__
from theorycheck.errors import (
    BudgetExceeded,
    DomainViolation,
    EnclosureFailed,
    InvalidClaim,
    InvalidInstance,
    TheorycheckError,
    UnknownClaim,
)  # fmt: skip
from theorycheck.verdicts import HOLDS, UNDECIDED, VIOLATED, Verdict

if TYPE_CHECKING:
    from theorycheck import kernels as kernels
    from theorycheck.balls import Ball as Ball, precision as precision
    from theorycheck.claims import assume as assume
    from theorycheck.claims.axes import (
        step as step,
        steps as steps,
        time as time,
        times as times,
    )  # fmt: skip
    from theorycheck.claims.checker import check as check
    from theorycheck.claims.claim import (
        Assumption as Assumption,
        Claim as Claim,
        Control as Control,
        Source as Source,
        claim as claim,
    )  # fmt: skip
    from theorycheck.claims.details import Detail as Detail, enclose_details as enclose_details
    from theorycheck.claims.existence import exists as exists
    from theorycheck.claims.judgement import Judgement as Judgement
    from theorycheck.claims.matrices import constant as constant
    from theorycheck.claims.registry import shipped_claims as shipped_claims
    from theorycheck.claims.relations import (
        conserved as conserved,
        equal as equal,
        ge as ge,
        gt as gt,
        inside as inside,
        le as le,
        lt as lt,
        nondecreasing as nondecreasing,
        nonincreasing as nonincreasing,
        surrogate as surrogate,
    )  # fmt: skip
    from theorycheck.claims.replay import replay as replay
    from theorycheck.claims.terms import (
        entry as entry,
        exp as exp,
        frobenius_squared as frobenius_squared,
        infimum as infimum,
        inner as inner,
        integral as integral,
        lambda_max as lambda_max,
        lambda_min as lambda_min,
        log as log,
        maximum as maximum,
        minimum as minimum,
        norm as norm,
        nuclear_norm as nuclear_norm,
        psi as psi,
        recurrence as recurrence,
        spectral_norm as spectral_norm,
        sqrt as sqrt,
        substitute as substitute,
        supremum as supremum,
        trace as trace,
    )  # fmt: skip
    from theorycheck.fuzzing import Campaign as Campaign, fuzz as fuzz, strategies as strategies
    from theorycheck.fuzzing.audit import Audit as Audit, audit as audit
    from theorycheck.fuzzing.tighten import Tightness as Tightness, tighten as tighten
    from theorycheck.losses import (
        CrossEntropyLoss as CrossEntropyLoss,
        ExponentialLoss as ExponentialLoss,
        ExponentialMargin as ExponentialMargin,
        LogisticLoss as LogisticLoss,
        LogisticMargin as LogisticMargin,
        SquareLoss as SquareLoss,
    )
    from theorycheck.networks import (
        DeepLinear as DeepLinear,
        DiagonalPower as DiagonalPower,
        FullyConnected as FullyConnected,
        PowerUnits as PowerUnits,
    )
    from theorycheck.problems import (
        Dataset as Dataset,
        Family as Family,
        Instance as Instance,
        Objective as Objective,
        VectorField as VectorField,
        classifier_family as classifier_family,
        classifier_instance as classifier_instance,
        deep_linear_instance as deep_linear_instance,
        families as families,
        iris as iris,
        read_csv as read_csv,
        read_weights as read_weights,
    )  # fmt: skip
    from theorycheck.problems.unit_inputs import (
        spread_rows as spread_rows,
        standardised_inputs as standardised_inputs,
    )
    from theorycheck.symbolic import conservation as conservation
    from theorycheck.trajectories.descent import descend as descend
    from theorycheck.trajectories.effort import Effort as Effort
    from theorycheck.trajectories.flow import flow as flow
    from theorycheck.trajectories.log_time import (
        LogTimeFlow as LogTimeFlow,
        log_time_flow as log_time_flow,
    )
    from theorycheck.trajectories.margin_flow import (
        MarginFlow as MarginFlow,
        margin_flow as margin_flow,
    )
    from theorycheck.trajectories.margin_rates import (
        MarginRates as MarginRates,
        linear_gradient_bound as linear_gradient_bound,
        neuron_gradient_bound as neuron_gradient_bound,
    )
    from theorycheck.trajectories.seedwise import (
        SeedCertificate as SeedCertificate,
        SeedwiseNet as SeedwiseNet,
        WideNet as WideNet,
    )
    from theorycheck.trajectories.two_layer import (
        two_layer_flow as two_layer_flow,
        two_layer_heavy_ball as two_layer_heavy_ball,
        two_layer_nesterov as two_layer_nesterov,
    )

_HOME = {
    "theorycheck.balls": ("Ball", "precision"),
    "theorycheck.networks": ("DeepLinear", "DiagonalPower", "FullyConnected", "PowerUnits"),
    "theorycheck.fuzzing": ("Audit", "Campaign", "Tightness", "audit", "fuzz", "tighten"),
    "theorycheck.losses": (
        "CrossEntropyLoss", "ExponentialLoss", "ExponentialMargin", "LogisticLoss",
        "LogisticMargin", "SquareLoss",
    ),
    "theorycheck.problems": (
        "Dataset", "Family", "Instance", "Objective", "VectorField",
        "classifier_family", "classifier_instance", "deep_linear_instance", "families", "iris",
        "read_csv", "read_weights",
    ),
    "theorycheck.problems.unit_inputs": ("spread_rows", "standardised_inputs"),
    "theorycheck.trajectories.seedwise": ("SeedCertificate", "SeedwiseNet", "WideNet"),
    "theorycheck.trajectories": (
        "Effort", "MarginFlow", "MarginRates", "descend", "flow", "linear_gradient_bound",
        "margin_flow", "neuron_gradient_bound", "two_layer_flow", "two_layer_heavy_ball",
        "two_layer_nesterov",
    ),
    "theorycheck.trajectories.log_time": ("LogTimeFlow", "log_time_flow"),
    "theorycheck.claims.details": ("Detail", "enclose_details"),
    "theorycheck.claims": (
        "Assumption", "Claim", "Control", "Judgement", "Source", "assume", "check",
        "claim", "conserved", "constant", "entry", "equal", "exists", "exp", "frobenius_squared",
        "ge", "gt", "infimum", "inner", "integral", "inside", "lambda_max", "lambda_min", "le",
        "log", "lt", "maximum", "minimum", "nondecreasing", "nonincreasing", "norm", "nuclear_norm",
        "psi", "recurrence", "replay", "spectral_norm", "shipped_claims", "sqrt", "step", "steps",
        "substitute", "supremum", "surrogate", "time", "times", "trace",
    ),
}  # fmt: skip
_SUBMODULES = {
    "conservation": "theorycheck.symbolic.conservation",
    "kernels": "theorycheck.kernels",
    "report": "theorycheck.report",
    "strategies": "theorycheck.fuzzing.strategies",
    "symbolic": "theorycheck.symbolic",
}
_WHERE = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "HOLDS", "UNDECIDED", "VIOLATED", "BudgetExceeded", "DomainViolation", "EnclosureFailed",
    "InvalidClaim", "InvalidInstance", "TheorycheckError", "UnknownClaim", "Verdict",
    "__version__", *sorted(_WHERE),
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _SUBMODULES:
        return importlib.import_module(_SUBMODULES[name])
    if name not in _WHERE:
        raise AttributeError(f"module 'theorycheck' has no attribute {name!r}")
    value = getattr(importlib.import_module(_WHERE[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
