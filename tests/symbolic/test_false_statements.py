"""Attacks on the derivation engine: each tries to show something false, and must be refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sympy as sp

from theorycheck import symbolic as s
from theorycheck.errors import InvalidExpression
from theorycheck.symbolic.recursions import sequence

x, y, a, b = sp.symbols("x y a b")
r = sp.symbols("r", real=True)
w = sp.Symbol("w", negative=True)
k = sp.Symbol("k", integer=True, nonnegative=True)
p = s.dimension("p")
G = s.letter("G", p, p, symmetric=True)
A, B, F = (s.letter(n, p, p) for n in "ABF")
ZERO = A * 0
REFUSED = (s.StepFailed, InvalidExpression)


def started() -> s.Derivation:
    proof = s.Derivation("attack")
    proof.refutes("no", sp.Integer(1), sp.Integer(2))
    return proof


@pytest.mark.parametrize(
    ("right", "terms"),
    [
        (-1 - r**2, [(sp.sqrt(-1 - r**2), sp.sqrt(-1 - r**2))]),
        (r, [(sp.sqrt(r), sp.sqrt(r))]),
        (w, [(sp.sqrt(w), sp.sqrt(w))]),
        (2 * r**2 - 2, [((r + sp.I) ** 2,), ((r - sp.I) ** 2,)]),
        (sp.acos(2) ** 2, [(sp.acos(2) ** 2,)]),
        (-s.inner(A, A), [(A * sp.I,)]),
        (r * s.inner(A, A), [(A * sp.sqrt(r),)]),
        (1 / x, [(x, x**-2)]),
    ],
)
def test_factor_that_may_not_be_real_certifies_nothing(right: object, terms: object) -> None:
    with pytest.raises(REFUSED):
        started().at_most("f", sp.S.Zero, right, terms)  # type: ignore[arg-type]


def test_complex_congruence_is_refused() -> None:
    with pytest.raises(REFUSED):
        started().psd_at_most("f", ZERO, -(F.T @ F), [(sp.S.One, F * sp.I, None)])


@pytest.mark.parametrize(
    "build", [lambda: G ** sp.Rational(1, 2), lambda: G**-1, lambda: G ** sp.Symbol("q")]
)
def test_symmetric_matrix_has_no_roots_or_inverse_unless_declared(
    build: Callable[[], object],
) -> None:
    with pytest.raises(InvalidExpression):
        build()


def test_positive_semidefinite_letters_are_named_in_the_conclusion() -> None:
    M = s.letter("M", p, p, psd=True)
    proof = started()
    half = M ** sp.Rational(1, 2)
    proof.equal("root", half @ half, M)
    proof.concludes(half @ half, "=", M)

    assert "M positive semidefinite" in str(proof)


def test_denominator_that_a_hypothesis_makes_zero_is_refused() -> None:
    proof = started()
    same = proof.assume("same", zeros=[x - y])
    with pytest.raises(s.StepFailed):
        proof.equal("0/0", (x**2 - y**2) / (x - y), sp.S.Zero, same)


def test_denominators_are_told() -> None:
    proof = started()
    proof.equal("cancel", (x**2 - y**2) / (x - y), x + y)

    assert "where x - y != 0" in str(proof)


def test_facts_about_one_index_are_no_facts_for_every_index() -> None:
    grows = s.ScalarRecursion("s", sp.S.Zero, lambda i: grows.at(i) + i - 3)
    proof = started()
    proof.suppose("large", sp.Integer(3), k)
    with pytest.raises(REFUSED):
        proof.induction_at_most("s", k, lambda i: (sp.S.Zero, grows.at(i)), [grows], [(k - 3,)])
    fixed = proof.assume("k is 3", zeros=[k - 3])
    with pytest.raises(REFUSED):
        proof.induction("s", k, lambda i: (grows.at(i), sp.S.Zero), [grows], lambda _: fixed)


def test_what_holds_from_one_on_is_not_used_from_zero_on() -> None:
    one = s.ScalarRecursion("s", sp.S.One, lambda i: one.at(i), first=1)
    total = s.ScalarRecursion("t", sp.S.Zero, lambda i: total.at(i) + one.at(i) - 1)
    proof = started()
    proof.induction("s is 1", k, lambda i: (one.at(i), sp.S.One), [one], first=1)
    rule = proof.rule("s is 1")
    with pytest.raises(REFUSED):
        proof.induction("t is 0", k, lambda i: (total.at(i), sp.S.Zero), [total], lambda _: rule)


@pytest.mark.parametrize(
    "variable",
    [
        sp.Symbol("m", even=True), sp.Symbol("m", integer=True, negative=True),
        2 * k, sp.Integer(0), sp.Symbol("m"),
    ],
)  # fmt: skip
def test_variable_of_an_induction_ranges_over_all_integers_from_the_first(variable: object) -> None:
    constant = s.ScalarRecursion("s", sp.S.One, lambda i: constant.at(i))
    with pytest.raises(REFUSED):
        started().induction("s", variable, lambda i: (constant.at(i), sp.S.One), [constant])


def test_variable_may_not_be_captured() -> None:
    zero = s.ScalarRecursion("S", sp.S.Zero, lambda i: zero.at(i))
    with pytest.raises(REFUSED, match="beside its index"):
        started().induction("i", k, lambda m: (zero.at(m), m * (2 * k + 1 - m)), [zero])
    late = s.ScalarRecursion("S", k, lambda i: late.at(i))
    with pytest.raises(REFUSED, match="beside its index"):
        started().induction("i", k, lambda m: (late.at(m), k), [late])


def test_two_sequences_of_one_name_are_refused() -> None:
    one = s.ScalarRecursion("s", sp.S.One, lambda i: one.at(i))
    two = s.ScalarRecursion("s", sp.Integer(2), lambda i: two.at(i))
    proof = started()
    proof.induction("one", k, lambda i: (one.at(i), sp.S.One), [one])
    with pytest.raises(REFUSED, match="two sequences"):
        proof.induction("two", k, lambda i: (two.at(i), sp.Integer(2)), [two])


def test_positive_sequences_are_a_hypothesis_that_is_printed() -> None:
    falling = s.ScalarRecursion("s", sp.S.One, lambda i: falling.at(i) - 2, positive=True)
    proof = started()
    proof.induction("s", k, lambda i: (falling.at(i), 1 - 2 * i), [falling])

    assert "s(k) > 0" in str(proof)


def test_family_needs_its_index_and_a_symmetric_one_symmetric_members() -> None:
    with pytest.raises(InvalidExpression, match="index"):
        s.family("W", lambda _: (p, p))
    at = s.family("P_{{{k}}}", lambda _: (p, p), symmetric=True)
    powers = s.MatrixRecursion(at, G, lambda i: A @ at(i))
    with pytest.raises(REFUSED, match="symmetric"):
        started().induction("P", k, lambda i: (at(i), at(i).T), [powers])


@pytest.mark.parametrize(
    "given", [s.Hypotheses(zeros=(x - y,)), s.Hypotheses(zeros=(x - y,), names=("nothing",))]
)
def test_hypotheses_are_recorded_before_they_are_used(given: s.Hypotheses) -> None:
    with pytest.raises(InvalidExpression, match="recorded"):
        started().equal("smuggled", x, y, given)
    with pytest.raises(InvalidExpression, match="recorded"):
        started().concludes(x, "=", y, using=given)
    constant = s.ScalarRecursion("s", x, lambda i: constant.at(i))
    with pytest.raises(InvalidExpression, match="recorded"):
        started().induction(
            "base", k, lambda i: (constant.at(i), y), [constant],
            lambda m: given if m == 0 else s.Hypotheses(),
        )  # fmt: skip


def test_hypotheses_of_a_derivation_go_with_its_conclusion() -> None:
    first = started()
    vanishing = first.assume("x vanishes", zeros=[x])
    first.equal("product", x * y, sp.S.Zero, vanishing)
    first.concludes(x * y, "=", sp.S.Zero)
    second = started()
    second.builds_on("product", first)
    second.concludes(x * y, "=", sp.S.Zero)

    assert "under x vanishes" in str(second)


def test_declared_signs_are_told() -> None:
    positive = sp.Symbol("c", positive=True)
    proof = started()
    proof.at_most("sign", sp.S.Zero, positive, [(positive,)])
    proof.concludes(sp.S.Zero, "<=", positive)

    assert "c > 0" in str(proof)


def test_directions_of_a_variation_are_constant() -> None:
    assert s.variation(s.inner(A, A), {A: A}, 2) == 2 * s.inner(A, A)
    second = s.variation(A, {A: B, B: A}, 2)
    assert isinstance(second, s.Words)
    assert second.is_zero


@pytest.mark.parametrize(
    "build",
    [
        lambda: s.substitute(s.trace(G @ A.T), {G: B}),
        lambda: s.variation(s.trace(G @ A.T), {G: B}),
        lambda: s.flow({G: B}),
    ],
)
def test_symmetric_letter_takes_symmetric_values_only(build: Callable[[], object]) -> None:
    with pytest.raises(InvalidExpression, match="symmetric"):
        build()


@pytest.mark.parametrize(
    "attempt",
    [
        lambda d: d.equal("f", x + sp.Float("1e-20") * x, x),
        lambda d: d.equal("f", A + A * 1e-20, A),
        lambda d: d.equal("f", None, x),
        lambda d: d.equal("f", "x", x),
        lambda d: d.at_most("f", A, B, []),
        lambda d: d.suppose("f", A, B),
        lambda d: d.cite("f", x, "=>", y, "somewhere"),
        lambda d: d.cite("f", x, "<", y, "somewhere"),
        lambda d: A * B,
        lambda d: A + 1,
        lambda d: A @ x,
        lambda d: s.letter("C", "p", "q"),
        lambda d: s.letter("C", -1, 0),
        lambda d: s.letter("C", sp.Rational(3, 2), 2),
    ],
)
def test_what_is_no_exact_expression_is_one_clear_line(attempt: Callable[..., object]) -> None:
    with pytest.raises(InvalidExpression) as caught:
        attempt(started())

    assert "\n" not in str(caught.value)


def test_letters_of_one_name_and_other_kind_do_not_merge() -> None:
    plain, symmetric = s.letter("A", p, p), s.letter("A", p, p, symmetric=True)
    with pytest.raises(s.StepFailed):
        started().equal("merge", plain @ symmetric, symmetric @ symmetric)


def test_strict_inequality_does_not_follow_from_equalities() -> None:
    proof = started()
    proof.equal("square", x**2 + 2 * x + 1, (x + 1) ** 2)
    with pytest.raises(REFUSED):
        proof.concludes((x + 1) ** 2, "<", x**2 + 2 * x + 1)


def test_a_failed_step_is_not_called_refuted() -> None:
    proof = s.Derivation("trigonometry")
    proof.refutes("no normal form", sp.sin(x) ** 2 + sp.cos(x) ** 2, sp.S.One)

    assert "refuted" not in str(proof)
    assert "does not pass" in str(proof)


def test_sequences_of_other_values_are_not_confused() -> None:
    assert sequence("s")(k) != sequence("s", positive=True)(k)
