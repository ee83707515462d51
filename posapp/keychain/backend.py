"""The only module that imports `keyring`: which of its backends we trust, and what its failures mean.

`keyring` takes whatever backend is installed or configured, also those that keep secrets in a plain file or nowhere.
Only backends that hand secrets to the operating system's own protected store are allowed here, by their exact class.
The import is slow and comes when a secret is first asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol, cast

from posapp.domain.errors import PosError
from posapp.keychain.errors import KeyringAbsent, KeyringFailed, KeyringLocked, KeyringSilent

SECRET_SERVICE: Final = "keyring.backends.SecretService.Keyring"  # noqa: S105 (a class)
TRUSTED: Final = frozenset(
    {
        SECRET_SERVICE,
        "keyring.backends.macOS.Keyring",
        "keyring.backends.Windows.WinVaultKeyring",
        "keyring.backends.kwallet.DBusKeyring",
    },
)
_CHAINER: Final = "keyring.backends.chainer.ChainerBackend"

_ABSENT: Final = frozenset({"NoKeyringError", "InitError", "SecretServiceNotAvailableException", "OSError"})
_LOCKED: Final = frozenset({"KeyringLocked", "LockedException", "PromptDismissedException"})


class Backend(Protocol):
    """What we use of a backend of `keyring`."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return the entry, or None."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Write the entry."""
        ...

    def delete_password(self, service: str, username: str) -> None:
        """Remove the entry; an error if there is none."""
        ...


def class_path(backend: object) -> str:
    """Return the full name of a backend's class."""
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def find_backend() -> Backend:
    """Return the system's keyring.

    Raises:
        KeyringAbsent: None is there, or only ones that do not protect secrets.
        PosError: Looking for one failed.
    """
    with translated(0):
        import keyring  # noqa: PLC0415 (slow, and not needed for the first window)

        return trusted(keyring.get_keyring())


def trusted(backend: object) -> Backend:
    """Return the backend itself, or the first trusted one of a chain.

    Raises:
        KeyringAbsent: None of them protects secrets.
    """
    found = getattr(backend, "backends", ()) if class_path(backend) == _CHAINER else (backend,)
    for candidate in found:
        if class_path(candidate) in TRUSTED:
            return cast("Backend", candidate)
    raise KeyringAbsent


@contextmanager
def translated(seconds: float) -> Iterator[None]:
    """Translate whatever a backend raises into our errors, the cause chained.

    Args:
        seconds: How long the backend was waited for, to be named if it did not answer.

    Raises:
        PosError: One of the keyring's errors of this package.
    """
    try:
        yield
    except PosError:
        raise
    except TimeoutError as error:
        raise KeyringSilent(seconds=round(seconds)) from error
    except UnicodeError:
        raise KeyringFailed from None  # this one error quotes the bytes it failed on
    except Exception as error:
        raise _translation(error) from error  # backends raise what their system raises: D-Bus, COM, C libraries


def _translation(error: Exception) -> PosError:
    names = {cls.__name__ for cls in type(error).__mro__}
    if names & _LOCKED:
        return KeyringLocked()
    if names & _ABSENT:
        return KeyringAbsent()
    return KeyringFailed()
