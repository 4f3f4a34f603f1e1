"""Whose was each visit, and why do we think so? Strands with their reasons as bars; the owner's ordinary ones are
counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from takeback.casework.answers import Answer
from takeback.casework.dossier import Visits
from takeback.core.events import NOBODY, Event
from takeback.core.investigate.findings import Reason, SessionFinding
from takeback.web.desk.case.hidden import plain
from takeback.web.desk.case.phrases import Phrases
from takeback.web.desk.case.refs import Links, Refs
from takeback.words import known, say

DOUBTFUL, UNUSUAL = 12, 6  # visits on the page
REASONS, ACTS = 8, 10  # of a visit
LEAST = 0.05  # what is lighter is not worth a line
HALF, FULL = 70, 4.0  # pixels that a weight of so much fills
CERTAIN = 0.999


@dataclass(frozen=True, slots=True)
class ReasonShown:
    """A reason: its words, its weight, and the bar from the middle to `x` (pixels; left is the owner's side)."""

    text: str
    weight: str
    x: float
    width: float
    side: str
    links: Links


@dataclass(frozen=True, slots=True)
class ActShown:
    """One act in a visit."""

    time: str
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class VisitShown:
    """A visit as the page shows it."""

    anchor: str
    who: str
    who_told: str
    when: str
    lasted: str
    probability: str
    share: int
    device: str
    user_agent: str
    network: str
    place: str
    source: str
    session: str
    strand: str
    reasons: tuple[ReasonShown, ...]
    more_reasons: int
    acts: tuple[ActShown, ...]
    more_acts: int
    more_href: str
    count: int
    said: str


@dataclass(frozen=True, slots=True)
class VisitsShown:
    """All visits of the page; `folded` says the ordinary ones in a line."""

    doubtful: tuple[VisitShown, ...]
    more_doubtful: int
    unusual: tuple[VisitShown, ...]
    more_unusual: int
    ordinary: int
    folded: str


def visits_shown(
    visits: Visits,
    named: Mapping[str, Event],
    said: Mapping[tuple[str, str], Answer],
    refs: Refs,
    phrases: Phrases,
) -> VisitsShown:
    """The visits of a case's page."""
    told = _Teller(named, said, refs, phrases)
    hers = visits.ordinary
    folded = ""
    if hers:
        folded = phrases.say(
            "folded",
            count=f"{len(hers):,}",
            first=phrases.moment(hers[0].start),
            last=phrases.moment(max(one.end for one in hers)),
        )
    return VisitsShown(
        tuple(told.visit(found, place) for place, found in enumerate(visits.doubtful[:DOUBTFUL])),
        max(len(visits.doubtful) - DOUBTFUL, 0),
        tuple(told.visit(found, place + DOUBTFUL) for place, found in enumerate(visits.unusual[-UNUSUAL:])),
        max(len(visits.unusual) - UNUSUAL, 0),
        len(hers),
        folded,
    )


def visit_lines(
    found: Iterable[SessionFinding],
    named: Mapping[str, Event],
    said: Mapping[tuple[str, str], Answer],
    refs: Refs,
    phrases: Phrases,
) -> list[VisitShown]:
    """Visits for a page of all visits."""
    told = _Teller(named, said, refs, phrases)
    return [told.visit(one, place) for place, one in enumerate(found)]


class _Teller:
    """Puts visits into words."""

    def __init__(
        self, named: Mapping[str, Event], said: Mapping[tuple[str, str], Answer], refs: Refs, phrases: Phrases
    ) -> None:
        self._named, self._said, self._refs, self._phrases = named, said, refs, phrases

    def visit(self, found: SessionFinding, place: int) -> VisitShown:
        """One visit."""
        phrases = self._phrases
        events = [self._named[name] for name in found.events if name in self._named]
        client = next((event.data.client for event in events if event.data.client != NOBODY), None)
        reasons = [one for one in islice(found.reasons, 40) if abs(one.weight) >= LEAST]
        acts = events[:ACTS]
        answer = self._said.get(("session", found.strand)) or self._said.get(("session", found.session))
        return VisitShown(
            anchor=f"v{place}",
            who=found.actor.value,
            who_told=phrases.who(found.actor),
            when=phrases.until(found.start, found.end),
            lasted=phrases.span(found.end - found.start),
            probability=probability(found.probability),
            share=round(min(found.probability, CERTAIN) * 100),
            device=phrases.device(client),
            user_agent=plain(client.user_agent or "", 160) if client else "",
            network=phrases.network(client),
            place=phrases.place(client),
            source=plain(events[0].source, 60) if events else "",
            session=plain(found.session, 60),
            strand=plain(found.strand, 60),
            reasons=tuple(self._reason(one) for one in reasons[:REASONS]),
            more_reasons=max(len(reasons) - REASONS, 0),
            acts=tuple(
                ActShown(phrases.time(event.time), phrases.act(event), self._refs.href(event.id)) for event in acts
            ),
            more_acts=max(len(events) - ACTS, 0),
            more_href=self._more(events),
            count=len(events),
            said=phrases.say(f"said_{answer}") if answer else "",
        )

    def _more(self, events: Sequence[Event]) -> str:
        return self._refs.href(events[ACTS].id) if len(events) > ACTS else ""

    def _reason(self, one: Reason) -> ReasonShown:
        key = f"reason.{one.key}"
        language = self._phrases.language
        width = round(min(abs(one.weight) / FULL, 1.0) * HALF, 1)
        return ReasonShown(
            text=say(language, key) if known(language, key) else one.key,
            weight=f"{one.weight:+.1f}",
            x=HALF if one.weight > 0 else round(HALF - width, 1),
            width=width,
            side="intruder" if one.weight > 0 else "owner",
            links=self._refs.links(one.events[:20]),
        )


def probability(value: float) -> str:
    """As a share in a hundred; nothing here is ever certain, so no figure says so."""
    shown = min(max(value, 1 - CERTAIN), CERTAIN)
    return f"{shown * 100:.1f} %" if shown < 0.01 or shown > 0.99 else f"{shown * 100:.0f} %"
