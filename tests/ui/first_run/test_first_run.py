"""The first start by keys: five steps, each kept as it is passed; broken off, it goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from posapp.app import TillApplication, open_till
from posapp.domain.shop import Shop
from posapp.locale.translator import Translator
from posapp.services.connections import ConnectForm
from posapp.services.status import status
from posapp.ui.application import unlock
from posapp.ui.bridge.task_runner import TaskRunner
from posapp.ui.first_run.code_step import CodeStep
from posapp.ui.first_run.connect_step import ConnectStep
from posapp.ui.first_run.pin_step import PinStep
from posapp.ui.first_run.places import currencies, places, zones
from posapp.ui.first_run.shop_step import ShopStep
from posapp.ui.first_run.wizard import FirstRun
from posapp.ui.main_window import MainWindow
from tests.support.keys import type_text
from tests.support.stub import StubServer

WAIT = 30_000
PASSPHRASE = "correct horse battery"
ENTER, TAB, F11, F12 = Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_F11, Qt.Key.Key_F12


@dataclass
class Beginner:
    """Somebody who starts a till for the first time."""

    home: Path
    qtbot: QtBot
    closing: ExitStack = field(default_factory=ExitStack)

    def starts(self) -> FirstRun:
        self.app: TillApplication = self.closing.enter_context(
            open_till(self.home, actor="mina", keyring=False, tell=None)
        )
        if self.app.home.exists():
            self.app.home.unlock(PASSPHRASE)
        self.runner = TaskRunner()
        self.closing.callback(self.runner.close)
        self.wizard = FirstRun(self.app, self.runner, Translator("en"))
        self.qtbot.addWidget(self.wizard)
        with self.qtbot.waitExposed(self.wizard):
            self.wizard.show()
        self.wizard.activateWindow()
        self.settle()
        return self.wizard

    def breaks_off(self) -> None:
        """Lose everything that is not on the disk."""
        self.closing.close()
        self.closing = ExitStack()

    def settle(self) -> None:
        assert self.runner.wait_idle(30)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        target = QApplication.activePopupWidget() or self.wizard.focusWidget() or self.wizard
        self.qtbot.keyClick(target, key, modifier)
        self.settle()

    def types(self, *texts: str) -> None:
        """Type into the field that has the focus, then into those after it."""
        for place, text in enumerate(texts):
            if place:
                self.press(TAB)
            type_text(self.wizard.focusWidget() or self.wizard, text)

    def describes_the_shop(self) -> None:
        self.types("Mina Store")
        shop = self.wizard.steps[0]
        assert isinstance(shop, ShopStep)
        shop.passphrase.setFocus()
        self.types(PASSPHRASE, PASSPHRASE)
        self.press(ENTER)

    def connects(self, stub: StubServer) -> None:
        self.types(stub.base_url, stub.token())
        self.press(ENTER)

    def writes_the_code_down(self) -> None:
        self.types(" ".join(self.wizard.beginning.code.split("-")[-2:]).lower())
        self.press(ENTER)


@pytest.fixture
def beginner(tmp_path: Path, qtbot: QtBot) -> Iterator[Beginner]:
    made = Beginner(tmp_path / "home", qtbot)
    yield made
    made.closing.close()


def step(beginner: Beginner, kind: type) -> bool:
    return isinstance(beginner.wizard.step, kind)


def shop_of(app: TillApplication) -> Shop:
    return app.till.book.read(lambda session: session.settings.shop())


def test_from_nothing_to_a_till_with_a_server(beginner: Beginner) -> None:
    wizard = beginner.starts()
    assert step(beginner, ShopStep)
    with StubServer(customers=3) as stub:
        beginner.describes_the_shop()
        assert step(beginner, ConnectStep)
        beginner.connects(stub)
        connect = wizard.step
        assert isinstance(connect, ConnectStep)
        assert connect.server.words().startswith("Connected to 127.0.0.1")
        assert connect.form.token.text() == ""
        beginner.press(ENTER)
        assert step(beginner, PinStep)
        beginner.types("390714", "390714")
        beginner.press(ENTER)
        assert step(beginner, CodeStep)
        assert not beginner.app.home.recovery_told()
        beginner.writes_the_code_down()
        assert beginner.app.home.recovery_told()
        beginner.press(ENTER)
    assert wizard.result() == QDialog.DialogCode.Accepted
    assert beginner.app.approve("390714")
    assert [one.api for one in status(beginner.app.till).connections] == ["pos"]
    assert shop_of(beginner.app).currency == "BDT"


def test_without_a_server_and_without_a_pin(beginner: Beginner) -> None:
    wizard = beginner.starts()
    beginner.describes_the_shop()
    beginner.press(F12)
    beginner.press(F12)
    assert step(beginner, CodeStep)
    beginner.press(F12)
    assert step(beginner, CodeStep)
    beginner.writes_the_code_down()
    beginner.press(ENTER)
    assert wizard.result() == QDialog.DialogCode.Accepted
    assert not beginner.app.pin_chosen()
    assert shop_of(beginner.app) == Shop(name="Mina Store", country="IN", currency="INR", time_zone="Asia/Kolkata")


@pytest.mark.qt_log_ignore("does not support (raise|grabbing the keyboard)", extend=True)  # of the list that opens
def test_a_country_brings_its_currency_and_zone(beginner: Beginner) -> None:
    shop = beginner.starts().step
    assert isinstance(shop, ShopStep)
    shop.name.setText("Mina Store")
    shop.country.setFocus()
    shop.country.selectAll()
    type_text(shop.country, "glades")
    beginner.press(TAB)
    assert shop.country.text() == "Bangladesh"
    assert (shop.currency.chosen(), shop.zone.chosen()) == ("BDT", "Asia/Dhaka")
    shop.zone.setFocus()
    shop.zone.selectAll()
    type_text(shop.zone, "Nowhere/Town")
    beginner.press(ENTER)
    assert beginner.wizard.focusWidget() is shop.zone
    assert not beginner.app.home.exists()


def test_nothing_is_made_while_something_is_missing(beginner: Beginner) -> None:
    shop = beginner.starts().step
    assert isinstance(shop, ShopStep)
    beginner.press(ENTER)
    assert beginner.wizard.focusWidget() is shop.name
    shop.name.setText("Mina Store")
    shop.passphrase.setText("short")
    beginner.press(ENTER)
    assert beginner.wizard.focusWidget() is shop.passphrase
    shop.passphrase.setText(PASSPHRASE)
    shop.repeated.setText(PASSPHRASE + "!")
    beginner.press(ENTER)
    assert beginner.wizard.focusWidget() is shop.repeated
    assert not beginner.home.exists()


def test_the_shop_can_be_gone_back_to_until_a_server_told_it(beginner: Beginner) -> None:
    beginner.starts()
    beginner.describes_the_shop()
    beginner.press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    shop = beginner.wizard.step
    assert isinstance(shop, ShopStep)
    assert not shop.passphrase.isVisible()
    shop.name.selectAll()
    beginner.types("Mina and Sons")
    beginner.press(ENTER)
    assert shop_of(beginner.app).name == "Mina and Sons"
    with StubServer(customers=3) as stub:
        beginner.connects(stub)
        assert not beginner.wizard.back_button.isVisible()
        beginner.press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        assert step(beginner, ConnectStep)


@pytest.mark.parametrize(("token", "words"), [("nonsense", "Sign-in needed"), (None, "cannot be reached")])
def test_a_server_that_does_not_let_in_is_said_and_can_be_left_out(
    beginner: Beginner, token: str | None, words: str
) -> None:
    beginner.starts()
    beginner.describes_the_shop()
    with StubServer(customers=3) as stub:
        if token is None:
            stub.stop()
        beginner.types(stub.base_url, token or "any")
        beginner.press(ENTER)
        assert words in beginner.wizard.step.banner.words()
        assert step(beginner, ConnectStep)
        if token is None:
            stub.start()
    beginner.press(F12)
    assert step(beginner, PinStep)
    assert not status(beginner.app.till).connections


def test_the_code_must_be_typed_back(beginner: Beginner) -> None:
    beginner.starts()
    beginner.describes_the_shop()
    beginner.press(F12)
    beginner.press(F12)
    code = beginner.wizard.step
    assert isinstance(code, CodeStep)
    assert [label.text() for label in code.groups] == beginner.wizard.beginning.code.split("-")
    beginner.press(ENTER)
    beginner.types("AAAAA AAAAA")
    beginner.press(ENTER)
    assert step(beginner, CodeStep)
    assert not beginner.app.home.recovery_told()
    beginner.press(Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
    assert QGuiApplication.clipboard().text() == beginner.wizard.beginning.code
    code.typed.selectAll()
    beginner.writes_the_code_down()
    assert QGuiApplication.clipboard().text() == ""
    assert beginner.wizard.beginning.code == ""


def no_more(_: Beginner) -> None:
    """Break off at once."""


def server(beginner: Beginner) -> None:
    with StubServer(customers=3) as stub:
        beginner.app.connect(ConnectForm("pos", stub.base_url, None, None, stub.token().encode()))


def server_and_pin(beginner: Beginner) -> None:
    server(beginner)
    beginner.app.set_pin(None, "390714")


@pytest.mark.parametrize(
    ("done", "kind"),
    [(no_more, ConnectStep), (server, PinStep), (server_and_pin, CodeStep)],
    ids=["shop", "server", "pin"],
)
def test_broken_off_it_goes_on_where_it_stopped(
    beginner: Beginner, done: Callable[[Beginner], None], kind: type
) -> None:
    beginner.starts()
    beginner.describes_the_shop()
    done(beginner)
    old = beginner.wizard.beginning.code
    beginner.breaks_off()
    beginner.starts()
    assert step(beginner, kind)
    while not step(beginner, CodeStep):
        beginner.press(F12)
    assert beginner.wizard.beginning.code not in {"", old}
    beginner.writes_the_code_down()
    beginner.press(ENTER)
    assert beginner.app.home.recovery_told()


def test_a_start_that_was_broken_off_is_taken_up_by_the_window(beginner: Beginner, qapp: QApplication) -> None:
    beginner.starts()
    beginner.describes_the_shop()
    beginner.wizard.reject()
    seen: list[type] = []

    def answer() -> None:
        wizard = QApplication.activeModalWidget()
        if isinstance(wizard, FirstRun) and isinstance(wizard.step, ConnectStep):
            seen.append(type(wizard))
            for one in wizard.steps:
                one.passed.emit()

    timer = QTimer(interval=20)
    timer.timeout.connect(answer)
    timer.start()
    unlock(beginner.app, beginner.runner, Translator("en"))
    timer.stop()
    assert seen == [FirstRun]


def test_the_practice_till_comes_and_goes_and_reaches_no_server(beginner: Beginner) -> None:
    wizard = beginner.starts()
    seen: list[tuple[bool, int]] = []

    def look() -> None:
        window = QApplication.activeWindow()
        if isinstance(window, MainWindow) and window.isVisible():
            desk = window._desk
            seen.append((desk.app.delivery() is None, desk.till.book.read(lambda s: s.operations.counts()).customers))
            with pytest.raises(Exception, match="practice_stays_here"):
                desk.app.connect(ConnectForm("pos", "http://127.0.0.1:1/pos", None, None, b"x"))
            window.close()

    timer = QTimer(interval=50)
    timer.timeout.connect(look)
    timer.start()
    beginner.press(F11)
    timer.stop()
    assert len(seen) == 1
    reached_none, customers = seen[0]
    assert reached_none
    assert customers >= 20
    assert wizard.isVisible()
    assert not beginner.app.home.exists()
    beginner.qtbot.waitUntil(wizard.isActiveWindow, timeout=WAIT)
    beginner.describes_the_shop()
    assert step(beginner, ConnectStep)


def test_every_place_can_be_a_shop() -> None:
    for place in places().values():
        assert place.currency in currencies().values()
        assert place.zone in zones()
        assert Shop(place.name, place.code, place.currency, place.zone).zone.key == place.zone


def test_it_fits_a_small_screen(beginner: Beginner) -> None:
    wizard: QWidget = beginner.starts()
    assert wizard.width() <= 1366
    assert wizard.height() <= 700
