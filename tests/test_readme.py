"""README names things that exist: what it points to in the tree is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`((?:tests|posapp|server_stub|resources)/[\w./]+)`", README)))


def test_something_is_named() -> None:
    assert len(NAMED) > 10


@pytest.mark.parametrize("path", NAMED)
def test_what_is_named_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_map_of_the_house_names_every_room() -> None:
    house = README.split("## The house", 1)[1].split("```", 2)[1]
    rooms = {path.name for path in (ROOT / "posapp").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert {room for room in rooms if f"{room}/" not in house} == set()
