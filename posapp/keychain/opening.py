"""Which keychain a home uses: decided once, recorded in the home, and never changed behind anybody's back.

A keyring that is locked or gone today was perhaps there yesterday with the book's key in it. Making a vault in its
place would make a second key beside an existing book, so a recorded kind is used or refused, nothing else. Only
`start_afresh`, which a person asks for with the recovery code in hand, decides anew.
"""

from __future__ import annotations

import hmac
import json
import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast, get_args

from posapp.domain.errors import SecretsUnavailable
from posapp.domain.operation import canonical_json
from posapp.keychain import durable
from posapp.keychain.argon import STRONG, Cost
from posapp.keychain.errors import KeychainRecordDamaged, VaultExists, VaultPassphraseNeeded, VaultUnusable
from posapp.keychain.ports import Keychain, KeychainKind
from posapp.keychain.system import SystemKeychain
from posapp.keychain.vault import SHORTEST_PASSPHRASE, Vault

RECORD: Final = "keychain.json"
VAULT: Final = "vault.json"
PASSPHRASE_VARIABLE: Final = "POSAPP_VAULT_PASSPHRASE"  # noqa: S105 (the variable's name)

_PROBE: Final = "probe"


@dataclass(frozen=True, slots=True)
class KeychainRecord:
    """Where a home's secrets live.

    Attributes:
        kind: In the keyring or in the vault.
        home_id: What tells this home from others in one keyring.
    """

    kind: KeychainKind
    home_id: str


def open_keychain(
    home: Path,
    *,
    passphrase: Callable[[], str | None],
    system: Callable[[str], Keychain] = SystemKeychain,
    cost: Cost = STRONG,
) -> Keychain:
    """Open a home's keychain; at the first start, decide which it is.

    Args:
        home: The till's home folder, which exists.
        passphrase: Asks the person for the vault's passphrase; only called if there is or must be a vault and
            `POSAPP_VAULT_PASSPHRASE` is not set. None if nobody answers.
        system: Makes the keyring's keychain from a home id.
        cost: What one guess at the passphrase of a new vault costs.

    Raises:
        SecretsUnavailable: The recorded keychain does not open. Nothing else is tried and nothing is written.
        VaultPassphraseNeeded: There is no working keyring and nobody gave a passphrase.
        VaultPassphraseShort: The new vault's passphrase protects nothing.
    """
    record = read_record(home)
    if record is None:
        return _decide(home, passphrase, system, cost)
    if record.kind == "keyring":
        return system(record.home_id)
    return Vault.open(home / VAULT, _passphrase(passphrase))


def needs_passphrase(home: Path, *, system: Callable[[str], Keychain] = SystemKeychain) -> bool:
    """Return whether `open_keychain` would ask for a passphrase, for a face that must ask before it opens anything.

    Args:
        home: The till's home folder, which need not exist.
        system: As for `open_keychain`.

    Raises:
        KeychainRecordDamaged: As `read_record`.
    """
    if os.environ.get(PASSPHRASE_VARIABLE):
        return False
    record = read_record(home)
    if record is not None:
        return record.kind == "vault"
    return (home / VAULT).exists() or not _works(system(str(uuid.uuid4())))


def read_record(home: Path) -> KeychainRecord | None:
    """Return what the home records about its keychain, or None before the first start.

    Raises:
        KeychainRecordDamaged: The record is damaged or from a newer version.
    """
    try:
        content = json.loads((home / RECORD).read_bytes())
        if content["version"] != 1 or content["kind"] not in get_args(KeychainKind):
            raise KeychainRecordDamaged(file=RECORD)
        return KeychainRecord(cast("KeychainKind", content["kind"]), str(uuid.UUID(content["home_id"])))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeychainRecordDamaged(file=RECORD) from error


def start_afresh(
    home: Path,
    *,
    passphrase: Callable[[], str | None],
    system: Callable[[str], Keychain] = SystemKeychain,
    cost: Cost = STRONG,
) -> Keychain:
    """Set the old record and vault aside, under new names, and decide as at the first start.

    Only for a person who lost the keychain and is about to restore the keys with the recovery code.

    Args:
        home: The till's home folder.
        passphrase: As for `open_keychain`.
        system: As for `open_keychain`.
        cost: As for `open_keychain`.

    Raises:
        SecretsUnavailable: No keychain could be made; the old files are still there under their new names.
    """
    mark = uuid.uuid4().hex[:8]
    for name in (RECORD, VAULT):
        if (home / name).exists():
            (home / name).rename(home / f"{name}.{mark}.old")
    return open_keychain(home, passphrase=passphrase, system=system, cost=cost)


def _decide(
    home: Path, passphrase: Callable[[], str | None], system: Callable[[str], Keychain], cost: Cost
) -> Keychain:
    """Decide at the first start. A vault without a record is one whose start was cut off: it is taken over."""
    home_id = str(uuid.uuid4())
    if not (home / VAULT).exists():
        keyring = system(home_id)
        if _works(keyring):
            if _record(home, "keyring", home_id):
                return keyring
            return open_keychain(home, passphrase=passphrase, system=system, cost=cost)
    vault = _vault(home / VAULT, _passphrase(passphrase), home_id, cost)
    _record(home, "vault", vault.home_id)
    return vault


def _vault(path: Path, passphrase: str, home_id: str, cost: Cost) -> Vault:
    try:
        return Vault.create(path, passphrase, home_id=home_id, cost=cost)
    except VaultExists:
        return Vault.open(path, passphrase)


def _works(keychain: Keychain) -> bool:
    probe = os.urandom(16)
    try:
        keychain.set(_PROBE, probe)
        kept = keychain.get(_PROBE)
        keychain.delete(_PROBE)
        return kept is not None and hmac.compare_digest(kept, probe) and keychain.get(_PROBE) is None
    except SecretsUnavailable:
        return False


def _record(home: Path, kind: KeychainKind, home_id: str) -> bool:
    """Write the record; False if another start was faster."""
    content = canonical_json({"version": 1, "kind": kind, "home_id": home_id}).encode() + b"\n"
    try:
        durable.write_new(home / RECORD, content)
    except FileExistsError:
        return False
    except OSError as error:
        raise VaultUnusable(file=RECORD) from error
    return True


def _passphrase(ask: Callable[[], str | None]) -> str:
    given = os.environ.get(PASSPHRASE_VARIABLE) or ask()
    if not given:
        raise VaultPassphraseNeeded(shortest=SHORTEST_PASSPHRASE)
    return given
