"""The reconciliation service at `/reconcile`: whoever has a table of names may match it by it.

Requests are read within bounds, and answered in a thread, few at once. The index is made when it is first
asked for, from the dump of the site, and made again when another edition was taken over. JSONP, which would
let any page run what the service says, is refused: CORS does for all.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from twintowns import headers, jsontext
from twintowns.exceptions import TwinTownsError
from twintowns.messages import SOURCE_LANGUAGE
from twintowns.namesources import places_in_dump
from twintowns.negotiation import content_type, language
from twintowns.previews import Previewed, preview
from twintowns.reconcileanswers import (
    MOST_CURSOR,
    PROPERTIES,
    TYPES,
    Answers,
    BadQueryError,
    Object,
    TooManyError,
    beginning,
    manifest,
    proposed,
)
from twintowns.server import Extension
from twintowns.store import DUMP

MOST_BYTES: Final = 256 * 1024
"""How long the body of a request may be."""
_BODY_S: Final = 10.0
_MOST_FIELDS: Final = 20
_AT_ONCE: Final = 2
_WAITING: Final = 64
_MOST_PROPERTIES: Final = 100
_JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"
_METHODS: Final = "GET, HEAD, OPTIONS, POST"
_LOOPBACK: Final = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?")
_NUMBER: Final = re.compile(r"\d{1,6}")
_EMBEDDED: Final = headers.CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")

Fields = dict[str, str]


class Reconciling:
    """The service.

    Args:
        folder: The folder of the site.
        space: The IRI space of the publication.
        root: The path under which the site is reached, without a slash at its end.
        languages: The languages of the publication, the main one, whose names are shown, first.
    """

    def __init__(self, folder: Path, space: str, root: str, languages: Sequence[str] = ()) -> None:
        """Prepare; nothing is read yet."""
        self._folder = folder
        self._space = space
        self._root = root
        self._languages = tuple(filter(None, languages))
        self._language = "".join(self._languages[:1])
        self._answers: Answers | None = None
        self._making = asyncio.Lock()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    def extension(self) -> Extension:
        """Return the service as a part of that of the site."""
        routes = [
            Route("/reconcile", self.reconcile, methods=["GET", "POST", "OPTIONS"]),
            Route("/reconcile/", self.reconcile, methods=["GET", "POST", "OPTIONS"]),
            Route("/reconcile/suggest/entity", self.suggest_entity, methods=["GET", "OPTIONS"]),
            Route("/reconcile/suggest/property", self.suggest_property, methods=["GET", "OPTIONS"]),
            Route("/reconcile/suggest/type", self.suggest_type, methods=["GET", "OPTIONS"]),
            Route("/reconcile/properties", self.propose, methods=["GET", "OPTIONS"]),
            Route("/reconcile/preview", self.preview, methods=["GET", "OPTIONS"]),
        ]
        return Extension(routes, taken_over=self.take_over)

    async def take_over(self, folder: Path) -> None:
        """Answer from another edition, where anybody has asked yet; where it cannot be read, from the old."""
        self._folder = folder
        if self._answers:
            async with self._making:
                try:
                    self._answers = await asyncio.to_thread(self._made)
                except TwinTownsError:
                    return

    async def reconcile(self, request: Request) -> Response:
        """Answer a batch of queries or a query for values, or tell what the service is."""
        if request.method == "OPTIONS":
            return _allowed(request)
        fields = await _fields(request)
        if "queries" in fields:
            return _json(await self._answered(lambda answers: answers.batch(fields["queries"])))
        if "extend" in fields:
            return _json(await self._answered(lambda answers: answers.extended(fields["extend"])))
        if request.method == "POST":
            raise HTTPException(400, "the form has neither queries nor extend")
        told = manifest(f"Twin towns: {self._space}", self._space, self._base(request))
        return _json(told, "no-store")

    async def suggest_entity(self, request: Request) -> Response:
        """Suggest items."""
        if request.method == "OPTIONS":
            return _allowed(request)
        fields = await _fields(request)
        cursor = _number(fields, "cursor", 0, MOST_CURSOR)
        return _json(
            await self._answered(lambda answers: answers.suggested(fields.get("prefix", ""), cursor))
        )

    async def suggest_property(self, request: Request) -> Response:
        """Suggest properties."""
        return await self._suggested(request, PROPERTIES)

    async def suggest_type(self, request: Request) -> Response:
        """Suggest types."""
        return await self._suggested(request, TYPES)

    async def _suggested(self, request: Request, words: dict[str, str]) -> Response:
        if request.method == "OPTIONS":
            return _allowed(request)
        fields = await _fields(request)
        found = beginning(words, fields.get("prefix", ""))
        return _json({"result": found["result"][_number(fields, "cursor", 0, MOST_CURSOR) :]})

    async def propose(self, request: Request) -> Response:
        """Tell which values can be had."""
        if request.method == "OPTIONS":
            return _allowed(request)
        fields = await _fields(request)
        limit = _number(fields, "limit", _MOST_PROPERTIES, _MOST_PROPERTIES)
        return _json(proposed(fields.get("type", ""), limit))

    async def preview(self, request: Request) -> Response:
        """Show a place in a few words, in a page that others may embed."""
        if request.method == "OPTIONS":
            return _allowed(request)
        qid = (await _fields(request)).get("id", "")
        answers = await self._ready()
        entry = answers.entry(qid)
        if entry is None:
            raise HTTPException(404, "there is no such place here")
        place = Previewed(entry, answers.twinned_with(qid), f"{self._space}place/{qid}", self._root)
        offers = self._languages or (SOURCE_LANGUAGE,)
        preferred = language(request.headers.get("accept-language", ""), offers)
        told = {
            **headers.EVERY,
            "Content-Security-Policy": _EMBEDDED,
            "Cache-Control": headers.CACHE_FILE,
            "Content-Language": preferred,
            "Vary": "Accept-Language",
        }
        return Response(preview(place, preferred, offers), 200, told, "text/html; charset=utf-8")

    def _base(self, request: Request) -> str:
        """Return the address of the service: that of the IRI space, or of this very machine when asked there.

        Any other host that a request names is none of ours, and is never repeated.
        """
        host = request.headers.get("host", "")
        return f"http://{host}{self._root}/" if _LOOPBACK.fullmatch(host) else self._space

    async def _answered(self, ask: Callable[[Answers], Object]) -> Object:
        """Ask in a thread, when its turn has come.

        Raises:
            HTTPException: If too many wait already, or the query is not as it should be.
        """
        answers = await self._ready()
        if self._waiting >= _WAITING:
            raise HTTPException(503, headers={"Retry-After": "1"})
        self._waiting += 1
        try:
            async with self._turns:
                return await asyncio.to_thread(ask, answers)
        except BadQueryError as error:
            raise HTTPException(400, str(error)) from error
        except TooManyError as error:
            raise HTTPException(413, f"a batch holds at most {error} queries") from error
        finally:
            self._waiting -= 1

    async def _ready(self) -> Answers:
        """Return the answers, from an index that is made when it is first asked for."""
        if self._answers:
            return self._answers
        async with self._making:
            if self._answers is None:
                try:
                    self._answers = await asyncio.to_thread(self._made)
                except TwinTownsError as error:
                    raise HTTPException(503, headers={"Retry-After": "5"}) from error
            return self._answers

    def _made(self) -> Answers:
        index = places_in_dump(self._folder / DUMP, self._language).indexed()
        return Answers(index, self._space, self._language)


async def _fields(request: Request) -> Fields:
    """Return the fields of a request, of its address or its form.

    Raises:
        HTTPException: If it is not to be read, or asks for JSONP.
    """
    raw = request.url.query.encode("latin-1", errors="replace")
    if request.method == "POST":
        kind, _ = content_type(request.headers.get("content-type", ""))
        if kind != _FORM:
            raise HTTPException(415, f"send a form: {_FORM}", {"Accept-Post": _FORM})
        raw = await _body(request)
    try:
        found = parse_qs(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise HTTPException(400, "the fields cannot be read: send few, in UTF-8") from error
    if "callback" in found:
        raise HTTPException(400, "JSONP is refused; CORS allows every page to ask")
    return {name: values[0] for name, values in found.items()}


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_S):
            async for part in request.stream():
                body += part
                if len(body) > MOST_BYTES:
                    raise HTTPException(
                        413, f"a request holds at most {MOST_BYTES} bytes", {"Connection": "close"}
                    )
    except TimeoutError as error:
        raise HTTPException(408, "the body did not arrive in time", {"Connection": "close"}) from error
    return bytes(body)


def _number(fields: Fields, name: str, default: int, most: int) -> int:
    text = fields.get(name, "")
    if name not in fields:
        return default
    if not _NUMBER.fullmatch(text) or not text.isascii():
        raise HTTPException(400, f"{name} is a whole number")
    return min(int(text), most)


def _json(told: Object, kept: str = headers.CACHE_FILE) -> Response:
    return Response(jsontext.line(told), 200, {**headers.EVERY, "Cache-Control": kept}, _JSON)


def _allowed(request: Request) -> Response:
    methods = _METHODS if request.url.path.rstrip("/").endswith("/reconcile") else headers.ALLOW
    told = {"Allow": methods, "Access-Control-Allow-Methods": methods}
    return Response(None, 204, {**headers.EVERY, **headers.PREFLIGHT, **told})
