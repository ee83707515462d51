"""The customer groups of the `portal` API."""

from fastapi import APIRouter
from msgspec import UNSET
from sqlalchemy import Connection
from starlette.responses import Response

from server_stub import payload
from server_stub.answers import Answer, json_answer
from server_stub.apis.portal import rendering, shapes
from server_stub.apis.portal.access import PortalCall, fields_of
from server_stub.apis.portal.customers import page_of
from server_stub.apis.portal.description import LIMIT, OFFSET, TAKES, route
from server_stub.calls import Call
from server_stub.documentation import query
from server_stub.errors import bad_request, not_found
from server_stub.store import groups
from server_stub.store.groups import GroupRow
from server_stub.store.search import fold
from server_stub.store.writing import Writing

router = APIRouter()

_BODY = {"name": "text", "description": "text", "colorcode": "text", "status": 1}
_MESSAGE = "Successfully got all customer group List"
_WHEN = "2025-08-30T03:45:12.979Z"


@router.post(
    "/customer-group",
    **route(
        "Create customer group",
        shapes.CreatedGroup,
        shapes.GroupBody,
        writes=True,
        takes=TAKES,
        example=_BODY,
        answered={"name": "text", "colorCode": "text", "isActive": "text", "createdDate": _WHEN, "groupId": 1},
    ),
)
def create_group(call: PortalCall) -> Response:
    """Create a group."""

    def work(writing: Writing) -> Answer:
        columns = {"description": None, **_columns(fields_of(call, shapes.GroupBody))}
        return json_answer(rendering.created_group(groups.create(writing, **columns)))

    return call.write(work)


@router.get(
    "/customer-group",
    **route(
        "Customer group list",
        shapes.GroupList,
        parameters=(
            {**LIMIT, "required": False},
            OFFSET,
            query("keyword", "A piece of the name or the description", type="string"),
            query("status", "1 active, 0 not", type="string", enum=["0", "1"]),
            query("count", "1 answers how many there are in place of the rows", type="string", enum=["0", "1"]),
        ),
        answered={"status": 1, "message": _MESSAGE},
    ),
)
def list_groups(call: PortalCall) -> Response:
    """List the store's groups, oldest first, or count them."""

    def work(connection: Connection) -> Answer:
        offset, limit = page_of(call, limit_required=False)
        asked = call.request.query_params
        keyword, active = fold(payload.plain_text(asked, "keyword")), payload.flag(asked, "status")
        found = [
            row
            for row in groups.of_store(connection, call.store_id)
            if keyword in fold(f"{row.name}\n{row.description or ''}") and active in {None, row.is_active}
        ]
        if payload.flag(asked, "count"):
            return json_answer(shapes.GroupList(1, _MESSAGE, len(found)))
        shown = [rendering.group(row) for row in found[offset : offset + limit]]
        return json_answer(shapes.GroupList(1, _MESSAGE, shown))

    return call.read(work)


@router.put(
    "/customer-group/{group_id}",
    **route(
        "Update Customer group",
        shapes.ChangedGroup,
        shapes.GroupBody,
        also=(404,),
        writes=True,
        takes=TAKES,
        example=_BODY,
        answered={"name": "text", "colorCode": "text", "isActive": "text", "modifiedDate": _WHEN, "groupId": 1},
    ),
)
def update_group(call: PortalCall, group_id: str) -> Response:
    """Change a group; a description that is absent stays."""

    def work(writing: Writing) -> Answer:
        row = _required(writing.connection, call, group_id)
        columns = _columns(fields_of(call, shapes.GroupBody))
        return json_answer(rendering.changed_group(groups.change(writing, row, **columns)))

    return call.write(work)


@router.delete(
    "/customer-group/{group_id}",
    **route(
        "Delete customer group",
        shapes.GroupDone,
        shapes.DepartingGroup,
        also=(404,),
        writes=True,
        takes=TAKES,
        example={"groupId": 1},
        needs_body=False,
        answered={"status": 1, "message": "Group Deleted Successfully."},
    ),
)
def delete_group(call: PortalCall, group_id: str) -> Response:
    """Delete a group; its members then have none."""

    def work(writing: Writing) -> Answer:
        row = _required(writing.connection, call, group_id)
        named = fields_of(call, shapes.DepartingGroup).group_id if call.body else UNSET
        if named not in {UNSET, row.id}:
            raise bad_request("groupId is not the group of the path.")
        groups.remove(writing, row)
        return json_answer(shapes.GroupDone(1, "Group Deleted Successfully."))

    return call.write(work)


def _columns(body: shapes.GroupBody) -> dict[str, object]:
    for name in ("name", "colorcode"):
        if not getattr(body, name).strip():
            raise bad_request(f"{name} must not be empty.")
    columns: dict[str, object] = {
        "name": body.name,
        "color_code": body.colorcode,
        "is_active": bool(body.status),
    }
    return columns if body.description is UNSET else {**columns, "description": body.description or None}


def _required(connection: Connection, call: Call, group_id: str) -> GroupRow:
    number = payload.as_integer_id(group_id)
    row = None if number is None else groups.find(connection, call.store_id, number)
    if row is None:
        raise not_found("Customer group")
    return row
