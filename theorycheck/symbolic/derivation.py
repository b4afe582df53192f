r"""A chain of named steps, each decided by a normal form; it raises at the first that fails.

An equality is decided by words, `expand`, `cancel`, or a polynomial ideal. An inequality carries a
certificate that is an identity: right - left is a sum of products of factors that are nonnegative
by structure, by a hypothesis, or by an earlier step. What is cited says from where. The conclusion
must follow from the steps by chaining them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import sympy
from sympy import Expr

from theorycheck.errors import InvalidExpression
from theorycheck.symbolic.deciding import NONE, Expression, Hypotheses, equality
from theorycheck.symbolic.forms import plain
from theorycheck.symbolic.named import Named
from theorycheck.symbolic.normal_forms import expands_to_zero
from theorycheck.symbolic.recursions import MatrixRecursion, ScalarRecursion
from theorycheck.symbolic.rewriting import rewriting
from theorycheck.symbolic.signs import sign_of
from theorycheck.symbolic.statements import Definition, Statement, Step, StepFailed
from theorycheck.symbolic.unfolding import check_variable, unfolded
from theorycheck.symbolic.words import Words, inner

__all__ = ["Derivation", "Statement", "Step", "StepFailed"]


@dataclass
class Derivation:
    """Collect the steps of a proof.

    Parameters
    ----------
    title : str       what is derived, in words
    source : str      paper and theorem
    """

    title: str
    source: str = ""
    steps: list[Step] = field(default_factory=list)
    conclusion: Statement | None = None
    claim: str = ""
    _for_all: dict[str, tuple[Callable[[Expr], tuple[Expression, Expression]], str, int]] = field(
        default_factory=dict, repr=False
    )

    # ------------------------------------------------------------------ what is given

    def define(self, *named: Expression) -> None:
        """Print what the names given by `Words.named`, or by `named` for scalars, stand for."""
        for words in named:
            if isinstance(words, Named):
                said = Statement(sympy.Symbol(words.name), ":=", words.value)
                self._add("define", f"{plain(words.name)} stands for", said, "definition")
                continue
            if not isinstance(words, Words):
                raise InvalidExpression(f"{words} has no name; use named(...)")
            if words.form is None or words.form.operation != "named":
                raise InvalidExpression(f"({words}) has no name; use words.named(...)")
            name, inner = words.form.parts
            form = Definition(name, inner)
            self.steps.append(Step("define", f"{plain(name)} stands for", form, "definition"))

    def assume(
        self, name: str, *rules: tuple[Words, Words], zeros: Sequence[Expr] = ()
    ) -> Hypotheses:
        """Record a hypothesis: rules left -> right for words, or scalars that are zero."""
        for left, right in rules:
            self._add("assume", name, Statement(left, "=", right), "hypothesis")
        for zero in zeros:
            self._add("assume", name, Statement(zero, "=", sympy.S.Zero), "hypothesis")
        return Hypotheses(rewriting(*rules), tuple(zeros), (name,))

    def suppose(self, name: str, left: Expr, right: Expr) -> None:
        """Record a hypothesis left <= right, to be used as a nonnegative factor right - left."""
        self._add("assume", name, Statement(left, "<=", right), "hypothesis")

    def cite(
        self, name: str, left: Expression, relation: str, right: Expression, source: str
    ) -> None:
        """Record a lemma that is not derived here; its source is printed with it.

        Raises
        ------
        InvalidExpression    no source
        """
        if not source:
            raise InvalidExpression(f"cite '{name}': name the source of the lemma")
        self._add("cite", name, Statement(left, relation, right), f"cited: {source}")

    def builds_on(self, name: str, other: Derivation) -> None:
        """Record what another derivation concludes, for `rule`, `slack` and the chain.

        Raises
        ------
        InvalidExpression    the other derivation has not concluded
        """
        if other.conclusion is None:
            raise InvalidExpression(f"'{other.title}' has no conclusion to build on")
        self.steps.append(Step("derived", name, other.conclusion, f"derived: {other.title}"))

    # ------------------------------------------------------------------ steps

    def equal(
        self, name: str, left: Expression, right: Expression, using: Hypotheses = NONE
    ) -> None:
        """Check that both sides have the same normal form under the hypotheses.

        Raises
        ------
        StepFailed    no normal form of the difference is 0
        """
        by = equality(left, right, using)
        if by is None:
            raise StepFailed(f"{self.title}: step '{name}' does not reduce to 0: {left} = {right}")
        self._add("equal", name, Statement(left, "=", right), _by(by, using))

    def refutes(
        self, name: str, left: Expression, right: Expression, using: Hypotheses = NONE
    ) -> None:
        """Check that a spoiled equality does not pass: the normal form can say no."""
        if equality(left, right, using) is not None:
            raise StepFailed(f"{self.title}: spoiled step '{name}' passed")
        self._refuted(name, Statement(left, "=", right))

    def at_most(
        self,
        name: str,
        left: Expr,
        right: Expr,
        terms: Iterable[Sequence[Expression]],
        using: Hypotheses = NONE,
    ) -> None:
        """Check right - left = sum of products of nonnegative factors.

        Parameters
        ----------
        terms : for every summand its factors; a factor is nonnegative by structure (a square, a
            symbol declared so), is right - left of an earlier inequality, or is a matrix that
            stands for its squared Frobenius norm

        Raises
        ------
        StepFailed    the identity fails, or the sign of a factor is not known
        """
        by = self._certificate(name, left, right, [tuple(t) for t in terms], using)
        self._add("at most", name, Statement(left, "<=", right), _by(by, using))

    def refutes_at_most(
        self,
        name: str,
        left: Expr,
        right: Expr,
        terms: Iterable[Sequence[Expression]],
        using: Hypotheses = NONE,
    ) -> None:
        """Check that a spoiled inequality is not certified by the same terms."""
        try:
            self._certificate(name, left, right, [tuple(t) for t in terms], using)
        except StepFailed:
            self._refuted(name, Statement(left, "<=", right))
            return
        raise StepFailed(f"{self.title}: spoiled step '{name}' passed")

    def psd_at_most(
        self,
        name: str,
        left: Words,
        right: Words,
        terms: Iterable[tuple[Expr, Words, Words | None]],
        using: Hypotheses = NONE,
    ) -> None:
        """Check right - left = sum of weight F^T M F, M positive semidefinite (None: identity).

        Raises
        ------
        StepFailed    the identity fails, a weight may be negative, or M is not known to be psd
        """
        total = Words.zero(right.shape)
        for weight, factor, middle in terms:
            self._nonnegative(name, sympy.sympify(weight))
            if middle is not None and not self._is_psd(middle):
                raise StepFailed(f"{self.title}: step '{name}': {middle} is not known to be psd")
            core = factor if middle is None else middle @ factor
            total = total + (factor.T @ core).scaled(weight)
        by = equality(right - left, total, using)
        if by is None:
            raise StepFailed(f"{self.title}: step '{name}': the congruences do not sum up")
        self._add("at most", name, Statement(left, "psd", right), _by(f"congruences, {by}", using))

    def induction(
        self,
        name: str,
        variable: Expr,
        statement: Callable[[Expr], tuple[Expression, Expression]],
        sequences: Sequence[MatrixRecursion | ScalarRecursion],
        using: Callable[[Expr], Hypotheses] = lambda _: NONE,
        first: int = 0,
    ) -> None:
        """Check statement(first), and statement(k + 1) from statement(k) and the recursions.

        The left side of a statement about words is one product of letters: it becomes the rule
        of the induction hypothesis. `using(k)` are the hypotheses that hold at every k.

        Raises
        ------
        StepFailed    base or step do not reduce to 0
        """
        check_variable(variable, first)
        left, right = (
            unfolded(side, sequences, None, first) for side in statement(sympy.Integer(first))
        )
        base = equality(left, right, using(sympy.Integer(first)))
        if base is None:
            raise StepFailed(f"{self.title}: induction '{name}': the base {left} = {right} fails")
        here = statement(variable)
        if isinstance(here[0], Words):
            hypothesis = Hypotheses(rewriting((here[0], here[1])))
        else:
            hypothesis = Hypotheses(zeros=(here[0] - here[1],))
        left, right = (
            unfolded(side, sequences, variable, first) for side in statement(variable + 1)
        )
        step = equality(left, right, using(variable) + hypothesis)
        if step is None:
            raise StepFailed(f"{self.title}: induction '{name}': the step {left} = {right} fails")
        by = f"induction on {variable} from {first}: {base}; {step}"
        self._add("induction", name, Statement(here[0], "=", here[1]), _by(by, using(variable)))
        self._for_all[name] = (statement, "=", first)

    def induction_at_most(
        self,
        name: str,
        variable: Expr,
        statement: Callable[[Expr], tuple[Expr, Expr]],
        sequences: Sequence[ScalarRecursion],
        terms: Iterable[Sequence[Expression]],
        *,
        factor: Expr = sympy.S.One,
        base: Iterable[Sequence[Expression]] = (),
        using: Callable[[Expr], Hypotheses] = lambda _: NONE,
        first: int = 0,
    ) -> None:
        """Check left(first) <= right(first), and left(k + 1) <= right(k + 1) from that at k.

        Parameters
        ----------
        terms : with factor (right(k) - left(k)) they add up to right(k + 1) - left(k + 1); written
            with the sequences at k, as in `at_most`; right(k) - left(k) is a factor they may have
        factor : nonnegative; 1 where the terms are the growth of right less that of left
        base : the terms of right(first) - left(first); none where both are equal

        Raises
        ------
        StepFailed    one of the two certificates fails
        """
        check_variable(variable, first)
        start, here = sympy.Integer(first), statement(variable)
        left, right = (_scalar(unfolded(s, sequences, None, first)) for s in statement(start))
        base_terms = [tuple(t) for t in base]
        base_by = self._certificate(f"{name}, base", left, right, base_terms, using(start))
        left, right = (
            _scalar(unfolded(s, sequences, variable, first)) for s in statement(variable + 1)
        )
        known = Statement(here[0], "<=", here[1])
        self.steps.append(Step("assume", name, known, "induction hypothesis"))
        try:
            all_terms = [(factor, here[1] - here[0]), *(tuple(t) for t in terms)]
            step_by = self._certificate(
                f"{name}, k to k + 1", left, right, all_terms, using(variable)
            )
        finally:
            self.steps.pop()
        by = f"induction on {variable} from {first}: {base_by}; {step_by}"
        self._add("induction", name, known, _by(by, using(variable)))
        self._for_all[name] = (statement, "<=", first)

    def instance(self, name: str, shown: str, at: Expr | int) -> None:
        """Record what an induction shows at one index, as a step of its own.

        Raises
        ------
        InvalidExpression    `shown` is no induction, or the index may lie below its first one
        """
        if shown not in self._for_all:
            raise InvalidExpression(f"{self.title} has no induction '{shown}'")
        statement, relation, first = self._for_all[shown]
        index = sympy.sympify(at)
        if not index.is_integer or not (index - first).is_nonnegative:
            raise InvalidExpression(f"'{shown}' holds from {first} on; {index} may lie below")
        left, right = statement(index)
        self._add("induction", name, Statement(left, relation, right), f"'{shown}' at {index}")

    # ------------------------------------------------------------------ conclusion

    def concludes(
        self, left: Expression, relation: str, right: Expression, using: Hypotheses = NONE
    ) -> Derivation:
        """End on a statement that follows from the steps by chaining them.

        Raises
        ------
        StepFailed    no chain of steps leads there, or no spoiled step was refuted
        """
        if not self.refuted:
            raise StepFailed(f"{self.title}: no step was refuted; spoil one")
        if not self._chain(left, relation, right, using):
            raise StepFailed(f"{self.title}: the steps do not lead to {left} {relation} {right}")
        self.conclusion = Statement(left, relation, right)
        self.steps.append(Step("conclude", "hence", self.conclusion, "chain of the steps"))
        return self

    @property
    def refuted(self) -> int:
        """How many spoiled steps were refuted."""
        return sum(step.kind == "refuted" for step in self.steps)

    def statement(self, name: str) -> Statement:
        """Return what the step of this name says."""
        for step in self.steps:
            if step.name == name and isinstance(step.statement, Statement):
                return step.statement
        raise InvalidExpression(f"{self.title} has no step '{name}'")

    def rule(self, name: str) -> Hypotheses:
        """Return an equality shown earlier, as a rule left -> right (or a scalar that is zero)."""
        said = self.statement(name)
        if said.relation != "=":
            raise InvalidExpression(f"step '{name}' is no equality")
        if isinstance(said.left, Words) and isinstance(said.right, Words):
            return Hypotheses(rewriting((said.left, said.right)), names=(f"step '{name}'",))
        return Hypotheses(zeros=(said.left - said.right,), names=(f"step '{name}'",))

    def slack(self, name: str) -> Expr:
        """Return right - left of an inequality, for use as a nonnegative factor."""
        said = self.statement(name)
        if said.relation != "<=":
            raise InvalidExpression(f"step '{name}' is no inequality between scalars")
        return said.right - said.left

    def __str__(self) -> str:
        lines = [f"  {i}. {step}" for i, step in enumerate(self.steps, start=1)]
        source = f"  ({self.source})" if self.source else ""
        return "\n".join([f"{self.title}{source}", *lines])

    def latex(self) -> str:
        """Typeset the derivation as one `align*` environment."""
        rows = (step.latex() for step in self.steps if step.statement is not None)
        return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"

    def _repr_latex_(self) -> str:
        return self.latex()

    # ------------------------------------------------------------------ inside

    def _add(self, kind: str, name: str, statement: Statement, by: str) -> None:
        self.steps.append(Step(kind, name, statement, by))

    def _refuted(self, name: str, spoiled: Statement) -> None:
        self.steps.append(Step("refuted", name, None, f"refuted, as it should be: {spoiled}"))

    def _certificate(
        self,
        name: str,
        left: Expr,
        right: Expr,
        terms: list[tuple[Expression, ...]],
        using: Hypotheses,
    ) -> str:
        total = sympy.S.Zero
        for factors in terms:
            product = sympy.S.One
            for factor in factors:
                if isinstance(factor, Words):
                    product *= inner(factor, factor)
                else:
                    self._nonnegative(name, sympy.sympify(factor))
                    product *= factor
            total += product
        by = equality(sympy.sympify(right) - sympy.sympify(left), total, using)
        if by is None:
            raise StepFailed(
                f"{self.title}: step '{name}': right - left is not the sum of the terms"
            )
        return f"nonnegative terms, {by}"

    def _nonnegative(self, name: str, factor: Expr) -> None:
        if sign_of(factor).at_least_zero:
            return
        known = [
            sympy.sympify(s.statement.right - s.statement.left)
            for s in self.steps
            if isinstance(s.statement, Statement) and s.statement.relation == "<="
        ]
        if any(expands_to_zero(factor - slack) for slack in known):  # the common and cheap case
            return
        if any(equality(factor, slack) is not None for slack in known):
            return
        raise StepFailed(f"{self.title}: step '{name}': the sign of {factor} is not known")

    def _is_psd(self, matrix: Words) -> bool:
        return any(
            isinstance(step.statement, Statement)
            and step.statement.relation == "psd"
            and _same(matrix, step.statement.right - step.statement.left, NONE)
            for step in self.steps
        )

    def _chain(self, left: Expression, relation: str, right: Expression, using: Hypotheses) -> bool:
        """Search a path of steps from left to right; inequalities only where the goal is one."""
        reached: list[Expression] = [left]
        used: set[int] = set()
        while True:
            if any(_same(node, right, using) for node in reached):
                return bool(used) or relation == "="
            fresh = []
            for i, step in enumerate(self.steps):
                said = step.statement
                if i in used or not isinstance(said, Statement):
                    continue
                if said.relation not in ("=", relation):
                    continue
                ends = [(said.left, said.right)]
                if said.relation == "=":
                    ends.append((said.right, said.left))
                for here, there in ends:
                    if any(_same(node, here, using) for node in reached):
                        used.add(i)
                        fresh.append(there)
            if not fresh:
                return False
            reached += fresh


def _same(left: Expression, right: Expression, using: Hypotheses) -> bool:
    if isinstance(left, Words) != isinstance(right, Words):
        return False
    try:
        return equality(left, right, using) is not None
    except InvalidExpression:
        return False


def _scalar(side: Expression) -> Expr:
    if isinstance(side, Words):
        raise InvalidExpression(f"({side}) is a matrix; inequalities here are between scalars")
    return side


def _by(by: str, using: Hypotheses) -> str:
    if (using.rules.rules or using.zeros) and not using.names:
        raise InvalidExpression("hypotheses without a name; record them with assume(...)")
    names = ", ".join(dict.fromkeys(using.names))
    return f"{by}; using {names}" if names else by
