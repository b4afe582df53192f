"""The Hessian's quadratic form for every depth: first and second variation by induction."""

from __future__ import annotations

from proofs.proof import Proof
from theorycheck.catalogue.deep_linear_curvature import hessian_quadratic_form as claimed
from theorycheck.symbolic.derivations import hessian as derived
from theorycheck.symbolic.derivations.hessian_pairs import second_sum_is_the_sum_over_pairs


def proofs() -> list[Proof]:
    steps = (
        derived.second_variation(),
        second_sum_is_the_sum_over_pairs(),
        derived.square_loss_hessian(),
        derived.hessian_quadratic_form(),
    )
    proof = Proof(claimed.hessian_quadratic_form, steps)
    form = claimed.QUADRATIC_FORM.xreplace({claimed.cross_weight: 2})
    names = {derived.GAUSS_NEWTON: claimed.FIRST, derived.PAIRS: claimed.SECOND}
    proof.ends_on_expression(form, derived.QUADRATIC_FORM, names, relation="=")
    return [proof]
