"""The `Link` headers of a site's files as tables of patterns, from the same table of links as its pages.

What is alike for many documents is one pattern in which the path is a group; a document of which something
else is told, and the dataset with its files, have patterns of their own, which come first.
Sources: https://signposting.org/FAIR/, https://www.rfc-editor.org/rfc/rfc8288 and
https://www.w3.org/TR/dx-prof-conneg/
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple
from urllib.parse import quote

from twintowns.choices import FORMS, SUFFIXES, Case, Choice
from twintowns.distributions import DISTRIBUTIONS
from twintowns.mediatypes import bare, media_type_of
from twintowns.overviews import VOCABULARY, overview_links, overviews
from twintowns.printed import MOST_CHARACTERS, SWEDISH, Printed, language_prefix, listed
from twintowns.problems import Form, Reader, told_alternates
from twintowns.profiles import PROFILES, profile_of
from twintowns.serverwords import one_line
from twintowns.signposting import Link, Subject, content_links, links, metadata_links
from twintowns.vocabulary import W3ID

PARTS: Final = ("about", "forms", "languages", "items")
"""The parts of a file's links: a header each, for a server reads no longer text."""

_TYPE: Final = "twintowns-type"
_PATH: Final = "twintowns-path"
_REST: Final = "twintowns-rest"
_GROUPS: Final = {_TYPE: "$1", _PATH: "$2", _REST: "$3"}
"""What stands for a type, a path, and the part of it that is in a term's IRI, until links are written."""
_DATA: Final = sorted(
    {SUFFIXES.get(form, form) for form in FORMS} - {"html", "dcat"}, key=lambda one: (-len(one), one)
)
"""The suffixes of data, those first that end with another."""
_ANY: Final = "[^|]*?"
_DATASET: Final = "dataset/twintowns"
_SINGULAR: Final = {"catalogue", _DATASET}


class _Kind(NamedTuple):
    """Documents of which the same is told.

    Attributes:
        pattern: The pattern of their paths.
        subject: What is told of them, with words for what differs.
        suffixes: The suffixes of their data.
    """

    pattern: str
    subject: Subject
    suffixes: tuple[str, ...]


def link_choices(site: Printed) -> Iterator[Choice]:
    """Go through the choices of a file's links, `links_about` and so on: one for each of the parts.

    Their sources name `type` and `raw`: an `r` and the path of the file as it was sent.
    """
    told = list(_linked(site))
    for part in PARTS:
        cases = (Case(pattern, header(_part(found, part))) for pattern, found in told)
        yield Choice(f"links_{part}", "{type}|{raw}", tuple(cases))


def alternate_choices(site: Printed) -> Iterator[Choice]:
    """Go through the choices of what lists the representations of a document: `alternates_` and a form."""
    kinds = list(_kinds(site))
    for name, written in _WRITERS.items():
        cases = (
            Case(rf"^(\w+)\|r({kind.pattern})$", _fitting(_alternates(site, kind), written)) for kind in kinds
        )
        yield Choice(f"alternates_{name}", "{type}|{raw}", tuple(cases))


def header(found: Iterable[Link]) -> str:
    """Return links as a header holds them, with groups of the pattern for what differs."""
    return _fitting(list(found), _as_links)


def _fitting(found: Sequence[Link], written: Callable[[Sequence[Link]], str]) -> str:
    """Return links as they are written, the first of them where all are longer than a server reads."""
    text = written(found)
    while len(text) > MOST_CHARACTERS:
        found = found[:-1]
        text = written(found)
    for word, group in _GROUPS.items():
        text = text.replace(word, group)
    return text


def _as_links(found: Sequence[Link]) -> str:
    return ", ".join(map(_value, found))


def _value(link: Link) -> str:
    told = {"rel": link.relation, "type": link.media_type, "hreflang": link.language, "profile": link.profile}
    return f"<{_ascii(link.href)}>" + "".join(f'; {name}="{value}"' for name, value in told.items() if value)


def _list_of(found: Sequence[Link], accept: str) -> str:
    """Return the list of representations, in one line."""
    forms = [Form(_ascii(link.href), link.media_type, link.language, link.profile) for link in found]
    return one_line(told_alternates(f"{_PATH}", forms, Reader(accept)).body)


def _ascii(iri: str) -> str:
    """Return an IRI as a URI (https://www.rfc-editor.org/rfc/rfc3987#section-3.1)."""
    return quote(iri, safe=":/?#[]@!&()*+,;=%-._~")


def _part(found: Iterable[Link], part: str) -> list[Link]:
    """Return the links that belong into one of the parts."""
    return [link for link in found if _part_of(link) == part]


def _part_of(link: Link) -> str:
    if link.language:
        return "languages"
    return {"item": "items", "describedby": "forms", "alternate": "forms"}.get(link.relation, "about")


def _linked(site: Printed) -> Iterator[tuple[str, list[Link]]]:
    """Go through the patterns of addresses and the links of each; the first that is found counts."""
    prefix = language_prefix(site)
    if _DATASET in site.documents:
        about = site.subject(_DATASET)
        front = links(site.names, about, ())
        yield r"^(\w+)\|r(?:index\.html)?$", [*front, Link("canonical", site.names.space)]
        yield rf"^(\w+)\|r{prefix}(?:index\.html)?$", front
        for one in DISTRIBUTIONS:
            profile = profile_of(*one.path.rsplit(".", 1))
            follows = [Link("profile", profile.iri)] if profile else []
            yield rf"^(\w+)\|r{re.escape(one.path)}$", [*content_links(site.names, about, one), *follows]
    yield (
        rf"^(\w+)\|r{SWEDISH}$",
        [
            Link("canonical", f"{site.names.space}{SWEDISH}"),
            *(Link("profile", one.iri) for one in PROFILES if SWEDISH in one.paths),
        ],
    )
    yield from _overviews(site)
    kinds = list(_kinds(site))
    for kind in kinds:
        further = rf"^(\w+)\|r{prefix}?({kind.pattern})/page-[0-9]+\.html$"
        yield further, links(site.names, kind.subject, ())
    for kind in kinds:  # first: the others would take the folder of a language for one of things
        yield rf"^(\w+)\|r{prefix}({kind.pattern})\.html$", _page_links(site, kind)
    for kind in kinds:
        page = [*_page_links(site, kind), Link("canonical", kind.subject.iri)]
        yield rf"^(\w+)\|r({kind.pattern})\.html$", page
        for suffix in kind.suffixes:
            address = rf"^(\w+)\|r({kind.pattern})\.{re.escape(suffix)}$"
            yield address, _data_links(site, kind.subject, suffix)


def _overviews(site: Printed) -> Iterator[tuple[str, list[Link]]]:
    """Go through the patterns of the pages of no document, which no pattern of documents may take."""
    names, prefix = site.names, language_prefix(site)
    described = [path for one in VOCABULARY if (path := names.path_of(one)) in site.documents]
    for root, told in overviews(names).items():
        is_of_dataset = _DATASET in site.documents and told.first != names.vocabulary_index
        about = [_DATASET] if is_of_dataset else described
        if f"{told.first}.html" not in site.files or not about:
            continue
        found = overview_links(names, told, site.subject(about[0]))
        for pattern, suffix in (
            (rf"{re.escape(root)}(?:/[^|]*)?", ".html"),
            (rf"{re.escape(root)}/", "index.html"),
        ):
            pages = [*found, *_in_languages(site, suffix)]
            own = [Link("canonical", f"{names.space}{_PATH}{suffix.removesuffix('.html')}")]
            end = re.escape(suffix) if suffix == ".html" else ""
            yield rf"^(\w+)\|r{prefix}({pattern}){end}$", pages
            yield rf"^(\w+)\|r({pattern}){end}$", [*pages, *(own if root != names.vocabulary_index else ())]


def _in_languages(site: Printed, suffix: str) -> list[Link]:
    """Return links to a page in each language."""
    folders = [("" if place == 0 else f"{tag}/", tag) for place, tag in enumerate(site.languages)]
    return [
        Link("alternate", f"{site.names.space}{folder}{_PATH}{suffix}", "text/html", "", tag)
        for folder, tag in folders
    ]


def _page_links(site: Printed, kind: _Kind) -> list[Link]:
    """Return the links of a page in any language: those that it holds itself, and its data."""
    data = [link for link in _alternates(site, kind) if not link.language]
    return [*links(site.names, kind.subject, site.languages), *data]


def _data_links(site: Printed, subject: Subject, suffix: str) -> list[Link]:
    profile = profile_of(subject.path, suffix)
    return [
        Link("canonical", subject.iri),
        *metadata_links(site.names, subject),
        *([Link("license", subject.license)] if subject.license else ()),
        *([Link("profile", profile.iri)] if profile else ()),
    ]


def _alternates(site: Printed, kind: _Kind) -> list[Link]:
    """Return links to each representation of a document."""
    space, path = site.names.space, kind.subject.path
    pages = [link._replace(href=link.href.replace(_PATH, path)) for link in _in_languages(site, ".html")]
    data = []
    for suffix in kind.suffixes:
        profile, media_type = profile_of(path, suffix), bare(media_type_of(f"x.{suffix}"))
        iri = profile.iri if profile else ""
        data.append(Link("alternate", f"{space}{path}.{suffix}", media_type, iri))
    return [*pages, *data]


_WRITERS: Final[Mapping[str, Callable[[Sequence[Link]], str]]] = {
    "html": lambda found: _list_of(found, "text/html"),
    "json": lambda found: _list_of(found, ""),
    "link": _as_links,
}
"""How the list of a document's representations is written: as a page, as JSON, as a header."""


def _kinds(site: Printed) -> Iterator[_Kind]:
    """Go through the kinds of documents, those with patterns that match less first."""
    by_kind: dict[tuple[Subject, tuple[str, ...]], list[str]] = {}
    for path in sorted(site.documents):
        suffixes = tuple(suffix for suffix in _DATA if f"{path}.{suffix}" in site.files)
        by_kind.setdefault((_general(site, path), suffixes), []).append(path)
    general: dict[bool, _Kind] = {}
    for (subject, suffixes), paths in sorted(by_kind.items(), key=lambda item: (-len(item[1]), item[0])):
        is_term = _REST in subject.iri
        folder = site.names.vocabulary_folder if is_term else ""
        if is_term not in general and subject.path == _PATH:
            pattern = rf"{re.escape(folder)}({_ANY})" if is_term else _ANY
            general[is_term] = _Kind(pattern, subject, suffixes)
            continue
        for some in listed(path.removeprefix(folder) for path in paths):
            yield _Kind(rf"{re.escape(folder)}({some})" if is_term else some, subject, suffixes)
    yield from (general[is_term] for is_term in (True, False) if is_term in general)


def _general(site: Printed, path: str) -> Subject:
    """Return what is told of a document, with words for what its pattern finds."""
    subject = site.subject(path)
    if path in _SINGULAR:
        return subject
    told = subject._replace(path=_PATH, type=_TYPE)
    if subject.iri == f"{site.names.space}{path}":
        return told._replace(iri=f"{site.names.space}{_PATH}")
    rest = path.removeprefix(site.names.vocabulary_folder)
    if rest != path and subject.iri == f"{W3ID}{rest}":
        return told._replace(iri=f"{W3ID}{_REST}")
    return subject
