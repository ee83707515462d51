"""The rules of a customer's own account in the `siyahfy` API, with two servers on one database."""

import logging
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import argon2
import httpx
import jwt
import pytest
from sqlalchemy import select

from server_stub import passwords, tables
from tests.support.book import SettableClock
from tests.support.storefront import PASSWORD, Shopper, mailed, new_email, post, shopper, sign_up, token_of, visitor
from tests.support.stub import StubServer, as_json

LOGIN, VERIFY = "vendor/customer/login", "verify-otp-and-update"
ASK, RESET = "forgot-password-get-otp", "forgot-password-verify-otp"
OTHER = "another pass phrase"


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two servers on one database, and visitors of both."""

    first: StubServer
    second: StubServer
    clock: SettableClock
    one: httpx.Client
    two: httpx.Client

    def code(self, email: str) -> str:
        return str(mailed(self.first, email)[0]["code"])

    def account(self) -> Shopper:
        """Return a customer who has signed up, not by the slow way, and has a password."""
        made = shopper(self.first)
        with self.first.thread.app.state.runtime.database.write() as connection:
            mine = tables.customer.c.id == made.id
            connection.execute(tables.customer.update().where(mine).values(password_hash=stored_password()))
        return made

    def reset_code(self, email: str) -> str:
        as_json(post(self.one, ASK, email=email))
        return self.code(email)

    def validate(self, token: str) -> httpx.Response:
        return self.two.post("/api/validateUser", headers={"Authorization": f"Bearer {token}"})

    def blacklist(self, customer_id: int, blacklisted: bool) -> None:
        with self.first.client(api="siyahfy") as vendor:
            body = {"customer_id": customer_id, "blacklisted": blacklisted}
            as_json(vendor.post("/api/vendors/blacklist-customer", json=body))


_HASHES: list[str] = []


def stored_password() -> str:
    """Return `PASSWORD` as it is stored; one slow hash serves all tests."""
    if not _HASHES:
        _HASHES.append(passwords.hashed(PASSWORD))
    return _HASHES[0]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('pair') / 'stub.sqlite3'}"
    else:
        url = request.getfixturevalue("postgres").new_database()
    clock = SettableClock()
    with ExitStack() as stack:
        first, second = (stack.enter_context(StubServer(database_url=url, clock=clock.now)) for _ in range(2))
        one, two = (stack.enter_context(visitor(server)) for server in (first, second))
        yield Pair(first=first, second=second, clock=clock, one=one, two=two)


@pytest.fixture
def slow_hashes(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Return what tells how many times Argon2 was computed since it was last asked."""
    passwords.matches(None, "")  # nobody's own hash is made once
    seen: list[str] = []
    for name in ("hash", "verify"):
        real = getattr(argon2.PasswordHasher, name)

        def counted(*args: Any, _real: Any = real, **kwargs: Any) -> Any:
            seen.append("")
            return _real(*args, **kwargs)

        monkeypatch.setattr(argon2.PasswordHasher, name, counted)

    def taken() -> int:
        count = len(seen)
        seen.clear()
        return count

    return taken


def refused(response: httpx.Response, status: int) -> str:
    assert response.status_code == status, response.text
    body = response.json()
    assert body["success"] is False
    return str(body["message"])


def at_once(*calls: Callable[[], httpx.Response]) -> list[int]:
    """Return the statuses, in order of size, of requests that start together."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], httpx.Response]) -> int:
        barrier.wait()
        return call().status_code

    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(pool.map(run, calls))


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_two_requests_with_one_code_have_one_winner(pair: Pair) -> None:
    email = new_email()
    as_json(sign_up(pair.one, email))
    code = pair.code(email)
    assert at_once(*(lambda at=at: post(at, VERIFY, email=email, otp=code) for at in (pair.one, pair.two))) == [
        200,
        400,
    ]
    refused(post(pair.two, VERIFY, email=email, otp=code), 400)


def test_two_requests_with_one_reset_code_set_one_password(pair: Pair) -> None:
    who = shopper(pair.first)
    code = pair.reset_code(who.email)
    calls = [
        lambda at=at, word=word: post(at, RESET, email=who.email, otp=code, password=word)
        for at, word in ((pair.one, PASSWORD), (pair.two, OTHER))
    ]
    assert at_once(*calls) == [200, 400]
    logins = [post(pair.one, LOGIN, email=who.email, password=word).status_code for word in (PASSWORD, OTHER)]
    assert sorted(logins) == [200, 401]


def test_two_sign_ups_with_one_email_make_one_customer(pair: Pair) -> None:
    email = new_email()
    assert at_once(lambda: sign_up(pair.one, email), lambda: sign_up(pair.two, email.upper())) == [201, 201]
    with pair.first.client(api="siyahfy") as vendor:
        [row] = as_json(vendor.get("/api/vendors/customers/22", params={"search": email}))["data"]
    assert row["verified"] is False
    assert len(mailed(pair.first, row["email"])) == 1


@pytest.mark.parametrize(("tries", "status"), [(4, 200), (5, 400)])
def test_a_code_has_five_attempts_wherever_they_are_made(pair: Pair, tries: int, status: int) -> None:
    who = shopper(pair.first)
    code = pair.reset_code(who.email)
    for number in range(tries):
        at = (pair.one, pair.two)[number % 2]
        refused(post(at, RESET, email=who.email, otp=wrong(code), password=PASSWORD), 400)
    assert post(pair.one, RESET, email=who.email, otp=code, password=PASSWORD).status_code == status


def test_attempts_at_once_do_not_slip_past_the_count(pair: Pair) -> None:
    who = shopper(pair.first)
    code = pair.reset_code(who.email)
    guess = {"email": who.email, "otp": wrong(code), "password": PASSWORD}
    at_once(*(lambda at=at: post(at, RESET, **guess) for at in (pair.one, pair.two) for _ in range(3)))
    with pair.first.thread.app.state.runtime.database.read() as connection:
        kept = tables.one_time_code
        assert connection.scalar(select(kept.c.attempts).where(kept.c.customer_id == who.id)) == 5
    refused(post(pair.one, RESET, **{**guess, "otp": code}), 400)


def test_a_code_holds_ten_minutes_by_the_stubs_clock(pair: Pair) -> None:
    early, late = shopper(pair.first), shopper(pair.first)
    codes = {who.email: pair.reset_code(who.email) for who in (early, late)}
    pair.clock.advance(minutes=9, seconds=59)
    as_json(post(pair.two, RESET, email=early.email, otp=codes[early.email], password=PASSWORD))
    pair.clock.advance(seconds=2)
    refused(post(pair.two, RESET, email=late.email, otp=codes[late.email], password=PASSWORD), 400)


def test_the_newest_code_of_an_email_is_the_live_one(pair: Pair) -> None:
    who = shopper(pair.first)
    old, new = pair.reset_code(who.email), pair.reset_code(who.email)
    if old != new:  # one pair in a million is equal
        refused(post(pair.two, RESET, email=who.email, otp=old, password=PASSWORD), 400)
    as_json(post(pair.two, RESET, email=who.email, otp=new, password=PASSWORD))


def test_a_code_is_for_one_purpose_one_email_one_store(pair: Pair) -> None:
    who, other = shopper(pair.first), new_email()
    code = pair.reset_code(who.email)
    refused(post(pair.one, VERIFY, email=who.email, otp=code), 400)
    refused(post(pair.one, RESET, email=other, otp=code, password=PASSWORD), 400)
    refused(post(pair.one, RESET, store="7", email=who.email, otp=code, password=PASSWORD), 400)
    as_json(post(pair.one, RESET, email=who.email.upper(), otp=code, password=PASSWORD))


def test_a_code_dies_with_its_customer(pair: Pair) -> None:
    who = shopper(pair.first)
    code = pair.reset_code(who.email)
    with pair.first.client() as pos:
        as_json(pos.delete(f"/api/v1/customers/{who.uuid}"))
        as_json(pos.post("/api/v1/customers", json={"name": "Next", "email": who.email}))
    refused(post(pair.two, RESET, email=who.email, otp=code, password=PASSWORD), 400)


def test_five_requests_an_hour_known_or_not(pair: Pair) -> None:
    known, unknown = new_email(), new_email()
    as_json(sign_up(pair.one, known))  # its own code does not count
    for email in (known, unknown):
        answers = [post((pair.one, pair.two)[turn % 2], ASK, email=email) for turn in range(5)]
        assert [(answer.status_code, answer.json()["data"]) for answer in answers] == [(200, {"email": email})] * 5
        refusal = post(pair.one, ASK, email=email.upper())
        assert 3590 <= int(refusal.headers["retry-after"]) <= 3600
        assert refused(refusal, 429) == "Too many codes were asked for. Try again later."
    assert len(mailed(pair.first, known)) == 6
    assert mailed(pair.first, unknown) == []
    as_json(post(pair.one, ASK, store="7", email=known))
    pair.clock.advance(minutes=59)
    refused(post(pair.two, ASK, email=unknown), 429)
    pair.clock.advance(minutes=1, seconds=1)
    as_json(post(pair.two, ASK, email=known))


def test_requests_at_once_do_not_slip_past_the_limit(pair: Pair) -> None:
    email = new_email()
    calls = [lambda at=at: post(at, ASK, email=email) for at in (pair.one, pair.two) for _ in range(3)]
    assert at_once(*calls) == [200] * 5 + [429]


def test_a_known_email_at_sign_up_is_answered_alike_and_changes_nothing(
    pair: Pair, slow_hashes: Callable[[], int]
) -> None:
    who, fresh = pair.account(), new_email()
    with pair.first.client() as pos:
        before = as_json(pos.get(f"/api/v1/customers/{who.uuid}"))
        effects = len(pair.first.effects())
        slow_hashes()
        known = sign_up(pair.one, who.email, name="Eve", phone="1", password=OTHER)
        assert slow_hashes() == 2
        assert len(pair.first.effects()) == effects
        new = sign_up(pair.one, fresh)
        assert slow_hashes() == 2
        assert as_json(pos.get(f"/api/v1/customers/{who.uuid}")) == before
    assert (known.status_code, known.text) == (201, new.text.replace(fresh, who.email))
    assert set(known.headers) == set(new.headers)
    assert mailed(pair.first, who.email) == []
    refused(post(pair.two, LOGIN, email=who.email, password=OTHER), 401)
    as_json(post(pair.two, LOGIN, email=who.email, password=PASSWORD))


def test_who_cannot_sign_in_learns_nothing(pair: Pair, slow_hashes: Callable[[], int]) -> None:
    account, bare, waiting = pair.account(), shopper(pair.first), new_email()
    as_json(sign_up(pair.one, waiting))
    slow_hashes()
    answers = []
    for email in (new_email(), account.email, bare.email, waiting):
        answer = post(pair.one, LOGIN, email=email, password="wrong pass phrase")
        answers.append((answer.status_code, answer.text, set(answer.headers), slow_hashes()))
    assert answers == [answers[0]] * 4
    assert (answers[0][0], answers[0][3]) == (401, 1)
    refused(post(pair.one, LOGIN, email=waiting, password=PASSWORD), 403)


def test_who_asks_for_codes_learns_nothing(pair: Pair, slow_hashes: Callable[[], int]) -> None:
    who = shopper(pair.first)
    slow_hashes()
    seen = []
    for email in (who.email, new_email()):
        asked = post(pair.one, ASK, email=email)
        tried = post(pair.one, RESET, email=email, otp="no code", password=PASSWORD)
        verified = post(pair.one, VERIFY, email=email, otp="no code")
        texts = [answer.text.replace(email, "") for answer in (asked, tried, verified)]
        seen.append((asked.status_code, tried.status_code, verified.status_code, texts, slow_hashes()))
    assert seen[0] == seen[1]
    assert (seen[0][:3], seen[0][4]) == ((200, 400, 400), 3)


def test_a_sign_up_whose_code_is_lost_is_completed_by_a_new_password(pair: Pair) -> None:
    email = new_email()
    as_json(sign_up(pair.one, email, password=OTHER))
    pair.clock.advance(minutes=11)
    code = pair.reset_code(email)
    as_json(post(pair.two, RESET, email=email, otp=code, password=PASSWORD))
    refused(post(pair.one, LOGIN, email=email, password=OTHER), 401)
    token = as_json(post(pair.one, LOGIN, email=email, password=PASSWORD))["data"]["token"]
    assert as_json(pair.validate(token))["data"]["verified"] is True


def test_a_code_goes_to_the_email_on_file_not_to_one_that_looks_alike(pair: Pair) -> None:
    name = uuid4().hex
    on_file, alike = f"{name}straße@example.com", f"{name}STRASSE@example.com"
    with pair.first.client() as pos:
        as_json(pos.post("/api/v1/customers", json={"name": "A", "email": on_file}))
    as_json(post(pair.one, ASK, email=alike))
    assert (len(mailed(pair.first, on_file)), mailed(pair.first, alike)) == (1, [])


def test_a_blacklisted_customer_is_out_at_once(pair: Pair) -> None:
    who = pair.account()
    token = as_json(post(pair.one, LOGIN, email=who.email, password=PASSWORD))["data"]["token"]
    signed = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}

    def rename() -> httpx.Response:
        return pair.two.put("/api/UpdateCustomerDetail", json={"name": "Ada"}, headers=signed)

    as_json(rename())
    assert rename().headers["idempotency-replayed"] == "true"
    pair.blacklist(who.id, blacklisted=True)
    refused(pair.validate(token), 401)
    refused(rename(), 401)
    refused(post(pair.two, LOGIN, email=who.email, password=PASSWORD), 403)
    refused(post(pair.two, LOGIN, email=who.email, password=OTHER), 401)
    pair.blacklist(who.id, blacklisted=False)
    as_json(pair.validate(token))


def test_a_blacklisted_sign_up_gets_no_token(pair: Pair) -> None:
    email = new_email()
    as_json(sign_up(pair.one, email))
    with pair.first.client(api="siyahfy") as vendor:
        [row] = as_json(vendor.get("/api/vendors/customers/22", params={"search": email}))["data"]
    pair.blacklist(row["id"], blacklisted=True)
    refused(post(pair.two, VERIFY, email=email, otp=pair.code(email)), 403)


def test_a_token_ends_by_the_stubs_clock(pair: Pair) -> None:
    who = pair.account()
    token = as_json(post(pair.one, LOGIN, email=who.email, password=PASSWORD))["data"]["token"]
    pair.clock.advance(days=6, hours=23, minutes=59)
    as_json(pair.validate(token))
    pair.clock.advance(minutes=1, seconds=1)
    refused(pair.validate(token), 401)


def test_tokens_that_are_not_the_customers_own_are_401(pair: Pair) -> None:
    who, waiting = shopper(pair.first), new_email()
    as_json(sign_up(pair.one, waiting))
    with pair.first.client(api="siyahfy") as vendor:
        [row] = as_json(vendor.get("/api/vendors/customers/22", params={"search": waiting}))["data"]
    claims = jwt.decode(who.token, options={"verify_signature": False})
    head, body, tail = who.token.split(".")
    bad = {
        "forged": jwt.encode(claims, "another secret that is long enough", "HS256"),
        "unsigned": jwt.encode(claims, "", "none"),
        "unsigned by hand": f"{jwt.encode(claims, '', 'none').split('.')[0]}.{body}.",
        "another body": f"{head}.{token_of(who.id + 1).split('.')[1]}.{tail}",
        "of another API": token_of(who.id, audience="portal"),
        "expired": token_of(who.id, expires=pair.clock.now() - timedelta(seconds=1)),
        "of another store": token_of(who.id, store=7),
        "of another stub": token_of(who.id, random_seed=43),
        "of nobody": token_of(10**12),
        "of no number": token_of("x"),
        "of a number too large": token_of(2**64),
        "of one who is not verified": token_of(row["id"]),
        "no token": "x",
    }
    assert pair.validate(who.token).status_code == 200
    assert {why: pair.validate(token).status_code for why, token in bad.items()} == dict.fromkeys(bad, 401)


VENDORS = [
    ("GET", "vendors/customers/22"), ("GET", "vendors/customers_fetch/22"), ("GET", "customers/edit?id=1"),
    ("POST", "editcontactinformation"), ("POST", "fetchCustomersById"), ("GET", "customerAddresses?customer_id=1"),
    ("POST", "manageCustomerAddress"), ("PUT", "updateAddress"), ("DELETE", "deleteCustomerAddress?address_id=1"),
    ("POST", "vendors/customer/log"), ("POST", "update-cod-status"), ("POST", "vendors/blacklist-customer"),
    ("DELETE", "vendors/customer/delete/1"), ("DELETE", "vendors/customers/delete"), ("POST", "export-customers"),
    ("POST", "bulkupdatecolumns"), ("POST", "bulkinsertcustomers"),
]  # fmt: skip


def test_a_customers_token_opens_no_vendors_door(pair: Pair) -> None:
    with pair.first.client(api="siyahfy", token=shopper(pair.first).token) as own:
        answers = {path: own.request(method, f"/api/{path}", json={}).status_code for method, path in VENDORS}
    assert answers == dict.fromkeys(answers, 403)
    assert len(answers) == 17


def test_a_customers_keys_are_their_own(pair: Pair) -> None:
    one, two = shopper(pair.first), shopper(pair.first)
    key, rows = str(uuid4()), []
    for who in (one, two, one):
        headers = {"Authorization": f"Bearer {who.token}", "Idempotency-Key": key}
        answer = pair.one.post("/api/addNewAddress", json={"address1": "1 Road"}, headers=headers)
        rows.append((as_json(answer)["data"]["id"], "idempotency-replayed" in answer.headers))
    assert rows[0][0] != rows[1][0]
    assert [replayed for _, replayed in rows] == [False, False, True]
    assert rows[2][0] == rows[0][0]


def test_requests_that_carry_secrets_take_no_key(pair: Pair) -> None:
    who, key = pair.account(), {"Idempotency-Key": str(uuid4())}
    for password, status in ((PASSWORD, 200), (PASSWORD, 200), (OTHER, 401)):
        body = {"store": "22", "email": who.email, "password": password}
        answer = pair.one.post(f"/api/{LOGIN}", json=body, headers=key)
        assert answer.status_code == status
        assert not {"idempotency-replayed", "x-sync-extensions"} & set(answer.headers)
    with pair.first.thread.app.state.runtime.database.read() as connection:
        kept = tables.idempotency
        assert connection.execute(select(kept).where(kept.c.key == key["Idempotency-Key"])).all() == []


def test_no_secret_is_logged_answered_or_kept_as_it_is(pair: Pair, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    email, password, answers = new_email(), uuid4().hex, []
    answers.append(sign_up(pair.one, email, password=password))
    code = pair.code(email)
    with pair.first.thread.app.state.runtime.database.read() as connection:
        kept = connection.execute(select(tables.one_time_code).order_by(tables.one_time_code.c.id.desc())).first()
        assert kept is not None
        row = connection.execute(select(tables.customer).where(tables.customer.c.id == kept.customer_id)).one()
    for secret in (kept.code_hash, row.password_hash):
        assert re.match(r"\$argon2id\$", secret)
    answers.append(post(pair.one, VERIFY, email=email, otp=code))
    answers.append(post(pair.one, LOGIN, email=email, password=password))
    answers.append(post(pair.one, LOGIN, email=email, password=[password]))
    answers.append(pair.validate(answers[1].json()["data"]["token"]))
    said = "".join(answer.text for answer in answers)
    logged = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.records)
    for secret in (password, kept.code_hash, row.password_hash):
        assert secret not in said
        assert secret not in logged
    assert re.search(rf"(?<!\d){code}(?!\d)", re.sub(r"\.\d{6}Z", "", said)) is None


@pytest.mark.parametrize("path", ["vendor/customer/add", VERIFY, LOGIN, ASK, RESET])
def test_bad_bodies_are_400_and_unknown_stores_404(pair: Pair, path: str) -> None:
    full: dict[str, Any] = {
        "store": "22", "name": "A", "email": new_email(), "password": PASSWORD, "otp": "123456", "phone": None,
    }  # fmt: skip
    for body in (b"", b"[]", b"{", b"null", b'{"store": "22", "email": "a\\u0000@b"}'):
        refused(pair.one.post(f"/api/{path}", content=body), 400)
    for bad in ({"email": ""}, {"email": "a b@c"}, {"email": "a@b\n"}, {"email": f"{'a' * 255}@b"}, {"store": None},
                {"store": True}, {"store": 1.5}):  # fmt: skip
        refused(pair.one.post(f"/api/{path}", json={**full, **bad}), 400)
    for store in ("23", 0, "", "twenty-two", 2**70 - 1, "22 "):
        answer = pair.one.post(f"/api/{path}", json={**full, "store": store})
        assert answer.status_code in ({400, 404} if store == 2**70 - 1 else {404}), answer.text
