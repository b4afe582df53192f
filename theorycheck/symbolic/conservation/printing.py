"""Write conservation laws as plain text and as LaTeX."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import sympy

from theorycheck.symbolic.conservation.independent_laws import Evidence, IndependentLaws
from theorycheck.symbolic.conservation.momentum import Momentum, MomentumLaws
from theorycheck.symbolic.conservation.parameterisation import Parameterisation
from theorycheck.symbolic.conservation.polynomial_laws import Law, PolynomialLaws

__all__ = [
    "independent_laws_latex", "independent_laws_text", "momentum_laws_latex", "momentum_laws_text",
    "polynomial_laws_latex", "polynomial_laws_text", "record",
]  # fmt: skip


# -- polynomial laws -------------------------------------------------------------------------------
def polynomial_laws_text(laws: PolynomialLaws) -> str:
    """List the generators, grouped by the matrix they are entries of."""
    count = _plural(laws.dimension, "linearly independent polynomial law")
    lines = [f"{_header(laws.parameterisation)}", f"{count} of degree <= {laws.degree}"]
    if laws.laws:
        lines[-1] += " (exact null space over Q; each expands to 0)"
    lines += _listed(laws.generators, laws.parameterisation)
    if laws.products:
        lines.append(f"  and {laws.products} in the span of products of laws of lower degree")
    return "\n".join(lines)


def polynomial_laws_latex(laws: PolynomialLaws) -> str:
    """Typeset the generators as lines of an aligned block."""
    return _aligned(laws.generators, laws.parameterisation.latex_names)


# -- their number ----------------------------------------------------------------------------------
def independent_laws_text(laws: IndependentLaws) -> str:
    """State the number of independent laws and what is proved of it."""
    dimension = laws.parameterisation.dimension
    if laws.evidence is Evidence.OPEN:
        lines = [f"independent laws near a generic point: {laws.at_least} to {laws.at_most}"]
    else:
        lines = [
            f"independent laws near a generic point: {laws.count} = {dimension} - "
            f"{laws.lie_dimension} = D - dim Lie(grad phi)"
        ]
    lines.append(f"  {'proved' if laws.proved else 'not proved'}: {laws.evidence.value}")
    if not laws.proved:
        lines.append(
            f"  proved: at least {laws.at_least} (polynomial laws independent at a rational point)"
            f" and at most {laws.at_most} (rank of brackets at a rational point)"
        )
    if laws.count > len(laws.found):
        more = laws.count - len(laws.found)
        verb = "exists" if more == 1 else "exist"
        lines.append(
            f"  {len(laws.found)} of them are known polynomials; {more} more {verb} locally"
        )
    return "\n".join(lines)


def independent_laws_latex(laws: IndependentLaws) -> str:
    """Typeset the number of independent laws."""
    dimension, lie = laws.parameterisation.dimension, laws.lie_dimension
    if laws.evidence is Evidence.OPEN:
        return rf"{laws.at_least} \le D - \dim \operatorname{{Lie}}(\nabla \phi) \le {laws.at_most}"
    return rf"D - \dim \operatorname{{Lie}}(\nabla \phi) = {dimension} - {lie} = {laws.count}"


# -- momenta ---------------------------------------------------------------------------------------
def momentum_laws_text(laws: MomentumLaws) -> str:
    """List the momenta, grouped by the matrix they are entries of."""
    count = _plural(laws.dimension, "momentum law")
    lines = [f"{count} mu(t) <theta', xi(theta)> of theta'' + b theta' + grad L = 0"]
    if laws.laws:
        lines[-1] += ", mu' = b mu: exp(b t) for constant b, t^3 for b = 3/t"
        lines.append("  (a null space over Q; each d/dt [mu A] expands to 0)")
    return "\n".join([*lines, *_listed(laws.laws, laws.flow.parameterisation)])


def momentum_laws_latex(laws: MomentumLaws) -> str:
    """Typeset the momenta A as lines of an aligned block, after the law they obey."""
    law = r"& \frac{d}{dt}\left[\mu A\right] = 0, \quad \dot{\mu} = b \mu"
    return _aligned(laws.laws, laws.flow.latex_names, law)


# -- records ---------------------------------------------------------------------------------------
def record(
    laws: PolynomialLaws, number: IndependentLaws, momenta: MomentumLaws | None = None
) -> dict[str, object]:
    """Return everything found as text and numbers, ready for JSON."""
    model = laws.parameterisation
    result: dict[str, object] = {
        "model": model.title,
        "variables": [str(x) for x in model.variables],
        "outputs": [str(model.expression(p)) for p in model.outputs],
        "degree": laws.degree,
        "dimension": laws.dimension,
        "laws": _records(laws.laws),
        "generators": _records(laws.generators),
        "independent": {
            "count": number.count,
            "lie_dimension": number.lie_dimension,
            "at_least": number.at_least,
            "at_most": number.at_most,
            "proved": number.proved,
            "evidence": number.evidence.value,
        },
    }
    if momenta is not None:
        result["momenta"] = _records(momenta.laws)
    return result


def _records(laws: Sequence[Law | Momentum]) -> list[dict[str, str]]:
    return [{"name": law.name, "expression": str(law.expression)} for law in laws]


# -- lists of laws ---------------------------------------------------------------------------------
def _header(parameterisation: Parameterisation) -> str:
    outputs = _plural(len(parameterisation.outputs), "output")
    return f"{parameterisation.title}: D = {parameterisation.dimension} parameters, d = {outputs}"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _listed(laws: Sequence[Law | Momentum], model: Parameterisation) -> Iterator[str]:
    for family, members in groupby(laws, key=lambda law: law.family):
        group: list[Law | Momentum] = list(members)
        if family:
            yield f"  {family}"
        elif model.candidates or model.rotations:
            yield "  of no known matrix form"
        for law in group:
            name = law.name.removeprefix(f"({family})") if family else ""
            yield f"    {name}  {_text(law.expression)}" if name else f"    {_text(law.expression)}"


def _sum(expression: sympy.Expr) -> sympy.Expr:
    """Put the terms with a plus sign first."""
    terms = sorted(expression.as_ordered_terms(), key=lambda t: bool(t.could_extract_minus_sign()))
    return sympy.Add(*terms, evaluate=False)


def _text(expression: sympy.Expr) -> str:
    return str(sympy.sstr(_sum(expression), order="none")).replace("**", "^")


def _aligned(laws: Sequence[Law | Momentum], names: Mapping[sympy.Symbol, str], *lines: str) -> str:
    rows = list(lines)
    for law in laws:
        formula = sympy.latex(_sum(law.expression), symbol_names=dict(names), order="none")
        rows.append(rf"{law.latex} &= {formula}" if law.latex else rf"& {formula}")
    body = " \\\\\n".join(rows)
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}" if rows else r"\text{no law}"
