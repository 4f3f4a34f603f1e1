"""What is a member's own: the link, the second factors, the sessions, and being asked again."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User

from takeback.bootstrap import House
from takeback.casework import staffing
from takeback.core.permission import Role
from takeback.web.desk.guard import FRESH_SECONDS
from takeback.web.desk.me import browser_of
from takeback.web.desk.sessions import BEGAN, SEEN, has_ended
from tests.store.inhand import in_hand
from tests.web.desk.doors import PASSWORD, code_for, code_of, codes_on, come_in, give_password, secret_on, text
from tests.web.desk.people import anybody, client_of, member, signed_in

NEW_PASSWORD = "nine patient herons"


def link_for(house: House, name: str, *roles: Role) -> str:
    """The path of the link that an admin hands to a new member."""
    _, secret = staffing.add(house, "cli:test", name, roles)
    return staffing.link(house, secret).removeprefix(house.configuration.base_url)


def set_password(browser, link: str, password: str = NEW_PASSWORD, again: str | None = None):  # type: ignore[no-untyped-def]
    """Fill in the form of the link."""
    return browser.post(link, {"password": password, "again": password if again is None else again})


def test_a_link_leads_through_password_app_and_codes_to_the_desk(house: House) -> None:
    browser, link = anybody(), link_for(house, "suzuki", Role.AGENT)
    assert "Welcome to the desk" in text(browser.get(link))
    assert set_password(browser, link).headers["Location"].startswith("/desk/me/factors?note=")
    assert browser.get("/desk/me").headers["Location"] == "/desk/me/factors"
    page = browser.get("/desk/me/factors/app")
    assert "<svg" in text(page)
    answer = browser.post("/desk/me/factors/app", {"code": code_for(secret_on(page))})
    assert answer.headers["Location"] == "/desk/me/factors/codes"
    assert len(codes_on(browser.get("/desk/me/factors/codes"))) == 10
    assert browser.get("/desk/me").status_code == 200


def test_a_factor_set_up_elsewhere_lets_no_waiting_session_in(house: House) -> None:
    link = link_for(house, "suzuki", Role.AGENT)
    set_password(anybody(), link)
    waiting = signed_in("suzuki", factor=False)
    assert waiting.get("/desk/me").status_code == 403
    member(Role.AGENT, name="suzuki")
    assert waiting.get("/desk/me").status_code == 302
    assert waiting.get("/desk/me/factors/codes").status_code == 302


def test_whoever_has_set_up_signs_in_with_it(house: House) -> None:
    browser, link = anybody(), link_for(house, "suzuki", Role.AGENT)
    set_password(browser, link)
    secret = secret_on(browser.get("/desk/me/factors/app"))
    browser.post("/desk/me/factors/app", {"code": code_for(secret)})
    again = anybody()
    give_password(again, "suzuki", NEW_PASSWORD)
    assert again.post("/desk/sign-in/factor", {"code": code_for(secret, ahead=1)}).headers["Location"] == "/desk/"


def test_a_link_works_once_and_for_a_day(house: House) -> None:
    link = link_for(house, "suzuki")
    set_password(anybody(), link)
    assert anybody().get(link).status_code == 404
    assert set_password(anybody(), link, "another long password").status_code == 404
    secret = house.people.invite("suzuki", house.clock.now() - timedelta(seconds=1))
    assert anybody().get(f"/desk/set-up/{secret}").status_code == 404
    assert anybody().get("/desk/set-up/guessed").status_code == 404


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "12 characters or more"),
        ("password1234", "known to have leaked"),
        ("qwertyuiop123", "known to have leaked"),
        ("suzuki-suzuki-1", "too close to your name"),
        ("x" * 257, "256 characters at most"),
    ],
)
def test_a_poor_password_is_not_taken_and_the_link_lives_on(house: House, password: str, says: str) -> None:
    link = link_for(house, "suzuki")
    answer = set_password(anybody(), link, password)
    assert answer.status_code == 422
    assert says in text(answer)
    assert set_password(anybody(), link).status_code == 303


def test_two_passwords_that_differ_are_not_taken(house: House) -> None:
    answer = set_password(anybody(), link_for(house, "suzuki"), again="something else entirely")
    assert "not the same" in text(answer)


def test_a_new_link_ends_all_that_was_there_before(house: House) -> None:
    browser = client_of(Role.AGENT, name="suzuki")
    link = f"/desk/set-up/{staffing.invite(house, 'cli:test', 'suzuki')}"
    assert browser.get("/desk/me").status_code == 200  # until it is used
    set_password(anybody(), link)
    assert browser.get("/desk/me").status_code == 302
    assert not Authenticator.objects.filter(user__username="suzuki").exists()


def test_no_secret_of_an_app_lies_in_the_database_as_it_is(house: House) -> None:
    browser = anybody()
    set_password(browser, link_for(house, "suzuki"))
    secret = secret_on(browser.get("/desk/me/factors/app"))
    browser.post("/desk/me/factors/app", {"code": code_for(secret)})
    assert secret not in str([row.data for row in Authenticator.objects.all()])
    with in_hand(house.configuration) as hand:
        assert secret not in str(hand.rows("SELECT * FROM mfa_authenticator"))


def test_recovery_codes_are_shown_once_and_work_once(house: House) -> None:  # noqa: ARG001 - the tables
    member(Role.AGENT, name="suzuki", password=PASSWORD)
    browser = signed_in("suzuki")
    assert browser.post("/desk/me/factors/codes/new").headers["Location"] == "/desk/me/factors/codes"
    codes = codes_on(browser.get("/desk/me/factors/codes"))
    assert len(codes) == 10
    assert not set(codes) & set(codes_on(browser.get("/desk/me/factors/codes")))
    for expected in (302, 200):
        other = anybody()
        give_password(other, "suzuki")
        assert other.post("/desk/sign-in/factor", {"code": codes[0]}).status_code == expected


def test_the_last_second_factor_cannot_be_removed(house: House) -> None:  # noqa: ARG001 - the tables
    browser = client_of(Role.AGENT)
    assert "last second factor" in text(browser.get("/desk/me/factors/app/remove"))
    assert browser.post("/desk/me/factors/app/remove").status_code == 200
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).count() == 1


def test_the_last_passkey_cannot_be_removed(house: House) -> None:  # noqa: ARG001 - the tables
    user = member(Role.AGENT)
    Authenticator.objects.all().delete()
    key = Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "laptop"})
    browser = signed_in("sato")
    answer = browser.post(f"/desk/me/factors/passkeys/{key.pk}/remove")
    assert "desk_door.note_last_factor" in answer.headers["Location"]
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_nobody_removes_what_is_somebody_elses(house: House) -> None:  # noqa: ARG001 - the tables
    other = member(Role.AGENT, name="other")
    key = Authenticator.objects.create(user=other, type=Authenticator.Type.WEBAUTHN, data={"name": "laptop"})
    assert client_of(Role.ADMIN).post(f"/desk/me/factors/passkeys/{key.pk}/remove").status_code == 404


def test_a_change_of_factors_asks_again_after_ten_minutes(house: House) -> None:  # noqa: ARG001 - the tables
    member(Role.AGENT)
    browser = signed_in("sato", age=FRESH_SECONDS + 1)
    for address in ("app/remove", "codes/new", "passkeys/add"):
        assert "/desk/me/again" in browser.get(f"/desk/me/factors/{address}").headers["Location"]


def test_the_form_that_was_sent_goes_on_after_the_question(house: House) -> None:
    member(Role.ADMIN, name="admin", password=PASSWORD)
    browser = signed_in("admin", age=FRESH_SECONDS + 1)
    asked = browser.post("/desk/staff/add", {"name": "tanaka", "role": "agent"})
    assert asked.headers["Location"] == "/desk/me/again?next=%2Fdesk%2Fstaff%2Fadd"
    assert house.people.of("tanaka") is None
    page = browser.get(asked.headers["Location"])
    assert "Please confirm that it is you" in text(page)
    wrong = browser.post("/desk/me/again", {"password": "not the password", "next": "/desk/staff/add"})
    assert "The password is not right" in text(wrong)
    done = browser.post("/desk/me/again", {"password": PASSWORD, "next": "/desk/staff/add"})
    assert "/desk/set-up/" in text(done)
    added = house.people.of("tanaka")
    assert added is not None
    assert added.roles == {Role.AGENT}


def test_a_code_of_the_app_answers_the_question_as_well(house: House) -> None:  # noqa: ARG001 - the tables
    member(Role.ADMIN, name="admin")
    browser = signed_in("admin", age=FRESH_SECONDS + 1)
    asked = browser.post("/desk/staff/add", {"name": "tanaka"})
    assert asked.headers["Location"].startswith("/desk/me/again/code?next=")
    done = browser.post("/desk/me/again/code", {"code": code_of("admin"), "next": "/desk/staff/add"})
    assert "/desk/set-up/" in text(done)


def test_a_new_password_ends_the_other_sessions(house: House) -> None:  # noqa: ARG001 - the tables
    member(Role.AGENT, password=PASSWORD)
    here, there = signed_in("sato"), signed_in("sato")
    form = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert here.post("/desk/me/password", form).headers["Location"] == "/desk/me"
    assert here.get("/desk/me").status_code == 200
    assert there.get("/desk/me").status_code == 302


def test_changing_the_password_takes_the_one_before_and_a_good_one(house: House) -> None:  # noqa: ARG001 - the tables
    member(Role.AGENT, password=PASSWORD)
    browser = signed_in("sato")
    for old, new, says in (
        ("wrong", NEW_PASSWORD, "current password is not right"),
        (PASSWORD, "short", "12 characters"),
    ):
        answer = browser.post("/desk/me/password", {"oldpassword": old, "password1": new, "password2": new})
        assert says in text(answer)
    assert User.objects.get(username="sato").check_password(PASSWORD)


def test_a_member_sees_her_sessions_and_ends_the_others(house: House) -> None:
    member(Role.AGENT, password=PASSWORD)
    here, there, third = anybody(), anybody(), anybody()
    come_in(here, "sato")
    for number, other in enumerate((there, third), start=1):
        give_password(other, "sato")
        other.post("/desk/sign-in/factor", {"code": code_of("sato", ahead=(-1, 1)[number - 1])})
    page = text(here.get("/desk/me"))
    ids = re.findall(r'name="session" value="(\d+)"', page)
    assert len(ids) == 2
    here.post("/desk/me/sessions", {"session": ids[0]})
    assert [other.get("/desk/me").status_code for other in (there, third)] == [302, 200]
    assert "The other sessions are ended." in text(here.get(here.post("/desk/me/sessions").headers["Location"]))
    assert third.get("/desk/me").status_code == 302
    assert here.get("/desk/me").status_code == 200
    assert "staff.sessions_ended" in {act.what for act in house.audit.acts()}


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Windows"),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/156.0 Safari/537.36 Edg/156.0", "Edge, macOS"),
        ("curl/8.5", "curl/8.5"),
    ],
)
def test_a_session_is_told_by_its_browser_and_system(agent: str, told: str) -> None:
    assert browser_of(agent) == told


def test_nobody_ends_a_session_of_somebody_else(house: House) -> None:  # noqa: ARG001 - the tables
    member(Role.AGENT, name="other", password=PASSWORD)
    theirs = anybody()
    come_in(theirs, "other")
    mine = client_of(Role.ADMIN)
    for number in range(1, 20):
        mine.post("/desk/me/sessions", {"session": str(number)})
    mine.post("/desk/me/sessions", {"session": "x"})
    mine.post("/desk/me/sessions")
    assert theirs.get("/desk/me").status_code == 200


def test_a_session_ends_when_nobody_looked_for_half_an_hour_or_after_a_working_day(house: House) -> None:
    said = house.configuration.desk
    now = 1_000_000.0
    assert not has_ended(now - 60, now - said.idle_seconds + 1, now)
    assert has_ended(now - 3600, now - said.idle_seconds - 61, now)
    assert not has_ended(now - said.session_seconds + 1, now, now)
    assert has_ended(now - said.session_seconds, now, now)


@pytest.mark.parametrize(("name", "ago"), [(SEEN, 31 * 60 + 1), (BEGAN, 12 * 3600 + 1)])
def test_a_session_that_has_ended_opens_nothing(house: House, name: str, ago: int) -> None:  # noqa: ARG001 - the tables
    browser = client_of(Role.ADMIN)
    session = browser.session
    session[name] -= ago
    session.save()
    assert browser.get("/desk/staff").headers["Location"].startswith("/desk/sign-in")


def test_what_a_live_page_asks_for_by_itself_keeps_no_session_alive(house: House) -> None:  # noqa: ARG001 - the tables
    browser = client_of(Role.ADMIN)
    session = browser.session
    session[SEEN] = before = session[SEEN] - 600
    session.save()
    browser.get("/desk/me", headers={"HX-Request": "true"})
    assert browser.session[SEEN] == before
    browser.get("/desk/me")
    assert browser.session[SEEN] > before


def test_who_is_not_a_person_of_ours_any_more_is_told_nothing_new(house: House) -> None:
    browser = client_of(Role.AGENT)
    house.people.set_roles("sato", [])
    assert browser.get("/desk/staff").status_code == 403
    assert "none yet" in text(browser.get("/desk/me"))
