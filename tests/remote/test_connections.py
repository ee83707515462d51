"""Which connection carries what, where the credential goes, and what a lost connection means."""

import socket
import threading

import pytest

from posapp.domain.errors import RemoteProtocolError, RemoteUnavailable
from posapp.remote.credential import BearerToken
from posapp.remote.http import HttpClient, Limits
from posapp.remote.pos.api import PosApi
from posapp.services.ports.writes import Outcome
from tests.remote.conftest import TOKEN, Start
from tests.remote.raw_server import Conversation, RawServer, answer, answering
from tests.remote.samples import CUSTOMER, ID, REDEEM, WRITES, as_bytes

GOOD = answer(as_bytes(CUSTOMER))
LISTED = answer(as_bytes([CUSTOMER]))
REDEEMED = answer(as_bytes(WRITES["redeem"][2]))


def polite(talk: Conversation) -> None:
    while request := talk.request():
        talk.send(LISTED if b"?search=" in request else REDEEMED if request.startswith(b"POST") else GOOD)


def test_reads_share_a_connection_and_each_write_has_its_own(start: Start) -> None:
    server, api = start(polite)
    for _ in range(3):
        api.customer(ID)
    assert server.connections == 1
    for _ in range(2):
        assert api.send(api.prepare(REDEEM, "k"), operation_id="o").outcome is Outcome.OK
    assert server.connections == 3
    api.customer(ID)
    assert server.connections == 3
    assert api.requests == 6


def test_a_write_never_meets_a_stale_connection(start: Start) -> None:
    def hangs_up_on_the_second(talk: Conversation) -> None:
        request = talk.request()
        talk.send(REDEEMED if request.startswith(b"POST") else GOOD)
        talk.request()
        talk.reset()

    server, api = start(hangs_up_on_the_second)
    api.customer(ID)
    assert api.send(api.prepare(REDEEM, "k"), operation_id="o").outcome is Outcome.OK
    assert server.connections == 2


@pytest.mark.parametrize("abruptly", [True, False])
def test_a_read_on_a_connection_that_died_is_repeated_once(start: Start, abruptly: bool) -> None:
    def behave(talk: Conversation) -> None:
        talk.request()
        talk.send(GOOD)
        if talk.number == 0:
            talk.request()
            if abruptly:
                talk.reset()
            else:
                talk.close()
        else:
            talk.request()

    server, api = start(behave)
    assert api.customer(ID) is not None
    assert api.customer(ID) is not None
    assert (server.connections, api.requests) == (2, 3)


def test_a_read_on_a_fresh_connection_is_not_repeated(start: Start) -> None:
    def behave(talk: Conversation) -> None:
        talk.request()
        talk.reset()

    server, api = start(behave)
    with pytest.raises(RemoteUnavailable):
        api.customer(ID)
    assert (server.connections, api.requests) == (1, 1)


def test_a_kept_connection_that_the_server_closed_is_not_used(start: Start) -> None:
    server, api = start(answering(GOOD))
    for _ in range(3):
        assert api.customer(ID) is not None
    assert server.connections == 3


@pytest.mark.parametrize("how", ["reset", "close", "reset in the head"])
def test_a_write_whose_answer_is_lost_is_in_doubt_and_not_repeated(start: Start, how: str) -> None:
    def behave(talk: Conversation) -> None:
        talk.request()
        if how == "reset in the head":
            talk.send(b"HTTP/1.1 200")
        if how == "close":
            talk.close()
        else:
            talk.reset()

    server, api = start(behave)
    result = api.send(api.prepare(REDEEM, "k"), operation_id="o")
    assert (result.outcome, result.status) == (Outcome.AMBIGUOUS, None)
    assert len(server.requests) == 1


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def lone_api(url: str) -> PosApi:
    return PosApi(HttpClient(url, BearerToken(TOKEN), limits=Limits(2, 2)), "INR", "Shop")


@pytest.mark.parametrize(
    "url",
    [f"http://127.0.0.1:{closed_port()}", "https://no-such-host.invalid", "https://a..b"],
    ids=["closed port", "no such host", "no host"],
)
def test_what_reaches_nobody_was_not_sent(url: str) -> None:
    api = lone_api(url)
    result = api.send(api.prepare(REDEEM, "k"), operation_id="o")
    assert result.outcome is Outcome.NOT_SENT
    with pytest.raises(RemoteUnavailable):
        api.customer(ID)
    api.close()


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
def test_no_redirect_is_followed_and_no_credential_leaves(start: Start, status: str) -> None:
    with RawServer(answering(GOOD)) as elsewhere:
        _, api = start(answering(answer(b"", status=status, headers=[f"Location: {elsewhere.url}/api/v1/customers"])))
        with pytest.raises(RemoteProtocolError):
            api.customer(ID)
        assert api.send(api.prepare(REDEEM, "k"), operation_id="o").outcome is Outcome.AMBIGUOUS
        assert elsewhere.connections == 0


def test_what_a_request_carries(start: Start) -> None:
    server, api = start(polite)
    api.customer(ID)
    api.search("Jane +123 & co")
    api.send(api.prepare(REDEEM, "k"), operation_id="op-7")
    read, search, write = (request.decode() for request in server.requests)
    assert read.startswith(f"GET /pos/api/v1/customers/{ID} HTTP/1.1\r\n")
    assert search.startswith("GET /pos/api/v1/customers?search=Jane+%2B123+%26+co&limit=250 HTTP/1.1\r\n")
    assert all(f"Authorization: Bearer {TOKEN}\r\n" in request for request in (read, search, write))
    assert "X-Sim-Op: op-7\r\n" in write
    assert "Connection: close\r\n" in write
    assert "Idempotency-Key" not in write
    assert "Cookie" not in read + search + write


def test_cookies_are_not_kept(start: Start) -> None:
    server, api = start(answering(answer(as_bytes(CUSTOMER), headers=["Set-Cookie: session=1; Path=/"])))
    api.customer(ID)
    api.customer(ID)
    assert b"cookie" not in server.requests[1].lower()


def test_the_environment_names_no_proxy(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
    _, api = start(polite)
    assert api.customer(ID) is not None


def test_a_configured_proxy_is_used() -> None:
    with RawServer(polite) as proxy:
        client = HttpClient("http://127.0.0.1:9/pos", BearerToken(TOKEN), proxy=f"http://127.0.0.1:{proxy.port}")
        api = PosApi(client, "INR", "Shop")
        assert api.customer(ID) is not None
        assert proxy.requests[0].startswith(b"GET http://127.0.0.1:9/pos/api/v1/customers/")
        api.close()


def test_a_proxy_that_opens_no_tunnel_lets_nothing_out() -> None:
    with RawServer(answering(answer(b"", status="403 Forbidden"))) as proxy:
        client = HttpClient("https://shop.example/pos", BearerToken(TOKEN), proxy=f"http://127.0.0.1:{proxy.port}")
        api = PosApi(client, "INR", "Shop")
        assert api.send(api.prepare(REDEEM, "k"), operation_id="o").outcome is Outcome.NOT_SENT
        assert TOKEN.encode() not in b"".join(proxy.requests)
        api.close()


def test_threads_share_a_client_and_every_request_is_counted(start: Start) -> None:
    _, api = start(polite)
    seen: list[object] = []

    def work() -> None:
        seen.extend(api.customer(ID) for _ in range(10))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == api.requests == 60
