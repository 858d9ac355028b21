"""The way to another machine: who asks is told where asked for, and patience has an end."""

import datetime as dt
import importlib
from base64 import b64encode
from collections.abc import Iterator
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twintowns.credentials import Credentials, credentials_from
from twintowns.exceptions import (
    AddressError,
    AnswerError,
    CredentialsError,
    RefusedError,
    TransportError,
    UnreachableError,
)
from twintowns.patience import Patience
from twintowns.transport import USER_AGENT, Client, Request, checked

if TYPE_CHECKING:
    import stores
else:
    stores = importlib.import_module("tests.stores")

SECRET = "open-sesame"  # noqa: S105 - a password for a test
SOMEBODY = Credentials("somebody", SECRET)
NOBODY = Credentials()
CHALLENGE = 'Digest realm="there", nonce="abc", qop="auth", algorithm=MD5'


@pytest.fixture
def loopback() -> Iterator["stores.Loopback"]:
    """Return a service that fails as it is told."""
    service = stores.Loopback()
    try:
        yield service
    finally:
        service.stop()


@pytest.fixture
def waits() -> list[float]:
    """Return where the waits are written to."""
    return []


def asked(
    service: "stores.Loopback", waits: list[float], who: Credentials = NOBODY, **request: object
) -> bytes:
    """Ask a service for a graph, without waiting."""
    patience = Patience(tries=4, longest_s=30, connect_s=2, answer_s=2, sleep=waits.append)
    with Client(f"{service.url}/graphs", who, patience) as client:
        return client.answer(Request("GET", {"graph": "urn:x"}, **request))  # type: ignore[arg-type]


def test_who_asks_is_stated(loopback: "stores.Loopback", waits: list[float]) -> None:
    """A request says which program it comes from, and where to read of it."""
    loopback.graphs["urn:x"] = {"<a:a> <a:a> <a:a> ."}
    assert b"<a:a> <a:a> <a:a> .\n" in asked(loopback, waits)
    assert loopback.agents == {USER_AGENT}
    assert USER_AGENT.startswith("twintowns/")


@pytest.mark.parametrize(
    ("demanded", "who", "said"),
    [
        (('Basic realm="there"', "Basic "), SOMEBODY, ["", "Basic c29tZWJvZHk6b3Blbi1zZXNhbWU="]),
        ((CHALLENGE, "Digest "), SOMEBODY, ["", "", 'Digest username="somebody"']),
        (("Bearer", "Bearer "), Credentials(token=SECRET), ["Bearer open-sesame"]),
    ],
    ids=["basic", "digest", "bearer"],
)
def test_authentication(
    loopback: "stores.Loopback",
    waits: list[float],
    demanded: tuple[str, str],
    who: Credentials,
    said: list[str],
) -> None:
    """User and password are sent where they are asked for, the way that is asked for; a token at once."""
    loopback.graphs["urn:x"] = set()
    loopback.demanded = demanded
    asked(loopback, waits, who)
    assert [was[: len(expected)] for (_, _, was), expected in zip(loopback.asked, said, strict=True)] == said


def test_authentication_is_remembered(loopback: "stores.Loopback") -> None:
    """What is asked for once is said from then on, without being asked for again."""
    loopback.graphs["urn:x"] = set()
    loopback.demanded = (CHALLENGE, "Digest ")
    with Client(f"{loopback.url}/graphs", SOMEBODY) as client:
        for _ in range(3):
            client.answer(Request("GET", {"graph": "urn:x"}))
    assert len(loopback.asked) == 5
    assert [was.partition(" ")[0] for _, _, was in loopback.asked][-3:] == ["Digest"] * 3


@pytest.mark.parametrize("who", [Credentials(), SOMEBODY], ids=["nobody", "somebody"])
@pytest.mark.parametrize("challenge", ["Negotiate", "Basic", CHALLENGE, "Digest realm", "Digest nonce=x"])
def test_not_let_in(
    loopback: "stores.Loopback", waits: list[float], who: Credentials, challenge: str
) -> None:
    """Who is not let in is told which variables to set, and never what is in them."""
    loopback.demanded = (challenge, "never")
    with pytest.raises(TransportError) as failure:
        asked(loopback, waits, who)
    assert SECRET not in str(failure.value)
    assert repr(who) == "Credentials()"


@pytest.mark.parametrize(
    ("challenge", "told"),
    [
        ("Basic", "TWINTOWNS_PASSWORD"),
        ('Digest realm="x", nonce="y", algorithm=none', "cannot be answered"),
    ],
)
def test_challenge(loopback: "stores.Loopback", waits: list[float], challenge: str, told: str) -> None:
    """A challenge that nobody can answer is told of, and not repeated."""
    loopback.demanded = (challenge, "never")
    with pytest.raises(TransportError, match=told):
        asked(loopback, waits, SOMEBODY)
    assert len(loopback.asked) <= 4


@pytest.mark.parametrize("status", [429, 502, 503, 504, 0])
def test_repeated(loopback: "stores.Loopback", waits: list[float], status: int) -> None:
    """A request is repeated where that can help, with waits that grow on the whole."""
    loopback.graphs["urn:x"] = set()
    loopback.faults.append(stores.Fault("GET", status=status, times=3))
    asked(loopback, waits)
    assert len(waits) == 3
    assert all(0 <= wait_s <= 0.5 * 2**attempt for attempt, wait_s in enumerate(waits))


@pytest.mark.parametrize(
    ("status", "error"), [(503, RefusedError), (0, UnreachableError)], ids=["says no", "silent"]
)
def test_patience_ends(
    loopback: "stores.Loopback", waits: list[float], status: int, error: type[TransportError]
) -> None:
    """What fails again and again is told of at last."""
    loopback.faults.append(stores.Fault("GET", status=status, times=9))
    with pytest.raises(error):
        asked(loopback, waits)
    assert len(waits) == 3


@pytest.mark.parametrize("status", [400, 404, 409, 500, 507])
def test_not_repeated(loopback: "stores.Loopback", waits: list[float], status: int) -> None:
    """An answer that will be the same is not asked for again, and its words are told."""
    text = {"Content-Type": "text/plain"}
    loopback.faults.append(stores.Fault("GET", status=status, headers=text, body="there is\nno \x1b[31mroom"))
    with pytest.raises(RefusedError, match=rf"answers {status} there is no \\x1b\[31mroom; see") as failure:
        asked(loopback, waits)
    assert (failure.value.status, waits) == (status, [])


@pytest.mark.parametrize("who", [SOMEBODY, Credentials(token=SECRET)], ids=["password", "token"])
@pytest.mark.parametrize("status", [302, 400, 401, 500])
def test_nothing_is_echoed(
    loopback: "stores.Loopback", waits: list[float], status: int, who: Credentials
) -> None:
    """Where there are credentials, no word of an answer is shown, in whatever form it may repeat them."""
    encoded = b64encode(f"somebody:{SECRET}".encode()).decode()
    said = f"{encoded} {SECRET[:6]} {quote(SECRET, safe='').replace('-', '%2D')}"
    headers = {"Content-Type": "text/plain", "Location": f"https://x:{SECRET}@there.example:8/{encoded}"}
    loopback.faults.append(stores.Fault("GET", status=status, headers=headers, body=said, times=2))
    with pytest.raises(RefusedError) as failure:
        asked(loopback, waits, who)
    told = str(failure.value)
    assert not [part for part in (*said.split(), SECRET) if part in told]
    if status == 302:
        assert "redirects to https://there.example:8, which" in told
    else:
        assert f"{status}" in told


def test_nothing_is_echoed_by_what_is_no_http(loopback: "stores.Loopback", waits: list[float]) -> None:
    """What is wrong with an answer is told in words that hold nothing of it."""
    loopback.faults.append(stores.Fault("GET", status=200, headers={f"a {SECRET}": "b"}, times=9))
    with pytest.raises(UnreachableError, match="RemoteProtocolError") as failure:
        asked(loopback, waits, SOMEBODY)
    assert SECRET not in str(failure.value)


def test_redirect_to_nowhere(loopback: "stores.Loopback", waits: list[float]) -> None:
    """A redirect to what is no address is told of without it."""
    loopback.faults.append(stores.Fault("GET", status=302, headers={"Location": "http://[x"}))
    with pytest.raises(RefusedError, match="redirects to , which"):
        asked(loopback, waits, SOMEBODY)


@pytest.mark.parametrize("headers", [{}, {"Content-Encoding": "gzip"}], ids=["breaks off", "compressed"])
def test_words_that_cannot_be_read(
    loopback: "stores.Loopback", waits: list[float], headers: dict[str, str]
) -> None:
    """Where the words of a refusal cannot be read, the meaning of its status is told."""
    shown = {"Content-Type": "text/plain", "Transfer-Encoding": "chunked", **headers}
    loopback.faults.append(stores.Fault("GET", status=400, headers=shown, body="no chunk at all"))
    with pytest.raises(RefusedError, match="answers 400 Bad Request"):
        asked(loopback, waits)


def test_compressed_answer(loopback: "stores.Loopback", waits: list[float]) -> None:
    """No compressed answer is asked for, and none is read, for a small one may be large."""
    loopback.faults.append(stores.Fault("GET", status=200, headers={"Content-Encoding": "gzip"}, body="x"))
    with pytest.raises(AnswerError, match="compressed"):
        asked(loopback, waits)
    assert (waits, loopback.encodings) == ([], {"identity"})


def test_long_answer(loopback: "stores.Loopback", waits: list[float]) -> None:
    """An answer is read no further than it may be long."""
    for size_bytes in (1000, 1001):
        loopback.faults.append(stores.Fault("GET", status=200, body="x" * size_bytes))
    assert len(asked(loopback, waits, answer_bytes=1000)) == 1000
    with pytest.raises(AnswerError, match="longer"):
        asked(loopback, waits, answer_bytes=1000)


def test_long_challenge(loopback: "stores.Loopback", waits: list[float]) -> None:
    """What comes with the question who asks is not read to its end."""
    loopback.graphs["urn:x"] = set()
    challenge = {"WWW-Authenticate": CHALLENGE}
    loopback.faults.append(stores.Fault("GET", status=401, headers=challenge, body="x" * (4 << 20)))
    assert asked(loopback, waits, SOMEBODY) == b"# what it holds\n"


@pytest.mark.parametrize("request_", [Request("GET"), Request("PUT", body=(b"x", b"y"), size_bytes=2)])
def test_one_request_has_an_end(loopback: "stores.Loopback", request_: Request) -> None:
    """However slowly and for how long something is sent, one request comes to its end."""
    loopback.faults.append(stores.Fault("GET", status=200, body="x"))
    with (
        Client(loopback.url, NOBODY, Patience(whole_s=-1)) as client,
        pytest.raises(UnreachableError, match="too long for one request"),
    ):
        client.answer(request_)


@pytest.mark.parametrize(
    "told",
    [
        *("7", "in a while", "", "Mon, 99 Jan 99999999999999999999 00:00:00 GMT"),
        *("Mon, 01 Jan 0001 00:00:00 -0000", "Mon, 01 Jan 2030 00:00:00 +99999999999999"),
    ],
)
def test_retry_after(loopback: "stores.Loopback", waits: list[float], told: str) -> None:
    """A service that says when to ask again is asked then; nonsense is no answer."""
    loopback.graphs["urn:x"] = set()
    loopback.faults.append(stores.Fault("GET", status=503, headers={"Retry-After": told}))
    asked(loopback, waits)
    assert waits == [7.0] if told == "7" else waits[0] <= 0.5


def test_retry_after_a_date(loopback: "stores.Loopback", waits: list[float]) -> None:
    """A service may say when to ask again by a date; one that has passed is now."""
    loopback.graphs["urn:x"] = set()
    now = dt.datetime.now(dt.UTC)
    for when in (now + dt.timedelta(seconds=20), now - dt.timedelta(days=1)):
        header = format_datetime(when, usegmt=True)
        loopback.faults.append(stores.Fault("GET", status=503, headers={"Retry-After": header}))
    asked(loopback, waits)
    assert 0 < waits[0] <= 20
    assert waits[1] == 0


def test_retry_after_is_bounded(loopback: "stores.Loopback", waits: list[float]) -> None:
    """A service that asks for an hour is not waited for."""
    loopback.faults.append(stores.Fault("GET", status=503, headers={"Retry-After": "3600"}))
    with pytest.raises(RefusedError, match="503"):
        asked(loopback, waits)
    assert waits == []


def test_slow_answer(loopback: "stores.Loopback", waits: list[float]) -> None:
    """A service that is silent for too long is given up."""
    patience = Patience(tries=1, answer_s=0.05, sleep=waits.append)
    slow = stores.Fault("GET", status=200, effect=lambda: stores.pause(0.5))
    loopback.faults.append(slow)
    with (
        Client(f"{loopback.url}/graphs", Credentials(), patience) as client,
        pytest.raises(UnreachableError, match="timed out"),
    ):
        client.answer(Request("GET", {"graph": "urn:x"}))


def test_nobody_is_there(waits: list[float]) -> None:
    """A service that does not run is asked again, and then told of."""
    patience = Patience(tries=3, sleep=waits.append)
    with (
        Client(f"http://127.0.0.1:{stores.free_port()}/", Credentials(), patience) as client,
        pytest.raises(UnreachableError, match="there is no answer"),
    ):
        client.answer(Request("GET"))
    assert len(waits) == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(loopback: "stores.Loopback", waits: list[float], status: int) -> None:
    """A redirect is told of with where it leads, and nobody is asked there."""
    other = stores.Loopback()
    try:
        there = f"{other.url}/elsewhere"
        loopback.faults.append(stores.Fault("GET", status=status, headers={"Location": there}))
        with pytest.raises(RefusedError, match=f"redirects to {there}, which nobody asked for"):
            asked(loopback, waits)
        assert other.asked == []
    finally:
        other.stop()


def test_environment_names_no_proxy(
    loopback: "stores.Loopback", waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the address that was asked for is contacted, whatever proxy the environment names."""
    loopback.graphs["urn:x"] = set()
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    asked(loopback, waits)
    assert len(loopback.asked) == 1


@pytest.mark.parametrize(
    "environment",
    [
        {"USER": "a"},
        {"PASSWORD": "a"},
        {"USER": "a", "PASSWORD": "b", "TOKEN": "c"},
        {"TOKEN": "a b"},
        {"TOKEN": "a\n"},
        {"TOKEN": "é"},
        {"USER": "a:b", "PASSWORD": "c"},
        {"USER": 'a"', "PASSWORD": "c"},
        {"USER": "a", "PASSWORD": "c\r\nHost: x"},
    ],
)
def test_credentials_that_cannot_be(environment: dict[str, str]) -> None:
    """Half of who asks, two of them, or what no header can hold is refused, and not shown."""
    with pytest.raises(CredentialsError) as failure:
        credentials_from({f"TWINTOWNS_{name}": value for name, value in environment.items()})
    assert str(failure.value).startswith("TWINTOWNS_USER, TWINTOWNS_PASSWORD, TWINTOWNS_TOKEN: ")


def test_credentials() -> None:
    """Who asks stands in the environment, or nobody does."""
    assert credentials_from({}) == Credentials()
    assert credentials_from({"TWINTOWNS_TOKEN": "a.b-c=="}) == Credentials(token="a.b-c==")  # noqa: S106 - a test's
    assert credentials_from({"TWINTOWNS_USER": "å", "TWINTOWNS_PASSWORD": "p w"}) == Credentials("å", "p w")


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "store",
            "//host/x",
            "ftp://host/x",
            "file:///etc/passwd",
            "http://",
            "http:///x",
            "http://h#x",
        ),
        *("http://h:99999/", "http://h:0/", "http://h:x/", "http://[::1", "http://h/\n", "https://h\x00/"),
    ],
)
def test_addresses_that_are_none(url: str) -> None:
    """What is no address for HTTP is refused before anything is sent."""
    with pytest.raises(AddressError):
        checked(url)


@pytest.mark.parametrize(
    "url", ["http://me:secret@host/x", "https://secret@host", "http://@h", "x://:secret@h"]
)
def test_addresses_with_a_password(url: str) -> None:
    """An address with user or password is refused, and the message does not repeat it."""
    with pytest.raises(AddressError) as failure:
        checked(url)
    assert "secret" not in str(failure.value)


@given(st.text())
def test_any_address(text: str) -> None:
    """Whatever is named as an address, it is one or is refused."""
    try:
        assert checked(text) == text
    except AddressError as error:
        assert error.remedy  # noqa: PT017 - one of both is right


def test_address_keeps_its_query(loopback: "stores.Loopback") -> None:
    """What stands in the query part of an address stays there."""
    with Client(f"{loopback.url}/graphs?graph=urn:y", Credentials()) as client:
        loopback.graphs["urn:y"] = {"<a:a> <a:a> <a:a> ."}
        assert b"<a:a>" in client.answer(Request("GET", {"other": "é&x"}))


def test_waits_vary() -> None:
    """Waits grow, vary, and have an end."""
    patience = Patience(tries=100, longest_s=4)
    waits = [patience.wait_s(attempt, "") for attempt in range(99)]
    assert len(set(waits)) > 90
    assert all(wait_s is not None and wait_s <= 4 for wait_s in waits)
    assert patience.wait_s(99, "1") is None
