"""Content negotiation: what a client likes best of what there is, whatever it sends."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twintowns import negotiation

OFFERS = ("text/html", "text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml")
LANGUAGES = ("sv", "de", "en", "pt-BR")
CODINGS = ("br", "zstd", "gzip")

weights = st.sampled_from(["", ";q=1", ";q=0.5", "; q=0.001", ";q=0", ";q=0.000"])
ranges = st.sampled_from([*OFFERS, "text/*", "application/*", "*/*", "image/png", "text/html;level=1"])
headers = st.lists(st.tuples(ranges, weights).map("".join), max_size=6).map(", ".join)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "text/html"),
        ("*/*", "text/html"),
        ("*", "text/html"),
        ("text/turtle", "text/turtle"),
        ("TEXT/TURTLE", "text/turtle"),
        ("application/n-triples, text/turtle", "text/turtle"),
        ("text/html;q=0.5, application/n-triples;q=0.9", "application/n-triples"),
        ("application/rdf+xml, */*;q=0.1", "application/rdf+xml"),
        ("image/png, */*;q=0.1", "text/html"),
        ("text/html;q=0, */*", "text/turtle"),
        ("text/*;q=0, */*;q=0.1", "application/ld+json"),
        ("text/*;q=0.9, text/html;q=0.2", "text/turtle"),
        ("text/turtle;charset=utf-8, text/html;q=0.5", "text/turtle"),
        ("text/turtle;charset=latin-1", "text/turtle"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#flattened"', "application/ld+json"),
        ("text/html;level=1;q=0.9, text/html;q=0.2, text/turtle;q=0.5", "text/turtle"),
        ("image/png", None),
        ("*/*;q=0", None),
        ("turtle", "text/html"),
        (";;;,,,q=", "text/html"),
        ("text/turtle;q=2", "text/html"),
        ("*/html, a/b/c, text/", "text/html"),
    ],
)
def test_media_type(accept: str, chosen: str | None) -> None:
    """The heaviest type wins, a specific weight goes before a general one, and the server breaks ties."""
    assert negotiation.media_type(accept, OFFERS) == chosen


@given(headers)
def test_nothing_is_liked_better(accept: str) -> None:
    """No offer weighs more than the chosen one, and none of its weight comes before it."""
    chosen = negotiation.media_type(accept, OFFERS)
    found = [negotiation.media_type_weight(accept, offer) for offer in OFFERS]
    assert chosen == (OFFERS[found.index(max(found))] if max(found) > 0 else None)


@given(headers, st.sampled_from(OFFERS))
def test_refusal_is_certain(accept: str, offer: str) -> None:
    """What a client refuses by name is never sent, whatever else it says."""
    plain = ", ".join(part for part in accept.split(", ") if part.partition(";")[0] != offer)
    assert negotiation.media_type(f"{plain}, {offer};q=0", OFFERS) != offer


@given(st.text(), st.text(), st.text(), st.text())
def test_nonsense_is_survived(accept: str, spoken: str, coded: str, profiled: str) -> None:
    """Whatever stands in a header, an offer or none is chosen, and a language always."""
    assert negotiation.media_type(accept, OFFERS) in {*OFFERS, None}
    assert negotiation.language(spoken, LANGUAGES) in LANGUAGES
    assert negotiation.encoding(coded, CODINGS) in {*CODINGS, ""}
    assert isinstance(negotiation.profiles(profiled), tuple)


@pytest.mark.parametrize(
    ("accept_language", "chosen"),
    [
        ("", "sv"),
        ("de", "de"),
        ("DE-at", "de"),
        ("pt", "pt-BR"),
        ("pt-PT", "sv"),
        ("fr, en;q=0.1", "en"),
        ("fr", "sv"),
        ("*", "sv"),
        ("sv;q=0, *", "de"),
        ("sv;q=0, de;q=0, en;q=0, pt;q=0", "sv"),
        ("en;q=0.4, de;q=0.6", "de"),
        ("den, en;q=0.5", "en"),
        ("en, en;q=0.1, de;q=0.9", "en"),
        (";q=,", "sv"),
        (' "", de', "de"),
    ],
)
def test_language(accept_language: str, chosen: str) -> None:
    """A language fits its regions and its kin; the main one is for all others."""
    assert negotiation.language(accept_language, LANGUAGES) == chosen


@pytest.mark.parametrize(
    ("accept_encoding", "chosen"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0, *", "zstd"),
        ("*;q=0", ""),
        ("identity", ""),
        ("identity;q=0, gzip", "gzip"),
        ("identity, gzip;q=0.5", ""),
        ("compress", ""),
    ],
)
def test_encoding(accept_encoding: str, chosen: str) -> None:
    """The best coding that a client takes is chosen, and none where it takes none or says nothing."""
    assert negotiation.encoding(accept_encoding, CODINGS) == chosen


def test_types_named_by_the_client() -> None:
    """A type that is only covered by a wildcard is not named."""
    assert negotiation.names_media_type("text/html;q=0.5, */*", "text/html") == 0.5
    assert negotiation.names_media_type("text/html;level=1", "text/html") == 1
    assert negotiation.names_media_type("text/*, */*", "text/html") == 0


def test_no_coding_is_there() -> None:
    """A file without compressed forms is sent as it is."""
    assert negotiation.encoding("gzip", ()) == ""
    assert negotiation.encoding("*", ()) == ""


@pytest.mark.parametrize(
    ("accept_profile", "named"),
    [
        ("", ()),
        ("<https://schema.org/>", ("https://schema.org/",)),
        ('"https://schema.org/"', ("https://schema.org/",)),
        ("<urn:a>;q=0.2, <urn:b>;q=0.7, <urn:c>;q=0", ("urn:b", "urn:a")),
    ],
)
def test_profiles(accept_profile: str, named: tuple[str, ...]) -> None:
    """Profiles are named in the order in which a client likes them."""
    assert negotiation.profiles(accept_profile) == named


@pytest.mark.parametrize(
    ("within", "beyond"),
    [
        (f"text/turtle;x={'y' * 4082}", f"text/turtle;x={'y' * 4083}"),
        (",".join(["text/turtle"] * 64), ",".join(["text/turtle"] * 65)),
    ],
    ids=["long", "many"],
)
def test_header_beyond_all_bounds(within: str, beyond: str) -> None:
    """A header that is too long, or names too much, counts as absent, and one just within counts."""
    assert negotiation.media_type(within, OFFERS) == "text/turtle"
    assert negotiation.media_type(beyond, OFFERS) == "text/html"
    assert (len(negotiation.profiles(within)) > 0, negotiation.profiles(beyond)) == (True, ())


def test_long_headers_are_not_kept() -> None:
    """However many long headers come, nothing of them stays in memory."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for number in range(150):
            header = f"text/turtle;q=0.5;x={number}{'y' * 4000}"
            assert negotiation.media_type(header, OFFERS) == "text/turtle"
            assert negotiation.language(header, LANGUAGES) == "sv"
        assert tracemalloc.get_traced_memory()[0] - before < 250_000
    finally:
        tracemalloc.stop()
