"""What a link points to: a customer of this till, a customer on the server, or a line of the server's khata."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.domain.customer import Profile
from posapp.domain.errors import DomainError
from posapp.domain.ids import CustomerId, RemoteId
from posapp.domain.messages import N_
from posapp.services.dto import CustomerStatus, InboxItem, KhataLine
from posapp.services.ports.book import Session
from posapp.services.resolving.acts import on_server
from posapp.services.resolving.decision import Offer
from posapp.services.till import primary_connection


class WrongTarget(DomainError):
    """A link points at something that it cannot be."""

    id = "decision_target_wrong"
    title = N_("It cannot be that one")
    message = N_("“{target}” is none of what this can be linked to.")
    hint = N_("Choose one of those shown, or a customer whom the server knows.")


@dataclass(frozen=True, slots=True)
class Target:
    """What a link may point to, as far as this till knows it.

    Attributes:
        id: What the decision names.
        profile: Of a customer; None where only the id is known, or for a line.
        line: Of the server's khata; None for a customer.
    """

    id: str
    profile: Profile | None = None
    line: KhataLine | None = None


def described(session: Session, item: InboxItem, offer: Offer) -> tuple[Target, ...]:
    """Return the targets of an offer with what this till knows of each."""
    lines = {}
    if item.customer_id is not None and offer.targets and not offer.any_customer:
        lines = {str(line.entry_id): line for line in session.khata.lines(item.customer_id)}
    return tuple(_described(session, target, lines.get(target)) for target in offer.targets)


def _described(session: Session, target: str, line: KhataLine | None) -> Target:
    if line is not None:
        return Target(target, line=line)
    customer = session.customers.get(CustomerId(target))
    if customer is not None:
        return Target(target, customer.profile)
    connection, remote_id = primary_connection(session), RemoteId(target)
    row = session.mirror.rows(connection.id, [remote_id]).get(remote_id) if connection else None
    return Target(target, row.profile if row else None)


def record_of(session: Session, target: str) -> tuple[RemoteId, CustomerId | None]:
    """Return the server's record that a target names, and our customer of it; None for nobody yet.

    Raises:
        WrongTarget: It is a customer whom the server does not know, or one who is gone there.
    """
    connection = primary_connection(session)
    if session.customers.get(CustomerId(target)) is not None:
        remote_id = on_server(session, CustomerId(target))
        if remote_id is None:
            raise WrongTarget(target=target)
        return remote_id, CustomerId(target)
    remote_id = RemoteId(target)
    row = session.mirror.rows(connection.id, [remote_id]).get(remote_id) if connection else None
    if row is not None and row.status is not CustomerStatus.LIVE:
        raise WrongTarget(target=target)
    return remote_id, row.customer_id if row else None
