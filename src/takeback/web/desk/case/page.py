"""What does the page of a case say? All of it in words of one language, masked and bounded; templates only place it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from takeback.casework.dossier import Dossier, Looked
from takeback.core.case import Stage
from takeback.core.events import Event
from takeback.core.investigate.findings import Actor
from takeback.web.desk.case.account import AccountShown, account_shown
from takeback.web.desk.case.hidden import plain, value_of
from takeback.web.desk.case.papers import Papers, ServiceShown, papers_of, services_shown
from takeback.web.desk.case.phrases import SHORT, Phrases
from takeback.web.desk.case.plan import PlanShown, plan_shown
from takeback.web.desk.case.refs import Links, Refs
from takeback.web.desk.case.seeing import Seeing, seeing_of
from takeback.web.desk.case.stretch import Stretch
from takeback.web.desk.case.visits import VisitsShown, visits_shown

HELD = 5  # of what he saw, by name


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the head: what, how much of it, and what is to be said besides. `tone`: bad, care, good or none."""

    what: str
    value: str
    more: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class EventShown:
    """An event in a list; `place` names its anchor."""

    place: int
    when: str
    who: str
    who_told: str
    act: str
    by: str
    source: str
    id: str


@dataclass(frozen=True, slots=True)
class SeenShown:
    """What the intruder looked at."""

    what: str
    held: str
    source: str
    links: Links


@dataclass(frozen=True, slots=True)
class Page:
    """The page of a case."""

    id: str
    account: str
    stage: str
    stage_told: str
    headline: str
    waiting: str
    facts: tuple[Fact, ...]
    seeing: Seeing | None
    visits: VisitsShown
    then_and_now: AccountShown
    plan: PlanShown
    services: tuple[ServiceShown, ...]
    seen: tuple[SeenShown, ...]
    papers: Papers
    events: tuple[EventShown, ...]
    all_events: int


def page_of(dossier: Dossier, asked: Stretch | None, phrases: Phrases) -> Page:
    """The page in one language."""
    case, inquiry = dossier.case, dossier.inquiry
    refs = Refs(dossier.named, case.id, phrases)
    chosen = refs.choose(_referred(dossier))
    return Page(
        id=case.id,
        account=plain(case.account, 60),
        stage=case.stage.value,
        stage_told=phrases.say(f"stage_{case.stage}"),
        headline=headline(dossier, phrases),
        waiting=waiting(dossier, phrases),
        facts=tuple(facts(dossier, phrases)),
        seeing=seeing_of(dossier, asked, phrases),
        visits=visits_shown(dossier.visits, dossier.named, dossier.said, refs, phrases),
        then_and_now=account_shown(dossier.account, inquiry.findings.contacts, refs, phrases),
        plan=plan_shown(dossier, refs, phrases),
        services=services_shown(dossier.services, phrases),
        seen=tuple(_seen(one, refs, phrases) for one in dossier.looked[:20]),
        papers=papers_of(dossier, phrases),
        events=tuple(event_line(dossier.named[name], refs.place(name), dossier, phrases) for name in chosen),
        all_events=len(inquiry.events),
    )


def headline(dossier: Dossier, phrases: Phrases) -> str:
    """What happened, in a sentence."""
    findings = dossier.inquiry.findings
    if findings.window is None:
        return phrases.say("headline_doubt" if dossier.visits.doubtful else "headline_clean")
    end = findings.window.end
    when = phrases.until(findings.window.start, end) if end else phrases.moment(findings.window.start)
    return phrases.say("headline_taken" if end else "headline_open", when=when)


def waiting(dossier: Dossier, phrases: Phrases) -> str:
    """What the case waits for; questions that are open besides."""
    told, questions = phrases.say(f"waiting_{dossier.waiting}"), len(dossier.inquiry.plan.questions)
    if questions and dossier.case.stage is not Stage.CLOSED:
        told += phrases.say("and_answers", count=questions)
    return told


def facts(dossier: Dossier, phrases: Phrases) -> Iterable[Fact]:
    """The head's facts: money, whose work it is, clocks."""
    yield _money(dossier, phrases)
    claim = dossier.claim
    if claim is None:
        yield Fact(phrases.say("claim"), phrases.say("claim_none"))
    else:
        until = phrases.say("until", when=phrases.moment(claim.until))
        yield Fact(phrases.say("claim"), plain(claim.by, SHORT), until)
    if dossier.clock is not None:
        due, late = dossier.clock.due, dossier.clock.late
        told = phrases.say("late" if late else "in", span=phrases.span(due - dossier.now))
        what = phrases.say(f"due_{dossier.clock.what}")
        yield Fact(what, phrases.moment(due), told, "bad" if late else "")
    yield from _clocks(dossier, phrases)


def event_line(event: Event, place: int, dossier: Dossier, phrases: Phrases) -> EventShown:
    """An event in a list."""
    actor = dossier.inquiry.findings.events.get(event.id)
    by_others = event.data.takeback is not None or not event.by_customer
    who = "ours" if event.data.takeback is not None else (actor or Actor.UNKNOWN).value
    told = phrases.who(who)
    if by_others and event.data.takeback is None:
        told = phrases.say("by_shop") if actor is None else phrases.say("follows", who=told)
        who = "shop" if actor is None else who
    client = event.data.client
    by = ", ".join((phrases.device(client), phrases.place(client), phrases.network(client))) if client.ip else ""
    when = f"{phrases.day(event.time)} {phrases.time(event.time)}"
    return EventShown(place, when, who, told, phrases.act(event), by, plain(event.source, 60), plain(event.id, 60))


def _referred(dossier: Dossier) -> Iterable[Iterable[str]]:
    """Events that something on the page refers to, the plan's first."""
    plan = dossier.inquiry.plan
    yield from (line.events for line in dossier.taken_back)
    yield from (asked.events for asked in plan.questions)
    yield from (kept.events for kept in plan.kept)
    yield from (lost.events[:10] for lost in plan.irreversible)
    yield from (row.events for row in dossier.account.rows)
    yield from (found.events[:10] for found in dossier.visits.doubtful[:12])
    yield from (found.events[:10] for found in dossier.visits.unusual[-6:])


def _money(dossier: Dossier, phrases: Phrases) -> Fact:
    stake = dossier.stake
    parts = []
    if stake.leaving:
        parts.append(phrases.say("can_be_stopped", count=stake.leaving))
    if stake.gone:
        parts.append(phrases.say("on_the_road", count=stake.gone))
    if stake.delivered:
        parts.append(phrases.say("delivered", count=stake.delivered, money=phrases.sums(stake.lost)))
    if stake.spent:
        parts.append(phrases.say("spent", money=phrases.sums(stake.spent)))
    if stake.cancelled:
        parts.append(phrases.say("saved", count=stake.cancelled, money=phrases.sums(stake.saved)))
    if stake.doubted:
        parts.append(phrases.say("doubted", count=stake.doubted, money=phrases.sums(stake.doubtful)))
    if stake.untold:
        parts.append(phrases.say("untold_totals", count=stake.untold))
    value = phrases.sums(stake.standing)
    tone = "bad" if stake.standing or stake.leaving else "care" if stake.doubted else ""
    return Fact(phrases.say("money"), value, " · ".join(parts), tone)


def _clocks(dossier: Dossier, phrases: Phrases) -> Iterable[Fact]:
    case, now = dossier.case, dossier.now
    yield Fact(phrases.say("reported"), phrases.moment(case.opened_at), _ago(case.opened_at, now, phrases))
    if case.frozen_at is None:
        yield Fact(phrases.say("stopped"), phrases.say("not_yet"), "", "bad")
    else:
        after = phrases.say("after_report", span=phrases.span(case.frozen_at - case.opened_at))
        yield Fact(phrases.say("stopped"), phrases.moment(case.frozen_at), after, "good")
    proven = phrases.moment(case.proven_at) if case.proven_at else phrases.say("not_yet")
    yield Fact(phrases.say("proven"), proven, "", "good" if case.proven_at else "care")
    if case.hold_until is not None:
        left = phrases.say("in", span=phrases.span(case.hold_until - now)) if case.hold_until > now else ""
        yield Fact(phrases.say("hold"), phrases.moment(case.hold_until), left)
    if case.handed_back_at is not None:
        yield Fact(phrases.say("handed_back"), phrases.moment(case.handed_back_at), "", "good")


def _ago(at: datetime, now: datetime, phrases: Phrases) -> str:
    return phrases.say("ago", span=phrases.span(now - at))


def _seen(one: Looked, refs: Refs, phrases: Phrases) -> SeenShown:
    held = [value_of(one.what, value, SHORT) for value in [*one.held.values()][:HELD]]
    more = f" +{len(one.held) - HELD}" if len(one.held) > HELD else ""
    return SeenShown(
        phrases.of("viewed", one.what), "; ".join(held) + more, plain(one.source, 60), refs.links(one.events)
    )
