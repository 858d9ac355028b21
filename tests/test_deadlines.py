"""Requests that are over in time, with services that send as slowly as they like."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from twintowns.credentials import Credentials
from twintowns.deadlines import Connections
from twintowns.exceptions import UnreachableError
from twintowns.patience import Patience
from twintowns.transport import Client, Request

BEGUN = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@contextmanager
def dripping(begin: bytes, drop: bytes) -> Iterator[tuple[str, list[int]]]:
    """Run a service that begins an answer and goes on drop by drop; tell where, and of each connection."""
    drops: list[int] = []

    def answer(connection: socket.socket) -> None:
        drops.append(0)
        with connection:
            connection.recv(65536)
            try:
                connection.sendall(begin)
                while True:
                    connection.sendall(drop)
                    drops[-1] += 1
                    time.sleep(0.02)
            except OSError:
                return

    def listen() -> None:
        while True:
            connection, _ = listener.accept()
            if is_over.is_set():
                connection.close()
                return
            answer(connection)

    is_over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=listen)
        thread.start()
        address = listener.getsockname()
        try:
            yield f"http://127.0.0.1:{address[1]}/", drops
        finally:
            is_over.set()
            socket.create_connection(address).close()
            thread.join()


@pytest.mark.parametrize(
    ("begin", "drop"),
    [
        (b"", b"H"),
        (BEGUN + b"X-Long: ", b"x"),
        (BEGUN, b"X-More: x\r\n"),
        (BEGUN + b"Connection: close\r\n\r\n", b"x"),
        (BEGUN + b"Content-Length: 100000\r\n\r\n", b"x"),
        (BEGUN + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
    ],
    ids=["status", "header", "headers", "body without a length", "body", "chunks"],
)
def test_dripping_answer(begin: bytes, drop: bytes) -> None:
    """An answer that comes drop by drop is given up when the time for all of it is up, and once only."""
    with dripping(begin, drop) as (url, drops):
        patience = Patience(tries=3, answer_s=30, whole_s=0.5)
        with (
            Client(url, Credentials(), patience) as client,
            pytest.raises(UnreachableError, match="it takes too long for one request"),
        ):
            client.answer(Request("GET"))
    assert len(drops) == 1
    assert drops[0] > 1


def test_connection_that_comes_too_late() -> None:
    """A connection that is there only when the time is up is cut at once; other news are none."""
    connections = Connections()
    near, far = socket.socketpair()

    class Stream:
        def get_extra_info(self, _name: str) -> socket.socket:
            return near

    stream = Stream()
    with near, far:
        far.settimeout(30)
        with connections.until(time.monotonic()):
            while not connections.is_over:
                time.sleep(0.01)
            connections.heard("http11.send_request_headers.complete", {"return_value": stream})
            connections.heard("connection.connect_tcp.complete", {"return_value": stream})
            assert far.recv(1) == b""
    connections.heard("connection.connect_tcp.complete", {"return_value": stream})  # closed: no harm
