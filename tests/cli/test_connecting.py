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


def balance(posapp: Posapp, customer: str) -> object:
    return posapp.ok("customer", "show", customer)["balance"]


@pytest.mark.parametrize("selorax", ["plain"], indirect=True)
def test_another_server_takes_the_place_of_the_first(posapp: Posapp, stub: StubServer, selorax: StubServer) -> None:
    posapp.connect(stub)
    posapp.ok("sync")
    asha = posapp.ok("customer", "add", "--name", "Asha Firstserver", "--phone", "01711-990011")["customer"]["id"]
    posapp.ok("charge", asha, "120")
    options, secret = client_of(selorax)
    other = ["connect", "selorax", selorax.root_url, *options]
    refused = posapp(*other, stdin=secret)
    assert (refused.code, refused.error) == (1, "another_server")
    assert "--replace" in refused.json["error"]["hint"]
    waiting = posapp(*other, "--replace", stdin=secret)
    assert (waiting.code, waiting.error) == (1, "work_waiting")
    posapp.drain()
    before = posapp.ok("status")["customers"]
    replaced = posapp.ok(*other, "--replace", stdin=secret)
    assert replaced["replaced"] == {"name": posapp_name(stub), "left": before, "stayed": 0}
    assert posapp.ok("find", "Firstserver")["customers"] == []
    assert [one["primary"] for one in posapp.ok("status")["connections"]] == [True, False]
    assert posapp.ok("sync")["complete"]
    binod = posapp.ok("customer", "add", "--name", "Binod Second", "--phone", "01711-990022")["customer"]["id"]
    assert posapp.ok("charge", binod, "80")["state"] == "kept"
    synced = posapp.ok("sync")
    assert (synced["waiting"], synced["needs_attention"]) == (0, 0)
    assert posapp.ok("verify")["ok"]
    history = posapp.ok("ledger", asha)
    assert [line["amount"]["minor"] for line in history["entries"]] == [12000], "the first one's acts stay to be read"
    gone = posapp("charge", asha, "5")
    assert (gone.code, gone.error) == (1, "customer_gone")
    names = {row["name"] for row in selorax_rows(selorax)}
    assert "Binod Second" in names
    assert "Asha Firstserver" not in names, "nobody is sent by himself"


def posapp_name(stub: StubServer) -> str:
    return stub.base_url.split("//")[1].split("/")[0]


def selorax_rows(server: StubServer) -> list[dict[str, object]]:
    with server.client("22", api="selorax") as client:
        rows: list[dict[str, object]] = client.get("/api/apps/v1/customers", params={"limit": 250}).json()["data"]
    return rows
