"""He guesses, replays and borrows codes, links and cookies: at the door and on the case's page, and many at once."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.http import HttpResponse

from takeback.bootstrap import move_into
from takeback.casework.codes import VALID_FOR
from takeback.casework.proof import TRIES
from takeback.casework.talk import MOST_TRIES
from takeback.casework.ways import Channel, ways
from takeback.web.portal.proven import COOKIE
from tests.casework.conftest import Town
from tests.casework.life import ACCOUNT, HERS, MINE, NIGHT, PASSWORD
from tests.casework.pocket import give_phone
from tests.stories.intruder.people import (
    HER_PLACE,
    WRONG,
    ask_and_prove,
    at_the_door,
    browser,
    is_proven,
    page_of,
    read_code,
    told,
)

GETS = ("", "/live", "/was-this-you", "/messages", "/hand-back")
POSTS = ("/code", "/proof", "/disown", "/person", "/link", "/said", "/mail", "/password", "/tick")
GUESSES = [f"{number:08}" for number in range(40)]


@pytest.fixture
def page(night: Town) -> str:
    """The page of a case of the night, whose address he has seen."""
    at_the_door(browser(), MINE)
    night.run()
    return page_of(night)


def at_once(town: Town, address: str, guesses: list[str]) -> list[int]:
    """Enter all of these at the same time, each from an address of its own; the statuses."""

    def enter(place: int) -> int:
        with town.house.released():
            who = browser(f"198.51.100.{place + 10}")
            return who.post(f"{address}/proof", {"code": guesses[place]}).status_code

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(enter, range(len(guesses))))


def test_guesses_at_once_on_the_page_use_the_code_up_and_then_not_even_the_right_one_opens(
    night: Town, page: str
) -> None:
    browser().post(f"{page}/code")
    night.run()
    assert set(at_once(night, page, GUESSES)) == {422}
    assert browser().post(f"{page}/proof", {"code": read_code(night)}).status_code == 422
    assert night.case.proven_at is None


def test_guesses_count_on_the_codes_of_every_way(night: Town, page: str) -> None:
    pocket = give_phone(night)
    move_into(night.house)  # type: ignore[arg-type]  # its services are pretend ones
    for way in ways(night.house, night.case):
        if way.channel is not Channel.VOICE:
            browser().post(f"{page}/code", {"way": way.id})
    night.run()
    for guess in GUESSES[:TRIES]:
        assert browser().post(f"{page}/proof", {"code": guess}).status_code == 422
    for code in (read_code(night), pocket.code()):
        assert browser().post(f"{page}/proof", {"code": code}).status_code == 422


def test_guesses_at_the_door_end_after_a_few_and_leave_her_code_as_it_was(night: Town, page: str) -> None:
    talk = at_the_door(browser(), MINE)
    night.run()
    browser().post(f"{talk}/code")
    night.run()
    assert set(at_once(night, talk, GUESSES)) == {422}
    assert browser().post(f"{talk}/proof", {"code": read_code(night)}).status_code == 422
    assert len(GUESSES) > MOST_TRIES
    her = browser(HER_PLACE)
    assert her.post(f"{page}/proof", {"code": read_code(night)}).status_code == 303
    assert is_proven(her, page)


def test_a_link_that_is_guessed_opens_nothing_and_every_guess_is_answered_alike(night: Town, page: str) -> None:
    at_the_door(browser(), MINE)
    right = page.rpartition("/")[2]
    near = right[:-1] + ("A" if right[-1] != "A" else "B")
    for kind in ("case", "talk"):
        answers = [
            browser().get(f"/{kind}/{guess}")
            for guess in (
                near,
                right.lower() + "x",
                secrets.token_urlsafe(32),
                night.case.id,
                ACCOUNT,
                "%00",
                "x" * 500,
            )
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({str(one) for one in told(answers)}) == 1


def test_an_act_at_a_guessed_link_is_answered_as_the_page_is(night: Town, page: str) -> None:
    assert page_of(night) == page
    guesses = (secrets.token_urlsafe(32), page.rpartition("/")[2][:-1], "no-such-page")
    for act in POSTS:
        answers = [browser().post(f"/case/{guess}{act}", {"code": WRONG}) for guess in guesses]
        assert {answer.status_code for answer in answers} == {404}, act
        assert len({str(one) for one in told(answers, hide=guesses)}) == 1, act


def test_after_the_link_was_replaced_the_old_one_opens_no_page_and_takes_no_act(night: Town, page: str) -> None:
    him, her = browser(), browser(HER_PLACE)
    assert ask_and_prove(night, him, page).status_code == 303  # he reads her mailbox, and was there first
    assert ask_and_prove(night, her, page).status_code == 303
    him.cookies[COOKIE]["path"] = "/"
    assert her.post(f"{page}/link").status_code == 303
    said, codes, log = night.house.cases.said(night.case.id), _codes(night), len(night.house.cases.log(night.case.id))
    for path in GETS:
        answer = him.get(f"{page}{path}")
        assert answer.status_code == 410, path
        assert "42-90" not in answer.content.decode()
    for path in POSTS:
        fields = {"order": "42-901", "mine": "yes", "code": WRONG, "item": "password", "way": "x"}
        assert him.post(f"{page}{path}", fields).status_code == 410, path
    assert him.get(page, headers={"accept": "application/json"}).status_code == 410
    night.run()
    assert (night.house.cases.said(night.case.id), _codes(night)) == (said, codes)
    assert len(night.house.cases.log(night.case.id)) == log


def _codes(town: Town) -> list[str]:
    return [code.id for code in town.house.cases.codes(town.case.id)]


def test_the_new_link_travels_to_her_alone(night: Town, page: str) -> None:
    her = browser(HER_PLACE)
    ask_and_prove(night, her, page)
    moved = her.post(f"{page}/link")
    assert page_of(night) in moved.headers["Location"]
    assert moved.headers["Referrer-Policy"] == "no-referrer"
    night.run(until=night.case.hold_until)
    letter = night.postbox.named("hold_ended")[-1]
    assert letter.to == MINE
    assert page_of(night) in letter.text
    assert page not in letter.text


def test_a_code_that_was_used_is_good_for_nobody_again(night: Town, page: str) -> None:
    ask_and_prove(night, browser(HER_PLACE), page)
    him, talk = browser(), at_the_door(browser(), MINE)
    night.run()
    for address in (page, talk):
        assert him.post(f"{address}/proof", {"code": read_code(night)}).status_code == 422
    assert not is_proven(him, page)


def test_a_code_is_too_old_after_its_time_everywhere(night: Town, page: str) -> None:
    talk = at_the_door(browser(), MINE)
    browser().post(f"{page}/code")
    night.run()
    night.clock.turn(VALID_FOR)
    for address in (page, talk):
        assert browser().post(f"{address}/proof", {"code": read_code(night)}).status_code == 422


@pytest.fixture
def his_page(night: Town, page: str) -> str:
    """The page of a case of his own account, which he has reported too."""
    assert page
    night.shop.register("66", NIGHT - timedelta(days=30), {"email": "me@evil.example"}, password=PASSWORD)
    night.shop.sign_in("66", NIGHT - timedelta(days=29), HERS | {"session": "his-own"}, password=PASSWORD)
    night.tell()
    at_the_door(browser(), "me@evil.example")
    night.run()
    (case,) = night.house.cases.of_account("66")
    return page_of(night, case)


def test_a_code_of_his_own_case_opens_nothing_of_hers(night: Town, page: str, his_page: str) -> None:
    night.clock.turn(timedelta(minutes=1))
    browser().post(f"{his_page}/code")
    night.run()
    letter = night.postbox.named("code")[-1]
    assert letter.to == "me@evil.example"
    code, talk = read_code(night), at_the_door(browser(), MINE)
    night.run()
    for address in (page, talk):
        assert browser().post(f"{address}/proof", {"code": code}).status_code == 422
    assert night.case.proven_at is None


def test_the_cookie_of_a_proof_is_good_for_its_own_case_alone(night: Town, page: str, his_page: str) -> None:
    her, him = browser(HER_PLACE), browser()
    ask_and_prove(night, her, page)
    him.cookies[COOKIE] = her.cookies[COOKIE].value
    assert "plan" not in him.get(his_page, headers={"accept": "application/json"}).json()
    him.cookies[COOKIE] = _forged(her.cookies[COOKIE].value)
    assert not is_proven(him, page)


def _forged(cookie: str) -> str:
    body, _, seal = cookie.rpartition(":")
    return f"{body}:{seal[:-2]}{'AA' if seal[-2:] != 'AA' else 'BB'}"


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
def test_what_another_sites_page_sends_is_refused(night: Town, page: str, headers: dict[str, str]) -> None:
    her, talk = browser(HER_PLACE), at_the_door(browser(), MINE)
    ask_and_prove(night, her, page)
    night.run()
    before = len(night.queue.names)
    for address in (*(f"{page}{act}" for act in POSTS), "/report", "/mail", "/v1/reports", talk):
        answer: HttpResponse = her.post(address, {"account": MINE, "text": "x"}, headers=headers)
        assert answer.status_code == 403, address
        assert len(night.queue.names) == before, address
