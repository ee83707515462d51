"""The port of documents, as PDF."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from posapp.documents.errors import DocumentNotDrawn
from posapp.documents.slip import render_slip
from posapp.documents.statement import render_statements
from posapp.domain.errors import PosError
from posapp.domain.slip import Slip
from posapp.domain.statement import Statement
from posapp.locale.translator import Translator
from posapp.services.ports.documents import Documents, Paper


class PdfDocuments(Documents):
    """Makes PDFs; every failure is a `DocumentError`."""

    def statements(self, statements: Sequence[Statement], *, say: Translator, paper: Paper) -> bytes:
        """Return statements as one PDF, each on pages of its own."""
        return _drawn(lambda: render_statements(statements, say=say, paper=paper))

    def slip(self, slip: Slip, *, say: Translator) -> bytes:
        """Return a slip for a roll of 80 mm as PDF."""
        return _drawn(lambda: render_slip(slip, say=say))


def _drawn(draw: Callable[[], bytes]) -> bytes:
    try:
        return draw()
    except PosError:
        raise
    except Exception as error:
        raise DocumentNotDrawn from error
