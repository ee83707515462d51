"""An act that fails again and again: it goes on being tried for ever, but a person is told (design, promise 9)."""

from __future__ import annotations

from datetime import timedelta

from posapp.services.ports.book import Session
from posapp.sync.context import SyncContext
from posapp.sync.work import Job, ask

STALLED = "stalled"
"""Kind of the inbox item."""

FAILURES = 10
"""A person is told after so many failures, and again after as many more."""

_AGE = timedelta(hours=4)


def tell_if_stalled(context: SyncContext, session: Session, job: Job, failures: int, *, server_said: str = "") -> None:
    """Put an act before a person that failed ten times, or still fails four hours after it was first sent.

    Args:
        context: The engine's surroundings.
        session: The transaction that notes the failure.
        job: The act, as it was before this attempt.
        failures: How often it failed in a row, now with this attempt.
        server_said: The server's words.
    """
    told = job.noted("told_after")
    begun = job.attempts[0].started_at if job.attempts else context.clock.now()
    old = not told and failures > 0 and context.clock.now() - begun >= _AGE
    if failures < told + FAILURES and not old:
        return
    evidence = {"failures": failures, "since": begun.isoformat()}
    ask(session, context.clock, STALLED, operation=job.operation, server_said=server_said, evidence=evidence)
    view = session.operations.get(job.operation.id)
    assert view is not None, "an operation is never deleted"
    noted = {"told_after": failures}
    session.operations.set_state(job.operation.id, view.state, not_before=view.not_before, evidence=noted)
