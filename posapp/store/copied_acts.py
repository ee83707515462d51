"""A second copy as what it can give back: which acts, of which till, and what the file as a whole says of everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from posapp.domain.errors import StoreCorrupt
from posapp.domain.ids import TillId
from posapp.domain.messages import N_
from posapp.store.acts import WholeAct
from posapp.store.second_copy import Header, SecondCopyAltered, read_header, read_second_copy


class CopyOfAnotherKey(StoreCorrupt):
    """The file is a second copy, sealed under a key that is not the one at hand."""

    id = "second_copy_other_key"
    title = N_("Another key is needed")
    message = N_("The file {path} does not open with this till's key.")
    hint = N_("Give the recovery code of the till that wrote it: --recovery-code-stdin")


@dataclass(slots=True)
class CopiedActs:
    """What a second copy holds.

    Attributes:
        path: The file.
        key: The rescue key that opens it.
        header: Whose file it is.
        count: How many acts can be used.
        till: The shop and its servers, as the file last tells them; empty where it never does.
        people: What the file last says of each customer, by the id that this till gave.
        damage: What is wrong with the acts after `count`; None for a whole file.
    """

    path: Path
    key: bytes
    header: Header
    count: int = 0
    till: Mapping[str, Any] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    damage: StoreCorrupt | None = None

    @property
    def till_id(self) -> TillId:
        """Whose acts these are."""
        return self.header.till_id

    @property
    def servers(self) -> Mapping[str, Mapping[str, Any]]:
        """The till's servers, by the id of the connection."""
        return {server["id"]: server for server in self.till.get("servers", ())}

    def remote_ids(self, customer_id: str) -> Mapping[str, str]:
        """Return a customer's ids on the till's servers, by the id of the connection."""
        known: Mapping[str, str] = self.people.get(customer_id, {}).get("remote_ids", {})
        return known

    def acts(self, after: int = 0) -> Iterator[WholeAct]:
        """Yield the acts that can be used, each with the shop and servers as they were when it was copied.

        Args:
            after: The last place in the till's order that is not wanted.
        """
        if after >= self.count:
            return
        till: Mapping[str, Any] = {}
        for act in read_second_copy(self.path, self.key):
            till = act.till or till
            if act.operation.till_seq > after:
                yield replace(act, till=till)
            if act.operation.till_seq == self.count:
                return


def survey(path: Path, key: bytes, *, up_to_damage: bool) -> CopiedActs:
    """Read a second copy through and return what it can give back.

    Args:
        path: The file.
        key: The rescue key.
        up_to_damage: Whether the acts before a damage are wanted; else a damaged file is refused.

    Raises:
        SecondCopyForeign: The file is no second copy.
        CopyOfAnotherKey: Not even its first act opens.
        SecondCopyAltered, SecondCopyGap, SecondCopyCut: It is damaged.
        SecondCopyUnreadable: It cannot be read.
    """
    found = CopiedActs(path, key, read_header(path))
    try:
        for act in read_second_copy(path, key):
            found.count = act.operation.till_seq
            found.till = act.till or found.till
            known = found.people.setdefault(act.operation.customer_id, {})
            remote_ids = {**known.get("remote_ids", {}), **act.customer.get("remote_ids", {})}
            known.update(act.customer)
            known["remote_ids"] = remote_ids
    except StoreCorrupt as error:
        if isinstance(error, SecondCopyAltered) and error.params["seq"] in {0, 1}:
            raise CopyOfAnotherKey(path=path) from error
        if not up_to_damage or not found.count:
            raise
        found.damage = error
    return found
