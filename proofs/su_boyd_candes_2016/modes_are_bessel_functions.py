"""The modes of friction 2 and 4, by substitution into Nesterov's equation."""

from __future__ import annotations

import sympy

from proofs.proof import Proof
from theorycheck.catalogue.su_boyd_candes_2016 import modes_are_bessel_functions as claimed
from theorycheck.symbolic.derivations import nesterov as derived


def proofs() -> list[Proof]:
    steps = (
        derived.power_series(),
        derived.alpha_two(),
        derived.alpha_three(),
        derived.alpha_four(),
    )
    proof = Proof(claimed.modes_are_bessel_functions, steps)
    names = {derived.root: sympy.S.One, derived.t: claimed.z}
    for friction, curve in ((2, derived.ALPHA_TWO), (4, derived.ALPHA_FOUR)):
        proof.ends_on_expression(claimed.ELEMENTARY[friction], curve, names, relation="=")
    return [proof]
