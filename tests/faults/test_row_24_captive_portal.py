"""A hotel's page answers everything with 200: none of it is taken for the server's word, and none is logged."""

import logging
from pathlib import Path

import pytest

from tests.faults.shop import EVERY_WRITE, a_shop, about_to_write
from tests.faults.wire import answers
from tests.remote.raw_server import answer

SECRET = "Room 1207, Mrs Canary"
PAGE = answer(f"<html><title>Welcome</title>{SECRET}</html>".encode(), content_type="text/html; charset=utf-8")


@pytest.mark.parametrize(("offers", "write"), EVERY_WRITE)
def test_row_24_acts_wait_and_have_one_effect(
    tmp_path: Path, offers: str, write: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "posapp")
    with about_to_write(tmp_path, offers, write) as (shop, customer_id, act):
        shop.wire.every(lambda _: True, answers(PAGE, applied=False))
        operation_id = act()
        for _ in range(3):
            assert shop.cycle().problem is not None
        shop.holds(operation_id)
        shop.agrees(customer_id)
    assert SECRET not in caplog.text
    assert "Canary" not in caplog.text


@pytest.mark.parametrize("offers", ["extended", "plain"])
def test_row_24_reading_takes_nothing_of_it(tmp_path: Path, offers: str) -> None:
    with a_shop(tmp_path, plain=offers == "plain") as shop:
        before = [(one.id, one.profile, one.status) for one in shop.customers()]
        shop.wire.every(lambda _: True, answers(PAGE, applied=False))
        assert shop.cycle(full=True).problem is not None
        assert [(one.id, one.profile, one.status) for one in shop.customers()] == before
        shop.heal()
        assert shop.cycle(full=True).problem is None
