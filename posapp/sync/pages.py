"""The pages of a list, read one by one: a list that ignores paging, or has no end, is noticed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from posapp.domain.ids import RemoteId
from posapp.services.ports.remote import RemoteCustomer
from posapp.sync.context import CancelToken, ListEndless, ListRepeats, SyncContext, check_cancelled

_FARTHEST_PAGE = 2**24


@dataclass(slots=True)
class Pages:
    """Pages of one reading; remembers whom they held, so that a list that ignores paging is noticed."""

    context: SyncContext
    cancel: CancelToken | None
    read: Callable[[int], Sequence[RemoteCustomer]]
    pages: dict[int, tuple[RemoteId, ...]] = field(default_factory=dict)

    def page(self, number: int) -> tuple[Sequence[RemoteCustomer], int]:
        """Return a page and the highest lane epoch before it was asked for."""
        check_cancelled(self.cancel)
        if number > _FARTHEST_PAGE or len(self.pages) >= self.context.settings.most_pages:
            raise ListEndless
        epoch = self.context.book.read(lambda session: session.mirror.epoch())
        records = self.read(number)
        ids = tuple(record.remote_id for record in records)
        for other, seen in self.pages.items():
            if ids and ids == seen and other != number:
                self._doubt(other, ids)
        self.pages[number] = ids
        return records, epoch

    def _doubt(self, other: int, ids: tuple[RemoteId, ...]) -> None:
        """Two pages look alike: deletions moved the rows, or the list ignores paging; the other page tells."""
        again = self.read(other)
        if tuple(record.remote_id for record in again) == ids:
            raise ListRepeats


def last_page(pages: Pages, *, guess: int = 1) -> int:
    """Return the last page that holds rows, by doubling and halving: about 2 log₂ n requests.

    Args:
        pages: Of which the first is known to hold rows.
        guess: Where to look first.
    """
    low, high = (guess, guess + 1) if guess > 1 and pages.page(guess)[0] else (1, max(guess, 2))
    while pages.page(high)[0]:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if pages.page(middle)[0]:
            low = middle
        else:
            high = middle
    return low
