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
from sympy.core.function import AppliedUndef

from theorycheck.errors import InvalidExpression
from theorycheck.symbolic.deciding import (
    NONE,
    Expression,
    Hypotheses,
    conditions,
    equality,
    exact,
)  # fmt: skip
from theorycheck.symbolic.forms import plain
from theorycheck.symbolic.named import Named, unnamed
from theorycheck.symbolic.normal_forms import expands_to_zero
from theorycheck.symbolic.rates import Rates
from theorycheck.symbolic.recursions import MatrixRecursion, ScalarRecursion
from theorycheck.symbolic.rewriting import rewriting
from theorycheck.symbolic.signs import is_total, sign_of
from theorycheck.symbolic.statements import Definition, Statement, Step, StepFailed
from theorycheck.symbolic.unfolding import check_capture, check_variable, unfolded
from theorycheck.symbolic.words import Words, form_of, inner

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
    _recursions: dict[str, tuple[object, ...]] = field(default_factory=dict, repr=False)
    _every: dict[int, tuple[frozenset[Expr], int]] = field(default_factory=dict, repr=False)
    _premises: list[tuple[frozenset[Expr], frozenset[Expr], int]] = field(
        default_factory=list, repr=False
    )
    _within: tuple[Expr, int] | None = field(default=None, repr=False)
    flow: Rates | None = field(default=None, repr=False)
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
        self,
        name: str,
        *rules: tuple[Words, Words],
        zeros: Sequence[Expr] = (),
        every: Sequence[Expr] = (),
    ) -> Hypotheses:
        """Record a hypothesis: rules left -> right for words, or scalars that are zero.

        `every` are the indices for every value of which it is supposed to hold; only then may an
        induction on them use it. Rules about letters with an index are read so anyway.
        """
        for left, right in rules:
            self._add("assume", name, Statement(left, "=", right), "hypothesis")
        for zero in zeros:
            self._add("assume", name, Statement(zero, "=", sympy.S.Zero), "hypothesis")
        return Hypotheses(rewriting(*rules), tuple(zeros), (name,), frozenset(every))

    def suppose(self, name: str, left: Expr, right: Expr, every: Sequence[Expr] = ()) -> None:
        """Record a hypothesis left <= right, to be used as a nonnegative factor right - left."""
        said = Statement(_scalar(left), "<=", _scalar(right))
        self._every[len(self.steps)] = frozenset(every), 0
        self._add("assume", name, said, "hypothesis")

    def cite(
        self,
        name: str,
        left: Expression,
        relation: str,
        right: Expression,
        source: str,
    ) -> None:
        """Record a lemma that is not derived here; its source is printed with it.

        Raises
        ------
        InvalidExpression    no source
        """
        if not source:
            raise InvalidExpression(f"cite '{name}': name the source of the lemma")
        if relation == "<=":
            left, right = _scalar(left), _scalar(right)
        said = Statement(left, relation, right)
        self._every[len(self.steps)] = _symbols(said), 0  # a lemma holds for all values
        self._add("cite", name, said, f"cited: {source}")

    def builds_on(self, name: str, other: Derivation) -> None:
        """Record what another derivation concludes, for `rule`, `slack` and the chain.

        Raises
        ------
        InvalidExpression    the other derivation has not concluded
        """
        if other.conclusion is None:
            raise InvalidExpression(f"'{other.title}' has no conclusion to build on")
        for step in other.steps:
            if step.kind in ("assume", "cite") and step not in self.steps:
                self.steps.append(step)
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
        self._premises = []
        left, right = exact(left), exact(right)
        by = equality(left, right, using)
        if by is None:
            raise StepFailed(f"{self.title}: step '{name}' does not reduce to 0: {left} = {right}")
        where = conditions(left, right)
        self._add("equal", name, Statement(left, "=", right), self._by(by, using, where))

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
        self._premises = []
        left, right = _scalar(left), _scalar(right)
        by = self._certificate(name, left, right, [tuple(t) for t in terms], using)
        where = conditions(left, right)
        self._add("at most", name, Statement(left, "<=", right), self._by(by, using, where))

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
        self._premises = []
        total = Words.zero(right.shape)
        for weight, factor, middle in terms:
            self._nonnegative(name, sympy.sympify(weight))
            if middle is not None and not self._is_psd(middle):
                raise StepFailed(f"{self.title}: step '{name}': {middle} is not known to be psd")
            _require_real(name, factor)
            core = factor if middle is None else middle @ factor
            total = total + (factor.T @ core).scaled(weight)
        by = equality(right - left, total, using)
        if by is None:
            raise StepFailed(f"{self.title}: step '{name}': the congruences do not sum up")
        said = Statement(left, "psd", right)
        self._add("at most", name, said, self._by(f"congruences, {by}", using))

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
        self._premises = []
        self._open_induction(name, variable, first, statement, sequences, using)
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
        self._every[len(self.steps)] = frozenset((variable,)), first
        said = Statement(here[0], "=", here[1])
        self._add(
            "induction", name, said, self._by(by, using(sympy.Integer(first)) + using(variable))
        )
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
        self._premises = []
        self._open_induction(name, variable, first, statement, sequences, using)
        start, here = sympy.Integer(first), statement(variable)
        left, right = (_scalar(unfolded(s, sequences, None, first)) for s in statement(start))
        base_terms = [tuple(t) for t in base]
        base_by = self._certificate(f"{name}, base", left, right, base_terms, using(start))
        left, right = (
            _scalar(unfolded(s, sequences, variable, first)) for s in statement(variable + 1)
        )
        known = Statement(here[0], "<=", here[1])
        self.steps.append(Step("assume", name, known, "induction hypothesis"))
        self._every[len(self.steps) - 1] = frozenset((variable,)), first
        self._within = (variable, first)
        try:
            all_terms = [(factor, here[1] - here[0]), *(tuple(t) for t in terms)]
            step_by = self._certificate(
                f"{name}, k to k + 1", left, right, all_terms, using(variable)
            )
        finally:
            self.steps.pop()
            self._within = None
        by = f"induction on {variable} from {first}: {base_by}; {step_by}"
        self._every[len(self.steps)] = frozenset((variable,)), first
        self._add("induction", name, known, self._by(by, using(start) + using(variable)))
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
        every, _ = self._reach(shown)
        self._every[len(self.steps)] = every | index.free_symbols, first
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
        said = Statement(exact(left), relation, exact(right))
        by = self._by("chain of the steps", using)
        if not self._chain(said.left, relation, said.right, using):
            raise StepFailed(f"{self.title}: the steps do not lead to {left} {relation} {right}")
        self.conclusion = said
        given = ", ".join(self.hypotheses)
        by = f"{by}; under {given}" if given else by
        self.steps.append(Step("conclude", "hence", self.conclusion, by))
        return self

    @property
    def hypotheses(self) -> list[str]:
        """Names of what is supposed or cited, and what the symbols and letters are declared."""
        names = [s.name for s in self.steps if s.kind in ("assume", "cite")]
        return list(dict.fromkeys([*names, *self._declared()]))

    def _declared(self) -> list[str]:
        letters: set[str] = set()
        symbols: dict[str, str] = {}
        for step in self.steps:
            if not isinstance(step.statement, Statement):
                continue
            for side in (step.statement.left, step.statement.right):
                scalars = [side]
                if isinstance(side, Words):
                    letters |= {plain(str(x.name)) for x in side.letters if x.psd}
                    scalars = [sympy.sympify(c) for _, c in side.terms]
                for scalar in scalars:
                    for symbol in sympy.sympify(scalar).free_symbols:
                        if symbol.is_positive and not symbol.is_integer:
                            symbols[plain(str(symbol))] = "> 0"
                        elif symbol.is_nonnegative and not symbol.is_integer:
                            symbols[plain(str(symbol))] = ">= 0"
        found = [f"{name} {sign}" for name, sign in sorted(symbols.items())]
        return found + [f"{name} positive semidefinite" for name in sorted(letters)]

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
        every, least = self._reach(name)
        if isinstance(said.left, Words) and isinstance(said.right, Words):
            return Hypotheses(
                rewriting((said.left, said.right)), (), (f"step '{name}'",), every, least
            )
        zeros = (said.left - said.right,)
        return Hypotheses(zeros=zeros, names=(f"step '{name}'",), every=every, least=least)

    def _reach(self, name: str) -> tuple[frozenset[Expr], int]:
        """The indices for every value of which a step holds, and from where on."""
        for i, step in enumerate(self.steps):
            if step.name == name and isinstance(step.statement, Statement):
                return self._every.get(i, (frozenset(), 0))
        return frozenset(), 0

    def _open_induction(
        self,
        name: str,
        variable: Expr,
        first: int,
        statement: Callable[[Expr], tuple[Expression, Expression]],
        sequences: Sequence[MatrixRecursion | ScalarRecursion],
        using: Callable[[Expr], Hypotheses],
    ) -> None:
        """Refuse what would make an induction prove more than its steps show."""
        check_variable(variable, first)
        fresh = sympy.Dummy("m", integer=True, nonnegative=True)
        check_capture(variable, [*statement(fresh)], f"the statement of '{name}'")
        for sequence in sequences:
            made = [sequence.start, sequence.step(fresh)]
            check_capture(variable, made, f"a recursion of '{name}'")
            self._record(sequence)
        for given in (using(sympy.Integer(first)), using(variable)):
            self._by("", given)
            if given.least > first:
                raise InvalidExpression(
                    f"'{name}' starts at {first}, but uses what holds from {given.least} on"
                )
            known = [*given.zeros]
            for left, right in given.rules.rules:
                known += [sympy.sympify(x.exponent) for x in left]
                known += [c for _, c in right.terms if isinstance(c, Expr)]
            if variable not in given.every:
                check_capture(variable, known, f"a hypothesis of '{name}' (see every=)")

    def _record(self, sequence: MatrixRecursion | ScalarRecursion) -> None:
        """Print what a sequence is, once; two sequences of one name must be the same."""
        index = sympy.Symbol("k", integer=True, nonnegative=True)
        here, after = sequence.at(index), sequence.at(index + 1)
        value = sequence.step(index)
        content = (sequence.start, value, sequence.first, getattr(sequence, "positive", False))
        key = str(here)
        if key in self._recursions:
            if self._recursions[key] != content:
                raise InvalidExpression(f"two sequences are called {key}; name them apart")
            return
        self._recursions[key] = content
        start = Statement(sequence.at(sequence.first), ":=", sequence.start)
        self._add("define", f"{plain(key)}, first", start, "recursion")
        self._add("define", f"{plain(key)}, next", Statement(after, ":=", value), "recursion")
        if getattr(sequence, "positive", False):
            said = Statement(sympy.S.Zero, "<=", here)
            self._every[len(self.steps)] = frozenset((index,)), sequence.first
            self._add("assume", f"{plain(key)} > 0", said, "hypothesis")

    def follows(self, flow: Rates) -> None:
        """Print the derivatives along a flow that the steps use."""
        for letter, rate in flow.letters.items():
            moved = Definition(rf"\frac{{d}}{{dt}} {letter.name}", form_of(rate))
            self.steps.append(Step("define", f"flow of {plain(str(letter.name))}", moved, "flow"))
        for symbol, rate in flow.scalars.items():
            name = sympy.Symbol(rf"\frac{{d}}{{dt}} {sympy.latex(symbol)}")
            self._add(
                "define", f"flow of {plain(str(symbol))}", Statement(name, ":=", rate), "flow"
            )
        self.flow = flow

    def _by(self, by: str, using: Hypotheses, where: Sequence[Expr] = ()) -> str:
        recorded = {f"step '{s.name}'" for s in self.steps} | {s.name for s in self.steps}
        if not using.is_empty and not (using.names and set(using.names) <= recorded):
            raise InvalidExpression("hypotheses without a recorded name; make them by assume(...)")
        if not using.is_empty:
            mentioned = [sympy.sympify(z).free_symbols for z in using.zeros]
            for pattern, put in using.rules.rules:
                mentioned += [sympy.sympify(x.exponent).free_symbols for x in pattern]
                mentioned += [sympy.sympify(c).free_symbols for _, c in put.terms]
            self._premises.append((using.every, frozenset().union(*mentioned), using.least))
        names = ", ".join(dict.fromkeys(using.names))
        by = f"{by}; using {names}" if names else by
        differ = ", ".join(f"{plain(str(e))} != 0" for e in where)
        return f"{by}; where {differ}" if differ else by

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
        if kind in ("equal", "at most"):
            self._every[len(self.steps)] = self._universal(statement)
        self.steps.append(Step(kind, name, statement, by))

    def _universal(self, statement: Statement) -> tuple[frozenset[Expr], int]:
        """The symbols for every value of which a step holds: those its premises hold for."""
        symbols, least = _symbols(statement), 0
        for every, mentioned, start in self._premises:
            symbols -= mentioned - every
            least = max(least, start)
        return symbols, least

    def _refuted(self, name: str, spoiled: Statement) -> None:
        self.steps.append(
            Step("refuted", name, None, f"does not pass, as it should not: {spoiled}")
        )

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
                    _require_real(name, factor)
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
        if sign_of(factor).at_least_zero and _is_real(factor):
            return
        known = [
            (i, sympy.sympify(s.statement.right - s.statement.left))
            for i, s in enumerate(self.steps)
            if isinstance(s.statement, Statement)
            and s.statement.relation == "<="
            and self._usable(i, s.statement)
        ]
        found = [i for i, slack in known if expands_to_zero(factor - slack)][:1]  # the cheap case
        found = found or [i for i, slack in known if equality(factor, slack) is not None][:1]
        for i in found:
            said = self.steps[i].statement
            assert isinstance(said, Statement)
            every, least = self._every.get(i, (frozenset(), 0))
            self._premises.append((every, _symbols(said), least))
            return
        raise StepFailed(f"{self.title}: step '{name}': the sign of {factor} is not known")

    def _usable(self, index: int, said: Statement) -> bool:
        """Inside an induction, facts about its variable must hold for all its values."""
        if self._within is None:
            return True
        variable, first = self._within
        mentioned = sympy.sympify(said.left - said.right).free_symbols
        every, least = self._every.get(index, (frozenset(), 0))
        return variable not in mentioned or (variable in every and least <= first)

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


def _symbols(said: Statement) -> frozenset[Expr]:
    found: set[Expr] = set()
    for side in (said.left, said.right):
        scalars = [c for _, c in side.terms] if isinstance(side, Words) else [side]
        for scalar in scalars:
            found |= sympy.sympify(scalar).free_symbols
        if isinstance(side, Words):
            for word, _ in side.terms:
                for letter in word:
                    found |= sympy.sympify(letter.exponent).free_symbols
    return frozenset(found)


def _scalar(side: Expression) -> Expr:
    made = exact(side)
    if isinstance(made, Words):
        raise InvalidExpression(f"({made}) is a matrix; inequalities here are between scalars")
    return made


def _is_real(factor: Expr) -> bool:
    """Whether an expression is defined and real for all real values of its symbols."""
    value = unnamed(factor)
    atoms = value.atoms(sympy.Symbol, AppliedUndef)
    odd = value.has(sympy.I, sympy.oo, sympy.nan) or any(a.is_real is False for a in atoms)
    applied = {a: sympy.Dummy(positive=a.is_positive or None) for a in value.atoms(AppliedUndef)}
    return not odd and is_total(value.xreplace(applied))


def _require_real(name: str, matrix: Words) -> None:
    for _, coefficient in matrix.terms:
        if not _is_real(sympy.sympify(coefficient)):
            raise StepFailed(f"step '{name}': {coefficient} may not be a real number")
