"""A customer server in memory that can lose answers, lie and go away; it counts every effect."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from threading import RLock
from uuid import uuid4

from posapp.domain.customer import PROFILE_FIELDS, FieldValue, Profile, with_fields
from posapp.domain.errors import RemoteProtocolError, RemoteUnavailable, SignInRequired
from posapp.domain.ids import RemoteId
from posapp.domain.ledger import Direction, signed
from posapp.domain.money import Money
from posapp.services.ports.remote import Capabilities, RemoteCustomer, RemoteEntry, ServerDescription, Tombstone
from posapp.services.ports.writes import (
    CreateCustomer,
    DeleteCustomer,
    EditCustomer,
    Outcome,
    PreparedRequest,
    RedeemPoints,
    Repeat,
    Write,
    WriteAnswer,
    WriteResult,
)
from tests.sync.fake_clock import FakeClock

CURRENCY = "INR"
EXTENDED = Capabilities(
    idempotency_keys=True,
    updated_since=True,
    tombstones=True,
    etags=True,
    points=True,
    redeem_unique=True,
    ledger=True,
    ledger_write=True,
    sales=True,
    reversals=True,
    delete_meaning="anonymize",
)
PLAIN = Capabilities(points=True, ledger=True, delete_meaning="anonymize")

REFUSED = {"insufficient_points": 409, "not_found": 404, "moved_on": 412, "key_reused": 409, "bad_request": 400}

UNANSWERED = {
    "offline": WriteResult(Outcome.NOT_SENT, error_kind="ConnectError"),
    "sign_in": WriteResult(Outcome.SIGN_IN, 401),
    "busy": WriteResult(Outcome.LATER, 429, retry_after=7.0),
    "running": WriteResult(Outcome.LATER, 409, code="in_progress", retry_after=1.0),
    "broken": WriteResult(Outcome.AMBIGUOUS, 500),
    "drop_before": WriteResult(Outcome.AMBIGUOUS, error_kind="ReadError"),
    "refuse": WriteResult(Outcome.REFUSED, 400, code="bad_request", server_text="no"),
    "proxy": WriteResult(Outcome.REFUSED, 404, error_kind="not_json"),
    "forbid": WriteResult(Outcome.REFUSED, 403, code="forbidden"),
}


class _Refusal(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class FakeServer:
    """`faults` holds, for the next sends, one of: drop_before, drop_after, offline, busy, sign_in, broken, refuse."""

    def __init__(self, clock: FakeClock, capabilities: Capabilities = EXTENDED, page_size: int = 100) -> None:
        self.clock = clock
        self._capabilities = capabilities
        self._distrusted: Collection[str] = ()
        self.page_size = page_size
        self.records: dict[RemoteId, RemoteCustomer] = {}
        self.khatas: dict[RemoteId, list[RemoteEntry]] = {}
        self.stones: list[Tombstone] = []
        self.successors: dict[RemoteId, RemoteId] = {}
        self.effects: list[tuple[str, str]] = []
        self.sent: list[PreparedRequest] = []
        self.faults: list[str] = []
        self.reads_fail: list[str] = []
        self.keys: dict[str, tuple[bytes, WriteResult]] = {}
        self.unique: dict[str, WriteAnswer] = {}
        self.ignores_page = False
        self.announces: int | None = None
        self.skew: float | None = None
        self.unreadable: set[RemoteId] = set()
        self.hidden: set[RemoteId] = set()
        self.before_page: Callable[[int], None] | None = None
        self.before_send: Callable[[PreparedRequest], None] | None = None
        self.signed_out = False
        self.offline = False
        self._requests = 0
        self._lock = RLock()

    # What tests do on the server itself

    def add(self, name: str, phone: str | None = None, points: int = 0, balance: int = 0, **fields: object) -> RemoteId:
        remote_id = RemoteId(str(uuid4()))
        self._tick()
        now = self.clock.now()
        profile = Profile(name=name, phone=phone, **fields)  # type: ignore[arg-type]
        self.records[remote_id] = RemoteCustomer(
            remote_id, profile, points, Money(0, CURRENCY), 0, Money(0, CURRENCY), now, now
        )
        self.khatas[remote_id] = []
        if balance:
            direction = Direction.CREDIT if balance > 0 else Direction.DEBIT
            self.post(remote_id, direction, abs(balance))
        return remote_id

    def edit(self, remote_id: RemoteId, **fields: FieldValue) -> None:
        record = self.records[remote_id]
        self._tick()
        self.records[remote_id] = replace(
            record, profile=with_fields(record.profile, fields), updated_at=self.clock.now()
        )

    def set_points(self, remote_id: RemoteId, points: int) -> None:
        self._tick()
        self.records[remote_id] = replace(self.records[remote_id], points=points, updated_at=self.clock.now())

    def post(
        self, remote_id: RemoteId, direction: Direction, amount: int, reference: str | None = None, text: str = ""
    ) -> RemoteEntry:
        self._tick()
        record = self.records[remote_id]
        balance = (record.balance or Money(0, CURRENCY)) + signed(direction, Money(amount, CURRENCY))
        now = self.clock.now()
        entry = RemoteEntry(str(uuid4()), direction, Money(amount, CURRENCY), balance, text, reference, now, now)
        self.khatas[remote_id].append(entry)
        self.records[remote_id] = replace(record, balance=balance, updated_at=now)
        return entry

    def remove(self, remote_id: RemoteId, *, anonymize: bool = False) -> None:
        self._tick()
        now = self.clock.now()
        if anonymize:
            record = self.records[remote_id]
            gone = Profile(name="Deleted customer")
            self.records[remote_id] = replace(record, profile=gone, anonymized=True, updated_at=now)
        else:
            del self.records[remote_id]
        self.stones.append(Tombstone(remote_id, now, "anonymized" if anonymize else "deleted"))

    def merge(self, remote_id: RemoteId, primary: RemoteId) -> None:
        self._tick()
        del self.records[remote_id]
        self.stones.append(Tombstone(remote_id, self.clock.now(), "merged", primary))
        self.successors[remote_id] = primary

    def successor(self, remote_id: RemoteId) -> RemoteId | None:
        return self.successors.get(remote_id)

    def can(self, capabilities: Capabilities) -> None:
        self._capabilities = capabilities

    def named(self, name: str) -> list[RemoteCustomer]:
        return [record for record in self.records.values() if record.profile.name == name]

    # The port

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities.without(self._distrusted)

    def distrust(self, names: Collection[str]) -> None:
        self._distrusted = names

    @property
    def requests(self) -> int:
        return self._requests

    @property
    def clock_skew_seconds(self) -> float | None:
        return self.skew

    def describe(self) -> ServerDescription:
        self._read()
        return ServerDescription(self.capabilities, None, 0.0)

    def changed_since(self, since: datetime | None, page: int) -> Sequence[RemoteCustomer]:
        self._read(page)
        rows = sorted(self._listed(), key=lambda record: (record.updated_at, record.remote_id))
        return self._page([row for row in rows if since is None or (row.updated_at or since) >= since], page)

    @property
    def changes_announced(self) -> int | None:
        return self.announces

    def oldest_first(self, page: int) -> Sequence[RemoteCustomer]:
        self._read(page)
        return self._page(self._listed(), page)

    def newest_first(self, page: int) -> Sequence[RemoteCustomer]:
        self._read(page)
        return self._page(list(reversed(self._listed())), page)

    def by_change(self, page: int) -> Sequence[RemoteCustomer]:
        assert self.capabilities.by_change
        self._read(page)
        moment = {record.remote_id: record.updated_at for record in self.records.values()}
        return self._page(sorted(self._listed(), key=lambda record: (moment[record.remote_id], record.remote_id)), page)

    def snapshot(self) -> Sequence[RemoteCustomer]:
        assert self.capabilities.snapshot
        self._read()
        return self._listed()

    def customers(self, remote_ids: Sequence[RemoteId]) -> Sequence[RemoteCustomer]:
        assert len(remote_ids) <= self.capabilities.bulk_read
        self._read()
        there = [self.records[one] for one in remote_ids if one in self.records]
        return [self._told(replace(one, balance=None, updated_at=None)) for one in there]

    def deleted_since(self, since: datetime | None, page: int) -> Sequence[Tombstone]:
        self._read()
        stones = [stone for stone in self.stones if since is None or stone.deleted_at >= since]
        return stones[(page - 1) * self.page_size : page * self.page_size]

    def customer(self, remote_id: RemoteId, *, timeout: float | None = None) -> RemoteCustomer | None:
        self._read()
        if remote_id in self.unreadable:
            raise RemoteProtocolError
        with self._lock:
            record = self.records.get(remote_id)
            return None if record is None else self._told(replace(record, etag=self._etag(record)))

    def ledger(self, remote_id: RemoteId, *, timeout: float | None = None) -> Sequence[RemoteEntry]:
        self._read()
        with self._lock:
            return list(self.khatas[remote_id])

    def search(self, text: str) -> Sequence[RemoteCustomer]:
        self._read()
        return [
            record
            for record in self._listed()
            if any(
                text.casefold() in (value or "").casefold()
                for value in asdict(record.profile).values()
                if not isinstance(value, tuple)
            )
        ]

    def repeat_safety(self, write: Write) -> Repeat:
        if self.capabilities.idempotency_keys:
            return Repeat.KEY
        match write:
            case CreateCustomer():
                return Repeat.PROBE
            case EditCustomer() | DeleteCustomer():
                return Repeat.NATURAL
            case RedeemPoints():
                return Repeat.UNIQUE if self.capabilities.redeem_unique else Repeat.NEVER
            case _:
                return Repeat.UNIQUE if self.capabilities.unique_references else Repeat.PROBE

    def prepare(self, write: Write, key: str) -> PreparedRequest:
        body = json.dumps({"write": type(write).__name__, **asdict(write)}, default=str, sort_keys=True).encode()
        etag = getattr(write, "etag", None)
        return PreparedRequest(
            "POST",
            f"/{type(write).__name__}",
            body,
            "application/json",
            key if self.capabilities.idempotency_keys else None,
            {"If-Match": etag} if etag else {},
        )

    def send(self, request: PreparedRequest, *, operation_id: str, timeout: float | None = None) -> WriteResult:
        if self.before_send is not None:
            self.before_send(request)
        with self._lock:
            self._requests += 1
            if self.signed_out:
                return WriteResult(Outcome.SIGN_IN, 401)
            if self.offline:
                return WriteResult(Outcome.NOT_SENT, error_kind="ConnectError")
            fault = self.faults.pop(0) if self.faults else ""
            self.sent.append(request)
            return self._faulty(fault, request, operation_id)

    def close(self) -> None:
        return None

    # Inside

    def _faulty(self, fault: str, request: PreparedRequest, operation_id: str) -> WriteResult:
        if fault in UNANSWERED:
            return UNANSWERED[fault]
        if fault == "crash_before":
            raise KeyboardInterrupt
        if fault == "crash":
            self._answer(request, operation_id)
            raise KeyboardInterrupt
        result = self._answer(request, operation_id)
        if fault == "drop_after":
            return WriteResult(Outcome.AMBIGUOUS, error_kind="ReadTimeout")
        return result

    def _answer(self, request: PreparedRequest, operation_id: str) -> WriteResult:
        if request.key is not None and request.key in self.keys:
            body, known = self.keys[request.key]
            if body != request.body:
                return WriteResult(Outcome.REFUSED, 409, code="key_reused")
            if known.answer is None:
                return known
            return replace(known, answer=replace(known.answer, replayed=True))
        content = json.loads(request.body)
        try:
            answer = self._apply(content["write"], content, request.headers, operation_id)
            result = WriteResult(Outcome.OK, 200, answer=answer)
        except _Refusal as refusal:
            status = REFUSED[refusal.code]
            result = WriteResult(Outcome.REFUSED, status, code=refusal.code, server_text=f"no: {refusal.code}")
        if request.key is not None:
            self.keys[request.key] = (request.body, result)
        return result

    def _apply(
        self, kind: str, content: Mapping[str, object], headers: Mapping[str, str], operation_id: str
    ) -> WriteAnswer:
        if kind == "CreateCustomer":
            profile = _profile(content["profile"])
            remote_id = self.add(
                profile.name,
                profile.phone,
                email=profile.email,
                address=profile.address,
                notes=profile.notes,
                tags=profile.tags,
            )
            self.effects.append((kind, operation_id))
            return WriteAnswer(customer=self._told(self.records[remote_id]))
        remote_id = RemoteId(str(content["remote_id"]))
        record = self.records.get(remote_id)
        if record is None or (record.anonymized and kind != "DeleteCustomer"):
            raise _Refusal("not_found")
        handler: Callable[..., WriteAnswer] = getattr(self, f"_do_{kind}")
        return handler(record, content, headers, operation_id)

    def _do_EditCustomer(self, record, content, headers, operation_id) -> WriteAnswer:  # noqa: N802
        if "If-Match" in headers and headers["If-Match"] != self._etag(record):
            raise _Refusal("moved_on")
        fields = {name: tuple(value) if name == "tags" else value for name, value in content["fields"].items()}
        self.edit(record.remote_id, **fields)
        self.effects.append(("EditCustomer", operation_id))
        return WriteAnswer(customer=self._told(self.records[record.remote_id]))

    def _do_DeleteCustomer(self, record, content, headers, operation_id) -> WriteAnswer:  # noqa: N802
        self.remove(record.remote_id, anonymize=bool(self.khatas[record.remote_id]))
        self.effects.append(("DeleteCustomer", operation_id))
        return WriteAnswer()

    def _do_PostEntry(self, record, content, headers, operation_id) -> WriteAnswer:  # noqa: N802
        if not self._capabilities.ledger_write:
            raise _Refusal("not_found")
        reference = str(content["reference_id"])
        known = self.unique.get(reference)
        if known is not None:
            return replace(known, replayed=True)
        amount = content["amount"]["minor"]
        entry = self.post(record.remote_id, Direction(content["direction"]), amount, reference, content["description"])
        self.effects.append(("PostEntry", operation_id))
        self.unique[reference] = WriteAnswer(entry=entry, balance=entry.balance_after)
        return self.unique[reference]

    def _do_RedeemPoints(self, record, content, headers, operation_id) -> WriteAnswer:  # noqa: N802
        sale, points = str(content["sale_id"]), int(content["points"])
        if self._capabilities.redeem_unique and sale in self.unique:
            return self.unique[sale]  # as the document has it: nothing says that this is the first answer again
        if points > (record.points or 0):
            raise _Refusal("insufficient_points")
        self.set_points(record.remote_id, (record.points or 0) - points)
        self.effects.append(("RedeemPoints", operation_id))
        self.unique[sale] = WriteAnswer(points=(record.points or 0) - points)
        return self.unique[sale]

    def _do_PostSale(self, record, content, headers, operation_id) -> WriteAnswer:  # noqa: N802
        sale = str(content["sale_id"])
        if sale in self.unique:
            return replace(self.unique[sale], replayed=True)
        on_account = content["on_account"]["minor"]
        if on_account:
            self.post(record.remote_id, Direction.DEBIT, on_account, sale)
        record = self.records[record.remote_id]
        earned = content["total"]["minor"] // 100
        self.set_points(record.remote_id, (record.points or 0) + earned - int(content["points_redeemed"]))
        now = self.records[record.remote_id]
        self.effects.append(("PostSale", operation_id))
        self.unique[sale] = WriteAnswer(points=now.points, balance=now.balance, points_earned=earned)
        return self.unique[sale]

    def _do_ReverseSale(self, record, content, headers, operation_id) -> WriteAnswer:  # noqa: N802
        self.effects.append(("ReverseSale", operation_id))
        return WriteAnswer(points=record.points, balance=record.balance)

    def _do_AdjustPoints(self, record, content, headers, operation_id) -> WriteAnswer:  # noqa: N802
        self.set_points(record.remote_id, (record.points or 0) + int(content["points"]))
        self.effects.append(("AdjustPoints", operation_id))
        return WriteAnswer(points=self.records[record.remote_id].points)

    def _listed(self) -> list[RemoteCustomer]:
        with self._lock:
            listed = [one for one in self.records.values() if not one.anonymized and one.remote_id not in self.hidden]
        if self._capabilities.updated_since:
            return listed
        unlisted = frozenset(self._capabilities.fields).difference(self._capabilities.listed)
        return [self._told(replace(one, balance=None, updated_at=None), unlisted) for one in listed]

    def _told(self, record: RemoteCustomer, unlisted: frozenset[str] = frozenset()) -> RemoteCustomer:
        """A record without what this server does not keep, and what a list does not show."""
        empty = frozenset(PROFILE_FIELDS).difference(self._capabilities.fields) | unlisted
        bare = {name: () if name == "tags" else None for name in empty}
        return replace(record, profile=with_fields(record.profile, bare), untold=unlisted)

    def _page(self, rows: Sequence[RemoteCustomer], page: int) -> Sequence[RemoteCustomer]:
        first = 0 if self.ignores_page else (page - 1) * self.page_size
        return rows[first : first + self.page_size]

    def _etag(self, record: RemoteCustomer) -> str | None:
        return repr((record.profile, record.points, record.balance)) if self._capabilities.etags else None

    def _read(self, page: int | None = None) -> None:
        if page is not None and self.before_page is not None:
            self.before_page(page)
        self._requests += 1
        if self.signed_out:
            raise SignInRequired(name="fake")
        if self.offline:
            raise RemoteUnavailable
        fault = self.reads_fail.pop(0) if self.reads_fail else ""
        if fault == "busy":
            raise RemoteUnavailable(retry_after=9.0)
        if fault == "lie":
            raise RemoteProtocolError
        if fault == "down":
            raise RemoteUnavailable

    def _tick(self) -> None:
        self.clock.pass_time(0.001)


def _profile(fields: object) -> Profile:
    assert isinstance(fields, dict)
    return Profile(**{**fields, "tags": tuple(fields["tags"])})


def later(moment: datetime, seconds: float) -> datetime:
    return moment + timedelta(seconds=seconds)
