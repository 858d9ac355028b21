"""Configurations of web servers: the real ones answer as the table says, wherever the site lies."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import http_table
from http_table import Row, Server
from twintowns import negotiation
from twintowns.choices import FORMS, Case, Choice, either, offers_text
from twintowns.choices import negotiation as negotiation_choices
from twintowns.cli import main
from twintowns.exceptions import HostingError, SiteError
from twintowns.holdings import holdings_from
from twintowns.hosting import configuration
from twintowns.linkpatterns import header
from twintowns.printed import MOST_CHARACTERS, listed, printed
from twintowns.project import Project
from twintowns.serverwords import Place
from twintowns.signposting import Link
from twintowns.site import BuildOptions, build
from twintowns.starting import start

SERVERS = ("nginx", "apache", "caddy")
PACKAGES = {"nginx": "nginx", "apache2": "apache2", "caddy": "caddy"}
APACHE_MODULES = Path("/usr/lib/apache2/modules")
MODULES = (
    "mpm_event",
    "authz_core",
    "unixd",
    "version",
    "dir",
    "mime",
    "alias",
    "headers",
    "rewrite",
    "setenvif",
)
LANGUAGES = ("sv", "en", "pt-BR")
ROWS = [(server, row) for server in SERVERS for row in http_table.rows(server)]


def program(name: str) -> str:
    """Return a program, or skip the test where it is not installed."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip(f"{name} is not here: apt-get install {PACKAGES[name]}")
    return found


def free_port() -> int:
    """Return a port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def nginx_command(told: str, folder: Path, _port: int) -> list[str]:
    """Write a configuration of nginx around what it is told, and return how to start it."""
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{name}_temp_path {folder}/{name};" for name in names)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "site.conf").write_text(told, encoding="utf-8")
    (folder / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; {user}\n"
        f"events {{}}\nhttp {{ variables_hash_max_size 2048; access_log off; {temporary}\n"
        f"include {folder}/site.conf; }}\n"
    )
    return [program("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")]


def apache_command(told: str, folder: Path, port: int) -> list[str]:
    """Write a configuration of Apache around what it is told, and return how to start it."""
    found = program("apache2")
    if not APACHE_MODULES.is_dir():
        pytest.skip("the modules of Apache are not where Debian has them: apt-get install apache2")
    modules = "".join(
        f"LoadModule {name}_module {APACHE_MODULES}/mod_{name}.so\n"
        for name in MODULES
        if (APACHE_MODULES / f"mod_{name}.so").is_file()
    )
    (folder / "mime.types").write_text("text/html html\n")
    (folder / "site.conf").write_text(told, encoding="utf-8")
    user = "User www-data\nGroup www-data\n" if os.geteuid() == 0 else ""
    (folder / "apache.conf").write_text(
        f"ServerRoot {folder}\nDefaultRuntimeDir {folder}\nServerName localhost\nListen 127.0.0.1:{port}\n"
        f"{modules}{user}TypesConfig {folder}/mime.types\nPidFile {folder}/pid\nErrorLog {folder}/error.log\n"
        f"Include {folder}/site.conf\n"
    )
    return [found, "-f", str(folder / "apache.conf"), "-D", "FOREGROUND"]


def caddy_command(told: str, folder: Path, _port: int) -> list[str]:
    """Write a configuration of Caddy around what it is told, and return how to start it."""
    (folder / "site.caddy").write_text(told, encoding="utf-8")
    (folder / "Caddyfile").write_text(
        f"{{\n\tadmin off\n\tauto_https off\n\tstorage file_system {folder}/storage\n}}\nimport site.caddy\n"
    )
    return [program("caddy"), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


COMMANDS: Mapping[str, Callable[[str, Path, int], list[str]]] = {
    "apache": apache_command,
    "caddy": caddy_command,
    "nginx": nginx_command,
}


@contextmanager
def running(server: str, told: Callable[[int], str], folder: Path) -> Iterator[int]:
    """Run a server in the foreground, with what it is told of its port; it is stopped for certain."""
    folder.mkdir(exist_ok=True)
    port = free_port()
    command = COMMANDS[server](told(port), folder, port)
    with (folder / "output").open("w") as output:
        environment = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)  # noqa: S603 - the servers' programs
        try:
            _wait(port, process, folder)
            yield port
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(port: int, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert process.poll() is None, (folder / "output").read_text()
            time.sleep(0.02)
        else:
            return
    pytest.fail((folder / "output").read_text())


@contextmanager
def public_folder() -> Iterator[Path]:
    """Make a folder that any user may read, as a server that gives up its rights needs it."""
    with TemporaryDirectory(prefix="twintowns-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def public() -> Iterator[Path]:
    """Return a folder that any user may read."""
    with public_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def example() -> Iterator[Path]:
    """Return the site that the table is about, where any server may read it."""
    with public_folder() as folder:
        yield http_table.example(folder)


@pytest.fixture(scope="module")
def served(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, str], Server]]:
    """Return what starts a server for a root path, once."""
    started: dict[tuple[str, str], Server] = {}
    stack: list[Any] = []

    def started_for(server: str, root_path: str) -> Server:
        if (server, root_path) not in started:
            place = running(
                server,
                lambda port: configuration(server, example, Place(root_path, f"127.0.0.1:{port}")),
                tmp_path_factory.mktemp(server),
            )
            port = place.__enter__()
            stack.append(place)
            started[server, root_path] = Server(port, f"{root_path}/")
        return started[server, root_path]

    yield started_for
    for place in reversed(stack):
        place.__exit__(None, None, None)


@pytest.mark.parametrize(("server", "row"), ROWS, ids=[f"{server}: {row.name}" for server, row in ROWS])
def test_request(served: Callable[[str, str], Server], example: Path, server: str, row: Row) -> None:
    """A server answers a request as the table says."""
    assert http_table.wrong(row, http_table.asked(served(server, ""), row), example) == []


@pytest.mark.parametrize("server", SERVERS)
def test_subfolder(served: Callable[[str, str], Server], example: Path, server: str) -> None:
    """A site in a subfolder answers every request as one at the root does, and nothing beside it."""
    place = served(server, "/twins/of-ours")
    wrong = {
        row.name: http_table.wrong(row, http_table.asked(place, row), example)
        for row in http_table.rows(server)
    }
    assert {name: told for name, told in wrong.items() if told} == {}
    for path in ("/place/Q20", "/twins/place/Q20.ttl", "/twins/of-oursplace/Q20"):
        assert http_table.asked(Server(place.port), Row("beside", path, (404,))).status == 404


@pytest.mark.parametrize("row", http_table.rows("serve"), ids=lambda row: row.name)
def test_row_can_fail(row: Row, example: Path) -> None:
    """What answers everything with an empty page is wrong by every row."""
    empty = http_table.Answer(418, HTTPMessage(), b"", "/")
    assert len(http_table.wrong(row, empty, example)) == 1
    bare = empty._replace(status=row.status[0])
    assert http_table.wrong(row, bare, example) or row.status[0] == http_table.BAD_REQUEST


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("root_path", ["", "/twins"])
def test_server_finds_no_fault(example: Path, tmp_path: Path, server: str, root_path: str) -> None:
    """The server's own check finds nothing wrong with a configuration."""
    told = configuration(server, example, Place(root_path, "8080"))
    command = COMMANDS[server](told, tmp_path, free_port())
    if server == "caddy":
        command[1] = "validate"
    else:
        command.append("-t")
    tested = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)  # noqa: S603
    assert tested.returncode == 0, tested.stderr
    assert re.search(r"(?i)syntax (is )?ok|valid configuration", tested.stdout + tested.stderr)
    assert not re.search(r"\[warn|error", tested.stderr)


@pytest.mark.uncovered
@pytest.mark.parametrize("server", SERVERS)
def test_one_language(public: Path, tmp_path: Path, server: str) -> None:
    """A site in one language, without tombstones, is served as well."""
    start(public / "town", "https://example.org/town/")
    site = public / "town/build"
    build(Project(public / "town"), BuildOptions(site, 1))
    with running(
        server, lambda port: configuration(server, site, Place("", f"127.0.0.1:{port}")), tmp_path / "run"
    ) as port:
        there = Server(port)
        page = Row(
            "page", "/place/Q183", (303,), headers={"Accept-Language": "de"}, location="place/Q183.html"
        )
        term = Row("term", "/vocabulary/kind/twinning", (303,), headers={"Accept": "text/turtle"})
        data = Row(
            "data",
            "/vocabulary/kind/twinning.ttl",
            (200,),
            body="vocabulary/kind/twinning.ttl",
            links=("canonical https://w3id.org/twintowns/kind/twinning",),
        )
        for row in (page, term, data):
            assert http_table.wrong(row, http_table.asked(there, row), site) == []


def test_two_sites_of_one_nginx(example: Path, tmp_path: Path) -> None:
    """Two sites are told apart by a server that has both."""
    other = free_port()

    def both(port: int) -> str:
        places = (Place("", f"127.0.0.1:{port}"), Place("/twins", f"127.0.0.1:{other}"))
        return "\n".join(configuration("nginx", example, place) for place in places)

    with running("nginx", both, tmp_path / "run") as port:
        for there in (Server(port), Server(other, "/twins/")):
            for row in http_table.rows("nginx")[:10]:
                assert http_table.wrong(row, http_table.asked(there, row), example) == []


@pytest.mark.parametrize("server", SERVERS)
def test_same_bytes(example: Path, server: str) -> None:
    """The same site gives the same configuration, whatever the order of sets."""
    command = [
        sys.executable,
        "-m",
        "twintowns",
        "hosting",
        server,
        str(example.parent),
        "--root-path",
        "twins/",
    ]
    printed_by = [
        subprocess.run(  # noqa: S603 - this program itself
            command, capture_output=True, check=True, timeout=60, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    ]
    assert printed_by[0] == printed_by[1]
    assert printed_by[0].decode() == configuration(server, example, Place("/twins"))
    assert b"@@" not in printed_by[0]


def _manifest(folder: Path, **changes: object) -> Path:
    """Write the manifest of a site of one page, with changes."""
    told: dict[str, object] = {
        "space": "https://w3id.org/twintowns/town/",
        "languages": ["sv", "en"],
        "gone": [],
        "documents": {"place/Q1": {"type": "City"}},
        "files": {"index.html": {}, "place/Q1.html": {}, "place/Q1.ttl": {}},
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps({**told, **changes}), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "changes",
    [
        {"space": 'https://example.org/"; }'},
        {"space": "https://example.org/$uri/"},
        {"space": "javascript:alert(1)"},
        {"languages": ['sv"; return 200 "']},
        {"languages": []},
        {"gone": ["../secret"]},
        {"gone": ['place/"Q1']},
        {"files": {"place/Q1 .html": {}}},
        {"documents": {"place/Q1$": {"type": "City"}}},
        {"documents": {"place/Q1": {"type": 'City">'}}},
        {"documents": {"place/Q1": {"type": "City", "author": "https://example.org/\nx"}}},
        {"license": "https://example.org/%{HTTP:Cookie}"},
        {"license": "https://[x/"},
        {"space": "https://example.org/[/"},
        {"space": "https://example.org:port/"},
    ],
)
def test_hostile_manifest(tmp_path: Path, changes: Mapping[str, object]) -> None:
    """What a configuration could read as more than text is refused."""
    with pytest.raises(HostingError, match="no configuration can hold"):
        configuration("nginx", _manifest(tmp_path / "site", **changes), Place())


ILL_TYPED: list[dict[str, object]] = [
    {"space": None},
    {"languages": [1]},
    {"languages": "sv"},
    {"author": ["x"]},
    {"license": {}},
    {"gone": [3]},
    {"gone": "abc"},
    {"documents": None},
    {"documents": []},
    {"documents": {"place/Q1": None}},
    {"documents": {"place/Q1": {}}},
    {"documents": {"place/Q1": {"type": 5}}},
    {"documents": {"place/Q1": {"type": "City", "iri": None}}},
    {"files": []},
    {"files": None},
]


@pytest.mark.parametrize("changes", ILL_TYPED, ids=str)
@pytest.mark.parametrize("server", SERVERS)
def test_ill_typed_manifest(tmp_path: Path, server: str, changes: Mapping[str, object]) -> None:
    """A manifest whose parts are of another kind is told of in words, and nothing is made of it."""
    site = _manifest(tmp_path / "site", **changes)
    with pytest.raises(HostingError, match=r"there is no site here .*twintowns build"):
        configuration(server, site, Place())
    with pytest.raises(SiteError, match="no manifest of a site"):
        holdings_from((site / "manifest.json").read_bytes())


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("site", Place(listen="80; }")),
        ("site", Place(listen="")),
        ("site", Place(root_path="/a b")),
        ("site", Place(root_path="/..")),
        ('si"te', Place()),
        ("si$te", Place()),
        ("si\nte", Place()),
    ],
)
def test_hostile_place(tmp_path: Path, name: str, place: Place) -> None:
    """What was asked for is refused where a configuration could read it as more than text."""
    with pytest.raises(HostingError, match="no configuration can hold"):
        configuration("apache", _manifest(tmp_path / name), place)


def test_documented_proxy(tmp_path: Path) -> None:
    """The server finds no fault with the lines for a proxy that the documentation shows."""
    text = (Path(__file__).resolve().parent.parent / "docs/hosting.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"```nginx\n(.*?)```", text, re.DOTALL)
    command = nginx_command(shown.replace("listen 80", f"listen 127.0.0.1:{free_port()}"), tmp_path, 0)
    done = subprocess.run([*command, "-t"], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603 - nginx
    assert (done.returncode, "test is successful" in done.stderr) == (0, True), done.stderr
    assert "proxy_pass" in shown


@pytest.mark.parametrize("content", [None, b"", b"[]", b"{}", b"\xff", b'{"space": 1, "languages": 2}'])
def test_no_site(tmp_path: Path, content: bytes | None) -> None:
    """Where there is no site, that is said, with what to do."""
    if content is not None:
        (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(HostingError, match=r"there is no site here .*twintowns build"):
        configuration("nginx", tmp_path, Place())


def test_many_exceptions_are_listed_in_parts() -> None:
    """A list of paths is no longer than a server reads, and no path is lost."""
    paths = [f"place/Q{number}-å" for number in range(2000)]
    parts = list(listed(paths))
    assert len(parts) > 1
    assert max(len(part.encode()) for part in parts) <= MOST_CHARACTERS + 10
    assert all(any(re.fullmatch(part, path) for part in parts) for path in paths)
    assert list(listed([])) == []


def test_documents_that_differ(tmp_path: Path) -> None:
    """A document that is told of differently, or lacks a form, has a pattern of its own."""
    documents = {
        "place/Q1": {"type": "City"},
        "place/Q2": {"type": "City", "license": "https://example.org/licence"},
        "place/Q3": {"type": "City", "iri": "https://example.org/elsewhere"},
        "place/Q4": {"type": "Country"},
        "vocabulary/kind": {"type": "DefinedTerm", "iri": "https://w3id.org/twintowns/kind"},
        "vocabulary/ns": {"type": "DefinedTerm", "iri": "https://w3id.org/twintowns/ns", "author": ""},
    }
    files: dict[str, object] = {
        f"{path}.{suffix}": {} for path in documents for suffix in ("html", "ttl") if path != "place/Q4"
    }
    site = _manifest(tmp_path, documents=documents, files={**files, "place/Q4.html": {}})
    told = configuration("nginx", site, Place())
    assert '<https://example.org/elsewhere>; rel=\\"canonical\\"' in told
    assert '<https://example.org/licence>; rel=\\"license\\"' in told
    assert printed(site).subject("place/Q3").iri == "https://example.org/elsewhere"
    assert len({configuration(server, site, Place()) for server in SERVERS}) == len(SERVERS)


def test_long_header_is_cut() -> None:
    """A header has no more links than a server reads."""
    found = [Link("item", f"https://example.org/{number}") for number in range(500)]
    told = header(found)
    assert told.startswith('<https://example.org/0>; rel="item", ')
    assert MOST_CHARACTERS - 100 < len(told) <= MOST_CHARACTERS


def test_w3id(public: Path, tmp_path: Path) -> None:
    """Permanent names lead to the same path on the host that serves the site, with their query."""
    site = _manifest(tmp_path / "site")
    told = configuration("w3id", site, Place(to="https://data.example.org/twins/"))
    ids = public / "ids/twintowns/town"
    ids.mkdir(parents=True)
    (ids / ".htaccess").write_text(told)
    host = (
        f'DocumentRoot "{public}/ids"\n<Directory "{public}/ids">\n'
        "AllowOverride All\nRequire all granted\n</Directory>\n"
    )
    with running("apache", lambda _port: host, tmp_path / "run") as port:
        for path in ("place/Q1?_mediatype=text/turtle", "organization/v%C3%A4n", ""):
            answer = http_table.asked(Server(port), Row("name", f"/twintowns/town/{path}", (302,)))
            assert answer.status == 302
            assert unquote(answer.header("Location")) == f"https://data.example.org/twins/{unquote(path)}"
        for method, path, status in (("GET", "sparql?query=ASK", 302), ("POST", "sparql", 307)):
            row = Row(path, f"/twintowns/town/{path}", (status,), method, {"Content-Length": "0"})
            answer = http_table.asked(Server(port), row)
            to = f"https://data.example.org/twins/sparql/{path.removeprefix('sparql')}"
            assert (answer.status, answer.header("Location")) == (status, to)


@pytest.mark.parametrize(
    "to", ["", "http://data.example.org/", "https://data.example.org", "https://x/ [R=301]"]
)
def test_w3id_needs_an_address(tmp_path: Path, to: str) -> None:
    """The address where permanent names lead is one, with TLS, and ends in a slash."""
    with pytest.raises(HostingError, match="no configuration can hold"):
        configuration("w3id", _manifest(tmp_path), Place(to=to))


def test_w3id_needs_a_name_there(tmp_path: Path) -> None:
    """A publication whose names are elsewhere cannot be redirected from there."""
    site = _manifest(tmp_path, space="https://example.org/town/")
    with pytest.raises(HostingError, match=r"not an address of w3id\.org; choose an IRI space there"):
        configuration("w3id", site, Place(to="https://data.example.org/"))


def test_verb(tmp_path: Path) -> None:
    """The verb prints the configuration, and tells what is wrong on standard error."""
    _manifest(tmp_path / "build")
    done = CliRunner().invoke(
        main, ["hosting", "nginx", str(tmp_path), "--listen", "8080", "--root-path", "/x/"]
    )
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == configuration("nginx", tmp_path / "build", Place("/x", "8080"))
    failed = CliRunner().invoke(main, ["hosting", "w3id", str(tmp_path), "--language", "sv", "--to", "x"])
    assert (failed.exit_code, failed.stdout) == (3, "")
    assert "ingen konfiguration kan innehålla x; välj något annat" in failed.stderr


def decided(choices: list[Choice], asked: Mapping[str, str]) -> dict[str, str]:
    """Return what choices decide, as a server that reads them would."""
    told = dict(asked)
    for choice in choices:
        source = re.sub(r"\{(\w+)\}", lambda found: told[found[1]], choice.source)
        told[choice.name] = next(_results(choice, source), choice.default)
    return told


def _results(choice: Choice, source: str) -> Iterator[str]:
    for case in choice.cases:
        if found := re.search(case.pattern, source, 0 if choice.has_case else re.IGNORECASE):
            yield _result(case, found)


def _result(case: Case, found: "re.Match[str]") -> str:
    return re.sub(r"\$(\d)", lambda group: found[int(group[1])] or "", case.result)


def _weighted(ranges: list[str]) -> st.SearchStrategy[str]:
    blank = st.sampled_from(["", " ", "\t"])
    weight = st.sampled_from(["0", "0.0", "0.5", "0.50", "0.49", "0.501", "0.999", "1", "1.000"])
    item = st.builds(
        lambda name, before, after, q: f"{name}{before};{after}q={q}",
        st.sampled_from(ranges),
        blank,
        blank,
        weight,
    )
    items = st.lists(
        st.one_of(st.sampled_from(ranges), item),
        max_size=5,
        unique_by=lambda one: one.partition(";")[0].strip(),
    )
    return st.builds(
        lambda some, separator: separator.join(some), items, st.sampled_from([",", ", ", " ,\t", ",,"])
    )


TYPES = [
    "text/html",
    "text/turtle",
    "application/ld+json",
    "application/n-triples",
    "text/*",
    "*/*",
    "image/png",
    "TEXT/TURTLE2",
]
CHOICES = list(negotiation_choices(LANGUAGES))
FORM_NAMES = ("html", "ttl", "jsonld", "nt")


@given(
    _weighted(TYPES),
    _weighted(["sv", "en", "en-GB", "pt-BR", "pt", "*", "fi", "env"]),
    _weighted(["br", "gzip", "zstd", "compress"]),
)
def test_patterns_decide_as_the_service_does(accept: str, accept_language: str, accept_encoding: str) -> None:
    """The patterns find the form, the language and the encodings that the service's parser finds."""
    told = decided(
        CHOICES,
        {
            "query": "",
            "accept": accept,
            "accept_language": accept_language,
            "accept_encoding": accept_encoding,
            "accept_profile": "",
            "offers": offers_text(FORM_NAMES, ()),
        },
    )
    by_type = {FORMS[form]: form for form in reversed(FORM_NAMES)}
    found = negotiation.media_type(accept, [FORMS[form] for form in FORM_NAMES])
    assert told["form"] == (by_type[found] if found else "none")
    assert told["language"] == negotiation.language(accept_language, LANGUAGES)
    for coding, suffix in (("br", "br"), ("zstd", "zst"), ("gzip", "gz")):
        accepted = negotiation.encoding(accept_encoding, (coding,)) == coding
        assert told[f"suffix_{suffix}"] == (f".{suffix}" if accepted else ".not-accepted")


def test_either() -> None:
    """A pattern for some texts matches them alone, whatever they hold."""
    assert re.fullmatch(either(["a.b", "c|d"]), "c|d")
    assert not re.fullmatch(either(["a.b", "c|d"]), "axb")
