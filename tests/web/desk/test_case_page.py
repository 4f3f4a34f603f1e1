"""The page of a case: everything on one page, each line to its events, nothing whole that must be masked."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from django.test import Client

from takeback.bootstrap import house, move_into
from takeback.core.case import Case, Language, Stage
from takeback.core.permission import Role, Verb
from tests.casework.conftest import Town
from tests.casework.life import ACCOUNT, HERS, MINE, NIGHT, NOW, PASSWORD
from tests.web.desk.case_life import (
    EVIL,
    TURNED,
    busy_night,
    doubtful_night,
    endless_night,
    hostile_night,
    reported,
)
from tests.web.desk.people import anybody, client_of

LISTS = ("", "/events", "/visits", "/log", "/print?lang=ja", "/print?lang=en")
SECTIONS = ("the-picture", "plan", "visits", "account", "services", "seen", "talk", "ledger", "log", "events")
HTML = {"accept": "text/html"}


class Reader(HTMLParser):
    """Reads a page: its ids, its links, its headings, and what a strict policy would not run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.forbidden: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag brings."""
        told = dict(attrs)
        self.ids += [told["id"] or ""] if "id" in told else []
        self.links += [told["href"] or ""] if tag == "a" and "href" in told else []
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.forbidden += [f"{tag} {name}" for name in told if name == "style" or name.startswith("on")]
        self.forbidden += (
            [tag] if tag in ("style", "iframe", "object", "img") or (tag == "script" and not told.get("src")) else []
        )


@pytest.fixture
def quiet(clean: Town) -> Iterator[Town]:
    """A town in which nothing has happened, in whose house the views live."""
    move_into(clean.house)
    yield clean
    move_into(None)


def text_of(browser: Client, address: str) -> str:
    """A page's text."""
    answer = browser.get(address, headers=HTML)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_head_says_in_one_look_what_happened_what_is_at_risk_and_what_is_waited_for(desk_town: Town) -> None:
    case = busy_night(desk_town)
    text = text_of(client_of(Role.AGENT), f"/desk/case/{case.id}")
    head = text[: text.index('id="the-picture"')]
    for told in (
        "An intruder was in this account",
        "02:00–02:21",
        "94,740 JPY",
        "1 order(s) already shipped",
        "the owner",
        case.id,
    ):
        assert told in head


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("lists", LISTS)
def test_every_page_is_whole_in_both_languages(desk_town: Town, language: str, lists: str) -> None:
    case = busy_night(desk_town)
    page = Reader(text_of(client_of(Role.AGENT, language=language), f"/desk/case/{case.id}{lists}"))
    assert page.forbidden == []
    assert sorted(page.ids) == sorted(set(page.ids))
    assert page.headings.count(1) == 1
    steps = [after - before for before, after in pairwise(page.headings)]
    assert max(steps, default=1) == 1


def test_the_contents_lead_to_every_section_and_every_link_within_the_page_leads_somewhere(desk_town: Town) -> None:
    case = busy_night(desk_town)
    page = Reader(text_of(client_of(Role.AGENT), f"/desk/case/{case.id}"))
    assert {f"#{section}" for section in SECTIONS} <= set(page.links)
    within = {link[1:] for link in page.links if link.startswith("#")}
    assert within <= set(page.ids)


def test_each_line_of_the_plan_leads_to_its_events(desk_town: Town) -> None:
    case = busy_night(desk_town)
    text = text_of(client_of(Role.AGENT), f"/desk/case/{case.id}")
    plan = text[text.index('id="plan"') : text.index('id="visits"')]
    row = next(part for part in plan.split("<tr>") if "Order 42-901" in part)
    (anchor,) = re.findall(r'href="#(e\d+)"', row)
    event = next(part for part in text.split("<tr ") if part.startswith(f'id="{anchor}"'))
    assert "order 42-901 (5,980 JPY)" in event


def test_contact_points_are_masked_wherever_they_stand(desk_town: Town) -> None:
    case = busy_night(desk_town)
    browser = client_of(Role.AGENT)
    for page in LISTS:
        text = text_of(browser, f"/desk/case/{case.id}{page}")
        for whole in (MINE, "taro@evil.example", "819012345678", "40712345678"):
            assert whole not in text
    assert "t***@evil.example" in text


def test_two_values_that_look_alike_when_masked_are_told_apart(desk_town: Town) -> None:
    case = busy_night(desk_town)
    text = text_of(client_of(Role.AGENT), f"/desk/case/{case.id}")
    assert "***5678 (another one)" in text


def test_after_the_undoing_the_lines_are_those_of_the_ledger_and_read_back(desk_town: Town) -> None:
    case = busy_night(desk_town)
    desk_town.prove(case)
    text = text_of(client_of(Role.AGENT), f"/desk/case/{case.id}")
    plan = text[text.index('id="plan"') : text.index('id="visits"')]
    assert "planned" not in plan
    assert plan.count("done, read back") > 8
    assert "the end of the hold" in text


def test_ordinary_visits_are_one_line_and_all_of_them_are_a_page_away(desk_town: Town) -> None:
    case = busy_night(desk_town)
    browser = client_of(Role.AGENT)
    text = text_of(browser, f"/desk/case/{case.id}")
    assert "ordinary visits, first Thu 1 Oct" in text
    assert text.count('<article class="visit-card') < text_of(browser, f"/desk/case/{case.id}/visits").count("<article")


@pytest.mark.parametrize("lists", LISTS)
def test_what_he_wrote_breaks_no_page_and_runs_nowhere(desk_town: Town, lists: str) -> None:
    case = hostile_night(desk_town)
    text = text_of(client_of(Role.AGENT), f"/desk/case/{case.id}{lists}")
    page = Reader(text)
    assert page.forbidden == []
    assert sorted(page.ids) == sorted(set(page.ids))
    assert EVIL not in text
    assert TURNED not in text
    assert "\x1b" not in text
    assert len(text) < 200_000


def test_a_direction_that_was_turned_round_is_shown_as_its_code(desk_town: Town) -> None:
    case = hostile_night(desk_town)
    assert "⟨202E⟩" in text_of(client_of(Role.AGENT), f"/desk/case/{case.id}")


def test_what_the_reporter_wrote_is_shown_without_numbers_and_addresses(desk_town: Town) -> None:
    case = hostile_night(desk_town)
    text = text_of(client_of(Role.AGENT), f"/desk/case/{case.id}")
    talk = text[text.index('id="talk"') : text.index('id="ledger"')]
    assert "***5678" in talk
    assert "h***@example.jp" in talk
    assert "…1111" in talk
    for whole in ("090-1234-5678", MINE, "4111 1111"):
        assert whole not in text


@pytest.mark.parametrize("lists", LISTS)
@pytest.mark.usefixtures("desk_town")
def test_a_case_without_any_event_of_its_account_has_every_page(lists: str) -> None:
    case = Case("nothing", "nobody-lived-here", Stage.REPORT, Language.JA, NOW, "", "t" * 64)
    house().cases.open(case)
    page = Reader(text_of(client_of(Role.AGENT), f"/desk/case/{case.id}{lists}"))
    assert page.headings[0] == 1


def test_a_case_without_an_intruder_says_so_and_has_one_account_then_and_now(quiet: Town) -> None:
    case = reported(quiet)
    text = text_of(client_of(Role.AGENT), f"/desk/case/{case.id}")
    assert "Nothing here looks like an intruder" in text
    assert "to be taken back" not in text
    assert "No act was found" in text_of(client_of(Role.AGENT), f"/desk/case/{case.id}/print?lang=en")


def test_where_all_is_unknown_the_page_asks_and_takes_nothing_back(quiet: Town) -> None:
    case = doubtful_night(quiet)
    text = text_of(client_of(Role.AGENT), f"/desk/case/{case.id}")
    assert "some are unknown" in text
    assert "1 order(s) of nobody knows whose (5,000 JPY)" in text
    assert "1 question(s) for an answer" in text
    assert "Mon 2 Nov 01:" in text[text.index('class="moves"') : text.index('<svg class="picture"')]
    assert '<article class="visit-card unknown"' in text
    plan = text[text.index('id="plan"') : text.index('id="visits"')]
    assert "it is not known who did this" in plan
    assert "diff-table" not in plan
    assert "Visits of which it is not known" in text_of(client_of(Role.AGENT), f"/desk/case/{case.id}/print?lang=en")


def test_however_much_he_did_the_page_stays_small_and_the_rest_is_a_page_away(desk_town: Town) -> None:
    case = endless_night(desk_town)
    browser = client_of(Role.AGENT)
    text = text_of(browser, f"/desk/case/{case.id}")
    assert len(text.encode()) < 250_000
    away = re.findall(r'href="(/desk/case/[^"]+/events\?page=\d+)#(e\d+)"', text)
    assert away
    for address, anchor in {(one, anchor) for one, anchor in away[:3]}:
        assert f'id="{anchor}"' in text_of(browser, address)
    assert len(text_of(browser, f"/desk/case/{case.id}/print?lang=en").encode()) < 300_000


def test_a_case_that_was_closed_keeps_its_page(desk_town: Town) -> None:
    case = busy_night(desk_town)
    house().cases.change(case.id, lambda now: replace(now, stage=Stage.CLOSED, handed_back_at=NOW))
    text = text_of(client_of(Role.AUDITOR), f"/desk/case/{case.id}")
    assert "nothing; the case is closed" in text
    assert "Handed back" in text


def test_the_page_is_data_for_a_client_that_prefers_it(desk_town: Town) -> None:
    case = busy_night(desk_town)
    answer = client_of(Role.AGENT).get(f"/desk/case/{case.id}", headers={"accept": "application/json"})
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    told = answer.json()
    assert (told["id"], told["account"], told["stage"]) == (case.id, ACCOUNT, "undo")
    assert MINE not in answer.content.decode()


@pytest.mark.usefixtures("desk_town")
def test_a_number_that_is_no_cases_leads_to_the_queue() -> None:
    browser = client_of(Role.AGENT)
    for page in LISTS:
        answer = browser.get(f"/desk/case/<script>{page}", headers=HTML)
        assert answer.status_code == 404
        assert b'href="/desk/"' in answer.content


@pytest.mark.parametrize("lists", LISTS)
def test_nobody_else_sees_a_case(desk_town: Town, lists: str) -> None:
    case = busy_night(desk_town)
    address = f"/desk/case/{case.id}{lists}"
    assert anybody().get(address).status_code == 302
    assert client_of(Role.ADMIN).get(address).status_code == 403
    assert client_of(Role.AGENT, name="mori").post(address).status_code == 405


def test_a_look_is_in_the_book_once_a_quarter_of_an_hour_and_a_report_each_time(desk_town: Town) -> None:
    case = busy_night(desk_town)
    browser = client_of(Role.AGENT)

    def lines(verb: Verb) -> int:
        return len(house().audit.acts(case=case.id, who="staff:sato", what=verb.value))

    for _ in range(2):
        for page in ("", "/events", "/visits", "/log"):
            browser.get(f"/desk/case/{case.id}{page}")
    assert lines(Verb.READ_CASE) == 1
    desk_town.clock.turn(timedelta(minutes=16))
    browser.get(f"/desk/case/{case.id}")
    assert lines(Verb.READ_CASE) == 2
    for _ in range(2):
        browser.get(f"/desk/case/{case.id}/print?lang=en")
    assert lines(Verb.PRINT_CASE) == 2


def test_the_book_holds_no_contact_point_of_a_case_that_was_read(desk_town: Town) -> None:
    case = busy_night(desk_town)
    client_of(Role.AGENT).get(f"/desk/case/{case.id}/print?lang=en")
    told = str(house().audit.acts(case=case.id))
    assert Verb.PRINT_CASE.value in told
    assert "@" not in told


def test_long_lists_come_a_page_at_a_time_and_a_page_that_is_not_there_is_the_nearest(desk_town: Town) -> None:
    for day in range(90):
        client = HERS | {"session": f"many-{day}"}
        desk_town.video.sign_in(ACCOUNT, NIGHT - timedelta(hours=200 - day), client, password=PASSWORD)
    case = busy_night(desk_town)
    browser = client_of(Role.AGENT)
    first = text_of(browser, f"/desk/case/{case.id}/visits")
    assert first.count("<article") == 25
    assert 'rel="next"' in first
    last = text_of(browser, f"/desk/case/{case.id}/visits?page=99999")
    assert 'rel="next"' not in last
    assert text_of(browser, f"/desk/case/{case.id}/visits?page=-1").count("<article") == 25
