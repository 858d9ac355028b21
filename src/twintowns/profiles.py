"""The profiles that representations follow, each with its IRI and the token by which an address names it.

Source: https://www.w3.org/TR/dx-prof-conneg/
"""

from typing import Final, NamedTuple


class Profile(NamedTuple):
    """A profile.

    Attributes:
        token: How `?_profile=` names it.
        iri: How `Accept-Profile` and links name it.
        suffixes: The suffixes of the representations that follow it, best first.
        paths: The documents that have such representations; empty for all.
    """

    token: str
    iri: str
    suffixes: tuple[str, ...]
    paths: tuple[str, ...] = ()


ALTERNATES: Final = "alt"
"""The token of the list of representations and profiles."""
ALTERNATES_IRI: Final = "http://www.w3.org/ns/dx/connegp/altr"
"""The profile that this list follows."""

PROFILES: Final = (
    Profile("dcat-ap", "http://data.europa.eu/r5r/", ("ttl", "jsonld", "rdf", "nt"), ("catalogue",)),
    Profile("dcat-ap-se", "https://docs.dataportal.se/dcat/", ("",), ("datasets/dcat",)),
    Profile("schema.org", "https://schema.org/", ("schema.jsonld",)),
    Profile(
        "twintowns", "https://w3id.org/twintowns/specification", ("ttl", "jsonld", "nt"), ("dump/twintowns",)
    ),
)
"""The profiles, the more particular first."""


def profile_of(path: str, suffix: str) -> Profile | None:
    """Return the profile that a representation of a document follows, if any.

    What conforms to the specification is the dataset as a whole; the file of a thing tells of its neighbours
    no more than their names.

    >>> profile_of("dump/twintowns", "ttl").token, profile_of("catalogue", "ttl").token
    ('twintowns', 'dcat-ap')
    """
    fitting = (one for one in PROFILES if suffix in one.suffixes and (not one.paths or path in one.paths))
    return next(fitting, None)


def profile_named(name: str) -> Profile | None:
    """Return the profile with a token or an IRI.

    >>> profile_named("https://schema.org/").token
    'schema.org'
    """
    return next((one for one in PROFILES if name in (one.token, one.iri)), None)
