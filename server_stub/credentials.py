"""Who may speak for which store: tokens derived from the random seed, kept and compared as hashes."""

import base64
import hashlib
import hmac

STORE_IDS: tuple[int, ...] = (22, 7)
"""The stores that always exist."""


def pos_token(random_seed: int, store_id: int) -> str:
    """Return the bearer token of a store for the `pos` API.

    Args:
        random_seed: The stub's seed.
        store_id: The store the token names.
    """
    mac = hmac.new(str(random_seed).encode(), f"pos:{store_id}".encode(), hashlib.sha256).digest()
    return "pos_" + base64.urlsafe_b64encode(mac).decode().rstrip("=")


def all_credentials(random_seed: int) -> dict[str, dict[str, dict[str, str]]]:
    """Return every credential by API and store, as `--print-credentials` shows them.

    Args:
        random_seed: The stub's seed.
    """
    return {"pos": {str(store_id): {"token": pos_token(random_seed, store_id)} for store_id in STORE_IDS}}


class TokenBook:
    """Knows which token belongs to which store, without keeping a token."""

    def __init__(self, tokens: dict[str, int]) -> None:
        self._stores = [(_digest(token), store_id) for token, store_id in tokens.items()]

    @classmethod
    def for_pos(cls, random_seed: int) -> "TokenBook":
        """Return the book of the `pos` API.

        Args:
            random_seed: The stub's seed.
        """
        return cls({pos_token(random_seed, store_id): store_id for store_id in STORE_IDS})

    def store_of(self, token: str) -> int | None:
        """Return the store a token speaks for, or None; takes the same time for every token.

        Args:
            token: As presented.
        """
        presented = _digest(token)
        found = None
        for digest, store_id in self._stores:
            if hmac.compare_digest(digest, presented):
                found = store_id
        return found


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
