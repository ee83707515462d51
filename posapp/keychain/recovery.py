"""The recovery file: the keys that must outlive the keychain, sealed under the code on paper.

A lost keyring or a dead computer must not take the shop's book along. The file lies in the home and in every backup
and is worthless without the code; the code is printed and never stored. Each key is sealed on its own, with the list
of all names in the context, so that none can be taken out unseen.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from posapp.domain.sealing import SealBroken, seal, unseal
from posapp.keychain import durable, sealed_file
from posapp.keychain.argon import STRONG, Cost, derive, new_salt
from posapp.keychain.checked_file import FileDamagedError, encode, to_bytes, to_text
from posapp.keychain.errors import (
    RecoveryCodeWrong,
    RecoveryDamaged,
    RecoveryExists,
    RecoveryMissing,
    RecoveryStale,
    VaultUnusable,
)
from posapp.keychain.ports import Keychain, checked_name
from posapp.keychain.recovery_code import new_code, read_code

FORMAT: Final = "posapp recovery"
VERSION: Final = 1


def create_recovery(path: Path, secrets: Mapping[str, bytes], *, replace: bool = False, cost: Cost = STRONG) -> str:
    """Seal secrets under a new code and prove that the code opens them.

    Args:
        path: Where the recovery file will lie.
        secrets: At least the book's key and the rescue key, by name.
        replace: Whether a file that is there may be replaced, which makes its code worthless.
        cost: What one guess at the code costs.

    Returns:
        The code as it is to be printed. It exists nowhere else.

    Raises:
        RecoveryExists: There is a file and `replace` is not set.
        VaultUnusable: The disk refuses; an older file is as it was.
    """
    code = new_code()
    content = encode(_sealed(secrets, code, cost))
    try:
        (durable.write_replacing if replace else durable.write_new)(path, content)
    except FileExistsError as error:
        raise RecoveryExists from error
    except OSError as error:
        raise VaultUnusable(file=path.name) from error
    verify_recovery(path, code, secrets)
    return code


def open_recovery(path: Path, code: str) -> dict[str, bytes]:
    """Open the recovery file with the code from paper.

    Returns:
        The secrets by name.

    Raises:
        RecoveryCodeMistyped: What was typed cannot be a code.
        RecoveryCodeWrong: It is a code, but not this file's.
        RecoveryMissing: There is no file.
        RecoveryDamaged: The file was cut or altered.
        VaultTooNew: A newer version wrote it.
        VaultUnusable: The disk refuses.
    """
    plain = read_code(code)
    try:
        content = sealed_file.read(path, form=FORMAT, version=VERSION)
    except FileNotFoundError as error:
        raise RecoveryMissing(file=path.name) from error
    except FileDamagedError as error:
        raise RecoveryDamaged(file=path.name) from error
    try:
        cost, salt = sealed_file.read_kdf(content["kdf"])
        sealed = {checked_name(name): to_bytes(text) for name, text in content["secrets"].items()}
    except (FileDamagedError, KeyError, AttributeError, ValueError) as error:
        raise RecoveryDamaged(file=path.name) from error
    key = derive(plain.encode("ascii"), salt, cost)
    try:
        return {name: unseal(key, value, _context(content["kdf"], sealed, name)) for name, value in sealed.items()}
    except SealBroken as error:
        raise RecoveryCodeWrong from error


def verify_recovery(path: Path, code: str, secrets: Mapping[str, bytes]) -> None:
    """Prove that a code on paper brings back exactly the secrets in use.

    Raises:
        RecoveryStale: The code is right, but the file holds other secrets.
        PosError: As `open_recovery`.
    """
    kept = open_recovery(path, code)
    same = kept.keys() == secrets.keys() and all(hmac.compare_digest(kept[name], secrets[name]) for name in kept)
    if not same:
        raise RecoveryStale


def restore_from_recovery(keychain: Keychain, path: Path, code: str) -> tuple[str, ...]:
    """Put the secrets of the recovery file back into a keychain.

    A different secret of the same name is not lost: it stays as `<name>.before-recovery`.

    Returns:
        The names that were restored.

    Raises:
        PosError: As `open_recovery`; the keychain is then as it was.
        SecretsUnavailable: The keychain refuses; the act can be repeated.
    """
    kept = open_recovery(path, code)
    for name, value in kept.items():
        present = keychain.get(name)
        if present is not None and not hmac.compare_digest(present, value):
            keychain.set(f"{name}.before-recovery", present)
        keychain.set(name, value)
    return tuple(sorted(kept))


def _sealed(secrets: Mapping[str, bytes], code: str, cost: Cost) -> dict[str, Any]:
    for name in secrets:
        checked_name(name)
    salt = new_salt()
    kdf = sealed_file.kdf_fields(cost, salt)
    key = derive(read_code(code).encode("ascii"), salt, cost)
    sealed = {name: to_text(seal(key, value, _context(kdf, secrets, name))) for name, value in secrets.items()}
    return {"format": FORMAT, "version": VERSION, "kdf": kdf, "secrets": sealed}


def _context(kdf: Mapping[str, Any], names: Mapping[str, bytes], name: str) -> bytes:
    header = {"format": FORMAT, "version": VERSION, "kdf": kdf, "names": sorted(names), "name": name}
    return sealed_file.context(header)
