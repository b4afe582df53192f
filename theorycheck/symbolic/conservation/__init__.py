"""Discover what gradient flow conserves: laws, how many there are, and momenta.

    phi: R^D -> R^d polynomial;  h is a law if <grad h, grad phi_i> = 0 for all i

`linear_network` and `relu_network` make the re-parameterisation phi of a network,
`Parameterisation.from_sympy` reads one's own. `polynomial_laws` finds all laws up to a degree,
`independent_laws` says how many exist, `momentum_laws` treats heavy-ball and Nesterov flows.
"""

from theorycheck.symbolic.conservation.architectures import linear_network, relu_network
from theorycheck.symbolic.conservation.independent_laws import (
    Evidence,
    IndependentLaws,
    independent_laws,
)
from theorycheck.symbolic.conservation.momentum import (
    Momentum,
    MomentumFlow,
    MomentumLaws,
    integrating_factor,
    momentum_laws,
)
from theorycheck.symbolic.conservation.parameterisation import Parameterisation
from theorycheck.symbolic.conservation.polynomial_laws import Law, PolynomialLaws, polynomial_laws

__all__ = [
    "Evidence",
    "IndependentLaws",
    "Law",
    "Momentum",
    "MomentumFlow",
    "MomentumLaws",
    "Parameterisation",
    "PolynomialLaws",
    "independent_laws",
    "integrating_factor",
    "linear_network",
    "momentum_laws",
    "polynomial_laws",
    "relu_network",
]
