"""A claim as plain text, for terminals."""

from __future__ import annotations

import inspect
import sys
import textwrap

import sympy

from theorycheck.claims import Claim
from theorycheck.verdicts import Verdict

__all__ = ["claim_text"]

WIDTH = 96


def claim_text(claim: Claim) -> str:
    """Tell what a claim says, assumes and is checked on."""
    parts = [f"{claim.full_name}\n{'=' * len(claim.full_name)}", claim.statement or claim.title]
    parts.append("\n".join(_facts(claim)))
    if claim.assumptions:
        lines = [
            f"  {a.name}: {a.statement}" if a.statement else f"  {a.name}"
            for a in claim.assumptions
        ]
        parts.append("Assumptions, judged one by one\n" + "\n".join(lines))
    if claim.formulas:
        lines = [f"  {name}: {sympy.sstr(formula)}" for name, formula in claim.formulas.items()]
        parts.append("Bounds\n" + "\n".join(lines))
    if claim.controls:
        lines = [f"  {c.name}: {_outcome(c.outcome)}" for c in claim.controls]
        parts.append("Negative controls\n" + "\n".join(lines))
    header = inspect.cleandoc(getattr(sys.modules.get(claim.module), "__doc__", None) or "")
    if header:
        parts.append("From its file\n" + textwrap.indent(header, "  "))
    settings = _settings(claim)
    if settings:
        parts.append(textwrap.fill(f"Settings (--set): {settings}", WIDTH, subsequent_indent="  "))
    return "\n\n".join(parts)


def _facts(claim: Claim) -> list[str]:
    return [
        f"Source     {claim.source}",
        f"Expected   {claim.expected.value}",
        f"Proof      {claim.proof or 'none yet'}",
        f"On data    {'yes: --data F.csv --target COL' if claim.on_data is not None else 'no'}",
    ]


def _outcome(outcome: Verdict | str) -> str:
    return outcome.value if isinstance(outcome, Verdict) else outcome


def _settings(claim: Claim) -> str:
    if not callable(claim.example):
        return ""
    return ", ".join(
        f"{p.name}={p.default}" if p.default is not p.empty else p.name
        for p in inspect.signature(claim.example).parameters.values()
        if p.kind is not p.VAR_KEYWORD
    )
