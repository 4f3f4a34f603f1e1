"""What is to be done first? All open cases by urgency, each with the reasons for its place.

To know what is at risk in a case takes an investigation, so each case's facts are kept for as long as nothing was done
in it. One look investigates for a fraction of a second at most; what that leaves out is weighed by what costs nothing,
says so, and has its turn at the next look.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Lock
from time import monotonic

from takeback.casework.callback import CALL
from takeback.casework.calling import call_of, doubted
from takeback.casework.claims import Claim, Hand
from takeback.casework.deciding_answers import asked
from takeback.casework.deciding_plan import votes_of
from takeback.casework.investigate import Inquiry, inquire
from takeback.casework.ports import House, Task
from takeback.casework.progress import known
from takeback.casework.tasks import is_overdue
from takeback.core.case import Case, Stage
from takeback.core.events import OrderPlaced, OrderStep
from takeback.core.investigate.findings import Actor
from takeback.core.urgency import Facts, Targets, Urgency, urgency

PATIENCE = 0.12  # seconds of one look for investigations
STALE = timedelta(minutes=10)  # after which a case is looked into again, though nothing was done in it
MOST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Known:
    """What an investigation told of a case, for the queue. `money` counts the shop's currency alone."""

    money: Decimal
    parcels: int
    questions: int
    approval: bool
    missing: str  # who is missing for the approval
    for_lead: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A case's place in the queue. `weighed` False: what is at risk is not known yet."""

    case: Case
    urgency: Urgency
    facts: Facts
    claim: Claim | None
    missing: str
    weighed: bool
    call: str = ""  # the id of the call that is waited for


@dataclass(frozen=True, slots=True)
class Lists:
    """What one look reads of all cases at once."""

    cases: Sequence[Case]
    claims: Mapping[str, Claim]
    tasks: Mapping[str, list[Task]]
    hands: Mapping[str, Hand]
    lengths: Mapping[str, int]


class FactBook:
    """Keeps what investigations told, each for as long as nothing was done in its case. Safe to share between
    threads.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], tuple[tuple[object, ...], datetime, Known]] = OrderedDict()
        self._lock = Lock()

    def know(self, house: House, lists: Lists, patience: float) -> dict[str, tuple[Known, bool]]:
        """What is known of each case, and whether that is of now. What is not known at all is looked into first."""
        now, where = house.clock.now(), str(house.configuration.data_dir)
        versions = {case.id: (lists.lengths.get(case.id, 0), case.stage, case.plan_hash) for case in lists.cases}
        with self._lock:
            kept = {case.id: self._kept.get((where, case.id)) for case in lists.cases}
        due = [
            case
            for case in lists.cases
            if (had := kept[case.id]) is None or had[0] != versions[case.id] or now - had[1] > STALE
        ]
        due.sort(key=lambda case: (kept[case.id] is not None, case.stage is Stage.HAND_BACK))
        until = monotonic() + patience
        for case in due:
            if monotonic() > until:
                break
            told = (versions[case.id], now, look_into(house, known(house, case.id)))
            kept[case.id] = told
            with self._lock:
                self._kept[(where, case.id)] = told
                self._kept.move_to_end((where, case.id))
                while len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
        return {name: (had[2], had[0] == versions[name]) for name, had in kept.items() if had is not None}


_book = FactBook()


def queue(house: House, *, patience: float = PATIENCE) -> list[Place]:
    """Every case that is open, and every closed one that still has a task; the most urgent first."""
    lists = _lists(house)
    facts = _book.know(house, lists, patience)
    within, now = targets_of(house), house.clock.now()
    dear = Decimal(max(house.configuration.approval.max_total, 1))
    places = [_place(case, lists, facts.get(case.id), now, within, dear) for case in lists.cases]
    return sorted(places, key=lambda one: (-one.urgency.score, one.case.opened_at, one.case.id))


def targets_of(house: House) -> Targets:
    """The service levels, as the rules have them."""
    rules = house.rules.now()
    return Targets(
        stopped=timedelta(minutes=rules.target_stopped_minutes),
        decided=timedelta(minutes=rules.target_decided_minutes),
        called=timedelta(minutes=rules.target_called_minutes),
        tasks=timedelta(minutes=rules.target_tasks_minutes),
        back=timedelta(minutes=rules.target_back_minutes),
    )


def look_into(house: House, case: Case) -> Known:
    """What is at risk in one case, and what it waits for."""
    inquiry = inquire(house, case)
    money, parcels = at_risk(inquiry, house.configuration.approval.currency)
    votes = votes_of(house, case, inquiry)
    open_questions = [one for one in asked(house, case, inquiry) if one.answer is None]
    waits = votes.missing not in ("", "owner") and case.stage.reached(Stage.INVESTIGATE)
    return Known(money, parcels, len(open_questions), waits, votes.missing if waits else "", doubted(house, case.id))


def at_risk(inquiry: Inquiry, currency: str) -> tuple[Decimal, int]:
    """The money in the intruder's orders that are neither cancelled nor delivered, and how many of them have not left.
    Digital goods do not leave, and are gone at once.
    """
    steps: dict[tuple[str, str], set[str]] = {}
    for event in inquiry.events:
        if isinstance(event.data, OrderStep):
            steps.setdefault((event.source, event.data.order), set()).add(event.type.value)
    money, parcels = Decimal(0), 0
    for event in inquiry.events:
        data = event.data
        if not isinstance(data, OrderPlaced) or inquiry.findings.events.get(event.id) is not Actor.INTRUDER:
            continue
        done = steps.get((event.source, data.order.id), set())
        if done & {"order.cancelled", "order.delivered"}:
            continue
        if data.order.total is not None and data.order.total.currency == currency:
            money += max(data.order.total.value, Decimal(0))
        parcels += "order.shipped" not in done and not data.order.digital
    return money, parcels


def _lists(house: House) -> Lists:
    tasks: dict[str, list[Task]] = {}
    every = house.cases.open_tasks()
    for task in every:
        tasks.setdefault(task.case, []).append(task)
    cases = house.cases.cases()
    open_ = {case.id for case in cases}
    closed = [case for name in tasks.keys() - open_ if (case := house.cases.case(name)) is not None]
    hands = house.claims.hands(task.id for task in every)
    claims = house.claims.every(house.clock.now())
    return Lists([*cases, *closed], claims, tasks, hands, house.cases.log_lengths())


def _place(
    case: Case, lists: Lists, known_: tuple[Known, bool] | None, now: datetime, targets: Targets, dear: Decimal
) -> Place:
    tasks = lists.tasks.get(case.id, [])
    call = next((call_of(task, case) for task in tasks if task.what == CALL), None)
    others = [task for task in tasks if task.what != CALL]
    overdue = sum(is_overdue(task, lists.hands.get(task.id), now, targets.tasks) for task in others)
    facts = Facts(
        stage=case.stage,
        since=case.opened_at,
        stopped=case.frozen_at is not None,
        call_since=call.since if call is not None and (call.not_before is None or call.not_before <= now) else None,
        hold_until=case.hold_until,
        overdue=overdue,
    )
    if known_ is not None:
        told = known_[0]
        facts = replace(
            facts,
            money=told.money,
            parcels=told.parcels,
            questions=told.questions,
            approval=told.approval,
            for_lead=told.for_lead,
        )
    return Place(
        case,
        urgency(facts, now, targets, dear),
        facts,
        lists.claims.get(case.id),
        known_[0].missing if known_ is not None else "",
        known_ is not None and known_[1],
        call.task.id if call is not None else "",
    )
