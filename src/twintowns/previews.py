"""A place in a few words, in a page that others embed: the preview of the reconciliation service.

It is told in the language that its reader prefers among those of the publication, like every page of it.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from twintowns.collation import sort_key
from twintowns.labels import CLASSES
from twintowns.messages import SOURCE_LANGUAGE, marked, number_text, page_translations, territory_name
from twintowns.nameindex import Entry
from twintowns.pagevalues import Text
from twintowns.templating import environment

_MOST_NAMES: Final = 5
_MOST_PARTNERS: Final = 6


class Previewed(NamedTuple):
    """What is shown of a place.

    Attributes:
        entry: The place.
        partners: The places that it is twinned with.
        iri: Its IRI, at which its page is found.
        root: The path under which the site is reached, without a slash at its end.
    """

    entry: Entry
    partners: Sequence[Entry]
    iri: str
    root: str


def preview(place: Previewed, language: str, languages: Iterable[str]) -> str:
    """Return the page about a place.

    Args:
        place: The place.
        language: The tag of the language that the reader prefers.
        languages: The languages of the publication, the main one first.
    """
    fallbacks = tuple(dict.fromkeys((language, SOURCE_LANGUAGE, *languages)))
    name = _name(place.entry, fallbacks)
    partners = sorted(
        (_name(partner, fallbacks) for partner in place.partners),
        key=lambda text: sort_key(text.text, language),
    )
    page = _environment().get_template("preview.html")
    told = page.render(
        _=page_translations(language).gettext,
        language=language,
        name=name,
        kind=_kind(place.entry),
        countries=sorted(territory_name(code, language) for code in place.entry.territories),
        qid=place.entry.qid,
        others=[other for other in place.entry.names if other != name.text][:_MOST_NAMES],
        partners=partners[:_MOST_PARTNERS],
        count=number_text(str(len(partners)), language),
        is_cut=len(partners) > _MOST_PARTNERS,
        iri=place.iri,
        root=place.root,
    )
    return marked(told)


def _name(entry: Entry, fallbacks: Sequence[str]) -> Text:
    """Return what a place is called, marked where that is not in the first of the languages."""
    called = dict(reversed(entry.called))
    tag = next((tag for tag in fallbacks if tag in called), None)
    return Text(entry.names[0]) if tag is None else Text(called[tag], "" if tag == fallbacks[0] else tag)


def _kind(entry: Entry) -> str:
    """Return the message that tells the kind of a place; empty where that is not known."""
    return CLASSES.get(NamedNode(entry.kind), "") if entry.kind else ""


_environment = cache(environment)
