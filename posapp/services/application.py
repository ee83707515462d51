"""What both faces, the command line and the window, need from the composition root."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, Self

from posapp.domain.ids import CustomerId
from posapp.domain.messages import Message
from posapp.domain.shop import Shop
from posapp.services.anchors import Finding
from posapp.services.connections import Connected, ConnectForm
from posapp.services.dto import CycleReport
from posapp.services.exchange import Exchanged
from posapp.services.ports.delivery import Delivery
from posapp.services.ports.documents import Documents
from posapp.services.ports.loop import SyncLoop, SyncProgress
from posapp.services.ports.proofs import ProofReport
from posapp.services.ports.rescued import Rescued
from posapp.services.ports.server_kinds import ServerKind
from posapp.services.till import Till


@dataclass(frozen=True, slots=True)
class CheckUp:
    """One thing that `posapp doctor` looked at.

    Attributes:
        name: What (`sqlite`, `keychain`, `book`, …).
        ok: Whether it is as it should be.
        detail: What was found; a figure or a version, never a secret.
        optional: Whether the till works without it.
        problem: The error's id, where one told what is wrong.
    """

    name: str
    ok: bool
    detail: Message
    optional: bool = False
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class SecondCopyState:
    """How the second copy stands; `since` is when it stopped following, None while it does."""

    folder: Path
    since: datetime | None
    same_disk: bool


@dataclass(frozen=True, slots=True)
class BringBack:
    """How a till is brought back from a copy.

    Attributes:
        recovery_code: Of the till that wrote the copy, where this home does not have its keys; None where it has.
        up_to_damage: Whether the acts before a damage of the second copy are to be used; else it is refused.
        second_copy: Beside a backup: the second copy to go on with; None for the one of this home.
        with_second_copy: Beside a backup: whether to go on with this home's second copy, where it has one.
    """

    recovery_code: str | None = None
    up_to_damage: bool = False
    second_copy: Path | None = None
    with_second_copy: bool = True


@dataclass(frozen=True, slots=True)
class ExchangeForm:
    """What a person gave to exchange with the shop's other tills.

    Attributes:
        folder: Where their files lie; None for the one that was named last.
        code: To join them with; None where this till takes part already, or is the first.
        new_code: Whether a new code for joining is wanted.
        till_name: How this till is called among them; None to leave that.
    """

    folder: Path | None = None
    code: str | None = None
    new_code: bool = False
    till_name: str | None = None


@dataclass(frozen=True, slots=True)
class ExchangeAnswer:
    """How an exchange went, and a code that was made for joining; it is shown once."""

    folder: Path
    done: Exchanged
    code: str | None


class Home(Protocol):
    """A till's folder before and while its book is open: what a first run asks for.

    Nothing of it belongs on a GUI thread but `exists` and `folder`.

    Attributes:
        folder: Where it is, or will be.
    """

    folder: Path

    def exists(self) -> bool:
        """Return whether this home has, or had, a book."""
        ...

    def in_use(self) -> bool:
        """Return whether another process, or a book that this one opened, holds the home now."""
        ...

    def needs_passphrase(self) -> bool:
        """Return whether the keychain opens by a passphrase that was not given yet.

        Where there is no book yet, the passphrase that is given becomes the new vault's.
        """
        ...

    def unlock(self, passphrase: str) -> None:
        """Open the keychain with a passphrase, or make the first vault with it.

        Raises:
            SecretsUnavailable: It does not open (`vault_passphrase_wrong`, …); another try is possible.
        """
        ...

    def begin(self, shop: Shop) -> str:
        """Make the book of a new shop and return its recovery code, which counts as told once it was tried.

        Raises:
            BookExists: There is a book already; it is not touched.
        """
        ...

    def recovery_told(self) -> bool:
        """Return whether somebody has the recovery code; opens the book."""
        ...

    def new_recovery_code(self) -> str:
        """Return a new recovery code; an older one is worthless from now on."""
        ...

    def try_recovery(self, code: str) -> bool:
        """Return whether a code opens this book, and if so count it as told."""
        ...


class Application(Protocol):
    """The till as a face drives it."""

    @property
    def home(self) -> Home:
        """The till's folder."""
        ...

    @property
    def till(self) -> Till:
        """The use cases' context; opens the book."""
        ...

    @property
    def read_only(self) -> bool:
        """Whether this till can only be looked at: another process holds it, or the disk takes no writes."""
        ...

    @property
    def practising(self) -> bool:
        """Whether this is the practice till: nothing of it ever reaches a server."""
        ...

    def delivery(self) -> Delivery | None:
        """Return what sends an act at once; None where the till has no server."""
        ...

    def documents(self) -> Documents:
        """Return what makes statements and slips."""
        ...

    def apis(self) -> Mapping[str, ServerKind]:
        """Return the kinds of servers that this till speaks with, by the names of their APIs."""
        ...

    def connect(self, form: ConnectForm) -> Connected:
        """Check a credential and remember the server."""
        ...

    def sync(self, *, full: bool, connection: str | None, progress: Callable[[int], None] | None) -> CycleReport:
        """Run one cycle."""
        ...

    def watch(self, *, connection: str | None, on_report: Callable[[CycleReport], None]) -> None:
        """Run cycles until interrupted."""
        ...

    def renew_sync(self) -> None:
        """Let the next loop of cycles have an engine and connections of its own, beside one that hangs."""
        ...

    def scheduler(
        self, report: Callable[[CycleReport], None], progress: Callable[[SyncProgress], None]
    ) -> SyncLoop | None:
        """Return a loop of cycles with the primary server; None where the till has none.

        Args:
            report: Told how each cycle went, on the loop's thread.
            progress: Told how far a cycle is, on the loop's thread or one of its helpers', at most ten times a second.
        """
        ...

    def refresh(self, customer_id: CustomerId) -> bool:
        """Fetch one customer anew; False where the server was not reached in time."""
        ...

    def prove_khatas(self) -> ProofReport | None:
        """Compare every khata with the primary server's; None where it keeps none."""
        ...

    def practice(self) -> AbstractContextManager[Self]:
        """Return a till of its own with made-up customers that can never reach a server; it begins anew each time."""
        ...

    def backup(self, target: Path) -> None:
        """Write a verified backup of the book."""
        ...

    def restore(self, source: Path, how: BringBack) -> Rescued:
        """Put a backup in the book's place, with the acts that the second copy has beyond it."""
        ...

    def rescue(self, source: Path, how: BringBack) -> Rescued:
        """Take the acts of a second copy over, or build the lost book anew from it."""
        ...

    def recover(self, code: str) -> None:
        """Put the book's keys back into the keychain with the recovery code."""
        ...

    def exchange(self, form: ExchangeForm) -> ExchangeAnswer:
        """Exchange with the shop's other tills through a folder, which is remembered."""
        ...

    def pin_chosen(self) -> bool:
        """Return whether there is a manager's PIN."""
        ...

    def check_new_pin(self, new: str) -> None:
        """Refuse a PIN that must not be chosen; quick enough for every key pressed.

        Raises:
            DomainError: It is no PIN, too short, or among those tried first.
        """
        ...

    def set_pin(self, old: str | None, new: str) -> None:
        """Choose the manager's PIN; changing one takes the old."""
        ...

    def approve(self, pin: str) -> str:
        """Check the manager's PIN and return how the approval is written into an act."""
        ...

    def second_copy(self) -> SecondCopyState:
        """Return how the second copy stands."""
        ...

    def chain_findings(self) -> Sequence[Finding]:
        """Compare the book with everything outside it that remembers its acts, and return what is wrong."""
        ...

    def move_second_copy(self, folder: Path) -> SecondCopyState:
        """Let the second copy lie in another folder from now on, whole."""
        ...

    def check_up(self) -> Sequence[CheckUp]:
        """Look at everything the till stands on, without changing anything."""
        ...
