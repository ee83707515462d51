"""Reads and writes as they leave for a `portal` server: paths, queries, the exact bytes of forms."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.customer import Profile
from posapp.domain.errors import RemoteRejected
from posapp.domain.ids import RemoteId
from posapp.remote.connector import parser_of
from posapp.remote.portal.abilities import PLAIN, abilities
from posapp.remote.portal.answers import ROUTES
from posapp.remote.portal.passwords import MARK, filled
from posapp.remote.portal.requests import prepared
from posapp.services.ports.remote import RemoteCustomer
from posapp.services.ports.writes import CreateCustomer, EditCustomer, PreparedRequest
from tests.remote.portal.samples import CREATED, CUSTOMER, ID, MESSAGE, SECRET, WRITES, Portal, saying, under_data
from tests.remote.samples import WRITES as POS_WRITES

KEY = "0198c5f0-0000-7000-8000-000000000009"
OPERATION = "0198c5f0-0000-7000-8000-00000000000a"
FORM = "application/x-www-form-urlencoded"
CREATE = (
    b"customerGroupId=&username=Jane+Doe&email=jane%40example.com&mobileNumber=9812300001&newsletter=0&mailStatus=0"
    b"&status=1&password=<password>&confirmPassword=<password>"
)
EDIT = (
    b"customerGroupId=7&username=jane&email=jane%40example.com&mobileNumber=9812300001&newsletter=1&realName=Jane+Doe"
    b"&customerNo=C-9&mailStatus=1&status=1"
)
BYTES = {
    "create": ("POST", "/api/customer", CREATE),
    "edit": ("PUT", "/api/customer/41", EDIT),
    "delete": ("DELETE", "/api/customer/41", b""),
}


def edited(fields: dict[str, Any], **shown: Any) -> dict[str, str]:
    """Return the form that an edit of a customer as shown sends."""
    portal = Portal()
    portal.reads[f"/api/admin-customer/customer-detail/{ID}"] = {**CUSTOMER, **shown}
    body = portal.api().prepare(EditCustomer(ID, fields), KEY).body
    return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True))


def sent_body(secret: bytes = SECRET, operation: str = OPERATION) -> bytes:
    """Return the bytes of a create as a server receives them."""
    portal = Portal(CREATED)
    api = portal.api(secret=lambda: secret)
    api.send(api.prepare(WRITES["create"][0], KEY), operation_id=operation)
    return portal.bodies[-1]


@pytest.mark.parametrize("name", WRITES)
def test_the_exact_bytes(name: str) -> None:
    method, path, body = BYTES[name]
    content_type = FORM if body else ""
    write = WRITES[name][0]
    assert Portal().api().prepare(write, KEY) == PreparedRequest(method, path, body, content_type)
    keyed = Portal().api(known=abilities({"idempotency-key"}))
    assert keyed.prepare(write, KEY) == PreparedRequest(method, path, body, content_type, KEY)


def test_reads() -> None:
    portal = Portal()
    api = portal.api()
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    api.newest_first(1)
    api.newest_first(3)
    api.changed_since(None, 1)
    api.changed_since(moment, 2)
    api.deleted_since(None, 1)
    api.deleted_since(moment, 3)
    api.search("jane & co")
    api.search("jane@x.example")
    epoch, later = "1970-01-01T00%3A00%3A00Z", "2026-03-01T09%3A30%3A00.000000Z"
    assert [asked.removeprefix("GET /api/customer") for asked in portal.asked] == [
        "?limit=1&count=1",
        "?offset=0&limit=250",
        "-group?limit=250",
        "?offset=2&limit=250",  # the first page brought one row: so long is a page there, whatever is asked for
        "?limit=1&count=1",
        f"?updated_since={epoch}&offset=0&limit=250",
        f"?updated_since={later}&offset=1&limit=250",
        "/deleted?limit=250&offset=0",
        f"/deleted?limit=250&offset=2&since={later}",
        "?name=jane+%26+co&offset=0&limit=250",
        "?email=jane%40x.example&offset=0&limit=250",
    ]


def test_how_many_there_are_is_known_of_whole_lists_alone() -> None:
    portal = Portal()
    api = portal.api()
    heard = [api.changes_announced]

    def after(read: Sequence[RemoteCustomer]) -> None:
        heard.append(api.changes_announced)

    after(api.newest_first(1))
    after(api.newest_first(2))
    after(api.changed_since(datetime(2026, 3, 1, tzinfo=UTC), 1))
    after(api.changed_since(None, 1))
    portal.count = MESSAGE
    after(api.newest_first(1))
    assert heard == [None, 270, 270, None, 270, None]


def test_an_edit_sends_back_what_it_does_not_change() -> None:
    as_shown = {
        "customerGroupId": "7",
        "username": "jane",
        "email": "jane@example.com",
        "mobileNumber": "9812300001",
        "newsletter": "1",
        "realName": "Jane van Doe",
        "customerNo": "C-9",
        "mailStatus": "1",
        "status": "1",
    }
    assert edited({}) == as_shown
    assert edited({"notes": "n", "tags": ("a",), "address": "b"}) == as_shown, "nor what the server does not keep"
    new = {"name": "Asha Rao", "phone": "+91 098123-00002", "email": "asha@example.com"}
    other = {"realName": "Asha Rao", "mobileNumber": "9812300002", "email": "asha@example.com"}
    assert edited(new) == {**as_shown, **other}
    assert edited({"phone": None, "email": None}) == {**as_shown, "mobileNumber": "", "email": ""}


def test_an_edit_of_somebody_who_has_little() -> None:
    empty = {"email": "", "username": "", "mobileNumber": "", "customerGroupId": None, "customerNo": ""}
    assert edited({}, **empty, isActive=0, mailStatus=None, newsletter=None) == {
        "customerGroupId": "",
        "username": "Jane van Doe",
        "mobileNumber": "",
        "realName": "Jane van Doe",
        "mailStatus": "0",
        "status": "0",
    }


def test_an_edit_goes_by_the_record_that_was_read_right_before() -> None:
    portal = Portal()
    api = portal.api()
    api.customer(ID)
    api.prepare(EditCustomer(ID, {"name": "Asha"}), KEY)
    assert len(portal.asked) == 1
    portal.reads[f"/api/admin-customer/customer-detail/{ID}"] = under_data({**CUSTOMER, "customerGroupId": 8})
    api.customer(ID)
    assert b"customerGroupId=8&" in api.prepare(EditCustomer(ID, {"name": "Asha"}), KEY).body


def test_an_edit_of_somebody_who_is_gone_is_not_made_up() -> None:
    with pytest.raises(RemoteRejected):
        saying({"status": 0, "message": "No"}, 404).prepare(EditCustomer(ID, {"name": "Asha"}), KEY)


def test_only_a_server_with_etags_is_sent_one() -> None:
    write = EditCustomer(ID, {"name": "Asha"}, etag='"abc"')
    assert Portal().api().prepare(write, KEY).headers == {}
    assert Portal().api(known=abilities({"etag"})).prepare(write, KEY).headers == {"If-Match": '"abc"'}


def test_a_password_is_made_at_sending_and_again_the_same() -> None:
    first, password = filled(CREATE, SECRET, OPERATION)
    assert sent_body() == sent_body() == first == CREATE.replace(b"<password>", password.encode())
    others = {sent_body(operation="another"), sent_body(secret=b"another")}
    assert len({first, *others}) == 3
    assert len(password) == 20
    assert password.isascii()
    assert password.isprintable()
    for kind in (str.isupper, str.islower, str.isdigit, lambda char: not char.isalnum()):
        assert any(map(kind, password))


def test_no_prepared_byte_holds_the_password() -> None:
    _, password = filled(CREATE, SECRET, OPERATION)
    api = Portal(CREATED).api()
    request = api.prepare(WRITES["create"][0], OPERATION)
    result = api.send(request, operation_id=OPERATION)
    assert password not in repr(request) + repr(result) + repr(api.__dict__)


def test_what_a_server_says_of_the_password_is_not_quoted() -> None:
    _, password = filled(CREATE, SECRET, OPERATION)
    api = saying({"status": 0, "message": f"{password} is no good"}, 400)
    result = api.send(api.prepare(WRITES["create"][0], KEY), operation_id=OPERATION)
    assert result.server_text == "… is no good"


def test_without_a_secret_nobody_gets_a_password() -> None:
    with pytest.raises(ValueError, match="secret"):
        Portal().api(secret=bytes).prepare(WRITES["create"][0], KEY)
    with pytest.raises(ValueError, match="secret"):
        filled(CREATE, b"", OPERATION)


@given(name=st.text(max_size=60), email=st.text(max_size=30))
def test_nothing_that_people_type_stands_where_the_password_goes(name: str, email: str) -> None:
    clean = [text.encode("utf-8", "replace").decode() for text in (name + MARK.decode(), email)]
    request = prepared(CreateCustomer(Profile(clean[0], "12345678", clean[1])), KEY, PLAIN, None)
    assert request.body.count(MARK) == 2
    sent = dict(parse_qsl(filled(request.body, SECRET, OPERATION)[0].decode("ascii"), keep_blank_values=True))
    assert (sent["username"], sent["email"]) == (clean[0], clean[1])
    assert sent["password"] == sent["confirmPassword"] == filled(b"", SECRET, OPERATION)[1]


@pytest.mark.parametrize("name", ["entry", "sale", "redeem", "reverse", "adjust"])
def test_writes_that_this_api_lacks(name: str) -> None:
    with pytest.raises(ValueError, match="no such write"):
        Portal().api().prepare(POS_WRITES[name][0], KEY)


def test_what_is_no_write_of_this_api_is_a_bug() -> None:
    for method, path in (("GET", "/api/customer"), ("POST", "/api/customer/41"), ("DELETE", "/api/customer")):
        with pytest.raises(ValueError, match="no such write"):
            parser_of(ROUTES, PreparedRequest(method, path, b"", ""))
    with pytest.raises(ValueError, match="no id"):
        Portal().api().prepare(EditCustomer(RemoteId("../41"), {}), KEY)
