r"""One start decides: Gram-Gauss-Newton converges quadratically where the start is good enough.

    s = sigma_min(J_0) - L_J R > 0,   q = L_J |D_0| / (2 s^2) < 1,   |D_0| / ((1 - q) s) <= R
    =>    |D_k| <= (2 s^2 / L_J) q^{2^k}    for all k,   and the weights stay within R of the start

for tanh nets with unit inputs, first layer trained, L_J = l2 |X| / sqrt(m) (Newton-Kantorovich).

Source       theory B20(b), after Cai et al. 2019 (quadratic convergence of wide nets)
Assumptions  |x_i| = 1, outer weights +-1; the conditions on R; one or two inputs
Checked      the conclusion for the steps of the instance
Not checked  later steps: there the theorem speaks; ReLU, whose J is not Lipschitz
See also     gram_gauss_newton_step_is_quadratic.py for one step, with no condition on the start
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy
from sympy import Expr

from theorycheck.catalogue.cai_2019.gram_gauss_newton_step_is_quadratic import (
    TANH,
    error_column,
    gram_matrix,
    net_is_normalised,
    one_neuron,
    preactivations,
    stepped,
)
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    claim,
    constant,
    expression_of,
    gt,
    lambda_max,
    lambda_min,
    le,
    lt,
    named,
    norm,
    sqrt,
    substitute,
)  # fmt: skip
from theorycheck.kernels.inputs import dot
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices

error, slope, lipschitz, power = sympy.symbols("D_0 s L_J p", positive=True)

RATIO = lipschitz * error / (2 * slope**2)
"""q."""
BOUND = 2 * slope**2 / lipschitz * RATIO**power
"""Of |D_k|, with p = 2^k."""


def constants(case: Case) -> dict[Any, Any]:
    """|D_0|, L_J and s of the start."""
    products = constant([[dot(x, y) for y in case.inputs] for x in case.inputs], "X X^T")
    steep = TANH * sqrt(lambda_max(products)) / sympy.sqrt(len(case.weights))
    least = sqrt(lambda_min(gram_matrix(case)))
    return {
        error: named(norm(error_column(case, preactivations(case))), r"\|D_0\|"),
        lipschitz: named(steep, "L_J"),
        slope: named(least - steep * case.radius, "s"),
    }


def start_is_good_enough(case: Case) -> Any:
    values = constants(case)
    needed = substitute(error / ((1 - RATIO) * slope), values)
    return [gt(values[slope], 0), lt(substitute(RATIO, values), 1), le(needed, case.radius)]


def example(*, label: Any = "2/5", radius: Any = "1/10", steps: Any = 2) -> Instance:
    """One neuron with output tanh(1/2) = 0.462..."""
    return one_neuron().replace(labels=[label], radius=radius, steps=steps)


def long_input() -> Instance:
    """At z = 13/20, where tanh'' is largest: J is twice as steep as L_J says."""
    near = example(label="143/250", radius="1/1000")
    return near.replace(inputs=[[2, 0]], weights=[["13/40", 0]])


def draw(choices: Choices) -> Instance:
    """One neuron and its label, at times too far for the conditions."""
    label = Fraction(choices.integer(18, 28), 50)
    return example(label=label, radius=choices.pick(("1/10", "1/5")), steps=choices.integer(1, 2))


@claim(
    source=Source("theory B20(b), after Cai et al. 2019", "arXiv 1905.11675", "B20b"),
    family=Family("tanh nets of one neuron", draw),
    assumptions=[
        Assumption("net_is_normalised", net_is_normalised, "|x_i| = 1, a_r = +-1"),
        Assumption(
            "start_is_good_enough", start_is_good_enough, "s > 0, q < 1, |D_0|/((1-q)s) <= R"
        ),
    ],
    example=example,
    controls=[
        Control("an input of norm 2, assumption dropped", long_input, drop=("net_is_normalised",)),
        Control("q to the power 2^k + 2", example, changes={"extra": 2}),
        Control("a label far away", lambda: example(label="-9/10"), outcome="vacuous"),
    ],
    formulas={"q": RATIO, "bound of |D_k|": BOUND},
)
def gram_gauss_newton_converges_from_one_start(case: Case, *, extra: Any = 0) -> Any:
    """From a good start Gram-Gauss-Newton's error falls like q^{2^k}."""
    values, z, relations = constants(case), preactivations(case), []
    for k in range(1, case.steps + 1):
        z = [
            [_named(q, f"z^{{({k})}}_{{{i + 1},{r + 1}}}") for r, q in enumerate(row)]
            for i, row in enumerate(stepped(case, z))
        ]
        bound = substitute(BOUND, {**values, power: 2**k + extra})
        relations.append(le(norm(error_column(case, z)), bound))
    return relations


def _named(value: Expr, name: str) -> Expr:
    return expression_of(named(value, name))
