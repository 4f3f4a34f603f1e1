"""Stage 5 of 7. What is taken back, what stays, what cannot be undone? The plan is carried out when its hash has been
approved.

The plan is made anew before it is carried out; an approval of any other hash is worth nothing (rule 8). What has been
begun is finished first: its rows are in the ledger, and the half of a plan would not have the hash of the whole.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from takeback.casework.investigate import Inquiry, inquire, look_again, outstanding, show
from takeback.casework.ledger import Done, Part, hand_to_staff, meant, run, still_open, write
from takeback.casework.ledgerpage import Page
from takeback.casework.ports import Approval, Entry, House, Said
from takeback.casework.progress import Progress, known
from takeback.core.approval import Limits, Needed, Vote, approved, needed
from takeback.core.case import Case, Stage
from takeback.core.errors import CaseRefused
from takeback.core.events import Json, OrderPlaced
from takeback.core.hold import hold_until
from takeback.core.rules import Rules
from takeback.core.undo.plan import Action, digest

PATIENCE = timedelta(minutes=30)  # that a service may be down before its part becomes a task and the owner is told
BEGUN = "undo.begun"


def take_back(house: House, case_id: str) -> Progress:
    """Carry the approved plan out. WAITS until it is approved; AGAIN while a service is down."""
    case = known(house, case_id)
    if case.stage is Stage.CLOSED or not case.stage.reached(Stage.INVESTIGATE):
        return Progress.WAITS
    rows = house.cases.actions(case.id, Part.UNDO.value)
    if not still_open(rows):
        inquiry = inquire(house, case)
        case = show(house, case, inquiry)
        fresh = outstanding(case, inquiry)
        if fresh and (said_yes := is_approved(house, case, inquiry)):
            seen = look_again(house, case, inquiry)
            if seen is not inquiry:  # they show something new: another plan is to be approved
                inquiry, case = seen, show(house, case, seen)
                fresh = outstanding(case, inquiry)
                said_yes = is_approved(house, case, inquiry)
        if fresh:
            if not said_yes:
                _note_once(house, case, "undo.waits", "approval.missing")
                return Progress.WAITS
            case = _begin(house, case, inquiry.plan.hash, fresh)
            rows = house.cases.actions(case.id, Part.UNDO.value)
        elif case.undone_at is not None:
            return Progress.DONE
    return _end(house, case, run(house, case, Part.UNDO, rows))


def _begin(house: House, case: Case, plan_hash: str, fresh: Sequence[Action]) -> Case:
    """Write down, all at once, what will be done and who wanted it."""
    evidence: dict[str, Json] = {"plan": plan_hash, "actions": [act.id for act in fresh]}
    page = Page(case.id, meant=meant(house, case, Part.UNDO, fresh))
    page.entries.append(Entry(case.id, house.clock.now(), "system", BEGUN, "plan.approved", evidence))
    page.change = lambda is_now: replace(is_now, approved_hash=plan_hash)
    write(house, page)
    return replace(case, approved_hash=plan_hash)


def _end(house: House, case: Case, done: Done) -> Progress:
    """Go on to the hold when all is settled, or when a service has been down for too long for the owner to go on
    waiting.
    """
    left, page = still_open(done.rows), done.page
    now = house.clock.now()
    begun = max((entry.at for entry in house.cases.log(case.id) if entry.what == BEGUN), default=now)
    refused = [row for row in left if row.reason == "service.refused"]
    if left and len(refused) < len(left) and now - begun < PATIENCE:
        write(house, page)
        return Progress.AGAIN
    hand_to_staff(house, case, left, page)
    until = hold_until(now, house.rules.now().hold)
    if case.undone_at is None or begun > case.undone_at:
        evidence: dict[str, Json] = {"plan": case.approved_hash, "hold_until": until.isoformat(), "left": len(left)}
        page.entries.append(Entry(case.id, now, "system", "undo.ended", "plan.carried_out", evidence))
        page.change = lambda is_now: replace(is_now, undone_at=now, stage=Stage.HOLD, hold_until=until)
    write(house, page)
    return Progress.AGAIN if left else Progress.DONE


def limits_of(house: House) -> Limits:
    """Up to where the shop's standing rule goes, and from where on two people are needed."""
    return house.rules.now().limits


def who_must_approve(house: House, inquiry: Inquiry) -> Needed:
    """Rule, one person or two, for this plan. A shop without a standing rule always wants a person."""
    return needed_by(house.rules.now(), inquiry)


def needed_by(rules: Rules, inquiry: Inquiry) -> Needed:
    """The same by these rules."""
    values = {
        event.data.order.id: event.data.order.total.value
        for event in inquiry.events
        if isinstance(event.data, OrderPlaced)
        and event.data.order.total is not None
        and event.data.order.total.currency == rules.currency
    }
    return rules.wanted(needed(inquiry.plan, rules.limits, values))


def is_approved(house: House, case: Case, inquiry: Inquiry) -> bool:
    """True when enough have approved exactly this plan.

    The standing rule says yes once the owner has proven who she is (rule 1).
    """
    need = who_must_approve(house, inquiry)
    given = house.cases.approvals(case.id)
    if need is Needed.RULE and case.proven_at is not None:
        rule = Approval(case.id, inquiry.plan.hash, "standing rule", "rule", house.clock.now())
        if not any((one.plan_hash, one.by) == (rule.plan_hash, rule.by) for one in given):
            house.cases.approve(rule)
            given.append(rule)
    votes = [Vote(one.plan_hash, one.by, one.role) for one in given]
    return approved(inquiry.plan.hash, votes, need)


def approve(house: House, case_id: str, plan_hash: str, *, by: str, role: str) -> bool:
    """A member of staff approves a plan.

    True when that is enough. `CaseRefused` when the plan has changed since (`plan.stale`).
    """
    case = known(house, case_id)
    if role not in ("agent", "lead"):
        raise CaseRefused("approval.role", "An approval is given by an agent or a lead.")
    inquiry = inquire(house, case)
    if inquiry.plan.hash != plan_hash:
        raise CaseRefused("plan.stale", "The plan has changed since it was shown; look at it again.")
    now = house.clock.now()
    house.cases.approve(Approval(case_id, plan_hash, by, role, now))
    house.cases.note(Entry(case_id, now, f"staff:{by}", "plan.approved", f"approval.{role}", {"plan": plan_hash}))
    house.starter.start("undo", case_id, because=f"approval-{digest(plan_hash, by)[:16]}")
    return is_approved(house, case, inquiry)


def hear(house: House, case_id: str, words: Sequence[tuple[str, str, bool]], *, by: str | None = None) -> None:
    """Take what the customer, or staff (`by`), say of an order, session or event: `(kind, id, mine)`. Then it is
    investigated again.

    `CaseRefused` for a customer who has not proven who she is: an intruder could otherwise call her own acts his (rule
    1).
    """
    case = known(house, case_id)
    if by is None and case.proven_at is None:
        raise CaseRefused("owner.not_proven", "Enter the code from the mail first.")
    now = house.clock.now()
    house.cases.hear([Said(case_id, kind, name, mine, True, now) for kind, name, mine in words])
    told: list[Json] = [{"kind": kind, "id": name, "mine": mine} for kind, name, mine in words]
    who = f"staff:{by}" if by is not None else "customer"
    house.cases.note(Entry(case_id, now, who, "said", "was_this_you", {"said": told}))
    house.starter.start("investigate", case_id, because=f"said-{digest(told, now.isoformat())[:16]}")


def _note_once(house: House, case: Case, what: str, why: str) -> None:
    """Note a state, not each time that it is looked at."""
    last = house.cases.log(case.id)[-1:]
    if not last or last[0].what != what:
        evidence = {"plan": case.plan_hash}
        house.cases.note(Entry(case.id, house.clock.now(), "system", what, why, evidence))
