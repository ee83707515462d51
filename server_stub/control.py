"""The stub's own endpoints: health, faults, the effect log, the mail. All but health only from this machine."""

import ipaddress
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request
from sqlalchemy import select
from starlette.responses import Response

from server_stub import payload, tables
from server_stub.answers import json_answer
from server_stub.clock import to_iso
from server_stub.errors import ApiError, bad_request
from server_stub.runtime import Runtime

health = APIRouter(tags=["stub"])
router = APIRouter(include_in_schema=False)


class FaultList(msgspec.Struct):
    """The body that replaces all faults."""

    faults: list[dict[str, object]]


async def _local(request: Request) -> Runtime:
    if request.client is not None and not _is_loopback(request.client.host):
        raise ApiError(403, "forbidden", "Only from this machine.")
    runtime: Runtime = request.app.state.runtime
    return runtime


LocalRuntime = Annotated[Runtime, Depends(_local)]
Body = Annotated[bytes, Depends(payload.read_body)]


@health.get("/healthz")
def healthz() -> dict[str, str]:
    """Answer that the stub is up."""
    return {"status": "ok"}


@router.put("/__faults")
def replace_faults(runtime: LocalRuntime, body: Body) -> Response:
    """Put new faults in the place of all."""
    wanted = payload.decode(body, FaultList)
    runtime.faults.replace(wanted.faults)
    return json_answer({"faults": len(wanted.faults)}).response({})


@router.delete("/__faults")
def clear_faults(runtime: LocalRuntime) -> Response:
    """End all faults."""
    runtime.faults.clear()
    return json_answer({"faults": 0}).response({})


@router.get("/__effects")
def list_effects(runtime: LocalRuntime) -> Response:
    """List what changed, oldest first."""
    with runtime.database.read() as connection:
        rows = connection.execute(select(tables.effect).order_by(tables.effect.c.id)).all()
    return json_answer(
        [
            {
                "at": to_iso(row.at),
                "api": row.api,
                "store": str(row.store_id),
                "entity": row.entity,
                "id": row.entity_id,
                "change": row.change,
                "op": row.op,
            }
            for row in rows
        ]
    ).response({})


@router.get("/__mail")
def list_mail(request: Request, runtime: LocalRuntime) -> Response:
    """List what was mailed to an address, newest first."""
    email = payload.plain_text(request.query_params, "email")
    if not email:
        raise bad_request("email is required.")
    mail = tables.mail
    with runtime.database.read() as connection:
        rows = connection.execute(select(mail).where(mail.c.email == email).order_by(mail.c.id.desc())).all()
    return json_answer(
        [
            {
                "email": row.email,
                "subject": row.subject,
                "text": row.text,
                "code": row.code,
                "created_at": to_iso(row.created_at),
            }
            for row in rows
        ]
    ).response({})


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
