"""Descriptions in the words of schema.org: how an entity is put together and written as JSON-LD.

Each document carries its context with it, so that no reader has to fetch anything. Sources:
https://schema.org/docs/ and https://www.w3.org/TR/json-ld11/
"""

from collections.abc import Iterable, Mapping
from typing import Final

from twintowns import jsontext
from twintowns.iris import is_linkable

Entity = dict[str, object]

SEARCH: Final = "schema.jsonld"
"""The suffix of the files that hold only this view."""
_CONTEXT: Final[Entity] = {"@context": {"@vocab": "https://schema.org/"}}


def entity(kind: str, iri: str = "", **told: object) -> Entity:
    """Return an entity of a type, with what is told of it and is not empty."""
    return kept({"@type": kind, "@id": iri, **told})


def kept(told: Mapping[str, object]) -> Entity:
    """Leave out what is empty, and take a list of one for its member.

    >>> kept({"name": ["Imatra"], "url": []})
    {'name': 'Imatra'}
    """
    empty: tuple[object, ...] = ("", [], {}, None)
    single = {name: v[0] if isinstance(v, list) and len(v) == 1 else v for name, v in told.items()}
    return {name: value for name, value in single.items() if value not in empty}


def breadcrumbs(trail: Iterable[tuple[str, str]]) -> list[Entity]:
    """Return the way to a page, of names and absolute addresses, as one entity; none without a way."""
    steps = [
        entity("ListItem", position=place, name=name, item={"@id": iri} if is_linkable(iri) else {})
        for place, (name, iri) in enumerate(trail, 1)
    ]
    return [entity("BreadcrumbList", itemListElement=steps)] if steps else []


def documents(entities: Iterable[Entity]) -> list[bytes]:
    """Write entities as JSON-LD, each a document of its own, for the script elements of a page."""
    return [jsontext.written(_CONTEXT | one) for one in entities]


def document(entities: Iterable[Entity]) -> bytes:
    """Write entities as one JSON-LD document, for whoever asks for this view alone."""
    return jsontext.written(_CONTEXT | {"@graph": list(entities)})
