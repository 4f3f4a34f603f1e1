"""Stage 6 of 7.

How long is it still dangerous? A row that waits in the queue, never a sleeping thread; a person may move its end.
"""

from datetime import datetime

from takeback.casework.ports import Entry, House
from takeback.casework.progress import Progress, known, update
from takeback.core import hold
from takeback.core.case import Case, Stage
from takeback.core.errors import CaseRefused
from takeback.core.events import Json


def waiting(house: House, case: Case) -> tuple[str, float]:
    """The hold's reason (unique for each undoing) and how many seconds of it are left."""
    if case.undone_at is None or case.hold_until is None:
        return "none", 0.0
    left = (case.hold_until - house.clock.now()).total_seconds()
    return f"undone-{int(case.undone_at.timestamp() * 1000)}", max(left, 0.0)


def end_hold(house: House, case_id: str) -> Progress:
    """The hold's time has come: open the hand back, unless the end was moved meanwhile or new undoing came up."""
    case = known(house, case_id)
    if case.stage is not Stage.HOLD:
        return Progress.DONE
    now = house.clock.now()
    if not hold.over(case.hold_until, now):
        return Progress.AGAIN
    entry = Entry(case_id, now, "system", "hold.ended", "hold.over", {"hold_until": _text(case.hold_until)})
    update(house, case, entry, stage=Stage.HAND_BACK)
    return Progress.DONE


def move_end(house: House, case_id: str, until: datetime, *, by: str, why: str, reason: str = "") -> None:
    """Staff lengthen or shorten a hold; `reason` is what they say of it. `CaseRefused` when there is none, or beyond
    four weeks after the undoing.
    """
    case = known(house, case_id)
    if case.stage is not Stage.HOLD or case.undone_at is None:
        raise CaseRefused("hold.none", "This case is not on hold.")
    new = hold.hold_until(case.undone_at, until - case.undone_at)
    if new != until:
        raise CaseRefused("hold.out_of_range", "A hold ends between the undoing and four weeks after it.")
    evidence: dict[str, Json] = {"from": _text(case.hold_until), "to": until.isoformat()}
    if reason:
        evidence["reason"] = reason
    entry = Entry(case_id, house.clock.now(), f"staff:{by}", "hold.moved", why, evidence)
    because, left = waiting(house, update(house, case, entry, hold_until=until))
    house.starter.move("hold", case_id, because, left)


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
