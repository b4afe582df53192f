"""Find claims: the shipped catalogue by name, a user's claims by file."""

from __future__ import annotations

import difflib
import hashlib
import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from theorycheck.claims.claim import Claim
from theorycheck.errors import InvalidClaim, UnknownClaim

__all__ = [
    "claims_in_file", "claims_in_module", "find", "module_of_file", "namesakes", "number_of",
    "papers", "shipped_claims",
]  # fmt: skip


_executing: set[str] = set()  # files being executed, so that none executes itself again


def shipped_claims() -> dict[str, Claim]:
    """All shipped claims by full name, in the order of papers and files.

    Modules are found by listing the package; a new file with a claim is in the catalogue.
    """
    import theorycheck.catalogue as package

    found: dict[str, Claim] = {}
    for info in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not info.ispkg:
            for claim in claims_in_module(importlib.import_module(info.name)):
                found[claim.full_name] = claim
    return found


def papers() -> dict[str, ModuleType]:
    """The catalogue's folders; each docstring is the index card of a paper."""
    import theorycheck.catalogue as package

    names = [i.name for i in pkgutil.iter_modules(package.__path__) if i.ispkg]
    return {n: importlib.import_module(f"{package.__name__}.{n}") for n in names}


def claims_in_module(module: ModuleType) -> list[Claim]:
    """The claims defined in a module, in order of definition."""
    unique: dict[int, Claim] = {}
    for item in vars(module).values():
        if isinstance(item, Claim) and item.module == module.__name__:
            unique[id(item)] = item
    return list(unique.values())


def namesakes(claims: Iterable[Claim], name: str) -> list[Claim]:
    """The claims of one full name; a file may make several."""
    return [claim for claim in claims if claim.full_name == name]


def number_of(claim: Claim) -> int | None:
    """Which of its namesakes in its module a claim is, as another process counts them.

    The only claim of its name is taken for it even if it was made anew since, unless one of them
    is spoiled. None: another process cannot find it.
    """
    module = sys.modules.get(claim.module)
    known = [] if module is None else namesakes(claims_in_module(module), claim.full_name)
    found = [i for i, c in enumerate(known) if c is claim]
    if not found and len(known) == 1 and known[0].changed == claim.changed:
        return 0
    return found[0] if found else None


def claims_in_file(path: str | Path) -> list[Claim]:
    """Execute a user's Python file and return its claims.

    Raises
    ------
    InvalidClaim    no such file, no Python, an error while it runs, or no claim in it
    """
    found = claims_in_module(module_of_file(path))
    if not found:
        raise InvalidClaim(f"{path} defines no claim; decorate a function with @tc.claim(...)")
    return found


def module_of_file(path: str | Path) -> ModuleType:
    """Execute a user's Python file.

    Raises
    ------
    InvalidClaim    no such file, no Python, or an error while it runs
    """
    file = Path(path)
    if not file.is_file():
        raise InvalidClaim(f"{path}: no such file; give a Python file of your own")
    name = "theorycheck_user_" + hashlib.sha256(str(file.resolve()).encode()).hexdigest()[:12]
    spec = importlib.util.spec_from_loader(name, loader=None, origin=str(file))
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    module.__file__ = str(file.resolve())
    try:
        code = compile(file.read_text(encoding="utf-8"), module.__file__, "exec")
    except (SyntaxError, ValueError, UnicodeDecodeError) as error:
        line = getattr(error, "lineno", None)
        place = f" line {line}" if line else ""
        raise InvalidClaim(f"{path}{place} is no Python: {error}") from None
    if name in _executing:
        raise InvalidClaim(
            f"{path} asks for its own claims while it is executed; "
            'put checks and replays under `if __name__ == "__main__":`'
        )
    sys.modules[name] = module
    _executing.add(name)
    try:
        exec(code, module.__dict__)
    except InvalidClaim:
        raise
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        raise InvalidClaim(f"{path} fails when it runs: {type(error).__name__}: {error}") from error
    finally:
        _executing.discard(name)
    return module


def find(name: str) -> list[Claim]:
    """Resolve a claim, a paper or a Python file.

    Raises
    ------
    UnknownClaim    with the nearest names
    InvalidClaim    a file that cannot be used
    """
    if name.endswith(".py"):
        return claims_in_file(name)
    known = shipped_claims()
    if name in known:
        return [known[name]]
    matching = [c for c in known.values() if name in (c.name, c.paper)]
    if matching:
        return matching
    names = [*known, *(c.name for c in known.values()), *papers()]
    near = list(dict.fromkeys(difflib.get_close_matches(name, names, n=4, cutoff=0.4)))
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    raise UnknownClaim(f"no claim or paper is called {name!r}{hint} (see: theorycheck list)")
