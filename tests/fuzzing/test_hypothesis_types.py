"""Registration of our types: lazy in both directions, by the entry point that is declared."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from hypothesis import Phase, find, given, settings, strategies as st

import theorycheck as tc
from theorycheck.hypothesis_types import STRATEGIES, register

register()  # what the entry point does, where the package is installed

PROJECT = Path(__file__).parents[2] / "pyproject.toml"
ONE = settings(max_examples=1, database=None, phases=[Phase.generate])
HEAVY = "{'flint', 'sympy', 'numpy', 'scipy', 'theorycheck.problems', 'theorycheck.networks'}"


def entry_point() -> EntryPoint:
    points = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["entry-points"]
    ((name, value),) = points["hypothesis"].items()
    return EntryPoint(name, value, "hypothesis")


def printed(code: str) -> str:
    value = entry_point().value.replace(":", " import ")
    hook = f"import sys, hypothesis; from {value} as hook; hook(); "
    ran = subprocess.run([sys.executable, "-c", hook + code], capture_output=True, text=True)

    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def test_the_entry_point_can_be_called() -> None:
    assert callable(entry_point().load())


def test_registration_imports_nothing_heavy_and_types_loaded_later_are_registered() -> None:
    code = (
        f"print(sorted({HEAVY} & set(sys.modules))); "
        "from hypothesis import Phase, find, strategies as st; from theorycheck import DeepLinear; "
        "print(find(st.from_type(DeepLinear), lambda net: net.depth > 1))"
    )

    assert printed(code).splitlines() == ["[]", "DeepLinear(widths=(1, 1, 1))"]


def test_strategies_are_resolved_late_and_types_loaded_before_are_registered() -> None:
    code = (
        "import sys; import theorycheck; from theorycheck.problems import Instance; "
        "early = 'hypothesis' in sys.modules; theorycheck.strategies; "
        "print(early, 'hypothesis' in sys.modules); "
        "import hypothesis; from theorycheck.hypothesis_types import register; "
        "register(); print(set(hypothesis.find(hypothesis.strategies.from_type(Instance), "
        "lambda case: True).network.widths))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    # how far the shrinker gets in depth hangs on constants that Hypothesis takes from the package
    assert ran.stdout.splitlines() == ["False True", "{1}"], ran.stderr


def test_a_registration_of_the_users_stays() -> None:
    code = (
        "from hypothesis import Phase, find, strategies as st; from theorycheck.networks import "
        "DeepLinear; st.register_type_strategy(DeepLinear, st.just(DeepLinear((5, 5)))); "
        "import theorycheck.problems; print(find(st.from_type(DeepLinear), lambda net: True))"
    )

    assert printed(code) == "DeepLinear(widths=(5, 5))"


@pytest.mark.parametrize(
    ("module", "name"), [(module, name) for module, names in STRATEGIES.items() for name in names]
)
def test_every_type_is_resolved(module: str, name: str) -> None:
    kind = getattr(sys.modules[module], name)

    assert isinstance(find(st.from_type(kind), lambda value: True, settings=ONE), kind)


@settings(max_examples=5, database=None)
@given(...)
def test_given_infers_our_types(net: tc.DeepLinear, loss: tc.SquareLoss) -> None:
    assert isinstance(net, tc.DeepLinear)
    assert isinstance(loss, tc.SquareLoss)
