"""Abstract methods for Qt's classes: what lacks one cannot be made.

Shiboken makes its objects without `object.__new__`, which is where Python looks for abstract methods.
"""

from __future__ import annotations

from abc import ABCMeta
from typing import Any

from PySide6.QtCore import QObject


class AbstractQt(ABCMeta, type(QObject)):  # type: ignore[misc]  # Shiboken gives its metaclass no name
    """The metaclass of a Qt class with abstract methods."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        """Make one, where nothing is missing."""
        if cls.__abstractmethods__:
            raise TypeError(f"{cls.__name__} lacks {', '.join(sorted(cls.__abstractmethods__))}")
        return super().__call__(*args, **kwargs)
