"""Stage 4 of 7. Who did what? Reads the event log, the customer's words, the ledger, and what the services were last
seen to show; the core decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from takeback.casework.ledger import SETTLED, Part, carried, ledgers, row_id
from takeback.casework.looking import look, noted
from takeback.casework.ports import ActionRecord, Entry, House
from takeback.casework.progress import Progress, advance, known, update
from takeback.core.case import Case, Stage
from takeback.core.events import Event, Json
from takeback.core.investigate.attribution import Word
from takeback.core.investigate.findings import Findings
from takeback.core.investigation import in_order, investigate
from takeback.core.undo.plan import Action, Plan


@dataclass(frozen=True, slots=True)
class Read:
    """What of the case itself was read for it: its ledger and its log, of one moment."""

    rows: list[ActionRecord]
    log: list[Entry]


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is known of an account now: its events, the findings, the plan."""

    events: list[Event]
    findings: Findings
    plan: Plan
    read: Read


def inquire(house: House, case: Case) -> Inquiry:
    """The case's account as it is known at this moment. No service is asked."""
    now = house.clock.now()
    events = in_order(case.account, house.event_log.account(case.account), now)  # named as the findings name them
    words = [Word(said.kind, said.id, said.mine) for said in house.cases.said(case.id) if said.proven]
    rows, log = ledgers(house, case.account), house.cases.log(case.id)
    done = carried(case.account, chain.from_iterable(rows.values()))
    found = investigate(case.account, events, now=now, words=words, carried=done, looks=noted(log))
    return Inquiry(events, found.findings, found.plan, Read(rows.get(case.id, []), log))


def look_again(house: House, case: Case, inquiry: Inquiry) -> Inquiry:
    """Ask the services how they show the account, where something is to be taken back or was seen to differ before."""
    plan = inquiry.plan
    whys = {*(one.why for one in plan.kept), *(one.why for one in plan.questions)}
    if not (plan.undoing or "snapshot.differs" in whys):
        return inquiry
    if not look(house, case, inquiry.events, inquiry.findings, inquiry.read.log):
        return inquiry
    return inquire(house, case)


def outstanding(case: Case, inquiry: Inquiry) -> list[Action]:
    """The undoing that is not in the case's ledger yet."""
    return left_of(case, inquiry.plan, inquiry.read.rows)


def left_of(case: Case, plan: Plan, rows: Iterable[ActionRecord]) -> list[Action]:
    """What of any plan is not in these rows of the case's ledger yet."""
    settled = {row.id for row in rows if row.phase == Part.UNDO and row.outcome in SETTLED}
    return [act for act in plan.undoing if row_id(case.id, act.id, act.source or "") not in settled]


def look_into(house: House, case_id: str) -> Progress:
    """Find out who did what, and keep the hash of the plan that is shown from now on."""
    case = known(house, case_id)
    if case.stage is Stage.CLOSED:
        return Progress.DONE
    show(house, case, look_again(house, case, inquire(house, case)))
    return Progress.DONE


def show(house: House, case: Case, inquiry: Inquiry) -> Case:
    """Make `inquiry` the one that the case shows. New undoing brings a case on hold back to the undo stage."""
    plan, findings = inquiry.plan, inquiry.findings
    fresh = outstanding(case, inquiry)
    stage = Stage.UNDO if fresh else advance(case.stage, Stage.UNDO)
    if (stage, plan.hash) == (case.stage, case.plan_hash):
        return case
    evidence: dict[str, Json] = {
        "plan": plan.hash,
        "compromised": findings.compromised,
        "sessions": {found.strand: found.actor.value for found in findings.sessions[-20:]},
        "to_do": len(fresh),
        "kept": len(plan.kept),
        "questions": len(plan.questions),
        "irreversible": len(plan.irreversible),
    }
    entry = Entry(case.id, house.clock.now(), "system", "plan.made", "replay.difference", evidence)
    return update(house, case, entry, stage=stage, plan_hash=plan.hash)
