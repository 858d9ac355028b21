"""A new project that builds: `twintowns init`."""

import shutil
from pathlib import Path

from twintowns.catalogue import is_iri_space
from twintowns.edition import translated_failures
from twintowns.exceptions import AlreadyThereError, CatalogueError
from twintowns.formatting import format_paths
from twintowns.project import PACKAGE

_SPACE = "https://example.org/town/"
_STARTER = PACKAGE / "starter"


def start(folder: Path, space: str) -> list[Path]:
    """Make a project in a folder, and return its files.

    Args:
        folder: Where; it need not exist yet.
        space: The IRI space of the publication.

    Raises:
        AlreadyThereError: If one of the files is there already; nothing is written then.
        CatalogueError: If the IRI space is none.
    """
    option = "--space"
    if not is_iri_space(space):
        raise CatalogueError(
            option,
            '"{space}" is not an IRI space',
            "write it like this, with a slash at the end: {example}",
            values={"space": space, "example": _SPACE},
        )
    made = {
        folder / path.relative_to(_STARTER): path for path in sorted(_STARTER.rglob("*")) if path.is_file()
    }
    if there := next((path for path in made if path.exists()), None):
        raise AlreadyThereError(there, "this is already there", "choose an empty folder")
    with translated_failures(folder):
        for target, source in made.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            target.write_text(target.read_text(encoding="utf-8").replace(_SPACE, space), encoding="utf-8")
    format_paths([folder], write=True)
    return list(made)
