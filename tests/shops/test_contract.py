"""Does every shop stop, hand back, and do each thing once? The same sentences for each; see `contract.Subject`."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from takeback.core.service import Outcome
from takeback.core.undo.plan import ActionKind

from .contract import A_THIRD_NAME, ANOTHER_NAME, CONTAINMENT, NEW_PASSWORD, PASSWORD, Subject, new_id


def test_it_offers_only_actions_that_the_contract_has(shop: Subject) -> None:
    assert shop.service.capabilities().actions <= {kind.value for kind in ActionKind}


def test_every_shop_can_at_least_contain_and_hand_back(shop: Subject) -> None:
    assert shop.service.capabilities().actions >= {*CONTAINMENT, "unfreeze", "set_password"}


def test_an_unknown_account_is_none(shop: Subject) -> None:
    assert shop.service.account("999999999") is None


def test_an_account_id_with_odd_signs_in_it_is_none_too(shop: Subject) -> None:
    assert shop.service.account("../4 2/%2f?x=佐") is None


def test_a_quiet_account_reads_as_open(shop: Subject) -> None:
    snapshot = shop.now()
    assert (snapshot.frozen, snapshot.sessions, snapshot.links, snapshot.password) == (False, 0, 0, "set")


def test_the_opening_events_tell_every_field_as_it_was_registered(shop: Subject) -> None:
    opening = {
        event["data"]["field"]: event["data"]["after"]
        for event in shop.told()
        if event["type"] == "account.field_changed" and event["data"]["before"] is None
    }
    fields = shop.now().fields
    assert opening == {name: value for name, value in fields.items() if value not in (None, "")}


# freeze


def test_a_frozen_account_reads_back_as_frozen(shop: Subject) -> None:
    assert shop.do("freeze").outcome is Outcome.DONE
    assert shop.now().frozen


def test_a_frozen_account_cannot_sign_in(shop: Subject) -> None:
    shop.do("freeze")
    assert shop.sign_in(PASSWORD) is None


def test_a_session_that_was_open_is_good_for_nothing_while_frozen(shop: Subject) -> None:
    session = shop.sign_in(PASSWORD)
    shop.do("freeze")
    assert not shop.is_in(session)


def test_a_session_that_was_open_cannot_change_a_frozen_account(shop: Subject) -> None:
    session = shop.sign_in(PASSWORD)
    shop.do("freeze")
    assert not shop.rename(session, "別の名前")
    assert shop.now().fields["name"] != "別の名前"


def test_a_session_that_was_open_cannot_order_while_frozen(shop: Subject) -> None:
    shop.offers("cancel_order")
    session = shop.sign_in(PASSWORD)
    shop.do("freeze")
    assert shop.place_order(session) is None


def test_takeback_still_sets_fields_of_a_frozen_account(shop: Subject) -> None:
    shop.do("freeze")
    assert shop.do("set_field", field="name", value=ANOTHER_NAME).outcome is Outcome.DONE
    assert shop.now().fields["name"] == ANOTHER_NAME


def test_freezing_what_is_frozen_is_already_done(shop: Subject) -> None:
    shop.do("freeze")
    assert shop.do("freeze").outcome is Outcome.ALREADY_DONE


def test_unfreezing_lets_the_owner_in_again(shop: Subject) -> None:
    shop.do("freeze")
    assert shop.do("unfreeze").outcome is Outcome.DONE
    assert shop.sign_in(PASSWORD) is not None
    assert not shop.now().frozen


# nothing revives


def test_a_session_counts_and_is_gone_after_end_sessions(shop: Subject) -> None:
    session = shop.sign_in(PASSWORD)
    assert shop.now().sessions == 1
    assert shop.do("end_sessions").outcome is Outcome.DONE
    assert shop.now().sessions == 0
    assert not shop.is_in(session)


def test_a_token_counts_and_is_void_after_end_sessions(shop: Subject) -> None:
    token = shop.make_token(shop.sign_in(PASSWORD))
    if token is None:
        pytest.skip(f"{shop.service.source} has no tokens")
    assert shop.now().sessions == 2
    assert shop.token_works(token)
    shop.do("end_sessions")
    assert shop.now().sessions == 0
    assert not shop.token_works(token)


def test_a_link_counts_and_is_void_after_expire_links(shop: Subject) -> None:
    link = shop.make_link(shop.sign_in(PASSWORD))
    if link is None:
        pytest.skip(f"{shop.service.source} shows the test no link")
    assert shop.now().links == 1
    assert shop.do("expire_links").outcome is Outcome.DONE
    assert shop.now().links == 0
    assert not shop.link_works(link)


def test_a_session_does_not_revive_on_unfreeze(shop: Subject) -> None:
    session = shop.sign_in(PASSWORD)
    shop.do("freeze")
    shop.do("unfreeze")
    assert not shop.is_in(session)
    assert shop.now().sessions == 0


def test_a_token_does_not_revive_on_unfreeze(shop: Subject) -> None:
    token = shop.make_token(shop.sign_in(PASSWORD))
    if token is None:
        pytest.skip(f"{shop.service.source} has no tokens")
    shop.do("freeze")
    shop.do("unfreeze")
    assert not shop.token_works(token)


def test_a_link_does_not_revive_on_unfreeze(shop: Subject) -> None:
    link = shop.make_link(shop.sign_in(PASSWORD))
    if link is None:
        pytest.skip(f"{shop.service.source} shows the test no link")
    shop.do("freeze")
    shop.do("unfreeze")
    assert not shop.link_works(link)


def test_no_password_lets_anyone_in_once_it_is_disabled(shop: Subject) -> None:
    assert shop.do("disable_password").outcome is Outcome.DONE
    assert shop.now().password == "disabled"
    assert shop.sign_in(PASSWORD) is None
    assert shop.sign_in("") is None


def test_a_new_password_does_not_open_a_frozen_account(shop: Subject) -> None:
    shop.contain()
    shop.do("set_password", password=NEW_PASSWORD)
    assert shop.now().frozen
    assert shop.sign_in(NEW_PASSWORD) is None


def test_after_hand_back_only_the_new_password_lets_in(shop: Subject) -> None:
    shop.contain()
    assert shop.do("set_password", password=NEW_PASSWORD).outcome is Outcome.DONE
    shop.do("unfreeze")
    assert shop.now().password == "set"
    assert shop.sign_in(PASSWORD) is None
    assert shop.sign_in(NEW_PASSWORD) is not None


def test_an_intruders_session_and_token_fail_after_hand_back(shop: Subject) -> None:
    session = shop.sign_in(PASSWORD)
    token = shop.make_token(session)
    shop.contain()
    shop.do("set_password", password=NEW_PASSWORD)
    shop.do("unfreeze")
    assert not shop.is_in(session)
    assert not shop.rename(session, "別の名前")
    assert token is None or not shop.token_works(token)


def test_the_owner_can_use_the_account_as_before_after_hand_back(shop: Subject) -> None:
    shop.contain()
    shop.do("set_password", password=NEW_PASSWORD)
    shop.do("unfreeze")
    assert shop.rename(shop.sign_in(NEW_PASSWORD), ANOTHER_NAME)
    assert shop.now().fields["name"] == ANOTHER_NAME


# once


def test_the_same_id_twice_acts_once(shop: Subject) -> None:
    action_id = new_id()
    first = shop.do("set_field", action_id, field="name", value=ANOTHER_NAME)
    shop.do("set_field", field="name", value=A_THIRD_NAME)
    again = shop.do("set_field", action_id, field="name", value=ANOTHER_NAME)
    assert (first.outcome, again.outcome) == (Outcome.DONE, Outcome.ALREADY_DONE)
    assert shop.now().fields["name"] == A_THIRD_NAME
    assert len(shop.told_by(action_id)) == 1


def test_the_same_id_at_the_same_moment_acts_once(shop: Subject) -> None:
    action_id = new_id()
    with ThreadPoolExecutor(6) as crowd:
        answers = list(crowd.map(lambda _: shop.do("freeze", action_id), range(6)))
    assert sorted(answer.outcome.value for answer in answers) == [*["already_done"] * 5, "done"]
    assert len(shop.told_by(action_id)) == 1


def test_a_repeat_is_answered_even_when_it_would_be_impossible_now(shop: Subject) -> None:
    action_id = new_id()
    shop.do("set_password", action_id, password=NEW_PASSWORD)
    shop.do("disable_password")
    assert shop.do("set_password", action_id, password=NEW_PASSWORD).outcome is Outcome.ALREADY_DONE
    assert shop.now().password == "disabled"


def test_the_outcome_can_be_asked_for_by_id(shop: Subject) -> None:
    action_id = new_id()
    shop.do("freeze", action_id)
    assert shop.service.outcome(action_id).outcome in {Outcome.DONE, Outcome.ALREADY_DONE}


# never silence


def test_an_unknown_account_cannot_be_acted_on(shop: Subject) -> None:
    shop.account = "999999999"
    answer = shop.do("freeze")
    assert (answer.outcome, answer.reason) == (Outcome.IMPOSSIBLE, "account.unknown")


def test_an_action_nobody_knows_is_impossible(shop: Subject) -> None:
    answer = shop.do("open_a_bottle")
    assert (answer.outcome, answer.reason) == (Outcome.IMPOSSIBLE, "action.unsupported")


def test_an_action_that_it_does_not_offer_is_impossible(shop: Subject) -> None:
    args: dict[str, Any] = {
        "cards": [],
        "order": "1",
        "field": "address",
        "value": {},
        "collection": "addresses",
        "id": "1",
    }
    args |= {"balance": "points", "change": {"amount": "1", "currency": "JPY"}}
    for action in {kind.value for kind in ActionKind} - shop.service.capabilities().actions:
        answer = shop.do(action, **args)
        assert (action, answer.outcome, answer.reason) == (action, Outcome.IMPOSSIBLE, "action.unsupported")


def test_a_field_that_it_does_not_offer_is_impossible(shop: Subject) -> None:
    answer = shop.do("set_field", field="shoe_size", value="24")
    assert (answer.outcome, answer.reason) == (Outcome.IMPOSSIBLE, "field.unsupported")


def test_a_collection_that_it_does_not_offer_is_impossible(shop: Subject) -> None:
    answer = shop.do("remove_item", collection="shoes", id="1")
    assert (answer.outcome, answer.reason) == (Outcome.IMPOSSIBLE, "collection.unsupported")
