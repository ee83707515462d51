"""A desk whose book has a second copy, and the ways in which a book is lost and brought back."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from posapp.domain.ids import OperationId
from posapp.domain.operation import OperationState
from posapp.services.ports.rescued import Rescued
from posapp.store.backup import copy_verified
from posapp.store.book import LocalBook, create_book, open_book
from posapp.store.copied_acts import CopiedActs, survey
from posapp.store.following import SecondCopyPlace
from posapp.store.rescuing import BookPlace, rebuild_book, rescue_into, restore_backup
from tests.sync.desk import QUARANTINE, SHOP

KEY = bytes(range(32))
RESCUE = bytes(range(32, 64))
S = OperationState
DONE = {S.CONFIRMED, S.NEEDS_HUMAN, S.REJECTED, S.CANCELLED, S.KEPT}


class Disaster:
    """Gives a desk a book of its own with a second copy, and takes the book away from it."""

    def __init__(self, desk: Any, folder: Path) -> None:
        self.desk = desk
        self.path = folder / "home" / "book.db"
        self.stick = folder / "stick"
        self.stick.mkdir(parents=True)
        self.place = SecondCopyPlace(self.stick / "till.acts", RESCUE)
        made = create_book(self.path, KEY, clock=desk.clock, shop=SHOP, second_copy=self.place)
        made.write(lambda session: session.settings.save_connection(desk.connection))
        self._take(made)

    @property
    def copy(self) -> Path:
        """The second copy."""
        return self.place.path

    def backup(self, name: str = "backup.db") -> Path:
        """Take a backup."""
        copy_verified(self.path, KEY, self.stick / name)
        return self.stick / name

    def close(self) -> None:
        """Close the book once the second copy has everything."""
        assert self.desk.book.wait_for_second_copy(10)
        self.desk.book.close()

    def lose(self) -> None:
        """Lose the book with everything beside it but its copies."""
        self.close()
        self.path.unlink()

    def spoil(self, seed: int = 1) -> None:
        """Spoil pages of the book."""
        self.close()
        content, draw = bytearray(self.path.read_bytes()), random.Random(seed)
        for _ in range(20):
            content[draw.randrange(len(content))] ^= 0xFF
        self.path.write_bytes(content)

    def survey(self, path: Path | None = None, *, up_to_damage: bool = False) -> CopiedActs:
        """Read a second copy."""
        return survey(path or self.copy, RESCUE, up_to_damage=up_to_damage)

    def restore(
        self, backup: Path, *, copy: Path | None = None, with_copy: bool = True, up_to_damage: bool = False
    ) -> Rescued:
        """Put the backup in place and go on with it."""
        source = self.survey(copy, up_to_damage=up_to_damage) if with_copy else None
        done = restore_backup(self._book_place(), backup, source)
        self.open()
        return done

    def rebuild(self, path: Path | None = None, *, up_to_damage: bool = False) -> Rescued:
        """Build the book anew from a second copy and go on with it."""
        done = rebuild_book(self._book_place(), self.survey(path, up_to_damage=up_to_damage))
        self.open()
        return done

    def rescue(self, path: Path, *, up_to_damage: bool = False) -> Rescued:
        """Take the acts of another till's second copy over."""
        return rescue_into(self.desk.book, self.survey(path, up_to_damage=up_to_damage), self.desk.clock)

    def settle(self, cycles: int = 6) -> None:
        """Let the till work until everything that can drain has drained."""
        for _ in range(cycles):
            self.desk.clock.pass_time(QUARANTINE + 1)
            self.desk.engine.run_cycle(full=True)

    def state(self, operation_id: OperationId) -> OperationState:
        """Return how an act stands; it must be there."""
        state: OperationState = self.desk.state(operation_id)
        return state

    def faults(self) -> list[Any]:
        """Return what is wrong with the chain."""
        previous, wrong = "0" * 64, []
        for operation in self.desk.book.read(lambda session: session.operations.chain(0, 10_000)):
            if operation.prev_hash != previous:
                wrong.append(operation)
            previous = operation.hash
        return wrong

    def _book_place(self) -> BookPlace:
        return BookPlace(self.path, KEY, self.desk.clock, lambda _: None)

    def open(self) -> None:
        """Go on with the book that is there."""
        self._take(open_book(self.path, KEY, clock=self.desk.clock, second_copy=self.place))

    def _take(self, book: LocalBook) -> None:
        self.desk.book = book
        self.desk.engine = self.desk.new_engine()
