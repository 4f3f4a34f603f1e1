"""Who looked at every line, who took the anchor's line, who put a copy back? Each is a line of the book as well."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from takeback.casework.auditbook import Act
from takeback.casework.ports import House
from takeback.casework.verifying import ANCHORED, RESTORED, VERIFIED, Trouble, Verdict, Wrong
from takeback.core.errors import TakebackError
from takeback.core.events import Json


def verify(
    house: House,
    who: str,
    *,
    against: Iterable[str] = (),
    told: Callable[[int, int], None] = lambda _done, _of: None,
    go_on: Callable[[], bool] = lambda: True,
) -> Verdict:
    """Look at everything, and note in the book that it was done, by whom, and what came of it.

    Nothing that is wrong is named anew: the ends of damaged logs stay as the book last knew them.
    """
    verdict = house.verifier.verify(against=against, told=told, go_on=go_on)
    if any(trouble.what is Wrong.UNREADABLE for trouble in verdict.troubles):
        return verdict  # there may be nothing to write to
    house.audit.note(Act(house.clock.now(), who, VERIFIED, evidence=_told(verdict)))
    if verdict.good:
        house.verifier.pin()
    try:
        house.verifier.anchor()
    except TakebackError as error:  # what was found is told all the same
        unusable = Trouble(Wrong.ANCHOR_UNUSABLE, values={"says": str(error)})
        return replace(verdict, wrong=verdict.wrong + 1, troubles=(*verdict.troubles, unusable))
    return verdict


def _told(verdict: Verdict) -> dict[str, Json]:
    kinds: dict[str, Json] = {}
    for trouble in verdict.troubles:
        seen = kinds.get(trouble.what.value, 0)
        kinds[trouble.what.value] = (seen if isinstance(seen, int) else 0) + 1
    return {
        "lines": verdict.lines,
        "cases": verdict.cases,
        "case_lines": verdict.case_lines,
        "anchors": verdict.anchors,
        "whole": verdict.whole,
        "wrong": verdict.wrong,
        "kinds": kinds,
    }


def last_verified(house: House) -> Act | None:
    """The book's line on the last time that everything was looked at."""
    return next(iter(house.audit.acts(what=VERIFIED, most=1)), None)


def own_up(house: House, who: str, why: str) -> None:
    """Note that the database was put back to a copy on purpose. What the anchor knows from before is told as that from
    then on, and no longer as damage.
    """
    house.verifier.anchor()  # which finds the copy to be older, and notes that before the reason
    now = house.clock.now()
    house.audit.note(Act(now, who, RESTORED, why, evidence={"until": now.isoformat()}))
    house.verifier.anchor()


def give_anchor(house: House, who: str) -> str:
    """The anchor's line of now, for a ticket or a letter, noted in the book."""
    house.audit.note(Act(house.clock.now(), who, ANCHORED))
    return house.verifier.anchor()
