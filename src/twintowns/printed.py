"""A printed site as the configuration of a web server tells of it: its paths as tables of patterns.

What holds for most documents is one pattern; the others are listed, in parts that a server's reader takes.
The links come from the same table as those of the pages.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from twintowns import jsontext
from twintowns.choices import FORMS, SUFFIXES, Case, Choice, either, forms_of, offers_text
from twintowns.exceptions import HostingError
from twintowns.inventory import MANIFEST, check
from twintowns.iris import Names, is_safe
from twintowns.mediatypes import CODINGS, NAMED
from twintowns.profiles import PROFILES
from twintowns.signposting import Subject

SWEDISH: Final = "datasets/dcat"
"""Where the Swedish portal's rendition of the catalogue lies."""
MOST_CHARACTERS: Final = 3500
"""The length of a list of paths that every server reads as one text (nginx: 4,096 bytes)."""

_TAG: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_IRI: Final = re.compile(r"https?://[^\s<>\"'\\{}|^`$%\x00-\x1f\x7f]+")
_TYPE: Final = re.compile(r"\w+", re.ASCII)
_SHELF: Final = r"^shelf\|html\|"
_NAME: Final = r"^\w+\|html\|"


@dataclass(frozen=True)
class Printed:
    """What the manifest of a site says.

    Attributes:
        folder: Where the site lies.
        names: How its things are named.
        languages: The languages of its pages, the main one first.
        files: The paths of its files.
        gone: The documents that are no more.
        documents: What is told of each document.
        author: Whose it is.
        license: How it may be used.
    """

    folder: Path
    names: Names
    languages: tuple[str, ...]
    files: frozenset[str]
    gone: tuple[str, ...]
    documents: Mapping[str, Mapping[str, str]]
    author: str = ""
    license: str = ""

    def subject(self, path: str) -> Subject:
        """Return what is known of a document."""
        told = self.documents[path]
        author, terms = told.get("author", self.author), told.get("license", self.license)
        return Subject(told.get("iri", f"{self.names.space}{path}"), path, told["type"], author, terms)


def printed(folder: Path) -> Printed:
    """Read what the manifest of a site says.

    Raises:
        HostingError: If there is no site, or its manifest says what no configuration can hold.
    """
    try:
        told = jsontext.read((folder / MANIFEST).read_bytes())
        check(told)
        found = Printed(
            folder.resolve(),
            Names.of_site(told["space"]),
            tuple(told["languages"]),
            frozenset(told["files"]) | {MANIFEST},
            tuple(told["gone"]),
            told["documents"],
            told.get("author", ""),
            told.get("license", ""),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HostingError(
            folder / MANIFEST, "there is no site here to be served", "print it with `twintowns build`"
        ) from error
    _check(found)
    return found


def path_choices(site: Printed) -> Iterator[Choice]:
    """Go through the choices that a path of the site leads to: `role`, `gone`, `offers`, `type`."""
    yield _role(site)
    ends = either([*_suffixes(site), *SUFFIXES.values()])
    languages = language_prefix(site)
    gone = (Case(rf"^{languages}?{one}(?:\.{ends})?$", "gone") for one in listed(site.gone))
    yield Choice("gone", "{path}", tuple(gone), "kept")
    offers = {path: _offers(site, path) for path in ("", *site.documents)}
    pages = dict.fromkeys((*_shelves(site), *_tongues(site)), offers_text(["html"], ()))
    yield _grouped("offers", "^/{0}$", {**offers, **pages})
    types = {path: told["type"] for path, told in site.documents.items()}
    yield _grouped("type", rf"^/{languages}?{{0}}(?:/page-[0-9]+)?\.{ends}$", types)


def answer_choices(site: Printed) -> Iterator[Choice]:
    """Go through the choices of what to answer: `action`, `location`, `file`, `kind`, `page_language`.

    Besides others their sources name `is_document`: `document`, or `absent` where it has no page.
    """
    yield Choice("action", "{role} {is_document} {gone} p{profile} {form}", _ACTIONS, "redirect")
    yield _target(site)
    yield _location(site)
    yield _file(site)
    kinds = tuple(Case(f"^{re.escape(path)}$", kind_of(path)) for path in sorted(NAMED))
    yield Choice("kind", "{file}", (*kinds, Case(r"\.([a-z0-9]+)$", "$1")), "none")
    main, *others = site.languages
    pages = (Case(rf"^({either(others)})/.*\.html$", "$1"),) if others else ()
    yield Choice("page_language", "{file}", (*pages, Case(r"\.html$", main)))


def kind_of(path: str) -> str:
    """Return the word for the media type of a path whose suffix does not tell it."""
    return re.sub(r"[^a-z]+", "-", path).strip("-")


_ACTIONS: Final = (
    Case(r"^none ", "missing"),
    Case(r"^(?:file|folder) \S+ gone ", "gone"),
    Case(r"^(?:file|folder) ", "file"),
    Case(r"^name absent ", "missing"),
    Case(r"^name \S+ gone ", "gone"),
    Case(r"^name \S+ \S+ palt ", "alternates"),
    Case(r" none$", "unacceptable"),
    Case(r"^front .* html$", "file"),
)


def _check(site: Printed) -> None:
    """See that nothing from the manifest can be read as anything but what it is.

    Raises:
        HostingError: If something could.
    """
    wrong = [
        *(tag for tag in site.languages if not _TAG.fullmatch(tag)),
        *(iri for iri in _iris(site) if not _is_iri(iri)),
        *(told["type"] for told in site.documents.values() if not _TYPE.fullmatch(told["type"])),
        *(path for path in (*site.files, *site.gone, *site.documents) if not is_safe(path)),
    ]
    if wrong or not site.languages:
        raise HostingError(
            site.folder / MANIFEST,
            "no configuration can hold {value}",
            "choose another",
            values={"value": next(iter(wrong), "no language")},
        )


def _iris(site: Printed) -> Iterator[str]:
    yield site.names.space
    rights = (told.get(name, "") for told in site.documents.values() for name in ("iri", "author", "license"))
    yield from (iri for iri in (site.author, site.license, *rights) if iri)


def _is_iri(text: str) -> bool:
    """Tell whether a text is an IRI, of which nothing can be read as more than text."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return _IRI.fullmatch(text) is not None


def _suffixes(site: Printed) -> list[str]:
    """Return the suffixes of the site's files, but for compressed variants, which have no address."""
    found = {path.rpartition(".")[2] for path in site.files if "." in path.rpartition("/")[2]}
    return sorted(suffix for suffix in found - set(CODINGS.values()) if "/" not in suffix)


def language_prefix(site: Printed) -> str:
    """Return a pattern for the folder of a language other than the main one, with its slash."""
    return f"(?:{either(site.languages[1:])}/)" if site.languages[1:] else r"(?:\b\B)"


def _role(site: Printed) -> Choice:
    """Choose what a path is: the front page, a folder with a page, a file, perhaps a name, or nothing.

    A folder with a page, asked for without the slash at its end, is a shelf; in one language only, a tongue.
    """
    top = [path for path in site.files if "/" not in path and path.rpartition(".")[2] not in CODINGS.values()]
    suffixed = [path for path in NAMED if path in site.files and "." not in path.rpartition("/")[2]]
    languages = language_prefix(site)
    folders, tongues = _shelves(site), _tongues(site)
    return Choice(
        "role",
        "{raw} {path}",
        (
            Case(r"^\? ", "none"),
            Case(r"^\S* $", "front"),
            Case(rf"^\S* {languages}$", "folder"),
            *([Case(rf"^\S* {languages}?{either(folders)}/$", "folder")] if folders else []),
            *(Case(rf"^\S* {some}$", "shelf") for some in listed(folders)),
            *(Case(rf"^\S* {some}$", "tongue") for some in listed(tongues)),
            Case(rf"^\S* {either(sorted(suffixed))}$", "file"),
            Case(r"^\S* (?:.*[^\w.~/\x80-\xff-]|.*//|/|(?:.*/)?\.)", "none"),
            *(Case(rf"^\S* {some}$", "file") for some in listed(top)),
            Case(r"^\S* [^/]*\.", "none"),
            Case(rf"^\S* .*\.{either(_suffixes(site))}$", "file"),
            Case(rf"^\S* (?:{languages}|.*/$)", "none"),
        ),
        "name",
    )


def _shelves(site: Printed) -> list[str]:
    """Return the folders that have a page in the main language."""
    found = {path.partition("/")[0] for path in site.files if path.endswith("/index.html")}
    return sorted(found - set(site.languages) - set(site.documents))


def _tongues(site: Printed) -> list[str]:
    """Return the folders that have a page in one of the other languages."""
    others = site.languages[1:]
    places = [place for one in others for place in (one, *(f"{one}/{shelf}" for shelf in _shelves(site)))]
    return [place for place in places if f"{place}/index.html" in site.files]


def _offers(site: Printed, path: str) -> str:
    """Return the forms and profiles of a document, as the choices read it; the front has the catalogue's."""
    stem = path or "catalogue"
    forms = [form for form in FORMS if f"{stem}.{SUFFIXES.get(form, form)}" in site.files]
    if stem == "catalogue" and SWEDISH in site.files:
        forms.append("dcat")
    profiled = []
    for profile in PROFILES:
        applies = not profile.paths or stem in profile.paths
        some = forms_of(profile, forms) if applies else []
        if SWEDISH in profile.paths and "dcat" in forms:
            some = ["dcat"]
        if some:
            profiled.append((profile.token, some))
    return offers_text([form for form in forms if form not in {"schema", "dcat"}], profiled)


def _grouped(name: str, pattern: str, values: Mapping[str, str]) -> Choice:
    """Choose a value by a path: the most frequent one by default, the paths of the others listed."""
    by_value: dict[str, list[str]] = {}
    for path, value in values.items():
        by_value.setdefault(value, []).append(path)
    default, *others = sorted(by_value, key=lambda value: (-len(by_value[value]), value)) or [""]
    cases = (Case(pattern.format(some), value) for value in others for some in listed(by_value[value]))
    return Choice(name, "/{path}", tuple(cases), default)


def listed(paths: Iterable[str]) -> Iterator[str]:
    """Go through patterns for any of some paths, none longer than a server reads."""
    part: list[str] = []
    size = 0
    for path in sorted(paths):
        length = len(re.escape(path).encode()) + 1
        if part and size + length > MOST_CHARACTERS:
            yield either(part)
            part, size = [], 0
        part.append(path)
        size += length
    if part:
        yield either(part)


def _target(site: Printed) -> Choice:
    """Choose where a redirect leads, told from the root of the site, decoded."""
    main, *others = site.languages
    elsewhere = [
        Case(rf"{begin}({either(others)})\|(.+)$", f"$1/$2{end}")
        for begin, end in ((_SHELF, "/index.html"), (_NAME, ".html"))
        if others
    ]
    cases = _leading(main, "$", "(.+)$", elsewhere)
    return Choice("target", "{role}|{form}|{language}|{path}", cases)


def _location(site: Printed) -> Choice:
    """Choose where a redirect leads, relative to what was asked, which is known as it was sent."""
    main, *others = site.languages
    deepest = max((path.count("/") for path in site.documents), default=0)
    elsewhere = [
        Case(rf"{begin}({either(others)})\|r((?:[^|/]*/){{{depth}}}[^|/]*)$", f"{'../' * depth}$1/$2{end}")
        for begin, end, depths in ((_SHELF, "/index.html", 1), (_NAME, ".html", deepest + 1))
        for depth in range(depths)
        if others
    ]
    cases = _leading(main, "r$", r"r(?:[^|]*/)?([^|/]*)$", elsewhere)
    return Choice("location", "{role}|{form}|{language}|{raw}", cases)


def _leading(main: str, root: str, named: str, elsewhere: Sequence[Case]) -> tuple[Case, ...]:
    """Return where redirects lead: of the main language, and those that lead elsewhere.

    Args:
        main: The main language.
        root: What stands for the root of the site.
        named: What stands for a document, with its name as the first group.
        elsewhere: The cases of the other languages.
    """
    return (
        Case(r"^\w+\|dcat\|", SWEDISH),
        Case(rf"^\w+\|schema\|[^|]*\|{root}", "catalogue.schema.jsonld"),
        Case(rf"^\w+\|([a-z]+)\|[^|]*\|{root}", "catalogue.$1"),
        Case(rf"^\w+\|schema\|[^|]*\|{named}", "$1.schema.jsonld"),
        Case(rf"^tongue\|html\|[^|]*\|{named}", "$1/index.html"),
        Case(rf"{_SHELF}{re.escape(main)}\|{named}", "$1/index.html"),
        Case(rf"{_NAME}{re.escape(main)}\|{named}", "$1.html"),
        *elsewhere,
        Case(rf"^\w+\|(ttl|jsonld|nt|rdf)\|[^|]*\|{named}", "$2.$1"),
    )


def _file(site: Printed) -> Choice:
    """Choose the file that is served: of a document only where it is gone."""
    main, *others = site.languages
    elsewhere = [Case(rf"^name\|(?:html|none)\|({either(others)})\|(.*)$", "$1/$2.html")] if others else []
    return Choice(
        "file",
        "{role}|{form}|{language}|{path}",
        (
            Case(r"^front\|", "index.html"),
            Case(r"^folder\|[^|]*\|[^|]*\|(.*)$", "$1index.html"),
            Case(r"^file\|[^|]*\|[^|]*\|(.*)$", "$1"),
            Case(rf"^name\|(?:html|none)\|{re.escape(main)}\|(.*)$", "$1.html"),
            *elsewhere,
            Case(r"^name\|schema\|[^|]*\|(.*)$", "$1.schema.jsonld"),
            Case(r"^name\|([a-z]+)\|[^|]*\|(.*)$", "$2.$1"),
        ),
        "none",
    )
