"""What the descriptions of the `modules` routes share."""

from server_stub.apis.modules.shapes import Refusal
from server_stub.documentation import Documentation, query

described = Documentation("modules", Refusal, security={"bearer": {"type": "http", "scheme": "bearer"}}, invalid=422)

PAGE = query("page", "Page number", type="integer", minimum=1, default=1)
PER_PAGE = query("per_page", "Items per page, cut to the maximum", type="integer", minimum=1, default=20)
SINCE = query("updated_since", "Changed then or later, where announced", type="string", format="date-time")
