"""Who looked at how much in the last day, and is that unusual for her? Counted from the book, for the auditor."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from takeback.casework.auditbook import Tally
from takeback.casework.ports import House
from takeback.core.permission import Verb

DAY, BEFORE = timedelta(days=1), timedelta(days=28)
TIMES = 3  # more than so many times what is usual stands out,
LEAST = {Verb.READ_CASE: 20, Verb.READ_NUMBER: 10, Verb.PRINT_CASE: 5}  # and only above so many
LOOKS = tuple(verb.value for verb in LEAST)


@dataclass(frozen=True, slots=True)
class Looks:
    """One person's day. `usual` is how many cases she looked at on an ordinary day of the four weeks before, None where
    she had none.
    """

    who: str
    cases: int
    numbers: int
    prints: int
    usual: float | None
    stands_out: bool


def looks(house: House, now: datetime) -> list[Looks]:
    """Everybody who looked at anything in the last day, the most first."""
    lately = _by_person(house.audit.tallies(LOOKS, now - DAY, now))
    before = _by_person(house.audit.tallies(LOOKS, now - DAY - BEFORE, now - DAY))
    found = [_looks(who, done, before.get(who, {})) for who, done in lately.items()]
    return sorted(found, key=lambda one: (-one.stands_out, -one.cases, -one.numbers, one.who))


def _by_person(tallies: list[Tally]) -> dict[str, dict[str, Tally]]:
    found: dict[str, dict[str, Tally]] = {}
    for tally in tallies:
        found.setdefault(tally.who, {})[tally.what] = tally
    return found


def _looks(who: str, done: dict[str, Tally], before: dict[str, Tally]) -> Looks:
    counts = {verb: _count(done.get(verb.value), verb) for verb in LEAST}
    usual = {verb: _a_day(before.get(verb.value), verb) for verb in LEAST}
    odd = any(counts[verb] > max(least, TIMES * (usual[verb] or 0.0)) for verb, least in LEAST.items())
    return Looks(
        who,
        counts[Verb.READ_CASE],
        counts[Verb.READ_NUMBER],
        counts[Verb.PRINT_CASE],
        usual[Verb.READ_CASE],
        odd,
    )


def _count(tally: Tally | None, verb: Verb) -> int:
    """Cases, however often each was looked at; numbers and prints each time."""
    if tally is None:
        return 0
    return tally.cases if verb is Verb.READ_CASE else tally.times


def _a_day(tally: Tally | None, verb: Verb) -> float | None:
    if tally is None or not tally.days:
        return None
    return (tally.case_days if verb is Verb.READ_CASE else tally.times) / tally.days
