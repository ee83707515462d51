"""How the tills of a shop come by their common key."""

from __future__ import annotations

from pathlib import Path

import pytest

from posapp.domain.errors import PosError
from posapp.keychain.argon import Cost
from posapp.keychain.exchange_key import EXCHANGE_KEY, KEY_FILE, OpenedExchange, open_exchange

CHEAP = Cost(memory_kib=64, iterations=1, lanes=1)


class Kept:
    """A keychain in memory."""

    kind = "vault"

    def __init__(self) -> None:
        self.secrets: dict[str, bytes] = {}

    def get(self, name: str) -> bytes | None:
        return self.secrets.get(name)

    def set(self, name: str, value: bytes) -> None:
        self.secrets[name] = value

    def delete(self, name: str) -> None:
        self.secrets.pop(name, None)


def opened(keychain: Kept, folder: Path, **how) -> OpenedExchange:
    return open_exchange(keychain, folder, cost=CHEAP, **how)  # type: ignore[arg-type]


def test_the_first_till_draws_the_key_and_the_second_joins_by_the_code(tmp_path: Path) -> None:
    first, second = Kept(), Kept()
    founded = opened(first, tmp_path)
    assert founded.founded
    assert founded.code is not None
    assert opened(first, tmp_path) == OpenedExchange(founded.key)
    assert opened(second, tmp_path, code=founded.code.lower()) == OpenedExchange(founded.key)
    assert founded.key not in (tmp_path / KEY_FILE).read_bytes()


@pytest.mark.parametrize(
    ("code", "error"),
    [(None, "exchange_not_joined"), ("0" * 30, "exchange_code_wrong"), ("12", "recovery_code_mistyped")],
)
def test_without_the_code_nobody_joins(tmp_path: Path, code: str | None, error: str) -> None:
    opened(Kept(), tmp_path)
    stranger = Kept()
    with pytest.raises(PosError) as refused:
        opened(stranger, tmp_path, code=code)
    assert refused.value.id == error
    assert stranger.secrets == {}


def test_a_damaged_or_missing_key_file_is_nothing_to_join(tmp_path: Path) -> None:
    code = opened(Kept(), tmp_path).code
    for content in (b"{}", None):
        (tmp_path / KEY_FILE).write_bytes(content) if content else (tmp_path / KEY_FILE).unlink()
        with pytest.raises(PosError) as refused:
            opened(Kept(), tmp_path, code=code)
        assert refused.value.id == "exchange_nothing_to_join"


def test_a_crash_before_the_file_leaves_a_key_that_is_told_the_next_time(tmp_path: Path) -> None:
    first = Kept()
    first.set(EXCHANGE_KEY, bytes(32))
    again = opened(first, tmp_path)
    assert (again.key, again.founded) == (bytes(32), True)
    assert again.code is not None


def test_a_new_code_makes_the_old_one_worthless(tmp_path: Path) -> None:
    first = Kept()
    old = opened(first, tmp_path).code
    new = opened(first, tmp_path, new_code=True).code
    assert opened(Kept(), tmp_path, code=new).key == first.get(EXCHANGE_KEY)
    with pytest.raises(PosError) as refused:
        opened(Kept(), tmp_path, code=old)
    assert refused.value.id == "exchange_code_wrong"
