r"""Near the start the Gram matrix changes by no more than the neurons that may have flipped.

    |w_r - w_r(0)| <= R for all r    =>    |H - H(0)|_ij <= B_ij(R),  so  |H - H(0)| <= |B(R)|

    B_ij = |x_i.x_j| (N_i + N_j) / m,    B_ii = |x_i|^2 N_i / m
    N_i = #{r : |w_r(0).x_i| <= R |x_i|}

Deterministic, and nearly attained; it replaces a Markov bound over random starts.

Source       theory B10, after Du, Zhai, Poczos & Singh 2019, Lemma 3.2
Assumptions  no neuron is further than R from its start; outer weights at most 1 in size
Checked      every entry, exactly, and the spectral norms
Not checked  the probabilistic form; its explicit constants are in `trajectories.seedwise`
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from theorycheck import kernels
from theorycheck.catalogue.du_2019.narrow_nets import draw_net, printed_net
from theorycheck.catalogue.du_2019.neurons_move_little import OUTER
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    claim,
    constant,
    ge,
    lambda_max,
    le,
    spectral_norm,
)  # fmt: skip
from theorycheck.claims.nets import initial_net
from theorycheck.errors import InvalidInstance
from theorycheck.kernels.inputs import rational_rows
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices


def neurons_are_near(case: Case) -> Any:
    weights, moved = (rational_rows(rows, "neurons") for rows in (case.weights, case.moved))
    if len(weights) != len(moved) or len(weights[0]) != len(moved[0]):
        raise InvalidInstance(f"{len(weights)} neurons and {len(moved)} moved ones must be as many")
    pairs = zip(weights, moved, strict=True)
    return [
        ge(case.radius, 0),
        *(le(sum((a - b) ** 2 for a, b in zip(w, v, strict=True)), case.radius**2)
          for w, v in pairs),
    ]  # fmt: skip


def example(*, radius: Any = "1/2") -> Instance:
    """The printed net of theory B12; both neurons on a small z change their pattern."""
    moved = [[1, 0], ["1/2", 1], ["-1/2", 1], [1, "-3/5"]]
    return printed_net().replace(moved=moved, radius=radius)


def flipped() -> Instance:
    """One neuron and one input: the neuron flips, and H falls from 1 to 0."""
    return Instance(
        inputs=[[1]], labels=[0], weights=[["1/10"]], outer=[1], moved=[["-1/10"]], radius="1/5"
    )


def louder() -> Instance:
    """With the outer weight 2 the flip takes H from 4 to 0; the bound is 1."""
    return flipped().replace(outer=[2])


def draw(choices: Choices) -> Instance:
    drawn = draw_net(choices)
    moved = [[q + Fraction(choices.integer(-2, 2), 4) for q in w] for w in drawn.weights]
    return drawn.replace(moved=moved, radius=choices.pick(("3/4", 1, "1/4")))


@claim(
    source=Source("theory B10, after Du et al. 2019, Lemma 3.2", "arXiv 1810.02054", "B10"),
    family=Family("narrow nets and others near them", draw),
    assumptions=[
        OUTER,
        Assumption("neurons_are_near", neurons_are_near, "|w_r - w_r(0)| <= R"),
    ],
    example=example,
    controls=[
        Control("half of the bound", flipped, changes={"factor": "1/2"}),
        Control("too far", lambda: example(radius="1/5"), outcome="vacuous"),
        Control("an outer weight of 2", louder, outcome="vacuous"),
        Control(
            "an outer weight of 2, assumption dropped",
            louder,
            drop=("outer_weights_are_at_most_one",),
        ),
        Control(
            "too far, assumption dropped",
            lambda: flipped().replace(radius="1/20"),
            drop=("neurons_are_near",),
        ),
    ],
)
def kernel_is_stable_near_the_start(case: Case, *, factor: Any = 1) -> Any:
    """Within R of the start the Gram matrix differs by at most the flips within R."""
    net, share = initial_net(case), sympy.Rational(factor)
    start = net.initial_gram
    now = kernels.finite_gram(case.inputs, case.moved, case.outer)
    bound = net.perturbation(Fraction(case.radius))
    entries = [
        le(abs(now[i][j] - start[i][j]), share * sympy.Rational(bound[i][j]))
        for i in range(len(start))
        for j in range(i + 1)
    ]
    change = constant(now, "H") - constant(start, "H(0)")
    return [*entries, le(spectral_norm(change), share * lambda_max(constant(bound, "B(R)")))]
