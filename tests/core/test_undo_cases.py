"""What becomes of one thing that several people touched in turns? Each case by itself; the laws are in
`test_undo_laws`.
"""

import pytest
from msgspec import UNSET

from takeback.core.events import EventType, ItemChange, Order, OrderPlaced, Who
from tests.core.making import INTRUDER, OWNER, SHOP, Log
from tests.core.turns import HOME, UNKNOWN, kept, plan_of, undoing, whys


def test_an_item_that_he_added_and_removed_again_leaves_nothing_to_do(log: Log) -> None:
    log.item("addresses", "8", None, {"line1": "x"}).item("addresses", "8", {"line1": "x"}, None)
    assert undoing(log) == []


def test_an_item_that_he_removed_and_the_owner_added_again_is_kept_as_hers(log: Log) -> None:
    hers = HOME | {"line1": "銀座2-2"}
    log.item("addresses", "7", HOME, None).by(OWNER).item("addresses", "7", None, hers)
    plan = plan_of(log)
    assert plan.undoing == ()
    assert kept(plan) == [("addresses:7", "owner.wrote_later", ())]


def test_owner_intruder_owner_intruder_goes_back_to_the_owners_latest(log: Log) -> None:
    log.field("name", "花子", "B").by(OWNER).field("name", "B", "はな").by(INTRUDER).field("name", "はな", "D")
    plan = plan_of(log)
    assert undoing(log) == [("set_field", "はな")]
    assert plan.kept == ()


def test_what_he_set_back_himself_needs_no_action(log: Log) -> None:
    log.field("name", "花子", "B").field("name", "B", "花子")
    assert undoing(log) == []


def test_of_an_address_that_both_edited_each_key_goes_its_own_way(log: Log) -> None:
    his = HOME | {"line1": "どこか9-9", "postcode": "999-9999"}
    both = his | {"phone": "03-2222-2222"}
    log.item("addresses", "7", HOME, his).by(OWNER).item("addresses", "7", his, both)
    plan = plan_of(log)
    assert undoing(log) == [("add_item", HOME | {"phone": "03-2222-2222"})]
    assert kept(plan) == [("addresses:7", "owner.wrote_later", ("phone",))]


def test_a_key_that_he_wrote_again_after_her_goes_back_to_hers(log: Log) -> None:
    first = HOME | {"line1": "どこか9-9"}
    hers = first | {"line1": "銀座3-3"}
    last = hers | {"line1": "どこか8-8"}
    log.item("addresses", "7", HOME, first).by(OWNER).item("addresses", "7", first, hers)
    log.by(INTRUDER).item("addresses", "7", hers, last)
    assert undoing(log) == [("add_item", HOME | {"line1": "銀座3-3"})]
    assert plan_of(log).kept == ()


def test_keys_that_she_dropped_stay_dropped_and_those_that_he_added_go(log: Log) -> None:
    his = HOME | {"note": "leave it outside"}
    both = {key: value for key, value in his.items() if key != "phone"}
    log.item("addresses", "7", HOME, his).by(OWNER).item("addresses", "7", his, both)
    assert undoing(log) == [("add_item", {"line1": HOME["line1"], "postcode": HOME["postcode"]})]


def test_of_notification_settings_only_his_part_goes_back(log: Log) -> None:
    log.by(OWNER).field("notifications", None, {"mail": {"orders": True, "news": True}, "push": True})
    muted = {"mail": {"orders": False, "news": True}, "push": True}
    log.by(INTRUDER).field("notifications", {"mail": {"orders": True, "news": True}, "push": True}, muted)
    hers = {"mail": {"orders": False, "news": False}, "push": True}
    log.by(OWNER).field("notifications", muted, hers)
    assert undoing(log) == [("set_field", {"mail": {"orders": True, "news": False}, "push": True})]


def test_of_an_orders_address_only_his_part_goes_back(log: Log) -> None:
    log.by(OWNER).order("1", address=HOME)
    his, both = HOME | {"line1": "x"}, HOME | {"line1": "x", "phone": "03-2222-2222"}
    log.by(INTRUDER).change_order("1", "address", HOME, his)
    log.by(OWNER).change_order("1", "address", his, both)
    assert undoing(log) == [("set_order_field", HOME | {"phone": "03-2222-2222"})]
    assert kept(plan_of(log)) == [("order:1:address", "owner.wrote_later", ("phone",))]


def test_an_item_that_he_added_and_she_made_her_own_stays_whole(log: Log) -> None:
    his = {"line1": "x", "postcode": "1"}
    log.item("addresses", "8", None, his).by(OWNER).item("addresses", "8", his, his | {"line1": "銀座"})
    assert undoing(log) == []
    assert kept(plan_of(log)) == [("addresses:8", "owner.wrote_later", ())]


def test_of_an_order_in_two_parcels_one_is_called_back_and_one_has_arrived(log: Log) -> None:
    log.order("9").by(Who.SYSTEM).step(EventType.ORDER_SHIPPED, "9").step(EventType.ORDER_DELIVERED, "9")
    log.step(EventType.ORDER_SHIPPED, "9")
    plan = plan_of(log)
    assert [act.action.value for act in plan.undoing] == ["intercept_order"]
    assert {one.what for one in plan.irreversible} >= {"order.shipped", "order.delivered"}


def test_a_changed_order_that_has_arrived_is_to_be_collected(log: Log) -> None:
    log.by(OWNER).order("1").by(INTRUDER).change_order("1", "address", "home", "his")
    log.by(Who.SYSTEM).step(EventType.ORDER_SHIPPED, "1").step(EventType.ORDER_DELIVERED, "1")
    assert ("order.delivered", "collect_order") in [(one.what, one.advice) for one in plan_of(log).irreversible]


def test_a_subscription_that_he_redirected_goes_back_and_her_pause_stays(log: Log) -> None:
    tea = {"sku": "TEA", "every_days": 30, "to": "7", "paused": False}
    log.by(OWNER).item("subscriptions", "s", None, tea)
    log.by(INTRUDER).item("subscriptions", "s", tea, tea | {"to": "8"})
    log.by(OWNER).item("subscriptions", "s", tea | {"to": "8"}, tea | {"to": "8", "paused": True})
    assert undoing(log) == [("add_item", tea | {"paused": True})]


def test_a_secret_is_never_set_and_a_second_factor_is_said_to_be_lost(log: Log) -> None:
    log.field("password", UNSET, UNSET).field("two_step_secret", UNSET, UNSET)
    plan = plan_of(log)
    assert plan.undoing == ()
    assert "two_step_secret.changed" in {one.what for one in plan.irreversible}


def test_a_field_of_which_nobody_told_what_stood_before_is_asked_for(log: Log) -> None:
    log.field("shoe_size", UNSET, "44")
    plan = plan_of(log)
    assert plan.undoing == ()
    assert ("value.unknown", "ask_owner") in [(one.what, one.advice) for one in plan.irreversible]


@pytest.mark.parametrize("after", [{"line1": "x"}, None])
def test_an_item_of_which_nobody_told_what_it_was_is_not_taken_away(log: Log, after: object) -> None:
    log.by(INTRUDER)
    kind = EventType.ITEM_REMOVED if after is None else EventType.ITEM_CHANGED
    data = ItemChange(collection="addresses", id="5", after=UNSET if after is None else after, client=INTRUDER)
    log.add(kind, data)
    plan = plan_of(log)
    assert plan.undoing == ()
    assert ("value.unknown", "ask_owner") in [(one.what, one.advice) for one in plan.irreversible]


def test_a_passkey_that_is_told_without_its_value_goes_as_well(log: Log) -> None:
    log.add(EventType.ITEM_ADDED, ItemChange(collection="passkeys", id="k", client=INTRUDER))
    assert undoing(log) == [("remove_item", "k")]


def test_where_before_is_not_told_the_log_knows_it(log: Log) -> None:
    log.field("name", UNSET, "B").by(OWNER).item("addresses", "7", HOME, HOME | {"phone": "1"})
    log.by(INTRUDER)
    log.add(EventType.ITEM_CHANGED, ItemChange(collection="addresses", id="7", after=HOME, client=INTRUDER))
    assert undoing(log) == [("add_item", HOME | {"phone": "1"}), ("set_field", "花子")]


def test_a_change_that_nobody_logged_is_gone_back_to_and_asked_about(log: Log) -> None:
    log.field("name", "はな", "B")
    assert undoing(log) == [("set_field", "はな")]
    assert whys(plan_of(log)) == ["before.differs"]


def test_a_contact_point_goes_back_to_what_the_log_knows(log: Log) -> None:
    log.by(OWNER).field("email", None, "hanako@example.jp")
    log.by(INTRUDER).field("email", "nobody-knows@example.net", "his@example.net")
    assert undoing(log) == [("set_field", "hanako@example.jp")]
    assert whys(plan_of(log)) == ["before.differs"]


def test_the_same_item_at_two_services_is_two_items(log: Log) -> None:
    log.item("addresses", "7", HOME, HOME | {"line1": "x"})
    video = ItemChange(collection="addresses", id="7", before=HOME, after=HOME | {"line1": "hers"}, client=OWNER)
    event = log.add(EventType.ITEM_CHANGED, video)
    log.events[-1] = type(event)(event.id, "/services/video", "42", event.time, event.type, event.data)
    plan = plan_of(log)
    assert [(act.source, act.args["value"]) for act in plan.undoing] == [(SHOP, HOME)]
    assert plan.kept == ()


@pytest.mark.parametrize("who", [Who.STAFF, Who.SYSTEM])
@pytest.mark.parametrize(
    ("collection", "why"),
    [("contacts", "changed_contact"), ("webhooks", "changed_contact"), ("passkeys", "changed_sign_in")],
)
def test_what_others_changed_of_contact_points_and_ways_in_is_asked(
    log: Log, who: Who, collection: str, why: str
) -> None:
    log.by(who).item(collection, "1", None, {"value": "x"})
    assert whys(plan_of(log)) == [f"{who.value}.{why}"]


def test_what_the_system_lets_run_out_is_not_asked(log: Log) -> None:
    log.by(Who.SYSTEM).item("pending_email_changes", "1", {"to": "x"}, None)
    assert whys(plan_of(log)) == []


def test_what_staff_changed_elsewhere_is_kept(log: Log) -> None:
    log.field("name", "花子", "B").by(Who.STAFF).field("name", "B", "佐藤花子")
    plan = plan_of(log)
    assert (plan.undoing, whys(plan)) == ((), [])
    assert kept(plan) == [("field:name", "staff.wrote_later", ())]


def test_what_nobody_knows_stays_until_a_person_has_answered(log: Log) -> None:
    log.field("name", "花子", "B").by(UNKNOWN).field("name", "B", "C")
    plan = plan_of(log)
    assert (plan.undoing, whys(plan)) == ((), ["actor.unknown"])
    assert kept(plan) == [("field:name", "unknown.wrote_later", ())]


def test_an_order_placed_without_its_address_takes_it_from_the_first_before(log: Log) -> None:
    log.by(OWNER).add(EventType.ORDER_PLACED, OrderPlaced(order=Order(id="1"), client=OWNER))
    log.by(INTRUDER).change_order("1", "address", "home", "his")
    assert undoing(log) == [("set_order_field", "home")]
