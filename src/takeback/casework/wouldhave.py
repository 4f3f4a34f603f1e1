"""What would have been, had other rules held? Past cases are looked at again as they were when they were decided.

Each plan is made anew from the events up to its moment, what the customer had said by then and what had been done, and
asked who would have had to approve it. Nothing is written and no service is asked. What came in late may make a plan
another one than was decided on; such plans are counted by themselves.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from time import monotonic

import msgspec

from takeback.casework.callback import CALL
from takeback.casework.investigate import Inquiry, Read
from takeback.casework.ledger import carried, ledgers
from takeback.casework.looking import noted
from takeback.casework.notice import BACK
from takeback.casework.ports import Approval, Entry, House, Task
from takeback.casework.report import RECEIVED
from takeback.casework.undo import BEGUN, needed_by
from takeback.core.approval import Needed
from takeback.core.case import Case, Stage
from takeback.core.investigate.attribution import Word
from takeback.core.investigation import in_order, investigate
from takeback.core.rules import Rules

MOST_CASES = 500
LONGEST_DAYS = 365
PATIENCE = 30.0  # seconds that one trial may take; what was not reached by then is said
MOST_TOLD = 50  # cases that are named because something would have been different
PLANS = {Needed.RULE: "plans_rule", Needed.ONE: "plans_one", Needed.TWO: "plans_two"}
WAITING = "plans_waiting"


@dataclass(frozen=True, slots=True)
class Different:
    """A plan that would have been approved by others than the rules of today ask for."""

    case: str
    before: Needed
    after: Needed


@dataclass(slots=True)
class Trial:
    """How far a trial is, and what it has found. The counts are by name (see `ROWS`): what happened, what the rules of
    today would have brought, and what the rules that are tried would have. `cut`: time or the bound ran out.
    """

    total: int = 0
    done: int = 0
    happened: Counter[str] = field(default_factory=Counter)
    today: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    different: list[Different] = field(default_factory=list)
    plans: int = 0
    rebuilt: int = 0  # plans that came out exactly as they were decided on
    erased: int = 0  # plans of accounts whose events are kept no longer
    cut: bool = False
    seconds: float = 0.0


# The counts in the order in which they are shown, each with the columns in which it means something.
ROWS: tuple[tuple[str, tuple[str, ...]], ...] = (
    *((name, ("happened", "today", "tried")) for name in PLANS.values()),
    (WAITING, ("happened",)),
    ("holds_longer", ("today", "tried")),
    ("holds_same", ("today", "tried")),
    ("holds_shorter", ("today", "tried")),
    ("moves_lead", ("today", "tried")),
    ("notice_opened", ("happened", "today", "tried")),
    ("notice_asked", ("happened", "today", "tried")),
    *((f"late_{name}", ("today", "tried")) for name in ("stopped", "decided", "called", "tasks", "back")),
)


def try_rules(
    house: House, tried: Rules, *, days: int, most: int = MOST_CASES, patience: float = PATIENCE
) -> Iterator[Trial]:
    """Look at the cases of the last `days` days again, the newest first. Yields the one trial after each case."""
    began, since = monotonic(), house.clock.now() - timedelta(days=days)
    cases = [case for case in house.cases.cases(open_only=False) if case.opened_at >= since]
    trial = Trial(total=len(cases), cut=len(cases) > most)
    rules = (house.rules.now(), tried)
    yield trial
    for case in cases[:most]:
        if monotonic() - began > patience:
            trial.cut = True
            break
        _look_at(house, trial, case, rules)
        trial.done += 1
        trial.seconds = monotonic() - began
        yield trial


def as_it_was(house: House, case: Case, at: datetime) -> Inquiry:
    """The account as it was known at a moment of the past. No service is asked."""
    events = in_order(case.account, house.event_log.account(case.account), at)
    rows, log = ledgers(house, case.account), [entry for entry in house.cases.log(case.id) if entry.at <= at]
    done = [act for act in carried(case.account, chain.from_iterable(rows.values())) if act.at <= at]
    found = investigate(case.account, events, now=at, words=_words(log, at), carried=done, looks=noted(log))
    return Inquiry(events, found.findings, found.plan, Read(rows.get(case.id, []), log))


class _Told(msgspec.Struct):
    """A word of the customer's as the log has it."""

    kind: str
    id: str
    mine: bool


def _words(log: Sequence[Entry], at: datetime) -> list[Word]:
    """What had been said by then, a later word on the same thing over an earlier one."""
    told: dict[tuple[str, str], Word] = {}
    for entry in log:
        if entry.what == "said" and entry.at <= at:
            for one in msgspec.convert(entry.evidence.get("said", []), list[_Told]):
                told[one.kind, one.id] = Word(one.kind, one.id, one.mine)
    return list(told.values())


def _look_at(house: House, trial: Trial, case: Case, rules: tuple[Rules, Rules]) -> None:
    log, tasks = house.cases.log(case.id), house.cases.tasks(case.id)
    approvals = house.cases.approvals(case.id)
    counts = (trial.today, trial.tried)
    for at, plan_hash in _decided(case, log):
        inquiry = as_it_was(house, case, at)
        if not inquiry.events:
            trial.erased += 1
            continue
        trial.plans += 1
        trial.rebuilt += inquiry.plan.hash == plan_hash
        trial.happened.update(_approved_by(approvals, plan_hash, waits=case.stage is Stage.UNDO))
        before, after = (needed_by(one, inquiry) for one in rules)
        trial.today[PLANS[before]] += 1
        trial.tried[PLANS[after]] += 1
        if before is not after and len(trial.different) < MOST_TOLD:
            trial.different.append(Different(case.id, before, after))
    opened = any(entry.what == RECEIVED and entry.who == "system" for entry in log)
    asked = sum(task.what == BACK for task in tasks)
    trial.happened.update({"notice_opened": opened, "notice_asked": asked})
    for count, one in zip(counts, rules, strict=True):
        count["notice_opened" if one.notice_opens else "notice_asked"] += opened + asked
        count.update(_holds(log, one))
        count.update(_late(case, log, tasks, one, house.clock.now()))


def _decided(case: Case, log: Sequence[Entry]) -> list[tuple[datetime, str]]:
    """Just before when each plan of the case was begun, and its hash; last the one that still waits."""
    found = [(entry.at - timedelta.resolution, str(entry.evidence["plan"])) for entry in log if entry.what == BEGUN]
    made = [(entry.at, str(entry.evidence["plan"])) for entry in log if entry.what == "plan.made"]
    if case.stage is Stage.UNDO and made and made[-1][1] not in {plan for _, plan in found}:
        found.append(made[-1])
    return found


def _approved_by(approvals: Sequence[Approval], plan_hash: str, *, waits: bool) -> list[str]:
    """The one count of who approved it; none where that is kept no longer."""
    votes = [vote for vote in approvals if vote.plan_hash == plan_hash]
    people = {vote.by for vote in votes if vote.role != "rule"}
    if people:
        return [PLANS[Needed.TWO if len(people) > 1 else Needed.ONE]]
    if votes:
        return [PLANS[Needed.RULE]]
    return [WAITING] if waits else []


def _holds(log: Sequence[Entry], rules: Rules) -> Counter[str]:
    """How the holds that were begun compare with the length that these rules say, and which moves of an end would have
    taken a lead.
    """
    count: Counter[str] = Counter()
    undone: datetime | None = None
    for entry in log:
        if entry.what == "undo.ended":
            undone = entry.at
            held = datetime.fromisoformat(str(entry.evidence["hold_until"])) - undone
            name = "longer" if rules.hold > held else "shorter" if rules.hold < held else "same"
            count[f"holds_{name}"] += 1
        elif entry.what == "hold.moved" and undone is not None:
            moved = datetime.fromisoformat(str(entry.evidence["to"])) - undone
            count["moves_lead"] += not rules.agent_may_hold(moved)
    return count


def _late(case: Case, log: Sequence[Entry], tasks: Sequence[Task], rules: Rules, now: datetime) -> Counter[str]:
    """What would have been late by the targets of these rules."""
    decided = next((entry.at for entry in log if entry.what == BEGUN), None)
    waited = next((entry.at for entry in log if entry.what == "undo.waits"), None)
    spans = [
        *([("stopped", case.opened_at, case.frozen_at)] if case.stage.reached(Stage.FREEZE) else []),
        *([("decided", case.opened_at, decided)] if waited is not None else []),
        *([("back", case.opened_at, case.handed_back_at)] if decided is not None else []),
        *(("called" if task.what == CALL else "tasks", task.opened_at, task.closed_at) for task in tasks),
    ]
    targets = {
        "stopped": rules.target_stopped_minutes,
        "decided": rules.target_decided_minutes,
        "called": rules.target_called_minutes,
        "tasks": rules.target_tasks_minutes,
        "back": rules.target_back_minutes,
    }
    return Counter(
        f"late_{what}" for what, start, end in spans if (end or now) - start > timedelta(minutes=targets[what])
    )
