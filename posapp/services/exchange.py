"""Exchanging with the shop's other tills through a folder: tell what is new here, take what is new there.

Every step may be interrupted. What is told is numbered in the book before it is written to the file; what is taken is
taken in one transaction with how far the file was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from posapp.domain.errors import DomainError
from posapp.domain.exchange import Fact, LineMissing, OtherMoney
from posapp.domain.ids import CustomerId
from posapp.domain.messages import N_
from posapp.services.ports.book import Session
from posapp.services.ports.peers import ExchangeFolder, PeerTill, Reading
from posapp.services.till import Till


class NoExchangeFolder(DomainError):
    """Nobody has said yet where the tills exchange."""

    id = "no_exchange_folder"
    title = N_("No folder for the tills")
    message = N_("This till does not exchange with others yet.")
    hint = N_("Name a folder that all tills can reach: posapp exchange FOLDER.")


FOLDER = "exchange_folder"
"""The setting that names the folder of the exchange."""
_PORTION = 50
"""Facts a transaction: some 30 ms, so that a person's act between two does not wait."""
_LINES = 1000
"""Lines written to a file at once."""


@dataclass(frozen=True, slots=True)
class TillRead:
    """How the reading of another till's file went.

    Attributes:
        till: The file, as far as it is known now.
        taken: How many of its lines were new.
        waiting: Whether half a line at its end is being waited for.
        problem: Why it was not read further; None for nothing.
    """

    till: PeerTill
    taken: int
    waiting: bool
    problem: DomainError | None


@dataclass(frozen=True, slots=True)
class Exchanged:
    """How an exchange went.

    Attributes:
        written: Lines added to this till's own file.
        tills: The other files, by name.
        changed: Customers who may look different than before.
    """

    written: int
    tills: Sequence[TillRead]
    changed: frozenset[CustomerId]

    @property
    def taken(self) -> int:
        """How many lines of other tills were new."""
        return sum(one.taken for one in self.tills)


def exchange_folder(till: Till) -> str | None:
    """Return the folder that was named last; None where the till does not exchange."""
    return till.book.read(lambda session: session.settings.value(FOLDER))


def other_tills(till: Till) -> Sequence[PeerTill]:
    """Return the shop's other tills as far as they were read here."""
    return till.book.read(lambda session: session.peers.tills())


def take_part(till: Till, *, founded: bool, name: str | None) -> None:
    """Let this till take part in its shop's exchange; who founds one tells the shop's settings first.

    Args:
        till: This till.
        founded: Whether this till is the first.
        name: How it is called among the tills; None to leave that as it is.
    """

    def write(session: Session) -> None:
        session.peers.begin(founded=founded)
        if name:
            session.peers.call(name)

    till.book.write(write)


def exchange(till: Till, folder: ExchangeFolder) -> Exchanged:
    """Tell the shop's other tills what is new here and take what is new there.

    Raises:
        StoreUnavailable: The book or the folder cannot be used; a later exchange goes on where this one stood.
    """
    written = _tell(till, folder)
    source = till.book.read(lambda session: session.peers.source())
    reads = [(other, *_take(till, folder, other)) for other in folder.sources() if other != source]
    changed = frozenset[CustomerId]().union(*(customers for *_, customers in reads))
    changed |= till.book.write(lambda session: session.peers.settle(), urgent=False).customers
    known = {one.source: one for one in till.book.read(lambda session: session.peers.tills())}
    tills = [
        TillRead(known[other], taken, last.waiting, _named(last.problem, known[other]))
        for other, taken, last, _ in reads
    ]
    return Exchanged(written, sorted(tills, key=lambda one: (one.till.name, one.till.source)), changed)


def _named(problem: DomainError | None, other: PeerTill) -> DomainError | None:
    """Return what keeps a file from being read with the name of its till instead of its file's."""
    return None if problem is None else type(problem)(**{**problem.params, "till": other.name})


def _tell(till: Till, folder: ExchangeFolder) -> int:
    """Number what is new in the book, then bring this till's files up with it; return the lines added."""
    if not _goes_on(till, folder):
        till.book.write(lambda session: session.peers.renew())
    names = till.book.read(lambda session: session.peers.untold())
    for start in range(0, max(1, len(names)), _PORTION):
        some = names[start : start + _PORTION]
        till.book.write(lambda session, some=some: session.peers.tell(some), urgent=False)  # type: ignore[misc]
    return sum(_follow(till, folder, source) for source in till.book.read(lambda session: session.peers.own()))


def _goes_on(till: Till, folder: ExchangeFolder) -> bool:
    """Return whether this till's file is as its book knows it.

    It is not where the book was set back to an older state, or lives on twice: what it would add under numbers that are
    taken already nobody would read.
    """
    source = till.book.read(lambda session: session.peers.source())
    last = folder.last(source) if source is not None else None
    if source is None or last is None or last[0] == 0:
        return True
    number, fact = last
    known = till.book.read(lambda session: session.peers.told(source, number - 1, 1))
    return bool(known) and (fact is None or _is_same(known[0], fact))


def _is_same(one: Fact, other: Fact) -> bool:
    """Return whether two facts are one, but for what an erasure emptied."""
    return replace(one, content={}) == replace(other, content={})


def _knows(till: Till, source: str, number: int) -> bool:
    return bool(till.book.read(lambda session: session.peers.told(source, number - 1, 1)))


def _follow(till: Till, folder: ExchangeFolder, source: str) -> int:
    """Bring a file of this till up with the book; one that an erasure made stale is written anew."""
    erasures = till.book.read(lambda session: session.peers.erasures())
    last = folder.last(source)
    if last is not None and last[0] and not _knows(till, source, last[0]):
        return 0  # an older file that holds more than this book knows: it is read, not written
    if last is None or folder.erasures(source) != erasures or (last[0] and last[1] is None):
        folder.begin(source, erasures)
        last = (0, None)
    reached, before = last[0], last[0]
    while True:
        facts = till.book.read(lambda session, after=reached: session.peers.told(source, after, _LINES))  # type: ignore[misc]
        if not facts:
            return reached - before
        folder.append(source, reached + 1, facts)
        reached += len(facts)


def _take(till: Till, folder: ExchangeFolder, source: str) -> tuple[int, Reading, frozenset[CustomerId]]:
    """Take a file of another till piece by piece; return how many lines were new, how it ended, and who changed."""
    taken, changed = 0, frozenset[CustomerId]()
    while True:
        cursor = till.book.read(lambda session: session.peers.cursor(source))
        reading = folder.read(source, cursor, _PORTION)
        try:
            done = till.book.write(lambda session, piece=reading: session.peers.take(source, piece), urgent=False)  # type: ignore[misc]
        except (OtherMoney, LineMissing) as problem:
            reading = Reading((), cursor, problem=problem)
            done = till.book.write(lambda session, piece=reading: session.peers.take(source, piece), urgent=False)  # type: ignore[misc]
        taken, changed = taken + len(reading.facts), changed | done.customers
        if len(reading.facts) < _PORTION or reading.problem is not None:
            return taken, reading, changed
