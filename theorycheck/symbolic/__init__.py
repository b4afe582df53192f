"""Derivations in words: matrices of symbolic dimension, rules, rates, induction, certificates.

Public names are resolved when they are first used: the layers below the claims import single
modules of this package.

Examples
--------
>>> from theorycheck import symbolic as s
>>> p, q = s.dimension("p"), s.dimension("q")
>>> A, B = s.letter("A", p, q), s.letter("B", q, p)
>>> s.trace(A @ B) == s.trace(B @ A)
True
>>> proof = s.Derivation("a square")
>>> proof.equal("expand", (A + B.T) @ (A.T + B), A @ A.T + A @ B + B.T @ A.T + B.T @ B)
>>> print(proof)
a square
  1. expand:  (A + B^T) (A^T + B) = A A^T + A B + B^T A^T + B^T B  [words]
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from theorycheck.symbolic.deciding import Hypotheses as Hypotheses
    from theorycheck.symbolic.derivation import (
        Derivation as Derivation,
        Statement as Statement,
        StepFailed as StepFailed,
    )  # fmt: skip
    from theorycheck.symbolic.derivations import derive as derive
    from theorycheck.symbolic.entries import entries as evaluate
    from theorycheck.symbolic.letters import dimension as dimension
    from theorycheck.symbolic.rates import rates as flow, variation as variation
    from theorycheck.symbolic.recursions import (
        MatrixRecursion as MatrixRecursion,
        ScalarRecursion as ScalarRecursion,
        family as family,
    )  # fmt: skip
    from theorycheck.symbolic.rewriting import rewriting as rules, substitute as substitute
    from theorycheck.symbolic.subjects import SUBJECTS as SUBJECTS
    from theorycheck.symbolic.words import (
        Words as Words,
        inner as inner,
        letter as letter,
        trace as trace,
    )  # fmt: skip

# a name must not be that of a module here, which would take its place once it is imported
_WHERE = {
    "SUBJECTS": "subjects.SUBJECTS",
    "Derivation": "derivation.Derivation",
    "Hypotheses": "deciding.Hypotheses",
    "MatrixRecursion": "recursions.MatrixRecursion",
    "ScalarRecursion": "recursions.ScalarRecursion",
    "Statement": "derivation.Statement",
    "StepFailed": "derivation.StepFailed",
    "Words": "words.Words",
    "derive": "derivations.derive",
    "dimension": "letters.dimension",
    "evaluate": "entries.entries",
    "family": "recursions.family",
    "flow": "rates.rates",
    "inner": "words.inner",
    "letter": "words.letter",
    "rules": "rewriting.rewriting",
    "substitute": "rewriting.substitute",
    "trace": "words.trace",
    "variation": "rates.variation",
}

__all__ = [
    "SUBJECTS", "Derivation", "Hypotheses", "MatrixRecursion", "ScalarRecursion", "Statement",
    "StepFailed", "Words", "derive", "dimension", "evaluate", "family", "flow", "inner", "letter",
    "rules", "substitute", "trace", "variation",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'theorycheck.symbolic' has no attribute {name!r}")
    module, attribute = _WHERE[name].split(".")
    return getattr(importlib.import_module(f"theorycheck.symbolic.{module}"), attribute)
