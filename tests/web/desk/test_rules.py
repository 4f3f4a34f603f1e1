"""The page of rules: what it shows, that a change is tried first, and what is refused."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from msgspec.structs import replace as with_

from takeback.casework.rules import change
from takeback.core.permission import Role
from takeback.core.rules import RULES
from takeback.words import say
from tests.casework.conftest import Town
from tests.web.desk.people import client_of, signed_in


def text_of(answer: object) -> str:
    """A page as text, sent at once or as it grows."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode()


def form_of(page: str) -> dict[str, str]:
    """What stands in the form of the rules."""
    part = page[page.index('class="rules">') :]
    fields = dict(re.findall(r'<input type="(?:text|hidden)"[^>]*? name="([^"]+)" value="([^"]*)"', part))
    fields |= dict(re.findall(r'<textarea name="([^"]+)"[^>]*>\n(.*?)</textarea>', part, re.S))
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', part, re.S):
        fields[name] = re.search(r'value="(\w+)" selected', options)[1]
    fields |= dict(re.findall(r'<input type="text" id="[^"]+" name="([^"]+)" value="([^"]*)"', part))
    return {name: unescape(value) for name, value in fields.items()}


def try_(client: Client, **changed: str) -> str:
    form = form_of(text_of(client.get("/desk/rules"))) | changed
    answer = client.post("/desk/rules/try", form)
    assert answer.status_code == 200
    return text_of(answer)


def set_(client: Client, page: str, why: str = "a quiet week") -> object:
    tried = unescape(re.search(r'name="tried" value="([^"]+)"', page)[1])
    return client.post("/desk/rules/change", {"tried": tried, "why": why})


@pytest.fixture
def admin(desk_town: Town) -> Client:
    """An admin's browser."""
    assert desk_town.house is not None
    return client_of(Role.ADMIN, name="mori")


@pytest.fixture
def other() -> Client:
    """Another admin's browser."""
    return client_of(Role.ADMIN, name="abe")


def test_the_page_shows_every_rule_with_its_value_its_default_its_bounds_and_its_sentence(admin: Client) -> None:
    page = text_of(admin.get("/desk/rules"))
    for rule in RULES:
        assert say("en", f"desk_rules.name_{rule.name}") in unescape(page)
        assert say("en", f"desk_rules.say_{rule.name}") in unescape(page)
    for told in ("200,000 JPY", "0 JPY to 2,000,000 JPY", "5 h", "1 h to 28 d", "never"):
        assert told in page


def test_the_form_holds_every_rule_as_it_is(admin: Client) -> None:
    form = form_of(text_of(admin.get("/desk/rules")))
    assert set(form) == {rule.name for rule in RULES} | {"base", "days"} | {"csrfmiddlewaretoken"} & set(form)
    assert (form["standing_rule"], form["hold_seconds"], form["rule_value"], form["base"]) == (
        "yes",
        "300",
        "200000",
        "0",
    )


@pytest.mark.parametrize("role", [Role.AGENT, Role.AUDITOR])
def test_who_may_only_look_sees_no_form(desk_town: Town, role: Role) -> None:
    assert desk_town.house is not None
    page = text_of(client_of(role).get("/desk/rules"))
    assert "<table" in page
    assert "/desk/rules/try" not in page


def test_a_lead_may_try_and_is_given_no_button_to_change(desk_town: Town) -> None:
    assert desk_town.house is not None
    page = try_(client_of(Role.LEAD), claim_minutes="10")
    assert say("en", "desk_rules.change_admin") in page
    assert 'name="tried"' not in page


def test_what_was_tried_can_be_set_and_holds(desk_town: Town, admin: Client) -> None:
    answer = set_(admin, try_(admin, claim_minutes="10", tell_call_waiting="a@shop.example\nb@shop.example"))
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/desk/rules")
    now = desk_town.house.rules.now()
    assert (now.claim_minutes, now.tell_call_waiting) == (10, ("a@shop.example", "b@shop.example"))
    page = text_of(admin.get("/desk/rules"))
    assert "a quiet week" in page
    assert "How long a claim lasts: 30 min → 10 min" in unescape(page)


def test_a_trial_shows_what_happened_beside_what_would_have(desk_town: Town, admin: Client) -> None:
    case = desk_town.report()
    desk_town.clock.turn(timedelta(minutes=5))
    desk_town.prove(case)
    page = try_(admin, rule_orders="1", hold_seconds="600")
    row = r'<th scope="row">{}</th><td class="number">1</td><td class="number">1</td><td class="number">0</td>'
    assert re.search(row.format("Plans that went by themselves"), page)
    longer = r'<th scope="row">Holds that would have been longer</th><td class="number">–</td><td class="number">0</td>'
    assert re.search(longer + r'<td class="number">1</td>', page)
    assert case.id in page
    assert f"/desk/case/{case.id}" not in page  # an admin sees no case
    assert desk_town.house.rules.number() == 0


def test_that_somebody_tried_is_in_the_book(desk_town: Town, admin: Client) -> None:
    try_(admin, claim_minutes="10")
    (act,) = desk_town.house.audit.acts(what="desk:rules:try")
    assert (act.who, act.evidence["tried"]) == ("staff:mori", {"claim_minutes": 10})


def test_a_trial_of_what_is_out_of_bounds_says_so_and_keeps_what_was_written(admin: Client) -> None:
    form = form_of(text_of(admin.get("/desk/rules"))) | {"hold_seconds": "59", "claim_minutes": "ten", "days": "90"}
    answer = admin.post("/desk/rules/try", form)
    page = text_of(answer)
    assert answer.status_code == 400
    assert say("en", "desk_rules.unread_minutes", rule=say("en", "desk_rules.name_claim_minutes")) in page
    assert form_of(page)["hold_seconds"] == "59"
    again = admin.post("/desk/rules/try", form | {"claim_minutes": "30"})
    assert "not below 1 h" in text_of(again)


@pytest.mark.parametrize("days", ["0", "366", "soon", ""])
def test_a_number_of_days_that_is_none_is_refused(admin: Client, days: str) -> None:
    form = form_of(text_of(admin.get("/desk/rules"))) | {"claim_minutes": "10", "days": days}
    answer = admin.post("/desk/rules/try", form)
    assert answer.status_code == 400
    assert "from 1 to 365" in text_of(answer)


def test_a_form_of_an_earlier_version_is_refused(desk_town: Town, admin: Client, other: Client) -> None:
    form = form_of(text_of(admin.get("/desk/rules"))) | {"claim_minutes": "10"}
    page = try_(admin, claim_minutes="10")
    set_(other, try_(other, claim_minutes="20"))
    assert admin.post("/desk/rules/try", form).status_code == 409
    stale = set_(admin, page)
    assert stale.status_code == 409
    assert say("en", "refusal.rules.stale") in text_of(stale)
    assert desk_town.house.rules.now().claim_minutes == 20


def test_nothing_can_be_set_that_was_not_tried(desk_town: Town, admin: Client) -> None:
    for tried in ("", "eyJiYXNlIjowfQ:1:forged"):
        assert admin.post("/desk/rules/change", {"tried": tried, "why": "now"}).status_code == 409
    assert desk_town.house.rules.number() == 0


def test_what_another_admin_tried_cannot_be_set(desk_town: Town, admin: Client, other: Client) -> None:
    assert set_(other, try_(admin, claim_minutes="10")).status_code == 409
    assert desk_town.house.rules.number() == 0


def test_a_change_without_a_reason_is_refused(desk_town: Town, admin: Client) -> None:
    answer = set_(admin, try_(admin, claim_minutes="10"), why=" ")
    assert answer.status_code == 409
    assert say("en", "refusal.rules.no_why") in text_of(answer)
    assert desk_town.house.rules.number() == 0


def test_a_less_careful_change_waits_until_a_second_admin_agrees(desk_town: Town, admin: Client, other: Client) -> None:
    page = try_(admin, two_orders="60")
    assert "Less careful than now: Orders, by one person." in page
    assert set_(admin, page).status_code == 303
    assert desk_town.house.rules.number() == 0
    own, others = text_of(admin.get("/desk/rules")), text_of(other.get("/desk/rules"))
    assert "/desk/rules/agree" not in own
    wish = re.search(r'action="/desk/rules/agree">.*?name="wish" value="(\d+)"', others)[1]
    assert admin.post("/desk/rules/agree", {"wish": wish}).status_code == 409
    assert other.post("/desk/rules/agree", {"wish": wish}).status_code == 303
    assert desk_town.house.rules.now().two_orders == 60
    assert "mori" in text_of(admin.get("/desk/rules"))


def test_a_waiting_change_can_be_tried_by_the_second_and_taken_back(
    desk_town: Town, admin: Client, other: Client
) -> None:
    set_(admin, try_(admin, two_orders="60"))
    page = text_of(other.get("/desk/rules"))
    part = page[page.index('class="card wish"') : page.index("</section>")]
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', part[: part.index("</form>")]))
    answer = other.post("/desk/rules/try", {name: unescape(value) for name, value in form.items()})
    assert '<td>50</td><td class="set">60</td>' in text_of(answer)
    wish = re.search(r'name="wish" value="(\d+)"', part)[1]
    assert other.post("/desk/rules/withdraw", {"wish": wish}).status_code == 303
    assert desk_town.house.rules.wish(desk_town.clock.now()) is None


def test_a_second_trial_at_the_same_time_waits_its_turn(admin: Client) -> None:
    form = form_of(text_of(admin.get("/desk/rules"))) | {"claim_minutes": "10"}
    first = admin.post("/desk/rules/try", form).streaming_content
    parts = iter(first)
    next(parts)
    from takeback.web.desk.rules import trial

    with trial._one_at_a_time:
        assert say("en", "desk_rules.tried_busy") in text_of(admin.post("/desk/rules/try", form))
    b"".join(parts)


def test_the_page_speaks_japanese(desk_town: Town) -> None:
    assert desk_town.house is not None
    client = client_of(Role.ADMIN, name="mori", language="ja")
    page = text_of(client.get("/desk/rules"))
    assert say("ja", "desk_rules.name_hold_seconds") in page
    assert "5時間" in page
    assert say("ja", "desk_rules.tried_title") in try_(client, claim_minutes="10")


def test_the_page_tells_who_changed_a_rule_last(desk_town: Town, admin: Client) -> None:
    here = desk_town.house
    change(here, with_(here.rules.now(), claim_minutes=10), base=0, by="abe", why="a trial")
    page = text_of(admin.get("/desk/rules"))
    assert re.search(r"Last changed\">[^<]*, abe</td>", page)


def test_who_may_change_nothing_sees_no_whole_address_of_staff(desk_town: Town) -> None:
    here = desk_town.house
    wished = with_(here.rules.now(), tell_call_waiting=("tanaka.hanae@shop.example",))
    change(here, wished, base=0, by="abe", why="nights")
    assert "tanaka.hanae" in text_of(client_of(Role.LEAD, name="mori").get("/desk/rules"))
    page = text_of(client_of(Role.AGENT, name="sato").get("/desk/rules"))
    assert "tanaka.hanae" not in page
    assert "@shop.example" in page


def test_a_trial_is_kept_by_no_browser_and_may_run_nothing_from_elsewhere(admin: Client) -> None:
    form = form_of(text_of(admin.get("/desk/rules"))) | {"claim_minutes": "10"}
    answer = admin.post("/desk/rules/try", form)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert text_of(answer).rstrip().endswith("</html>")


def test_a_browser_left_open_changes_nothing_before_its_owner_has_proven_who_she_is(
    desk_town: Town, admin: Client
) -> None:
    page = try_(admin, claim_minutes="10")
    answer = set_(signed_in("mori", age=3600), page)
    assert answer.status_code in (302, 401, 403)
    assert desk_town.house.rules.number() == 0
