"""A token, a name and a phone number that must show up nowhere: no log, no error, no `repr`."""

import logging
import traceback
from collections.abc import Callable

import httpx
import pytest

from posapp.domain.errors import RemoteError
from posapp.remote.credential import BearerToken
from posapp.remote.http import Answer, Failure, HttpClient
from posapp.remote.pos.api import PosApi
from posapp.services.ports.remote import Profile
from posapp.services.ports.writes import CreateCustomer, EditCustomer, Outcome
from tests.remote.conftest import TOKEN, Start
from tests.remote.raw_server import Conversation, answer, answering
from tests.remote.samples import CUSTOMER, ID, as_bytes

NAME = "Canary Kumari"
PHONE = "+919812345678"
PERSON = {**CUSTOMER, "name": NAME, "phone": PHONE}

SECRETS = (TOKEN, NAME, "Canary", PHONE, PHONE[1:])


def dropped(talk: Conversation) -> None:
    talk.request()
    talk.reset()


BEHAVIOURS: dict[str, Callable[[Conversation], None]] = {
    "good": answering(answer(as_bytes([PERSON]))),
    "wrong shape": answering(answer(as_bytes([{**PERSON, "phone": [PHONE], "tags": NAME}]))),
    "wrong id": answering(answer(as_bytes([{**PERSON, "id": NAME}]))),
    "twice": answering(answer(as_bytes([PERSON])[:-2] + b', "phone": 1}]')),
    "half": answering(answer(as_bytes([PERSON])[:-4], length=None)),
    "html": answering(answer(f"<html>{NAME} {PHONE} {TOKEN}".encode(), content_type="text/html")),
    "refused": answering(answer(as_bytes({"error": "taken", "message": f"{NAME} {PHONE}"}), status="400 Bad")),
    "unauthorised": answering(answer(as_bytes({"error": "x", "message": TOKEN}), status="401 No")),
    "unavailable": answering(answer(as_bytes({"error": NAME}), status="503 No")),
    "redirect": answering(answer(b"", status="302 F", headers=[f"Location: http://x/?{PHONE}"])),
    "dropped": dropped,
    "no http": answering(f"{NAME} {PHONE}\r\n\r\n".encode()),
}


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_nothing_shows_whom_it_was_about(start: Start, caplog: pytest.LogCaptureFixture, name: str) -> None:
    caplog.set_level(logging.DEBUG)
    _, api = start(BEHAVIOURS[name])
    shown: list[str] = []
    try:
        api.search(f"{NAME} {PHONE}")
    except RemoteError as error:
        shown += [str(error), repr(error), repr(error.params), "".join(traceback.format_exception(error))]
    for write in (CreateCustomer(Profile(NAME, PHONE)), EditCustomer(ID, {"phone": PHONE})):
        result = api.send(api.prepare(write, "k"), operation_id="o")
        shown.append(result.error_kind + result.code)
        assert TOKEN not in result.server_text or name == "unauthorised"
    shown += [repr(api), *(record.getMessage() for record in caplog.records)]
    shown += [repr(record.args) for record in caplog.records]
    for secret in SECRETS:
        assert not [text for text in shown if secret in text], secret


def test_a_prepared_request_holds_no_credential(start: Start) -> None:
    _, api = start(answering(answer(b"")))
    request = api.prepare(EditCustomer(ID, {"phone": PHONE}), "k")
    assert TOKEN not in repr(request)
    assert "uthorization" not in repr(request)


def test_what_http_hands_on_shows_no_body() -> None:
    client = HttpClient(
        "https://shop.example",
        BearerToken(TOKEN),
        transport=httpx.MockTransport(lambda _: httpx.Response(200, content=NAME.encode(), headers={"X-Who": NAME})),
    )
    result = client.get("/x", {"search": PHONE})
    assert isinstance(result, Answer)
    assert not any(secret in repr(result) + repr(client) for secret in SECRETS)


def test_a_failure_shows_no_request() -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("broken", request=request)

    client = HttpClient("https://shop.example", BearerToken(TOKEN), transport=httpx.MockTransport(fail))
    result = client.get("/x", {"search": PHONE})
    assert isinstance(result, Failure)
    assert not any(secret in repr(result) for secret in SECRETS)
    api = PosApi(client, "INR", "Shop")
    assert api.send(api.prepare(CreateCustomer(Profile(NAME)), "k"), operation_id="o").outcome is Outcome.AMBIGUOUS
