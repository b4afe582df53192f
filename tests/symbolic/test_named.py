"""Named scalars: printed by name, decided by value, and never a stale name."""

from __future__ import annotations

import pytest
import sympy

from theorycheck.errors import InvalidExpression
from theorycheck.symbolic.deciding import equality
from theorycheck.symbolic.derivation import Derivation, StepFailed
from theorycheck.symbolic.derivations.layers import dimension, letter
from theorycheck.symbolic.latex import latex, text
from theorycheck.symbolic.named import derivative, named, unnamed
from theorycheck.symbolic.rates import rates
from theorycheck.symbolic.signs import Sign, is_total, sign_of
from theorycheck.symbolic.words import inner

t, s = sympy.symbols("t s", positive=True)
curve = s * sympy.exp(-t)
w = named("w(t)", curve)


def test_it_prints_by_name() -> None:
    slope = derivative(w**2, sympy.diff(w**2, t))

    assert text(2 * w) == "2*w(t)"
    assert text(slope) == "d/dt (w(t)**2)"
    assert latex(slope) == r"\frac{d}{dt} \left(w(t)^{2}\right)"


def test_it_is_decided_by_its_value() -> None:
    assert equality(w, curve) == "expand"
    assert equality(derivative(w, sympy.diff(curve, t)), -w) == "expand"
    assert equality(w, 2 * curve) is None


def test_equal_names_with_other_values_differ() -> None:
    assert equality(w, named("w(t)", 2 * curve)) is None
    assert w != named("w(t)", 2 * curve)


def test_substitution_reaches_the_value_and_drops_the_name() -> None:
    assert w.subs(t, 0) == s
    assert (w**2).xreplace({s: t}) == t**2 * sympy.exp(-2 * t)
    assert w.subs(dimension("n"), 3) == w


def test_differentiation_reaches_the_value() -> None:
    d = dimension("d")
    v = letter("v", d, 1)
    norm = named(r"\rho^2", inner(v, v))
    flow = rates({v: -v}, scalars={s: s**2})

    assert sympy.expand(unnamed(sympy.diff(w, t)) + curve) == 0
    assert flow.of_scalar(norm) == -2 * inner(v, v)
    assert unnamed(flow.of_scalar(w)) == s**2 * sympy.exp(-t)
    assert unnamed(flow.rate(norm)) == -2 * inner(v, v)


def test_names_nest() -> None:
    outer = named("u", w + named("v", w))

    assert unnamed(outer) == 2 * curve


def test_sign_is_that_of_the_value() -> None:
    assert sign_of(w) is Sign.POSITIVE
    assert sign_of(named("x", t - s)) is Sign.UNKNOWN
    assert is_total(w)
    assert not is_total(named("x", sympy.log(t - s)))


def test_hypotheses_and_slacks_may_have_names() -> None:
    proof = Derivation("slack under a name")
    proof.suppose("bound", named("a", s - t), sympy.S.Zero)
    proof.at_most("scaled", 2 * s - 2 * t, sympy.S.Zero, [(2, proof.slack("bound"))])

    given = proof.assume("zero", zeros=[named("z", s - 2 * t)])
    proof.equal("under it", s, 2 * t, given)
    with pytest.raises(StepFailed):
        proof.equal("not under it", s, 3 * t, given)


def test_definition_prints_the_value() -> None:
    proof = Derivation("a definition")
    proof.define(w)

    assert "w(t) := s*exp(-t)" in str(proof)
    assert "w(t) := s e^{- t}" in proof.latex()
    with pytest.raises(InvalidExpression, match="no name"):
        proof.define(curve)
