"""The page escapes what it did not write, fetches nothing, and filters without a script."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
import sympy

import theorycheck as tc
from theorycheck.claims import Claim
from theorycheck.claims.claim import Assumption, Source
from theorycheck.report.latex import relations_latex
from theorycheck.report.mathml import mathml
from theorycheck.report.page import Entry, Judged, _prose, page
from theorycheck.report.svg import compact
from theorycheck.symbolic.latex import latex

EVIL = "<script>alert(1)</script>\"'&<img src=x onerror=alert(2)>"
HARMLESS = '<svg xmlns="http://www.w3.org/2000/svg"><text>5 % of "a" &lt; #b\'s</text></svg>'


class Elements(HTMLParser):
    """All start tags with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def lemma(name: str, conclusion: Any, **fields: Any) -> Claim:
    return Claim(
        name=name, conclusion=conclusion, source=Source(EVIL, EVIL), title=EVIL, statement=EVIL,
        example=tc.Instance(a=1), module=__name__, **fields,
    )  # fmt: skip


def entry(claim: Claim, **fields: Any) -> Entry:
    return Entry(claim, [Judged(EVIL, tc.check(claim), 0.5)], **fields)


def entries() -> list[Entry]:
    odd = sympy.Symbol(EVIL)
    holds = lemma(
        "first", lambda case: tc.le(case.a, 2), formulas={EVIL: odd**2 / 2},
        assumptions=(Assumption(EVIL, lambda case: tc.le(0, case.a), EVIL),),
    )  # fmt: skip
    fails = lemma("second", lambda case: tc.le(case.a, 0))
    return [entry(holds, figure=HARMLESS, caption=EVIL), entry(fails, caption=EVIL)]


def test_untrusted_text_is_escaped() -> None:
    text = page(entries(), title=EVIL, made=EVIL, versions={EVIL: EVIL}, proofs="proofs")
    found = Elements(text).found

    assert {tag for tag, _ in found} & {"script", "iframe", "object", "link", "base"} == set()
    assert all(not name.startswith("on") for _, attributes in found for name in attributes)
    assert [
        a["src"] for tag, a in found if tag == "img" and "data:image/svg" not in (a["src"] or "")
    ] == []
    assert EVIL not in text
    assert text.count("&lt;script&gt;") > 8


def test_relations_that_cannot_be_shown_are_said_and_lose_no_page() -> None:
    def raising(case: Any) -> Any:
        raise ZeroDivisionError(EVIL)

    text = page([Entry(lemma("third", raising), [])])

    assert "The relations cannot be shown: ZeroDivisionError: " in text
    assert EVIL not in text


def test_nothing_is_fetched() -> None:
    text = page(entries())

    assert re.findall(r"(?:src|href)=\"(?!data:|#)[^\"]*\"", text) == []
    assert "@import" not in text
    assert "url(" not in text.replace("url(%23", "")
    assert "default-src 'none'" in text


def test_figure_survives_the_attribute() -> None:
    from urllib.parse import unquote

    (source,) = [a["src"] for tag, a in Elements(page(entries())).found if tag == "img"]
    assert source is not None
    tree = ElementTree.fromstring(unquote(source.removeprefix("data:image/svg+xml,")))

    assert tree[0].text == '5 % of "a" < #b\'s'


def test_every_filter_has_its_rule_and_its_articles() -> None:
    text = page(entries())
    options = re.findall(r'<option value="(\w+-\d+)">([^<]*)</option>', text)

    assert {label for _, label in options} == {"your claims", "HOLDS", "VIOLATED", "exact"}
    for name, _ in options:
        assert (
            f'body:has(option[value="{name}"]:checked) article:not(.{name}){{display:none}}' in text
        )
        assert re.search(rf'<article class="[^"]*\b{name}\b', text)


def test_violation_shows_its_witness_and_the_way_to_replay_it() -> None:
    text = page(entries())

    assert "Witness" in text
    stored = [s for s in re.findall(r"<pre>(.*?)</pre>", text, re.S) if "schema" in s]
    assert len(stored) == 2


@pytest.mark.parametrize(
    "formula", [r"\unknown{x}", r"\frac{1", "}", r"<script>alert(1)</script>", ""]
)
def test_what_is_no_formula_is_shown_as_text(formula: str) -> None:
    written = mathml(formula)

    assert "<script" not in written
    assert "\\unknown" not in re.sub(r"<code.*?</code>", "", written)


def test_every_statement_of_the_catalogue_becomes_mathml() -> None:
    for claim in tc.shipped_claims().values():
        formulas = [latex(f) for f in claim.formulas.values()]
        for formula in [*formulas, *relations_latex(claim)[:2]]:
            assert mathml(formula).startswith("<math"), (claim.full_name, formula)


def test_compact_drawing_keeps_its_points() -> None:
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg"><metadata>who</metadata>\n <path id="unused" '
        'd="M 1.23456 2.5 &#10;L 3.14159 4.00001 &#10;L 5 6 &#10;z &#10;" '
        'style="fill: none; stroke: #000"/>\n</svg>'
    )

    assert ElementTree.fromstring(compact(drawing))[0].attrib == {
        "d": "M 1.2 2.5 3.1 4 5 6 z", "style": "fill:none;stroke:#000",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("plain", "shown"),
    [
        ("decays like t^{-3}", "decays like t<sup>-3</sup>"),
        ("rate 2 n c^{2-2/n}", "rate 2 n c<sup>2-2/n</sup>"),
        ("0 < w_0 < s", "0 &lt; w<sub>0</sub> &lt; s"),
        ("D_j by eta^2", "D<sub>j</sub> by eta<sup>2</sup>"),
        ("W_{j+1}^T W_{j+1}", "W<sub>j+1</sub><sup>T</sup> W<sub>j+1</sub>"),
        ("loss_is_smooth, h_ab", "loss_is_smooth, h_ab"),
        ("<b>^{<i>}", "&lt;b&gt;<sup>&lt;i&gt;</sup>"),
    ],
)
def test_prose_raises_and_lowers(plain: str, shown: str) -> None:
    assert _prose(plain) == shown
