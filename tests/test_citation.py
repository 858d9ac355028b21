"""Citing the dataset: one record in three forms, which no text can break."""

import re
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import pytest
import rispy  # type: ignore[import-untyped]
import yaml  # type: ignore[import-untyped]
from bibtexparser.entrypoint import parse_string
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from twintowns import __version__
from twintowns.catalogue import Publication
from twintowns.citation import citations
from twintowns.dataset import Dataset
from twintowns.iris import Names
from twintowns.printing import Sources, read_sources
from twintowns.project import Project
from twintowns.vocabulary import DCTERMS, SCHEMA, XSD

NAMES = Names("https://example.org/town/")
PUBLICATION = Publication(NAMES, ("sv", "en"))
PUBLISHER = NamedNode("https://example.org/town/organization/council")
IRI = "https://example.org/town/dataset/twintowns"
HOSTILE = "}}\n@misc{evil, title = {\\input{x}} % $ # _ ~ ^ &\r\nER  - \u2028TY  - JOUR \x00\u202e{"


@pytest.fixture(scope="module")
def sources(repository: Path) -> Sources:
    """Return what a build of the first publication reads."""
    return read_sources(Project(repository))


def _dataset(**stated: str) -> Dataset:
    """Return a dataset whose catalogue states a title, a publisher's name and dates."""
    catalogue, triples = NAMES.catalogue, set()
    for name, text in stated.items():
        if name == "publisher":
            triples.add(Triple(catalogue, DCTERMS.publisher, PUBLISHER))
            triples.update([Triple(PUBLISHER, SCHEMA.name, Literal(text, language="sv"))] if text else [])
        elif name == "title":
            triples.add(Triple(catalogue, DCTERMS["title"], Literal(text, language="sv")))
        else:
            triples.add(Triple(catalogue, DCTERMS[name], Literal(text, datatype=XSD.date)))
    empty: frozenset[Triple] = frozenset()
    return Dataset(NAMES, frozenset(triples), empty, empty, empty, {})


def _fields(bibtex: str) -> dict[str, str]:
    """Return the fields of the one entry, as a program reads them."""
    library = parse_string(bibtex)
    assert library.failed_blocks == []
    [entry] = library.entries
    assert entry.entry_type == "misc"
    return {field.key: str(field.value) for field in entry.fields}


def test_first_publication(sources: Sources) -> None:
    """The dataset is cited by publisher, year, title, version and IRI, in the main language."""
    dataset = sources.dataset()
    dates = [dataset.graph.value(dataset.names.catalogue, DCTERMS[name]) for name in ("issued", "modified")]
    [issued, modified] = [date.value for date in dates if isinstance(date, Literal)]
    told = citations(dataset, sources.publication)
    assert told["txt"] == (
        f"Ludvika kommun. ({issued[:4]}). Ludvikas vänorter [Datamängd]. Version {modified}. "
        "https://w3id.org/twintowns/ludvika/dataset/twintowns\n"
    )
    assert told["bib"].startswith("@misc{twintowns-ludvika,\n")
    assert "title = {{Ludvikas vänorter}}" in told["bib"]


def test_citation_file(repository: Path, sources: Sources) -> None:
    """The citation file is the program's, and refers to the dataset as `citation.bib` does."""
    cff = yaml.safe_load((repository / "CITATION.cff").read_text(encoding="utf-8"))
    assert (cff["cff-version"], cff["type"], cff["license"]) == ("1.2.0", "software", "MIT")
    told = cff["preferred-citation"]
    assert (told["type"], told["license"]) == ("data", "CC0-1.0")
    [author] = told["authors"]
    cited = {
        "author": f"{{{author['name']}}}",
        "title": f"{{{told['title']}}}",
        "year": str(told["year"]),
        "version": told["version"],
        "note": "Datamängd",
        "url": told["url"],
    }
    assert cited == _fields(citations(sources.dataset(), sources.publication)["bib"])
    assert told["publisher"] == author
    assert [one["value"] for one in told["identifiers"]] == [told["url"]]
    assert told["languages"] == [sources.publication.main_language]


def test_citation_file_is_up_to_date(repository: Path, sources: Sources) -> None:
    """The dataset is released when the catalogue was issued, the program as what it calls itself."""
    cff = yaml.safe_load((repository / "CITATION.cff").read_text(encoding="utf-8"))
    dataset = sources.dataset()
    issued = dataset.graph.value(dataset.names.catalogue, DCTERMS.issued)
    assert isinstance(issued, Literal)
    assert cff["preferred-citation"]["date-released"] == issued.value
    assert cff["version"] == __version__


def test_bibtex() -> None:
    """A BibTeX parser reads what was written; the publisher is kept together as one author."""
    told = _dataset(title="Vänorter", publisher="Stad, Land", issued="2024-05-01", modified="2025-06-07")
    assert _fields(citations(told, PUBLICATION)["bib"]) == {
        "author": "{Stad, Land}",
        "title": "{Vänorter}",
        "year": "2024",
        "version": "2025-06-07",
        "note": "Datamängd",
        "url": IRI,
    }


def test_ris() -> None:
    """An RIS parser reads what was written."""
    told = _dataset(title="Vänorter", publisher="Staden", issued="2024-05-01", modified="2025-06-07")
    [record] = rispy.loads(citations(told, PUBLICATION)["ris"])
    assert (record["type_of_reference"], record["title"], record["authors"]) == (
        "DATA",
        "Vänorter",
        ["Staden"],
    )
    assert (record["year"], record["date"], record["urls"]) == ("2024", "2025/06/07", [IRI])


def test_unknown_is_left_out() -> None:
    """Without publisher, title and dates there are still the IRI space and the IRI."""
    told = citations(_dataset(), PUBLICATION)
    assert told["txt"] == f"(n.d.). https://example.org/town/ [Datamängd]. {IRI}\n"
    assert _fields(told["bib"]).keys() == {"title", "note", "url"}
    lines = ["TY  - DATA", "TI  - https://example.org/town/", "LA  - sv", f"UR  - {IRI}", "ER  - ", ""]
    assert told["ris"].split("\r\n") == lines


def test_publisher_without_a_name() -> None:
    """A publisher without a name is called by the last part of its IRI."""
    assert citations(_dataset(publisher=""), PUBLICATION)["txt"].startswith("council. (n.d.). ")


def test_languages() -> None:
    """A title that the main language lacks is cited in the next one, else in any, else without a language."""
    dataset = _dataset(modified="2025-06-07")
    titles = [Literal("en", language="en"), Literal("fr", language="fr"), Literal("plain")]

    def told(titles: list[Literal]) -> str:
        stated = {Triple(NAMES.catalogue, DCTERMS["title"], title) for title in titles}
        texts = citations(replace(dataset, asserted=dataset.asserted | stated), PUBLICATION)["txt"]
        return texts.split(" [")[0]

    assert told(titles) == "(2025). en"
    assert told(titles[1:2]) == "(2025). fr"
    assert told(titles[2:]) == "(2025). plain"


def test_only_dates_are_dates() -> None:
    """What is not written as a date is not cited as one."""
    told = citations(_dataset(issued="2024}\n@misc{x", modified="last year"), PUBLICATION)
    assert "(n.d.)" in told["txt"]
    assert "last year" not in "".join(told.values())


def test_hostile_texts() -> None:
    """Braces, backslashes, line ends and invisible characters stay within their field."""
    told = citations(_dataset(title=HOSTILE, publisher=HOSTILE, issued="2024-05-01"), PUBLICATION)
    title = _fields(told["bib"])["title"]
    assert r"\textbackslash{}input\textbraceleft{}x\textbraceright{}" in title
    assert told["txt"].count("\n") == 1
    [record] = rispy.loads(told["ris"])
    assert record["type_of_reference"] == "DATA"
    assert not re.search(r"[\x00\u2028\u202e]", "".join(told.values()))


@given(st.text(), st.text())
def test_any_text(title: str, publisher: str) -> None:
    """Whatever a title and a name are, each form stays one record, its braces balanced."""
    texts = [text.encode("utf-8", "replace").decode() for text in (title, publisher)]
    told = citations(_dataset(title=texts[0], publisher=texts[1], issued="2024-05-01"), PUBLICATION)
    assert len(re.findall(r"(?m)^@", told["bib"])) == 1
    assert len(told["bib"].splitlines()) == told["bib"].count("\n")
    depths = list(accumulate({"{": 1, "}": -1}.get(character, 0) for character in told["bib"]))
    assert depths[-1] == 0
    assert [place for place, depth in enumerate(depths) if depth == 0 and place > len("@misc")] == [
        len(told["bib"]) - 2,
        len(told["bib"]) - 1,
    ]
    lines = told["ris"].split("\r\n")
    assert all(re.fullmatch(r"[A-Z]{2}  - .*", line) for line in lines[:-1])
    assert len(told["txt"].splitlines()) == 1
