"""The head of a page: its address for good, its languages, its first words, its picture."""

import importlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twintowns.catalogue import VOCABULARY, Publication
from twintowns.head import CARD, canonical, head, summary
from twintowns.iris import Names
from twintowns.pagevalues import Text
from twintowns.project import TEMPLATES
from twintowns.vocabulary import W3ID

TOWN = "https://example.org/town/"
PUBLICATION = Publication(Names(TOWN), ("sv", "de", "en", "fr"))
PLACE = f"{TOWN}place/Q1"


def test_canonical() -> None:
    """In the main language a page goes by the IRI, in another by its own address: both in its language."""
    told = {tag: canonical(PUBLICATION, tag, "place/Q1", PLACE) for tag in ("sv", "de")}
    assert told == {"sv": PLACE, "de": f"{TOWN}de/place/Q1.html"}
    front = {tag: canonical(PUBLICATION, tag, "index", TOWN) for tag in ("sv", "de")}
    assert front == {"sv": TOWN, "de": f"{TOWN}de/"}


def test_canonical_of_the_vocabulary() -> None:
    """A page of the vocabulary goes by the one at home in its language, if there is one."""
    iri, path = f"{W3ID}kind/twinning", "vocabulary/kind/twinning"
    told = {tag: canonical(PUBLICATION, tag, path, iri) for tag in PUBLICATION.languages}
    assert told == {
        "sv": f"{W3ID}sv/kind/twinning.html",
        "de": f"{W3ID}de/kind/twinning.html",
        "en": iri,
        "fr": f"{TOWN}fr/vocabulary/kind/twinning.html",
    }
    index = {tag: canonical(PUBLICATION, tag, "vocabulary/index", W3ID) for tag in ("sv", "en")}
    assert index == {"sv": f"{W3ID}sv/", "en": W3ID}


def test_canonical_at_home() -> None:
    """At its own address the vocabulary is a publication like another."""
    told = {tag: canonical(VOCABULARY, tag, "ns", f"{W3ID}ns") for tag in ("en", "sv")}
    assert told == {"en": f"{W3ID}ns", "sv": f"{W3ID}sv/ns.html"}


def test_head() -> None:
    """The head of a page has all that the page says of itself."""
    told = head(PUBLICATION, "de", "place/Q1", PLACE, [Text("Ein Ort.")])
    assert told.canonical == f"{TOWN}de/place/Q1.html"
    assert dict(told.alternates) == {
        "sv": f"{PLACE}.html",
        "de": f"{TOWN}de/place/Q1.html",
        "en": f"{TOWN}en/place/Q1.html",
        "fr": f"{TOWN}fr/place/Q1.html",
        "x-default": f"{PLACE}.html",
    }
    assert told.summary == Text("Ein Ort.")
    assert told.image == f"{TOWN}card.png"


@pytest.mark.parametrize(
    ("paragraphs", "told"),
    [
        ([], None),
        ([Text(" \n ")], None),
        ([Text("One\ntown,  two\tlakes.")], Text("One town, two lakes.")),
        (
            [Text("Ein Ort.", "de"), Text("Noch etwas.", "de"), Text("One town.")],
            Text("Ein Ort. Noch etwas.", "de"),
        ),
        ([Text("a" * 200)], Text("a" * 200)),
        ([Text(f"{'a' * 150} {'b' * 49} c")], Text(f"{'a' * 150} {'b' * 49}…")),
        ([Text(f"{'a' * 150}, {'b' * 60}")], Text(f"{'a' * 150}…")),
        ([Text("a" * 300)], Text(f"{'a' * 199}…")),
    ],
)
def test_summary(paragraphs: list[Text], told: Text | None) -> None:
    """The summary is the beginning of the text in its first language, on one line, cut after a word."""
    assert summary(paragraphs) == told


@given(st.lists(st.builds(Text, st.text(), st.sampled_from(["", "de"]))))
def test_any_summary(paragraphs: list[Text]) -> None:
    """Whatever the text is, its summary is one short line of it."""
    told = summary(paragraphs)
    words = " ".join(" ".join(paragraph.text for paragraph in paragraphs).split())
    assert told is None or (told.text and len(told.text) <= 201)
    assert told is None or words.startswith(told.text.removesuffix("…"))


def test_card() -> None:
    """The picture is drawn from the icon, as large as messengers ask for."""
    card = importlib.import_module("tests.card")
    pixels = card.drawn(TEMPLATES / "favicon.svg")
    path: Path = TEMPLATES / CARD
    if os.environ.get("TWINTOWNS_RENEW_GOLDEN"):
        path.write_bytes(card.written(pixels))
    assert card.read(path.read_bytes()) == pixels
    assert card.read(card.written(pixels)) == pixels
    assert (card.WIDTH, card.HEIGHT) == (1200, 630)
