"""The end-to-end equation of balanced nets, from words and balance, for depths 1 to 6.

Balance W_{j+1}^T W_{j+1} = W_j W_j^T rewrites indices downwards; then W_{n:j+1} W_{n:j+1}^T is the
(n - j)-th power of W_n W_n^T, whose n-th power is W W^T, and mirrored for W_1.
"""

from __future__ import annotations

from proofs.derivation import Derivation
from theorycheck.catalogue.arora_cohen_hazan_2018.end_to_end_dynamics import end_to_end_dynamics
from theorycheck.symbolic.words import Letter, Word, Words

DEPTHS = range(1, 7)


def layer(j: int) -> Words:
    return Words.letter(Letter(j))


def product(high: int, low: int) -> Words:
    """W_high ... W_low, the identity where high < low."""
    result = Words.identity()
    for j in range(high, low - 1, -1):
        result = result @ layer(j)
    return result


def balance(left: Letter, right: Letter) -> Word | None:
    """W_{j+1}^T W_{j+1} -> W_j W_j^T."""
    if not left.transposed or right.transposed or left.name != right.name or left.name == 1:
        return None
    below = Letter(int(str(left.name)) - 1)
    return (below, below.T)


def power(base: Words, exponent: int) -> Words:
    result = Words.identity()
    for _ in range(exponent):
        result = result @ base
    return result


def derive() -> Derivation:
    """Derive the equation for every depth of DEPTHS."""
    proof = Derivation("W' = -sum_j [W W^T]^{(n-j)/n} g [W^T W]^{(j-1)/n} for balanced nets")
    g = Words.letter(Letter("g"))
    for n in DEPTHS:
        whole = product(n, 1)
        last, first = layer(n) @ layer(n).T, layer(1).T @ layer(1)
        proof.equal(f"n = {n}: (W_n W_n^T)^n = W W^T", power(last, n), whole @ whole.T, balance)
        proof.equal(f"n = {n}: (W_1^T W_1)^n = W^T W", power(first, n), whole.T @ whole, balance)
        velocity, field = Words.zero(), Words.zero()
        for j in range(1, n + 1):
            gradient = product(n, j + 1).T @ g @ product(j - 1, 1).T
            velocity = velocity - product(n, j + 1) @ gradient @ product(j - 1, 1)
            field = field - power(last, n - j) @ g @ power(first, j - 1)
        proof.equal(f"n = {n}: the equation", velocity, field, balance)
        if n > 1:
            proof.refutes(f"n = {n}: root without balance", power(last, n), whole @ whole.T)
    return proof.conclude(end_to_end_dynamics.name)


if __name__ == "__main__":
    print(derive())
