"""Owner, intruder or unknown? Every strand is judged by a sum of weights of evidence, each with a reason key.

Strands are judged in order of time against the owner's habits so far, and only those judged to be hers are learned.
Then come rounds in which what was found about some strands speaks about others: the device, credentials and addresses
that an intruder brought, also weeks before. What had been learned from a strand that turns out to be his is unlearned.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain

from takeback.core.events import BalanceChanged, Event, EventType, OrderChanged, OrderPlaced, OrderStep
from takeback.core.investigate import acts
from takeback.core.investigate.circumstances import Circumstances
from takeback.core.investigate.contacts import contacts
from takeback.core.investigate.findings import INTRUDER, OWNER, Actor, Findings, Reason, SessionFinding, Window
from takeback.core.investigate.habits import Habits
from takeback.core.investigate.judging import OWNER_UP_TO, Judged, teaches
from takeback.core.investigate.links import ties
from takeback.core.investigate.reasons import Because
from takeback.core.investigate.said import Word, hear, with_words
from takeback.core.investigate.strands import strands

__all__ = ["Word", "attribute"]
ROUNDS = 4
SHARED, IN_TWO_PLACES = 3.3, 0.4
HARMLESS = frozenset(
    {EventType.SIGN_IN_FAILED, EventType.RESET_REQUESTED}
)  # attempts: they change nothing in the account
CHANGES = frozenset(
    {EventType.FIELD_CHANGED, EventType.ITEM_ADDED, EventType.ITEM_CHANGED, EventType.ITEM_REMOVED}
)  # what staff may have been talked into
_ON_ORDERS = (OrderStep, OrderChanged, BalanceChanged)


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
    found, rest = strands(events)
    judged = [Judged(one, tuple([event.id for event in one.all]), acts.acts_of(one)) for one in found]
    _judge(judged)
    if words:
        _settle(judged, hear(judged, words))
    for _ in range(ROUNDS):
        if all(one.actor is OWNER for one in judged) or not _tie(judged):
            break
    actors = _of_events(judged, rest, words)
    his = (one.strand for one in judged if one.actor is INTRUDER)
    acted = sorted(event.time for strand in his for event in strand.events if _is_intruders(event, actors))
    window = _window(acted, contained_at)
    return Findings(
        account=account,
        compromised=window is not None,
        window=window,
        sessions=tuple(_findings(judged)),
        events=actors,
        contacts=contacts(events, actors, window.start if window else None, now),
    )


def _judge(judged: Sequence[Judged]) -> None:
    """Judge all in order of time, each against the habits that those before it show."""
    habits = Habits()
    circumstances = Circumstances(habits)
    for one in judged:
        strand = one.strand
        fit = circumstances.fit(strand)
        one.judge_anew(fit)
        one.ordinary = (
            fit.ordinary and not strand.attempts and strand.number == 1 and acts.is_ordinary(one.acts, habits)
        )
        if one.ordinary and not strand.switches and one.alone:
            one.probability, one.actor = fit.probability, OWNER
            teaching = fit.teaches or teaches(one)
        else:
            _weigh(one, circumstances)
            teaching = teaches(one)
        if teaching:
            habits.learn(strand.traits, strand.start)
            acts.learn(one.acts, habits)


def _weigh(one: Judged, circumstances: Circumstances) -> None:
    """Look at all that may speak for or against a strand."""
    strand = one.strand
    own = one.own
    if not one.ordinary:
        own += circumstances.hour(strand)
        own += acts.weigh(strand, one.acts, circumstances.habits)
    if strand.number > 1 or strand.switches:
        own += _shared(one)
        one.ordinary = False
    one.settle()


def _settle(judged: Sequence[Judged], changed: Sequence[Judged]) -> None:
    """Judge again what words or ties changed; where that changes what there is to learn, all is judged anew."""
    relearn = False
    for one in changed:
        was_hers = one.probability <= OWNER_UP_TO
        one.settle()
        relearn = relearn or (one.probability <= OWNER_UP_TO) is not was_hers
    if relearn:
        _judge(judged)


def _tie(judged: Sequence[Judged]) -> bool:
    """One round of ties; False when it changed nobody's mind about anything: then another would find the same."""
    changed = []
    were = [one.actor for one in judged]
    for one, tied in zip(judged, ties(judged), strict=True):
        if one.ties != tied:
            one.ties = tied
            changed.append(one)
    if changed:
        _settle(judged, changed)
    return were != [one.actor for one in judged]


def _shared(one: Judged) -> tuple[Reason, ...]:
    """A session's cookie does not move to another device, and a session that goes to and fro between countries has two
    users.
    """
    strand, first = one.strand, (one.strand.first.id,)
    if strand.number > 1 and strand.elsewhere:
        return (Reason(Because.SESSION_SHARED, SHARED, first),)
    if strand.switches >= 2 and any(reason.key is Because.COUNTRY_NEVER_SEEN for reason in one.own):
        return (Reason(Because.SESSION_IN_TWO_PLACES, IN_TWO_PLACES, first),)
    return ()


def _findings(judged: Sequence[Judged]) -> list[SessionFinding]:
    """One finding a strand; strands of one session with the same actor are one, led by the most suspicious."""
    shared = {one.strand.session for one in judged if one.strand.number > 1}
    together: dict[tuple[str, Actor], list[Judged]] = {}
    for one in judged if shared else ():
        if one.strand.session in shared:
            together.setdefault((one.strand.session, one.actor), []).append(one)
    found = []
    for one in judged:
        strand = one.strand
        if strand.session not in shared:
            found.append(_finding(one, strand.start, strand.end, one.events))
        elif group := together.pop((strand.session, one.actor), None):
            found.append(_led(group))
    return found


def _led(group: Sequence[Judged]) -> SessionFinding:
    """Several strands tell of themselves as one, by the most suspicious of them."""
    start, end = min(one.strand.start for one in group), max(one.strand.end for one in group)
    events = sorted((event for one in group for event in one.strand.all), key=_when)
    leads = max(group, key=lambda one: one.probability)
    return _finding(leads, start, end, tuple([event.id for event in events]))


def _finding(leads: Judged, start: datetime, end: datetime, events: tuple[str, ...]) -> SessionFinding:
    strand = leads.strand
    return SessionFinding(
        strand.session, leads.actor, round(leads.probability, 4), leads.reasons, start, end, strand.name, events
    )


def _when(event: Event) -> tuple[datetime, str, str]:
    return event.time, event.source, event.id


def _of_events(judged: Sequence[Judged], rest: Sequence[Event], words: Sequence[Word]) -> dict[str, Actor]:
    """The actor of each event: its strand's; what the shop did about an order (`rest`) follows whoever placed it."""
    actors: dict[str, Actor] = dict.fromkeys(chain.from_iterable([one.events for one in judged]), OWNER)
    placed: dict[tuple[str, str], str] = {}
    for one in judged:
        if one.actor is not OWNER:
            actors.update(dict.fromkeys(one.events, one.actor))
        for placing in one.acts.orders:
            data = placing.data
            if isinstance(data, OrderPlaced):
                placed.setdefault((placing.source, data.order.id), placing.id)
    if words:
        contradicted: Mapping[tuple[str, str], bool] = {(word.kind, word.id): word.mine for word in words}
        for event in (event for one in judged for event in one.strand.all):
            actors[event.id] = with_words(event, actors[event.id], contradicted)
    for event in rest:
        about = event.data
        # What the shop does about an order is the part of whoever placed it.
        if isinstance(about, _ON_ORDERS) and about.order is not None and about.takeback is None:
            followed = placed.get((event.source, about.order))
            if followed is not None:
                actors[event.id] = actors[followed]
    actors.update(_wished(rest, words))
    return actors


def _wished(rest: Sequence[Event], words: Sequence[Word]) -> dict[str, Actor]:
    """What staff or the system changed for somebody is the act of whoever wished it, once it was said who that was."""
    said = {word.id: OWNER if word.mine else INTRUDER for word in words if word.kind == "event"}
    about = [event for event in rest if event.id in said] if said else []
    return {event.id: said[event.id] for event in about if event.type in CHANGES and event.data.takeback is None}


def _is_intruders(event: Event, actors: Mapping[str, Actor]) -> bool:
    """An act of the intruder's; that a sign-in was tried or a link asked for is none."""
    return actors[event.id] is INTRUDER and event.type not in HARMLESS


def _window(acted: Sequence[datetime], contained_at: datetime | None) -> Window | None:
    if not acted:
        return None
    over = contained_at is not None and contained_at >= acted[-1]
    return Window(acted[0], acted[-1] if over else None)
