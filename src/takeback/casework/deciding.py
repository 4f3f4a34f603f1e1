"""May this person do this now? What every act of the desk asks first, and what they share.

A form carries the state in which its page showed the case; an act on another state is refused, so that nobody decides
what they have not seen. The same press twice is one act: it is looked for before anything is refused.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from hmac import compare_digest
from threading import Lock

from takeback.casework.claiming import MOST_REASON, begin_act
from takeback.casework.ports import House
from takeback.core.case import Case
from takeback.core.errors import CaseRefused
from takeback.core.secrets import without_card_numbers
from takeback.core.undo.plan import digest

_locks = [Lock() for _ in range(64)]


def state_of(case: Case) -> str:
    """The case's state in short: another one after anything that matters to a decision.

    The hash of its plan is no part of it: that is written a moment after an answer, and whoever decides on a plan names
    its hash.
    """
    times = [str(at) for at in (case.hold_until, case.undone_at, case.frozen_at, case.handed_back_at)]
    return digest(case.id, case.stage.value, case.approved_hash, *times)[:16]


def refuse_unless_as_shown(case: Case, state: str) -> None:
    """`CaseRefused` where the case is not as the page showed it."""
    if not compare_digest(state_of(case).encode(), state.encode()):
        raise CaseRefused("case.moved", "The case has changed since it was shown.")


def begin_decision(house: House, case_id: str, state: str, *, by: str) -> Case:
    """The case as it was shown, and this person's from now on."""
    case = begin_act(house, case_id, by=by)
    refuse_unless_as_shown(case, state)
    return case


def reason_of(text: str) -> str:
    """What a person gave as a reason: one line, without card numbers. `CaseRefused` where it says nothing."""
    said = without_card_numbers(" ".join(text.split()))[:MOST_REASON]
    if sum(c.isalnum() for c in said) < 3:
        raise CaseRefused("reason.missing", "Say why, in a few words.")
    return said


@contextmanager
def one_at_a_time(case_id: str) -> Iterator[None]:
    """Two presses at once in this process come one after the other, so that the second one finds what the first did."""
    with _locks[hash(case_id) % len(_locks)]:
        yield
