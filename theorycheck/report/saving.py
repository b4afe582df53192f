"""Write figures and tables: whole files or none."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from theorycheck._version import __version__
from theorycheck.errors import InvalidInstance

__all__ = [
    "FORMATS", "require_drawable", "require_folder", "save", "without_glyph_warnings",
    "write_whole",
]  # fmt: skip

FORMATS = (".pdf", ".png", ".svg", ".pgf")
DPI = 200


def require_drawable(path: Path) -> None:
    """Refuse what cannot be drawn before anything is computed.

    Raises
    ------
    InvalidInstance    an unknown ending, a folder that is not there, or no matplotlib
    """
    if path.suffix.lower() not in FORMATS:
        raise InvalidInstance(f"-o {path} must end in one of {', '.join(FORMATS)}")
    require_folder("-o", path)
    if importlib.util.find_spec("matplotlib") is None:
        raise InvalidInstance(
            'figures need matplotlib; install it with: pip install "theorycheck[figures]"'
        )


def require_folder(option: str, path: Path) -> None:
    if path.is_dir():
        raise InvalidInstance(f"{option} {path} is a folder; name a file")
    if not path.absolute().parent.is_dir():
        raise InvalidInstance(f"{option} {path}: the folder {path.parent} does not exist")


def save(figure: Any, path: Path, *, caption: str = "") -> None:
    """Write a figure in the format of its ending, with the caption among its metadata.

    The same figure gives the same bytes. A `.pgf` file holds TeX commands for your document, where
    your fonts set its text; it is written without LaTeX, from the metrics of matplotlib's fonts.

    Raises
    ------
    InvalidInstance    the file cannot be written
    """
    import matplotlib

    kind = path.suffix.lower()
    if kind == ".pgf":
        from theorycheck.report.pgf import pgf_text

        with without_glyph_warnings():
            text = pgf_text(figure, caption)
        write_whole(path, lambda file: file.write_text(text, encoding="utf-8"))
        return
    creator = f"theorycheck {__version__}, matplotlib {matplotlib.__version__}"
    metadata = {
        ".pdf": {"CreationDate": None, "Creator": creator, "Subject": caption},
        ".svg": {"Date": None, "Creator": creator, "Description": caption},
        ".png": {"Software": creator, "Description": caption},
    }[kind]
    settings: Any = {"svg.hashsalt": "theorycheck", "pdf.fonttype": 42}
    with matplotlib.rc_context(settings), without_glyph_warnings():
        write_whole(
            path,
            lambda file: figure.savefig(file, format=kind[1:], dpi=DPI, metadata=metadata),
        )


@contextlib.contextmanager
def without_glyph_warnings() -> Iterator[None]:
    """Let a letter that no font has be a box: whoever wrote the title sees it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+", category=UserWarning)
        yield


def write_whole(path: Path, write: Callable[[Path], Any]) -> None:
    """Let `write` fill a neighbouring file and put it in its place; an interrupt leaves nothing.

    Raises
    ------
    InvalidInstance    the file cannot be written
    """
    try:
        with _neighbour(path) as made:
            write(made)
            os.replace(made, path)
    except OSError as error:
        raise InvalidInstance(f"{path} cannot be written: {error.strerror}") from None


@contextlib.contextmanager
def _neighbour(path: Path) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.stem}-")
    os.close(handle)
    made = Path(name)
    made.chmod(0o666 & ~_mask())  # as an ordinary new file, not as a private one
    try:
        yield made
    finally:
        made.unlink(missing_ok=True)


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
