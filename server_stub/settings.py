"""What a stub is told when it starts; every other module takes its choices from here."""

from dataclasses import dataclass, field

EXTENSIONS: tuple[str, ...] = (
    "idempotency-key",
    "updated-since",
    "tombstones",
    "etag",
    "redeem-key",
    "ledger-write",
    "sales",
    "reversals",
    "settings",
)
"""Everything a sync client may find announced, in the order it is announced."""

COMMON_EXTENSIONS = frozenset(EXTENSIONS[:4])
"""Those of them that every API has; the others are of `pos` alone."""

SERVED_APIS: tuple[str, ...] = ("pos", "selorax", "modules", "portal", "siyahfy")
"""The APIs by name."""

DEFAULT_DATABASE_URL = "sqlite:///.stub/stub.sqlite3"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The choices of one stub.

    Attributes:
        database_url: Any SQLAlchemy URL of SQLite or PostgreSQL; `sqlite://` keeps everything in memory.
        api: `all` serves every API under its own name, a name serves that one at the root.
        customers: How many customers an empty store is filled with.
        random_seed: Decides credentials, seeded rows, identifiers and the draws of faults.
        extensions: What the stub offers beyond the documents; empty is plain.
        faults: The faults that hold from the start, as `PUT /__faults` would take them.
        vip_order_threshold: Orders from which a customer of `modules` is very important.
        vip_spend_threshold: The same by what was spent, in major units.
        customers_per_page: How many customers `modules` lists unless asked otherwise.
        customers_max_per_page: How many it lists at most.
        marketing_consent: Whether `modules` keeps who accepts marketing.
    """

    database_url: str = DEFAULT_DATABASE_URL
    api: str = "all"
    customers: int = 0
    random_seed: int = 42
    extensions: frozenset[str] = field(default=frozenset(EXTENSIONS))
    faults: tuple[dict[str, object], ...] = ()
    vip_order_threshold: int = 10
    vip_spend_threshold: int = 50_000
    customers_per_page: int = 20
    customers_max_per_page: int = 100
    marketing_consent: bool = True

    @property
    def served(self) -> tuple[str, ...]:
        """The names of the APIs this stub serves."""
        return SERVED_APIS if self.api == "all" else (self.api,)

    def announced(self, api: str) -> str:
        """Return the value of `X-Sync-Extensions`, empty when there is nothing to announce.

        Args:
            api: The API's name.
        """
        offered = self.extensions if api == "pos" else self.extensions & COMMON_EXTENSIONS
        return ", ".join(name for name in EXTENSIONS if name in offered)

    def prefix(self, api: str) -> str:
        """Return the path under which an API stands.

        Args:
            api: The API's name.
        """
        return f"/{api}" if self.api == "all" else ""
