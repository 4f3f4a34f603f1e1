"""Is every line of the book an event that the schema allows?

`REQUIRED` is written by hand from the schema's own text, github.com/ocsf/ocsf-schema at version 1.3.0: what
`events/base_event.json`, `includes/classification.json`, `includes/occurrence.json`, `objects/metadata.json` and
`objects/product.json` require of every event, and what each of the four classes adds (`events/iam/*.json`,
`events/application/web_resources_activity.json`).
"""

import re
from datetime import UTC, datetime

import msgspec
import pytest

from takeback.casework.auditbook import Act
from takeback.casework.ocsf import FORMS, VERSION, Class, event, line
from takeback.core.permission import Verb

AT = datetime(2026, 11, 1, 2, 30, 0, 123999, tzinfo=UTC)
BASE = ("activity_id", "category_uid", "class_uid", "metadata", "severity_id", "time", "type_uid")
REQUIRED = {
    Class.ACCOUNT_CHANGE: ("user",),
    Class.AUTHENTICATION: ("user", "service"),  # of service and dst_endpoint at least one
    Class.ENTITY_MANAGEMENT: ("entity",),
    Class.WEB_RESOURCES_ACTIVITY: ("web_resources",),
}
ACTIVITIES = {  # of 1.3.0; 0 is Unknown and 99 Other in every class
    Class.ACCOUNT_CHANGE: range(1, 13),
    Class.AUTHENTICATION: range(1, 8),
    Class.ENTITY_MANAGEMENT: range(1, 5),
    Class.WEB_RESOURCES_ACTIVITY: range(1, 9),
}
SEVERITIES, STATUSES = (0, 1, 2, 3, 4, 5, 6, 99), (0, 1, 2, 99)


def an_act(what: str, **changes: object) -> Act:
    values: dict[str, object] = {
        "at": AT,
        "who": "staff:sato",
        "what": what,
        "case": "c1",
        "seq": 7,
        "digest": "d" * 64,
    }
    return Act(**(values | changes))  # type: ignore[arg-type]  # names and values as the class has them


@pytest.mark.parametrize("what", [*sorted(FORMS), "something.new"])
def test_every_act_is_an_event_with_all_that_its_class_requires(what: str) -> None:
    told = event(an_act(what), "0.1")
    of = Class(told["class_uid"])  # type: ignore[arg-type]
    assert [name for name in (*BASE, *REQUIRED[of]) if not told.get(name)] == []
    assert told["category_uid"] == of // 1000
    activity = told["activity_id"]
    assert activity == 99 or activity in ACTIVITIES[of]
    assert told["type_uid"] == of * 100 + activity  # type: ignore[operator]
    assert told["severity_id"] in SEVERITIES
    assert told["status_id"] in STATUSES
    metadata = told["metadata"]
    assert isinstance(metadata, dict)
    assert metadata["version"] == VERSION
    assert re.fullmatch(r"1\.\d+\.\d+", VERSION)
    product = metadata["product"]
    assert isinstance(product, dict)
    assert product["name"]
    assert product["vendor_name"]
    assert told["actor"] == {"user": {"name": "sato", "uid": "staff:sato", "type_id": 1}}


def test_every_verb_of_the_desk_has_its_own_place_in_the_mapping() -> None:
    assert [verb.value for verb in Verb if verb.value not in FORMS] == []


def test_time_is_in_milliseconds() -> None:
    assert event(an_act("staff.signed_in"), "0.1")["time"] == int(AT.timestamp()) * 1000 + 123


def test_a_sign_in_that_failed_is_a_failed_logon() -> None:
    told = event(an_act("staff.sign_in_failed"), "0.1")
    assert (told["class_uid"], told["activity_id"], told["status_id"]) == (3002, 1, 2)


def test_whom_a_change_concerns_is_not_who_made_it() -> None:
    told = event(an_act("staff.disabled", who="staff:boss", evidence={"member": "sato"}), "0.1")
    assert told["user"] == {"name": "sato", "uid": "staff:sato", "type_id": 1}
    assert told["actor"] == {"user": {"name": "boss", "uid": "staff:boss", "type_id": 1}}


def test_damage_that_was_found_is_critical() -> None:
    told = event(an_act("audit.verified", evidence={"wrong": 2}), "0.1")
    assert (told["severity_id"], told["status_id"]) == (5, 2)
    assert event(an_act("audit.verified", evidence={"wrong": 0}), "0.1")["severity_id"] == 1


def test_what_the_schema_has_no_place_for_is_kept_as_the_book_has_it() -> None:
    told = event(an_act("desk:plan:approve", why="seen the receipts", evidence={"plan": "abc"}), "0.1")
    assert told["unmapped"] == {"why": "seen the receipts", "evidence": {"plan": "abc"}, "digest": "d" * 64}
    assert told["comment"] == "seen the receipts"


@pytest.mark.parametrize("form", [lambda act: event(act, "0.1"), line], ids=["ocsf", "plain"])
def test_no_card_number_that_somebody_wrote_leaves(form: object) -> None:
    act = an_act("desk:plan:approve", why="she says 4242 4242 4242 4242 is hers")
    written = msgspec.json.encode(form(act))  # type: ignore[operator]
    assert b"4242 4242" not in written
    assert b"4242" in written
