"""A customer list that lies: what comes over the wire is not what the server holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.faults.wire import Answered, Asked, Fate, Wire
from tests.remote.raw_server import Conversation

Rows = list[dict[str, Any]]


def lists_customers(asked: Asked) -> bool:
    """Whether a request is for a page of customers."""
    return asked.method == "GET" and urlsplit(asked.path).path.endswith("/customers")


def page_of(asked: Asked) -> int:
    """Return the page that was asked for."""
    return int(dict(parse_qsl(urlsplit(asked.path).query)).get("page", "1"))


def asked_for(**changes: str) -> Fate:
    """The server is asked for something else than the till asked for."""

    def fate(wire: Wire, conversation: Conversation, asked: Asked) -> None:
        parts = urlsplit(asked.path)
        query = {**dict(parse_qsl(parts.query)), **changes}
        conversation.send(wire.forward(replace(asked, path=f"{parts.path}?{urlencode(query)}")).wire())

    return fate


def told(change: Callable[[int, Rows], Rows], **headers: str) -> Fate:
    """Another page comes back than the server answered."""

    def fate(wire: Wire, conversation: Conversation, asked: Asked) -> None:
        answer = wire.forward(asked)
        body = json.dumps(change(page_of(asked), json.loads(answer.body))).encode()
        conversation.send(Answered(answer.status, {**answer.headers, **headers}, body).wire())

    return fate
