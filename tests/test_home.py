"""A till's first hours: the vault, the book of a new shop, the recovery code that was tried, the practice till."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from posapp.app import TillApplication, open_till
from posapp.domain.shop import Shop
from posapp.home import DEFAULT_SHOP
from posapp.keychain.errors import VaultPassphraseNeeded, VaultPassphraseShort, VaultPassphraseWrong
from posapp.practice import PRACTICE, PracticeStaysHere
from posapp.services.connections import ConnectForm
from posapp.services.status import status
from posapp.services.verification import verify_book
from posapp.store.errors import BookExists, BookLost, HomeUnusable
from tests.support.stub import StubServer

SHOP = Shop(name="Mina Store", country="BD", currency="BDT", time_zone="Asia/Dhaka")
PASSPHRASE = "only for tests"


@pytest.fixture
def running() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def a_window(running: ExitStack, folder: Path) -> TillApplication:
    """A till as a window opens it: nobody at a terminal, no keyring."""
    return running.enter_context(open_till(folder, actor="mina", keyring=False, tell=None))


def shop_of(app: TillApplication) -> Shop:
    return app.till.book.read(lambda session: session.settings.shop())


def test_a_first_run_step_by_step(running: ExitStack, tmp_path: Path) -> None:
    app = a_window(running, tmp_path / "home")
    assert not app.home.exists()
    assert not app.home.in_use()
    assert app.home.needs_passphrase()
    assert not (tmp_path / "home").exists()
    with pytest.raises(VaultPassphraseShort):
        app.home.unlock("short")
    app.home.unlock(PASSPHRASE)
    assert not app.home.needs_passphrase()
    code = app.home.begin(SHOP)
    assert app.home.exists()
    assert app.home.in_use()
    assert shop_of(app) == SHOP
    assert not app.home.recovery_told()
    assert not app.home.try_recovery("AAAAA-AAAAA")
    assert not app.home.try_recovery("")
    assert not app.home.recovery_told()
    assert app.home.try_recovery(code)
    assert app.home.recovery_told()
    assert not app.pin_chosen()
    app.set_pin(None, "390714")
    assert app.pin_chosen()
    with pytest.raises(BookExists):
        app.home.begin(SHOP)


def test_the_second_start_asks_for_the_passphrase_until_it_is_right(running: ExitStack, tmp_path: Path) -> None:
    with ExitStack() as first:
        app = a_window(first, tmp_path / "home")
        app.home.unlock(PASSPHRASE)
        app.home.begin(SHOP)
    again = a_window(running, tmp_path / "home")
    assert again.home.needs_passphrase()
    with pytest.raises(VaultPassphraseWrong):
        again.home.unlock("something else")
    with pytest.raises(VaultPassphraseNeeded):
        _ = again.till
    again.home.unlock(PASSPHRASE)
    assert shop_of(again) == SHOP
    assert not again.read_only


def test_a_code_that_nobody_tried_is_replaced_by_a_new_one(running: ExitStack, tmp_path: Path) -> None:
    with ExitStack() as first:
        app = a_window(first, tmp_path / "home")
        app.home.unlock(PASSPHRASE)
        old = app.home.begin(SHOP)
    again = a_window(running, tmp_path / "home")
    again.home.unlock(PASSPHRASE)
    assert not again.home.recovery_told()
    new = again.home.new_recovery_code()
    assert not again.home.try_recovery(old)
    assert again.home.try_recovery(new)


def test_a_passphrase_in_the_environment_needs_no_asking(
    running: ExitStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSAPP_VAULT_PASSPHRASE", PASSPHRASE)
    app = a_window(running, tmp_path / "home")
    assert not app.home.needs_passphrase()
    app.home.begin(SHOP)


def test_no_new_shop_in_the_place_of_a_lost_book(running: ExitStack, tmp_path: Path) -> None:
    with ExitStack() as first:
        app = a_window(first, tmp_path / "home")
        app.home.unlock(PASSPHRASE)
        app.home.begin(SHOP)
    (tmp_path / "home" / "book.db").unlink()
    again = a_window(running, tmp_path / "home")
    assert again.home.exists()
    again.home.unlock(PASSPHRASE)
    with pytest.raises(BookLost):
        again.home.begin(SHOP)


def test_practice_has_customers_debts_and_no_way_out(running: ExitStack, tmp_path: Path) -> None:
    stub = running.enter_context(StubServer(customers=1))
    app = a_window(running, tmp_path / "home")
    with app.practice() as practice:
        assert shop_of(practice) == DEFAULT_SHOP
        counts = status(practice.till).counts
        assert counts.customers == 20
        assert counts.kept > 40
        assert counts.waiting == 0
        assert verify_book(practice.till).faults == ()
        with pytest.raises(PracticeStaysHere):
            practice.connect(ConnectForm("pos", stub.base_url, None, None, stub.token().encode()))
        assert practice.delivery() is None
        assert practice.scheduler(lambda _: None, lambda _: None) is None
    assert not app.home.exists()
    assert [path.name for path in (tmp_path / "home").iterdir()] == [PRACTICE]


def test_practice_begins_anew_in_the_shops_own_currency(running: ExitStack, tmp_path: Path) -> None:
    app = a_window(running, tmp_path / "home")
    app.home.unlock(PASSPHRASE)
    app.home.begin(SHOP)
    assert shop_of(app) == SHOP
    for _ in range(2):
        with app.practice() as practice:
            assert shop_of(practice) == SHOP
            assert status(practice.till).counts.customers == 20
            practice.till.book.write(lambda session: session.settings.save_shop(replace(SHOP, name="Tried out")))
    assert status(app.till).counts.customers == 0


def test_practice_throws_nothing_of_others_away(running: ExitStack, tmp_path: Path) -> None:
    precious = tmp_path / "home" / PRACTICE / "photos.txt"
    precious.parent.mkdir(parents=True)
    precious.write_text("precious")
    app = a_window(running, tmp_path / "home")
    with pytest.raises(HomeUnusable), app.practice():
        pass
    assert precious.read_text() == "precious"
