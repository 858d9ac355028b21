"""What lies near to an edit: of which things a row can tell otherwise after it."""

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from twintowns.graph import Graph
from twintowns.vicinity import stated_anew, told_anew
from twintowns.vocabulary import SCHEMA, TT, WD

NAMED = Triple(WD.Q1, SCHEMA.name, Literal("one"))


def test_what_is_stated_anew() -> None:
    """It is of what came or went the subject; where a blank node is among that, it may stand anywhere."""
    assert stated_anew([NAMED]) == frozenset({WD.Q1})
    assert stated_anew([]) == frozenset()
    assert stated_anew([NAMED, Triple(BlankNode("a"), SCHEMA.name, Literal("b"))]) is None
    assert stated_anew([NAMED, Triple(WD.Q2, SCHEMA.geo, BlankNode("a"))]) is None


@pytest.mark.parametrize("is_before", [True, False])
def test_what_is_told_anew(*, is_before: bool) -> None:
    """It is what leads there in two steps, and all that lies in it, before the edit or now."""
    chain = [WD.Q2, WD.Q3, WD.Q4, WD.Q5, WD.Q6]
    inside = [
        Triple(here, SCHEMA.containedInPlace, there)
        for there, here in zip([WD.Q1, *chain], chain, strict=False)
    ]
    twinning, other = NamedNode("https://example.org/twinning/1"), NamedNode("https://example.org/twinning/2")
    leading = [Triple(twinning, TT.partner, WD.Q2), Triple(other, TT.partner, WD.Q3)]
    graphs = Graph([*inside, *leading]), Graph([])
    found = told_anew(graphs if is_before else reversed(graphs), [NAMED])
    assert found == {WD.Q1, *chain, twinning}


def test_circle_ends() -> None:
    """Places that are told to lie in each other are found once."""
    circle = Graph(
        [Triple(WD.Q1, SCHEMA.containedInPlace, WD.Q2), Triple(WD.Q2, SCHEMA.containedInPlace, WD.Q1)]
    )
    assert told_anew([circle], [NAMED]) == {WD.Q1, WD.Q2}
