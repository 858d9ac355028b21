"""The reconciliation service: the protocol as OpenRefine and others speak it."""

import asyncio
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.testclient import TestClient
from starlette.types import Message

from twintowns import reconciling
from twintowns.nameindex import Entry, NameIndex
from twintowns.previews import Previewed, preview
from twintowns.reconcileanswers import Answers, BadQueryError, TooManyError, manifest
from twintowns.reconciling import Reconciling
from twintowns.server import ServiceOptions, application

SPACE = "https://w3id.org/twintowns/ludvika/"
Json = dict[str, Any]


def _is_typed(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, dict) and isinstance(value.get("id"), str))


def check_manifest(told: Json) -> None:
    """See that a manifest is as the protocol has it."""
    assert "0.2" in told["versions"]
    assert all(
        isinstance(told[name], str) for name in ("name", "identifierSpace", "schemaSpace", "serviceVersion")
    )
    assert all("{{id}}" in told[name]["url"] for name in ("view", "preview"))
    assert all(isinstance(told["preview"][name], int) for name in ("width", "height"))
    assert all(set(one) == {"id", "name"} for one in told["defaultTypes"])
    for one in (*told["suggest"].values(), told["extend"]["propose_properties"]):
        assert re.fullmatch(r"https?://\S+[^/]", one["service_url"])
        assert one["service_path"].startswith("/reconcile/")
    assert told["extend"]["property_settings"] == []


def check_results(told: Json) -> None:
    """See that the results of a batch are as the protocol has it."""
    for result in told.values():
        scores = [one["score"] for one in result["result"]]
        assert scores == sorted(scores, reverse=True)
        for one in result["result"]:
            assert all(isinstance(one[name], str) for name in ("id", "name", "description"))
            assert isinstance(one["match"], bool)
            assert all(map(_is_typed, one["type"]))
            assert all(isinstance(feature["value"], bool | int) for feature in one["features"])


def check_values(told: Json) -> None:
    """See that values of properties are as the protocol has it."""
    names = {one["id"] for one in told["meta"]}
    for row in told["rows"].values():
        assert set(row) == names
        for values in row.values():
            assert all(set(value) in ({"str"}, {"id", "name"}) for value in values)


@pytest.fixture(scope="module")
def folder(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the site of the first publication."""
    folder = tmp_path_factory.mktemp("reconciled") / "build"
    shutil.copytree(site, folder)
    return folder


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    """Return a client of the service."""
    extension = Reconciling(folder, SPACE, "/twins", ["sv", "de", "en", "et", "fi"]).extension()
    service = application(folder, ServiceOptions("/twins", None, [extension]))
    with TestClient(service, "http://localhost:8000", root_path="") as client:
        yield client


def asked(client: TestClient, queries: Mapping[str, object]) -> Json:
    """Return the results of a batch, sent as a form."""
    answer = client.post("/twins/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    told: Json = answer.json()
    check_results(told)
    assert told.keys() == queries.keys()
    return told


def matches(told: Json) -> dict[str, list[str]]:
    """Return the items that are matches, by query."""
    return {key: [one["id"] for one in value["result"] if one["match"]] for key, value in told.items()}


def test_manifest(client: TestClient) -> None:
    """Without a query, the service tells what it is, and where when it is asked on this machine."""
    for path in ("/twins/reconcile", "/twins/reconcile/"):
        told = client.get(path)
        check_manifest(told.json())
        assert told.json()["suggest"]["entity"]["service_url"] == "http://localhost:8000/twins"
        assert told.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost:80@evil.example", ""])
def test_foreign_hosts(client: TestClient, host: str) -> None:
    """The host that a client names is never repeated, but for this machine's own."""
    told = client.get("/twins/reconcile", headers={"Host": host}).text
    assert "evil" not in told
    assert f'"service_url":"{SPACE[:-1]}"' in told


def test_batch(client: TestClient) -> None:
    """A batch of names is answered as OpenRefine sends it: by form, or by address."""
    queries = {
        "q0": {"query": "Imatra", "type": "City", "type_strict": "should", "limit": 3},
        "q1": {"query": "Bad Honnef", "properties": [{"pid": "country", "v": "Saksa"}]},
        "q2": {
            "query": "Bad Honnef",
            "properties": [{"pid": "country", "v": [{"id": "Q33", "name": "Finland"}]}],
        },
        "q3": {"query": "Q503184"},
        "q4": {"query": "Ludvika kommun", "type": ["https://schema.org/AdministrativeArea"]},
        "q5": {"query": "Nowhere at all"},
        "q6": {"query": "Imatra", "type": "Country"},
        "q7": {"properties": [{"pid": "country", "v": "Finland"}]},
        "q8": {"query": "Q404"},
        "q9": {"query": "Imatr", "properties": [{"pid": "colour", "v": 5}]},
    }
    told = asked(client, queries)
    assert matches(told) == {
        "q0": ["Q211020"], "q1": ["Q12434"], "q2": [], "q3": ["Q503184"], "q4": ["Q503184"],
        "q5": [], "q6": [], "q7": [], "q8": [], "q9": [],
    }  # fmt: skip
    assert client.get("/twins/reconcile", params={"queries": json.dumps(queries)}).json() == told
    assert asked(client, {}) == {}


ANSWERS = Answers(
    NameIndex(
        [
            Entry("Q84", ("London", "Londres"), frozenset({"GB"}), "https://schema.org/City"),
            Entry("Q92561", ("London",), frozenset({"CA"})),
            Entry("Q64", ("Berlin",), frozenset({"DE"})),
        ],
        [("Q84", "Q64"), ("Q84", "Q1")],
    ),
    SPACE,
)


@pytest.mark.parametrize("partner", ["Berlin", "Q64", {"id": "Q64"}])
def test_partner(partner: object) -> None:
    """What a place is twinned with settles which of several is meant."""
    query = {"query": "London", "properties": [{"pid": "partner", "v": partner}]}
    (told,) = ANSWERS.batch(json.dumps({"q": query}))["q"]["result"]
    assert (told["id"], told["match"]) == ("Q84", True)


def test_in_doubt() -> None:
    """What is in doubt is no match."""
    told = ANSWERS.batch('{"q": {"query": "London"}}')
    assert [(one["id"], one["match"]) for one in told["q"]["result"]] == [("Q84", False), ("Q92561", False)]
    narrowed = ANSWERS.batch('{"q": {"query": "London", "type": "City", "limit": 1}}')
    assert matches(narrowed) == {"q": []}


def test_descriptions(client: TestClient) -> None:
    """A candidate and a suggestion say the country in the main language, and other names."""
    told = asked(client, {"q": {"query": "Bad Honnef"}})["q"]["result"][0]["description"]
    assert told.startswith("Tyskland")
    suggested = client.get("/twins/reconcile/suggest/entity", params={"prefix": "Bad Honnef"}).json()
    assert suggested["result"][0]["description"].startswith("Tyskland")


def test_values(client: TestClient) -> None:
    """Values of properties are told of items."""
    query = {
        "ids": ["Q211020", "Q404"],
        "properties": [{"id": name} for name in ("country", "partner", "iri", "x")],
    }
    told = client.post("/twins/reconcile", data={"extend": json.dumps(query)}).json()
    check_values(told)
    assert told["rows"]["Q211020"] == {
        "country": [{"str": "FI"}],
        "partner": [{"id": "Q503184", "name": "Ludvika kommun"}],
        "iri": [{"str": f"{SPACE}place/Q211020"}],
    }
    assert told["rows"]["Q404"] == {"country": [], "partner": [], "iri": []}
    named = ANSWERS.extended('{"ids": ["Q84"], "properties": [{"id": "name"}, {"id": "partner"}]}')
    assert named["rows"]["Q84"] == {
        "name": [{"str": "London"}, {"str": "Londres"}],
        "partner": [{"id": "Q64", "name": "Berlin"}],
    }


def test_suggestions(client: TestClient) -> None:
    """Items are suggested by how their names begin, or by their numbers; properties and types likewise."""

    def suggested(kind: str, **fields: str) -> list[str]:
        told = client.get(f"/twins/reconcile/suggest/{kind}", params=fields).json()
        assert all(isinstance(one["name"], str) for one in told["result"])
        return [one["id"] for one in told["result"]]

    assert suggested("entity", prefix="imat") == ["Q211020"]
    assert suggested("entity", prefix="Q503184") == ["Q503184"]
    assert suggested("entity", prefix="imat", cursor="1") == suggested("entity") == []
    assert suggested("property", prefix="cou") == suggested("property", prefix="country") == ["country"]
    assert suggested("type", prefix="c") == ["City", "Country"]
    assert suggested("type", cursor="2") == ["Country"]


def test_proposed_properties(client: TestClient) -> None:
    """The properties whose values can be had are told."""
    told = client.get("/twins/reconcile/properties", params={"type": "City", "limit": "2"}).json()
    assert told == {
        "type": "City",
        "limit": 2,
        "properties": [{"id": "country", "name": "Country"}, {"id": "partner", "name": "Twinned with"}],
    }


def test_preview(client: TestClient) -> None:
    """A place is shown in a page that others may embed."""
    told = client.get("/twins/reconcile/preview", params={"id": "Q211020"})
    assert told.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "frame-ancestors *" in told.headers["Content-Security-Policy"]
    assert told.headers["Content-Language"] == "sv"
    assert told.headers["Vary"] == "Accept-Language"
    assert '<html lang="sv">' in told.text
    assert "<h1>Imatra</h1>" in told.text
    assert "Stad · Finland · Q211020<" in told.text
    assert f'href="{SPACE}place/Q211020"' in told.text
    assert client.get("/twins/reconcile/preview", params={"id": "<script>"}).status_code == 404


@pytest.mark.parametrize(
    ("accepted", "language", "words"),
    [
        ("", "sv", ["<h1>Ludvika kommun</h1>", "Administrativt område · Sverige · Q503184", "Vänorter"]),
        ("de-AT, en;q=0.5", "de", ["Verwaltungsgebiet · Schweden · Q503184", "Partnerstädte"]),
        ("ja, fi;q=0.1", "fi", ["<h1>Ludvikan kunta</h1>", "· Ruotsi · Q503184", "Ystävyyskaupungit"]),
        ("et", "et", ["· Rootsi · Q503184"]),
        ("en", "en", ["Administrative area · Sweden · Q503184", "Also called: Ludvika kommun", "Twin towns"]),
        ("<script>", "sv", ["Sverige"]),
    ],
)
def test_preview_in_a_language(client: TestClient, accepted: str, language: str, words: list[str]) -> None:
    """A preview is told in that of the publication's languages which its reader prefers."""
    headers = {"Accept-Language": accepted}
    told = client.get("/twins/reconcile/preview", params={"id": "Q503184"}, headers=headers)
    assert told.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in told.text
    assert [word for word in words if word not in told.text] == []


def test_preview_of_little() -> None:
    """What is not known of a place is left out, and a name in another language is marked as such."""
    place = Entry("Q1", ("Umeå", "Uumaja"), called=(("fi", "Uumaja"), ("se", "Ubmeje"), ("sv", "Umeå")))
    others = [Entry(f"Q{number}", (f"<b>{number}",)) for number in range(12, 5, -1)]
    shown = preview(Previewed(place, others, "https://example.org/Q1", ""), "de", ["se", "sv"])
    assert '<h1><span lang="se">Ubmeje</span></h1>' in shown
    assert '<p class="kind">Q1</p>' in shown
    assert "<p>Anderer Name: Umeå, Uumaja</p>" in shown
    assert (
        ">7</span>: &lt;b&gt;10, &lt;b&gt;11, &lt;b&gt;12, &lt;b&gt;6, &lt;b&gt;7, &lt;b&gt;8 …</p>" in shown
    )
    bare = preview(Previewed(Entry("Q2", ("Oulu",)), (), "https://example.org/Q2", ""), "sv", ["sv"])
    assert "<h1>Oulu</h1>" in bare
    assert bare.count("<p") == 2


def test_preview_of_one_language(folder: Path) -> None:
    """A publication that tells no language is previewed in English."""
    service = Starlette(routes=list(Reconciling(folder, SPACE, "").extension().routes))
    with TestClient(service) as client:
        assert '<html lang="en">' in client.get("/reconcile/preview?id=Q211020").text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"callback": "x"}, 400), ({"queries": "no json"}, 400), ({"queries": "[]"}, 400),
        ({"queries": '{"q": 1}'}, 400), ({"queries": '{"q": {"query": 1}}'}, 400),
        ({"queries": '{"q": {"query": "a", "limit": 0}}'}, 400),
        ({"queries": '{"q": {"query": "a", "limit": true}}'}, 400),
        ({"queries": '{"q": {"query": "a", "type": [1]}}'}, 400),
        ({"queries": '{"q": {"query": "a", "properties": 1}}'}, 400),
        ({"queries": '{"q": {"query": "a", "properties": [1]}}'}, 400),
        ({"queries": json.dumps({str(n): {"query": "a"} for n in range(51)})}, 413),
        ({"extend": "{}"}, 400), ({"extend": '{"ids": [1], "properties": []}'}, 400),
        ({"extend": '{"ids": [], "properties": [1]}'}, 400),
        ({"extend": json.dumps({"ids": ["Q1"] * 51, "properties": []})}, 413),
        ({str(n): "" for n in range(30)}, 400),
    ],
)  # fmt: skip
def test_refused(client: TestClient, fields: dict[str, str], status: int) -> None:
    """What is not as the protocol has it, or too much, is refused with problem details."""
    for told in (
        client.get("/twins/reconcile", params=fields),
        client.post("/twins/reconcile", data=fields),
    ):
        assert told.status_code == status, told.text
        assert told.headers["Content-Type"] == "application/problem+json"
        assert told.headers["Access-Control-Allow-Origin"] == "*"


def test_refused_bodies(client: TestClient) -> None:
    """A body that is no form, is empty, too long, or not UTF-8, is refused."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/twins/reconcile", json={}).status_code == 415
    assert client.post("/twins/reconcile", content=b"", headers=form).status_code == 400
    assert client.post("/twins/reconcile", content=b"queries=\xff", headers=form).status_code == 400
    assert client.post("/twins/reconcile", content=b"q" * (1 << 19), headers=form).status_code == 413
    assert client.get("/twins/reconcile/suggest/entity?cursor=x").status_code == 400
    assert client.get("/twins/reconcile/properties?limit=").status_code == 400
    assert client.delete("/twins/reconcile").status_code == 405


def test_bodies_that_do_not_arrive(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that does not arrive in time is waited for no longer."""
    monkeypatch.setattr(reconciling, "_BODY_S", 0.01)
    headers = [(b"content-type", b"application/x-www-form-urlencoded")]
    scope = {"type": "http", "method": "POST", "headers": headers, "query_string": b"", "path": "/"}

    async def receive() -> Message:
        await asyncio.sleep(60)
        raise AssertionError

    with pytest.raises(HTTPException, match="in time"):
        asyncio.run(Reconciling(Path(), SPACE, "").reconcile(Request(scope, receive)))


@pytest.mark.parametrize("path", ["", "/suggest/entity", "/suggest/type", "/properties", "/preview"])
def test_preflight(client: TestClient, path: str) -> None:
    """Every page may ask, and is told so before it does."""
    told = client.options(f"/twins/reconcile{path}")
    assert told.status_code == 204
    assert ("POST" in told.headers["Access-Control-Allow-Methods"]) == (path == "")
    assert told.headers["Allow"] == told.headers["Access-Control-Allow-Methods"]
    assert told.headers["Access-Control-Allow-Origin"] == "*"


def _asked_at_once(service: Reconciling, count: int) -> list[int]:
    app = Starlette(routes=list(service.extension().routes))
    with TestClient(app) as client:

        async def all_at_once() -> list[int]:
            import httpx  # noqa: PLC0415 - only here

            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as asking:
                url = '/reconcile?queries={"q":{"query":"Imatra"}}'
                return [
                    told.status_code
                    for told in await asyncio.gather(*(asking.get(url) for _ in range(count)))
                ]

        _ = client
        return asyncio.run(all_at_once())


def test_too_many_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When too many wait, the next are told to come again."""
    monkeypatch.setattr(reconciling, "_WAITING", 2)
    statuses = _asked_at_once(Reconciling(folder, SPACE, ""), 8)
    assert set(statuses) == {200, 503}


def test_editions(folder: Path, tmp_path: Path) -> None:
    """Another edition is answered from when it was taken over; one that cannot be read is not."""
    dump = tmp_path / "dump/twintowns.nq"
    dump.parent.mkdir()
    dump.write_text(
        '<https://e.example/place/Q1> <https://schema.org/name> "Nytt"@sv .\n'
        "<https://e.example/place/Q1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        "<https://schema.org/City> .\n"
    )
    service = Reconciling(tmp_path / "none", SPACE, "")
    extension = service.extension()
    with TestClient(Starlette(routes=list(extension.routes))) as client:

        def found() -> list[str]:
            told = client.get("/reconcile/suggest/entity?prefix=nytt")
            return (
                [one["id"] for one in told.json()["result"]]
                if told.status_code == 200
                else [told.reason_phrase]
            )

        assert found() == ["Service Unavailable"]
        asyncio.run(service.take_over(folder))
        assert found() == []
        asyncio.run(service.take_over(tmp_path))
        assert found() == ["Q1"]
        asyncio.run(service.take_over(tmp_path / "none"))
        assert found() == ["Q1"]


def test_failures_are_told() -> None:
    """What is wrong with a query is told."""
    with pytest.raises(BadQueryError, match="not JSON"):
        ANSWERS.batch("{")
    with pytest.raises(TooManyError, match="50"):
        ANSWERS.batch(json.dumps({str(n): {} for n in range(51)}))
    assert manifest("x", SPACE, SPACE)["batchSize"] == 50
