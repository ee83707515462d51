"""What is shipped: dependencies that say what they are for, exact pins for all of them, and packages that are whole."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
PACKAGES: list[str] = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
SYSTEMS = [
    {"sys_platform": system, "platform_system": name, "os_name": family, "python_version": python}
    for system, name, family in (("linux", "Linux", "posix"), ("win32", "Windows", "nt"), ("darwin", "Darwin", "posix"))
    for python in ("3.11", "3.13")
]


def requirements() -> list[Requirement]:
    """What pyproject asks for, extras included, ourselves left out."""
    lines = [*PROJECT["dependencies"]]
    for extra in PROJECT["optional-dependencies"].values():
        lines += extra
    return [req for req in map(Requirement, lines) if canonicalize_name(req.name) != "posapp"]


def pins() -> dict[str, Requirement]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(pin.name): pin for pin in found}


def needed(start: list[Requirement]) -> Iterator[str]:
    """All that these requirements lead to, on every system; what is not installed here leads no further."""
    seen: set[tuple[str, str]] = set()
    waiting = list(start)
    while waiting:
        req = waiting.pop()
        name = canonicalize_name(req.name)
        for extra in ("", *req.extras):
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            yield name
            try:
                lines = distribution(name).requires or []
            except PackageNotFoundError:
                continue
            waiting += [
                child
                for child in map(Requirement, lines)
                if child.marker is None or any(child.marker.evaluate({**system, "extra": extra}) for system in SYSTEMS)
            ]


def test_each_dependency_says_what_it_is_for() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    for req in requirements():
        (line,) = [line for line in lines if re.match(rf'\s*"{re.escape(req.name)}[\[><=]', line)]
        assert re.search(r"#\s*\w+", line), f"{req.name} has no comment"


def test_whatever_is_installed_has_an_exact_pin() -> None:
    pinned = pins()
    missing = sorted(set(needed(requirements())) - pinned.keys())
    assert missing == []
    inexact = [str(pin) for pin in pinned.values() if not re.fullmatch(r"==[\w.]+", str(pin.specifier))]
    assert inexact == []


def test_each_pin_is_one_that_pyproject_allows() -> None:
    pinned = pins()
    for req in requirements():
        (version,) = [specifier.version for specifier in pinned[canonicalize_name(req.name)].specifier]
        assert req.specifier.contains(version), f"{req} does not allow {version}"


def test_constraints_are_sorted_and_name_no_address() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    names = [canonicalize_name(line.split("==")[0]) for line in text.splitlines() if not line.startswith("#")]
    assert names == sorted(names)
    assert not re.search(r"://|@|--", text)


def installed() -> Distribution:
    """Posapp as pip installed it, not the folder of its sources."""
    try:
        found = distribution("posapp")
    except PackageNotFoundError:
        pytest.skip("posapp is not installed here, only its sources are used")
    if not any(str(file) == "posapp/__init__.py" for file in found.files or []):
        pytest.skip("posapp is installed as a link to its sources")
    return found


def test_the_installed_packages_are_whole() -> None:
    shipped = {str(file) for file in installed().files or []}
    sources = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    assert sorted(sources - shipped) == [], "not shipped, or made after the installation: install again"
    assert "posapp/store/migrations/env.py" in shipped
    assert any(re.fullmatch(r"posapp/store/migrations/versions/\w+\.py", file) for file in shipped)


def test_the_commands_are_installed() -> None:
    commands = {point.name: point.value for point in installed().entry_points if point.group == "console_scripts"}
    assert commands == {"posapp": "posapp.__main__:main", "posapp-stub": "server_stub.__main__:main"}
