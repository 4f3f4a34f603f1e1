"""An investigation for people: what happened in two lanes, who and why, and what is to be done."""

from collections.abc import Iterable, Sequence

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from takeback.core.contacts import masked
from takeback.core.events import Event
from takeback.core.investigate.findings import Actor, Findings, SessionFinding
from takeback.core.investigation import Investigation
from takeback.core.undo.plan import Plan
from takeback.terminal.phrases import an_action, an_event, what_was_lost
from takeback.words import name, say

STYLE = {Actor.OWNER: "green", Actor.INTRUDER: "bold red", Actor.UNKNOWN: "yellow"}
SHOWN_BEFORE, SHOWN_AT_MOST = 3, 40
CERTAIN = 0.999  # nothing here is ever certain, so no figure says so


def show(investigation: Investigation, events: Sequence[Event], language: str, console: Console | None = None) -> None:
    """Print the whole investigation."""
    out = console or Console(highlight=False)
    findings, plan = investigation.findings, investigation.plan
    by_id = {event.id: event for event in events}
    out.print(_headline(findings, plan, language))
    for title, body in (
        ("what_happened", lanes(findings, events, language)),
        ("who", who_and_why(findings, language)),
        ("plan", the_plan(plan, by_id, language)),
        ("contacts", contact_points(findings, language)),
    ):
        out.print(Text(f"\n{say(language, f'terminal.{title}')}", style="bold"))
        out.print(body)


def _headline(findings: Findings, plan: Plan, language: str) -> RenderableType:
    if not findings.compromised:
        key = "doubtful" if plan.questions else "clean"
        return Panel(say(language, f"terminal.{key}"), border_style="yellow" if plan.questions else "green")
    lines = [say(language, "terminal.compromised")]
    if window := findings.window:
        start = f"{window.start:%Y-%m-%d %H:%M}"
        if window.end is None:
            lines.append(say(language, "terminal.window_open", start=start))
        else:
            lines.append(say(language, "terminal.window", start=start, end=f"{window.end:%Y-%m-%d %H:%M}"))
    return Panel("\n".join(lines), border_style="red", title=findings.account)


def lanes(findings: Findings, events: Iterable[Event], language: str) -> RenderableType:
    """The timeline: one lane for the owner, one for the unknown if there is any, one for the intruder."""
    told = [event for event in sorted(events, key=lambda e: (e.time, e.source, e.id)) if event.id in findings.events]
    suspicious = [n for n, event in enumerate(told) if findings.events[event.id] is not Actor.OWNER]
    first = max(0, (suspicious[0] if suspicious else len(told) - SHOWN_BEFORE) - SHOWN_BEFORE)
    shown = told[first : first + SHOWN_AT_MOST]
    columns = [actor for actor in Actor if actor is not Actor.UNKNOWN or actor in findings.events.values()]
    table = Table(box=None, pad_edge=False)
    table.add_column(say(language, "terminal.time"), style="dim", no_wrap=True)
    for actor in (a for a in (Actor.OWNER, Actor.UNKNOWN, Actor.INTRUDER) if a in columns):
        table.add_column(say(language, f"actor.{actor}"), style=STYLE[actor], overflow="fold", ratio=1)
    if first:
        table.add_row(
            "", Text(say(language, "terminal.before", count=first, from_=f"{told[0].time:%Y-%m-%d}"), style="dim")
        )
    order = [actor for actor in (Actor.OWNER, Actor.UNKNOWN, Actor.INTRUDER) if actor in columns]
    for event in shown:
        cells = ["" if actor is not findings.events[event.id] else an_event(event, language) for actor in order]
        table.add_row(f"{event.time:%m-%d %H:%M:%S}", *cells)
    if rest := len(told) - first - len(shown):
        table.add_row("", Text(say(language, "terminal.also", count=rest), style="dim"))
    return table


def who_and_why(findings: Findings, language: str) -> RenderableType:
    """Each session that is not plainly the owner's, with its reasons in order of weight; the others are counted."""
    doubted = [session for session in findings.sessions if session.actor is not Actor.OWNER]
    parts: list[RenderableType] = [_session(session, language) for session in doubted]
    usual = len(findings.sessions) - len(doubted)
    parts.append(Text(say(language, "terminal.usual", count=usual), style="green"))
    return Group(*parts)


def _session(session: SessionFinding, language: str) -> RenderableType:
    percent = f"{session.probability:.1%}" if session.probability < CERTAIN else f"> {CERTAIN:.1%}"
    title = f"{session.session}: {say(language, f'actor.{session.actor}')} — "
    head = Text(title + say(language, "terminal.probability", percent=percent), style=STYLE[session.actor])
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1))
    for reason in session.reasons:
        style = "red" if reason.weight > 0 else "green"
        bar = "█" * max(1, round(abs(reason.weight) * 2))
        table.add_row(f"  {reason.weight:+.1f}", Text(bar, style=style), say(language, f"reason.{reason.key}"))
    return Group(head, table)


def the_plan(plan: Plan, events: dict[str, Event], language: str) -> RenderableType:
    """What is stopped, taken back, kept, asked and lost; then the hash that a person approves."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    parts = {
        "contain": [an_action(action, language) for action in plan.containment],
        "taken_back": [an_action(action, language) for action in plan.undoing],
        "kept": [f"{_target(k.target, language)} — {say(language, f'why.{k.why}')}" for k in plan.kept],
        "questions": [
            f"{say(language, f'why.{q.why}')}: {', '.join(an_event(events[i], language) for i in q.events[:4])}"
            for q in plan.questions
        ],
        "irreversible": [
            f"{what_was_lost(lost, events, language)} — {say(language, f'advice.{lost.advice}')}"
            for lost in plan.irreversible
        ],
    }
    nothing = {"contain": "contained" if plan.undoing or plan.irreversible else "nothing"}
    for key, lines in parts.items():
        told = "\n".join(lines) or say(language, f"terminal.{nothing.get(key, 'nothing')}")
        table.add_row(say(language, f"terminal.{key}"), told)
    return Group(table, Text(f"  {plan.hash}", style="dim"))


def _target(target: str, language: str) -> str:
    kind, _, rest = target.partition(":")
    return name(language, "field", rest) if kind == "field" else f"{name(language, 'collection', kind)} {rest}"


def contact_points(findings: Findings, language: str) -> RenderableType:
    """Through whom the owner may be reached, and through whom not."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for contact in findings.contacts:
        key, style = ("trusted", "green") if contact.trusted else ("untrusted", "red")
        table.add_row(
            name(language, "field", contact.field),
            masked(contact.field, contact.value),
            Text(say(language, f"terminal.{key}"), style=style),
        )
    return table
