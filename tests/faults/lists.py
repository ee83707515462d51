"""A customer list that lies: what comes over the wire is not what the server holds."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.faults.wire import Answered, Asked, Fate, Wire
from tests.remote.raw_server import Conversation

Rows = list[dict[str, Any]]

EXPORT = "/api/export-customers"
_LISTS = ("/customers", "/api/customer", "/customers_fetch/7", EXPORT)


def lists_customers(asked: Asked) -> bool:
    """Whether a request is for a page of customers; not one that only asks how many there are."""
    parts = urlsplit(asked.path)
    query = dict(parse_qsl(parts.query))
    counts = "count" in query or query.get("limit") == "1"
    return not asked.writes and parts.path.endswith(_LISTS) and not counts


def reads_customer(asked: Asked) -> bool:
    """Whether a request is for one customer."""
    path = urlsplit(asked.path).path
    whole = path.endswith("/customers/edit") or "/customer-detail/" in path
    return not asked.writes and (whole or path.rpartition("/")[0].endswith("/v1/customers"))


def page_of(asked: Asked) -> int:
    """Return the page that was asked for."""
    return int(dict(parse_qsl(urlsplit(asked.path).query)).get("page", "1"))


def asked_for(**changes: str) -> Fate:
    """The server is asked for another `limit` or `page` than the till asked for, by that API's own words."""

    def fate(wire: Wire, conversation: Conversation, asked: Asked) -> None:
        parts = urlsplit(asked.path)
        query = dict(parse_qsl(parts.query))
        other = dict(changes)
        if "per_page" in query and "limit" in other:
            other["per_page"] = other.pop("limit")
        if "offset" in query and "page" in other:
            other["offset"] = str((int(other.pop("page")) - 1) * int(other["limit"]))
        conversation.send(wire.forward(replace(asked, path=f"{parts.path}?{urlencode({**query, **other})}")).wire())

    return fate


def told(change: Callable[[int, Rows], Rows], **headers: str) -> Fate:
    """Another page comes back than the server answered."""

    def fate(wire: Wire, conversation: Conversation, asked: Asked) -> None:
        answer = wire.forward(asked)
        body = _changed(answer, lambda rows: change(page_of(asked), rows))
        conversation.send(Answered(answer.status, {**answer.headers, **headers}, body).wire())

    return fate


def announcing(total: int) -> Fate:
    """The server says that its list is of so many, wherever it says that."""

    def lied(told: Any) -> Any:
        if isinstance(told, dict):
            return {name: total if name == "total" else lied(value) for name, value in told.items()}
        return told

    def fate(wire: Wire, conversation: Conversation, asked: Asked) -> None:
        answer, body = wire.forward(asked), b""
        if "count=1" in asked.path:
            body = json.dumps({**json.loads(answer.body), "data": total}).encode()
        else:
            body = answer.body if asked.path.endswith(EXPORT) else json.dumps(lied(json.loads(answer.body))).encode()
        conversation.send(Answered(answer.status, {**answer.headers, "x-total-count": str(total)}, body).wire())

    return fate


def _changed(answer: Answered, change: Callable[[Rows], Rows]) -> bytes:
    """Return a list with other rows, in whichever envelope or form it came."""
    if answer.headers.get("content-type", "").startswith("text/csv"):
        reader = csv.DictReader(io.StringIO(answer.body.decode(), newline=""))
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, reader.fieldnames or [])
        writer.writeheader()
        writer.writerows(change(list(reader)))
        return text.getvalue().encode()
    whole = json.loads(answer.body)
    if isinstance(whole, list):
        return json.dumps(change(whole)).encode()
    return json.dumps({**whole, "data": change(whole["data"])}).encode()
