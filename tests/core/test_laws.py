"""The laws of undo, as properties of the plan for any account.

Accounts are drawn freely: who acts, on which target, with which value, in which order. Who did what is given
(`Findings`), so that the laws speak of undo alone; that the evidence finds it out is tested elsewhere.
"""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from takeback.core.account import SECRET_FIELDS, OrderStatus
from takeback.core.events import Client, Event, EventType, Who
from takeback.core.investigate.findings import Actor, Findings, Window
from takeback.core.undo.effects import plan_undo
from takeback.core.undo.replay import replay
from tests.core.carrying_out import carry_out
from tests.core.making import NIGHT, Log

OWNER, INTRUDER, UNKNOWN = "owner", "intruder", "unknown"
FIELDS = ("email", "name", "phone", "password")
WHO = {OWNER: Client(session="o"), INTRUDER: Client(session="x"), UNKNOWN: Client(session="u")}

act = st.one_of(
    st.tuples(st.just("field"), st.sampled_from(FIELDS), st.integers(0, 3)),
    st.tuples(st.just("item"), st.sampled_from(("a", "b")), st.integers(0, 2)),
    st.tuples(st.just("balance"), st.none(), st.integers(-300, 300)),
    st.tuples(st.just("order"), st.none(), st.integers(0, 4)),
    st.tuples(st.just("move"), st.integers(0, 5), st.integers(0, 2)),
    st.tuples(st.just("look"), st.none(), st.none()),
)
acts = st.lists(st.tuples(st.sampled_from((OWNER, OWNER, INTRUDER)), act), max_size=24)
acts_of_all = st.lists(st.tuples(st.sampled_from((OWNER, INTRUDER, UNKNOWN, "staff")), act), max_size=24)


class Account:
    """A log in which every `before` is true, as a shop would write it."""

    def __init__(self, drawn: list) -> None:
        self.log, self.findings = Log(), {}
        self.log.at = NIGHT
        self.fields: dict[str, object] = {}
        self.items: dict[str, object] = {}
        self.orders: list[str] = []
        self.placer: dict[str, str] = {}
        self.address: dict[str, object] = {}
        self.log.by(WHO[OWNER])
        for name in FIELDS:
            self._act(OWNER, ("field", name, 0))
        for who, what in drawn:
            self._act(who, what)

    def _act(self, who: str, what: tuple) -> None:  # noqa: C901 - one branch for each kind of act
        log, count = self.log.by(Who.STAFF if who == "staff" else WHO[who]), len(self.log.events)
        kind, target, value = what
        if kind == "field":
            after = f"{target}{value}"
            if target in SECRET_FIELDS:
                log.field(target, UNSET, UNSET)
            else:
                log.field(target, self.fields.get(target), after)
                self.fields[target] = after
        elif kind == "item":
            before, after = self.items.get(target), None if value == 0 else f"item{value}"
            if before is not None or after is not None:
                log.item("addresses", target, before, after)
                self.items[target] = after
        elif kind == "balance":
            log.balance(value)
        elif kind == "order":
            self._order(log, who, value)
        elif kind == "move" and self.orders:
            order = self.orders[target % len(self.orders)]
            log.change_order(order, "address", self.address[order], f"place{value}")
            self.address[order] = f"place{value}"
        elif kind == "look":
            log.viewed()
        for event in log.events[count:]:
            if event.data.actor is Who.CUSTOMER:
                self.findings[event.id] = Actor(who)

    def _order(self, log: Log, who: str, life: int) -> None:
        name = f"{1000 + len(self.orders)}"
        log.order(name, address="home", digital=life == 4)
        self.orders.append(name)
        self.placer[name], self.address[name] = who, "home"
        for step in (EventType.ORDER_SHIPPED, EventType.ORDER_DELIVERED)[: life if life < 3 else 0]:
            log.by(Who.SYSTEM).step(step, name)
        log.by(Who.STAFF if who == "staff" else WHO[who])
        for event in log.events:
            if event.data.actor is Who.SYSTEM and getattr(event.data, "order", None) == name and who != "staff":
                self.findings[event.id] = Actor(who)

    @property
    def events(self) -> list[Event]:
        return self.log.events

    def told(self) -> Findings:
        guilty = [e.time for e in self.events if self.findings.get(e.id) is Actor.INTRUDER and e.by_customer]
        window = Window(guilty[0], None) if guilty else None
        return Findings("42", bool(guilty), window, (), self.findings, ())


laws = settings(max_examples=120, deadline=None)


@laws
@given(st.lists(st.tuples(st.just(OWNER), act), max_size=24))
def test_without_an_intruders_event_the_undo_is_empty(drawn: list) -> None:
    account = Account(drawn)
    plan = plan_undo(account.events, account.told())
    assert plan.empty
    assert not plan.kept
    assert not plan.irreversible


@laws
@given(acts_of_all)
def test_an_action_undoes_events_of_the_intruder_and_of_nobody_else(drawn: list) -> None:
    account = Account(drawn)
    findings = account.told()
    plan = plan_undo(account.events, findings)
    assert all(act.undoes for act in plan.undoing)
    assert {findings.events[name] for act in plan.undoing for name in act.undoes} <= {Actor.INTRUDER}


@laws
@given(acts_of_all)
def test_a_plan_carried_out_leaves_an_empty_plan(drawn: list) -> None:
    account = Account(drawn)
    findings = account.told()
    plan = plan_undo(account.events, findings)
    after, carried = carry_out(account.events, plan)
    assert plan_undo(after, findings, carried).actions == ()


@laws
@given(acts_of_all)
def test_carried_out_twice_is_carried_out_once(drawn: list) -> None:
    account = Account(drawn)
    findings = account.told()
    plan = plan_undo(account.events, findings)
    once, _ = carry_out(account.events, plan)
    undoing = [event for event in once if event.data.takeback and event.type is not EventType.BALANCE_CHANGED]
    assert _as_seen(replay([*once, *undoing])) == _as_seen(replay(once))


@laws
@given(acts)
def test_the_result_is_what_the_owner_alone_would_have_made(drawn: list) -> None:
    account = Account(drawn)
    findings = account.told()
    plan = plan_undo(account.events, findings)
    after, _ = carry_out(account.events, plan)
    hers = replay(account.events, without={name for name, actor in findings.events.items() if actor is Actor.INTRUDER})
    result = replay(after)
    assert {k: v for k, v in result.fields.items() if k[1] not in SECRET_FIELDS} == {
        k: v for k, v in hers.fields.items() if k[1] not in SECRET_FIELDS
    }
    assert {k: v for k, v in result.items.items() if v is not UNSET} == {
        k: v for k, v in hers.items.items() if v is not UNSET
    }
    assert result.balances == hers.balances
    for key, status in result.orders.items():
        owners = account.placer[key[1]] != INTRUDER
        if owners:
            assert status == hers.orders[key]
        elif key not in {(e.source, e.data.order.id) for e in account.events if _digital(e)}:
            assert status is not OrderStatus.PLACED


@laws
@given(acts_of_all, st.randoms(use_true_random=False))
def test_the_order_in_which_events_arrive_does_not_matter(drawn: list, chance: object) -> None:
    from takeback.core.investigation import investigate

    account = Account(drawn)
    arrived = [*account.events, *account.events[::3]]
    chance.shuffle(arrived)
    now = NIGHT + timedelta(days=1)
    assert investigate("42", arrived, now=now) == investigate("42", account.events, now=now)


@laws
@given(acts_of_all)
def test_what_is_kept_is_not_undone(drawn: list) -> None:
    account = Account(drawn)
    plan = plan_undo(account.events, account.told())
    undone = {
        f"field:{act.args['field']}"
        for act in plan.undoing
        if "collection" not in act.args and "order" not in act.args and "field" in act.args
    }
    undone |= {f"{act.args['collection']}:{act.args['id']}" for act in plan.undoing if "collection" in act.args}
    assert not undone & {kept.target for kept in plan.kept if kept.why == "owner.wrote_later"}


@laws
@given(acts_of_all)
def test_what_nobody_knows_is_asked_and_never_undone(drawn: list) -> None:
    account = Account(drawn)
    findings = account.told()
    plan = plan_undo(account.events, findings)
    unknown = {name for name, actor in findings.events.items() if actor is Actor.UNKNOWN}
    assert not unknown & {name for act in plan.undoing for name in act.undoes}
    effects = {e.id for e in account.events if e.id in unknown and e.by_customer and e.type is not EventType.VIEWED}
    assert effects <= {name for question in plan.questions for name in question.events}


def _as_seen(state: object) -> tuple:
    return state.fields, state.items, state.orders, state.order_fields


def _digital(event: Event) -> bool:
    return event.type is EventType.ORDER_PLACED and event.data.order.digital
