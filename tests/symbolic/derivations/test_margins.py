"""The growth of the margin: printed vectors, a net with three samples, spoiled formulas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import pytest
import sympy

from theorycheck.symbolic.derivation import Derivation, StepFailed
from theorycheck.symbolic.derivations import margin_slack, margins


@pytest.mark.parametrize(
    ("module", "name", "spoiled", "derive"),
    [
        (margins, "ALIGNMENT", margins.ALIGNMENT**2, margins.direction_moves),
        (margins, "SPEED", margins.SPEED / 2, margins.direction_moves),
        (margins, "MARGIN_GROWTH", margins.MARGIN_GROWTH + margins.L, margins.margin_growth),
        (margins, "MARGIN_GROWTH", -margins.MARGIN_GROWTH, margins.margin_grows),
        (margins, "HALF", sympy.S.One, margins.margin_grows),
        (margin_slack, "exponential", lambda x: x * sympy.log(x), margin_slack.exponential_slack),
        (margin_slack, "exponential", lambda x: -sympy.log(x), margin_slack.exponential_loss),
        (margin_slack, "logistic", margin_slack.exponential, margin_slack.logistic_slack),
        (margin_slack, "_ratio", lambda x: 1 - sympy.exp(-x), margin_slack.logistic_slack),
        (margin_slack, "margin", lambda i: -sympy.log(margin_slack.p(i)),
         margin_slack.exponential_slack_is_an_entropy),
    ],
)  # fmt: skip
def test_spoiled_formula_fails(
    module: Any,
    name: str,
    spoiled: object,
    derive: Callable[[], Derivation],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, name, spoiled)

    with pytest.raises(StepFailed):
        derive()


def exponential(q: Any) -> Any:
    return mpmath.exp(-q)


def logistic(q: Any) -> Any:
    return mpmath.log(1 + mpmath.exp(-q))


LOSSES = {
    "exp": (exponential, lambda q: mpmath.exp(-q), lambda x: -mpmath.log(x)),
    "log": (logistic, lambda q: 1 / (1 + mpmath.exp(q)), lambda x: -mpmath.log(mpmath.expm1(x))),
}
"""l, -l' and l^{-1}."""


class Model:
    """q_i = z_i . u, where u = theta (L = 1) or u = theta * theta entrywise (L = 2)."""

    def __init__(self, loss: str, degree: int, samples: list[list[int]]) -> None:
        self.value, self.weight, self.inverse = LOSSES[loss]
        self.degree, self.samples = degree, samples

    def margins(self, theta: list[Any]) -> list[Any]:
        return [
            sum(z * x**self.degree for z, x in zip(s, theta, strict=True)) for s in self.samples
        ]

    def velocity(self, theta: list[Any]) -> list[Any]:
        w, d = [self.weight(q) for q in self.margins(theta)], self.degree
        return [
            sum(w_i * s[k] * d * x ** (d - 1) for w_i, s in zip(w, self.samples, strict=True))
            for k, x in enumerate(theta)
        ]

    def smoothed(self, theta: list[Any]) -> Any:
        return self.inverse(sum(self.value(q) for q in self.margins(theta)))

    def growth(self, theta: list[Any]) -> tuple[Any, Any]:
        """The derivative along the flow by differences, and the formula of the derivation."""
        v = self.velocity(theta)

        def along(function: Callable[[list[Any]], Any]) -> Any:
            moved = [lambda t, x=x, s=s: x + t * s for x, s in zip(theta, v, strict=True)]
            return mpmath.diff(lambda t: function([m(t) for m in moved]), 0)

        norm = lambda y: mpmath.log(mpmath.norm(y))  # noqa: E731
        log_margin = lambda y: mpmath.log(self.smoothed(y)) - self.degree * norm(y)  # noqa: E731
        alpha, q = self.smoothed(theta), self.margins(theta)
        nu = sum(self.weight(x) * x for x in q)
        squared = mpmath.fdot(theta, v) ** 2 / mpmath.fdot(theta, theta) / mpmath.fdot(v, v)
        formula = sympy.lambdify(
            (margins.L, margins.nu, margins.slope, margins.alpha, margins.beta),
            margins.MARGIN_GROWTH, "mpmath",
        )  # fmt: skip
        known = formula(self.degree, nu, self.weight(alpha), alpha, mpmath.sqrt(squared))
        return along(log_margin) / along(norm), known


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("exp", "2.4814939400024485557279028694143"),
        ("log", "3.0430621182550186506129922409241"),
    ],
)
def test_growth_takes_the_printed_values(loss: str, expected: str) -> None:
    with mpmath.workdps(40):
        _, formula = Model(loss, 1, [[1, 0], [0, 1]]).growth([mpmath.mpf(1), mpmath.mpf(2)])

        assert abs(formula - mpmath.mpf(expected)) < 1e-29


@pytest.mark.parametrize("loss", ["exp", "log"])
@pytest.mark.parametrize("degree", [1, 2, 3])
def test_growth_is_the_derivative_along_the_flow(loss: str, degree: int) -> None:
    model = Model(loss, degree, [[2, 1], [1, 3], [3, -1]])
    with mpmath.workdps(40):
        measured, formula = model.growth([mpmath.mpf(3) / 2, mpmath.mpf(5) / 4])

        assert abs(measured - formula) < 1e-15
        assert formula > 0


@pytest.mark.parametrize("loss", ["exp", "log"])
def test_eta_is_the_weighted_margin(loss: str) -> None:
    value, weight, _ = LOSSES[loss]
    x = sympy.Symbol("x", positive=True)
    eta = {"exp": margin_slack.exponential, "log": margin_slack.logistic}[loss](x)
    with mpmath.workdps(40):
        q = mpmath.mpf(7) / 3

        assert abs(sympy.lambdify(x, eta, "mpmath")(value(q)) - weight(q) * q) < 1e-37
