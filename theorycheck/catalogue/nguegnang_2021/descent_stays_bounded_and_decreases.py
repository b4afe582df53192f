r"""With a step size in terms of the start, descent stays bounded, nearly balanced, and decreases.

    M = (sqrt(2 f_0) + ||Y||_F) / sigma_min(X),   K = M^{2/n} + (n - 1) (delta_0 + 2 eta f_0)
    eta <= 1 / (3.6 n (K^{n-1} ||X||_s^2 + K^{n/2-1} ||X||_s ||Y||_F))     gives for all k
    ||W_j(k)||_s^2 <= K,   ||D_j(k) - D_j(0)||_s <= 2 eta f_0,
    f(theta_{k+1}) <= f(theta_k) - (eta/2) ||grad f(theta_k)||^2

for f = ||W_{n:1} X - Y||_F^2 / 2; a mean over N samples counts as X / sqrt(N), Y / sqrt(N).

Source       Nguegnang, Rauhut & Terstiege 2021 (form); constants and proof: theory A24
Assumptions  f as above; X of full row rank; the step size inequality, a predicate since K
             contains eta
Checked      every step up to the given number
Not checked  convergence to a critical point (Lojasiewicz); the paper's own constants, which are
             remembered and do not ship
See also     layer_norms_follow_the_end_to_end_matrix.py; catalogue/du_hu_lee_2018/balancedness.py
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any

import sympy

from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    assume,
    claim,
    constant as fixed,
    frobenius_squared,
    gt,
    lambda_max,
    lambda_min,
    le,
    maximum,
    spectral_norm,
    sqrt,
    steps,
    substitute,
)  # fmt: skip
from theorycheck.problems import Family, Instance, deep_linear_instance, families
from theorycheck.problems.choices import Choices
from theorycheck.problems.spoiled import with_leaky_layers

n, eta, initial, imbalance = sympy.symbols(r"n \eta f_0 \delta_0", nonnegative=True)
inputs, outputs, least = sympy.symbols(r"\|X\|_s \|Y\|_F \sigma_{\min}(X)", positive=True)

PRODUCT_BOUND = (sympy.sqrt(2 * initial) + outputs) / least
"""M, which bounds the norm of the end-to-end matrix."""

DRIFT_BOUND = 2 * eta * initial
"""Bound of the drift of every imbalance."""

LAYER_BOUND = PRODUCT_BOUND ** (2 / n) + (n - 1) * (imbalance + DRIFT_BOUND)
"""K, which bounds the squared norm of every layer."""

STEP_SIZE_DENOMINATOR = (
    sympy.Rational(18, 5)
    * n
    * (LAYER_BOUND ** (n - 1) * inputs**2 + LAYER_BOUND ** (n / 2 - 1) * inputs * outputs)
)
"""Eta times this is at most 1."""


NEAR_ONE = (
    "the step size bound makes eta ||Hess f|| at most 1, where the descent lemma gives half of "
    "eta ||grad f||^2, but in fact about 0.07, where nearly all of it is gained"
)


def imbalance_at_start(case: Case) -> Any:
    """The largest imbalance of the start of descent; 0 at depth one."""
    found = [spectral_norm(d.at(0)) for d in case.descent.imbalances]
    return maximum(found) if found else 0


def values(case: Case) -> dict[sympy.Expr, Any]:
    gram = fixed(case.loss.gram, "A")
    return {
        n: case.network.depth, eta: case.step_size, initial: case.descent.loss.at(0),
        imbalance: imbalance_at_start(case), outputs: sqrt(2 * case.loss.constant),
        inputs: sqrt(lambda_max(gram)), least: sqrt(lambda_min(gram)),
    }  # fmt: skip


def inputs_have_full_row_rank(case: Case) -> Any:
    return gt(lambda_min(fixed(case.loss.gram, "A")), 0)


def step_size_is_small(case: Case) -> Any:
    return le(case.step_size * substitute(STEP_SIZE_DENOMINATOR, values(case)), 1)


def example(
    *, depth: Any = 3, width: Any = 2, seed: Any = 4, step_size: Any = "1/1024", steps: Any = 16
) -> Instance:
    """A random net, nearly the largest admissible power of two as the step."""
    return deep_linear_instance(
        target=[[1, "1/2"], [0, 1]], depth=depth, width=width, start="random", scale="1/2",
        seed=seed, step_size=step_size, steps=steps,
    )  # fmt: skip


def scalar(*, step_size: Any = "4999/100000", steps: Any = 8) -> Instance:
    """X = Y = 1 and W_1 = W_2 = 1/2: the largest step is 0.04999381... (theory A24)."""
    return deep_linear_instance(
        target=[[1]], weights=[[["1/2"]], [["1/2"]]], step_size=step_size, steps=steps
    )


def large_steps() -> Instance:
    """Steps of 9 from the same start: the layers explode."""
    return scalar(step_size=9, steps=4)


def unequal() -> Instance:
    """Scalar layers 3/2 and 1/2, which move for a while."""
    return scalar(step_size="1/256", steps=16).replace(start=["3/2", "1/2"])


def leaky() -> Instance:
    """A net with |z| between its layers, whose imbalances are not conserved even by the flow."""
    return with_leaky_layers(example(seed=0, steps=32), slope=-1)


def draw(choices: Choices) -> Instance:
    """Nets of norm about one, whitened or with data of one feature, and steps mostly admissible."""
    kind, features = choices.pick((("whitened", None), ("data", 1)))
    point = families.draw_point(
        choices, (1, 3), (1, 2), kind, start=("balanced", "entries"), inputs=features
    )
    size = Fraction(1, 2 ** choices.integer(9, 16))
    return point.replace(step_size=size, steps=choices.integer(1, 5))


@claim(
    source=Source("Nguegnang, Rauhut & Terstiege 2021, own constants", "arXiv 2108.02040", "A24"),
    family=Family("nets with a small step", draw),
    assumptions=[
        assume.square_loss,
        Assumption("inputs_have_full_row_rank", inputs_have_full_row_rank, "X X^T > 0"),
        Assumption(
            "step_size_is_small",
            step_size_is_small,
            "3.6 n eta (K^{n-1} ||X||^2 + K^{n/2-1} ||X|| ||Y||) <= 1",
        ),
    ],
    example=example,
    on_data=partial(deep_linear_instance, depth=2, scale="1/2", step_size="1/65536", steps=16),
    controls=[
        Control("decrease by eta ||grad f||^2", scalar, changes={"decrease": Fraction(1)}),
        Control("leaky layers", leaky, drop=("loss_is_square",)),
        Control("leaky layers, assumption kept", leaky, outcome="vacuous"),
        Control("a tenth of the drift", unequal, changes={"drift": Fraction(1, 10)}),
        Control("a step of 9", lambda: scalar(step_size=9, steps=4), drop=("step_size_is_small",)),
        Control(
            "a step of 9, assumption kept", lambda: scalar(step_size=9, steps=4), outcome="vacuous"
        ),
    ],
    formulas={
        "layer bound": LAYER_BOUND,
        "drift bound": DRIFT_BOUND,
        "step size denominator": STEP_SIZE_DENOMINATOR,
    },
    survives={
        "decrease: constant 10/9": NEAR_ONE,
        **dict.fromkeys(
            (
                "drift: constant 1/2",
                "drift: constant 9/10",
                "relation 5: tightened 1/2",
                "relation 5: tightened 9/10",
            ),
            f"the drift is a sum of decreases of the loss, each taken twice too large: {NEAR_ONE}",
        ),
        "inputs_have_full_row_rank: dropped": "K divides by sigma_min(X) and would be infinite",
    },
)
def descent_stays_bounded_and_decreases(
    case: Case, *, decrease: Fraction = Fraction(1, 2), drift: Fraction = Fraction(1)
) -> Any:
    """Descent with a small step keeps its layers bounded, its drift small and the loss falling."""
    run, last, given = case.descent, int(case.steps), values(case)
    every = steps(0, last)
    largest, moved = substitute(LAYER_BOUND, given), substitute(DRIFT_BOUND, given)
    lower = run.loss - decrease * case.step_size * frobenius_squared(run.gradient)
    return [
        *(le(spectral_norm(w) ** 2, largest, over=every) for w in run.layers),
        *(le(spectral_norm(d - d.at(0)), drift * moved, over=every) for d in run.imbalances),
        le(run.loss.next(), lower, over=steps(0, last - 1)),
    ]
