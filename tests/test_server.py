"""The service as an application: answers, conditions, problems, and the next edition of the site."""

import asyncio
import gzip
import json
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from twintowns import delivery, headers
from twintowns.contents import LARGE_BYTES, PIECE_BYTES, Folder, Memory, NotReadableError
from twintowns.delivery import stream
from twintowns.dereferencing import Answer
from twintowns.inventory import Entry
from twintowns.problems import Form, Problem, Reader, told_problem
from twintowns.requestlog import RequestLog
from twintowns.server import Extension, ServiceOptions, application
from twintowns.takeover import Current

SPACE = "https://example.org/town/"
LARGE = bytes(range(256)) * (LARGE_BYTES // 256 + 1000)
PAGE = b"<!doctype html><title>Q1</title>"
FILES = {
    "index.html": b"<!doctype html><title>Home</title>",
    "de/index.html": b"<!doctype html><title>Start</title>",
    "catalogue.html": b"<!doctype html>",
    "catalogue.ttl": b"# catalogue",
    "datasets/dcat": b"<rdf/>",
    "place/Q1.html": PAGE,
    "place/Q1.html.gz": gzip.compress(PAGE, mtime=0),
    "de/place/Q1.html": PAGE,
    "place/Q1.ttl": b"# Turtle",
    "place/Q1.nt": b"# N-Triples",
    "place/Q1.schema.jsonld": b"{}",
    "place/Q9.html": b"<!doctype html><title>Gone</title>",
    "place/Q9.ttl": b"# gone",
    "dump/twintowns.nt": LARGE,
    "style.css": b"body {}",
}
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def write_site(place: Path, files: Mapping[str, bytes] = FILES, told: str = "first") -> Path:
    """Put a site in a place, as a build does: beside it, then swapped in."""
    beside = place.with_name(f"{place.name}.next")
    for path, content in files.items():
        (beside / path).parent.mkdir(parents=True, exist_ok=True)
        (beside / path).write_bytes(content)
    entries = {
        path: {"sha256": sha256(content).hexdigest(), "size_bytes": len(content)}
        for path, content in files.items()
    }
    manifest = {
        "dataset": {"iri": SPACE, "rdfc-1.0": told},
        "space": SPACE,
        "languages": ["sv", "de"],
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
        "gone": ["place/Q9"],
        "documents": {"place/Q1": {"type": "City"}, "dataset/twintowns": {"type": "Dataset"}},
        "files": entries,
    }
    (beside / "manifest.json").write_text(json.dumps(manifest))
    if place.exists():
        place.rename(place.with_name(f"{place.name}.old"))
    beside.rename(place)
    shutil.rmtree(place.with_name(f"{place.name}.old"), ignore_errors=True)
    return place


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return the folder of a small site."""
    return write_site(tmp_path / "build")


@pytest.fixture
def client(place: Path) -> Iterator[TestClient]:
    """Return a client of the service."""
    app = application(place, ServiceOptions())
    with TestClient(app, follow_redirects=False, headers={"Accept-Encoding": "identity"}) as client:
        yield client


def test_name_leads_to_the_preferred_form(client: TestClient) -> None:
    """The name of a thing leads by 303 to the form that the client prefers, by a relative address."""
    answer = client.get("/place/Q1", headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "Q1.ttl")
    assert answer.headers["Vary"] == "Accept, Accept-Language, Accept-Profile"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert '<Q1.nt>; rel="alternate"; type="application/n-triples"' in answer.headers["Link"]


def test_language_of_the_page(client: TestClient) -> None:
    """The page is the one in the reader's language."""
    answer = client.get("/place/Q1", headers={**BROWSER, "Accept-Language": "de-AT"})
    assert answer.headers["Location"] == "../de/place/Q1.html"


def test_several_headers_of_one_name_are_one(client: TestClient) -> None:
    """Several `Accept` headers say together what is accepted."""
    headers = [("Accept", "image/png"), ("Accept", "application/n-triples")]
    assert client.get("/place/Q1", headers=headers).headers["Location"] == "Q1.nt"


def test_the_same_answer_again(client: TestClient) -> None:
    """What was answered before is answered again in the same way, whatever the query says besides."""
    first, again = client.get("/place/Q1.ttl"), client.get("/place/Q1.ttl?x=1")
    assert (first.content, first.headers) == (again.content, again.headers)


def test_file(client: TestClient) -> None:
    """A file has its type, language, a strong ETag by its hash, links and the headers of every answer."""
    answer = client.get("/place/Q1.html")
    assert (answer.status_code, answer.content) == (200, PAGE)
    assert answer.headers["ETag"] == f'"{sha256(PAGE).hexdigest()[:32]}"'
    assert answer.headers["Content-Language"] == "sv"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert f'<{SPACE}place/Q1>; rel="canonical"' in answer.headers["Link"]
    assert {name: answer.headers[name] for name in headers.EVERY} == headers.EVERY


def test_compressed(client: TestClient) -> None:
    """Compressed forms are sent to whoever takes them, each with an ETag of its own."""
    answer = client.get("/place/Q1.html", headers={"Accept-Encoding": "br, gzip"})
    assert (answer.headers["Content-Encoding"], answer.content) == ("gzip", PAGE)
    assert answer.headers["ETag"] == f'"{sha256(PAGE).hexdigest()[:32]}-gz"'
    assert client.get("/place/Q1.html.gz").status_code == 404


def test_front_page(client: TestClient) -> None:
    """The root is the landing page, or leads to the catalogue for whoever prefers data."""
    page = client.get("/", headers=BROWSER)
    assert (page.content, page.headers["Content-Location"]) == (FILES["index.html"], "index.html")
    assert page.headers["Vary"] == "Accept, Accept-Profile, Accept-Encoding"
    assert client.get("/", headers={"Accept": "text/turtle"}).headers["Location"] == "catalogue.ttl"
    assert client.get("/", headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/?_mediatype=text/turtle").headers["Location"] == "catalogue.ttl"
    assert client.get("/de/", headers={"Accept": "text/turtle"}).content == FILES["de/index.html"]


def test_front_page_without_catalogue(tmp_path: Path) -> None:
    """A site without a catalogue, such as that of the vocabulary, has a landing page all the same."""
    app = application(write_site(tmp_path / "build", {"index.html": PAGE}), ServiceOptions())
    assert TestClient(app).get("/").content == PAGE


@pytest.mark.parametrize(
    ("query", "status", "location"),
    [
        ("_mediatype=text/turtle", 303, "Q1.ttl"),
        ("_mediatype=application/ld%2Bjson", 303, "Q1.schema.jsonld"),
        ("_mediatype=application/ld+json", 303, "Q1.schema.jsonld"),
        ("_mediatype=image/png", 406, None),
        ("_profile=schema.org", 303, "Q1.schema.jsonld"),
        ("_profile=https://schema.org/", 303, "Q1.schema.jsonld"),
        ("_profile=schema.org&_mediatype=application/ld%2Bjson", 303, "Q1.schema.jsonld"),
        ("_profile=schema.org&_mediatype=text/html", 406, None),
        ("_profile=twintowns", 406, None),
        ("_profile=dcat-ap", 406, None),
        ("_profile=nobody-knows", 406, None),
        ("_profile=", 303, "Q1.html"),
    ],
)
def test_form_by_query(client: TestClient, query: str, status: int, location: str | None) -> None:
    """The query may name the media type or the profile, which goes before `Accept`."""
    answer = client.get(f"/place/Q1?{query}", headers=BROWSER)
    assert (answer.status_code, answer.headers.get("Location")) == (status, location)


def test_another_form_of_a_file(client: TestClient) -> None:
    """The query of a file's address may name another form of its document; one of no document has none."""
    assert client.get("/place/Q1.html?_mediatype=text/turtle").headers["Location"] == "Q1.ttl"
    assert client.get("/style.css?_mediatype=text/turtle").status_code == 200


def test_form_by_profile(client: TestClient) -> None:
    """`Accept-Profile` names the profile; one that there is not is as if nothing was said."""
    told = {"Accept-Profile": "<https://schema.org/>"}
    assert client.get("/place/Q1", headers=told).headers["Location"] == "Q1.schema.jsonld"
    told = {"Accept-Profile": "<urn:x>, <http://data.europa.eu/r5r/>;q=0.5"}
    assert client.get("/place/Q1", headers=told).headers["Location"] == "Q1.html"


def test_alternates(client: TestClient) -> None:
    """The list of forms and profiles is JSON for programs and a page for people."""
    told = client.get("/place/Q1?_profile=alt")
    assert told.json()["resource"] == f"{SPACE}place/Q1"
    assert {
        "href": "Q1.schema.jsonld",
        "media_type": "application/ld+json",
        "profile": "https://schema.org/",
    } in told.json()["representations"]
    page = client.get("/place/Q1?_profile=alt", headers={**BROWSER, "Accept-Language": "de"})
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Formen und Profile" in page.text
    assert 'href="Q1.ttl"' in page.text


def test_gone(client: TestClient) -> None:
    """What was once is gone, and its tombstone is told in the preferred form, or else as a page."""
    answer = client.get("/place/Q9", headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.content) == (410, b"# gone")
    assert client.get("/place/Q9", headers={"Accept": "image/png"}).content == FILES["place/Q9.html"]
    assert client.get("/place/Q9.ttl").status_code == 410


@pytest.mark.parametrize("path", ["/place/Q2", "/README.md", "/place/%2e%2e/%2e%2e/etc/passwd", "/a/"])
def test_not_found(client: TestClient, path: str) -> None:
    """What is not there is told as problem details, and may be kept for a minute."""
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["status"] == 404
    assert answer.headers["Cache-Control"] == "max-age=60"


def test_problem_for_people(client: TestClient) -> None:
    """A browser gets a page in the reader's language, the main one where it speaks none."""
    page = client.get("/nothing", headers=BROWSER)
    assert (page.headers["Content-Language"], "Hittades inte" in page.text) == ("sv", True)
    assert "Nicht gefunden" in client.get("/nothing", headers={**BROWSER, "Accept-Language": "de"}).text
    told = client.get("/nothing", headers={"Accept": "application/problem+json, text/html;q=0.5"})
    assert told.headers["Content-Type"] == "application/problem+json"


def test_ways_on_from_a_problem(tmp_path: Path) -> None:
    """A page about a problem has the search and the main pages of the language whose folder was asked for."""
    pages = {f"{folder}{path}.html": PAGE for folder in ("", "de/") for path in ("search", "places/index")}
    options = ServiceOptions(root_path="/twins")
    with TestClient(
        application(write_site(tmp_path / "site", {**FILES, **pages}), options), headers=BROWSER
    ) as client:
        main, copy, bad = (client.get(f"/twins/{path}") for path in ("nothing", "de/nothing", "%00"))
    assert (bad.status_code, 'action="/twins/search.html"' in bad.text) == (400, True)
    assert re.findall(r'<li><a href="([^"]*)', main.text) == ["/twins/", "/twins/places/"]
    assert re.findall(r'<li><a href="([^"]*)', copy.text) == ["/twins/de/", "/twins/de/places/"]
    assert (copy.headers["Content-Language"], 'action="/twins/de/search.html"' in copy.text) == ("de", True)


def test_ways_on_where_there_is_nothing(client: TestClient) -> None:
    """Without a search page no search is offered, and the front page is there in any case."""
    page = client.get("/nothing", headers={**BROWSER, "Accept-Language": "en"}).text
    assert "<form" not in page
    assert re.findall(r'<li><a href="([^"]*)', page) == ["/"]


def test_not_acceptable(client: TestClient) -> None:
    """Where no form is acceptable, those that there are are listed, for programs and people."""
    answer = client.get("/place/Q1", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert [one["media_type"] for one in answer.json()["available"]][:3] == [
        "text/html",
        "text/html",
        "text/turtle",
    ]
    told = client.get("/place/Q1?_profile=x", headers=BROWSER).text
    assert '<a href="Q1.ttl" type="text/turtle">Data som Turtle</a> <code>text/turtle</code></li>' in told
    assert 'hreflang="de">Webbsida, <span lang="de">Deutsch</span></a> <code>text/html</code></li>' in told
    assert 'JSON-LD</a> <code>application/ld+json</code> <small>Profil: <span class="iri">http' in told


def test_form_without_a_name() -> None:
    """A form of which no name is known is led to as data, with its media type."""
    reader = Reader("text/html", "de", ("de",))
    told = told_problem(Problem(406, forms=[Form("a.zip", "application/zip")]), reader).body.decode()
    assert '<a href="a.zip" type="application/zip">Daten</a> <code>application/zip</code></li>' in told


def test_bad_addresses(client: TestClient) -> None:
    """An address that is no text is refused, and so is one that is too long, or has too long headers."""
    assert client.get("/place/%FF").status_code == 400
    assert client.get("/" + "a" * 5000).status_code == 414
    assert client.get("/", headers={"X-Long": "a" * 17_000}).status_code == 431


def test_methods(client: TestClient) -> None:
    """HEAD is GET without content, OPTIONS tells what may be done, and nothing else may."""
    head = client.head("/place/Q1.ttl")
    assert (head.content, head.headers["Content-Length"]) == (b"", "8")
    assert client.head("/dump/twintowns.nt").headers["Content-Length"] == str(len(LARGE))
    preflight = client.options("/place/Q1", headers={"Access-Control-Request-Method": "GET"})
    assert (preflight.status_code, preflight.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    refused = client.post("/place/Q1")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert client.request("BREW", "/place/Q1").status_code == 405
    assert client.post("/healthz").status_code == 405


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"If-None-Match": "{etag}"}, 304),
        ({"If-None-Match": 'W/{etag}, "x"'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"x"'}, 200),
        ({"If-None-Match": "x"}, 200),
        ({"If-Match": "{etag}"}, 200),
        ({"If-Match": "*"}, 200),
        ({"If-Match": "W/{etag}"}, 412),
        ({"Range": "bytes=0-3"}, 206),
        ({"Range": "bytes=0-3", "If-Range": "{etag}"}, 206),
        ({"Range": "bytes=0-3", "If-Range": '"x"'}, 200),
        ({"Range": "bytes=0-3,5-6"}, 200),
        ({"Range": "bytes=3-0"}, 200),
        ({"Range": "bytes=99-"}, 416),
        ({"Range": "bytes=-0"}, 416),
        ({"Range": "lines=0-3"}, 200),
    ],
)
def test_conditions(client: TestClient, asked: dict[str, str], status: int) -> None:
    """Conditions and ranges decide what of a file is sent."""
    etag = client.get("/place/Q1.ttl").headers["ETag"]
    filled = {name: value.replace("{etag}", etag) for name, value in asked.items()}
    answer = client.get("/place/Q1.ttl", headers=filled)
    assert answer.status_code == status
    if status == 304:
        assert (answer.content, answer.headers["ETag"], "Content-Length" in answer.headers) == (
            b"",
            etag,
            False,
        )


@pytest.mark.parametrize(
    ("asked", "start", "stop"), [("2-4", 2, 5), ("2-", 2, 8), ("-3", 5, 8), ("-99", 0, 8), ("4-99", 4, 8)]
)
def test_parts(client: TestClient, asked: str, start: int, stop: int) -> None:
    """A part is what was asked for, as far as there is so much."""
    answer = client.get("/place/Q1.ttl", headers={"Range": f"bytes={asked}"})
    assert answer.content == FILES["place/Q1.ttl"][start:stop]
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/8"


def test_large_file(client: TestClient) -> None:
    """A large file arrives whole, and a part of it too."""
    assert client.get("/dump/twintowns.nt").content == LARGE
    assert client.get("/dump/twintowns.nt").content == LARGE
    part = client.get("/dump/twintowns.nt", headers={"Range": f"bytes=100-{PIECE_BYTES + 200}"})
    assert (part.status_code, part.content) == (206, LARGE[100 : PIECE_BYTES + 201])


def test_manifest_is_served(client: TestClient, place: Path) -> None:
    """The manifest is a file too, with its own hash as ETag."""
    content = (place / "manifest.json").read_bytes()
    answer = client.get("/manifest.json")
    assert answer.content == content
    assert answer.headers["ETag"] == f'"{sha256(content).hexdigest()[:32]}"'


def test_health(client: TestClient) -> None:
    """The state of the service tells the hash of the dataset."""
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "dataset": "first"})


def test_changed_file_is_not_served(client: TestClient, place: Path) -> None:
    """A file that is not what the manifest tells of is not served, small or large, until it is again."""
    (place / "place/Q1.nt").write_bytes(b"something else")
    (place / "place/Q1.ttl").unlink()
    (place / "dump/twintowns.nt").write_bytes(LARGE[::-1])
    for path in ("/place/Q1.nt", "/place/Q1.ttl", "/dump/twintowns.nt"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    (place / "dump/twintowns.nt").unlink()
    assert client.get("/dump/twintowns.nt").status_code == 503
    (place / "dump/twintowns.nt").write_bytes(LARGE)
    (place / "place/Q1.nt").write_bytes(FILES["place/Q1.nt"])
    assert client.get("/dump/twintowns.nt").content == LARGE
    assert client.get("/place/Q1.nt").content == FILES["place/Q1.nt"]


def test_next_edition(client: TestClient, place: Path) -> None:
    """When a file is gone with its edition, the answer comes from the next one at once."""
    assert client.get("/place/Q1.ttl").content == b"# Turtle"
    write_site(place, {**FILES, "place/Q1.ttl": b"# new", "place/Q1.nt": b"# new too"}, "second")
    assert client.get("/place/Q1.nt").content == b"# new too"
    assert client.get("/place/Q1.ttl").content == b"# new"
    assert client.get("/healthz").json()["dataset"] == "second"


def test_edition_is_noticed(place: Path) -> None:
    """A new edition is taken over without anybody asking, and the extensions are told of it."""
    told: list[Path] = []

    async def taken_over(folder: Path) -> None:
        told.append(folder)

    app = application(place, ServiceOptions(extensions=[Extension(taken_over=taken_over)]))
    with TestClient(app) as client:
        write_site(place, told="second")
        assert _until(lambda: client.get("/healthz").json()["dataset"] == "second")
        assert _until(lambda: told == [place])


def test_no_edition(place: Path) -> None:
    """While the site is missing, what is in memory is served, all else later; then it recovers by itself."""
    with TestClient(application(place, ServiceOptions()), follow_redirects=False) as client:
        assert client.get("/place/Q1.ttl").status_code == 200
        shutil.rmtree(place)
        assert client.get("/place/Q1.ttl").status_code == 200
        assert client.get("/place/Q1").status_code == 303
        assert client.get("/place/Q1.nt").status_code == 503
        assert client.get("/healthz").status_code == 200
        write_site(place)
        assert client.get("/place/Q1.nt").status_code == 200


def test_no_site_yet(tmp_path: Path) -> None:
    """A service without a site says so, and serves one as soon as it is there."""
    place = tmp_path / "build"
    client = TestClient(application(place, ServiceOptions()))
    answer = client.get("/", headers=BROWSER)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert client.get("/healthz").status_code == 503
    place.mkdir()
    (place / "manifest.json").write_text("half a mani")
    assert client.get("/").status_code == 503
    (place / "manifest.json").unlink()
    place.rmdir()
    write_site(place)
    assert client.get("/").status_code == 200


def test_manifest_vanishes_while_it_is_read(place: Path) -> None:
    """A folder whose manifest is missing is no edition."""
    (place / "manifest.json").unlink()
    with pytest.raises(FileNotFoundError):
        Folder.opened(place)


def test_root_path(place: Path) -> None:
    """A site in a subfolder answers with and without the folder in the path, as proxies differ."""
    app = application(place, ServiceOptions(root_path="/twins"))
    client = TestClient(app, follow_redirects=False)
    assert client.get("/twins/place/Q1").headers["Location"] == "Q1.html"
    assert client.get("/twins/").content == FILES["index.html"]
    assert client.get("/twins/healthz").status_code == 200
    assert client.get("/place/Q1.ttl").content == FILES["place/Q1.ttl"]
    assert 'href="/twins/style.css"' in client.get("/twins/nothing", headers=BROWSER).text


@pytest.mark.parametrize(("root", "location"), [("/twins", "twins/"), ("/a/twins", "twins/")])
def test_bare_root_path(place: Path, root: str, location: str) -> None:
    """The folder without its slash leads to it by a relative address, whatever host a client names."""
    client = TestClient(application(place, ServiceOptions(root_path=root)), follow_redirects=False)
    answer = client.get(root, headers={"Host": "elsewhere.example"})
    assert (answer.status_code, answer.headers["Location"]) == (308, location)
    assert all(answer.headers[name] == value for name, value in headers.EVERY.items())
    assert answer.headers["Cache-Control"] == headers.CACHE_REDIRECT
    assert client.head(root).status_code == 308
    assert client.post(root).status_code == 404


@pytest.mark.parametrize("root", ["", "/twins"])
def test_slash_too_much(place: Path, root: str) -> None:
    """An address of the service with a slash too much is none, and leads nowhere."""

    async def endpoint(_: Request) -> PlainTextResponse:
        return PlainTextResponse("found")

    extension = Extension([Route("/sparql", endpoint), Route("/more/", endpoint)])
    options = ServiceOptions(root_path=root, extensions=[extension])
    client = TestClient(application(place, options), follow_redirects=False)
    assert client.get(f"{root}/sparql").text == client.get(f"{root}/more/").text == "found"
    for path in ("/sparql/", "/healthz/", "/more"):
        answer = client.get(f"{root}{path}", headers={"Host": "elsewhere.example"})
        assert (answer.status_code, answer.headers.get("Location")) == (404, None)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_extension(place: Path) -> None:
    """An extension's routes go first, it is started and stopped, and its failures are problem details."""
    order: list[str] = []

    async def start() -> None:
        order.append("start")

    async def stop() -> None:
        order.append("stop")

    async def endpoint(request: Request) -> PlainTextResponse:
        match request.query_params.get("query"):
            case "many":
                raise HTTPException(429, headers={"Retry-After": "2"})
            case "wrong":
                raise HTTPException(400, "line 3: <b> is no keyword")
            case "broken":
                raise ZeroDivisionError
        return PlainTextResponse("found")

    extensions = [Extension([Route("/sparql", endpoint)], start, stop), Extension()]
    app = application(place, ServiceOptions(extensions=extensions))
    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.get("/sparql").text == "found"
        many = client.get("/sparql?query=many")
        assert (many.status_code, many.headers["Retry-After"]) == (429, "2")
        assert client.get("/sparql?query=wrong").json()["detail"] == "line 3: <b> is no keyword"
        assert "line 3: &lt;b&gt; is" in client.get("/sparql?query=wrong", headers=BROWSER).text
        assert client.get("/sparql?query=broken").json()["status"] == 500
        write_site(place, told="second")
        assert _until(lambda: client.get("/healthz").json()["dataset"] == "second")
    assert order == ["start", "stop"]


@pytest.mark.parametrize("root", ["", "/twins"])
def test_direct_paths(place: Path, root: str) -> None:
    """What answers at a path directly is asked before any route, and its failures are problem details too."""

    async def direct(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["query_string"]:
            raise ZeroDivisionError
        await PlainTextResponse("direct")(scope, receive, send)

    async def endpoint(_: Request) -> PlainTextResponse:
        return PlainTextResponse("found")

    extension = Extension([Route("/sparql", endpoint)], direct={"/sparql": direct})
    app = application(place, ServiceOptions(root_path=root, extensions=[extension]))
    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.get(f"{root}/sparql").text == "direct"
        assert client.get(f"{root}/sparql/").status_code == 404
        assert client.get(f"{root}/sparql?broken").json()["status"] == 500
        assert client.get(f"{root}/sparql", headers={"X-Long": "a" * 17_000}).status_code == 431


def test_websocket_is_closed(client: TestClient) -> None:
    """There is no websocket here."""
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/place/Q1"):
        pass


def test_log(place: Path) -> None:
    """Requests are logged in the Common Log Format, with nothing in a path that could deceive a reader."""
    lines: list[str] = []
    with TestClient(application(place, ServiceOptions(log=lines.append))) as client:
        client.get("/place/Q1.ttl?x=1")
        client.get('/place/%0AQ1"')
        client.head("/place/Q1.ttl")
    text = "".join(lines)
    assert '] "GET /place/Q1.ttl?x=1 HTTP/1.1" 200 8\n' in text
    assert '"HEAD /place/Q1.ttl HTTP/1.1" 200 -\n' in text
    assert '"GET /place/%0AQ1%22 HTTP/1.1" 404 ' in text
    assert text.startswith("testclient - - [")


def test_log_escapes_and_gathers() -> None:
    """What is not printable is escaped, and lines are written when there are many or some time has passed."""
    written: list[str] = []
    scope = {"method": "GET", "raw_path": b'/\x1b[31m"\\\xff', "query_string": b"", "http_version": "1.1"}

    async def note() -> None:
        log = RequestLog(written.append)
        log.note(scope, 200, 1)
        assert written == []
        await asyncio.sleep(0.3)
        assert len(written) == 1
        for _ in range(500):
            log.note(scope, 200, 1)
        assert len(written) == 2
        log.flush()

    asyncio.run(note())
    assert r'"GET /\x1b[31m\x22\x5c\xff HTTP/1.1" 200 1' in written[0]
    assert written[0].startswith("- - - [")
    assert len(written) == 2


def test_stalled_client_is_given_up(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that takes nothing of a long answer is given up."""
    monkeypatch.setattr(delivery, "STALLED_S", 0.05)
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)
        if len(sent) == 3:
            await asyncio.sleep(60)

    entry = Entry(sha256(LARGE).hexdigest(), len(LARGE))
    answer = Answer(200, [], b"", ("dump/twintowns.nt", entry))
    asyncio.run(stream(answer, Folder.opened(place), send))
    assert len(sent) == 3


def test_memory_is_bounded() -> None:
    """A memory forgets what was not asked for longest, and what does not fit at all."""
    memory: Memory[str] = Memory(3 * 4096 + 100)
    for key in "abc":
        memory.keep(key, key, 10)
    assert memory.recalled("a") == "a"
    memory.keep("d", "d", 10)
    assert (memory.recalled("a"), memory.recalled("b")) == ("a", None)
    memory.keep("a", "A", 10)
    assert (memory.recalled("a"), memory.size_bytes) == ("A", 3 * 4106)
    memory.keep("large", "x", 100_000)
    assert (memory.recalled("large"), memory.size_bytes) == (None, 0)


def test_file_that_cannot_be_read(place: Path) -> None:
    """A folder in the place of a file cannot be read."""
    (place / "place/Q1.nt").unlink()
    (place / "place/Q1.nt").mkdir()
    entry = Entry("", 0)
    with pytest.raises(NotReadableError):
        Folder.opened(place).read("place/Q1.nt", entry)


def test_current_edition_stays(place: Path) -> None:
    """Where nothing has changed, the edition stays the same with all that it remembers."""

    async def refreshed() -> bool:
        current = Current(place)
        site = current.site
        await current.refresh()
        return current.site is site

    assert asyncio.run(refreshed())


def _until(holds: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False
