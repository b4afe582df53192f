"""The bundled digits are the published ones, and their maps are exact."""

import hashlib
from collections import Counter
from fractions import Fraction
from importlib.resources import files

import pytest

from theorycheck.errors import InvalidInstance
from theorycheck.problems.digits import MEAN, SD, digit_images, every, normalised, pooled

PUBLISHED = "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"
UCI_CLASS_COUNTS = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_file_is_the_published_one_and_small():
    packed = files("theorycheck.problems").joinpath("data/digits.csv.gz").read_bytes()

    assert hashlib.sha256(packed).hexdigest() == PUBLISHED
    assert len(packed) < 100_000


def test_images_have_the_documented_shape():
    images = digit_images()
    counts = Counter(image.digit for image in images)

    assert [counts[d] for d in range(10)] == UCI_CLASS_COUNTS
    assert all(len(i.pixels) == 64 and set(i.pixels) <= set(range(17)) for i in images)


def test_mean_and_deviation_are_those_of_the_data_to_four_decimals():
    pixels = [p for image in digit_images() for p in image.pixels]
    mean = Fraction(sum(pixels), len(pixels))
    variance = Fraction(sum(p * p for p in pixels), len(pixels)) - mean**2
    half = Fraction(1, 20_000)

    assert abs(mean - MEAN) <= half
    assert (SD - half) ** 2 <= variance <= (SD + half) ** 2


def test_pooling_commutes_with_the_normalisation():
    image, regions = digit_images()[5], [range(3), range(3, 64)]
    by_pixel = [sum(map(normalised, image.pixels[a:b])) / (b - a) for a, b in ((0, 3), (3, 64))]

    assert list(pooled(image, regions)) == by_pixel


def test_every_takes_the_first_and_then_one_in_so_many():
    assert every(digit_images(), 1797) == digit_images()[:1]
    assert every(digit_images(), 600) == tuple(digit_images()[k] for k in (0, 600, 1200))
    with pytest.raises(InvalidInstance, match="stride=0"):
        every(digit_images(), 0)
