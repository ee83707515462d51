"""What the `siyahfy` API takes and answers, member by member."""

from http import HTTPStatus
from typing import Annotated, Generic, Literal, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

from server_stub.answers import Answer, json_answer
from server_stub.errors import ApiError

Data = TypeVar("Data")

Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Amount = Annotated[str, Meta(pattern=r"^-?\d+(\.\d+)?$")]
Id = Annotated[int, Meta(extra_json_schema={"format": "int64"})]
FewIds = Annotated[list[Id], Meta(max_length=250)]
SomeIds = Annotated[list[Id], Meta(max_length=500)]
Yes = Annotated[bool, Meta(extra_json_schema={"const": True})]
No = Annotated[bool, Meta(extra_json_schema={"const": False})]


class Success(Struct, Generic[Data], kw_only=True):
    """Every answer but a refusal and a page of a list."""

    success: Yes = True
    data: Data
    message: str | UnsetType = UNSET


class Pagination(Struct):
    """Which page of a list this is, and of how many."""

    page: int
    limit: int
    total: int
    pages: int


class Page(Struct, Generic[Data], kw_only=True):
    """A page of a list."""

    success: Yes = True
    data: list[Data]
    pagination: Pagination


class Fault(Struct):
    """What is wrong with one member of a request."""

    field: str
    message: str


class Refusal(Struct, kw_only=True):
    """Every refusal; those with status 409 carry a code."""

    success: No = False
    message: str
    errors: list[Fault] | UnsetType = UNSET
    code: str | UnsetType = UNSET


def error_body(error: ApiError) -> dict[str, object]:
    """Return a refusal in the API's shape.

    Args:
        error: What is refused, and why.
    """
    code = {"code": error.code} if error.status == HTTPStatus.CONFLICT else {}
    return {"success": False, "message": error.message, **code, **error.details}


def invalid(name: str, message: str) -> ApiError:
    """Return the refusal of a request one member of which breaks a rule.

    Args:
        name: The member.
        message: The rule.
    """
    return ApiError(
        HTTPStatus.BAD_REQUEST, "invalid_request", message, details={"errors": [{"field": name, "message": message}]}
    )


def success(data: object, message: str | UnsetType = UNSET, *, status: int = HTTPStatus.OK) -> Answer:
    """Return the answer of a request that was done.

    Args:
        data: What it is about.
        message: A sentence for a person.
        status: The HTTP status.
    """
    return json_answer(Success(data=data, message=message), status)


class Customer(Struct):
    """A customer as every list shows it."""

    id: int
    name: str
    email: str | None
    phone: str | None
    tags: list[str]
    notes: str | None
    cod_enabled: bool
    blacklisted: bool
    blacklist_reason: str | None
    verified: bool
    total_orders: int
    total_spent: Amount
    created_at: Time
    updated_at: Time


class Address(Struct):
    """One of a customer's addresses."""

    id: int
    name: str | None
    phone: str | None
    address1: str
    address2: str | None
    city: str | None
    state: str | None
    pincode: str | None
    country: str | None
    is_default: bool


class Order(Struct):
    """One of a customer's latest orders."""

    id: int
    order_number: str
    total: Amount
    status: str
    payment_method: str
    created_at: Time


class LogEntry(Struct):
    """A line of a customer's timeline."""

    id: int
    type: Literal["note", "activity"]
    note: str
    reference: str | None
    created_at: Time


class Profile(Customer):
    """One customer with all that belongs to it."""

    addresses: list[Address]
    orders: list[Order]
    timeline: list[LogEntry]


class Deleted(Struct):
    """How many were deleted."""

    deleted: int


class AddressFields(Struct, kw_only=True):
    """An address as it is written; what is absent stays. `is_default` makes it the default, false changes nothing."""

    name: str | UnsetType | None = UNSET
    phone: str | UnsetType | None = UNSET
    address1: str | UnsetType = UNSET
    address2: str | UnsetType | None = UNSET
    city: str | UnsetType | None = UNSET
    state: str | UnsetType | None = UNSET
    pincode: str | UnsetType | None = UNSET
    country: str | UnsetType | None = UNSET
    is_default: bool = False


class NewAddress(AddressFields, kw_only=True):
    """A new address."""

    address1: str


class NewAddressOf(NewAddress, kw_only=True):
    """A new address of a customer."""

    customer_id: Id


class AddressChange(AddressFields, kw_only=True):
    """What changes in an address."""

    address_id: Id


class Contact(Struct):
    """The details by which a customer is reached; what is absent stays."""

    id: Id
    name: str | UnsetType = UNSET
    email: str | UnsetType | None = UNSET
    phone: str | UnsetType | None = UNSET
    notes: str | UnsetType | None = UNSET


class Ids(Struct):
    """Which customers."""

    ids: FewIds


class NewLogEntry(Struct):
    """A new line of a customer's timeline."""

    customer_id: Id
    type: Literal["note", "activity"]
    note: str
    reference: str | None = None


class CodStatus(Struct):
    """Whether a customer may pay on delivery."""

    customer_id: Id
    cod_enabled: bool


class Blacklisting(Struct):
    """Whether a customer is on the blacklist, and why; a reason that is absent stays."""

    customer_id: Id
    blacklisted: bool
    reason: str | UnsetType | None = UNSET


class ManyIds(Struct):
    """Which customers."""

    ids: SomeIds


class Export(Struct):
    """Which customers are exported: all, or those that fit both."""

    ids: SomeIds | None = None
    search: str | None = None


class Columns(Struct):
    """What many customers are set to; at least one of them. Tags are replaced as a whole."""

    tags: list[str] | UnsetType = UNSET
    notes: str | UnsetType | None = UNSET
    cod_enabled: bool | UnsetType = UNSET


class ColumnsUpdate(Struct):
    """A change of many customers at once."""

    ids: SomeIds
    set: Columns


class Updated(Struct):
    """How many were found and set."""

    updated: int


class NewCustomer(Struct):
    """A customer to be inserted; the address is one line."""

    name: str
    email: str | None = None
    phone: str | None = None
    tags: list[str] = []
    notes: str | None = None
    address: str | None = None


class NewCustomers(Struct):
    """Customers to be inserted."""

    customers: list[NewCustomer]


class RowFault(Struct):
    """Why a row was not inserted; rows count from 1, the field is empty where the whole row is wrong."""

    row: int
    field: str
    message: str


class Inserted(Struct):
    """What came of every row."""

    inserted: int
    skipped: int
    ids: list[int]
    errors: list[RowFault]


class Tombstone(Struct):
    """A customer that is no more."""

    id: int
    deleted_at: Time
    reason: Literal["deleted", "anonymized", "merged"]
    merged_into: int | None
