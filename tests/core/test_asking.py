"""Which question would decide most? Findings are given, so that no tuning of the weights moves these."""

from datetime import timedelta
from random import Random

from msgspec import structs

from takeback.core.answer import answer
from takeback.core.events import Client, Event, EventType, Money, Order, OrderPlaced, SignInFailed, Who
from takeback.core.investigate.asking import Ask, ask
from takeback.core.investigate.findings import Actor, Findings, SessionFinding
from takeback.core.investigation import Investigation
from takeback.core.undo.plan import Plan
from tests.core.making import SHOP, Log


def client(name: str, **more: str) -> Client:
    return Client(session=name, device=f"d-{name}", ip=f"192.0.2.{len(name)}", **more)


def findings(log: Log, *unknown: str, his: str = "") -> Findings:
    """A finding for each session: `unknown` ones, `his`, and the rest the owner's."""
    by: dict[str, list[Event]] = {}
    for event in log.events:
        if event.data.client.session is not None:
            by.setdefault(event.data.client.session, []).append(event)
    actor = {**dict.fromkeys(unknown, Actor.UNKNOWN), his: Actor.INTRUDER}
    actors = {event.id: actor.get(name, Actor.OWNER) for name, events in by.items() for event in events}
    placed = {event.data.order.id: actors[event.id] for event in log.events if isinstance(event.data, OrderPlaced)}
    for event in log.events:  # what the shop did about an order follows whoever placed it
        if not event.by_customer and (who := placed.get(getattr(event.data, "order", ""))):
            actors[event.id] = who
    sessions = tuple(
        SessionFinding(
            name.partition("#")[0],
            actor.get(name, Actor.OWNER),
            0.5,
            (),
            events[0].time,
            events[-1].time,
            name,
            tuple(event.id for event in events),
        )
        for name, events in by.items()
    )
    return Findings("42", compromised=False, window=None, sessions=sessions, events=actors, contacts=())


def asked(log: Log, *unknown: str) -> Ask:
    found = ask(findings(log, *unknown), log.events)
    assert found is not None
    return found


def test_nothing_is_asked_where_nothing_is_unknown() -> None:
    log = Log().a_year()
    assert ask(findings(log), log.events) is None


def test_nothing_is_asked_where_only_the_intruder_is_not_the_owner() -> None:
    log = Log().a_year().by(client("x")).sign_in().order("200")
    assert ask(findings(log, his="x"), log.events) is None


def test_an_order_is_asked_about_before_a_look() -> None:
    log = Log().a_year().by(client("looked")).sign_in().viewed().viewed("addresses").viewed("export")
    log.by(client("bought!")).sign_in().order("200")
    assert asked(log, "looked", "bought!").session == "bought!"


def test_a_large_order_is_asked_about_before_a_small_one() -> None:
    log = Log().a_year()
    for name, total in (("small", "5000"), ("larger", "60000"), ("small again", "4000")):
        order = Order(id=name, total=Money(total, "JPY"))
        log.by(client(name)).add(EventType.ORDER_PLACED, OrderPlaced(order=order, client=log.client))
    assert asked(log, "small", "larger", "small again").session == "larger"


def test_a_new_contact_point_is_asked_about_before_an_ordinary_order() -> None:
    log = Log().a_year().by(client("ordered")).order("200")
    log.by(client("wrote")).field("email", "hanako@example.jp", "h@example.net")
    assert asked(log, "ordered", "wrote").session == "wrote"


def test_a_new_way_in_is_asked_about_before_a_new_address() -> None:
    log = Log().a_year().by(client("passkey")).item("passkeys", "p", None, {"name": "key"})
    log.by(client("address")).item("addresses", "a", None, {"city": "Oslo"})
    assert asked(log, "passkey", "address").session == "passkey"


def test_what_has_been_settled_since_is_at_stake_no_more() -> None:
    log = Log().a_year().by(client("wrote")).field("email", "hanako@example.jp", "h@example.net")
    log.by(client("ordered")).order("200").by(Who.STAFF).field("email", "h@example.net", "hanako@example.jp")
    assert asked(log, "ordered", "wrote").session == "ordered"


def test_a_cancelled_order_is_at_stake_no_more() -> None:
    log = Log().a_year().by(client("cancelled")).order("200").by(client("address"))
    log.item("addresses", "a", None, {"city": "Oslo"}).by(Who.STAFF).step(EventType.ORDER_CANCELLED, "200")
    assert asked(log, "cancelled", "address").session == "address"


def test_small_orders_on_one_device_outweigh_a_single_larger_one() -> None:
    log = Log().a_year()
    for place in range(4):
        log.by(Client(session=f"s{place}", device="same")).order(f"20{place}")
    order = Order(id="300", total=Money("10000", "JPY"))
    log.by(client("other")).add(EventType.ORDER_PLACED, OrderPlaced(order=order, client=log.client))
    found = asked(log, "s0", "s1", "s2", "s3", "other")
    assert found.session in {"s0", "s1", "s2", "s3"}
    assert found.settles == 4


def test_strands_that_share_a_credential_hang_together() -> None:
    log = Log().a_year().by(client("adds it")).item("passkeys", "pk", None, {"name": "key"})
    log.by(client("uses")).sign_in(credential="pk")
    assert asked(log, "adds it", "uses").settles == 2


def test_strands_at_one_address_hang_together_for_days_and_no_longer() -> None:
    log = Log().a_year()
    for name, days in (("a", 0), ("b", 3), ("c", 300)):
        log.at += timedelta(days=days)
        log.by(Client(session=name, ip="198.51.100.9")).sign_in().viewed()
    found = asked(log, "a", "b", "c")
    assert (found.session, found.settles) == ("b", 4)


def test_the_clients_that_shared_a_session_hang_together() -> None:
    log = Log().a_year().by(Client(session="s#2", device="one")).sign_in().order("200")
    log.by(Client(session="s#3", device="two")).viewed()
    found = asked(log, "s#2", "s#3")
    assert (found.strand, found.session, found.settles) == ("s#2", "s", 3)


def test_what_the_shop_did_about_the_orders_is_decided_with_them() -> None:
    log = Log().a_year().by(client("bought")).sign_in().order("200")
    log.by(Who.SYSTEM).step(EventType.ORDER_SHIPPED, "200").balance(50, order="200")
    assert asked(log, "bought").settles == 4


def test_an_order_a_change_and_a_sign_in_are_shown_of_many_events() -> None:
    log = Log().a_year().by(client("busy")).sign_in().viewed().viewed("orders")
    log.item("addresses", "a", None, {"city": "Oslo"}).field("email", "hanako@example.jp", "h@example.net")
    log.order("200").order("201")
    shown = [next(event for event in log.events if event.id == name) for name in asked(log, "busy").events]
    assert [event.type for event in shown] == [EventType.SIGNED_IN, EventType.FIELD_CHANGED, EventType.ORDER_PLACED]


def test_where_nobody_got_in_the_attempts_are_asked_about() -> None:
    log = Log().a_year().by(client("tried"))
    log.add(EventType.SIGN_IN_FAILED, SignInFailed(client=log.client))
    assert asked(log, "tried") == Ask("tried", "tried", (log.events[-1].id,), 1)


def test_the_order_of_arrival_and_repeats_make_no_difference() -> None:
    log = Log().a_year()
    for place in range(6):
        log.by(client(f"s{place}")).sign_in().order(f"20{place}")
    unknown = [f"s{place}" for place in range(6)]
    first = asked(log, *unknown)
    for seed in range(5):
        shuffled = [*log.events, *log.events[::7]]
        Random(seed).shuffle(shuffled)
        assert ask(findings(log, *unknown), shuffled) == first


def test_of_what_is_otherwise_equal_the_latest_is_asked_about() -> None:
    log = Log().a_year().by(client("before")).sign_in().order("200").by(client("then")).sign_in().order("201")
    assert asked(log, "before", "then").session == "then"


def test_events_of_two_sources_with_one_id_are_told_apart() -> None:
    log = Log().a_year().by(client("x")).order("200")
    order = log.events[-1]
    told = findings(log, "x")
    [found] = [one for one in told.sessions if one.session == "x"]
    name = f"{SHOP}#{order.id}"
    renamed = structs.replace(found, events=(name,))
    events = {**{key: who for key, who in told.events.items() if key != order.id}, name: Actor.UNKNOWN}
    sessions = tuple(renamed if one is found else one for one in told.sessions)
    twice = Findings("42", compromised=False, window=None, sessions=sessions, events=events, contacts=())
    assert ask(twice, log.events) == Ask("x", "x", (name,), 1)


def test_the_answer_carries_the_question() -> None:
    log = Log().a_year().by(client("x")).order("200")
    plan = Plan("", (), (), (), ())
    told = answer(Investigation(findings(log, "x"), plan), log.events)
    assert told["ask"] == {"session": "x", "strand": "x", "events": [log.events[-1].id], "settles": 1}
    assert answer(Investigation(findings(log), plan), log.events)["ask"] is None
