r"""Lower bounds of the least Hessian eigenvalue of a deep linear net, for every depth n.

    lambda_min(Hess f) >= -lambda_max(K^part) >= -lambda_max(K)
                       >= -(n-1) ||g||_s P >= -(n-1) ||g||_F P,

K_{jl} = ||g||_s prod_{i != j,l} ||W_i||_s, K^part_{jl} = ||W_{j-1:1} g^T W_{n:l+1}||_s
||W_{l-1:j+1}||_s for j < l, both with zero diagonal, P the largest product of n - 2 layer norms.
Each function derives one link. What is cited: the spectral theorem, Perron-Frobenius, and that
||.||_s is submultiplicative and at most ||.||_F. Spectral norms enter the pair bound by their
definition: X^T X <= p^2 I for every p >= ||X||_s.

Source: Elkabetz & Cohen 2021, curvature lemma (last form); theory A6.
"""

from __future__ import annotations

import sympy
from sympy import Expr

from theorycheck.symbolic.deciding import Hypotheses
from theorycheck.symbolic.derivation import Derivation
from theorycheck.symbolic.derivations.layers import j, letter, n, width
from theorycheck.symbolic.derivations.pair_sums import (
    PRODUCTS,
    SQUARES,
    PairSum,
    a,
    add_mean_square,
    entrywise,
    i,
    k,
)  # fmt: skip
from theorycheck.symbolic.recursions import ScalarRecursion
from theorycheck.symbolic.words import Words, inner, trace

__all__ = [
    "FROBENIUS_BOUND", "LEAST", "NORM_BOUND", "PARTIAL_BOUND", "PRODUCT_BOUND",
    "curvature_lower_bounds", "frobenius_bound", "largest", "norm_bound", "outer",
    "outer_frobenius", "pair_bound", "partial_norm_bound", "product_bound",
    "scalar_nets_attain_the_bound", "worst_product_bound",
]  # fmt: skip

outer, outer_frobenius, largest = sympy.symbols(r"\|g\|_s \|g\|_F P", nonnegative=True)
LEAST = sympy.Symbol(r"\lambda_{\min}(\nabla^2f)", real=True)
TOP_PARTIAL, TOP = sympy.symbols(
    r"\lambda_{\max}(K^{\mathrm{part}}) \lambda_{\max}(K)", nonnegative=True
)


def worst_product_bound(count: Expr, outer: Expr, largest: Expr) -> Expr:
    """-count outer largest; count = n - 1, largest the largest product of n - 2 layer norms."""
    return -count * outer * largest


PARTIAL_BOUND, NORM_BOUND = -TOP_PARTIAL, -TOP
PRODUCT_BOUND = worst_product_bound(n - 1, outer, largest)
FROBENIUS_BOUND = worst_product_bound(n - 1, outer_frobenius, largest)

t, K, partial = (
    sympy.Function(name, real=True) for name in ("t", "K", r"K^{\mathrm{part}}")
)  # fmt: skip

PAIRS = PairSum("T", lambda low, high: t(low, high))
"""T(n) = sum_{j<l} t(j, l), t(j, l) = -<g, W_{n:l+1} Delta_l W_{l-1:j+1} Delta_j W_{j-1:1}>."""
PARTIAL_FORM = PairSum(
    r"Q^{\mathrm{part}}", lambda low, high: partial(low, high) * a(low) * a(high)
)
NORM_FORM = PairSum("Q", lambda low, high: K(low, high) * a(low) * a(high))
"""Q(n) = sum_{j<l} K_{jl} a_j a_l = a^T K a / 2, with a_j = |Delta_j|_F."""


def pair_bound() -> Derivation:
    """Derive -<g, W_{n:l+1} Delta_l W_{l-1:j+1} Delta_j W_{j-1:1}> <= p b a_j a_l.

    For all positive p >= ||W_{j-1:1} g^T W_{n:l+1}||_s, b >= ||W_{l-1:j+1}||_s, a_j >= |Delta_j|_F
    and a_l >= |Delta_l|_F; both sides being continuous, the norms themselves may be put, 0
    included. The certificate is the square |b a_j (X Delta_l)^T + p a_l B Delta_j|^2.
    """
    proof = Derivation("one pair of layers in the Hessian form", "theory A6, proof")
    high = sympy.Symbol("l", integer=True, positive=True)
    top = letter("W_{n:l+1}", width(n), width(high))
    middle = letter("W_{l-1:j+1}", width(high - 1), width(j))
    bottom = letter("W_{j-1:1}", width(j - 1), width(0))
    delta_l = letter(r"\Delta_{l}", width(high), width(high - 1))
    delta_j = letter(r"\Delta_{j}", width(j), width(j - 1))
    g = letter("g", width(n), width(0))
    p, b, a_j, a_l = sympy.symbols("p b a_{j} a_{l}", positive=True)

    around = (bottom @ g.T @ top).named("X")
    proof.define(around)
    pair = inner(g, top @ delta_l @ middle @ delta_j @ bottom)
    proof.equal("the trace is cyclic", pair, trace(around @ delta_l @ middle @ delta_j))

    root_x = letter("R", width(high), width(high))
    root_b = letter("S", width(j), width(j))
    one_x, one_b = Words.identity(width(high)), Words.identity(width(j))
    norms = proof.assume(
        "norms: p >= |X|_s, b >= |B|_s",
        (root_x.T @ root_x, one_x * p**2 - around.T @ around),
        (root_b.T @ root_b, one_b * b**2 - middle.T @ middle),
    )
    proof.suppose("size of Delta_j", inner(delta_j, delta_j), a_j**2)
    proof.suppose("size of Delta_l", inner(delta_l, delta_l), a_l**2)
    bound = p * b * a_j * a_l
    square = (around @ delta_l).T * (b * a_j) + middle @ delta_j * (p * a_l)
    terms = [
        [1 / (2 * bound), square],
        [b**2 * a_j**2 / (2 * bound), root_x @ delta_l],
        [p**2 * a_l**2 / (2 * bound), root_b @ delta_j],
        [p**2 * b**2 * a_j**2 / (2 * bound), proof.slack("size of Delta_l")],
        [p**2 * b**2 * a_l**2 / (2 * bound), proof.slack("size of Delta_j")],
    ]
    proof.at_most("pair", -pair, bound, terms, norms)
    proof.refutes_at_most("half the bound", -pair, bound / 2, terms, norms)
    proof.refutes_at_most("norm of the middle forgotten", -pair, bound / b, terms, norms)
    proof.refutes_at_most("without the norms", -pair, bound, terms)
    return proof.concludes(-pair, "<=", bound)


def partial_norm_bound() -> Derivation:
    """Derive -lambda_max(K^part) <= lambda_min(Hess f) for every depth.

    Along a unit direction that attains lambda_min, Hess f[Delta, Delta] = H - 2 T(n) with
    H = Hess phi[S, S] >= 0 (hessian_quadratic_form, second_sum_is_the_sum_over_pairs), and the
    pairs are bounded one by one (pair_bound).
    """
    proof = Derivation("curvature against norms of the products that occur", "theory A6")
    convex = sympy.Symbol("H", real=True)
    attained = proof.assume(
        "unit direction that attains lambda_min (spectral theorem)",
        zeros=[LEAST - convex + 2 * PAIRS.at(n), SQUARES.at(n) - 1],
    )
    proof.suppose("phi is convex", sympy.S.Zero, convex)
    entry = PARTIAL_FORM.entry(i + 1, k + 1)
    proof.cite("pairs", PAIRS.entry(i + 1, k + 1), "<=", entry, "pair_bound, for every j < l")
    entrywise(proof, "all pairs", PAIRS, PARTIAL_FORM)
    proof.instance("all pairs of the net", "all pairs", n)
    _top_eigenvalue_bounds(proof, "largest eigenvalue of K^part", PARTIAL_FORM, TOP_PARTIAL)
    terms = [
        [convex], [2, proof.slack("all pairs of the net")],
        [proof.slack("largest eigenvalue of K^part")],
    ]  # fmt: skip
    proof.at_most("bound", PARTIAL_BOUND, LEAST, terms, attained)
    proof.refutes_at_most("pairs counted once", PARTIAL_BOUND / 2, LEAST, terms, attained)
    proof.refutes_at_most("a sign flipped", -PARTIAL_BOUND, LEAST, terms, attained)
    return proof.concludes(PARTIAL_BOUND, "<=", LEAST)


def norm_bound() -> Derivation:
    """Derive -lambda_max(K) <= -lambda_max(K^part): entries at most as large, and nonnegative."""
    proof = Derivation("norms of products against products of norms", "theory A6")
    attained = _nonnegative_top_vector(proof, PARTIAL_FORM, TOP_PARTIAL)
    proof.cite(
        "||.||_s is submultiplicative", partial(i + 1, k + 1), "<=", K(i + 1, k + 1),
        "spectral norm of a product, applied to W_{j-1:1} g^T W_{n:l+1} and W_{l-1:j+1}",
    )  # fmt: skip
    gap = proof.slack("||.||_s is submultiplicative")
    low, high = PARTIAL_FORM.entry(i + 1, k + 1), NORM_FORM.entry(i + 1, k + 1)
    proof.at_most("entries", low, high, [[gap, a(i + 1), a(k + 1)]])
    entrywise(proof, "forms", PARTIAL_FORM, NORM_FORM)
    proof.instance("forms of the net", "forms", n)
    _top_eigenvalue_bounds(proof, "largest eigenvalue of K", NORM_FORM, TOP)
    terms = [[2, proof.slack("forms of the net")], [proof.slack("largest eigenvalue of K")]]
    proof.at_most("bound", NORM_BOUND, PARTIAL_BOUND, terms, attained)
    proof.refutes_at_most("the other way round", PARTIAL_BOUND, NORM_BOUND, terms, attained)
    return proof.concludes(NORM_BOUND, "<=", PARTIAL_BOUND)


def product_bound() -> Derivation:
    """Derive -(n-1) ||g||_s P <= -lambda_max(K), by 2 sum_{j<l} a_j a_l <= (n-1) sum a_j^2."""
    proof = Derivation("products of norms against the largest of them", "theory A6")
    attained = _nonnegative_top_vector(proof, NORM_FORM, TOP)
    most = outer * largest
    proof.suppose("K_{jl} <= ||g||_s P, P being the largest", K(i + 1, k + 1), most, [i, k])
    gap = proof.slack("K_{jl} <= ||g||_s P, P being the largest")
    low, high = NORM_FORM.entry(i + 1, k + 1), PRODUCTS.entry(i + 1, k + 1)
    proof.at_most("entries", low, most * high, [[gap, a(i + 1), a(k + 1)]])
    entrywise(proof, "form", NORM_FORM, PRODUCTS, most)
    proof.instance("form of the net", "form", n)
    add_mean_square(proof, n)
    terms = [[2, proof.slack("form of the net")], [most, proof.slack("mean square")]]
    proof.at_most("bound", PRODUCT_BOUND, NORM_BOUND, terms, attained)
    spoiled = worst_product_bound(n - 2, outer, largest)
    proof.refutes_at_most("n - 2 in place of n - 1", spoiled, NORM_BOUND, terms, attained)
    return proof.concludes(PRODUCT_BOUND, "<=", NORM_BOUND)


def frobenius_bound() -> Derivation:
    """Derive -(n-1) ||g||_F P <= -(n-1) ||g||_s P, the form of the paper."""
    proof = Derivation("the bound in the Frobenius norm", "Elkabetz & Cohen 2021, curvature lemma")
    proof.cite("||.||_s <= ||.||_F", outer, "<=", outer_frobenius, "norms of matrices")
    proof.suppose("n >= 1", sympy.S.One, n)
    terms = [[n - 1, largest, outer_frobenius - outer]]
    proof.at_most("bound", FROBENIUS_BOUND, PRODUCT_BOUND, terms)
    proof.refutes_at_most("the other way round", PRODUCT_BOUND, FROBENIUS_BOUND, terms)
    return proof.concludes(FROBENIUS_BOUND, "<=", PRODUCT_BOUND)


def curvature_lower_bounds() -> Derivation:
    """Chain the four links: -(n-1) ||g||_F P <= ... <= lambda_min(Hess f)."""
    proof = Derivation("lower bounds of the curvature of deep linear nets", "theory A6")
    for link in (frobenius_bound, product_bound, norm_bound, partial_norm_bound):
        proof.builds_on(link.__name__, link())
    slacks = [[proof.slack(link)] for link in ("frobenius_bound", "product_bound", "norm_bound")]
    proof.at_most("the first three", FROBENIUS_BOUND, PARTIAL_BOUND, slacks)
    proof.refutes_at_most("a link forgotten", FROBENIUS_BOUND, PARTIAL_BOUND, slacks[1:])
    return proof.concludes(FROBENIUS_BOUND, "<=", LEAST)


def scalar_nets_attain_the_bound() -> Derivation:
    """Derive Hess f[Delta, Delta] / |Delta|^2 = -(n-1) s c^{n-2} for W_j = c, Delta_j = 1.

    phi is linear with slope -s, so that H = 0, g = -s, and the largest product of n - 2 layers
    is c^{n-2}: the last bounds are attained, for every n >= 2.
    """
    proof = Derivation("scalar nets attain the curvature bound", "theory A6, equality case")
    c, s = sympy.symbols("c s", positive=True)
    first = ScalarRecursion("S", sympy.S.Zero, lambda m: c * first.at(m) + c**m)
    second = ScalarRecursion("T", sympy.S.Zero, lambda m: c * second.at(m) + first.at(m))
    proof.induction("first variation", k, lambda m: (first.at(m), m * c ** (m - 1)), [first])
    once = proof.rule("first variation")
    proof.induction(
        "second variation", k,
        lambda m: (second.at(m), m * (m - 1) * c ** (m - 2) / 2), [second], lambda _: once,
    )  # fmt: skip
    proof.instance("second variation of the net", "second variation", n)
    quotient = -2 * s * second.at(n) / n
    bound = worst_product_bound(n - 1, s, c ** (n - 2))
    net = proof.rule("second variation of the net")
    proof.equal("Rayleigh quotient", quotient, bound, net)
    proof.refutes("n in place of n - 1", quotient, worst_product_bound(n, s, c ** (n - 2)), net)
    return proof.concludes(quotient, "=", bound)


def _top_eigenvalue_bounds(proof: Derivation, name: str, form: PairSum, top: Expr) -> None:
    proof.cite(name, 2 * form.at(n), "<=", top * SQUARES.at(n), "Rayleigh quotient")


def _nonnegative_top_vector(proof: Derivation, form: PairSum, top: Expr) -> Hypotheses:
    """Let a be a nonnegative unit vector with a^T K a = lambda_max(K)."""
    attained = proof.assume(
        "nonnegative unit top eigenvector (Perron-Frobenius)",
        zeros=[top - 2 * form.at(n), SQUARES.at(n) - 1],
    )
    proof.suppose("nonnegative entries", sympy.S.Zero, a(i + 1), [i])
    proof.suppose("nonnegative entries, last", sympy.S.Zero, a(k + 1), [k])
    return attained
