"""What every test of the window stands on: the theme, a desk over a real book and, where a test connects it, a stub."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posapp.app import TillApplication, open_till
from posapp.locale.translator import Translator
from posapp.ui.bridge.desk import Desk, make_desk, open_book
from posapp.ui.theme.theme import apply
from posapp.ui.theme.tokens import Scheme
from tests.services.counter import Counter
from tests.support.book import SettableClock
from tests.support.stub import StubServer
from tests.support.vault import make_cheap_vault


@pytest.fixture(autouse=True)
def theme(qapp: QApplication) -> None:
    """Dress the application, always in light."""
    apply(qapp, Scheme.LIGHT)


@pytest.fixture(scope="session")
def spared() -> None:
    """Let the collector never look at what the imports made: it runs after each test."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def collector(spared: None) -> Iterator[None]:
    """Keep Python's cycle collector on this thread, as the window does: a worker must not destroy a widget."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(scope="session")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an empty book, made once: its recovery code costs half a second of Argon2."""
    home = tmp_path_factory.mktemp("new") / "home"
    make_cheap_vault(home, "only for tests")
    with open_till(home, actor="mina", passphrase=lambda: "only for tests", keyring=False) as made:
        assert made.till
    return home


@pytest.fixture
def app(new_home: Path, tmp_path: Path) -> Iterator[TillApplication]:
    """A till with an empty book."""
    home = shutil.copytree(new_home, tmp_path / "home")
    with open_till(home, actor="mina", passphrase=lambda: "only for tests", keyring=False) as opened:
        yield opened


@pytest.fixture
def desk(app: TillApplication, qtbot: QtBot) -> Iterator[Desk]:
    """A desk over it; its loop is not started."""
    made = make_desk(app, open_book(app), say=Translator("en"))
    yield made
    made.close()


@pytest.fixture
def serve() -> Iterator[Callable[[int], StubServer]]:
    """Starts a stub with so many customers."""
    with ExitStack() as running:
        yield lambda customers: running.enter_context(StubServer(customers=customers))


@pytest.fixture
def counter(app: TillApplication) -> Counter:
    """What records acts in every state in the till's book, in taka; named before `desk`, which reads the shop."""
    made = Counter(app.till.book, SettableClock(datetime.now(UTC)))
    made.shop(currency="BDT", country="BD", time_zone="Asia/Dhaka", earn_rate=Decimal(1), redemption_value=10)
    return made
