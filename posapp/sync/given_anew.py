"""Ids that a server gives out anew once it was put back: under a known id somebody else stands (research/sync, 4.6).

A database that counts its customers goes on counting from where the backup stood. Whoever was lost with the newest
numbers has them taken by the next newcomers, and the list looks as if nothing were missing.
"""

from __future__ import annotations

from datetime import timedelta

from posapp.domain.errors import ServerWentBack
from posapp.domain.messages import N_
from posapp.services.ports.mirror import MirrorRow
from posapp.services.ports.remote import RemoteCustomer

_APART = timedelta(minutes=1)
"""Times of one creation differ by less, whatever a server rounds."""


class IdGivenAnew(ServerWentBack):
    """A record carries the id of a known customer and is somebody else; nothing of it was taken over."""

    id = "id_given_anew"
    message = N_("The server shows somebody else under the number of a known customer.")


def is_somebody_else(row: MirrorRow, record: RemoteCustomer) -> bool:
    """Return whether a record is not the customer known by its id: made later, with another name and another phone.

    The time alone would not do, for a server may tell it differently in two places.

    Args:
        row: What the book knows.
        record: As the server shows it now.
    """
    if row.created_at is None or record.created_at is None or record.created_at - row.created_at < _APART:
        return False
    here, there = row.profile, record.profile
    return not record.anonymized and here.name != there.name and (here.phone != there.phone or not there.phone)
