"""What do staff answer to a question of the plan, and what would move if they did? Trying writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from takeback.casework import undo
from takeback.casework.answers import Answer
from takeback.casework.claiming import in_book
from takeback.casework.deciding import begin_decision, one_at_a_time
from takeback.casework.investigate import Inquiry, inquire
from takeback.casework.ledger import carried, ledgers
from takeback.casework.looking import noted
from takeback.casework.ports import Entry, House, Said, Task
from takeback.casework.progress import known
from takeback.core.case import Case, Stage
from takeback.core.errors import CaseRefused
from takeback.core.events import Event, FieldChanged, Json
from takeback.core.investigate.attribution import Word
from takeback.core.investigate.findings import Actor
from takeback.core.investigation import Investigation, investigate
from takeback.core.permission import Verb
from takeback.core.undo.plan import Action, Question, digest

UNKNOWN = "actor.unknown"
BY_OTHERS = ("staff.changed_contact", "system.changed_contact", "staff.changed_sign_in", "system.changed_sign_in")
NOT_HER_WISH = "contact.not_her_wish"
Thing = tuple[str, str]  # kind and id, as in `--said`


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the plan with its name, what an answer would be about, and what was answered so far."""

    id: str
    question: Question
    things: tuple[Thing, ...]
    answer: Answer | None

    @property
    def by_others(self) -> bool:
        """True where the answer is whether it was her wish."""
        return self.question.why in BY_OTHERS


@dataclass(frozen=True, slots=True)
class Moves:
    """What an answer would change. `strands`: the strand, who it was, who it would be."""

    now: Investigation
    then: Investigation
    added: tuple[Action, ...]
    removed: tuple[Action, ...]
    strands: tuple[tuple[str, Actor, Actor], ...]

    @property
    def nothing(self) -> bool:
        """True where the answer leaves plan and findings as they are."""
        return self.now.plan.hash == self.then.plan.hash and not self.strands


def asked(house: House, case: Case, inquiry: Inquiry) -> list[Asked]:
    """The plan's questions that a person can answer. One that was answered stays, with its answer."""
    said = {
        (one.kind, one.id): (Answer.YES if one.mine else Answer.NO) if one.proven else Answer.NOT_SURE
        for one in house.cases.said(case.id)
    }
    found = []
    for question in inquiry.plan.questions:
        things = _things(inquiry, question)
        if things:
            answers = {said.get(thing) for thing in things}
            found.append(Asked(_name(question), question, things, answers.pop() if len(answers) == 1 else None))
    return found


def question_of(house: House, case: Case, inquiry: Inquiry, name: str) -> Asked:
    """The question of this name. `CaseRefused` where the plan asks it no more."""
    found = next((one for one in asked(house, case, inquiry) if one.id == name), None)
    if found is None:
        raise CaseRefused("question.gone", "This question is not asked any more.")
    return found


def moves(house: House, case: Case, inquiry: Inquiry, things: Sequence[Thing], answer: Answer) -> Moves:
    """What would change with this answer. Nothing is written and no service is asked."""
    before = {(one.kind, one.id): one for one in house.cases.said(case.id) if one.proven}
    words = [Word(one.kind, one.id, one.mine) for thing, one in before.items() if thing not in set(things)]
    if answer is not Answer.NOT_SURE:
        words += [Word(kind, name, answer is Answer.YES) for kind, name in things]
    done = carried(case.account, chain.from_iterable(ledgers(house, case.account).values()))
    looks = noted(inquiry.read.log)
    then = investigate(case.account, inquiry.events, now=house.clock.now(), words=words, carried=done, looks=looks)
    now = Investigation(inquiry.findings, inquiry.plan)
    old, new = ({act.id: act for act in one.plan.undoing} for one in (now, then))
    was = {one.strand: one.actor for one in now.findings.sessions}
    strands = tuple(
        (one.strand, was[one.strand], one.actor)
        for one in then.findings.sessions
        if one.strand in was and was[one.strand] is not one.actor
    )
    return Moves(
        now,
        then,
        tuple(act for name, act in new.items() if name not in old),
        tuple(act for name, act in old.items() if name not in new),
        strands,
    )


def answer_question(house: House, case_id: str, name: str, answer: Answer, state: str, *, by: str) -> None:
    """Take the answer of a member of staff. The same once more changes nothing."""
    with one_at_a_time(case_id):
        case = known(house, case_id)
        inquiry = inquire(house, case)
        if _is_said(house, case, inquiry, name, answer):
            return
        case = begin_decision(house, case_id, state, by=by)
        if case.stage is Stage.CLOSED:
            raise CaseRefused("case.closed", "This case is closed.")
        found = question_of(house, case, inquiry, name)
        _hear(house, case, found, answer, by)
        if found.by_others and answer is Answer.NO:
            _set_right(house, case, inquiry, found)
        evidence: dict[str, Json] = {"question": name, "why": found.question.why, "answer": answer.value}
        in_book(house, by, Verb.ANSWER_QUESTION, case_id, why="question.answered", evidence=evidence)


def _hear(house: House, case: Case, found: Asked, answer: Answer, by: str) -> None:
    if answer is not Answer.NOT_SURE:
        undo.hear(house, case.id, [(kind, name, answer is Answer.YES) for kind, name in found.things], by=by)
        return
    now = house.clock.now()
    # Words that are not proven weigh nothing: the rows are there to show what was answered.
    house.cases.hear([Said(case.id, kind, name, mine=False, proven=False, at=now) for kind, name in found.things])
    told: list[Json] = [{"kind": kind, "id": name} for kind, name in found.things]
    house.cases.note(Entry(case.id, now, f"staff:{by}", "said.not_sure", "was_this_you", {"said": told}))
    house.starter.start("investigate", case.id, because=f"said-{digest(told, now.isoformat())[:16]}")


def _is_said(house: House, case: Case, inquiry: Inquiry, name: str, answer: Answer) -> bool:
    """True where this is the answer as it stands, also to a question that is not asked since."""
    for one in asked(house, case, inquiry):
        if one.id == name:
            return one.answer is answer
    return any(
        act.evidence is not None and act.evidence.get("question") == name and act.evidence.get("answer") == answer.value
        for act in house.audit.acts(case=case.id, what=Verb.ANSWER_QUESTION.value, most=50)
    )


def _set_right(house: House, case: Case, inquiry: Inquiry, found: Asked) -> None:
    """What the shop's own staff changed and she did not wish, a person sets right there: it may have been the intruder
    who asked for it.
    """
    events = {event.id: event for event in inquiry.events}
    by_plan = {name for act in inquire(house, case).plan.undoing for name in act.undoes}
    for name in found.question.events:
        event = events.get(name)
        if event is None or name in by_plan:
            continue
        told: dict[str, Json] = {"event": event.id, "field": _field(event)}
        task = digest(case.id, "task", NOT_HER_WISH, event.id)
        house.cases.open_task(Task(task, case.id, "set_right", event.source, NOT_HER_WISH, told, house.clock.now()))


def _field(event: Event) -> str:
    return event.data.field if isinstance(event.data, FieldChanged) else event.type.value


def _things(inquiry: Inquiry, question: Question) -> tuple[Thing, ...]:
    """What an answer is about: the strands of nobody knows whom, or the very event that staff caused."""
    if question.why in BY_OTHERS:
        return tuple(("event", name) for name in question.events)
    if question.why != UNKNOWN:
        return ()
    about = set(question.events)
    strands = [one for one in inquiry.findings.sessions if one.actor is Actor.UNKNOWN and about & set(one.events)]
    within = {name for one in strands for name in one.events}
    loose = [("event", name) for name in question.events if name not in within]
    return (*(("session", one.strand) for one in strands), *loose)


def _name(question: Question) -> str:
    return digest(question.why, sorted(question.events))[:16]
