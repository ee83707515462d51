"""Row 10: a newer program wrote the book. It is not opened and not touched."""

from __future__ import annotations

import contextlib

from posapp.keychain.opening import VAULT
from posapp.keychain.ports import BOOK_KEY
from posapp.keychain.vault import Vault
from posapp.store import driver
from posapp.store.ddl import HEAD
from tests.cli.conftest import Posapp
from tests.cli.process import PASSPHRASE


def test_row_10_refused_untouched(posapp: Posapp) -> None:
    customer = posapp.ok("customer", "add", "--name", "Asha Devi")["customer"]["id"]
    key = Vault.open(posapp.home / VAULT, PASSPHRASE).get(BOOK_KEY)
    assert key is not None
    book = posapp.home / "book.db"
    with contextlib.closing(driver.connect(book, key, mode="rw")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = {path.name: path.read_bytes() for path in posapp.home.iterdir() if path.name.startswith("book.db")}
    for arguments in (("pay", customer, "5"), ("find", "asha"), ("verify",)):
        ran = posapp(*arguments)
        assert (ran.code, ran.error) == (5, "book_too_new")
    assert {path.name: path.read_bytes() for path in posapp.home.iterdir() if path.name.startswith("book.db")} == before
    with contextlib.closing(driver.connect(book, key, mode="rw")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (HEAD,))
    assert posapp.ok("find", "asha")["count"] == 1
