"""The fonts that ship, their licence, and that paper needs nothing of the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from importlib.resources import files

import resources.fonts
from posapp.documents.fonts import faces


def test_every_font_ships_with_its_licence() -> None:
    licence = (files(resources.fonts) / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "PERMISSION & CONDITIONS" in licence
    for face in {*faces(), *faces(bold=True)}:
        owner, terms = (face.face.get_name(number) for number in (0, 13))  # OpenType: copyright, licence
        assert "SIL Open Font License, Version 1.1" in terms
        assert owner.partition(" All Rights")[0].rstrip(".") in licence


def test_no_font_ships_that_nothing_draws_with() -> None:
    shipped = {entry.name for entry in files(resources.fonts).iterdir() if entry.name.endswith(".ttf")}
    assert shipped == {f"{face.name}.ttf" for face in (*faces(), *faces(bold=True))}


def test_other_processes_make_the_same_bytes() -> None:
    code = (
        "import sys; from tests.documents.samples import marked, scripts\n"
        "from posapp.documents.statement import render_statements\n"
        "from posapp.locale.translator import Translator\n"
        "from posapp.services.ports.documents import Paper\n"
        "made = render_statements([marked(), *scripts()], say=Translator(), paper=Paper.A4)\n"
        "sys.stdout.buffer.write(made)"
    )
    digests = {
        sha256(
            subprocess.run(
                [sys.executable, "-c", code],
                env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
                capture_output=True,
                check=True,
            ).stdout
        ).hexdigest()
        for seed, zone in (("1", "UTC"), ("2", "Asia/Karachi"))
    }
    assert len(digests) == 1
