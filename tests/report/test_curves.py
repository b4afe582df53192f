"""What is drawn: enclosures of both sides at exact places."""

from fractions import Fraction

import sympy

import theorycheck as tc
from theorycheck.report.curves import curves_of
from theorycheck.report.figures import draw
from theorycheck.trajectories import Effort

X = sympy.Symbol("x")
INSTANCE = tc.Instance(
    objective=tc.Objective.from_sympy(X**2 / 2, variables=[X]), start=[1], horizon=2
)


@tc.claim(source="closed form", example=INSTANCE)
def position_decays(case):
    """x(t) = e^-t is at most 1."""
    return tc.le(case.flow.position[0, 0], 1, over=tc.times(0, case.horizon))


def test_curve_encloses_the_closed_form():
    curves = curves_of(position_decays, INSTANCE, Effort())

    assert curves.places[0] == 0
    assert curves.places[-1] == 2
    for place, ball in zip(curves.places, curves.curves[0].balls, strict=True):
        truth = Fraction(str(sympy.exp(-sympy.Rational(str(place))).evalf(40)))
        slack = Fraction(1, 10**38)
        assert ball.lower - slack <= truth <= ball.upper + slack
        assert ball.radius < Fraction(1, 10**12)


def test_caption_names_title_and_source():
    caption = curves_of(position_decays, INSTANCE, Effort()).caption

    assert "closed form" in caption
    assert "x(t) = e^-t is at most 1" in caption


def test_drawing_leaves_matplotlib_alone(tmp_path):
    import matplotlib

    before = dict(matplotlib.rcParams)
    draw(curves_of(position_decays, INSTANCE, Effort()), tmp_path / "f.png")

    assert dict(matplotlib.rcParams) == before
