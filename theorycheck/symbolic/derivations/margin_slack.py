r"""The slack a = nu / (lambda alpha) of the exponential and the logistic loss is at least 1.

With x_i = l(q_i), Lambda = sum_i x_i and eta(x) = -l'(l^{-1}(x)) l^{-1}(x):

    nu = sum_i eta(x_i),   lambda alpha = eta(Lambda),   a >= 1 says: eta is superadditive
    exp        eta(x) = -x log x,                       l(q) = e^{-q}
    logistic   eta(x) = -(1 - e^{-x}) log(e^x - 1),     l(q) = log(1 + e^{-q}),   Lambda < log 2

for any number of samples, by induction. For exp the slack is an entropy, a = 1 + H(p) / alpha.

Source: Lyu & Li 2020, Lemma B.5; theory C2(v).
"""

from __future__ import annotations

from collections.abc import Callable

import sympy
from sympy import Expr

from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.recursions import ScalarRecursion, sequence

__all__ = [
    "entropy_is_nonnegative",
    "exponential_loss",
    "exponential_slack",
    "exponential_slack_is_an_entropy",
    "logistic_loss",
    "logistic_slack",
]

n = sympy.Symbol("n", integer=True, positive=True)
k = sympy.Symbol("k", integer=True, nonnegative=True)
q, total = sympy.symbols(r"q \Lambda", real=True)
x = sequence("x", positive=True)
"""x_i = l(q_i)."""

loss: ScalarRecursion = ScalarRecursion(
    "T", x(1), lambda i: loss.at(i) + x(i + 1), first=1, positive=True
)
"""T_n = x_1 + ... + x_n, the loss Lambda of n samples."""


def exponential(x: Expr) -> Expr:
    """Return eta(x) = -x log x."""
    return -x * sympy.log(x)


def logistic(x: Expr) -> Expr:
    """Return eta(x) = -(1 - e^{-x}) log(e^x - 1)."""
    return (1 - sympy.exp(-x)) * _inverse(x)


def _inverse(x: Expr) -> Expr:
    """The inverse of the logistic loss."""
    return -sympy.log(sympy.exp(x) - 1)


def exponential_loss() -> Derivation:
    """Derive w q = eta(l(q)) and lambda alpha = eta(Lambda) for l(q) = e^{-q}."""
    return _loss("the exponential loss", sympy.exp(-q), -sympy.log(total), exponential)


def logistic_loss() -> Derivation:
    """Derive w q = eta(l(q)) and lambda alpha = eta(Lambda) for l(q) = log(1 + e^{-q})."""
    value = sympy.log(1 + sympy.exp(-q))
    return _loss("the logistic loss", value, _inverse(total), logistic)


def _loss(title: str, value: Expr, inverse: Expr, eta: Callable[[Expr], Expr]) -> Derivation:
    proof = Derivation(title, "theory C2(v)")
    weight = -sympy.diff(value, q)
    slope = weight.subs(q, inverse)
    proof.equal("l^{-1}", value.subs(q, inverse), total)
    proof.equal("lambda = -1 / (d alpha / d Lambda)", slope, -1 / sympy.diff(inverse, total))
    proof.equal("lambda alpha", slope * inverse, eta(total))
    proof.equal("w q", weight * q, eta(value))
    proof.refutes("sign of w", -weight * q, eta(value))
    return proof.concludes(weight * q, "=", eta(value))


# ---------------------------------------------------------------------- superadditivity


def exponential_slack() -> Derivation:
    """Derive eta(x_1 + ... + x_n) <= eta(x_1) + ... + eta(x_n) for eta(x) = -x log x."""
    proof = Derivation("slack of the exponential loss", "theory C2(v)")
    old, new = loss.at(n), x(n + 1)
    whole, eta = old + new, exponential
    for name, part in (("old", old), ("new", new)):
        proof.cite(
            f"log z <= z - 1 at z = {name}/sum",
            sympy.log(part) - sympy.log(whole), "<=", part / whole - 1, "log is concave",
        )  # fmt: skip
    slacks = [proof.slack(f"log z <= z - 1 at z = {name}/sum") for name in ("old", "new")]
    terms = [(old, slacks[0]), (new, slacks[1]), (sympy.Integer(2), old, new, 1 / whole)]
    proof.at_most("two terms", eta(whole), eta(old) + eta(new), terms)
    proof.refutes_at_most("the other direction", eta(old) + eta(new), eta(whole), terms)
    return _all_samples(proof, eta)


def logistic_slack() -> Derivation:
    """Derive the same for eta(x) = -(1 - e^{-x}) log(e^x - 1), x_1 + ... + x_n < log 2."""
    proof = Derivation("slack of the logistic loss", "theory C2(v)")
    old, new = loss.at(n), x(n + 1)
    whole, eta = old + new, logistic
    for at in (old, new, -old, -new):
        proof.cite(_tangent(at), 1 + at, "<=", sympy.exp(at), "exp is convex")
    proof.suppose("the loss stays below log 2", sympy.S.Zero, _inverse(whole), [n])
    terms = []
    for name, part, rest in (("old", old, new), ("new", new, old)):
        above, below = proof.slack(_tangent(part)), proof.slack(_tangent(-rest))
        proof.at_most(f"(1 - e^-x)/x at {name}", _ratio(whole), _ratio(part),
            [(sympy.exp(-part), 1 / part, 1 / whole, rest, above),
             (sympy.exp(-part), 1 / part, 1 / whole, part, below)])  # fmt: skip
        proof.at_most(f"sign at {name}", sympy.S.Zero, _ratio(part),
            [(1 / part, sympy.exp(-part), above), (sympy.exp(-part),)])  # fmt: skip
        proof.cite(f"l^-1 at {name}", _inverse(whole), "<=", _inverse(part), "exp, log increase")
        terms += [
            (part, _ratio(part), proof.slack(f"l^-1 at {name}")),
            (part, proof.slack(f"(1 - e^-x)/x at {name}"), _inverse(whole)),
        ]
    proof.at_most("two terms", eta(whole), eta(old) + eta(new), terms)
    proof.refutes_at_most("the other direction", eta(old) + eta(new), eta(whole), terms)
    return _all_samples(proof, eta)


def _ratio(x: Expr) -> Expr:
    return (1 - sympy.exp(-x)) / x


def _tangent(at: Expr) -> str:
    return f"1 + x <= e^x at {at}"


def _all_samples(proof: Derivation, eta: Callable[[Expr], Expr]) -> Derivation:
    weighted: ScalarRecursion = ScalarRecursion(
        "N", eta(x(1)), lambda i: weighted.at(i) + eta(x(i + 1)), first=1
    )
    proof.induction_at_most(
        "n terms", n, lambda i: (eta(loss.at(i)), weighted.at(i)), [loss, weighted],
        [(proof.slack("two terms"),)], first=1,
    )  # fmt: skip
    return proof.concludes(eta(loss.at(n)), "<=", weighted.at(n))


# ---------------------------------------------------------------------- entropy

p = sequence("p", positive=True)
"""p_i = e^{-q_i} / Lambda."""
mean: ScalarRecursion = ScalarRecursion(
    "E", sympy.S.Zero, lambda i: mean.at(i) + p(i + 1) * margin(i + 1)
)
"""E_p q."""
entropy: ScalarRecursion = ScalarRecursion(
    "H", sympy.S.Zero, lambda i: entropy.at(i) - p(i + 1) * sympy.log(p(i + 1))
)
"""H(p)."""
mass: ScalarRecursion = ScalarRecursion("M", sympy.S.Zero, lambda i: mass.at(i) + p(i + 1))
"""p_1 + ... + p_n."""
smoothed = sympy.Symbol(r"\alpha", positive=True)
"""alpha = -log Lambda."""


def margin(index: Expr | int) -> Expr:
    """Return q_i = -log(p_i Lambda)."""
    return -sympy.log(p(index)) + smoothed


def exponential_slack_is_an_entropy() -> Derivation:
    """Derive a = nu / (lambda alpha) = E_p q / alpha = 1 + H(p) / alpha for k samples."""
    proof = Derivation("the slack of the exponential loss is an entropy", "theory C2(v)")
    proof.induction(
        "mean margin", k, lambda i: (mean.at(i), entropy.at(i) + mass.at(i) * smoothed),
        [mean, entropy, mass],
    )  # fmt: skip
    one = proof.assume("the p_i sum to 1", zeros=[mass.at(k) - 1])
    shown = proof.rule("mean margin")
    slack, wanted = mean.at(k) / smoothed, 1 + entropy.at(k) / smoothed
    proof.equal("slack", slack, wanted, one + shown)
    proof.refutes("H with the other sign", slack, 1 - entropy.at(k) / smoothed, one + shown)
    return proof.concludes(slack, "=", wanted)


def entropy_is_nonnegative() -> Derivation:
    """Derive H(p) >= 0 from 0 < p_i <= 1, so that a >= 1 where alpha > 0."""
    proof = Derivation("the entropy is nonnegative", "theory C2(v)")
    new = p(k + 1)
    proof.suppose("p <= 1", new, sympy.S.One, [k])
    proof.cite("log p <= p - 1", sympy.log(new), "<=", new - 1, "log is concave")
    small, tangent = proof.slack("p <= 1"), proof.slack("log p <= p - 1")
    proof.induction_at_most(
        "k terms", k, lambda i: (sympy.S.Zero, entropy.at(i)), [entropy],
        [(new, tangent), (new, small)],
    )  # fmt: skip
    proof.refutes_at_most("negated", sympy.S.Zero, new * sympy.log(new), [(new, tangent)])
    return proof.concludes(sympy.S.Zero, "<=", entropy.at(k))
