"""The VoID description counts what is in the dumps, and says it without blank nodes."""

from dataclasses import replace
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store, Triple, parse

from twintowns.catalogue import Publication
from twintowns.dataset import Dataset
from twintowns.graph import Graph
from twintowns.printing import read_sources
from twintowns.project import Project
from twintowns.vocabulary import DCTERMS, FOAF, PROV, SCHEMA, VOID, WD, A
from twintowns.voiddescription import void_description
from twintowns.writing import n_quads, n_triples

SPACE = "https://w3id.org/twintowns/ludvika/"
LANGUAGES = ["de", "en", "et", "fi", "sv"]
PREFIXES = f"""
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX schema: <{SCHEMA}>
"""
OWN = f'FILTER(isIRI(?s) && STRSTARTS(STR(?s), "{SPACE}"))'
COUNTS = {
    "triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "entities": f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s ?p ?o {OWN} }}",
    "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "distinctObjects": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
    "classes": "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s rdf:type ?c }",
    "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
}


@pytest.fixture(scope="module")
def dataset(repository: Path) -> Dataset:
    """Return the dataset of the first publication."""
    return read_sources(Project(repository)).dataset()


@pytest.fixture(scope="module")
def void(repository: Path, dataset: Dataset) -> Graph:
    """Return its description."""
    return Graph(void_description(dataset, read_sources(Project(repository)).publication))


@pytest.fixture(scope="module")
def dump(dataset: Dataset) -> Store:
    """Return a store over the dump."""
    store = Store()
    store.bulk_load(n_triples(dataset.published), format=RdfFormat.N_TRIPLES)
    return store


def _number(void: Graph, about: NamedNode, predicate: NamedNode) -> int:
    (value,) = void.values(about, predicate)
    return int(value.value)


def _asked(store: Store, query: str) -> dict[str, int]:
    rows = store.query(PREFIXES + query)
    return {str(row["key"]).strip("<>"): int(row["n"].value) for row in rows}  # type: ignore[union-attr]


def _described(dataset: Dataset, *languages: str) -> Graph:
    return Graph(void_description(dataset, Publication(dataset.names, languages or ("en",))))


def _with(dataset: Dataset, *triples: Triple) -> Dataset:
    return replace(dataset, asserted=dataset.asserted | set(triples))


@pytest.mark.parametrize("count", COUNTS)
def test_counts(dataset: Dataset, void: Graph, dump: Store, count: str) -> None:
    """Each count is the one that a query finds in the dump."""
    (row,) = dump.query(PREFIXES + COUNTS[count])  # type: ignore[misc]
    assert _number(void, dataset.names.dataset, VOID[count]) == int(row["n"].value) > 0


def test_documents(dataset: Dataset, void: Graph) -> None:
    """The documents are those that tell of anything in the dump."""
    tellers = {dataset.document_of(subject) for subject in dataset.published.subjects}
    assert _number(void, dataset.names.dataset, VOID.documents) == len(tellers - {None})


def test_class_partitions(dataset: Dataset, void: Graph, dump: Store) -> None:
    """There is a partition for each class, with as many instances as the dump has."""
    query = "SELECT (?c AS ?key) (COUNT(DISTINCT ?s) AS ?n) { ?s rdf:type ?c } GROUP BY ?c"
    own = f"SELECT (?c AS ?key) (COUNT(DISTINCT ?s) AS ?n) {{ ?s rdf:type ?c {OWN} }} GROUP BY ?c"
    parts = void.values(dataset.names.dataset, VOID.classPartition)
    told = {void.value(part, VOID["class"]): part for part in parts}  # type: ignore[arg-type]
    instances = {c.value: _number(void, part, VOID.distinctSubjects) for c, part in told.items()}  # type: ignore[arg-type, union-attr]
    entities = {c.value: _number(void, part, VOID.entities) for c, part in told.items()}  # type: ignore[arg-type, union-attr]
    assert instances == _asked(dump, query)
    assert {c: number for c, number in entities.items() if number} == _asked(dump, own)


def test_property_partitions(dataset: Dataset, void: Graph, dump: Store) -> None:
    """There is a partition for each property, with as many triples as the dump has."""
    query = "SELECT (?p AS ?key) (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"
    parts = void.values(dataset.names.dataset, VOID.propertyPartition)
    told = {
        void.value(part, VOID.property).value: _number(void, part, VOID.triples)  # type: ignore[arg-type, union-attr]
        for part in parts
    }
    assert told == _asked(dump, query)
    assert NamedNode(f"{SPACE}dataset/twintowns#property-schema-name") in parts


def test_link_sets(dataset: Dataset, void: Graph, dump: Store) -> None:
    """A link set counts the things that are said to be the same as something in a dataset elsewhere.

    That dataset is named by its Wikidata item, for it is not its home page.
    """
    for name, space, target, home in (
        ("wikidata", str(WD), WD.Q2013, "https://www.wikidata.org/"),
        ("geonames", "https://sws.geonames.org/", WD.Q830106, "https://www.geonames.org/"),
    ):
        part = NamedNode(f"{SPACE}dataset/twintowns#links-{name}")
        there = f'FILTER(STRSTARTS(STR(?o), "{space}"))'
        query = f'SELECT ("n" AS ?key) (COUNT(*) AS ?n) {{ ?s schema:sameAs ?o {there} }}'
        assert list(_asked(dump, query).values()) == [_number(void, part, VOID.triples)]
        assert void.values(part, VOID.linkPredicate) == [SCHEMA.sameAs]
        assert void.values(part, VOID.subjectsTarget) == [dataset.names.dataset]
        assert void.values(part, VOID.objectsTarget) == [target]
        assert void.values(target, A) == [VOID.Dataset]
        assert void.values(target, FOAF.homepage) == [NamedNode(home)]
        assert part in void.values(dataset.names.dataset, VOID.subset)


def test_no_empty_link_set(tiny: Project) -> None:
    """A dataset that nothing leads to is not told of."""
    dataset = read_sources(tiny).dataset()
    kept = frozenset(t for t in dataset.asserted if t.predicate != SCHEMA.sameAs)
    told = _described(replace(dataset, asserted=kept))
    assert told.instances(VOID.Linkset) == []
    assert told.instances(VOID.Dataset) != []


def test_graphs(dataset: Dataset, void: Graph) -> None:
    """The named graphs are those of the N-Quads dump, each with its number of statements."""
    store = Store()
    store.bulk_load(n_quads(dataset), format=RdfFormat.N_QUADS)
    query = "SELECT (?g AS ?key) (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    found = _asked(store, query)
    assert found == {graph: _number(void, NamedNode(graph), VOID.triples) for graph in found}
    assert set(found) == {f"{SPACE}graph/{name}" for name in ("asserted", "derived", "vocabulary")}
    for graph in found:
        assert NamedNode(graph) in void.values(dataset.names.dataset, VOID.subset)
    origin = void.values(dataset.names.graph("derived"), PROV.wasDerivedFrom)
    assert origin == [dataset.names.graph("asserted")]


def test_catalogue_speaks_for_the_dataset(dataset: Dataset, void: Graph) -> None:
    """What the dataset is, whose, under which licence and since when is told as the catalogue states it."""
    about, catalogue = dataset.names.dataset, dataset.names.catalogue
    for name in ("title", "description", "publisher", "license", "issued", "modified"):
        stated = dataset.graph.values(catalogue, DCTERMS[name])
        assert void.values(about, DCTERMS[name]) == stated != []
    assert len(void.values(about, DCTERMS["title"])) == len(LANGUAGES)
    assert void.values(about, FOAF.page) == [NamedNode(SPACE)]


def test_page_of_the_publication(tiny: Project) -> None:
    """The dataset leads to the page that the catalogue states by its IRI, else to the front page."""
    dataset = read_sources(tiny).dataset()
    about, catalogue = dataset.names.dataset, dataset.names.catalogue
    bare = replace(dataset, asserted=frozenset(t for t in dataset.asserted if t.predicate != FOAF.homepage))
    for home in (NamedNode("https://town.example/"), BlankNode("a")):
        told = _described(_with(bare, Triple(catalogue, FOAF.homepage, home)))
        front = NamedNode(dataset.names.space)
        assert told.values(about, FOAF.page) == [home if isinstance(home, NamedNode) else front]


def test_no_two_things_have_one_homepage(dataset: Dataset, void: Graph) -> None:
    """By its home page FOAF tells a thing from others (an inverse functional property): none is two things'.

    The catalogue has the front page; the dataset that it lists is not the catalogue.
    """
    homes = [t for graph in (dataset.graph, void) for t in graph if t.predicate == FOAF.homepage]
    assert len({home.object for home in homes}) == len(homes) == 4
    assert Triple(dataset.names.catalogue, FOAF.homepage, NamedNode(SPACE)) in homes
    own = NamedNode(f"{SPACE}dataset/twintowns.html")
    assert void.values(dataset.names.dataset, FOAF.homepage) == [own]


def test_no_blank_node(tiny: Project) -> None:
    """What the catalogue states without an IRI, such as a licence, is left out."""
    dataset = read_sources(tiny).dataset()
    about, catalogue = dataset.names.dataset, dataset.names.catalogue
    nameless = Triple(catalogue, DCTERMS.license, BlankNode("a"))
    stated = dataset.graph.values(catalogue, DCTERMS.license)
    assert _described(_with(dataset, nameless)).values(about, DCTERMS.license) == stated


def test_titles(dataset: Dataset, void: Graph) -> None:
    """Every link set and graph has a title in each language of the publication."""
    parts = [part for part in void.values(dataset.names.dataset, VOID.subset) if isinstance(part, NamedNode)]
    assert len(parts) == 5
    for part in parts:
        titles = [title for title in void.values(part, DCTERMS["title"]) if isinstance(title, Literal)]
        assert sorted(title.language or "" for title in titles) == LANGUAGES
        assert len({title.value for title in titles}) == len(LANGUAGES)
    links = NamedNode(f"{SPACE}dataset/twintowns#links-wikidata")
    assert Literal("Länkar till Wikidata", language="sv") in void.values(links, DCTERMS["title"])


@pytest.mark.parametrize(
    ("languages", "told"), [(("fr",), ["en"]), (("fr", "sv"), ["sv"]), (("de", "sv"), ["de", "sv"])]
)
def test_titles_in_languages_with_messages(
    dataset: Dataset, languages: tuple[str, ...], told: list[str]
) -> None:
    """A title is told in the languages that there are messages in, and in English where there are none."""
    titles = _described(dataset, *languages).values(dataset.names.graph("asserted"), DCTERMS["title"])
    assert sorted(title.language or "" for title in titles if isinstance(title, Literal)) == told


def test_ways_in(dataset: Dataset, void: Graph) -> None:
    """The description leads to the dumps, the catalogue and an example of each class of things."""
    about = dataset.names.dataset
    dumps = [f"{SPACE}dump/twintowns.{suffix}" for suffix in ("jsonld", "nq", "nt", "rdf", "ttl")]
    assert [dump.value for dump in void.values(about, VOID.dataDump)] == dumps
    assert len(void.values(about, VOID.feature)) == len(dumps)
    assert NamedNode("http://www.w3.org/ns/formats/Turtle") in void.values(about, VOID.feature)
    assert void.values(about, VOID.rootResource) == [dataset.names.catalogue]
    assert void.values(about, VOID.uriSpace) == [Literal(SPACE)]
    assert [example.value for example in void.values(about, VOID.exampleResource)] == [
        f"{SPACE}organization/abb",
        f"{SPACE}place/Q103732",
        f"{SPACE}twinning/Q103732-Q192061",
    ]
    used = {vocabulary.value for vocabulary in void.values(about, VOID.vocabulary)}
    assert {str(SCHEMA), str(DCTERMS), "https://w3id.org/twintowns/ns#"} <= used
    assert all(namespace.endswith(("/", "#")) for namespace in used)


def test_well_known_document(dataset: Dataset, void: Graph) -> None:
    """The document at the well-known address is about the dataset and its parts."""
    document = NamedNode(f"{SPACE}.well-known/void")
    assert void.values(document, A) == [VOID.DatasetDescription]
    assert void.values(document, FOAF.primaryTopic) == [dataset.names.dataset]
    parts = void.values(dataset.names.dataset, VOID.subset)
    assert set(void.values(document, FOAF.topic)) == {dataset.names.dataset, *parts}


def test_query_service(tiny: Project) -> None:
    """A query service is told of where the catalogue states one by its IRI, and only there."""
    dataset = read_sources(tiny).dataset()
    service = NamedNode("https://example.org/town/sparql")
    catalogue = dataset.names.catalogue
    without = _described(dataset)
    stated = Triple(catalogue, VOID.sparqlEndpoint, service)
    in_words = Triple(catalogue, VOID.sparqlEndpoint, Literal("by letter"))
    told = _described(_with(dataset, stated, in_words))
    assert without.values(dataset.names.dataset, VOID.sparqlEndpoint) == []
    assert told.values(dataset.names.dataset, VOID.sparqlEndpoint) == [service]


@pytest.mark.parametrize(
    "term",
    [
        "https://elsewhere.example/a/b%20c",
        "https://elsewhere.example/å#ö",
        "https://schema.org/a/../b",
        "https://schema.org/",
        "https://schema.org/a#b",
        "urn:x:y",
        "https://bare.example",
    ],
)
def test_strange_terms(tiny: Project, term: str) -> None:
    """A class or property without a plain short name has a partition with a plain name all the same."""
    dataset = read_sources(tiny).dataset()
    thing, odd = dataset.names.catalogue, NamedNode(term)
    changed = _with(dataset, Triple(thing, A, odd), Triple(thing, odd, Literal("]]>\x01")))
    told = _described(changed)
    naming = {VOID["class"], VOID.property}
    parts = [t.subject.value for t in told.pointing_at(odd) if t.predicate in naming]  # type: ignore[union-attr]
    fragments = sorted(part.partition("#")[2].partition("-") for part in parts)
    assert [kind for kind, _, _ in fragments] == ["class", "property"]
    assert all(len(digest) == 16 and digest.isalnum() and digest.isascii() for _, _, digest in fragments)
    used = {vocabulary.value for vocabulary in told.values(dataset.names.dataset, VOID.vocabulary)}
    assert not used & {"https://", "urn:x:y", "https://bare.example"}


@pytest.mark.parametrize("end", [BlankNode("a"), Literal(WD.Q1.value)])
def test_only_names_are_links(tiny: Project, end: BlankNode | Literal) -> None:
    """What a thing is said to be the same as, or of, is no link where it is no name."""
    dataset = read_sources(tiny).dataset()
    about = dataset.names.dataset
    same, kind = Triple(about, SCHEMA.sameAs, end), Triple(about, A, end)
    before, after = _described(dataset), _described(_with(dataset, same, kind))
    assert after.instances(VOID.Linkset) == before.instances(VOID.Linkset)
    assert _number(after, about, VOID.classes) == _number(before, about, VOID.classes)
    assert _number(after, about, VOID.triples) == _number(before, about, VOID.triples) + 2


def test_blank_nodes_are_subjects_not_entities(tiny: Project) -> None:
    """A thing without a name counts as a subject and an instance, and as no entity or document."""
    dataset = read_sources(tiny).dataset()
    about = dataset.names.dataset
    changed = _with(dataset, Triple(BlankNode("a"), A, SCHEMA.City))
    before, after = _described(dataset), _described(changed)
    for predicate, more in ((VOID.distinctSubjects, 1), (VOID.entities, 0), (VOID.documents, 0)):
        assert _number(after, about, predicate) == _number(before, about, predicate) + more
    part = NamedNode(f"{about.value}#class-schema-City")
    assert _number(after, part, VOID.distinctSubjects) == _number(after, part, VOID.entities) + 1


def test_readers_agree(void: Graph) -> None:
    """Both RDF libraries read the same triples, none of them with a blank node."""
    written = n_triples(void)
    by_rdflib = rdflib.Graph().parse(data=written, format="nt")
    by_pyoxigraph = {quad.triple for quad in parse(written, format=RdfFormat.N_TRIPLES)}
    assert len(by_rdflib) == len(by_pyoxigraph) == len(void)
    assert not any(isinstance(node, rdflib.BNode) for node in by_rdflib.all_nodes())
    (triples,) = by_rdflib.objects(
        rdflib.URIRef(f"{SPACE}dataset/twintowns"), rdflib.URIRef(VOID.triples.value)
    )
    assert triples.toPython() == _number(void, NamedNode(f"{SPACE}dataset/twintowns"), VOID.triples)  # type: ignore[attr-defined]


def test_is_the_same_again(repository: Path, dataset: Dataset) -> None:
    """Reading the data again gives the same triples in the same order."""
    again = read_sources(Project(repository)).dataset()
    assert list(_described(again)) == list(_described(dataset))
