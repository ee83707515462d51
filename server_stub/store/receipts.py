"""Receipt numbers: counted by store and day, never given twice."""

from zoneinfo import ZoneInfo

from sqlalchemy import exists, insert, select, update

from server_stub import tables
from server_stub.clock import from_micros
from server_stub.store.writing import Writing


def next_receipt_number(writing: Writing) -> str:
    """Return a receipt number that no sale of the store has, such as `REC-20250518-001`.

    Args:
        writing: The change this is part of; it holds the store's row, so no other counts at the same time.
    """
    day = from_micros(writing.stamp).astimezone(ZoneInfo(writing.shop.time_zone)).strftime("%Y%m%d")
    while True:
        number = f"REC-{day}-{_count(writing, day):03d}"
        taken = select(
            exists().where(tables.sale.c.store_id == writing.store_id, tables.sale.c.receipt_number == number)
        )
        if not writing.connection.execute(taken).scalar_one():
            return number


def _count(writing: Writing, day: str) -> int:
    counter = tables.receipt_counter
    counted = writing.connection.execute(
        update(counter)
        .where(counter.c.store_id == writing.store_id, counter.c.day == day)
        .values(last=counter.c.last + 1)
        .returning(counter.c.last)
    ).scalar_one_or_none()
    if counted is not None:
        return int(counted)
    writing.connection.execute(insert(counter).values(store_id=writing.store_id, day=day, last=1))
    return 1
