"""The claim language and its checker: terms, relations, claims, judgements."""

from theorycheck.claims import assume
from theorycheck.claims.axes import Steps, Times, step, steps, time, times
from theorycheck.claims.checker import check, decide
from theorycheck.claims.claim import Assumption, Claim, Control, Source, claim
from theorycheck.claims.existence import exists
from theorycheck.claims.judgement import AssumptionJudgement, Judgement
from theorycheck.claims.matrices import AbstractMatrix, FromScalars, PsdPower, as_matrix, constant
from theorycheck.claims.outcome import Evidence, Outcome
from theorycheck.claims.registry import claims_in_file, find, papers, shipped_claims
from theorycheck.claims.relations import (
    AbstractRelation,
    conserved,
    equal,
    ge,
    gt,
    inside,
    le,
    lt,
    nondecreasing,
    nonincreasing,
    surrogate,
)  # fmt: skip
from theorycheck.claims.replay import replay
from theorycheck.claims.terms import (
    Concluded,
    Term,
    entry,
    exp,
    expression_of,
    frobenius_squared,
    infimum,
    inner,
    integral,
    lambda_max,
    lambda_min,
    log,
    max_norm,
    maximum,
    minimum,
    named,
    norm,
    nuclear_norm,
    psi,
    recurrence,
    spectral_norm,
    sqrt,
    substitute,
    sum_norm,
    supremum,
    trace,
)  # fmt: skip
from theorycheck.claims.views import Case, View

__all__ = [
    "AbstractMatrix", "AbstractRelation", "Assumption", "AssumptionJudgement", "Case", "Claim",
    "Concluded", "Control", "Evidence", "FromScalars", "Judgement", "Outcome", "PsdPower",
    "Source", "Steps", "Term", "Times", "View", "as_matrix", "assume", "check", "claim",
    "claims_in_file", "conserved", "constant", "decide", "entry", "equal", "exists", "exp",
    "expression_of", "find", "frobenius_squared", "ge", "gt", "infimum", "inner", "inside",
    "integral", "lambda_max", "lambda_min", "le", "log", "lt", "max_norm", "maximum", "minimum",
    "named", "nondecreasing", "nonincreasing", "norm", "nuclear_norm", "papers", "psi",
    "recurrence", "replay", "shipped_claims", "spectral_norm", "sqrt", "step", "steps",
    "substitute", "sum_norm", "supremum", "surrogate", "time", "times", "trace",
]  # fmt: skip
