"""What is told where a request cannot be answered: problem details for programs, a page for people.

Whoever names HTML among what it accepts is taken for a person's browser. The page says the same as the
details, in the reader's language. Source: https://www.rfc-editor.org/rfc/rfc9457
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final, NamedTuple

from twintowns import jsontext
from twintowns.mediatypes import CALLED
from twintowns.messages import SOURCE_LANGUAGE, language_name, marked, page_translations, translations
from twintowns.negotiation import language, names_media_type
from twintowns.templating import environment
from twintowns.wayfinding import Ways, ways

PROBLEM_JSON: Final = "application/problem+json"
JSON: Final = "application/json"
HTML: Final = "text/html; charset=utf-8"
_ALTERNATES = (
    "Forms and profiles",
    "These are the forms in which this is available, and the profiles that they follow.",
)

_SENTENCES = {
    400: ("Bad request", "The address or a header of this request cannot be read."),
    404: ("Not found", "There is nothing at this address."),
    405: ("Method not allowed", "This address can only be read."),
    406: ("Not acceptable", "This is not available in any of the forms asked for, but it is in these."),
    410: ("Gone", "What was here is no longer published."),
    412: ("Precondition failed", "This is not, or no longer, the version that the request is about."),
    413: ("Content too large", "The request, or what it asks for, is larger than this service allows."),
    414: ("Address too long", "This address is longer than this service allows."),
    415: (
        "Unsupported media type",
        "The content of the request is in a form that is not read here.",
    ),
    416: ("Range not satisfiable", "The part that was asked for lies beyond the end."),
    429: ("Too many requests", "Too many queries are coming from you just now; try again in a moment."),
    431: ("Headers too large", "The headers of this request are larger than this service allows."),
    500: ("Internal error", "Something went wrong here; it is not your fault."),
    502: ("Bad gateway", "The service behind this one did not answer as it should."),
    503: ("Service unavailable", "The service cannot answer just now; try again in a moment."),
    504: ("Gateway timeout", "The service behind this one did not answer in time."),
}
_OTHER = 400


class Form(NamedTuple):
    """A form in which something can be had: a representation, as a reader of this answer reaches it."""

    href: str
    media_type: str
    language: str = ""
    profile: str = ""


@dataclass(frozen=True)
class Problem:
    """Why a request is not answered.

    Attributes:
        status: The HTTP status.
        told: What is to be said of this very case, in the reader's language.
        headers: Headers that go with it.
        forms: The forms that there are, where none of them was acceptable.
        place: The line and the column in a query, counted from 1, that it is about.
        words: What an engine or another part says of it in English.
    """

    status: int
    told: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    forms: Sequence[Form] = ()
    place: tuple[int, int] | None = None
    words: str = ""


class Reader(NamedTuple):
    """Who reads an answer.

    Attributes:
        accept: Their `Accept` header.
        accept_language: Their `Accept-Language` header.
        languages: The languages of the site, the main one first.
        root: The path of the site's root, without the slash at its end.
        files: The files of the site, as far as a page may lead to them.
        address: What was asked for, below the root.
    """

    accept: str = ""
    accept_language: str = ""
    languages: Sequence[str] = ()
    root: str = ""
    files: Container[str] = ()
    address: str = ""

    @property
    def is_person(self) -> bool:
        """Whether this is a browser, which names HTML and likes it no less than JSON."""
        html = names_media_type(self.accept, "text/html")
        return html > 0 and html >= max(names_media_type(self.accept, one) for one in (PROBLEM_JSON, JSON))

    @property
    def language(self) -> str:
        """The language of what they read; a program that names none reads English.

        A person who asked for something in the folder of a language reads that one.
        """
        folder = self.address.lstrip("/").partition("/")[0]
        if self.is_person and folder in self.languages[1:]:
            return folder
        spoken = tuple(filter(None, self.languages))
        default = spoken[:1] if self.is_person else ()
        return language(self.accept_language, tuple(dict.fromkeys((*default, SOURCE_LANGUAGE, *spoken))))

    @property
    def ways(self) -> Ways:
        """Where they may go on, in their language, or else in the main one."""
        is_copy = self.language in self.languages[1:]
        return ways(self.files, self.root, f"{self.language}/" if is_copy else "")


class Telling(NamedTuple):
    """An answer: its headers and its bytes."""

    headers: dict[str, str]
    body: bytes


def told_problem(problem: Problem, reader: Reader) -> Telling:
    """Return a problem as its reader reads it."""
    title, detail = _SENTENCES.get(problem.status, _SENTENCES[_OTHER])
    if reader.is_person:
        body = _page(reader, problem, (title, detail))
    else:
        words = translations(reader.language)
        details = {
            "type": "about:blank",
            "title": words.gettext(title),
            "status": problem.status,
            "detail": problem.told or problem.words or words.gettext(detail),
        }
        if problem.place:
            details |= {"line": problem.place[0], "column": problem.place[1]}
        if problem.told and problem.words:
            details["engine"] = problem.words
        if problem.forms:
            details["available"] = _listed(problem.forms)
        body = jsontext.written(details)
    return Telling({**_about(reader, PROBLEM_JSON), **problem.headers}, body)


def told_alternates(iri: str, forms: Sequence[Form], reader: Reader) -> Telling:
    """Return the list of the forms and profiles of a document, as its reader reads it.

    Args:
        iri: The document's IRI.
        forms: Its forms.
        reader: Who asks.
    """
    if reader.is_person:
        return Telling(_about(reader, JSON), _page(reader, Problem(0, forms=forms), _ALTERNATES, iri))
    body = jsontext.written({"resource": iri, "representations": _listed(forms)})
    return Telling({"Content-Type": JSON, "Vary": "Accept, Accept-Language"}, body)


def _about(reader: Reader, media_type: str) -> dict[str, str]:
    return {
        "Content-Type": HTML if reader.is_person else media_type,
        "Content-Language": reader.language,
        "Vary": "Accept, Accept-Language",
    }


def _page(reader: Reader, problem: Problem, sentences: tuple[str, str], iri: str = "") -> bytes:
    title, detail = sentences
    template = _environment().get_template("problem.html")
    page = template.render(
        _=page_translations(reader.language).gettext,
        language=reader.language,
        language_name=language_name,
        called=CALLED,
        root=reader.root,
        problem=problem,
        title=title,
        detail=detail,
        iri=iri,
        ways=reader.ways,
    )
    return marked(page).encode()


def _listed(forms: Sequence[Form]) -> list[dict[str, str]]:
    return [{name: value for name, value in form._asdict().items() if value} for form in forms]


_environment = cache(environment)
