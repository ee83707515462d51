"""What the connector relies on, as documented and as announced."""

from posapp.domain.customer import PROFILE_FIELDS
from posapp.remote.selorax.abilities import PLAIN, abilities

COMMON = ("idempotency-key", "updated-since", "tombstones", "etag")
OF_POS = ("redeem-key", "ledger-write", "sales", "reversals", "settings")


def test_what_the_document_promises() -> None:
    assert abilities(()) == PLAIN
    assert PLAIN.fields == ("name", "phone", "email", "address")
    assert set(PLAIN.fields) < set(PROFILE_FIELDS)
    assert set(PLAIN.fields) < set(PLAIN.listed)
    assert PLAIN.required == PLAIN.unique == ("phone",)
    assert (PLAIN.ascending, PLAIN.by_change, PLAIN.delete_meaning) == (True, True, "refuse")
    assert not any((PLAIN.points, PLAIN.ledger, PLAIN.sales, PLAIN.updated_since, PLAIN.snapshot, PLAIN.bulk_read))


def test_only_the_common_extensions_count() -> None:
    found = abilities(COMMON)
    assert (found.idempotency_keys, found.updated_since, found.tombstones, found.etags) == (True, True, True, True)
    assert found.without(("idempotency_keys", "updated_since", "tombstones", "etags")) == PLAIN
    assert abilities(OF_POS) == abilities(["time-travel"]) == PLAIN
