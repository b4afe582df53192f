"""Exact arithmetic over the rationals and over polynomial rings. The oracle of equalities."""

from theorycheck.exact.matrices import (
    RationalAlgebra,
    RationalArithmetic,
    Rows,
    cayley,
    is_symmetric,
    psd_verdict,
    rank,
    rows_of,
)
from theorycheck.exact.null_spaces import (
    PRIMES,
    Row,
    independent_rows,
    independent_rows_modulo,
    null_space,
    rank_modulo,
)
from theorycheck.exact.polynomials import (
    PolynomialArithmetic,
    PolynomialMatrix,
    lie_derivative,
    term_bound,
    terms_of,
    value_modulo,
)
from theorycheck.exact.rationals import (
    as_fraction,
    bit_size,
    decimal_string,
    format_fraction,
    is_zero,
    rational,
    rational_root,
    to_fraction,
)

__all__ = [
    "PRIMES",
    "PolynomialArithmetic",
    "PolynomialMatrix",
    "RationalAlgebra",
    "RationalArithmetic",
    "Row",
    "Rows",
    "as_fraction",
    "bit_size",
    "cayley",
    "decimal_string",
    "format_fraction",
    "independent_rows",
    "independent_rows_modulo",
    "is_symmetric",
    "is_zero",
    "lie_derivative",
    "null_space",
    "psd_verdict",
    "rank",
    "rank_modulo",
    "rational",
    "rational_root",
    "rows_of",
    "term_bound",
    "terms_of",
    "to_fraction",
    "value_modulo",
]
