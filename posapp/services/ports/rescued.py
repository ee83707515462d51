"""What came of restoring a backup or rescuing a till, and how it is noted for whoever stands at the till next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from posapp.domain.errors import PosError
from posapp.domain.ids import InboxId, TillId, new_uuid
from posapp.services.dto import InboxItem

RESTORED_ITEM = "restored"
"""The kind of the inbox item that says so."""


@dataclass(frozen=True, slots=True)
class Rescued:
    """What came of it.

    Attributes:
        till_id: Whose acts the copy holds; None where there was no copy of acts.
        copy: The copy of acts that was read; None for none.
        acts: How many acts of it could be used.
        known: Of these: the book had them.
        taken: Of these: they are in the book now.
        kept: Of those taken: money and customers that only this till's book holds.
        people: Customers that the book did not have.
        asked: Acts of which nobody knows whether the server has them; it will be asked about each.
        damage: What is wrong with the rest of the copy; None for a whole one.
        aside: Where the book that lay there before is now; None where there was none.
    """

    till_id: TillId | None
    copy: Path | None
    acts: int
    known: int
    taken: int
    kept: int
    people: int
    asked: int
    damage: PosError | None = None
    aside: Path | None = None

    def item(self, now: datetime) -> InboxItem:
        """Return it as something that a person should see."""
        damaged = None if self.damage is None else self.damage.id
        evidence = {"taken": self.taken, "asked": self.asked, "damage": damaged}
        return InboxItem(InboxId(new_uuid()), RESTORED_ITEM, None, None, {}, "", evidence, now)
