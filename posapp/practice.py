"""The practice till: a book with made-up customers, thrown away each time, to learn and to try things on."""

from __future__ import annotations

import random
import secrets
import shutil
from datetime import timedelta
from pathlib import Path

from posapp.domain.customer import Profile
from posapp.domain.errors import DomainError
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.messages import N_
from posapp.domain.money import Money, currency_of
from posapp.domain.operation import OperationKind
from posapp.domain.shop import Shop
from posapp.home import make_folder
from posapp.services.customers import add_customer
from posapp.services.khata import EntryForm, record_entry
from posapp.services.lookup import seen
from posapp.services.sales import SaleForm, record_sale
from posapp.services.till import Till
from posapp.store.errors import HomeUnusable

PRACTICE = "practice"
MARK = "this-is-practice"

_DRAWN = 5
"""Every practice begins with the same history."""
_PEOPLE = (
    "Asha Devi", "Rahima Khatun", "রহিমা খাতুন", "Mohammed Rahim", "मीना शर्मा", "محمد اسلم", "Fatima Begum",
    "Ravi Kumar", "সুমন দাস", "Priya Nair", "फ़ातिमा बेगम", "Joseph D'Souza", "Harpreet Singh", "Salma Akter",
    "عائشہ صدیقہ", "Lakshmi Iyer", "করিম মিয়া", "Anil Mehta", "Nasreen Akhtar", "राजेश पटेल",
)  # fmt: skip
_REMARKS = {
    1: ("Her son may put milk on account.", ("family",)),
    3: ("শুক্রবারে টাকা দেন।", ("wholesale",)),
    6: (None, ("vip", "eid")),
    8: ("Pays after the first of the month.", ()),
    12: ("Delivery to 4 Hill Road.", ("delivery",)),
}
"""Notes and tags, by the number of who has them."""
_SEEN_LATELY = 6
_MOBILES = {"IN": "90000 0{:04d}", "BD": "01700-00{:04d}", "PK": "0300 000{:04d}"}


class PracticeStaysHere(DomainError):
    """A practice till reaches no server, so that nothing made up gets into a shop's books."""

    id = "practice_stays_here"
    title = N_("This is the practice till")
    message = N_("The practice till is never connected to a server.")
    hint = N_("Leave the practice and connect the shop's own till.")


def empty_practice(folder: Path) -> str:
    """Make an empty practice home and return a passphrase for its vault.

    Args:
        folder: Where; a practice of before is thrown away.

    Raises:
        HomeUnusable: Something else lies there, or the system refuses.
    """
    if folder.exists() and not (folder / MARK).is_file():
        raise HomeUnusable(path=folder)
    try:
        if folder.exists():
            shutil.rmtree(folder)
        make_folder(folder)
        (folder / MARK).touch()
    except OSError as error:
        raise HomeUnusable(path=folder) from error
    return secrets.token_urlsafe(16)


def fill(till: Till, shop: Shop) -> None:
    """Record made-up customers with some weeks of bills, payments and debts."""
    draw = random.Random(_DRAWN)  # noqa: S311 (made-up bills)
    unit = 10 ** currency_of(shop.currency).decimals
    for number, name in enumerate(_PEOPLE, start=1):
        mobile = _MOBILES.get(shop.country)
        note, tags = _REMARKS.get(number, (None, ()))
        profile = Profile(name, phone=mobile.format(number) if mobile else None, notes=note, tags=tags)
        added = add_customer(till, operation_id=OperationId(new_uuid()), profile=profile)
        customer_id = added.recorded.customer.id
        for days in sorted(draw.sample(range(1, 100), draw.randint(1, 4)), reverse=True):
            _bill(till, shop, customer_id, Money(draw.randrange(4, 60) * 20 * unit, shop.currency), days)
        if draw.random() < 1 / 2:
            amount = Money(draw.randrange(5, 40) * 10 * unit, shop.currency)
            form = EntryForm(OperationId(new_uuid()), customer_id, OperationKind.PAYMENT, amount, confirmed=True)
            record_entry(till, form)
        if number <= _SEEN_LATELY:
            seen(till, customer_id)


def _bill(till: Till, shop: Shop, customer_id: CustomerId, total: Money, days: int) -> None:
    """Record a bill of some days ago; one of even days goes on the khata."""
    on = shop.day_of(till.clock.now() - timedelta(days=days))
    on_account = total if days % 2 == 0 else Money(0, shop.currency)
    record_sale(till, None, SaleForm(OperationId(new_uuid()), customer_id, total, on_account, on=on, confirmed=True))
