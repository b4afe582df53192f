"""A normal form for sums of matrix products: non-commutative words with scalar coefficients.

A word is a tuple of letters, each plain or transposed. Two matrix expressions whose normal forms
agree are equal for all matrices of fitting shapes; the converse is not claimed. Coefficients are
rationals, or SymPy expressions in commuting symbols and traces, kept expanded. A factor of shape
1 x 1 is a scalar and moves into the coefficient. Rules (theorycheck.symbolic.rewriting) decide
equality under a hypothesis, such as balance W_{j+1}^T W_{j+1} -> W_j W_j^T.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeAlias

import sympy
from sympy import Expr

from theorycheck.errors import InvalidExpression
from theorycheck.symbolic.forms import Form
from theorycheck.symbolic.letters import (
    Dimension,
    Letter,
    Shape,
    Word,
    joined,
    transposed,
    word_key,
)  # fmt: skip
from theorycheck.symbolic.signs import Sign

__all__ = [
    "Coefficient",
    "Letter",
    "Rule",
    "Trace",
    "Word",
    "Words",
    "form_of",
    "inner",
    "letter",
    "require_symmetry",
    "trace",
]

Coefficient: TypeAlias = Fraction | Expr
Rule = Callable[[Letter, Letter], Word | None]


@dataclass(frozen=True)
class Words:
    """Hold a finite sum of words, in normal form.

    Build with `Words.letter`, `Words.identity`, `Words.zero`, then `+`, `-`, `@`, `*`, `.T`.

    Parameters
    ----------
    terms : tuple of (word, coefficient), coefficients not 0
    shape : (rows, columns), or None where shapes are not tracked
    form : how it was written, for printing; kept where shapes are tracked

    Raises
    ------
    InvalidExpression    shapes that are both tracked and do not fit
    """

    terms: tuple[tuple[Word, Coefficient], ...]
    shape: Shape | None = None
    form: Form | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, terms: Iterable[tuple[Word, Coefficient]], shape: Shape | None = None) -> Words:
        collected: dict[Word, Coefficient] = {}
        for word, coefficient in terms:
            factor, rest = (Fraction(1), word) if shape is None else _without_scalars(word)
            product = _times(coefficient, factor)
            collected[rest] = _plus(collected[rest], product) if rest in collected else product
        return cls(tuple((w, c) for w, c in collected.items() if c != 0), shape)

    @classmethod
    def letter(cls, letter: Letter) -> Words:
        shape = None if letter.shape is None else (letter.rows or 0, letter.columns or 0)
        return cls.of([((letter,), Fraction(1))], shape)

    @classmethod
    def identity(cls, size: Dimension | None = None) -> Words:
        return cls((((), Fraction(1)),), None if size is None else (size, size))

    @classmethod
    def zero(cls, shape: Shape | None = None) -> Words:
        return cls((), shape)

    def __add__(self, other: Words) -> Words:
        _require_words(other, "+")
        made = Words.of([*self.terms, *other.terms], _same_shape(self, other))
        parts = (*_summands(self), *_summands(other))
        if len(parts) != 1 or made.shape is None:
            return made.written("sum", *parts) if parts else made
        (only,) = parts
        return replace(made, form=form_of(only) if isinstance(only, Words) else only)

    def __sub__(self, other: Words) -> Words:
        _require_words(other, "-")
        return self + other.scaled(Fraction(-1))

    def written(self, operation: str, *parts: Any) -> Words:
        """Remember how the expression was written, where shapes are tracked."""
        if self.shape is None:
            return self
        forms = tuple(form_of(p) if isinstance(p, Words) else p for p in parts)
        return replace(self, form=Form(operation, forms))

    def named(self, name: str) -> Words:
        """Give the expression a LaTeX name, under which it is printed from now on."""
        return self.written("named", name, self)

    def __neg__(self) -> Words:
        return self.scaled(Fraction(-1))

    def __matmul__(self, other: Words) -> Words:
        _require_words(other, "@")
        shape = _product_shape(self, other)
        made = Words.of(
            ((joined(v, w), _times(a, b)) for v, a in self.terms for w, b in other.terms), shape
        )
        return made.written("product", *_factors(self), *_factors(other))

    def __mul__(self, factor: Any) -> Words:
        return self.scaled(factor)

    __rmul__ = __mul__

    def __pow__(self, exponent: Expr | int) -> Words:
        """Raise one symmetric letter to a symbolic power, or anything to a natural one."""
        if len(self.terms) == 1 and len(self.terms[0][0]) == 1 and self.terms[0][1] == 1:
            (letter,) = self.terms[0][0]
            if letter.symmetric:
                power = joined((letter.to_power(exponent),))
                return Words.of([(power, Fraction(1))], self.shape).written("power", self, exponent)
        if not isinstance(exponent, int) or exponent < 0:
            raise InvalidExpression(
                f"power {exponent} of a sum or product; name a symmetric letter"
            )
        result = Words.identity(None if self.shape is None else self.shape[0])
        for _ in range(exponent):
            result = result @ self
        return result.written("power", self, exponent)

    def scaled(self, factor: Any) -> Words:
        value = _coefficient(factor)
        made = Words.of(((word, _times(value, c)) for word, c in self.terms), self.shape)
        if value == 0:
            return made
        if self.form is not None and self.form.operation == "scaled":
            inside, written = self.form.parts
            return made.written("scaled", _times(value, inside), written)
        return made.written("scaled", value, self)

    @property
    def T(self) -> Words:
        shape = None if self.shape is None else (self.shape[1], self.shape[0])
        made = Words.of(((transposed(word), c) for word, c in self.terms), shape)
        return made.written("transpose", self)

    @property
    def is_zero(self) -> bool:
        return not self.terms

    @property
    def letters(self) -> frozenset[Letter]:
        """The plain letters that occur, those inside traces included."""
        found = {x.plain for word, _ in self.terms for x in word}
        for _, coefficient in self.terms:
            if isinstance(coefficient, Expr):
                found |= {x.plain for t in coefficient.atoms(Trace) for x in t.word}
        return frozenset(found)

    @property
    def scalar(self) -> Expr:
        """The value of a 1 x 1 expression, as a SymPy expression."""
        if self.shape != (1, 1):
            raise InvalidExpression(f"({self}) has shape {self.shape}; a scalar is 1 x 1")
        return trace(self)

    def map_words(self, change: Callable[[Word], Words]) -> Words:
        """Replace every word by a sum of words, coefficients kept."""
        result = Words.zero(self.shape)
        for word, coefficient in self.terms:
            result = result + change(word).scaled(coefficient)
        return result

    def reduced(self, rule: Rule) -> Words:
        """Rewrite neighbouring letters until the rule no longer applies.

        The caller answers for termination; balancedness lowers the layer indices each time.
        """
        return Words.of(((_reduce(word, rule), c) for word, c in self.terms), self.shape)

    def __len__(self) -> int:
        return len(self.terms)

    def __str__(self) -> str:
        from theorycheck.symbolic.latex import text

        return text(self)

    def _repr_latex_(self) -> str:
        from theorycheck.symbolic.latex import latex

        return f"$\\displaystyle {latex(self)}$"


class Trace(sympy.AtomicExpr):  # type: ignore[misc]
    """Stand for the trace of a cyclic word, in normal form; a commuting real scalar.

    A 1 x 1 word is its own trace. Build with `trace` or `inner`, not directly.
    """

    is_commutative = True
    is_real = True
    is_number = False

    def __new__(cls, word: Word) -> Trace:
        made = super().__new__(cls)
        made.word = word
        return made  # type: ignore[no-any-return]

    word: Word

    def _hashable_content(self) -> tuple[Any, ...]:
        return (self.word,)

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self.word,)

    def _eval_is_nonnegative(self) -> bool | None:
        rotations = (self.word[i:] + self.word[:i] for i in range(len(self.word)))
        return True if any(_is_gram(word) for word in rotations) else None

    _eval_is_extended_nonnegative = _eval_is_nonnegative

    @property
    def structural_sign(self) -> Sign:
        return Sign.NONNEGATIVE if self.is_nonnegative else Sign.UNKNOWN

    def _sympystr(self, _printer: Any) -> str:
        from theorycheck.symbolic.latex import word_text

        inside = word_text(self.word)
        return f"({inside})" if _is_scalar(self.word) else f"tr({inside})"

    def _latex(self, _printer: Any) -> str:
        from theorycheck.symbolic.latex import word_latex

        inside = word_latex(self.word)
        return inside if _is_scalar(self.word) else rf"\operatorname{{tr}}\left({inside}\right)"


def letter(
    name: str,
    rows: Dimension,
    columns: Dimension,
    *,
    symmetric: bool = False,
    psd: bool = False,
) -> Words:
    """A matrix of the given shape; the name is its LaTeX.

    Raises
    ------
    InvalidExpression    a symmetric letter that is not square, a size that is no positive integer
    """
    for size in (rows, columns):
        value = sympy.sympify(size)
        integer = value.is_integer is not False and value.is_positive is not False
        if isinstance(size, str) or not integer:
            raise InvalidExpression(
                f"{name}: size {size!r} is no positive integer; use dimension()"
            )
    if (symmetric or psd) and not _equal(rows, columns):
        raise InvalidExpression(f"{name} is {rows} x {columns}; a symmetric matrix is square")
    return Words.letter(Letter(name, symmetric=symmetric or psd, shape=(rows, columns), psd=psd))


def form_of(words: Words) -> Form:
    """How the expression was written, or its normal form."""
    from theorycheck.symbolic.latex import normal_form

    return words.form or normal_form(words)


def _summands(words: Words) -> tuple[Form | Words, ...]:
    if words.is_zero and words.form is None:
        return ()
    parts = words.form.parts if words.form and words.form.operation == "sum" else (words,)
    return tuple(parts)


def _factors(words: Words) -> tuple[Form | Words, ...]:
    parts = words.form.parts if words.form and words.form.operation == "product" else (words,)
    return tuple(parts)


def _require_words(other: object, operation: str) -> None:
    if not isinstance(other, Words):
        raise InvalidExpression(
            f"matrix {operation} {other!r}: the right side is no matrix; scalars multiply by *"
        )


def require_symmetry(letter: Letter, value: Words) -> None:
    """Refuse a value, rate or direction of a symmetric letter that is not symmetric.

    Raises
    ------
    InvalidExpression
    """
    if letter.symmetric and not (value.T - value).is_zero:
        raise InvalidExpression(f"{letter.name} is symmetric, ({value}) is not by its normal form")


def trace(words: Words) -> Expr:
    """Return the trace as a SymPy expression in `Trace` atoms, in cyclic normal form.

    Raises
    ------
    InvalidExpression    a shape that is not square
    """
    if words.shape is not None and not _equal(*words.shape):
        raise InvalidExpression(f"trace of a {_by(words.shape)} matrix; it must be square")
    return sympy.expand(
        sum((sympy.sympify(c) * _trace_of(w, words.shape) for w, c in words.terms), sympy.S.Zero)
    )


def inner(left: Words, right: Words) -> Expr:
    """Return the Frobenius inner product tr(left^T right)."""
    _same_shape(left, right)
    return trace(left.T @ right)


def _trace_of(word: Word, shape: Shape | None) -> Expr:
    if not word:
        if shape is None:
            raise InvalidExpression("trace of an identity of unknown size; give it a size")
        return sympy.sympify(shape[0])
    for i, letter in enumerate(word):
        if letter.rows == 1 and i:
            return _trace_of(joined(word[i:], word[:i]), None)
    if word[0].rows == 1:
        factor, rest = _without_scalars(word)
        if rest:
            raise InvalidExpression(f"trace of {rest}; its shapes do not close")
        return sympy.sympify(factor)
    return Trace(_cyclic(word))


def _cyclic(word: Word) -> Word:
    """The first among all rotations of the word and of its transpose."""
    while len(word) > 1 and word[0].symmetric and word[0].name == word[-1].name:
        word = joined(word[-1:], word[:-1])
    both = (word, transposed(word))
    return min((w[i:] + w[:i] for w in both for i in range(len(w))), key=word_key, default=word)


def _without_scalars(word: Word) -> tuple[Coefficient, Word]:
    """Move the 1 x 1 factors of a word into its coefficient."""
    cuts = [i for i, letter in enumerate(word) if letter.rows == 1]
    if word and word[-1].columns == 1:
        cuts.append(len(word))
    if len(cuts) < 2:
        return Fraction(1), word
    factor: Expr = sympy.S.One
    for first, last in pairwise(cuts):
        segment = word[first:last]
        factor *= Trace(min(segment, transposed(segment), key=word_key))
    return factor, joined(word[: cuts[0]], word[cuts[-1] :])


def _is_scalar(word: Word) -> bool:
    return bool(word) and word[0].rows == 1 and word[-1].columns == 1


def _is_gram(word: Word) -> bool:
    """Tell whether the word reads X^T X, so that its trace is a squared norm."""
    half = len(word) // 2
    if len(word) % 2 == 0:
        return bool(word) and word[:half] == transposed(word[half:])
    middle = word[half]
    even = middle.symmetric and isinstance(middle.exponent, int) and middle.exponent % 2 == 0
    return even and word[:half] == transposed(word[half + 1 :])


def _coefficient(value: Any) -> Coefficient:
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int):
        return Fraction(value)
    try:
        made = sympy.sympify(value)
    except (sympy.SympifyError, TypeError):
        raise InvalidExpression(f"{value!r} is no scalar; multiply matrices by @") from None
    if not isinstance(made, Expr) or made.has(sympy.Float):
        raise InvalidExpression(f"coefficient {value!r} is not exact; use Fraction or Rational")
    if made.is_Rational:
        return Fraction(int(made.p), int(made.q))
    if not made.is_commutative:
        raise InvalidExpression(f"coefficient {made} does not commute; make it a letter")
    return made


def _times(left: Coefficient, right: Coefficient) -> Coefficient:
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left * right
    return _coefficient(sympy.expand(sympy.sympify(left) * sympy.sympify(right)))


def _plus(left: Coefficient, right: Coefficient) -> Coefficient:
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left + right
    return _coefficient(sympy.expand(sympy.sympify(left) + sympy.sympify(right)))


def _equal(left: Dimension, right: Dimension) -> bool:
    return bool(left == right or sympy.expand(sympy.sympify(left) - right) == 0)


def _by(shape: Shape) -> str:
    return f"{shape[0]} x {shape[1]}"


def _same_shape(left: Words, right: Words) -> Shape | None:
    if left.shape is None or right.shape is None:
        return left.shape or right.shape
    if not all(_equal(a, b) for a, b in zip(left.shape, right.shape, strict=True)):
        raise InvalidExpression(
            f"({left}) is {_by(left.shape)} and ({right}) is {_by(right.shape)}; "
            "sums, differences and inner products need equal shapes"
        )
    return left.shape


def _product_shape(left: Words, right: Words) -> Shape | None:
    if left.shape is None or right.shape is None:
        return None
    if not _equal(left.shape[1], right.shape[0]):
        raise InvalidExpression(
            f"({left}) is {_by(left.shape)} and ({right}) is {_by(right.shape)}; a product needs "
            f"columns = rows, got {left.shape[1]} and {right.shape[0]}"
        )
    return left.shape[0], right.shape[1]


def _reduce(word: Word, rule: Rule) -> Word:
    i = 0
    while i < len(word) - 1:
        replacement = rule(word[i], word[i + 1])
        if replacement is None:
            i += 1
        else:
            word = joined(word[:i], replacement, word[i + 2 :])
            i = max(i - 1, 0)
    return word
