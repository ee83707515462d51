"""What a run leaves behind for the checker: everything that was shown, done and found, as plain rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from posapp.domain.customer import FieldChange
from posapp.services.ports.remote import Capabilities


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a person at a till.

    Attributes:
        operation: Its id.
        till: Where.
        kind: What.
        result: `saved`: it was shown as saved. `refused`: an error was shown. `killed`: the till died over it.
        error: The id of the error shown.
    """

    operation: str
    till: str
    kind: str
    result: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """One line of the server's log of effects.

    Attributes:
        op: Who caused it, by `X-Sim-Op`.
        entity: What changed.
        change: How.
        moment: Number of the moment at which it was first seen.
        about: The server's id of what changed.
    """

    op: str
    entity: str
    change: str
    moment: int
    about: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A customer's numbers on the server at a moment."""

    balance: int
    points: int


@dataclass(frozen=True, slots=True)
class Own:
    """What one act at this till did to a customer's numbers, as the till has it now."""

    operation: str
    state: str
    money: int
    points: int


@dataclass(frozen=True, slots=True)
class Look:
    """What a till showed of one customer.

    Attributes:
        till: Which till.
        customer: Its id of the customer.
        remote: The server's; None while there is none.
        moment: Number of the last moment of the server before the look.
        balance: Shown, without what is kept on this till; None for unknown.
        points: As `balance`.
        own: This till's acts that are not kept.
        kept_shown: What it showed beside that as kept on this till.
        kept: This till's acts that are.
    """

    till: str
    customer: str
    remote: str | None
    moment: int
    balance: int | None
    points: int | None
    own: tuple[Own, ...]
    kept_shown: Numbers
    kept: tuple[Own, ...]


@dataclass(frozen=True, slots=True)
class RiskLook:
    """What a till said that points can cost: the figure, and each act at risk with its state and what was given."""

    till: str
    moment: int
    figure: int
    acts: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """One operation as it stands in a till's book at the end, in the till's order; what was typed, by field."""

    id: str
    kind: str
    state: str
    customer: str
    intent: Mapping[str, object]
    attempts: int
    typed: Mapping[str, FieldChange]


@dataclass(frozen=True, slots=True)
class Shown:
    """One customer as a till shows it at the end."""

    customer: str
    remote: str | None
    status: str
    fields: Mapping[str, object]
    balance: int | None
    points: int | None


@dataclass(frozen=True, slots=True)
class TillEnd:
    """A till at the end: operations, open inbox, customers, what a check of its book found, what its server can do."""

    name: str
    operations: tuple[Recorded, ...]
    inbox: tuple[tuple[str, str | None, str | None], ...]
    customers: tuple[Shown, ...]
    faults: tuple[str, ...]
    server: Capabilities


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the server's khata."""

    remote: str
    reference: str | None
    amount: int


@dataclass(frozen=True, slots=True)
class Kept:
    """One customer as the server has it at the end."""

    remote: str
    live: bool
    fields: Mapping[str, object]
    numbers: Numbers
    khata: int
    points_entries: int


@dataclass(frozen=True, slots=True)
class ServerEnd:
    """The server at the end."""

    customers: tuple[Kept, ...]
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class History:
    """Everything that the checker may know of a run.

    Attributes:
        acts: Of people at the tills.
        effects: Of the server, also those that a restored backup took away again.
        lost: Indexes of the effects that a restored backup took away.
        moments: What the server had of each customer, as (moment, numbers) in order.
        restored: Moments at which the server was put back to a backup.
        moment: Number of the last moment.
        looks: What tills showed of customers.
        risks: What tills said that points can cost.
        tills: As they ended.
        server: As it ended.
    """

    acts: list[Act] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    lost: set[int] = field(default_factory=set)
    moments: dict[str, list[tuple[int, Numbers]]] = field(default_factory=dict)
    restored: list[int] = field(default_factory=list)
    moment: int = 0
    looks: list[Look] = field(default_factory=list)
    risks: list[RiskLook] = field(default_factory=list)
    tills: list[TillEnd] = field(default_factory=list)
    server: ServerEnd = field(default_factory=lambda: ServerEnd((), ()))
