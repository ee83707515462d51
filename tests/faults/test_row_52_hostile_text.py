"""Names, notes and refusals from the server that want to be more than text: they are shown as text, everywhere."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from posapp.app import TillApplication
from posapp.documents.pdf import PdfDocuments
from posapp.locale.translator import Translator
from posapp.services.ports.documents import Paper
from posapp.services.statements import statement
from posapp.ui.bridge.desk import Desk
from posapp.ui.main_window import MainWindow
from tests.documents.reading import needs_poppler, pages_of
from tests.faults.shop import a_shop
from tests.faults.wire import answers
from tests.remote.raw_server import answer
from tests.support.stub import StubServer
from tests.ui.bridge.at_the_till import WAIT, connect
from tests.ui.conftest import app, collector, desk, new_home, serve, spared, theme  # noqa: F401 (fixtures)

HOSTILE = {
    "a heading": "<h1>Big</h1>",
    "a picture": "<img src='http://evil.test/x.png'>",
    "a script": "<script>alert(1)</script>",
    "SQL": "Robert'); DROP TABLE customer; --",
    "a path": "../../etc/passwd",
    "a format": "{name} %s %n ${HOME}",
    "a mnemonic": "A & B && C &nbsp;",
    "from right to left": "\u202eahsA\u202c Asha",
    "a line break": "Asha\nKumari\tK",
    "a formula": '=HYPERLINK("http://evil.test")',
    "very long": "Asha " * 40,
    "mixed scripts": "Asha আশা आशा آشا 🎉",
}


def rows_of(stub: StubServer) -> list[dict[str, str]]:
    with stub.client() as office:
        return list(office.get("/api/v1/customers").json())


def shown(widget: QWidget) -> list[QLabel]:
    return [label for label in widget.findChildren(QLabel) if label.isVisibleTo(widget) and label.text()]


@pytest.mark.usefixtures("theme", "collector")
@pytest.mark.parametrize("what", HOSTILE)
def test_row_52_the_window_shows_text(
    what: str,
    app: TillApplication,  # noqa: F811 (the fixture)
    desk: Desk,  # noqa: F811
    serve: Callable[[int], StubServer],  # noqa: F811
    qtbot: QtBot,
) -> None:
    stub = serve(0)
    with stub.client() as office:
        body = {"name": HOSTILE[what], "notes": HOSTILE[what], "address": HOSTILE[what], "tags": [HOSTILE[what][:40]]}
        office.post("/api/v1/customers", json=body).raise_for_status()
    connect(app, stub)
    app.sync(full=True, connection=None, progress=None)
    [remote_id] = [row["id"] for row in rows_of(stub)]
    [customer] = desk.till.book.read(lambda session: session.customers.resolve(remote_id))
    window = MainWindow(desk)
    qtbot.addWidget(window)
    window.show()
    window.customers.card.show_customer(customer.id)
    qtbot.waitUntil(lambda: window.customers.card.card is not None, timeout=WAIT)
    labels = shown(window.customers.card)
    assert labels
    words = HOSTILE[what].split()[0]
    theirs = [label for label in window.findChildren(QLabel) if words in label.text()]
    assert [label.text() for label in theirs if label.textFormat() != Qt.TextFormat.PlainText] == []
    assert any(words in label.text().replace("\u2068", "").replace("\u2069", "") for label in labels)
    window.customers.card.show_customer(None)


@needs_poppler
@pytest.mark.parametrize("paper", Paper)
def test_row_52_paper_shows_text(tmp_path: Path, paper: Paper) -> None:
    with a_shop(tmp_path) as shop:
        people = {what: shop.put_customer(name) for what, name in HOSTILE.items()}
        shop.cycle(full=True)
        for what, remote_id in people.items():
            customer_id = shop.ours(remote_id)
            shop.charged(customer_id)
            made = statement(shop.till, customer_id)
            pdf = PdfDocuments().statements([made], say=Translator("en"), paper=paper)
            text = " ".join("".join(pages_of(pdf, tmp_path)).split())
            if what in {"a heading", "a script", "SQL", "a path", "a format"}:
                assert HOSTILE[what].split()[0] in text, what


@pytest.mark.parametrize("what", HOSTILE)
def test_row_52_a_refusal_in_such_words_is_quoted(tmp_path: Path, what: str) -> None:
    with a_shop(tmp_path) as shop:
        customer_id = shop.regular()
        operation_id = shop.payment(customer_id)
        body = json.dumps({"error": "bad", "message": HOSTILE[what] + "\u0000\u001b[31m"}).encode()
        shop.wire.next_write(answers(answer(body, status="400 Bad Request"), applied=False))
        shop.cycle()
        [item] = shop.book.read(lambda session: session.inbox.items())
        assert item.operation_id == operation_id
        assert len(item.server_said) <= 500
        assert "\x00" not in item.server_said
        assert "\x1b" not in item.server_said
