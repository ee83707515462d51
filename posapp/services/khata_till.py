"""Which till of a shop keeps the khata, while no server does and the tills do not exchange (design, section 4)."""

from __future__ import annotations

from posapp.domain.errors import DomainError
from posapp.domain.messages import N_
from posapp.services.ports.book import Session
from posapp.services.till import Till, capabilities

KHATA_TILL = "khata_till"
"""The setting that says whether this till keeps the khata; unset for yes, as in a shop of one till."""

YES, NO = "yes", "no"


class NotKhataTill(DomainError):
    """Two tills that keep one khata each and never speak would both be wrong."""

    id = "not_khata_till"
    title = N_("The khata is kept at another till")
    message = N_("This shop's server keeps no khata, and another till of the shop is the one that does.")
    hint = N_("Record it there, let the tills exchange (posapp exchange FOLDER), or let a manager allow it here.")


class KhataTillUnclear(DomainError):
    """The answer is yes or no."""

    id = "khata_till_unclear"
    title = N_("Yes or no")
    message = N_("“{text}” does not say whether this till keeps the khata.")
    hint = N_("Example: posapp shop --khata-till no.")


def khata_till(till: Till, text: str | None = None) -> bool:
    """Return whether this till may keep khata entries, once what a person said of it is kept.

    Args:
        till: This till.
        text: Yes or no; None to leave it.

    Raises:
        KhataTillUnclear: It is neither.
    """
    if text is not None:
        answer = text.strip().lower()
        if answer not in {YES, NO}:
            raise KhataTillUnclear(text=text[:40])
        till.book.write(lambda session: session.settings.set_value(KHATA_TILL, answer))
    return till.book.read(is_khata_till)


def is_khata_till(session: Session) -> bool:
    """Return whether this till may keep khata entries: it is the khata till, or tells the others."""
    return session.peers.source() is not None or session.settings.value(KHATA_TILL) != NO


def check_khata_till(session: Session, approved_by: str | None) -> None:
    """Refuse an entry that this till alone would keep, where another one keeps the khata; a manager may allow it.

    Raises:
        NotKhataTill: See above.
    """
    if approved_by is None and not capabilities(session).ledger_write and not is_khata_till(session):
        raise NotKhataTill
