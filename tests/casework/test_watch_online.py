"""As events arrive: what calls for a look, who is asked, when is a case opened, and what is remembered meanwhile?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace as with_

from takeback.casework.notice import follow
from takeback.casework.online import Found, Online
from takeback.casework.online_asking import MOST_OF_ONE, ask
from takeback.casework.progress import Progress
from takeback.casework.watch import Watch
from takeback.core.case import Stage
from takeback.core.errors import OutsideError
from takeback.core.events import Event, parse_event
from takeback.core.online.rules import Does
from takeback.core.online.typical import TYPICAL
from takeback.sections import NoticeSettings
from tests.casework.conftest import Town
from tests.casework.life import ACCOUNT, HERS, HIS, INTRUDERS, MINE, NOW, PASSWORD, bad_night, order_of
from tests.casework.test_rules import setting

EXPORT_RULE = next(rule for rule in TYPICAL if rule.name == "new-device-export")


def news(town: Town) -> list[Event]:
    """Let the shops tell; the events that the log did not have before."""
    new = [
        parse_event(msgspec.json.encode(event))
        for shop in (town.shop, town.video)
        for event in shop.events[town.told.get(shop.source, 0) :]
    ]
    town.tell()
    return new


def weighed(town: Town, events: Sequence[Event]) -> dict[str, Found]:
    """Weigh these as the watch does, in this thread, and follow what they call for."""
    online = Online(town.house)
    found = online.weigh(events)
    for account, one in found.items():
        follow(town.house, account, one)
    online.close()
    town.run()
    return found


def with_rules(town: Town, *does: Does) -> None:
    """Switch the rule on an export after a new device on, with these outcomes."""
    rules = tuple(with_(EXPORT_RULE, name=one.value, does=one, on=True) for one in does)
    said = with_(town.house.configuration, notice=NoticeSettings(rules=rules))
    town.house = replace(town.house, configuration=said)


def exported(town: Town, session: str = "export") -> list[Event]:
    """Her data is exported from her own line on a device that nobody knows."""
    client = HERS | {"device": "d-new", "session": session}
    at = town.clock.now() - timedelta(minutes=5)
    town.shop.sign_in(ACCOUNT, at, client, password=PASSWORD)
    town.shop.view(ACCOUNT, at + timedelta(minutes=1), client, "export")
    return news(town)


def test_a_takeover_is_looked_at_and_its_owner_asked_at_her_own_address(clean: Town) -> None:
    bad_night(clean.shop)
    assert weighed(clean, news(clean)).keys() == {ACCOUNT}
    assert clean.house.cases.signs(ACCOUNT)
    (letter,) = clean.postbox.named("was_this_you")
    assert letter.to == MINE
    assert clean.house.cases.of_account(ACCOUNT) == []


def test_the_letter_says_what_was_seen_and_leads_to_the_door_alone(clean: Town) -> None:
    bad_night(clean.shop)
    weighed(clean, news(clean))
    (letter,) = clean.postbox.named("was_this_you")
    assert "連絡先を変更" in letter.text
    assert "第三者" in letter.text
    door = f"{clean.house.configuration.base_url}/"
    links = [word for word in letter.text.split() if "://" in word]
    assert links == [door, f"{door}?lang=en"]
    assert not any(
        secret in letter.text + letter.html for secret in (ACCOUNT + "-9", HIS, str(INTRUDERS["ip"]), "d-evil")
    )


def test_an_ordinary_visit_calls_for_nothing(clean: Town) -> None:
    weighed(clean, [])
    client = HERS | {"session": "today"}
    clean.shop.sign_in(ACCOUNT, NOW - timedelta(minutes=9), client, password=PASSWORD)
    clean.shop.view(ACCOUNT, NOW - timedelta(minutes=8), client, "orders")
    clean.shop.place_order(ACCOUNT, NOW - timedelta(minutes=7), client, order_of("42-77", "3000"))
    assert weighed(clean, news(clean)) == {}
    assert clean.house.cases.signs(ACCOUNT) == []
    assert clean.postbox.letters == []


def test_she_is_asked_once_a_day_and_three_times_in_two_weeks(clean: Town) -> None:
    for day in range(6):
        for hour in range(2):
            client = INTRUDERS | {"session": f"again-{day}-{hour}"}
            at = clean.clock.now() - timedelta(minutes=30)
            clean.shop.sign_in(ACCOUNT, at, client, password=PASSWORD)
            clean.shop.change_field(ACCOUNT, at + timedelta(minutes=1), client, "email", f"x{day}{hour}@evil.example")
            clean.shop.place_order(ACCOUNT, at + timedelta(minutes=2), client, order_of(f"o{day}{hour}", "5980"))
            weighed(clean, news(clean))
            clean.clock.turn(timedelta(hours=2))
        assert len(clean.postbox.named("was_this_you")) == min(day + 1, MOST_OF_ONE)
        clean.clock.turn(timedelta(hours=20))


def test_nothing_goes_to_what_the_visitor_has_set_even_where_the_visit_is_only_doubtful(clean: Town) -> None:
    with_rules(clean, Does.ASK)
    client = HERS | {"device": "d-new", "session": "doubtful"}
    at = NOW - timedelta(minutes=20)
    clean.shop.sign_in(ACCOUNT, at, client, password=PASSWORD)
    clean.shop.change_field(ACCOUNT, at + timedelta(minutes=1), client, "email", HIS)
    clean.shop.view(ACCOUNT, at + timedelta(minutes=2), client, "export")
    weighed(clean, news(clean))
    assert {letter.to for letter in clean.postbox.named("was_this_you")} == {MINE}


def test_a_rule_asks_where_it_is_on_and_not_where_the_shop_asks_nobody(clean: Town) -> None:
    found = weighed(clean, exported(clean))
    assert found.get(ACCOUNT, Found()).rules == {}
    assert clean.postbox.letters == []
    with_rules(clean, Does.ASK)
    setting(clean, notice_asks=False)
    clean.clock.turn(timedelta(hours=1))
    assert weighed(clean, exported(clean, "second"))[ACCOUNT].does(Does.ASK)
    assert clean.postbox.letters == []
    setting(clean, notice_asks=True)
    clean.clock.turn(timedelta(hours=1))
    weighed(clean, exported(clean, "third"))
    assert len(clean.postbox.named("was_this_you")) == 1


def test_a_rule_opens_a_case_which_stops_only_an_account_that_shows_a_sign(clean: Town) -> None:
    with_rules(clean, Does.CASE)
    weighed(clean, exported(clean))
    assert clean.case is not None
    assert clean.case.stage is Stage.REPORT
    assert not clean.shop.account(ACCOUNT).frozen
    assert clean.house.cases.log(clean.case.id)[0].who == "system"


def test_where_notice_may_not_open_a_case_the_customer_is_asked(clean: Town) -> None:
    with_rules(clean, Does.CASE)
    setting(clean, notice_opens=False)
    weighed(clean, exported(clean))
    assert clean.case is None
    assert len(clean.postbox.named("was_this_you")) == 1


def test_an_event_of_long_ago_completes_no_rule(clean: Town) -> None:
    with_rules(clean, Does.CASE)
    told = exported(clean)
    clean.clock.turn(timedelta(days=3))
    weighed(clean, told)
    assert clean.case is None


def test_an_account_with_a_case_is_looked_at_whatever_it_does_and_remembers_nothing(town: Town) -> None:
    online = Online(town.house)
    online.weigh(town.house.event_log.account(ACCOUNT)[-1:])
    assert town.house.profiles.load({ACCOUNT: 0})
    town.report()
    found = online.weigh(town.house.event_log.account(ACCOUNT)[-1:])
    assert found[ACCOUNT].watched
    assert town.house.profiles.load({ACCOUNT: 0}) == {}


def test_what_an_intruder_did_in_a_case_teaches_nothing_afterwards(town: Town) -> None:
    case = town.report()
    assert case is not None
    town.house.cases.change(case.id, lambda now: replace(now, stage=Stage.CLOSED))
    online = Online(town.house)
    online.weigh(town.house.event_log.account(ACCOUNT)[-1:])
    devices = online._held[ACCOUNT].profile.kinds[0].values
    assert devices.keys() == {"d-phone"}


def test_a_lost_profile_is_made_anew_from_the_log(clean: Town) -> None:
    online = Online(clean.house)
    events = clean.house.event_log.account(ACCOUNT)
    online.weigh(events[-1:])
    kept = online._held[ACCOUNT].profile.pack()
    clean.house.profiles.drop([ACCOUNT])
    again = Online(clean.house)
    again.weigh(events[-1:])
    assert again._held[ACCOUNT].profile.pack() == kept


def test_two_processes_that_weigh_the_same_account_do_not_undo_each_other(clean: Town) -> None:
    one, other = Online(clean.house), Online(clean.house)
    events = clean.house.event_log.account(ACCOUNT)
    for number, event in enumerate(events):
        (one, other)[number % 2].weigh([event])
    held = (one, other)[(len(events) - 1) % 2]._held[ACCOUNT].profile
    # Each began from all that the log has; what matters is that neither stayed behind what the other had stored.
    stored = clean.house.profiles.load({ACCOUNT: 0})[ACCOUNT].packed
    assert held.pack() == stored


def test_what_is_older_than_events_are_kept_is_forgotten_with_them(clean: Town) -> None:
    Online(clean.house).weigh(clean.house.event_log.account(ACCOUNT)[-1:])
    clean.house.profiles.forget(NOW - timedelta(days=365))
    assert clean.house.profiles.load({ACCOUNT: 0})
    clean.house.profiles.forget(NOW)
    assert clean.house.profiles.load({ACCOUNT: 0}) == {}


def test_a_letter_that_could_not_be_sent_is_sent_later_and_one_that_no_server_takes_is_not(clean: Town) -> None:
    clean.postbox.broken = OutsideError("the mail server does not answer", permanent=False)
    bad_night(clean.shop)
    weighed(clean, news(clean))
    clean.postbox.broken = None
    clean.run(until=clean.clock.now() + timedelta(minutes=10))
    assert len(clean.postbox.named("was_this_you")) == 1


def test_no_letter_goes_out_where_a_case_has_begun_meanwhile(clean: Town) -> None:
    bad_night(clean.shop)
    clean.tell()
    clean.report()
    assert ask(clean.house, "q", ACCOUNT, f"{clean.shop.source}-{ACCOUNT}-night") is Progress.DONE
    assert clean.postbox.named("was_this_you") == []


def test_the_watch_weighs_in_a_thread_of_its_own_and_finishes_what_waits(clean: Town) -> None:
    watch = Watch(clean.house)
    bad_night(clean.shop)
    watch.touched(news(clean))
    watch.close()
    assert clean.house.cases.signs(ACCOUNT)


def test_of_more_news_than_can_wait_the_log_is_read(clean: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("takeback.casework.watch.MOST_WAITING", 0)
    watch = Watch(clean.house)
    bad_night(clean.shop)
    watch.touched(news(clean))
    watch.close()
    assert clean.house.cases.signs(ACCOUNT)
