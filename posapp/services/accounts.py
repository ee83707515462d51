"""A customer's khata as ageing and allocation look at it: the lines that count, on the shop's days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from posapp.domain.allocation import AccountLine, OpenAccount, open_account
from posapp.domain.money import Money
from posapp.domain.shop import Shop
from posapp.services.dto import KhataLine


def account_of(
    shop: Shop, lines: Iterable[KhataLine], brought: Money | None, until: date | None = None
) -> OpenAccount | None:
    """Return what is still owed of a khata.

    Args:
        shop: Its zone tells the days, its terms when a debt is due.
        lines: All lines of the khata; those that do not count are passed over.
        brought: What it held before all of them; None while the server's part is unknown.
        until: The last of the shop's days that counts; None for all.

    Returns:
        The account; None while it is unknown.
    """
    if brought is None:
        return None
    counted = [_account_line(shop, line) for line in lines if line.counted]
    return open_account(counted, brought=brought, terms_days=shop.terms_days, until=until)


def _account_line(shop: Shop, line: KhataLine) -> AccountLine:
    return AccountLine(
        line.entry_id,
        shop.day_of(line.occurred_at),
        line.direction,
        line.amount,
        kind=line.kind,
        due_on=line.due_on,
        description=line.description,
        reference=line.reference,
        reverses=line.reverses,
    )
