r"""The Gram matrix of a wide start is near the limit kernel, on the seed that is looked at.

    m >= 8 n^2 s^2 log(n (n + 1) / delta) / l0^2    =>    |H(0) - Hinf| <= l0 / 4
    m >= c (G / l0)       log(n / delta)              =>    lambda_min(H(0)) >= 3 l0 / 4

each with probability >= 1 - delta over Gaussian weights, with l0 = lambda_min(Hinf),
s = max |x_i|^2, G = |X|^2, c = 1 / (1/4 + (3/4) log(3/4)) = 29.2... The theorem is about a random
start; what is decided here is its inequality *on one seed*. HOLDS: this seed is not exceptional.
VIOLATED on a seed would not refute the theorem, but have probability at most delta = 10^-6.

Source       Du et al. 2019, Lemma 3.1 (Omega form); constants: theory B9(a), (b)
Assumptions  m neurons with independent weights; the condition on m
Checked      the inequality on one seed, H(0) exact
Not checked  the probability, which no single seed decides; weights are Gaussian numbers rounded to
             multiples of 2^-20, exact from there on
"""

from __future__ import annotations

from functools import partial
from typing import Any

import sympy

from theorycheck.catalogue.du_2019.wide_nets_converge_from_one_start import (
    duplicate,
    grid,
    two_inputs,
)
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    claim,
    constant,
    equal,
    ge,
    lambda_max,
    lambda_min,
    le,
    spectral_norm,
    substitute,
)  # fmt: skip
from theorycheck.claims.wide_nets import (
    initial_gram,
    inputs_are_not_parallel,
    wide_net,
    wide_net_instance,
    wide_net_on_data,
)
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices

count, least, top, size, failure = sympy.symbols("n l_0 G s delta", positive=True)

HOEFFDING_WIDTH = 8 * count**2 * size**2 * sympy.log(count * (count + 1) / failure) / least**2

QUARTER = sympy.Rational(1, 4)
CHERNOFF = 1 / (QUARTER + 3 * QUARTER * sympy.log(3 * QUARTER))
"""29.2069333373468986618586418887."""
CHERNOFF_WIDTH = CHERNOFF * top / least * sympy.log(count / failure)


def widths(case: Case, formula: Any) -> Any:
    """A formula for the width, filled in; |X|^2 = lambda_max(X X^T)."""
    products = wide_net(case).net.products
    values = {
        count: len(products), least: lambda_min(case.kernel.matrix), failure: case.failure,
        size: max(products[i][i] for i in range(len(products))),
        top: lambda_max(constant(products, "X X^T")),
    }  # fmt: skip
    return substitute(formula, {k: v for k, v in values.items() if k in formula.free_symbols})


def is_wide_enough(formula: Any) -> Assumption:
    return Assumption(
        "net_is_wide_enough",
        lambda case: [ge(case.width, widths(case, formula)), equal(case.failure * 10**6, 1)],
        "m is at least the stated width, delta = 10^-6",
    )


def _weights_are_independent(case: Case) -> Any:
    return equal(int(getattr(case.instance, "init", "") == "independent"), 1)


weights_are_independent = Assumption(
    "weights_are_independent", _weights_are_independent, "no neuron's weights repeat another's"
)

FIELDS: dict[str, Any] = {"failure": "1/1000000", "init": "independent"}


def example(*, width: Any = 4000, seed: Any = 0) -> Instance:
    return two_inputs(width=width, seed=seed, **FIELDS)


def one_input(*, width: Any, seed: Any = 0, init: str = "independent") -> Instance:
    """One input 1: Hinf = l0 = 1/2, and H(0) is the share of positive weights."""
    fields = {**FIELDS, "init": init}
    return wide_net_instance([(1,)], [0], width=width, seed=seed, **fields)


def draw(choices: Choices) -> Instance:
    width = choices.pick((1000, 4000, 5000))
    return example(width=width, seed=choices.integer(0, 999))


SOURCE = Source("Du, Zhai, Poczos & Singh 2019, Lemma 3.1, explicit", "arXiv 1810.02054", "B9")
VACUOUS = [
    Control("width 100", partial(example, width=100), outcome="vacuous"),
    Control("pairs of neurons", lambda: example().replace(init="symmetrised").without(
        "fingerprint"), outcome="vacuous"),
    Control("duplicate inputs", partial(duplicate, width=400, **FIELDS), outcome="vacuous"),
]  # fmt: skip
ON_DATA = partial(wide_net_on_data, **FIELDS)


def details(case: Case) -> dict[str, Any]:
    gram, limit = initial_gram(case), case.kernel.matrix
    return {
        "width": case.width,
        "|H(0) - Hinf|": spectral_norm(gram - limit),
        "lambda_min(H(0))": lambda_min(gram),
        "lambda_0": lambda_min(limit),
        "width asked for (Hoeffding)": widths(case, HOEFFDING_WIDTH),
        "width asked for (Chernoff)": widths(case, CHERNOFF_WIDTH),
    }


@claim(
    source=SOURCE,
    family=Family("wide starts in the plane", draw),
    assumptions=[inputs_are_not_parallel, weights_are_independent, is_wide_enough(HOEFFDING_WIDTH)],
    example=example,
    on_data=ON_DATA,
    controls=[
        Control(
            "two neurons, assumption dropped",
            partial(one_input, width=2, seed=5),
            drop=("net_is_wide_enough",),
        ),
        Control(
            "pairs of neurons, assumption dropped",
            partial(one_input, width=466, seed=15706, init="symmetrised"),
            drop=("weights_are_independent",),
        ),
        Control("a hundredth", example, changes={"factor": "1/100"}),
        *VACUOUS,
    ],
    details=details,
    grid=partial(grid, **FIELDS),
    formulas={"width": HOEFFDING_WIDTH},
    survives={
        "relation 1: strict": "|H(0) - Hinf| = l0/4 exactly takes a seed of probability below "
        "10^-6",
        "inputs_are_not_parallel: dropped": "l0 = 0 asks for an infinite width: nothing is stated",
    },
)
def start_kernel_is_near_the_limit(case: Case, *, factor: Any = 1) -> Any:
    """On this seed the Gram matrix of the start is within lambda_0 / 4 of the limit kernel."""
    limit = case.kernel.matrix
    allowed = sympy.Rational(factor) * QUARTER * lambda_min(limit)
    return le(spectral_norm(initial_gram(case) - limit), allowed)


@claim(
    source=SOURCE,
    family=Family("wide starts in the plane", draw),
    assumptions=[
        inputs_are_not_parallel, weights_are_independent, is_wide_enough(CHERNOFF_WIDTH)
    ],
    example=example,
    on_data=ON_DATA,
    controls=[
        Control("5/4 of lambda_0", example, changes={"share": "5/4"}),
        Control(
            "two neurons, assumption dropped",
            partial(one_input, width=2, seed=5),
            drop=("net_is_wide_enough",),
        ),
        Control(
            "pairs of neurons, assumption dropped",
            partial(one_input, width=808, seed=644284, init="symmetrised"),
            drop=("weights_are_independent",),
        ),
        *VACUOUS,
    ],
    details=details,
    grid=partial(grid, **FIELDS),
    formulas={"width": CHERNOFF_WIDTH},
    survives={
        "relation 1: strict": "lambda_min(H(0)) = 3 l0 / 4 exactly takes a seed of probability "
        "below 10^-6",
        "inputs_are_not_parallel: dropped": "l0 = 0 asks for an infinite width: nothing is stated",
    },
)  # fmt: skip
def start_kernel_stays_definite(case: Case, *, share: Any = "3/4") -> Any:
    """On this seed the start's Gram matrix has a least eigenvalue of at least 3/4 lambda_0."""
    limit = case.kernel.matrix
    return ge(lambda_min(initial_gram(case)), sympy.Rational(share) * lambda_min(limit))
