"""Acts are put back exactly as they were recorded, and the file says enough for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.operation import GIVE_AT_RISK, RESTORED, WITHDRAWN, Draft, OperationKind, OperationState
from posapp.store.acts import WholeAct, whole_acts
from posapp.store.book import LocalBook, create_book, open_book
from posapp.store.copied_acts import survey
from posapp.store.following import SecondCopyPlace, recovery_beside
from posapp.store.rescuing import BookPlace, ShopUnknown, rebuild_book
from posapp.store.restoring import bring_up, take_over_all
from posapp.store.second_copy import SecondCopyFile, read_second_copy
from tests.store.acts import pay, record, sell
from tests.support.book import KEY, SHOP, START, SettableClock, a_connection, a_customer, with_customer

RESCUE = bytes(32)
S = OperationState


@pytest.fixture
def place(tmp_path: Path) -> SecondCopyPlace:
    (tmp_path / "stick").mkdir()
    (tmp_path / "recovery.json").write_bytes(b"{}")
    return SecondCopyPlace(tmp_path / "stick" / "till.acts", RESCUE, tmp_path / "recovery.json")


@pytest.fixture
def dead(tmp_path: Path, place: SecondCopyPlace, clock: SettableClock) -> LocalBook:
    """A book that is closed, with its second copy."""
    with create_book(tmp_path / "dead" / "book.db", KEY, clock=clock, shop=SHOP, second_copy=place) as book:
        connection = a_connection()
        book.write(lambda session: session.settings.save_connection(connection))
        rahima = book.write(lambda session: with_customer(session, a_customer()))
        book.write(lambda session: session.mirror.link(connection.id, "R-1", rahima))
        book.write(lambda session: pay(session, rahima, 500))
        book.write(lambda session: sell(session, rahima, 900, 10))
        book.write(lambda session: pay(session, rahima, 70, S.KEPT, kind=OperationKind.CHARGE))
        create = {"profile": {"name": "Karim", "phone": None, "tags": ["vip"]}, "local": {"card_code": "C-7"}}
        karim = CustomerId(new_uuid())
        book.write(
            lambda session: (
                session.customers.add(a_customer("Karim", None, customer_id=karim)),
                record(session, karim, OperationKind.CUSTOMER_CREATE, person=create),
            )
        )
        assert book.wait_for_second_copy(10)
    return book


@pytest.fixture
def living(tmp_path: Path, clock: SettableClock) -> Iterator[LocalBook]:
    """Another till of the shop."""
    with create_book(tmp_path / "living" / "book.db", KEY, clock=clock, shop=SHOP) as book:
        yield book


def read(book: LocalBook, clock: SettableClock) -> list[WholeAct]:
    """Return a book's acts with all that they wrote."""
    with open_book(book.path, KEY, clock=clock) as again:
        return read_open(again)


def test_a_book_built_anew_has_every_act_with_all_that_it_wrote(tmp_path, dead, place, clock) -> None:
    before = read(dead, clock)
    anew = BookPlace(tmp_path / "anew" / "book.db", KEY, clock, lambda _: None)
    done = rebuild_book(anew, survey(place.path, RESCUE, up_to_damage=False))
    assert (done.acts, done.taken, done.kept, done.people, done.asked) == (4, 4, 1, 2, 3)
    with open_book(anew.path, KEY, clock=clock) as book:
        after = read_open(book)
        assert [act.operation for act in after] == [act.operation for act in before]
        for one, other in zip(before, after, strict=True):
            assert (one.person, one.entries, one.points, one.sale) == (
                other.person,
                other.entries,
                other.points,
                other.sale,
            )
        shop = book.read(lambda session: session.settings.shop())
        assert shop == SHOP
        karim = book.read(lambda session: session.customers.by_card("C-7"))
        assert (karim.profile.name, karim.profile.tags) == ("Karim", ("vip",))
        (connection,) = book.read(lambda session: session.settings.connections())
        rahima = before[0].operation.customer_id
        assert book.read(lambda session: session.mirror.remote_id(connection.id, rahima)) == "R-1"
        states = [book.read(lambda s, a=act: s.operations.get(a.operation.id)) for act in after]
        assert [view.state for view in states] == [S.UNKNOWN, S.UNKNOWN, S.KEPT, S.UNKNOWN]
        assert all(view.evidence[RESTORED] and view.attempts == 0 for view in states)


def read_open(book: LocalBook) -> list[WholeAct]:
    found: list[WholeAct] = []
    book._snapshot(lambda sql: found.extend(whole_acts(sql, 0, 100)))
    return found


def test_the_shop_stands_in_the_file_once_and_again_after_a_start(dead, place, clock) -> None:
    told = [bool(act.till) for act in read_second_copy(place.path, RESCUE)]
    assert (told[0], len(told), sum(told)) == (True, 4, 2)  # again when the first person's act drew the digests' salt
    with open_book(dead.path, KEY, clock=clock, second_copy=place) as book:
        customer = book.read(lambda session: session.operations.chain(0, 1))[0].customer_id
        book.write(lambda session: record(session, customer))
        book.write(lambda session: record(session, customer))
        assert book.wait_for_second_copy(10)
    told = [bool(act.till) for act in read_second_copy(place.path, RESCUE)]
    assert told[4:] == [True, False]
    assert recovery_beside(place.path).read_bytes() == b"{}"


def test_lines_of_an_older_kind_are_read_and_need_a_book_that_knows_its_shop(
    tmp_path, dead, place, living, clock
) -> None:
    old = SecondCopyFile(tmp_path / "old.acts", RESCUE, next(read_second_copy(place.path, RESCUE)).operation.till_id)
    old.begin(0)
    for act in read_second_copy(place.path, RESCUE):
        line = WholeAct(act.operation, act.state, act.person, act.customer, act.entries, act.points, act.sale)
        old.append([line])
    source = survey(old.path, RESCUE, up_to_damage=False)
    with pytest.raises(ShopUnknown):
        rebuild_book(BookPlace(tmp_path / "anew" / "book.db", KEY, clock, lambda _: None), source)
    done, _ = take_over_all(living, source, at=START)
    assert (done.taken, done.people) == (4, 2)


def test_a_dead_tills_acts_are_this_tills_from_then_on_and_come_once(dead, place, living, clock) -> None:
    mine = living.write(lambda session: with_customer(session, a_customer("Mine")))
    living.write(lambda session: pay(session, mine, 5))
    source = survey(place.path, RESCUE, up_to_damage=False)
    done, asked = take_over_all(living, source, at=START)
    assert (done.known, done.taken, done.kept, asked) == (0, 4, 1, 3)
    again, asked_again = take_over_all(living, source, at=clock.advance(hours=1))
    assert (again.known, again.taken, asked_again) == (4, 0, 0)
    chain = living.read(lambda session: session.operations.chain(0, 100))
    there = [act.operation for act in source.acts()]
    assert [one.id for one in chain[1:]] == [one.id for one in there]
    assert {one.till_id for one in chain} == {living.read(lambda session: session.settings.till_id())}
    assert [one.actor for one in chain[1:]] == [one.actor for one in there]
    standing = living.read(lambda session: session.khata.standing(there[0].customer_id))
    assert (standing.kept_balance.minor, standing.unsent_balance.minor) == (-70, 500)


def test_a_card_that_somebody_else_holds_by_now_stays_with_them(dead, place, living) -> None:
    mine = living.write(lambda session: with_customer(session, a_customer("Mine", None)))
    living.write(lambda session: session.customers.set_local(mine, card_code="C-7", credit_limit=None))
    take_over_all(living, survey(place.path, RESCUE, up_to_damage=False), at=START)
    assert living.read(lambda session: session.customers.by_card("C-7")).id == mine


def test_a_decision_after_the_backup_is_not_undone_by_asking_again(tmp_path, place, clock) -> None:
    with create_book(tmp_path / "till" / "book.db", KEY, clock=clock, shop=SHOP, second_copy=place) as book:
        rahima = book.write(lambda session: with_customer(session, a_customer()))
        entry = book.write(lambda session: pay(session, rahima, 500))
        book.backup(tmp_path / "backup.db")
        intent = {"about": entry.operation_id, "choice": "send_as_new"}
        act = Draft(OperationId(new_uuid()), OperationKind.RESOLUTION, rahima, intent, "Mina", START)
        book.write(lambda session: session.operations.record(act, state=S.KEPT, recorded_at=START))
        assert book.wait_for_second_copy(10)
    source = survey(place.path, RESCUE, up_to_damage=False)
    with open_book(tmp_path / "backup.db", KEY, clock=clock) as old:
        bring_up(old, source, at=START)
        view = old.read(lambda session: session.operations.get(entry.operation_id))
        assert (view.state, view.evidence["decided"]) == (S.NEEDS_HUMAN, "send_as_new")
        assert [item.kind for item in old.read(lambda session: session.inbox.items())] == ["unknown"]


def test_what_was_taken_back_at_the_till_does_not_come_back_from_its_copy(tmp_path, dead, place, living, clock) -> None:
    with open_book(tmp_path / "dead" / "book.db", KEY, clock=clock, second_copy=place) as book:
        rahima = read_open(book)[0].operation.customer_id
        entry = book.write(lambda session: pay(session, rahima, 41))
        book.write(lambda session: session.operations.set_state(entry.operation_id, S.CANCELLED))
        intent = {"about": entry.operation_id, "choice": WITHDRAWN}
        act = Draft(OperationId(new_uuid()), OperationKind.RESOLUTION, rahima, intent, "Mina", START)
        book.write(lambda session: session.operations.record(act, state=S.KEPT, recorded_at=START))
        assert book.wait_for_second_copy(10)
    take_over_all(living, survey(place.path, RESCUE, up_to_damage=False), at=START)
    view = living.read(lambda session: session.operations.get(entry.operation_id))
    assert (view.state, living.read(lambda session: session.inbox.items())) == (S.CANCELLED, [])


def test_a_discount_given_in_doubt_comes_back_as_given(tmp_path, dead, place, living, clock) -> None:
    noted = {"at_risk": True, "as_of": None, "share": 50, "given": 500}
    with open_book(tmp_path / "dead" / "book.db", KEY, clock=clock, second_copy=place) as book:
        rahima = read_open(book)[0].operation.customer_id
        entry = book.write(lambda session: pay(session, rahima, 41))
        intent = {"about": entry.operation_id, "choice": GIVE_AT_RISK, **noted}
        act = Draft(OperationId(new_uuid()), OperationKind.RESOLUTION, rahima, intent, "Mina", START)
        book.write(lambda session: session.operations.record(act, state=S.KEPT, recorded_at=START))
        assert book.wait_for_second_copy(10)
    take_over_all(living, survey(place.path, RESCUE, up_to_damage=False), at=START)
    view = living.read(lambda session: session.operations.get(entry.operation_id))
    assert view.state is S.UNKNOWN
    assert noted.items() <= view.evidence.items()


def test_what_was_for_a_server_that_was_left_is_never_sent_to_the_next(tmp_path, place, clock) -> None:
    first, second = a_connection(), replace(a_connection(), api="selorax")
    with create_book(tmp_path / "till" / "book.db", KEY, clock=clock, shop=SHOP, second_copy=place) as book:
        book.write(lambda session: session.settings.save_connection(first))
        rahima = book.write(lambda session: with_customer(session, a_customer()))
        before = book.write(lambda session: pay(session, rahima, 500))
        assert book.wait_for_second_copy(10)
        book.backup(tmp_path / "backup.db")
        book.write(lambda session: session.settings.save_connection(second))
        after = book.write(lambda session: pay(session, rahima, 70))
        assert book.wait_for_second_copy(10)
    source = survey(place.path, RESCUE, up_to_damage=False)
    rebuild_book(BookPlace(tmp_path / "anew" / "book.db", KEY, clock, lambda _: None), source)
    with open_book(tmp_path / "backup.db", KEY, clock=clock) as old:
        bring_up(old, source, at=START)
    for path in (tmp_path / "anew" / "book.db", tmp_path / "backup.db"):
        with open_book(path, KEY, clock=clock) as book:
            views = [
                book.read(lambda session, one=one: session.operations.get(one.operation_id)) for one in (before, after)
            ]
            assert [view.state for view in views] == [S.CONFIRMED, S.UNKNOWN], path
            servers = book.read(lambda session: session.settings.connections())
            assert [(one.id, one.primary) for one in servers] == [(second.id, True), (first.id, False)]
