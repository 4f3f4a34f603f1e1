"""Who lives in the shop on the night of a row? The owner, the intruder, and the clock that goes on with each act."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from takeback.core.events import Json
from takeback.core.service import AccountSnapshot
from takeback.shops.pretend import PretendShop, ShopRefused
from tests.casework.life import ACCOUNT, HERS, INTRUDERS, NIGHT, PASSWORD

NEW_PASSWORD = "a completely new sentence"
HER_SESSION, HIS_SESSION, HER_APP = "hers", "theirs", "hers-app"


@dataclass
class Night:
    """The shop in the life of one account. `owner` and `intruder` act as `night.owner("view", "cards")`.

    `kept` is where a row remembers what it will try again later: a token, a card's number, a number of alerts.
    """

    shop: PretendShop
    at: datetime = NIGHT
    account: str = ACCOUNT
    password: str = PASSWORD  # the one that opens the account now; None of the old ones do after the hand back
    kept: dict[str, Any] = field(default_factory=dict)

    def owner(self, act: str, *args: Any, session: str = HER_SESSION, **more: Any) -> Any:
        """The owner acts, on her telephone."""
        return self._act(act, HERS | {"session": session}, args, more)

    def intruder(self, act: str, *args: Any, session: str = HIS_SESSION, **more: Any) -> Any:
        """The intruder acts, from his own device in another country."""
        return self._act(act, INTRUDERS | {"session": session}, args, more)

    def shop_does(self, act: str, *args: Any) -> Any:
        """The shop itself acts: ships, delivers, renews."""
        return getattr(self.shop, act)(self.account, self._later(), *args)

    def gets_in(self, who: Callable[..., Any], **by: Any) -> bool:
        """True when this way in opens a new session that is good for something."""
        session = f"try-{len(self.shop.events)}"
        event = who("sign_in", session=session, **by)
        return bool(event["type"] == "account.signed_in") and self.shop.is_signed_in(self.account, session)

    def refuses(self, act: Callable[..., Any], *args: Any, **more: Any) -> bool:
        """True when the shop does not do it."""
        try:
            act(*args, **more)
        except ShopRefused:
            return True
        return False

    def is_in(self, session: str) -> bool:
        return self.shop.is_signed_in(self.account, session)

    @property
    def fields(self) -> dict[str, Json]:
        return dict(self._read().fields)

    def item(self, collection: str, item_id: str) -> Json:
        """The item as read back, or None."""
        return self._read().collections.get(collection, {}).get(item_id)

    def balance(self, name: str) -> int:
        return int(self._read().balances[name].amount)

    def order(self, number: str) -> Json:
        """The order as read back, or None."""
        return dict(self._read().orders[number]) if number in self._read().orders else None

    def status(self, number: str) -> Json:
        return self._read().orders[number]["status"]

    def _read(self) -> AccountSnapshot:
        snapshot = self.shop.account(self.account)
        assert snapshot is not None
        return snapshot

    def _act(self, act: str, client: dict[str, Any], args: Any, more: Any) -> Any:
        if act == "keep_token":  # leaves no trace in the log, and so needs no time
            return getattr(self.shop, act)(self.account, client, *args, **more)
        return getattr(self.shop, act)(self.account, self._later(), client, *args, **more)

    def _later(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at


def yen(amount: int) -> dict[str, str]:
    return {"amount": str(amount), "currency": "JPY"}


def order_of(number: str, **more: Any) -> dict[str, Any]:
    """An order of one small thing, within what a standing rule may approve."""
    line = {"sku": "s1", "name": "お茶", "quantity": 1, "price": yen(500)}
    return {"id": number, "lines": [line], "total": yen(500), "payment": "konbini", **more}
