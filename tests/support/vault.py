"""A vault that opens at once: what a guess at its passphrase costs is stored beside it, and tests guess right."""

from __future__ import annotations

import uuid
from pathlib import Path

from posapp.keychain.argon import Cost
from posapp.keychain.opening import VAULT
from posapp.keychain.vault import Vault

CHEAP = Cost(memory_kib=8, iterations=1, lanes=1)


def make_cheap_vault(home: Path, passphrase: str) -> None:
    """Put a vault into a new home; the first start takes it over as one whose start was cut off."""
    home.mkdir(mode=0o700)
    Vault.create(home / VAULT, passphrase, home_id=str(uuid.uuid4()), cost=CHEAP)
