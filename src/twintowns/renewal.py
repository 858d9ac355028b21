"""The dataset that was published last, brought up to date by the files that changed since.

Kept beside the site is the packed dataset (`known.bin`), and what the validator said of it (`report.json`).
A curated file alone tells of its thing, so that what it stated before is what was asserted of that. Where
anything is not as plain (files in bulk, another vocabulary, a mistake in a file, many changes), everything is
read.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import NamedNode, Triple

from twintowns import jsontext, toldreports
from twintowns.belonging import Curated, check_place, check_prefixes
from twintowns.catalogue import Publication
from twintowns.dataset import Dataset, foreign_documents, teller_of
from twintowns.derivation import consequences
from twintowns.differences import Difference
from twintowns.graph import Graph, Term
from twintowns.iris import Names, is_wikidata_item
from twintowns.loading import SourceFile, parsed, read_text, read_turtle, triples_of
from twintowns.packing import PackedGraph, Part
from twintowns.project import Project
from twintowns.results import ValidationReport
from twintowns.revalidation import Edit, revalidated
from twintowns.vocabulary import SCHEMA

_PARTS: Final = ("asserted", "derived", "vocabulary", "shapes")
_JUDGED: Final = ("asserted", "vocabulary")
_MOST: Final = 1000
"""More changed files than this are read together with all others."""


@dataclass(frozen=True)
class Kept:
    """What the last build kept.

    Attributes:
        dataset: The dataset, as `written` made it.
        report: What the validator said of it, as `toldreports` wrote that.
        changed: The files of facts that came, went or changed since.
        gone: Those that went, although their paths may lead somewhere still.
    """

    dataset: bytes
    report: bytes
    changed: frozenset[Path]
    gone: frozenset[Path] = frozenset()


class Frame(NamedTuple):
    """What a publication's files are read with, the same as before.

    Attributes:
        project: The folder.
        publication: What is published.
        vocabulary: The files of the vocabulary.
        compared: How the dataset was found to differ from Wikidata.
    """

    project: Project
    publication: Publication
    vocabulary: tuple[SourceFile, ...]
    compared: frozenset[Triple]


class Renewed(NamedTuple):
    """A dataset brought up to date.

    Attributes:
        before: The dataset that was published last, but for how it was found to differ from Wikidata.
        dataset: The dataset now.
        difference: What only one of the two holds.
        report: What the validator finds now.
    """

    before: Dataset
    dataset: Dataset
    difference: Difference
    report: ValidationReport


def written(dataset: Dataset, project: Project, vocabulary: Iterable[SourceFile]) -> bytes:
    """Return a dataset as bytes; none where the files do not tell which triples are whose.

    Args:
        dataset: The dataset.
        project: Where its files lie.
        vocabulary: The files of the vocabulary.
    """
    space = dataset.names.space
    is_woven = any(str(triple.subject).startswith(f"<{space}") for triple in triples_of(vocabulary))
    if is_woven or not project.has_data or project.bulk_files():
        return b""
    foreign = [[iri.value, document.value] for iri, document in dataset.foreign.items()]
    return jsontext.line(foreign) + b"\n" + dataset.packed_graph.written()


def renewed(frame: Frame, kept: Kept) -> Renewed | None:
    """Bring a dataset up to date; None where everything has to be read.

    Args:
        frame: What files are read with.
        kept: What was kept.

    Raises:
        TwinTownsError: If a file is not as it should be, or pySHACL refuses the shapes.
    """
    project, names = frame.project, frame.publication.names
    paths = {path for path in kept.changed if path.is_relative_to(project.data)}
    files = None if len(paths) > _MOST or project.bulk_files() else _read_curated(frame, paths - kept.gone)
    report, known = toldreports.read(kept.report, project.root), _known(frame, kept.dataset)
    if files is None or report is None or known is None:
        return None
    before, graph = known
    asserted = graph.part("asserted")
    documents = [NamedNode(names.space + _local_name(path, project)) for path in paths]
    told = frozenset(t for one in documents for subject in graph.within(one) for t in asserted.about(subject))
    stated = frozenset(triples_of(files.values()))
    went, came = told - stated, stated - told
    followed = consequences(asserted, graph.part("derived"), went, came)
    after = graph.altered(
        {"asserted": went, "derived": followed.went}, {"asserted": came, "derived": followed.came}
    )
    stating = after.part("asserted")
    foreign = _foreign(frame, before, stating, went | came)
    files_of = _Files(frame, files, stating)
    edit = Edit(graph.part(*_JUDGED), after.part(*_JUDGED), went | came, paths, files_of)
    found = revalidated(report, edit, Graph(after.part("shapes"))) if foreign is not None else None
    if foreign is None or found is None:
        return None
    dataset = replace(_dataset(names, after, foreign), compared=frame.compared)
    return Renewed(before, dataset, Difference(went | followed.went, came | followed.came), found)


def _known(frame: Frame, content: bytes) -> tuple[Dataset, PackedGraph] | None:
    """Return the dataset that was kept, if a machine of this kind did."""
    foreign, _, rest = content.partition(b"\n")
    graph = PackedGraph.read(rest)
    if graph is None:
        return None
    told = {NamedNode(iri): NamedNode(document) for iri, document in jsontext.read(foreign)}
    return _dataset(frame.publication.names, graph, told), graph


def _dataset(names: Names, graph: PackedGraph, foreign: Mapping[NamedNode, NamedNode]) -> Dataset:
    asserted, derived, vocabulary, shapes = map(graph.part, _PARTS)
    return Dataset(names, asserted, derived, vocabulary, shapes, foreign)


def _read_curated(frame: Frame, paths: Collection[Path]) -> dict[Path, SourceFile]:
    """Read the files that came or changed."""
    names = frame.publication.names
    found: dict[Path, SourceFile] = {}
    for path in sorted(paths):
        text = read_text(path)
        file = found[path] = parsed(text, path)
        check_prefixes(path, text, names.prefixes())
        check_place(Curated(path, text, file.triples), frame.project, names.space)
    return found


def _local_name(path: Path, project: Project) -> str:
    return path.relative_to(project.data).with_suffix("").as_posix()


def _foreign(
    frame: Frame, before: Dataset, asserted: Part, changed: Collection[Triple]
) -> Mapping[NamedNode, NamedNode] | None:
    """Return which document tells of which IRI elsewhere; None where the first of several would count."""
    ends = {triple.object for triple in changed if triple.predicate == SCHEMA.sameAs}
    items = [end for end in ends if isinstance(end, NamedNode) and is_wikidata_item(end)]
    foreign = dict(before.foreign)
    by_vocabulary = foreign_documents(before.names, (), frame.vocabulary)
    for item in items:
        told = (triple for triple in asserted.pointing_at(item) if triple.predicate == SCHEMA.sameAs)
        tellers = {teller_of(before.names, triple) for triple in told}
        if len(tellers) > 1:
            return None
        foreign.pop(item, None)
        if teller := next(iter(tellers), by_vocabulary.get(item)):
            foreign[item] = teller
    return foreign


class _Files:
    """The files that tell of nodes.

    Args:
        frame: What they are read with.
        read: Those that are read already.
        asserted: What all of them state.
    """

    def __init__(self, frame: Frame, read: Mapping[Path, SourceFile], asserted: Part) -> None:
        """Take hold of what is read."""
        self._frame: Final = frame
        self._read: Final = read
        self._asserted: Final = asserted

    def __call__(self, nodes: Collection[Term]) -> list[SourceFile]:
        """Return the files that tell of some nodes, and those of the vocabulary."""
        names, data = self._frame.publication.names, self._frame.project.data
        told = (node for node in nodes if isinstance(node, NamedNode) and self._asserted.about(node))
        documents = {one for node in told if (one := names.document_of(node))}
        own = sorted(data / f"{names.path_of(one)}.ttl" for one in documents)
        found = [self._read.get(path) or read_turtle(path) for path in own]
        return [*found, *self._frame.vocabulary]
