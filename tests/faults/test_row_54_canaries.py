"""After a day with faults, seeded secrets and persons are in no file of the till but the encrypted book's own."""

import logging
import os
from pathlib import Path

import pytest

from posapp.domain.customer import Profile
from posapp.domain.ids import OperationId, new_uuid
from posapp.log import close_log, open_log
from posapp.services.customers import add_customer
from tests.faults.shop import a_shop
from tests.faults.wire import answer_lost, answers
from tests.remote.raw_server import answer
from tests.sync.stub_desk import STORE

NAME, PHONE, NOTE = "Canary Kumari", "+919812345678", "lives behind the canary temple"


@pytest.mark.parametrize("offers", ["extended", "plain"])
def test_row_54_no_file_holds_them(tmp_path: Path, offers: str) -> None:
    logging.getLogger("posapp").setLevel(logging.DEBUG)
    log = open_log(tmp_path)
    try:
        with a_shop(tmp_path, plain=offers == "plain") as shop:
            token = shop.stub.token(STORE)
            profile = Profile(name=NAME, phone=PHONE, notes=NOTE, email="canary@example.com")
            add_customer(shop.till, operation_id=OperationId(new_uuid()), profile=profile)
            shop.wire.next_write(answer_lost)
            shop.wire.next_read(answers(answer(f"<html>{NAME} {PHONE}".encode()), applied=False))
            refusal = f'{{"error": "bad", "message": "{NAME} {PHONE} {token}"}}'.encode()
            for _ in range(3):
                shop.cycle()
            shop.edited(shop.regular())
            shop.wire.next_write(answers(answer(refusal, status="400 Bad"), applied=False))
            shop.cycle()
            shop.heal()
    finally:
        close_log(log)
    found = 0
    for folder, _, files in os.walk(tmp_path):
        for file in files:
            content = (Path(folder) / file).read_bytes()
            found += len(content)
            for canary in (NAME, "Canary", PHONE, PHONE[3:], NOTE, "canary@example.com", token):
                for encoding in ("utf-8", "utf-16-le"):
                    assert canary.encode(encoding) not in content, file
    assert found > 50_000
