"""`posapp run` where no window can be shown: a sentence and exit 5, before Qt could end the process."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from posapp.display import NoDisplay, find_display
from tests.cli.conftest import Posapp
from tests.cli.process import command, environment

X_PORTS = 6000
QT_LOADED = """
import sys
from posapp.__main__ import main
code = main(sys.argv[1:])
print("PySide6" in sys.modules)
sys.exit(code)
"""


@pytest.mark.parametrize("arguments", [(), ("run",)])
def test_without_a_display_it_says_so_and_never_loads_qt(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", QT_LOADED, "--home", str(tmp_path / "home"), "--json", *arguments],
        env=environment(QT_QPA_PLATFORM=None),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    answer, loaded = ran.stdout.splitlines()
    assert ran.returncode == 5
    assert json.loads(answer)["error"]["id"] == "no_display"
    assert loaded == "False"
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"DISPLAY": ":987"},
        {"DISPLAY": "nonsense"},
        {"DISPLAY": ":"},
        {"DISPLAY": ":99999999999"},
        {"WAYLAND_DISPLAY": "wayland-987"},
        {"DISPLAY": ":987", "QT_QPA_PLATFORM": "xcb"},
        {"QT_QPA_PLATFORM": "wayland;xcb"},
    ],
    ids=str,
)
def test_a_display_that_does_not_answer_is_none(tmp_path: Path, broken: dict[str, str]) -> None:
    ran = subprocess.run(
        command(tmp_path / "home", "run"),
        env=environment(**{"QT_QPA_PLATFORM": None, **broken}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (5, "")
    assert ran.stderr.startswith("There is no display\n")


def test_a_server_that_listens_and_says_nothing_is_none() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert port > X_PORTS, "the ports that systems give out lie far above X's"
        with pytest.raises(NoDisplay):
            find_display({"DISPLAY": f"127.0.0.1:{port - X_PORTS}"}, "linux")


@pytest.mark.parametrize("chosen", ["offscreen", "minimal:enable_fonts", "vnc:size=800x600", "linuxfb;xcb"])
def test_a_platform_without_a_server_needs_no_display(chosen: str) -> None:
    assert find_display({"QT_QPA_PLATFORM": chosen}, "linux") is None


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_where_the_system_always_has_a_display_qt_chooses(system: str) -> None:
    assert find_display({}, system) is None


def test_a_second_window_on_the_same_till_is_refused(posapp: Posapp) -> None:
    posapp.ok("status")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(posapp.home)], env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        refused = posapp("run")
        assert (refused.code, refused.error) == (5, "till_open_already")
    finally:
        holder.communicate(b"\n", timeout=20)


HOLD = """
import sys
from pathlib import Path
from posapp.app import open_till
with open_till(Path(sys.argv[1]), keyring=False) as app:
    assert not app.read_only
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_qt_that_does_not_load_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "PySide6").mkdir()
    (tmp_path / "PySide6" / "__init__.py").write_text(
        'raise ImportError("libEGL.so.1: cannot open shared object file")'
    )
    ran = subprocess.run(
        command(tmp_path / "home", "--json", "run"),
        env=environment(PYTHONPATH=f"{tmp_path}:{Path(__file__).parents[2]}", QT_QPA_PLATFORM="offscreen"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 5, ran.stderr
    error = json.loads(ran.stdout)["error"]
    assert error["id"] == "qt_missing"
    assert "libEGL.so.1" in error["message"]
