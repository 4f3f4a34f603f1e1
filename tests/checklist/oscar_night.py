"""Who lives in the real shop on the night of a row? The owner and the intruder, each in a browser of their own."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from examples.shop.customer import ShopCustomer, ShopRefused
from takeback.core.events import Event, parse_event
from takeback.core.investigate.attribution import Word
from takeback.core.investigation import Investigation, investigate
from takeback.core.service import AccountSnapshot, ActionAnswer, ActionRequest, Outcome
from takeback.core.undo.plan import CONTAINMENT
from takeback.shops.http import HttpService
from tests.oscar.running_shop import PASSWORD, RunningShop, numbers
from tests.shops.contract import new_id
from tests.shops.receiver import Receiver

NEW_PASSWORD = "a completely new sentence"
HERE = {"ip": "203.0.113.20", "country": "JP", "asn": "AS2527", "user_agent": "Safari iPhone"}
THERE = {"ip": "198.51.100.7", "country": "RO", "asn": "AS64500", "user_agent": "Chrome Linux"}


@dataclass
class OscarNight:
    """One customer of the real shop. `kept` is where a row remembers what it will try again later."""

    shop: RunningShop
    service: HttpService
    receiver: Receiver
    account: str = ""
    email: str = ""
    kept: dict[str, Any] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """A month of an ordinary customer, then the night: the intruder has the password."""
        self.night = datetime.now(UTC) - timedelta(hours=2)
        self.email = f"c{next(numbers)}@example.jp"
        self.her = self.shop.browser(**HERE, clock=self.night - timedelta(days=28))
        self.her.register(self.email, PASSWORD, "佐藤 花子", "03-1111-0000")
        for days in (21, 14, 7, 1):
            self.her.sign_out()
            self.her.clock = self.night - timedelta(days=days)
            assert self.her.sign_in(self.email, PASSWORD)
            self.her.view_orders()
        [[account]] = self.shop.ask("SELECT id FROM members_user WHERE email = ?", self.email)
        self.account = str(account)

    def enter(self) -> None:
        """He comes in, and she goes on an hour later."""
        self.his = self.shop.browser(**THERE, clock=self.night)
        assert self.his.sign_in(self.email, PASSWORD)
        self.her.clock = self.night + timedelta(hours=1)

    def again(self) -> None:
        """It is his turn again, after hers."""
        self.his.clock = self.night + timedelta(minutes=90)

    @property
    def now(self) -> AccountSnapshot:
        """The account as read back."""
        snapshot = self.service.account(self.account)
        assert snapshot is not None
        return snapshot

    def status(self, order: str) -> object:
        return self.now.orders[order]["status"]

    def gets_in(self, password: str, email: str | None = None, **claims: Any) -> bool:
        with self.shop.browser(**(claims or THERE)) as browser:
            browser.sign_in(email or self.email, password)
            return browser.is_signed_in()

    def signs_in_again(self) -> ShopCustomer:
        """The owner, after the hand back."""
        browser = self.shop.browser(**HERE)
        assert browser.sign_in(str(self.now.fields["email"]), NEW_PASSWORD)
        return browser

    def refuses(self, act: Callable[..., Any], *args: Any) -> bool:
        try:
            act(*args)
        except ShopRefused:
            return True
        return False

    # Takeback's side

    def act(self, action: str, args: Any = None, action_id: str = "") -> ActionAnswer:
        return self.service.act(ActionRequest(action_id or new_id(), self.account, action, args or {}))

    def contain(self) -> None:
        for kind in CONTAINMENT:
            assert self.act(kind.value).outcome in (Outcome.DONE, Outcome.ALREADY_DONE)

    def look(self) -> Investigation:
        """The investigation, with the owner's word on each session: hers or not."""
        self.shop.all_told()
        events = [parse_event(json.dumps(event).encode()) for event in self.receiver.of(self.account)]
        return investigate(self.account, events, now=datetime.now(UTC) + timedelta(minutes=1), words=_words(events))

    def undo(self) -> None:
        """Carries the plan out. What the shop cannot do is in `refused`, what nobody can in `lost`."""
        found = self.look()
        assert found.findings.compromised
        self.lost = {one.what for one in found.plan.irreversible}
        not_done = set()
        for todo in found.plan.undoing:
            answer = self.act(todo.action.value, dict(todo.args), todo.id)
            if answer.outcome is Outcome.IMPOSSIBLE:
                self.refused.add(str(answer.reason))
                not_done.add(todo.id)
        assert {todo.id for todo in self.look().plan.undoing} == not_done

    def hand_back(self) -> None:
        for action, args in (("set_password", {"password": NEW_PASSWORD}), ("unfreeze", {}), ("unlock_cards", {})):
            assert self.act(action, args).outcome in (Outcome.DONE, Outcome.ALREADY_DONE)


def _words(events: list[Event]) -> list[Word]:
    said = {}
    for event in events:
        client = event.data.client
        if client.session is not None:
            said[client.session] = client.ip == HERE["ip"]
    return [Word("session", session, mine) for session, mine in said.items()]
