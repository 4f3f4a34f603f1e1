"""An investigation for people: the question to ask, what happened in two lanes, who and why, and what is to be done."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone, tzinfo

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from takeback.core.contacts import masked
from takeback.core.events import NOBODY, Client, Event, EventType
from takeback.core.investigate.asking import Ask, ask, by_name
from takeback.core.investigate.findings import Actor, Findings, SessionFinding
from takeback.core.investigation import Investigation
from takeback.core.undo.plan import Plan
from takeback.terminal.phrases import a_client, a_session, an_action, an_event, plain, what_was_lost
from takeback.words import name, say

STYLE = {Actor.OWNER: "green", Actor.INTRUDER: "bold red", Actor.UNKNOWN: "yellow"}
LANES = (Actor.OWNER, Actor.UNKNOWN, Actor.INTRUDER)
SHOWN_BEFORE, SHOWN_AT_MOST = 3, 40
REASONS_AT_MOST, SESSIONS_AT_MOST, QUESTION_AT_MOST = 10, 12, 4
BAR, BAR_OF = 12, 1.5  # cells at most, and for a weight of 1
LEAST = 0.05  # what is lighter is told as nought
TRIED_AT_MOST = 2
CERTAIN = 0.999  # nothing here is ever certain, so no figure says so
PLAINLY_HERS = 0.02  # an owner's session that is less plainly hers is explained by itself
NO_EVENTS: Mapping[str, Event] = {}


def show(investigation: Investigation, events: Sequence[Event], language: str, console: Console | None = None) -> None:
    """Print the whole investigation."""
    out = console or Console(highlight=False)
    findings, plan = investigation.findings, investigation.plan
    named = by_name(findings, events)
    every = {f"{event.source}#{event.id}": event for event in events} | {event.id: event for event in events} | named
    out.print(_headline(findings, plan, named, language))
    if (asked := ask(findings, events)) is not None:
        out.print(the_question(asked, findings, named, language))
    for title, body in (
        ("what_happened", lanes(findings, events, language)),
        ("who", who_and_why(findings, language, named)),
        ("plan", the_plan(plan, every, language)),
        ("contacts", contact_points(findings, language)),
    ):
        out.print(Text(f"\n{say(language, f'terminal.{title}')}", style="bold"))
        out.print(body)


def _headline(findings: Findings, plan: Plan, named: Mapping[str, Event], language: str) -> RenderableType:
    title = Text(plain(findings.account))
    if not findings.compromised or findings.window is None:
        key, style = ("doubtful", "yellow") if plan.questions else ("clean", "green")
        return Panel(Text(say(language, f"terminal.{key}")), border_style=style, title=title)
    window, zone = findings.window, _zone(named.values())
    his = [(_local(event.time, zone), event) for name, event in named.items() if _is_his(name, event, findings)]
    start = _local(window.start, zone)
    first = min((one for one in his if one[0] >= start), key=lambda one: one[0], default=None)
    what = an_event(first[1], language) if first else ""
    lines = [
        Text(say(language, "terminal.compromised"), style="bold"),
        Text(say(language, "terminal.first_act", start=_minute(start), what=what).strip()),
    ]
    days = Counter(at.date() for at, _ in his)
    if days and (ahead := (max(days, key=lambda day: (days[day], day)) - start.date()).days) > 1:
        lines[-1].append(f"\n  {say(language, 'terminal.long_before', days=ahead)}")
    last = _local(window.end, zone) if window.end else max((at for at, _ in his), default=start)
    lines.append(Text(say(language, f"terminal.window{'' if window.end else '_open'}", end=_minute(last))))
    return Panel(Text("\n").join(lines), border_style="red", title=title)


def _is_his(name: str, event: Event, findings: Findings) -> bool:
    return event.by_customer and findings.events.get(name) is Actor.INTRUDER


def the_question(asked: Ask, findings: Findings, named: Mapping[str, Event], language: str) -> RenderableType:
    """The one question whose answer would decide most, with what a person can best recognise."""
    zone = _zone(named.values())
    about = next(found for found in findings.sessions if (found.strand, found.actor) == (asked.strand, Actor.UNKNOWN))
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for event in (named[one] for one in asked.events if one in named):
        table.add_row(Text(_minute(_local(event.time, zone))), Text(an_event(event, language), style="bold"))
    where = Text(f"{a_session(about, language, shared=_is_shared(about, findings))} · ", style="dim")
    where.append(a_client(_client(about, named), language))
    settles = Text(say(language, "terminal.ask_settles", count=asked.settles), style="dim")
    body = Group(
        Text(say(language, "terminal.ask_whether")),
        Padding(Group(table, where), (0, 0, 0, 2), expand=False),
        settles,
    )
    return Panel(body, border_style="yellow", title=Text(say(language, "terminal.ask")))


def lanes(findings: Findings, events: Iterable[Event], language: str) -> RenderableType:
    """The timeline: one lane for the owner, one for the unknown if there is any, one for the intruder."""
    named = by_name(findings, events)
    told = sorted(
        ((event, findings.events[name]) for name, event in named.items() if name in findings.events),
        key=lambda one: (one[0].time, one[0].source, one[0].id),
    )
    zone, shown = _zone(named.values()), _chosen([actor for _, actor in told])
    here = [actor for actor in LANES if actor is not Actor.UNKNOWN or actor in findings.events.values()]
    times = [_local(told[place][0].time, zone) for place in shown]
    form = "%m-%d %H:%M:%S" if len({at.year for at in times}) <= 1 else "%Y-%m-%d %H:%M"
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), expand=True)
    table.add_column(say(language, "terminal.time"), style="dim", no_wrap=True)
    for actor in here:
        table.add_column(say(language, f"actor.{actor}"), style=STYLE[actor], overflow="fold", ratio=1)
    before = -1
    for place, at in zip(shown, times, strict=True):
        if skipped := place - before - 1:
            since = f"{_local(told[0][0].time, zone):%Y-%m-%d}"
            gap = say(language, f"terminal.{'between' if before >= 0 else 'before'}", count=skipped, from_=since)
            table.add_row("", Text(gap, style="dim"))
        event, actor = told[place]
        line = Text(an_event(event, language))
        table.add_row(f"{at:{form}}", *(line if lane is actor else "" for lane in here))
        before = place
    if rest := len(told) - before - 1:
        table.add_row("", Text(say(language, "terminal.also", count=rest), style="dim"))
    return table


def _chosen(actors: Sequence[Actor]) -> list[int]:
    """Which events to show: all that are not the owner's, if these are not too many, and what she did beside them."""
    odd = [place for place, actor in enumerate(actors) if actor is not Actor.OWNER]
    if not odd:
        return [*range(max(0, len(actors) - SHOWN_BEFORE), len(actors))]
    if len(odd) > SHOWN_AT_MOST:  # how it began, and most of how it ended
        odd = [*odd[: SHOWN_AT_MOST // 4], *odd[-SHOWN_AT_MOST * 3 // 4 :]]
    beside = {near for place in odd for near in (place - 1, place + 1)}
    beside |= set(range(odd[0] - SHOWN_BEFORE, odd[0]))
    hers = {place for place in beside if 0 <= place < len(actors) and actors[place] is Actor.OWNER}
    return sorted({*odd, *hers})


def who_and_why(findings: Findings, language: str, named: Mapping[str, Event] = NO_EVENTS) -> RenderableType:
    """Each session that is not plainly the owner's, with its reasons in order of weight; then the owner's together.

    `named` are the events by the names that the findings give them, to tell where each session came from.
    """
    zone = _zone(named.values())
    hers: list[SessionFinding] = []
    tried: list[SessionFinding] = []
    doubted: list[SessionFinding] = []
    for one in findings.sessions:
        if one.actor is Actor.OWNER and one.probability <= PLAINLY_HERS:
            hers.append(one)
        else:
            (tried if _only_tried(one, named) else doubted).append(one)
    if len(tried) <= TRIED_AT_MOST:
        doubted, tried = sorted([*doubted, *tried], key=lambda one: one.start), []
    by_size = sorted(doubted, key=lambda one: (one.actor is Actor.OWNER, -len(one.events)))
    shown = {one.strand for one in by_size[:SESSIONS_AT_MOST]}
    parts: list[RenderableType] = []
    for one in (one for one in doubted if one.strand in shown):
        parts += [_session(one, findings, named, zone, language), Text()]
    if left := len(doubted) - len(by_size[:SESSIONS_AT_MOST]):
        parts += [Text(say(language, "terminal.more_sessions", count=left), style="dim"), Text()]
    if tried:
        parts += [_together("tried", tried, 1, zone, language), Text()]
    return Group(*parts, _together("usual", hers, -1, zone, language))


def _only_tried(session: SessionFinding, named: Mapping[str, Event]) -> bool:
    """Nothing but failed attempts: a wave of them says little one by one."""
    return all(one in named and named[one].type is EventType.SIGN_IN_FAILED for one in session.events)


def _session(
    session: SessionFinding, findings: Findings, named: Mapping[str, Event], zone: tzinfo | None, language: str
) -> RenderableType:
    percent = f"{session.probability:.1%}" if session.probability < CERTAIN else f"> {CERTAIN:.1%}"
    head = Text(a_session(session, language, shared=_is_shared(session, findings)), style=STYLE[session.actor])
    head.append(f": {say(language, f'actor.{session.actor}')}")
    head.append(f" — {say(language, 'terminal.probability', percent=percent)}", style="not bold")
    start, end = _local(session.start, zone), _local(session.end, zone)
    until = f" – {end:%H:%M}" if start.date() == end.date() else f" – {_minute(end)}"
    count = say(language, "terminal.acted", count=len(session.events))
    where = a_client(_client(session, named), language)
    lasted = _minute(start) + (until if _minute(start) != _minute(end) else "")
    told = " · ".join(part for part in (lasted, count, where) if part)
    table = _reasons_table()
    reasons = tuple(session.reasons)
    heard = [reason for reason in reasons[:REASONS_AT_MOST] if abs(reason.weight) >= LEAST]
    for reason in heard:
        told_weight = Text(f"{reason.weight:+.1f}")
        table.add_row(told_weight, _bar(reason.weight), Text(say(language, f"reason.{reason.key}")))
    lighter = reasons[len(heard) :]
    if any(abs(reason.weight) >= LEAST for reason in lighter):
        weight = f"{sum(reason.weight for reason in lighter):+.1f}"
        told_rest = Text(say(language, "terminal.lighter", count=len(lighter), weight=weight), style="dim")
        table.add_row("", "", told_rest)
    return Group(head, Padding(Text(told, style="dim"), (0, 0, 0, 2)), Padding(table, (0, 0, 0, 2)))


def _together(
    key: str, sessions: Sequence[SessionFinding], sign: int, zone: tzinfo | None, language: str
) -> RenderableType:
    """How many sessions there are of a kind, and the two weightiest reasons of each that speak its way (`sign`)."""
    style = "green" if sign < 0 else "red"
    if not sessions:
        return Text(say(language, f"terminal.{key}", count=0, start="—", end="—"), style=style)
    first, last = (_local(one.start, zone) for one in (sessions[0], sessions[-1]))
    why = Counter[str]()
    for session in sessions:
        speaking = [f"reason.{reason.key}" for reason in session.reasons if reason.weight * sign > 0]
        why.update(speaking[:2] or ["terminal.usual_none"])
    head = say(language, f"terminal.{key}", count=len(sessions), start=f"{first:%Y-%m-%d}", end=f"{last:%Y-%m-%d}")
    table = _reasons_table()
    for reason, count in sorted(why.items(), key=lambda one: (-one[1], one[0])):
        bar = Text("█" * max(1, round(BAR * count / len(sessions))), style=style)
        table.add_row(say(language, "terminal.times", count=count), bar, Text(say(language, reason)))
    why_head = Text(f"  {say(language, 'terminal.usual_why')}", style="dim")
    return Group(Text(head, style=style), why_head, Padding(table, (0, 0, 0, 2)))


def _reasons_table() -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(justify="right", no_wrap=True, min_width=6)
    table.add_column(no_wrap=True, min_width=BAR)
    table.add_column(overflow="fold")
    return table


def _bar(weight: float) -> Text:
    style = "red" if weight > 0 else "green"
    return Text("█" * max(1, min(BAR, round(abs(weight) * BAR_OF))), style=style)


def the_plan(plan: Plan, events: Mapping[str, Event], language: str) -> RenderableType:
    """What is stopped, taken back, kept, asked and lost; then the hash that a person approves."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    parts = {
        "contain": [an_action(action, language) for action in plan.containment],
        "taken_back": [an_action(action, language) for action in plan.undoing],
        "kept": [f"{_target(k.target, language)} — {say(language, f'why.{k.why}')}" for k in plan.kept],
        "questions": [f"{say(language, f'why.{q.why}')}: {_asked(q.events, events, language)}" for q in plan.questions],
        "irreversible": [
            f"{what_was_lost(lost, events, language)} — {say(language, f'advice.{lost.advice}')}"
            for lost in plan.irreversible
        ],
    }
    nothing = {"contain": "contained" if plan.undoing or plan.irreversible else "nothing"}
    for key, lines in parts.items():
        told = "\n".join(lines) or say(language, f"terminal.{nothing.get(key, 'nothing')}")
        table.add_row(say(language, f"terminal.{key}"), Text(told))
    return Group(table, Text(f"  {plan.hash}", style="dim"))


def _asked(about: Sequence[str], events: Mapping[str, Event], language: str) -> str:
    told = [an_event(events[one], language) for one in about[:QUESTION_AT_MOST] if one in events]
    if rest := len(about) - len(told):
        told.append(say(language, "terminal.also", count=rest))
    return ", ".join(told)


def _target(target: str, language: str) -> str:
    kind, _, rest = target.partition(":")
    if kind in ("field", "balance"):
        return plain(name(language, kind, rest))
    return plain(f"{name(language, 'collection', kind)} {rest}")


def contact_points(findings: Findings, language: str) -> RenderableType:
    """Through whom the owner may be reached, and through whom not."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    for _ in ("value", "since", "trusted"):
        table.add_column(overflow="fold")
    for contact in findings.contacts:
        key, style = ("trusted", "green") if contact.trusted else ("untrusted", "red")
        key = "trusted_plainly" if contact.trusted and findings.window is None else key
        table.add_row(
            name(language, "field", contact.field),
            Text(plain(masked(contact.field, contact.value))),
            Text(say(language, "terminal.since", date=f"{contact.since:%Y-%m-%d}"), style="dim"),
            Text(say(language, f"terminal.{key}"), style=style),
        )
    if not any(contact.trusted for contact in findings.contacts):
        return Group(table, Text(say(language, "terminal.no_contact"), style="red"))
    return table


def _is_shared(session: SessionFinding, findings: Findings) -> bool:
    """Has another finding the same session: did two clients share it, and not as one person?"""
    return any(other.session == session.session and other.strand != session.strand for other in findings.sessions)


def _client(session: SessionFinding, named: Mapping[str, Event]) -> Client:
    """What the session first showed of itself."""
    clients = (named[one].data.client for one in session.events if one in named)
    return next((client for client in clients if client != NOBODY), NOBODY)


def _zone(events: Iterable[Event]) -> tzinfo | None:
    """The offset that most of the events are told in; None where there are none. Services may differ: one is shown."""
    offsets = Counter(event.time.utcoffset() or timedelta() for event in events)
    return timezone(max(offsets, key=lambda offset: (offsets[offset], offset))) if offsets else None


def _local(at: datetime, zone: tzinfo | None) -> datetime:
    return at if zone is None else at.astimezone(zone)


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
