"""What the first publication says, asked of its dump by SPARQL: every fact of its source, and no other."""

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, Store

from twintowns.compression import SUFFIXES

LANGUAGES = "de en et fi sv"
SPACE = "https://w3id.org/twintowns/ludvika/"
IMATRA, BAD_HONNEF, VILJANDI = "Q211020-Q503184", "Q12434-Q503184", "Q103732-Q192061"
PREFIXES = "".join(
    f"PREFIX {prefix}: <{iri}>\n"
    for prefix, iri in {
        "contact-point": f"{SPACE}contact-point/",
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "kind": "https://w3id.org/twintowns/kind/",
        "organization": f"{SPACE}organization/",
        "place": f"{SPACE}place/",
        "schema": "https://schema.org/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "source": f"{SPACE}source/",
        "status": "https://w3id.org/twintowns/status/",
        "tt": "https://w3id.org/twintowns/ns#",
        "twinning": f"{SPACE}twinning/",
        "wd": "http://www.wikidata.org/entity/",
        "wdt": "http://www.wikidata.org/prop/direct/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }.items()
)
Answer = Callable[[str], set[tuple[str, ...]]]

CORE = {
    "ludvika-kommun": "Q503184",
    "imatra": "Q211020",
    "bad-honnef": "Q12434",
    "viljandi-county": "Q192061",
    "dalarna-county": "Q103732",
    "sweden": "Q34",
    "finland": "Q33",
    "germany": "Q183",
    "estonia": "Q191",
    "south-karelia": "Q5691",
    "nrw": "Q1198",
}
"""The rows of core_identifiers.csv that the publication tells of."""
NOT_ADOPTED = ("Q737534", "Q848393", "Q44840", "Q283599")
"""Kontiolahti, the urban areas of Ludvika and Viljandi, and an item wrongly taken for Imatra."""


@pytest.fixture
def answer(store: Store) -> Answer:
    """Return a function that answers a SELECT query, with the last part of each IRI and each lexical form."""

    def asked(query: str) -> set[tuple[str, ...]]:
        rows = cast("QuerySolutions", store.query(PREFIXES + query, use_default_graph_as_union=True))
        return {tuple(_short(term) for term in row) for row in rows}

    return asked


def _short(term: object) -> str:
    assert isinstance(term, NamedNode | Literal)
    return re.split(r"[/#]", term.value)[-1] if isinstance(term, NamedNode) else term.value


def _is(store: Store, pattern: str) -> bool:
    query = f"{PREFIXES}ASK {{ {pattern} }}"
    return bool(cast("QueryBoolean", store.query(query, use_default_graph_as_union=True)))


def test_twin_towns(answer: Answer) -> None:
    """Ludvika has two twin towns, Imatra and Bad Honnef, and no third."""
    told = answer(
        "SELECT ?other ?kind ?status WHERE { ?t tt:partner place:Q503184, ?other ; tt:kind ?kind ; "
        "tt:status ?status . FILTER(?other != place:Q503184) }"
    )
    assert told == {("Q211020", "twinning", "active"), ("Q12434", "twinning", "active")}


def test_twinnings(answer: Answer) -> None:
    """There are three twinnings, each named by its partners, and one of them is one of counties."""
    told = answer("SELECT ?t ?kind (COUNT(?p) AS ?n) { ?t tt:partner ?p ; tt:kind ?kind } GROUP BY ?t ?kind")
    assert told == {(IMATRA, "twinning", "2"), (BAD_HONNEF, "twinning", "2"), (VILJANDI, "twin-county", "2")}


@pytest.mark.parametrize(
    ("twinning", "fields"),
    [
        (IMATRA, {"culture", "leisure"}),
        (BAD_HONNEF, {"youth-sport", "music", "art", "photography", "small-business", "industry"}),
        (VILJANDI, set()),
    ],
)
def test_fields(answer: Answer, twinning: str, fields: set[str]) -> None:
    """Each twinning has the fields of cooperation that the source names."""
    assert answer(f"SELECT ?f {{ twinning:{twinning} tt:field ?f }}") == {(field,) for field in fields}


def test_common_ground(answer: Answer) -> None:
    """Nature and hydropower are what Ludvika and Imatra share, and no other twinning has a common ground."""
    told = answer("SELECT ?t ?g { ?t tt:commonGround ?g }")
    assert told == {(IMATRA, "nature"), (IMATRA, "hydropower")}


def test_start(answer: Answer) -> None:
    """The one start that is known is that of the twinning with Bad Honnef, to the year."""
    told = answer(
        "SELECT ?t ?start (DATATYPE(?start) AS ?type) { ?t schema:startDate ?start . ?t a tt:Twinning }"
    )
    assert told == {(BAD_HONNEF, "2000", "gYear")}
    assert answer("SELECT ?end { ?t schema:endDate ?end . ?t a tt:Twinning }") == set()


def test_unknown_start(answer: Answer) -> None:
    """Of Imatra and Viljandi it is said that no source states a start."""
    told = answer("SELECT ?t { ?t a tt:Twinning ; tt:unknown schema:startDate }")
    assert told == {(IMATRA,), (VILJANDI,)}


def test_second_ceremony(answer: Answer) -> None:
    """The second ceremony, of 2001, is told in every language."""
    told = answer(
        f"SELECT (LANG(?d) AS ?l) {{ twinning:{BAD_HONNEF} schema:description ?d . "
        'FILTER(CONTAINS(?d, "2001")) }'
    )
    assert told == {(language,) for language in LANGUAGES.split()}


def test_viljandi_is_the_county(store: Store, answer: Answer) -> None:
    """Viljandi is the county, an administrative area of Estonia with the code EE-84, and no town."""
    assert _is(store, "place:Q192061 a schema:AdministrativeArea ; schema:containedInPlace place:Q191")
    assert not _is(store, "place:Q192061 a schema:City")
    codes = answer(
        'SELECT ?v { place:Q192061 schema:identifier [ schema:propertyID "ISO 3166-2" ; schema:value ?v ] }'
    )
    assert codes == {("EE-84",)}


def test_participants(answer: Answer) -> None:
    """Fifteen municipalities, all of Dalarna and Ludvika among them, take part in Dalarna's twinning."""
    told = answer(f"SELECT ?p {{ twinning:{VILJANDI} tt:participant ?p }}")
    assert told == answer(
        f"SELECT ?p {{ ?p schema:containedInPlace place:Q103732 . twinning:{VILJANDI} tt:participant ?p }}"
    )
    assert len(told) == 15
    assert ("Q503184",) in told


def test_participants_are_the_municipalities(answer: Answer, shared: Path) -> None:
    """The participants are the municipalities of Dalarna that the register lists."""
    told = answer(f"SELECT ?p {{ twinning:{VILJANDI} tt:participant ?p }}")
    assert told == {(row["wikidata"],) for row in _table(shared, "dalarna_municipalities")}


def test_association(store: Store, answer: Answer) -> None:
    """The association of both towns carries the twinning, and is reached through the municipality alone."""
    association = "organization:vanortsforeningen-ludvika-bad-honnef"
    assert answer("SELECT ?t ?a { ?t tt:association ?a }") == {
        (BAD_HONNEF, "vanortsforeningen-ludvika-bad-honnef")
    }
    assert _is(store, f'{association} schema:name "Vänortsföreningen Ludvika \N{EN DASH} Bad Honnef"@sv')
    assert answer(f"SELECT ?p {{ {association} schema:contactPoint ?p }}") == {("ludvika-kommun",)}
    assert answer(f"SELECT ?p {{ {association} schema:areaServed ?p }}") == {("Q503184",), ("Q12434",)}
    assert not _is(store, f"{association} schema:telephone|schema:email|schema:address|schema:employee ?any")


def test_industrial_contact(store: Store, answer: Answer) -> None:
    """The industrial contact goes through ABB, and the company behind it now is Hitachi Energy."""
    told = answer("SELECT ?t ?company { ?t tt:industrialContact ?company }")
    assert told == {(BAD_HONNEF, "abb"), (BAD_HONNEF, "hitachi-energy")}
    assert _is(store, "organization:abb schema:sameAs wd:Q52825")


@pytest.mark.parametrize("article", ["purpose", "history"])
def test_articles(answer: Answer, article: str) -> None:
    """Purpose and history are told in an article each, with a headline and a text in every language."""
    told = answer(
        f"SELECT (LANG(?h) AS ?l) {{ <{SPACE}article/{article}> schema:headline ?h ; schema:articleBody ?b . "
        "FILTER(LANG(?h) = LANG(?b) && STRLEN(?b) > 100) }"
    )
    assert told == {(language,) for language in LANGUAGES.split()}


def test_publisher(answer: Answer) -> None:
    """The publisher is Ludvika kommun, with the telephone number and the address of its page."""
    told = answer(
        "SELECT ?publisher ?name ?telephone ?code ?town ?country { ?c dcterms:publisher ?publisher . "
        "?publisher schema:name ?name ; schema:contactPoint ?point ; schema:address ?a . "
        "FILTER(LANG(?name) = 'sv') ?point schema:telephone ?telephone . "
        "?a schema:postalCode ?code ; schema:addressLocality ?town ; schema:addressCountry ?country "
        "MINUS { ?a schema:streetAddress ?street } }"
    )
    assert told == {("ludvika-kommun", "Ludvika kommun", "+46 240 860 00", "771 82", "Ludvika", "SE")}


def test_visiting_address(answer: Answer) -> None:
    """Visitors go to another address than post."""
    told = answer("SELECT ?street ?code { ?a schema:streetAddress ?street ; schema:postalCode ?code }")
    assert told == {("Dan Anderssons gata 1", "771 31")}


def test_opening_hours(answer: Answer) -> None:
    """The municipality is open in the morning and in the afternoon."""
    told = answer(
        "SELECT ?opens ?closes { contact-point:ludvika-kommun schema:hoursAvailable ?h . "
        "?h schema:opens ?opens ; schema:closes ?closes }"
    )
    assert told == {("07:30:00", "12:00:00"), ("13:00:00", "16:15:00")}


def test_email(answer: Answer) -> None:
    """The municipality's own e-mail address is the only one, of its contact point, with its source."""
    told = answer(
        "SELECT ?s ?e ?page { ?s schema:email ?e ; dcterms:source ?page . ?page schema:url ?url . "
        "?page schema:publisher organization:ludvika-kommun ; tt:retrievedOn ?day }"
    )
    assert told == {("ludvika-kommun", "info@ludvika.se", "ludvika-viktigt-att-veta")}


def test_source_page(store: Store) -> None:
    """The municipality's page is a source, with its publisher and the day of its last change."""
    assert _is(
        store,
        "source:ludvika-internationella-kontakter schema:publisher organization:ludvika-kommun ; "
        'schema:dateModified "2017-01-31"^^xsd:date ; schema:inLanguage "sv"',
    )


@pytest.mark.parametrize(
    ("one", "other"), [("Q503184", "Q211020"), ("Q503184", "Q12434"), ("Q103732", "Q192061")]
)
def test_derived_links(store: Store, one: str, other: str) -> None:
    """Partners are linked both ways, as places and as Wikidata items."""
    assert _is(store, f"place:{one} tt:twinnedWith place:{other} . place:{other} tt:twinnedWith place:{one}")
    assert _is(store, f"wd:{one} wdt:P190 wd:{other} . wd:{other} wdt:P190 wd:{one}")


def test_no_other_derived_links(answer: Answer) -> None:
    """No other places are linked as twins: taking part in a county's twinning makes no twin town."""
    assert len(answer("SELECT ?a ?b { ?a tt:twinnedWith ?b }")) == 6
    assert len(answer("SELECT ?a ?b { ?a wdt:P190 ?b }")) == 6


def test_derived_apart(store: Store) -> None:
    """Derived links stand in the graph of the derived, and in no other."""
    query = f"{PREFIXES}SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s tt:twinnedWith|wdt:P190|tt:partnerIn ?o }} }}"
    rows = cast("QuerySolutions", store.query(query))
    assert [row[0] for row in rows] == [NamedNode(f"{SPACE}graph/derived")]


@pytest.mark.parametrize("key", CORE)
def test_identifiers(answer: Answer, shared: Path, key: str) -> None:
    """A place has the Wikidata item, the GeoNames id, the codes and the coordinates of the registers."""
    row = next(row for row in _table(shared, "core_identifiers") if row["key"] == key)
    assert row["wikidata"] == CORE[key]
    place = f"place:{row['wikidata']}"
    same = answer(f"SELECT (STR(?s) AS ?t) {{ {place} schema:sameAs ?s }}")
    assert (f"http://www.wikidata.org/entity/{row['wikidata']}",) in same
    assert (f"https://sws.geonames.org/{row['geonames']}/",) in same
    codes = answer(f"SELECT ?v {{ {place} schema:identifier [ schema:value ?v ] }}")
    wanted = (row["iso3166"].split(" / ")[0], row["official_code"])
    assert {(code,) for code in wanted if code} <= codes
    if row["lat"]:
        told = answer(f"SELECT ?y ?x {{ {place} schema:geo [ schema:latitude ?y ; schema:longitude ?x ] }}")
        assert {(float(y), float(x)) for y, x in told} == {(float(row["lat"]), float(row["lon"]))}


def test_municipalities(answer: Answer, shared: Path) -> None:
    """Every municipality of Dalarna has the code, the names and the links of the registers."""
    rows = _table(shared, "dalarna_municipalities")
    assert len(rows) == 15
    for row in rows:
        place = f"place:{row['wikidata']}"
        codes = answer(f"SELECT ?v {{ {place} schema:identifier [ schema:value ?v ] }}")
        assert (row["scb_code"],) in codes, row
        names = answer(f"SELECT ?n (LANG(?n) AS ?l) {{ {place} schema:name ?n }}")
        assert {(row["name_sv"], "sv"), (row["name_en"], "en")} <= names, row
        links = answer(f"SELECT (STR(?s) AS ?t) {{ {place} schema:sameAs ?s }}")
        assert (f"https://sws.geonames.org/{row['geonames_adm2']}/",) in links, row
        assert (row["sv_wikipedia"],) in links, row
        assert answer(f"SELECT (STR(?s) AS ?t) {{ {place} schema:url ?s }}") == {(row["website"],)}, row


def test_organisation_number(answer: Answer, shared: Path) -> None:
    """The publisher has the organisation number of the register."""
    row = next(r for r in _table(shared, "dalarna_municipalities") if r["wikidata"] == "Q503184")
    told = answer("SELECT ?v { organization:ludvika-kommun schema:identifier [ schema:value ?v ] }")
    assert told == {(row["org_number"],)}


@pytest.mark.parametrize("qid", NOT_ADOPTED)
def test_not_adopted(site: Path, qid: str) -> None:
    """What the municipality does not name, and what another item stands for, is in no dump."""
    for dump in sorted(path for path in (site / "dump").iterdir() if not path.name.endswith(SUFFIXES)):
        assert not re.search(rf"\b{qid}\b", dump.read_text(encoding="utf-8")), dump.name


def test_texts_in_every_language(store: Store) -> None:
    """Whatever is told in one language is told in all five, once in each."""
    rows = cast(
        "QuerySolutions",
        store.query(
            f"{PREFIXES}SELECT ?s ?p (GROUP_CONCAT(?l; separator=' ') AS ?told) {{ SELECT ?s ?p ?l {{ "
            "?s ?p ?text . BIND(LANG(?text) AS ?l) FILTER(?l != '') "
            f"FILTER(STRSTARTS(STR(?s), '{SPACE}')) "
            "FILTER(?p NOT IN (schema:alternateName, dcat:keyword)) } "
            "ORDER BY ?s ?p ?l } GROUP BY ?s ?p",
            use_default_graph_as_union=True,
        ),
    )
    told = [(row[0], row[1], row[2].value) for row in rows]
    assert len(told) > 100
    assert [one for one in told if one[2] != LANGUAGES] == []


def test_vocabulary_in_every_language(answer: Answer) -> None:
    """Every concept is labelled and defined in all five languages."""
    told = answer(
        "SELECT ?c ?p (COUNT(DISTINCT LANG(?t)) AS ?n) { ?c a skos:Concept ; ?p ?t . "
        "FILTER(?p IN (skos:prefLabel, skos:definition)) } GROUP BY ?c ?p"
    )
    assert {number for _, _, number in told} == {"5"}


def test_sources(answer: Answer) -> None:
    """Every thing, but the catalogue and the sources themselves, has a source that is described."""
    folders = ("article", "contact-point", "organization", "place", "twinning")
    among = " || ".join(f'STRSTARTS(STR(?s), "{SPACE}{folder}/")' for folder in folders)
    things = answer(f'SELECT ?s {{ ?s a ?c . FILTER(({among}) && !CONTAINS(STR(?s), "#")) }}')
    sourced = answer(
        f"SELECT ?s {{ ?s dcterms:source ?source . ?source schema:name ?name . FILTER({among}) }}"
    )
    assert len(things) > 40
    assert things == sourced


def test_sources_are_promised_for_things(answer: Answer) -> None:
    """The catalogue promises sources for each place and twinning, and not for each fact."""
    promised = {
        "de": "welche Quellen für jeden Ort und jede Partnerschaft",
        "en": "which sources were read for each place and each twinning",
        "et": "milliseid allikaid on iga koha ja iga sõprussuhte puhul",
        "fi": "mitä lähteitä kustakin paikasta ja ystävyyssuhteesta",
        "sv": "vilka källor som har lästs för varje ort och varje vänortsförbindelse",
    }
    told = answer("SELECT (LANG(?d) AS ?l) ?d { ?c a dcat:Catalog ; dcterms:description ?d }")
    assert {language for language, text in told if promised[language] in text} == set(promised)


def test_no_person(store: Store) -> None:
    """No person is published."""
    assert not _is(store, "{ ?person a schema:Person } UNION { ?any schema:employee|schema:member ?person }")


def test_no_private_address(answer: Answer) -> None:
    """No text holds an e-mail address or a home; the one street is that of the municipality."""
    texts = {
        text
        for (text,) in answer(
            f"SELECT ?o {{ GRAPH <{SPACE}graph/asserted> {{ ?s ?p ?o . "
            "FILTER(ISLITERAL(?o) && ?p != schema:email) } }"
        )
    }
    assert len(texts) > 400
    assert [text for text in texts if "@" in text or re.search(r"\bc/o\b", text, re.IGNORECASE)] == []
    streets = answer("SELECT ?street { ?a schema:streetAddress ?street }")
    assert streets == {("Dan Anderssons gata 1",)}


def test_one_telephone(answer: Answer) -> None:
    """The publisher's telephone is the only one."""
    assert answer("SELECT ?s ?n { ?s schema:telephone ?n }") == {("ludvika-kommun", "+46 240 860 00")}


def _table(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / "reference-data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
