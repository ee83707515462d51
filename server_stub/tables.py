"""The one domain store behind every API: its tables, the same on SQLite and PostgreSQL.

Times are microseconds since 1970 in UTC, money is integer minor units, ids that clients see as uuids are text. What
a customer's row repeats of other tables (points, balance, totals, the default address on one line) is kept in the
same transaction as the rows it repeats.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

LIVE = "live"
GUEST = "guest"
ANONYMIZED = "anonymized"
DELETED = "deleted"
MERGED = "merged"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_Id = BigInteger().with_variant(Integer, "sqlite")
_Uuid = String(36)
_Sorted = Text().with_variant(Text(collation="C"), "postgresql")


def _store() -> Column[int]:
    return Column("store_id", ForeignKey("store.id"), nullable=False)


def _customer() -> Column[int]:
    return Column("customer_id", ForeignKey("customer.id", ondelete="CASCADE"), nullable=False)


store = Table(
    "store",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("earn_rate", Integer, nullable=False),
    Column("redemption_value", Integer, nullable=False),
    Column("last_stamp", BigInteger, nullable=False),
)

customer_group = Table(
    "customer_group",
    metadata,
    Column("id", _Id, primary_key=True),
    _store(),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("color_code", Text, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

customer = Table(
    "customer",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("uuid", _Uuid, nullable=False, unique=True),
    _store(),
    Column("standing", String(10), nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("phone", Text),
    Column("notes", Text),
    Column("tags", Text, nullable=False, default="[]"),
    Column("address_line", Text),
    Column("sort_name", _Sorted, nullable=False),
    Column("search_text", Text, nullable=False),
    Column("phone_digits", Text, nullable=False, default=""),
    Column("email_key", _Sorted, nullable=False, default=""),
    Column("points", BigInteger, nullable=False, default=0),
    Column("ledger_balance", BigInteger, nullable=False, default=0),
    Column("total_orders", Integer, nullable=False, default=0),
    Column("total_spent", BigInteger, nullable=False, default=0),
    Column("first_order_at", BigInteger),
    Column("last_order_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("group_id", ForeignKey("customer_group.id", ondelete="SET NULL")),
    Column("address_json", Text),
    Column("username", Text),
    Column("password_hash", Text),
    Column("accepts_marketing", Boolean, nullable=False, default=False),
    Column("mail_status", Boolean, nullable=False, default=True),
    Column("is_active", Boolean, nullable=False, default=True),
    Column("phone_verified", Boolean, nullable=False, default=False),
    Column("email_verified", Boolean, nullable=False, default=False),
    Column("verified", Boolean, nullable=False, default=True),
    Column("cod_enabled", Boolean, nullable=False, default=True),
    Column("blacklisted", Boolean, nullable=False, default=False),
    Column("blacklist_reason", Text),
    Column("external_ids", Text, nullable=False, server_default="{}"),
    Column("avatar", Text),
    Column("customer_no", Text),
    Index("ix_customer_created", "store_id", "standing", "created_at", "id"),
    Index("ix_customer_updated", "store_id", "standing", "updated_at", "id"),
    Index("ix_customer_name", "store_id", "standing", "sort_name", "id"),
    Index("ix_customer_spent", "store_id", "standing", "total_spent", "id"),
    Index("ix_customer_points", "store_id", "standing", "points", "id"),
    Index("ix_customer_email", "store_id", "standing", "email_key", "id"),
    Index("ix_customer_orders", "store_id", "standing", "total_orders", "id"),
    Index("ix_customer_phone", "store_id", "phone_digits"),
    sqlite_autoincrement=True,  # an integer id that was deleted never comes back
)

address = Table(
    "address",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("uuid", _Uuid, nullable=False, unique=True),
    _store(),
    _customer(),
    Column("kind", String(8), nullable=False, default="shipping"),
    Column("is_default", Boolean, nullable=False, default=True),
    Column("name", Text),
    Column("company", Text),
    Column("address1", Text, nullable=False),
    Column("address2", Text),
    Column("city", Text),
    Column("state", Text),
    Column("pincode", Text),
    Column("country", Text),
    Column("phone", Text),
    Column("created_at", BigInteger, nullable=False),
    Index(None, "customer_id"),
    sqlite_autoincrement=True,
)

sale = Table(
    "sale",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("uuid", _Uuid, nullable=False),
    _store(),
    _customer(),
    Column("receipt_number", Text, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("discount_amount", BigInteger, nullable=False, default=0),
    Column("on_account", BigInteger, nullable=False, default=0),
    Column("points_redeemed", BigInteger, nullable=False, default=0),
    Column("points_earned", BigInteger, nullable=False, default=0),
    Column("status", String(20), nullable=False, default="delivered"),
    Column("payment_method", String(20), nullable=False, default="cash"),
    Column("points_after", BigInteger, nullable=False, default=0),
    Column("balance_after", BigInteger, nullable=False, default=0),
    Column("request_hash", String(64)),
    Column("answer", LargeBinary),
    Column("occurred_at", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("reversed_at", BigInteger),
    UniqueConstraint("store_id", "uuid"),
    Index("ix_sale_customer", "customer_id", "created_at"),
    Index("ix_sale_receipt", "store_id", "receipt_number"),
)

order_item = Table(
    "order_item",
    metadata,
    Column("id", _Id, primary_key=True),
    _store(),
    Column("sale_id", ForeignKey("sale.id", ondelete="CASCADE"), nullable=False),
    Column("product_name", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index(None, "sale_id"),
    Index("ix_order_item_created", "store_id", "created_at", "id"),
)

product_view = Table(
    "product_view",
    metadata,
    Column("id", _Id, primary_key=True),
    _store(),
    _customer(),
    Column("product_name", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index(None, "customer_id"),
    Index("ix_product_view_created", "store_id", "created_at", "id"),
)

visit = Table(
    "visit",
    metadata,
    Column("store_id", ForeignKey("store.id"), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("visits", Integer, nullable=False),
)

sale_reversal = Table(
    "sale_reversal",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("uuid", _Uuid, nullable=False),
    _store(),
    Column("sale_id", ForeignKey("sale.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("request_hash", String(64), nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("store_id", "uuid"),
)

receipt_counter = Table(
    "receipt_counter",
    metadata,
    Column("store_id", ForeignKey("store.id"), primary_key=True),
    Column("day", String(8), primary_key=True),
    Column("last", Integer, nullable=False),
)

ledger_entry = Table(
    "ledger_entry",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("uuid", _Uuid, nullable=False, unique=True),
    _store(),
    _customer(),
    Column("type", String(6), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("balance_after", BigInteger, nullable=False),
    Column("description", Text, nullable=False),
    Column("reference_id", _Uuid),
    Column("request_hash", String(64)),
    Column("occurred_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("store_id", "reference_id"),
    Index("ix_ledger_customer", "customer_id", "created_at", "id"),
)

points_entry = Table(
    "points_entry",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("uuid", _Uuid, nullable=False, unique=True),
    _store(),
    _customer(),
    Column("kind", String(10), nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("points_after", BigInteger, nullable=False),
    Column("discount_amount", BigInteger, nullable=False, default=0),
    Column("sale_ref", _Uuid),
    Column("redeem_key", _Uuid),
    Column("adjust_key", _Uuid),
    Column("reason", Text),
    Column("request_hash", String(64)),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("store_id", "redeem_key"),
    UniqueConstraint("store_id", "adjust_key"),
    Index("ix_points_customer", "customer_id", "created_at"),
    Index("ix_points_sale", "store_id", "sale_ref"),
)

customer_log = Table(
    "customer_log",
    metadata,
    Column("id", _Id, primary_key=True),
    _store(),
    _customer(),
    Column("type", String(10), nullable=False),
    Column("note", Text, nullable=False),
    Column("reference", Text),
    Column("created_at", BigInteger, nullable=False),
    Index(None, "customer_id"),
)

tombstone = Table(
    "tombstone",
    metadata,
    Column("id", _Id, primary_key=True),
    _store(),
    Column("customer_id", BigInteger, nullable=False, unique=True),
    Column("customer_uuid", _Uuid, nullable=False),
    Column("reason", String(10), nullable=False),
    Column("merged_into_id", BigInteger),
    Column("merged_into_uuid", _Uuid),
    Column("deleted_at", BigInteger, nullable=False),
    Index("ix_tombstone_deleted", "store_id", "deleted_at", "id"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("api", String(10), primary_key=True),
    Column("store_id", ForeignKey("store.id"), primary_key=True),
    Column("key", _Uuid, primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index(None, "created_at"),
)

effect = Table(
    "effect",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("api", String(10), nullable=False),
    _store(),
    Column("entity", String(20), nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("change", String(20), nullable=False),
    Column("op", Text),
)

mail = Table(
    "mail",
    metadata,
    Column("id", _Id, primary_key=True),
    _store(),
    Column("email", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("code", Text),
    Column("created_at", BigInteger, nullable=False),
)

one_time_code = Table(
    "one_time_code",
    metadata,
    Column("id", _Id, primary_key=True),
    _store(),
    _customer(),
    Column("email_key", Text, nullable=False),
    Column("purpose", String(10), nullable=False),
    Column("code_hash", Text, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("expires_at", BigInteger, nullable=False),
    UniqueConstraint("store_id", "email_key", "purpose"),
    Index(None, "customer_id"),
    sqlite_autoincrement=True,  # who holds a code that was replaced must not spend the new one
)

code_request = Table(
    "code_request",
    metadata,
    Column("id", _Id, primary_key=True),
    _store(),
    Column("email_key", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index(None, "store_id", "email_key", "created_at"),
)
