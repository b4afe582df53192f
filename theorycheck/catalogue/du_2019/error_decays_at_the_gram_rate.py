r"""While the Gram matrix stays above mu, the prediction error decays at rate mu.

    |D(t)| <= e^{-mu t} |D(0)|        (the squared norm at rate 2 mu)

Source       theory B7 (with sliding), after Du et al. 2019, arXiv 1810.02054
Assumptions  lambda_min(H(s)) >= mu for all s in [0, T], on the certified run
Checked      for all t in [T/8, T], across kinks
Not checked  the start itself, where both sides agree; the lower bound with lambda_max
"""

from __future__ import annotations

from typing import Any

import sympy

from theorycheck.catalogue.du_2019.narrow_nets import narrow_nets, printed_net
from theorycheck.catalogue.du_2019.neurons_move_little import gram_stays_definite, one_active_neuron
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    claim,
    le,
    norm,
    substitute,
    time,
    times,
)  # fmt: skip
from theorycheck.claims.nets import net_training

error, rate, factor = sympy.symbols("D_0 mu c", positive=True)

BOUND = error * sympy.exp(-factor * rate * time)
"""Of |D(t)|; c = 1."""


@claim(
    source=Source("theory B7, after Du et al. 2019", "arXiv 1810.02054", "B7"),
    family=narrow_nets(rate="1/8"),
    assumptions=[
        Assumption("gram_stays_definite", gram_stays_definite, "lambda_min(H(s)) >= mu on [0, T]")
    ],
    example=lambda: printed_net(rate="1/8"),
    controls=[
        Control("the rate of the squared norm", one_active_neuron, changes={"constant": 2}),
        Control(
            "mu above lambda_min(H), assumption dropped",
            lambda: one_active_neuron().replace(rate=1),
            drop=("gram_stays_definite",),
        ),
    ],
    proof="proofs.du_2019.error_decays_at_the_gram_rate",
    formulas={"bound of |D(t)|": BOUND},
)
def error_decays_at_the_gram_rate(case: Case, *, constant: Any = 1) -> Any:
    """The error of a net under flow decays at the rate of its least Gram eigenvalue."""
    run = net_training(case)
    values = {error: norm(run.at(0).error), rate: case.rate, factor: constant}
    over = times(case.horizon / 8, case.horizon)
    return le(norm(run.error), substitute(BOUND, values), over=over)
