"""Ids as people read them out."""

from __future__ import annotations

import pytest

from posapp.domain.ids import new_uuid, short_id


def test_a_uuid_is_read_out_by_its_end() -> None:
    assert short_id("0198c5f0-0000-7000-8000-0000ab12cd34") == "AB12CD34"
    assert short_id(new_uuid()) != short_id(new_uuid())


@pytest.mark.parametrize("reference", ["B-7", "", "12345678901234567890123456789012", "UPI 4894398"])
def test_what_a_person_wrote_stays(reference: str) -> None:
    assert short_id(reference) == reference
