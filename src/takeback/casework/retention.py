"""What is erased today, and what proves it? In small batches, each with a line in the book: what, how many, of which
cases, and a keyed digest of what it was.

The digest is the proof in both directions: the line says that it was erased, and whoever later shows what is said to be
the erased text can be told whether it is. It may be ended at any point and run again: what is gone is not erased twice.
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import chain

from takeback.casework.auditbook import Act
from takeback.casework.ports import House
from takeback.casework.retention_store import AT_ONCE, Erased
from takeback.core.errors import InputError
from takeback.core.retention import Part, Spans, Standing, due, keeps_events

KEPT, LET_GO = "retention.kept", "retention.let_go"  # a case in dispute is kept; it is no longer
ERASED = "retention.erased"
PHASE, RETENTION = "forget", "retention"  # the phase, and what stands in it where other phases name a case
ROWS_KEPT = timedelta(days=7)  # of phases that have ended: long enough to see what happened
DAY = timedelta(days=1)
MOST_LOOKED_AT = 10_000  # lines of the book on disputes; there are few


def spans_of(house: House) -> Spans:
    """The settings."""
    said = house.configuration.retention
    events = None if said.event_days is None else timedelta(days=said.event_days)
    return Spans(timedelta(days=said.talk_days), timedelta(days=said.case_days), events)


def forget(house: House, who: str, *, dry: bool = False) -> Iterator[Erased]:
    """Erase what is due, batch by batch. `dry`: only say what would be."""
    spans, now, held = spans_of(house), house.clock.now(), in_dispute(house)
    eraser = house.eraser
    keep_cases: set[str] = set(held)
    keep_accounts: set[str] = set()
    after = ""
    erased_any = False
    while standings := eraser.standings(after=after, most=AT_ONCE):
        after = standings[-1].case
        told = [Standing(one.case, one.account, one.closed_at, one.case in held) for one in standings]
        keep_cases |= {one.case for one in told if one.closed_at is None}
        keep_accounts |= {one.account for one in told if keeps_events(one, spans, now)}
        for part in (Part.CASE, Part.ACTIONS):
            over = [one.case for one in told if part in due(one, spans, now)]
            if over and (done := eraser.cases(part, over, _note(now, who, part), dry=dry)):
                erased_any = True
                yield done
    batches = [eraser.talks(now - spans.talk, keep_cases, _note(now, who, Part.TALK), dry=dry)]
    if spans.events is not None:
        batches.append(eraser.events(now - spans.events, keep_accounts, _note(now, who, Part.EVENTS), dry=dry))
    for done in chain(*batches):
        erased_any = True
        yield done
    if spans.events is not None and not dry:
        with closing(house.profiles) as profiles:
            profiles.forget(now - spans.events)
    if erased_any and not dry:
        eraser.finish()


def _note(now: datetime, who: str, part: Part) -> Act:
    return Act(now, who, ERASED, f"retention.{part.value}")


def in_dispute(house: House) -> frozenset[str]:
    """The cases that are kept until somebody lets them go."""
    last: dict[str, Act] = {}
    for what in (KEPT, LET_GO):
        for act in house.audit.acts(what=what, most=MOST_LOOKED_AT):
            if act.case not in last or last[act.case].seq < act.seq:
                last[act.case] = act
    return frozenset(case for case, act in last.items() if act.what == KEPT)


def keep(house: House, case: str, who: str, why: str) -> None:
    """Keep all of a case, because it is disputed. `InputError` where there is no such case."""
    _mark(house, case, who, KEPT, why)


def let_go(house: House, case: str, who: str, why: str) -> None:
    """The dispute is over: the case is erased when the others of its age are."""
    _mark(house, case, who, LET_GO, why)


def _mark(house: House, case: str, who: str, what: str, why: str) -> None:
    if house.cases.case(case) is None:
        raise InputError(f"there is no case {case!r}; `takeback cases` lists the open ones")
    if (case in in_dispute(house)) != (what == KEPT):
        house.audit.note(Act(house.clock.now(), who, what, why, case))


def start_forgetting(house: House) -> None:
    """Let what is due be erased today, unless that has begun already."""
    house.starter.start(PHASE, RETENTION, because=f"{house.clock.now():%Y-%m-%d}")


def forget_today(house: House) -> None:
    """Erase what is due, and look again tomorrow."""
    for _ in forget(house, "system"):
        pass
    now = house.clock.now()
    house.starter.prune(now - ROWS_KEPT)
    tomorrow = now + DAY
    house.starter.start(PHASE, RETENTION, because=f"{tomorrow:%Y-%m-%d}", after=DAY.total_seconds())
