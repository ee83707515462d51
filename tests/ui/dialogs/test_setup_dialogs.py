"""Connecting, signing in anew and the manager's PIN, by keys, over a real stub."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from posapp.app import TillApplication
from posapp.services.status import status
from posapp.ui.dialogs.connect_dialog import ConnectDialog
from posapp.ui.dialogs.form_dialog import FormDialog
from posapp.ui.dialogs.pin_dialog import PinDialog
from server_stub.credentials import all_credentials
from tests.support.keys import type_text
from tests.support.stub import StubServer
from tests.ui.dialogs.at_the_desk import ENTER, Teller


def shown(teller: Teller, dialog: Any) -> Any:
    said: list[str] = []
    dialog.saved.connect(said.append)
    dialog.said = said
    with teller.qtbot.waitExposed(dialog):
        dialog.open()
    dialog.activateWindow()
    teller.until(lambda: dialog.form is not None)
    return dialog


def form_of(dialog: ConnectDialog) -> Any:
    assert dialog.form is not None
    return dialog.form


def test_a_till_is_connected_and_says_what_the_server_can(teller: Teller, app: TillApplication) -> None:
    with StubServer(customers=3) as stub:
        dialog = shown(teller, ConnectDialog(teller.desk, teller.window))
        assert dialog.focusWidget() is form_of(dialog).url
        type_text(form_of(dialog).url, stub.base_url)
        teller.press(dialog, Qt.Key.Key_Tab)
        type_text(dialog.focusWidget(), stub.token())
        teller.press(dialog, ENTER)
        teller.until(dialog.server.words)
        assert dialog.server.words().startswith("Connected to 127.0.0.1")
        assert dialog.server.facts()["On the server"].endswith("points, sales, the khata")
        assert form_of(dialog).token.text() == ""
        teller.press(dialog, ENTER)
        teller.until(lambda: dialog.said)
        teller.until(lambda: teller.desk.shop().currency == "BDT")
        assert teller.desk.sync.stop(20)
    assert len(status(app.till).connections) == 1


@pytest.mark.parametrize(
    ("address", "token", "field", "banner"),
    [
        (None, "nonsense", "token", "Sign-in needed"),
        ("http://127.0.0.1:1/pos", "x", "url", "cannot be reached"),
        ("http://shop.example/pos", "x", "url", "http"),
        (None, "two words", "token", "Not a token"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(
    teller: Teller, app: TillApplication, *, address: str | None, token: str, field: str, banner: str
) -> None:
    with StubServer(customers=3) as stub:
        dialog = shown(teller, ConnectDialog(teller.desk, teller.window))
        teller.type(form_of(dialog).url, address or stub.base_url)
        teller.type(form_of(dialog).token, token)
        teller.press(dialog, ENTER)
        teller.until(dialog.banner.words)
        assert banner in dialog.banner.words()
        assert form_of(dialog).fields[field].editor.property("wrong") is True
        assert dialog.focusWidget() is form_of(dialog).fields[field].editor
    assert not status(app.till).connections


def places_of(form: Any) -> list[str]:
    return [name for name, field in form.fields.items() if field.isVisibleTo(form)]


def choose(form: Any, api: str, way: str = "token") -> None:
    form.api.setCurrentIndex(form.api.findData(api))
    form.way.setCurrentIndex(form.way.findData(way))


def test_each_kind_of_server_is_asked_only_what_signs_in_there(teller: Teller) -> None:
    form = form_of(shown(teller, ConnectDialog(teller.desk, teller.window)))
    assert [form.api.itemText(place) for place in range(form.api.count())] == [
        "POS customer server", "SeloraX store", "Customers module", "eCommerce portal", "Siyahfy store",
    ]  # fmt: skip
    for api, way, more in (
        ("pos", "client", []),
        ("selorax", "client", ["way", "store", "client"]),
        ("selorax", "token", ["way"]),
        ("siyahfy", "client", ["store"]),
        ("portal", "token", []),
        ("modules", "token", []),
    ):
        choose(form, api, way)
        assert places_of(form) == ["api", "url", *more, "token"]
        form.url.setText("https://shop.example")
        form.token.setText("t")
        typed = form.form()
        if "store" in more:
            assert typed is None
            assert "store is missing" in form.fields["store"].below()
        else:
            assert (typed.api, typed.store, typed.client_id) == (api, None, None)


def test_an_app_signs_in_for_its_store_and_later_anew(teller: Teller, app: TillApplication) -> None:
    teller.set_shop(currency="BDT", country="BD", zone="Asia/Dhaka")
    with StubServer(customers=3) as stub:
        known = all_credentials(stub.random_seed)["selorax"]["22"]
        for _ in range(2):
            dialog = shown(teller, ConnectDialog(teller.desk, teller.window))
            form = form_of(dialog)
            if not status(app.till).connections:
                choose(form, "selorax", "client")
                form.url.setText(f"{stub.root_url}/selorax")
                form.store.setText("22")
            else:
                assert places_of(form) == ["api", "url", "way", "store", "client", "token"]
                assert form.store.isReadOnly()
            form.client.setText(known["client_id"])
            form.token.setText(known["client_secret"])
            teller.press(dialog, ENTER)
            teller.until(dialog.server.words)
            facts = dialog.server.facts()
            assert facts["On this till alone"] == "Notes, tags, points, the khata"
            assert facts["A new customer needs"] == "A phone"
            dialog.reject()
        assert [one.store for one in status(app.till).connections] == ["22"]
        assert teller.desk.sync.stop(20)


def test_nothing_typed_asks_nobody(teller: Teller) -> None:
    dialog = shown(teller, ConnectDialog(teller.desk, teller.window))
    teller.press(dialog, ENTER)
    assert "missing" in form_of(dialog).fields["url"].below()
    assert not dialog.busy


def test_signing_in_anew_asks_for_the_token_alone(teller: Teller, app: TillApplication) -> None:
    with StubServer(customers=3) as stub:
        teller.connect(app, stub)
        before = status(app.till).connections
        dialog = shown(teller, ConnectDialog(teller.desk, teller.window))
        assert dialog.focusWidget() is form_of(dialog).token
        assert form_of(dialog).url.isReadOnly()
        type_text(form_of(dialog).token, stub.token())
        teller.press(dialog, ENTER)
        teller.until(dialog.server.words)
        assert [one.id for one in status(app.till).connections] == [one.id for one in before]
        assert teller.desk.sync.stop(20)


def test_another_server_takes_the_place_of_the_first(teller: Teller, app: TillApplication) -> None:
    with StubServer(customers=3) as stub:
        teller.connect(app, stub)
        dialog = shown(teller, ConnectDialog(teller.desk, teller.window))
        teller.press(dialog, Qt.Key.Key_F4)
        assert "In the place of Head office" in dialog.banner.words()
        assert not form_of(dialog).url.isReadOnly()
        form = form_of(dialog)
        choose(form, "siyahfy")
        for line, text in ((form.url, f"{stub.root_url}/siyahfy"), (form.store, "22")):
            line.setText(text)
        form.token.setText(all_credentials(stub.random_seed)["siyahfy"]["22"]["token"])
        assert "In the place of" in dialog.banner.words(), "typing does not take it away"
        teller.press(dialog, ENTER)
        teller.until(dialog.server.words)
        assert "left the search" in dialog.server.facts()["Head office"]
        assert [(one.api, one.primary) for one in status(app.till).connections] == [("siyahfy", True), ("pos", False)]
        assert teller.desk.sync.stop(20)


def test_a_pin_is_chosen_and_changed(teller: Teller, app: TillApplication) -> None:
    dialog = shown(teller, PinDialog(teller.desk, teller.window))
    _type_pins(teller, dialog, "390714", "390714")
    teller.press(dialog, ENTER)
    teller.until(lambda: dialog.said == ["The manager's PIN is set"])
    assert app.approve("390714")
    change = shown(teller, PinDialog(teller.desk, teller.window))
    _type_pins(teller, change, "111113", "582046", "582046")
    teller.press(change, ENTER)
    teller.until(lambda: "The PIN is wrong" in change.form.fields["old"].below())
    assert change.form.old.text() == ""
    teller.until(lambda: change.focusWidget() is change.form.old)
    type_text(change.form.old, "390714")
    teller.press(change, ENTER)
    teller.until(lambda: change.said)
    assert app.approve("582046")


@pytest.mark.parametrize(
    ("new", "repeated", "field", "words"),
    [
        ("123456", "123456", "new", "everybody"),
        ("39a714", "", "new", "digits"),
        ("390714", "390715", "repeated", "same"),
    ],
)
def test_the_rules_of_a_pin_are_said(
    teller: Teller, app: TillApplication, *, new: str, repeated: str, field: str, words: str
) -> None:
    dialog = shown(teller, PinDialog(teller.desk, teller.window))
    _type_pins(teller, dialog, new, repeated)
    assert words in dialog.form.fields[field].below()
    teller.press(dialog, ENTER)
    assert words in dialog.form.fields[field].below()
    assert not app.pin_chosen()


def _type_pins(teller: Teller, dialog: FormDialog, *pins: str) -> None:
    for place, pin in enumerate(pins):
        if place:
            teller.press(dialog, Qt.Key.Key_Tab)
        type_text(dialog.focusWidget() or dialog, pin)
