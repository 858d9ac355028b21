"""What a request for a name or a file is answered: the site's half of HTTP, without any sockets.

The name of a thing leads by 303 to the representation that the client prefers; a file is itself. Answers are
made once, headers and all, and remembered for as long as there is room, under all that they depend on.
Sources: https://www.rfc-editor.org/rfc/rfc9110, https://www.w3.org/TR/cooluris/ and
https://www.w3.org/TR/dx-prof-conneg/
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from urllib.parse import parse_qsl

from twintowns import headers, negotiation
from twintowns.conditions import UNSATISFIABLE, Conditions, Span, is_failed, is_unmodified, span_of
from twintowns.contents import LARGE_BYTES, Folder, Memory
from twintowns.holdings import CATALOGUE, Document, File, Holdings, Representation, path_of
from twintowns.inventory import MANIFEST, Entry
from twintowns.linkheaders import address_of, link_header, links_of_document, links_of_file
from twintowns.mediatypes import CODINGS, media_type_of
from twintowns.problems import Form, Problem, Reader, Telling, told_alternates, told_problem
from twintowns.profiles import ALTERNATES, ALTERNATES_IRI, profile_named

MOST_PATH_BYTES: Final = 4096
"""How long an address of the site may be, with its query."""
_KEPT: Final = frozenset({200, 303, 410})
"""The answers that are likely to be asked for again."""
_ETAG_CHARACTERS: Final = 32
_HTML: Final = "text/html"

RawHeaders = list[tuple[bytes, bytes]]
"""Headers as they are sent, names in lower case."""
Key = tuple[bytes | None, ...]
"""All that the answer to a request without conditions depends on."""


class Request(NamedTuple):
    """What is asked for, as it arrived; texts are empty where the header is missing.

    Attributes:
        path: The path below the root of the site, raw.
        query: What follows the question mark, raw.
    """

    path: bytes
    query: str = ""
    accept: str = ""
    accept_language: str = ""
    accept_encoding: str = ""
    accept_profile: str = ""


@dataclass(frozen=True)
class Answer:
    """What is sent back.

    Attributes:
        status: The HTTP status.
        headers: Its headers.
        body: Its content, unless that is large.
        source: The large file that is its content, and what the manifest tells of it.
        span: What of the content is sent.
    """

    status: int
    headers: RawHeaders
    body: bytes = b""
    source: tuple[str, Entry] | None = None
    span: Span | None = None

    def header(self, name: bytes) -> str:
        """Return the value of a header; empty where it is missing."""
        return next((value.decode("latin-1") for key, value in self.headers if key == name), "")


@dataclass
class Site:
    """One edition of a site, with what was made of it so far.

    Attributes:
        holdings: What it holds.
        folder: Its folder, held open.
        root: The path under which it is reached, without a slash at its end.
    """

    holdings: Holdings
    folder: Folder
    root: str = ""
    _answers: Memory[Answer] = field(default_factory=Memory)
    _contents: Memory[bytes] = field(default_factory=Memory)

    def remembered(self, key: Key) -> Answer | None:
        """Return the answer to a request that has been answered before."""
        return self._answers.recalled(key)

    def answer(self, request: Request, key: Key) -> Answer:
        """Return the answer to a GET without conditions; those that are likely asked for again are kept.

        Args:
            request: The request.
            key: All that the answer depends on, as `remembered` will be asked.

        Raises:
            NotReadableError: If a file is not what the manifest tells of.
        """
        answer = self._answered(request)
        if answer.status in _KEPT:
            self._answers.keep(key, answer, len(answer.body) + sum(len(part or b"") for part in key))
        return answer

    def problem(self, request: Request, problem: Problem) -> Answer:
        """Return an answer that tells of a problem."""
        return problem_answer(problem, self._reader(request))

    def _answered(self, request: Request) -> Answer:
        path = path_of(request.path)
        if len(request.path) + len(request.query) > MOST_PATH_BYTES:
            return self.problem(request, Problem(414))
        if path is None:
            return self.problem(request, Problem(400))
        match self.holdings.at(path):
            case Document() as document if document.is_gone:
                return self._tombstone(document, request)
            case Document() as document:
                return self._dereferenced(document, path, request)
            case File() as file:
                return self._found(file, path, request)
            case _:
                return self.problem(request, Problem(404))

    def _found(self, file: File, path: str, request: Request) -> Answer:
        """Return a file, unless its address asks for another form; that of the front page may by `Accept`."""
        is_asked = bool(_wish(request))
        if file.document == "index" and file.is_index and (path == "" or is_asked):
            return self._front(file, path, request)
        document = self.holdings.document(file.document) if is_asked and file.document else None
        return self._dereferenced(document, path, request) if document else self._file(file, request)

    def _front(self, file: File, path: str, request: Request) -> Answer:
        """Return the landing page, or the way to the catalogue for whoever prefers that."""
        page = Representation(file.path, _HTML, file.representation.language)
        catalogue = self.holdings.document(CATALOGUE)
        others = [one for one in catalogue.representations if one.media_type != _HTML] if catalogue else []
        front = Document(CATALOGUE, (page, *others))
        is_page = not _wish(request) and _chosen(front, request) is page
        return self._file(file, request) if is_page else self._dereferenced(front, path, request)

    def _dereferenced(self, document: Document, path: str, request: Request) -> Answer:
        """Return the way to the representation that the client prefers, or the list of all."""
        if _wish(request).get("_profile") in {ALTERNATES, ALTERNATES_IRI}:
            return self._alternates(document, path, request)
        if chosen := _chosen(document, request):
            return self._redirect(document, path, chosen)
        problem = Problem(406, headers={"Vary": headers.VARY_DOCUMENT}, forms=_forms(document, path))
        return self.problem(request, problem)

    def _redirect(self, document: Document, path: str, chosen: Representation) -> Answer:
        told = {
            "Location": address_of(chosen.path, path),
            "Vary": headers.VARY_DOCUMENT,
            "Link": link_header(links_of_document(document, path)),
        }
        return _answer(303, Telling(told, b""))

    def _alternates(self, document: Document, path: str, request: Request) -> Answer:
        """Return the list of representations and profiles."""
        iri = self.holdings.iri(document.path)
        telling = told_alternates(iri, _forms(document, path), self._reader(request))
        told = {
            "Link": link_header(links_of_document(document, path)),
            "Content-Profile": f"<{ALTERNATES_IRI}>",
        }
        return _answer(200, Telling({**telling.headers, **told}, telling.body))

    def _tombstone(self, document: Document, request: Request) -> Answer:
        """Return what says that something is gone, in the form that the client prefers, or else as a page."""
        chosen = _chosen(document, request) or document.representations[0]
        file = self.holdings.file(chosen.path)
        assert file is not None  # noqa: S101 - a representation is one of the files
        return self._file(file, request, vary=headers.VARY_DOCUMENT)

    def _file(self, file: File, request: Request, vary: str = "") -> Answer:
        entry = self._entry(file.path)
        told, path = self._headers(file, entry, vary), file.path
        codings = self.holdings.codings(file.path)
        if coding := negotiation.encoding(request.accept_encoding, codings):
            path = f"{file.path}.{CODINGS[coding]}"
            told["Content-Encoding"] = coding
            told["ETag"] = f'{told["ETag"][:-1]}-{CODINGS[coding]}"'
            entry = self._entry(path)
        status = 410 if file.is_gone else 200
        if entry.size_bytes >= LARGE_BYTES:
            return Answer(
                status, _raw(status, {**told, "Content-Length": str(entry.size_bytes)}), b"", (path, entry)
            )
        return _answer(status, Telling(told, self._content(path, entry)))

    def _headers(self, file: File, entry: Entry, vary: str) -> dict[str, str]:
        negotiated = "Accept, Accept-Profile" if file.is_index and file.path == "index.html" else ""
        told = {
            "Content-Type": media_type_of(file.path),
            "Content-Language": file.representation.language,
            "Content-Location": file.path.rpartition("/")[2] if file.is_index else "",
            "ETag": f'"{entry.sha256[:_ETAG_CHARACTERS]}"',
            "Accept-Ranges": "bytes",
            "Vary": ", ".join(filter(None, (vary, negotiated, "Accept-Encoding"))),
            "Link": link_header(links_of_file(self.holdings, file)),
        }
        if profile := file.representation.profile:
            told["Content-Profile"] = f"<{profile.iri}>"
        return {name: value for name, value in told.items() if value}

    def _entry(self, path: str) -> Entry:
        if path == MANIFEST:
            return Entry(self.holdings.version, len(self.folder.manifest))
        return self.holdings.entry(path)

    def _content(self, path: str, entry: Entry) -> bytes:
        if path == MANIFEST:
            return self.folder.manifest
        content = self._contents.recalled(path)
        if content is None:
            content = self.folder.read(path, entry)
            self._contents.keep(path, content, len(content))
        return content

    def _reader(self, request: Request) -> Reader:
        return reader_of(request, self.root, self.holdings)


def reader_of(request: Request, root: str, holdings: Holdings | None) -> Reader:
    """Return who asks.

    Args:
        request: What they ask for.
        root: The path under which the site is reached, without a slash at its end.
        holdings: What the site holds, where there is one.
    """
    address = request.path.decode("latin-1")
    if holdings is None:
        return Reader(request.accept, request.accept_language, (), root, (), address)
    return Reader(request.accept, request.accept_language, holdings.languages, root, holdings.files, address)


def problem_answer(problem: Problem, reader: Reader) -> Answer:
    """Return an answer that tells of a problem, whether there is a site or none."""
    return _answer(problem.status, told_problem(problem, reader))


def options_answer() -> Answer:
    """Return what may be done with any address of the site."""
    return Answer(204, _raw(204, headers.PREFLIGHT))


def front_answer(root: bytes) -> Answer:
    """Return the redirect from the path under which a site is reached to its front page, a slash further.

    It is relative, and names no host.
    """
    location = root.rpartition(b"/")[2] + b"/"
    return Answer(308, [*_raw(308, {"Cache-Control": headers.CACHE_REDIRECT}), (b"location", location)])


def conditional(answer: Answer, conditions: Conditions) -> Answer | Problem:
    """Return what of an answer with an ETag is to be sent, nothing, a part or all, or why that cannot be."""
    etag = answer.header(b"etag")
    if is_failed(conditions, etag):
        return Problem(412)
    if is_unmodified(conditions, etag):
        dropped = {b"content-length", b"content-type", b"content-encoding"}
        return Answer(304, [one for one in answer.headers if one[0] not in dropped])
    size_bytes = int(answer.header(b"content-length"))
    span = span_of(conditions, etag, size_bytes)
    if span is None:
        return answer
    if span is UNSATISFIABLE:
        return Problem(416, headers={"Content-Range": f"bytes */{size_bytes}"})
    told = {
        b"content-length": f"{span.stop - span.start}".encode(),
        b"content-range": f"bytes {span.start}-{span.stop - 1}/{size_bytes}".encode(),
    }
    kept = [one for one in answer.headers if one[0] not in told]
    return Answer(206, [*kept, *told.items()], answer.body[span.start : span.stop], answer.source, span)


def _answer(status: int, telling: Telling) -> Answer:
    told = {**telling.headers, "Content-Length": str(len(telling.body))}
    return Answer(status, _raw(status, told), telling.body)


def _raw(status: int, told: Mapping[str, str]) -> RawHeaders:
    """Return headers as they are sent, with those that every answer has."""
    every = {**headers.EVERY, "Cache-Control": headers.cache_control(status), **told}
    return [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in every.items()]


def _wish(request: Request) -> dict[str, str]:
    """Return what the query asks for of what is known here; a plus is a plus, as people type it."""
    if "_mediatype" not in request.query and "_profile" not in request.query:
        return {}
    told = dict(parse_qsl(request.query.replace("+", "%2B"), errors="replace"))
    return {name: told[name] for name in ("_mediatype", "_profile") if told.get(name)}


def _chosen(document: Document, request: Request) -> Representation | None:
    """Return the representation that a client prefers, or None where none is acceptable."""
    forms, wish = document.representations, _wish(request)
    accept = wish.get("_mediatype") or request.accept
    if "_profile" in wish:
        profile = profile_named(wish["_profile"])
        forms = tuple(one for one in forms if profile and one.profile == profile)
        return _preferred(forms, request, accept) or (
            forms[0] if forms and "_mediatype" not in wish else None
        )
    for name in negotiation.profiles(request.accept_profile):
        profile = profile_named(name)
        fitting = [one for one in forms if profile and one.profile == profile]
        if chosen := _preferred(fitting, request, accept):
            return chosen
    return _preferred(forms, request, accept)


def _preferred(forms: Sequence[Representation], request: Request, accept: str) -> Representation | None:
    media_type = negotiation.media_type(accept, tuple(dict.fromkeys(one.media_type for one in forms)))
    fitting = [one for one in forms if one.media_type == media_type]
    if len(fitting) > 1 and media_type == _HTML:
        spoken = negotiation.language(request.accept_language, tuple(one.language for one in fitting))
        return next(one for one in fitting if one.language == spoken)
    return fitting[0] if fitting else None


def _forms(document: Document, address: str) -> list[Form]:
    """Return the forms of a document, as they are reached from an address."""
    return [
        Form(
            address_of(one.path, address),
            one.media_type,
            one.language,
            one.profile.iri if one.profile else "",
        )
        for one in document.representations
    ]
