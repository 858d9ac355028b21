"""The configuration of nginx: choices become maps, which it looks up only where they are asked for.

Sources: https://nginx.org/en/docs/http/ngx_http_map_module.html and
https://nginx.org/en/docs/http/ngx_http_rewrite_module.html
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from twintowns import headers
from twintowns.choices import Choice
from twintowns.linkpatterns import PARTS, alternate_choices, link_choices
from twintowns.printed import Printed
from twintowns.serverwords import (
    PROBLEMS,
    REFERENCE,
    Place,
    choices,
    common,
    filled,
    kinds,
    lines,
    problem_details,
    problem_page,
    quoted,
)

_CACHED: Final = (200, 206, 303, 304, 404)
_ASKED: Final = {
    "query": "args",
    "accept": "http_accept",
    "accept_language": "http_accept_language",
    "accept_encoding": "http_accept_encoding",
    "accept_profile": "http_accept_profile",
    "uri": "uri",
    "sent": "request_uri",
    "is_document": "tt_is_document",
}
"""The variables that say what is asked."""


def nginx(site: Printed, place: Place) -> str:
    """Return a configuration that belongs into the `http` block."""
    told = [*choices(site, place), *link_choices(site), *alternate_choices(site)]
    variables = {**_ASKED, **{choice.name: f"tt_{choice.name}" for choice in told}}
    text = filled(
        "nginx.conf",
        {
            **common(site, place),
            "maps": lines(_map(choice, variables) for choice in told),
            "once": lines(
                f'map $status $tt_header_{number} {{ volatile; 416 ""; default {quoted(value)}; }}'
                for number, value in enumerate(headers.EVERY.values())
            ),
            "headers": lines(
                f"    add_header {name} $tt_header_{number} always;"
                for number, name in enumerate(headers.EVERY)
            ),
            "types": lines(f'        "{media_type}" {kind};' for kind, media_type in kinds()),
            "caches": lines(f'    {status} "{headers.cache_control(status)}";' for status in _CACHED),
            "links": lines(f"    add_header Link $tt_links_{part};" for part in PARTS),
            "errors": lines(
                f"    error_page {status} /.twintowns/{status}.$tt_problem;" for status in PROBLEMS
            ),
            "problems": lines(_problem(status, site, place) for status in PROBLEMS),
        },
    )
    return _with_own_variables(text, f"{site.folder} {place}")


def _with_own_variables(text: str, whose: str) -> str:
    """Name the variables after a site, since all sites of a server share them.

    No text from a publication holds a dollar.
    """
    own = sha256(whose.encode()).hexdigest()[:4]
    return re.sub(r"(\$\{?)tt_", rf"\g<1>tt{own}_", text)


def _map(choice: Choice, variables: Mapping[str, str]) -> str:
    source = REFERENCE.sub(lambda found: f"${{{variables[found[1]]}}}", choice.source)
    sign = "~" if choice.has_case else "~*"
    cases = "".join(f"    {quoted(sign + case.pattern)} {quoted(case.result)};\n" for case in choice.cases)
    return f"map {quoted(source)} $tt_{choice.name} {{\n    default {quoted(choice.default)};\n{cases}}}"


def _problem(status: int, site: Printed, place: Place) -> str:
    told = {"html": problem_page(status, site, place), "problem": problem_details(status, site)}
    return lines(
        f"    location = /.twintowns/{status}.{form} {{ internal; return {status} {quoted(body)}; }}"
        for form, body in told.items()
    )
