"""The specification that others can adopt: its parts, the rules of INSPEC, its page, and its provenance.

The rules are those for interoperable specifications, https://w3id.org/inspec/specification, by their numbers.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld  # type: ignore[import-untyped]
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store, Triple, parse

from twintowns.derivation import derived
from twintowns.graph import Graph, Node, Term
from twintowns.iris import SCHEMES, Names
from twintowns.loading import read_canonical, read_turtle
from twintowns.project import Project
from twintowns.vocabulary import (
    DCAT,
    DCTERMS,
    OWL,
    PROF,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SH,
    SKOS,
    TT,
    VOID,
    W3ID,
    A,
    Namespace,
)

REPOSITORY = Path(__file__).resolve().parent.parent
PAGE = (REPOSITORY / "ontology/specification.md").read_text(encoding="utf-8")
SPECIFICATION = W3ID.specification
INSPEC = Namespace("https://w3id.org/inspec/datavoc/")
AUTHORITY = "http://publications.europa.eu/resource/authority/"
ROLE = Namespace("http://www.w3.org/ns/dx/prof/role/")
LANGUAGES = ["de", "en", "et", "fi", "sv"]
NAMES = Names("https://w3id.org/twintowns/ludvika/")
OWN = ("ontology", *SCHEMES, "shapes", "context", "alignments", "guidance")
TARGETS = (SH.path, SH["class"], SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
NOT_VOCABULARIES = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://schema.org/",  # is only looked for to be refused
)


@pytest.fixture(scope="module")
def specification() -> Graph:
    """Return the file of the specification."""
    return Graph(read_turtle(REPOSITORY / "ontology/specification.ttl").triples)


@pytest.fixture(scope="module")
def shapes() -> Graph:
    """Return the shapes."""
    return Graph(t for path in Project(REPOSITORY).shape_files() for t in read_canonical(path).triples)


def _part(name: str) -> NamedNode:
    return NamedNode(f"{SPECIFICATION.value}#{name}")


def _parts(graph: Graph) -> list[NamedNode]:
    return [part for part in graph.values(SPECIFICATION, PROF.hasResource) if isinstance(part, NamedNode)]


def _conforming(graph: Graph, standard: NamedNode) -> list[NamedNode]:
    return [part for part in _parts(graph) if standard in graph.values(part, DCTERMS.conformsTo)]


def _languages(texts: Iterable[Term]) -> list[str]:
    return sorted(str(text.language) for text in texts if isinstance(text, Literal) and text.value)


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def _triples(turtle: str) -> set[Triple]:
    return {quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE)}


def _public(shapes: Graph, kind: NamedNode) -> list[Node]:
    """Return the shapes that INSPEC calls public: those whose severity is a violation (AP-3, AP-4)."""
    return [shape for shape in shapes.instances(kind) if SH.Violation in shapes.values(shape, SH.severity)]


def test_specification_resource(specification: Graph) -> None:
    """PROF-1: the specification has an IRI, is a profile, and conforms to INSPEC."""
    assert PROF.Profile in specification.values(SPECIFICATION, A)
    assert specification.values(SPECIFICATION, DCTERMS.conformsTo) == [INSPEC.PROF]
    assert not [
        t for t in specification if isinstance(t.subject, BlankNode) or isinstance(t.object, BlankNode)
    ]


def test_description(specification: Graph) -> None:
    """The specification has a title and a description in five languages, a token, a version and a licence."""
    assert _languages(specification.values(SPECIFICATION, DCTERMS["title"])) == LANGUAGES
    assert _languages(specification.values(SPECIFICATION, DCTERMS.description)) == LANGUAGES
    assert specification.value(SPECIFICATION, PROF.hasToken) == Literal("twintowns")
    licence = NamedNode("http://creativecommons.org/publicdomain/zero/1.0/")
    assert specification.values(SPECIFICATION, DCTERMS.license) == [licence]


def test_version(specification: Graph) -> None:
    """The specification has the version of its vocabulary, which follows Semantic Versioning."""
    told = specification.value(SPECIFICATION, OWL.versionInfo)
    assert isinstance(told, Literal)
    assert re.fullmatch(r"\d+\.\d+\.\d+", told.value)
    ontology = Graph(read_turtle(REPOSITORY / "ontology/twintowns.ttl").triples)
    assert ontology.value(W3ID.ns, OWL.versionInfo) == told


@pytest.mark.parametrize("predicate", [DCTERMS.created, DCTERMS.modified, OWL.versionInfo])
def test_version_of_the_parts(specification: Graph, predicate: NamedNode) -> None:
    """Each scheme and the shapes tell their version and their dates, as the ontology does.

    All have the same version, and the specification, which is made of them, was changed no earlier.
    """
    files = {"ns": "ontology/twintowns.ttl", "shapes": "shapes/shapes.ttl"}
    files |= {scheme: f"ontology/{scheme}.ttl" for scheme in SCHEMES}
    [whole] = specification.values(SPECIFICATION, predicate)
    for name, file in files.items():
        [told] = Graph(read_turtle(REPOSITORY / file).triples).values(W3ID[name], predicate)
        if predicate == OWL.versionInfo:
            assert told == whole
        elif predicate == DCTERMS.modified:
            assert told.value <= whole.value


def test_parts(specification: Graph) -> None:
    """PROF-2: every part is named by a fragment, is a resource descriptor, and no descriptor is left out."""
    parts = _parts(specification)
    assert set(parts) == set(specification.instances(PROF.ResourceDescriptor))
    assert {_part(name) for name in OWN} <= set(parts)
    assert all(part.value.startswith(f"{SPECIFICATION.value}#") for part in parts)


def test_parts_are_described(specification: Graph) -> None:
    """Every part has a title in five languages, an artefact, a role of PROF and the IRI of a media type."""
    for part in _parts(specification):
        assert _languages(specification.values(part, DCTERMS["title"])) == LANGUAGES, part
        assert specification.values(part, PROF.hasArtifact), part
        roles = [str(getattr(role, "value", "")) for role in specification.values(part, PROF.hasRole)]
        assert roles
        assert all(role.startswith(ROLE) for role in roles), part
        (form,) = specification.values(part, DCTERMS["format"])
        assert isinstance(form, NamedNode)
        assert form.value.startswith("http://www.iana.org/assignments/media-types/"), part


def test_vocabulary_part(specification: Graph) -> None:
    """PROF-3 and DV-6: the ontology is found as a data vocabulary, and the part names it."""
    assert _part("ontology") in _conforming(specification, INSPEC.RDFS)
    assert specification.values(_part("ontology"), DCTERMS.subject) == [W3ID.ns]
    assert all(
        specification.values(part, DCTERMS.subject) for part in _conforming(specification, INSPEC.RDFS)
    )


def test_vocabulary() -> None:
    """DV-2 to DV-5: one ontology, named by each term coined here and by no other."""
    graph = Graph(read_turtle(REPOSITORY / "ontology/twintowns.ttl").triples)
    assert graph.instances(OWL.Ontology) == [W3ID.ns]
    defined = {t.subject for t in graph.pointing_at(W3ID.ns) if t.predicate == RDFS.isDefinedBy}
    coined = {s for s in graph.subjects if isinstance(s, NamedNode) and s.value.startswith(TT)}
    assert defined == coined


@pytest.mark.parametrize("scheme", SCHEMES)
def test_terminology_part(specification: Graph, scheme: str) -> None:
    """PROF-4 and TE-5: each concept scheme is found as a terminology, and the part names it."""
    assert _part(scheme) in _conforming(specification, INSPEC.SKOS)
    assert specification.values(_part(scheme), DCTERMS.subject) == [W3ID[scheme]]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_terminology(site: Path, scheme: str) -> None:
    """TE-1 to TE-4: one published file holds one scheme and all its concepts, each with an IRI and in it."""
    curated = Graph(read_turtle(REPOSITORY / f"ontology/{scheme}.ttl").triples)
    printed = Graph(_triples((site / f"vocabulary/{scheme}.ttl").read_text(encoding="utf-8")))
    assert printed.instances(SKOS.ConceptScheme) == [W3ID[scheme]]
    concepts = printed.instances(SKOS.Concept)
    assert concepts
    assert set(concepts) == set(curated.instances(SKOS.Concept))
    assert all(isinstance(concept, NamedNode) for concept in concepts)
    assert all(printed.values(concept, SKOS.inScheme) == [W3ID[scheme]] for concept in concepts)


def test_application_profile(specification: Graph) -> None:
    """PROF-5 and PROF-8: the profile has an application profile, its shapes."""
    assert _conforming(specification, INSPEC.SHACL) == [_part("shapes")]
    assert specification.values(_part("shapes"), DCTERMS.subject) == [SPECIFICATION]


def test_no_diagram(specification: Graph) -> None:
    """PROF-6 and PROF-7 ask for nothing: there is no diagram, and this is no foundational specification."""
    assert _conforming(specification, INSPEC.SVG) == []
    assert DCTERMS.Standard not in specification.values(SPECIFICATION, A)


def test_vocabularies_used(specification: Graph, shapes: Graph) -> None:
    """PROF-9: every vocabulary whose classes or properties the shapes are about is listed as a part."""
    used = {
        re.sub(r"[^/#]*$", "", t.object.value)
        for t in shapes
        if t.predicate in TARGETS and isinstance(t.object, NamedNode)
    } - set(NOT_VOCABULARIES)
    listed = {
        str(getattr(subject, "value", "")).rstrip("#")
        for part in _conforming(specification, INSPEC.RDFS)
        for subject in specification.values(part, DCTERMS.subject)
    }
    assert len(used) > 5
    assert {namespace.rstrip("#") for namespace in used} <= listed


def test_terminologies_used(specification: Graph, shapes: Graph) -> None:
    """PROF-9: the tables of the European Union whose codes the shapes list are parts."""
    members = [t.object.value for t in shapes if t.predicate == RDF.first and isinstance(t.object, NamedNode)]
    tables = {iri.rpartition("/")[0] for iri in members if iri.startswith(AUTHORITY)}
    assert tables
    listed = {
        str(getattr(specification.value(part, DCTERMS.subject), "value", ""))
        for part in _conforming(specification, INSPEC.SKOS)
    }
    assert tables <= listed


def test_reused_vocabularies(specification: Graph) -> None:
    """PROF-10: a vocabulary of others says which specification introduced it, and the own one does not."""
    for part in _conforming(specification, INSPEC.RDFS):
        inherited = specification.values(part, PROF.isInheritedFrom)
        assert bool(inherited) == (part != _part("ontology")), part


def test_profile_of(specification: Graph) -> None:
    """The specification is a profile of standards whose vocabularies it reuses, schema.org among them."""
    bases = set(specification.values(SPECIFICATION, PROF.isProfileOf))
    reused = {
        base for part in _parts(specification) for base in specification.values(part, PROF.isInheritedFrom)
    }
    assert NamedNode(SCHEMA) in bases
    assert bases <= reused


def test_one_dataset_of_shapes(specification: Graph, shapes: Graph) -> None:
    """AP-1: the specification imports every document of shapes, so that together they are one dataset."""
    documents = {
        NAMES.document_of(shape)
        for kind in (SH.NodeShape, SH.PropertyShape)
        for shape in shapes.instances(kind)
        if isinstance(shape, NamedNode)
    }
    assert documents
    assert set(specification.values(SPECIFICATION, OWL.imports)) == {*documents, W3ID.shapes}


def test_application_profile_resource(shapes: Graph) -> None:
    """AP-2 and AP-13: all public shapes are defined by the specification itself."""
    public = [*_public(shapes, SH.NodeShape), *_public(shapes, SH.PropertyShape)]
    assert {shape for shape in public if SPECIFICATION not in shapes.values(shape, RDFS.isDefinedBy)} == set()


def test_public_shapes(shapes: Graph) -> None:
    """AP-3 to AP-5: public shapes have IRIs, which are not those of the classes that they are about."""
    public = [*_public(shapes, SH.NodeShape), *_public(shapes, SH.PropertyShape)]
    assert len(public) > 100
    assert all(isinstance(shape, NamedNode) for shape in public)
    assert not {t.object for t in shapes if t.predicate == SH.targetClass} & set(public)


def test_labels_of_shapes(shapes: Graph) -> None:
    """AP-6: all public node shapes, and the property shapes that they point to, have labels."""
    nodes = _public(shapes, SH.NodeShape)
    values = [shape for node in nodes for shape in shapes.values(node, SH.property)]
    pointed = [shape for shape in values if not isinstance(shape, Literal)]
    assert pointed
    assert [shape for shape in (*nodes, *pointed) if not shapes.values(shape, RDFS.label)] == []


def test_nothing_refined(shapes: Graph) -> None:
    """AP-7 to AP-12, AP-14 and AP-15 ask for nothing: no shape refines or varies one of another profile."""
    assert not {t for t in shapes if t.predicate in {INSPEC.refines, INSPEC.variant, OWL.imports}}


def test_artefacts_exist(specification: Graph, site: Path) -> None:
    """Every artefact of an own part is a file of the built site or of the repository."""
    artefacts = [a for name in OWN for a in specification.values(_part(name), PROF.hasArtifact)]
    assert len(artefacts) > len(OWN)
    for artefact in artefacts:
        assert isinstance(artefact, NamedNode)
        printed = site / NAMES.path_of(artefact)
        assert printed.is_file() or (REPOSITORY / artefact.value.removeprefix(W3ID)).is_file(), artefact


def test_artefacts_hold_all_shapes(specification: Graph, shapes: Graph, site: Path) -> None:
    """The published files of the shapes hold every shape of the repository."""
    held: set[Term] = set()
    for artefact in specification.values(_part("shapes"), PROF.hasArtifact):
        assert isinstance(artefact, NamedNode)
        printed = Graph(_triples((site / NAMES.path_of(artefact)).read_text(encoding="utf-8")))
        held |= {shape for kind in (SH.NodeShape, SH.PropertyShape) for shape in printed.instances(kind)}
    assert {*shapes.instances(SH.NodeShape), *shapes.instances(SH.PropertyShape)} <= held


@pytest.mark.parametrize("form", ["ttl", "jsonld", "nt", "html"])
def test_published(site: Path, form: str) -> None:
    """The specification is a document of the vocabulary: it is printed with its parts in every format."""
    text = (site / f"{NAMES.path_of(SPECIFICATION)}.{form}").read_text(encoding="utf-8")
    assert "specification#ontology" in text or 'id="ontology"' in text


def test_document() -> None:
    """A part is told of in the document of the specification."""
    assert NAMES.document_of(_part("ontology")) == SPECIFICATION
    assert NAMES.path_of(SPECIFICATION) == "vocabulary/specification"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Return a copy of the specification's files, with the example of the page."""
    for folder in ("ontology", "shapes"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    (tmp_path / "my-town.ttl").write_text(_blocks("turtle")[0], encoding="utf-8")
    return tmp_path


def _follow(town: Path) -> subprocess.CompletedProcess[str]:
    commands = _blocks("sh")[0].replace("pyshacl ", f"{sys.executable} -m pyshacl ")
    return subprocess.run(["/bin/sh", "-ec", commands], cwd=town, capture_output=True, text=True, check=False)  # noqa: S603


@pytest.mark.uncovered
def test_example_conforms(town: Path) -> None:
    """The commands of the page find that its example conforms."""
    told = _follow(town)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "Conforms: True" in told.stdout


@pytest.mark.uncovered
def test_published_dump_conforms(town: Path, site: Path) -> None:
    """The commands of the page find that a published dump breaks no MUST, derived triples and all."""
    shutil.copy(site / "dump/twintowns.ttl", town / "my-town.ttl")
    assert "twinnedWith" in (town / "my-town.ttl").read_text(encoding="utf-8")
    told = _follow(town)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "Severity: sh:Violation" not in told.stdout


@pytest.mark.uncovered
def test_commands_find_what_is_wrong(town: Path) -> None:
    """The commands of the page find a twinning with a kind that does not exist, and one without a status."""
    example = town / "my-town.ttl"
    text = example.read_text(encoding="utf-8")
    wrong = text.replace("kind:twinning", "kind:twining").replace("    tt:status status:active ;\n", "")
    assert wrong != text
    example.write_text(wrong, encoding="utf-8")
    told = _follow(town)
    assert told.returncode == 1
    assert "shape:Twinning-kind" in told.stdout or "shape/Twinning-kind" in told.stdout
    assert "Twinning-status" in told.stdout


def test_json_ld_is_the_same() -> None:
    """The JSON-LD of the page says what its Turtle says."""
    context = json.loads((REPOSITORY / "ontology/context.jsonld").read_bytes())

    def loaded(url: str, _: object) -> dict[str, Any]:
        assert url == f"{W3ID}context.jsonld"
        return {"contextUrl": None, "documentUrl": url, "document": context}

    options = {"documentLoader": loaded, "format": "application/n-quads"}
    (example,) = _blocks("json")
    quads = jsonld.to_rdf(json.loads(example), options)
    told = {quad.triple for quad in parse(quads, format=RdfFormat.N_QUADS)}
    assert told == _triples(_blocks("turtle")[0])
    assert len(told) > 30


def test_conformance_is_stated() -> None:
    """The page shows how a dataset says that it conforms."""
    _, stated = _blocks("turtle")
    (triple,) = [t for t in _triples(stated) if t.predicate == DCTERMS.conformsTo]
    assert triple.object == SPECIFICATION


def test_files_that_the_page_names(site: Path) -> None:
    """Every file that the page's table names is published, and the page has one sentence a line."""
    table = "\n".join(line for line in PAGE.splitlines() if line.startswith("|"))
    named = re.findall(r"`([\w/]+\.(?:ttl|jsonld))`", table)
    assert named
    assert [name for name in named if not (site / "vocabulary" / name).is_file()] == []
    prose = re.sub(r"^```.*?^```$", "", PAGE, flags=re.MULTILINE | re.DOTALL)
    assert [line for line in prose.splitlines() if re.search(r"[a-z`)]\. [A-Z]", line)] == []


def _told(*sources: str, is_catalogue: bool = True) -> set[Triple]:
    space = Namespace("https://example.org/town/")
    stated = {Triple(space["place/Q1"], DCTERMS.source, space[f"source/{source}"]) for source in sources}
    stated |= {Triple(space["place/Q2"], DCTERMS.source, space[f"source/{source}"]) for source in sources}
    if is_catalogue:
        stated |= {Triple(space.catalogue, A, DCAT.Catalog), Triple(space.catalogue, A, VOID.Dataset)}
    return set(derived(stated))


def test_derived_from_sources() -> None:
    """What is published was derived from each source that a description was read in, told once."""
    space = Namespace("https://example.org/town/")
    assert _told("a", "b") == {
        Triple(space.catalogue, PROV.wasDerivedFrom, space["source/a"]),
        Triple(space.catalogue, PROV.wasDerivedFrom, space["source/b"]),
    }


def test_nothing_to_derive_from() -> None:
    """Without a source, or without a catalogue, nothing is said of where things come from."""
    assert _told() == set()
    assert _told("a", is_catalogue=False) == set()


def test_tables_of_others(specification: Graph) -> None:
    """PROF-2, PROF-10: each table of which the data takes its words is a part, taken over from its makers."""
    table = "http://publications.europa.eu/resource/authority/"
    taken = {
        subject.value.removeprefix(table): specification.values(part, PROF.isInheritedFrom)
        for part in _conforming(specification, INSPEC.SKOS)
        for subject in specification.values(part, DCTERMS.subject)
        if isinstance(subject, NamedNode) and subject.value.startswith(table)
    }
    assert taken.keys() == {"country", "data-theme", "frequency", "licence"}
    assert all(len(inherited) == 1 for inherited in taken.values())


def _things(store: Store, of_class: NamedNode) -> set[NamedNode]:
    things = {quad.subject for quad in store.quads_for_pattern(None, A, of_class, None)}
    return {thing for thing in things if isinstance(thing, NamedNode)}


def test_provenance_of_the_first_publication(store: Store) -> None:
    """The catalogue was derived from all sources stated, what was written from its own, and no town was."""
    derivations = list(store.quads_for_pattern(None, PROV.wasDerivedFrom, None, None))
    stated = {quad.object for quad in store.quads_for_pattern(None, DCTERMS.source, None, None)}
    written = _things(store, TT.Twinning) | _things(store, SCHEMA.Article)
    assert {quad.subject for quad in derivations} == {NAMES.catalogue, *written}
    for one in written:
        sources = {quad.object for quad in store.quads_for_pattern(one, DCTERMS.source, None, None)}
        assert {quad.object for quad in derivations if quad.subject == one} == sources
    assert {quad.graph_name for quad in derivations} == {NAMES.graph("derived")}
    assert {quad.object for quad in derivations} == stated
    assert not list(store.quads_for_pattern(None, PROV.hadPrimarySource, None, None))
