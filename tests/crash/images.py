"""Power cuts: a till's writes and flushes, replayed into every state that a disk may be left in, each opened again.

`python -m tests.crash images --minimum 1000`. The till works as ever, with acts, a sync against the stub and
checkpoints; strace writes down what it does to its files. Afterwards the same with a book that flushes less must lose
acts, else this would not see it.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import multiprocessing
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from posapp.clock import SystemClock
from posapp.domain.errors import PosError
from posapp.domain.operation import OperationState
from posapp.home import BOOK, SECOND_COPY
from posapp.keychain.chain_anchor import KeychainAnchor
from posapp.keychain.opening import VAULT
from posapp.keychain.ports import BOOK_KEY, RESCUE_KEY
from posapp.keychain.vault import Vault
from posapp.services.anchors import anchor_findings
from posapp.services.till import Till
from posapp.services.verification import verify_book
from posapp.store import driver
from posapp.store.book import LocalBook, open_book
from posapp.store.following import SecondCopyPlace
from posapp.store.second_copy import read_second_copy
from tests.crash.disk import Disk, Loss, write_out
from tests.crash.trace import STRACE, Create, Event, Rename, Said, Sync, Unlink, events
from tests.support.stub import StubProcess
from tests.support.vault import make_cheap_vault

PASSPHRASE = "only for tests"
BATCH = 16
LIVES = 3
_PARTICULARS = 5
_AT_A_FLUSH = (Loss.ALL, Loss.NOTHING, Loss.SOME, Loss.TORN)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one image showed.

    Attributes:
        lost: How many acts that were shown as saved are not in the book.
        corrupt: What is damaged; empty for nothing.
        named: What keychain and second copy say that the book lacks; empty for nothing.
    """

    lost: int = 0
    corrupt: str = ""
    named: str = ""


@dataclass
class Tally:
    """What the images of one run showed."""

    mode: str
    images: int = 0
    acts: int = 0
    lossy: int = 0
    most_lost: int = 0
    corrupt: int = 0
    named: int = 0
    particulars: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, verdict: Verdict) -> None:
        """Count one image."""
        self.images += 1
        self.lossy += verdict.lost > 0
        self.most_lost = max(self.most_lost, verdict.lost)
        self.corrupt += bool(verdict.corrupt)
        self.named += bool(verdict.named)
        if verdict != Verdict() and len(self.particulars) < _PARTICULARS:
            self.particulars.append(f"image {self.images}: {verdict}")

    @property
    def whole(self) -> bool:
        """Whether no image lost or broke anything, and none seemed to."""
        return not (self.lossy or self.corrupt or self.named)

    def line(self) -> str:
        """Return the row of the table."""
        return (
            f"{self.mode:<8} {self.images:>6} images  {self.acts:>4} acts saved  {self.lossy:>5} images lost some "
            f"(at most {self.most_lost}), {self.named:>4} were told by an anchor  {self.corrupt:>5} corrupt  "
            f"{self.seconds:>5.0f} s"
        )


def main(arguments: list[str]) -> int:
    """Run the till as it is, then with less flushing; 0 if the first loses nothing and the others are seen to."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash images", description=__doc__)
    parser.add_argument("--minimum", type=int, default=1000, help="images of the till as it is, at least")
    parser.add_argument("--weaker", type=int, default=150, help="images of each weaker one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--acts", type=int, default=30, help="in each life of the till")
    options = parser.parse_args(arguments)
    if shutil.which("strace") is None:
        print("crash images: strace is missing, nothing was checked")
        return 2
    wanted = {"FULL": options.minimum, "NORMAL": options.weaker, "OFF": options.weaker}
    tallies = {}
    for mode, least in wanted.items():
        tally = tallies[mode] = _run(mode, least, options)
        print(tally.line())
        for particular in tally.particulars if mode == "FULL" else ():
            print("  " + particular)
        sys.stdout.flush()
    full, weaker = tallies.pop("FULL"), tallies.values()
    enough = full.images >= options.minimum
    held = enough and full.whole
    seen = all(tally.lossy for tally in weaker)
    print(f"crash images: {full.images} images, {full.lossy} lost acts, {full.corrupt} corrupt")
    if not enough:
        print(f"crash images: fewer than {options.minimum} different images; more --acts are needed")
    if not seen:
        print("crash images: a book that flushes less was not found out")
    return 0 if held and seen else 1


def _run(mode: str, least: int, options: argparse.Namespace) -> Tally:
    began, tally = time.monotonic(), Tally(mode)
    with tempfile.TemporaryDirectory(prefix="posapp-images-") as temporary:
        folder = Path(temporary).resolve()
        happened, start = _recorded(folder, mode, options)
        tally.acts = sum(_saved(event) is not None for event in happened)
        cuts = _cuts(start, happened, least, random.Random(options.seed))
        with multiprocessing.Pool() as pool:
            for batch in _batches(cuts, folder):
                for verdict in pool.imap_unordered(_opened, batch):
                    tally.add(verdict)
    tally.seconds = time.monotonic() - began
    return tally


def _recorded(folder: Path, mode: str, options: argparse.Namespace) -> tuple[list[Event], Disk]:
    """Let a till live a few times under strace; return all that happened, and its disk before."""
    home, happened = folder / "home", []
    make_cheap_vault(home, PASSPHRASE)
    with StubProcess(customers=40, database_url=f"sqlite:///{folder / 'stub.sqlite3'}") as stub:
        _live(home, "connect", "--url", stub.base_url, "--token", stub.token())
        start = Disk.of(home)
        for life in range(LIVES):
            first, last = str(life * options.acts), str((life + 1) * options.acts)
            log = folder / f"{life}.strace"
            span = ("--first", first, "--acts", last, "--seed", str(options.seed), "--synchronous", mode)
            before = {str(path) for path in home.rglob("*")}
            _live(home, "work", *span, under=(*STRACE, "-o", str(log)))
            happened += list(events(log, home, before))
    return happened, start


def _live(home: Path, mode: str, *arguments: str, under: tuple[str, ...] = ()) -> None:
    command = [*under, sys.executable, "-m", "tests.crash.till", mode, "--home", str(home), *arguments]
    subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=240)


def _saved(event: Event) -> str | None:
    """Return the id of an act that a person was just told is saved."""
    if not isinstance(event, Said):
        return None
    told = json.loads(event.text)
    return str(told["operation"]) if told["word"] == "saved" else None


def _cuts(
    disk: Disk, happened: list[Event], least: int, rng: random.Random
) -> Iterator[tuple[dict[str, bytes], list[str]]]:
    """Yield different images of power cuts with the acts that were shown as saved by then."""
    weights = [_weight(event) for event in happened]
    share = min(1.0, 1.3 * least / sum(weights))
    saved: list[str] = []
    seen: set[bytes] = set()
    for event, weight in zip(happened, weights, strict=True):
        for loss in rng.sample(_AT_A_FLUSH, weight):
            if rng.random() < share:
                image = disk.image(loss, rng)
                mark = _mark(image, len(saved))
                if mark not in seen:
                    seen.add(mark)
                    yield image, list(saved)
        disk.do(event)
        if (act := _saved(event)) is not None:
            saved.append(act)


def _weight(event: Event) -> int:
    """Return how many images are made just before an event: most where a flush or a new name decides."""
    return len(_AT_A_FLUSH) if isinstance(event, Sync | Rename | Create | Unlink | Said) else 1


def _mark(image: dict[str, bytes], saved: int) -> bytes:
    digest = hashlib.blake2b(str(saved).encode())
    for name in sorted(image):
        digest.update(name.encode() + b"\0" + hashlib.blake2b(image[name]).digest())
    return digest.digest()


def _batches(
    cuts: Iterator[tuple[dict[str, bytes], list[str]]], folder: Path
) -> Iterator[list[tuple[Path, list[str]]]]:
    batch: list[tuple[Path, list[str]]] = []
    for number, (image, saved) in enumerate(cuts):
        place = folder / "images" / str(number)
        write_out(image, place)
        batch.append((place, saved))
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def _opened(image: tuple[Path, list[str]]) -> Verdict:
    """Open an image as a till does, and say what is not as it must be."""
    folder, saved = image
    try:
        vault = Vault.open(folder / VAULT, PASSPHRASE)
        key, rescue = vault.get(BOOK_KEY), vault.get(RESCUE_KEY)
        if key is None or rescue is None:
            return Verdict(corrupt="the keychain lost a key")
        place = SecondCopyPlace(folder / SECOND_COPY, rescue)
        with open_book(folder / BOOK, key, clock=SystemClock(), second_copy=place) as book:
            verdict = _judged(book, vault, saved)
        beside = _wrong_beside(folder, key, place)
        return replace(verdict, corrupt=f"{verdict.corrupt} {beside}".strip())
    except PosError as error:
        return Verdict(corrupt=error.id)
    finally:
        shutil.rmtree(folder)


def _judged(book: LocalBook, vault: Vault, saved: list[str]) -> Verdict:
    views = book.read(lambda session: session.operations.in_states(frozenset(OperationState)))
    faults = [fault.kind for fault in verify_book(Till(book, SystemClock(), "")).faults]
    if not book.wait_for_second_copy(20):
        faults.append(f"second copy: {book.second_copy_status().problem}")
    anchor = KeychainAnchor(vault).load()
    named = [finding.kind for finding in book.read(lambda session: anchor_findings(session, anchor))]
    lost = set(saved) - {view.operation.id for view in views}
    return Verdict(len(lost), " ".join(faults), " ".join(named))


def _wrong_beside(folder: Path, key: bytes, place: SecondCopyPlace) -> str:
    """Return what is wrong with the closed book's pages and with its second copy, which has followed by now."""
    with contextlib.closing(driver.connect(folder / BOOK, key, mode="ro")) as connection:
        found = str(connection.execute("PRAGMA integrity_check").fetchone()[0])
        (acts,) = connection.execute("SELECT count(*) FROM operation").fetchone()
    copied = len(list(read_second_copy(place.path, place.key)))
    return ("" if found == "ok" else found) + ("" if copied == acts else f"{copied} of {acts} in the second copy")
