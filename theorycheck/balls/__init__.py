"""Rigorous arithmetic: balls, their norms and spectra. See README.md in this folder."""

from theorycheck.balls.arithmetic import Arithmetic, BallArithmetic
from theorycheck.balls.ball import Ball
from theorycheck.balls.compare import (
    ge,
    gt,
    hull,
    is_finite,
    le,
    lower_real,
    lt,
    maximum,
    minimum,
    negative,
    nonnegative,
    positive,
    upper_real,
    width,
)
from theorycheck.balls.convert import (
    Matrix,
    Real,
    dyadic,
    inflate,
    interval,
    lower,
    matrix,
    matrix_from_reals,
    midpoint,
    radius,
    real,
    real_from_dyadic,
    to_float_matrix,
    upper,
)
from theorycheck.balls.functions import FUNCTIONS, divide, expm1_over, pi, power, psi, sqrt, square
from theorycheck.balls.norms import (
    frobenius,
    frobenius_squared,
    frobenius_upper,
    spectral_norm_upper,
)
from theorycheck.balls.precision import precision, working_bits
from theorycheck.balls.spectra import (
    eigenvalues, is_positive_definite, lambda_max, lambda_min, nuclear_norm, psd_power,
    spectral_norm,
)  # fmt: skip

BallAlgebra = BallArithmetic
