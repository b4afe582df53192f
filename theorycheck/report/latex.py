"""A claim as LaTeX: statement, source, assumptions, named bounds, and what is checked."""

from __future__ import annotations

from theorycheck.claims import AbstractRelation, Case, Claim
from theorycheck.errors import TheorycheckError
from theorycheck.symbolic.latex import latex

__all__ = ["claim_latex", "relations_latex"]

SPECIAL = {"&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "$": r"\$"}


def claim_latex(claim: Claim) -> str:
    """Write the claim as a LaTeX theorem; needs amsmath and a `theorem` environment."""
    lines = [rf"\begin{{theorem}}[{_escape(str(claim.source))}]", _escape(claim.title) + "."]
    if claim.assumptions:
        lines += ["Assume:", r"\begin{itemize}"]
        lines += [rf"  \item {_escape(a.statement or a.name)}" for a in claim.assumptions]
        lines.append(r"\end{itemize}")
    for name, formula in claim.formulas.items():
        lines += [f"{_escape(name.capitalize())}:", rf"\[ {latex(formula)} \]"]
    written = relations_latex(claim)
    if written:
        lines.append("Checked, on the example:")
        lines += [rf"\[ {text} \]" for text in written]
    lines.append(r"\end{theorem}")
    return "\n".join(lines)


def relations_latex(claim: Claim) -> list[str]:
    """The conclusion on the claim's example, one formula per distinct relation."""
    try:
        relations: tuple[AbstractRelation, ...] = claim.relations(Case(claim.example_instance()))
    except TheorycheckError:
        if claim.example is None and claim.family is None:
            return []
        raise
    return list(dict.fromkeys(relation.latex() for relation in relations))


def _escape(text: str) -> str:
    return "".join(SPECIAL.get(letter, letter) for letter in text)
