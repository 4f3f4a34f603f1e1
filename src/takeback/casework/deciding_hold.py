"""Is a hold to end later, or sooner? With a reason, from the state that was shown, and never in the past."""

from datetime import datetime

from takeback.casework.claiming import in_book
from takeback.casework.deciding import begin_decision, one_at_a_time, reason_of
from takeback.casework.hold import move_end
from takeback.casework.ports import House
from takeback.casework.progress import known
from takeback.core.case import Stage
from takeback.core.errors import CaseRefused
from takeback.core.events import Json
from takeback.core.permission import Verb

LONGER, SHORTER = "hold.longer", "hold.shorter"


def move_hold(
    house: House,
    case_id: str,
    until: datetime,
    reason: str,
    state: str,
    *,
    by: str,
    shorter: bool,
    lead: bool = False,
) -> None:
    """Let the hold end at `until`. `shorter` says which of the two acts it is: an act that is granted for longer
    holds never shortens one. Beyond what the rules leave to an agent it takes a `lead`. The same press twice is one.
    """
    with one_at_a_time(case_id):
        case = known(house, case_id)
        if case.stage is Stage.HOLD and case.hold_until == until:
            return
        said = reason_of(reason)
        case = begin_decision(house, case_id, state, by=by)
        if case.stage is not Stage.HOLD or case.hold_until is None:
            raise CaseRefused("hold.none", "This case is not on hold.")
        if until <= house.clock.now():
            raise CaseRefused("hold.past", "A hold cannot end in the past.")
        if (until < case.hold_until) is not shorter:
            raise CaseRefused("hold.other_way", "That is the other way: choose longer, or shorter.")
        if not lead and (case.undone_at is None or not house.rules.now().agent_may_hold(until - case.undone_at)):
            raise CaseRefused("hold.lead", "A hold of this length is for a lead to set.")
        before = case.hold_until
        move_end(house, case_id, until, by=by, why=SHORTER if shorter else LONGER, reason=said)
        verb = Verb.SHORTEN_HOLD if shorter else Verb.MOVE_HOLD
        evidence: dict[str, Json] = {"from": before.isoformat(), "to": until.isoformat()}
        in_book(house, by, verb, case_id, why=said, evidence=evidence)
