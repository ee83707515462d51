"""Connecting a server: which halves of a credential are missing is said, and no secret is ever shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from posapp.app import known_apis, open_till
from posapp.keychain.ports import DERIVING_KEY
from server_stub.credentials import all_credentials
from tests.cli.conftest import Posapp
from tests.cli.process import PASSPHRASE
from tests.support.stub import StubServer

NOWHERE = "http://127.0.0.1:1/x"
SECRET = "sx_secret_canary"


HALVES: list[tuple[list[str], str, str]] = [
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
]
"""Options, what comes on standard input, and the error."""


def test_half_a_credential_is_refused_before_anything_is_sent(posapp: Posapp) -> None:
    for options, stdin, error in HALVES:
        ran = posapp("connect", "pos", NOWHERE, *options, stdin=stdin)
        assert (ran.code, ran.error) == (1, error), options
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


@pytest.fixture(scope="module", params=["extended", "plain"])
def selorax(request: pytest.FixtureRequest) -> Iterator[StubServer]:
    with StubServer(customers=20, api="selorax", plain=request.param == "plain") as server:
        yield server


def client_of(server: StubServer) -> tuple[list[str], str]:
    """Return the options that sign in as an app of store 22, and its secret."""
    known = all_credentials(server.random_seed)["selorax"]["22"]
    return ["--store", "22", "--client-id", known["client_id"], "--client-secret-stdin"], known["client_secret"]


def files_with(folder: Path, secret: str) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file() and secret.encode() in one.read_bytes()]


def test_a_client_connects_syncs_and_shows_its_secret_nowhere(posapp: Posapp, selorax: StubServer) -> None:
    options, secret = client_of(selorax)
    shop = ["--currency", "BDT", "--country", "BD", "--zone", "Asia/Dhaka"]
    connect = ["connect", "selorax", selorax.root_url, *options, *shop]
    refused = posapp(*connect, stdin=f"{secret}x")
    assert (refused.code, refused.error) == (4, "sign_in_required")
    answer = posapp.ok(*connect, stdin=secret)
    assert answer["fields"] == ["name", "phone", "email", "address"]
    assert (answer["connection"]["api"], answer["connection"]["store"]) == ("selorax", "22")
    synced = posapp.ok("sync")
    assert synced["pulled"] > 10
    assert synced["complete"]
    assert secret not in json.dumps([answer, synced, refused.json])
    assert not files_with(posapp.home, secret)
    words = posapp(*connect, stdin=secret, as_json=False).out
    extended = bool(selorax.thread.settings.extensions)
    assert ("khata and points stay on this till" in words) is not extended
    assert ("updated-since" in words) is extended
    token = all_credentials(selorax.random_seed)["selorax"]["22"]["token"]
    posapp.ok("connect", "selorax", selorax.root_url, "--store", "22", "--token-stdin", stdin=token)
    assert posapp.ok("sync")["complete"]
    with open_till(posapp.home, keyring=False, passphrase=lambda: PASSPHRASE) as app:
        assert app.home.keychain().get(DERIVING_KEY) is None, "nobody needs a password there"
