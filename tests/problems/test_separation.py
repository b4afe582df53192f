"""Certificates of separability on random tables: exactly one of the two exists."""

from __future__ import annotations

import random
from fractions import Fraction

from theorycheck.problems.separation import separate, signed_samples


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
