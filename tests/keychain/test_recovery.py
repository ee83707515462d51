"""The code on paper: slips are told from wrong codes, and the right code brings every key back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.keychain.checked_file import decode, encode
from posapp.keychain.errors import (
    RecoveryCodeMistyped,
    RecoveryCodeWrong,
    RecoveryDamaged,
    RecoveryExists,
    RecoveryMissing,
    RecoveryStale,
    VaultTooNew,
    VaultUnusable,
)
from posapp.keychain.recovery import (
    FORMAT,
    VERSION,
    create_recovery,
    open_recovery,
    restore_from_recovery,
    verify_recovery,
)
from posapp.keychain.recovery_code import RANDOM_BITS, SIGNS, code_of, new_code, printed, read_code
from tests.keychain.fakes import MemoryKeychain
from tests.support.vault import CHEAP

SECRETS = {"book-key": bytes(range(32)), "rescue-key": bytes(range(32, 64))}
CODES = st.integers(0, 2**RANDOM_BITS - 1).map(code_of)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "recovery.json"


def test_a_code_is_six_groups_of_five_and_never_the_same() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    for code in codes:
        assert [len(group) for group in code.split("-")] == [5] * 6
        assert printed(read_code(code)) == code


@given(code=CODES, data=st.data())
def test_any_single_wrong_sign_is_a_slip(code: str, data: st.DataObject) -> None:
    plain = read_code(code)
    place = data.draw(st.integers(0, len(plain) - 1))
    sign = data.draw(st.sampled_from(SIGNS).filter(lambda other: other != plain[place]))
    with pytest.raises(RecoveryCodeMistyped):
        read_code(printed(plain[:place] + sign + plain[place + 1 :]))


def test_every_single_wrong_sign_and_swap_of_one_code_is_a_slip() -> None:
    plain = read_code(new_code())
    slips = {plain[:place] + sign + plain[place + 1 :] for place in range(30) for sign in SIGNS}
    slips |= {plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :] for at in range(29)}
    slips |= {plain[:at] + plain[at + 1 :] for at in range(30)} | {plain[:at] + "7" + plain[at:] for at in range(31)}
    for slip in slips - {plain}:
        with pytest.raises(RecoveryCodeMistyped):
            read_code(slip)


@given(code=CODES, data=st.data())
def test_how_it_is_typed_does_not_matter(code: str, data: st.DataObject) -> None:
    spellings = {"1": "1IilL१১", "0": "0Oo०০", "-": ["-", " ", "", "–", " - ", "\u200f", "\n"]}
    typed = "".join(data.draw(st.sampled_from(list(spellings.get(sign, [sign, sign.lower()])))) for sign in code)
    assert read_code(typed) == code.replace("-", "")


@given(st.text(max_size=60))
def test_any_other_text_is_a_slip_and_nothing_worse(typed: str) -> None:
    with pytest.raises(RecoveryCodeMistyped):
        read_code(typed)


def test_the_code_opens_the_file(path: Path) -> None:
    code = create_recovery(path, SECRETS, cost=CHEAP)
    assert open_recovery(path, code) == SECRETS
    assert open_recovery(path, code.lower().replace("-", " ")) == SECRETS
    verify_recovery(path, code, SECRETS)
    assert path.stat().st_mode & 0o777 == 0o600
    raw = path.read_bytes()
    assert code.encode() not in raw
    assert code.replace("-", "").encode() not in raw


def test_another_code_is_told_from_a_slip(path: Path) -> None:
    code = create_recovery(path, SECRETS, cost=CHEAP)
    with pytest.raises(RecoveryCodeWrong):
        open_recovery(path, new_code())
    with pytest.raises(RecoveryCodeMistyped):
        open_recovery(path, code[:-1])
    with pytest.raises(RecoveryMissing):
        open_recovery(path.with_name("none.json"), code)


def test_a_new_code_is_only_made_when_expressly_wanted(path: Path) -> None:
    old = create_recovery(path, SECRETS, cost=CHEAP)
    with pytest.raises(RecoveryExists):
        create_recovery(path, SECRETS, cost=CHEAP)
    assert open_recovery(path, old) == SECRETS
    new = create_recovery(path, SECRETS, replace=True, cost=CHEAP)
    assert open_recovery(path, new) == SECRETS
    with pytest.raises(RecoveryCodeWrong):
        open_recovery(path, old)


def test_a_code_for_other_keys_is_out_of_date(path: Path) -> None:
    code = create_recovery(path, SECRETS, cost=CHEAP)
    for now in ({**SECRETS, "book-key": b"k" * 32}, {"book-key": SECRETS["book-key"]}, {}):
        with pytest.raises(RecoveryStale):
            verify_recovery(path, code, now)


def test_every_changed_byte_is_noticed(path: Path) -> None:
    code = create_recovery(path, {"a": b"1"}, cost=CHEAP)
    whole = path.read_bytes()
    for place in range(len(whole)):
        altered = bytearray(whole)
        altered[place] ^= 0x01
        path.write_bytes(altered)
        with pytest.raises((RecoveryDamaged, VaultTooNew)):
            open_recovery(path, code)


def test_no_key_can_be_taken_out_renamed_or_swapped_unseen(path: Path) -> None:
    code = create_recovery(path, SECRETS, cost=CHEAP)
    content = decode(path.read_bytes(), form=FORMAT, version=VERSION)
    book, rescue = content["secrets"]["book-key"], content["secrets"]["rescue-key"]
    forged = [{"book-key": book}, {"book-key": rescue, "rescue-key": book}, {"other": book, "rescue-key": rescue}]
    forged += [{"../x": book}, {"book-key": 5}]
    for secrets in forged:
        path.write_bytes(encode({**content, "secrets": secrets}))
        with pytest.raises((RecoveryCodeWrong, RecoveryDamaged)):
            open_recovery(path, code)


def test_restoring_puts_the_keys_back_and_loses_none(path: Path) -> None:
    code = create_recovery(path, SECRETS, cost=CHEAP)
    keychain = MemoryKeychain()
    keychain.set("rescue-key", b"drawn by mistake")
    assert restore_from_recovery(keychain, path, code) == ("book-key", "rescue-key")
    assert keychain.secrets == {**SECRETS, "rescue-key.before-recovery": b"drawn by mistake"}
    restore_from_recovery(keychain, path, code)
    assert keychain.secrets["rescue-key.before-recovery"] == b"drawn by mistake"


def test_a_wrong_code_restores_nothing(path: Path) -> None:
    create_recovery(path, SECRETS, cost=CHEAP)
    keychain = MemoryKeychain()
    with pytest.raises(RecoveryCodeWrong):
        restore_from_recovery(keychain, path, new_code())
    assert keychain.secrets == {}


def test_a_folder_that_cannot_be_written_gives_no_code(tmp_path: Path) -> None:
    with pytest.raises(VaultUnusable):
        create_recovery(tmp_path / "none" / "recovery.json", SECRETS, cost=CHEAP)
