"""The first start by keys: shop, server, PIN, recovery code."""

from __future__ import annotations

from posapp.ui.first_run.code_step import CodeStep
from posapp.ui.first_run.connect_step import ConnectStep
from posapp.ui.first_run.pin_step import PinStep
from posapp.ui.first_run.shop_step import ShopStep
from posapp.ui.first_run.wizard import FirstRun
from tests.gui.album import Album
from tests.gui.keyboard import Keyboard

SHOP = "Mina Store · মিনা স্টোর"
PASSPHRASE = "four words for tests"
PIN = "830274"


def begin_till(keys: Keyboard, album: Album, wizard: FirstRun, url: str, token: str) -> str:
    """Lead through the wizard and return what the server is called there."""
    _describe_shop(keys, album, wizard)
    server = _connect(keys, album, wizard, url, token)
    _choose_pin(keys, album, wizard)
    _write_code_down(keys, album, wizard)
    album.take("first-run-done", wizard)
    keys.press("Return")
    return server


def _describe_shop(keys: Keyboard, album: Album, wizard: FirstRun) -> None:
    step = wizard.steps[0]
    assert isinstance(step, ShopStep)
    keys.until(step.name.hasFocus, "the name of the shop")
    keys.write(SHOP)
    keys.press("Tab")
    keys.fill("Bangladesh")
    keys.press("Escape" if keys.focus().windowType().name == "Popup" else "Tab")
    keys.tab_to(lambda widget: widget is step.passphrase, "the passphrase")
    keys.write(PASSPHRASE)
    keys.press("Tab")
    keys.write(PASSPHRASE)
    album.take("first-run-shop", wizard)
    keys.press("Return")
    keys.until(lambda: wizard.step is wizard.steps[1] and not wizard.step.busy, "the server's step")


def _connect(keys: Keyboard, album: Album, wizard: FirstRun, url: str, token: str) -> str:
    step = wizard.step
    assert isinstance(step, ConnectStep)
    keys.until(step.form.url.hasFocus, "the address")
    keys.write(url)
    keys.press("Tab")
    keys.write(token)
    album.take("first-run-server", wizard)
    keys.press("Return")
    keys.until(step.server.words, "the server that answered")
    album.take("first-run-server-found", wizard)
    words = step.server.words()
    keys.press("Return")
    keys.until(lambda: wizard.step is wizard.steps[2], "the PIN's step")
    return words


def _choose_pin(keys: Keyboard, album: Album, wizard: FirstRun) -> None:
    step = wizard.step
    assert isinstance(step, PinStep)
    keys.until(step.form.new.hasFocus, "the PIN")
    keys.write(PIN)
    keys.press("Tab")
    keys.write(PIN)
    album.take("first-run-pin", wizard)
    keys.press("Return")
    keys.until(lambda: wizard.step is wizard.steps[3] and not wizard.step.busy, "the code's step")


def _write_code_down(keys: Keyboard, album: Album, wizard: FirstRun) -> None:
    step = wizard.step
    assert isinstance(step, CodeStep)
    keys.until(lambda: wizard.beginning.code and step.typed.hasFocus(), "the recovery code")
    groups = wizard.beginning.code.split("-")
    keys.write("-".join(groups[-2:]))
    album.take("first-run-code", wizard)
    keys.press("Return")
    keys.until(lambda: wizard.step is wizard.steps[4], "the last step")
