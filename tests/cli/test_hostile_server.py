"""Servers at their worst, from the command line: a sentence, the right exit code, nothing lost."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.cli.conftest import Posapp
from tests.support.stub import StubServer


@contextmanager
def stranger(answer: bytes) -> Iterator[str]:
    """Serve something that is no customer API and yield its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base's name)
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/pos"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("answer", "code", "error"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: https://shop.example.com/\r\n\r\n", 3, "server_answer_wrong"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<html></html>", 3, "server_answer_wrong"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n[NaN]",
            3,
            "server_answer_wrong",
        ),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 3, "server_answer_wrong"),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", 1, "server_refuses_till"),
        (b"SSH-2.0-OpenSSH_9\r\n", 3, "server_answer_wrong"),
        (b"", 3, "server_unreachable"),
    ],
    ids=["redirect", "page", "nan", "404", "403", "ssh", "silent"],
)
def test_connecting_to_a_stranger(posapp: Posapp, answer: bytes, code: int, error: str) -> None:
    with stranger(answer) as address:
        ran = posapp("connect", "pos", address, "--token-stdin", stdin="token\n")
    assert (ran.code, ran.error) == (code, error)
    assert posapp.ok("status")["connections"] == []


def test_a_sync_that_is_refused_names_the_server(posapp: Posapp, stub: StubServer) -> None:
    name = str(posapp.connect(stub)["connection"]["name"])
    posapp.ok("sync")
    before = posapp.ok("status")["customers"]
    for status, code, error in ((403, 3, "reading_refused"), (404, 3, "reading_refused"), (401, 4, "sign_in_required")):
        stub.faults([{"match": {"path": "/pos/*"}, "effect": {"status": status}}])
        ran = posapp("sync")
        assert (ran.code, ran.error) == (code, error), status
        assert name in ran.json["error"]["message"]
        shown = posapp("sync", as_json=False)
        assert ran.json["error"]["title"] in shown.err
        assert ran.json["error"]["title"] not in shown.out
    stub.clear_faults()
    posapp.connect(stub)
    assert posapp.ok("sync", "--full")["complete"]
    assert posapp.ok("status")["customers"] == before


def test_a_wrong_token_names_the_server(posapp: Posapp, stub: StubServer) -> None:
    ran = posapp("connect", "pos", stub.base_url, "--token-stdin", stdin="not-the-token\n")
    assert (ran.code, ran.error) == (4, "sign_in_required")
    assert "127.0.0.1" in ran.json["error"]["message"]
