"""Chebyshev collocation: the same checker, the same truths, and solvers that lie."""

from fractions import Fraction as F

import numpy as np
import pytest
from sympy import symbols

from theorycheck.balls import lower, matrix_from_reals, midpoint, precision, real, upper
from theorycheck.balls.chebyshev import matrix_of_floats
from theorycheck.balls.series import entries_of, evaluate
from theorycheck.errors import EnclosureFailed, InvalidInstance
from theorycheck.problems import Objective
from theorycheck.trajectories import Observable, chebyshev, chebyshev_solver, flow, reference_flow
from theorycheck.trajectories.chebyshev import ChebyshevPiece, Collocation
from theorycheck.trajectories.chebyshev_floats import FloatCollocation
from theorycheck.trajectories.chebyshev_solver import ChebyshevSolver
from theorycheck.trajectories.deep_linear import DeepLinearDynamics
from theorycheck.trajectories.gronwall import certify
from theorycheck.trajectories.integrate import start_column
from theorycheck.verdicts import HOLDS

from .zoo import contains, exact, random_problem, scalar_problem, square_problem

TIMES = [F(1, 7), F(1, 2), F(11, 10)]


@pytest.mark.parametrize("data", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_enclosure_contains_the_reference_and_meets_taylor(seed, data):
    objective, start = random_problem(seed, data=data, max_depth=3)
    truth = reference_flow(objective, start, TIMES, digits=90)
    for bits in (64, 128, 256):
        run = flow(objective, start, TIMES[-1], bits=bits, engine="chebyshev")
        other = flow(objective, start, TIMES[-1], bits=bits, engine="taylor")
        for time, state in zip(TIMES, truth, strict=True):
            state = [exact(x) for x in state]
            distance = sum((b.midpoint - x) ** 2 for b, x in zip(run.at(time), state, strict=True))

            assert contains(run.at(time), state)
            assert distance <= run.radius(time) ** 2
            for a, b in zip(run.at(time), other.at(time), strict=True):
                assert a.lower <= b.upper
                assert b.lower <= a.upper


@pytest.mark.parametrize(("depth", "width"), [(2, 2), (2, 4), (3, 2), (3, 4), (4, 2)])
def test_radius_is_as_good_as_taylors_with_fewer_pieces(depth, width):
    objective, start = square_problem(depth, width)
    run = flow(objective, start, 2, bits=128, engine="chebyshev")
    taylor = flow(objective, start, 2, bits=128, engine="taylor")

    assert len(run.pieces) < len(taylor.pieces)
    assert run.radius(2) <= 10 * taylor.radius(2)


def test_over_and_bulk_contain_the_states_between():
    objective, start = square_problem(3, 2)
    run = flow(objective, start, F(5, 3), bits=96, engine="chebyshev")
    finer = flow(objective, start, F(5, 3), bits=160, engine="taylor")
    over = run.over(F(1, 3), F(3, 2))
    times = [F(1, 3) + F(i, 24) for i in range(28)]
    for time, (centre, radius) in zip(times, run.bulk(times), strict=True):
        truth = finer.at(time)
        distance = sum((lower(centre[i, 0]) - ball.midpoint) ** 2 for i, ball in enumerate(truth))

        assert distance <= (upper(radius) + F(1, 2**120)) ** 2
        for wide, narrow in zip(over, truth, strict=True):
            assert wide.lower <= narrow.lower
            assert narrow.upper <= wide.upper


@pytest.mark.parametrize("bits", [64, 128])
def test_observables_are_followed_as_sharply_as_on_taylor_pieces(bits):
    state = symbols("a b c")
    quantity = (state[0] * state[1] * state[2] - 1) ** 2 / 2
    start = [F(1, 2), F(3, 4), F(1)]
    runs = [
        flow(scalar_problem(3), start, 3, bits=bits, engine=engine)
        for engine in ("chebyshev", "taylor")
    ]
    ours, theirs = (Observable(run, quantity, state) for run in runs)
    span = F(1, 5), F(14, 5)
    for a, b in (
        (ours.at(F(7, 3)), theirs.at(F(7, 3))),
        (ours.over(*span), theirs.over(*span)),
        (ours.integral(*span), theirs.integral(*span)),
        (ours.slope_over(*span), theirs.slope_over(*span)),
    ):
        assert a.lower <= b.upper
        assert b.lower <= a.upper
        assert a.upper - a.lower <= 2 * (b.upper - b.lower) + F(1, 2 ** (bits - 8))
    assert ours.nonincreasing(0, 3).verdict is theirs.nonincreasing(0, 3).verdict is HOLDS
    assert theirs.nondecreasing(0, 3).verdict is ours.nondecreasing(0, 3).verdict


def test_digits_are_promised_by_either_engine():
    objective, start = square_problem(2, 2)
    run = flow(objective, start, 1, digits=40, engine="chebyshev")

    assert run.radius(1) <= F(1, 10**40) * max(1, max(abs(b.upper) for b in run.at(1)))


def test_closed_form_of_depth_one_into_convergence():
    # w = 1 - (99/100) e^{-t}; at t = 200 within 10^-86 of 1
    run = flow(scalar_problem(1), [F(1, 100)], 200, bits=128, engine="chebyshev")
    near = F(1, 10**86)

    assert run.at(200)[0].upper >= 1 - near
    assert run.at(200)[0].lower <= 1
    assert run.radius(200) < F(1, 2**110)


@pytest.mark.parametrize("start", [[F(0), F(0)], [F(1), F(1)], [F(1, 2**200), F(1)]])
def test_equilibria_and_starts_at_the_origin(start):
    run = flow(scalar_problem(2), start, 3, bits=100, engine="chebyshev")
    taylor = flow(scalar_problem(2), start, 3, bits=100, engine="taylor")

    for a, b in zip(run.at(3), taylor.at(3), strict=True):
        assert a.lower <= b.upper
        assert b.lower <= a.upper
    assert run.radius(3) <= F(1, 2**80)


def candidate_with_truth(bits=96):
    objective, start = square_problem(3, 2)
    dynamics = DeepLinearDynamics(objective)
    with precision(bits + 12):
        column = start_column(start)[0]
        candidate = ChebyshevSolver(dynamics, bits).candidate(column, F(1, 4))
    truth = flow(objective, start, candidate.step, bits=256, engine="taylor").at(candidate.step)
    return candidate, [b.midpoint for b in truth]


def spoiled(candidate, kind):
    rows, columns = candidate.even.nrows(), candidate.even.ncols()
    rng = np.random.default_rng(0)
    given = {
        "dynamics": candidate.dynamics,
        "start": candidate.start,
        "step": candidate.step,
        "even": candidate.even,
        "odd": candidate.odd,
        "bits": candidate.bits,
    }
    noise = matrix_of_floats(rows, columns, rng.normal(size=rows * columns).tolist())
    if kind == "slightly":
        given["odd"] = midpoint(candidate.odd + noise * real(F(1, 2**50)))
    elif kind == "last":
        last = [0.0] * (rows * columns - 1) + [2.0**-40]
        given["odd"] = candidate.odd + matrix_of_floats(rows, columns, last)
    elif kind == "sign":
        given["even"] = -candidate.even
    elif kind == "noise":
        given["even"] = noise
    elif kind == "longer":
        given["step"] = candidate.step * F(9, 8)
    elif kind == "not a number":
        broken = [float("nan")] * (rows * columns)
        given["even"] = matrix_of_floats(rows, columns, broken)
    elif kind == "nothing":
        given["even"], given["odd"] = candidate.even * real(0), candidate.odd * real(0)
    return Collocation(**given)


@pytest.mark.parametrize(
    "kind", ["as found", "slightly", "last", "sign", "noise", "longer", "nothing"]
)
def test_wrong_candidates_are_never_certified_too_sharply(kind):
    candidate, truth = candidate_with_truth()
    proposal = spoiled(candidate, kind)
    with precision(candidate.bits):
        piece = ChebyshevPiece(proposal)
        growth = certify(real(0), piece.defect, piece.curvatures, piece.whole)
        value = evaluate(piece.coefficients, real(candidate.step))
        distance = sum((lower(value[i, 0]) - x) ** 2 for i, x in enumerate(truth))
    if kind == "as found":
        assert growth is not None
        assert upper(growth.end) <= F(1, 2**92)
    if growth is not None:
        assert distance <= (upper(growth.supremum) + F(1, 2**110)) ** 2
    if kind not in ("as found", "longer"):
        # A candidate that is wrong by 2^-60 or more must not pass for one that is right.
        assert upper(piece.defect.uniform) >= F(1, 2**60)


def largest_defect(piece, times=97):
    """The largest |p' + grad f(p)| over many times, from below."""
    packed, dynamics = piece.coefficients, piece.dynamics
    rows = [[packed[k, i] for i in range(packed.ncols())] for k in range(packed.nrows())]
    slopes = matrix_from_reals(
        len(rows) - 1, packed.ncols(), [k * x for k, row in enumerate(rows) if k for x in row]
    )
    squares = []
    for i in range(times + 1):
        time = real(piece.collocation.step * F(i, times))
        slope = evaluate(slopes, time)
        gradient = dynamics.gradient(dynamics.parts(evaluate(packed, time)))
        entries = [x for g in gradient for x in entries_of(g)]
        total = sum(((slope[j, 0] + x) ** 2 for j, x in enumerate(entries)), real(0))
        squares.append(lower(total))
    return max(squares)


@pytest.mark.parametrize("kind", ["as found", "slightly", "last", "noise", "longer", "nothing"])
def test_defect_holds_at_every_time(kind):
    proposal = spoiled(candidate_with_truth()[0], kind)
    with precision(proposal.bits):
        piece = ChebyshevPiece(proposal)
    with precision(300):
        assert largest_defect(piece) <= upper(piece.defect.uniform) ** 2


@pytest.mark.parametrize("bits", [40, 60])
def test_defect_counts_the_rounding_of_the_powers(bits):
    # Coefficients that do not decay: in powers of t they are rounded by far more than they weigh.
    proposal = spoiled(candidate_with_truth()[0], "noise")
    with precision(bits):
        piece = ChebyshevPiece(proposal)
    with precision(300):
        found = largest_defect(piece)
        assert F(2) ** 40 <= found <= upper(piece.defect.uniform) ** 2


@pytest.mark.parametrize("tube", [F(0), F(1, 64)])
def test_curvature_bounds_the_hessian_on_every_part(tube):
    # Near the origin lambda_min is close to -(1 - a b), and the bound is nearly attained.
    objective = scalar_problem(2)
    solver = ChebyshevSolver(DeepLinearDynamics(objective), 96)
    with precision(108):
        candidate = solver.candidate(start_column([F(1, 16), F(1, 20)])[0], F(2))
    with precision(candidate.bits):
        piece = ChebyshevPiece(candidate)
        bounds = [upper(m) for m in piece.curvatures(real(tube))]
    for i, bound in enumerate(bounds):
        for j in range(5):
            time = candidate.step * (i + F(j, 4)) / len(bounds)
            a, b = (lower(x) for x in entries_of(evaluate(piece.coefficients, real(time))))
            for sign in (-1, 1):
                # f = (a b - 1)^2 / 2 has the Hessian [[b^2, 2 a b - 1], [2 a b - 1, a^2]].
                c, d = a + sign * tube * F(7, 10), b + sign * tube * F(7, 10)
                shift = c**2 + bound, d**2 + bound

                assert shift[0] * shift[1] - (2 * c * d - 1) ** 2 >= 0
    assert max(bounds) <= 1 + tube


def straight(speed, step=F(1)):
    """The path (0, 0, 1 + speed t) of a scalar net of depth three, as a candidate."""
    even = matrix_from_reals(2, 3, [real(F(x)) for x in (0, 0, speed, 0, 0, 0)])
    dynamics = DeepLinearDynamics(scalar_problem(3))
    start = start_column([F(0), F(0), F(1)])[0]
    return Collocation(dynamics, start, step, even, even * real(0), 96)


@pytest.mark.parametrize("tube", [F(0), F(1, 64), F(1)])
@pytest.mark.parametrize("speed", [F(0), F(1), F(8)])
def test_curvature_counts_the_way_along_the_piece_and_the_tube(speed, tube):
    # f = (a b c - 1)^2 / 2 at (0, 0, c) has the eigenvalues c, 0, -c: the bound is attained.
    with precision(96):
        piece = ChebyshevPiece(straight(speed))
        bounds = [upper(m) for m in piece.curvatures(real(tube))]
    for i, bound in enumerate(bounds):
        end = F(i + 1, len(bounds))

        assert 1 + speed * end + tube <= bound <= (F(101, 100) + 2 * (speed * end + tube)) ** 3


def test_defect_counts_every_rounding(monkeypatch):
    with precision(96):
        plain = upper(ChebyshevPiece(straight(F(0))).defect.uniform)
        for turn, distance, least in [(7, 0, 7), (0, 1, 2), (7, 1, 9)]:
            monkeypatch.setattr(ChebyshevPiece, "_rounding", (real(distance), real(turn)))

            # Within `distance` of (0, 0, 1) is (0, 0, 2), where |Hess f| = 2.
            assert upper(ChebyshevPiece(straight(F(0))).defect.uniform) >= plain + least


@pytest.mark.parametrize("step", [F(1, 4), F(1, 2), F(1)])
def test_defect_holds_where_the_nodes_see_nothing(monkeypatch, step):
    # Eight nodes are far too few: the residual vanishes there, and only the aliasing bound is left.
    monkeypatch.setattr(chebyshev, "MORE_NODES", 0)
    monkeypatch.setattr(chebyshev_solver, "nodes_for", lambda bits: 8)
    objective, start = square_problem(3, 2)
    solver = ChebyshevSolver(DeepLinearDynamics(objective), 96)
    with precision(108):
        column = start_column(start)[0]
        slope = solver._slope(column)
        point = np.array([float(q) for q in start])
        slopes = solver.floats.solve(point, slope, float(step))
        solver._goal = -100.0
        proposal = solver._refined(column, point, step, slopes)
        piece = ChebyshevPiece(proposal)
        seen = [lower(x) for side in proposal.residual(8) for x in entries_of(side)]

    assert max(seen) <= F(1, 2**90)
    with precision(300):
        found = largest_defect(piece)
        assert F(1, 2**60) <= found <= upper(piece.defect.uniform) ** 2


@pytest.mark.parametrize("lie", [lambda x: x * 2, lambda x: x + 1, lambda x: x * np.nan])
def test_flow_survives_a_solver_that_lies(monkeypatch, lie):
    objective, start = random_problem(1, max_depth=3)
    truth = flow(objective, start, 1, bits=200, engine="taylor").at(1)
    honest = FloatCollocation.correct

    def correct(self, *arguments):
        found = honest(self, *arguments)
        return None if found is None else lie(found)

    monkeypatch.setattr(FloatCollocation, "correct", correct)
    run = flow(objective, start, 1, bits=110, engine="chebyshev")

    assert contains(run.at(1), [b.midpoint for b in truth])


@pytest.mark.parametrize(
    "kind", ["slightly", "last", "sign", "noise", "longer", "nothing", "not a number"]
)
@pytest.mark.parametrize("tolerated", [4.0, 400.0])
def test_flow_survives_wrong_candidates(monkeypatch, kind, tolerated):
    # Tolerating everything, even a gross defect must become a radius that holds.
    objective, start = square_problem(2, 2)
    truth = flow(objective, start, 1, bits=200, engine="taylor").at(1)
    honest = ChebyshevSolver.candidate

    def candidate(self, start, remaining, radius):
        found = honest(self, start, remaining / 2, radius)
        return None if found is None else spoiled(found, kind)

    monkeypatch.setattr(ChebyshevSolver, "candidate", candidate)
    monkeypatch.setattr(chebyshev_solver, "TOLERATED", tolerated)
    try:
        run = flow(objective, start, 1, bits=110, engine="chebyshev")
    except EnclosureFailed as failure:
        # A radius beyond use is a failure, and only gross candidates that are taken lead there.
        assert tolerated > 4
        assert failure.reached > 0  # noqa: PT017
    else:
        assert contains(run.at(1), [b.midpoint for b in truth])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 140))
def test_random_nets_over_longer_horizons(seed):
    objective, start = random_problem(seed, data=seed % 3 == 0)
    horizon, bits = (F(1, 3), F(5, 2), F(7))[seed % 3], (40, 64, 90, 128)[seed % 4]
    run = flow(objective, start, horizon, bits=bits, engine="chebyshev")
    truth = flow(objective, start, horizon, bits=bits + 80, engine="taylor")
    for i in range(9):
        for ours, theirs in zip(run.at(horizon * i / 8), truth.at(horizon * i / 8), strict=True):
            assert ours.lower <= theirs.lower
            assert theirs.upper <= ours.upper


def test_engine_is_checked_at_the_door():
    objective, start = square_problem(2, 2)
    with pytest.raises(InvalidInstance, match="engine='newton' is unknown; pass \"taylor\""):
        flow(objective, start, 1, engine="newton")
    a, b = symbols("a b")
    field = Objective.from_sympy((a * b - 1) ** 2 / 2, variables=[a, b])
    with pytest.raises(InvalidInstance, match="deep linear objectives only"):
        flow(field, [1, 2], 1, engine="chebyshev")
    assert flow(field, [1, 2], 1, engine="taylor").radius(1) < F(1, 2**40)
