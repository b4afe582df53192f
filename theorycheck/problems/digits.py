"""Handwritten digits: 1797 images of 8 x 8 pixels with exact values, and exact linear maps of them.

Images are normalised as the paper's experiments do it, by one mean and one standard deviation for
all pixels, each rounded to four decimals, so that a normalised pixel is an exact rational.
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files

from theorycheck.errors import InvalidInstance

__all__ = ["MEAN", "SD", "Image", "digit_images", "every", "normalised", "pooled"]

SIDE = 8
MEAN, SD = Fraction("4.8842"), Fraction("6.0168")
"""Mean and standard deviation of all 1797 * 64 pixel values, to four decimals."""


@dataclass(frozen=True)
class Image:
    """Pixel values 0, ..., 16 in 64 entries, row by row, and the digit they show."""

    pixels: tuple[int, ...]
    digit: int


@cache
def digit_images() -> tuple[Image, ...]:
    """Return the 1797 images in the order of the file.

    References       E. Alpaydin & C. Kaynak, Optical Recognition of Handwritten Digits (test set),
                     UCI Machine Learning Repository, 1998

    Examples
    --------
    >>> images = digit_images()
    >>> len(images), [image.digit for image in images[:12]]
    (1797, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1])
    """
    packed = files("theorycheck.problems").joinpath("data/digits.csv.gz").read_bytes()
    rows = (line.split(",") for line in gzip.decompress(packed).decode("ascii").split())
    return tuple(Image(tuple(map(int, row[:-1])), int(row[-1])) for row in rows)


def every(images: Sequence[Image], stride: int) -> tuple[Image, ...]:
    """Take every `stride`-th image, the first one included.

    Raises
    ------
    InvalidInstance    a stride that is no integer >= 1

    Examples
    --------
    >>> len(every(digit_images(), 9))
    200
    """
    if isinstance(stride, bool) or not isinstance(stride, int) or stride < 1:
        raise InvalidInstance(f"stride={stride!r} must be an integer >= 1")
    return tuple(images[::stride])


def normalised(value: Fraction | int) -> Fraction:
    """(value - MEAN) / SD, exactly."""
    return (value - MEAN) / SD


def pooled(image: Image, regions: Sequence[Sequence[int]]) -> tuple[Fraction, ...]:
    """Normalise the mean pixel value of every region: a few features by an exact linear map.

    Parameters
    ----------
    regions : lists of pixel numbers 0, ..., 63, row by row

    Examples
    --------
    >>> image = digit_images()[0]
    >>> pooled(image, [range(64)]) == (normalised(Fraction(sum(image.pixels), 64)),)
    True
    """
    return tuple(
        normalised(Fraction(sum(image.pixels[p] for p in region), len(region)))
        for region in regions
    )
