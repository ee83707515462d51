"""Several tills of one shop for tests, each with a real book, and the folder through which they exchange."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from posapp.services.exchange import Exchanged, exchange, take_part
from posapp.store.exchange.files import SUFFIX, FileFolder
from tests.services.counter import Counter, TickingClock
from tests.support.book import fresh_book

EXCHANGE_KEY = bytes(range(100, 132))


class ShopTill(Counter):
    """A till with a view of the folder that is its own: what a share or a stick shows of the others may be old."""

    def __init__(self, book, clock, folder: Path) -> None:
        super().__init__(book, clock)
        folder.mkdir(parents=True)
        self.folder = folder
        self.source = book.read(lambda session: session.settings.till_id())

    @property
    def file(self) -> Path:
        """This till's own file."""
        return self.folder / f"{self.source}{SUFFIX}"

    def join(self, *, founded: bool = False) -> None:
        take_part(self.till, founded=founded, name=None)

    def exchange(self) -> Exchanged:
        return exchange(self.till, FileFolder(self.folder, EXCHANGE_KEY))

    def see(self, other: ShopTill, share: float = 1.0) -> None:
        """Copy another till's file, or its first part, as a synced folder does."""
        if other.file.exists():
            whole = other.file.read_bytes()
            (self.folder / other.file.name).write_bytes(whole[: int(len(whole) * share)])


@contextmanager
def shop_of_tills(home: Path, count: int) -> Iterator[Sequence[ShopTill]]:
    """Open so many tills; the first founds the exchange, the others join it."""
    with ExitStack() as closing:
        tills, clock = [], TickingClock()
        for number in range(count):
            book = closing.enter_context(fresh_book(home / f"home-{number}", clock))
            tills.append(ShopTill(book, clock, home / f"folder-{number}"))
        for number, till in enumerate(tills):
            till.join(founded=number == 0)
        yield tills


def everybody(tills: Sequence[ShopTill], rounds: int = 2) -> None:
    """Let all tills see all whole files and exchange, so often that everything is everywhere."""
    for _ in range(rounds):
        for till in tills:
            till.exchange()
        for till in tills:
            for other in tills:
                if other is not till:
                    till.see(other)
        for till in tills:
            till.exchange()
