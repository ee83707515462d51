"""What tests of the `portal` API send: forms as its document shows them, with people of their own making."""

from typing import Any
from uuid import uuid4

import httpx

from tests.support.stub import as_json

PASSWORD = "correct horse battery"


def new_email() -> str:
    """Return an e-mail that nobody has."""
    return f"{uuid4().hex}@example.com"


def new_customer(group: object = "", **fields: object) -> dict[str, Any]:
    """Return the form that creates a customer, with other fields in the place of the usual ones."""
    form = {
        "customerGroupId": group,
        "username": "Rahim Uddin",
        "email": new_email(),
        "mobileNumber": "01711000111",
        "password": PASSWORD,
        "confirmPassword": PASSWORD,
        "newsletter": 1,
        "mailStatus": 1,
        "status": 1,
    }
    return {**form, **fields}


def changed_customer(shown: dict[str, Any], **fields: object) -> dict[str, Any]:
    """Return the form that sends back a customer as it was shown, but for some fields."""
    form = {
        "customerGroupId": shown["customerGroupId"],
        "username": shown["username"],
        "realName": f"{shown['firstName']} {shown['lastName']}".strip(),
        "email": shown["email"],
        "mobileNumber": shown["mobileNumber"],
        "password": shown["password"],
        "mailStatus": shown["mailStatus"],
        "status": shown["isActive"],
    }
    return {**form, **fields}


def create(portal: httpx.Client, group: object = "", **fields: object) -> dict[str, Any]:
    """Create a customer and return the answer."""
    return dict(as_json(portal.post("/api/customer", data=new_customer(group, **fields))))


def create_group(portal: httpx.Client, name: str = "Regulars") -> int:
    """Create a group and return its id."""
    form = {"name": name, "description": "Since 2020", "colorcode": "#00aa00", "status": 1}
    return int(as_json(portal.post("/api/customer-group", data=form))["groupId"])


def details(portal: httpx.Client, customer_id: int) -> dict[str, Any]:
    """Return a customer in full."""
    return dict(as_json(portal.get(f"/api/admin-customer/customer-detail/{customer_id}"))["data"])
