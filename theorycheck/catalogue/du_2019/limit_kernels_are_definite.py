r"""The limit kernels are positive definite exactly where no inputs are parallel, nearly.

For inputs that are not 0, the first-layer and the second-layer kernel are positive definite iff
(i) no two inputs are positive multiples of each other and (ii) one of each antiparallel pair
chosen, the chosen inputs are linearly independent. Otherwise an explicit v != 0 has v^T H v = 0,
at every width and all weights with no w_r.x_i = 0.

Source       the first half: Du, Zhai, Poczos & Singh 2019, Theorem 3.1; iff: theory B3, B4
Assumptions  the criterion, or its failure, decided exactly
Checked      lambda_min > 0 of the instance's kernel (first, second or both layers); v^T H v = 0 and
             v^T K v = 0 exactly for the net of finite width with the weights of the instance
Not checked  v^T H v = 0 in the limit (balls cannot; it follows, being the mean over such nets)
"""

from __future__ import annotations

from typing import Any

from theorycheck import kernels
from theorycheck.claims import (
    Assumption,
    Case,
    Control,
    Source,
    assume,
    claim,
    constant,
    equal,
    gt,
    lambda_min,
)  # fmt: skip
from theorycheck.kernels.inputs import dot
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices
from theorycheck.problems.kernel_instances import sphere_point
from theorycheck.problems.unit_inputs import kernel_on_data
from theorycheck.verdicts import HOLDS

WEIGHTS = ((1, "1/11"), ("1/2", 1), (-1, "8/7"), (1, "-9/8"), ("-2/3", "-1/5"))


def criterion_holds(case: Case) -> Any:
    return assume.kernel_is_definite.predicate(case)


def criterion_fails(case: Case) -> Any:
    return equal(int(kernels.definiteness(case.inputs).verdict is HOLDS), 0)


def weights_are_generic(case: Case) -> Any:
    return [gt(dot(w, x) ** 2, 0) for w in case.weights for x in case.inputs if any(x)]


def plane(*inputs: Any, layers: str = "first") -> Instance:
    error = [1] * len(inputs)
    return Instance(inputs=inputs, error=error, weights=WEIGHTS, layers=layers)


def definite() -> Instance:
    """Two antiparallel pairs and a single input."""
    return plane((1, 0), (-2, 0), ("3/5", "4/5"), ("-3/5", "-4/5"), (0, 1))


def dependent() -> Instance:
    """Three antiparallel pairs in the plane."""
    return plane((1, 0), (-2, 0), (0, 1), (0, -1), (1, 1), (-1, -1))


def on_a_kink() -> Instance:
    """There both inputs of an antiparallel pair count as active."""
    return dependent().replace(weights=[(1, 0), (1, 1)])


def draw(choices: Choices) -> Instance:
    points = [sphere_point(choices.fraction(-2, 2, 3)) for _ in range(choices.integer(1, 3))]
    signs = [choices.pick([1, 2, -1]) for _ in points]
    inputs = [(s * x, s * y) for s, (x, y) in zip(signs, points, strict=True)]
    return plane(*inputs, layers=choices.pick(["first", "second", "both"]))


def draw_singular(choices: Choices) -> Instance:
    x, y = sphere_point(choices.fraction(-2, 2, 3))
    factor = choices.integer(1, 4)
    return plane((x, y), (1, "1/7"), (factor * x, factor * y))


PAPER = "Du, Zhai, Poczos & Singh 2019, Theorem 3.1, sharpened"
SOURCE = Source(PAPER, "arXiv 1810.02054", "B3, B4")


@claim(
    source=SOURCE,
    family=Family("inputs in the plane", draw),
    assumptions=[Assumption("criterion_holds", criterion_holds, "the criterion holds")],
    example=definite,
    on_data=kernel_on_data,
    controls=[
        Control("an input 0, assumption dropped", lambda: plane((0, 0)), drop=("criterion_holds",)),
        Control("three antiparallel pairs", dependent, outcome="vacuous"),
        Control("lambda_min > 1/2", definite, changes={"least": "1/2"}),
    ],
)
def limit_kernels_are_definite(case: Case, *, least: Any = 0) -> Any:
    """Where the criterion holds, the limit kernel of each layer, and of both, is definite."""
    return gt(lambda_min(case.kernel.matrix), least)


@claim(
    source=SOURCE,
    family=Family("parallel inputs in the plane", draw_singular),
    assumptions=[
        Assumption("criterion_fails", criterion_fails, "the criterion fails"),
        Assumption("weights_are_generic", weights_are_generic, "no w_r.x_i = 0"),
    ],
    example=dependent,
    controls=[
        Control("definite inputs", definite, outcome="vacuous"),
        Control("another vector", dependent, changes={"shift": 1}),
        Control("a weight on a kink, assumption dropped", on_a_kink, drop=("weights_are_generic",)),
    ],
    survives={
        "criterion_fails: dropped": "definite kernels have no null vector to speak of",
    },
)
def singular_kernels_have_an_exact_null_vector(case: Case, *, shift: Any = 0) -> Any:
    """Where the criterion fails, an explicit vector annihilates both kernels at every width."""
    found = kernels.definiteness(case.inputs).null_vector or ()
    v = constant([[x + shift] for x in found], "v")
    first = constant(kernels.finite_gram(case.inputs, case.weights), "H")
    second = constant(kernels.finite_gram(case.inputs, case.weights, layers="second"), "K")
    return [equal(v.T @ first @ v, 0), equal(v.T @ second @ v, 0)]
