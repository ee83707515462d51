"""Somebody changed the same field here and on the server, and a merge must not choose: a person does.

Fields that were edited along with it and are not in dispute go to the server either way; the value that does not stand
is kept in the history (design, section 6 and promise 10).
"""

from __future__ import annotations

from posapp.domain.messages import N_
from posapp.services.dto import InboxItem, OperationView
from posapp.services.ports.book import Session
from posapp.services.resolving.acts import act_of, needed_act, on_server
from posapp.services.resolving.again import again
from posapp.services.resolving.by_hand import SEEN
from posapp.services.resolving.decision import Choice, Decision, Offer, Settlement
from posapp.services.resolving.moves import PENDING, end, keep_value, put_aside, show, typed
from posapp.services.till import Till, primary_connection

_OURS = Offer(
    Choice.OURS,
    N_("Ours is right"),
    N_("After this the value typed here goes to the server, and the server's is kept in the history."),
)
_THEIRS = Offer(
    Choice.THEIRS,
    N_("The server's is right"),
    N_("After this the server's value stands, and the one typed here is kept in the history."),
)


def _offers(session: Session, item: InboxItem) -> tuple[Offer, ...]:
    view = act_of(session, item)
    if view is None:
        return (SEEN,)
    there = typed(session, view) and on_server(session, view.operation.customer_id) is not None
    return (_THEIRS, _OURS) if there else (_THEIRS,)


def _settle(till: Till, session: Session, item: InboxItem, decision: Decision) -> None:
    if act_of(session, item) is None:
        return
    view = needed_act(session, item)
    changes = typed(session, view)
    disputed = _disputed(item, view) & set(changes)
    end(session, view)
    if decision.choice is Choice.OURS:
        for name, theirs in _theirs(session, view, disputed).items():
            keep_value(till, session, view, name, theirs, source="server")
            changes[name] = (theirs, changes[name][1])
    else:
        put_aside(till, session, view, {name: changes.pop(name) for name in disputed})
    if changes:
        wanted = {name: {"seen": seen, "wanted": value} for name, (seen, value) in changes.items()}
        again(till, session, view, state=PENDING, approved_by=decision.approved_by, person={"changes": wanted})
        show(session, view, {name: value for name, (_, value) in changes.items()})


def _disputed(item: InboxItem, view: OperationView) -> set[str]:
    """Return the fields in dispute, as the engine noted them with the item or, after an erasure, with the act."""
    noted = item.evidence.get("fields") or view.evidence.get("fields")
    return {str(name) for name in noted} if isinstance(noted, list | tuple) else set()


def _theirs(session: Session, view: OperationView, names: set[str]) -> dict[str, str | None]:
    connection, remote_id = primary_connection(session), on_server(session, view.operation.customer_id)
    assert connection is not None, "it is offered only where the server knows the customer"
    assert remote_id is not None, "it is offered only where the server knows the customer"
    profile = session.mirror.rows(connection.id, [remote_id])[remote_id].profile
    return {name: getattr(profile, name) for name in names}


CONFLICT = Settlement(_offers, _settle)
