"""Families: repeatable draws, real probability of every special case, clear refusals."""

import random
from collections import Counter
from fractions import Fraction
from itertools import pairwise

import pytest

import theorycheck as tc
from theorycheck.exact import RationalAlgebra as Q, rank, rows_of, to_fraction
from theorycheck.problems import RandomChoices, families
from theorycheck.problems.draws import BALANCED, SHAPES


def matrices(case):
    return case.network.layer_matrices(Q, case.start)


def is_balanced(case):
    return all(
        not any((b.transpose() * b - a * a.transpose()).entries())
        for a, b in pairwise(matrices(case))
    )


def end_to_end(case):
    return rows_of(case.objective.end_to_end(Q, matrices(case)))


def is_critical(case):
    return not any(case.objective.gradient_column(Q, matrices(case)).entries())


def is_scaled_identity(rows):
    return all(
        x == (rows[0][0] if i == j else 0) for i, r in enumerate(rows) for j, x in enumerate(r)
    )


def has_repeated_singular_values(case):
    rows = end_to_end(case)
    gram = Q.matrix(rows) * Q.matrix(rows).transpose()
    return 2 <= len(rows) <= len(rows[0]) and is_scaled_identity(rows_of(gram)) and any(rows[0])


def imbalances(case):
    """Entries of the imbalances."""
    return [
        x for a, b in pairwise(matrices(case))
        for x in (b.transpose() * b - a * a.transpose()).entries()
    ]  # fmt: skip


def largest(values):
    return max((abs(to_fraction(x)) for x in values), default=Fraction(0))


def is_orthogonal(matrix):
    wide = matrix.nrows() <= matrix.ncols()
    gram = matrix * matrix.transpose() if wide else matrix.transpose() * matrix
    return gram == Q.identity(gram.nrows())


SPECIAL = {
    "balanced": (is_balanced, 0.5),
    "unbalanced": (lambda c: not is_balanced(c), 0.1),
    "zero layer": (lambda c: any(not any(m.entries()) for m in matrices(c)), 0.05),
    "origin": (lambda c: not any(c.start), 0.03),
    "near balanced": (lambda c: 0 < largest(imbalances(c)) < Fraction(1, 3), 0.04),
    "near zero": (lambda c: 0 < largest(c.start) <= Fraction(1, 4), 0.04),
    "orthogonal layers": (lambda c: all(map(is_orthogonal, matrices(c))), 0.1),
    "low rank": (lambda c: rank(end_to_end(c)) < min(c.network.widths), 0.1),
    "repeated singular values": (has_repeated_singular_values, 0.02),
    "identity-like": (lambda c: all(is_scaled_identity(rows_of(m)) for m in matrices(c)), 0.05),
    "scalar net": (lambda c: max(c.network.widths) == 1, 0.05),
    "width one": (lambda c: min(c.network.widths) == 1, 0.2),
    "depth one": (lambda c: c.network.depth == 1, 0.1),
    "critical point": (is_critical, 0.05),
    "minimiser": (lambda c: c.objective.value(Q, matrices(c)) == 0, 0.02),
    "zero target": (lambda c: not any(x for r in c.loss.targets for x in r), 0.05),
    "whitened": (lambda c: c.loss.is_whitened, 0.2),
    "singular data": (lambda c: rank(c.loss.gram) < c.loss.input_dimension, 0.05),
    "mean": (lambda c: c.loss.mean, 0.1),
    "step beyond the horizon": (lambda c: c.step_size > c.horizon, 0.02),
}


@pytest.fixture(scope="module")
def many():
    return families.deep_linear(depth=(1, 4), width=(1, 3)).instances(seed=1, count=600)


@pytest.mark.parametrize("name", SPECIAL)
def test_every_special_case_has_real_probability(many, name):
    predicate, share = SPECIAL[name]

    assert sum(map(predicate, many)) >= share * len(many)


def test_balanced_families_draw_balanced_starts_only():
    cases = families.deep_linear(depth=(2, 4), width=(1, 3), start="balanced").instances(count=80)

    assert all(map(is_balanced, cases))
    assert len({case.start for case in cases}) > 40


def test_most_of_the_other_starts_are_unbalanced():
    cases = families.points(depth=(2, 4), start="any").instances(count=80)

    assert sum(map(is_balanced, cases)) < 60


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_can_be_asked_for(shape):
    cases = families.points(depth=(2, 3), width=(2, 3), start=shape).instances(count=10)

    assert all(map(is_balanced, cases)) or shape not in BALANCED


def test_ranges_are_respected():
    family = families.deep_linear(
        depth=(2, 3), width=(2, 4), horizon=("1/2", 1), step_size=("1/100", "1/50"), loss="data",
        outputs=1, inputs=5, start="entries",
    )  # fmt: skip
    for case in family.instances(count=60):
        assert 2 <= case.network.depth <= 3
        assert all(2 <= w <= 4 for w in case.network.widths[1:-1])
        assert (case.network.widths[0], case.network.widths[-1]) == (5, 1)
        assert Fraction(1, 2) <= case.horizon <= 1
        assert Fraction(1, 100) <= case.step_size <= Fraction(1, 50) or (
            case.step_size == 2 * case.horizon
        )


def test_a_narrow_range_of_step_sizes_is_respected():
    sizes = families.deep_linear(step_size=("2/5", "9/20")).instances(count=30)

    assert all(Fraction(2, 5) <= c.step_size <= Fraction(9, 20) for c in sizes if c.step_size < 1)


def test_points_have_no_dynamics():
    case = families.points().instances(count=1)[0]

    assert list(case.fields) == ["network", "loss", "start"]


def test_draws_repeat_with_the_seed_and_leave_the_global_state_alone():
    random.seed(3)
    before = random.getstate()
    family = families.deep_linear()
    first = family.instances(seed=4, count=5)

    assert random.getstate() == before
    assert family.instances(seed=4, count=5) == first
    assert family.instances(seed=4, count=8)[:5] == first
    assert family.instances(seed=5, count=5) != first


def test_step_sizes_are_shares_of_a_certified_bound():
    def bound(case):
        return 1 / (1 + case.loss.curvature_bound)

    family = families.deep_linear().with_step_size(bound)
    shares = Counter(c.step_size / bound(c) for c in family.instances(count=80))

    assert set(shares) <= {Fraction(k, 8) for k in range(1, 9)}
    assert len(shares) > 5


def test_tracking_and_gentle_descent_carry_what_their_claims_read():
    tracked = families.tracking().instances(count=10)
    gentle = families.gentle_descent().instances(count=10)

    assert all(c.epsilon > 0 and c.step_size < c.horizon and is_balanced(c) for c in tracked)
    assert all(1 <= c.steps <= 8 and c.step_size <= Fraction(1, 64) for c in gentle)


def test_random_choices_stay_in_their_ranges():
    choices = RandomChoices(0)

    assert {choices.integer(-1, 1) for _ in range(100)} == {-1, 0, 1}
    assert {choices.boolean() for _ in range(100)} == {False, True}
    assert all(-2 <= choices.fraction(-2, 2, 3) <= 2 for _ in range(100))
    assert {choices.fraction(-2, 2, 3).denominator for _ in range(100)} == {1, 2, 3}
    assert {choices.pick("abc") for _ in range(100)} == set("abc")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"depth": (3, 2)}, r"depth=\(3, 2\)"),
        ({"depth": (0, 2)}, r"depth=\(0, 2\)"),
        ({"depth": 3}, "depth=3"),
        ({"width": ("1/2", 2)}, "integers"),
        ({"start": "balenced"}, "start='balenced' is unknown"),
        ({"start": ()}, "names no shape"),
        ({"loss": "hinge"}, "loss='hinge'"),
        ({"horizon": (0, 1)}, "horizon"),
        ({"step_size": (1, "1/2")}, "step_size"),
    ],
    ids=str,
)
def test_bad_options_are_refused(options, words):
    with pytest.raises(tc.InvalidInstance, match=words):
        families.deep_linear(**options)


def test_a_negative_count_is_refused():
    with pytest.raises(tc.InvalidInstance, match="count=-1"):
        families.points().instances(count=-1)


def test_families_of_nets_draw_every_loss_and_activation():
    cases = tc.families.fully_connected().instances(seed=1, count=60)
    linear = tc.families.deep_linear(loss="any").instances(seed=1, count=60)

    assert {case.network.activation for case in cases} == {"relu", "leaky_relu"}
    for drawn in (cases, linear):
        losses = {type(case.loss) for case in drawn}
        assert losses == {
            tc.SquareLoss, tc.LogisticLoss, tc.ExponentialLoss, tc.CrossEntropyLoss
        }  # fmt: skip
        assert all(tc.Instance.from_json(case.to_json()) == case for case in drawn)


def test_families_of_nets_refuse_unknown_activations_and_losses():
    with pytest.raises(tc.InvalidInstance, match="activation='tanh'"):
        tc.families.fully_connected(activations=["tanh"])
    with pytest.raises(tc.InvalidInstance, match="loss='hinge'"):
        tc.families.fully_connected(loss="hinge")
