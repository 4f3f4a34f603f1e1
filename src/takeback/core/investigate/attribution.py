"""Owner, intruder or unknown? A sum of weights of evidence for each session, each with a reason key.

The sum is in log-odds (I. J. Good's weight of evidence): it starts at the odds that any session is an intruder's, and
each reason adds its weight. Sessions are judged in order of time against the owner's habits so far, and only those
judged to be hers are learned. A second round takes in what the first found: devices and credentials that the intruder
brought.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp

from takeback.core.events import BalanceChanged, Event, EventType, OrderChanged, OrderPlaced, OrderStep
from takeback.core.investigate.contacts import contacts
from takeback.core.investigate.evidence import Observed, Suspects, brought, circumstances, day, observe
from takeback.core.investigate.findings import Actor, Findings, Reason, SessionFinding, Window
from takeback.core.investigate.habits import Habits
from takeback.core.investigate.sessions import Session, sessions

PRIOR = -3.5  # about 3 in 100 sessions before anything is known of them: the account is being asked about, after all
INTRUDER_FROM = 0.95
OWNER_UP_TO = 0.20
SAID_NOT_MINE, SAID_MINE = 6.0, -6.0
LATER_ROUNDS = 2
LINKS = frozenset({"device.of_intruder", "address.of_intruder", "credential.of_intruder"})
HARMLESS = frozenset(
    {EventType.SIGN_IN_FAILED, EventType.RESET_REQUESTED}
)  # attempts: they change nothing in the account
FOLLOWS = frozenset(
    {
        EventType.ORDER_SHIPPED,
        EventType.ORDER_DELIVERED,
        EventType.ORDER_CANCELLED,
        EventType.ORDER_CHANGED,
        EventType.BALANCE_CHANGED,
    }
)  # what the shop does about an order is the part of whoever placed it


@dataclass(frozen=True, slots=True)
class Word:
    """What the customer said of one `order`, `session` or `event`: is it hers?"""

    kind: str
    id: str
    mine: bool


def attribute(
    account: str,
    events: Sequence[Event],
    *,
    now: datetime,
    words: Sequence[Word] = (),
    contained_at: datetime | None = None,
) -> Findings:
    """Who did what among `events` (one account's, in order of time). `contained_at`: since when all is frozen, if it
    is.
    """
    grouped = sessions(events)
    said = _said(grouped, words)
    of_sessions = {word.id: word.mine for word in words if word.kind == "session"}
    observed = [observe(session) for session in grouped]
    found = _judge(grouped, observed, said, of_sessions, {})
    known: Suspects = {}
    for _ in range(LATER_ROUNDS):
        suspects = brought(grouped, observed, found)
        if suspects == known:
            break
        linked = _linked(grouped, observed, found, of_sessions, suspects)
        if any(found[place].actor is Actor.OWNER for place in linked):
            found = _judge(grouped, observed, said, of_sessions, suspects)  # what was learned from them is unlearned
        else:
            found = [linked.get(place, finding) for place, finding in enumerate(found)]
        known = suspects
    actors = _of_events(events, grouped, found, words)
    acted = sorted(e.time for session in grouped for e in session.events if _is_intruders(e, actors))
    window = _window(acted, contained_at)
    return Findings(
        account=account,
        compromised=window is not None,
        window=window,
        sessions=tuple(found),
        events=actors,
        contacts=contacts(events, actors, window.start if window else None, now),
    )


def _judge(
    grouped: Sequence[Session],
    observed: Sequence[Observed],
    said: Mapping[str, list[Reason]],
    of_sessions: Mapping[str, bool],
    suspects: Suspects,
) -> list[SessionFinding]:
    habits = Habits()
    found = []
    for session, seen in zip(grouped, observed, strict=True):
        reasons = [*circumstances(session, seen, habits), *seen.reasons, *said.get(session.name, ())]
        if suspects:
            reasons += _links(session, seen, suspects)
        finding = _finding(session, reasons, of_sessions.get(session.name))
        if finding.actor is Actor.OWNER and session.events:
            habits.learn(seen.values, session.start, len(seen.orders))
        found.append(finding)
    return found


def _linked(
    grouped: Sequence[Session],
    observed: Sequence[Observed],
    found: Sequence[SessionFinding],
    of_sessions: Mapping[str, bool],
    suspects: Suspects,
) -> dict[int, SessionFinding]:
    """The sessions that `suspects` tie to the intruder, by their place, judged again with that."""
    again = {}
    for place, (session, seen) in enumerate(zip(grouped, observed, strict=True)):
        if links := _links(session, seen, suspects):
            others = [reason for reason in found[place].reasons if reason.key not in LINKS]
            again[place] = _finding(session, [*others, *links], of_sessions.get(session.name))
    return again


def _finding(session: Session, reasons: Sequence[Reason], spoken: bool | None) -> SessionFinding:
    others = [reason for reason in reasons if reason.key != "said.mine"]
    if not spoken and len(others) < len(reasons) and _probability(others) >= INTRUDER_FROM:
        reasons = others  # that one order was hers does not make the whole session hers: the order alone is a question
    probability = _probability(reasons)
    actor = Actor.UNKNOWN
    if probability >= INTRUDER_FROM:
        actor = Actor.INTRUDER
    elif probability <= OWNER_UP_TO:
        actor = Actor.OWNER
    if spoken is not None and actor is (Actor.INTRUDER if spoken else Actor.OWNER):
        actor = Actor.UNKNOWN  # word against evidence: a question, never an act
    weighed = sorted(reasons, key=lambda reason: (-abs(reason.weight), reason.key))
    return SessionFinding(session.name, actor, round(probability, 4), tuple(weighed), session.start, session.end)


def _probability(reasons: Sequence[Reason]) -> float:
    return 1 / (1 + exp(-(PRIOR + sum(reason.weight for reason in reasons))))


def _links(session: Session, seen: Observed, suspects: Suspects) -> list[Reason]:
    """What ties this session to one that was found to be the intruder's."""
    links = []
    client = session.first.data.client
    if suspects.get(("device", client.device), session.name) != session.name:
        links.append(Reason("device.of_intruder", 4.0, (session.first.id,)))
    came_by = ("address", client.ip) in suspects and suspects.get(("address", client.ip, day(session.start)))
    if came_by and came_by != session.name:
        links.append(Reason("address.of_intruder", 2.5, (session.first.id,)))
    used = [event for event, name in seen.used if suspects.get(("credential", name), session.name) != session.name]
    if used:
        links.append(Reason("credential.of_intruder", 7.0, tuple(used)))
    return links


def _said(grouped: Sequence[Session], words: Sequence[Word]) -> dict[str, list[Reason]]:
    """What the customer said, by session. Several words of one kind about a session weigh as one."""
    if not words:
        return {}
    by_event = {event.id: session.name for session in grouped for event in session.all}
    by_order = {
        event.data.order.id: (session.name, event.id)
        for session in grouped
        for event in session.events
        if isinstance(event.data, OrderPlaced)
    }
    names = {session.name: session.first.id for session in grouped}
    heard: dict[tuple[str, bool], list[str]] = {}
    for word in words:
        if word.kind == "session" and word.id in names:
            heard.setdefault((word.id, word.mine), []).append(names[word.id])
        elif word.kind == "event" and word.id in by_event:
            heard.setdefault((by_event[word.id], word.mine), []).append(word.id)
        elif word.kind == "order" and word.id in by_order:
            session, event = by_order[word.id]
            heard.setdefault((session, word.mine), []).append(event)
    said: dict[str, list[Reason]] = {}
    for (name, mine), about in heard.items():
        key, weight = ("said.mine", SAID_MINE) if mine else ("said.not_mine", SAID_NOT_MINE)
        said.setdefault(name, []).append(Reason(key, weight, tuple(about)))
    return said


def _of_events(
    events: Sequence[Event], grouped: Sequence[Session], found: Sequence[SessionFinding], words: Sequence[Word]
) -> dict[str, Actor]:
    """The actor of each event: its session's; what the shop did about an order follows whoever placed it."""
    by_name = {finding.session: finding.actor for finding in found}
    actors: dict[str, Actor] = {}
    for session in grouped:
        actors.update(dict.fromkeys([event.id for event in session.all], by_name[session.name]))
    contradicted = {(word.kind, word.id): word.mine for word in words}
    placed: dict[tuple[str, str], Actor] = {}
    for event in events:
        data = event.data
        if contradicted and event.id in actors:
            actors[event.id] = _with_word(event, actors[event.id], contradicted)
        if event.type is EventType.ORDER_PLACED and isinstance(data, OrderPlaced) and event.id in actors:
            placed[(event.source, data.order.id)] = actors[event.id]
        elif event.type in FOLLOWS and event.id not in actors and data.takeback is None:
            order = data.order if isinstance(data, OrderStep | OrderChanged | BalanceChanged) else None
            if (event.source, order or "") in placed:
                actors[event.id] = placed[(event.source, order or "")]
    return actors


def _with_word(event: Event, actor: Actor, words: Mapping[tuple[str, str], bool]) -> Actor:
    """The actor, or unknown where the customer's word on just this event or order says otherwise."""
    spoken = words.get(("event", event.id))
    if isinstance(event.data, OrderPlaced):
        spoken = words.get(("order", event.data.order.id), spoken)
    contradicted = spoken is not None and actor is (Actor.INTRUDER if spoken else Actor.OWNER)
    return Actor.UNKNOWN if contradicted else actor


def _is_intruders(event: Event, actors: Mapping[str, Actor]) -> bool:
    """An act of the intruder's; that a sign-in was tried or a link asked for is none."""
    return actors[event.id] is Actor.INTRUDER and event.type not in HARMLESS


def _window(acted: Sequence[datetime], contained_at: datetime | None) -> Window | None:
    if not acted:
        return None
    over = contained_at is not None and contained_at >= acted[-1]
    return Window(acted[0], acted[-1] if over else None)
