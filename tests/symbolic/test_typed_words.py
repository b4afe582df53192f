"""Words with shapes: what the normal form says agrees with explicit rational matrices."""

from __future__ import annotations

import pytest
import sympy

from tests.symbolic.words_zoo import SIZES, Zoo
from theorycheck.errors import InvalidExpression
from theorycheck.symbolic.entries import entries
from theorycheck.symbolic.letters import Letter
from theorycheck.symbolic.rates import rates, variation
from theorycheck.symbolic.rewriting import rewriting, substitute
from theorycheck.symbolic.words import Words, inner, trace

p, q = sympy.symbols("p q", positive=True)
seeds = pytest.mark.parametrize("seed", range(25))


def letter(name: str, rows: object, columns: object, **kind: bool) -> Words:
    return Words.letter(Letter(name, shape=(rows, columns), **kind))


A, B, u, v = letter("A", p, q), letter("B", q, p), letter("u", p, 1), letter("v", p, 1)
M = letter("M", p, p, symmetric=True, psd=True)


@seeds
def test_normal_form_has_the_value_of_the_expression(seed: int) -> None:
    zoo = Zoo(seed)
    rows, columns = zoo.random.choice(list(SIZES)), zoo.random.choice(list(SIZES))
    words, value = zoo.expression(rows, columns, 4)

    assert entries(words, zoo.values) == value


@seeds
def test_trace_has_the_value_of_the_trace(seed: int) -> None:
    zoo = Zoo(seed)
    words, value = zoo.expression("b", "b", 4)

    assert entries(trace(words), zoo.values) == value.trace()


@seeds
def test_trace_is_cyclic_and_blind_to_transposes(seed: int) -> None:
    zoo = Zoo(seed)
    x, _ = zoo.expression("b", "c", 3)
    y, _ = zoo.expression("c", "b", 3)

    assert trace(x @ y) == trace(y @ x) == trace((x @ y).T)


@seeds
def test_derivative_is_that_of_the_entries(seed: int) -> None:
    zoo = Zoo(seed)
    t = sympy.Symbol("t")
    moving = {w: letter(f"d{w}", *w.shape, symmetric="S" in str(w)) for w in zoo.values}
    slopes = {}
    for key, name in moving.items():
        half = zoo.matrix(*zoo.values[key].shape)
        slopes[name] = half + half.T if "S" in str(key) else half
    words, _ = zoo.expression("b", "c", 3)
    gram = trace(words.T @ words)
    along = {key: zoo.values[key] + t * slopes[name] for key, name in moving.items()}
    derivation, values = rates(moving), {**zoo.values, **slopes}

    slope = entries(words, along).diff(t).subs(t, 0)
    assert sympy.expand(entries(derivation.of_words(words), values) - slope) == 0 * slope
    slope = sympy.expand(entries(gram, along)).coeff(t, 1)
    assert sympy.expand(entries(derivation.of_scalar(gram), values) - slope) == 0


@seeds
def test_second_variation_is_twice_the_quadratic_coefficient(seed: int) -> None:
    zoo = Zoo(seed)
    t = sympy.Symbol("t")
    moving = {w: letter(f"d{w}", *w.shape, symmetric="S" in str(w)) for w in zoo.values}
    words, _ = zoo.expression("b", "b", 2)
    along = {key: zoo.values[key] * (1 + t) for key in moving}
    second = variation(words, moving, 2)
    values = {**zoo.values, **{name: zoo.values[key] for key, name in moving.items()}}

    assert isinstance(second, Words)
    expected = sympy.expand(entries(words, along)).applyfunc(
        lambda e: 2 * sympy.expand(e).coeff(t, 2)
    )
    assert entries(second, values) == expected


@seeds
def test_substitution_has_the_value_of_the_substituted(seed: int) -> None:
    zoo = Zoo(seed)
    target = zoo.random.choice([w for w in zoo.values if "X" in str(w)])
    names = {zoo.size(n): n for n in SIZES}
    value, matrix = zoo.expression(*(names[s] for s in target.shape), 2)
    words, _ = zoo.expression("b", "c", 3)
    changed = substitute(words, {target: value})
    put = {w: (matrix if w == target else x) for w, x in zoo.values.items()}

    assert entries(changed, zoo.values) == entries(words, put)


def test_substitution_reaches_scalar_factors() -> None:
    inside = u @ v.T @ u  # the number v^T u is a coefficient, not a letter of the word

    assert (substitute(inside, {v: v * 2}) - inside * 2).is_zero
    assert (substitute(u.T @ v, {v: u}) - u.T @ u).is_zero


def test_scalar_factor_moves_into_the_coefficient() -> None:
    assert (u @ v.T @ u - u * (v.T @ u).scalar).is_zero
    assert (u.T @ v).scalar == (v.T @ u).scalar == inner(u, v)


def test_powers_of_a_symmetric_letter_add_exponents() -> None:
    n, j = sympy.symbols("n j")

    assert (M ** (n - j) @ M**j - M**n).is_zero
    assert (M ** (n - j) @ M ** (j - n) - Words.identity(p)).is_zero
    assert not (M**n - M ** (n + 1)).is_zero


def test_squared_norm_is_nonnegative_by_structure_and_an_inner_product_is_not() -> None:
    assert inner(A, A).is_nonnegative
    assert trace(A.T @ M @ M @ A).is_nonnegative
    assert not inner(A, B.T).is_nonnegative


def test_trace_of_the_identity_is_its_size() -> None:
    assert trace(Words.identity(p)) == p


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: A @ A, "columns = rows, got q and p"),
        (lambda: A + B, "equal shapes"),
        (lambda: trace(A), "square"),
        (lambda: A**2, "columns = rows"),
        (lambda: (A @ B) ** sympy.Rational(1, 2), "name a symmetric letter"),
        (lambda: rates({A: B}), "equal shapes"),
        (lambda: rates({A: A}).of_words(A @ B), "letter B has no rate"),
        (lambda: rates({A @ B: A @ B}), "not a single letter"),
        (lambda: rates({M: M}).of_words(M ** sympy.Rational(1, 2)), "no product rule"),
        (lambda: rewriting((A + A, A)), "one product of letters"),
        (lambda: rewriting((M, M @ M)).words(M), "circle"),
        (lambda: A.scalar, "1 x 1"),
        (lambda: entries(A @ B, {}), "no number for p"),
        (lambda: entries(A @ B, {A: [[1, 2]], B: [[1], [2], [3]]}), "q = 2"),
    ],
)
def test_wrong_input_is_one_clear_line(build: object, said: str) -> None:
    with pytest.raises(InvalidExpression, match=None) as caught:
        build()  # type: ignore[operator]

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_rule_rewrites_in_products_traces_and_transposes() -> None:
    orthogonal = rewriting((A @ B, Words.identity(p)))

    assert (orthogonal.words(B @ A @ B @ A) - B @ A).is_zero
    assert (orthogonal.words(B.T @ A.T) - Words.identity(p)).is_zero
    assert orthogonal.scalar(trace(A @ B)) == p


def test_rule_on_a_square_finds_it_in_higher_powers() -> None:
    involution = rewriting((M @ M, Words.identity(p)))

    assert (involution.words(M**5) - M).is_zero
    assert not (involution.words(M**5) - Words.identity(p)).is_zero
