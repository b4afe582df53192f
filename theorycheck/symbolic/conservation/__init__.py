"""Discover what gradient flow conserves: laws, how many there are, and momenta."""

from theorycheck.symbolic.conservation.architectures import linear_network, relu_network
from theorycheck.symbolic.conservation.parameterisation import Parameterisation
from theorycheck.symbolic.conservation.polynomial_laws import Law, PolynomialLaws, polynomial_laws

__all__ = [
    "Law",
    "Parameterisation",
    "PolynomialLaws",
    "linear_network",
    "polynomial_laws",
    "relu_network",
]
