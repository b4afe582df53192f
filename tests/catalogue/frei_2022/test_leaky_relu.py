"""Printed vector TV11, exactly, and the solution by the definition of the network."""

from __future__ import annotations

from fractions import Fraction

from theorycheck.catalogue.frei_2022.leaky_relu_kkt_points import FAMILY, orthonormal
from theorycheck.problems.leaky_relu_kkt import LeakyPattern


def test_orthonormal_samples_have_the_closed_form() -> None:
    net = LeakyPattern.of(orthonormal())

    assert net.kernel == [[Fraction(3, 4), 0], [0, Fraction(1, 2)]]
    assert net.multipliers == (Fraction(4, 3), Fraction(2))
    assert net.squared_norm(net.multipliers) == Fraction(10, 3)


def test_outputs_of_the_network_are_the_labels() -> None:
    for instance in FAMILY.instances(count=20):
        net = LeakyPattern.of(instance)
        if net.multipliers is None:
            continue
        v, u = net.units(net.multipliers)
        for x, y in zip(net.samples, net.labels, strict=True):
            # sqrt(m) cancels: m f = m_1 s(sqrt(m) <v, x>) - m_2 s(sqrt(m) <u, x>)
            first, second = (sum(a * b for a, b in zip(w, x, strict=True)) for w in (v, u))
            if first * y <= 0 or second * y >= 0:
                continue
            up = first if first > 0 else net.leak * first
            down = second if second > 0 else net.leak * second
            assert net.positive * up - net.negative * down == y * (net.positive + net.negative)
