"""Whom do staff call, and what came of it? A call ends with an outcome, and each outcome has its next step.

An intruder may be on the line, and so may a member of staff who collects numbers. So a number is read one at a time,
each reading is in the book, and an hour has only so many. Proof in a call is a code that went to a contact point of
before and comes back, or what the shop has outside of the account; what the account shows proves nothing (rule 3).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock

from takeback.casework import callback
from takeback.casework.callback import CALL
from takeback.casework.claiming import record
from takeback.casework.deciding import one_at_a_time, reason_of
from takeback.casework.phones import Connecting
from takeback.casework.ports import Entry, House, Task
from takeback.casework.progress import Purpose, known, update
from takeback.casework.ways import DISOWNED
from takeback.core.case import Case, Stage
from takeback.core.contacts import masked, number_of
from takeback.core.errors import CaseRefused
from takeback.core.events import Json
from takeback.core.permission import Verb
from takeback.core.undo.plan import digest

MOST_NUMBERS, NUMBERS_IN = 20, timedelta(hours=1)  # whole numbers that one person may read
DOUBTED, SETTLED_BY_LEAD = "call.doubtful", "call.doubt_settled"
RECORDED, RUNG = "call.recorded", "call.rung"
_reading = Lock()


class Outcome(StrEnum):
    """What came of a call."""

    PROVEN = "proven"
    NOT_PROVEN = "not_proven"
    NO_ANSWER = "no_answer"
    WRONG_PERSON = "wrong_person"
    DOUBTFUL = "doubtful"


class Basis(StrEnum):
    """By what a caller was proven."""

    CODE = "code"
    OUTSIDE = "outside"  # what the shop has outside of the account: a contract on paper, a visit


@dataclass(frozen=True, slots=True)
class Number:
    """A number that may be called: its ref, its last digits, and whether somebody said that it is hers no more."""

    ref: str
    shown: str
    field: str
    doubted: bool


@dataclass(frozen=True, slots=True)
class Call:
    """A call that is waited for."""

    task: Task
    case: Case
    since: datetime  # first asked for
    language: str
    when: str
    because: str
    tries: int
    not_before: datetime | None
    numbers: tuple[Number, ...]


def call_of(task: Task, case: Case) -> Call:
    """A `call.customer` task, read."""
    told = task.evidence
    first, later = str(told.get("first_asked", "")), str(told.get("not_before", ""))
    tries = told.get("tries")
    return Call(
        task,
        case,
        datetime.fromisoformat(first) if first else task.opened_at,
        str(told.get("language", case.language.value)),
        str(told.get("when", "now")),
        str(told.get("because", "asked")),
        tries if isinstance(tries, int) else 0,
        datetime.fromisoformat(later) if later else None,
        (*_numbers(told.get("numbers"), doubted=False), *_numbers(told.get("doubted"), doubted=True)),
    )


def calls(house: House) -> list[Call]:
    """Every call that is waited for: those of now first, by how long they wait."""
    now = house.clock.now()
    found = [
        call_of(task, case)
        for task in house.cases.open_tasks()
        if task.what == CALL and (case := house.cases.case(task.case)) is not None
    ]
    return sorted(found, key=lambda one: (one.not_before is not None and one.not_before > now, one.since))


def read_number(house: House, task_id: str, ref: str, *, by: str) -> str:
    """The whole number behind a ref, for whoever calls it now; the reading is in the book before it is shown.

    `CaseRefused` beyond what one person may read in an hour, and for a number that is not trusted any more.
    """
    call = _open_call(house, task_id)
    now = house.clock.now()
    with _reading:  # of many presses at once none is counted before the one that it follows
        read = house.audit.acts(who=f"staff:{by}", what=Verb.READ_NUMBER.value, most=MOST_NUMBERS)
        if sum(act.at > now - NUMBERS_IN for act in read) >= MOST_NUMBERS:
            raise CaseRefused("call.too_many", "So many numbers were read in this hour that no more is shown.")
        number = callback.number(house, call.case.id, ref) if ref in {one.ref for one in call.numbers} else None
        if number is None:
            raise CaseRefused("call.number_gone", "This number is not trusted any more.")
        told: dict[str, Json] = {"task": task_id, "number": ref}
        record(house, by, Verb.READ_NUMBER, call.case.id, "call.number_read", "desk.call", told)
    return number


def ring(house: House, task_id: str, ref: str, own: str, press: str, *, by: str) -> None:
    """Click to call: the telephone of whoever calls rings first, then hers. `own` is their number; `press` names the
    form, whose second sending rings nobody. `CaseRefused`; `OutsideError` where the provider fails.
    """
    phones = house.phones
    if not isinstance(phones, Connecting):
        raise CaseRefused("phones.none", "Nothing is set up here that makes calls: dial the number yourself.")
    mine = number_of(own, house.configuration.phone_country)
    if mine is None or not mine.startswith(f"+{house.configuration.phone_country}"):
        raise CaseRefused("phones.own", "That is no telephone number of this country.")
    with one_at_a_time(task_id):
        call = _open_call(house, task_id)
        rung = [entry for entry in house.cases.log(call.case.id) if entry.what == RUNG]
        if any(entry.evidence.get("press") == press for entry in rung):
            return
        hers = read_number(house, task_id, ref, by=by)
        phones.connect(mine, hers, id=f"desk-{digest(task_id, press)[:24]}")
        evidence: dict[str, Json] = {"task": task_id, "number": ref, "press": press, "from": masked("phone", mine)}
        house.cases.note(Entry(call.case.id, house.clock.now(), f"staff:{by}", RUNG, "desk.call", evidence))


def proven_since(house: House, call: Call) -> bool:
    """True when a code came back, by this case's rules of proof, since the call was asked for."""
    return any(
        code.used_at is not None and code.used_at >= call.since and code.purpose in (Purpose.PROOF, Purpose.HAND_BACK)
        for code in house.cases.codes(call.case.id)
    )


def record_call(
    house: House, task_id: str, outcome: Outcome, *, by: str, basis: Basis | None = None, words: str = "", ref: str = ""
) -> None:
    """Write down what came of a call, and close it. The second press changes nothing.

    `words`: by what outside of the account she was proven, or why the caller was doubtful; `ref`: the number that
    reached somebody else. `CaseRefused` for a proof of which there is none.
    """
    with one_at_a_time(task_id):
        task = house.cases.task(task_id)
        if task is None or task.what != CALL:
            raise CaseRefused("task.unknown", "There is no such call.")
        if task.closed_at is not None:
            return
        call = call_of(task, known(house, task.case))
        evidence: dict[str, Json] = {"task": task_id, "outcome": outcome.value}
        said = reason_of(words) if outcome is Outcome.DOUBTFUL or basis is Basis.OUTSIDE else ""
        if outcome is Outcome.PROVEN:
            evidence["basis"] = _proof(house, call, basis)
        if outcome is Outcome.WRONG_PERSON:
            if ref not in {one.ref for one in call.numbers}:
                raise CaseRefused("call.which_number", "Say which number reached somebody else.")
            evidence["number"] = ref
        house.cases.close_task(task_id, house.clock.now())
        record(house, by, Verb.RECORD_CALL, call.case.id, RECORDED, f"call.{outcome.value}", evidence, reason=said)
        _go_on(house, call, outcome, basis, ref, by)


def doubted(house: House, case_id: str) -> bool:
    """True while a doubtful call waits for a lead's look."""
    marks = [entry.what for entry in house.cases.log(case_id) if entry.what in (DOUBTED, SETTLED_BY_LEAD)]
    return marks[-1:] == [DOUBTED]


def settle_doubt(house: House, case_id: str, reason: str, *, by: str) -> None:
    """A lead has looked at a doubtful call and says what of it."""
    with one_at_a_time(case_id):
        if not doubted(house, case_id):
            return
        said = reason_of(reason)
        evidence: dict[str, Json] = {"call": SETTLED_BY_LEAD}  # it is a lead who takes the case up
        record(house, by, Verb.TAKE_OVER_CASE, case_id, SETTLED_BY_LEAD, "desk.settled", evidence, reason=said)


def _proof(house: House, call: Call, basis: Basis | None) -> str:
    if basis is None or (basis is Basis.CODE and not proven_since(house, call)):
        raise CaseRefused("call.no_proof", "No code came back since the call was asked for.")
    return basis.value


def _go_on(house: House, call: Call, outcome: Outcome, basis: Basis | None, ref: str, by: str) -> None:
    """The next step of each outcome."""
    case, now, who = call.case, house.clock.now(), f"staff:{by}"
    if outcome is Outcome.PROVEN and basis is Basis.OUTSIDE and case.stage is not Stage.CLOSED:
        if case.proven_at is None:
            update(house, case, Entry(case.id, now, who, "proof.outside", "call.proven", {}), proven_at=now)
        house.starter.start("undo", case.id, because=f"call-{call.task.id[:16]}")
    elif outcome is Outcome.NO_ANSWER:
        if call.tries + 1 >= house.rules.now().call_tries:
            house.cases.note(Entry(case.id, now, who, DOUBTED, "call.no_answer", {"task": call.task.id}))
        else:
            _try_again(house, call, call.tries + 1)
    elif outcome is Outcome.WRONG_PERSON:
        shown = next(one.shown for one in call.numbers if one.ref == ref)
        evidence: dict[str, Json] = {"contact": ref, "to": shown}
        house.cases.note(Entry(case.id, now, who, DISOWNED, "staff.called", evidence))
        callback.ask(house, known(house, case.id), language=case.language, because=callback.Why.DISOWNED, by=by)
    elif outcome is Outcome.DOUBTFUL:
        house.cases.note(Entry(case.id, now, who, DOUBTED, "call.doubtful", {"task": call.task.id}))


def _try_again(house: House, call: Call, tries: int) -> None:
    """The same call, some time later."""
    now, again = house.clock.now(), timedelta(minutes=house.rules.now().call_again_minutes)
    told = dict(call.task.evidence) | {
        "tries": tries,
        "first_asked": call.since.isoformat(),
        "not_before": (now + again).isoformat(),
    }
    number = sum(task.what == CALL for task in house.cases.tasks(call.case.id))
    task = digest(call.case.id, "task", CALL, number)  # as `callback.ask` names them: whoever asks now gets this one
    house.cases.open_task(Task(task, call.case.id, CALL, "", call.task.reason, told, now))


def _open_call(house: House, task_id: str) -> Call:
    task = house.cases.task(task_id)
    if task is None or task.what != CALL or task.closed_at is not None:
        raise CaseRefused("task.unknown", "There is no such call.")
    return call_of(task, known(house, task.case))


def _numbers(told: Json, *, doubted: bool) -> tuple[Number, ...]:
    found = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    return tuple(
        Number(str(one.get("ref", "")), str(one.get("to", "")), str(one.get("field", "")), doubted) for one in found
    )
