"""What the configurations of all web servers have in common: where the site is, its choices, what is wrong.

A configuration is a template of the package in which places such as `@@{folder}` are filled.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import Template
from typing import Final

from twintowns import headers
from twintowns.choices import FORMS, Case, Choice, negotiation
from twintowns.mediatypes import MEDIA_TYPES, NAMED
from twintowns.printed import Printed, answer_choices, kind_of, path_choices
from twintowns.problems import Form, Problem, Reader, told_problem
from twintowns.project import HOSTING

PROBLEMS: Final = (400, 403, 404, 405, 406, 412, 413, 414, 416)
"""What can be wrong with a request."""
REFERENCE: Final = re.compile(r"\{([a-z_0-9]+)\}")
"""What stands in the source of a choice for another one."""


@dataclass(frozen=True)
class Place:
    """Where a site is to be found.

    Attributes:
        root_path: The path at which it lies on its host, without a slash at the end; empty for the root.
        listen: The port, or address and port, at which the server listens.
        to: Where `w3id.org` is to lead: the address of the site, ending in `/`.
    """

    root_path: str = ""
    listen: str = "80"
    to: str = ""


class _Places(Template):
    """A template with places such as `@@{name}`, for servers have other uses for the dollar."""

    delimiter = "@@"


def filled(template: str, told: Mapping[str, str]) -> str:
    """Return a template of the package, filled."""
    return _Places((HOSTING / template).read_text(encoding="utf-8")).substitute(told)


def common(site: Printed, place: Place) -> dict[str, str]:
    """Return what every template can tell."""
    return {
        "space": site.names.space,
        "folder": str(site.folder),
        "listen": place.listen,
        "root_path": place.root_path,
        "allow": headers.ALLOW,
        "methods": "|".join(headers.METHODS),
        "allowed_headers": headers.PREFLIGHT["Access-Control-Allow-Headers"],
        "max_age": headers.PREFLIGHT["Access-Control-Max-Age"],
        "vary": headers.VARY_DOCUMENT,
        "cache_file": headers.CACHE_FILE,
        "cache_redirect": headers.CACHE_REDIRECT,
        "cache_not_found": headers.CACHE_NOT_FOUND,
        "cache_error": headers.CACHE_ERROR,
    }


def choices(site: Printed, place: Place) -> list[Choice]:
    """Return the choices that every server makes, each after those that its source names.

    Their sources name besides these what is asked: `uri`, the decoded path on the host, `sent`, the path or
    the first line of the request as it was sent, and what `negotiation` and `answer_choices` say.
    """
    return [
        *_path_choices(place),
        *path_choices(site),
        *negotiation(site.languages),
        *answer_choices(site),
        Choice("media_type", "{kind}", tuple(_kind_cases()), "application/octet-stream"),
    ]


def kinds() -> Iterator[tuple[str, str]]:
    """Go through the words for media types, suffixes mostly, with the media type of each."""
    yield from MEDIA_TYPES.items()
    yield from ((kind_of(path), media_type) for path, media_type in sorted(NAMED.items()))


def _kind_cases() -> Iterator[Case]:
    return (Case(f"^{re.escape(kind)}$", media_type) for kind, media_type in kinds())


def _path_choices(place: Place) -> Iterator[Choice]:
    """Go through the choices of the path in the site: decoded, and, behind an `r`, as it was sent."""
    root = re.escape(place.root_path)
    yield Choice("path", "{uri}", (Case(rf"^{root}/(.*)$", "$1"),), "/")
    as_sent = rf"^(?:[A-Z]+ )?{root}/([A-Za-z0-9_.~/%\x80-\xff-]*)(?:[? ].*)?$"
    yield Choice("raw", "{sent}", (Case(as_sent, "r$1"),), "?")


def problem_details(status: int, site: Printed) -> str:
    """Return what is wrong, in one line for programs."""
    return _problem(status, Reader("", "", site.languages[:1]))


def problem_page(status: int, site: Printed, place: Place) -> str:
    """Return what is wrong, as a page in the main language, in one line."""
    return _problem(status, Reader("text/html", "", site.languages[:1], place.root_path, site.files))


def _problem(status: int, reader: Reader) -> str:
    types = dict.fromkeys(FORMS.values()) if status == _NOT_ACCEPTABLE else ()
    forms = [Form(f"?_mediatype={one.replace('+', '%2B')}", one) for one in types]
    return one_line(told_problem(Problem(status, forms=forms), reader).body)


_NOT_ACCEPTABLE: Final = 406


def one_line(text: bytes) -> str:
    """Return a page, or JSON, in which line ends mean nothing, in one line."""
    return re.sub(r"\s*\n\s*", " ", text.decode()).strip()


def lines(some: Iterable[str]) -> str:
    """Return lines as one text."""
    return "\n".join(some)


def quoted(text: str) -> str:
    """Return text in quotation marks, as nginx, Apache and Caddy read it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
