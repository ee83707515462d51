"""The shop's other tills: what the book tells them and takes from them, and the folder in which the files lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from posapp.domain.errors import DomainError
from posapp.domain.exchange import Fact
from posapp.domain.ids import CustomerId, EntryId, RemoteId


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a file was read.

    Attributes:
        number: The last line taken.
        offset: Where the next one begins, as long as the header is the same.
        header: The file's first line.
    """

    number: int = 0
    offset: int = 0
    header: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A piece of a file.

    Attributes:
        facts: Its whole lines from the cursor on, in order.
        cursor: Behind them.
        waiting: Whether half a line follows, which is still being written or copied.
        problem: Why the file cannot be read further; None for nothing.
    """

    facts: tuple[Fact, ...]
    cursor: Cursor
    waiting: bool = False
    problem: DomainError | None = None


@dataclass(frozen=True, slots=True)
class PeerTill:
    """A file of the folder that another till writes, or that this one wrote before its book was set back.

    Attributes:
        source: Of the file.
        name: How that till is called.
        lines: How many of its lines were taken.
        told_at: The moment of the newest of them; None for none.
        read_at: When this till last looked.
        problem: Id of what keeps it from being read further; None for nothing.
    """

    source: str
    name: str
    lines: int
    told_at: datetime | None
    read_at: datetime
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What facts of another till changed here."""

    customers: frozenset[CustomerId] = field(default_factory=frozenset)


class ExchangeFolder(Protocol):
    """The folder in which each till of the shop keeps a file of its own."""

    def sources(self) -> Sequence[str]:
        """Return whose files lie there."""
        ...

    def last(self, source: str) -> tuple[int, Fact | None] | None:
        """Return the number and the fact of the last whole line of a file that this till writes; torn rests are cut.

        Returns:
            None where there is no file; 0 and no fact where it holds none; no fact where the line does not open.
        """
        ...

    def erasures(self, source: str) -> int:
        """Return how many erasures a file was written after; -1 for one that is not of this shop's exchange."""
        ...

    def begin(self, source: str, erasures: int) -> None:
        """Make a file anew, holding nothing."""
        ...

    def append(self, source: str, first: int, facts: Sequence[Fact]) -> None:
        """Add lines from a number on, forced to the disk."""
        ...

    def read(self, source: str, cursor: Cursor, limit: int) -> Reading:
        """Return what another till's file holds beyond a cursor, as far as it is whole."""
        ...


class Peers(Protocol):
    """The book's side of the exchange."""

    def source(self) -> str | None:
        """Return the name of this till's file; None while it takes no part."""
        ...

    def begin(self, *, founded: bool) -> None:
        """Take part from now on; who founded the exchange tells the shop's settings first."""
        ...

    def call(self, name: str) -> None:
        """Tell how this till is called."""
        ...

    def renew(self) -> None:
        """Go on in a new file: the old one holds lines that this book does not know."""
        ...

    def own(self) -> Sequence[str]:
        """Return the files that this book wrote, the present one last."""
        ...

    def erasures(self) -> int:
        """Return how often lines of this till were emptied because a person was erased."""
        ...

    def untold(self) -> Sequence[str]:
        """Return customers and kept lines that the others do not know as they stand now; only reads."""
        ...

    def tell(self, names: Sequence[str]) -> int:
        """Note for the others what was set here, and what was untold; return how many facts that were."""
        ...

    def told(self, source: str, after: int, limit: int) -> Sequence[Fact]:
        """Return this till's facts in a file of its own, in order."""
        ...

    def cursor(self, source: str) -> Cursor:
        """Return how far a file was read."""
        ...

    def take(self, source: str, reading: Reading) -> Taken:
        """Take another till's facts, each once, and note how far its file was read.

        Raises:
            OtherMoney: That till counts in another currency.
        """
        ...

    def settle(self) -> Taken:
        """Make customers one who turned out to be one, as far as nothing of theirs is on its way."""
        ...

    def tills(self) -> Sequence[PeerTill]:
        """Return the other files, by name."""
        ...

    def propose_pairs(self, customer_id: CustomerId) -> None:
        """Ask about kept entries of a customer that somebody seems to have keyed into the server by hand."""
        ...

    def decide_pair(self, entry_id: EntryId, remote_id: RemoteId, *, linked: bool) -> None:
        """Note whether a kept entry and a server's are one; one that is counts once, in the server's figure."""
        ...

    def decide_same(self, one: CustomerId, other: CustomerId, *, apart: bool) -> None:
        """Note whether two customers are one; they become one as soon as nothing of theirs is on its way."""
        ...

    def unite(self, one: CustomerId, other: CustomerId) -> CustomerId | None:
        """Make two customers one, of whom the server has one record at most; return who remains.

        Returns:
            None where acts of both are on their way: they stay two.
        """
        ...

    def give_up_card(self, customer_id: CustomerId) -> None:
        """Let a customer have no card, whom two tills gave somebody else's."""
        ...
