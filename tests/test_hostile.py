"""What somebody means ill: either refused with a message, or printed so that it does no harm."""

import json
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

import html5lib
import pyoxigraph as ox
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from twintowns.edition import Edition
from twintowns.exceptions import TwinTownsError
from twintowns.jsontext import in_script
from twintowns.printing import Press, Sources, prepared, read_sources
from twintowns.project import Project
from twintowns.results import ValidationReport
from twintowns.site import BuildOptions, build

SPACE = "https://example.org/town/"
PLACE = f"{SPACE}place/Q3955"
TEXTS = {
    "script": "</script><script>alert(1)</script>",
    "comment": "<!--<script>",
    "image": '<img src=x onerror="alert(1)">',
    "attribute": "\" onmouseover='alert(1)' x=\"",
    "template": "{{ 7 * 7 }}{% raw %}${7*7}",
    "braces": "{count}{0}%s",
    "entity": "&lt;b&gt;&#0;",
    "separators": "one\u2028two\u2029three\u0085four",
    "overrides": "\u202egpj.exe\u2066\u200f",
    "control": "a\x01b\x1b[31mc\x7fd",
    "null": "a\x00b",
    "surroundings": "]]>--><![CDATA[",
    "backslash": 'a\\" . <urn:x> <urn:y> "',
    "newlines": "a\n\nb\r\nc\t",
    "outside the plane": "\U0001f3de\ufffe\U0010ffff",
    "long": "å" * 1_000_000,
}
IRIS = {
    "script": "javascript:alert(1)",
    "mixed case": "JaVaScRiPt:alert(1)",
    "data": "data:text/html,%3Cscript%3Ealert(1)%3C/script%3E",
    "file": "file:///etc/passwd",
    "quote": "https://example.org/'onmouseover='alert(1)",
    "upwards": f"{SPACE}place/..%2F..%2F..%2Fetc%2Fpasswd",
    "upwards in clear": f"{SPACE}place/../../../../etc/passwd",
    "letters": "https://example.org/Älvdalen/東京",
    "user": "https://example.com@evil.example/",
    "protocol-relative": f"{SPACE}/evil.example",
    "fragment": f"{PLACE}#%22%3E%3Cscript%3E",
}
NOT_IN_XML = {"control", "null", "outside the plane"}
BLOCKED = ("javascript:", "data:", "file:", "vbscript:")


class Printed(NamedTuple):
    """A site that was printed without asking the validator first, and whatever lies beside it."""

    folder: Path
    beside: Path

    def pages(self) -> Iterator[Path]:
        """Go through the pages."""
        return self.folder.rglob("*.html")


@pytest.fixture
def printed(tiny: Project, tmp_path: Path) -> Printed:
    """Return where the site is printed."""
    del tiny
    return Printed(tmp_path / "outer" / "next", tmp_path / "outer")


def _quoted(text: str) -> str:
    escaped = "".join(f"\\U{ord(character):08X}" for character in text) if len(text) < 1000 else text
    return f'"{escaped}"@sv'


def _add(project: Project, file: str, *lines: str) -> None:
    """State more in a data file, of its first subject."""
    path = project.data / file
    text = path.read_text(encoding="utf-8")
    at = text.index("    a ")
    path.write_text(text[:at] + "".join(f"    {line} ;\n" for line in lines) + text[at:], encoding="utf-8")


def _print(sources: Sources, printed: Printed) -> None:
    """Print all but the vocabulary, whatever the validator would say."""
    press = Press(sources)
    printed.folder.mkdir(parents=True)
    edition = Edition(printed.beside / "site", printed.folder, {})
    for document in press.documents:
        if press.dataset.names.is_ours(document):
            press.print_document(document, printed.folder)
    press.print_site(edition, ValidationReport())


def _check_pages(printed: Printed) -> None:
    """See that no page does anything but show text and lead to web pages and files of the site."""
    assert list(printed.beside.iterdir()) == [printed.folder]
    assert len(list(printed.pages())) > 10
    for path in printed.pages():
        root = html5lib.parse(path.read_bytes(), namespaceHTMLElements=False)
        told = [script for script in root.iter("script") if "src" not in script.attrib]
        assert {script.get("type") for script in told} <= {"application/ld+json"}, path
        assert all(json.loads(script.text or "")["@context"] for script in told)
        loaded = [script.attrib["src"] for script in root.iter("script") if "src" in script.attrib]
        assert all(re.fullmatch(r"(\.\./)*assets/[a-z/-]+\.js", address) for address in loaded), path
        actions = [form.attrib["action"] for form in root.iter("form") if "action" in form.attrib]
        assert all(re.fullmatch(r"(\.\./)*[a-z/]+(\.html)?", action) for action in actions), path
        elements = list(root.iter())
        assert not {str(e.tag) for e in elements} & {
            "img",
            "iframe",
            "object",
            "embed",
            "foreignObject",
            "base",
        }, path
        assert not [
            name for e in elements for name in e.attrib if name.startswith("on") or name == "style"
        ], path
        for href in (element.attrib["href"] for element in elements if "href" in element.attrib):
            assert not href.lower().strip().startswith(BLOCKED), (path, href)
            assert not href.startswith("/"), (path, href)
            assert re.match(r"(https?://|mailto:|tel:|[^:]*$|[^:]*#)", href), (path, href)


def _check_data(printed: Printed, name: str) -> None:
    """See that every representation of a document says the same."""
    forms = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "jsonld": RdfFormat.JSON_LD}
    told = {
        suffix: {quad.triple for quad in parse(path=printed.folder / f"{name}.{suffix}", format=form)}
        for suffix, form in forms.items()
    }
    assert told["ttl"] == told["nt"] == told["jsonld"] != set()


def _states(project: Project, texts: Iterable[str]) -> None:
    """State texts of a place and of the catalogue, as names and as running text."""
    told = [_quoted(text) for text in texts]
    for predicate in ("name", "description", "alternateName"):
        _add(project, "place/Q3955.ttl", *(f"schema:{predicate} {text}" for text in told))
    _add(project, "catalogue.ttl", *(f"dcterms:title {text}" for text in told))


def _dump(printed: Printed, suffix: str, form: RdfFormat) -> set[ox.Triple]:
    return {quad.triple for quad in parse(path=printed.folder / f"dump/twintowns.{suffix}", format=form)}


@pytest.mark.uncovered
def test_hostile_texts(tiny: Project, printed: Printed) -> None:
    """Hostile names and descriptions are shown as text, and are the same in every representation."""
    _states(tiny, TEXTS.values())
    _print(read_sources(tiny), printed)
    _check_pages(printed)
    _check_data(printed, "place/Q3955")
    dump = _dump(printed, "nt", RdfFormat.N_TRIPLES)
    assert {Literal(text, language="sv") for text in TEXTS.values()} <= {triple.object for triple in dump}
    assert dump == _dump(printed, "ttl", RdfFormat.TURTLE) == _dump(printed, "jsonld", RdfFormat.JSON_LD)
    page = (printed.folder / "place/Q3955.html").read_text(encoding="utf-8")
    assert html5lib.serialize(html5lib.parse(TEXTS["entity"])) not in page


@pytest.mark.uncovered
@pytest.mark.parametrize("name", sorted(TEXTS.keys() - {"null"}))  # which HTML cannot hold
def test_hostile_title(tiny: Project, printed: Printed, name: str) -> None:
    """A hostile name is the title and the heading of its page, to the letter."""
    path = tiny.data / "place/Q3955.ttl"
    text = re.sub(r"    schema:name .*\n", "", path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    _add(tiny, "place/Q3955.ttl", f"schema:name {_quoted(TEXTS[name])}")
    press = Press(read_sources(tiny))
    printed.folder.mkdir(parents=True)
    press.print_document(NamedNode(PLACE), printed.folder)
    root: Element = html5lib.parse(
        (printed.folder / "place/Q3955.html").read_bytes(), namespaceHTMLElements=False
    )
    (heading,) = root.iter("h1")
    (title,) = root.iter("title")
    shown = TEXTS[name].replace("\r\n", "\n")
    assert "".join(heading.itertext()) == shown
    assert (title.text or "").startswith(shown.rstrip())


@pytest.mark.uncovered
def test_hostile_texts_as_xml(tiny: Project, printed: Printed) -> None:
    """Hostile texts that XML can hold are the same in the RDF/XML dump."""
    _states(tiny, [text for name, text in TEXTS.items() if name not in NOT_IN_XML])
    _print(read_sources(tiny), printed)
    assert _dump(printed, "rdf", RdfFormat.RDF_XML) == _dump(printed, "nt", RdfFormat.N_TRIPLES)


@pytest.mark.parametrize("name", ["control", "null", "separators"])
def test_invisible_characters_are_refused(tiny: Project, name: str) -> None:
    """The validator refuses a name with characters that are not seen but obeyed, and nothing is printed."""
    _add(tiny, "place/Q3955.ttl", f"schema:alternateName {_quoted(TEXTS[name])}")
    press, report = prepared(tiny)
    assert press is None
    assert [result.message(("en",)) for result in report.results if result.line and result.file]


def test_hostile_iris(tiny: Project, printed: Printed) -> None:
    """A hostile IRI becomes no link but to the web, and no file outside the site."""
    for predicate in ("schema:url", "schema:sameAs", "dcterms:source", "schema:identifier"):
        _add(tiny, "place/Q3955.ttl", *(f"{predicate} <{iri}>" for iri in IRIS.values()))
    for iri in IRIS.values():
        _add(
            tiny,
            "catalogue.ttl",
            f"<http://xmlns.com/foaf/0.1/homepage> <{iri}>",
            f"dcterms:publisher <{iri}>",
        )
    _print(read_sources(tiny), printed)
    _check_pages(printed)
    _check_data(printed, "place/Q3955")
    page = (printed.folder / "place/Q3955.html").read_text(encoding="utf-8")
    assert 'href="https://example.org/Älvdalen/東京"' in page
    assert "javascript:alert(1)" in page, "it is shown, and is no link"


@pytest.mark.parametrize("name", ["script", "mixed case", "data", "file"])
def test_hostile_iri_is_refused(tiny: Project, name: str) -> None:
    """The validator refuses an IRI that leads to no website, and says in which file and line."""
    _add(tiny, "place/Q3955.ttl", f"schema:url <{IRIS[name]}>")
    outcome = build(tiny, BuildOptions(out=tiny.root / "build", processes=1))
    assert outcome.report is not None
    assert not outcome.report.conforms
    assert any(result.file and result.line for result in outcome.report.results)
    assert not (tiny.root / "build").exists()


@pytest.mark.parametrize(
    "local_name", ["kind/../../../escaped", "kind//../../../escaped", "field/../../../escaped", "kind/../.."]
)
def test_concept_that_climbs_out(tiny: Project, printed: Printed, local_name: str) -> None:
    """A well-formed concept whose IRI climbs out of its folder is written nowhere outside the site."""
    iri = NamedNode(f"https://w3id.org/twintowns/{local_name}")
    shutil.copytree(tiny.ontology, tiny.root / "ontology")
    skos = "http://www.w3.org/2004/02/skos/core#"
    (tiny.root / "ontology/hostile.ttl").write_text(f"{iri} a <{skos}Concept> ; <{skos}prefLabel> 'x'@sv .\n")
    printed.folder.mkdir(parents=True)
    press = Press(read_sources(tiny))
    assert iri not in press.documents
    for document in press.documents:
        press.print_document(document, printed.folder)
    _check_nothing_escaped(printed)


@pytest.mark.parametrize("local_name", ["place/../../../escaped", "../../escaped", "place/../../escaped"])
def test_place_that_climbs_out(tiny: Project, printed: Printed, local_name: str) -> None:
    """A place known by derived triples only, whose IRI climbs out, is written nowhere outside the site."""
    iri = NamedNode(f"{SPACE}{local_name}")
    _add(tiny, "place/Q3955.ttl", f"schema:containedInPlace {iri}")
    printed.folder.mkdir(parents=True)
    press = Press(read_sources(tiny))
    assert iri not in press.documents
    for document in press.documents:
        press.print_document(document, printed.folder)
    _check_nothing_escaped(printed)


def _check_nothing_escaped(printed: Printed) -> None:
    """See that nothing was written outside the site."""
    written = printed.beside.parent.rglob("*escaped*")
    assert [path for path in written if not path.is_relative_to(printed.folder)] == []
    assert list(printed.beside.iterdir()) == [printed.folder]


@pytest.mark.parametrize(
    "name",
    ["place/Q1 2.ttl", "place/.Q1.ttl.ttl", "place/-Q1.ttl", "place/%2E%2E.ttl", "place/x/Q1.ttl", "<b>.ttl"],
)
def test_hostile_file_name(tiny: Project, name: str) -> None:
    """A file whose name can be no name of a thing is refused, or not read where it is hidden."""
    path = tiny.data / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        f"<{SPACE}{name.removesuffix('.ttl')}> a <https://schema.org/Place> .\n".replace(" 2", "%202")
    )
    if path.name.startswith("."):
        assert path not in tiny.data_files()
    else:
        with pytest.raises(TwinTownsError, match=r"Q1|%2E|<b>"):
            read_sources(tiny)


def test_letters_in_file_names(tiny: Project, printed: Printed) -> None:
    """A thing named with letters beyond ASCII has its page under that name."""
    (tiny.data / "article").mkdir(exist_ok=True)
    (tiny.data / "article/älvdalen.ttl").write_text(
        f"<{SPACE}article/älvdalen> <https://schema.org/about> <{PLACE}> .\n",
        encoding="utf-8",
    )
    _print(read_sources(tiny), printed)
    _check_pages(printed)
    assert (printed.folder / "article/älvdalen.html").is_file()
    assert "article/älvdalen.html" in (printed.folder / "place/Q3955.html").read_text(encoding="utf-8")


def test_control_characters_in_messages(tiny: Project) -> None:
    """A hostile text does not reach a terminal with its control characters."""
    _add(tiny, "place/Q3955.ttl", f"schema:alternateName {_quoted(TEXTS['control'])}")
    sources = read_sources(tiny)
    told = sources.reports("en").text(sources.validated())
    assert told
    assert all(character.isprintable() or character == "\n" for character in told)


def test_script_content() -> None:
    """JSON in a script element holds nothing that could end it, and stays the same JSON."""
    document = json.dumps({"text": [*TEXTS.values()][:8], "&<>": "</ScRiPt  >"}).encode()
    inside = in_script(document)
    assert not re.search("[<>&]", inside)
    assert json.loads(inside) == json.loads(document)


def test_store_of_hostile_dump(tiny: Project, printed: Printed) -> None:
    """The dump of a hostile publication loads into a store whole."""
    lines = [f"schema:alternateName {_quoted(text)}" for name, text in TEXTS.items() if name != "long"]
    _add(tiny, "place/Q3955.ttl", *lines)
    _print(read_sources(tiny), printed)
    store = ox.Store()
    store.bulk_load(path=printed.folder / "dump/twintowns.nq", format=RdfFormat.N_QUADS)
    alternate = NamedNode("https://schema.org/alternateName")
    told = {quad.object for quad in store.quads_for_pattern(NamedNode(PLACE), alternate, None, None)}
    assert told >= {Literal(text, language="sv") for name, text in TEXTS.items() if name != "long"}
