"""What did the customer say? Her words on orders, sessions and events, brought to the strands that they are about.

Strong, never absolute: the reporter may be the intruder, and people forget. What she says of a session that two clients
shared is about the one that it fits best.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from takeback.core.events import Event, OrderPlaced
from takeback.core.investigate.findings import INTRUDER, OWNER, UNKNOWN, Actor, Reason
from takeback.core.investigate.judging import Judged
from takeback.core.investigate.reasons import Because

SAID_NOT_MINE, SAID_MINE = 6.0, -6.0


@dataclass(frozen=True, slots=True)
class Word:
    """What the customer said of one `order`, `session` or `event`: is it hers?"""

    kind: str
    id: str
    mine: bool


def hear(judged: Sequence[Judged], words: Sequence[Word]) -> list[Judged]:
    """Give each strand the reasons in what was said of it, and return those strands. Several words of one kind about a
    strand weigh as one.

    The strands have been judged once without words, so that a word on a session finds the strand that it fits.
    """
    by_event = {event.id: one for one in judged for event in one.strand.all} if words else {}
    by_order = {
        event.data.order.id: (one, event.id)
        for one in (judged if words else ())
        for event in one.strand.events
        if isinstance(event.data, OrderPlaced)
    }
    heard: dict[tuple[int, bool], list[str]] = {}
    places = {id(one): place for place, one in enumerate(judged)}
    for word in words:
        about: tuple[Judged, str] | None = None
        if word.kind == "session":
            named = _of_session(judged, word)
            about = (named, named.strand.first.id) if named is not None else None
            if named is not None:
                named.spoken = word.mine
        elif word.kind == "event" and word.id in by_event:
            about = (by_event[word.id], word.id)
        elif word.kind == "order":
            about = by_order.get(word.id)
        if about is not None:
            heard.setdefault((places[id(about[0])], word.mine), []).append(about[1])
    for (place, mine), events in heard.items():
        key, weight = (Because.SAID_MINE, SAID_MINE) if mine else (Because.SAID_NOT_MINE, SAID_NOT_MINE)
        judged[place].said = (*judged[place].said, Reason(key, weight, tuple(events)))
    return [judged[place] for place in sorted({place for place, _ in heard})]


def _of_session(judged: Sequence[Judged], word: Word) -> Judged | None:
    """The strand that a word on a session is about: by its own name, or the one of the session that it fits best."""
    named = next((one for one in judged if one.strand.number > 1 and one.strand.name == word.id), None)
    if named is not None:
        return named
    shared = [one for one in judged if one.strand.session == word.id]
    if not shared:
        return None
    fits = min if word.mine else max
    return fits(shared, key=lambda one: one.probability)


def with_words(event: Event, actor: Actor, words: Mapping[tuple[str, str], bool]) -> Actor:
    """The actor, or unknown where the customer's word on just this event or order says otherwise."""
    spoken = words.get(("event", event.id))
    if isinstance(event.data, OrderPlaced):
        spoken = words.get(("order", event.data.order.id), spoken)
    contradicted = spoken is not None and actor is (INTRUDER if spoken else OWNER)
    return UNKNOWN if contradicted else actor
