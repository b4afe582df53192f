"""One self-contained static page of everything that was checked.

No script and no network: filters are style rules, figures are embedded. Every text is escaped,
whoever wrote it; formulas pass through `mathml`.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from theorycheck.claims import Claim, Judgement
from theorycheck.report.latex import relations_latex
from theorycheck.report.mathml import mathml
from theorycheck.report.prose import visible
from theorycheck.report.tables import relative_margin
from theorycheck.symbolic.latex import latex
from theorycheck.verdicts import HOLDS, UNDECIDED, VIOLATED

__all__ = ["Entry", "Judged", "page"]

MOST_FORMULAS = 4
MOST_LATEX = 1200
MOST_JSON = 4000
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
MARKS = {HOLDS: "✓", VIOLATED: "✗", UNDECIDED: "?"}
TAG_OR_QUOTE = re.compile(r'<[^>]*>|"')
RAISED = re.compile(r"\^(?:\{([^{}]*)\}|(\([^()]*\)|-?\w+))")
LOWERED = re.compile(r"(?<=\w)_(?:\{([^{}]*)\}|(\w)(?!\w))")
FILTERS = ("paper", "verdict", "evidence")


@dataclass(frozen=True)
class Judged:
    """A judgement, the name of its instance and the seconds it took."""

    label: str
    judgement: Judgement
    seconds: float


@dataclass(frozen=True)
class Entry:
    """What the page shows of one claim.

    Parameters
    ----------
    claim : Claim
    judged : sequence of Judged
    figure : str          SVG, or empty
    caption : str         below the figure, or why there is none
    error : str           why nothing was judged, or empty
    """

    claim: Claim
    judged: Sequence[Judged]
    figure: str = ""
    caption: str = ""
    error: str = ""

    @property
    def verdicts(self) -> list[str]:
        return sorted({_verdict(j.judgement) for j in self.judged}) or ["not checked"]

    @property
    def evidence(self) -> list[str]:
        return sorted({_evidence(j.judgement) for j in self.judged} - {""}) or ["none"]


def page(
    entries: Sequence[Entry],
    *,
    title: str = "theorycheck report",
    made: str = "",
    versions: Mapping[str, str] | None = None,
    proofs: str = "",
) -> str:
    """Write the page.

    Parameters
    ----------
    entries : sequence of Entry
    title : str
    made : str           when and on what, one line
    versions : mapping   of the packages the verdicts rest on
    proofs : str         address of the folder of proof scripts, to link them; empty for none
    """
    papers: dict[str, list[Entry]] = {}
    for entry in entries:
        papers.setdefault(entry.claim.paper or "your claims", []).append(entry)
    choices = _choices(entries, papers)
    body = [
        "<header>",
        f"<h1>{_text(title)}</h1>",
        f'<p class="quiet">{_text(made)}</p>' if made else "",
        _summary(entries),
        "</header>",
        "<main>",
        _filters(choices),
    ]
    for paper, group in papers.items():
        body.append(
            f'<section aria-label="{_text(paper)}"><h2>{_text(_heading(paper, group))}</h2>'
        )
        body += [_article(entry, _classes(entry, paper, choices), proofs) for entry in group]
        body.append("</section>")
    body += [_versions(versions or {}), "</main>"]
    style = files("theorycheck.report").joinpath("page.css").read_text(encoding="utf-8")
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{_text(title)}</title>",
            f"<style>{style}{_filter_rules(choices)}</style></head><body>",
            *[part for part in body if part],
            "</body></html>\n",
        ]
    )


def _text(value: object) -> str:
    return html.escape(visible(str(value)), quote=True)


def _prose(value: object) -> str:
    """Escape, and raise and lower what plain text writes as t^{-3} or w_0."""
    raised = RAISED.sub(lambda m: f"<sup>{(m[1] or m[2]).strip('()')}</sup>", _text(value))
    return LOWERED.sub(lambda m: f"<sub>{m[1] or m[2]}</sub>", raised)


def _verdict(judgement: Judgement) -> str:
    return "vacuous" if judgement.vacuous else judgement.verdict.value


def _evidence(judgement: Judgement) -> str:
    return "" if judgement.vacuous else str(judgement.evidence)


def _css(judgement: Judgement) -> str:
    if judgement.verdict is VIOLATED and not judgement.contradicts:
        return "expected"
    return "VACUOUS" if judgement.vacuous else judgement.verdict.value


def _heading(paper: str, group: Sequence[Entry]) -> str:
    count = len(group)
    return f"{paper} ({count} claim{'s' if count > 1 else ''})"


def _summary(entries: Sequence[Entry]) -> str:
    counts: dict[str, int] = {}
    for entry in entries:
        for judged in entry.judged:
            counts[judged.judgement.summary] = counts.get(judged.judgement.summary, 0) + 1
    failed = sum(bool(entry.error) for entry in entries)
    words = [f"{number} {name}" for name, number in counts.items()]
    words += [f"{failed} not checked"] if failed else []
    return f"<p>{len(entries)} claims: {_text(', '.join(words))}.</p>"


# ---------------------------------------------------------------------------- filters


def _choices(entries: Sequence[Entry], papers: Mapping[str, object]) -> dict[str, list[str]]:
    return {
        "paper": list(papers),
        "verdict": sorted({v for e in entries for v in e.verdicts}),
        "evidence": sorted({v for e in entries for v in e.evidence}),
    }


def _filters(choices: Mapping[str, list[str]]) -> str:
    lines = ['<form class="filters">']
    for name, values in choices.items():
        options = "".join(
            f'<option value="{name}-{i}">{_text(value)}</option>' for i, value in enumerate(values)
        )
        lines.append(
            f'<label>{name} <select name="{name}"><option value="">all</option>{options}</select>'
            "</label>"
        )
    return "\n".join([*lines, '<button type="reset">show all</button></form>'])


def _filter_rules(choices: Mapping[str, list[str]]) -> str:
    """Hide what a chosen option does not name: `:has` sees the choice, no script is needed."""
    rules = []
    for name, values in choices.items():
        for i in range(len(values)):
            chosen = f'body:has(option[value="{name}-{i}"]:checked)'
            rules.append(f"{chosen} article:not(.{name}-{i}){{display:none}}")
            if name == "paper":
                rules.append(f"{chosen} section:not(:has(.{name}-{i})){{display:none}}")
    return "\n".join(rules)


def _classes(entry: Entry, paper: str, choices: Mapping[str, list[str]]) -> str:
    own = {"paper": [paper], "verdict": entry.verdicts, "evidence": entry.evidence}
    return " ".join(
        f"{name}-{choices[name].index(value)}" for name in FILTERS for value in own[name]
    )


# ---------------------------------------------------------------------------- one claim


def _article(entry: Entry, classes: str, proofs: str) -> str:
    claim = entry.claim
    parts = [
        f"<header><h3>{_prose(claim.title)}</h3>",
        *(
            f'<span class="verdict {_css(j.judgement)}">{_text(j.judgement.summary)}</span>'
            for j in entry.judged[:1]
        ),
        "</header>",
        f'<p class="quiet"><code>{_text(claim.full_name)}</code><br>{_text(claim.source)}</p>',
        _statement(entry),
        _assumptions(entry),
        _judgements(entry),
        _figure(entry),
        *(_witness(judged) for judged in entry.judged),
        _proof(claim, proofs),
        _controls(claim),
        *(_stored(judged) for judged in entry.judged),
    ]
    return "\n".join([f'<article class="{classes}">', *[p for p in parts if p], "</article>"])


def _statement(entry: Entry) -> str:
    claim, lines = entry.claim, []
    for name, formula in claim.formulas.items():
        written = f'<div class="scroll">{mathml(latex(formula))}</div>'
        lines.append(f'<p class="quiet">{_text(name)}</p>{written}')
    first = entry.judged[0] if entry.judged else None
    try:
        relations = relations_latex(claim, first.judgement.instance if first else None)
    except Exception as error:  # whatever a user's function raises must not lose the page
        relations = []
        told = f"The relations cannot be shown: {type(error).__name__}: {error}"
        lines.append(f'<p class="quiet">{_text(told)}</p>')
    if relations:
        label = first.label if first else "example"
        lines.append(f"<h4>Checked, on this instance: {_text(label)}</h4>")
        shown = [r for r in relations if len(r) <= MOST_LATEX][:MOST_FORMULAS]
        lines += [f'<div class="scroll">{mathml(r)}</div>' for r in shown]
        if len(relations) > len(shown):
            more = len(relations) - len(shown)
            lines.append(
                f'<p class="quiet">and {more} more (theorycheck show --latex prints all)</p>'
            )
    return "\n".join(lines)


def _assumptions(entry: Entry) -> str:
    if not entry.claim.assumptions:
        return ""
    found = {a.name: a for a in entry.judged[0].judgement.assumptions} if entry.judged else {}
    items = []
    for assumption in entry.claim.assumptions:
        judged = found.get(assumption.name)
        verdict = judged.outcome.verdict if judged else None
        mark = MARKS[verdict] if verdict is not None else "–"
        reason = f": {judged.outcome.reason}" if judged and judged.outcome.reason else ""
        said = verdict.value if verdict is not None else "not judged"
        items.append(
            f'<li><span class="{said}" title="{said}">{mark}</span> '
            f'{_prose(assumption.statement or assumption.name)}<span class="quiet">{_text(reason)}'
            "</span></li>"
        )
    return '<h4>Assumptions</h4><ul class="assumptions">' + "".join(items) + "</ul>"


def _judgements(entry: Entry) -> str:
    if entry.error:
        return f'<p class="VIOLATED">not checked: {_text(entry.error)}</p>'
    heads = ("instance", "verdict", "evidence", "margin", "worst place", "bits", "seconds")
    rows = []
    for judged in entry.judged:
        j = judged.judgement
        rows.append(
            f'<tr><td>{_text(judged.label)}</td><td class="{_css(j)}">{_text(j.summary)}</td>'
            f"<td>{_text(_evidence(j))}</td>"
            f'<td class="number">{_text(relative_margin(j))}</td><td>{_text(j.where)}</td>'
            f'<td class="number">{j.bits or ""}</td>'
            f'<td class="number">{judged.seconds:.2f}</td></tr>'
        )
        if j.reason and j.verdict is not HOLDS:
            rows.append(f'<tr><td></td><td class="reason" colspan="6">{_text(j.reason)}</td></tr>')
    head = "".join(f"<th>{name}</th>" for name in heads)
    body = "".join(rows)
    return f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>'


def _figure(entry: Entry) -> str:
    if not entry.figure:
        return f'<p class="quiet">No figure: {_text(entry.caption)}</p>' if entry.caption else ""
    return (
        f'<figure><img alt="{_text(entry.caption)}" loading="lazy" '
        f'src="{_data_uri(entry.figure)}"><figcaption>{_prose(entry.caption)}</figcaption>'
        "</figure>"
    )


def _data_uri(svg: str) -> str:
    """Write a drawing into an attribute in double quotes, a third shorter than in base 64."""
    escaped = svg.replace("'", "&apos;")
    single = TAG_OR_QUOTE.sub(
        lambda m: m[0].replace('"', "'") if len(m[0]) > 1 else "&quot;", escaped
    )
    plain = single.replace("%", "%25").replace("#", "%23").replace("\n", " ")
    return "data:image/svg+xml," + plain.replace("&", "&amp;")


def _witness(judged: Judged) -> str:
    judgement = judged.judgement
    if judgement.witness is None:
        return ""
    place = f" at {judgement.where}" if judgement.where else ""
    return (
        f"<h4>Witness ({_text(judged.label)}){_text(place)}</h4>"
        f"<pre>{_text(repr(judgement.witness))}</pre>"
    )


def _proof(claim: Claim, proofs: str) -> str:
    if not claim.proof:
        return ""
    command = f"<code>python -m {_text(claim.proof.replace('proofs.', 'proofs ', 1))}</code>"
    if proofs:
        path = f"{proofs.rstrip('/')}/{claim.proof.removeprefix('proofs.').replace('.', '/')}.py"
        command += f' (<a href="{_text(path)}" rel="noopener">script</a>)'
    return f"<p>Proof by exact algebra: {command}</p>"


def _controls(claim: Claim) -> str:
    if not claim.controls:
        return ""
    names = "; ".join(f"{c.name}: {getattr(c.outcome, 'value', c.outcome)}" for c in claim.controls)
    return f'<p class="quiet">Negative controls: {_text(names)}.</p>'


def _stored(judged: Judged) -> str:
    """Offer the judgement's JSON for replay, or say how to get it where it is long."""
    text = json.dumps(judged.judgement.to_dict())
    name = judged.judgement.claim
    if len(text) > MOST_JSON:
        everything = " --all" if judged.label == "iris" else ""
        how = f"theorycheck check {name}{everything} --json F.json; theorycheck replay F.json"
        return f'<p class="quiet">Replay ({_text(judged.label)}): <code>{_text(how)}</code></p>'
    return (
        f"<details><summary>Replay ({_text(judged.label)}): save as F.json, then "
        f"<code>theorycheck replay F.json</code></summary><pre>{_text(text)}</pre></details>"
    )


def _versions(versions: Mapping[str, str]) -> str:
    items = ", ".join(f"{name} {number}" for name, number in versions.items())
    return f'<p class="quiet">{_text(items)}</p>' if items else ""
