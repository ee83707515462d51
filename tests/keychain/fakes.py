"""Stand-ins for what lies outside: a keyring's backend, a keychain, the book's place for the PIN, a clock."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from posapp.keychain.pin_ports import PinState


class MemoryBackend:
    """A backend of `keyring` that keeps entries in a dict and notes what it was asked."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.writes: list[str] = []

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if len(password.encode("utf-16-le")) > 2560:
            raise OSError("the Windows vault takes 2,560 bytes")
        self.writes.append(username)
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


class MemoryKeychain:
    """A keychain in a dict."""

    kind: Literal["keyring"] = "keyring"

    def __init__(self) -> None:
        self.secrets: dict[str, bytes] = {}

    def get(self, name: str) -> bytes | None:
        return self.secrets.get(name)

    def set(self, name: str, value: bytes) -> None:
        self.secrets[name] = value

    def delete(self, name: str) -> None:
        self.secrets.pop(name, None)


class FilePinStore:
    """Remembers the PIN's state in a file, so that another process or another start sees it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> PinState | None:
        if not self.path.exists():
            return None
        content = json.loads(self.path.read_text())
        return PinState(
            hash=bytes.fromhex(content["hash"]),
            salt=bytes.fromhex(content["salt"]),
            memory_kib=content["cost"][0],
            iterations=content["cost"][1],
            lanes=content["cost"][2],
            failures=content["failures"],
            failed_since_boot=content["failed_since_boot"],
            failed_boot_id=content["failed_boot_id"],
        )

    def save(self, state: PinState) -> None:
        content = {
            "hash": state.hash.hex(),
            "salt": state.salt.hex(),
            "cost": [state.memory_kib, state.iterations, state.lanes],
            "failures": state.failures,
            "failed_since_boot": state.failed_since_boot,
            "failed_boot_id": state.failed_boot_id,
        }
        self.path.write_text(json.dumps(content))


class FakeClock:
    """A computer that is switched on, runs, sleeps and is restarted as a test wants."""

    def __init__(self, *, knows_boot: bool = True) -> None:
        self.now = 1000.0
        self.boots = 1
        self._knows_boot = knows_boot

    def since_boot(self) -> float:
        return self.now

    def boot_id(self) -> str:
        return f"boot {self.boots}" if self._knows_boot else ""

    def run(self, seconds: float) -> None:
        self.now += seconds

    def restart(self) -> None:
        self.now = 0.0
        self.boots += 1
