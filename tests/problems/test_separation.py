"""Certificates of separability on random tables: exactly one of the two exists."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

import theorycheck as tc
from theorycheck.catalogue.lyu_li_2020.smoothed_margin_is_nondecreasing import (
    smoothed_margin_is_nondecreasing,
)
from theorycheck.problems import classifier_instance
from theorycheck.problems.separation import _by_simplex, _is_vanishing, separate, signed_samples


def test_exactly_one_certificate_is_found_and_is_valid() -> None:
    source = random.Random(7)
    kinds = set()
    for _ in range(150):
        dimension, count = source.randint(1, 3), source.randint(1, 7)
        inputs = tuple(
            tuple(Fraction(source.randint(-3, 3), 2) for _ in range(count))
            for _ in range(dimension)
        )
        labels = [source.choice((1, -1)) for _ in range(count)]
        samples = signed_samples(inputs, labels)
        found = separate(inputs, labels)

        assert (found.direction is None) is not (found.combination is None), (inputs, labels)
        assert sum(found.dual) == 1
        assert min(found.dual) >= 0
        if found.direction is not None:
            scores = [sum(a * b for a, b in zip(found.direction, z, strict=True)) for z in samples]
            assert min(scores) > 0
        if found.combination is not None:
            assert sum(found.combination) == 1
            assert min(found.combination) >= 0
            for k in range(dimension):
                total = sum(p * z[k] for p, z in zip(found.combination, samples, strict=True))
                assert total == 0
        kinds.add(found.direction is None)
    assert kinds == {True, False}


@pytest.mark.parametrize(
    ("inputs", "labels", "separable"),
    [
        ([[1, -1], [Fraction(1, 10**9), Fraction(1, 10**9)]], [1, 1], True),
        ([[Fraction(10**12), -1]], [1, 1], False),
        ([[10**12, -1, 2], [1, 0, -3]], [1, 1, -1], True),
        ([[10**30, -1, 0], [1, 0, -1]], [1, 1, 1], False),
    ],
)
def test_scale_of_the_samples_does_not_matter(inputs: Any, labels: Any, separable: bool) -> None:
    rows = [[Fraction(x) for x in row] for row in inputs]
    found = separate(rows, labels)
    samples = signed_samples(rows, labels)

    assert (found.direction is not None) is separable
    assert (found.combination is None) is separable
    if found.direction is not None:
        assert all(sum(w * x for w, x in zip(found.direction, z, strict=True)) > 0 for z in samples)
    if found.combination is not None:
        assert sum(found.combination) == 1
        assert min(found.combination) >= 0
        for k in range(len(rows)):
            assert sum(p * z[k] for p, z in zip(found.combination, samples, strict=True)) == 0


def test_the_exact_method_alone_finds_one_certificate() -> None:
    source = random.Random(3)
    kinds = set()
    for _ in range(200):
        size, count = source.randint(1, 4), source.randint(1, 9)
        samples = [
            tuple(Fraction(source.randint(-3, 3), source.randint(1, 2)) for _ in range(size))
            for _ in range(count)
        ]
        direction, combination = _by_simplex(samples)
        kinds.add(direction is None)

        assert (direction is None) is not (combination is None)
        if direction is not None:
            assert all(sum(w * x for w, x in zip(direction, z, strict=True)) > 0 for z in samples)
        if combination is not None:
            assert _is_vanishing(combination, samples)
    assert kinds == {True, False}


@pytest.mark.parametrize("size", [Fraction(10) ** 400, Fraction(1, 10**400)])
def test_numbers_that_no_float_holds_are_separated(size: Fraction) -> None:
    """One sample is longer than the other by 10^400."""
    rows = [[size, -size, 1], [0, 1, 1]]
    found = separate(rows, [1, -1, 1])

    assert found.direction is not None
    for i, y in enumerate((1, -1, 1)):
        assert y * sum(w * row[i] for w, row in zip(found.direction, rows, strict=True)) > 0
    assert separate([[size, -size]], [1, 1]).combination is not None


def test_flows_from_margins_of_10_to_the_640_are_undecided_not_an_error() -> None:
    made = classifier_instance(
        inputs=[[10**320, -(10**320)], [0, 1]], labels=[1, -1], horizon="1/2", start=[10**320, 0]
    )
    judged = tc.check(smoothed_margin_is_nondecreasing, made, tc.Effort(max_seconds=5))

    assert judged.verdict is not tc.VIOLATED
