"""Set flint's global working precision, and give it back.

The precision of flint is one number for the whole process. This module is the only one that
sets it; compute balls in processes, not in threads.
"""

from __future__ import annotations

from types import TracebackType

import flint

from theorycheck.errors import InvalidInstance

__all__ = ["precision", "working_bits"]

_context = flint.ctx


class precision:
    """Run a block at a working precision, and restore the caller's precision whatever happens.

    Parameters
    ----------
    bits : int    >= 2; bits of the midpoints (radii always have 30)

    Examples
    --------
    >>> with precision(128):
    ...     working_bits()
    128
    """

    __slots__ = ("_bits", "_saved")

    def __init__(self, bits: int) -> None:
        if bits < 2:
            raise InvalidInstance(f"bits={bits} must be at least 2; 64 is the usual start")
        self._bits = bits
        self._saved: list[int] = []

    def __enter__(self) -> None:
        self._saved.append(_context.prec)
        _context.prec = self._bits

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        _context.prec = self._saved.pop()


def working_bits() -> int:
    """Return the working precision in bits."""
    return int(_context.prec)
