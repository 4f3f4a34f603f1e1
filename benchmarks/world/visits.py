"""What can a visitor do in an account? One set of acts for owner and intruder alike, so that nothing in the form of an
event tells them apart.
"""

from collections.abc import Mapping

from benchmarks.world import devices, things
from benchmarks.world.account import Order, Session, Side, Status
from benchmarks.world.chance import Chance
from benchmarks.world.devices import Browser, Device
from benchmarks.world.lines import Line
from benchmarks.world.story import Story
from benchmarks.world.timeline import HOUR, Process

SECRET = frozenset({"password", "two_step_secret"})
NOTICED = frozenset({"email", "phone", "password", "recovery_email"})


class Visit:
    """A client at work: a browser of a device on a line. `agent` overrides the browser's own name for itself."""

    def __init__(
        self, story: Story, side: Side, device: Device, browser: Browser, line: Line, chance: Chance,
        *, agent: str | None = None, marked: bool = False,
    ) -> None:  # fmt: skip
        self.story, self.side, self.chance = story, side, chance
        self.device, self.browser, self.line = device, browser, line
        self.agent, self.marked = agent, marked
        self.session: Session | None = None
        self._before_sign_in = f"s-{chance.letters(10)}" if story.shop.anonymous else None

    def client(self) -> dict[str, object]:
        """What the shop notes of the client."""
        shop, now = self.story.shop, self.story.now
        reach = self.line.reach(now, dual=shop.dual)
        client: dict[str, object] = {}
        session = self.session.id if self.session else self._before_sign_in
        if session and "session" in shop.knows:
            client["session"] = session
        if "device" in shop.knows and not self.chance.odds(shop.gaps):
            client["device"] = self.browser.cookie
        client["ip"] = reach.ip
        client["user_agent"] = self.agent or devices.user_agent(self.device, self.browser, now)
        if "country" in shop.knows:
            client["country"] = reach.country
        if "asn" in shop.knows:
            client["asn"] = f"AS{reach.asn}" if shop.asn_as_text else reach.asn
        return client

    def _write(self, kind: str, data: Mapping[str, object]) -> str:
        if self.session:
            self._touch(self.session)
        told = {**data, "client": self.client()}
        return self.story.journal.write(self.story.now, kind, told, self.side, marked=self.marked)

    def _touch(self, session: Session) -> None:
        now = self.story.now
        if self.story.shop.rotation == "hours" and now - session.id_since > 6 * HOUR:
            session.id, session.id_since = f"s-{self.chance.letters(10)}", now
        session.used = now

    # Coming and going

    def resume(self, session: Session) -> bool:
        """Go on in a session if the shop still takes it."""
        shop, now = self.story.shop, self.story.now
        if session.open and now - session.used < shop.idle and now - session.born < shop.oldest:
            self.session = session
            return True
        return False

    def fail(self, reason: str = "password") -> str:
        """A sign-in that does not succeed."""
        return self._write("account.sign_in_failed", {"reason": reason})

    def sign_in(self, method: str, *, second: str | None = None, credential: str | None = None) -> str:
        """A sign-in that does: the session is new, its id perhaps that of the visit before it."""
        story, now = self.story, self.story.now
        name = self._before_sign_in if story.shop.rotation == "never" else None
        self.session = Session(name or f"s-{self.chance.letters(10)}", now, now, now, self.browser.cookie)
        story.account.sessions.append(self.session)
        self.browser.session = self.session
        data: dict[str, object] = {"method": method, "second_factor": second or "none"}
        if credential:
            data["credential"] = credential
        event = self._write("account.signed_in", data)
        if self.browser.cookie not in story.account.seen_cookies:
            story.account.seen_cookies.add(self.browser.cookie)
            if story.shop.notices and method != "token":
                story.message("new_sign_in")
        return event

    def sign_out(self) -> None:
        """The end of the session."""
        self._write("account.signed_out", {})
        if self.session:
            self.session.open = False
        self.browser.session = self.session = None

    def ask_reset(self, channel: str = "mail") -> None:
        """Ask for a reset link or code."""
        contact = self.story.account.fields.get("phone" if channel == "sms" else "email", "")
        self._write("account.reset_requested", {"channel": channel, "to": things.masked(contact)})
        self.story.message("password_reset", channel=channel)

    # Looking and changing

    def view(self, what: str) -> None:
        """Look at something personal; not every shop notes every look."""
        if self.chance.odds(self.story.shop.views):
            self._write("account.viewed", {"what": what})

    def set_field(self, name: str, after: object = None) -> str:
        """Change a field."""
        account = self.story.account
        data: dict[str, object] = {"field": name}
        if name not in SECRET:
            data |= {"before": account.fields.get(name), "after": after}
            account.fields[name] = after
        event = self._write("account.field_changed", data)
        if name in NOTICED and self.chance.odds(0.8):
            to = data.get("before") if name == "email" else None
            self.story.message(f"{name}_changed", to=to)
        if name == "password":
            account.password_of = {self.side}
            if self.story.shop.ends_sessions:
                account.end_sessions(self.session)
        if name == "email":
            account.email_of = {self.side}
        if name == "two_step":
            account.two_step = str(after) if after and after != "none" else None
        return event

    def add_item(self, collection: str, after: object, *, name: str | None = None) -> str:
        """Add an item; returns its id."""
        name = name or f"{collection[:2]}-{self.chance.letters(7)}"
        self.story.account.of(collection)[name] = after
        self._write("account.item_added", {"collection": collection, "id": name, "after": after})
        return name

    def change_item(self, collection: str, name: str, after: object) -> None:
        """Change an item."""
        items = self.story.account.of(collection)
        self._write(
            "account.item_changed", {"collection": collection, "id": name, "before": items[name], "after": after}
        )
        items[name] = after

    def remove_item(self, collection: str, name: str) -> None:
        """Remove an item."""
        before = self.story.account.of(collection).pop(name)
        self._write("account.item_removed", {"collection": collection, "id": name, "before": before})

    # Money

    def change_balance(self, balance: str, yen: int, reason: str, order: str | None = None) -> None:
        """Spend or load a balance."""
        self.story.account.balances[balance] += yen
        data: dict[str, object] = {"balance": balance, "change": {"amount": str(yen), "currency": "JPY"}}
        data |= {"reason": reason} | ({"order": order} if order else {})
        self._write("balance.changed", data)

    def order(
        self, *, address: object, payment: str, digital: bool, dear: float = 0.1, spend: str | None = None
    ) -> Order:
        """Place an order; `spend` names a balance that pays as much of it as it can."""
        story = self.story
        lines, total = things.basket(self.chance, digital=digital, dear=dear)
        order = Order(story.order_number(), self.side, total, address, digital)
        story.account.orders[order.id] = order
        told: dict[str, object] = {"id": order.id, "lines": lines, "total": {"amount": str(total), "currency": "JPY"}}
        told |= {"payment": payment} if payment in {"konbini", "postpay"} else {"card": payment, "payment": "card"}
        told |= {"digital": True} if digital else {"address": address}
        self._write("order.placed", {"order": told})
        if spend and story.account.balances[spend] > 0:
            self.change_balance(spend, -min(total, story.account.balances[spend]), "order", order.id)
        story.message("order_confirmation", order=order.id)
        story.timeline.begin(story.fulfil(order))
        return order

    def cancel(self, order: Order) -> None:
        """Cancel an order that is not on its way."""
        order.status = Status.CANCELLED
        self._write("order.cancelled", {"order": order.id})

    def redirect(self, order: Order, address: object) -> None:
        """Change where an order goes."""
        self._write("order.changed", {"order": order.id, "field": "address", "before": order.address, "after": address})
        order.address = address


def while_open(one: Visit, doing: Process) -> Process:
    """Go on with `doing` for as long as the visit's session lives: another's new password may end it."""
    for delay in doing:
        yield delay
        if not one.story.is_open(one.session):
            return
