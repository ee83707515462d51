"""The till's own state in figures: connections, waiting work, age of data, what could be lost offline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from posapp.domain.errors import (
    Bug,
    Cancelled,
    OtherStore,
    PosError,
    RemoteError,
    RemoteProtocolError,
    RemoteRejected,
    RemoteUnavailable,
    ServerWentBack,
    SignInRequired,
    StoreUnavailable,
)
from posapp.domain.exposure import Exposure
from posapp.domain.messages import N_
from posapp.domain.shop import Shop
from posapp.services.dto import Connection, Counts, CycleReport
from posapp.services.exposure import exposure
from posapp.services.ports.book import Session
from posapp.services.ports.proofs import ProofReport, ProofSummary
from posapp.services.till import Till


class ReadingRefused(RemoteRejected):
    """The server answers, but does not let this till read its customers."""

    id = "reading_refused"
    message = N_("The server {name} answers, but does not let this till read its customers.")
    hint = N_("Check the address and what the token allows: posapp connect. Everything recorded is safe on this till.")


_SAID: Mapping[str, type[PosError]] = {one.id: one for one in (RemoteUnavailable, OtherStore, ServerWentBack)}
"""Problems that are said in their own words and need no parameter."""


@dataclass(frozen=True, slots=True)
class Status:
    """What `posapp status` shows.

    Attributes:
        shop: Settings.
        connections: All, the primary one first.
        counts: Waiting, inbox, customers.
        proof: How many khatas are proven equal to the server's; None where no server keeps any.
        exposure: The most that points given without the server could cost; zero while that is refused.
    """

    shop: Shop
    connections: Sequence[Connection]
    counts: Counts
    proof: ProofSummary | None
    exposure: Exposure


def status(till: Till) -> Status:
    """Return the till's state."""

    def read(session: Session) -> Status:
        shop = session.settings.shop()
        return Status(
            shop=shop,
            connections=session.settings.connections(),
            counts=session.operations.counts(),
            proof=session.proofs.summary(),
            exposure=exposure(session, till.clock.now()),
        )

    return till.book.read(read)


def problem_of(report: CycleReport | ProofReport, server: str) -> PosError | None:
    """Return what cut a cycle short as an error that a person can be shown; None for nothing, and for a person's wish.

    Args:
        report: How the cycle ended.
        server: The server's name.
    """
    problem = report.problem
    if problem in {None, Cancelled.id}:
        return None
    if problem == SignInRequired.id:
        return SignInRequired(name=server)
    if problem == RemoteRejected.id:
        return ReadingRefused(name=server)
    if problem in _SAID:
        return _SAID[problem]()
    if problem in _ids_below(StoreUnavailable):
        return StoreUnavailable()
    return RemoteProtocolError() if problem in _ids_below(RemoteError) else Bug()


def _ids_below(family: type[PosError]) -> set[str]:
    return {family.id}.union(*(_ids_below(one) for one in family.__subclasses__()))
