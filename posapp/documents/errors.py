"""What can go wrong with paper."""

from __future__ import annotations

from posapp.domain.errors import DocumentError
from posapp.domain.messages import N_


class DocumentNotDrawn(DocumentError):
    """The fonts or the drawing failed."""

    id = "document_not_drawn"
    message = N_("The PDF could not be drawn. Nothing was written, and the book is unchanged.")
    hint = N_("Run “posapp doctor” to see whether posapp's fonts are all there, then try again.")
