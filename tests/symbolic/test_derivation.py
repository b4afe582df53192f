"""A derivation passes true steps, stops at false ones, and concludes only what its steps say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sympy

from theorycheck.errors import InvalidExpression
from theorycheck.symbolic.derivation import Derivation, StepFailed
from theorycheck.symbolic.letters import Letter
from theorycheck.symbolic.recursions import MatrixRecursion, ScalarRecursion, family
from theorycheck.symbolic.words import Words, inner

p, q = sympy.symbols("p q", positive=True)
x, y, z = sympy.symbols("x y z", real=True)
a, b = sympy.symbols("a b", nonnegative=True)
k = sympy.Symbol("k", integer=True, nonnegative=True)
A = Words.letter(Letter("A", shape=(p, q)))
B = Words.letter(Letter("B", shape=(p, q)))
M = Words.letter(Letter("M", shape=(p, p), symmetric=True))


def started() -> Derivation:
    """A derivation whose one spoiled step is refuted already."""
    proof = Derivation("a test")
    proof.refutes("spoiled", x, y)
    return proof


def test_true_equalities_pass_and_name_their_normal_form() -> None:
    proof = started()
    proof.equal("binomial", (x + y) ** 2, x**2 + 2 * x * y + y**2)
    proof.equal("fraction", 1 / (1 + x) + x / (1 + x), sympy.S.One)
    proof.equal("words", (A + B) @ (A - B).T, A @ A.T - A @ B.T + B @ A.T - B @ B.T)

    said = [step.by for step in proof.steps[1:]]
    assert said == ["expand", "cancel; where x + 1 != 0", "words"]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((x + y) ** 2, x**2 + y**2), (1 / (1 + x), 1 - x), (A @ B.T, B @ A.T), (x, -x),
        (A @ A.T @ B, A @ B.T @ A),
    ],
)  # fmt: skip
def test_false_equality_stops_the_derivation(left: object, right: object) -> None:
    with pytest.raises(StepFailed):
        started().equal("false", left, right)


def test_spoiled_step_that_passes_stops_the_derivation() -> None:
    with pytest.raises(StepFailed, match="passed"):
        started().refutes("not spoiled", x - x, sympy.S.Zero)


def test_hypothesis_is_used_only_where_it_is_named() -> None:
    proof = started()
    circle = proof.assume("on the circle", zeros=[x**2 + y**2 - 1])
    proof.equal("uses it", x**4 - y**4, x**2 - y**2, circle)

    assert "using on the circle" in proof.steps[-1].by
    with pytest.raises(StepFailed):
        proof.equal("does not", x**4 - y**4, x**2 - y**2)


def test_unnamed_hypotheses_are_refused() -> None:
    from theorycheck.symbolic.deciding import Hypotheses

    with pytest.raises(InvalidExpression, match="recorded name"):
        started().equal("smuggled", x, y, Hypotheses(zeros=(x - y,)))


def test_inequality_is_certified_by_a_sum_of_squares() -> None:
    proof = started()
    proof.at_most("mean", 2 * x * y, x**2 + y**2, [[(x - y) ** 2]])

    assert proof.steps[-1].by.startswith("nonnegative terms")


@pytest.mark.parametrize(
    ("right", "terms"),
    [
        (x**2 + y**2, [[(x + y) ** 2]]),  # another identity
        (x**2 + y**2, [[x - y, x - y]]),  # factors of unknown sign: sympy makes them a square
        (3 * x * y, [[x * y]]),  # the sign of x y is not known
    ],
)
def test_wrong_certificate_stops_the_derivation(right: object, terms: list[list[object]]) -> None:
    with pytest.raises(StepFailed):
        started().at_most("mean", 2 * x * y, right, terms)


def test_cauchy_schwarz_is_an_identity_of_traces() -> None:
    """|A|^2 (|A|^2 |B|^2 - <A,B>^2) = | |A|^2 B - <A,B> A |^2."""
    squared, product = inner(A, A), inner(A, B)
    gap = B * squared - A * product
    proof = started()
    proof.at_most("Cauchy-Schwarz", squared * product**2, squared**2 * inner(B, B), [[gap]])
    proof.refutes_at_most("factor 1/2", squared * product**2, squared**2 * inner(B, B) / 2, [[gap]])

    assert proof.refuted == 2


def test_slack_of_an_earlier_inequality_is_a_nonnegative_factor() -> None:
    proof = started()
    proof.suppose("x at most y", x, y)
    proof.at_most("scaled", a * x, a * y, [[a, proof.slack("x at most y")]])
    with pytest.raises(StepFailed):
        proof.at_most("reversed", a * y, a * x, [[a, x - y]])


def test_chain_of_inequalities_concludes_and_its_reverse_does_not() -> None:
    proof = started()
    proof.suppose("first", x, y)
    proof.suppose("second", y, z)

    assert proof.concludes(x, "<=", z).conclusion is not None
    for left, relation, right in [(z, "<=", x), (x, "=", z), (x, "<=", x + 1)]:
        with pytest.raises(StepFailed):
            proof.concludes(left, relation, right)


def test_conclusion_needs_a_refuted_step() -> None:
    proof = Derivation("careless")
    proof.equal("true", x + x, 2 * x)
    with pytest.raises(StepFailed, match="no step was refuted"):
        proof.concludes(x + x, "=", 2 * x)


def test_conclusion_that_no_step_shows_is_refused() -> None:
    proof = started()
    proof.equal("true", x + x, 2 * x)
    with pytest.raises(StepFailed, match="do not lead"):
        proof.concludes(x, "=", y)


def test_congruence_certifies_the_order_of_matrices() -> None:
    proof = started()
    proof.cite("M is psd", M * 0, "psd", M, "hypothesis of the test")
    low, high = A.T @ A, A.T @ A + A.T @ M @ A * 2
    proof.psd_at_most("order", low, high, [(2, A, M)])
    with pytest.raises(StepFailed, match="sign"):
        proof.psd_at_most("negative weight", high, low, [(-2, A, M)])
    with pytest.raises(StepFailed, match="psd"):
        proof.psd_at_most("unknown", low, low + A.T @ (-M) @ A, [(1, A, -M)])


def test_citation_needs_a_source() -> None:
    with pytest.raises(InvalidExpression, match="source"):
        started().cite("AM-GM", x, "<=", y, "")


def geometric(start: object, ratio: Callable[[object], object]) -> ScalarRecursion:
    return ScalarRecursion("s", start, ratio)


def test_induction_on_a_scalar_sum() -> None:
    total = ScalarRecursion("s", sympy.S.Zero, lambda i: x * total.at(i) + y**i)
    proof = started()
    proof.induction("geometric sum", k, lambda i: ((x - y) * total.at(i), x**i - y**i), [total])

    assert proof.statement("geometric sum").relation == "="


@pytest.mark.parametrize(
    ("right", "said"), [(lambda i: x**i - y**i + 1, "base"), (lambda i: x**i - y**i + i, "step")]
)
def test_false_induction_names_what_fails(right: Callable[[object], object], said: str) -> None:
    total = ScalarRecursion("s", sympy.S.Zero, lambda i: x * total.at(i) + y**i)
    with pytest.raises(StepFailed, match=said):
        started().induction("sum", k, lambda i: ((x - y) * total.at(i), right(i)), [total])


def test_induction_on_a_product_of_orthogonal_matrices() -> None:
    """Products of matrices with O_i^T O_i = I have it too."""
    factor = family("O_{{{k}}}", lambda i: (p, p))
    at = family("P_{{{k}}}", lambda i: (p, p))
    product = MatrixRecursion(at, Words.identity(p), lambda i: factor(i) @ at(i))
    proof = started()
    one = Words.identity(p)
    orthogonal = proof.assume("orthogonal", (factor(k).T @ factor(k), one))
    proof.induction("product", k, lambda i: (at(i).T @ at(i), one), [product], lambda _: orthogonal)
    with pytest.raises(StepFailed, match="step"):
        proof.induction("without", k, lambda i: (at(i).T @ at(i), one), [product])


def test_powers_with_symbolic_exponents_multiply_as_polynomials() -> None:
    total = ScalarRecursion("s", sympy.S.Zero, lambda i: x * total.at(i) + x**i)
    proof = started()
    proof.equal("no hypothesis", x ** (2 * k - 1) * (x + 1), x ** (2 * k) + x**k * x ** (k - 1))
    proof.induction("derivative", k, lambda i: (total.at(i), i * x ** (i - 1)), [total])
    for wrong in (lambda i: i * x**i, lambda i: i * x ** (2 * i - 2), lambda i: i * x ** (1 - i)):
        with pytest.raises(StepFailed):
            proof.induction("wrong", k, lambda i, w=wrong: (total.at(i), w(i)), [total])


def squares_and_sum() -> tuple[ScalarRecursion, ScalarRecursion]:
    """p_k = sum of squares and m_k = sum of a_1, ..., a_k."""
    term = sympy.Function("a", real=True)
    power = ScalarRecursion("p", term(1) ** 2, lambda i: power.at(i) + term(i + 1) ** 2, first=1)
    total = ScalarRecursion("m", term(1), lambda i: total.at(i) + term(i + 1), first=1)
    return power, total


def mean_square_terms(i: sympy.Expr) -> list[list[sympy.Expr]]:
    _, total = squares_and_sum()
    gap = total.at(i) - i * sympy.Function("a", real=True)(i + 1)
    return [[1 / i, gap**2]]


def test_inequality_for_every_length_by_induction() -> None:
    power, total = squares_and_sum()
    count = sympy.Symbol("k", integer=True, positive=True)
    proof = started()
    proof.induction_at_most(
        "mean square", count, lambda i: (total.at(i) ** 2, i * power.at(i)), [power, total],
        mean_square_terms(count), factor=(count + 1) / count, first=1,
    )  # fmt: skip

    proof.instance("at three", "mean square", 3)
    assert proof.statement("mean square").relation == "<="
    assert proof.statement("at three").relation == "<="
    for factor in (count - 1, sympy.Rational(9, 10) * count):
        with pytest.raises(StepFailed):
            proof.induction_at_most(
                "too small", count,
                lambda i, c=factor: (total.at(i) ** 2, c.subs(count, i) * power.at(i)),
                [power, total], mean_square_terms(count), factor=(count + 1) / count, first=1,
            )  # fmt: skip


def test_induction_refuses_a_factor_that_may_be_negative() -> None:
    """s_{k+1} = -s_k from s_0 = 0 - s_k >= 0 would follow from s_k >= 0 with the factor -1."""
    total = ScalarRecursion("s", sympy.S.Zero, lambda i: -total.at(i))
    for factor in (-1, x):
        with pytest.raises(StepFailed, match="sign"):
            started().induction_at_most(
                "flipped", k, lambda i: (sympy.S.Zero, total.at(i)), [total], [],
                factor=sympy.sympify(factor),
            )  # fmt: skip


def test_induction_hypothesis_is_gone_after_the_induction() -> None:
    power, total = squares_and_sum()
    count = sympy.Symbol("k", integer=True, positive=True)
    proof = started()
    with pytest.raises(StepFailed):
        proof.induction_at_most(
            "no certificate", count, lambda i: (power.at(i), total.at(i)), [power, total],
            mean_square_terms(count), base=[[total.at(1) - power.at(1)]], first=1,
        )  # fmt: skip
    with pytest.raises(StepFailed):
        proof.at_most("leaked", power.at(count), total.at(count),
                      [[total.at(count) - power.at(count)]])  # fmt: skip


def test_induction_from_zero_refuses_a_variable_that_is_positive() -> None:
    count = sympy.Symbol("k", integer=True, positive=True)
    total = ScalarRecursion("s", sympy.S.Zero, lambda i: total.at(i) + 1)
    with pytest.raises(InvalidExpression, match="may be 0"):
        started().induction("sum", count, lambda i: (total.at(i), i), [total])


def test_instance_of_an_induction_is_a_step_and_not_below_its_first_index() -> None:
    total = ScalarRecursion("s", sympy.S.Zero, lambda i: total.at(i) + 1)
    depth = sympy.Symbol("n", integer=True, positive=True)
    proof = started()
    proof.induction("count", k, lambda i: (total.at(i), i), [total])
    proof.instance("count at n - 1", "count", depth - 1)

    assert proof.statement("count at n - 1").right == depth - 1
    for index in (depth - 2, depth / 2):
        with pytest.raises(InvalidExpression, match="may lie below"):
            proof.instance("too low", "count", index)
    with pytest.raises(InvalidExpression, match="no induction"):
        proof.instance("none", "sum", depth)


def test_induction_on_symbolic_powers_of_a_symmetric_matrix() -> None:
    """M v = x v gives M^k v = x^k v."""
    v = Words.letter(Letter("v", shape=(p, 1)))
    proof = started()
    eigen = proof.assume("eigenvector", (M @ v, v * x))
    proof.induction("power", k, lambda i: (M**i @ v, v * x**i), [], lambda _: eigen)
    with pytest.raises(StepFailed, match="step"):
        proof.induction("wrong", k, lambda i: (M**i @ v, v * x ** (2 * i)), [], lambda _: eigen)


def test_definitions_print_and_latex_has_a_row_per_step() -> None:
    proof = started()
    named = (A @ B.T).named("N")
    proof.define(named)
    proof.equal("transpose", named.T, B @ A.T)

    assert "N := A B^T" in str(proof)
    assert "N^T = B A^T" in str(proof)
    assert proof.latex().count("&&") == 2
