"""Targets 1, 2, 3, 5, 7: what a certified flow costs and how wide it is."""

from fractions import Fraction

import mpmath

from theorycheck.trajectories import flow

from .competitors import heyoka_integrator, odefun, taylor_in_mpmath
from .models import FIFTY_DIGITS, HORIZON, HUNDRED_DIGITS, model, uncertified
from .table import Row, best_seconds

__all__ = ["against_heyoka", "against_mpmath", "against_uncertified", "engines", "radii"]


def _check(run, state, digits):
    """Raise unless another integrator's final state agrees with the enclosure."""
    for ball, value in zip(run.at(HORIZON), state, strict=True):
        # An mpf is written with the digits of mpmath's global context, not with its own.
        text = mpmath.nstr(value, digits + 10) if isinstance(value, mpmath.mpf) else str(value)
        assert abs(Fraction(text) - ball.midpoint) <= Fraction(1, 10**digits)


def against_uncertified():
    """Target 1: what the certificate adds to the ball Taylor method."""
    rows = []
    for depth, width, bits, goal in [
        (3, 4, FIFTY_DIGITS, 1.25),
        (2, 8, FIFTY_DIGITS, 1.25),
        (3, 4, HUNDRED_DIGITS, 1.1),
        (3, 4, 53, 2.0),
        (3, 2, 53, 2.0),
    ]:
        objective, start = model(depth, width)
        pieces = flow(objective, start, HORIZON, bits=bits, engine="taylor").pieces
        certified, plain = best_seconds(
            lambda o=objective, s=start, b=bits: flow(o, s, HORIZON, bits=b, engine="taylor"),
            lambda o=objective, s=start, p=pieces, b=bits: uncertified(o, s, p, b),
            rounds=7 if bits == 53 else 3,
        )
        ratio = certified / plain
        rows.append(
            Row(
                1,
                f"certified / uncertified, n={depth} d={width}, {bits} bits",
                f"<= {goal}",
                f"{ratio:.2f}  ({certified * 1e3:.0f} ms, {len(pieces)} steps)",
                ratio <= goal,
                {"certified": certified, "uncertified": plain},
            )
        )
    return rows


def against_mpmath():
    """Targets 2 and 3: mpmath.odefun, and a Taylor method written by hand in mpmath."""
    rows = []
    for depth, width, digits, bits, goal in [
        (2, 2, 16, 53, 15),
        (3, 2, 30, 103, 15),
        (3, 4, 50, FIFTY_DIGITS, 25),
    ]:
        objective, start = model(depth, width)
        states = []
        certified, other = best_seconds(
            lambda o=objective, s=start, b=bits: flow(o, s, HORIZON, bits=b),
            lambda o=objective, s=start, d=digits, r=states: r.append(odefun(o, s, HORIZON, d)),
            rounds=1 if digits == 50 else 3,
        )
        _check(flow(objective, start, HORIZON, bits=bits), states[0], digits - 4)
        ratio = other / certified
        what = f"mpmath.odefun / certified, n={depth} d={width}, {digits} digits"
        numbers = {"certified": certified, "odefun": other}
        measured = f"{ratio:.1f}  ({other:.2f} s)"
        rows.append(Row(2, what, f">= {goal}", measured, ratio >= goal, numbers))

    objective, start = model(3, 4)
    run = flow(objective, start, HORIZON, bits=FIFTY_DIGITS, engine="taylor")
    states = []
    certified, other = best_seconds(
        lambda: flow(objective, start, HORIZON, bits=FIFTY_DIGITS),
        lambda: states.append(taylor_in_mpmath(objective, start, run.pieces, FIFTY_DIGITS)),
    )
    _check(run, states[0], 46)
    ratio = other / certified
    numbers = {"certified": certified, "by_hand": other}
    what = "Taylor by hand in mpmath / certified, n=3 d=4, 50 digits"
    rows.append(Row(3, what, ">= 8", f"{ratio:.1f}  ({other:.2f} s)", ratio >= 8, numbers))
    return rows


def engines():
    """The second engine against the first, both certified: it is kept because it wins."""
    rows = []
    for depth, width in ((3, 4), (3, 8), (2, 8)):
        objective, start = model(depth, width)
        runs = {}
        taylor, chebyshev = best_seconds(
            *(
                lambda e=e, o=objective, s=start, r=runs: r.update(
                    {e: flow(o, s, HORIZON, bits=FIFTY_DIGITS, engine=e)}
                )
                for e in ("taylor", "chebyshev")
            ),
            rounds=2,
        )
        ratio = taylor / chebyshev
        wide = float(runs["chebyshev"].radius(HORIZON) / runs["taylor"].radius(HORIZON))
        what = f"Taylor / Chebyshev, n={depth} d={width}, 50 digits"
        measured = f"{ratio:.2f}  ({chebyshev * 1e3:.0f} ms, radius {wide:.2g} times)"
        numbers = {"taylor": taylor, "chebyshev": chebyshev}
        rows.append(Row(0, what, ">= 1.3", measured, ratio >= 1.3, numbers))
    return rows


def against_heyoka():
    """Target 5: heyoka's MPFR integrator, compiled before."""
    rows = []
    for depth, width, goal in [(2, 2, 3.0), (3, 4, 1.0)]:
        objective, start = model(depth, width)
        what = f"certified / heyoka MPFR, N={len(start)}, 50 digits"
        integrate = heyoka_integrator(objective, start, FIFTY_DIGITS)
        if integrate is None:
            rows.append(Row(5, what, f"<= {goal:g}", "heyoka is not installed", None))
            continue
        certified, other = best_seconds(
            lambda o=objective, s=start: flow(o, s, HORIZON, bits=FIFTY_DIGITS),
            lambda f=integrate: f(HORIZON),
        )
        _check(flow(objective, start, HORIZON, bits=FIFTY_DIGITS), integrate(HORIZON), 46)
        ratio = certified / other
        measured = f"{ratio:.2f}  (heyoka {other * 1e3:.0f} ms)"
        numbers = {"certified": certified, "heyoka": other}
        rows.append(Row(5, what, f"<= {goal:g}", measured, ratio <= goal, numbers))
    return rows


def _growth(bits, *, converging):
    """Return the radii at 2 in units of 2^-bits, and r(10) / r(2), by depth."""
    units, growth = {}, {}
    for depth in (1, 2, 3):
        objective, start = model(depth, 4, converging=converging)
        run = flow(objective, start, 10, bits=bits)
        early, late = run.radius(HORIZON), run.radius(10)
        units[depth], growth[depth] = float(early * 2**bits), float(late / early)
    return units, growth


def radii():
    """Target 7: the radius in units of the working precision, and its growth after convergence."""
    rows = []
    for bits in (53, FIFTY_DIGITS):
        moving, slow = _growth(bits, converging=False)
        resting, growth = _growth(bits, converging=True)
        worst = max(*moving.values(), *resting.values())
        fastest, slowest = max(growth.values()), max(slow.values())
        what, small = f"n=1..3 d=4, {bits} bits", worst <= 1e4
        numbers = {"moving": moving, "resting": resting}
        rows += [
            Row(7, f"radius at 2 in units, {what}", "<= 1e4", f"{worst:.3g}", small, numbers),
            Row(7, f"r(10) / r(2), {what}", "<= 3", f"{fastest:.2f}", fastest <= 3, growth),
            Row(0, f"r(10) / r(2), still moving, {what}", "", f"{slowest:.0f}", None, slow),
        ]
    return rows
