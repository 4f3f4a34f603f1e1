"""The laws of undo over rich histories: two shops, people nobody knows, staff, the system, objects that two people
wrote in, `before` left out, and snapshots that disagree with the log.
"""

from collections.abc import Iterator
from copy import deepcopy

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from takeback.core.investigate.findings import Actor
from takeback.core.investigation import in_order
from takeback.core.undo.effects import plan_undo
from takeback.core.undo.look import Look
from takeback.core.undo.plan import Action, ActionKind, Plan
from tests.core.drawing import INTRUDER, OWNER, SOURCES, STAFF, SYSTEM, UNKNOWN, histories, mixed, of_two, unlogged
from tests.core.histories import Life, Shop

laws = settings(max_examples=100, deadline=None)
WAYS_IN = ("passkeys",)


def plan_of(life: Life, looks: dict[str, Look] | None = None) -> Plan:
    events = life.events
    return plan_undo(events, life.findings(events), (), looks or {})


@laws
@given(histories(OWNER, UNKNOWN, STAFF, SYSTEM), unlogged)
def test_where_the_intruder_did_nothing_nothing_is_undone(drawn: list, outside: list) -> None:
    life = Life(drawn)
    life.unlogged(outside)
    plan = plan_of(life, life.looks())
    assert plan.empty
    assert not plan.kept
    assert not plan.irreversible


@laws
@given(mixed, unlogged)
def test_only_the_intruders_events_are_in_a_plan(drawn: list, outside: list) -> None:
    life = Life(drawn)
    life.unlogged(outside)
    events = life.events
    findings = life.findings(events)
    plan = plan_undo(events, findings, (), life.looks())
    by = {event.id: findings.events.get(event.id) for event in events}
    staff = {event.id for event in events if event.data.actor.value == STAFF}
    assert all(act.undoes for act in plan.undoing)
    undone = {name for act in plan.undoing for name in act.undoes}
    assert {by[name] for name in undone} <= {Actor.INTRUDER}
    assert not undone & staff
    asked = {name for question in plan.questions if question.why == "actor.unknown" for name in question.events}
    assert {by[name] for name in asked} <= {Actor.UNKNOWN}


@laws
@given(mixed)
def test_the_shops_end_as_everybody_but_the_intruder_made_them(drawn: list) -> None:
    life = Life(drawn)
    life.carry_out(plan_of(life))
    for source in SOURCES:
        shop, hers = life.shops[source], life.hers[source]
        assert shop.fields == hers.fields
        assert shop.items == hers.items
        paid_back = max(0, life.taken[source] + life.good[source]) if life.taken[source] < 0 else life.good[source]
        assert shop.points == hers.points + paid_back
        _orders_are_hers(life, source)


def _orders_are_hers(life: Life, source: str) -> None:
    shop, hers = life.shops[source], life.hers[source]
    for name, order in shop.orders.items():
        if life.placer[name] == INTRUDER:
            assert order["status"] != "placed" or name in life.digital
        elif order["status"] == "placed":
            assert order == hers.orders[name]


@laws
@given(mixed, unlogged)
def test_carried_out_once_there_is_nothing_left_to_do(drawn: list, outside: list) -> None:
    life = Life(drawn)
    life.unlogged(outside)
    before = life.looks()
    events = life.events
    plan = plan_undo(events, life.findings(events), (), before)
    carried = life.carry_out(plan)
    events = life.events
    for looks in (before, life.looks()):
        assert plan_undo(events, life.findings(events), carried, looks).actions == ()


@laws
@given(mixed)
def test_carried_out_once_there_is_nothing_left_to_do_by_the_log_alone(drawn: list) -> None:
    life = Life(drawn)
    carried = life.carry_out(plan_of(life))
    events = life.events
    assert plan_undo(events, life.findings(events), carried).actions == ()


@laws
@given(mixed)
def test_carried_out_twice_is_carried_out_once(drawn: list) -> None:
    life = Life(drawn)
    plan = plan_of(life)
    life.carry_out(plan)
    once = deepcopy(life.shops)
    again = [act for act in plan.actions if act.action is not ActionKind.ADJUST_BALANCE]  # by its id alone it is once
    life.carry_out(Plan(plan.hash, tuple(again), (), (), ()))
    assert life.shops == once


@laws
@given(mixed, unlogged, st.randoms(use_true_random=False))
def test_the_order_of_arrival_and_repeats_do_not_matter(drawn: list, outside: list, chance: object) -> None:
    life = Life(drawn)
    life.unlogged(outside)
    arrived = [*life.told, *life.told[::3]]
    chance.shuffle(arrived)
    events = in_order("42", arrived, life.at)
    assert plan_undo(events, life.findings(events), (), life.looks()) == plan_of(life, life.looks())


@laws
@given(mixed)
def test_snapshots_that_agree_with_the_log_change_nothing(drawn: list) -> None:
    life = Life(drawn)
    assert plan_of(life, life.looks()) == plan_of(life)


@laws
@given(mixed, unlogged)
def test_what_somebody_changed_outside_of_the_log_is_not_overwritten(drawn: list, outside: list) -> None:
    life = Life(drawn)
    logged = deepcopy(life.shops)
    life.unlogged(outside)
    seen = deepcopy(life.shops)
    life.carry_out(plan_of(life, life.looks()))
    for source in SOURCES:
        leaves = zip(_leaves(seen[source]), _leaves(logged[source]), strict=True)
        for (target, shown), (_, known) in leaves:
            third = shown not in (known, dict(_leaves(life.hers[source]))[target])
            more = known is None and len(target) == 3 and target[:2] not in life.hers[source].items
            if third and target[0] not in WAYS_IN and not more:  # a key more makes his item nobody else's
                assert dict(_leaves(life.shops[source]))[target] == shown


def _leaves(shop: Shop) -> Iterator[tuple[tuple, object]]:
    """Every place in which a value may stand, with what stands there; an object's keys each for themselves."""
    for name, value in sorted(shop.fields.items()):
        for key in ("line1", "line2", "line3") if isinstance(value, dict) else ():
            yield (name, key), value.get(key)
        if not isinstance(value, dict):
            yield (name,), value
    for collection in ("addresses", "contacts", "passkeys", "subscriptions"):
        for name in "ab":
            item = shop.items.get((collection, name))
            yield (collection, name), item is not None
            for key in ("line1", "line2", "line3", "of"):
                yield (collection, name, key), item.get(key) if item is not None else None


@laws
@given(mixed, unlogged)
def test_every_action_changes_something_in_the_shop_that_it_is_for(drawn: list, outside: list) -> None:
    life = Life(drawn)
    life.unlogged(outside)
    for act in plan_of(life, life.looks()).undoing:
        before = deepcopy(life.shops[act.source])
        life.carry_out(Plan("", (act,), (), (), ()))
        if act.action is not ActionKind.INTERCEPT_ORDER:
            assert life.shops[act.source] != before


@laws
@given(mixed, unlogged)
def test_a_shop_is_asked_to_cancel_only_what_it_shows_as_placed(drawn: list, outside: list) -> None:
    life = Life(drawn)
    life.unlogged(outside)
    asked = {
        ActionKind.CANCEL_ORDER: "placed",
        ActionKind.SET_ORDER_FIELD: "placed",
        ActionKind.INTERCEPT_ORDER: "shipped",
    }
    for act in plan_of(life, life.looks()).undoing:
        if act.action in asked:
            assert life.shops[act.source].orders[act.args["order"]]["status"] == asked[act.action]


@laws
@given(mixed, unlogged)
def test_what_differs_in_a_snapshot_is_said(drawn: list, outside: list) -> None:
    life = Life(drawn)
    life.unlogged(outside)
    plain, seen = plan_of(life), plan_of(life, life.looks())
    said = {name for one in (*seen.questions, *seen.kept) if one.why == "snapshot.differs" for name in one.events}
    done = {_target(act) for act in seen.undoing}
    for act in plain.undoing:
        if act.action in (ActionKind.SET_FIELD, ActionKind.ADD_ITEM) and _target(act) not in done:
            assert set(act.undoes) <= said or _stands(life, act)


def _stands(life: Life, act: Action) -> bool:
    shop = life.shops[act.source]
    if act.action is ActionKind.SET_FIELD:
        return shop.fields.get(act.args["field"]) == act.args["value"]
    return shop.items.get((act.args["collection"], act.args["id"]), UNSET) == act.args["value"]


@laws
@given(mixed)
def test_the_keys_that_are_kept_stay_as_they_are(drawn: list) -> None:
    life = Life(drawn)
    before = deepcopy(life.shops)
    plan = plan_of(life)
    undone = {_target(act): act for act in plan.undoing}
    sources = {event.id: event.source for event in life.events}
    for kept in plan.kept:
        source = sources[kept.events[0]]
        act = undone.get((source, kept.target)) if kept.target != "balance:points" else None
        if act is not None:
            assert kept.keys
            assert all(act.args["value"].get(key) == _now(before[source], act).get(key) for key in kept.keys)


def _target(act: Action) -> tuple[str, str]:
    args = act.args
    if "collection" in args:
        return act.source, f"{args['collection']}:{args['id']}"
    if "order" in args and "field" in args:
        return act.source, f"order:{args['order']}:{args['field']}"
    return act.source, f"field:{args['field']}" if "field" in args else str(args)


def _now(shop: Shop, act: Action) -> dict:
    args = act.args
    if "collection" in args:
        return shop.items[(args["collection"], args["id"])]
    return shop.orders[args["order"]]["address"] if "order" in args else shop.fields[args["field"]]


@laws
@given(mixed, unlogged)
def test_equal_plans_have_equal_hashes_and_others_have_others(drawn: list, outside: list) -> None:
    life = Life(drawn)
    plain = plan_of(life)
    life.unlogged(outside)
    seen = plan_of(life, life.looks())
    meaning = [(p.actions, p.kept, p.questions, p.irreversible) for p in (plain, seen)]
    assert (plain.hash == seen.hash) == (meaning[0] == meaning[1])


@laws
@given(of_two)
def test_of_an_owner_and_an_intruder_nothing_is_asked(drawn: list) -> None:
    life = Life([(who, where, True, what) for who, where, _, what in drawn])
    assert plan_of(life).questions == ()
