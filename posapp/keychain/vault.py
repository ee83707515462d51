"""The keychain of a till without a keyring: one sealed file in the home, opened by a passphrase.

    passphrase --Argon2id--> key-encryption key --AES-GCM--> data key --AES-GCM--> the secrets

The random data key in between lets the passphrase change without touching the secrets, and lets an open vault forget
the passphrase at once. Header, home and key are the context of each seal, so nothing can be mixed from two vaults.
One process a home writes (the till's lock sees to it); threads of that process take turns here.
"""

from __future__ import annotations

import json
import threading
import unicodedata
from pathlib import Path
from typing import Any, Final, Literal

from posapp.domain.operation import canonical_json
from posapp.domain.sealing import SealBroken, new_key, seal, unseal
from posapp.keychain import durable, sealed_file
from posapp.keychain.argon import STRONG, Cost, derive, new_salt
from posapp.keychain.checked_file import FileDamagedError, encode, to_bytes, to_text
from posapp.keychain.errors import (
    VaultDamaged,
    VaultExists,
    VaultMissing,
    VaultPassphraseNeeded,
    VaultPassphraseShort,
    VaultPassphraseWrong,
    VaultUnusable,
)
from posapp.keychain.ports import checked_name

FORMAT: Final = "posapp vault"
VERSION: Final = 1
SHORTEST_PASSPHRASE: Final = 8

_HEADER: Final = ("format", "version", "home_id", "kdf")


class Vault:
    """An open vault: a `Keychain` in one file.

    Make one with `Vault.create` or `Vault.open`.

    Attributes:
        home_id: The home it belongs to.
    """

    kind: Literal["vault"] = "vault"

    def __init__(self, path: Path, home_id: str, data_key: bytes) -> None:
        self.home_id = home_id
        self._path = path
        self._data_key = data_key
        self._turn = threading.Lock()

    def __repr__(self) -> str:
        return f"<Vault {self._path.name}>"

    @classmethod
    def create(cls, path: Path, passphrase: str, *, home_id: str, cost: Cost = STRONG) -> Vault:
        """Make a new, empty vault; never over an existing file.

        Args:
            path: Where its file will lie.
            passphrase: What will open it, at least `SHORTEST_PASSPHRASE` characters.
            home_id: The home it belongs to.
            cost: What one guess at the passphrase costs.

        Raises:
            VaultExists: There is such a file; it is untouched.
            VaultPassphraseShort: The passphrase protects nothing.
            VaultUnusable: The disk refuses.
        """
        data_key = new_key()
        content = _wrapped(home_id, passphrase, data_key, cost)
        content["secrets"] = _sealed_secrets(content, data_key, {})
        try:
            durable.write_new(path, encode(content))
        except FileExistsError as error:
            raise VaultExists(file=path.name) from error
        except OSError as error:
            raise VaultUnusable(file=path.name) from error
        return cls.open(path, passphrase)

    @classmethod
    def open(cls, path: Path, passphrase: str) -> Vault:
        """Open a vault.

        Raises:
            VaultPassphraseWrong: The passphrase is not the vault's.
            VaultMissing: There is no such file.
            VaultDamaged: The file was cut or altered.
            VaultTooNew: A newer version wrote it.
            VaultUnusable: The disk refuses.
        """
        if not passphrase:
            raise VaultPassphraseNeeded(shortest=SHORTEST_PASSPHRASE)
        content = _read(path)
        try:
            cost, salt = sealed_file.read_kdf(content["kdf"])
            wrapped = to_bytes(content["wrapped_key"])
            home_id = content["home_id"]
        except (FileDamagedError, KeyError) as error:
            raise VaultDamaged(file=path.name) from error
        try:
            data_key = unseal(derive(_passphrase_bytes(passphrase), salt, cost), wrapped, _header(content))
        except SealBroken as error:
            raise VaultPassphraseWrong from error
        vault = cls(path, home_id, data_key)
        vault._secrets(content)
        return vault

    def get(self, name: str) -> bytes | None:
        """Return a secret, or None if there is none of this name."""
        checked_name(name)
        with self._turn:
            return self._secrets(_read(self._path)).get(name)

    def set(self, name: str, value: bytes) -> None:
        """Keep a secret; the file is on the disk and was read back when this returns."""
        checked_name(name)
        with self._turn:
            content = _read(self._path)
            self._write(content, {**self._secrets(content), name: value})

    def delete(self, name: str) -> None:
        """Forget a secret; without effect if there is none of this name."""
        checked_name(name)
        with self._turn:
            content = _read(self._path)
            secrets = self._secrets(content)
            if secrets.pop(name, None) is not None:
                self._write(content, secrets)

    def change_passphrase(self, passphrase: str, *, cost: Cost = STRONG) -> None:
        """Let another passphrase open this vault from now on.

        Raises:
            VaultPassphraseShort: The new passphrase protects nothing.
            VaultUnusable: The disk refuses; the old passphrase still opens the vault.
        """
        with self._turn:
            secrets = self._secrets(_read(self._path))
            self._write(_wrapped(self.home_id, passphrase, self._data_key, cost), secrets)

    def _secrets(self, content: dict[str, Any]) -> dict[str, bytes]:
        try:
            plain = unseal(self._data_key, to_bytes(content["secrets"]), _secrets_context(content))
            return {name: to_bytes(text) for name, text in json.loads(plain).items()}
        except (SealBroken, FileDamagedError, KeyError) as error:
            raise VaultDamaged(file=self._path.name) from error

    def _write(self, content: dict[str, Any], secrets: dict[str, bytes]) -> None:
        written = {**content, "secrets": _sealed_secrets(content, self._data_key, secrets)}
        try:
            durable.write_replacing(self._path, encode(written))
        except OSError as error:
            raise VaultUnusable(file=self._path.name) from error
        if self._secrets(_read(self._path)) != secrets:
            raise VaultDamaged(file=self._path.name)


def _read(path: Path) -> dict[str, Any]:
    try:
        return sealed_file.read(path, form=FORMAT, version=VERSION)
    except FileNotFoundError as error:
        raise VaultMissing(file=path.name) from error
    except FileDamagedError as error:
        raise VaultDamaged(file=path.name) from error


def _wrapped(home_id: str, passphrase: str, data_key: bytes, cost: Cost) -> dict[str, Any]:
    """Return a header with the data key wrapped under a passphrase and a fresh salt; without secrets."""
    if len(passphrase.strip()) < SHORTEST_PASSPHRASE:
        raise VaultPassphraseShort(shortest=SHORTEST_PASSPHRASE)
    salt = new_salt()
    kdf = sealed_file.kdf_fields(cost, salt)
    content = {"format": FORMAT, "version": VERSION, "home_id": home_id, "kdf": kdf}
    kek = derive(_passphrase_bytes(passphrase), salt, cost)
    return {**content, "wrapped_key": to_text(seal(kek, data_key, _header(content)))}


def _header(content: dict[str, Any]) -> bytes:
    return sealed_file.context({key: content.get(key) for key in _HEADER})


def _secrets_context(content: dict[str, Any]) -> bytes:
    return sealed_file.context({key: content.get(key) for key in (*_HEADER, "wrapped_key")})


def _sealed_secrets(content: dict[str, Any], data_key: bytes, secrets: dict[str, bytes]) -> str:
    plain = canonical_json({name: to_text(value) for name, value in secrets.items()})
    return to_text(seal(data_key, plain.encode(), _secrets_context(content)))


def _passphrase_bytes(passphrase: str) -> bytes:
    """Two keyboards may spell é in two ways; both are the same passphrase."""
    return unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
