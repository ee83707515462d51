"""Whether a window can be shown here, found out before Qt starts: without a display Qt ends the process, uncaught."""

from __future__ import annotations

import ctypes
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

from posapp.domain.errors import DisplayUnavailable
from posapp.domain.messages import N_

PLATFORM = "QT_QPA_PLATFORM"
ANSWER_SECONDS = 2.0

_NEEDS_SERVER = frozenset({"xcb", "wayland", "wayland-egl", "wayland-brcm"})
_X_HELLO = b"l\0\x0b\0\0\0\0\0\0\0\0\0"
"""The first words of the X11 protocol, version 11.0, without credentials; whoever speaks X answers them."""


class NoDisplay(DisplayUnavailable):
    """Neither an X nor a Wayland server answers."""

    id = "no_display"
    title = N_("There is no display")
    message = N_("The window needs a display, and none answers here.")
    hint = N_("Start it from a desktop. Everything else works on the command line: posapp --help.")


def find_display(environ: Mapping[str, str], system: str) -> str | None:
    """Return which of Qt's platforms to use, as a value of `QT_QPA_PLATFORM`; None to leave the choice to Qt.

    Args:
        environ: The process's environment.
        system: As `sys.platform` has it.

    Raises:
        NoDisplay: Qt would find no display and end the process.
    """
    if not system.startswith(("linux", "freebsd")):
        return None
    chosen = [one.partition(":")[0] for one in environ.get(PLATFORM, "").split(";") if one]
    if chosen and not _NEEDS_SERVER.issuperset(chosen):
        return None
    found = [one for one in ("xcb", "wayland") if _ANSWERS[one](environ)]
    if environ.get("XDG_SESSION_TYPE") == "wayland":
        found.reverse()
    usable = [one for one in found if not chosen or any(name.startswith(one) for name in chosen)]
    if not usable:
        raise NoDisplay
    return ";".join(usable)


def _x_answers(environ: Mapping[str, str]) -> bool:
    display = environ.get("DISPLAY", "")
    return bool(display) and any(_says_hello(*place) for place in _x_places(display)) and _x_lets_in(display)


def _x_places(display: str) -> Iterator[tuple[socket.AddressFamily, str | tuple[str, int]]]:
    """Yield where the server of a `DISPLAY` (`host:number.screen`) may listen."""
    host, _, number = display.rpartition(":")
    number = number.partition(".")[0]
    if not number.isascii() or not number.isdigit():
        return
    if host in {"", "unix"}:
        yield socket.AF_UNIX, f"\0/tmp/.X11-unix/X{number}"
        yield socket.AF_UNIX, f"/tmp/.X11-unix/X{number}"  # noqa: S108 (where X servers listen)
    else:
        yield socket.AF_INET, (host.strip("[]"), 6000 + int(number))


def _says_hello(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as channel:
            channel.settimeout(ANSWER_SECONDS)
            channel.connect(address)
            channel.sendall(_X_HELLO)
            return bool(channel.recv(1))
    except (OSError, OverflowError):
        return False


def _x_lets_in(display: str) -> bool:
    """Return whether the server takes this user's credentials, asked by the library that Qt itself uses."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:  # Qt's own plugin does not load without it either, which is another sentence
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(display.encode(), None))
    refused = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not refused


def _wayland_answers(environ: Mapping[str, str]) -> bool:
    name = environ.get("WAYLAND_DISPLAY", "")
    if not name:
        return False
    path = Path(environ.get("XDG_RUNTIME_DIR", "/nowhere")) / name
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as channel:
            channel.settimeout(ANSWER_SECONDS)
            channel.connect(str(path))
            return True
    except (OSError, OverflowError):
        return False


_ANSWERS = {"xcb": _x_answers, "wayland": _wayland_answers}
