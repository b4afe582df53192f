"""Strategies: exact values, real probability of special cases, no rejection, small shrinks."""

from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings, strategies as st
from hypothesis.internal.conjecture.data import ConjectureData

import theorycheck as tc
from theorycheck.exact import RationalAlgebra as Q, rank, rows_of
from theorycheck.problems.margins import exact_margins

ts = tc.strategies
EVERY = {
    "entries": ts.entries(),
    "step_sizes": ts.step_sizes(),
    "horizons": ts.horizons(),
    "networks": ts.networks(),
    "starts": ts.starts(tc.DeepLinear((2, 3, 1))),
    "deep_linear_nets": ts.deep_linear_nets(),
    "square_losses": ts.square_losses(),
    "whitened_losses": ts.whitened_losses(),
    "points": ts.points(),
    "deep_linear": ts.deep_linear(),
    "instances": ts.instances(tc.families.tracking()),
    "relu_nets": ts.relu_nets(),
    "homogeneous_nets": ts.homogeneous_nets(),
    "predictors": ts.predictors(),
    "unit_vectors": ts.unit_vectors(),
    "unit_inputs": ts.unit_inputs(),
    "parallel_inputs": ts.parallel_inputs(),
    "nearly_orthogonal_inputs": ts.nearly_orthogonal_inputs(),
    "separable_data": ts.separable_data(),
    "regression_data": ts.regression_data(),
}
QUIET = settings(
    max_examples=400, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip

FEW = settings(QUIET, max_examples=100)


def sample(strategy: st.SearchStrategy[Any], examples: int = 400) -> list[Any]:
    drawn: list[Any] = []

    @settings(QUIET, max_examples=examples)
    @given(strategy)
    def run(value: Any) -> None:
        drawn.append(value)

    run()
    return drawn


@cache
def sample_of(name: str) -> list[Any]:
    return sample(EVERY[name])


def columns(rows: Any) -> list[tuple[Fraction, ...]]:
    return list(zip(*rows, strict=True))


def inner(a: Any, b: Any) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))


def numbers(value: Any) -> list[Any]:
    """All numbers in a value; text, such as the source of a constant, is none."""
    if isinstance(value, str):
        return []
    if isinstance(value, tc.Instance):
        return [x for field in value.fields.values() for x in numbers(field)]
    if isinstance(value, tuple | list):
        return [x for part in value for x in numbers(part)]
    if hasattr(value, "__dataclass_fields__"):
        return [x for name in value.__dataclass_fields__ for x in numbers(getattr(value, name))]
    return [value]


@pytest.mark.parametrize("name", EVERY)
def test_strategies_are_constructive_and_exact(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rejected: list[object] = []
    mark_invalid = ConjectureData.mark_invalid

    def counted(data: ConjectureData, *args: Any, **options: Any) -> Any:
        rejected.append(data)
        return mark_invalid(data, *args, **options)

    monkeypatch.setattr(ConjectureData, "mark_invalid", counted)
    drawn = sample(EVERY[name], 100)

    assert len(rejected) <= len(drawn) / 10
    assert all(isinstance(x, Fraction | int) for value in drawn for x in numbers(value))


def test_a_strategy_that_rejects_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    wasteful = {"entries": ts.entries().filter(lambda x: x.denominator == 3 and x > 1)}
    monkeypatch.setattr(f"{__name__}.EVERY", wasteful)

    with pytest.raises(AssertionError, match="len"):
        test_strategies_are_constructive_and_exact("entries", monkeypatch)


def test_every_public_strategy_is_tried() -> None:
    types = {name for name in ts.__all__ if name[0].isupper()}

    assert set(ts.__all__) - types - {"drawn_by"} == set(EVERY)


# -- special cases ---------------------------------------------------------------------------------
def layers(case: tc.Instance) -> list[Any]:
    return case.network.layer_matrices(Q, case.start)


def imbalance(case: tc.Instance) -> Fraction:
    """The largest entry of an imbalance."""
    gaps = [b.transpose() * b - a * a.transpose() for a, b in pairwise(layers(case))]
    return max((abs(x) for gap in gaps for row in rows_of(gap) for x in row), default=Fraction(0))


def product(case: tc.Instance) -> Any:
    total = Q.identity(case.network.widths[0])
    for layer in layers(case):
        total = layer * total
    return total


def is_multiple_of_identity(matrix: Any) -> bool:
    rows = rows_of(matrix)
    return all(x == (rows[0][0] if i == j else 0) for i, r in enumerate(rows)
               for j, x in enumerate(r))  # fmt: skip


def gram_of_product(case: tc.Instance) -> Any:
    total = product(case)
    wide = total.nrows() <= total.ncols()
    return total * total.transpose() if wide else total.transpose() * total


def is_orthogonal(layer: Any) -> bool:
    gram = (
        layer * layer.transpose() if layer.nrows() <= layer.ncols() else layer.transpose() * layer
    )
    return bool(gram == Q.identity(gram.nrows()))


NETS = {
    "balanced": (lambda c: imbalance(c) == 0 and any(c.start), 0.3),
    "near balanced": (lambda c: 0 < imbalance(c) <= Fraction(1, 3), 0.05),
    "near zero": (lambda c: 0 < max(map(abs, c.start)) <= Fraction(1, 4), 0.05),
    "origin": (lambda c: not any(c.start), 0.03),
    "rank-deficient": (
        lambda c: rank(rows_of(product(c))) < min(c.network.widths) and any(c.start), 0.1,
    ),
    "zero layer": (lambda c: any(not any(m.entries()) for m in layers(c)) and any(c.start), 0.04),
    "repeated singular values": (
        lambda c: min(c.network.widths) > 1 and any(gram_of_product(c).entries())
        and is_multiple_of_identity(gram_of_product(c)), 0.04,
    ),
    "identity-like": (lambda c: all(map(is_multiple_of_identity, layers(c))), 0.1),
    "orthogonal frames": (
        lambda c: max(c.network.widths) > 1 and all(map(is_orthogonal, layers(c)))
        and not all(map(is_multiple_of_identity, layers(c))), 0.02,
    ),
    "arbitrary": (lambda c: imbalance(c) > 1, 0.1),
}  # fmt: skip


@pytest.fixture(scope="module")
def nets() -> list[tc.Instance]:
    return sample(ts.deep_linear_nets(depth=(2, 3), width=(1, 3)))


@pytest.mark.parametrize("name", NETS)
def test_every_special_net_has_real_probability(nets: list[tc.Instance], name: str) -> None:
    predicate, share = NETS[name]

    assert sum(map(predicate, nets)) >= share * len(nets)


def dead(net: Any) -> bool:
    return any(not any(row) for row in net.hidden)


def parallel(a: Any, b: Any) -> bool:
    return inner(a, b) ** 2 == inner(a, a) * inner(b, b)


OTHERS = {
    "dead neuron": ("relu_nets", dead, 0.1),
    "signs": ("relu_nets", lambda n: {abs(a) for a in n.output} == {1}, 0.1),
    "repeated neurons": ("relu_nets", lambda n: len(set(n.hidden)) < len(n.hidden), 0.1),
    "output zero": (
        "relu_nets",
        lambda n: len(n.output) > 1
        and not dead(n)
        and any(n.output)
        and not any(n.value((Fraction(s),) * len(n.hidden[0])) for s in (1, -1)),
        0.03,
    ),
    "balanced neurons": (
        "relu_nets",
        lambda n: all(inner(w, w) == a * a != 0 for w, a in zip(n.hidden, n.output, strict=True)),
        0.05,
    ),
    "ReLU": ("homogeneous_nets", lambda n: n.slope == 0, 0.2),
    "linear": ("homogeneous_nets", lambda n: n.slope == 1, 0.1),
    "zero layer": (
        "homogeneous_nets", lambda n: any(not any(map(any, w)) for w in n.layers), 0.1,
    ),
    "axes": ("unit_vectors", lambda x: sorted(map(abs, x))[-1] == 1, 0.2),
    "off the axes": ("unit_vectors", lambda x: sum(map(bool, x)) > 1, 0.2),
    "parallel": (
        "unit_inputs", lambda x: any(parallel(a, b) for a, b in combinations(columns(x), 2)), 0.1,
    ),
    "equal": ("parallel_inputs", lambda x: len(set(columns(x))) < len(columns(x)), 0.2),
    "opposite": (
        "parallel_inputs",
        lambda x: any(inner(a, b) == -1 for a, b in combinations(columns(x), 2)),
        0.2,
    ),
    "orthogonal": (
        "nearly_orthogonal_inputs",
        lambda x: len(x[0]) > 1 and not any(inner(a, b) for a, b in combinations(columns(x), 2)),
        0.05,
    ),
    "nearly orthogonal": (
        "nearly_orthogonal_inputs",
        lambda x: any(inner(a, b) for a, b in combinations(columns(x), 2)),
        0.1,
    ),
    "one label": ("separable_data", lambda d: len(d.labels) > 1 and len(set(d.labels)) == 1, 0.05),
    "two labels": ("separable_data", lambda d: len(set(d.labels)) == 2, 0.4),
    "linear targets": (
        "regression_data",
        lambda d: len(d.inputs[0]) > rank(d.inputs) == rank((*d.inputs, *d.targets)),
        0.1,
    ),
    "whitened": ("square_losses", lambda f: f.is_whitened, 0.3),
    "zero target": ("whitened_losses", lambda f: not any(map(any, f.targets)), 0.05),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_every_other_special_case_has_real_probability(name: str) -> None:
    strategy, predicate, share = OTHERS[name]
    drawn = sample_of(strategy)

    assert sum(map(predicate, drawn)) >= share * len(drawn)


# -- what is promised ------------------------------------------------------------------------------
@FEW
@given(ts.unit_inputs())
def test_unit_inputs_have_norm_one(x: Any) -> None:
    assert all(inner(a, a) == 1 for a in columns(x))


@FEW
@given(ts.parallel_inputs())
def test_two_of_the_parallel_inputs_are_equal_or_opposite(x: Any) -> None:
    assert all(inner(a, a) == 1 for a in columns(x))
    assert any(abs(inner(a, b)) == 1 for a, b in combinations(columns(x), 2))


@FEW
@given(ts.nearly_orthogonal_inputs(dimension=(1, 6), samples=(1, 6)))
def test_nearly_orthogonal_inputs_are_so(x: Any) -> None:
    vectors = columns(x)
    smallest = min(inner(a, a) for a in vectors)

    assert all(len(vectors) * abs(inner(a, b)) <= smallest / 2 for a, b in combinations(vectors, 2))


@FEW
@given(ts.separable_data())
def test_separable_data_are_separated_by_their_direction(data: Any) -> None:
    points = zip(data.labels, columns(data.inputs), strict=True)

    assert all(y * inner(data.direction, x) > 0 for y, x in points)


@FEW
@given(ts.homogeneous_nets(), ts.step_sizes(), st.data())
def test_homogeneous_nets_are_homogeneous_of_their_depth(net: Any, c: Fraction, data: Any) -> None:
    x = data.draw(st.tuples(*(ts.entries() for _ in net.layers[0][0])))
    scaled = type(net)(
        tuple(tuple(tuple(c * w for w in row) for row in layer) for layer in net.layers), net.slope
    )

    assert scaled.value(x) == tuple(c ** len(net.layers) * v for v in net.value(x))


@FEW
@given(ts.predictors(), ts.step_sizes(), st.data())
def test_predictors_are_homogeneous_of_their_order(net: Any, c: Fraction, data: Any) -> None:
    x = data.draw(st.tuples(*(ts.entries() for _ in range(net.widths[0]))))
    start = data.draw(st.tuples(*(ts.entries() for _ in range(net.dimension))))
    objective = net.objective(tc.ExponentialLoss([[entry] for entry in x], [1]))
    (value,) = exact_margins(objective, start)

    assert exact_margins(objective, [c * w for w in start]) == (c**net.order * value,)


@FEW
@given(ts.step_sizes("1/100", "1/3"), ts.horizons(1, "5/2"))
def test_step_sizes_and_horizons_stay_in_their_ranges(step: Fraction, horizon: Fraction) -> None:
    assert Fraction(1, 100) <= step <= Fraction(1, 3)
    assert 1 <= horizon <= Fraction(5, 2)


# -- shrinking -------------------------------------------------------------------------------------
SHRUNK = [
    ("networks", lambda n: n.depth >= 2, tc.DeepLinear((1, 1, 1))),
    ("networks", lambda n: min(n.widths) >= 2, tc.DeepLinear((2, 2))),
    ("entries", lambda x: x > 1, 2),
    ("entries", lambda x: x < 0, -1),
    ("entries", lambda x: x.denominator > 1, Fraction(1, 2)),
    ("unit_inputs", lambda x: True, ((1,),)),
    ("unit_inputs", lambda x: len(x[0]) > 1, ((1, 1),)),
    ("nearly_orthogonal_inputs", lambda x: len(x[0]) > 1, ((1, 0), (0, 1))),
    ("step_sizes", lambda x: True, Fraction(1, 2)),
    ("horizons", lambda x: True, Fraction(1, 4)),
]


@pytest.mark.parametrize(("name", "predicate", "expected"), SHRUNK)
def test_shrinks_to_the_simplest(name: str, predicate: Any, expected: Any) -> None:
    smallest = find(EVERY[name], predicate, settings=settings(QUIET, phases=tuple(Phase)))

    assert smallest == expected


@pytest.mark.parametrize(
    ("name", "predicate"),
    [
        ("deep_linear_nets", lambda c: c.network.depth == 2 and any(x > 1 for x in c.start)),
        ("relu_nets", lambda n: len(n.output) == 2 and not dead(n)),
        ("separable_data", lambda d: len(d.labels) == 3),
        ("regression_data", lambda d: any(y > 1 for row in d.targets for y in row)),
    ],
)
def test_shrinks_to_integers_and_halves(name: str, predicate: Any) -> None:
    smallest = find(EVERY[name], predicate, settings=settings(QUIET, phases=tuple(Phase)))

    assert all(Fraction(x).denominator <= 2 for x in numbers(smallest))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: ts.networks(depth=(3, 2)), r"depth=\(3, 2\)"),
        (lambda: ts.networks(width=0), "width=0"),
        (lambda: ts.deep_linear_nets(start="balenced"), "balenced"),
        (lambda: ts.parallel_inputs(samples=1), "samples=1"),
        (lambda: ts.nearly_orthogonal_inputs(dimension=2, samples=3), "nearly orthogonal"),
        (lambda: ts.step_sizes(1, "1/2"), "step_size"),
    ],
)
def test_bad_sizes_are_refused(make: Any, words: str) -> None:
    with pytest.raises(tc.InvalidInstance, match=words):
        make()
