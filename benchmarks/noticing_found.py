"""What does noticing online find, and whom does it trouble? The whole way of an event, on simulated lives.

Each life is lived event by event: the online score, and where it calls for it the investigation of what is known by
then, as `casework.notice` does. A threshold is chosen on the training accounts alone and reported on the test accounts.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from benchmarks.attributing import world
from benchmarks.attributing.judging import read
from benchmarks.attributing.running import each
from benchmarks.attributing.world import Trial
from benchmarks.row import Row
from takeback.casework.online import FRESH
from takeback.core.events import Event
from takeback.core.investigation import investigate
from takeback.core.notice import inside, signs
from takeback.core.online.profile import Profile
from takeback.core.online.scoring import notice
from takeback.core.online.thresholds import ASK_FROM, LOOK_FROM
from takeback.core.triage import ATTEMPTS

TRAINING, TEST = 600, 1_500  # accounts
LETTERS = 0.05  # a year that an owner who was alone in her account may be asked: one in twenty years
YEAR = 365.25
SHARES = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of one account on which something was found: the highest score of anybody's events, and the highest
    probability that a look then gave; and whether each was an intruder's.
    """

    score: float
    by_intruder: bool
    probability: float
    of_intruder: bool


@dataclass(frozen=True, slots=True)
class Watched:
    """One life as it was watched. `days` are those of the calendar; `active` those with an event of a customer's."""

    attacked: bool
    days: int
    active: int
    found: tuple[Day, ...]


def watched(trial: Trial) -> Watched:
    """Live one life."""
    events = sorted(read(trial), key=lambda event: (event.time, event.source, event.id))
    profile, days, active = Profile(), dict[int, Day](), set[int]()
    for place, event in enumerate(events):
        noticed = notice(profile, event)
        if noticed.visit is None:
            continue
        day = noticed.at // 86_400
        active.add(day)
        before = days.get(day, Day(LOOK_FROM, by_intruder=False, probability=0.0, of_intruder=False))
        if noticed.score < LOOK_FROM or (day in days and noticed.score <= before.score):
            continue
        probability, of_intruder = looked(trial, events[: place + 1])
        if probability < before.probability:
            probability, of_intruder = before.probability, before.of_intruder
        by_intruder = before.by_intruder or event.id in trial.intruders
        days[day] = Day(noticed.score, by_intruder, probability, of_intruder)
    span = (events[-1].time - events[0].time) // timedelta(days=1) + 1
    return Watched(trial.attacked, span, len(active), tuple(days.values()))


def looked(trial: Trial, events: Sequence[Event]) -> tuple[float, bool]:
    """The highest probability of a fresh sign, and whether it is truly an intruder's."""
    now = events[-1].time
    found = signs(investigate(trial.account, events, now=now).findings, now)
    done = inside(found, {event.id for event in events if event.type in ATTEMPTS})
    fresh = [one for one in done if one.end >= now - FRESH]
    sign = max(fresh, key=lambda one: one.probability, default=None)
    return (0.0, False) if sign is None else (sign.probability, not trial.intruders.isdisjoint(sign.events))


def threshold(lives: Iterable[Watched]) -> float:
    """The lowest of `SHARES` from which on no more letters go to owners who were alone than `LETTERS`."""
    known = list(lives)
    return next((share for share in SHARES if false_letters(known, share) <= LETTERS), 1.0)


def false_letters(lives: Iterable[Watched], share: float) -> float:
    """Letters a year and account about a visit that was the owner's own."""
    known = list(lives)
    letters = sum(day.probability >= share and not day.of_intruder for one in known for day in one.found)
    return letters / (sum(one.days for one in known) / YEAR)


def asked(lives: Iterable[Watched], share: float) -> float:
    """The share of attacked accounts of which the owner is asked about a visit that is the intruder's."""
    attacked = [one for one in lives if one.attacked]
    return sum(any(day.probability >= share and day.of_intruder for day in one.found) for one in attacked) / len(
        attacked
    )


def looks(lives: Iterable[Watched]) -> tuple[float, float, float]:
    """The share of attacked accounts looked at because of an intruder's event; of all days with an event, those with a
    look though no intruder's event called for it; and the same for a year of an account.
    """
    known = list(lives)
    attacked = [one for one in known if one.attacked]
    found = sum(any(day.by_intruder for day in one.found) for one in attacked) / len(attacked)
    vain = sum(not day.by_intruder for one in known for day in one.found)
    return found, vain / sum(one.active for one in known), vain / (sum(one.days for one in known) / YEAR)


def rows(training: int = TRAINING, test: int = TEST) -> Iterator[Row]:
    """The figures, with the threshold of the training accounts beside the one that is built in."""
    learned = list(each(watched, world.training(training), training, "choosing the threshold"))
    measured = list(each(watched, world.measured_on(test), test, "noticing"))
    best = threshold(learned)
    found, of_active, a_year = looks(measured)
    over = f"{sum(one.attacked for one in measured)} of {test} attacked"
    yield Row(f"takeovers looked at at once ({over})", 100 * found, "%", "", None, more_is_better=True)
    yield Row("looks in vain, of the days that an account was used", 100 * of_active, "%", "every event", 100.0, 5.0)
    yield Row("looks in vain, an account and year", a_year, "", "", None)
    yield Row("takeovers asked about", 100 * asked(measured, ASK_FROM), "%", "", None, more_is_better=True)
    letters = false_letters(measured, ASK_FROM)
    yield Row("letters to owners who were alone, an account and year", letters, "", "", None, 2 * LETTERS)
    yield Row("the probability from which is asked", ASK_FROM, "", "the training accounts'", best)
