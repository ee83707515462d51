"""What the `modules` API takes and answers, member by member."""

from typing import Annotated, Generic, Literal, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

NOT_BLANK, AN_EMAIL = r"\S", "@"
LARGEST_BULK = 500

Filled = Annotated[str, Meta(pattern=NOT_BLANK)]
Email = Annotated[str, Meta(pattern=AN_EMAIL)]
Uuid = Annotated[str, Meta(extra_json_schema={"format": "uuid"})]
Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
AddressType = Literal["billing", "shipping"]

Shape = TypeVar("Shape")


class NewAddress(Struct):
    """The body of a new address, also within a create."""

    address1: Filled
    city: Filled
    state: Filled
    pincode: Filled
    type: AddressType = "shipping"
    is_default: bool = False
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    address2: str | None = None
    country: str | None = None
    phone: str | None = None


class AddressChange(Struct):
    """The body of an address's update; what is absent stays."""

    type: AddressType | UnsetType = UNSET
    is_default: bool = False
    first_name: str | UnsetType | None = UNSET
    last_name: str | UnsetType | None = UNSET
    company: str | UnsetType | None = UNSET
    address1: Filled | UnsetType = UNSET
    address2: str | UnsetType | None = UNSET
    city: Filled | UnsetType = UNSET
    state: Filled | UnsetType = UNSET
    pincode: Filled | UnsetType = UNSET
    country: str | UnsetType | None = UNSET
    phone: str | UnsetType | None = UNSET


class NewCustomer(Struct):
    """The body of a create."""

    first_name: Filled
    last_name: str | None = None
    email: Email | None = None
    phone: str | None = None
    accepts_marketing: bool = False
    tags: list[str] = []
    notes: str | None = None
    external_ids: dict[str, str] = {}
    addresses: list[NewAddress] = []


class CustomerChange(Struct):
    """The body of an update; what is absent stays, addresses have their own endpoints."""

    first_name: Filled | UnsetType = UNSET
    last_name: str | UnsetType | None = UNSET
    email: Email | UnsetType | None = UNSET
    phone: str | UnsetType | None = UNSET
    accepts_marketing: bool | UnsetType = UNSET
    tags: list[str] | UnsetType = UNSET
    notes: str | UnsetType | None = UNSET
    external_ids: dict[str, str] | UnsetType = UNSET


class Merge(Struct):
    """The body of a merge."""

    primary_id: Uuid
    secondary_id: Uuid


class BulkTags(Struct):
    """The body that tags many customers, or takes tags from them."""

    customer_ids: Annotated[list[str], Meta(min_length=1, max_length=LARGEST_BULK)]
    tags: Annotated[list[str], Meta(min_length=1)]


class Address(Struct):
    """One of a customer's addresses."""

    id: Uuid
    type: AddressType
    is_default: bool
    first_name: str | None
    last_name: str | None
    company: str | None
    address1: str
    address2: str | None
    city: str
    state: str
    pincode: str
    country: str | None
    phone: str | None


class Customer(Struct):
    """A customer; the addresses stand there only where one customer is answered."""

    id: Uuid
    email: str | None
    phone: str | None
    first_name: str
    last_name: str | None
    full_name: str
    accepts_marketing: bool
    total_orders: int
    total_spent: float
    avg_order_value: float | None
    first_order_at: Time | None
    last_order_at: Time | None
    is_vip: bool
    tags: list[str]
    notes: str | None
    external_ids: dict[str, str]
    created_at: Time
    updated_at: Time
    addresses: list[Address] | UnsetType = UNSET
    default_address: Address | UnsetType | None = UNSET


class Order(Struct):
    """One of a customer's orders."""

    id: Uuid
    order_number: str
    status: str
    total: float
    discount: float
    created_at: Time


class Segment(Struct):
    """One segment: what it is called, how many are in it."""

    label: str
    count: int


class Segments(Struct):
    """Every segment, and all customers."""

    new: Segment
    returning: Segment
    loyal: Segment
    vip: Segment
    at_risk: Segment
    total: Segment


class Updated(Struct):
    """How many customers a bulk request found."""

    updated: int


class Tombstone(Struct):
    """A customer that is no more."""

    id: Uuid
    deleted_at: Time
    reason: Literal["deleted", "anonymized", "merged"]
    merged_into: Uuid | None


class Page(Struct):
    """Where in a list an answer stands."""

    current_page: int
    last_page: int
    per_page: int
    total: int


class Listed(Struct, Generic[Shape]):
    """One page of a list."""

    data: list[Shape]
    meta: Page


class One(Struct, Generic[Shape]):
    """One object."""

    data: Shape


class Refusal(Struct):
    """Every error: which field, where one is to blame; a merged customer's names who took its place instead."""

    message: str
    errors: dict[str, list[str]] | UnsetType = UNSET
    merged_into: Uuid | UnsetType = UNSET
    code: str | UnsetType = UNSET
