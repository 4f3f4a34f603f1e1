"""Is this the owner? One-time codes, sent to contact points as they stood before the takeover, and to no others (rule
3).

A code is eight digits, valid for 15 minutes and five tries; only its keyed hash is kept. Sending is limited for each
case and each contact point, so that nobody can fill the owner's mailbox or let her telephone ring; whoever has the
page's address can always ask for another within the limit, or say that a mailbox or a number is hers no more.
"""

from dataclasses import replace
from hmac import compare_digest

from takeback.casework import callback
from takeback.casework.callback import Why
from takeback.casework.codes import code_hash, ref_of, send_codes
from takeback.casework.ports import Code, Entry, House
from takeback.casework.progress import Purpose, known
from takeback.casework.ways import (
    DISOWNED,
    OWNED_AGAIN,
    Channel,
    Point,
    Way,
    disowned,
    disowned_refs,
    points,
    purpose_now,
    way_id,
    ways,
)
from takeback.core.case import Case, Stage

__all__ = [
    "TRIES",
    "Channel",
    "Way",
    "disown",
    "disowned",
    "enter",
    "own_again",
    "purpose_now",
    "send",
    "send_codes",
    "ways",
]

TRIES = 5
SAME_PRESS = 5  # seconds in which two presses of the button are one
IN_ANY_CASE = 5.0  # seconds after which what waits for a code is started, whatever became of this process


def send(house: House, case_id: str, way: str | None = None) -> None:
    """Have a code sent, durably; None: to every mail address allowed. What is no way of this case gets none, and the
    same answer.
    """
    case = known(house, case_id)
    slot = int(house.clock.now().timestamp()) // SAME_PRESS
    press = f"asked-{(way or 'mail')[:32]}-{slot}"
    house.starter.start("code", case_id, purpose_now(house, case).value, (way or "")[:32], press, because=press)


def enter(house: House, case_id: str, typed: str) -> bool:
    """Take a code that somebody typed on the case's page. True when it is right; then what waits for it is started."""
    digits = "".join(c for c in typed.translate(_FULL_WIDTH) if c.isdigit())
    code = _match(house, known(house, case_id), digits)
    if code is None:
        return False
    evidence = {"purpose": code.purpose, "contact": code.contact, "code": code.id}
    house.cases.note(Entry(case_id, house.clock.now(), "customer", "proof.given", f"code.{code.purpose}", evidence))
    _start(house, code, because=f"code-{code.id}")
    return True


def disown(house: House, case_id: str, way: str) -> bool:
    """Somebody says: this mailbox, or this number, is not mine any more. From then on nothing of this case goes there.

    It takes no proof, so it gives nothing: staff are asked to call, codes that are on the way there are void, and the
    contact point itself is told, without a link. False where it is no way of this case.
    """
    case = known(house, case_id)
    point = _point(house, case, way)
    if point is None or case.stage is Stage.CLOSED:
        return False
    if point.ref in disowned_refs(house, case):
        return True
    now = house.clock.now()
    evidence = {"contact": point.ref, "to": point.shown}
    house.cases.note(Entry(case_id, now, "customer", DISOWNED, "said.not_hers", evidence))
    for code in house.cases.codes(case_id):
        if ref_of(code) == point.ref and code.used_at is None and code.expires_at > now:
            house.cases.put_code(replace(code, expires_at=now))
    callback.ask(house, case, language=case.language, because=Why.DISOWNED)
    if point.trusted:  # what the intruder set gets nothing, not even this
        house.starter.start("disowned", case_id, point.ref, because=f"disowned-{point.ref}")
    return True


def own_again(house: House, case_id: str, way: str, *, by: str | None) -> bool:
    """It is hers after all: said by the customer who has proven who she is by another way (`by` None), or by staff.

    False where nobody said otherwise, or where she has not proven it by another way.
    """
    case = known(house, case_id)
    point = _point(house, case, way)
    gone = disowned_refs(house, case)
    if point is None or point.ref not in gone or (by is None and not proven_by_another_way(house, case, gone)):
        return False
    who = "customer" if by is None else f"staff:{by}"
    why = "owner.proven" if by is None else "staff.seen"
    evidence = {"contact": point.ref, "to": point.shown}
    house.cases.note(Entry(case_id, house.clock.now(), who, OWNED_AGAIN, why, evidence))
    return True


def proven_by_another_way(house: House, case: Case, gone: frozenset[str], *, after_hold: bool = False) -> bool:
    """True when a code came back from a contact point that nobody says is hers no more; `after_hold`: after that."""
    purposes = (Purpose.HAND_BACK,) if after_hold else (Purpose.PROOF, Purpose.HAND_BACK)
    since = case.hold_until if after_hold else case.opened_at
    return since is not None and any(
        code.used_at is not None and code.used_at >= since and code.purpose in purposes and ref_of(code) not in gone
        for code in house.cases.codes(case.id)
    )


def _point(house: House, case: Case, way: str) -> Point | None:
    every = points(house, case, purpose_now(house, case))
    named = [(one, way_id(house, case, one, how)) for one in every for how in one.channels]
    return next((one for one, name in named if compare_digest(name.encode(), way.encode())), None)


def _match(house: House, case: Case, digits: str) -> Code | None:
    """The live code that `digits` is, marked as used.

    A wrong try counts on every live code, by whichever way it went: nobody can say which was meant.
    """
    now = house.clock.now()
    wanted = purpose_now(house, case)
    gone = disowned_refs(house, case)
    live = [
        code
        for code in house.cases.codes(case.id)
        if code.purpose == wanted
        and code.used_at is None
        and now < code.expires_at
        and code.tries < TRIES
        and ref_of(code) not in gone
    ]
    counted = [house.cases.try_code(code.id) for code in live]  # before it is compared: two tries at once are two tries
    in_time = [code for code in counted if code.tries <= TRIES]
    for code in [code for code in in_time if compare_digest(code.code_hash, code_hash(house, code.id, digits))]:
        # Before it is used: ended in between, the phase finds a proof or the owner types the code once more.
        _start(house, code, because=f"code-{code.id}-{code.tries}", after=IN_ANY_CASE)
        if house.cases.use_code(code.id, now):
            return code
    return None


def _start(house: House, code: Code, because: str, after: float = 0.0) -> None:
    """Start what waits for a code of this purpose; after the hold it is the new password that starts the hand back."""
    phase = {Purpose.REPORT: "freeze", Purpose.PROOF: "undo"}.get(Purpose(code.purpose))
    if phase is not None:
        house.starter.start(phase, code.case, because=because, after=after)


_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
