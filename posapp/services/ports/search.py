"""What a look-up answers: who was found, how well, and which letters of what is shown made it so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from posapp.domain.ids import RemoteId
from posapp.services.dto import Customer, Standing


class MatchKind(IntEnum):
    """How a customer matches, best first; of several words typed, the weakest counts.

    What was typed may equal a word of hers (`EXACT`), begin one (`PREFIX`, also: end a phone), stand inside one
    (`INNER`), sound like one (`SOUND`) or be one or two typing errors away from it (`TYPO`).
    """

    EXACT = 0
    PREFIX = 1
    INNER = 2
    SOUND = 3
    TYPO = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of shown text that matched.

    Attributes:
        field: `name`, `phone`, `email`, `card` (the card's code), or `tag:0`, `tag:1` … for a tag by its place.
        start: First character, counted in the text as it is shown.
        end: The character after the last.
    """

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FoundCustomer:
    """A hit of the till's search: whom, why, and the numbers a cashier looks for.

    Attributes:
        customer: Whom.
        remote_id: On the primary server; None while it does not know her.
        matched: Which field matched: `name`, `phone`, `email`, `card` or `tag`; empty where nothing was asked.
        kind: How well.
        marks: What to mark, each word that was typed once, in the order of typing.
        standing: Her numbers.
        blacklisted: Whether the server says that the shop does not serve her; None where it does not say.
    """

    customer: Customer
    remote_id: RemoteId | None
    matched: str
    kind: MatchKind
    marks: tuple[Mark, ...]
    standing: Standing
    blacklisted: bool | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to one look-up.

    Attributes:
        hits: Best first: by kind, within a kind who was seen lately.
        searched: How many customers were searched: all that are in the index.
        more: Whether more match than are shown.
    """

    hits: tuple[FoundCustomer, ...]
    searched: int
    more: bool
