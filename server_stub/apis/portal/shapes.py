"""What the `portal` API takes and answers, member by member."""

from http import HTTPStatus
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from server_stub.errors import ApiError

Flag = Literal[0, 1]
Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
FlagText = Literal["0", "1"]
Digits = int | Annotated[str, Meta(extra_json_schema={"pattern": "^[0-9]{6,15}$"})]
DigitsOrNone = int | Annotated[str, Meta(extra_json_schema={"pattern": "^([0-9]{6,15})?$"})] | None
GroupId = int | Annotated[str, Meta(description="A group's id, or empty for none")] | None
Password = Annotated[str, Meta(extra_json_schema={"minLength": 8, "format": "password"})]
CustomerIds = int | str | list[int | str]
Amount = Annotated[float, Meta(description="Major units of the store's currency")]


class NewCustomer(Struct, rename="camel"):
    """The body of a create."""

    customer_group_id: GroupId
    username: str
    email: str
    mobile_number: Digits
    password: Password
    confirm_password: Password
    mail_status: Flag
    status: Flag
    newsletter: Flag = 0
    real_name: str | UnsetType = UNSET


class CustomerChange(Struct, rename="camel"):
    """The body of an update: the full set; the optional that is absent stays."""

    customer_group_id: GroupId
    username: str
    mobile_number: DigitsOrNone
    mail_status: Flag
    status: Flag
    email: str | UnsetType = UNSET
    password: str = ""
    confirm_password: str = ""
    avatar: str | UnsetType | None = UNSET
    newsletter: Flag | UnsetType = UNSET
    real_name: str | UnsetType = UNSET
    customer_no: str | UnsetType | None = UNSET


class Departing(Struct, rename="camel"):
    """The body of a delete of several."""

    customer_id: CustomerIds = []


class GroupBody(Struct):
    """The body of a create and of an update of a group."""

    name: str
    colorcode: str
    status: Flag
    description: str | UnsetType | None = UNSET


class DepartingGroup(Struct, rename="camel"):
    """The body of a delete of a group."""

    group_id: int | UnsetType = UNSET


class CreatedCustomer(Struct, rename="camel"):
    """The answer to a create."""

    customer_group_id: str
    first_name: str
    username: str
    email: str
    mobile_number: str
    password: Literal[""]
    mail_status: FlagText
    delete_flag: Flag
    is_active: FlagText
    created_date: Time
    id: int


class Customer(Struct, rename="camel", kw_only=True):
    """The answer to an update: a customer in full. What the store does not keep is empty."""

    created_by: int
    created_date: Time
    modified_by: int
    modified_date: Time
    id: int
    first_name: str
    last_name: str
    username: str
    password: Literal[""] = ""
    email: str
    mobile_number: str
    address: str
    country_id: int
    zone_id: str
    city: str
    local: str = ""
    oauth_data: str = ""
    avatar: str
    newsletter: Flag
    avatar_path: str = ""
    customer_group_id: str
    last_login: str = ""
    safe: Flag = 0
    ip: str = ""
    mail_status: FlagText
    pincode: str
    delete_flag: Flag = 0
    is_active: FlagText
    forget_password_key: str = ""
    link_expires: str = ""
    locked_on: str = ""


class CustomerDetails(Customer, rename="camel", kw_only=True):
    """A customer in full, with the two more that a shop asks for."""

    customer_no: str
    customer_group_name: str


class ListedCustomer(Struct, rename="camel"):
    """A row of a list; `mobileNumber` stands there only with extensions."""

    id: int
    first_name: str
    last_name: str
    username: str
    email: str
    is_active: FlagText
    created_date: Time
    modified_date: Time
    customer_group_name: str
    mobile_number: str | UnsetType = UNSET


class CreatedGroup(Struct, rename="camel"):
    """The answer to a create of a group."""

    name: str
    color_code: str
    is_active: FlagText
    created_date: Time
    group_id: int


class ChangedGroup(Struct, rename="camel"):
    """The answer to an update of a group."""

    name: str
    color_code: str
    is_active: FlagText
    modified_date: Time
    group_id: int


class Group(Struct, rename="camel"):
    """A row of the list of groups."""

    group_id: int
    name: str
    description: str
    color_code: str
    is_active: FlagText
    created_date: Time
    modified_date: Time


class OrderedProduct(Struct, rename="camel"):
    """A product in an order."""

    order_id: int
    product_name: str
    quantity: int
    total: Amount
    created_date: Time
    customer_id: int


class ViewedProduct(Struct, rename="camel"):
    """A product that a customer looked at."""

    product_name: str
    customer_id: int
    created_date: Time


class Trade(Struct):
    """What a vendor sold in a day or a month."""

    label: str
    orders: int
    customers: int
    revenue: Amount


class Visits(Struct):
    """How many came on a day."""

    date: Annotated[str, Meta(extra_json_schema={"format": "date"})]
    visits: int


class Tombstone(Struct):
    """A customer that is no more."""

    id: int
    deleted_at: Time
    reason: Literal["deleted", "anonymized", "merged"]
    merged_into: int | None


class Done(Struct):
    """A success that promises no data; the document writes its status as text here and as a number for groups."""

    status: Literal["1"]
    message: str


class GroupDone(Struct):
    """The same, of groups."""

    status: Literal[1]
    message: str


class CustomerCount(Done):
    """How many customers there are."""

    data: int


class CustomerList(Done):
    """Customers, or how many there are."""

    data: list[ListedCustomer] | int


class RecentCustomers(Done):
    """The newest customers."""

    data: list[ListedCustomer]


class OneCustomer(Done):
    """One customer."""

    data: CustomerDetails


class OrderedProductList(Done):
    """Products ordered, or how many rows there are."""

    data: list[OrderedProduct] | int


class ViewedProductList(Done):
    """Products looked at, or how many rows there are."""

    data: list[ViewedProduct] | int


class TradeList(Done):
    """A vendor's trade, a row a day or a month."""

    data: list[Trade]


class VisitList(Done):
    """Visits, a row a day."""

    data: list[Visits]


class TombstoneList(Done):
    """Deleted customers."""

    data: list[Tombstone]


class GroupList(GroupDone):
    """Groups, or how many there are."""

    data: list[Group] | int


class Refusal(Struct):
    """Every error; the status is 1 only where the document shows it so, `code` stands there with a conflict."""

    status: Flag
    message: str
    code: str | UnsetType = UNSET


def error_body(error: ApiError) -> dict[str, object]:
    """Return a refusal in the API's shape.

    Args:
        error: What is refused, and why.
    """
    code = {"code": error.code} if error.status == HTTPStatus.CONFLICT else {}
    return {"status": 0, "message": error.message, **code, **error.details}
