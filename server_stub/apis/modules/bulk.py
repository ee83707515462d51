"""What touches several customers of the `modules` API at once: merging two, tagging many."""

from fastapi import APIRouter
from starlette.responses import Response

from server_stub import payload
from server_stub.answers import Answer, json_answer
from server_stub.apis.modules import shapes
from server_stub.apis.modules.access import ModulesCall
from server_stub.apis.modules.customers import required, single_answer
from server_stub.apis.modules.description import described
from server_stub.apis.modules.refusals import decode, invalid
from server_stub.store.merging import merge
from server_stub.store.tagging import add_tags, remove_tags
from server_stub.store.writing import Writing

router = APIRouter()

_MERGE = described.route(
    "Merge customers",
    shapes.One[shapes.Customer],
    shapes.Merge,
    also=(404,),
    writes=True,
    example={"primary_id": "uuid-to-keep", "secondary_id": "uuid-to-merge"},
)
_TAGS_EXAMPLE = {"customer_ids": ["uuid-1", "uuid-2"], "tags": ["summer-sale", "newsletter"]}
_TAG = described.route("Bulk add tags", shapes.One[shapes.Updated], shapes.BulkTags, writes=True, example=_TAGS_EXAMPLE)
_UNTAG = described.route("Bulk remove tags", shapes.One[shapes.Updated], shapes.BulkTags, writes=True)


@router.post("/customers/merge", **_MERGE)
def merge_customers(call: ModulesCall) -> Response:
    """Move everything of the second customer to the first, and answer the first."""

    def work(writing: Writing) -> Answer:
        said = decode(call, shapes.Merge)
        if said.primary_id.lower() == said.secondary_id.lower():
            raise invalid("secondary_id", "secondary_id must name another customer than primary_id.")
        primary = required(writing.connection, call, said.primary_id)
        secondary = required(writing.connection, call, said.secondary_id)
        return single_answer(call, writing.connection, merge(writing, primary, secondary))

    return call.write(work)


@router.post("/customers/bulk/tags", **_TAG)
def add_bulk_tags(call: ModulesCall) -> Response:
    """Give customers tags."""

    def work(writing: Writing) -> Answer:
        said = decode(call, shapes.BulkTags)
        return json_answer(shapes.One(shapes.Updated(add_tags(writing, _uuids(said), said.tags))))

    return call.write(work)


@router.delete("/customers/bulk/tags", **_UNTAG)
def remove_bulk_tags(call: ModulesCall) -> Response:
    """Take tags from customers."""

    def work(writing: Writing) -> Answer:
        said = decode(call, shapes.BulkTags)
        return json_answer(shapes.One(shapes.Updated(remove_tags(writing, _uuids(said), said.tags))))

    return call.write(work)


def _uuids(said: shapes.BulkTags) -> list[str]:
    return [uuid for text in said.customer_ids if (uuid := payload.as_uuid(text)) is not None]
