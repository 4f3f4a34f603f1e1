"""Which case comes first, and why? From facts to a score and its reasons; nothing is asked, nothing depends on chance.

What can still be saved weighs most: an account that is not stopped, parcels that have not left, money. Then whoever
waits: an owner for a call, a plan for an approval, a question for an answer. Time only ever raises a case, so that
none is forgotten. Each reason has its bound, and the score is their sum.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from takeback.core.case import Stage


class Pressing(StrEnum):
    """Why a case stands where it stands."""

    NOT_STOPPED = "not_stopped"
    PARCELS = "parcels"
    MONEY = "money"
    FOR_LEAD = "for_lead"  # a caller was doubtful
    CALL = "call"
    APPROVAL = "approval"
    HOLD_ENDS = "hold_ends"
    ANSWER = "answer"
    OVERDUE = "overdue"
    LATE = "late"
    WAITING = "waiting"  # since the report


@dataclass(frozen=True, slots=True)
class Targets:
    """Within which time after a report each thing is to be done: the service levels of the desk."""

    stopped: timedelta = timedelta(minutes=5)
    decided: timedelta = timedelta(hours=1)
    called: timedelta = timedelta(minutes=30)
    tasks: timedelta = timedelta(days=1)  # a task that was given to nobody
    back: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an open case. `money` is what can still be saved, in the shop's currency; `parcels` counts
    orders of the intruder's that have not left. Times are aware.
    """

    stage: Stage
    since: datetime
    stopped: bool = False
    money: Decimal = Decimal(0)
    parcels: int = 0
    questions: int = 0
    approval: bool = False  # a plan waits for somebody to approve it
    call_since: datetime | None = None
    hold_until: datetime | None = None
    overdue: int = 0  # tasks
    for_lead: bool = False


@dataclass(frozen=True, slots=True)
class Why:
    """A reason, what it weighs, and the number, amount or moment that it speaks of."""

    key: Pressing
    points: float
    count: int = 0
    money: Decimal = Decimal(0)
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A service level: what is to be done by when. `late`: it is past."""

    what: str  # the name of a field of `Targets`
    due: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class Urgency:
    """The place of a case: the higher the score the sooner; reasons with the weightiest first; the clock that ends
    next.
    """

    score: float
    reasons: tuple[Why, ...]
    clock: Clock | None


DEAR = Decimal(200_000)  # where money weighs half of what it can
SOON = timedelta(hours=1)  # before its end, a hold presses if something is still open


def urgency(facts: Facts, now: datetime, targets: Targets | None = None, dear: Decimal = DEAR) -> Urgency:
    """The place of one case at this moment."""
    clock = clock_of(facts, now, targets or Targets())
    found = [*_at_risk(facts, dear), *_waiting(facts, now)]
    if clock is not None and clock.late:
        hours = (now - clock.due) / timedelta(hours=1)
        found.append(Why(Pressing.LATE, 120 + 80 * _part(hours, 4), at=clock.due))
    age = max((now - facts.since) / timedelta(hours=1), 0.0)
    found.append(Why(Pressing.WAITING, 60 * _part(age, 24), at=facts.since))
    reasons = tuple(sorted(found, key=lambda why: -why.points))
    return Urgency(sum(why.points for why in reasons), reasons, clock)


def clock_of(facts: Facts, now: datetime, targets: Targets) -> Clock | None:
    """The service level that ends next among those that are not met; None where nothing is to be done by us."""
    due: list[tuple[datetime, str]] = []
    if not facts.stopped and facts.stage in (Stage.FREEZE, Stage.INVESTIGATE, Stage.UNDO):
        due.append((facts.since + targets.stopped, "stopped"))
    if facts.approval or facts.questions:
        due.append((facts.since + targets.decided, "decided"))
    if facts.call_since is not None:
        due.append((facts.call_since + targets.called, "called"))
    if not due and facts.stage in (Stage.UNDO, Stage.HAND_BACK):
        due.append((facts.since + targets.back, "back"))
    if not due:
        return None
    at, what = min(due)
    return Clock(what, at, now > at)


def _at_risk(facts: Facts, dear: Decimal) -> list[Why]:
    found = []
    if not facts.stopped and facts.stage in (Stage.FREEZE, Stage.INVESTIGATE):
        found.append(Why(Pressing.NOT_STOPPED, 1000))
    if facts.parcels:
        found.append(Why(Pressing.PARCELS, 400 + 200 * _part(facts.parcels, 10), count=facts.parcels))
    if facts.money > 0:
        found.append(Why(Pressing.MONEY, 50 + 250 * _part(float(facts.money), float(dear)), money=facts.money))
    return found


def _waiting(facts: Facts, now: datetime) -> list[Why]:
    found = []
    if facts.for_lead:
        found.append(Why(Pressing.FOR_LEAD, 250))
    if facts.call_since is not None:
        hours = max((now - facts.call_since) / timedelta(hours=1), 0.0)
        found.append(Why(Pressing.CALL, 200 + 100 * _part(hours, 1), at=facts.call_since))
    if facts.approval:
        found.append(Why(Pressing.APPROVAL, 180))
    if facts.questions:
        found.append(Why(Pressing.ANSWER, 120, count=facts.questions))
    if facts.overdue:
        found.append(Why(Pressing.OVERDUE, 100 + 50 * _part(facts.overdue, 3), count=facts.overdue))
    open_ = facts.approval or facts.questions or facts.call_since is not None or facts.overdue or facts.for_lead
    if facts.stage is Stage.HOLD and facts.hold_until is not None and facts.hold_until - now <= SOON:
        found.append(Why(Pressing.HOLD_ENDS, 220 if open_ else 90, at=facts.hold_until))
    return found


def _part(value: float, half: float) -> float:
    """From 0 to 1, always rising; a half at `half`."""
    return value / (value + half) if value > 0 else 0.0
