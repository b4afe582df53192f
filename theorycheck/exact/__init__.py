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
from theorycheck.exact.polynomials import (
    PolynomialArithmetic,
    PolynomialMatrix,
    lie_derivative,
    term_bound,
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
    "PolynomialArithmetic",
    "PolynomialMatrix",
    "RationalAlgebra",
    "RationalArithmetic",
    "Rows",
    "as_fraction",
    "bit_size",
    "cayley",
    "decimal_string",
    "format_fraction",
    "is_symmetric",
    "is_zero",
    "lie_derivative",
    "psd_verdict",
    "rank",
    "rational",
    "rational_root",
    "rows_of",
    "term_bound",
    "to_fraction",
]
