"""Run the notebooks and keep their outputs: `python -m tests.notebooks [NAME ...]`.

A stored notebook holds what a reader sees without running it: texts, formulas, figures as PNG.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "notebooks"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
SECONDS = 300
RICHEST = ("image/png", "text/latex", "text/plain")
"""Of an output in several kinds a reader sees the first, and only that is kept."""


def executed(path: Path, folder: str | Path) -> Any:
    """Run a notebook in a folder, from top to bottom in a new kernel, and return it."""
    import nbclient
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(
        notebook,
        timeout=SECONDS,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
    ).execute()
    return notebook


def shown(notebook: Any) -> list[list[tuple[str, str]]]:
    """What the reader sees below each cell: kinds of output, with their text; of a figure its kind.

    The pixels of a figure depend on matplotlib and its fonts, its text on nothing we promise.
    """
    return [_joined(cell.get("outputs", [])) for cell in notebook.cells]


def _joined(outputs: Any) -> list[tuple[str, str]]:
    """Parts of outputs; where the kernel cut a stream depends on time, so streams are joined."""
    parts: list[tuple[str, str]] = []
    for kind, text in (part for output in outputs for part in _parts(output)):
        if parts and kind == parts[-1][0] == "stdout":
            parts[-1] = (kind, parts[-1][1] + text)
        else:
            parts.append((kind, text))
    return parts


def _parts(output: Any) -> list[tuple[str, str]]:
    if output.output_type == "stream":
        return [(output.name, output.text)]
    if output.output_type == "error":
        return [("error", output.evalue)]
    kind = next(kind for kind in RICHEST if kind in output.data)
    return [(kind, "" if kind == "image/png" else output.data[kind])]


def keep(path: Path) -> None:
    """Run a notebook and store its outputs in it."""
    import nbformat

    with tempfile.TemporaryDirectory() as folder:
        notebook = executed(path, folder)
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat_minor = 5
    for number, cell in enumerate(notebook.cells):
        cell["id"], cell["metadata"] = f"cell-{number:02d}", nbformat.from_dict({})
        for output in cell.get("outputs", []):
            if "data" in output:
                kind = next(kind for kind in RICHEST if kind in output.data)
                output.data = nbformat.from_dict({kind: output.data[kind]})
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:] or sorted(path.stem for path in FOLDER.glob("*.ipynb")):
        keep(FOLDER / f"{name}.ipynb")
        print(name)
