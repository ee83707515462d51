"""Runs inside a D-Bus session of its own: starts a real gnome-keyring, then the given script beside it.

Usage: dbus-run-session -- python keyring_session.py unlocked|locked SCRIPT
"""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import closing

from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection

BUS = DBusAddress("/org/freedesktop/DBus", bus_name="org.freedesktop.DBus", interface="org.freedesktop.DBus")


def owned(name: str) -> bool:
    with closing(open_dbus_connection()) as bus:
        return bool(bus.send_and_get_reply(new_method_call(BUS, "NameHasOwner", "s", (name,))).body[0])


def main(mode: str, script: str) -> int:
    command = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
    if mode == "unlocked":
        command.append("--unlock")
    daemon = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert daemon.stdin is not None
        daemon.stdin.write(b"login password")
        daemon.stdin.close()
        deadline = time.monotonic() + 10
        while not owned("org.freedesktop.secrets"):
            if time.monotonic() > deadline:
                return 70
            time.sleep(0.02)
        return subprocess.run([sys.executable, script], check=False, timeout=40).returncode
    finally:
        daemon.terminate()
        daemon.wait(timeout=10)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
