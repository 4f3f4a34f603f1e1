"""Stage 7 of 7. Is this the owner, and is the account clean? A new password after the hold and the proof; then all is
read back (rule 6).

The password passes through the web process to the services and nowhere else: no row, log, queue or error holds it.
"""

import secrets
import unicodedata
from collections.abc import Sequence

from takeback.casework.errands import Back
from takeback.casework.investigate import inquire, outstanding, show
from takeback.casework.leaked import is_leaked
from takeback.casework.ledger import SETTLED, Part, carry_out, confirm, intend, open_rows
from takeback.casework.passwords import FORMER, give_password, refused_as_such
from takeback.casework.ports import ActionRecord, Entry, House
from takeback.casework.progress import Progress, known, update
from takeback.casework.proof import proven_by_another_way
from takeback.casework.standing import TICKED, has_second_factor, read_all
from takeback.casework.standing import standing as standing
from takeback.casework.standing import ticked as ticked
from takeback.casework.ways import disowned_refs
from takeback.core.account import CONTACT_FIELDS
from takeback.core.case import Case, Stage
from takeback.core.errors import CaseRefused
from takeback.core.events import FieldChanged, Json
from takeback.core.handback import LONGEST, password_refusals, refusals
from takeback.core.prevention import PreventionKey
from takeback.core.service import Outcome
from takeback.core.undo.effects import action
from takeback.core.undo.plan import ActionKind

MOST_TICKS = 200  # in a case's log
PERSONAL = (*CONTACT_FIELDS, "name", "username")
BACK = (ActionKind.UNFREEZE, ActionKind.UNLOCK_CARDS)


def set_password(house: House, case_id: str, password: str) -> Sequence[str]:
    """Give the owner's new password to every service. Returns why it is not taken, as keys; empty when all have it.

    `service.down` means that one of the services could not be reached: the same password may be sent again.
    """
    case = known(house, case_id)
    why = _not_ready(house, case) or _not_taken(house, case, password)
    if why:
        return why
    rows = give_password(house, case, password, attempt=secrets.token_hex(8))
    if any(row.outcome not in SETTLED for row in rows):
        return ("service.down",)
    mendable = [row for row in rows if refused_as_such(row)]
    if mendable:
        return (FORMER if any(row.reason == FORMER for row in mendable) else "password.not_taken",)
    if not any(row.outcome in (Outcome.DONE, Outcome.ALREADY_DONE) for row in rows):
        return ("service.refused",)
    house.starter.start("hand_back", case_id, because=f"password-{rows[0].id[:16]}")
    return ()


def _not_ready(house: House, case: Case) -> tuple[str, ...]:
    """The rules of the hand back; a proof by a contact point that is said to be lost since is none."""
    why = refusals(case, house.clock.now())
    if not why and not proven_by_another_way(house, case, disowned_refs(house, case), after_hold=True):
        return ("owner.not_proven",)
    return why


def _not_taken(house: House, case: Case, password: str) -> tuple[str, ...]:
    personal = _personal(house, case)
    if len(unicodedata.normalize("NFKC", password)) > LONGEST:
        return password_refusals(password, personal)  # before it is hashed for anybody
    short = password_refusals(password, personal)
    second = False
    if short and not password_refusals(password, personal, second_factor=True):
        second = has_second_factor(house, read_all(house, case.account), inquire(house, case))
    why = password_refusals(password, personal, second_factor=second)
    return why or password_refusals(password, personal, leaked=is_leaked(house, case, password), second_factor=second)


def tick(house: House, case_id: str, item: str, *, done: bool = True) -> None:
    """Remember that she has, or has not, done an item of the check-list. `CaseRefused` for what is no item."""
    if item not in {*PreventionKey}:
        raise CaseRefused("prevention.unknown", "There is no such item on the list.")
    case = known(house, case_id)
    times = sum(entry.what == TICKED for entry in house.cases.log(case.id))
    if (item in ticked(house, case.id)) is done or times >= MOST_TICKS:
        return
    evidence: dict[str, Json] = {"item": item, "done": done}
    house.cases.note(Entry(case.id, house.clock.now(), "customer", TICKED, "owner.says", evidence))


def _personal(house: House, case: Case) -> list[str]:
    """Names and addresses of the account, which a password may not be made of."""
    texts = [case.account]
    for event in house.event_log.account(case.account):
        if isinstance(event.data, FieldChanged) and event.data.field in PERSONAL:
            texts += [value for value in (event.data.before, event.data.after) if isinstance(value, str)]
    return texts


def password_is_set(rows: Sequence[ActionRecord]) -> bool:
    """True when, at every service, the last password given was taken (or the service has none to set)."""
    last = [row for source in {row.source for row in rows} for row in _last(rows, source)]
    taken = [row.outcome in SETTLED and not refused_as_such(row) for row in last]
    return bool(taken) and all(taken)


def _last(rows: Sequence[ActionRecord], source: str) -> list[ActionRecord]:
    return [row for row in rows if row.source == source][-1:]


def hand_over(house: House, case_id: str) -> Progress:
    """Give the account back: nothing new of the intruder's, every service opened and read back."""
    case = known(house, case_id)
    if case.stage is Stage.CLOSED:
        return Progress.DONE
    refuse_unless_ready(house, case)
    begun = any(row.action in BACK for row in house.cases.actions(case.id, Part.HAND_BACK.value))
    if not begun:
        if open_rows(house, case, Part.UNDO):
            carry_out(house, case, Part.UNDO)
        inquiry = inquire(house, case)
        if outstanding(case, inquiry) or open_rows(house, case, Part.UNDO):
            show(house, case, inquiry)
            why: dict[str, Json] = {"plan": inquiry.plan.hash}
            house.cases.note(Entry(case.id, house.clock.now(), "system", "hand_back.refused", "account.not_clean", why))
            return Progress.WAITS
        intend(house, case, Part.HAND_BACK, [action(case.account, kind, {}, (), None) for kind in BACK])
    read = carry_out(house, case, Part.HAND_BACK)
    passwords = house.cases.actions(case.id, Part.PASSWORD.value)
    for source, snapshot in read.items():
        confirm(house, case, Part.PASSWORD, Back(source, snapshot), _last(passwords, source))
    is_open = len(read) == len(house.services) and not any(s is not None and s.frozen for s in read.values())
    if not is_open or open_rows(house, case, Part.HAND_BACK):
        return Progress.AGAIN
    now = house.clock.now()
    evidence: dict[str, Json] = {"services": list[Json](sorted(read))}
    entry = Entry(case.id, now, "system", "account.handed_back", "owner.proven_after_hold", evidence)
    update(house, case, entry, stage=Stage.CLOSED, handed_back_at=now)
    return Progress.DONE


def refuse_unless_ready(house: House, case: Case) -> None:
    """`CaseRefused` unless the hold is over, the owner proven after it, and a new password set (rule 6)."""
    why = _not_ready(house, case)
    if not why and not password_is_set(house.cases.actions(case.id, Part.PASSWORD.value)):
        why = ("password.not_set",)
    if why:
        raise CaseRefused(why[0], f"The account is not handed back: {', '.join(why)}.")
