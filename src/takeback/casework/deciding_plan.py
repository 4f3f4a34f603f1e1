"""Who has approved the plan, who is still missing, and what would each service be asked? And: the approval itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from takeback.casework import undo
from takeback.casework.claiming import in_book
from takeback.casework.deciding import one_at_a_time
from takeback.casework.investigate import Inquiry, inquire, outstanding
from takeback.casework.ports import Approval, House
from takeback.casework.progress import known
from takeback.core.approval import Needed, Vote, approved
from takeback.core.case import Case, Stage
from takeback.core.errors import CaseRefused
from takeback.core.permission import Verb
from takeback.core.undo.plan import Action, Plan

AGENT, LEAD = "agent", "lead"


@dataclass(frozen=True, slots=True)
class Votes:
    """How far the approval of the present plan is. `missing` is `owner` (the standing rule approves it once she has
    proven who she is; a person may, too), `person`, `second`, `lead`, or empty where it is enough; a plan that has
    nothing left to do needs nobody.
    """

    need: Needed
    given: tuple[Approval, ...]  # of exactly this plan, by people
    open: bool  # something is left to do that nobody has begun
    missing: str

    @property
    def people(self) -> tuple[str, ...]:
        """Who approved."""
        return tuple(one.by for one in self.given)


@dataclass(frozen=True, slots=True)
class Step:
    """One service and what it would be asked, in order."""

    source: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """What is otherwise in the present plan than in the one that was shown: its new actions, and the ids of those that
    are gone.
    """

    added: tuple[Action, ...]
    gone: tuple[str, ...]


def votes_of(house: House, case: Case, inquiry: Inquiry) -> Votes:
    """How far the approval is. Writes nothing, so a page may ask."""
    need = undo.who_must_approve(house, inquiry)
    plan_hash = inquiry.plan.hash
    every = [one for one in house.cases.approvals(case.id) if one.plan_hash == plan_hash]
    given = tuple(one for one in every if one.role in (AGENT, LEAD))
    votes = [Vote(one.plan_hash, one.by, one.role) for one in every]
    if need is Needed.RULE and case.proven_at is not None:
        votes.append(Vote(plan_hash, "standing rule", "rule"))
    open_ = case.stage is not Stage.CLOSED and bool(outstanding(case, inquiry))
    enough = not open_ or approved(plan_hash, votes, need)
    return Votes(need, given, open_, "" if enough else _missing(need, given))


def steps(house: House, case: Case, inquiry: Inquiry) -> list[Step]:
    """What each service would be asked now, in order; services work side by side. Nothing is asked."""
    left = outstanding(case, inquiry)
    order = list(dict.fromkeys([*(service.source for service in house.services), *(str(act.source) for act in left)]))
    found = [Step(source, tuple(act for act in left if act.source == source)) for source in order]
    return [step for step in found if step.actions]


def approve_plan(house: House, case_id: str, plan_hash: str, *, by: str, role: str) -> bool:
    """Approve the plan of this hash. True when that is enough. The same person's second press changes nothing.

    `CaseRefused` (`plan.stale`) where the plan is another by now, `approval.nothing` where nothing waits for one. No
    claim is needed: whoever has the case is not who gives the second approval.
    """
    with one_at_a_time(case_id):
        case = known(house, case_id)
        inquiry = inquire(house, case)
        votes = votes_of(house, case, inquiry)
        if inquiry.plan.hash == plan_hash and by in votes.people:
            return not votes.missing
        if (
            any(one.plan_hash == plan_hash and one.by == by for one in house.cases.approvals(case_id))
            and not votes.open
        ):
            return True  # it was carried out meanwhile
        if inquiry.plan.hash != plan_hash:
            raise CaseRefused("plan.stale", "The plan has changed since it was shown; look at it again.")
        if not votes.open:
            raise CaseRefused("approval.nothing", "Nothing in this plan waits for an approval.")
        if not case.stage.reached(Stage.INVESTIGATE):
            raise CaseRefused("approval.too_early", "The account is being stopped first.")
        enough = undo.approve(house, case_id, plan_hash, by=by, role=role)
        verb = Verb.APPROVE_AS_LEAD if role == LEAD else Verb.APPROVE_PLAN
        left = len(outstanding(case, inquiry))
        in_book(house, by, verb, case_id, why=f"approval.{role}", evidence={"plan": plan_hash, "actions": left})
        return enough


def changed_since(shown: Iterable[str], plan: Plan) -> Changed:
    """What is otherwise now; `shown` are the ids of the undoing that the page showed."""
    before, now = set(shown), {act.id: act for act in plan.undoing}
    return Changed(tuple(act for name, act in now.items() if name not in before), tuple(sorted(before - now.keys())))


def _missing(need: Needed, given: Sequence[Approval]) -> str:
    if not given:
        return "owner" if need is Needed.RULE else "person"
    if need is Needed.TWO and len({one.by for one in given}) < 2:
        return "second" if any(one.role == LEAD for one in given) else "lead"
    return "lead"
