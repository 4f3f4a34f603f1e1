"""What does the contract test ask of a shop? One customer who lives in it, Takeback's side of it, and what it has told.

Everything that may differ between shops is behind `Subject`. What a shop does not offer is known from its capabilities
alone.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from standardwebhooks import Webhook

from takeback.casework.ports import Service
from takeback.core.service import AccountSnapshot, ActionAnswer, ActionRequest

PASSWORD = "owner-knows-this-one"
NEW_PASSWORD = "owner-chose-this-one"
ANOTHER_NAME, A_THIRD_NAME = "佐藤はな子", "佐藤はな"
CONTAINMENT = ("freeze", "end_sessions", "expire_links", "disable_password")


class Subject(ABC):
    """A shop under test with one customer, `account`, who has `PASSWORD`. Handles are whatever the shop likes."""

    service: Service
    account: str
    door: "Door | None" = None  # None for a shop that is not reached over HTTP
    collections: tuple[str, ...] = ()  # in which `add_item` can make something, of those it offers

    @abstractmethod
    def sign_in(self, password: str) -> Any:
        """A live session, or None when the shop does not let us in."""

    @abstractmethod
    def is_in(self, session: Any) -> bool:
        """True while the session is good for anything."""

    @abstractmethod
    def rename(self, session: Any, name: str) -> bool:
        """The customer changes the field `name`; True when the shop took it."""

    @abstractmethod
    def told(self) -> list[dict[str, Any]]:
        """Every event that the shop has told of this account by now."""

    def make_token(self, session: Any) -> Any:  # noqa: ARG002 - a shop without tokens
        """An API token of its own, or None where the shop has none."""
        return None

    def token_works(self, token: Any) -> bool:
        """True while the token is good for anything."""
        raise NotImplementedError

    def make_link(self, session: Any) -> Any:  # noqa: ARG002 - a shop without links
        """A reset or sign-in link, or None where the test cannot get at one."""
        return None

    def link_works(self, link: Any) -> bool:
        """Opens the link: True when it let somebody in."""
        raise NotImplementedError

    def add_item(self, session: Any, collection: str) -> str:
        """The customer adds an item to one of `collections`; its id."""
        raise NotImplementedError

    def take_item(self, session: Any, collection: str, item_id: str) -> None:
        """The customer removes it."""
        raise NotImplementedError

    def place_order(self, session: Any, *, card: str | None = None) -> str | None:  # noqa: ARG002 - one without orders
        """An order's id; None when the shop refuses it, or has no orders."""
        return None

    def ship(self, order: str) -> None:
        """The parcel leaves the house."""
        raise NotImplementedError

    def leave(self) -> None:  # noqa: B027 - a shop in memory has nothing to give back
        """The test is over."""

    # What every test says in the same words:

    def do(self, action: str, action_id: str | None = None, **args: Any) -> ActionAnswer:
        return self.service.act(ActionRequest(action_id or new_id(), self.account, action, args))

    def contain(self) -> None:
        for action in CONTAINMENT:
            self.do(action)

    def now(self) -> AccountSnapshot:
        snapshot = self.service.account(self.account)
        assert snapshot is not None
        return snapshot

    def offers(self, *actions: str) -> None:
        """Skips the test, with the reason, where the shop does not offer one of the actions."""
        missing = set(actions) - self.service.capabilities().actions
        if missing:
            pytest.skip(f"{self.service.source} does not offer {', '.join(sorted(missing))}")

    def told_by(self, action_id: str) -> list[dict[str, Any]]:
        """The events that carry the mark of this action."""
        return [event for event in self.told() if event["data"].get("takeback", {}).get("id") == action_id]


@dataclass(frozen=True)
class Door:
    """The shop's base address, asked without the client, so that a test may ask wrongly."""

    base_url: str
    secret: str

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        message_id: str | None = None,
        sign: str | bytes | None = None,
        age: timedelta = timedelta(0),
        secret: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """A request; `sign` signs another text than the right one, `headers` replace the signature's."""
        at = datetime.now(UTC) - age
        message_id = message_id or new_id()
        signed = body or f"{method} {path}"
        text = signed if sign is None else sign
        text = text.decode() if isinstance(text, bytes) else text
        right = {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret or self.secret).sign(message_id, at, text),
        }
        chosen = {"content-type": "application/json", **(right if headers is None else headers)}
        return httpx.request(method, self.base_url + path, content=body or None, headers=chosen, timeout=20)

    def send(self, message: Any) -> httpx.Response:
        """An action's body, rightly signed, whatever it says."""
        action_id = message.get("id") if isinstance(message, dict) else None
        known = action_id if isinstance(action_id, str) and action_id else None
        return self.ask("POST", "/actions", json.dumps(message).encode(), message_id=known)


def new_id() -> str:
    return f"act_{uuid4().hex}"
