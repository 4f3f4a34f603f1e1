"""The whole of an investigation in one call: who did what, and the plan that takes back the intruder's part."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from operator import attrgetter, eq, gt, lt

from msgspec import structs

from takeback.core.events import Event
from takeback.core.history import History
from takeback.core.investigate.attribution import Word, attribute
from takeback.core.investigate.findings import Findings
from takeback.core.undo.carried import Carried, contained_at, marks
from takeback.core.undo.effects import NO_LOOKS, plan_undo
from takeback.core.undo.look import Look
from takeback.core.undo.plan import Plan


@dataclass(frozen=True, slots=True)
class Investigation:
    """What `takeback investigate` prints, as values."""

    findings: Findings
    plan: Plan


def investigate(
    account: str,
    events: Iterable[Event],
    *,
    now: datetime,
    words: Sequence[Word] = (),
    carried: Sequence[Carried] = (),
    looks: Mapping[str, Look] = NO_LOOKS,
) -> Investigation:
    """Investigate one account.

    `events` are the account's, in any order, repeats allowed; those after `now` are left out. `words` is what the
    customer said. `carried` is what Takeback has already done for this account and read back, so that a plan carried
    out leaves an empty plan. `looks` are the account as services show it now, by source, where they were asked.
    """
    ordered = in_order(account, events, now)
    done = (*carried, *marks(ordered))
    findings = attribute(account, ordered, now=now, words=words, contained_at=contained_at(ordered, done))
    return Investigation(findings, plan_undo(ordered, findings, done, looks))


def in_order(account: str, events: Iterable[Event], now: datetime) -> History:
    """The account's events up to `now`, once each by `(source, id)`, by time; ties by source and id, so that arrival
    does not matter.

    Where two sources gave two events the same id, each is named `SOURCE#ID` from here on.
    """
    ours = [event for event in events if event.account == account and event.time <= now]
    if len({event.id for event in ours}) < len(ours):
        ours = _once(ours)
    times = [event.time for event in ours]
    if all(map(lt, times, islice(times, 1, None))):
        return History(ours)
    if any(map(gt, times, islice(times, 1, None))):
        ours.sort(key=attrgetter("time"))
        times.sort()
    # Sorting by three keys at once takes three times as long, and few events share their time with others.
    for begin, end in _runs([place for place, tied in enumerate(map(eq, times, islice(times, 1, None))) if tied]):
        ours[begin:end] = sorted(ours[begin:end], key=attrgetter("source", "id"))
    return History(ours)


def _runs(tied: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The stretches (begin, end) of equal times, given each place whose time is the next one's too."""
    begin = end = -1
    for place in tied:
        if place != end - 1:
            if begin >= 0:
                yield begin, end
            begin = place
        end = place + 2
    if begin >= 0:
        yield begin, end


def _once(events: Iterable[Event]) -> list[Event]:
    once = {(event.source, event.id): event for event in events}
    count = Counter(name for _, name in once)
    return [_named(event, twice=count[event.id] > 1) for event in once.values()]


def _named(event: Event, *, twice: bool) -> Event:
    return structs.replace(event, id=f"{event.source}#{event.id}") if twice else event
