"""A phone that the server lets only one customer have (a family shares one): linked, another one, or kept here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from posapp.domain.customer import WrongPhone
from posapp.domain.ids import CustomerId, OperationId, RemoteId
from posapp.services.inbox import FoundItem, open_items
from posapp.services.resolving.decision import Choice, Decision
from posapp.services.resolving.resolve import ValueMissing, resolve
from posapp.services.till import Till
from tests.services.counter import S
from tests.support.stub import StubServer
from tests.sync.stub_desk import StubDesk

PHONE, OTHER = "01712345678", "01812345678"


@pytest.fixture(scope="module")
def server() -> Iterator[StubServer]:
    with StubServer(plain=True) as stub:
        yield stub


@pytest.fixture
def selorax(server: StubServer, tmp_path: Path) -> Iterator[StubDesk]:
    yield from desk_of(server, tmp_path, "selorax")


@pytest.fixture
def siyahfy(server: StubServer, tmp_path: Path) -> Iterator[StubDesk]:
    yield from desk_of(server, tmp_path, "siyahfy")


def desk_of(server: StubServer, folder: Path, api_name: str) -> Iterator[StubDesk]:
    """Each test has a shop without customers: the last one's are gone."""
    desk = StubDesk(server, folder, api_name=api_name)
    yield desk
    for row in server.live_rows(7):
        desk.office.delete(f"/api/v1/customers/{row.uuid}").raise_for_status()
    desk.close()


def till_of(desk: StubDesk) -> Till:
    return Till(desk.book, desk.clock, "Mina")


def the_item(desk: StubDesk) -> FoundItem:
    [found] = open_items(till_of(desk))
    return found


def choices(desk: StubDesk) -> list[Choice]:
    return [offer.choice for offer in the_item(desk).offers]


def settle(desk: StubDesk, choice: Choice, value: str = "", target: str = "") -> None:
    resolve(till_of(desk), the_item(desk).item.id, Decision(choice, target=target, value=value))
    desk.cycles(2, 60)


def shown(desk: StubDesk, customer_id: CustomerId) -> str | None:
    return desk.customer(customer_id).profile.phone


def phone_there(desk: StubDesk, customer_id: CustomerId) -> str | None:
    remote_id = desk.remote(customer_id)
    assert remote_id is not None
    phone: str | None = desk.seen(remote_id)["phone"]
    return phone


def family(desk: StubDesk) -> tuple[RemoteId, CustomerId, OperationId]:
    """The father is on the server; his son, of the same phone, was added here and refused."""
    father = desk.put_customer("Rahim Ahmed", phone=PHONE)
    desk.cycle()
    son, create = desk.add("Karim Ahmed", PHONE)
    desk.cycle()
    assert the_item(desk).item.evidence["code"] == "phone_taken"
    return father, son, create


def test_a_server_that_insists_on_a_phone_gets_another_one(selorax: StubDesk) -> None:
    desk = selorax
    _, son, create = family(desk)
    assert choices(desk) == [Choice.LINK, Choice.ANOTHER, Choice.SEND_AS_NEW, Choice.KEEP, Choice.DROP]
    with pytest.raises(ValueMissing):
        settle(desk, Choice.ANOTHER, " ")
    with pytest.raises(WrongPhone):
        settle(desk, Choice.ANOTHER, "none")
    assert the_item(desk)
    settle(desk, Choice.ANOTHER, f" {OTHER} ")
    assert (desk.state(create), desk.inbox(), desk.waiting()) == (S.REJECTED, [], 0)
    assert (shown(desk, son), phone_there(desk, son)) == (OTHER, OTHER)


def test_who_has_the_phone_there_may_be_the_same_customer(selorax: StubDesk) -> None:
    desk = selorax
    father, son, _ = family(desk)
    payment = desk.keep_charge(desk.ours(father), 500)
    assert [target.id for target in the_item(desk).targets[Choice.LINK]] == [father]
    settle(desk, Choice.LINK, target=father)
    assert (desk.inbox(), desk.waiting(), desk.state(payment)) == ([], 0, S.KEPT)
    assert desk.customer(son).status.value == "deleted"


@pytest.mark.parametrize("phone", ["12345", "+880 1712-345678 / 345679"])
def test_a_phone_that_does_not_fit_is_told_before_anything_is_sent(selorax: StubDesk, phone: str) -> None:
    desk = selorax
    desk.cycle()
    son, create = desk.add("Karim Ahmed", phone)
    desk.cycle()
    assert desk.view(create).attempts == 0
    assert the_item(desk).item.evidence == {"fields": ["phone"], "code": "phone_size"}
    assert choices(desk)[0] is Choice.ANOTHER
    assert Choice.WITHOUT not in choices(desk)
    settle(desk, Choice.ANOTHER, OTHER)
    assert phone_there(desk, son) == OTHER
    edit = desk.edit(son, phone=phone, name="Karim A.")
    desk.cycle()
    assert (desk.state(edit), desk.view(edit).attempts) == (S.NEEDS_HUMAN, 0)
    settle(desk, Choice.WITHOUT)
    assert (shown(desk, son), phone_there(desk, son), desk.customer(son).profile.name) == (phone, OTHER, "Karim A.")


def test_who_has_no_phone_is_given_one(selorax: StubDesk) -> None:
    desk = selorax
    desk.cycle()
    son, _ = desk.add("Karim Ahmed")
    desk.cycle()
    assert desk.inbox() == ["field_missing"]
    settle(desk, Choice.ANOTHER, OTHER)
    assert (shown(desk, son), phone_there(desk, son)) == (OTHER, OTHER)


def edited(desk: StubDesk) -> tuple[CustomerId, OperationId]:
    """The son has a phone of his own there; it is changed here to his father's, with his address."""
    desk.put_customer("Rahim Ahmed", phone=PHONE)
    there = desk.put_customer("Karim Ahmed", phone=OTHER)
    desk.cycle()
    son = desk.ours(there)
    edit = desk.edit(son, phone=PHONE, address="Lane 4")
    desk.cycle()
    assert choices(desk) == [Choice.ANOTHER, Choice.WITHOUT, Choice.SEND_AS_NEW, Choice.DROP]
    return son, edit


def test_an_edit_is_sent_with_another_phone(selorax: StubDesk) -> None:
    desk = selorax
    son, edit = edited(desk)
    settle(desk, Choice.ANOTHER, "01912345678")
    assert (desk.state(edit), desk.inbox()) == (S.REJECTED, [])
    assert (shown(desk, son), phone_there(desk, son)) == ("01912345678", "01912345678")
    assert desk.customer(son).profile.address == "Lane 4"


def test_the_phone_of_an_edit_stays_here_whatever_comes_from_there(selorax: StubDesk) -> None:
    desk = selorax
    son, _ = edited(desk)
    settle(desk, Choice.WITHOUT)
    assert (desk.inbox(), desk.waiting()) == ([], 0)
    assert (shown(desk, son), phone_there(desk, son)) == (PHONE, OTHER)
    remote_id = desk.remote(son)
    assert remote_id is not None
    assert desk.seen(remote_id)["address"] == "Lane 4"
    desk.office_edits(remote_id, name="Karim A.")
    desk.cycle(full=True)
    assert (shown(desk, son), desk.customer(son).profile.name) == (PHONE, "Karim A.")
    desk.office_edits(remote_id, phone="01612345678")
    desk.cycle(full=True)
    assert shown(desk, son) == "01612345678", "somebody gave another one there"


def test_a_later_phone_takes_the_place_of_the_one_that_stayed_here(selorax: StubDesk) -> None:
    desk = selorax
    son, _ = edited(desk)
    settle(desk, Choice.WITHOUT)
    later = desk.edit(son, phone="01912345678")
    assert shown(desk, son) == "01912345678"
    desk.cycles(2)
    assert (desk.state(later), desk.inbox()) == (S.CONFIRMED, [])
    assert (shown(desk, son), phone_there(desk, son)) == ("01912345678", "01912345678")


def test_a_new_customer_goes_without_the_phone_which_stays_here(siyahfy: StubDesk) -> None:
    desk = siyahfy
    _, son, create = family(desk)
    assert choices(desk)[:3] == [Choice.LINK, Choice.ANOTHER, Choice.WITHOUT]
    charge = desk.keep_charge(son, 700)
    settle(desk, Choice.WITHOUT)
    assert (desk.state(create), desk.inbox(), desk.waiting()) == (S.REJECTED, [], 0)
    assert (shown(desk, son), phone_there(desk, son), desk.state(charge)) == (PHONE, None, S.KEPT)
    cleared = desk.edit(son, phone=None)
    desk.cycles(2)
    assert (desk.state(cleared), shown(desk, son), phone_there(desk, son)) == (S.CONFIRMED, None, None)
