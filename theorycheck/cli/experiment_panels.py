"""The panels of the descent-against-flow experiment: from results to curves with names."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from theorycheck.experiments.elkabetz_cohen import WIDTHS, NetworkResult, Settings
from theorycheck.report.panels import Line, Panel, Row

__all__ = ["caption_of", "row_of"]

CURVES = {
    "samples": r"$\int_0^t m$, A8: $2\,\frac{1}{N}\sum_i\|r_i\|\|x_i\|\max_l\|W_l\|$",
    "paper": r"$\int_0^t m$, A6: $2\,\|g\|_F\max_l\|W_l\|$",
    "blocks": r"$\int_0^t m$, A6: $\lambda_{\max}(K^{\mathrm{part}})$",
    "exact": r"$\int_0^t -\lambda_{\min}$ (Lanczos)",
}
LOSS_WIDTHS = (3.6, 2.9, 2.2, 1.5, 0.8)


def row_of(settings: Settings, result: NetworkResult) -> Row:
    """The paper's two panels, the integrated curvature, and the small certified version."""
    widths = "-".join(map(str, WIDTHS))
    title = f"{'ReLU' if result.relu else 'Linear'} network {widths}, no biases"
    return Row(
        result.name,
        title,
        [_losses(settings, result), _distances(settings, result), _curvature(settings, result),
         _certified(settings, result)],
        undrawn=[_certified_integral(result)],
    )  # fmt: skip


def _size(ratio: int) -> str:
    return r"$\eta_0$" if ratio == 1 else rf"$\eta_0/{ratio}$"


def _losses(settings: Settings, result: NetworkResult) -> Panel:
    lines = [
        Line.estimate(
            f"eta_0/{r}", _size(r), settings.iteration_marks, values, width=width, colour=i
        )
        for i, ((r, values), width) in enumerate(
            zip(result.losses.items(), LOSS_WIDTHS, strict=True)
        )
    ]
    return Panel(
        "loss", "training loss (float64)", r"$\eta_0$ iterations", "loss", lines,
        top=0.0, legend="upper right",
    )  # fmt: skip


def _distances(settings: Settings, result: NetworkResult) -> Panel:
    marks = settings.iteration_marks
    lines = [
        Line.estimate("from start", "from initialisation", marks, result.from_start, width=2.0)
    ]
    lines += [
        Line.estimate(f"from eta_0/{r}", f"from {_size(r)} run", marks, values, colour=i)
        for i, (r, values) in enumerate(result.apart.items(), start=1)
    ]
    return Panel(
        "distance", r"distance of the $\eta_0$ run (float64)", r"$\eta_0$ iterations", "distance",
        lines, top=3.0, legend="center right",
    )  # fmt: skip


def _curvature(settings: Settings, result: NetworkResult) -> Panel:
    lines = [
        Line.estimate(
            name, CURVES[name], settings.iteration_marks, values, colour=list(CURVES).index(name)
        )
        for name, values in result.integrals.items()
    ]
    return Panel(
        "integrated curvature", "integrated negative curvature (float64)",
        r"$\eta_0$ iterations", r"integral over $[0,t]$", lines,
        logarithmic=True, legend="lower right", room=0.45,
    )  # fmt: skip


def _certified(settings: Settings, result: NetworkResult) -> Panel:
    small, found = settings.small, result.certified
    bound, enclosed = found.certificate, found.distances
    lines = [
        Line("certificate", "certificate $E_k$ (A2.d)", range(len(bound)), bound, bound,
             certified=True, width=1.8),
        Line("true distance", r"true distance $\|\theta_k-\theta(k\eta)\|$", range(len(enclosed)),
             [a for a, _ in enclosed], [b for _, b in enclosed], certified=True, colour=1),
        Line.estimate("from eta/20", r"distance from the $\eta/20$ run",
                      range(len(found.measured)), found.measured, colour=2),
    ]  # fmt: skip
    widths = "-".join(map(str, small.widths))
    return Panel(
        "certified small version",
        rf"certified: network {widths}, $\eta$ = {small.step_size}",
        r"step $k$", "distance from the flow", lines, logarithmic=True, legend="lower right",
    )  # fmt: skip


def _certified_integral(result: NetworkResult) -> Panel:
    """What the certificate paid for curvature, step by step."""
    values = result.certified.integrated
    line = Line(
        "integral of m, upper bound", "", range(len(values)), values, values, certified=True
    )
    return Panel("certified small version", "", "", "", [line])


def caption_of(settings: Settings, results: Sequence[NetworkResult]) -> str:
    """State the data, the protocol, and what is certified."""
    small = settings.small
    horizon = settings.step_size * settings.iterations
    digits = " and ".join(map(str, small.classes))
    text = (
        f"8 x 8 digits, one image in {settings.stride} ({len(settings.images())} of "
        f"1797 samples, full batch), mean cross-entropy, Xavier-uniform weights (seed "
        f"{settings.seed}), "
        f"eta_0 = {settings.step_size}, {settings.iterations} iterations (time {_plain(horizon)}) "
        "and r times as many at eta_0/r. Only the solid curves are certified: those of the last "
        f"panel (digits {digits}, {small.per_class} images each, pooled to {small.widths[0]} "
        f"features, exact rational data and weights, seed {small.seed}), where E_k bounds the "
        "distance between exact descent and exact flow. Dashed curves are float64 and prove "
        "nothing; the integrals are trapezoidal sums over the recording times."
    )
    for result in results:
        if result.certified.ended:
            text += f" {result.name}: {result.certified.ended}."
    return text


def _plain(value: Fraction) -> str:
    return f"{float(value):g}"
