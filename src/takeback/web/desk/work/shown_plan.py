"""Which plan did a page show? A sealed note in its form, so that a stale approval can be told what has changed since.

The note holds, for each act of the undoing, its id and its words in a row of short lines; it is compressed and signed,
and nobody but us can have written it.
"""

from collections.abc import Sequence

from django.core import signing

from takeback.casework.investigate import Inquiry
from takeback.core.undo.plan import Plan
from takeback.web.desk.work.told import Telling

SALT = "takeback desk plan shown"
SHORT = 16  # characters of an act's id: enough to tell a plan's acts apart
MOST = 3000  # acts; what is beyond is not told one by one
LIVES = 12 * 60 * 60  # seconds


def seal(case_id: str, inquiry: Inquiry, telling: Telling) -> str:
    """The note for a form."""
    acts = inquiry.plan.undoing[:MOST]
    lines = [[act.id[:SHORT], words] for act, words in zip(acts, telling.actions(inquiry, acts), strict=True)]
    return signing.dumps([case_id, inquiry.plan.hash, lines], salt=SALT, compress=True)


def shown_in(note: str, case_id: str) -> tuple[str, dict[str, str]] | None:
    """The hash and the acts (id to words) that a form showed; None for a note that is not ours, or of another case."""
    try:
        of, plan_hash, lines = signing.loads(note, salt=SALT, max_age=LIVES)
        acts = {str(name): str(words) for name, words in lines}
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return (str(plan_hash), acts) if of == case_id else None


def differences(shown: dict[str, str], inquiry: Inquiry, telling: Telling) -> tuple[Sequence[str], Sequence[str]]:
    """What the present plan does that the one shown did not, and what it does no more, in words."""
    plan: Plan = inquiry.plan
    now = {act.id[:SHORT] for act in plan.undoing}
    added = telling.actions(inquiry, [act for act in plan.undoing if act.id[:SHORT] not in shown])
    return added, [words for name, words in shown.items() if name not in now]
