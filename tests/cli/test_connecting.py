"""Connecting a server: which halves of a credential are missing is said, and no secret is ever shown."""

from __future__ import annotations

import pytest

from posapp.app import known_apis
from tests.cli.conftest import Posapp

NOWHERE = "http://127.0.0.1:1/x"
SECRET = "sx_secret_canary"


@pytest.mark.parametrize(
    ("options", "stdin", "error"),
    [
        (["--token-stdin"], "", "credential_missing"),
        ([], "", "credential_missing"),
        (["--client-secret-stdin"], SECRET, "client_id_missing"),
        (["--store", "22", "--client-secret-stdin"], SECRET, "client_id_missing"),
        (["--store", "22", "--client-id", "app"], "", "client_secret_missing"),
        (["--store", "22", "--client-id", "app", "--client-secret-stdin"], "", "client_secret_missing"),
        (["--store", "22", "--client-id", "app", "--token-stdin"], SECRET, "client_secret_missing"),
        (["--client-id", "app", "--client-secret-stdin"], SECRET, "store_missing"),
        (["--store", "", "--client-id", "app", "--client-secret-stdin"], SECRET, "store_missing"),
        (["--store", "2 2", "--client-id", "app", "--client-secret-stdin"], SECRET, "wrong_client"),
        (["--store", "22", "--client-id", "", "--client-secret-stdin"], SECRET, "wrong_client"),
        (["--store", "22", "--client-id", "app", "--client-secret-stdin"], f"{SECRET}é", "wrong_client"),
    ],
)
def test_half_a_credential_is_refused_before_anything_is_sent(
    posapp: Posapp, options: list[str], stdin: str, error: str
) -> None:
    ran = posapp("connect", "pos", NOWHERE, *options, stdin=stdin)
    assert (ran.code, ran.error) == (1, error)
    assert SECRET not in ran.out + ran.err


def test_two_secrets_cannot_come_on_one_input(posapp: Posapp) -> None:
    ran = posapp("connect", "pos", NOWHERE, "--token-stdin", "--client-secret-stdin", stdin=SECRET)
    assert (ran.code, ran.error) == (2, "usage")
    assert SECRET not in ran.out + ran.err


def test_the_help_names_every_api(posapp: Posapp, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        posapp("connect", "--help")
    words = capsys.readouterr().out
    assert known_apis()
    assert all(name in words for name in known_apis())
