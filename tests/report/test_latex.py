"""LaTeX: what a user writes is escaped, and tables and figures include it."""

import theorycheck as tc
from tests.report.lemmas import position_is_small, start_is_at_most_two
from theorycheck.report.latex import figure_latex, judgements_latex
from theorycheck.report.tables import Row


def test_table_of_judgements_is_booktabs_and_escaped():
    rows = [
        Row(tc.check(claim), claim.source.text, "example", 0.1)
        for claim in (start_is_at_most_two, position_is_small)
    ]
    lines = judgements_latex(rows).splitlines()

    assert [lines[1], lines[3], lines[-2]] == [r"\toprule", r"\midrule", r"\bottomrule"]
    assert r"draft\_1 with \$x\$ \& 5\%" in lines[4]
    assert all(line.count("&") - line.count(r"\&") == 5 for line in lines[4:-2])
    assert "VIOLATED" in lines[5]


def test_figure_environment_includes_the_file():
    made = figure_latex("a.pdf", "W_{j+1}^T W_j & more", "a_b")

    assert r"\includegraphics{a.pdf}" in made
    assert r"\caption{$W_{j+1}^T$ $W_j$ \& more}" in made
    assert r"\label{fig:a-b}" in made
    assert r"\input{a.pgf}" in figure_latex("a.pgf", "", "a")
