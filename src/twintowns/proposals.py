"""What a harvest proposes, beside what is there: new files, files to be renewed, and those that stay.

A record beside the project (`.harvest/written.json`) knows the hash of each file that a harvest wrote. A
file with that hash was not touched since and may be renewed; any other that is there is a curator's,
whoever wrote it first.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import unified_diff
from enum import Enum
from hashlib import sha256
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from twintowns import jsontext
from twintowns.edition import replace, translated_failures
from twintowns.exceptions import DataFileError, not_a_file, printable
from twintowns.harvestcache import FOLDER
from twintowns.iris import is_safe
from twintowns.loading import read_turtle
from twintowns.project import Project
from twintowns.trees import check_own
from twintowns.vocabulary import AS, SCHEMA, A

_RECORD: Final = "written.json"


class State(Enum):
    """How a proposed file stands to what is there."""

    NEW = "new"
    SAME = "same"
    RENEWED = "renewed"
    CURATED = "curated"


@dataclass(frozen=True)
class Proposal:
    """A file that a harvest proposes.

    Attributes:
        path: Where it goes.
        shown: How it is named to a person.
        text: What it is to hold.
        before: What is there; empty where nothing is.
        state: How the two stand to each other.
    """

    path: Path
    shown: str
    text: str
    before: str
    state: State

    def difference(self, upstream: str = "Wikidata") -> str:
        """Return what would change, as a unified difference that is safe on a terminal.

        Of a file in which the order of the lines means nothing, as of N-Triples, the lines that come and go.
        """
        if self.path.suffix == ".nt":
            return "".join(map(_safe, _come_and_gone(self.before, self.text)))
        lines = unified_diff(
            self.before.splitlines(),
            self.text.splitlines(),
            self.shown,
            f"{self.shown} ({upstream})",
            lineterm="",
        )
        return "".join(map(_safe, lines))


def proposals(project: Project, files: Mapping[str, str]) -> list[Proposal]:
    """Return what is proposed, beside what is there.

    Args:
        project: The project.
        files: What the files are to hold, by their names in `data/`.

    Raises:
        DataFileError: If the record of what was written is damaged, or a file would lie elsewhere.
        SystemFailureError: If something cannot be read.
    """
    for name in files:
        _check_place(project, name)
    record = _record(project)
    return [_proposal(project, name, text, record) for name, text in files.items()]


def write(project: Project, proposed: Iterable[Proposal]) -> list[Proposal]:
    """Write what is new and what may be renewed, and record it; return that.

    Raises:
        SystemFailureError: If something cannot be written; what was written is recorded.
    """
    record, written = _record(project), []
    with translated_failures(project.data):
        try:
            for one in proposed:
                if one.state in {State.NEW, State.RENEWED}:
                    check_own(project.root, one.path.parent)
                    one.path.parent.mkdir(parents=True, exist_ok=True)
                    replace(one.path, one.text.encode())
                    written.append(one)
                    record[one.shown] = _hash(one.text)
        finally:
            folder = project.root / FOLDER
            check_own(project.root, folder)
            folder.mkdir(exist_ok=True)
            replace(folder / _RECORD, jsontext.written(dict(sorted(record.items()))))
    return written


def claimed(project: Project) -> tuple[dict[str, str], frozenset[str]]:
    """Return the IRIs elsewhere that places of the project have, with their items, and the places withdrawn.

    Raises:
        DataFileError: If a file of a place cannot be read.
    """
    found: dict[str, str] = {}
    gone: set[str] = set()
    for path in sorted((project.data / "place").glob("*.ttl")):
        for triple in read_turtle(path).triples:
            if triple.predicate == SCHEMA.sameAs and isinstance(triple.object, NamedNode | Literal):
                found[triple.object.value] = path.stem
            elif triple.predicate == A and triple.object == AS.Tombstone:
                gone.add(path.stem)
    return found, frozenset(gone)


def curated(project: Project) -> Iterator[str]:
    """Go through the things that have files, by their names in `data/`."""
    return (path.relative_to(project.data).with_suffix("").as_posix() for path in project.data_files())


def _check_place(project: Project, name: str) -> None:
    """See that a file lies in the folder of the facts, by its name and by whatever is there."""
    if not is_safe(name):
        raise DataFileError(
            project.data,
            "{path} would lie outside of data/",
            "choose a name of letters, digits, hyphens, full stops and underscores",
            values={"path": name},
        )
    path = project.data / name
    check_own(project.root, path.parent)
    if path.exists() and not path.is_file():
        raise not_a_file(path)


def _proposal(project: Project, name: str, text: str, record: Mapping[str, str]) -> Proposal:
    path = project.data / name
    shown = project.shown(path)
    before = None
    with translated_failures(path), suppress(FileNotFoundError):
        before = path.read_bytes().decode("utf-8", errors="replace")
    if before is None:
        state = State.NEW
    elif before == text:
        state = State.SAME
    else:
        state = State.RENEWED if record.get(shown) == _hash(before) else State.CURATED
    return Proposal(path, shown, text, before or "", state)


def _record(project: Project) -> dict[str, str]:
    path = project.root / FOLDER / _RECORD
    try:
        return {str(name): str(known) for name, known in jsontext.read(path.read_bytes()).items()}
    except FileNotFoundError:
        return {}
    except (ValueError, AttributeError) as error:
        raise DataFileError(
            path,
            "the record of what was harvested is damaged",
            "restore it; or remove it, and every file that is there counts as a curator's",
        ) from error


def _come_and_gone(before: str, after: str) -> Iterator[str]:
    old, new = set(before.splitlines()), set(after.splitlines())
    yield from (f"-{line}" for line in sorted(old - new))
    yield from (f"+{line}" for line in sorted(new - old))


def _safe(line: str) -> str:
    return f"{printable(line)}\n"


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
