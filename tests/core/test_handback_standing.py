"""Whose is the second factor, and what does the list of prevention say?"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from takeback.core.events import Event, Json, parse_event
from takeback.core.investigate.findings import Actor, Contact, Findings, Window
from takeback.core.prevention import Found, PreventionKey, State, items
from takeback.core.secondfactor import hers_items, hers_two_step
from takeback.core.service import AccountSnapshot

START = datetime(2026, 11, 1, tzinfo=UTC)
SHOP = "/shops/oscar"
FOUND = Found(second_factor=False, seen_cards=False)


def event(name: str, days: int, kind: str, data: dict[str, object]) -> Event:
    at = (START + timedelta(days=days)).isoformat()
    told = {"specversion": "1.0", "id": name, "source": SHOP, "type": kind, "subject": "42", "time": at, "data": data}
    return parse_event(msgspec.json.encode(told))


def field(name: str, days: int, after: Json, what: str = "two_step", **more: object) -> Event:
    values = {} if what == "two_step_secret" else {"before": None, "after": after}
    return event(name, days, "account.field_changed", {"field": what, **values, **more})


def findings(*, contacts: tuple[Contact, ...] = (), **actors: Actor) -> Findings:
    return Findings("42", True, Window(START, None), (), actors, contacts)


def snapshot(**more: object) -> AccountSnapshot:
    told = {"fields": {}, "collections": {}, **more}
    return AccountSnapshot("42", True, 0, 0, "disabled", True, True, **told)  # type: ignore[arg-type]  # as given


def two_step(events: Sequence[Event], found: Findings, value: Json = "totp", **fields: Json) -> bool:
    return hers_two_step(SHOP, snapshot(fields={"two_step": value, **fields}), events, found)


def test_a_second_step_that_she_set_is_hers() -> None:
    assert two_step([field("e1", -9, "totp")], findings(e1=Actor.OWNER))


@pytest.mark.parametrize("actor", [Actor.INTRUDER, Actor.UNKNOWN])
def test_one_that_the_intruder_or_nobody_knows_who_set_is_not(actor: Actor) -> None:
    assert not two_step([field("e1", 1, "totp")], findings(e1=actor))


def test_one_whose_secret_he_changed_is_not_hers_any_more() -> None:
    events = [field("e1", -9, "totp"), field("e2", 1, None, "two_step_secret")]
    assert not two_step(events, findings(e1=Actor.OWNER, e2=Actor.INTRUDER))


def test_one_of_which_no_event_tells_is_not_known_to_be_hers() -> None:
    assert not two_step([], findings())


@pytest.mark.parametrize("value", [None, False, "", "none", "off"])
def test_one_that_is_off_is_none(value: Json) -> None:
    assert not two_step([field("e1", -9, "totp")], findings(e1=Actor.OWNER), value)


def test_what_staff_set_counts_from_before_he_came_alone() -> None:
    assert two_step([field("e1", -9, "totp", actor="staff")], findings())
    assert not two_step([field("e1", 1, "totp", actor="staff")], findings())


def test_what_was_put_back_by_us_is_hers_because_it_was_before() -> None:
    back = field("e3", 2, "totp", actor="system", takeback={"id": "a", "action": "set_field"})
    events = [field("e1", -9, "totp"), back]
    assert two_step(events, findings(e1=Actor.OWNER))


def test_codes_by_sms_count_only_to_a_number_that_is_trusted() -> None:
    contact = Contact(SHOP, "phone", "+819012345678", trusted=True, since=START)
    events = [field("e1", -9, "sms")]
    known = findings(contacts=(contact,), e1=Actor.OWNER)
    assert two_step(events, known, "sms", phone="+819012345678")
    assert not two_step(events, known, "sms", phone="+40712345678")


def test_only_her_own_passkeys_count() -> None:
    added = [
        event(name, days, "account.item_added", {"collection": "passkeys", "id": name, "after": {"name": name}})
        for name, days in (("hers", -9), ("his", 1), ("gone", -8))
    ]
    shown = snapshot(collections={"passkeys": {"hers": {}, "his": {}, "unheard": {}}})
    found = findings(hers=Actor.OWNER, his=Actor.INTRUDER, gone=Actor.OWNER)
    assert hers_items(SHOP, "passkeys", shown, added, found) == {"hers"}


def keys(found: Findings, shown: AccountSnapshot | None = None, known: Found = FOUND) -> list[PreventionKey]:
    return [item.key for item in items(found, [shown or snapshot()], {}, known)]


def contact(name: str, *, trusted: bool) -> Contact:
    return Contact(SHOP, name, "x", trusted=trusted, since=START)


def test_what_an_account_has_no_part_in_is_not_on_the_list() -> None:
    assert not {PreventionKey.CARRIER_PIN, PreventionKey.CARDS} & set(keys(findings()))
    cards = snapshot(collections={"cards": {"1": {}}})
    assert PreventionKey.CARDS in keys(findings(), cards)
    assert PreventionKey.CARRIER_PIN in keys(findings(contacts=(contact("phone", trusted=True),)))


def test_what_the_intruder_used_comes_first() -> None:
    found = items(findings(contacts=(contact("email", trusted=False),)), [], {}, FOUND)
    pressing = [item.key for item in found if item.pressing]
    assert PreventionKey.MAILBOX in pressing
    assert [item.pressing for item in found] == sorted((item.pressing for item in found), reverse=True)


def test_the_list_remembers_what_she_did_and_sees_what_the_services_show() -> None:
    done = {"mailbox": START, "no such item": START}
    found = {one.key: one for one in items(findings(), [], done, Found(second_factor=True, seen_cards=False))}
    assert (found[PreventionKey.MAILBOX].state, found[PreventionKey.MAILBOX].at) == (State.DONE, START)
    assert found[PreventionKey.SECOND_FACTOR].state is State.SEEN
    assert found[PreventionKey.OTHER_SHOPS].state is State.OPEN
