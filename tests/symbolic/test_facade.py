"""Public names of `tc.symbolic` stay what they are, whatever module was imported before."""

from __future__ import annotations

import importlib
import types

import pytest

from theorycheck import symbolic


@pytest.mark.parametrize("name", symbolic.__all__)
def test_name_is_no_module_after_all_modules_are_imported(name: str) -> None:
    for module in {place.split(".")[0] for place in symbolic._WHERE.values()}:
        importlib.import_module(f"theorycheck.symbolic.{module}")

    assert not isinstance(getattr(symbolic, name), types.ModuleType)
