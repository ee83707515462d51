"""What `posapp doctor` looks at, changing nothing: versions, room on the disk, keychain, book, chain and clock."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from posapp.copies import last_backup
from posapp.domain.errors import SecretsUnavailable, StoreUnavailable
from posapp.domain.messages import N_, Message
from posapp.home import TillHome
from posapp.keychain.chain_anchor import KeychainAnchor
from posapp.services.anchors import chain_state
from posapp.services.application import CheckUp
from posapp.services.clock_words import wrong_clock
from posapp.store import driver
from posapp.store.errors import NotABackup

LEAST_FREE_BYTES = 200 * 1024 * 1024


def look_at(till: TillHome) -> Sequence[CheckUp]:
    """Look at everything a till stands on; where the keychain or the book does not open, what needs it is left out."""
    findings = [*_versions(), _folder(till.folder), _disk(till.folder)]
    if not till.exists():
        return [*findings, CheckUp("book", ok=True, detail=Message(N_("none yet")), optional=True)]
    for name, look in (("keychain", _keychain), ("book", _book)):
        try:
            findings.append(CheckUp(name, ok=True, detail=Message(look(till))))
        except (StoreUnavailable, SecretsUnavailable) as error:
            return [*findings, CheckUp(name, ok=False, detail=error.title_message, problem=error.id)]
    return [*findings, _backup(till), *_chain(till), *_clock(till)]


def _versions() -> Sequence[CheckUp]:
    """Return the versions of what the till stands on."""
    sqlite, cipher = driver.versions()
    return [
        CheckUp("python", ok=True, detail=Message(platform.python_version())),
        CheckUp("sqlite", ok=True, detail=Message(sqlite)),
        CheckUp("sqlcipher", ok=bool(cipher), detail=Message(cipher)),
        _qt(),
    ]


def _folder(folder: Path) -> CheckUp:
    """Return whether the till's folder can be written, or made where it is not there yet."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    ok = there.is_dir() and os.access(there, os.W_OK)
    detail = Message(N_("{path} can be written") if ok else N_("{path} cannot be written"), {"path": folder})
    return CheckUp("home", ok=ok, detail=detail)


def _disk(home: Path) -> CheckUp:
    """Return whether there is room for the book to grow."""
    folder = next(parent for parent in (home, *home.parents) if parent.exists())
    free = shutil.disk_usage(folder).free
    return CheckUp(
        "disk", ok=free >= LEAST_FREE_BYTES, detail=Message(N_("{megabytes} MB free"), {"megabytes": free // 2**20})
    )


def _keychain(till: TillHome) -> str:
    return till.keychain().kind


def _book(till: TillHome) -> str:
    till.book().read(lambda session: session.operations.counts())
    return N_("opens and is whole")


def _backup(till: TillHome) -> CheckUp:
    """Return how the last backup stands; one on a stick that lies in a drawer is no fault of the till."""
    try:
        found = last_backup(till)
    except NotABackup as error:
        return CheckUp("backup", ok=False, detail=error.detail, optional=True, problem=error.id)
    if found is None:
        return CheckUp("backup", ok=True, detail=Message(N_("none made yet: posapp backup FILE")), optional=True)
    said = {"moment": f"{found[1]:%Y-%m-%d %H:%M}", "file": found[0]}
    return CheckUp("backup", ok=True, detail=Message(N_("{moment} UTC, whole: {file}"), said), optional=True)


def _chain(till: TillHome) -> Sequence[CheckUp]:
    """Return how the chain of acts stands, and whether the keychain keeps up with it."""
    state, problem = till.book().read(chain_state), till.anchor_problem
    checked = (
        Message(N_("never read whole yet"))
        if state.verified_at is None
        else Message(
            N_("{count} of {newest} acts read at {moment} UTC"),
            {"count": state.verified_to, "newest": state.newest, "moment": f"{state.verified_at:%Y-%m-%d %H:%M}"},
        )
    )
    findings = [CheckUp("chain", ok=True, detail=checked, optional=True)]
    findings += [CheckUp("chain", ok=False, detail=fault, problem="book_altered") for fault in state.faults]
    try:
        kept = KeychainAnchor(till.keychain()).load()
    except SecretsUnavailable as error:
        kept, problem = None, error.id
    anchored = {"seq": kept.seq if kept else 0, "newest": state.newest}
    detail = Message(N_("the keychain remembers act {seq} of {newest}"), anchored)
    return [*findings, CheckUp("anchor", ok=problem is None, detail=detail, optional=True, problem=problem)]


def _clock(till: TillHome) -> Iterator[CheckUp]:
    """Say whether this computer's clock agrees with the server's, as last measured."""
    for one in till.book().read(lambda session: session.settings.connections()):
        wrong = wrong_clock(one.clock_skew_seconds)
        agrees = Message(N_("agrees with the server's to two minutes"))
        if one.primary and one.clock_skew_seconds is not None:
            yield CheckUp("clock", ok=wrong is None, detail=wrong or agrees, optional=True)


def _qt() -> CheckUp:
    try:
        from PySide6.QtCore import qVersion  # noqa: PLC0415 (the command line works without Qt's libraries)
    except ImportError as error:
        return CheckUp("qt", ok=False, detail=Message(type(error).__name__), optional=True)
    return CheckUp("qt", ok=True, detail=Message(qVersion()))
