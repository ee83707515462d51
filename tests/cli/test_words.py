"""Words as a cashier reads them on her eighth hour: one act waits, two acts wait; every table fits its line."""

from __future__ import annotations

import pytest
from rich.console import Console
from rich.table import Table

from posapp.cli.figures import INBOX_WORDS, STATE_WORDS, inbox_words, points_words, waiting_words
from posapp.cli.output import Fitting
from posapp.domain.operation import OperationKind, OperationState
from posapp.domain.words import KIND_WORDS
from posapp.locale.translator import Translator
from tests.cli.conftest import Posapp


@pytest.mark.parametrize(
    ("count", "waiting"),
    [(0, "nothing waits to be sent"), (1, "1 act waits to be sent"), (2, "2 acts wait to be sent")],
)
def test_counts_agree_with_their_verbs(count: int, waiting: str) -> None:
    say = Translator()
    assert waiting_words(count, say) == waiting
    assert ("needs a decision" in inbox_words(count, say)) == (count == 1)


@pytest.mark.parametrize(("points", "words"), [(None, "not fetched yet"), (0, "0"), (-1240, "1,240 overdrawn")])
def test_points_have_no_bare_minus(points: int | None, words: str) -> None:
    assert points_words(points, Translator()) == words


def test_every_kind_and_state_has_words() -> None:
    assert {kind.value for kind in OperationKind} == set(KIND_WORDS)
    assert {state.value for state in OperationState} <= set(STATE_WORDS)
    assert not [text for text in (*KIND_WORDS.values(), *INBOX_WORDS.values()) if "_" in text]


def test_a_table_without_room_leaves_out_what_matters_least() -> None:
    wide, narrow = Table("Name", "Id", box=None), Table("Name", box=None)
    wide.add_row("Asha Devi", "0197f4c2-8a7b-7000-8000-000000000000")
    narrow.add_row("Asha Devi")
    for width, shown in ((80, True), (30, False)):
        console = Console(width=width)
        with console.capture() as captured:
            console.print(Fitting(wide, narrow))
        assert ("000000000000" in captured.get()) == shown


def test_status_outbox_and_shop_speak(posapp: Posapp) -> None:
    made = posapp.ok("customer", "add", "--name", "Asha Devi")["customer"]["id"]
    status = posapp("status", as_json=False).out
    assert "1 customer\n" in status
    assert "1 act kept on this till" in status
    assert "0 " not in status
    posapp.ok("sale", made, "450")
    outbox = posapp("outbox", "--all", as_json=False).out
    assert "new customer" in outbox
    assert "₹450.00" in outbox
    assert "Asha Devi" in outbox
    shop = posapp("shop", as_json=False).out
    assert "None" not in shop
    assert "points earned for ₹1.00: 1" in shop
    points = posapp("explain", made, "points", as_json=False).out
    assert "+450" in points
    verified = posapp("verify", as_json=False).out
    assert "2 acts are exactly as they were recorded." in verified


def test_help_says_what_each_command_does(posapp: Posapp, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (("--help",), ("customer", "--help"), ("inbox", "--help")):
        with pytest.raises(SystemExit):
            posapp(*arguments, as_json=False)
        assert len(capsys.readouterr().out.splitlines()) > 5
