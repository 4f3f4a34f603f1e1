"""What becomes of the plan where a service shows something else than the log?"""

import pytest

from takeback.core.undo.look import Look
from tests.core.making import INTRUDER, NIGHT, OWNER, SHOP, Log
from tests.core.turns import HOME, kept, plan_of, shown, undoing, whys


def test_what_the_shop_shows_to_be_as_it_should_needs_no_action(log: Log) -> None:
    log.field("name", "花子", "B").item("passkeys", "k", None, {"name": "x"})
    assert undoing(log, shown(fields={"name": "花子"}, collections={"passkeys": {}})) == []


def test_a_third_name_is_kept_and_a_third_mail_address_is_asked_about(log: Log) -> None:
    log.by(OWNER).field("email", None, "hanako@example.jp")
    log.by(INTRUDER).field("email", "hanako@example.jp", "his@example.net").field("name", "花子", "B")
    plan = plan_of(log, shown(fields={"name": "C", "email": "third@example.org"}))
    assert plan.undoing == ()
    assert kept(plan) == [("field:name", "snapshot.differs", ())]
    assert whys(plan) == ["snapshot.differs"]


def test_of_an_address_the_third_key_stays_and_his_goes_back(log: Log) -> None:
    his = HOME | {"line1": "どこか9-9"}
    log.item("addresses", "7", HOME, his)
    plan = plan_of(log, shown(collections={"addresses": {"7": his | {"phone": "03-3333-3333"}}}))
    assert [act.args["value"] for act in plan.undoing] == [HOME | {"phone": "03-3333-3333"}]
    assert kept(plan) == [("addresses:7", "snapshot.differs", ("phone",))]


def test_what_the_shop_shows_beyond_the_log_is_not_emptied(log: Log) -> None:
    his = HOME | {"line1": "どこか9-9"}
    log.item("addresses", "7", HOME, his)
    plan = plan_of(log, shown(collections={"addresses": {"7": his | {"note": "ring twice", "floor": None}}}))
    assert [act.args["value"] for act in plan.undoing] == [HOME | {"note": "ring twice"}]
    assert plan.kept == ()


def test_a_passkey_of_his_goes_however_it_looks_by_now(log: Log) -> None:
    log.item("passkeys", "k", None, {"name": "x", "last_used": "1"})
    assert undoing(log, shown(collections={"passkeys": {"k": {"name": "x", "last_used": "2"}}})) == [
        ("remove_item", "k")
    ]


def test_a_card_that_is_locked_by_now_is_the_same_card(log: Log) -> None:
    card = {"brand": "Visa", "last4": "1111", "locked": False}
    log.item("cards", "3", None, card)
    assert undoing(log, shown(collections={"cards": {"3": card | {"locked": True}}})) == [("remove_item", "3")]


@pytest.mark.parametrize(
    ("status", "action", "what"),
    [
        ("shipped", ["intercept_order"], {"order.shipped"}),
        ("delivered", [], {"order.delivered"}),
        ("cancelled", [], set()),
    ],
)
def test_the_shop_knows_best_where_an_order_is(log: Log, status: str, action: list, what: set) -> None:
    plan = plan_of(log.order("9"), shown(orders={"9": {"status": status}}))
    assert [act.action.value for act in plan.undoing] == action
    assert {one.what for one in plan.irreversible} - {"viewed.cards"} == what


def test_a_look_says_nothing_of_what_happened_after_it(log: Log) -> None:
    log.field("name", "花子", "B")
    early = {SHOP: Look(NIGHT, shown(fields={"name": "花子"})[SHOP].account)}
    assert undoing(log, early) == [("set_field", "花子")]


def test_what_a_snapshot_does_not_speak_of_is_as_the_log_says(log: Log) -> None:
    log.field("name", "花子", "B").item("passkeys", "k", None, {"name": "x"})
    assert undoing(log, shown()) == undoing(log)


def test_a_null_and_an_absent_value_are_the_same(log: Log) -> None:
    log.field("phone", None, "1").item("addresses", "7", HOME, HOME | {"note": "x"})
    looks = shown(fields={"phone": ""}, collections={"addresses": {"7": {**HOME, "note": None}}})
    assert undoing(log, looks) == []
