"""Where does everything about one account's life hang together? The clock, the shop, the account, the owner."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.world import things
from benchmarks.world.account import Account, Order, Session, Side, Status
from benchmarks.world.chance import Chance
from benchmarks.world.journal import Journal
from benchmarks.world.shops import Shop
from benchmarks.world.timeline import DAY, HOUR, Process, Timeline

if TYPE_CHECKING:  # an owner is made of visits, which are made in a story
    from benchmarks.world.owner import Owner


@dataclass(eq=False, slots=True)
class Story:
    """The stage of one account. `number` goes into the order numbers, which are one shop's."""

    number: int
    chance: Chance
    timeline: Timeline
    shop: Shop
    account: Account
    journal: Journal
    owner: "Owner"
    orders: int = 0
    noticed: bool = False

    @property
    def now(self) -> int:
        """The clock."""
        return self.timeline.now

    def live_sessions(self) -> list[Session]:
        """The sessions that the shop would still take, oldest first."""
        shop, now = self.shop, self.now
        sessions = self.account.sessions
        return [one for one in sessions if one.open and now - one.used < shop.idle and now - one.born < shop.oldest]

    def is_open(self, session: Session | None) -> bool:
        """False once a visit has been signed out, by itself or by another's new password."""
        return session is not None and session.open

    def order_number(self) -> str:
        """The next order's id."""
        self.orders += 1
        return f"{self.number + 1}-{self.orders:04d}"

    # What the shop does by itself and what its staff do: nobody's client, so no side.

    def system(self, kind: str, **data: object) -> None:
        """The system's own act."""
        self.journal.write(self.now, kind, {**data, "actor": "system"}, None)

    def staff(self, kind: str, **data: object) -> None:
        """An act of a member of staff."""
        self.journal.write(self.now, kind, {**data, "actor": "staff"}, None)

    def message(self, template: str, *, to: object = None, order: str | None = None, channel: str = "mail") -> None:
        """A message that the shop sends, by default to the account's mail address."""
        contact = to or self.account.fields.get("phone" if channel == "sms" else "email", "")
        data: dict[str, object] = {"message_id": f"<{self.chance.letters(14)}@shop.example>", "channel": channel}
        data |= {"to": things.masked(contact), "template": template}
        if order:
            data["order"] = order
        self.system("message.sent", **data)

    def change_balance_by_shop(self, balance: str, yen: int, reason: str, *, order: str | None = None) -> None:
        """Points or a refund from the shop."""
        self.account.balances[balance] += yen
        more = {"order": order} if order else {}
        change = {"amount": str(yen), "currency": "JPY"}
        self.system("balance.changed", balance=balance, change=change, reason=reason, **more)

    def set_by_staff(self, name: str, value: object) -> None:
        """Staff correct a field."""
        self.staff("account.field_changed", field=name, before=self.account.fields.get(name), after=value)
        self.account.fields[name] = value

    def fulfil(self, order: Order) -> Process:
        """What becomes of an order that nobody cancels: codes at once, parcels in days."""
        chance = self.chance
        if order.digital:
            yield chance.within(5, 120)
            if order.status is Status.PLACED:
                order.status = Status.DELIVERED
                self.system("order.delivered", order=order.id)
            return
        yield chance.log_within(3, 70) * HOUR
        if order.status is not Status.PLACED:
            return
        order.status = Status.SHIPPED
        self.system("order.shipped", order=order.id, tracking=f"JP{chance.below(10**8):08d}")
        if chance.odds(0.6):
            self.message("order_shipped", order=order.id)
        yield chance.log_within(0.6, 4) * DAY
        order.status = Status.DELIVERED
        self.system("order.delivered", order=order.id)
        if chance.odds(0.4) and order.total >= 100:
            self.change_balance_by_shop("points", order.total // 100, "order", order=order.id)

    def background(self) -> Process:
        """What goes on without any visit: campaigns, points that lapse, staff who tidy up."""
        chance = self.chance.branch("background")
        while True:
            yield chance.wait(45 * DAY)
            what = chance.weighted({"newsletter": 50, "points": 25, "lapse": 10, "address": 10, "goodwill": 5})
            if what == "newsletter":
                self.message("newsletter")
            elif what == "points":
                self.change_balance_by_shop("points", chance.pick((100, 300, 500)), "campaign")
            elif what == "lapse" and self.account.balances["points"] > 0:
                self.change_balance_by_shop("points", -self.account.balances["points"], "expired")
            elif what == "goodwill":
                self.account.balances["points"] += 500
                change = {"amount": "500", "currency": "JPY"}
                self.staff("balance.changed", balance="points", change=change, reason="goodwill")
            elif what == "address" and self.account.of("addresses"):
                self._tidy_address(chance)

    def _tidy_address(self, chance: Chance) -> None:
        addresses = self.account.of("addresses")
        name = chance.pick(list(addresses))
        before = addresses[name]
        assert isinstance(before, dict)
        addresses[name] = {**before, "line": f"{before['line']} {chance.between(1, 9)}0{chance.between(1, 9)}"}
        self.staff("account.item_changed", collection="addresses", id=name, before=before, after=addresses[name])

    def marked(self, side: Side, since: float) -> list[str]:
        """The events of one side's episode from a time on."""
        entries = self.journal.entries
        return [entry.id for entry in entries if entry.marked and entry.side is side and entry.at >= int(since)]

    def orders_of(self, side: Side) -> list[Order]:
        """The orders that one side placed, oldest first."""
        return [order for order in self.account.orders.values() if order.side is side]
