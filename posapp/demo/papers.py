"""The demo's papers: a statement for a customer of every script of the shop, and the slip of a payment."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from posapp.app import TillApplication
from posapp.domain.ids import CustomerId, OperationId
from posapp.domain.messages import N_
from posapp.locale.translator import Translator
from posapp.services.dto import Customer
from posapp.services.ports.documents import Paper
from posapp.services.slips import slip_of
from posapp.services.statements import note_printed, statement

SCRIPTS = ("LATIN", "BENGALI", "DEVANAGARI", "ARABIC")
"""As Unicode's names of letters begin."""


def one_of_each_script(customers: Iterable[Customer]) -> Sequence[CustomerId]:
    """Return the first customer whose name begins in each script; a script that nobody writes in is left out."""
    found: dict[str, CustomerId] = {}
    for customer in customers:
        script = unicodedata.name(customer.profile.name[:1], "").partition(" ")[0]
        found.setdefault(script, customer.id)
    return [found[script] for script in SCRIPTS if script in found]


def write_papers(
    app: TillApplication, customers: Sequence[CustomerId], payment: OperationId, folder: Path, *, say: Translator
) -> str:
    """Write statements and a slip, and return what was written.

    Args:
        app: The till.
        customers: Whose khatas to print, all in one file.
        payment: The act to make a slip of.
        folder: Where to.
        say: The demo's language.
    """
    for customer_id in customers:
        app.refresh(customer_id)
    made = [statement(app.till, customer_id) for customer_id in customers]
    documents = app.documents()
    (folder / "statements.pdf").write_bytes(documents.statements(made, say=say, paper=Paper.A4))
    (folder / "statements-80mm.pdf").write_bytes(documents.statements(made, say=say, paper=Paper.ROLL_80))
    (folder / "slip.pdf").write_bytes(documents.slip(slip_of(app.till, payment), say=say))
    for one in made:
        note_printed(app.till, one)
    return say(N_("{count} statements on A4 and on a roll, and a slip"), count=len(made))
