"""Every error has sentences of its own, and whoever raises one fills all their places."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import posapp
from posapp.domain.errors import PosError

ROOT = Path(posapp.__file__).parent


def families() -> Iterator[type[PosError]]:
    """Yield every error class of posapp."""
    for module in pkgutil.walk_packages(posapp.__path__, "posapp."):
        if ".migrations." not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    waiting = [PosError]
    while waiting:
        family = waiting.pop()
        if family.__module__.startswith("posapp."):
            yield family
        waiting += family.__subclasses__()


FAMILIES = sorted(set(families()), key=lambda family: family.id)


def places(text: str) -> set[str]:
    """Return the named places of a sentence."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_ids_tell_errors_apart() -> None:
    ids = [family.id for family in FAMILIES]
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.id)
def test_an_error_says_what_happened_and_what_to_do(family: type[PosError]) -> None:
    for text in (family.title, family.message, family.hint):
        assert text.strip() == text != ""
    assert family.message.endswith((".", "?", "}"))
    assert family.hint.rstrip('"').endswith((".", "?", "…", "FILE", "stdin", "}")) or "posapp" in family.hint
    assert not family.title.endswith(".")


def raised() -> Iterator[tuple[Path, int, str, set[str]]]:
    """Yield where an error class is made by name, and which places are filled there."""
    names = {family.__name__ for family in FAMILIES}
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                if any(keyword.arg is None for keyword in node.keywords):
                    continue
                yield path, node.lineno, node.func.id, {str(keyword.arg) for keyword in node.keywords}
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name) and node.exc.id in names:
                yield path, node.lineno, node.exc.id, set()


def test_whoever_raises_fills_every_place() -> None:
    by_name = {family.__name__: family for family in FAMILIES}
    holes = []
    for path, line, name, filled in raised():
        family = by_name[name]
        wanted = places(family.title) | places(family.message) | places(family.hint)
        if not wanted <= filled:
            holes.append(f"{path.relative_to(ROOT)}:{line} {name} leaves {sorted(wanted - filled)} open")
    assert holes == []


def test_an_error_never_shows_its_parameters_as_text() -> None:
    error = PosError(name="Rahima", phone="01711")
    assert "Rahima" not in str(error) + repr(error)
