"""Watching over the chain of acts while the till is open.

At the start the book is compared with what the keychain remembers, before the first act. Then a thread of its own,
never an act, tells the keychain how far the book has come, and reads the whole book once, in pieces with pauses.
"""

from __future__ import annotations

import threading
from typing import Final

from posapp.domain.errors import PosError
from posapp.services.anchors import ANCHOR_ITEMS, look, newest_anchor, note_verified
from posapp.services.ports.anchors import Anchor, AnchorKeeper
from posapp.services.ports.book import Session
from posapp.services.till import Till
from posapp.services.verification import Verification, verifying

ANCHOR_SECONDS: Final = 30.0
CHECK_AFTER_SECONDS: Final = 10.0
"""A command that ends at once does not begin to read the whole book."""
_PAUSE_SECONDS: Final = 0.2
_CLOSING_SECONDS: Final = 5.0


class ChainWatch:
    """Looks at the chain at a start and goes on until it is closed."""

    def __init__(
        self,
        till: Till,
        keeper: AnchorKeeper,
        *,
        every: float = ANCHOR_SECONDS,
        check_after: float = CHECK_AFTER_SECONDS,
    ) -> None:
        """Compare the book with the anchor, and start watching.

        Args:
            till: The till, whose book can be written.
            keeper: Where the anchor lies.
            every: Seconds between two anchors.
            check_after: Seconds until the whole book is read.
        """
        self._till = till
        self._keeper = keeper
        self._every = every
        self._check_after = check_after
        self._closing = threading.Event()
        self._kept: Anchor | None = None
        self.problem: str | None = None
        """Id of what keeps the anchor from being kept; None while all is well."""
        self._look()
        self._thread = threading.Thread(target=self._run, name="chain-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Keep a last anchor and end the thread; one that hangs in the keychain is left behind."""
        self._closing.set()
        self._thread.join(_CLOSING_SECONDS)

    def _look(self) -> None:
        try:
            self._kept = self._keeper.load()
            look(self._till, self._kept)
        except PosError as error:
            self.problem = error.id

    def _run(self) -> None:
        if not self._closing.wait(self._check_after):
            self._anchor()
            self._check_whole()
        while not self._closing.wait(self._every):
            self._anchor()
        self._anchor()

    def _check_whole(self) -> None:
        try:
            found: Verification | None = None
            for found in verifying(self._till):  # noqa: B007 (the last one is the result)
                if self._closing.wait(_PAUSE_SECONDS):
                    return
            assert found is not None
            note_verified(self._till, found)
        except PosError as error:
            self.problem = error.id

    def _anchor(self) -> None:
        """Let the keychain remember the newest act, unless what it remembers is evidence that nobody settled yet."""
        try:
            newest, in_doubt = self._till.book.read(_newest)
            if newest is None or newest == self._kept or in_doubt:
                return
            self._keeper.save(newest)
            self._kept, self.problem = newest, None
        except PosError as error:
            self.problem = error.id


def _newest(session: Session) -> tuple[Anchor | None, bool]:
    in_doubt = any(item.kind in ANCHOR_ITEMS for item in session.inbox.items())
    return newest_anchor(session), in_doubt
