"""What the codes of the portals' tables are called: as the tables themselves call them, in each language."""

from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import SKOS

from twintowns.authority import ADMS_TABLES, EU, LABELS, TABLES
from twintowns.codes import code_name
from twintowns.messages import languages

STORED = {
    "access-right": "access-right",
    "data-theme": "data-theme",
    "distribution-status": "distribution-status",
    "frequency": "frequencies",
    "planned-availability": "planned-availability",
}
"""The files of the stored tables, by the names of the tables."""
MENDED = {
    ("data-theme/OP_DATPRO", "sv"): ("Tillfälliga uppgifter", "Preliminära uppgifter"),
    ("frequency/ANNUAL", "et"): ("aastane", "iga-aastane"),
    ("frequency/ANNUAL_2", "et"): ("pooleaastane", "kaks korda aastas"),
    ("frequency/ANNUAL_2", "fi"): ("puolivuotinen", "puolivuosittain"),
    ("frequency/ANNUAL_2", "sv"): ("halvårs", "halvårsvis"),
    ("frequency/BIENNIAL", "fi"): ("kaksivuotinen", "joka toinen vuosi"),
    ("frequency/BIMONTHLY", "fi"): ("kahdesti kuussa", "joka toinen kuukausi"),
    ("frequency/BIWEEKLY", "et"): ("kahenädalane", "iga kahe nädala järel"),
    ("frequency/DAILY", "et"): ("päevane", "igapäevane"),
    ("frequency/QUARTERLY", "et"): ("kvartaalne", "kord kvartalis"),
    ("frequency/TRIENNIAL", "fi"): ("kolmivuotinen", "joka kolmas vuosi"),
    ("frequency/WEEKLY", "et"): ("nädalane", "iganädalane"),
    ("frequency/WEEKLY_2", "sv"): ("två gånge per vecka", "två gånger per vecka"),
}
"""Slips of the tables, which are not repeated, with what is written for them."""


@pytest.mark.parametrize("path", [path for path in LABELS if path.partition("/")[0] in STORED])
def test_words_are_those_of_the_tables(shared: Path, path: str) -> None:
    """A concept is called as its table calls it, in every language, but for the known slips."""
    stored = shared / f"suites/eu-authority/{STORED[path.partition('/')[0]]}.ttl"
    labels = rdflib.Graph().parse(stored).objects(rdflib.URIRef(EU[path].value), SKOS.prefLabel)
    theirs = {label.language: str(label) for label in labels if isinstance(label, rdflib.Literal)}
    for language in languages():
        was, now = MENDED.get((path, language), (theirs[language], theirs[language]))
        assert (theirs[language], code_name(EU[path].value, language)) == (was, now)


@pytest.mark.parametrize(
    ("iri", "language", "name"),
    [
        (EU["country/EST"], "de", "Estland"),
        (EU["country/FRA"], "fi", "Ranska"),
        (EU["country/1A0"], "en", ""),
        (EU["file-type/RDF_XML"], "fi", "RDF/XML"),
        (EU["file-type/CSV"], "fi", ""),
        (EU["language/ENG"], "et", "inglise"),
        (EU["language/SWE"], "sv", "svenska"),
        (EU["language/TLH"], "en", ""),
        (EU["data-theme"], "sv", "Datakategori"),
        (EU["data-theme/NONE"], "sv", ""),
        (EU["frequency/IRREG"], "fr", ""),
        (ADMS_TABLES["licencetype/PublicDomain"], "de", "Gemeinfreies Werk"),
        (ADMS_TABLES["publishertype/1.0"], "en", "Publisher type"),
        (rdflib.URIRef("https://example.org/country/SWE"), "en", ""),
    ],
)
def test_names(iri: object, language: str, name: str) -> None:
    """Countries, languages, tables and concepts have names; other things and other languages have none."""
    assert code_name(str(getattr(iri, "value", iri)), language) == name


def test_every_table_has_a_title() -> None:
    """Each table of which a concept is named in the catalogue has a title."""
    assert {path.partition("/")[0] for path in LABELS} - TABLES.keys() == {"frequency"}
