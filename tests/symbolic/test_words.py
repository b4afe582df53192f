"""Words: associative algebra in letters, transposes reverse, rules rewrite neighbours."""

from __future__ import annotations

from fractions import Fraction

from theorycheck.symbolic.words import Letter, Word, Words

A, B, S = Letter("A"), Letter("B"), Letter("S", symmetric=True)
a, b, s = Words.letter(A), Words.letter(B), Words.letter(S)


def balanced(left: Letter, right: Letter) -> Word | None:
    """B^T B -> A A^T."""
    return (A, A.T) if (left, right) == (B.T, B) else None


def test_product_does_not_commute() -> None:
    assert not (a @ b - b @ a).is_zero


def test_product_distributes() -> None:
    assert ((a + b) @ (a - b) - (a @ a - a @ b + b @ a - b @ b)).is_zero


def test_transpose_reverses_products_and_is_an_involution() -> None:
    assert ((a @ b).T - b.T @ a.T).is_zero
    assert (a.T.T - a).is_zero


def test_symmetric_letter_is_its_transpose_and_another_is_not() -> None:
    assert (s.T - s).is_zero
    assert not (a.T - a).is_zero


def test_identity_is_neutral() -> None:
    assert (Words.identity() @ a @ Words.identity() - a).is_zero


def test_coefficients_add_exactly() -> None:
    third = a.scaled(Fraction(1, 3))

    assert (third + third + third - a).is_zero
    assert not (third + third - a).is_zero


def test_rule_rewrites_inside_words() -> None:
    assert (b @ b.T @ b - b @ a @ a.T).reduced(balanced).is_zero


def test_rule_rewrites_what_an_earlier_rewriting_made() -> None:
    def shrink(left: Letter, right: Letter) -> Word | None:
        return (A,) if (left, right) == (A, B) else None

    assert ((a @ b @ b @ b) - a).reduced(shrink).is_zero


def test_rule_leaves_other_words_alone() -> None:
    assert not (b @ b.T - a.T @ a).reduced(balanced).is_zero
