"""Terms of the kernel model: derivatives by structure, exact values, replay, refusals."""

from __future__ import annotations

import math
from fractions import Fraction as F
from typing import Any

import pytest
import sympy

import theorycheck as tc
from tests.catalogue.enclose import enclose
from theorycheck.claims import Case, time
from theorycheck.claims.derivatives import derivative
from theorycheck.claims.terms import Term
from theorycheck.errors import InvalidClaim, InvalidInstance

HALF = sympy.Rational(1, 2)
INSTANCE = tc.Instance(
    kernel_matrix=[["3/4", "3/10"], ["3/10", "1/2"]], error=["-5/4", "17/20"], horizon=5
)
KERNEL = Case(INSTANCE).kernel
PATHS = {
    "flow": KERNEL.flow,
    "HB": KERNEL.heavy_ball(HALF),
    "NAG": KERNEL.nesterov(4),
    "HB, s": KERNEL.high_resolution("HB", sympy.Rational(1, 9), HALF),
    "NAG, s": KERNEL.high_resolution("NAG", sympy.Rational(1, 9), HALF),
}
AT, STEP = F(3, 2), F(1, 2**12)


def quotient(term: Any) -> Any:
    """A central difference quotient, right to order STEP^2."""
    later, earlier = enclose(term.at(AT + STEP), INSTANCE), enclose(term.at(AT - STEP), INSTANCE)
    return (later - earlier) / (2 * STEP)


def terms_of(name: str) -> list[Any]:
    path = PATHS[name]
    found = [path.error[0, 0], path.velocity[1, 0], tc.frobenius_squared(path.error),
             path.pseudo_loss, tc.frobenius_squared(path.velocity)]  # fmt: skip
    if name in ("HB", "NAG"):
        found.append(path.energy)
    if name != "NAG":
        scaled = path.scaled(sympy.Rational(2, 3))
        found += [scaled.error[1, 0], scaled.pseudo_loss, tc.frobenius_squared(scaled.velocity)]
        found += [scaled.energy] if name == "HB" else []
    return found


@pytest.mark.parametrize("name", PATHS)
def test_derivatives_by_structure_are_difference_quotients(name: str) -> None:
    for term in terms_of(name):
        rate = Term(derivative(term.expression, INSTANCE))

        assert abs(float(enclose(rate.at(AT), INSTANCE)) - float(quotient(term))) < 1e-6


def test_squared_norm_and_forms_agree_with_the_entries() -> None:
    matrix = KERNEL.matrix
    for path in PATHS.values():
        error, velocity = path.error.at(AT), path.velocity.at(AT)
        square = sum((error[i, 0] ** 2 for i in range(2)), start=Term(sympy.S.Zero))
        form = tc.inner(error, matrix @ error) / 2

        assert enclose(tc.frobenius_squared(error) - square, INSTANCE).contains(0)
        assert enclose(path.pseudo_loss.at(AT) - form, INSTANCE).contains(0)
        if path in (PATHS["HB"], PATHS["NAG"]):
            energy = form + tc.frobenius_squared(velocity) / 2
            assert enclose(path.energy.at(AT) - energy, INSTANCE).contains(0)


def test_start_and_first_iterates_are_exact() -> None:
    @tc.claim(source="test")
    def one_step(case: Any) -> Any:
        """The first iterate of gradient descent is (I - eta H) D(0)."""
        run, start = case.kernel.iterates("GD", HALF), case.kernel.start
        return [
            tc.equal(run.at(1), start - case.kernel.matrix @ start * HALF),
            tc.equal(case.kernel.flow.error.at(0), start),
        ]

    judgement = tc.check(one_step, INSTANCE)

    assert judgement.verdict is tc.HOLDS
    assert judgement.evidence.value == "exact"


def test_energy_is_nonincreasing_by_structure() -> None:
    @tc.claim(source="test")
    def energy_falls(case: Any) -> Any:
        """The energy of heavy ball does not increase."""
        return tc.nonincreasing(case.kernel.heavy_ball(HALF).energy, over=tc.times(0, case.horizon))

    assert tc.check(energy_falls, INSTANCE).verdict is tc.HOLDS


def test_instance_of_a_kernel_model_survives_json() -> None:
    assert tc.Instance.from_json(INSTANCE.to_json()) == INSTANCE


@pytest.mark.parametrize(
    "fields",
    [
        {"kernel_matrix": [[1, 2], [2, 1]], "error": [1, 1]},
        {"kernel_matrix": [[1, 0], [0, 1]], "error": [1]},
        {"kernel_matrix": [[1, 0], [0, 1]]},
        {"error": [1, 1]},
    ],
    ids=str,
)
def test_ill_formed_models_are_refused(fields: dict[str, Any]) -> None:
    @tc.claim(source="test")
    def shrinks(case: Any) -> Any:
        """The error shrinks."""
        error = tc.frobenius_squared(case.kernel.flow.error.at(time))
        start = tc.frobenius_squared(case.kernel.start)
        return tc.le(error, start, over=tc.times(1, 2))

    with pytest.raises((InvalidInstance, InvalidClaim)):
        tc.check(shrinks, tc.Instance(**fields))


def test_scaled_energy_has_its_factor_and_may_grow() -> None:
    """e^{20 t} E(t) grows, for E falls at most like e^{-2 b t}; it was taken to fall."""
    scaled, plain = PATHS["HB"].scaled(10).energy, PATHS["HB"].energy
    ratio = float(enclose(scaled.at(AT), INSTANCE)) / float(enclose(plain.at(AT), INSTANCE))

    assert abs(ratio / math.exp(30) - 1) < 1e-12

    @tc.claim(source="test")
    def scaled_energy_falls(case: Any) -> Any:
        """e^{20 t} E(t) does not increase."""
        energy = case.kernel.heavy_ball(HALF).scaled(10).energy
        return tc.nonincreasing(energy, over=tc.times(0, case.horizon))

    assert tc.check(scaled_energy_falls, INSTANCE).verdict is tc.VIOLATED


@pytest.mark.parametrize(
    "made",
    [
        lambda: KERNEL.heavy_ball(time),
        lambda: KERNEL.nesterov(1 + time),
        lambda: KERNEL.flow.scaled(time),
        lambda: KERNEL.iterates("GD", 1 / (1 + tc.step)),
    ],
)
def test_parameters_that_vary_are_refused(made: Any) -> None:
    with pytest.raises(InvalidClaim, match="must not vary"):
        made()
