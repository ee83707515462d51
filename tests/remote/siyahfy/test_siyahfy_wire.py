"""What the `siyahfy` connector sends, and what it makes of answers: of right ones, and of anything else."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.customer import Profile
from posapp.domain.errors import RemoteError, RemoteProtocolError
from posapp.domain.ids import RemoteId
from posapp.domain.money import Money
from posapp.remote.credential import BearerToken
from posapp.remote.http import HttpClient
from posapp.remote.registry import open_api
from posapp.remote.siyahfy.abilities import PLAIN, abilities
from posapp.remote.siyahfy.api import SiyahfyApi
from posapp.remote.siyahfy.requests import prepared
from posapp.services.ports.remote import RemoteCustomer, Traits
from posapp.services.ports.server_kinds import StoreMissing
from posapp.services.ports.writes import (
    CreateCustomer,
    DeleteCustomer,
    EditCustomer,
    LogLine,
    Outcome,
    RedeemPoints,
    Repeat,
    Write,
)

ID = RemoteId("301")
KEY = "0198c5f0-0000-7000-8000-00000000000a"
PERSON = Profile("Asha Das", "+91 98123 00001", "asha@example.com", "12 Hill Road", "Pays on Fridays", ("vip",))
ROW = {
    "id": 301,
    "name": "Asha Das",
    "email": "asha@example.com",
    "phone": "+91 98123 00001",
    "tags": ["vip", "retail", "vip"],
    "notes": "",
    "cod_enabled": False,
    "blacklisted": True,
    "blacklist_reason": None,
    "verified": True,
    "total_orders": 3,
    "total_spent": "1250.05",
    "created_at": "2025-01-20T06:30:00.000000Z",
    "updated_at": "2025-06-15T16:00:00+05:30",
}
INSERTED = {"inserted": 1, "skipped": 0, "ids": [301], "errors": []}
NOBODY: dict[str, Any] = {"inserted": 0, "skipped": 0, "ids": [], "errors": []}
WRITES: dict[str, tuple[Write, Any]] = {
    "create": (CreateCustomer(PERSON), INSERTED),
    "edit": (EditCustomer(ID, {"name": "Asha"}), ROW),
    "tag": (EditCustomer(ID, {"tags": ("a",)}), {"updated": 1}),
    "delete": (DeleteCustomer(ID), {"deleted": 1}),
    "log": (LogLine(ID, KEY, "Khata: payment"), {"id": 7, "type": "activity", "note": "Khata", "reference": KEY}),
}
HEADER = "id,name,email,phone,tags,notes,cod_enabled,blacklisted,blacklist_reason,verified,total_orders,total_spent,"
CSV = (
    HEADER + "created_at,updated_at\r\n"
    '301,"Das, Asha",,=+91,"vip;""a;b""","two\nlines",true,false,,true,3,1250.05,'
    "2025-01-20T06:30:00.000000Z,2025-06-15T10:30:00.000000Z\r\n"
)


def api_answering(*answers: httpx.Response) -> SiyahfyApi:
    waiting = list(answers)
    transport = httpx.MockTransport(lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0])
    client = HttpClient("https://shop.test", BearerToken("t"), transport=transport)
    return SiyahfyApi(client, "INR", "Shop", store="22")


def api_saying(body: Any, status: int = 200, **headers: str) -> SiyahfyApi:
    named = {"Content-Type": "application/json", **headers}
    return api_answering(httpx.Response(status, content=msgspec.json.encode(body), headers=named))


def good(data: Any) -> dict[str, Any]:
    return {"success": True, "data": data}


def page(*rows: Any, total: int = 1) -> dict[str, Any]:
    return {"success": True, "data": list(rows), "pagination": {"page": 1, "limit": 100, "total": total, "pages": 1}}


def csv_answer(text: str, kind: str = "text/csv; charset=utf-8") -> httpx.Response:
    return httpx.Response(200, content=text.encode(), headers={"Content-Type": kind})


def counted(total: int) -> httpx.Response:
    return httpx.Response(200, json=page(ROW, total=total))


def body_of(write: Write) -> Any:
    request = prepared(write, KEY, PLAIN)
    return request.method, request.path, msgspec.json.decode(request.body) if request.body else None


def test_what_it_declares() -> None:
    assert PLAIN == abilities(()) == abilities(("ledger-write", "sales"))
    assert "address" not in PLAIN.fields, "one line is no address there"
    api = api_saying(page())
    assert [api.repeat_safety(write) for write, _ in WRITES.values()] == [
        Repeat.PROBE, Repeat.NATURAL, Repeat.NATURAL, Repeat.NATURAL, Repeat.PROBE,
    ]  # fmt: skip
    with pytest.raises(StoreMissing):
        open_api("siyahfy", base_url="https://shop.test", credential=b"t", currency="INR", name="Shop")


def test_writes_are_these_bytes() -> None:
    told = {"name": "Asha Das", "email": "asha@example.com", "notes": "Pays on Fridays", "phone": "+91 98123 00001"}
    assert body_of(CreateCustomer(PERSON)) == (
        "POST", "/api/bulkinsertcustomers", {"customers": [{**told, "tags": ["vip"]}]},
    )  # fmt: skip
    assert body_of(EditCustomer(ID, {"name": "Asha", "phone": None, "address": "gone"})) == (
        "POST", "/api/editcontactinformation", {"id": 301, "name": "Asha", "phone": None},
    )  # fmt: skip
    assert body_of(EditCustomer(ID, {"tags": ("a", "b")})) == (
        "POST", "/api/bulkupdatecolumns", {"ids": [301], "set": {"tags": ["a", "b"]}},
    )  # fmt: skip
    assert body_of(DeleteCustomer(ID)) == ("DELETE", "/api/vendors/customer/delete/301", None)
    for wrong in (
        RedeemPoints(ID, 5, KEY),
        EditCustomer(ID, {"tags": (), "name": "x"}),
        DeleteCustomer(RemoteId("../1")),
    ):
        with pytest.raises(ValueError, match=r"siyahfy API|a number"):
            body_of(wrong)
    extended = abilities(("idempotency-key", "etag"))
    keyed = prepared(EditCustomer(ID, {"notes": "x"}, '"1"'), KEY, extended)
    assert (keyed.key, keyed.headers) == (KEY, {"If-Match": '"1"'})
    assert prepared(EditCustomer(ID, {"tags": ()}, '"1"'), KEY, extended).headers == {}


def test_a_customer_is_read_whole() -> None:
    assert api_saying(good(ROW), ETag='"7"').customer(ID) == RemoteCustomer(
        remote_id=ID,
        profile=Profile("Asha Das", "+91 98123 00001", "asha@example.com", tags=("vip", "retail")),
        total_spent=Money(125005, "INR"),
        total_orders=3,
        created_at=datetime(2025, 1, 20, 6, 30, tzinfo=UTC),
        updated_at=datetime(2025, 6, 15, 10, 30, tzinfo=UTC),
        etag='"7"',
        traits=Traits(blacklisted=True, blacklist_reason="", cod_enabled=False),
    )


def test_an_export_is_read_cell_by_cell() -> None:
    [found] = api_answering(counted(1), csv_answer(CSV)).snapshot()
    assert found.profile == Profile("Das, Asha", "=+91", notes="two\nlines", tags=("vip", "a;b"))
    assert (found.total_spent, found.total_orders) == (Money(125005, "INR"), 3)
    assert found.traits == Traits(blacklisted=False, blacklist_reason="", cod_enabled=True)


@pytest.mark.parametrize(
    "text",
    [
        "", "\r\n", CSV.rstrip("\r\n"), CSV[: len(CSV) // 2], CSV.replace("total_spent,", ""),
        CSV + CSV.split("\r\n")[1],
        CSV.replace("301,", "x,"), CSV.replace(",3,", ",-3,"), CSV.replace("1250.05", "1250.055"), CSV + "1,2\r\n",
        CSV.replace("true,false", "yes,false"), CSV + CSV.split("\r\n", 1)[1], CSV + "<html>\r\n",
    ],
)  # fmt: skip
def test_an_export_that_is_not_whole_is_none(text: str) -> None:
    with pytest.raises(RemoteProtocolError):
        api_answering(counted(1), csv_answer(text)).snapshot()


def test_an_export_that_is_too_short_or_of_another_kind_is_none() -> None:
    with pytest.raises(RemoteProtocolError):
        api_answering(counted(1000), csv_answer(CSV)).snapshot()
    with pytest.raises(RemoteProtocolError):
        api_answering(counted(1), csv_answer(CSV, "text/html")).snapshot()
    assert len(api_answering(counted(40), csv_answer(CSV)).snapshot()) == 1


@pytest.mark.parametrize("name", sorted(set(ROW) - {"verified"}))
def test_a_member_that_is_missing_or_of_another_type_is_no_customer(name: str) -> None:
    less = {key: value for key, value in ROW.items() if key != name}
    for odd in (less, {**ROW, name: {"odd": 1}}):
        with pytest.raises(RemoteProtocolError):
            api_saying(good(odd)).customer(ID)
        with pytest.raises(RemoteProtocolError):
            api_saying(page(odd)).newest_first(1)


def test_only_the_api_itself_says_that_somebody_is_gone() -> None:
    assert api_saying({"success": False, "message": "Customer not found."}, 404).customer(ID) is None
    for odd in (api_saying(good({**ROW, "id": 302})), api_saying({"success": False, "message": "x"})):
        with pytest.raises(RemoteProtocolError):
            odd.customer(ID)


@pytest.mark.parametrize("name", WRITES)
def test_what_an_answer_to_a_write_proves(name: str) -> None:
    write, data = WRITES[name]

    def outcome(body: Any, code: int = 200) -> Outcome:
        api = api_saying(body, code)
        return api.send(api.prepare(write, KEY), operation_id="o").outcome

    assert outcome(good(data)) is Outcome.OK
    assert outcome({"success": False, "message": "No."}, 400) is Outcome.REFUSED
    assert outcome({"success": False, "message": "No."}) is Outcome.AMBIGUOUS
    assert outcome(good([])) is Outcome.AMBIGUOUS
    assert outcome(None, 500) is Outcome.AMBIGUOUS


@pytest.mark.parametrize(
    ("name", "data", "outcome", "code"),
    [
        ("create", {**NOBODY, "skipped": 1, "errors": [{"row": 1, "field": "phone", "message": "Exists."}]},
         Outcome.REFUSED, "phone_taken"),
        ("create", {**NOBODY, "errors": [{"row": 1, "field": "email", "message": "No @."}]},
         Outcome.REFUSED, "email_wrong"),
        ("create", NOBODY, Outcome.AMBIGUOUS, ""),
        ("create", {"inserted": 2, "skipped": 0, "ids": [1, 2], "errors": []}, Outcome.AMBIGUOUS, ""),
        ("edit", {**ROW, "id": 302}, Outcome.AMBIGUOUS, ""),
        ("tag", {"updated": 0}, Outcome.REFUSED, "not_found"),
        ("delete", {"deleted": 0}, Outcome.REFUSED, "not_found"),
    ],
)  # fmt: skip
def test_what_a_success_says_of_a_refusal(name: str, data: Any, outcome: Outcome, code: str) -> None:
    api = api_saying(good(data))
    result = api.send(api.prepare(WRITES[name][0], KEY), operation_id="o")
    assert (result.outcome, result.code) == (outcome, code)
    if code.startswith(("phone", "email")):
        assert result.server_text


NAMES = (*ROW, "data", "success", "pagination", "total", "inserted", "ids", "errors")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=12,
)


@given(body=JSON, status=st.sampled_from([200, 404, 400]))
def test_any_json_is_read_or_refused(body: Any, status: int) -> None:
    api = api_saying(body, status)
    for ask in (lambda: api.customer(ID), lambda: api.newest_first(1), lambda: api.customers([ID]), api.snapshot):
        with suppress(RemoteError):
            ask()
    for write, _ in WRITES.values():
        api.send(api.prepare(write, KEY), operation_id="o")
