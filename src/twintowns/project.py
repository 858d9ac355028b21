"""Where things lie: the folders of a publication and those that the package brings along.

A project is a folder with `data/catalogue.ttl`. It may hold an ontology and shapes of its own, as the
project's own repository does; where it does not, those of the package apply.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from twintowns.exceptions import DataFileError, NotAProjectError

PACKAGE = Path(__file__).resolve().parent
TEMPLATES = PACKAGE / "templates"
ASSETS = PACKAGE / "assets"
QUERIES = PACKAGE / "queries"
COOKBOOK = PACKAGE / "cookbook"
OPERATIONS = PACKAGE / "operations"
QUESTIONS = PACKAGE / "questions"
MESSAGES = PACKAGE / "messages"
HOSTING = PACKAGE / "hosting"
BULK: Final = "bulk"
"""The folder of `data/` in which Turtle files tell of many things."""
_TURTLE: Final = ".ttl"
_BULK: Final = re.compile(r".+\.(ttl|nt|nq)(\.(?:gz|bz2|zst))?")

_BESIDE_MESSAGES = {".po", ".pot", ".mo"}
"""How the names of message files end, and of what editors put beside them."""


@dataclass(frozen=True)
class Project:
    """A publication's folder.

    Attributes:
        root: The folder that holds `data/`.
        has_data: Whether it is a publication of twinnings, and not of the vocabulary alone.
    """

    root: Path
    has_data: bool = True

    @property
    def data(self) -> Path:
        """The folder of the facts."""
        return self.root / "data"

    @property
    def catalogue(self) -> Path:
        """The file that says what the publication is."""
        return self.data / "catalogue.ttl"

    @property
    def ontology(self) -> Path:
        """The folder of the coined terms, the concept schemes and the JSON-LD context."""
        return _own_or_packaged(self.root, "ontology")

    @property
    def shapes(self) -> Path:
        """The folder of the shapes."""
        return _own_or_packaged(self.root, "shapes")

    @property
    def context(self) -> Path:
        """The JSON-LD context."""
        return self.ontology / "context.jsonld"

    @property
    def messages(self) -> Path:
        """The folder of the publication's own message files, if it has any."""
        return self.root / "messages"

    @property
    def comparison(self) -> Path:
        """The folder of what was compared with others."""
        return self.root / "comparison"

    def comparison_files(self) -> list[Path]:
        """Return the file that says how the publication differs from Wikidata, if it is there."""
        path = self.comparison / "wikidata.ttl"
        return [path] if self.has_data and path.is_file() else []

    def data_files(self) -> list[Path]:
        """Return the curated files, in the order of their paths."""
        data, found = self.data, (_turtle_below(self.data) if self.has_data else [])
        return [data / name for name in found if not (_is_in_bulk(name) and is_bulk(Path(name)))]

    def bulk_files(self) -> list[Path]:
        """Return the files that tell of many things each, in the order of their paths; no hidden ones."""
        names = (name for name in self._names() if _is_in_bulk(name) or not name.endswith(_TURTLE))
        found = (self.data / name for name in names)
        return [path for path in found if self._is_bulk(path) and _is_there(path)]

    def other_files(self) -> list[Path]:
        """Return the files in the folder of the facts that are not read, but for a README and hidden ones."""
        found = (self.data / name for name in self._names() if not name.endswith(_TURTLE))
        strange = (path for path in found if path.name != "README.md" and not path.name.startswith("."))
        return [path for path in strange if not self._is_bulk(path) and path.is_file()]

    def _names(self) -> list[str]:
        return _below(self.data) if self.has_data else []

    def _is_bulk(self, path: Path) -> bool:
        below = path.relative_to(self.data)
        return is_bulk(below) and not any(part.startswith(".") for part in below.parts)

    def other_message_files(self) -> list[Path]:
        """Return the files beside the publication's messages that are not read, nor an editor's."""
        found = (path for path in sorted(self.messages.glob("*")) if path.is_file())
        strange = (path for path in found if path.suffix not in _BESIDE_MESSAGES and path.name[-1] != "~")
        return [path for path in strange if path.name != "README.md" and not path.name.startswith(".")]

    def vocabulary_files(self) -> list[Path]:
        """Return the files of the ontology, its schemes and alignments, in the order of their paths."""
        return turtle_files(self.ontology)

    def shape_files(self) -> list[Path]:
        """Return the files of the shapes, in the order of their paths."""
        return turtle_files(self.shapes)

    def shared_files(self) -> list[Path]:
        """Return the files that every page depends on: vocabulary, shapes, words, the catalogue."""
        catalogue = [self.catalogue] if self.has_data else []
        own = sorted(self.messages.glob("*.po"))
        return [*self.vocabulary_files(), *self.shape_files(), self.context, *own, *catalogue]

    def shown(self, file: Path) -> str:
        """Return how to name a file to a person: relative to the project where it lies in it."""
        return file.relative_to(self.root).as_posix() if file.is_relative_to(self.root) else str(file)


def project_at(folder: Path) -> Project:
    """Return the project in a folder.

    Raises:
        NotAProjectError: If there is no `data/catalogue.ttl`, with the way to make one.
        DataFileError: If `data/` is there and only its catalogue is not.
    """
    project = Project(folder.absolute())
    if project.catalogue.is_file():
        return project
    if project.data.is_dir():
        raise _without_catalogue(project)
    raise NotAProjectError(
        folder,
        "this folder is not a twintowns project: it has no data/catalogue.ttl",
        "name the folder of one, or make one here with `twintowns init`",
    )


def _without_catalogue(project: Project) -> DataFileError:
    """Return the failure to find the catalogue, with a file that may be it by its name, if there is one."""
    beside = (project.root, project.data, *(path for path in sorted(project.data.glob("*")) if path.is_dir()))
    found = (path for folder in beside for path in sorted(folder.glob("*atalog*.ttl")) if path.is_file())
    other = next(found, None)
    return DataFileError(
        project.catalogue,
        "this file is missing",
        "give {other} this name, if it says what the publication is"
        if other
        else "add it: it says what the publication is; `twintowns init` in an empty folder shows one",
        values={"other": project.shown(other) if other else ""},
    )


def is_bulk(path: Path) -> bool:
    """Tell whether a file of `data/` tells of many things: it is packed, or no Turtle, or lies in `bulk/`.

    >>> [is_bulk(Path(name)) for name in ("bulk/places.ttl", "world.nt.gz", "place/Q1.ttl", "bulk/notes.txt")]
    [True, True, False, False]
    """
    form = _BULK.fullmatch(path.name)
    return form is not None and (path.parts[0] == BULK or form[1] != "ttl" or form[2] is not None)


def turtle_files(folder: Path) -> list[Path]:
    """Return the Turtle files below a folder, hidden ones left out, in the order of their paths."""
    return [folder / name for name in _turtle_below(folder)]


def _turtle_below(folder: Path) -> list[str]:
    return [name for name in _below(folder) if name.endswith(_TURTLE) and "/." not in f"/{name}"]


def _below(folder: Path) -> list[str]:
    """Return the paths of all that lies below a folder, which may be very many files, in their order."""
    start = len(str(folder)) + 1
    walked = os.walk(folder)
    found = (f"{at}/{name}"[start:] for at, folders, files in walked for name in (*folders, *files))
    return sorted(found, key=lambda name: name.replace("/", "\0"))  # what lies in a folder stands behind it


def _is_in_bulk(name: str) -> bool:
    return name.startswith(f"{BULK}/")


def packaged(name: str) -> Path:
    """Return a folder that the wheel carries, or its original in the repository."""
    carried = PACKAGE / name
    return carried if carried.is_dir() else PACKAGE.parent.parent / name


def _is_there(path: Path) -> bool:
    """Tell whether a path leads to a file, or to a device or a pipe, which whoever reads it refuses."""
    return path.exists() and not path.is_dir()


def _own_or_packaged(root: Path, name: str) -> Path:
    own = root / name
    return own if own.is_dir() else packaged(name)
