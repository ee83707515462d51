"""The chain's anchor in the keychain: how far this till's book had come, where no one who edits the book can reach."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Final

from posapp.domain.ids import TillId
from posapp.domain.operation import canonical_json
from posapp.keychain.errors import SecretDamaged
from posapp.keychain.ports import Keychain
from posapp.services.ports.anchors import Anchor

NAME: Final = "chain-anchor"


class KeychainAnchor:
    """`AnchorKeeper` of the port, over a home's keychain."""

    def __init__(self, keychain: Keychain) -> None:
        self._keychain = keychain

    def load(self) -> Anchor | None:
        """Return the anchor; None where there never was one.

        Raises:
            SecretDamaged: What is kept is no anchor.
            SecretsUnavailable: The keychain does not answer.
        """
        kept = self._keychain.get(NAME)
        if kept is None:
            return None
        try:
            content = json.loads(kept)
            return Anchor(TillId(content["till_id"]), int(content["seq"]), str(content["hash"]))
        except (ValueError, KeyError, TypeError) as error:
            raise SecretDamaged(name=NAME) from error

    def save(self, anchor: Anchor) -> None:
        """Keep an anchor in place of the one before.

        Raises:
            SecretsUnavailable: The keychain does not answer.
        """
        self._keychain.set(NAME, canonical_json(asdict(anchor)).encode())
