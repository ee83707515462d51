"""Replays every example request of the five documents, on every stub."""

import httpx
import pytest

from server_stub.credentials import all_credentials
from tests.server_stub.contract import (
    examples_modules,
    examples_portal,
    examples_pos,
    examples_selorax,
    examples_siyahfy,
)
from tests.server_stub.contract.example import Example, assert_like, in_words
from tests.support.stub import StubServer

DOCUMENTS = (examples_pos, examples_selorax, examples_modules, examples_portal, examples_siyahfy)
EXAMPLES: list[Example] = [example for document in DOCUMENTS for example in document.EXAMPLES]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.api}: {example.title}")
def test_the_documents_own_examples_are_answered(any_stub: StubServer, example: Example) -> None:
    token = all_credentials(any_stub.random_seed)[example.api]["22"]["token"]
    words = {"<token>": token, **example.words(any_stub)}
    headers = {name: in_words(value, words) for name, value in example.headers.items()}
    if not {"Authorization", "X-Client-Id"} & set(headers):
        headers["Authorization"] = f"Bearer {token}"
    body = None if example.body is None else in_words(example.body, words)
    url = f"{any_stub.root_url}/{example.api}{in_words(example.path, words)}"
    response = httpx.request(example.method, url, content=body, headers=headers, trust_env=False)
    assert response.status_code == example.status, response.text
    if example.answer is not None:
        assert_like(response.json(), example.answer)
