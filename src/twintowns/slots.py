"""Places on the pages where other parts of the program show something: templates by name, and their values.

A page includes each of these templates where it is there, and gives it whatever the page itself has besides
what is returned here; a part of the program that shows something brings the template, adds its values to
`on_landing_page` or `on_resource_page`, and its scripts to `SCRIPTS`.

| template | stands |
|---|---|
| `header-search.html` | in the head of every page |
| `landing-map.html`, `landing-network.html` | on the landing page, above and below the twinnings |
| `embed.html` | on the landing page, with what else can be done with the data |
| `resource-map.html`, `resource-network.html` | on the page of a document, beside and below its facts |
| `resource-compare.html` | on the page of a document, where others say otherwise |
"""

from typing import Final

from twintowns import iris
from twintowns.comparisonnotes import entries_on
from twintowns.dataset import Dataset
from twintowns.description import Description
from twintowns.drawings import SCRIPT as DRAWING_SCRIPT
from twintowns.drawings import studio_of
from twintowns.embedding import offered
from twintowns.pagevalues import Reader

QUERY_PAGE: Final = f"{iris.QUERY_PAGE}.html"
"""Where the query page of a publication lies in the folder of each language."""

SCRIPTS: Final[tuple[str, ...]] = ("assets/search.js",)
"""The scripts that every page loads when it has been painted (`assets/page.js`), by their addresses."""


def on_landing_page(whole: Dataset, reader: Reader) -> dict[str, object]:
    """Return the values for the templates on the landing page, and more `scripts` where they need them."""
    drawings = studio_of(whole).of_all(reader)
    return {
        "drawings": drawings,
        "embed": offered(whole),
        "scripts": (*SCRIPTS, DRAWING_SCRIPT) if drawings else SCRIPTS,
    }


def on_resource_page(whole: Dataset, description: Description, reader: Reader) -> dict[str, object]:
    """Return the values for the templates on the page of a document, and more `scripts`.

    They depend on the description alone, or on what `scenes.touched` and `comparisonnotes.touched` know:
    an edit reprints what it changes.
    """
    drawings = studio_of(whole).of_document(description.document, reader)
    return {
        "drawings": drawings,
        "scripts": (*SCRIPTS, DRAWING_SCRIPT) if drawings else SCRIPTS,
        "differences": entries_on(whole, description.document, reader),
    }
