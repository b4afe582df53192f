"""Turn matrix terms into words, and decide their equality for all matrices at once.

Letters are layers and data. An iterate one step later is replaced by theta - eta grad f(theta),
and, where the start is exactly balanced, flow layers obey W_{j+1}^T W_{j+1} = W_j W_j^T for ever
(claim A9(a)), used as a rewriting rule that lowers indices.
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Expr

from theorycheck.claims import matrices as m
from theorycheck.claims.axes import step
from theorycheck.claims.exact_states import rational_evaluator
from theorycheck.claims.places import Place
from theorycheck.claims.views import View, layer_gradient
from theorycheck.problems import DeepLinearObjective, Instance
from theorycheck.symbolic.lowering import NotExact
from theorycheck.symbolic.words import Letter, Word, Words

__all__ = ["reduced_by_balance", "start_is_balanced", "words_of"]

MAX_WORDS = 20_000


class TooLarge(NotExact):
    """Report that the normal form has too many words."""


def start_is_balanced(instance: Instance) -> bool:
    """Tell whether all imbalances of the start are exactly zero."""
    if "start" not in instance or not isinstance(instance.objective_or_none, DeepLinearObjective):
        return False
    evaluator = rational_evaluator(instance, Place())
    view = View(instance, "start", None)
    for imbalance in view.imbalances:
        value = evaluator.matrix(imbalance)
        rows, columns = imbalance.shape
        if value != evaluator.arithmetic.zeros(rows, columns):
            return False
    return True


def words_of(term: m.AbstractMatrix, instance: Instance, *, balance: bool | None = None) -> Words:
    """Return the normal form of a matrix term.

    Parameters
    ----------
    balance : bool or None    rewrite by W_{j+1}^T W_{j+1} -> W_j W_j^T; None: where it holds

    Raises
    ------
    NotExact    the term is not a polynomial in letters with rational coefficients
    """
    return _Translator(instance, balance=balance).translate(term)


def reduced_by_balance(words: Words, instance: Instance) -> Words:
    """Rewrite words in the layers of an instance whose start is balanced."""
    return words.reduced(_Translator(instance, balance=None).rule)


class _Translator:
    def __init__(self, instance: Instance, *, balance: bool | None) -> None:
        self.instance = instance
        self.balanced = start_is_balanced(instance) if balance is None else balance

    def translate(self, term: m.AbstractMatrix) -> Words:
        words = self._words(term).reduced(self.rule)
        if len(words) > MAX_WORDS:
            raise TooLarge(f"{len(words)} words")
        return words

    def rule(self, left: Letter, right: Letter) -> Word | None:
        """W_{j+1}^T W_{j+1} -> W_j W_j^T on the flow (or at the start) of a balanced instance."""
        if not self.balanced or not left.transposed or right.transposed or left.name != right.name:
            return None
        name = left.name
        if not isinstance(name, m.Layer) or name.path == "descent" or name.index == 1:
            return None
        rows, columns = self.instance.network.shapes[name.index - 2]
        before = Letter(m.Layer(name.path, name.place, name.index - 1, rows, columns))
        return (before, before.T)

    def _words(self, term: m.AbstractMatrix) -> Words:
        match term:
            case m.Layer(path, place, index, _, _):
                if path == "descent" and place is not None and place != step:
                    return self._later_layer(term, place, index)
                return Words.letter(Letter(term))
            case m.OuterGradient():
                return Words.letter(Letter(term))
            case m.Data(_, rows):
                if all(x == 0 for row in rows for x in row):
                    return Words.zero()
                square = len(rows) == len(rows[0])
                if square and all(
                    x == (i == j) for i, row in enumerate(rows) for j, x in enumerate(row)
                ):
                    return Words.identity()
                return Words.letter(Letter(rows, symmetric=term.is_symmetric))
            case m.Identity():
                return Words.identity()
            case m.Sum(items):
                return sum((self.translate(i) for i in items), Words.zero())
            case m.Product(factors):
                product = self.translate(factors[0])
                for factor in factors[1:]:
                    product = self._times(product, self.translate(factor))
                return product
            case m.Transpose(inner):
                return self.translate(inner).T
            case m.Scaled(factor, inner):
                return self.translate(inner).scaled(_rational(factor))
            case m.PsdPower():
                return self._psd_power(term)
        raise NotExact(f"{type(term).__name__} is no word")

    def _later_layer(self, term: m.Layer, place: Expr, index: int) -> Words:
        offset = place - step
        if not offset.is_Integer or not 0 < offset <= 2:
            return Words.letter(Letter(term))
        before = place - 1
        earlier = m.Layer(term.path, before, index, term.rows, term.columns)
        gradient = layer_gradient(self.instance, "descent", before, index)
        return self.translate(earlier) - self.translate(gradient).scaled(self.instance.step_size)

    def _psd_power(self, term: m.PsdPower) -> Words:
        if term.exponent == 0:
            return Words.identity()
        if term.exponent.denominator == 1:
            return self._power(self.translate(term.base), term.exponent.numerator)
        times = term.exponent_of_root
        if term.gram_factor is None or not times:
            raise NotExact("a fractional power without Gram factor")
        factor = self.translate(term.gram_factor)
        root = self._times(factor, factor.T)
        difference = self._power(root, term.degree) - self.translate(term.base)
        if not difference.reduced(self.rule).is_zero:
            raise NotExact("the Gram factor is not a root of the base")
        # positive semidefinite roots are unique, and root is a Gram matrix
        return self._power(root, times)

    def _times(self, left: Words, right: Words) -> Words:
        if len(left) * len(right) > MAX_WORDS:
            raise TooLarge(f"{len(left)} times {len(right)} words")
        return (left @ right).reduced(self.rule)

    def _power(self, base: Words, exponent: int) -> Words:
        result = base
        for _ in range(exponent - 1):
            result = self._times(result, base)
        return result


def _rational(factor: Expr) -> Fraction:
    if not factor.is_Rational:
        raise NotExact(f"the factor {factor} is no number")
    return Fraction(int(factor.p), int(factor.q))
