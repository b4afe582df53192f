"""A proof: derivations, and the check that they end on the expression the claim is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy
from sympy import Expr

from theorycheck.claims import Case, Claim
from theorycheck.claims.matrices import AbstractMatrix, Layer
from theorycheck.claims.relations import Conserved, Equality
from theorycheck.claims.views import layer_gradient
from theorycheck.claims.wording import reduced_by_balance, words_of
from theorycheck.problems import Instance
from theorycheck.symbolic.derivation import Derivation, Statement, StepFailed
from theorycheck.symbolic.lowering import NotExact
from theorycheck.symbolic.named import Named
from theorycheck.symbolic.normal_forms import cancels_to_zero
from theorycheck.symbolic.rewriting import letter_of
from theorycheck.symbolic.words import Words

__all__ = ["Proof", "filled", "instances"]


@dataclass
class Proof:
    """Derivations that end on a claim.

    Parameters
    ----------
    claim : Claim
    derivations : tuple of Derivation    all concluded
    ends : list of str                   how each end was compared with the claim
    """

    claim: Claim
    derivations: tuple[Derivation, ...]
    ends: list[str] = field(default_factory=list)

    def ends_on_relation(
        self, case: Case, relation: Any, parts: list[tuple[Mapping[Words, Any], Mapping[Expr, Any]]]
    ) -> None:
        """Compare the last conclusion with a relation of the claim on one instance.

        The conclusion's letters are replaced by terms of the instance, its symbols by numbers;
        with several parts (a sum over the layers) the sides are added. Both are then words.

        Raises
        ------
        StepFailed    the conclusion is not what the claim states
        """
        self._shows_something()
        said = self.derivations[-1].conclusion
        if said is None or not isinstance(said.left, Words) or not isinstance(said.right, Words):
            raise StepFailed(f"{self.claim.name}: the derivation has no conclusion about words")
        if isinstance(relation, Conserved):
            form = said.left.form
            if form is None or form.operation != "rate" or not said.right.is_zero:
                raise StepFailed(f"{self.claim.name}: the conclusion is no conservation law")
            for letters, scalars in parts:
                self._follows_the_gradient(case, letters, scalars)
            self._compare(case, relation.term, [(form.parts[2], p) for p in parts])
        elif isinstance(relation, Equality):
            self._compare(case, relation.lhs, [(said.left, p) for p in parts])
            self._compare(case, relation.rhs, [(said.right, p) for p in parts])
        else:
            raise StepFailed(f"{self.claim.name}: {type(relation).__name__} is no equality")
        self.ends.append(f"{type(relation).__name__.lower()} of {self.claim.name}, as words")

    def ends_on_expression(
        self,
        claimed: Expr,
        derived: Expr,
        symbols: Mapping[Expr, Expr] | None = None,
        *,
        relation: str,
    ) -> None:
        """Compare a SymPy expression of the claim with the derived one, as rational functions.

        The derived one is a side of a conclusion with the given relation whose other side is
        something else, or the coefficient of a word there.

        Raises
        ------
        StepFailed    they differ, or no such conclusion is there
        """
        self._shows_something()
        ends = [d.conclusion for d in self.derivations if d.conclusion is not None]
        ends = [end for end in ends if end.relation == relation and not _is_trivial(end)]
        if not any(_mentions(side, derived) for end in ends for side in (end.left, end.right)):
            raise StepFailed(f"{self.claim.name}: {derived} is in no conclusion with {relation}")
        renamed = sympy.sympify(derived).xreplace(dict(symbols or {}))
        if not cancels_to_zero(sympy.sympify(claimed) - renamed):
            raise StepFailed(f"{self.claim.name}: the claim has {claimed}, derived is {renamed}")
        self.ends.append(f"{claimed} of {self.claim.name}")

    def vanishes(self, claimed: Expr) -> None:
        """Check that a value of a claimed expression is 0, where its rate is what was compared.

        Raises
        ------
        StepFailed    it is not
        """
        if not cancels_to_zero(sympy.sympify(claimed)):
            raise StepFailed(f"{self.claim.name}: {claimed} should be 0")

    def _shows_something(self) -> None:
        """A conclusion that is cited or supposed, or says X = X, proves nothing."""
        last = self.derivations[-1]
        if not any(s.kind in ("equal", "at most", "induction") for s in last.steps):
            raise StepFailed(f"{self.claim.name}: the derivation has no step of its own")

    def _follows_the_gradient(
        self, case: Case, letters: Mapping[Words, Any], scalars: Mapping[Expr, Any]
    ) -> None:
        """The flow of the derivation is the gradient flow of the claim's instance."""
        flow = self.derivations[-1].flow
        if flow is None or not flow.letters:
            raise StepFailed(f"{self.claim.name}: the derivation follows no recorded flow")
        terms = {letter_of(key): term for key, term in letters.items()}
        for letter, rate in flow.letters.items():
            layer = terms.get(letter)
            if not isinstance(layer, Layer):
                raise StepFailed(f"{self.claim.name}: {letter} stands for no layer")
            gradient = layer_gradient(case.instance, layer.path, layer.place, layer.index)
            wanted = words_of(gradient, case.instance, balance=False).scaled(-1)
            if not (filled(rate, case, letters, scalars) - wanted).is_zero:
                raise StepFailed(f"{self.claim.name}: {letter} does not follow the gradient flow")

    def _compare(self, case: Case, term: Any, parts: list[tuple[Any, Any]]) -> None:
        if not isinstance(term, AbstractMatrix):
            raise StepFailed(f"{self.claim.name}: {term} is no matrix term")
        total = Words.zero()
        for words, (letters, scalars) in parts:
            total = total + filled(words, case, letters, scalars)
        try:
            claimed = words_of(term, case.instance, balance=False)
        except NotExact:  # a root of W W^T is a word only under balance
            claimed = words_of(term, case.instance)
            total = reduced_by_balance(total, case.instance)
        if not (claimed - total).is_zero:
            raise StepFailed(f"{self.claim.name}: the claim states {term}, derived is {total}")


def instances(claim: Claim, count: int = 4) -> list[Instance]:
    """The claim's example and a few members of its family, of several depths."""
    drawn = claim.family.instances(seed=0, count=count) if claim.family else []
    return [claim.example_instance(), *drawn]


def filled(
    words: Words, case: Case, letters: Mapping[Words, Any], scalars: Mapping[Expr, Any]
) -> Words:
    """Put terms of an instance for letters, and numbers for symbols."""
    table = {
        letter_of(key): words_of(term, case.instance, balance=False)
        for key, term in letters.items()
    }
    numbers = {key: sympy.sympify(value) for key, value in scalars.items()}
    result = Words.zero()
    for word, coefficient in words.terms:
        product = Words.identity()
        for letter in word:
            value = table[letter.plain]
            exponent = sympy.sympify(letter.exponent).subs(numbers)
            for _ in range(int(exponent)):
                product = product @ (value.T if letter.transposed else value)
        result = result + product.scaled(sympy.sympify(coefficient).subs(numbers))
    return result


def _is_trivial(end: Statement) -> bool:
    return bool(end.left == end.right)


def _mentions(side: Any, derived: Expr) -> bool:
    """Whether a side of a conclusion is the expression, or is about it under a name."""
    if isinstance(side, Words):
        return any(cancels_to_zero(sympy.sympify(c) - derived) for _, c in side.terms)
    whole = sympy.sympify(side)
    named = {node.value for node in sympy.preorder_traversal(whole) if isinstance(node, Named)}
    return derived in named or whole == derived or bool(cancels_to_zero(whole - derived))
