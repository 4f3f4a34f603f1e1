"""The picture: where things stand on it, that it stays small however much there is, and that its links lead on."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from benchmarks.investigating import NOW as LATER
from benchmarks.investigating import texts
from takeback.core.case import Language
from takeback.core.events import Event, parse_event
from takeback.core.investigation import in_order, investigate
from takeback.core.permission import Role
from takeback.web.desk.case.axis import MOST, ticks
from takeback.web.desk.case.ours import OurAct
from takeback.web.desk.case.phrases import Phrases
from takeback.web.desk.case.picture import Picture, draw
from takeback.web.desk.case.sheet import LEFT, RIGHT, WIDTH
from takeback.web.desk.case.stretch import Stretch, asked, everything, moves, night
from tests.casework.conftest import Town
from tests.casework.life import NIGHT
from tests.web.desk.case_life import busy_night
from tests.web.desk.people import client_of

TOKYO = ZoneInfo("Asia/Tokyo")
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
AT = datetime(2026, 11, 1, 17, 0, tzinfo=UTC)


def drawn(many: int, stretch: Stretch | None = None, ours: Sequence[OurAct] = ()) -> Picture:
    """The picture of an account with so many events: all of it, or a stretch."""
    events: list[Event] = [parse_event(text) for text in texts(many)]
    found = investigate("42", events, now=LATER)
    ordered = in_order("42", events, LATER)
    whole = everything([ordered[0].time, ordered[-1].time])
    here = stretch or whole
    phrases = Phrases(Language.EN, TOKYO, LATER)
    axis = ticks(here.start, here.end, TOKYO, Language.EN)
    return draw(ordered, found.findings, here, whole, ours, None, axis, phrases)


# -- what stands where


def test_twenty_thousand_events_are_as_few_marks_as_a_picture_has_room_for() -> None:
    picture = drawn(20_000)
    assert sum(mark.count for mark in picture.marks) > 10_000
    assert len(picture.marks) < 250
    assert all(LEFT <= mark.x <= WIDTH - RIGHT for mark in picture.marks)
    assert sum(len(lane.visits) for lane in picture.lanes) < 250


def test_marks_of_a_row_never_cover_each_other_and_each_that_is_several_says_how_many() -> None:
    picture = drawn(20_000)
    rows: dict[int, list[float]] = {}
    for mark in picture.marks:
        rows.setdefault(mark.y, []).append(mark.x)
        assert mark.count == 1 or mark.label.startswith(f"×{mark.count}")
    assert all(after - before > 20 for row in rows.values() for before, after in pairwise(row))


def test_each_lane_has_the_acts_of_its_own_actor() -> None:
    picture = drawn(600)
    lanes = {lane.who: lane for lane in picture.lanes}
    assert [lane.who for lane in picture.lanes] == ["owner", "unknown", "intruder", "ours"]
    assert lanes["intruder"].count == 17
    assert lanes["owner"].count > 300
    for mark in picture.marks:
        lane = lanes[mark.who]
        assert lane.y < mark.y < lane.y + lane.height


def test_money_contact_points_and_ways_in_have_shapes_of_their_own(desk_town: Town) -> None:
    case = busy_night(desk_town)
    text = client_of(Role.AGENT).get(f"/desk/case/{case.id}", headers={"accept": "text/html"}).content.decode()
    picture = text[text.index('<svg class="picture"') : text.index('id="picture-text"')]
    used = set(re.findall(r'href="#k-([a-z_]+)"', picture))
    assert {"money", "contact", "look"} <= used
    assert used <= set(re.findall(r'id="k-([a-z_]+)"', picture))


def test_an_act_of_ours_beyond_what_is_shown_is_named_at_the_edge() -> None:
    his = LATER - 6 * HOUR
    picture = drawn(200, Stretch(his, his + HOUR), [OurAct("report", his - DAY), OurAct("frozen", his + DAY)])
    assert picture.flags == ()
    before, after = picture.beyond
    assert before.startswith("← Report")
    assert after.endswith("→")


def test_names_of_acts_at_the_same_time_do_not_cover_each_other() -> None:
    his = LATER - 6 * HOUR
    picture = drawn(
        200, Stretch(his, his + HOUR), [OurAct(key, his + 30 * MINUTE) for key in ("report", "frozen", "undone")]
    )
    named = [(flag.label_x, flag.y) for flag in picture.flags if flag.label]
    assert len(named) == len(set(named)) == 2
    assert len(picture.flags) == 3


# -- which stretch


def test_the_night_is_where_he_did_most_and_what_was_done_about_it() -> None:
    tried = [AT - 20 * DAY]
    acts = [AT + n * MINUTE for n in range(20)]
    whole = everything([AT - 300 * DAY, AT + DAY])
    found = night([*tried, *acts], [AT + 40 * MINUTE, AT + 20 * HOUR], whole)
    assert AT - HOUR < found.start < AT
    assert AT + 40 * MINUTE < found.end < AT + 2 * HOUR


def test_without_an_act_of_his_the_last_days_are_shown() -> None:
    whole = everything([AT - 300 * DAY, AT])
    assert night([], [], whole).end == whole.end
    assert night([], [], whole).span == 14 * DAY


@pytest.mark.parametrize("start", ["", "x", "-5", "1e9", "９９", "9" * 40, "0"])
def test_an_address_that_asks_for_no_stretch_gets_the_night(start: str) -> None:
    assert asked(start, "1793552400") is None
    assert asked("1793552400", start) is None


def test_a_stretch_survives_its_address_and_lies_within_the_whole() -> None:
    here = Stretch(AT, AT + HOUR)
    first, last = re.findall(r"\d+", here.query)
    assert asked(first, last) == here
    whole = Stretch(AT - DAY, AT + DAY)
    assert Stretch(AT - 9 * DAY, AT - 8 * DAY).within(whole) == Stretch(AT - DAY, AT)
    assert Stretch(AT - 9 * DAY, AT + 9 * DAY).within(whole) == whole


def test_links_lead_closer_wider_and_along_and_none_leads_nowhere() -> None:
    whole, here = Stretch(AT - DAY, AT + DAY), Stretch(AT, AT + 4 * HOUR)
    found = moves(here, whole, here)
    assert found["night"] is None
    assert found["closer"] == Stretch(AT + HOUR, AT + 3 * HOUR)
    assert found["wider"] == Stretch(AT - 2 * HOUR, AT + 6 * HOUR)
    assert found["everything"] == whole
    at_the_end = moves(Stretch(AT + 20 * HOUR, AT + DAY), whole, here)
    assert at_the_end["later"] is None
    assert moves(whole, whole, here)["wider"] is None


def test_closer_is_closer_to_what_he_did() -> None:
    whole = Stretch(AT - DAY, AT + DAY)
    found = moves(Stretch(AT, AT + 4 * HOUR), whole, whole, [AT - HOUR, AT + HOUR, AT + 2 * HOUR, AT + 9 * HOUR])
    assert found["closer"] == Stretch(AT + HOUR / 2, AT + 2.5 * HOUR)
    assert moves(Stretch(AT, AT + 4 * HOUR), whole, whole, [AT])["closer"] == Stretch(AT, AT + 2 * HOUR)


def test_a_moved_picture_comes_alone_for_a_script_and_with_its_page_without_one(desk_town: Town) -> None:
    case = busy_night(desk_town)
    browser, address = client_of(Role.AGENT), f"/desk/case/{case.id}?{Stretch(NIGHT, NIGHT + 5 * MINUTE).query}"
    alone = browser.get(address, headers={"hx-request": "true"}).content.decode()
    assert alone.startswith('<div id="picture">')
    assert "<html" not in alone
    page = browser.get(address, headers={"accept": "text/html"}).content.decode()
    assert "02:00–02:05" in page
    assert page.count("move-closer") == 1


# -- the axis


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    "span", [2 * MINUTE, 20 * MINUTE, HOUR, 7 * HOUR, DAY, 9 * DAY, 60 * DAY, 400 * DAY, 9000 * DAY]
)
def test_every_stretch_has_a_few_ticks_at_round_moments(span: timedelta, language: Language) -> None:
    found = ticks(AT, AT + span, TOKYO, language)
    assert 1 <= len(found) <= MOST + 2
    assert all(AT <= tick.at <= AT + span for tick in found)
    assert all(tick.at.astimezone(TOKYO).second == 0 for tick in found)
    assert found[0].day
    assert len({(tick.text, tick.day) for tick in found}) == len(found)


def test_days_begin_at_midnight_where_the_reader_is() -> None:
    found = ticks(AT, AT + 5 * DAY, TOKYO, Language.JA)
    assert {tick.at.astimezone(TOKYO).hour for tick in found} == {0}
    assert found[0].text == "11/3"
