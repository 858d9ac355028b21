"""The configuration of Caddy: choices become maps; comparisons, which its patterns cannot make, expressions.

Its patterns are those of RE2 (https://github.com/google/re2/wiki/Syntax): never slow, but without references
back. Sources: https://caddyserver.com/docs/caddyfile/directives/map and
https://caddyserver.com/docs/caddyfile/matchers
"""

import re
from collections.abc import Mapping
from typing import Final

from twintowns import headers
from twintowns.choices import Case, Choice
from twintowns.linkpatterns import PARTS, alternate_choices, link_choices
from twintowns.printed import Printed
from twintowns.serverwords import (
    PROBLEMS,
    REFERENCE,
    Place,
    choices,
    common,
    filled,
    lines,
    problem_details,
    problem_page,
)

_ASKED: Final = {
    "query": "{query}",
    "accept": "{header.Accept}",
    "accept_language": "{header.Accept-Language}",
    "accept_encoding": "{header.Accept-Encoding}",
    "accept_profile": "{header.Accept-Profile}",
    "uri": "{path}",
    "sent": "{uri}",
    "is_document": "{vars.tt_is_document}",
}
"""The placeholders that say what is asked."""


def caddy(site: Printed, place: Place) -> str:
    """Return a site block."""
    host, _, port = place.listen.rpartition(":")
    told = [*choices(site, place), *link_choices(site), *alternate_choices(site)]
    names = {**_ASKED, **{choice.name: _placeholder(choice) for choice in told}}
    problem = Choice("problem", "{status}|{accept}", tuple(_problems(site, place)))
    kind = Choice("problem_type", "{accept}", (_PERSON,), "application/problem+json", has_case=False)
    return filled(
        "Caddyfile",
        {
            **common(site, place),
            "port": port,
            "bind": f"\tbind {host.strip('[]')}\n" if host else "",
            "choices": lines(_written(choice, names) for choice in told),
            "headers": lines(f"\t\t{name} `{value}`" for name, value in headers.EVERY.items()),
            "links": lines(_link(part) for part in PARTS),
            "problems": lines(_map(one, {**names, "status": "{err.status_code}"}) for one in (problem, kind)),
        },
    )


_PERSON: Final = Case("text/html|application/xhtml", "text/html; charset=utf-8")


def _problems(site: Printed, place: Place) -> list[Case]:
    pages = [
        Case(f"(?i)^{one}[|].*(?:{_PERSON.pattern})", problem_page(one, site, place)) for one in PROBLEMS
    ]
    return [*pages, *(Case(f"^{one}[|]", problem_details(one, site)) for one in PROBLEMS)]


def _placeholder(choice: Choice) -> str:
    return f"{{vars.tt_{choice.name}}}" if choice.heavier else f"{{tt_{choice.name}}}"


def _link(part: str) -> str:
    return (
        f"\t\t@tt_links_{part} not vars {{tt_links_{part}}} ``\n"
        f"\t\theader @tt_links_{part} +Link {{tt_links_{part}}}"
    )


def _written(choice: Choice, names: Mapping[str, str]) -> str:
    return _comparison(choice, names) if choice.heavier else _map(choice, names)


def _map(choice: Choice, names: Mapping[str, str]) -> str:
    """Return a choice as a map."""
    source = REFERENCE.sub(lambda found: names[found[1]], choice.source)
    flag = "" if choice.has_case else "(?i)"
    cases = lines(f"\t\t\t`~{flag}{_re2(case.pattern)}` `{_braced(case.result)}`" for case in choice.cases)
    default = f"\t\t\tdefault `{choice.default}`"
    return lines((f"\t\tmap * `{source}` {{tt_{choice.name}}} {{", cases, default, "\t\t}"))


def _comparison(choice: Choice, names: Mapping[str, str]) -> str:
    """Return the choice of the heavier one as variables, which keep the heaviest so far."""
    weight, offer = choice.heavier or ("", "")
    before = REFERENCE.search(choice.source)
    lighter = names[before[1]] if before and before[1] != weight else "0 none"
    name = f"tt_{choice.name}"
    return lines(
        (
            f"\t\tvars * {name} `{lighter}`",
            f"\t\t@{name} expression `{names[weight]} + ' ' > {{vars.{name}}}`",
            f"\t\tvars @{name} {name} `{names[weight]} {offer}`",
        )
    )


def _re2(pattern: str) -> str:
    """Return a pattern of PCRE as RE2 reads it: without possession, letters instead of bytes."""
    return re.sub(r"(?<!\\)([+*])\+", r"\1", pattern).replace(r"\x80-\xff", r"\x{80}-\x{10FFFF}")


def _braced(result: str) -> str:
    return re.sub(r"\$(\d)", r"${\1}", result)
