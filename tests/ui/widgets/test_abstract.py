"""A Qt class with a method that is missing is not made at all."""

from __future__ import annotations

from abc import abstractmethod

import pytest
from PySide6.QtCore import QObject

from posapp.ui.widgets.abstract import AbstractQt


class Asks(QObject, metaclass=AbstractQt):
    @abstractmethod
    def answer(self) -> int:
        """Return the answer."""


class Answers(Asks):
    def answer(self) -> int:
        return 42


def test_what_lacks_a_method_is_not_made() -> None:
    with pytest.raises(TypeError, match="Asks lacks answer"):
        Asks()  # type: ignore[abstract]
    made = Answers(objectName="made")
    assert (made.answer(), made.objectName()) == (42, "made")
