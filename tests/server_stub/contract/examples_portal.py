"""The example requests of the eCommerce portal's document.

Its forms stand there in quotes, with `'text'` and `1` for every value. The quotes are not part of the values, and where
a value must be more than that (an e-mail, a phone, a password of eight characters) one stands in for it.
"""

from server_stub.credentials import all_credentials
from tests.server_stub.contract.example import Example, Words
from tests.support.portal_requests import create, create_group, new_email
from tests.support.stub import StubServer

_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "*/*"}
_ANY = {"Accept": "*/*"}


def _of_customer(form: str) -> Words:
    return {
        '"customerGroupId=1': f"customerGroupId={form}",
        "username='text'": "username=text",
        "email='text'": f"email={new_email()}",
        "mobileNumber=1": "mobileNumber=1711000111",
        "password='text'": "password=text text",
        "confirmPassword='text'": "confirmPassword=text text",
        "avatar='text'": "avatar=text",
        "realName='text'": "realName=text",
        "customerNo='text'": "customerNo=text",
        'status=1"': "status=1",
    }


def _new_customer(stub: StubServer) -> Words:
    with stub.client(api="portal") as portal:
        return _of_customer(str(create_group(portal)))


def _customer(stub: StubServer) -> Words:
    with stub.client(api="portal") as portal:
        made = str(create(portal)["id"])
        return {"{id}": made, '"customerId=[1]"': f"customerId=[{made}]", **_of_customer(str(create_group(portal)))}


def _group(stub: StubServer) -> Words:
    with stub.client(api="portal") as portal:
        group = str(create_group(portal))
    return {
        "{id}": group,
        "\"name='text'": "name=text",
        "description='text'": "description=text",
        "colorcode='text'": "colorcode=text",
        'status=1"': "status=1",
        '"groupId=1"': f"groupId={group}",
    }


def _store(_stub: StubServer) -> Words:
    return {"vendorId=1": "vendorId=22"}


def _authorized(stub: StubServer) -> Words:
    return {"text": f"Bearer {all_credentials(stub.random_seed)['portal']['22']['token']}"}


_CREATED = {
    "customerGroupId": str, "firstName": "text", "username": "text", "email": str, "mobileNumber": str,
    "password": str, "mailStatus": str, "deleteFlag": int, "isActive": str, "createdDate": str, "id": int,
}  # fmt: skip
_CUSTOMER = {
    "createdBy": int, "createdDate": str, "modifiedBy": int, "modifiedDate": str, "id": int, "firstName": str,
    "lastName": str, "username": "text", "password": str, "email": str, "mobileNumber": str, "address": str,
    "countryId": int, "zoneId": str, "city": str, "local": str, "oauthData": str, "avatar": "text", "newsletter": 1,
    "avatarPath": str, "customerGroupId": str, "lastLogin": str, "safe": int, "ip": str, "mailStatus": str,
    "pincode": str, "deleteFlag": int, "isActive": str, "forgetPasswordKey": str, "linkExpires": str, "lockedOn": str,
}  # fmt: skip


def _answered(title: str, path: str, message: str, data: object, *, status: object = "1") -> Example:
    answer = {"status": status, "message": message, "data": data}
    return Example(api="portal", title=title, method="GET", path=path, headers=_ANY, words=_store, answer=answer)


EXAMPLES = (
    Example(
        api="portal",
        title="Add Customer",
        method="POST",
        path="/api/customer",
        headers=_FORM,
        body="\"customerGroupId=1&username='text'&email='text'&mobileNumber=1&password='text'&confirmPassword='text'"
        '&newsletter=1&mailStatus=1&status=1"',
        words=_new_customer,
        answer=_CREATED,
    ),
    _answered("Customer list", "/api/customer?limit=1", "Successfully got Customer list.", [dict]),
    Example(
        api="portal",
        title="Customer Details",
        method="GET",
        path="/api/admin-customer/customer-detail/{id}",
        headers=_ANY,
        words=_customer,
        answer={"status": "1", "message": "successfully got Customer details."},
    ),
    Example(
        api="portal",
        title="Update Customer",
        method="PUT",
        path="/api/customer/{id}",
        headers=_FORM,
        body="\"customerGroupId=1&username='text'&email='text'&mobileNumber=1&password='text'&confirmPassword='text'"
        "&avatar='text'&newsletter=1&realName='text'&customerNo='text'&mailStatus=1&status=1\"",
        words=_customer,
        answer=_CUSTOMER,
    ),
    Example(
        api="portal",
        title="Delete Customer",
        method="DELETE",
        path="/api/customer/{id}",
        headers=_ANY,
        words=_customer,
        answer={"status": "1", "message": "Customer Deleted Successfully"},
    ),
    _answered("Recent Customerlist", "/api/customer/recent-customerlist", "Successfully got Customer list.", [dict]),
    Example(
        api="portal",
        title="Today's Customer Count",
        method="GET",
        path="/api/customer/today-customercount",
        headers={"Authorized": "text", **_ANY},
        words=_authorized,
        answer={"status": "1", "message": "Successfully get customerCount", "data": int},
    ),
    Example(
        api="portal",
        title="Delete Customers",
        method="POST",
        path="/api/customer/delete-customer",
        headers=_FORM,
        body='"customerId=[1]"',
        words=_customer,
        answer={"status": "1", "message": "Successfully deleted customer."},
    ),
    Example(
        api="portal",
        title="Customer List in Excel",
        method="GET",
        path="/api/customer/customer-excel-list?customerId=text",
        headers=_ANY,
        status=400,
        answer={"status": 1, "message": "Invalid customerId"},
    ),
    Example(
        api="portal",
        title="All Customer excel list",
        method="GET",
        path="/api/customer/allcustomer-excel-list?name=text&status=1&email=text",
        headers=_ANY,
        status=400,
        answer={"status": 1, "message": "list is empty"},
    ),
    _answered("Customer Count", "/api/customer/customer-count", "Successfully got the Customer Count", int),
    _answered(
        "Order Product List",
        "/api/customer/order-product-list?limit=1",
        "Successfully got order product list",
        [dict],
    ),
    _answered(
        "Product View log list",
        "/api/customer/product-view-log-list?limit=1",
        "Successfully got order product list",
        [dict],
    ),
    _answered(
        "Vendor graph list",
        "/api/customer/vendor-graph-list?vendorId=1&duration=1",
        "Successfully got the vendor graph list",
        [{"label": str, "orders": int, "customers": int, "revenue": float}],
    ),
    _answered(
        "Customer visit list",
        "/api/customer/customer-visit-list?month=1&year=1",
        "Successfully got the customer visit list",
        [{"date": str, "visits": int}],
    ),
    Example(
        api="portal",
        title="Create customer group",
        method="POST",
        path="/api/customer-group",
        headers=_FORM,
        body="\"name='text'&description='text'&colorcode='text'&status=1\"",
        words=_group,
        answer={"name": "text", "colorCode": "text", "isActive": str, "createdDate": str, "groupId": int},
    ),
    _answered(
        "Customer group list",
        "/api/customer-group",
        "Successfully got all customer group List",
        [dict],
        status=1,
    ),
    Example(
        api="portal",
        title="Update Customer group",
        method="PUT",
        path="/api/customer-group/{id}",
        headers=_FORM,
        body="\"name='text'&description='text'&colorcode='text'&status=1\"",
        words=_group,
        answer={"name": "text", "colorCode": "text", "isActive": str, "modifiedDate": str, "groupId": int},
    ),
    Example(
        api="portal",
        title="Delete customer group",
        method="DELETE",
        path="/api/customer-group/{id}",
        headers=_FORM,
        body='"groupId=1"',
        words=_group,
        answer={"status": 1, "message": "Group Deleted Successfully."},
    ),
)
