r"""The preconditioner of a balanced net: W' = -P_W[g], P_W[X] = sum_j M^{n-j} X K^{j-1}.

M^n = W W^T and K^n = W^T W. With singular vectors u of W to sigma and v to tau, M u = x u and
K v = y v for x = sigma^{2/n}, y = tau^{2/n}, and P_W[u v^T] = Lambda u v^T with

    Lambda = sum_{j=1}^n x^{n-j} y^{j-1} = (sigma^2 - tau^2) / (sigma^{2/n} - tau^{2/n}),

n sigma^{2-2/n} where sigma = tau. The sums are recursions in the number m of their terms, the root
n being fixed; m = n is the theorem. Products with powers x^{m-1} are compared for x != 0; both
sides are continuous in x, so x = 0 is included.

Source: Arora, Cohen & Hazan 2018; theory A14. Every n.
"""

from __future__ import annotations

import sympy
from sympy import Expr

from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.end_to_end import bottom_gram, outer, top_gram
from theorycheck.symbolic.derivations.layers import letter, n, width
from theorycheck.symbolic.named import named
from theorycheck.symbolic.rates import rates
from theorycheck.symbolic.recursions import MatrixRecursion, ScalarRecursion, family
from theorycheck.symbolic.words import Words, inner

__all__ = [
    "LOSS_BOUND", "eigenvalue", "equal_singular_values", "loss_decays", "preconditioned",
    "preconditioner_eigenvectors", "quotient_form", "sum_of_terms",
]  # fmt: skip

m = sympy.Symbol("m", integer=True, positive=True)
k = sympy.Symbol("k", integer=True, nonnegative=True)
x, y = sympy.symbols("x y", nonnegative=True)
sigma, tau = sympy.symbols(r"\sigma \tau", positive=True)
u, v = letter("u", width(n), 1), letter("v", width(0), 1)

velocity = letter("P", width(n), width(0))
"""P_W[g]."""
least, time, first_loss = sympy.symbols(r"\mu t f_0", positive=True)
LOSS_BOUND = first_loss * sympy.exp(-2 * least * time)
"""Of f(t), where mu is the preconditioner's least eigenvalue on what moves."""

value: ScalarRecursion = ScalarRecursion(
    r"\Lambda", sympy.S.One, lambda i: x * value.at(i) + y**i, first=1
)
"""Lambda(m) = sum_{j=1}^m x^{m-j} y^{j-1}."""


def preconditioned(matrix: Words, name: str) -> MatrixRecursion:
    """M -> sum_{j=1}^m M^{m-j} X K^{j-1} for the given X."""
    at = family(name + "_{{{k}}}", lambda _: (width(n), width(0)))
    return MatrixRecursion(
        at, matrix, lambda i: top_gram @ at(i) + matrix @ bottom_gram**i, first=1
    )


def eigenvalue(depth: int, left: Expr, right: Expr) -> Expr:
    """Lambda(n) written out for singular values sigma, tau: the sum form, exact at 0 too."""
    root = sympy.Rational(2, depth)
    return sum(
        (left ** (root * (depth - j)) * right ** (root * (j - 1)) for j in range(1, depth + 1)),
        start=sympy.S.Zero,
    )


def sum_of_terms() -> Derivation:
    """Derive sum_{j=1}^n M^{n-j} g K^{j-1} = P_n, the terms of the end-to-end equation added up.

    The partial sums Q_m of the terms are M^{n-m} P_m for m <= n.
    """
    proof = Derivation("the end-to-end velocity as a recursion in its terms", "theory A13, A14")
    sums = preconditioned(outer, "P")
    terms_at = family("Q_{{{k}}}", lambda _: (width(n), width(0)))
    terms = MatrixRecursion(
        terms_at, top_gram ** (n - 1) @ outer,
        lambda i: terms_at(i) + top_gram ** (n - i - 1) @ outer @ bottom_gram**i, first=1,
    )  # fmt: skip
    proof.define(terms.step(m).named("Q_{m + 1}"), sums.step(m).named("P_{m + 1}"))
    proof.induction(
        "partial sums", m, lambda i: (top_gram ** (n - i) @ sums.at(i), terms_at(i)),
        [sums, terms], first=1,
    )  # fmt: skip
    proof.instance("all terms", "partial sums", n)
    shifted = top_gram ** (n - m) @ outer @ bottom_gram**m
    proof.refutes(
        "exponent shifted", top_gram ** (n - m - 1) @ sums.step(m), terms_at(m) + shifted,
        proof.rule("partial sums"),
    )  # fmt: skip
    return proof.concludes(sums.at(n), "=", terms_at(n))


def preconditioner_eigenvectors() -> Derivation:
    """Derive P_W[u v^T] = Lambda(n) u v^T for every n."""
    proof = Derivation("eigenvectors of the preconditioner", "theory A14")
    sums = preconditioned(u @ v.T, "P")
    proof.define(sums.step(m).named("P_{m + 1}"))
    vectors = proof.assume(
        "singular vectors (functions of a symmetric matrix share its eigenvectors)",
        (top_gram @ u, u * x), (bottom_gram @ v, v * y),
    )  # fmt: skip
    proof.induction(
        "powers of K", k, lambda i: (bottom_gram**i @ v, v * y**i), [], lambda _: vectors
    )
    proof.instance("the m-th power", "powers of K", m)
    known = vectors + proof.rule("the m-th power")
    proof.induction(
        "eigenvector", m, lambda i: (sums.at(i), u @ v.T * value.at(i)), [sums, value],
        lambda _: known, first=1,
    )  # fmt: skip
    proof.instance("eigenvector for n terms", "eigenvector", n)
    proof.refutes(
        "eigenvalues exchanged", sums.step(m), u @ v.T * (y * value.at(m) + x**m),
        known + proof.rule("eigenvector"),
    )  # fmt: skip
    proof.refutes(
        "u and v exchanged in a term", top_gram @ sums.at(m), u @ v.T * (y * value.at(m)),
        known + proof.rule("eigenvector"),
    )  # fmt: skip
    return proof.concludes(sums.at(n), "=", u @ v.T * value.at(n))


def quotient_form() -> Derivation:
    """Derive Lambda(n) = (sigma^2 - tau^2) / (x - y) from (x - y) Lambda(m) = x^m - y^m."""
    proof = Derivation("eigenvalues of the preconditioner as quotients", "theory A14")
    proof.induction(
        "telescoping", m, lambda i: ((x - y) * value.at(i), x**i - y**i), [value], first=1
    )
    proof.instance("n terms", "telescoping", n)
    roots = proof.assume(
        "x = sigma^{2/n}, y = tau^{2/n}", zeros=[x**n - sigma**2, y**n - tau**2]
    )  # fmt: skip
    quotient = (sigma**2 - tau**2) / (x - y)
    known = proof.rule("n terms") + roots
    proof.equal("quotient", value.at(n), quotient, known)
    proof.refutes("a sign flipped", value.at(n), (sigma**2 + tau**2) / (x - y), known)
    proof.refutes("numerator of first order", value.at(n), (sigma - tau) / (x - y), known)
    return proof.concludes(value.at(n), "=", quotient)


def loss_decays() -> Derivation:
    """Derive f(t) <= f(0) e^{-2 mu t} for f = |W - Phi|_F^2 / 2, from <g, P_W g> >= mu |g|^2."""
    proof = Derivation("the loss of a balanced net decays", "theory A14, A23")
    loss, pulled = inner(outer, outer) / 2, inner(outer, velocity)
    proof.suppose("<g, P_W g> >= mu |g|^2", least * inner(outer, outer), pulled)
    # W' = -P_W g moves g = W - Phi
    flow = rates({outer: -velocity}, constants=[velocity], scalars={time: sympy.S.One})
    grown = named("V", sympy.exp(2 * least * time) * loss)
    proof.define(grown)
    terms = [(sympy.exp(2 * least * time), proof.slack("<g, P_W g> >= mu |g|^2"))]
    proof.at_most("V does not increase", flow.rate(grown), sympy.S.Zero, terms)
    faster = flow.of_scalar(sympy.exp(3 * least * time) * loss)
    proof.refutes_at_most("e^{3 mu t}", faster, sympy.S.Zero, terms)
    proof.cite("mean value theorem", grown, "<=", first_loss, "V does not increase, V(0) = f(0)")
    scaled = [(sympy.exp(-2 * least * time), proof.slack("mean value theorem"))]
    proof.at_most("loss", loss, LOSS_BOUND, scaled)
    return proof.concludes(loss, "<=", LOSS_BOUND)


def equal_singular_values() -> Derivation:
    """Derive Lambda(n) = n sigma^{2-2/n} where both singular values are sigma."""
    proof = Derivation("eigenvalues of the preconditioner, equal singular values", "theory A14")
    same: ScalarRecursion = ScalarRecursion(
        r"\Lambda", sympy.S.One, lambda i: x * same.at(i) + x**i, first=1
    )
    proof.induction("equal terms", m, lambda i: (same.at(i), i * x ** (i - 1)), [same], first=1)
    proof.instance("n terms", "equal terms", n)
    roots = proof.assume(
        "x = sigma^{2/n}", zeros=[x - sigma ** (2 / n), x**n - sigma**2]
    )  # fmt: skip
    known = proof.rule("n terms") + roots
    result = n * sigma ** (2 - 2 / n)
    proof.equal("in the singular value", same.at(n), result, known)
    proof.refutes("a term forgotten", same.at(n), (n - 1) * sigma ** (2 - 2 / n), known)
    proof.refutes("exponent 2 - 1/n", same.at(n), n * sigma ** (2 - 1 / n), known)
    return proof.concludes(same.at(n), "=", result)
