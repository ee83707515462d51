"""Connectors at raw servers, closed at the end of each test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from posapp.remote.credential import BearerToken
from posapp.remote.http import HttpClient, Limits
from posapp.remote.pos.api import PosApi
from tests.remote.raw_server import Conversation, RawServer

TOKEN = "token-that-must-not-leak"

Start = Callable[..., tuple[RawServer, PosApi]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a raw server and a connector at it."""
    with ExitStack() as stack:

        def run(
            behaviour: Callable[[Conversation], None], *, seconds: float = 5.0, cap: int = 1 << 20, **options: Any
        ) -> tuple[RawServer, PosApi]:
            server = stack.enter_context(RawServer(behaviour))
            limits = Limits(read_seconds=seconds, write_seconds=seconds, largest_answer=cap)
            api = PosApi(HttpClient(server.url, BearerToken(TOKEN), limits=limits), "INR", "Shop", **options)
            stack.callback(api.close)
            return server, api

        yield run
