"""What a server says of a customer that nobody types on a till, and what it means at the counter.

A blacklist "prevents future orders" of an abusive account (the document of the `siyahfy` API). At a counter that is:
whatever gives the customer something (a sale, credit, points, money back, a debt forgiven) needs the manager's leave. A
payment is always taken, and what was owed before is written down. It goes by what the server last said, so that it is
the same without a network.
"""

from __future__ import annotations

from typing import Final

from posapp.domain.errors import DomainError
from posapp.domain.ids import CustomerId
from posapp.domain.messages import N_
from posapp.domain.operation import OperationKind
from posapp.domain.segments import Bought, Segment, segment_of
from posapp.services.dto import Customer, Standing
from posapp.services.ports.book import Session
from posapp.services.ports.remote import SILENT, Traits
from posapp.services.till import Till, primary_connection

NEVER_BARRED: Final = frozenset({OperationKind.PAYMENT, OperationKind.OPENING})
"""Khata acts that give a customer nothing."""


class CustomerBlacklisted(DomainError):
    """The shop does not serve the customer any more, unless a manager says so."""

    id = "customer_blacklisted"
    title = N_("This customer is blacklisted")
    message = N_("The shop has put {name} on its blacklist: this needs the manager's PIN.")
    hint = N_("A payment is always taken. For anything else ask the manager (on the command line: --approve).")


def told_traits(session: Session, customer_id: CustomerId) -> Traits:
    """Return what the primary server said of a customer; nothing of one whom it does not know."""
    connection = primary_connection(session)
    remote_id = None if connection is None else session.mirror.remote_id(connection.id, customer_id)
    if connection is None or remote_id is None:
        return SILENT
    row = session.mirror.rows(connection.id, [remote_id]).get(remote_id)
    return SILENT if row is None else row.traits


def check_blacklist(session: Session, customer: Customer, approved_by: str | None) -> None:
    """Refuse to serve a blacklisted customer, unless a manager allows it.

    Raises:
        CustomerBlacklisted: See above.
    """
    if approved_by is None and told_traits(session, customer.id).blacklisted:
        raise CustomerBlacklisted(name=customer.profile.name)


def segment(
    till: Till, session: Session, customer_id: CustomerId, standing: Standing, traits: Traits
) -> Segment | None:
    """Return which kind of customer somebody is; None while too little is known to say.

    The server's totals count, and the bills that this till alone keeps. Where the server counts orders, only it knows
    when the last one was.

    Args:
        till: For the clock.
        session: A transaction.
        customer_id: Who.
        standing: With the server's totals.
        traits: Whether the server counts the customer among its VIPs.
    """
    here, orders, spent = session.khata.bought_here(customer_id), standing.total_orders, standing.total_spent
    if orders is None and not here.orders and not traits.vip and primary_connection(session) is not None:
        return None
    days = [at for at in (here.last_at, traits.last_order_at) if at is not None]
    bought = Bought(
        orders=here.orders + (orders or 0),
        spent=here.spent if spent is None or here.spent is None else here.spent + spent,
        last_at=max(days, default=None) if traits.last_order_at is not None or not orders else None,
    )
    return segment_of(bought, now=till.clock.now(), vip=traits.vip)
