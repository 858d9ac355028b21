"""Who asks: nobody is believed but the proxies that are trusted."""

import re
import subprocess
import sys
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from twintowns.cli import main
from twintowns.clients import client_of, network_of
from twintowns.server import Extension, ServiceOptions, application

TRUSTED = (ip_network("127.0.0.0/8"), ip_network("10.0.0.1"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.1", ["192.0.2.9"], "192.0.2.1"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["192.0.2.9"], "192.0.2.9"),
        ("127.0.0.1", ["192.0.2.8, 192.0.2.9"], "192.0.2.9"),
        ("127.0.0.1", ["192.0.2.8, 192.0.2.9 , 10.0.0.1"], "192.0.2.9"),
        ("127.0.0.1", ["192.0.2.8", "192.0.2.9", "10.0.0.1"], "192.0.2.9"),
        ("127.0.0.1", ["10.0.0.1"], "10.0.0.1"),
        ("127.0.0.1", ["192.0.2.8, nonsense, 10.0.0.1"], "10.0.0.1"),
        ("127.0.0.1", ["nonsense"], "127.0.0.1"),
        ("127.0.0.1", ["192.0.2.8" + ",10.0.0.1" * 9000], "10.0.0.1"),
        ("::ffff:127.0.0.1", ["192.0.2.9"], "192.0.2.9"),
        ("fd00::1", ["2001:db8::1"], "2001:db8::1"),
        ("unix", ["192.0.2.9"], "unix"),
        ("", ["192.0.2.9"], ""),
    ],
)
def test_client(peer: str, forwarded: list[str], expected: str) -> None:
    """The client is the rightmost address that is no trusted proxy's, if a trusted proxy says so."""
    headers = [(b"host", b"x"), *((b"x-forwarded-for", one.encode()) for one in forwarded)]
    assert client_of(peer, headers, TRUSTED) == expected
    assert client_of(peer, headers, ()) == peer


@pytest.mark.parametrize(
    ("client", "expected"),
    [("2001:db8::1:2:3", "2001:db8::/64"), ("::ffff:192.0.2.1", "192.0.2.1"), ("unix", "unix"), ("", "")],
)
def test_network(client: str, expected: str) -> None:
    """A client is counted by its address, or by the network of its home."""
    assert network_of(client) == expected


def test_application(site: Path) -> None:
    """Extensions and the log know who asks."""
    lines: list[str] = []

    async def told(request: Request) -> Response:
        assert request.client
        return PlainTextResponse(request.client.host)

    extensions = [Extension([Route("/who", told)])]
    options = ServiceOptions("", lines.append, extensions, TRUSTED)
    with TestClient(application(site, options), client=("127.0.0.1", 1)) as client:
        assert client.get("/who", headers={"X-Forwarded-For": "192.0.2.9"}).text == "192.0.2.9"
    assert "".join(lines).startswith("192.0.2.9 - - ")


def test_served(site: Path, tmp_path: Path) -> None:
    """The verb takes addresses and networks, and the log tells whom a trusted proxy names."""
    (tmp_path / "build").symlink_to(site)
    (tmp_path / "data").mkdir()
    (tmp_path / "data/catalogue.ttl").touch()
    trusting = ["--trusted-proxy", "10.1.2.3/8", "--trusted-proxy", "127.0.0.1"]
    command = [sys.executable, "-m", "twintowns", "serve", str(tmp_path), "--port", "0", *trusting]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        assert process.stderr
        told = re.findall(r"http://\S+", process.stderr.readline())[0]
        with httpx.Client(transport=httpx.HTTPTransport(retries=5)) as client:
            client.get(f"{told}healthz", headers={"X-Forwarded-For": "192.0.2.9, 10.0.0.7"})
        process.terminate()
        log, _ = process.communicate(timeout=60)
    assert log.startswith("192.0.2.9 - - ")


def test_no_address() -> None:
    """What is no address is wrong usage."""
    outcome = CliRunner().invoke(main, ["serve", "--trusted-proxy", "proxy.example"])
    assert outcome.exit_code == 2
    assert "proxy.example" in outcome.output
