"""Was this you? Her answers: mine, not mine, not sure. Each goes to the investigation at once."""

from collections.abc import Sequence
from enum import StrEnum

from takeback.casework import undo
from takeback.casework.ports import Entry, House, Said
from takeback.casework.progress import known
from takeback.core.errors import CaseRefused
from takeback.core.events import Json
from takeback.core.undo.plan import digest


class Answer(StrEnum):
    """What she says of a thing."""

    YES = "yes"
    NO = "no"
    NOT_SURE = "not_sure"


def answer(house: House, case_id: str, things: Sequence[tuple[str, str]], said: Answer) -> None:
    """Take her answer about each `(kind, id)`, kind being order, session or event. `CaseRefused` before proof.

    Not being sure is an answer too: it takes back what she said of it before, and leaves the rest to the evidence.
    """
    if said is not Answer.NOT_SURE:
        undo.hear(house, case_id, [(kind, name, said is Answer.YES) for kind, name in things])
        return
    case = known(house, case_id)
    if case.proven_at is None:
        raise CaseRefused("owner.not_proven", "Enter the code from the mail first.")
    now = house.clock.now()
    # Not proven words weigh nothing: the row is there to show what she answered.
    house.cases.hear([Said(case_id, kind, name, mine=False, proven=False, at=now) for kind, name in things])
    told: list[Json] = [{"kind": kind, "id": name} for kind, name in things]
    house.cases.note(Entry(case_id, now, "customer", "said.not_sure", "was_this_you", {"said": told}))
    house.starter.start("investigate", case_id, because=f"said-{digest(told, now.isoformat())[:16]}")


def answers(house: House, case_id: str) -> dict[tuple[str, str], Answer]:
    """What she has said, by `(kind, id)`."""
    return {
        (one.kind, one.id): (Answer.YES if one.mine else Answer.NO) if one.proven else Answer.NOT_SURE
        for one in house.cases.said(case_id)
    }
