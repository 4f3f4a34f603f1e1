"""What a person reads of an investigation: at any width, in both languages. Findings are given, not found."""

from datetime import timedelta, timezone
from io import StringIO

import pytest
from msgspec import structs
from rich.cells import cell_len
from rich.console import Console

from takeback.core.events import Client, Event, EventType, SignInFailed
from takeback.core.investigate.findings import Actor, Contact, Findings, Reason, SessionFinding, Window
from takeback.core.investigate.reasons import Because
from takeback.core.investigation import Investigation, investigate
from takeback.core.undo.plan import Plan, Question
from takeback.terminal.readable import show
from takeback.words import say
from tests.core.making import INTRUDER, NIGHT, NOW, OWNER, SHOP, Log

ZONE = timezone(timedelta(hours=9))
NO_PLAN = Plan("0" * 64, (), (), (), ())
STRANGE = (Reason(Because.DEVICE_NEVER_SEEN, 3.4, ()), Reason(Because.CONTACT_CHANGED, 2.1, ()))
USUAL = (
    Reason(Because.NETWORK_KNOWN, -4.9, ()),
    Reason(Because.DEVICE_KNOWN, -3.1, ()),
    Reason(Because.HOUR_USUAL, -0.6, ()),
)


def finding(actor: Actor, events: list[Event], strand: str = "", **more: object) -> SessionFinding:
    session = str(events[0].data.client.session)
    chance, why = {
        Actor.OWNER: (0.0001, USUAL),
        Actor.INTRUDER: (0.9999, STRANGE),
        Actor.UNKNOWN: (0.5, STRANGE),
    }[actor]
    names = tuple(event.id for event in events)
    given = SessionFinding(session, actor, chance, why, events[0].time, events[-1].time, strand or session, names)
    return structs.replace(given, **more)


def findings(*sessions: SessionFinding, start: Event | None = None, contacts: tuple[Contact, ...] = ()) -> Findings:
    return Findings(
        account="42",
        compromised=start is not None,
        window=Window(start.time, None) if start else None,
        sessions=sessions,
        events={name: one.actor for one in sessions for name in one.events},
        contacts=contacts,
    )


def told(found: Findings, events: list[Event], language: str = "en", width: int = 200, plan: Plan = NO_PLAN) -> str:
    out = StringIO()
    show(Investigation(found, plan), events, language, Console(file=out, width=width, highlight=False))
    return out.getvalue()


def visits(count: int, client: Client = OWNER) -> tuple[Log, list[list[Event]]]:
    log, each = Log(), []
    for number in range(count):
        log.at = NIGHT - timedelta(days=10 * (count - number))
        log.by(structs.replace(client, session=f"v{number}")).sign_in().viewed("orders")
        each.append(log.events[-2:])
    return log, each


def after(text: str, word: str) -> str:
    return text[text.index(word) :]


def night() -> Log:
    log = Log().a_year().by(INTRUDER).sign_in().viewed().field("email", "hanako@example.jp", "x@example.net")
    for order in range(5):
        log.order(f"{200 + order}", address="elsewhere")
    return log


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal_and_nothing_is_cut_off(language: str, width: int) -> None:
    log = night()
    text = told(investigate("42", log.events, now=NOW).findings, log.events, language, width)
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert "…" not in text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_reason_can_be_read(language: str) -> None:
    log, [visit] = visits(1)
    for reason in Because:
        found = findings(finding(Actor.UNKNOWN, visit, reasons=(Reason(reason, 1.0, ()),)))
        assert say(language, f"reason.{reason}") in told(found, log.events, language)


def test_reasons_stand_in_their_order_with_weight_and_bar() -> None:
    log, [visit] = visits(1)
    lines = told(findings(finding(Actor.UNKNOWN, visit)), log.events).splitlines()
    [first] = [number for number, line in enumerate(lines) if "a device never used here before" in line]
    assert lines[first].split()[0] == "+3.4"
    assert lines[first + 1].split()[0] == "+2.1"
    assert "changed a contact point" in lines[first + 1]
    assert lines[first].count("█") > lines[first + 1].count("█") > 0


def test_the_lightest_of_many_reasons_are_told_together() -> None:
    log, [visit] = visits(1)
    many = tuple(Reason(reason, 2.0 - place / 10, ()) for place, reason in enumerate([*Because][:13]))
    assert "other reasons: 3 (together +2.7)" in told(findings(finding(Actor.UNKNOWN, visit, reasons=many)), log.events)


def test_a_session_says_when_it_was_and_where_it_came_from() -> None:
    log, [visit] = visits(1, INTRUDER)
    text = told(findings(finding(Actor.INTRUDER, visit), start=visit[0]), log.events)
    assert "2026-11-11 02:01 – 02:02 · acts: 2 · Chrome (Linux) · 198.51.100.7 · AS64500 · NL · device d-x" in text


def test_a_session_that_two_clients_shared_is_shown_as_such() -> None:
    log = Log().by(OWNER).sign_in().viewed("orders").by(structs.replace(INTRUDER, session="o")).viewed().viewed()
    hers, his = finding(Actor.OWNER, log.events[:2], probability=0.1), finding(Actor.INTRUDER, log.events[2:], "o#2")
    text = told(findings(hers, his, start=log.events[2]), log.events)
    assert "session o, first client: owner" in text
    assert "session o, client 2: third party" in text


def test_a_session_of_one_client_is_shown_without_a_number() -> None:
    log, [visit] = visits(1)
    assert "session v0: unknown" in told(findings(finding(Actor.UNKNOWN, visit)), log.events)


def test_what_says_that_sessions_are_the_owners_is_counted() -> None:
    log, each = visits(4)
    sessions = [finding(Actor.OWNER, events) for events in each]
    sessions[3] = structs.replace(sessions[3], reasons=(Reason(Because.DEVICE_NEVER_SEEN, 1.0, ()),))
    text = after(told(findings(*sessions), log.events), "the owner's own sessions: 4 (2026-10-12 to 2026-11-11)")
    counts = {line.split("█ ")[-1].strip(): line.split()[0] for line in text.splitlines() if "█" in line}
    assert counts == {"the usual network": "3", "a device in use here before": "3", "nothing speaks against it": "1"}


def test_an_owners_session_that_is_not_plainly_hers_is_explained_by_itself() -> None:
    log, each = visits(2)
    sessions = (finding(Actor.OWNER, each[0]), finding(Actor.OWNER, each[1], probability=0.15, reasons=STRANGE))
    text = told(findings(*sessions), log.events)
    assert "session v1: owner — 15.0% likely a third party" in text
    assert "the owner's own sessions: 1" in text


def test_a_wave_of_failed_attempts_is_told_together() -> None:
    log = Log()
    for number in range(9):
        client = Client(session=f"t{number}", ip=f"192.0.2.{number}")
        log.add(EventType.SIGN_IN_FAILED, SignInFailed(client=client))
    text = told(findings(*(finding(Actor.INTRUDER, [event]) for event in log.events)), log.events)
    assert "those who only failed to sign in: 9" in text
    assert "session t3" not in text


def test_the_window_tells_the_first_act_and_that_it_lies_weeks_ahead() -> None:
    log = Log().by(structs.replace(INTRUDER, session="early")).sign_in()
    log.at += timedelta(days=21)
    log.by(INTRUDER).sign_in().viewed().order("200")
    early, late = finding(Actor.INTRUDER, log.events[:1]), finding(Actor.INTRUDER, log.events[1:])
    text = told(findings(early, late, start=log.events[0]), log.events)
    assert "First act: 2025-10-17 02:01 signed in" in text
    assert "21 days before the day with most acts" in text
    assert "Last seen: 2025-11-07 02:04 (can still get in)" in text


def test_a_window_that_is_over_is_said_to_be() -> None:
    log, [visit] = visits(1, INTRUDER)
    found = findings(finding(Actor.INTRUDER, visit), start=visit[0])
    over = Findings("42", True, Window(visit[0].time, visit[1].time), found.sessions, found.events, ())
    assert "Last seen: 2026-11-11 02:02 (stopped now)" in told(over, log.events)


def test_the_question_that_would_decide_most_comes_before_what_happened() -> None:
    log, [visit] = visits(1)
    log.order("200")
    found = findings(finding(Actor.UNKNOWN, [*visit, log.events[-1]]))
    text = told(found, log.events)
    asked = text[: text.index("What happened")]
    assert "The question that would decide most" in asked
    assert "order 200 (¥5,000)" in asked
    assert "Acts that the answer would decide: 3" in asked
    assert "The question" not in told(findings(finding(Actor.OWNER, visit)), log.events)


def test_the_lanes_show_both_ends_of_a_long_window_and_count_what_lies_between() -> None:
    log, each = visits(30)
    his = {3, 4, 25}
    sessions = [finding(Actor.INTRUDER if place in his else Actor.OWNER, one) for place, one in enumerate(each)]
    text = told(findings(*sessions, start=each[3][0]), log.events)
    shown = text[text.index("What happened") : text.index("Who, and why")]
    for place in his:
        assert f"{each[place][0].time:%m-%d %H:%M:%S}" in shown
    assert "between)" in shown
    assert f"{each[15][0].time:%m-%d %H:%M:%S}" not in shown


def test_a_secret_field_is_told_without_values() -> None:
    log = Log().by(OWNER).field("password", None, None)
    text = told(findings(finding(Actor.UNKNOWN, log.events)), log.events)
    assert "changed: password" in text
    assert "→" not in text


def test_trusted_contact_points_are_told_with_their_age() -> None:
    log, [visit] = visits(1, INTRUDER)
    stood = Contact(SHOP, "email", "hanako@example.jp", trusted=True, since=NIGHT - timedelta(days=400))
    text = told(findings(finding(Actor.INTRUDER, visit), start=visit[0], contacts=(stood,)), log.events)
    line = next(line for line in text.splitlines() if "h***@example.jp" in line)
    assert "since 2025-10-17" in line
    assert "trusted (there before the takeover)" in line


def test_that_no_contact_point_can_be_trusted_is_said() -> None:
    log, [visit] = visits(1)
    assert "no contact point can be trusted" in told(findings(finding(Actor.UNKNOWN, visit)), log.events)


@pytest.mark.parametrize("value", ["[/red]", "[bold]", "\x1b[2J", "\u202egpj.exe", "line\nbreak"])
def test_what_somebody_typed_is_shown_and_not_obeyed(value: str) -> None:
    log = Log().by(structs.replace(INTRUDER, session=value)).field("name", "花子", value).order(value)
    plan = Plan("0" * 64, (), (), (Question((log.events[0].id,), "actor.unknown"),), ())
    text = told(findings(finding(Actor.UNKNOWN, log.events)), log.events, plan=plan)
    assert not {"\x1b", "\u202e"} & set(text)
    if value.startswith("["):
        assert text.count(value) >= 4
    assert "line\nbreak" not in text


def test_times_of_services_in_several_zones_are_told_in_the_commonest() -> None:
    log, each = visits(3)
    tokyo = [structs.replace(event, time=event.time.astimezone(ZONE)) for event in log.events[:4]]
    every = [*tokyo, *log.events[4:]]
    text = told(findings(*(finding(Actor.UNKNOWN, every[at : at + 2]) for at in (0, 2, 4))), every)
    assert f"{each[2][0].time.astimezone(ZONE):%m-%d %H:%M:%S}" in text


def test_a_question_about_an_event_whose_id_two_sources_gave_is_told() -> None:
    log = night()
    film = [structs.replace(event, source="/services/video") for event in log.events if event.data.client == INTRUDER]
    both = [*log.events, *film]
    found = investigate("42", both, now=NOW)
    assert any("#" in name for name in found.findings.events)
    plan = Plan("0" * 64, (), (), (Question((f"{SHOP}#{film[0].id}",), "actor.unknown"),), ())
    assert "it is not known who did this: signed in" in told(found.findings, both, plan=plan)
