"""What pages load: the style sheets, the icon, the scripts; the same files in every publication.

The parts of the sheet that every page waits for lie in `templates/style`, sheets that only some pages or only
a printer needs in its folder `apart`, scripts and what those read in `assets`; a part of the program that
brings a script brings its own files, and nothing has to be listed.
"""

from collections.abc import Iterator
from typing import Final

from twintowns.head import CARD
from twintowns.outlines import VENDORED
from twintowns.project import ASSETS, TEMPLATES

OUTLINES: Final = VENDORED / "world-atlas"
"""The outlines of countries, which scripts draw."""


def style_sheet() -> bytes:
    """Return the style sheet of every page: its parts, `base.css` first, in the order of their names."""
    parts = sorted((TEMPLATES / "style").glob("*.css"), key=lambda part: (part.stem != "base", part.name))
    return b"".join(part.read_bytes() for part in parts)


def assets() -> Iterator[tuple[str, bytes]]:
    """Return the path and the bytes of each file that pages load."""
    yield "style.css", style_sheet()
    for sheet in sorted((TEMPLATES / "style" / "apart").glob("*.css")):
        yield sheet.name, sheet.read_bytes()
    for name in ("favicon.svg", CARD):
        yield name, (TEMPLATES / name).read_bytes()
    for path in sorted(OUTLINES.iterdir()):
        name = path.name if path.suffix else f"{path.name}.txt"
        yield f"assets/{OUTLINES.name}/{name}", path.read_bytes()
    for path in sorted(ASSETS.rglob("*")):
        if path.is_file():
            yield f"assets/{path.relative_to(ASSETS).as_posix()}", path.read_bytes()
