"""The table of requests: what the web answers of a publication, whoever serves it.

`tests/http/requests.toml` holds the requests with what is right; here they are read, sent and checked, the
same for `twintowns serve` and for each static host. A request is sent raw, so that no client mends its path.
"""

import gzip
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPMessage, HTTPResponse
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

import brotli  # type: ignore[import-untyped]
import zstandard

from twintowns.project import PACKAGE, Project
from twintowns.site import BuildOptions, build

TESTS: Final = Path(__file__).resolve().parent
SPACE: Final = "https://example.org/golden/"
LANGUAGES: Final = ("sv", "en", "de")
GONE: Final = "place/Q9"
UNUSUAL: Final = "organization/vänföreningen"
COMMON: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Link, ETag, Content-Language, Content-Location, Content-Profile, Retry-After"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
}
"""The headers of every answer."""

BAD_REQUEST: Final = 400
"""The status of an answer to what is no HTTP: a server may give it before it knows whom it serves."""

_LONG: Final = {"{long}": "a" * 9000, "{blanks}": " " * 2000, "{commas}": "," * 1000, "{quotes}": '"' * 3001}
"""What stands for texts that nobody wants to read in the table."""
_BUILT: Final = 1_700_000_000
_TOMBSTONE: Final = f"""@prefix as: <https://www.w3.org/ns/activitystreams#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<{SPACE}{GONE}>
    a as:Tombstone ;
    as:deleted "2026-05-01T00:00:00Z"^^xsd:dateTime ;
    .
"""
_DECODERS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "": bytes,
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "zstd": lambda content: zstandard.ZstdDecompressor().decompressobj().decompress(content),
}
_LINK: Final = re.compile(r'<([^>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^";,\s]+))*)')
_PARAMETER: Final = re.compile(r'([\w*-]+)\s*=\s*(?:"([^"]*)"|([^";,\s]+))')


@dataclass(frozen=True)
class Row:
    """A request, and what is right to answer; the table's head tells of each part."""

    name: str
    path: str
    status: tuple[int, ...]
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    location: str | None = None
    type: str | None = None
    language: str | None = None
    encoding: tuple[str, ...] | None = None
    vary: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    no_links: tuple[str, ...] = ()
    response: Mapping[str, Any] = field(default_factory=dict)
    body: str | None = None
    range: tuple[int, int] = (0, -1)
    body_pattern: str | None = None
    only: tuple[str, ...] = ()
    why: str = ""


class Answer(NamedTuple):
    """What a server answered.

    Attributes:
        status: The status.
        headers: The headers.
        body: The bytes as they came, encoded or not.
        root: The path of the site's root on this server, ending in `/`.
    """

    status: int
    headers: HTTPMessage
    body: bytes
    root: str

    def header(self, name: str) -> str:
        """Return the values of a header, joined; empty where there is none."""
        return ", ".join(self.headers.get_all(name, []))


class Server(NamedTuple):
    """Where a site is served.

    Attributes:
        port: The port on 127.0.0.1.
        root: The path of the site's root, ending in `/`.
    """

    port: int
    root: str = "/"


def rows(server: str) -> list[Row]:
    """Return the requests that a server is asked: `serve`, `nginx`, `apache` or `caddy`."""
    with (TESTS / "http/requests.toml").open("rb") as file:
        told = tomllib.load(file)["request"]
    found = [Row(**{name: _value(name, value) for name, value in row.items()}) for row in told]
    return [row for row in found if not row.only or server in row.only]


def _value(name: str, value: object) -> Any:  # noqa: ANN401 - as the table has it
    if name in {"status", "encoding"} and not isinstance(value, list):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def asked(server: Server, row: Row) -> Answer:
    """Send a request and return the answer; `{etag}` is what the server says of the same file first."""
    headers = {name: _filled(server, row, value) for name, value in row.headers.items()}
    return _sent(server, row.method, _spelled_out(row.path), headers)


def _filled(server: Server, row: Row, value: str) -> str:
    """Return the value of a header with an ETag, or a long text, where it has a place for one."""
    if found := re.search(r"\{etag(?::(\w+))?\}", value):
        accepted = {name: told for name, told in row.headers.items() if name == "Accept-Encoding"}
        if found[1]:
            accepted["Accept-Encoding"] = found[1]
        value = value.replace(found[0], _sent(server, "GET", row.path, accepted).header("ETag"))
    return _spelled_out(value)


def _spelled_out(text: str) -> str:
    for word, long in _LONG.items():
        text = text.replace(word, long)
    return text


def _sent(server: Server, method: str, path: str, headers: Mapping[str, str]) -> Answer:
    host = {"Host": f"127.0.0.1:{server.port}", "Connection": "close"}
    told = "".join(f"{name}: {value}\r\n" for name, value in {**host, **headers}.items())
    target = server.root.rstrip("/") + path
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(f"{method} {target} HTTP/1.1\r\n{told}\r\n".encode())
        with HTTPResponse(connection, method=method) as response:
            response.begin()
            return Answer(response.status, response.headers, response.read(), server.root)


def wrong(row: Row, answer: Answer, site: Path) -> list[str]:
    """Return what is wrong with an answer, a sentence each; none where it is right.

    Args:
        row: What was asked, and what is right.
        answer: What came.
        site: The folder of the site that is served.
    """
    if answer.status not in row.status:
        return [
            f"status {answer.status}, not {row.status}: {answer.headers.as_string()}{answer.body[:300]!r}"
        ]
    return [
        *(_wrong_common(answer) if answer.status != BAD_REQUEST else ()),
        *_wrong_location(row, answer),
        *_wrong_representation(row, answer),
        *_wrong_vary(row, answer),
        *_wrong_links(row, answer),
        *_wrong_headers(row, answer),
        *_wrong_body(row, answer, site),
    ]


def _wrong_common(answer: Answer) -> Iterator[str]:
    for name, value in COMMON.items():
        if answer.headers.get_all(name) != [value]:
            yield f"{name} is {answer.headers.get_all(name)}"


def _address(row: Row, answer: Answer) -> str:
    """Return the address that was asked, on a host that nobody has."""
    return f"http://site.invalid{answer.root.rstrip('/')}{row.path}"


def _wrong_location(row: Row, answer: Answer) -> Iterator[str]:
    if row.location is not None:
        found = _site_path(urljoin(_address(row, answer), answer.header("Location")), answer.root)
        if found != row.location:
            yield f"Location {answer.header('Location')!r} leads to {found!r}, not to {row.location!r}"


def _wrong_representation(row: Row, answer: Answer) -> Iterator[str]:
    found = re.sub(r";\s*", "; ", answer.header("Content-Type").lower())
    if row.type is not None and found != row.type:
        yield f"Content-Type is {found!r}, not {row.type!r}"
    if row.language is not None and answer.header("Content-Language") != row.language:
        yield f"Content-Language is {answer.header('Content-Language')!r}, not {row.language!r}"
    if row.encoding is not None and answer.header("Content-Encoding") not in row.encoding:
        yield f"Content-Encoding is {answer.header('Content-Encoding')!r}, not one of {row.encoding}"


def _wrong_vary(row: Row, answer: Answer) -> Iterator[str]:
    found = {name.strip().lower() for name in answer.header("Vary").split(",")}
    if missing := {name.lower() for name in row.vary} - found:
        yield f"Vary is {answer.header('Vary')!r}, without {sorted(missing)}"


def _wrong_links(row: Row, answer: Answer) -> Iterator[str]:
    found = _links(answer, _address(row, answer))
    for wanted in row.links:
        if not any(set(wanted.split()) <= one for one in found):
            yield f"no link {wanted!r} in {answer.header('Link')!r}"
    for unwanted in row.no_links:
        if any(set(unwanted.split()) <= one for one in found):
            yield f"a link {unwanted!r} in {answer.header('Link')!r}"


def _links(answer: Answer, base: str) -> list[set[str]]:
    """Return the links: of each its relations, its target as a path in the site, type and language."""
    found = []
    for target, told in _LINK.findall(answer.header("Link")):
        parameters = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(told)}
        values = {parameters.get(name, "") for name in ("type", "hreflang")} - {""}
        found.append({_link_target(target, answer, base), *parameters.get("rel", "").split(), *values})
    return found


def _link_target(target: str, answer: Answer, base: str) -> str:
    """Return where a link leads: a path in the site, told absolutely or not, or an address elsewhere."""
    if target.startswith(SPACE):
        return unquote(target.removeprefix(SPACE))
    if urlsplit(target).scheme:
        return target
    return _site_path(urljoin(base, target), answer.root)


def _wrong_headers(row: Row, answer: Answer) -> Iterator[str]:
    for name, wanted in row.response.items():
        found = answer.headers.get(name)
        if wanted is False:
            is_right = found is None
        elif isinstance(wanted, str):
            is_right = found == wanted
        else:
            is_right = re.search(wanted["pattern"], found or "") is not None
        if not is_right:
            yield f"{name} is {found!r}, not {wanted!r}"


def _wrong_body(row: Row, answer: Answer, site: Path) -> Iterator[str]:
    if row.method == "HEAD" or answer.status in {204, 304}:
        if answer.body:
            yield f"a body of {len(answer.body)} bytes, where there is none"
        if row.body and answer.header("Content-Length") not in {"", str((site / row.body).stat().st_size)}:
            yield f"Content-Length is {answer.header('Content-Length')}"
        return
    body = _DECODERS[answer.header("Content-Encoding")](answer.body)
    if row.body is not None and body != _part((site / row.body).read_bytes(), row.range):
        yield f"the body is not that of {row.body}: {body[:200]!r}"
    if row.body_pattern is not None and not re.search(row.body_pattern, body.decode()):
        yield f"no {row.body_pattern!r} in {body[:500]!r}"


def _part(content: bytes, bounds: tuple[int, int]) -> bytes:
    first, last = bounds
    return content[first:] if last == -1 else content[first : last + 1]


def _site_path(url: str, root: str) -> str:
    """Return the path in the site of an address on the server, or the address where it is elsewhere."""
    path = urlsplit(url).path
    return unquote(path.removeprefix(root)) if path.startswith(root) else url


def example(folder: Path) -> Path:
    """Build the site that the table is about, in a folder with a blank in its name; return where it is."""
    project = folder / "an example"
    shutil.copytree(TESTS / "golden/project", project)
    catalogue = project / "data/catalogue.ttl"
    told = catalogue.read_text(encoding="utf-8")
    german = told.replace('schema:inLanguage "en"', 'schema:inLanguage "de" ;\n    schema:inLanguage "en"')
    catalogue.write_text(german, encoding="utf-8")
    guild = (project / "data/organization/guild.ttl").read_text(encoding="utf-8")
    unusual = guild.replace("organization:guild\n", f"<{SPACE}{UNUSUAL}>\n").replace("Q900", "Q901")
    (project / f"data/{UNUSUAL}.ttl").write_text(unusual, encoding="utf-8")
    (project / f"data/{GONE}.ttl").write_text(_TOMBSTONE, encoding="utf-8")
    site = project / "build"
    outcome = build(Project(project), BuildOptions(site, 1))
    assert outcome.changed, outcome.report
    (site / "README.md").write_text("Not of the site.\n")
    for path in site.rglob("*"):
        os.utime(path, (_BUILT, _BUILT))  # Apache's ETag of a file of this very second is a weak one
    return site


@contextmanager
def serving(project: Path, root_path: str = "", *options: str) -> Iterator[Server]:
    """Run `twintowns serve` on a project that was built, as a process of its own."""
    command = [sys.executable, "-m", "twintowns", "serve", str(project), "--port", "0", "--quiet", *options]
    environment = {**os.environ, "LANGUAGE": "en", "PYTHONPATH": str(PACKAGE.parent)}
    with subprocess.Popen(  # noqa: S603 - our own program
        [*command, "--root-path", root_path], stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            assert process.stderr
            line = process.stderr.readline()
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
            assert found, line
            port = int(found[1])
            wait_for(port)
            yield Server(port, f"{root_path}/")
        finally:
            process.terminate()


def wait_for(port: int) -> None:
    """Wait until a server takes connections: it tells its address a moment before."""
    for _ in range(300):
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), 20):
            return
        time.sleep(0.1)
    message = f"nothing listens at port {port}"
    raise AssertionError(message)
