"""Anchors of the chain of acts: what lies outside the book and remembers how far the book had come.

A hash chain shows a changed act and one that is missing in the middle. That its end is missing only somebody else can
know: the keychain and the second copy (design, section 4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from posapp.domain.ids import InboxId, TillId, new_uuid
from posapp.domain.messages import N_, Message
from posapp.services.dto import InboxItem
from posapp.services.ports.operations import Operations


class Keeper(StrEnum):
    """Who remembers an anchor."""

    KEYCHAIN = "keychain"
    SECOND_COPY = "second_copy"

    @property
    def item_kind(self) -> str:
        """The kind of an inbox item about what this one remembers."""
        return f"chain_{self.value}"


@dataclass(frozen=True, slots=True)
class Anchor:
    """An act that a till is known to have recorded: whose, its place, its hash."""

    till_id: TillId
    seq: int
    hash: str


class AnchorKeeper(Protocol):
    """Keeps one anchor outside the book. Both may raise `SecretsUnavailable`."""

    def load(self) -> Anchor | None:
        """Return the anchor; None where there never was one."""
        ...

    def save(self, anchor: Anchor) -> None:
        """Keep an anchor in place of the one before."""
        ...


_SENTENCES = {
    (Keeper.KEYCHAIN, True): N_("cut tail: acts {first}–{last} are missing from the book, the keychain remembers them"),
    (Keeper.SECOND_COPY, True): N_("cut tail: acts {first}–{last} are missing, the second copy has them: {file}"),
    (Keeper.KEYCHAIN, False): N_("act {last} of the book is not the one that the keychain remembers"),
    (Keeper.SECOND_COPY, False): N_("act {last} of the book is not the one in the second copy: {file}"),
}


@dataclass(frozen=True, slots=True)
class AnchorFault:
    """The book is not what an anchor says it was.

    Attributes:
        keeper: Who remembers it otherwise.
        anchor: What is remembered.
        newest: Place of the newest act in the book.
        file: Where the second copy lies that has the acts; empty for the keychain.
    """

    keeper: Keeper
    anchor: Anchor
    newest: int
    file: str = ""

    @property
    def cut(self) -> bool:
        """Whether the end of the book is missing; else an act in it is another one."""
        return self.newest < self.anchor.seq

    def said(self) -> Message:
        """Return the fault as a sentence."""
        params = {"first": self.newest + 1, "last": self.anchor.seq, "file": self.file}
        return Message(_SENTENCES[self.keeper, self.cut], params)

    def item(self, now: datetime) -> InboxItem:
        """Return the fault as something that a person must decide."""
        evidence = {
            "till": self.anchor.till_id,
            "seq": self.anchor.seq,
            "hash": self.anchor.hash,
            "newest": self.newest,
            "file": self.file,
        }
        return InboxItem(InboxId(new_uuid()), self.keeper.item_kind, None, None, {}, "", evidence, now)

    @classmethod
    def of_item(cls, item: InboxItem) -> AnchorFault:
        """Return the fault that an item is about."""
        known: Mapping[str, object] = item.evidence
        anchor = Anchor(TillId(str(known["till"])), int(str(known["seq"])), str(known["hash"]))
        keeper = Keeper(item.kind.removeprefix("chain_"))
        return cls(keeper, anchor, int(str(known["newest"])), str(known["file"]))


def fault_of(operations: Operations, keeper: Keeper, anchor: Anchor, file: str = "") -> AnchorFault | None:
    """Return how the book differs from an anchor; None where it has that very act."""
    there = next(iter(operations.chain(anchor.seq - 1, 1)), None) if anchor.seq else None
    if anchor.seq == 0 or (there is not None and there.till_seq == anchor.seq and there.hash == anchor.hash):
        return None
    newest = operations.newest()
    return AnchorFault(keeper, anchor, newest.till_seq if newest else 0, file)
