"""The stub as a program: options, credentials, signals and crashes."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest

from server_stub.__main__ import main
from server_stub.credentials import Credentials, all_credentials, token_of
from server_stub.server import StubThread, listen
from tests.server_stub.test_customers import LIST, assert_refused, create
from tests.server_stub.test_sales import SALES
from tests.support.postgres import PostgresServer
from tests.support.stub import StubProcess, StubServer, as_json


def test_credentials_are_the_same_for_the_same_seed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'stub.sqlite3'}"
    assert main(["--print-credentials", "--database-url", url]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == all_credentials(42)
    assert set(printed["pos"]) == {"22", "7"}
    assert printed != all_credentials(43)
    assert (tmp_path / "new" / "stub.sqlite3").exists()


def test_a_token_names_its_store_alone() -> None:
    book = Credentials(42)
    for api in ("pos", "modules", "selorax"):
        for store in (22, 7):
            grant = book.grant_of(api, token_of(42, api, store))
            assert grant is not None
            assert grant.store_id == store
        assert book.grant_of(api, token_of(43, api, 7)) is None
        assert book.grant_of(api, "\udcff") is None
        assert token_of(42, api, 7) not in repr(vars(book))
    assert book.grant_of("pos", token_of(42, "modules", 22)) is None


def test_a_client_of_selorax_speaks_for_its_own_store_alone() -> None:
    book, made = Credentials(42), all_credentials(42)["selorax"]["22"]
    grant = book.grant_of_client(made["client_id"], made["client_secret"], "22")
    assert grant is not None
    assert grant.store_id == 22
    assert book.grant_of_client(made["client_id"], made["client_secret"], "7") is None
    assert book.grant_of_client(made["client_id"], made["client_secret"] + "x", "22") is None
    reading = book.grant_of("selorax", made["read_token"])
    assert reading is not None
    assert reading.scopes == {"read:customers"}


NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_web_token_counts_until_its_end_for_its_audience_alone() -> None:
    tokens = Credentials(42).web_tokens
    vendor = all_credentials(42)["portal"]["22"]
    claims = tokens.read(vendor["token"], "portal", NOW)
    assert claims is not None
    assert claims["store"] == 22
    assert tokens.read(vendor["token"], "siyahfy", NOW) is None
    assert tokens.read(vendor["expired_token"], "portal", NOW) is None
    assert tokens.read(all_credentials(43)["portal"]["22"]["token"], "portal", NOW) is None
    unsigned = jwt.encode({"aud": "portal", "exp": 4102444800, "sub": "vendor-22", "store": 22}, "", "none")
    assert tokens.read(unsigned, "portal", NOW) is None
    assert tokens.read("x.y.z", "portal", NOW) is None
    assert tokens.read(tokens.sign("portal", NOW + timedelta(days=1), sub="a"), "portal", NOW) is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--api", "x"], "unknown API"), (["--port", "99999"], "no such port"),
     (["--customers", "-1"], "negative"), (["--faults", "/nowhere.toml"], "nowhere")],
)  # fmt: skip
def test_wrong_options_are_usage_errors(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert message in capsys.readouterr().err


def test_a_taken_port_or_a_missing_database_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        assert main(["--port", port, "--database-url", "sqlite://"]) == 1
    assert "in use" in capsys.readouterr().err
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["--print-credentials", "--database-url", f"sqlite:///{tmp_path / 'file' / 'stub.sqlite3'}"]) == 1
    assert main(["--print-credentials", "--database-url", "no such url"]) == 1
    assert "posapp-stub:" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["faults = 5", "x = ", "[[faults]]\nmatch = {}\neffect = {explode = true}"])
def test_a_bad_fault_file_is_a_usage_error(content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "faults.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SystemExit) as caught:
        main(["--faults", str(path)])
    assert caught.value.code == 2
    assert "--faults" in capsys.readouterr().err


def test_the_program_serves_with_faults_from_a_file_and_stops_cleanly(tmp_path: Path) -> None:
    path = tmp_path / "faults.toml"
    path.write_text('[[faults]]\nmatch = {method = "GET", count = 1}\neffect = {status = 503}\n', encoding="utf-8")
    stub = StubProcess(database_url="sqlite://", api="pos", plain=True, cwd=tmp_path)
    stub._options += ["--faults", str(path)]
    with stub:
        assert stub.base_url == stub.root_url
        with stub.client() as client:
            assert client.get(LIST).status_code == 503
            response = client.get(LIST)
            assert (response.status_code, response.headers.get("x-sync-extensions")) == (200, None)
        assert httpx.get(f"{stub.root_url}/healthz", trust_env=False).json() == {"status": "ok"}
        assert stub.effects() == []
        assert stub.stop() == 0


def test_the_default_database_lies_in_the_working_directory(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "server_stub", "--print-credentials", "--customers", "3"]
    root = str(Path(__file__).parents[2])
    done = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": root}, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == all_credentials(42)
    assert done.stderr == ""
    assert (tmp_path / ".stub" / "stub.sqlite3").exists()


def database_of(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if backend == "sqlite":
        return f"sqlite:///{tmp_path / 'stub.sqlite3'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.mark.parametrize("backend", ["sqlite", "postgres"])
def test_what_was_answered_outlives_a_crash(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    with StubProcess(database_url=database_of(backend, request, tmp_path)) as stub:
        with stub.client() as client:
            first = client.post(LIST, json={"name": "Kept"}, headers=headers)
        stub.faults([{"match": {"method": "POST"}, "effect": {"drop_after": True}}])
        with stub.client() as client, pytest.raises(httpx.TransportError):
            client.post(LIST, json={"name": "Kept too"})
        stub.kill()
        stub.start()
        with stub.client() as client:
            again = client.post(LIST, json={"name": "Kept"}, headers=headers)
            assert (again.status_code, again.content) == (201, first.content)
            assert [row["name"] for row in as_json(client.get(LIST))] == ["Kept too", "Kept"]


def test_the_thread_goes_away_and_comes_back_on_the_same_port() -> None:
    with StubThread() as stub:
        token = stub.credentials["pos"]["22"]["token"]
        with httpx.Client(
            base_url=stub.base_url(), headers={"Authorization": f"Bearer {token}"}, trust_env=False
        ) as client:
            made = create(client)
            url = stub.url
            stub.stop()
            assert not stub.running
            stub.stop()
            with pytest.raises(httpx.ConnectError):
                client.get(LIST)
            stub.start()
            stub.start()
            assert (stub.running, stub.url) == (True, url)
            assert as_json(client.get(LIST))[0]["id"] == made["id"]


def test_openapi_describes_what_is_served() -> None:
    with StubServer() as stub, StubServer(plain=True, api="pos") as plain:
        full = httpx.get(f"{stub.root_url}/openapi.json", trust_env=False).json()
        bare = httpx.get(f"{plain.root_url}/openapi.json", trust_env=False).json()
        assert httpx.get(f"{stub.root_url}/docs", trust_env=False).status_code == 200
    one = "/api/v1/customers/{customer_id}"
    assert set(bare["paths"]) == {"/healthz", LIST, one, f"{one}/ledger", f"{one}/loyalty/redeem"}
    assert f"/pos{SALES}/{{sale_id}}/reversal" in full["paths"]
    for path, operations in full["paths"].items():
        for operation in operations.values():
            codes = set(operation["responses"])
            assert "422" not in codes or path.startswith("/modules/")
            if path != "/healthz":
                assert {"413", *(["401"] if operation["security"] else [])} <= codes
    assert set(full["paths"][f"/pos{LIST}"]["post"]["responses"]) == {"201", "400", "401", "409", "413"}
    references = set(find_references(full))
    assert references
    assert {reference.rsplit("/", 1)[1] for reference in references} <= set(full["components"]["schemas"])


def find_references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for item in value.values() for found in find_references(item)]
    return [found for item in value for found in find_references(item)] if isinstance(value, list) else []


def test_another_path_is_refused_at_the_root() -> None:
    with StubServer(api="pos") as stub, stub.client() as client:
        assert_refused(client.get("/pos/api/v1/customers"), 404, "not_found")
