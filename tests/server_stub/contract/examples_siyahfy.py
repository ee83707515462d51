"""The requests of the Siyahfy document: it shows methods and paths; parameters and bodies are those we settled.

A `:name` stands for an id of this stub. The document's order and titles.
"""

from collections.abc import Callable
from uuid import uuid4

from tests.server_stub.contract.example import Example, Words
from tests.support.storefront import PASSWORD, mailed, new_email, post, shopper, sign_up, visitor
from tests.support.stub import StubServer, as_json

_CUSTOMER = {
    "id": int,
    "name": str,
    "email": str | None,
    "phone": str | None,
    "tags": list,
    "notes": str | None,
    "cod_enabled": bool,
    "blacklisted": bool,
    "blacklist_reason": str | None,
    "verified": bool,
    "total_orders": int,
    "total_spent": str,
    "created_at": str,
    "updated_at": str,
}
_ADDRESS = {
    "id": int,
    "name": str | None,
    "phone": str | None,
    "address1": str,
    "address2": str | None,
    "city": str | None,
    "state": str | None,
    "pincode": str | None,
    "country": str | None,
    "is_default": bool,
}
_PAGE = {
    "success": True,
    "data": [_CUSTOMER],
    "pagination": {"page": 1, "limit": 20, "total": int, "pages": int},
}


def _customer(stub: StubServer) -> Words:
    """Return a customer of the example's own, with one address."""
    with stub.client(api="siyahfy") as client:
        new = {"name": "Jane Doe", "phone": str(uuid4().int)[:15], "address": "123 Main St"}
        [made] = as_json(client.post("/api/bulkinsertcustomers", json={"customers": [new]}))["data"]["ids"]
        [address] = as_json(client.get("/api/customerAddresses", params={"customer_id": made}))["data"]
        return {":customer": str(made), ":address": str(address["id"]), ":phone": str(uuid4().int)[:15]}


def _vendor(title: str, method: str, path: str, body: str | None = None, answer: object = None) -> Example:
    """Return a request of the vendor; the answer is what `data` is like."""
    shown = {"success": True, "data": answer} if answer is not None else None
    return Example(api="siyahfy", title=title, method=method, path=path, body=body, words=_customer, answer=shown)


VENDOR = (
    Example(
        api="siyahfy",
        title="Get paginated list of all customers for a store",
        method="GET",
        path="/api/vendors/customers/22",
        answer=_PAGE,
    ),
    Example(
        api="siyahfy",
        title="Fetch customers with advanced filtering and sorting",
        method="GET",
        path="/api/vendors/customers_fetch/22?cod_status=true&sort=name&order=asc",
        answer=_PAGE,
    ),
    _vendor(
        "Get a single customer's full profile for editing",
        "GET",
        "/api/customers/edit?id=:customer",
        answer={**_CUSTOMER, "addresses": [_ADDRESS], "orders": list, "timeline": list},
    ),
    _vendor(
        "Update customer contact details (name, email, phone)",
        "POST",
        "/api/editcontactinformation",
        '{"id": :customer, "name": "Jane Roe", "email": "jane@example.com", "phone": "+1234567890"}',
        {**_CUSTOMER, "name": "Jane Roe", "email": "jane@example.com", "phone": "+1234567890"},
    ),
    _vendor(
        "Fetch multiple customers by their IDs",
        "POST",
        "/api/fetchCustomersById",
        '{"ids": [:customer]}',
        [_CUSTOMER],
    ),
    _vendor(
        "Get all addresses for a specific customer",
        "GET",
        "/api/customerAddresses?customer_id=:customer",
        answer=[_ADDRESS],
    ),
    _vendor(
        "Add a new address to a customer's address book",
        "POST",
        "/api/manageCustomerAddress",
        '{"customer_id": :customer, "address1": "5 Hill Road", "city": "Mumbai", "pincode": "400050"}',
        {**_ADDRESS, "address1": "5 Hill Road", "city": "Mumbai", "pincode": "400050", "is_default": False},
    ),
    _vendor(
        "Update an existing customer address",
        "PUT",
        "/api/updateAddress",
        '{"address_id": :address, "city": "Pune"}',
        {**_ADDRESS, "address1": "123 Main St", "city": "Pune", "is_default": True},
    ),
    _vendor(
        "Remove an address from a customer's profile",
        "DELETE",
        "/api/deleteCustomerAddress?address_id=:address",
        answer={"deleted": 1},
    ),
    _vendor(
        "Log a note or activity entry on a customer's timeline",
        "POST",
        "/api/vendors/customer/log",
        '{"customer_id": :customer, "type": "note", "note": "Prefers calls before noon"}',
        {"id": int, "type": "note", "note": "Prefers calls before noon", "reference": None, "created_at": str},
    ),
    _vendor(
        "Enable or disable COD for a specific customer",
        "POST",
        "/api/update-cod-status",
        '{"customer_id": :customer, "cod_enabled": false}',
        {**_CUSTOMER, "cod_enabled": False},
    ),
    _vendor(
        "Blacklist or un-blacklist a customer",
        "POST",
        "/api/vendors/blacklist-customer",
        '{"customer_id": :customer, "blacklisted": true, "reason": "Refused three deliveries"}',
        {**_CUSTOMER, "blacklisted": True, "blacklist_reason": "Refused three deliveries"},
    ),
    _vendor("Delete a single customer", "DELETE", "/api/vendors/customer/delete/:customer", answer={"deleted": 1}),
    _vendor(
        "Bulk delete multiple customers",
        "DELETE",
        "/api/vendors/customers/delete",
        '{"ids": [:customer]}',
        {"deleted": 1},
    ),
    _vendor("Export customer data as CSV", "POST", "/api/export-customers", "{}"),
    _vendor(
        "Bulk update customer fields (tags, notes, COD status)",
        "POST",
        "/api/bulkupdatecolumns",
        '{"ids": [:customer], "set": {"tags": ["wholesale"], "notes": null, "cod_enabled": true}}',
        {"updated": 1},
    ),
    _vendor(
        "Bulk import customers from CSV data",
        "POST",
        "/api/bulkinsertcustomers",
        '{"customers": [{"name": "John Doe", "phone": ":phone", "tags": ["retail"]}]}',
        {"inserted": 1, "skipped": 0, "ids": [int], "errors": list},
    ),
)


def _newcomer(_stub: StubServer) -> Words:
    """Return an e-mail that nobody has."""
    return {":email": new_email()}


def _waiting(stub: StubServer) -> Words:
    """Return who has signed up and the code that was mailed."""
    email = new_email()
    with visitor(stub) as client:
        as_json(sign_up(client, email))
    return {":email": email, ":otp": mailed(stub, email)[0]["code"]}


def _account(stub: StubServer) -> Words:
    """Return who has an account and its password."""
    words = _waiting(stub)
    with visitor(stub) as client:
        as_json(post(client, "verify-otp-and-update", email=words[":email"], otp=words[":otp"]))
    return {":email": words[":email"], ":password": PASSWORD}


def _forgetful(stub: StubServer) -> Words:
    """Return who has asked for a new password and the code that was mailed."""
    email = shopper(stub).email
    with visitor(stub) as client:
        as_json(post(client, "forgot-password-get-otp", email=email))
    return {":email": email, ":otp": mailed(stub, email)[0]["code"]}


def _shopper(stub: StubServer) -> Words:
    """Return a customer of the example's own with one address, and the token they hold."""
    made = shopper(stub, address="123 Main St")
    with stub.client(api="siyahfy", token=made.token) as client:
        [address] = as_json(client.get(f"/api/getAddressPublic/{made.id}"))["data"]
    return {":customer": str(made.id), ":address": str(address["id"]), "<customer>": made.token}


def _open(title: str, path: str, body: str, words: Callable[[StubServer], Words], answer: object) -> Example:
    """Return a request of somebody without a token; the answer is what `data` is like."""
    shown = {"success": True, "data": answer}
    status = 201 if path.endswith("/add") else 200
    return Example(
        api="siyahfy", title=title, method="POST", path=path, body=body, words=words, status=status, answer=shown
    )


def _own(title: str, method: str, path: str, body: str | None = None, answer: object = None) -> Example:
    """Return a request of a customer; the answer is what `data` is like."""
    return Example(
        api="siyahfy",
        title=title,
        method=method,
        path=path,
        body=body,
        headers={"Authorization": "Bearer <customer>"},
        words=_shopper,
        answer={"success": True, "data": answer},
    )


STOREFRONT = (
    _open(
        "Register a new customer with email and OTP verification",
        "/api/vendor/customer/add",
        '{"store": "22", "name": "Jane Doe", "email": ":email", "phone": "+1234567890", "password": "at least 8"}',
        _newcomer,
        {"email": str},
    ),
    _open(
        "Verify OTP during registration to activate account",
        "/api/verify-otp-and-update",
        '{"store": "22", "email": ":email", "otp": ":otp"}',
        _waiting,
        {"token": str},
    ),
    _open(
        "Customer login with email and password",
        "/api/vendor/customer/login",
        '{"store": "22", "email": ":email", "password": ":password"}',
        _account,
        {"token": str},
    ),
    _open(
        "Request password reset OTP",
        "/api/forgot-password-get-otp",
        '{"store": "22", "email": ":email"}',
        _newcomer,
        {"email": str},
    ),
    _open(
        "Verify password reset OTP and set new password",
        "/api/forgot-password-verify-otp",
        '{"store": "22", "email": ":email", "otp": ":otp", "password": "at least 8"}',
        _forgetful,
        {},
    ),
    _own("Validate customer session token", "POST", "/api/validateUser", answer=_CUSTOMER),
    _own("Get logged-in customer's profile details", "GET", "/api/GetUserDetailById?id=:customer", answer=_CUSTOMER),
    _own(
        "Update customer's own profile information",
        "PUT",
        "/api/UpdateCustomerDetail",
        '{"name": "Jane Roe", "phone": "+1234567890"}',
        {**_CUSTOMER, "name": "Jane Roe", "phone": "+1234567890"},
    ),
    _own("Get customer's addresses for checkout", "GET", "/api/getAddressPublic/:customer", answer=[_ADDRESS]),
    _own(
        "Add a new shipping address from the storefront",
        "POST",
        "/api/addNewAddress",
        '{"address1": "5 Hill Road", "city": "Mumbai", "pincode": "400050"}',
        {**_ADDRESS, "address1": "5 Hill Road", "city": "Mumbai", "pincode": "400050", "is_default": False},
    ),
    _own(
        "Update an existing address from the storefront",
        "POST",
        "/api/updateCustomerAddress",
        '{"address_id": :address, "city": "Pune"}',
        {**_ADDRESS, "address1": "123 Main St", "city": "Pune", "is_default": True},
    ),
    _own(
        "Remove an address from the storefront account page",
        "DELETE",
        "/api/removeAddress?address_id=:address",
        answer={"deleted": 1},
    ),
    _own(
        "Set a default shipping address",
        "PUT",
        "/api/changeDefaultAddress",
        '{"address_id": :address}',
        {**_ADDRESS, "is_default": True},
    ),
)

EXAMPLES = (*VENDOR, *STOREFRONT)
