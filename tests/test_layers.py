"""A module imports from its own layer or an earlier one; flint is imported in two layers only."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import theorycheck

ROOT = Path(theorycheck.__file__).parent
ORDER = [
    {"_version", "errors", "hypothesis_types", "processes", "verdicts"},
    {"exact"},
    {"balls"},
    {"symbolic"},
    {"networks", "losses", "kernels"},
    {"problems"},
    {"trajectories"},
    {"claims"},
    {"catalogue"},
    {"fuzzing"},
    {"report"},
    {"experiments"},
    {"cli", "pytest_plugin", "pytest_settings", "__main__"},
]
SEPARATE = ("catalogue", "fuzzing", "report", "experiments")
FLINT = ("balls", "exact")
FILES = sorted(p for p in ROOT.rglob("*.py") if p != ROOT / "__init__.py")


def layer_of(name: str) -> int:
    found = [i for i, names in enumerate(ORDER) if name in names]
    assert found, f"{name} belongs to no layer; place it in ORDER"
    return found[0]


def imported(path: Path, *, at_import_time: bool) -> Iterator[str]:
    """Dotted names a module imports; at import time only, or anywhere."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if at_import_time else list(ast.walk(tree))
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_module_imports_its_own_layer_or_an_earlier_one(path: Path) -> None:
    own = path.relative_to(ROOT).parts[0].removesuffix(".py")
    for name in imported(path, at_import_time=True):
        parts = name.split(".")
        if parts[0] != "theorycheck" or len(parts) < 2:
            continue
        other = parts[1]
        if not any(other in names for names in ORDER):
            continue  # a name of the package itself, resolved lazily

        assert layer_of(other) <= layer_of(own), f"{own} imports {name}"
        assert not (own in SEPARATE and other in SEPARATE and own != other), f"{own} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_flint_is_imported_by_balls_and_exact_only(path: Path) -> None:
    own = path.relative_to(ROOT).parts[0]
    names = {n.split(".")[0] for n in imported(path, at_import_time=False)}

    assert "flint" not in names or own in FLINT


def test_import_of_the_package_is_light() -> None:
    code = (
        "import sys, theorycheck; heavy = {'flint', 'sympy', 'numpy', 'scipy', 'hypothesis', "
        "'matplotlib'} & set(sys.modules); print(sorted(heavy))"
    )
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert output.stdout.strip() == "[]"
