"""Tests talk to this machine alone: a socket that wants to go elsewhere is refused, and the test fails."""

from __future__ import annotations

import ipaddress
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest

EVENTS = frozenset({"socket.connect", "socket.sendto", "socket.getaddrinfo"})
LOCAL_NAMES = frozenset({"", "localhost", "testserver"})
NO_NAMES = (".invalid", ".test", ".localhost")
"""Endings that never belong to anybody (RFC 2606): asking for them tells nobody anything."""

_attempts: list[str] = []


class OutsideWorldError(OSError):
    """A test tried to leave this machine."""


def is_local(host: object) -> bool:
    """Return whether a host is this machine, or nobody."""
    if host is None:
        return True
    name = host.decode("ascii", "replace") if isinstance(host, (bytes, bytearray)) else str(host)
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return name.lower() in LOCAL_NAMES or name.lower().endswith(NO_NAMES)
    return address.is_loopback or address.is_unspecified


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if event not in EVENTS:
        return
    if event == "socket.getaddrinfo":
        host = args[0]
    elif args[0].family in (socket.AF_INET, socket.AF_INET6):
        host = args[1][0]
    else:
        return
    if not is_local(host):
        _attempts.append(f"{event} {host!r}")
        message = f"tests stay on this machine: {event} {host!r}"
        raise OutsideWorldError(message)


def pytest_configure() -> None:
    sys.addaudithook(_watch)


@pytest.fixture(autouse=True)
def no_outside_world() -> Iterator[None]:
    """Fail the test if it tried to leave the machine, even where the code under test caught the refusal."""
    yield
    attempts = _attempts.copy()
    _attempts.clear()
    if attempts:
        pytest.fail("tried to leave this machine: " + ", ".join(attempts), pytrace=False)
