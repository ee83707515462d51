"""What the connector declares of a `portal` server, and how a repeat of each write is made safe."""

from posapp.remote.portal.abilities import PLAIN, abilities
from posapp.services.ports.remote import Capabilities
from posapp.services.ports.writes import Repeat
from tests.remote.portal.samples import WRITES, Portal, under_data

EVERY = "idempotency-key, updated-since, tombstones, etag"


def test_what_the_document_promises() -> None:
    assert abilities(()) == abilities({"time-travel", "sales", "ledger-write"}) == PLAIN
    assert (
        Capabilities(
            delete_meaning="hide",
            fields=("name", "phone", "email"),
            listed=("name", "email", "group"),
            required=("phone", "email"),
            unique=("email",),
            ascending=False,
            phone_digits=True,
        )
        == PLAIN
    )


def test_with_any_extension_lists_carry_the_phone() -> None:
    found = abilities({"etag"})
    assert (found.etags, found.idempotency_keys) == (True, False)
    assert "phone" in found.listed


def test_what_is_announced_is_learned_at_connecting() -> None:
    api = Portal(X_Sync_Extensions=EVERY).api()
    assert api.capabilities == PLAIN
    found = api.describe().capabilities
    assert (found.idempotency_keys, found.updated_since, found.tombstones, found.etags) == (True,) * 4
    assert api.capabilities == found
    assert api.requests == 1


def test_how_a_repeat_is_safe() -> None:
    plain, extended = Portal().api(), Portal(X_Sync_Extensions=EVERY).api()
    extended.describe()
    safe = {name: plain.repeat_safety(write) for name, (write, _) in WRITES.items()}
    assert safe == {"create": Repeat.PROBE, "edit": Repeat.NATURAL, "delete": Repeat.NATURAL}
    assert {extended.repeat_safety(write) for write, _ in WRITES.values()} == {Repeat.KEY}


def test_an_empty_shop_can_be_connected() -> None:
    portal = Portal()
    portal.reads["/api/customer"] = under_data([])
    assert portal.api().describe().settings is None
