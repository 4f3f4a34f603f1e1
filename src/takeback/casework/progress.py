"""How far is a phase, and what is known of its case? What all phases share: a case is read anew, and only moves on."""

from dataclasses import replace
from enum import StrEnum

from takeback.casework.ports import Code, Entry, House
from takeback.core.case import Case, Stage
from takeback.core.errors import TakebackError


class Progress(StrEnum):
    """What a phase says when it returns."""

    DONE = "done"  # what there was to do is done
    AGAIN = "again"  # something outside failed: run the phase again, a little later each time
    WAITS = "waits"  # a person has to act first; their act starts the phase again


class Purpose(StrEnum):
    """What a one-time code proves."""

    REPORT = "report"  # that the reporter reads a contact point the account has or had: enough to freeze
    PROOF = "proof"  # that the reporter reads a trusted contact point: she is the owner
    HAND_BACK = "hand_back"  # the same again, after the hold


def known(house: House, case_id: str) -> Case:
    """The case with all that is known of the owner's proof."""
    case = house.cases.case(case_id)
    if case is None:
        raise TakebackError(f"There is no case {case_id}.")
    return with_proof(case, house.cases.codes(case_id))


def with_proof(case: Case, codes: list[Code]) -> Case:
    """The case with the moments at which the owner returned a code from a trusted contact point."""
    used = [(code.purpose, code.used_at) for code in codes if code.used_at is not None]
    proofs = [at for purpose, at in used if purpose in (Purpose.PROOF, Purpose.HAND_BACK)]
    until = case.hold_until
    later = [at for purpose, at in used if purpose == Purpose.HAND_BACK and until is not None and at >= until]
    return replace(
        case,
        proven_at=case.proven_at or min(proofs, default=None),
        proven_after_hold_at=max(later, default=None),
    )


def update(house: House, case: Case, entry: Entry | None = None, **fields: object) -> Case:
    """Write these fields of the case and no others, with a log entry, and return the case as it is then known."""
    # named by callers here
    kept = house.cases.change(case.id, lambda now: replace(now, **fields), entry=entry)  # type: ignore[arg-type]
    return with_proof(kept, house.cases.codes(case.id))


def advance(now: Stage, to: Stage) -> Stage:
    """The later of two stages: a phase that runs again does not bring its case back."""
    return now if now.reached(to) else to
