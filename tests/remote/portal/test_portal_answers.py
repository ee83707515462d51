"""What a `portal` server's answers to writes prove, and what they do not."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from posapp.domain.customer import Profile
from posapp.domain.ids import RemoteId
from posapp.services.ports.remote import RemoteCustomer, Traits
from posapp.services.ports.writes import Outcome, WriteResult
from tests.remote.portal.samples import CREATED, CUSTOMER, ID, WRITES, Portal, connected, under_data


def sent(name: str, told: Any = None, status: int = 200, **headers: str) -> WriteResult:
    write, good = WRITES[name]
    api = Portal(good if told is None else told, status, **headers).api()
    return api.send(api.prepare(write, "k"), operation_id="o")


def record_of(result: WriteResult) -> RemoteCustomer:
    assert result.answer is not None
    assert result.answer.customer is not None
    return result.answer.customer


def test_a_new_customer() -> None:
    jane = RemoteCustomer(
        remote_id=ID,
        profile=Profile("Jane Doe", "9812300001", "jane@example.com"),
        created_at=datetime(2025, 1, 15, 10, tzinfo=UTC),
    )
    assert record_of(sent("create")) == record_of(sent("create", under_data(CREATED))) == jane


@pytest.mark.parametrize(
    ("changed", "name"),
    [({"firstName": "Janet"}, "Janet"), ({"lastName": "Doo"}, "Jane Doo"), ({"firstName": None}, "Jane Doe")],
)
def test_the_name_is_what_the_server_shows_completed_by_what_was_sent(changed: dict[str, Any], name: str) -> None:
    assert record_of(sent("create", {**CREATED, **changed})).profile.name == name


def test_a_changed_customer() -> None:
    found = record_of(sent("edit", ETag='"abc"'))
    assert found == record_of(sent("edit", under_data(CUSTOMER), ETag='"abc"'))
    assert (found.remote_id, found.profile.name, found.etag) == (ID, "Jane van Doe", '"abc"')
    assert found.traits == Traits(marketing=True, group="Regulars")


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("status", [1, "1"])
def test_a_success_may_carry_nothing(name: str, status: Any) -> None:
    result = sent(name, {"status": status, "message": "Done."})
    assert result.outcome is Outcome.OK
    assert result.answer is not None
    assert result.answer.customer is None


def test_a_delete_may_answer_nothing_at_all() -> None:
    api = connected(lambda _: httpx.Response(204))
    assert api.send(api.prepare(WRITES["delete"][0], "k"), operation_id="o").outcome is Outcome.OK


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("status", [0, "0", None, "true", {}])
def test_a_200_that_says_it_is_no_success_proves_nothing(name: str, status: Any) -> None:
    assert sent(name, {"status": status, "message": "No."}).outcome is Outcome.AMBIGUOUS


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("create", {**CREATED, "email": "john@example.com"}),
        ("create", {**CREATED, "email": None}),
        ("edit", {**CUSTOMER, "id": 42}),
        ("edit", under_data({**CUSTOMER, "id": 42})),
    ],
)
def test_an_answer_about_somebody_else_proves_nothing(name: str, told: Any) -> None:
    result = sent(name, told)
    assert (result.outcome, result.error_kind) == (Outcome.AMBIGUOUS, "other_echo")


def test_a_server_may_write_an_email_its_own_way() -> None:
    assert sent("create", {**CREATED, "email": "Jane@Example.com"}).outcome is Outcome.OK


@pytest.mark.parametrize("status", [0, 1])
def test_a_refusal_is_one_by_the_http_code_alone(status: int) -> None:
    result = sent("create", {"status": status, "message": "Another customer has this e-mail."}, 400)
    assert (result.outcome, result.code) == (Outcome.REFUSED, "")
    assert result.server_text == "Another customer has this e-mail."


def test_a_conflict_tells_its_code() -> None:
    told = {"status": 0, "message": "Still running.", "code": "in_progress"}
    result = sent("create", told, 409, Retry_After="2")
    assert (result.outcome, result.code, result.retry_after) == (Outcome.LATER, "in_progress", 2.0)


@pytest.mark.parametrize("name", WRITES)
def test_a_repeated_answer_is_known_as_one(name: str) -> None:
    first, again = sent(name).answer, sent(name, Idempotency_Replayed="true").answer
    assert first is not None
    assert again is not None
    assert (first.replayed, again.replayed) == (False, True)


def test_a_request_from_before_a_restart_is_understood_and_nothing_is_read_for_it() -> None:
    for write, good in WRITES.values():
        request = Portal().api().prepare(write, "k")
        portal = Portal(good)
        assert portal.api().send(request, operation_id="o").outcome is Outcome.OK
        assert len(portal.asked) == 1


def test_what_nobody_should_keep_is_in_no_result() -> None:
    told = repr(sent("edit")) + repr(sent("edit", {**CUSTOMER, "id": RemoteId("canary")}))
    assert not [word for word in ("canary", "203.0.113.9", "Mumbai") if word in told]
