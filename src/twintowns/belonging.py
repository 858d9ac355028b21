"""Whether a curated file lies where it belongs, and means by its prefixes what everybody means by them.

The IRI of a thing and the place of its file are one name in two forms, so that either tells how to mend the
other; which of them is meant is for a person to say.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, NamedNode, Triple

from twintowns.exceptions import DataFileError, MisplacedSubjectError
from twintowns.iris import FOLDERS, LOCAL_NAME
from twintowns.positions import line_of_bracket, line_of_subject
from twintowns.project import Project

PREFIX: Final = re.compile(
    r"^[^\S\n]*(?:@prefix|PREFIX)[^\S\n]+([\w-]*):[^\S\n]*<([^<>\n]*)>", re.IGNORECASE | re.MULTILINE
)
"""A line that declares a prefix, with the prefix and what it stands for."""
_SCHEMA: Final = "schema"
"""The prefix of which the shapes tell where it stands for http, since other publications state it so."""
_CATALOGUE: Final = "catalogue"
_FOLDER_AND_NAME: Final = 2
_REMEDIES = (
    "mend the IRI, or move what it says into a file of its own name",
    "rename the file to data/{name}, or mend the IRI",
    "move the file to data/{name}, or mend the IRI",
    "mend the IRI: write <{expected}>",
)
_MEND_OR_PART, _RENAME, _MOVE, _MEND = _REMEDIES


class Curated(NamedTuple):
    """A curated file that was read.

    Attributes:
        path: Where it lies.
        text: What stands in it.
        triples: What it states.
    """

    path: Path
    text: str
    triples: Sequence[Triple]

    @property
    def subjects(self) -> list[NamedNode]:
        """The IRIs that it tells of, in the order of the file."""
        return list(dict.fromkeys(t.subject for t in self.triples if isinstance(t.subject, NamedNode)))


def check_prefixes(path: Path, text: str, prefixes: Mapping[str, str]) -> None:
    """See that a prefix that everybody knows means what everybody means by it.

    Args:
        path: Where the file lies.
        text: What stands in it.
        prefixes: What each prefix stands for.

    Raises:
        DataFileError: If one stands for another address, with its line.
    """
    for declared in PREFIX.finditer(text):
        known = prefixes.get(declared[1])
        meant = {known, known.replace("https:", "http:") if known and declared[1] == _SCHEMA else known}
        if known and declared[2] not in meant:
            raise DataFileError(
                path,
                "the prefix {prefix}: stands for another address here than everywhere else",
                "write the line like this: @prefix {prefix}: <{namespace}> .",
                line=text.count("\n", 0, declared.start(1)) + 1,
                values={"prefix": declared[1], "namespace": known},
            )


def check_place(file: Curated, project: Project, space: str) -> None:
    """See that a file lies in a known folder and tells of the one thing that it is named after.

    Args:
        file: The file.
        project: Where it lies.
        space: The IRI space of the publication.

    Raises:
        MisplacedSubjectError: If it tells of something else, of nothing, or of something without a name.
        DataFileError: If no file may lie there.
    """
    parts = file.path.relative_to(project.data).with_suffix("").parts
    is_known = len(parts) == _FOLDER_AND_NAME and parts[0] in FOLDERS and LOCAL_NAME.fullmatch(parts[1])
    if not is_known and parts != (_CATALOGUE,):
        name = _name_of(file, project, space)
        raise DataFileError(
            file.path,
            "a file of this name, or in this folder, means nothing here",
            _MOVE
            if name
            else "name it by letters, digits and hyphens, in one of these folders of data/: {folders}",
            values={"folders": ", ".join(FOLDERS), "name": name},
        )
    expected = space + "/".join(parts)
    _check_content(file, expected)
    _check_subjects(file, expected, _name_of(file, project, space))


def _name_of(file: Curated, project: Project, space: str) -> str:
    """Return the name that a file should have by the one thing that it tells of, if it is free."""
    told = {subject.value.partition("#")[0] for subject in file.subjects}
    name = told.pop().removeprefix(space) if len(told) == 1 else ""
    folder, _, local = name.partition("/")
    if folder not in FOLDERS or not LOCAL_NAME.fullmatch(local):
        return ""
    return "" if (project.data / f"{name}.ttl").exists() else f"{name}.ttl"


def _check_content(file: Curated, expected: str) -> None:
    """See that a file tells of something, and that all of it has a name."""
    nodes = (end for triple in file.triples for end in (triple.subject, triple.object))
    if any(isinstance(end, BlankNode) for end in nodes):
        raise MisplacedSubjectError(
            file.path,
            "it describes something without a name (a blank node: [ … ] or _:…)",
            "give it a name of its own, such as <{expected}#part>, and describe it below",
            line=line_of_bracket(file.text),
            values={"expected": expected},
        )
    if not file.triples:
        raise MisplacedSubjectError(
            file.path,
            "it states nothing",
            "describe <{expected}> in it, or remove it",
            values={"expected": expected},
        )


def _check_subjects(file: Curated, expected: str, name: str) -> None:
    main = NamedNode(expected)
    strange = [s for s in file.subjects if s != main and not s.value.startswith(f"{expected}#")]
    if strange or main not in file.subjects:
        told = strange[0].value if strange else "-"
        raise MisplacedSubjectError(
            file.path,
            "it tells of <{told}>, but a file of this name tells of <{expected}>",
            _remedy(expected, name),
            line=line_of_subject(file.text, told),
            values={"told": told, "expected": expected, "name": name},
        )


def _remedy(expected: str, name: str) -> str:
    """Return what to do about a file that tells of something else than its name says."""
    if expected.endswith(f"/{_CATALOGUE}"):
        return _MEND
    if not name:
        return _MEND_OR_PART
    return _RENAME if name.partition("/")[0] == expected.split("/")[-2] else _MOVE
