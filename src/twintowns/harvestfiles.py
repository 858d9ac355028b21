"""`twintowns harvest wikidata`: what Wikidata states of twinnings, proposed as files of a project."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from twintowns.bulk import read_bulk
from twintowns.catalogue import read_publication
from twintowns.credentials import Credentials, credentials_from
from twintowns.entitydocuments import read_documents
from twintowns.exceptions import DataFileError
from twintowns.harvestcache import FOLDER, Kept, harvest_cache
from twintowns.harvesting import Harvest, Progress, Reader, day_of, harvested
from twintowns.patience import Patience
from twintowns.project import Project
from twintowns.proposals import Proposal, State, claimed, curated, proposals, write
from twintowns.proposing import Proposer
from twintowns.scope import Scope
from twintowns.transport import Client
from twintowns.truthydumps import TruthyDump
from twintowns.wikidataservice import WikidataService, question_for

BULK: Final = "wikidata.nt"
_PATIENCE: Final = Patience(first_s=1.0, answer_s=90.0, whole_s=300.0)
"""A service that is open to all ends a query after a minute."""
_FILES: Final = "files"


@dataclass(frozen=True)
class Wanted:
    """What to harvest, and from where.

    Attributes:
        places: Items whose twinnings are wanted.
        countries: Items of countries whose places' twinnings are wanted.
        endpoint: The address of a SPARQL service; empty where there is none.
        files: Entity documents, folders of them, and truthy dumps.
        fresh: Whether to ask again for what was harvested before.
        bulk: Whether to propose one file for all.
        patience: How long to wait for the service.
    """

    places: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    endpoint: str | None = None
    files: tuple[Path, ...] = ()
    fresh: bool = False
    bulk: bool = False
    patience: Patience = field(default=_PATIENCE)


@dataclass(frozen=True)
class Proposed:
    """What a harvest proposes.

    Attributes:
        project: The project.
        harvest: What was harvested.
        proposals: The files.
    """

    project: Project
    harvest: Harvest
    proposals: tuple[Proposal, ...]

    @property
    def to_write(self) -> list[Proposal]:
        """The files that are new or may be renewed."""
        return [one for one in self.proposals if one.state in {State.NEW, State.RENEWED}]

    def written(self) -> list[Proposal]:
        """Write these files, and return them.

        Raises:
            SystemFailureError: If something cannot be written.
        """
        return write(self.project, self.proposals)

    def counts(self) -> Mapping[str, int]:
        """Return how much there is of what."""
        return {
            "twinnings": len(self.harvest.twinnings),
            "places": len({qid for one in self.harvest.twinnings for qid in one.partners}),
            "one_sided": len(self.harvest.one_sided),
            "curated": sum(one.state is State.CURATED for one in self.proposals),
        }


def propose(project: Project, wanted: Wanted, environment: dict[str, str], progress: Progress) -> Proposed:
    """Harvest, and propose files.

    Args:
        project: The project.
        wanted: What to harvest, and from where.
        environment: The environment: who asks, and which day it is.
        progress: Called with the number of items read, and known to be wanted.

    Raises:
        TwinTownsError: If it cannot be done; what a service answered so far is kept.
    """
    publication = read_publication(project)
    known, gone = claimed(project)
    found = gathered(project, publication.languages, wanted, environment, progress)
    proposer = Proposer(found, publication, known, gone)
    in_bulk = _told_in_bulk(project, publication.names.space, besides=BULK if wanted.bulk else "")
    files = (
        {BULK: "".join(proposer.triples(chain(curated(project), in_bulk)))}
        if wanted.bulk
        else {
            name: text
            for name, text in proposer.turtle().items()
            if name.removesuffix(".ttl") not in in_bulk and not _is_known(project, name)
        }
    )
    return Proposed(project, found, tuple(proposals(project, files)))


def gathered(
    project: Project,
    languages: tuple[str, ...],
    wanted: Wanted,
    environment: dict[str, str],
    progress: Progress,
) -> Harvest:
    """Harvest what is wanted.

    Raises:
        TwinTownsError: If it cannot be done; what a service answered so far is kept.
    """
    scope = Scope(wanted.places, wanted.countries)
    today = day_of(environment)
    with ExitStack() as stack:
        readers: list[Reader] = []
        if wanted.files:
            folder = project.root / FOLDER
            day = _day_read(folder, wanted, today)
            readers += _on_disk(wanted.files, languages, day)
        if wanted.endpoint:
            client = stack.enter_context(Client(wanted.endpoint, _who(environment), wanted.patience))
            question = question_for(wanted.endpoint, languages)
            cache = stack.enter_context(harvest_cache(project.root / FOLDER, question))
            readers.append(WikidataService(client, cache, languages, today, wanted.fresh))
        return harvested(readers, scope, progress)


def _told_in_bulk(project: Project, space: str, besides: str) -> frozenset[str]:
    """Return the things that files in bulk tell of, as curated files would be named, without their suffix."""
    return frozenset(
        triple.subject.value.removeprefix(space).partition("#")[0]
        for file in read_bulk(project, space)
        if file.path.name != besides
        for triple in file.triples
        if isinstance(triple.subject, NamedNode)
    )


def _is_known(project: Project, name: str) -> bool:
    """Tell whether a file is there of whoever publishes Wikidata, of which a curator may tell more."""
    return name.startswith("organization/") and (project.data / name).exists()


def _who(environment: dict[str, str]) -> Credentials:
    return credentials_from(environment)


def _day_read(folder: Path, wanted: Wanted, today: str) -> str:
    """Return the day on which these very files were read first."""
    with harvest_cache(folder, _FILES) as cache:
        name = "\0".join(sorted(f"{path.name} {path.stat().st_size}" for path in wanted.files))
        before = "" if wanted.fresh else "".join(kept.day for _, kept in cache.kept([name]))
        if not before:
            cache.keep({name: Kept("", today, "")})
        return before or today


def _on_disk(paths: Iterable[Path], languages: tuple[str, ...], day: str) -> Iterator[Reader]:
    """Go through what reads files: one reader for all documents, and one for each dump."""
    documents: list[Path] = []
    for path in paths:
        if path.is_dir():
            documents += sorted(path.glob("Q*.json"))
        elif path.suffix == ".json":
            documents.append(path)
        elif {".nt"} & set(path.suffixes[-2:]):
            yield TruthyDump(path, languages, {day})
        else:
            raise DataFileError(
                path,
                "this is neither an entity document nor a truthy dump, by its name",
                "give it the suffix that it has at Wikidata: .json, .nt, .nt.gz or .nt.bz2",
            )
    if documents:
        yield read_documents(documents, languages, day)
