"""Lists of the `modules` API: `page` and `per_page` in, a page with its place in the whole out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from server_stub import payload
from server_stub.answers import Answer, json_answer
from server_stub.apis.modules.refusals import asked
from server_stub.apis.modules.shapes import Listed, Page
from server_stub.calls import Call


@dataclass(frozen=True, kw_only=True)
class Paging:
    """Which page of a list is asked for."""

    page: int
    per_page: int

    @classmethod
    def of(cls, call: Call) -> Self:
        """Return what a request asks for.

        Args:
            call: The request.
        """
        settings = call.runtime.settings
        largest = settings.customers_max_per_page
        default = min(settings.customers_per_page, largest)
        per_page = asked(call, payload.whole_number, "per_page", default, largest=largest)
        return cls(page=asked(call, payload.whole_number, "page", 1), per_page=per_page)

    @property
    def offset(self) -> int:
        """How many rows come before the page."""
        return (self.page - 1) * self.per_page

    def answer(self, data: Sequence[Any], total: int) -> Answer:
        """Return the answer that carries the page.

        Args:
            data: What is on it.
            total: How many there are over all pages.
        """
        last_page = max(1, -(-total // self.per_page))
        page = Page(current_page=self.page, last_page=last_page, per_page=self.per_page, total=total)
        return json_answer(Listed(data=list(data), meta=page))
