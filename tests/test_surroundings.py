"""What a query can find lies in what is told to surround its focus nodes; what an edit touches is reached."""

from collections.abc import Iterable
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from test_revalidation import TRIPLES
from twintowns.certainty import reading
from twintowns.graph import Graph, Term
from twintowns.loading import read_canonical, triples_of
from twintowns.packing import PackedGraph, Part
from twintowns.project import Project
from twintowns.queryscreen import QueryScreen
from twintowns.reach import Reach
from twintowns.surroundings import Both, UnclearError, reached, surrounding
from twintowns.triplepatterns import Pattern
from twintowns.vocabulary import SH, XSD, A, Namespace

EX = Namespace("https://example.org/town/")
STEP = "https://example.org/town/step"
CHAIN = [Triple(EX[f"n{number}"], NamedNode(STEP), EX[f"n{number + 1}"]) for number in range(4)]


def told(triples: Iterable[Triple]) -> Part:
    """Return triples as they are asked."""
    return PackedGraph({"all": triples}).part("all")


def patterns(query: str) -> tuple[Pattern, ...]:
    """Return the patterns of a query that begins with the prefix `t`."""
    read = reading(f"PREFIX t: <{EX}> SELECT $this WHERE {query}")
    assert read is not None
    return read.patterns


@pytest.fixture(scope="module")
def far(repository: Path) -> list[str]:
    """Return the queries of the package's shapes that look far."""
    shapes = Graph(triples_of(read_canonical(path) for path in Project(repository).shape_files()))
    reach, query_of = Reach(shapes), QueryScreen(shapes, Graph(())).query
    subjects = {triple.subject for triple in shapes if triple.predicate == SH.sparql}
    return sorted({query for one in subjects for query in reach.far_queries(one, query_of)})  # type: ignore[arg-type]


def answers(query: str, stated: Iterable[Triple]) -> set[tuple[Term | None, ...]]:
    """Return what a query finds, focus nodes first."""
    store = Store()
    store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in stated)
    rows = cast("QuerySolutions", store.query(query))
    names = ["this", *sorted({one.value for one in rows.variables} - {"this"})]
    return {tuple(row[name] for name in names) for row in rows}


@settings(deadline=None, max_examples=60)
@given(st.sets(TRIPLES, max_size=20), st.sets(TRIPLES, min_size=1, max_size=2))
def test_queries_of_the_shapes(far: list[str], stated: set[Triple], edit: set[Triple]) -> None:
    """Whatever a query finds otherwise after an edit is reached; what surrounds a node suffices for it."""
    after = stated ^ edit
    before_and_after = Both(told(stated), told(after))
    assert len(far) == 10
    for query in far:
        read = reading(query)
        assert read is not None
        found = answers(query, after)
        try:
            touched = reached(before_and_after, read.patterns, edit)
            nodes = {triple.subject for triple in after}
            around = surrounding(told(after), read.patterns, nodes)  # type: ignore[arg-type]
            each = {one: surrounding(told(after), read.patterns, [one]) for one in nodes}  # type: ignore[list-item]
        except UnclearError:
            continue
        assert {row[0] for row in answers(query, stated) ^ found} <= touched
        assert answers(query, around) == found
        for one, some in each.items():
            assert {row for row in answers(query, some) if row[0] == one} == {r for r in found if r[0] == one}


def test_only_what_matters_is_reached() -> None:
    """A property that a query does not look for reaches nothing; one of the focus node reaches that alone."""
    own = patterns("{ $this t:step ?one . ?one a t:Kind }")
    data = told([*CHAIN, Triple(EX.n1, A, EX.Kind)])
    assert reached(data, own, [Triple(EX.n1, EX.other, EX.n2)]) == set()
    assert reached(data, own, [Triple(EX.n1, A, EX.Other)]) == set()
    assert reached(data, own, [Triple(EX.n3, NamedNode(STEP), EX.n9)]) == {EX.n3}
    assert reached(data, own, [Triple(EX.n1, A, EX.Kind)]) == {EX.n0}


def test_paths_are_followed_to_their_ends() -> None:
    """A property that may be followed any number of times reaches all from which it leads to the edit."""
    looked_for = patterns("{ $this a t:Kind . $this t:step+ ?end . ?end a t:End }")
    data = told([*CHAIN, Triple(EX.n0, A, EX.Kind), Triple(EX.n4, A, EX.End)])
    assert {EX.n0, EX.n1, EX.n2} <= reached(data, looked_for, [CHAIN[2]])
    assert {EX.n0, EX.n4} <= reached(data, looked_for, [Triple(EX.n4, A, EX.End)])
    assert surrounding(data, looked_for, [EX.n0]) >= {*CHAIN}
    same = patterns("{ $this t:step* $this }")
    assert reached(data, same, [CHAIN[1]]) == set()


def test_constants_are_followed_last() -> None:
    """What is not joined to the focus node is found by a constant, where there is one."""
    apart = patterns("{ $this t:step ?one . ?list a t:List . ?list t:holds ?text . t:fixed t:step ?two }")
    other = [Triple(EX.list, A, EX.List), Triple(EX.list, EX.holds, Literal("x"))]
    data = told([*CHAIN, *other, Triple(EX.fixed, NamedNode(STEP), EX.n9)])
    assert surrounding(data, apart, [EX.n0]) == {CHAIN[0], *other, Triple(EX.fixed, NamedNode(STEP), EX.n9)}
    assert reached(data, patterns('{ $this t:step ?one . ?one t:holds "x" }'), other) == set()


@pytest.mark.parametrize(
    "query",
    [
        "{ $this t:step ?one . ?two t:holds ?three }",
        "{ $this ?property ?one . ?property t:holds ?three }",
        "{ $this t:step ?one . filter not exists { ?two t:holds ?three } }",
    ],
)
def test_what_is_not_joined_is_unclear(query: str) -> None:
    """Where nothing leads to a pattern, it is not known how far the query looks."""
    data = told([*CHAIN, Triple(EX.n0, EX.holds, EX.n1)])
    with pytest.raises(UnclearError):
        surrounding(data, patterns(query), [EX.n0])
    with pytest.raises(UnclearError):
        reached(data, patterns(query), [Triple(EX.n0, EX.holds, EX.n1)])


def test_values_that_may_be_written_otherwise_are_unclear() -> None:
    """A number may be the same as one that is written otherwise; a text is not."""
    looked_for = patterns("{ $this t:step ?one . ?other t:step ?one }")
    numbered = Triple(EX.n0, NamedNode(STEP), Literal("01", datatype=XSD.integer))
    with pytest.raises(UnclearError):
        surrounding(told([numbered]), looked_for, [EX.n0])
    named = [Triple(EX[name], NamedNode(STEP), Literal("one", language="en")) for name in ("n0", "n1")]
    assert surrounding(told(named), looked_for, [EX.n0]) == {*named}
