"""Whose case is this now? A case is one person's while they act on it, and nobody's some time after their last act
(the rule `claim_minutes`).

Who acts on a case that is nobody's takes it with that. A second person's approval needs no claim: it is there to be
given by somebody else.
"""

from datetime import timedelta

from takeback.casework.auditbook import Act
from takeback.casework.claims import Claim
from takeback.casework.ports import Entry, House
from takeback.casework.progress import known
from takeback.core.case import Case, Stage
from takeback.core.errors import CaseRefused
from takeback.core.events import Json
from takeback.core.permission import Verb

MOST_REASON = 500  # characters of what somebody says in their own words


def claim(house: House, case_id: str, *, by: str, over: bool = False) -> Claim:
    """Take a case; `over`: also from whoever has it. `CaseRefused` where it is another's, or closed."""
    case = known(house, case_id)
    if case.stage is Stage.CLOSED:
        raise CaseRefused("case.closed", "This case is closed.")
    now = house.clock.now()
    before = house.claims.of_case(case_id, now)
    got = house.claims.claim(Claim(case_id, by, now, now + _lapses(house)), over=over)
    if got.by != by:
        raise CaseRefused("case.claimed", f"{got.by} works on this case.")
    if before is None or before.by != by:
        verb = Verb.TAKE_OVER_CASE if before is not None else Verb.CLAIM_CASE
        evidence: dict[str, Json] = {"from": before.by} if before is not None else {}
        record(house, by, verb, case_id, "case.claimed", "desk.claimed", evidence)
    return got


def release(house: House, case_id: str, *, by: str) -> None:
    """Give a case back. One that is not this person's stays as it is."""
    held = house.claims.of_case(case_id, house.clock.now())
    if held is not None and held.by == by:
        house.claims.release(case_id, by)
        record(house, by, Verb.CLAIM_CASE, case_id, "case.released", "desk.released", {})


def begin_act(house: House, case_id: str, *, by: str) -> Case:
    """The case, for an act of this person, whose claim it is from now on. `CaseRefused` where it is another's."""
    case = known(house, case_id)
    now = house.clock.now()
    got = house.claims.claim(Claim(case_id, by, now, now + _lapses(house)))
    if got.by != by:
        raise CaseRefused("case.claimed", f"{got.by} works on this case.")
    return case


def record(
    house: House, by: str, verb: Verb, case_id: str, what: str, why: str, evidence: dict[str, Json], *, reason: str = ""
) -> None:
    """Write an act of the desk into the case's log and into the book. `reason`: what the person said."""
    now = house.clock.now()
    told = evidence | ({"reason": reason} if reason else {})
    house.cases.note(Entry(case_id, now, f"staff:{by}", what, why, told))
    in_book(house, by, verb, case_id, why=reason or why, evidence=evidence)


def in_book(house: House, by: str, verb: Verb, case_id: str, *, why: str, evidence: dict[str, Json]) -> None:
    """Write an act into the book alone: where the case's log has its line by another function already, or none."""
    house.audit.note(Act(house.clock.now(), f"staff:{by}", verb.value, why, case_id, evidence))


def _lapses(house: House) -> timedelta:
    return timedelta(minutes=house.rules.now().claim_minutes)
