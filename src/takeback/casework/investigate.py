"""Stage 4 of 7. Who did what? Reads the event log, the customer's words and the ledger; the core decides."""

from dataclasses import dataclass

from takeback.casework.ledger import SETTLED, Part, carried, row_id
from takeback.casework.ports import Entry, House
from takeback.casework.progress import Progress, advance, known, update
from takeback.core.case import Case, Stage
from takeback.core.events import Event, Json
from takeback.core.investigate.attribution import Word
from takeback.core.investigate.findings import Findings
from takeback.core.investigation import investigate
from takeback.core.undo.plan import Action, Plan


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is known of an account now: its events, the findings, the plan."""

    events: list[Event]
    findings: Findings
    plan: Plan


def inquire(house: House, case: Case) -> Inquiry:
    """Look at the case's account as it is known at this moment."""
    events = house.event_log.account(case.account)
    words = [Word(said.kind, said.id, said.mine) for said in house.cases.said(case.id) if said.proven]
    done = carried(house, case.account)
    found = investigate(case.account, events, now=house.clock.now(), words=words, carried=done)
    return Inquiry(events, found.findings, found.plan)


def outstanding(house: House, case: Case, plan: Plan) -> list[Action]:
    """The undoing that is not in the case's ledger yet."""
    settled = {row.id for row in house.cases.actions(case.id, Part.UNDO.value) if row.outcome in SETTLED}
    return [act for act in plan.undoing if row_id(case.id, act.id, act.source or "") not in settled]


def look_into(house: House, case_id: str) -> Progress:
    """Find out who did what, and keep the hash of the plan that is shown from now on."""
    case = known(house, case_id)
    if case.stage is Stage.CLOSED:
        return Progress.DONE
    inquiry = inquire(house, case)
    show(house, case, inquiry)
    return Progress.DONE


def show(house: House, case: Case, inquiry: Inquiry) -> Case:
    """Make `inquiry` the one that the case shows. New undoing brings a case on hold back to the undo stage."""
    plan, findings = inquiry.plan, inquiry.findings
    fresh = outstanding(house, case, plan)
    stage = Stage.UNDO if fresh else advance(case.stage, Stage.UNDO)
    if (stage, plan.hash) == (case.stage, case.plan_hash):
        return case
    evidence: dict[str, Json] = {
        "plan": plan.hash,
        "compromised": findings.compromised,
        "sessions": {found.session: found.actor.value for found in findings.sessions[-20:]},
        "to_do": len(fresh),
        "kept": len(plan.kept),
        "questions": len(plan.questions),
        "irreversible": len(plan.irreversible),
    }
    entry = Entry(case.id, house.clock.now(), "system", "plan.made", "replay.difference", evidence)
    return update(house, case, entry, stage=stage, plan_hash=plan.hash)
