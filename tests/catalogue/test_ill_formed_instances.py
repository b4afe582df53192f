"""Instances whose fields do not fit are refused by name, and never end in an internal error."""

from __future__ import annotations

from typing import Any

import pytest

import theorycheck as tc
from theorycheck.claims.registry import find

ILL_FORMED: list[tuple[str, dict[str, Any]]] = [
    ("tuned_radius_bounds_every_mode", {"method": "other"}),
    ("mini_batch_step_is_a_projection", {"batch": [5]}),
    ("mini_batch_step_is_a_projection", {"batch": [-1]}),
    ("mini_batch_step_is_a_projection", {"batch": [0, 0]}),
    ("mini_batch_step_is_a_projection", {"batch": ["3/2"]}),
    ("gram_gauss_newton_step_is_quadratic", {"labels": ["1/4"]}),
    ("gram_gauss_newton_step_is_quadratic", {"outer": [1]}),
    ("gram_gauss_newton_step_is_quadratic", {"inputs": [[1, 0]] * 3, "labels": [0] * 3}),
    ("pseudo_network_stays_close", {"input": [1]}),
    ("pseudo_network_stays_close", {"start_weights": [[1, 1]]}),
    ("modes_are_bessel_functions", {"error": []}),
    ("two_buffers_are_one_recursion", {"roots": ["1/2", "1/3", "1/4"]}),
]


@pytest.mark.parametrize(("name", "fields"), ILL_FORMED, ids=str)
def test_fields_that_do_not_fit_are_refused(name: str, fields: dict[str, Any]) -> None:
    (claim,) = find(name)

    with pytest.raises(tc.InvalidInstance):
        tc.check(claim, claim.example_instance().replace(**fields))
