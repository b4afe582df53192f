"""The notebooks run from top to bottom, and show what they have stored."""

import json
import re
from pathlib import Path

import pytest

from tests.notebooks import FOLDER, executed, shown

NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LINES = ["descent_and_flow", "implicit_bias", "tangent_kernels"]

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@every_notebook
def test_stored_outputs_are_those_of_a_fresh_run(path, tmp_path):
    """Texts and formulas to the letter, no cell exempt: none shows a time. Figures by existence."""
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("nbclient")
    stored = nbformat.read(path, as_version=4)
    fresh = executed(path, tmp_path)

    for cell, before, now in zip(stored.cells, shown(stored), shown(fresh), strict=True):
        assert before == now, f"python -m tests.notebooks {path.stem}\n{cell.source}"


def cells(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def test_there_is_one_notebook_per_line_of_papers():
    assert {"quick_start", "derivations", *LINES} == {path.stem for path in NOTEBOOKS}


@every_notebook
def test_notebook_is_small_and_has_its_outputs(path):
    code = [cell for cell in cells(path) if cell["cell_type"] == "code"]
    outputs = [output for cell in code for output in cell["outputs"]]

    assert path.stat().st_size < 300_000
    assert len(outputs) > len(code) / 2
    assert all(cell["execution_count"] for cell in code)
    assert not [output for output in outputs if output["output_type"] == "error"]


@every_notebook
def test_notebook_uses_the_public_interface_alone(path):
    source = "\n".join(
        "".join(cell["source"]) for cell in cells(path) if cell["cell_type"] == "code"
    )
    imported = set(re.findall(r"^\s*(?:from|import) (theorycheck.*)$", source, re.MULTILINE))

    assert imported <= {
        "theorycheck as tc", "theorycheck import symbolic as s",
        "theorycheck.errors import InvalidExpression",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["quick_start", *LINES])
def test_tour_derives_checks_fuzzes_and_draws(name):
    source = "\n".join("".join(cell["source"]) for cell in cells(FOLDER / f"{name}.ipynb"))
    images = [
        output
        for cell in cells(FOLDER / f"{name}.ipynb")
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]

    assert images
    assert "tc.check(" in source
    assert "tc.fuzz(" in source
    assert "s.derive(" in source or "s.Derivation(" in source
