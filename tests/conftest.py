"""Settings of every test: no display, no network, no keyring and no folder of whoever runs them."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.support.logs", "tests.support.loopback"]

# Before anything imports Qt, keyring, httpx or platformdirs: they look at the environment once.
_HOME = Path(tempfile.mkdtemp(prefix="posapp-tests-"))
_FOLDERS = {
    "HOME": "",
    "XDG_CACHE_HOME": ".cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "XDG_RUNTIME_DIR": "run",
}
_NOT_INHERITED = (
    "ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "all_proxy", "http_proxy", "https_proxy", "no_proxy",
    "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY",
    "POSAPP_HOME", "POSAPP_LANG", "POSAPP_VAULT_PASSPHRASE",
)  # fmt: skip

for _name in _NOT_INHERITED:
    os.environ.pop(_name, None)
for _name, _folder in _FOLDERS.items():
    _path = _HOME / _folder
    _path.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ[_name] = str(_path)
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if sys.platform != "linux":  # on Linux there is no keyring without a bus; elsewhere it is always at hand
    os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")

# Fresh examples in every run: many runs see much. A failure prints what repeats it. No deadline: machines differ.
_COMMON = {"deadline": None, "print_blob": True, "derandomize": False}
settings.register_profile("default", **_COMMON, max_examples=60)
settings.register_profile("ci", **_COMMON, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", **_COMMON, max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "default"))


def pytest_unconfigure() -> None:
    shutil.rmtree(_HOME, ignore_errors=True)
