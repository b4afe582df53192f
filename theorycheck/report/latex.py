"""LaTeX: a claim as a theorem, judgements as a table, a figure with its caption."""

from __future__ import annotations

from collections.abc import Sequence

from theorycheck.claims import AbstractRelation, Case, Claim
from theorycheck.errors import TheorycheckError
from theorycheck.problems import Instance
from theorycheck.report.labels import number_text
from theorycheck.report.prose import set_formulas, visible
from theorycheck.report.tables import Row
from theorycheck.symbolic.latex import latex

__all__ = ["claim_latex", "figure_latex", "judgements_latex", "relations_latex"]

SPECIAL = {
    "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "$": r"\$", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
}  # fmt: skip
COLUMNS = ("Claim", "Source", "Instance", "Verdict", "Evidence", "Margin")


def claim_latex(claim: Claim) -> str:
    """Write the claim as a LaTeX theorem; needs amsmath and a `theorem` environment."""
    lines = [rf"\begin{{theorem}}[{{{_escape(str(claim.source))}}}]", _escape(claim.title) + "."]
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


def relations_latex(claim: Claim, instance: Instance | None = None) -> list[str]:
    """The conclusion on an instance (the claim's example), one formula per distinct relation."""
    try:
        case = Case(claim.example_instance() if instance is None else instance)
        relations: tuple[AbstractRelation, ...] = claim.relations(case)
    except TheorycheckError:
        if claim.example is None and claim.family is None:
            return []
        raise
    return list(dict.fromkeys(relation.latex() for relation in relations))


def judgements_latex(rows: Sequence[Row]) -> str:
    """Write judgements as a table; needs booktabs. The margin is the relative one, an estimate."""
    lines = [r"\begin{tabular}{llllll}", r"\toprule", " & ".join(COLUMNS) + r" \\", r"\midrule"]
    for row in rows:
        judgement = row.judgement
        evidence = "" if judgement.vacuous else str(judgement.evidence)
        name = judgement.claim.split(".")[-1].replace("_", " ")
        cells = (name, row.source, row.label, judgement.summary, evidence)
        written = [_escape(cell) for cell in cells] + [_margin(judgement.relative_margin)]
        lines.append(" & ".join(written) + r" \\")
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}"])


def _margin(value: float | None) -> str:
    """The relative margin in two digits."""
    if value is None:
        return ""
    return f"${number_text(float(f'{value:.2g}')).strip('$')}$".replace("\N{MINUS SIGN}", "-")


def figure_latex(file: str, caption: str, label: str) -> str:
    """Write a figure environment for a drawing; needs graphicx, or pgf for a `.pgf` file."""
    shown = rf"\input{{{file}}}" if file.endswith(".pgf") else rf"\includegraphics{{{file}}}"
    return "\n".join(
        [r"\begin{figure}", r"  \centering", f"  {shown}", rf"  \caption{{{_escape(caption)}}}",
         rf"  \label{{fig:{label.replace('_', '-')}}}", r"\end{figure}"]
    )  # fmt: skip


def _escape(text: str) -> str:
    """Escape prose for TeX, with its formulas set as such."""
    return set_formulas(
        visible(text), lambda part: "".join(SPECIAL.get(letter, letter) for letter in part)
    )
