"""A cycle with the server is followed by an exchange with the shop's other tills."""

from __future__ import annotations

from dataclasses import replace

from posapp.domain.ids import CustomerId
from posapp.sync.exchanging import CyclesWithExchange
from tests.sync.desk import extended


def test_what_other_tills_changed_is_part_of_the_report() -> None:
    desk = extended()
    desk.cycle()
    asked = []

    def exchange() -> frozenset[CustomerId]:
        asked.append(desk.waiting())
        return frozenset({CustomerId("c")})

    _, operation = desk.add("Rahima Khatun")
    report = CyclesWithExchange(desk.engine, exchange).run_cycle()
    assert report.changed is not None
    assert CustomerId("c") in report.changed
    assert asked == [0], "after the server has what waited"
    assert desk.view(operation).attempts == 1


def test_too_many_changes_to_name_stay_too_many() -> None:
    class Everything:
        def run_cycle(self, **_: object):
            return replace(desk.cycle(), changed=None)

    desk = extended()
    assert CyclesWithExchange(Everything(), lambda: frozenset({CustomerId("c")})).run_cycle().changed is None
