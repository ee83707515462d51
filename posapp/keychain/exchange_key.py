"""The key that the tills of one shop share, and how a second till comes by it.

The first till draws the key, keeps it in its keychain, and lays it into the exchange's folder sealed under a code that
is shown once. Another till of the shop joins with that code. The key opens the tills' exchange files alone: no book, no
second copy, no token. A lost code costs nothing: any till that has the key makes a new one, and the old is worthless.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from posapp.domain.errors import DomainError
from posapp.domain.messages import N_
from posapp.domain.sealing import KEY_BYTES, new_key
from posapp.keychain.argon import STRONG, Cost
from posapp.keychain.errors import RecoveryCodeWrong, RecoveryDamaged, RecoveryMissing, SecretDamaged
from posapp.keychain.ports import Keychain
from posapp.keychain.recovery import create_recovery, open_recovery

EXCHANGE_KEY: Final = "exchange-key"
KEY_FILE: Final = "shop.posapp-key"


class ExchangeNotJoined(DomainError):
    """The folder is another till's already, and this one has no key to it."""

    id = "exchange_not_joined"
    title = N_("Join the shop's tills first")
    message = N_("Tills of a shop exchange through this folder already, and this till has not joined them.")
    hint = N_("Join with the code that the first till showed: posapp exchange FOLDER --join. A till makes a new code.")


class NothingToJoin(DomainError):
    """The folder holds no shop's key."""

    id = "exchange_nothing_to_join"
    title = N_("No tills to join here")
    message = N_("The file {file} is not in this folder, or is damaged.")
    hint = N_("Wait until the folder is in sync, or let a till that takes part make a new code for it.")


class ExchangeCodeWrong(DomainError):
    """A well-formed code, but not this folder's."""

    id = "exchange_code_wrong"
    title = N_("This is another code")
    message = N_("The code is typed correctly, but it is not the one of this folder.")
    hint = N_("Look for the code shown last; a till that takes part makes a new one.")


@dataclass(frozen=True, slots=True)
class OpenedExchange:
    """The exchange key, ready for use.

    Attributes:
        key: 32 bytes.
        founded: Whether the folder held none yet: this till is the first.
        code: A code that was made now, to be shown once; None for none.
    """

    key: bytes
    founded: bool = False
    code: str | None = None


def open_exchange(
    keychain: Keychain, folder: Path, *, code: str | None = None, new_code: bool = False, cost: Cost = STRONG
) -> OpenedExchange:
    """Return the key for a folder: kept, joined by a code, or drawn for the first till.

    Args:
        keychain: The home's keychain.
        folder: Of the exchange; it is there.
        code: To join with; None for none.
        new_code: Whether a new code is wanted, which makes the old one worthless.
        cost: What one guess at a new code costs.

    Raises:
        ExchangeNotJoined: The folder has a key already, and this till does not.
        NothingToJoin, ExchangeCodeWrong, RecoveryCodeMistyped: The code does not open it.
        SecretsUnavailable: The keychain or the folder refuses.
    """
    path = folder / KEY_FILE
    if code is not None:
        keychain.set(EXCHANGE_KEY, _joined(path, code))
    key, founded = keychain.get(EXCHANGE_KEY), not path.exists()
    if key is None:
        if not founded:
            raise ExchangeNotJoined
        key = new_key()
        keychain.set(EXCHANGE_KEY, key)  # before the file: a key that nobody has must not lie there under a lost code
    if len(key) != KEY_BYTES:
        raise SecretDamaged(name=EXCHANGE_KEY)
    if not founded and not new_code:
        return OpenedExchange(key)
    return OpenedExchange(key, founded, create_recovery(path, {EXCHANGE_KEY: key}, replace=True, cost=cost))


def _joined(path: Path, code: str) -> bytes:
    try:
        return open_recovery(path, code)[EXCHANGE_KEY]
    except (RecoveryMissing, RecoveryDamaged, KeyError) as error:
        raise NothingToJoin(file=path.name) from error
    except RecoveryCodeWrong as error:
        raise ExchangeCodeWrong from error
