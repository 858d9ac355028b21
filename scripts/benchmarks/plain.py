"""The obvious way to do what the press does: rdflib, pySHACL and jinja2, and nothing clever.

What the product is measured against. It makes, from the same files, by the same queries and the same
shapes, representations with the same triples for each resource, a page of it in each language, a landing
page, dumps and a manifest; it leaves out what would cost it more (N-Quads, the report as pages, an index of
the vocabulary, small rebuilds, swapping in). It shares no code with the product, so that where both agree
neither is wrong in the same way.
"""

import argparse
import hashlib
import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from jinja2 import Environment, FileSystemLoader, Template
from pyshacl import validate
from rdflib import RDF, RDFS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, SKOS, VOID
from rdflib.term import Node

SCHEMA: Final = Namespace("https://schema.org/")
TT: Final = Namespace("https://w3id.org/twintowns/ns#")
SHAPE: Final = "https://w3id.org/twintowns/shape/"
W3ID: Final = "https://w3id.org/twintowns/"
NAMES: Final = (SCHEMA.name, SCHEMA.headline, SKOS.prefLabel, RDFS.label, DCTERMS.title, FOAF.name)
SUMMARY: Final = {RDF.type, *NAMES}
DATED: Final = (TT.partner, TT.participant, TT.association, TT.industrialContact)
DATES: Final = {SCHEMA.startDate, SCHEMA.endDate}
LISTED: Final = 100

_VOCABULARY: Final = re.compile(
    rf"{W3ID}(ns|specification|shapes|shape|alignments|field|ground|kind|status)([/#].*)?"
)
_ITEM: Final = re.compile(r"http://www\.wikidata\.org/entity/Q[1-9][0-9]*")

Statement = tuple[Node, Node, Node]


class Value(NamedTuple):
    """A value on a page; `link` is empty where it is only text."""

    text: str
    link: str


@dataclass
class World:
    """All that was read, and who tells of what."""

    space: str
    languages: list[str]
    context: dict[str, Any]
    graph: Graph
    teller: dict[Node, URIRef] = field(default_factory=dict)
    documents: dict[URIRef, list[URIRef]] = field(default_factory=lambda: defaultdict(list))

    def document_of(self, iri: str) -> URIRef | None:
        """Return the document that tells of an IRI, where that is one of ours."""
        if iri.startswith(SHAPE):
            return URIRef(SHAPE + iri.removeprefix(SHAPE).partition("-")[0])
        if iri.startswith(self.space) or _VOCABULARY.fullmatch(iri):
            return URIRef(iri.partition("#")[0])
        return None

    def path_of(self, document: str) -> str:
        """Return where a document lies, without a suffix."""
        if document.startswith(self.space):
            return document.removeprefix(self.space)
        return f"vocabulary/{document.removeprefix(W3ID)}"

    def folder_of(self, language: str) -> str:
        """Return where the pages of a language lie."""
        return "" if language == self.languages[0] else f"{language}/"


class Clock:
    """How long each phase took."""

    def __init__(self) -> None:
        """Start."""
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, phase: str) -> None:
        """End a phase."""
        now = time.perf_counter()
        self.seconds[phase], self._last = round(now - self._last, 3), now


def build(project: Path, own: Path, out: Path) -> dict[str, float]:
    """Build a site; return the seconds of each phase.

    Args:
        project: The folder with `data/`.
        own: The folder with `ontology/`, `shapes/` and `src/`.
        out: Where the site goes.
    """
    clock = Clock()
    world, alignments, shapes = read(project, own)
    asserted = Graph()
    asserted += world.graph
    clock.lap("read")
    for alignment in alignments:
        world.graph += alignment
    check(world.graph, shapes)
    clock.lap("validate")
    for query in sorted((own / "src/twintowns/queries").glob("*.rq")):
        world.graph += asserted.query(query.read_text(encoding="utf-8")).graph or Graph()
    clock.lap("derive")
    write_dumps(world, out)
    clock.lap("dump")
    world.graph += shapes
    share_out(world, alignments)
    printer = Printer(world, out)
    for document in sorted(world.documents):
        printer.resource(document)
    clock.lap("print")
    printer.landing()
    write_manifest(out)
    clock.lap("manifest")
    return clock.seconds


def read(project: Path, own: Path) -> tuple[World, list[Graph], Graph]:
    """Read the data, each file of the vocabulary, and the shapes."""
    data, shapes = Graph(), Graph()
    for path in sorted((project / "data").rglob("*.ttl")):
        data.parse(path, format="turtle")
    folder = project / "shapes" if (project / "shapes").is_dir() else own / "shapes"
    for path in sorted(folder.rglob("*.ttl")):
        shapes.parse(path, format="turtle")
    vocabulary = [Graph().parse(path, format="turtle") for path in sorted((own / "ontology").rglob("*.ttl"))]
    context = json.loads((own / "ontology/context.jsonld").read_text(encoding="utf-8"))["@context"]
    space = str(next(data.objects(None, VOID.uriSpace)))
    main = str(next(data.objects(None, TT.mainLanguage)))
    others = {str(tag) for tag in data.objects(URIRef(f"{space}catalogue"), SCHEMA.inLanguage)} - {main}
    for prefix, namespace in context.items():
        if isinstance(namespace, str) and namespace.endswith(("/", "#")):
            data.bind(prefix, namespace)
    return World(space, [main, *sorted(others)], context, data), vocabulary, shapes


def check(data: Graph, shapes: Graph) -> None:
    """Validate as the product does: shapes themselves first, warnings allowed.

    Raises:
        SystemExit: If the data does not conform.
    """
    conforms, _, text = validate(
        data, shacl_graph=shapes, meta_shacl=True, inplace=True, allow_warnings=True, allow_infos=True
    )
    if not conforms:
        sys.exit(str(text))


def share_out(world: World, alignments: Iterable[Graph]) -> None:
    """Find the document of each subject: its own IRI's, or the one that speaks of a foreign IRI."""
    for subject, value in world.graph.subject_objects(SCHEMA.sameAs):
        if _ITEM.fullmatch(str(value)):
            world.teller[value] = URIRef(str(subject))
    for alignment in alignments:
        subjects = [subject for subject in alignment.subjects(unique=True) if isinstance(subject, URIRef)]
        documents = {found for subject in subjects if (found := world.document_of(subject))}
        own = max(documents, key=lambda document: "/alignments/" in document, default=None)
        for subject in subjects:
            if own and not world.document_of(subject):
                world.teller.setdefault(subject, own)
    for subject in set(world.graph.subjects()):
        if isinstance(subject, URIRef):
            document = world.document_of(subject) or world.teller.get(subject)
            if document:
                world.teller[subject] = document
                world.documents[document].append(subject)


def described(world: World, document: URIRef) -> tuple[list[Statement], list[Statement], Graph]:
    """Return what a document tells: own triples, incoming ones, and both with the neighbours' names."""
    subjects = set(world.documents[document])
    own = [triple for subject in subjects for triple in _below(world.graph, subject)]
    incoming = [triple for subject in subjects for triple in _leading_to(world, document, subject)]
    neighbours = {o for _, _, o in own if isinstance(o, URIRef)} | {s for s, _, _ in incoming}
    found = Graph(namespace_manager=world.graph.namespace_manager)
    for triple in (*own, *incoming):
        found.add(triple)
    dated = {s for s, p, _ in incoming if p in DATED}
    members = {s for s, p, _ in incoming if p == SKOS.inScheme}
    for neighbour in neighbours - subjects:
        more = {SKOS.definition} if neighbour in members else DATES if neighbour in dated else set()
        for predicate in SUMMARY | more:
            for value in world.graph.objects(neighbour, predicate):
                found.add((neighbour, predicate, value))
    return own, incoming, found


def _below(graph: Graph, subject: Node) -> Iterator[Statement]:
    for triple in graph.triples((subject, None, None)):
        yield triple
        if isinstance(triple[2], BNode):
            yield from _below(graph, triple[2])


def _leading_to(world: World, document: URIRef, subject: Node) -> Iterator[Statement]:
    for triple in world.graph.triples((None, None, subject)):
        if triple[1] != RDF.type and world.teller.get(triple[0], document) != document:
            yield triple


class Printer:
    """Writes the files of resources."""

    def __init__(self, world: World, out: Path) -> None:
        """Load the template."""
        self.world = world
        self.out = out
        environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
        self.template: Template = environment.get_template("plain.html")

    def resource(self, document: URIRef) -> None:
        """Write the representations and the pages of a resource."""
        path = self.world.path_of(document)
        own, incoming, graph = described(self.world, document)
        json_ld = graph.serialize(format="json-ld", context=self.world.context)
        write(self.out / f"{path}.ttl", graph.serialize(format="turtle"))
        write(self.out / f"{path}.nt", graph.serialize(format="nt"))
        write(self.out / f"{path}.jsonld", json_ld)
        for language in self.world.languages:
            page = f"{self.world.folder_of(language)}{path}.html"
            links = [self.value(subject, language, page) for subject, _, _ in incoming]
            facts = {"subjects": self.facts(own, language, page), "incoming": sorted(set(links))}
            write(self.out / page, self.page(document, language, json_ld, facts))

    def landing(self) -> None:
        """Write the landing page in each language."""
        catalogue = URIRef(f"{self.world.space}catalogue")
        json_ld = described(self.world, catalogue)[2].serialize(format="json-ld", context=self.world.context)
        kinds = (TT.Twinning, SCHEMA.City, SCHEMA.AdministrativeArea, SCHEMA.Country, SCHEMA.Article)
        for language in self.world.languages:
            page = f"{self.world.folder_of(language)}index.html"
            things = [sorted(self.world.graph.subjects(RDF.type, kind), key=str)[:LISTED] for kind in kinds]
            links = [self.value(thing, language, page) for some in things for thing in some]
            facts = {"subjects": [], "incoming": links}
            write(self.out / page, self.page(catalogue, language, json_ld, facts))

    def page(self, document: URIRef, language: str, json_ld: str, facts: Mapping[str, object]) -> str:
        """Return a page."""
        return self.template.render(
            title=self.label(document, language),
            iri=str(document),
            language=language,
            json_ld=json_ld.replace("<", "\\u003c"),
            **facts,
        )

    def facts(self, own: Iterable[Statement], language: str, page: str) -> list[tuple[str, Any]]:
        """Return subjects with their properties and values."""
        found: dict[Node, dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value in own:
            found[subject][self.label(predicate, language)].append(self.value(value, language, page))
        return [
            (self.label(subject, language), [(name, sorted(told)) for name, told in sorted(facts.items())])
            for subject, facts in sorted(found.items(), key=lambda item: str(item[0]))
        ]

    def value(self, node: Node, language: str, page: str) -> Value:
        """Return how a node is shown: named, and linked where there is a page or an address."""
        if not isinstance(node, URIRef):
            return Value(str(node), "")
        document = self.world.teller.get(node)
        if document:
            to_page = f"{self.world.folder_of(language)}{self.world.path_of(document)}.html"
            return Value(self.label(node, language), "../" * page.count("/") + to_page)
        return Value(self.label(node, language), str(node) if node.startswith("http") else "")

    def label(self, node: Node, language: str) -> str:
        """Return the name of a node in a language, else in any, else the end of its IRI."""
        for predicate in NAMES:
            names = [n for n in self.world.graph.objects(node, predicate) if isinstance(n, Literal)]
            for tag in (language, *self.world.languages):
                for name in names:
                    if name.language == tag:
                        return str(name)
            if names:
                return str(min(names))
        return unquote(re.split(r"[/#]", str(node).rstrip("/#"))[-1])


def write_dumps(world: World, out: Path) -> None:
    """Write the whole dataset in each format."""
    write(out / "dump/twintowns.ttl", world.graph.serialize(format="turtle"))
    write(out / "dump/twintowns.nt", world.graph.serialize(format="nt"))
    write(out / "dump/twintowns.jsonld", world.graph.serialize(format="json-ld", context=world.context))
    write(out / "dump/twintowns.rdf", world.graph.serialize(format="xml"))


def write_manifest(out: Path) -> None:
    """Write the hash of each file."""
    files = {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }
    write(out / "manifest.json", json.dumps({"files": files}, indent=2))


def write(path: Path, text: str) -> None:
    """Write a file, its folder made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main() -> None:
    """Build a site in the obvious way, and print the seconds of each phase as JSON."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("own", type=Path, help="the folder with ontology/, shapes/ and src/")
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    print(json.dumps(build(asked.project, asked.own, asked.out)))


if __name__ == "__main__":
    main()
