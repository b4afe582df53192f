r"""A mini-batch step of Gram-Gauss-Newton is an orthogonal projection on the kernel model.

    D+ = D - G_{.B} G_BB^{-1} D_B
    =>    D+_B = 0    and    D+^T G^{-1} D+ = D^T G^{-1} D - D_B^T G_BB^{-1} D_B

so that the error never grows in the norm of G^{-1}, and a cyclic sweep is block Gauss-Seidel: its
rate is linear, not quadratic.

Source       Cai et al. 2019 (mini-batch version); identity: theory B20(d)
Assumptions  G positive definite, exact
Checked      both identities, exactly; the norm does not grow
Not checked  nets of finite width, whose G changes
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from theorycheck.claims import (
    Case,
    Control,
    Source,
    assume,
    claim,
    constant,
    equal,
    frobenius_squared,
    inner,
    le,
)  # fmt: skip
from theorycheck.errors import InvalidInstance
from theorycheck.exact import inverse
from theorycheck.problems import Family, Instance
from theorycheck.problems.choices import Choices

ROWS = ((3, 1, "1/2"), (1, 2, "-1/3"), ("1/2", "-1/3", 1))


def batch_of(case: Case) -> list[int]:
    """The samples of the batch, from 0."""
    batch = case.batch if isinstance(case.batch, tuple) else (case.batch,)
    known = range(len(case.kernel_matrix))
    if not batch or len(set(batch)) < len(batch) or any(i not in known for i in batch):
        shown = ", ".join(map(str, batch))
        raise InvalidInstance(f"batch=[{shown}] must be distinct samples from 0 to {known[-1]}")
    return [int(i) for i in batch]


def block(rows: Any, first: Any, second: Any) -> list[list[Fraction]]:
    return [[rows[i][j] for j in second] for i in first]


def example(*, batch: Any = (0, 2)) -> Instance:
    return Instance(kernel_matrix=ROWS, error=[1, -2, "1/2"], batch=batch)


def singular() -> Instance:
    return example().replace(kernel_matrix=[[1, 1, 0], [1, 1, 0], [0, 0, 1]])


def draw(choices: Choices) -> Instance:
    """A sum of squares plus a diagonal, at times singular."""
    size, shift = choices.integer(2, 3), choices.integer(0, 3)
    a = [[choices.integer(-2, 2) for _ in range(size)] for _ in range(size)]
    gram = [[sum(p * q for p, q in zip(x, y, strict=True)) for y in a] for x in a]
    rows = [[q + shift * (i == j) for j, q in enumerate(row)] for i, row in enumerate(gram)]
    error = [choices.integer(-3, 3) for _ in range(size)]
    batch = list(range(choices.integer(1, size)))
    return Instance(kernel_matrix=rows, error=error, batch=batch)


@claim(
    source=Source("Cai et al. 2019, identity of the notes", "arXiv 1905.11675", "B20d"),
    family=Family("exact kernels, errors and batches", draw),
    assumptions=[assume.kernel_is_definite],
    example=example,
    controls=[
        Control("a damped step", example, changes={"damping": Fraction(1, 10)}),
        Control("a singular kernel", singular, outcome="vacuous"),
    ],
    survives={
        "kernel_is_definite: dropped": "the statement is in the norm of G^{-1}, which is not there",
    },
)
def mini_batch_step_is_a_projection(case: Case, *, damping: Any = 0) -> Any:
    """The batch's error becomes 0, and the error in the norm of G^{-1} falls by its part."""
    rows, batch = case.kernel_matrix, batch_of(case)
    every = range(len(rows))
    local = block(rows, batch, batch)
    damped = [[q + damping * (i == j) for j, q in enumerate(row)] for i, row in enumerate(local)]
    error = case.kernel.start
    within = constant([[case.error[i]] for i in batch], "D_B")
    columns = constant(block(rows, every, batch), "G_{.B}")
    after = error - columns @ (constant(inverse(damped), "G_{BB}^{-1}") @ within)
    chosen = constant([[int(i == j) for j in every] for i in batch], "P_B")
    whole = constant(inverse(rows), "G^{-1}")
    part = constant(inverse(local), "G_{BB}^{-1}")
    before = inner(error, whole @ error)
    left = inner(after, whole @ after)
    return [
        equal(frobenius_squared(chosen @ after), 0),
        equal(left, before - inner(within, part @ within)),
        le(left, before),
    ]
