"""The printed radii of theory B16 at kappa = 10, and that no tuned radius is exceeded in floats."""

from fractions import Fraction as F

import numpy as np
import pytest
import sympy

import theorycheck as tc
from theorycheck.catalogue.wang_lin_abernethy_2021.tuned_radii import (
    TUNINGS,
    example,
    kappa,
    tuned_radius_bounds_every_mode,
    tuned_radius_is_attained,
)

PRINTED = {
    "GD": "0.818181818181818181818181818182",
    "HB": "0.519493853295915704000245879015",
    "NAG": "0.683772233983162066800110645557",
    "NAG*": "0.640789395946450198572937335554",
}


@pytest.mark.parametrize("method", PRINTED)
def test_radius_at_condition_number_ten_is_the_printed_one(method):
    value = sympy.N(TUNINGS[method].radius.subs(kappa, 10), 40)

    assert abs(F(str(value)) - F(PRINTED[method])) < F(1, 10**30)


@pytest.mark.parametrize("method", PRINTED)
@pytest.mark.parametrize("number", [10, pytest.param(4, marks=pytest.mark.slow)])
def test_radius_holds_at_both_ends_and_is_attained(method, number):
    for mode in (1, number):
        case = example(method=method, condition_number=number, mode=mode)

        assert tc.check(tuned_radius_bounds_every_mode, case).verdict is tc.HOLDS
        assert tc.check(tuned_radius_is_attained, case).verdict is tc.HOLDS


@pytest.mark.slow
@pytest.mark.parametrize("method", PRINTED)
def test_greatest_root_over_all_modes_is_the_radius(method):
    tuned = TUNINGS[method]
    found = []
    for mode in np.linspace(1, 10, 10):
        p, q = (float(c) for c in tuned.coefficients(10, F(float(mode))))
        found.append(max(abs(np.roots([1, -p, q]))))

    # a double root is only known to the root of the rounding
    assert max(found) == pytest.approx(float(tuned.radius.subs(kappa, 10)), abs=1e-6)
