"""The picture of a case, from what the address asks for: its stretch, its links, and the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from takeback.casework.dossier import Dossier
from takeback.core.case import Case
from takeback.core.events import Event
from takeback.core.investigate.findings import INTRUDER, UNKNOWN, Actor
from takeback.web.desk.case.axis import ticks
from takeback.web.desk.case.marks import kind_of
from takeback.web.desk.case.ours import OurAct
from takeback.web.desk.case.phrases import Phrases
from takeback.web.desk.case.picture import Picture, draw
from takeback.web.desk.case.stretch import Stretch, everything, moves, night

ROWS = 40  # of the table that says the same


@dataclass(frozen=True, slots=True)
class Move:
    """A link to another stretch; `query` is empty where there is nothing else to see."""

    name: str
    text: str
    query: str


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit in the table beside the picture."""

    who: str
    who_told: str
    when: str
    acts: str


@dataclass(frozen=True, slots=True)
class Seeing:
    """The picture, where its links lead, and its words. `kinds` are the shapes that occur in it."""

    picture: Picture
    moves: tuple[Move, ...]
    stretch: str
    text: str
    lines: tuple[VisitLine, ...]
    more: int
    kinds: tuple[tuple[str, str], ...]
    names: dict[str, str]


def seeing_of(dossier: Dossier, asked: Stretch | None, phrases: Phrases) -> Seeing | None:
    """The picture; None where there is nothing on it."""
    events, findings = dossier.inquiry.events, dossier.inquiry.findings
    case = dossier.case
    if not events:
        return None
    ours = our_acts(case)
    hold = _hold(case, dossier.now)
    moments = [events[0].time, events[-1].time, *(act.at for act in ours), *((hold.end,) if hold else ())]
    whole = everything(moments)
    his = [event.time for event in events if findings.events.get(event.id) is INTRUDER and event.by_customer]
    odd = his or [event.time for event in events if findings.events.get(event.id) is UNKNOWN and event.by_customer]
    the_night = night(odd, [act.at for act in ours], whole)
    here = the_night if asked is None else asked.within(whole)
    axis = ticks(here.start, here.end, phrases.zone, phrases.language)
    picture = draw(events, findings, here, whole, ours, hold, axis, phrases)
    lines = _lines(dossier, here, phrases)
    kinds = list(dict.fromkeys(mark.kind for mark in picture.marks))
    counts = {lane.who: lane.count for lane in picture.lanes}
    return Seeing(
        picture=picture,
        moves=tuple(
            Move(name, phrases.say(f"move_{name}"), "" if to is None else to.query)
            for name, to in moves(here, whole, the_night, odd).items()
        ),
        stretch=phrases.until(here.start, here.end),
        text=phrases.say(
            "picture_text",
            when=phrases.until(here.start, here.end),
            owner=counts["owner"],
            intruder=counts["intruder"],
            unknown=counts["unknown"],
        ),
        lines=tuple(lines[:ROWS]),
        more=max(len(lines) - ROWS, 0),
        kinds=tuple((kind, phrases.say(f"kind_{kind}")) for kind in kinds),
        names={name: phrases.say(f"lane_{name}") for name in (*Actor, "ours")},
    )


def our_acts(case: Case) -> list[OurAct]:
    """What Takeback did, in order of time."""
    times = {
        "report": case.opened_at,
        "frozen": case.frozen_at,
        "proven": case.proven_at,
        "undone": case.undone_at,
        "handed_back": case.handed_back_at,
    }
    return sorted((OurAct(key, at) for key, at in times.items() if at is not None), key=lambda act: act.at)


def _hold(case: Case, now: datetime) -> Stretch | None:
    """While the account is stopped: from the freeze to the end of the hold, or to now while that is not set."""
    if case.frozen_at is None:
        return None
    until = case.handed_back_at or case.hold_until or max(now, case.frozen_at)
    return Stretch(case.frozen_at, max(until, case.frozen_at))


def _lines(dossier: Dossier, here: Stretch, phrases: Phrases) -> list[VisitLine]:
    """The visits in the stretch, those that are not the owner's first."""
    shown = [
        found for found in dossier.inquiry.findings.sessions if found.end >= here.start and found.start <= here.end
    ]
    shown.sort(key=lambda found: (found.actor is Actor.OWNER, found.start))
    return [
        VisitLine(
            found.actor.value,
            phrases.who(found.actor),
            phrases.until(found.start, found.end),
            _acts([dossier.named[name] for name in found.events[:400] if name in dossier.named], phrases),
        )
        for found in shown[: ROWS + 1]
    ] + [VisitLine("", "", "", "")] * max(len(shown) - ROWS - 1, 0)


def _acts(events: Sequence[Event], phrases: Phrases) -> str:
    counts: dict[str, int] = {}
    for event in events:
        kind = kind_of(event)
        counts[kind] = counts.get(kind, 0) + 1
    return ", ".join(f"{phrases.say(f'kind_{kind}')} {count}" for kind, count in counts.items())
