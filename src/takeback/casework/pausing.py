"""What must wait because a person said so? A case that is paused, or all of them, for a bad day.

What stops an account and what proves who somebody is goes on, and so do letters and the end of a hold. Investigating,
undoing and handing back wait, and begin where they were when the pause ends.
"""

from collections.abc import Sequence

from takeback.casework.auditbook import Act
from takeback.casework.pauses import EVERY, Pause
from takeback.casework.ports import Entry, House
from takeback.core.errors import CaseRefused
from takeback.core.events import Json

HELD = frozenset({"investigate", "undo", "hand_back"})
PAUSED, RESUMED = "case.paused", "case.resumed"


def is_held(house: House, phase: str, args: Sequence[str]) -> bool:
    """True when this phase has to wait. It is remembered, and begins when the pause ends."""
    if phase not in HELD or house.pauses.of(args[0]) is None:
        return False
    house.pauses.hold(phase, args)
    return house.pauses.of(args[0]) is not None  # who resumed it meanwhile may not have seen what was just written


def pause(house: House, case: str, *, by: str, why: str) -> None:
    """Pause a case, or `EVERY` one. `by` is as the book names people. `CaseRefused` when it is paused already."""
    now = house.clock.now()
    if not house.pauses.begin(Pause(case, now, by, why)):
        raise CaseRefused("pause.already", "It is paused already.")
    _note(house, case, by, PAUSED, why)


def resume(house: House, case: str, *, by: str, why: str) -> int:
    """End the pause of a case, or the one of `EVERY`; how many phases begin. What is paused by another one as well
    stays so. `CaseRefused` when it is not paused.
    """
    if not house.pauses.end(case):
        raise CaseRefused("pause.none", "It is not paused.")
    _note(house, case, by, RESUMED, why)
    begun = 0
    for held in house.pauses.held(case):
        if house.pauses.of(held.args[0]) is None:
            house.starter.start(held.phase, *held.args, because=f"resumed-{held.id}")
            house.pauses.let_go(held)
            begun += 1
    return begun


def _note(house: House, case: str, by: str, what: str, why: str) -> None:
    evidence: dict[str, Json] = {"reason": why}
    if case != EVERY:
        house.cases.note(Entry(case, house.clock.now(), by, what, "staff.decided", evidence))
    house.audit.note(Act(house.clock.now(), by, what, why, case))
