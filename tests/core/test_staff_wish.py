"""What becomes of what staff changed while he was in, once it was said on whose wish they did it?"""

from datetime import timedelta

import msgspec

from takeback.core.events import Event, parse_event
from takeback.core.investigate.attribution import Word
from takeback.core.investigation import Investigation, investigate
from takeback.shops.pretend import PretendShop
from tests.casework.life import ACCOUNT, NIGHT, NOW, bad_night, ordinary_days
from tests.conftest import event_text

BEFORE, AFTER = "+819012345678", "+819099999999"


def events() -> list[Event]:
    """The night, and in its middle a call to the shop: staff changed the telephone number."""
    shop = PretendShop("/shops/oscar", clock=lambda: NOW)
    ordinary_days(shop)
    bad_night(shop)
    at = (NIGHT + timedelta(minutes=6)).isoformat()
    data = {"field": "phone", "before": BEFORE, "after": AFTER, "actor": "staff"}
    changed = event_text(id="by-staff", subject=ACCOUNT, type="account.field_changed", time=at, data=data)
    return [*(parse_event(msgspec.json.encode(event)) for event in shop.events), parse_event(changed)]


def investigated(*words: Word) -> Investigation:
    """The account, with what was said."""
    return investigate(ACCOUNT, events(), now=NOW, words=words)


def phones(found: Investigation) -> list[object]:
    """To what the plan sets the telephone number."""
    return [act.args.get("value") for act in found.plan.undoing if act.args.get("field") == "phone"]


def asked(found: Investigation) -> bool:
    """Is the change still a question?"""
    return any("by-staff" in question.events for question in found.plan.questions)


def test_it_is_a_question_and_stays() -> None:
    found = investigated()
    assert asked(found)
    assert phones(found) == []


def test_on_his_wish_it_goes_back_and_is_asked_no_more() -> None:
    found = investigated(Word("event", "by-staff", mine=False))
    assert not asked(found)
    assert phones(found) == [BEFORE]


def test_on_hers_it_stays_and_is_asked_no_more_and_is_still_no_way_to_reach_her() -> None:
    found = investigated(Word("event", "by-staff", mine=True))
    assert not asked(found)
    assert phones(found) == []
    assert [contact.trusted for contact in found.findings.contacts if contact.value == AFTER] == [False]


def test_who_was_there_is_the_same_either_way() -> None:
    plain = investigated().findings.sessions
    assert investigated(Word("event", "by-staff", mine=False)).findings.sessions == plain
