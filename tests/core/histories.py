"""What may happen in an account? Histories drawn freely, lived in two shops, beside what the owner alone would make.

`Shop` is the truth: what it holds is what a snapshot shows. `hers` is an oracle of its own, that knows nothing of
replays: it takes part only in the acts of everybody but the intruder, key by key.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from msgspec import UNSET

from takeback.core.events import (
    BalanceChanged,
    Client,
    Data,
    Event,
    EventType,
    FieldChanged,
    ItemChange,
    Mark,
    Money,
    Order,
    OrderChanged,
    OrderPlaced,
    OrderStep,
    Viewed,
    Who,
)
from takeback.core.investigate.findings import Actor, Findings, Window
from takeback.core.investigation import in_order
from takeback.core.service import AccountSnapshot
from takeback.core.undo.carried import Carried
from takeback.core.undo.look import Look
from takeback.core.undo.plan import Action, ActionKind, Plan
from tests.core.drawing import COLLECTIONS, INTRUDER, KEYS, OBJECTS, OWNER, PEOPLE, PLAIN, SOURCES, STAFF, STEPS, SYSTEM
from tests.core.making import NIGHT


@dataclass
class Shop:
    """One shop's own tables: what a snapshot shows."""

    fields: dict = field(default_factory=dict)
    items: dict = field(default_factory=dict)
    points: int = 0
    orders: dict = field(default_factory=dict)  # id: {"status", "address"}

    def put(self, target: tuple[str, str], value: object) -> None:
        """Sets an item; UNSET takes it away."""
        if value is UNSET:
            self.items.pop(target, None)
        else:
            self.items[target] = value

    def snapshot(self) -> AccountSnapshot:
        """The account as it is now, every collection shown."""
        collections: dict = {name: {} for name in COLLECTIONS}
        for (collection, name), value in self.items.items():
            collections[collection][name] = value
        points = {"points": Money(str(self.points), "JPY")}
        rest = (True, 0, 0, "disabled", True, True)
        return AccountSnapshot("42", *rest, *deepcopy((self.fields, collections, points, self.orders)))


@dataclass
class Life:
    """A history lived: the events, who did what, the shops, and what all but the intruder would have made of them."""

    drawn: list
    told: list[Event] = field(default_factory=list)
    actors: dict = field(default_factory=dict)  # (source, id): Actor
    shops: dict = field(default_factory=lambda: {source: Shop() for source in SOURCES})
    hers: dict = field(default_factory=lambda: {source: Shop() for source in SOURCES})
    placer: dict = field(default_factory=dict)
    spent: dict = field(default_factory=dict)
    digital: set = field(default_factory=set)
    taken: dict = field(default_factory=lambda: dict.fromkeys(SOURCES, 0))  # of points, by the intruder, net
    good: dict = field(default_factory=lambda: dict.fromkeys(SOURCES, 0))  # of points, that staff made good
    logged: set = field(default_factory=set)
    at: datetime = NIGHT

    def __post_init__(self) -> None:
        for source in SOURCES:
            for name in PLAIN:
                self._act(OWNER, source, True, ("field", name, None, "v0"))
            for name in OBJECTS:
                for key in KEYS:
                    self._act(OWNER, source, True, ("part", name, key, "v0"))
        for who, source, says_before, what in self.drawn:
            self._act(who, source, says_before, what)

    @property
    def events(self) -> list[Event]:
        """As they are worked with: in order, once each."""
        return in_order("42", self.told, self.at)

    def findings(self, events: list[Event] | None = None) -> Findings:
        """The truth about who did what."""
        events = self.events if events is None else events
        actors = {
            event.id: self.actors[key]
            for event in events
            if (key := (event.source, event.id.removeprefix(f"{event.source}#"))) in self.actors
        }
        guilty = [e.time for e in events if actors.get(e.id) is Actor.INTRUDER and e.by_customer]
        return Findings("42", bool(guilty), Window(guilty[0], None) if guilty else None, (), actors, ())

    def looks(self) -> dict[str, Look]:
        """What the services show now."""
        return {source: Look(self.at + timedelta(seconds=1), shop.snapshot()) for source, shop in self.shops.items()}

    def unlogged(self, drawn: list) -> None:
        """Things happen in the shops that nobody tells."""
        for source, (kind, target, key, value) in drawn:
            shop = self.shops[source]
            if kind == "field":
                shop.fields[target] = value
            elif kind == "part":
                shop.fields[target] = _with(shop.fields[target], key, value)
            elif kind == "item":
                shop.put(target, _with(shop.items.get(target, {}), key, value))
            elif kind == "remove":
                shop.put(target, UNSET)
            elif shop.orders:
                order = [*shop.orders][target % len(shop.orders)]
                if shop.orders[order]["status"] == "placed":
                    shop.orders[order]["status"] = value

    def _act(self, who: str, source: str, says_before: bool, what: tuple) -> None:
        kind, target, key, value = what
        getattr(self, f"_{kind}")(who, source, says_before, target, key, value)

    def _tell(
        self, who: str, source: str, kind: EventType, data: type[Data], follows: str = "", **rest: object
    ) -> None:
        self.at += timedelta(minutes=1)
        actor = Who(who) if who in (STAFF, SYSTEM) else Who.CUSTOMER
        client = Client(session=f"{who}-{source}") if who in PEOPLE else Client()
        name = f"e{sum(event.source == source for event in self.told)}"  # the same names at both sources
        self.told.append(Event(name, source, "42", self.at, kind, data(client=client, actor=actor, **rest)))
        if who in PEOPLE or follows:
            self.actors[(source, name)] = Actor(follows or who)

    def _before(self, says: bool, target: tuple, value: object) -> object:
        """What the shop tells of before: always where the log has not seen the target yet."""
        known, _ = target in self.logged, self.logged.add(target)
        return value if says or not known else UNSET

    def _field(self, who: str, source: str, says: bool, name: str, _: None, value: object) -> None:
        shop = self.shops[source]
        before = self._before(says, (source, name), shop.fields.get(name))
        self._tell(who, source, EventType.FIELD_CHANGED, FieldChanged, field=name, before=before, after=value)
        shop.fields[name] = value
        if who != INTRUDER:
            self.hers[source].fields[name] = value

    def _secret(self, who: str, source: str, _says: bool, name: str, _: None, _value: None) -> None:
        self._tell(who, source, EventType.FIELD_CHANGED, FieldChanged, field=name)

    def _part(self, who: str, source: str, says: bool, name: str, key: str, value: object) -> None:
        shop, hers = self.shops[source], self.hers[source]
        old = shop.fields.get(name, {})
        new = _with(old, key, value)
        if new == old:
            return
        before = self._before(says, (source, name), old)
        self._tell(who, source, EventType.FIELD_CHANGED, FieldChanged, field=name, before=before, after=new)
        shop.fields[name] = new
        if who != INTRUDER:
            hers.fields[name] = _with(hers.fields.get(name, {}), key, value)

    def _item(self, who: str, source: str, says: bool, target: tuple, key: str, value: object) -> None:
        shop, hers = self.shops[source], self.hers[source]
        old = shop.items.get(target)
        new = _with(old or {"of": who}, key, value)
        if new == old:
            return
        named = {"collection": target[0], "id": target[1], "after": new}
        if old is None:
            self.logged.add((source, target))
            self._tell(who, source, EventType.ITEM_ADDED, ItemChange, **named)
        else:
            before = self._before(says, (source, target), old)
            self._tell(who, source, EventType.ITEM_CHANGED, ItemChange, before=before, **named)
        shop.items[target] = new
        if who != INTRUDER:
            mine = hers.items.get(target)
            hers.items[target] = new if old is None or mine is None else _with(mine, key, value)

    def _remove(self, who: str, source: str, says: bool, target: tuple, _: None, _value: None) -> None:
        old = self.shops[source].items.pop(target, None)
        if old is not None:
            named = {"collection": target[0], "id": target[1]}
            before = self._before(says, (source, target), old)
            self._tell(who, source, EventType.ITEM_REMOVED, ItemChange, before=before, **named)
            if who != INTRUDER:
                self.hers[source].items.pop(target, None)

    def _points(self, who: str, source: str, change: int, order: str | None, follows: str = "") -> None:
        money = Money(str(change), "JPY")
        about = {"balance": "points", "change": money, "order": order}
        self._tell(who, source, EventType.BALANCE_CHANGED, BalanceChanged, follows, **about)
        self.shops[source].points += change
        if INTRUDER in (who, follows):
            self.taken[source] += change
        else:
            self.hers[source].points += change

    def _spend(self, who: str, source: str, _says: bool, order: int, _: None, amount: int) -> None:
        placed = [name for name in self.shops[source].orders if self.placer[name] == who]
        name = placed[order % len(placed)] if placed and order else None
        self._points(who, source, -amount, name)
        if name is not None:
            self.spent[name] = self.spent.get(name, 0) + amount

    def _make_good(self, _who: str, source: str, by_order: bool, _target: bool, _: None, amount: int) -> None:
        his = [name for name in self.shops[source].orders if self.placer[name] == INTRUDER]
        if self.taken[source] >= 0:
            return
        about = {"order": his[0]} if by_order and his else {"reason": "goodwill compensation"}
        follows = INTRUDER if "order" in about else ""  # as an investigation attributes what is said of an order
        change = {"balance": "points", "change": Money(str(amount), "JPY")}
        self._tell(STAFF, source, EventType.BALANCE_CHANGED, BalanceChanged, follows, **change, **about)
        self.shops[source].points += amount
        self.good[source] += amount

    def _order(self, who: str, source: str, _says: bool, digital: bool, _: None, life: int) -> None:
        if who not in PEOPLE:
            return
        name, address = f"{1000 + len(self.placer)}", dict.fromkeys(KEYS, "home")
        self._tell(
            who, source, EventType.ORDER_PLACED, OrderPlaced, order=Order(id=name, address=address, digital=digital)
        )
        self.placer[name] = who
        self.shops[source].orders[name] = {"status": "placed", "address": address}
        if who != INTRUDER:
            self.hers[source].orders[name] = {"status": "placed", "address": address}
        if digital:
            self.digital.add(name)
        for step in STEPS[:life]:
            self._step(SYSTEM, source, name, step)

    def _step(self, who: str, source: str, name: str, step: EventType) -> None:
        follows = self.placer[name] if who not in PEOPLE else ""
        self._tell(who, source, step, OrderStep, follows, order=name)
        status = step.value.removeprefix("order.")
        self.shops[source].orders[name]["status"] = status
        if INTRUDER not in (who, follows, self.placer[name]):
            self.hers[source].orders[name]["status"] = status

    def _cancel(self, who: str, source: str, _says: bool, place: int, _: None, _value: None) -> None:
        name = self._placed(source, place)
        if name:
            self._step(who, source, name, EventType.ORDER_CANCELLED)
            if self.spent.get(name):
                self._points(SYSTEM, source, self.spent.pop(name), name, self.placer[name])

    def _move(self, who: str, source: str, says: bool, place: int, key: str, value: object) -> None:
        name = self._placed(source, place)
        if not name or who not in PEOPLE:
            return
        old = self.shops[source].orders[name]["address"]
        new = _with(old, key, value)
        if new != old:
            before = old if says else UNSET
            about = {"order": name, "field": "address", "before": before, "after": new}
            self._tell(who, source, EventType.ORDER_CHANGED, OrderChanged, **about)
            self.shops[source].orders[name]["address"] = new
            if INTRUDER not in (who, self.placer[name]):
                mine = self.hers[source].orders[name]
                mine["address"] = _with(mine["address"], key, value)

    def _placed(self, source: str, place: int) -> str:
        orders = self.shops[source].orders
        open_ = [name for name in orders if orders[name]["status"] == "placed"]
        return open_[place % len(open_)] if open_ else ""

    def _look(self, who: str, source: str, _says: bool, *_: None) -> None:
        if who in PEOPLE:
            self._tell(who, source, EventType.VIEWED, Viewed, what="cards")

    def carry_out(self, plan: Plan) -> list[Carried]:
        """Do what the plan says in the shops; they tell it. What leaves no trace in the log is returned."""
        carried = []
        self.at += timedelta(seconds=2)
        for act_ in plan.actions:
            for source in [act_.source] if act_.source else SOURCES:
                self.at += timedelta(seconds=1)
                told = self._done(act_, source)
                if told is None:
                    carried.append(Carried(act_.action, source, act_.id, self.at))
                else:
                    self.told.append(Event(f"t-{act_.id}", source, "42", self.at, *told))
        return carried

    def _done(self, act_: Action, source: str) -> tuple[EventType, Data] | None:
        shop, args = self.shops[source], dict(act_.args)
        ours = {"actor": Who.SYSTEM, "takeback": Mark(act_.id, act_.action.value)}
        order = shop.orders.get(args.get("order"))
        if act_.action is ActionKind.SET_FIELD:
            before, shop.fields[args["field"]] = shop.fields.get(args["field"]), args["value"]
            data = FieldChanged(field=args["field"], before=before, after=args["value"], **ours)
            return EventType.FIELD_CHANGED, data
        if act_.action in (ActionKind.ADD_ITEM, ActionKind.REMOVE_ITEM):
            target = (args["collection"], args["id"])
            before, after = shop.items.get(target, UNSET), args.get("value", UNSET)
            shop.put(target, after)
            kind = EventType.ITEM_REMOVED if after is UNSET else EventType.ITEM_CHANGED
            kind = EventType.ITEM_ADDED if before is UNSET and after is not UNSET else kind
            return kind, ItemChange(collection=target[0], id=target[1], before=before, after=after, **ours)
        if act_.action is ActionKind.CANCEL_ORDER:
            order["status"] = "cancelled"
            return EventType.ORDER_CANCELLED, OrderStep(order=args["order"], **ours)
        if act_.action is ActionKind.SET_ORDER_FIELD:
            before, order["address"] = order["address"], args["value"]
            named = {"order": args["order"], "field": args["field"]}
            return EventType.ORDER_CHANGED, OrderChanged(before=before, after=args["value"], **named, **ours)
        if act_.action is ActionKind.ADJUST_BALANCE:
            shop.points += int(args["change"]["amount"])
            return EventType.BALANCE_CHANGED, BalanceChanged(balance="points", change=Money(**args["change"]), **ours)
        return None


def _with(value: dict, key: str, part: object) -> dict:
    """The object with one key set, or without it where `part` is None."""
    rest = {name: old for name, old in value.items() if name != key}
    return rest if part is None else {**rest, key: part}
