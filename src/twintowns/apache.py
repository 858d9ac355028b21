"""The configuration of Apache: choices become rewriting rules that set variables, in one virtual host.

Rules for a folder (`.htaccess`) would see the path only after it became a file, and start again with each
rewriting. Sources: https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html,
https://httpd.apache.org/docs/2.4/mod/mod_headers.html and https://httpd.apache.org/docs/2.4/expr.html
"""

from collections.abc import Iterable
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
    lines,
    problem_details,
    problem_page,
    quoted,
)

_ASKED: Final = {
    "query": "%{QUERY_STRING}",
    "accept": "%{HTTP:Accept}",
    "accept_language": "%{HTTP:Accept-Language}",
    "accept_encoding": "%{HTTP:Accept-Encoding}",
    "accept_profile": "%{HTTP:Accept-Profile}",
    "uri": "%{REQUEST_URI}",
    "sent": "%{THE_REQUEST}",
}
"""The variables that say what is asked."""
_IS_DOCUMENT: Final = "is_document"


def apache(site: Printed, place: Place) -> str:
    """Return a virtual host."""
    told = choices(site, place)
    first = next(n for n, choice in enumerate(told) if f"{{{_IS_DOCUMENT}}}" in choice.source)
    listed = [choice for choice in alternate_choices(site) if choice.name == "alternates_link"]
    return filled(
        "apache.conf",
        {
            **common(site, place),
            "address": place.listen if ":" in place.listen else f"*:{place.listen}",
            "before": _rules(told[:first]),
            "after": _rules(told[first:]),
            "headers": lines(
                f'    Header always set {name} "{value}"' for name, value in headers.EVERY.items()
            ),
            "links": lines(map(_conditions, (*link_choices(site), *listed))),
            "told_links": lines(
                f'    Header add Link "%{{{name}}}e" env={name}'
                for name in (f"TT_LINKS_{part.upper()}" for part in PARTS)
            ),
            "pages": lines(
                f"        ErrorDocument {status} {quoted(problem_page(status, site, place))}"
                for status in PROBLEMS
            ),
            "details": lines(
                f"        ErrorDocument {status} {quoted(problem_details(status, site))}"
                for status in PROBLEMS
            ),
        },
    )


def _rules(told: Iterable[Choice]) -> str:
    return lines(map(_rule, told))


def _rule(choice: Choice) -> str:
    """Return a choice as rewriting rules that set a variable, those last that decide."""
    source = REFERENCE.sub(lambda found: _ASKED.get(found[1], f"%{{ENV:{_name(found[1])}}}"), choice.source)
    flags, name = "NV" if choice.has_case else "NC,NV", _name(choice.name)
    cases = (
        f'    RewriteCond "{source}" "{_without_quotes(case.pattern)}" [{flags}]\n'
        f'    RewriteRule ^ - "[E={name}:{case.result.replace("$", "%")}]"'
        for case in reversed(choice.cases)
    )
    return lines((f'    RewriteRule ^ - "[E={name}:{choice.default}]"', *cases))


def _name(choice: str) -> str:
    return f"TT_{choice.upper()}"


def _without_quotes(pattern: str) -> str:
    """Return a pattern as mod_rewrite reads it, which knows no way to write a quotation mark."""
    return pattern.replace('"', r"\x22")


def _conditions(choice: Choice) -> str:
    """Return a choice as conditions on variables that were set before, those last that decide.

    Unlike rewriting rules these can set texts with commas.
    """
    source = REFERENCE.sub(lambda found: f"%{{reqenv:{_name(found[1])}}}", choice.source)
    cases = (
        (f"'{source}' =~ m#{one.pattern}#", f"{_name(choice.name)}={one.result}") for one in choice.cases
    )
    told = [f"        SetEnvIfExpr {quoted(condition)} {quoted(setting)}" for condition, setting in cases]
    return lines(reversed(told))
