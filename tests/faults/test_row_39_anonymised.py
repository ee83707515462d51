"""A customer is anonymised on the server while acts wait: the person goes from the book's bytes, the lines stay."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from posapp.domain.customer import Profile
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.operation import OperationState
from posapp.services.customers import edit_customer
from posapp.services.dto import CustomerStatus
from posapp.services.verification import verify_book
from tests.faults.shop import Shop, a_shop

S = OperationState
KEY = bytes(32)
NAME, PHONE, MAIL, ADDRESS = "Zubaida Qwertz", "+919812345678", "zubaida@qwertz.example", "Xylophone Lane 77"
TRACES = ("Zubaida", "Qwertz", "9812345678", "qwertz", "Xylophone", "zubaida", "QWERTZ")


PAGE, TAIL, FRAME, HEADER = 4096, 80, 24, 32
"""Of SQLCipher 4 and of SQLite's WAL: a page, its vector and seal, what stands before a page in the log, the head."""


def _opened(page: bytes, *, first: bool) -> bytes:
    vector = page[PAGE - TAIL : PAGE - TAIL + 16]
    decryptor = Cipher(algorithms.AES(KEY), modes.CBC(vector)).decryptor()
    return decryptor.update(page[16 if first else 0 : PAGE - TAIL])


def plain_bytes(folder: Path) -> bytes:
    """Return every page of the book's file and of its log, also those that hold nothing any more, behind the seal."""
    book, log = (folder / "book.db").read_bytes(), folder / "book.db-wal"
    pages = [_opened(book[at : at + PAGE], first=at == 0) for at in range(0, len(book), PAGE)]
    frames = log.read_bytes() if log.exists() else b""
    for at in range(HEADER, len(frames), FRAME + PAGE):
        number = int.from_bytes(frames[at : at + 4], "big")
        pages.append(_opened(frames[at + FRAME : at + FRAME + PAGE], first=number == 1))
    assert b"CREATE TABLE" in b"".join(pages), "the pages are open"
    return b"".join(pages)


def traces(content: bytes) -> Sequence[str]:
    return [one for one in TRACES if one.encode() in content or one.encode("utf-16-le") in content]


def a_person(shop: Shop) -> tuple[CustomerId, list[OperationId]]:
    """Return somebody with a past on the server and acts that wait here."""
    remote_id = shop.put_customer(NAME, phone=PHONE, email=MAIL, address=ADDRESS)
    shop.cycle(full=True)
    customer_id = shop.ours(remote_id)
    posted = shop.office.post(f"/api/v1/customers/{remote_id}/ledger", json=_ENTRY)
    posted.raise_for_status()
    shop.cycle()
    edit = OperationId(new_uuid())
    edit_customer(
        shop.till,
        operation_id=edit,
        customer_id=customer_id,
        fields={"address": f"{ADDRESS}b", "notes": "Qwertz' friend"},
    )
    return customer_id, [edit, shop.payment(customer_id)]


_ENTRY = {
    "type": "debit",
    "amount": 500,
    "description": "rice",
    "reference_id": "01941f29-7c90-77d0-b1cf-3e0f118a5000",
}


def test_row_39_the_person_is_gone_from_the_bytes_and_the_lines_stay(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop:
        customer_id, acts = a_person(shop)
        remote_id = shop.remote(customer_id)
        assert remote_id is not None
        lines = shop.book.read(lambda session: session.khata.lines(customer_id))
        shop.office_deletes(remote_id)
        shop.heal()
        assert shop.waiting() == 0
        assert shop.customer(customer_id).status is CustomerStatus.ANONYMIZED
        asked = {item.operation_id for item in shop.book.read(lambda session: session.inbox.items())}
        for one in acts:
            assert shop.state(one) is S.CANCELLED or one in asked
        kept = {line.entry_id for line in shop.book.read(lambda session: session.khata.lines(customer_id))}
        assert {line.entry_id for line in lines} <= kept
        assert verify_book(shop.till).faults == ()
        assert traces(plain_bytes(tmp_path)) == []
        shop.book.close()
        assert traces(plain_bytes(tmp_path)) == []


def test_row_39_the_search_for_traces_finds_them_before(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop:
        a_person(shop)
        assert set(traces(plain_bytes(tmp_path))) >= {"Zubaida", "Xylophone"}
        shop.book.close()
        assert set(traces(plain_bytes(tmp_path))) >= {"Zubaida", "Xylophone"}


@pytest.mark.parametrize("offers", ["plain", "extended"])
def test_row_39_nobody_finds_the_person_any_more(tmp_path: Path, offers: str) -> None:
    with a_shop(tmp_path, plain=offers == "plain") as shop:
        remote_id = shop.put_customer(NAME, phone=PHONE, email=MAIL, address=ADDRESS)
        shop.cycle(full=True)
        customer_id = shop.ours(remote_id)
        shop.book.write(lambda session: session.customers.set_profile(customer_id, Profile(NAME, PHONE)))
        shop.book.write(lambda session: session.customers.set_status(customer_id, CustomerStatus.ANONYMIZED))
        for text in ("Zubaida", "9812345678"):
            assert not shop.book.read(lambda session, text=text: session.customers.find(text, 10)).hits
