"""The local book as the use cases and the sync engine see it.

One call, one transaction: `Book.write` runs a function with a `Session` and commits when it returns, so that what was
checked and what is recorded cannot drift apart. `Book.read` runs one on a snapshot that cannot write.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from posapp.domain.customer import Profile
from posapp.domain.ids import ConnectionId, CustomerId, InboxId, TillId
from posapp.domain.money import Money
from posapp.domain.shop import Shop
from posapp.services.dto import Connection, Customer, CustomerStatus, InboxItem
from posapp.services.ports.khata import Khata
from posapp.services.ports.mirror import Mirror
from posapp.services.ports.operations import Operations
from posapp.services.ports.peers import Peers
from posapp.services.ports.proofs import Proofs
from posapp.services.ports.receivables import Receivables
from posapp.services.ports.risk import RiskBook
from posapp.services.ports.search import Found, FoundCustomer

T = TypeVar("T")


class Settings(Protocol):
    """The shop, this till and its servers."""

    def shop(self) -> Shop:
        """Return the shop's settings."""
        ...

    def save_shop(self, shop: Shop) -> None:
        """Replace the shop's settings."""
        ...

    def till_id(self) -> TillId:
        """Return this till's id."""
        ...

    def value(self, name: str) -> str | None:
        """Return a named setting that has no type of its own; None where it was never set."""
        ...

    def set_value(self, name: str, value: str) -> None:
        """Keep a named setting."""
        ...

    def connections(self) -> Sequence[Connection]:
        """Return all connections, the primary one first."""
        ...

    def save_connection(self, connection: Connection) -> None:
        """Add a connection or replace the one of the same id."""
        ...


@dataclass(frozen=True, slots=True)
class Parted:
    """What became of the customers of a server that is not used any more.

    Attributes:
        left: How many are found no more.
        stayed: How many stay, for the khata or points that this till keeps of them.
        torn: How many have a part of those on the server and a part on this till: with any of them nobody leaves.
    """

    left: int
    stayed: int
    torn: int = 0


class Customers(Protocol):
    """Customers as the screen shows them, and the index that finds them."""

    def add(self, customer: Customer) -> None:
        """Add a customer and index her."""
        ...

    def get(self, customer_id: CustomerId) -> Customer | None:
        """Return a customer, whatever her status; None for an unknown id."""
        ...

    def set_profile(self, customer_id: CustomerId, profile: Profile) -> None:
        """Replace what is shown and found of a customer."""
        ...

    def set_status(self, customer_id: CustomerId, status: CustomerStatus) -> None:
        """Set the status; anything but live takes her out of the search, anonymised also wipes the person's fields."""
        ...

    def set_local(self, customer_id: CustomerId, *, card_code: str | None, credit_limit: Money | None) -> None:
        """Set what no server holds."""
        ...

    def find(self, text: str, limit: int) -> Found:
        """Return live customers who match every word of a text, best first.

        A word matches one of the name, e-mail, tags or card code by its beginning, its inside, its sound or but for a
        typing error; digits match a phone in any form from its beginning, its end or inside.
        """
        ...

    def alike(self, profile: Profile, limit: int) -> Sequence[FoundCustomer]:
        """Return live customers who may be the one described: of the same phone, then e-mail, then name.

        A phone is the same however it is written, a name also where it is misspelled or sounds alike.
        """
        ...

    def recent(self, limit: int) -> Sequence[FoundCustomer]:
        """Return live customers whose card was opened lately, the last one first."""
        ...

    def note_seen(self, customer_id: CustomerId, at: datetime) -> None:
        """Note that a customer's card was opened."""
        ...

    def resolve(self, text: str) -> Sequence[Customer]:
        """Return live customers whom a text names exactly (id, remote id, phone, card code), else those it finds."""
        ...

    def by_card(self, card_code: str) -> Customer | None:
        """Return who holds a card, whatever her status; None for nobody."""
        ...

    def part(self, connection_id: ConnectionId) -> Parted:
        """Take the customers of the primary server out of the search, but for those of whom this till keeps something.

        Their history stays, and can be read by their ids. Where somebody's khata or points are torn apart by it,
        nobody leaves.
        """
        ...

    def come_back(self, connection_id: ConnectionId) -> None:
        """Let those who left with a server be found again."""
        ...

    def bump_lane(self, customer_id: CustomerId) -> int:
        """Give the customer's lane a new, globally higher epoch and return it."""
        ...


class Inbox(Protocol):
    """What a person must decide; nothing leaves it unseen."""

    def open(self, item: InboxItem) -> None:
        """Add an item; a second open one of the same kind about the same operation or customer is not added."""
        ...

    def items(self, *, open_only: bool = True) -> Sequence[InboxItem]:
        """Return items, oldest first."""
        ...

    def get(self, inbox_id: InboxId) -> InboxItem | None:
        """Return one item."""
        ...

    def resolve(
        self,
        inbox_id: InboxId,
        resolution: str,
        at: datetime,
        *,
        decided_by: str | None = None,
        approved_by: str | None = None,
        reason: str = "",
        target: str | None = None,
    ) -> None:
        """Note how an item was settled, by whom and why."""
        ...

    def keep_value(
        self, customer_id: CustomerId, field: str, value: object, *, source: str, reason: str, at: datetime
    ) -> None:
        """Keep a value that lost a merge, so that nobody's typing is gone; the same one again is not kept twice."""
        ...


class Session(Protocol):
    """One transaction on the book."""

    @property
    def settings(self) -> Settings:
        """The shop, this till and its servers."""
        ...

    @property
    def customers(self) -> Customers:
        """Customers and the search."""
        ...

    @property
    def operations(self) -> Operations:
        """Acts and their delivery."""
        ...

    @property
    def khata(self) -> Khata:
        """Money and points."""
        ...

    @property
    def mirror(self) -> Mirror:
        """What the server last said."""
        ...

    @property
    def inbox(self) -> Inbox:
        """What a person must decide."""
        ...

    @property
    def proofs(self) -> Proofs:
        """Which khatas are proven equal to the server's."""
        ...

    @property
    def peers(self) -> Peers:
        """The shop's other tills."""
        ...

    @property
    def receivables(self) -> Receivables:
        """Who owes, and the statements handed out."""
        ...

    @property
    def risk(self) -> RiskBook:
        """Points given at the shop's risk."""
        ...


class Book(Protocol):
    """The local book."""

    def write(self, act: Callable[[Session], T], *, urgent: bool = True) -> T:
        """Run `act` in one transaction on the writer's thread and return its result once it is on disk.

        Args:
            act: Gets a session; an exception rolls everything back and is raised here.
            urgent: A till's act overtakes waiting pull pages (`urgent=False`).

        Raises:
            StoreUnavailable: The book cannot be written; `CommitUnknown` where the act may nevertheless be there.
        """
        ...

    def read(self, query: Callable[[Session], T]) -> T:
        """Run `query` on a consistent snapshot; writing in it is an error."""
        ...
