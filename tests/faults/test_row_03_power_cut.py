"""Row 3: a power cut takes or reorders what was not flushed; `python -m tests.crash images` makes 1,000 images."""

from __future__ import annotations

import pytest

from tests.crash import images


@pytest.mark.timeout(600)
def test_row_03_images(capsys: pytest.CaptureFixture[str]) -> None:
    code = images.main(["--minimum", "150", "--weaker", "60", "--acts", "10"])
    assert code == 0, capsys.readouterr().out
