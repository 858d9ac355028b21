"""The search index: whatever is typed of a name, the few files that it leads to hold the thing."""

import json
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from twintowns import searchindex
from twintowns.catalogue import Publication
from twintowns.dataset import Dataset
from twintowns.findables import Findable, Findables, Name, findables
from twintowns.folding import words
from twintowns.graph import Graph
from twintowns.iris import Names
from twintowns.printing import read_sources
from twintowns.project import Project
from twintowns.searchindex import file_name, search_files
from twintowns.vocabulary import AS, SCHEMA, TT, A

PUBLICATION = Publication(Names("https://example.org/town/"), ("sv", "de"))
LIMIT = 300
SOME = ["Bad Honnef", "Bad Ems", "Bad Vilbel", "Ludvika kommun", "Luleå", "Lund", "Malmö", "San José"]

Entry = list[Any]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the parts be so small that a few names make many."""
    monkeypatch.setattr(searchindex, "_PART_BYTES", LIMIT)
    monkeypatch.setattr(searchindex, "_TOP", 3)


def things(names: Iterable[str], kind: NamedNode = SCHEMA.City) -> list[Findable]:
    """Return things of one name each, the better known first."""
    return [
        Findable(f"place/Q{place}", kind, None, 100 - place, (Name(name, ("sv",)),))
        for place, name in enumerate(names)
    ]


def held(found: Sequence[Findable]) -> dict[str, Any]:
    """Return what each file of the index holds, by its name."""
    return read(search_files(Findables(found, Graph([])), PUBLICATION))


def read(files: Iterable[tuple[str, bytes]]) -> dict[str, Any]:
    """Read files as the page does."""
    told = {}
    for path, content in files:
        match = re.fullmatch(r'twintownsSearch\("([a-z~0-9-]+)",(.*)\);\n', content.decode(), re.DOTALL)
        assert match, path
        assert path == f"search/{match[1]}.js"
        told[match[1]] = json.loads(match[2])
    return told


def part_for(index: dict[str, Any], begun: str) -> str:
    """Return the one part in which the words stand that begin so, as the page finds it."""
    before = [part for part in index["table-sv"]["parts"] if part <= begun]
    return f"part-{file_name(before[-1] if before else '')}"


def parts_for(index: dict[str, Any], begun: str) -> list[str]:
    """Return all parts of a beginning that has a top."""
    return [f"part-{file_name(p)}" for p in index["table-sv"]["parts"] if p.startswith(begun)]


def check_every_beginning(names: Sequence[str]) -> None:
    """Hold that each beginning of each word leads to the thing."""
    index = held(things(names))
    tops = index["table-sv"]["tops"]
    for place, name in enumerate(names):
        for word in words(name):
            for length in range(1, len(word[:24]) + 1):
                begun = word[:length]
                files = parts_for(index, begun) if begun in tops else [part_for(index, begun)]
                paths = [entry[0] for file in files if file in index for entry in index[file]]
                assert f"place/Q{place}" in paths, (name, begun, files)


@pytest.mark.usefixtures("small_parts")
def test_every_beginning_of_a_word_leads_to_its_things() -> None:
    """Each beginning of each word has one part, or else a top and parts that begin with it."""
    check_every_beginning([*SOME, *(f"Bad {chr(97 + n) * 3}stadt" for n in range(26)), "kommun " * 30])
    check_every_beginning([f"{word} kommun" for word in "abcdefghijklmnopqrstuvwxyz"])


@given(st.lists(st.text(alphabet="abåæ \N{DESERET SMALL LETTER LONG I}\uffee東'-", min_size=1), max_size=40))
def test_any_names(names: list[str]) -> None:
    """Whatever the names are, every beginning of their words leads to them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searchindex, "_PART_BYTES", LIMIT)
        check_every_beginning(names)


@pytest.mark.usefixtures("small_parts")
def test_no_part_is_too_large() -> None:
    """No part is larger than it may be, and the table names them all."""
    index = held(things([*SOME, *(f"Bad {chr(97 + n) * 3}stadt" for n in range(26))]))
    parts = {name: entries for name, entries in index.items() if name.startswith("part-")}
    sizes = [
        len(json.dumps(entries, ensure_ascii=False, separators=(",", ":"))) for entries in parts.values()
    ]
    assert len(parts) > 5
    assert max(sizes) <= LIMIT + 5
    assert len(parts) == len(index["table-sv"]["parts"])


@pytest.mark.usefixtures("small_parts")
def test_top_names_the_best_known() -> None:
    """A top names first what is called so, then what begins so, the better known first."""
    others = things([f"Lu{chr(97 + n) * 9}" for n in range(26)])
    late = Findable("place/Q99", SCHEMA.City, None, 0, (Name("Lu", ("sv",)),))
    within = Findable("place/Q98", SCHEMA.City, None, 200, (Name("Bad Lu", ("sv",)),))
    twinning = Findable("twinning/Q1-Q2", TT.Twinning, None, 0, (Name("Lu \N{EN DASH} Ly", ("sv",)),))
    index = held([within, *others, late, twinning])
    assert [entry[0] for entry in index["top-lu"]] == ["place/Q99", "place/Q0", "place/Q1"]


def test_few_names_make_one_part() -> None:
    """What fits into one part is one, with no top."""
    index = held(things(SOME))
    assert sorted(index) == ["part-~", "table-de", "table-sv"]
    assert index["table-sv"]["tops"] == []
    assert [entry[4] for entry in index["part-~"]] == SOME


def test_nothing_to_be_found() -> None:
    """Without a single name there is an empty part."""
    assert held([])["part-~"] == []


def test_hostile_names() -> None:
    """No name ends the script that it stands in, a line of it, or its call."""
    hostile = [
        "</script><script>alert(1)</script>",
        'a"]);alert(1);//',
        "a\u2028b\u2029c",
        "<!-- x",
        "\\u0022",
    ]
    files = list(search_files(Findables(things(hostile), Graph([])), PUBLICATION))
    for _, content in files:
        assert not re.search("[<\u2028\u2029]", content.decode())
    assert [entry[4] for entry in read(files)["part-~"]] == hostile


def test_order_of_files() -> None:
    """The parts stand in the order in which a script compares texts, by code units of UTF-16."""
    parts = ["\U0001f600", "\uffee", "a"]
    assert sorted(parts, key=searchindex._as_compared) == ["a", "\U0001f600", "\uffee"]  # noqa: SLF001


def test_index_of_the_publication(repository: Path) -> None:
    """All that has a page and a name is found, and the terms of the ontology, in each of their languages."""
    sources = read_sources(Project(repository))
    dataset = sources.dataset()
    found = findables(dataset, sources.publication)
    index = read(search_files(found, sources.publication))
    entries = {entry[0]: entry for entry in index["part-~"]}
    table = index["table-de"]
    ludvika = entries["place/Q503184"]
    assert table["kinds"][ludvika[1]] == "Verwaltungsgebiet"
    assert ludvika[2] == 2
    assert table["countries"][ludvika[3]] == "Schweden"
    assert "Gemeinde Ludvika" in ludvika
    assert "vocabulary/ns#partner" in entries
    assert "vocabulary/kind/contact" in entries
    assert entries["place/Q34"][3] == -1
    assert table["spoken"][ludvika[ludvika.index("Gemeinde Ludvika") + 1]] == ["de"]
    assert {path.partition("#")[0] for path in entries} >= {
        dataset.names.path_of(document) for document in dataset.documents
    } - {"catalogue"}
    assert [e[2] for e in index["part-~"]] == sorted((e[2] for e in index["part-~"]), reverse=True)
    assert all(a[1] != table["last"] or b[1] == table["last"] for a, b in pairwise(index["part-~"]))


def test_withdrawn() -> None:
    """What is gone is not found, and neither is what has no name."""
    gone, there, nameless = (NamedNode(f"{PUBLICATION.names.space}place/Q{n}") for n in (1, 2, 3))
    stated = [Triple(gone, A, AS.Tombstone), Triple(nameless, A, SCHEMA.City), Triple(there, A, SCHEMA.City)]
    named = [Triple(iri, SCHEMA.name, Literal("Atlantis", language="sv")) for iri in (gone, there)]
    linked = Triple(nameless, SCHEMA.name, there)
    dataset = Dataset(
        PUBLICATION.names, frozenset((*stated, *named, linked)), *(frozenset[Triple](),) * 3, {}
    )
    assert [thing.path for thing in findables(dataset, PUBLICATION).things] == ["place/Q2"]


def test_names_of_what_has_none() -> None:
    """A kind without a label goes by the end of its IRI, a thing by the first name that it has."""
    found = Findables([], Graph([]))
    assert found.kind_name(NamedNode("https://example.org/ns#Village"), ("sv",)) == "Village"
    thing = things(["Ludvika"])[0]
    assert thing.name_in(("de", "en")).text == "Ludvika"
