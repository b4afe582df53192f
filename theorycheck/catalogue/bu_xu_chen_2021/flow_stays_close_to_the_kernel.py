r"""At finite width flow stays close to the flow of the initial kernel, across kinks.

    |D(t) - e^{-H(0) t} D(0)| <= |D(0)| (e^{-(l - eps) t} - e^{-l t})

if |H(s) - H(0)| <= eps < l = lambda_min(H(0)) for all s in [0, t]: the true content of "training
the net is training a strongly convex loss of the prediction error".

Source       theory B22(b), making Bu, Xu & Chen 2021 (abstract) precise, arXiv 2010.13165
Assumptions  |H(s) - H(0)| <= eps on the certified run; eps < lambda_min(H(0)); two samples with
             H(0) = [[p, q], [q, p]], whose exponential is elementary
Checked      for all t in [T/8, T]
Not checked  t = 0, where both sides are 0; the rate in width of eps
"""

from __future__ import annotations

from typing import Any

import sympy

from theorycheck.catalogue.du_2019.narrow_nets import printed_net
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    FromScalars,
    Source,
    claim,
    constant,
    equal,
    gt,
    lambda_min,
    le,
    norm,
    substitute,
    time,
    times,
)  # fmt: skip
from theorycheck.claims.nets import exact_number, initial_net, net_training
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices

error, least, change, factor = sympy.symbols("D_0 l epsilon c", positive=True)

BOUND = factor * error * (sympy.exp(-(least - change) * time) - sympy.exp(-least * time))
"""Of |D(t) - e^{-H(0) t} D(0)|; c = 1."""


def start_kernel_is_symmetric_in_both_samples(case: Case) -> Any:
    net = initial_net(case)
    return [equal(net.samples, 2), equal(net.initial_gram[0][0], net.initial_gram[-1][-1])]


def least_eigenvalue(case: Case) -> Any:
    return lambda_min(constant(initial_net(case).initial_gram, "H(0)"))


def gram_changes_little(case: Case) -> Any:
    run = net_training(case)
    return [
        gt(least_eigenvalue(case), case.change),
        le(run.gram_change, case.change, over=times(0, case.horizon)),
    ]


def kernel_solution(case: Case) -> FromScalars:
    """e^{-H(0) t} D(0): the sum and the difference of the errors decay at rates p + q and p - q."""
    (p, q), _ = initial_net(case).initial_gram
    start = net_training(case).at(0).error
    first, second = start[0].expression, start[1].expression
    total = (first + second) / 2 * sympy.exp(-exact_number(p + q) * time)
    gap = (first - second) / 2 * sympy.exp(-exact_number(p - q) * time)
    return FromScalars(((total + gap,), (total - gap,)))


def example(*, horizon: Any = 2, change: Any = "3/10") -> Instance:
    """The net of theory B12: one neuron comes to rest at t = 0.51, and H_22 falls by 1/4."""
    return printed_net(horizon=horizon, change=change)


def unequal() -> Instance:
    """H(0) = diag(1/2, 1/4) on orthogonal inputs, and no flips."""
    return Instance(
        inputs=[[1, 0], [0, 1]], labels=[0, 0], weights=[[1, 1], [1, -1], [-1, -1], [-1, -1]],
        outer=[1, -1, 1, 1], horizon=1, change="1/1000",
    )  # fmt: skip


def draw(choices: Choices) -> Instance:
    first, second = choices.integer(0, 4), choices.integer(-4, 0)
    labels = [sympy.Rational(first, 2), sympy.Rational(second, 2)]
    return example(horizon=1, change=choices.pick(("3/10", "2/5"))).replace(labels=labels)


@claim(
    source=Source("theory B22(b), after Bu, Xu & Chen 2021", "arXiv 2010.13165", "B22(b)"),
    family=Family("the printed net with other labels", draw),
    assumptions=[
        Assumption(
            "start_kernel_is_symmetric_in_both_samples",
            start_kernel_is_symmetric_in_both_samples,
            "n = 2 and H(0)_11 = H(0)_22",
        ),
        Assumption(
            "gram_changes_little", gram_changes_little, "|H(s) - H(0)| <= eps < lambda_min(H(0))"
        ),
    ],
    example=example,
    controls=[
        Control(
            "unequal diagonal entries, assumption dropped",
            unequal,
            drop=("start_kernel_is_symmetric_in_both_samples",),
        ),
        Control(
            "a tenth of the bound",
            lambda: example(horizon=4, change="26/100"),
            changes={"constant": sympy.Rational(1, 10)},
        ),
        Control("eps too small", lambda: example(change="1/10"), outcome="vacuous"),
        Control(
            "eps too small, assumption dropped",
            lambda: example(change="1/100000"),
            drop=("gram_changes_little",),
        ),
    ],
    proof="proofs.bu_xu_chen_2021.flow_stays_close_to_the_kernel",
    formulas={"bound": BOUND},
)
def flow_stays_close_to_the_kernel(case: Case, *, constant: Any = 1) -> Any:
    """The error of a net under flow stays close to that of its initial kernel."""
    run = net_training(case)
    values = {
        factor: constant, error: norm(run.at(0).error), least: least_eigenvalue(case),
        change: case.change,
    }  # fmt: skip
    over = times(case.horizon / 8, case.horizon)
    return le(norm(run.error - kernel_solution(case)), substitute(BOUND, values), over=over)
