"""Is what arrives weighed as it should be, and is only the owner learned from?"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from takeback.core.events import Event
from takeback.core.investigation import in_order, investigate
from takeback.core.online.profile import MOST, MOST_FAILURES, MOST_OPEN, Profile, unpack
from takeback.core.online.scoring import LOWEST, notice
from takeback.core.online.thresholds import LOOK_FROM
from tests.core.online.living import HERS, HIS, NIGHT, START, event, last, lived, sign_in, weeks


def his_visit(at: datetime = NIGHT, session: str = "his") -> Iterator[Event]:
    client = HIS | {"session": session}
    yield sign_in(at, client)
    yield event("account.field_changed", at + timedelta(minutes=1), client, field="email", before="a@b.jp", after="c@d")
    order = {"id": "9", "total": {"amount": "90000", "currency": "JPY"}, "address": "どこか"}
    yield event("order.placed", at + timedelta(minutes=2), client, order=order)


def test_a_takeover_calls_for_a_look_and_an_ordinary_visit_does_not() -> None:
    assert last(lived(weeks()), his_visit()).score > 0
    profile, highest = Profile(), LOWEST
    for one in weeks(20):
        highest = max(highest, notice(profile, one).score)
    assert highest < LOOK_FROM


def test_the_score_is_what_the_investigation_would_give_within_a_few_units() -> None:
    events = [*weeks(), *his_visit()]
    found = last(lived(events[:-3]), events[-3:])
    session = next(
        one
        for one in investigate(
            "42", in_order("42", events, NIGHT + timedelta(hours=1)), now=NIGHT + timedelta(hours=1)
        ).findings.sessions
        if one.session == "his"
    )
    known = {reason.key: reason.weight for reason in session.reasons}
    told = found.visit.why if found.visit is not None else {}
    shared = known.keys() & told.keys()
    assert {"device.never_seen", "country.never_seen", "contact.changed"} <= shared
    assert all(known[key] == pytest.approx(told[key], abs=0.5) for key in shared)


def test_the_reasons_are_keys_the_weightiest_first() -> None:
    found = last(lived(weeks()), his_visit())
    assert found.visit is not None
    assert found.reasons[0] == max(found.visit.why, key=found.visit.why.__getitem__)
    assert "device.known" not in found.reasons


def test_a_visit_teaches_only_when_it_is_a_day_old() -> None:
    profile = lived(weeks(1))
    assert profile.visits == 0
    notice(profile, sign_in(START + timedelta(days=2), HERS | {"session": "next"}))
    assert profile.visits == 1


def test_an_intruder_who_comes_every_day_and_does_nothing_stays_a_stranger() -> None:
    profile = lived(weeks())
    scores = []
    for day in range(90):
        at = NIGHT + timedelta(days=day)
        client = HIS | {"session": f"quiet-{day}"}
        notice(profile, sign_in(at, client))
        scores.append(notice(profile, event("account.viewed", at + timedelta(minutes=1), client, what="orders")).score)
    assert "d-evil" not in profile.kinds[0].values
    assert "64500" not in profile.kinds[5].values
    found = last(profile, his_visit(NIGHT + timedelta(days=91)))
    assert found.score > LOOK_FROM


def test_many_events_of_one_visit_teach_no_more_than_one() -> None:
    client = HERS | {"session": "long"}
    events = [event("account.viewed", START + timedelta(seconds=n), client, what="orders") for n in range(500)]
    profile = lived([*events, sign_in(START + timedelta(days=2), HERS | {"session": "next"})])
    assert profile.kinds[0].values["d-phone"].count == 1


def test_what_comes_in_late_teaches_nothing() -> None:
    profile = lived(weeks())
    before = profile.kinds[0].values["d-phone"].count
    notice(profile, sign_in(START + timedelta(days=3), HERS | {"device": "d-late", "session": "late"}))
    notice(profile, sign_in(NIGHT, HERS | {"session": "now"}))
    assert "d-late" not in profile.kinds[0].values
    assert profile.kinds[0].values["d-phone"].count == before + 1  # her last week's visit, and not the late one


def test_a_new_device_is_hers_once_something_vouches_for_it() -> None:
    new = HERS | {"device": "d-new", "ip": "192.0.2.9", "session": "new"}
    for method, known in (("password", False), ("passkey", True)):
        profile = lived([*weeks(), sign_in(NIGHT, new, method=method)])
        notice(profile, sign_in(NIGHT + timedelta(days=2), HERS | {"session": "later"}))
        assert ("d-new" in profile.kinds[0].values) is known


def test_a_session_that_goes_on_with_another_device_weighs_more() -> None:
    profile = lived(weeks())
    notice(profile, sign_in(NIGHT, HERS | {"session": "cookie"}))
    stolen = event("account.viewed", NIGHT + timedelta(minutes=5), HIS | {"session": "cookie"}, what="cards")
    assert "session.on_another_device" in notice(profile, stolen).reasons


def test_a_sign_in_that_fails_has_no_score_and_several_speak_against_the_one_that_follows() -> None:
    profile = lived(weeks())
    for second in range(4):
        failed = event("account.sign_in_failed", NIGHT + timedelta(seconds=second), HIS, reason="password")
        assert notice(profile, failed).score == LOWEST
    assert "sign_in.after_failures" in notice(profile, sign_in(NIGHT + timedelta(minutes=1), HIS)).reasons


def test_what_the_shop_and_its_staff_do_is_nobodys_visit() -> None:
    profile = lived(weeks())
    by_staff = event("account.field_changed", NIGHT, {}, field="email", before="a@b.jp", after="c@d", actor="staff")
    assert notice(profile, by_staff).visit is None


def test_a_profile_stays_small_however_long_and_however_oddly_an_account_lives() -> None:
    profile = Profile()
    for number in range(3_000):
        at = START + timedelta(hours=30 * number)
        client: dict[str, object] = {
            "session": f"s{number}",
            "device": "d-phone",
            "ip": f"10.{number % 250}.{number // 250}.1",
            "asn": number,
            "country": "JP",
            "user_agent": "Safari iPhone",
        }
        notice(profile, sign_in(at, client, method="passkey", credential=f"c{number}"))
        for _ in range(2):
            notice(profile, event("account.sign_in_failed", at, client))
    assert profile.visits > 2_000
    assert max(len(kind.values) for kind in profile.kinds) <= MOST
    assert max(len(profile.credentials), len(profile.stayed), len(profile.methods)) <= MOST
    assert len(profile.open) <= MOST_OPEN
    assert len(profile.failures) <= MOST_FAILURES
    assert len(profile.pack()) < 32_000


def test_a_profile_comes_back_as_it_was_packed_and_another_form_is_none() -> None:
    profile = lived([*weeks(), *his_visit()])
    assert unpack(profile.pack()) == profile
    assert unpack(b"\x92\x01\xa3abc") is None
