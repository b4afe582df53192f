r"""Minimal sharpness of global minimisers: lambda_max(Hess f) >= n sigma^{2-2/n} for every depth n.

f = |W_n ... W_1 - Phi|_F^2 / 2 at W_{n:1} = Phi, sigma = u^T W v a singular value with unit
vectors. With x_j = W_{j:1} v and y_j = W_{n:j+1}^T u the direction Delta_j = y_j x_{j-1}^T has

    u^T S_n v = |Delta|^2 = s,  s = sum_j |y_j|^2 |x_{j-1}|^2,   and   <y_j, x_j> = sigma,

so that lambda_max >= s, and s^n >= n^n prod_j |y_j|^2 |x_{j-1}|^2 >= n^n sigma^{2n-2}. What is
cited: the Rayleigh quotient, AM-GM and that roots are monotone.

Source: theory A25 (a).
"""

from __future__ import annotations

import sympy
from sympy import Expr

from theorycheck.symbolic.deciding import Hypotheses
from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.end_to_end import product, product_at
from theorycheck.symbolic.derivations.hessian import direction, first_at, first_sum
from theorycheck.symbolic.derivations.layers import layer, letter, n, width
from theorycheck.symbolic.recursions import MatrixRecursion, ScalarRecursion, family
from theorycheck.symbolic.words import Words, inner

__all__ = ["minimal_sharpness", "rayleigh_quotient", "sharpest_direction"]

k = sympy.Symbol("k", integer=True, nonnegative=True)
sigma = sympy.Symbol(r"\sigma", positive=True)
top = sympy.Symbol(r"\lambda_{\max}(\nabla^2f)", real=True)
u, v = letter("u", width(n), 1), letter("v", width(0), 1)

x = family("x_{{{k}}}", lambda i: (width(i), 1))
forward = MatrixRecursion(x, v, lambda i: layer(i + 1) @ x(i))
"""x_k = W_{k:1} v."""
y = family("y_{{{k}}}", lambda i: (width(i), 1))
"""y_k = W_{n:k+1}^T u: W_{k+1}^T y_{k+1} = y_k and y_n = u."""


def _size(vector: Words) -> Expr:
    return inner(vector, vector)


def _term(i: Expr) -> Expr:
    """|y_{i+1}|^2 |x_i|^2, the square of |Delta_{i+1}|_F."""
    return _size(y(i + 1)) * _size(x(i))


strength: ScalarRecursion = ScalarRecursion("s", sympy.S.Zero, lambda i: strength.at(i) + _term(i))
"""s(k) = sum_{j<=k} |y_j|^2 |x_{j-1}|^2."""
volume: ScalarRecursion = ScalarRecursion("q", sympy.S.One, lambda i: volume.at(i) * _term(i))
"""q(k) = prod_{j<=k} |y_j|^2 |x_{j-1}|^2."""
length: ScalarRecursion = ScalarRecursion(
    r"\delta", sympy.S.Zero, lambda i: length.at(i) + _size(direction(i + 1))
)
"""delta(k) = sum_{j<=k} |Delta_j|_F^2."""


def _backward(proof: Derivation) -> Hypotheses:
    return proof.assume("y passes down", (layer(k + 1).T @ y(k + 1), y(k)))


def sharpest_direction() -> Derivation:
    """Derive y_k^T S_k v = s(k) = sum_{j<=k} |Delta_j|^2 for Delta_j = y_j x_{j-1}^T, every k."""
    proof = Derivation("first variation along y_j x_{j-1}^T", "theory A25 (a)")
    passing = _backward(proof)
    chosen = proof.assume("direction", (direction(k + 1), y(k + 1) @ x(k).T))
    proof.induction("x", k, lambda i: (product_at(i) @ v, x(i)), [product, forward])
    known = passing + chosen + proof.rule("x")

    def varied(i: Expr) -> tuple[Expr, Expr]:
        return inner(y(i), first_at(i) @ v), strength.at(i)

    proof.induction("first variation", k, varied, [first_sum, strength], lambda _: known)
    proof.induction(
        "length", k, lambda i: (length.at(i), strength.at(i)), [length, strength], lambda _: chosen
    )
    proof.instance("first variation of the net", "first variation", n)
    proof.instance("length of the direction", "length", n)
    proof.refutes("layers exchanged", inner(direction(k + 1), direction(k + 1)),
                  _size(y(k)) * _size(x(k)), chosen)  # fmt: skip
    return proof.concludes(inner(y(n), first_at(n) @ v), "=", strength.at(n))


def rayleigh_quotient() -> Derivation:
    """Derive s <= lambda_max(Hess f): s^2 = (u^T S_n v)^2 <= |S_n|_F^2 = Hess f <= lambda_max s."""
    proof = Derivation("sharpness against the length of the direction", "theory A25 (a)")
    S, s = first_at(n), strength.at(n)
    units = proof.assume("unit vectors", zeros=[_size(u) - 1, _size(v) - 1])
    varied = proof.assume(
        "first variation along the direction", zeros=[inner(u, S @ v) - s]
    )  # fmt: skip
    gap = S - u @ v.T * s
    proof.at_most("Cauchy-Schwarz", s**2, _size(S), [[gap]], units + varied)
    proof.refutes_at_most("without unit vectors", s**2, _size(S), [[gap]], varied)
    proof.refutes_at_most("factor 2", 2 * s**2, _size(S), [[gap]], units + varied)
    proof.cite("Rayleigh", _size(S), "<=", top * s, "largest eigenvalue; Hess f = |S_n|^2 at g = 0")
    proof.suppose("the direction is not 0", sympy.S.Zero, 1 / s)
    slacks = [proof.slack("Cauchy-Schwarz"), proof.slack("Rayleigh")]
    proof.at_most("divided", s, top, [[1 / s, slack] for slack in slacks])
    return proof.concludes(s, "<=", top)


def minimal_sharpness() -> Derivation:
    """Derive n sigma^{2-2/n} <= lambda_max(Hess f) at global minimisers, every n."""
    proof = Derivation("minimal sharpness of global minimisers", "theory A25 (a)")
    passing = _backward(proof)
    start = proof.assume("sigma = u^T W v", zeros=[inner(y(0), v) - sigma])
    proof.induction(
        "paired", k, lambda i: (inner(y(i), x(i)), sigma), [forward],
        lambda i: start if i == 0 else passing,
    )  # fmt: skip
    proof.instance("paired, k + 1", "paired", k + 1)
    pair = proof.rule("paired, k + 1")
    upper, lower = y(k + 1), x(k + 1)
    gap = upper * _size(lower) - lower * inner(upper, lower)
    proof.suppose("x_{k+1} is not 0", sympy.S.Zero, 1 / _size(lower), [k])
    proof.at_most(
        "Cauchy-Schwarz", sigma**2, _size(upper) * _size(lower), [[1 / _size(lower), gap]], pair
    )
    unit = proof.assume("x_0 = v, a unit vector", (x(0), v), zeros=[_size(v) - 1])

    def said(i: Expr) -> tuple[Expr, Expr]:
        return sigma ** (2 * i), volume.at(i) * _size(x(i))

    low, high = said(k)
    paired = proof.slack("Cauchy-Schwarz")
    proof.induction_at_most(
        "volume", k, said, [volume], [[high - low, paired], [low, paired]], factor=sigma**2,
        using=lambda i: unit if i == 0 else Hypotheses(),
    )  # fmt: skip
    proof.instance("volume of the net", "volume", n)
    end = proof.assume("x_n = W v = sigma u", zeros=[_size(x(n)) - sigma**2])
    terms = [[sigma**-2, proof.slack("volume of the net")]]
    proof.at_most("without the last length", sigma ** (2 * n - 2), volume.at(n), terms, end)
    proof.refutes_at_most("one layer more", sigma ** (2 * n), volume.at(n), terms, end)
    bound, root = n * sigma ** (2 - 2 / n), volume.at(n) ** (1 / n)
    proof.cite("root", bound / n, "<=", root, "n-th root of the step before")
    proof.cite("AM-GM", n * root, "<=", strength.at(n), "arithmetic and geometric mean")
    proof.cite("Rayleigh", strength.at(n), "<=", top, "rayleigh_quotient")
    terms = [[n, proof.slack("root")], [proof.slack("AM-GM")], [proof.slack("Rayleigh")]]
    proof.at_most("bound", bound, top, terms)
    proof.refutes_at_most("n + 1 in place of n", bound * (n + 1) / n, top, terms)
    return proof.concludes(bound, "<=", top)
