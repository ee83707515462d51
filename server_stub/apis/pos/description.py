"""What the descriptions of the `pos` routes share."""

from server_stub.apis.pos.shapes import Refusal
from server_stub.documentation import Documentation, query

described = Documentation("pos", Refusal, security={"bearer": {"type": "http", "scheme": "bearer"}})

PAGE = query("page", "Page number", type="integer", minimum=1, default=1)
LIMIT = query("limit", "Items per page, cut to 250", type="integer", minimum=1, default=20)
