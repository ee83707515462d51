"""What the writes of several APIs share: the key where the server knows keys, the condition where it can be made."""

import pytest

from posapp.domain.ids import RemoteId
from posapp.remote.preparing import integer_id, json_request, known
from posapp.services.ports.remote import Capabilities
from posapp.services.ports.writes import DeleteCustomer, EditCustomer

EDIT = EditCustomer(RemoteId("7"), {"name": "Asha"}, '"v1"')
BODY = {"b": 1, "a": "ক"}


def test_the_same_bytes_whatever_order_the_members_came_in() -> None:
    request = json_request(("PUT", "/7", BODY), EDIT, key="k", capabilities=Capabilities())
    assert (request.body, request.content_type) == ('{"a":"ক","b":1}'.encode(), "application/json")
    assert (request.key, request.headers) == (None, {})


def test_without_a_body_there_is_no_content_type() -> None:
    request = json_request(("DELETE", "/7", None), DeleteCustomer(RemoteId("7")), key="k", capabilities=Capabilities())
    assert (request.body, request.content_type) == (b"", "")


@pytest.mark.parametrize("conditional", [True, False])
def test_a_key_and_a_condition_where_the_server_knows_them(conditional: bool) -> None:
    able = Capabilities(idempotency_keys=True, etags=True)
    request = json_request(("PUT", "/7", BODY), EDIT, key="k", capabilities=able, conditional=conditional)
    assert (request.key, request.headers) == ("k", {"If-Match": '"v1"'} if conditional else {})


def test_members_that_are_not_known_are_left_out() -> None:
    assert known({"a": 0, "b": "", "c": None}) == {"a": 0, "b": ""}


def test_an_id_that_is_a_number() -> None:
    assert integer_id("42") == 42


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "٤", "7/../8", "1" * 20])
def test_an_id_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="no id that is a number"):
        integer_id(text)
