"""What does a member of staff need to know of a case, in one reading? All of it as values: read, and nothing written.

The one thing that takes long is the inquiry, which is handed in, so that a page makes it once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from takeback.casework.answers import Answer, answers
from takeback.casework.callback import CALL
from takeback.casework.calling import call_of
from takeback.casework.claims import Claim
from takeback.casework.dossier_account import ThenAndNow, then_and_now
from takeback.casework.dossier_money import Stake, stake_of
from takeback.casework.dossier_plan import TakenBack, taken_back
from takeback.casework.dossier_services import ServiceState, services_of
from takeback.casework.investigate import Inquiry
from takeback.casework.ledger import SETTLED, Part, row_id
from takeback.casework.looking import noted
from takeback.casework.ports import ActionRecord, Approval, Entry, House, SentLetter, Task
from takeback.casework.queue import targets_of
from takeback.casework.talks import Talk, Turn
from takeback.casework.undo import who_must_approve
from takeback.core.approval import Needed, Vote, approved
from takeback.core.case import Case, Stage
from takeback.core.events import Event, Viewed
from takeback.core.investigate.findings import OWNER, SessionFinding
from takeback.core.urgency import Clock, Facts, Targets, clock_of

PLAINLY_HERS = 0.02  # an owner's visit that is less plainly hers is shown by itself


class Waiting(StrEnum):
    """What the case waits for."""

    REPORTER = "reporter"  # a code from whoever reported, or staff
    SERVICES = "services"  # to be stopped, one or more of them
    FINDINGS = "findings"
    PROOF = "proof"  # of the owner, so that the standing rule may approve
    ONE = "one"  # approval
    TWO = "two"
    SECOND = "second"  # of two approvals one is there
    UNDOING = "undoing"  # the services, which do it
    HOLD = "hold"  # to end
    OWNER = "owner"  # proof after the hold, or a new password
    RESUMING = "resuming"  # somebody paused it, and has to resume it
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Visits:
    """The visits in order of time: those of the intruder or of nobody knows whom, those of the owner's that are not
    plainly hers, and the rest of hers, which are many.
    """

    doubtful: tuple[SessionFinding, ...]
    unusual: tuple[SessionFinding, ...]
    ordinary: tuple[SessionFinding, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """What the intruder looked at at one service, with the events; `held`: what it then held of that, by item id."""

    source: str
    what: str
    events: tuple[str, ...]
    held: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Dossier:
    """A case as staff read it, at `now`. Contact points are whole in `account` and `taken_back`: masked when shown.
    `named` are the events by the names that findings and plan give them.
    """

    case: Case
    now: datetime
    inquiry: Inquiry
    named: Mapping[str, Event]
    waiting: Waiting
    need: Needed
    claim: Claim | None
    clock: Clock | None
    stake: Stake
    visits: Visits
    account: ThenAndNow
    taken_back: tuple[TakenBack, ...]
    services: tuple[ServiceState, ...]
    looked: tuple[Looked, ...]
    tasks: tuple[Task, ...]
    approvals: tuple[Approval, ...]
    said: Mapping[tuple[str, str], Answer]
    talks: tuple[tuple[Talk, tuple[Turn, ...]], ...]
    ledger: tuple[ActionRecord, ...]
    log: tuple[Entry, ...]
    letters: tuple[SentLetter, ...]


def dossier_of(house: House, case: Case, inquiry: Inquiry) -> Dossier:
    """All of a case. No service is asked, and nothing is written."""
    cases, now = house.cases, house.clock.now()
    rows, log, votes = inquiry.read.rows, inquiry.read.log, cases.approvals(case.id)
    named = {event.id: event for event in inquiry.events}
    account = then_and_now(inquiry, noted(log))
    need = who_must_approve(house, inquiry)
    tasks, waiting = cases.tasks(case.id), waiting_for(case, inquiry, rows, votes, need)
    if waiting not in (Waiting.SERVICES, Waiting.NOTHING) and house.pauses.of(case.id) is not None:
        waiting = Waiting.RESUMING
    return Dossier(
        case=case,
        now=now,
        inquiry=inquiry,
        named=named,
        waiting=waiting,
        need=need,
        claim=house.claims.of_case(case.id, now),
        clock=_clock(case, waiting, len(inquiry.plan.questions), tasks, now, targets_of(house)),
        stake=stake_of(inquiry, account),
        visits=visits_of(inquiry.findings.sessions),
        account=account,
        taken_back=tuple(taken_back(case.id, inquiry.plan, rows, named)),
        services=services_of([service.source for service in house.services], rows, log, inquiry.events),
        looked=_looked(account),
        tasks=tuple(tasks),
        approvals=tuple(votes),
        said=answers(house, case.id),
        talks=tuple((talk, tuple(house.talks.turns(talk.id))) for talk in house.talks.of_case(case.id)),
        ledger=tuple(rows),
        log=tuple(log),
        letters=tuple(cases.letters(case.id)),
    )


def waiting_for(
    case: Case, inquiry: Inquiry, rows: Sequence[ActionRecord], votes: Sequence[Approval], need: Needed
) -> Waiting:
    """What has to happen next, and so who has to do something."""
    stage = case.stage
    if stage is Stage.REPORT:
        return Waiting.REPORTER
    if stage is Stage.CLOSED:
        return Waiting.NOTHING
    if stage is Stage.FREEZE or case.frozen_at is None:
        return Waiting.SERVICES
    if stage is Stage.INVESTIGATE:
        return Waiting.FINDINGS
    if stage is Stage.UNDO:
        return _undoing(case, inquiry, rows, votes, need)
    return Waiting.HOLD if stage is Stage.HOLD else Waiting.OWNER


def _undoing(
    case: Case, inquiry: Inquiry, rows: Sequence[ActionRecord], votes: Sequence[Approval], need: Needed
) -> Waiting:
    plan = inquiry.plan
    undone = [row for row in rows if row.phase == Part.UNDO]
    settled = {row.id for row in undone if row.outcome in SETTLED}
    fresh = [act for act in plan.undoing if row_id(case.id, act.id, act.source or "") not in settled]
    given = [Vote(one.plan_hash, one.by, one.role) for one in votes]
    if len(settled) < len(undone) or not fresh or approved(plan.hash, given, need):
        return Waiting.UNDOING
    if need is Needed.RULE:
        return Waiting.PROOF
    if need is Needed.TWO:
        return Waiting.SECOND if any(one.plan_hash == plan.hash for one in given) else Waiting.TWO
    return Waiting.ONE


def _clock(
    case: Case, waiting: Waiting, questions: int, tasks: Sequence[Task], now: datetime, targets: Targets
) -> Clock | None:
    """The service level that ends next, as the queue has it."""
    calls = [call_of(task, case) for task in tasks if task.what == CALL and task.closed_at is None]
    facts = Facts(
        stage=case.stage,
        since=case.opened_at,
        stopped=case.frozen_at is not None,
        questions=questions if case.stage is not Stage.CLOSED else 0,
        approval=waiting in (Waiting.ONE, Waiting.TWO, Waiting.SECOND),
        call_since=next((call.since for call in calls if call.not_before is None or call.not_before <= now), None),
    )
    return clock_of(facts, now, targets)


def visits_of(sessions: Sequence[SessionFinding]) -> Visits:
    """The findings in three parts, each in order of time."""
    in_time = sorted(sessions, key=lambda found: found.start)
    hers = [found for found in in_time if found.actor is OWNER]
    return Visits(
        tuple(found for found in in_time if found.actor is not OWNER),
        tuple(found for found in hers if found.probability > PLAINLY_HERS),
        tuple(found for found in hers if found.probability <= PLAINLY_HERS),
    )


def _looked(account: ThenAndNow) -> tuple[Looked, ...]:
    found: dict[tuple[str, str], list[str]] = {}
    for event in account.his:
        if isinstance(event.data, Viewed):
            found.setdefault((event.source, event.data.what), []).append(event.id)
    return tuple(
        Looked(source, what, tuple(ids), _held(account, source, what)) for (source, what), ids in found.items()
    )


def _held(account: ThenAndNow, source: str, what: str) -> Mapping[str, object]:
    """The items of a collection of this name that are the owner's."""
    items = account.replays.clean.items
    return {key[2]: value for key, value in items.items() if key[:2] == (source, what) and isinstance(value, dict)}
