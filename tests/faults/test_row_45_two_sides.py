"""One field is changed on two sides: it is merged by rule, and the other value is kept."""

from pathlib import Path

import pytest

from posapp.domain.ids import OperationId, RemoteId, new_uuid
from posapp.domain.operation import OperationState
from posapp.services.customers import edit_customer
from tests.faults.shop import a_shop

OURS_STANDS = {"name": ("Asha of the till", "Asha of the office"), "address": ("Lane 1", "Lane 2")}
A_PERSON_DECIDES = {"phone": ("+919820011111", "+919820099999"), "email": ("till@example.com", "office@example.com")}


@pytest.mark.parametrize("offers", ["extended", "plain"])
@pytest.mark.parametrize("field", [*OURS_STANDS, *A_PERSON_DECIDES])
@pytest.mark.parametrize("answer", ["whole", "lost"])
def test_row_45_nobodys_typing_is_lost(tmp_path: Path, offers: str, field: str, answer: str) -> None:
    ours, theirs = {**OURS_STANDS, **A_PERSON_DECIDES}[field]
    with a_shop(tmp_path, plain=offers == "plain") as shop:
        remote_id = shop.put_customer("Asha", phone="+919820000000", email="asha@example.com", address="Lane 0")
        shop.cycle(full=True)
        customer_id, operation_id = shop.ours(remote_id), OperationId(new_uuid())
        edit_customer(shop.till, operation_id=operation_id, customer_id=customer_id, fields={field: ours})
        shop.office_edits(remote_id, **{field: theirs})
        if answer == "lost":
            shop.fault("PUT", "*", drop_after=True)
        shop.cycle()
        shop.heal()
        shop.cycle(full=True)
        if field in OURS_STANDS:
            assert shop.state(operation_id) is OperationState.CONFIRMED
            assert shop.seen(remote_id)[field] == ours
            assert (field, theirs, "server") in shop.kept(customer_id)
            assert len(shop.effects_of(operation_id)) == 1
        else:
            assert shop.state(operation_id) is OperationState.NEEDS_HUMAN
            assert shop.inbox() == ["conflict"]
            assert shop.seen(remote_id)[field] == theirs
            assert (field, ours, "till") in shop.kept(customer_id)
        assert shop.waiting() == 0


@pytest.mark.parametrize("offers", ["extended", "plain"])
def test_row_45_notes_are_the_lines_of_both(tmp_path: Path, offers: str) -> None:
    with a_shop(tmp_path, plain=offers == "plain") as shop:
        remote_id = shop.put_customer("Asha", notes="old")
        shop.cycle(full=True)
        fields = {"notes": "old\nfrom the till"}
        edit_customer(shop.till, operation_id=OperationId(new_uuid()), customer_id=shop.ours(remote_id), fields=fields)
        shop.office_edits(remote_id, notes="old\nfrom the office")
        shop.heal()
        assert set(shop.seen(RemoteId(remote_id))["notes"].split("\n")) == {"old", "from the till", "from the office"}
