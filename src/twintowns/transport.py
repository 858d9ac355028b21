"""The way to another machine: HTTP requests to an address that a person named, and to no other.

One place for the library that speaks HTTP. A request is repeated where that can help (no connection, 429,
502, 503, 504), with waits that grow and vary, or for as long as the other side asks for. Redirects are not
followed. An answer is read no further than it may be long, never decompressed, and not for ever; where there
are credentials, no word of it is shown, for it may echo them in any form. Neither proxies nor passwords are
taken from files or from variables that others read too.
Sources: https://www.rfc-editor.org/rfc/rfc9110 (HTTP), https://www.rfc-editor.org/rfc/rfc7616 (digest),
https://www.rfc-editor.org/rfc/rfc7617 (basic), https://www.rfc-editor.org/rfc/rfc6750 (bearer).
"""

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, NamedTuple, Self, TypeVar
from urllib.parse import urljoin, urlsplit

import httpx
from httpx import codes

from twintowns import __version__
from twintowns.credentials import Credentials
from twintowns.deadlines import Connections, InTime, too_late
from twintowns.exceptions import AddressError, AnswerError, RefusedError, UnreachableError
from twintowns.patience import Patience

USER_AGENT: Final = f"twintowns/{__version__} (+https://w3id.org/twintowns/)"
_SHOWN_CHARACTERS: Final = 300
_BLOCK_BYTES: Final = 2000
_OURS: Final = (httpx.ConnectError, httpx.TimeoutException, httpx.UnsupportedProtocol)
"""Failures that are told of in words that the other side has no part in."""
_DISCARDED_BYTES: Final = 1 << 16
Failure: Final = (httpx.HTTPError, httpx.StreamError)
"""What goes wrong on the way, for whoever reads answers as they come in."""

Made = TypeVar("Made")


@dataclass(frozen=True)
class Request:
    """What to ask.

    Attributes:
        method: GET, PUT, …
        parameters: What is added to the query part of the address.
        headers: The headers.
        body: What is sent: bytes, or parts that can be gone through again for another try.
        size_bytes: How long the parts are together; a length is always told, for Virtuoso takes a body
            without one for an empty one, and says that all went well.
        accepted: The status codes that are no failure.
        answer_bytes: How long the answer may be.
    """

    method: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Iterable[bytes] = b""
    size_bytes: int | None = None
    accepted: frozenset[int] = frozenset({200, 201, 202, 204})
    answer_bytes: int = 1 << 20


class Client:
    """Asks one address.

    Args:
        url: The address, without user and password.
        credentials: Who asks; only sent where the other side asks for it, but for a token.
        patience: How long to wait.

    Raises:
        AddressError: If the address is none for HTTP, or gives a password away.
    """

    def __init__(self, url: str, credentials: Credentials, patience: Patience | None = None) -> None:
        """Check the address; nothing is sent yet."""
        self.url = checked(url)
        self._credentials = credentials
        self._patience = patience or Patience()
        self._authentication = _Authentication(credentials)
        self._connections = Connections()
        self._client = httpx.Client(
            follow_redirects=False,
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
            timeout=httpx.Timeout(self._patience.answer_s, connect=self._patience.connect_s),
            trust_env=False,
        )

    def __enter__(self) -> Self:
        """Return the client, to be closed at the end."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._client.close()

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """Try everything once only, for what is done after a failure."""
        patience, self._patience = self._patience, Patience(tries=1)
        try:
            yield
        finally:
            self._patience = patience

    def answer(self, request: Request) -> bytes:
        """Send a request and return the body of the answer.

        Raises:
            UnreachableError: If there is no answer, however often the request is sent.
            RefusedError: If the answer is none of those accepted.
            AnswerError: If it is too long, or compressed.
        """
        return self.taken(request, lambda answer: b"".join(answer.parts))

    def done(self, request: Request) -> None:
        """Send a request whose answer says no more than its status.

        Raises:
            UnreachableError: If there is no answer, however often the request is sent.
            RefusedError: If the answer is none of those accepted.
        """
        self.taken(request, lambda answer: _discard(answer.parts))

    def taken(self, request: Request, made: Callable[["Answer"], Made]) -> Made:
        """Send a request, and return what is made of the answer while it comes in.

        Args:
            request: The request.
            made: Makes something of an answer; called again where one breaks off and another is asked for.

        Raises:
            UnreachableError: If there is no answer, or it breaks off, however often the request is sent.
            RefusedError: If the answer is none of those accepted.
            AnswerError: If it is too long, or compressed.
        """
        attempt = 0
        while True:
            try:
                return self._sent(request, made)
            except RefusedError as error:
                wait_s = self._patience.wait_s(attempt, error.retry_after) if error.is_passing else None
                if wait_s is None:
                    raise
            except httpx.RequestError as error:
                wait_s = self._patience.wait_s(attempt, "")
                if wait_s is None or not isinstance(error, httpx.TransportError):
                    raise self._silence(error) from error
            self._patience.sleep(wait_s)
            attempt += 1

    def _sent(self, request: Request, made: Callable[["Answer"], Made]) -> Made:
        end_s = time.monotonic() + self._patience.whole_s
        try:
            with self._connections.until(end_s):
                return self._received(request, made, end_s)
        except httpx.TransportError as error:
            if time.monotonic() >= end_s:
                raise too_late(self.url) from error
            raise

    def _received(self, request: Request, made: Callable[["Answer"], Made], end_s: float) -> Made:
        response = self._exchanged(self._built(request, end_s), end_s)
        try:
            if response.status_code not in request.accepted:
                raise self._refusal(response)
            media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            parts = InTime(self.url, self._bounded(response, request.answer_bytes), end_s)
            return made(Answer(response.status_code, media_type, iter(parts)))
        finally:
            response.close()

    def _built(self, request: Request, end_s: float) -> httpx.Request:
        headers = dict(request.headers)
        if request.size_bytes is not None:
            headers["Content-Length"] = str(request.size_bytes)
        address = httpx.URL(self.url).copy_merge_params(dict(request.parameters))
        body = request.body if isinstance(request.body, bytes) else InTime(self.url, request.body, end_s)
        return self._client.build_request(
            request.method,
            address,
            headers=headers,
            content=body,
            extensions={"trace": self._connections.heard},
        )

    def _exchanged(self, request: httpx.Request, end_s: float) -> httpx.Response:
        """Send a request, and again where it has to say who asks.

        That is not left to the library, which would read all of the first answer, however long it is.
        """
        flow = self._authentication.auth_flow(request)
        request = next(flow)
        while True:
            response = self._client.send(request, stream=True)
            try:
                request = flow.send(response)
            except StopIteration:
                return response
            except httpx.RequestError:
                response.close()
                raise
            with closing(response):
                _discard(InTime(self.url, response.iter_raw(), end_s))

    def _bounded(self, response: httpx.Response, most_bytes: int) -> Iterator[bytes]:
        """Go through the body of an answer, no further than it may be long."""
        if response.headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
            raise AnswerError(
                self.url,
                "it sends a compressed answer, which was not asked for",
                "see that neither it nor a proxy before it compresses its answers",
            )
        for part in response.iter_raw():
            most_bytes -= len(part)
            if most_bytes < 0:
                raise AnswerError(
                    self.url,
                    "its answer is longer than any that fits the request",
                    "see that the address is right",
                )
            yield part

    def _silence(self, error: httpx.RequestError) -> UnreachableError:
        return UnreachableError(
            self.url,
            "there is no answer ({reason})",
            "see that the address is right and that it is running, and run this again",
            values={"reason": self._reason(error)},
        )

    def _refusal(self, response: httpx.Response) -> RefusedError:
        values = {"status": response.status_code, "retry_after": response.headers.get("retry-after", "")}
        if response.has_redirect_location:
            return RefusedError(
                self.url,
                "it redirects to {location}, which nobody asked for",
                "if you trust that address, name it instead",
                values={**values, "location": self._location(response.headers["location"])},
            )
        if response.status_code in {401, 403}:
            return RefusedError(
                self.url,
                "it does not let you in (status {status})",
                "set TWINTOWNS_USER and TWINTOWNS_PASSWORD, or TWINTOWNS_TOKEN, in the environment",
                values=values,
            )
        return RefusedError(
            self.url,
            "it answers {status} {reason}",
            "see what its log says about that, and run this again",
            values={**values, "reason": self._words(response)},
        )

    def _reason(self, error: httpx.RequestError) -> str:
        """Return why there is no answer: nothing that who may know a secret could have written."""
        is_ours = isinstance(error, _OURS) or not self._credentials.are_there
        return _shown(str(error) if is_ours else "") or type(error).__name__

    def _location(self, location: str) -> str:
        """Return where a redirect leads, of one from who may have seen a secret the host only."""
        if not self._credentials.are_there:
            return _shown(location)
        try:
            parts = urlsplit(urljoin(self.url, location))
            return _shown(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}")
        except ValueError:
            return ""

    def _words(self, response: httpx.Response) -> str:
        """Return what a refusal says, or only what its status means where it may echo a secret."""
        if self._credentials.are_there:
            return codes.get_reason_phrase(response.status_code)
        return _shown(_beginning(response) or response.reason_phrase)


class Answer(NamedTuple):
    """An answer that is coming in.

    Attributes:
        status: The status code.
        media_type: The media type, in lower case and without parameters.
        parts: The body.
    """

    status: int
    media_type: str
    parts: Iterator[bytes]


class _Authentication(httpx.Auth):
    """Says who asks: a token at once, user and password only where asked for, the way that is asked for."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._way: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._credentials.token:
            request.headers["Authorization"] = f"Bearer {self._credentials.token}"
        if self._way is None:
            response = yield request
            self._way = self._way_for(response)
        if self._way is not None:
            try:
                yield from self._way.auth_flow(request)
            except (KeyError, ValueError) as error:
                message = "a challenge that cannot be answered"
                raise httpx.UnsupportedProtocol(message, request=request) from error

    def _way_for(self, response: httpx.Response) -> httpx.Auth | None:
        """Return how to authenticate, the safer way where there are two; None where there is no need."""
        asked = {one.partition(" ")[0].lower() for one in response.headers.get_list("www-authenticate")}
        user, password = self._credentials.user, self._credentials.password
        if not user or response.status_code != codes.UNAUTHORIZED:
            return None
        if "digest" in asked:
            return httpx.DigestAuth(user, password)
        return httpx.BasicAuth(user, password) if "basic" in asked else None


def waiting_client(credentials: Credentials, patience: Patience, connections: int) -> httpx.AsyncClient:
    """Return a client for a process that must not wait for answers, with the same rules as the other.

    Args:
        credentials: Who asks.
        patience: How long to wait for a connection, and for each part of an answer; nothing is repeated.
        connections: How many may be open at once, idle ones among them; further requests wait for one.
    """
    return httpx.AsyncClient(
        auth=_Authentication(credentials),
        follow_redirects=False,
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
        limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
        timeout=httpx.Timeout(patience.answer_s, connect=patience.connect_s),
        trust_env=False,
    )


def checked(url: str) -> str:
    """Return the address of a service, if it is one that can be asked.

    Raises:
        AddressError: If it is no address for HTTP, or has a user or password in it.
    """
    try:
        parts = urlsplit(url)
        has_port = parts.port is None or parts.port > 0
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL):
        parts, has_port = urlsplit(""), False
    if "@" in parts.netloc:
        raise AddressError(
            parts.netloc.rpartition("@")[2],
            "the address has a user or password in it, which others can read there",
            "set TWINTOWNS_USER and TWINTOWNS_PASSWORD in the environment instead",
        )
    if parts.scheme not in {"http", "https"} or not parts.hostname or not has_port or parts.fragment:
        raise AddressError(
            "" if "@" in url else url,
            "this is no address that can be asked",
            "write it in full: https://, host, path, and nothing after a #",
        )
    return url


def _shown(words: str) -> str:
    """Return the other side's words, shortened."""
    return " ".join(words.split())[:_SHOWN_CHARACTERS]


def _beginning(response: httpx.Response) -> str:
    """Return the beginning of what an answer says, if it is text."""
    is_text = response.headers.get("content-type", "").startswith("text/plain")
    if not is_text or "content-encoding" in response.headers:
        return ""
    try:
        return next(response.iter_raw(_BLOCK_BYTES), b"").decode(errors="replace")
    except httpx.HTTPError:
        return ""


def _discard(parts: Iterable[bytes]) -> None:
    """Read on where little is left, so that the connection can be used again."""
    left = _DISCARDED_BYTES
    for part in parts:
        left -= len(part)
        if left < 0:
            return
