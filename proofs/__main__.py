"""Run every proof and print a table; with a module's name, print its derivations.

python -m proofs
python -m proofs du_hu_lee_2018.balancedness
python -m proofs du_hu_lee_2018.balancedness --latex
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from time import perf_counter

import proofs
from proofs.proof import Proof


def modules() -> list[str]:
    """The proof scripts, by dotted name without the leading `proofs`."""
    found = pkgutil.walk_packages(proofs.__path__, "proofs.")
    return [m.name.removeprefix("proofs.") for m in found if not m.ispkg and m.name.count(".") == 2]


def run(name: str) -> list[Proof]:
    made: list[Proof] = importlib.import_module(f"proofs.{name}").proofs()
    return made


def table() -> None:
    print(f"{'claim':<58} {'steps':>5} {'refuted':>7} {'seconds':>7}")
    for name in modules():
        begun = perf_counter()
        for proof in run(name):
            steps = sum(len(d.steps) for d in proof.derivations)
            refuted = sum(d.refuted for d in proof.derivations)
            seconds, begun = perf_counter() - begun, perf_counter()
            print(f"{proof.claim.full_name:<58} {steps:>5} {refuted:>7} {seconds:>7.2f}")


def main(arguments: list[str]) -> int:
    names = [a for a in arguments if not a.startswith("-")]
    unknown = [n for n in names if n not in modules()]
    if unknown:
        print(f"no proof {unknown[0]}; there are: {', '.join(modules())}", file=sys.stderr)
        return 2
    if not names:
        table()
    for name in names:
        for proof in run(name):
            for derivation in proof.derivations:
                print(derivation.latex() if "--latex" in arguments else derivation)
            print(f"  ends on: {'; '.join(dict.fromkeys(proof.ends))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
