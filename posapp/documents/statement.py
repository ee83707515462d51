"""Statements as PDF: checked to the last line before a byte is written."""

from __future__ import annotations

from collections.abc import Sequence

from posapp.documents import statement_a4, statement_roll
from posapp.documents.sheet import About, Sheet
from posapp.documents.wording import title_words
from posapp.domain.messages import N_
from posapp.domain.statement import Statement
from posapp.locale.translator import Translator
from posapp.services.ports.documents import Paper

_DRAW = {Paper.A4: statement_a4.draw_statement, Paper.ROLL_80: statement_roll.draw_statement}


def render_statements(statements: Sequence[Statement], *, say: Translator, paper: Paper) -> bytes:
    """Return statements as one PDF, each from a page of its own on and with its own page numbers.

    The same statements give the same bytes.

    Args:
        statements: At least one.
        say: In whose language.
        paper: A4 or a roll of 80 mm.

    Raises:
        StatementDisagrees: One does not add up; nothing is written.
    """
    for statement in statements:
        statement.check()
    first = statements[0]
    title = title_words(first, say) if len(statements) == 1 else say(N_("Statements of {shop}"), shop=first.shop_name)
    sheet = Sheet(About(title, first.shop_name, say.language, first.printed_at), black=paper is Paper.ROLL_80)
    for statement in statements:
        _DRAW[paper](sheet, statement, say=say)
    return sheet.finished()
