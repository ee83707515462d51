from tests.services.counter import counter
from tests.support.book import book, clock

__all__ = ["book", "clock", "counter"]
