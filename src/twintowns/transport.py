"""The way to another machine: HTTP requests to an address that a person named, and to no other.

One place for the library that speaks HTTP. A request is repeated where that can help (no connection, 429,
502, 503, 504), with waits that grow and vary, or for as long as the other side asks for; redirects are not
followed; neither proxies nor passwords are taken from files or from variables that others read too.
Sources: https://www.rfc-editor.org/rfc/rfc9110 (HTTP), https://www.rfc-editor.org/rfc/rfc7616 (digest),
https://www.rfc-editor.org/rfc/rfc7617 (basic), https://www.rfc-editor.org/rfc/rfc6750 (bearer).
"""

import re
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from secrets import SystemRandom
from types import TracebackType
from typing import Final, NamedTuple, Self, TypeVar
from urllib.parse import urlsplit

import httpx
from httpx import codes

from twintowns import __version__
from twintowns.exceptions import AddressError, CredentialsError, RefusedError, UnreachableError

USER_AGENT: Final = f"twintowns/{__version__} (+https://w3id.org/twintowns/)"
_SHOWN_CHARACTERS: Final = 300
_BLOCK_BYTES: Final = 2000
_VARIABLES: Final = ("TWINTOWNS_USER", "TWINTOWNS_PASSWORD", "TWINTOWNS_TOKEN")
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/=-]*")

Made = TypeVar("Made")


@dataclass(frozen=True)
class Credentials:
    """Who asks, as the environment says; nothing of it is ever shown.

    Attributes:
        user: The name of a user, with a password; empty where there is none.
        password: The password.
        token: A bearer token, in the place of both.
    """

    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    def is_told_in(self, text: str) -> bool:
        """Tell whether a text gives a secret away."""
        return any(secret and secret in text for secret in (self.password, self.token))


@dataclass(frozen=True)
class Patience:
    """How long to wait for another machine, and how often.

    Attributes:
        tries: How often a request is sent at most.
        first_s: The longest first wait; each may be twice as long as the one before.
        longest_s: The longest wait of all, also where the other side asks for more.
        connect_s: How long a connection may take.
        answer_s: How long the other side may be silent, or not take what is sent.
        sleep: What waits.
    """

    tries: int = 6
    first_s: float = 0.5
    longest_s: float = 60.0
    connect_s: float = 10.0
    answer_s: float = 300.0
    sleep: Callable[[float], None] = time.sleep

    def wait_s(self, attempt: int, told: str) -> float | None:
        """Return how long to wait after a failed attempt, counted from 0; None for giving up.

        Args:
            attempt: Which one failed.
            told: The `Retry-After` of the answer, seconds or a date; empty where there is none.
        """
        if attempt + 1 >= self.tries:
            return None
        asked = _seconds(told)
        if asked is not None:
            return asked if asked <= self.longest_s else None
        return SystemRandom().uniform(0, min(self.longest_s, self.first_s * 2**attempt))


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
    """

    method: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Iterable[bytes] = b""
    size_bytes: int | None = None
    accepted: frozenset[int] = frozenset({200, 201, 202, 204})


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
        self._client = httpx.Client(
            auth=_Authentication(credentials),
            follow_redirects=False,
            headers={"User-Agent": USER_AGENT},
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
        """
        return self.taken(request, lambda answer: b"".join(answer.parts))

    def taken(self, request: Request, made: Callable[["Answer"], Made]) -> Made:
        """Send a request, and return what is made of the answer while it comes in.

        Args:
            request: The request.
            made: Makes something of an answer; called again where one breaks off and another is asked for.

        Raises:
            UnreachableError: If there is no answer, or it breaks off, however often the request is sent.
            RefusedError: If the answer is none of those accepted.
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
        response = self._client.send(self._built(request), stream=True)
        try:
            if response.status_code in request.accepted:
                media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
                return made(Answer(response.status_code, media_type, response.iter_bytes()))
            raise self._refusal(response)
        finally:
            response.close()

    def _built(self, request: Request) -> httpx.Request:
        headers = dict(request.headers)
        if request.size_bytes is not None:
            headers["Content-Length"] = str(request.size_bytes)
        address = httpx.URL(self.url).copy_merge_params(dict(request.parameters))
        return self._client.build_request(request.method, address, headers=headers, content=request.body)

    def _silence(self, error: httpx.RequestError) -> UnreachableError:
        return UnreachableError(
            self.url,
            "there is no answer ({reason})",
            "see that the address is right and that it is running, and run this again",
            values={"reason": self._shown(str(error) or type(error).__name__)},
        )

    def _refusal(self, response: httpx.Response) -> RefusedError:
        values = {"status": response.status_code, "retry_after": response.headers.get("retry-after", "")}
        if response.has_redirect_location:
            return RefusedError(
                self.url,
                "it redirects to {location}, which nobody asked for",
                "if you trust that address, name it instead",
                values={**values, "location": self._shown(response.headers["location"])},
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
            values={**values, "reason": self._shown(_beginning(response) or response.reason_phrase)},
        )

    def _shown(self, words: str) -> str:
        """Return the other side's words, shortened, and without what it may have echoed."""
        return "" if self._credentials.is_told_in(words) else " ".join(words.split())[:_SHOWN_CHARACTERS]


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


def credentials_from(environment: Mapping[str, str]) -> Credentials:
    """Return who asks, by `TWINTOWNS_USER` and `TWINTOWNS_PASSWORD`, or `TWINTOWNS_TOKEN`.

    Raises:
        CredentialsError: If they are incomplete, or hold what no header can.
    """
    user, password, token = (environment.get(name, "") for name in _VARIABLES)
    variables = ", ".join(_VARIABLES)
    if bool(user) != bool(password) or (user and token):
        raise CredentialsError(
            variables,
            "the environment says only half of who asks, or says it twice",
            "set user and password, or a token alone",
        )
    is_sendable = (user + password).isprintable() and not set(user) & set(':"\\')
    if not is_sendable or not _TOKEN.fullmatch(token):
        raise CredentialsError(
            variables,
            "one of these holds a character that cannot be sent",
            "see that no line end or blank was copied along",
        )
    return Credentials(user, password, token)


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


def _seconds(told: str) -> float | None:
    """Return the seconds until a `Retry-After`, a number of them or a date; None if it is neither."""
    if re.fullmatch(r"[0-9]{1,9}", told):
        return float(told)
    try:
        when = parsedate_to_datetime(told)
    except ValueError:
        return None
    return max(0.0, when.timestamp() - time.time())


def _beginning(response: httpx.Response) -> str:
    """Return the beginning of what an answer says, if it is text."""
    if not response.headers.get("content-type", "").startswith("text/plain"):
        return ""
    try:
        return next(response.iter_bytes(_BLOCK_BYTES), b"").decode(errors="replace")
    except httpx.HTTPError:
        return ""
