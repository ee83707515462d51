"""Exchanging with the shop's other tills: the folder as a person named it, its key, and what the book has for it."""

from __future__ import annotations

import logging
from pathlib import Path

from posapp.domain.errors import PosError
from posapp.domain.ids import CustomerId
from posapp.keychain.exchange_key import open_exchange
from posapp.keychain.ports import Keychain
from posapp.services.application import ExchangeAnswer, ExchangeForm
from posapp.services.exchange import FOLDER, NoExchangeFolder, exchange, exchange_folder, take_part
from posapp.services.till import Till
from posapp.store.exchange.files import ExchangeFolderMissing, FileFolder

log = logging.getLogger(__name__)


def exchange_through(till: Till, keychain: Keychain, form: ExchangeForm) -> ExchangeAnswer:
    """Exchange with the shop's other tills through a folder, which is remembered.

    Raises:
        NoExchangeFolder: No folder was ever named.
        ExchangeFolderMissing: It is not there.
        DomainError: The code does not open the folder's key, or none was given for one that another till made.
    """
    known = till.book.write(lambda session: session.settings.value(FOLDER))  # a book held elsewhere says so first
    folder = form.folder.absolute() if form.folder else Path(known) if known else None
    if folder is None:
        raise NoExchangeFolder
    if not folder.is_dir():
        raise ExchangeFolderMissing(path=folder)
    opened = open_exchange(keychain, folder, code=form.code, new_code=form.new_code)
    take_part(till, founded=opened.founded, name=form.till_name)
    till.book.write(lambda session: session.settings.set_value(FOLDER, str(folder)))
    return ExchangeAnswer(folder, exchange(till, FileFolder(folder, opened.key)), opened.code)


def exchange_again(till: Till, keychain: Keychain) -> frozenset[CustomerId]:
    """Exchange through the folder that was named, where one was; what fails waits for the next time.

    Returns:
        The customers who may look different now.
    """
    if exchange_folder(till) is None:
        return frozenset()
    try:
        return exchange_through(till, keychain, ExchangeForm()).done.changed
    except PosError as error:
        log.info("not exchanged: %s", error.id)
        return frozenset()
