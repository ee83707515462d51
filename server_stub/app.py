"""Builds the ASGI application of one stub."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp

from server_stub import control
from server_stub.answers import json_answer
from server_stub.apis import APIS
from server_stub.clock import Clock, system_clock
from server_stub.credentials import Credentials
from server_stub.database import Database
from server_stub.errors import ApiError, bad_request
from server_stub.fault_middleware import FaultMiddleware
from server_stub.faults import FaultPlan
from server_stub.runtime import Runtime
from server_stub.seeding import seed
from server_stub.settings import Settings


class StubApp(FastAPI):
    """A FastAPI application whose outermost layer lets faults happen."""

    def build_middleware_stack(self) -> ASGIApp:
        """Return every layer, the faults outside all others."""
        return FaultMiddleware(super().build_middleware_stack(), self.state.runtime)

    def openapi(self) -> dict[str, Any]:
        """Return the description of every route, with the shapes they refer to and without answers never given."""
        if self.openapi_schema is None:
            schema = super().openapi()
            for operations in schema["paths"].values():
                for operation in operations.values():
                    if "HTTPValidationError" in str(operation["responses"].get("422")):
                        del operation["responses"]["422"]
            described: dict[str, Any] = {"schemas": {}, "securitySchemes": {}}
            schema["components"] = described
            for name in self.state.runtime.settings.served:
                for kind, members in APIS[name].components().items():
                    described[kind] |= members
        return super().openapi()


def create_app(settings: Settings, clock: Clock = system_clock) -> FastAPI:
    """Return the application, its database ready and seeded.

    Args:
        settings: The choices of this stub.
        clock: The present, as the simulator or the machine has it.
    """
    database = Database(settings.database_url)
    database.create_tables()
    seed(database, customers=settings.customers, random_seed=settings.random_seed, clock=clock)
    faults = FaultPlan(settings.random_seed)
    faults.replace(settings.faults)
    runtime = Runtime(
        settings=settings,
        clock=clock,
        database=database,
        faults=faults,
        credentials=Credentials(settings.random_seed),
    )
    app = StubApp(
        title="posapp server stub",
        version="1",
        description="Stands in for the customer APIs of a shop.",
        redirect_slashes=False,
    )
    app.state.runtime = runtime
    app.include_router(control.health)
    app.include_router(control.router)
    for name in settings.served:
        app.include_router(APIS[name].router(settings.extensions), prefix=settings.prefix(name))
    _answer_errors(app)
    return app


def close_app(app: FastAPI) -> None:
    """Close the database of an application that is no longer served."""
    runtime: Runtime = app.state.runtime
    runtime.database.close()


def _answer_errors(app: FastAPI) -> None:
    def refuse(request: Request, error: ApiError) -> Response:
        settings: Settings = app.state.runtime.settings
        served = settings.served
        api = next((name for name in served if request.url.path.startswith(settings.prefix(name) + "/")), served[0])
        return json_answer(APIS[api].error_body(error), error.status).response(error.headers)

    def on_refusal(request: Request, error: Exception) -> Response:
        assert isinstance(error, ApiError)
        return refuse(request, error)

    def on_framework(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code = HTTPStatus(error.status_code)
        return refuse(
            request,
            ApiError(code, code.name.lower(), f"{code.phrase}.", headers=dict(error.headers or {})),
        )

    def on_validation(request: Request, _error: Exception) -> Response:
        return refuse(request, bad_request("The request is not valid."))

    def on_data(request: Request, _error: Exception) -> Response:
        return refuse(request, bad_request("The request holds a value that cannot be kept."))

    def on_database(request: Request, _error: Exception) -> Response:
        return refuse(request, ApiError(503, "unavailable", "The database is not available."))

    def on_bug(request: Request, _error: Exception) -> Response:
        return refuse(request, ApiError(500, "internal_error", "The stub failed."))

    handlers: dict[Any, Callable[[Request, Exception], Response | Awaitable[Response]]] = {
        ApiError: on_refusal,
        HTTPException: on_framework,
        RequestValidationError: on_validation,
        DataError: on_data,
        OperationalError: on_database,
        Exception: on_bug,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
