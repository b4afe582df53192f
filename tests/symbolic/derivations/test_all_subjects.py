"""Every derived result concludes, can say no, and prints LaTeX that a parser accepts."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from functools import cache

import pytest
from latex2mathml.converter import convert

from theorycheck.errors import InvalidExpression
from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations import derive
from theorycheck.symbolic.subjects import SUBJECTS

by_subject = pytest.mark.parametrize("subject", SUBJECTS)
derived = cache(derive)


@by_subject
def test_derivations_conclude_and_refute_a_spoiled_step(subject: str) -> None:
    for proof in derived(subject):
        assert isinstance(proof, Derivation)
        assert proof.conclusion is not None
        assert proof.refuted >= 1


@by_subject
def test_statements_are_latex_that_parses(subject: str) -> None:
    for proof in derived(subject):
        for step in proof.steps:
            if step.statement is None:
                continue
            tree = ElementTree.fromstring(convert(step.statement.latex()))
            shown = "".join(tree.itertext())

            assert shown
            assert "\\" not in shown, step.statement.latex()


@by_subject
def test_text_names_every_step(subject: str) -> None:
    for proof in derived(subject):
        text = str(proof)

        assert all(step.name in text for step in proof.steps)
        assert "\\" not in text


def test_unknown_subject_names_those_there_are() -> None:
    with pytest.raises(InvalidExpression, match="balancedness"):
        derive("balancednes")
