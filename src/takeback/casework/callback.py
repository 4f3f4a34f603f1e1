"""How does a customer get a person? One task for staff a case, whoever asks and however often.

The task says since when, in which language and why, and names the numbers that stood before the takeover: masked, with
a ref by which the desk alone reads the whole number. Whoever calls still has to hear proof: a call that somebody asked
for proves nothing.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from takeback.casework.investigate import inquire
from takeback.casework.page import token_hash, token_of
from takeback.casework.ports import Entry, House, Task
from takeback.casework.progress import known
from takeback.casework.report import LONGEST_NAME, SAME_REPORT, Report, accounts_meant, owners_language, receive, weigh
from takeback.casework.ways import disowned_refs, point_of
from takeback.core.callback import Calling, Number, whom_to_call
from takeback.core.case import Case, Language, Stage
from takeback.core.contacts import masked
from takeback.core.events import Json
from takeback.core.investigate.findings import Contact
from takeback.core.report import Decision
from takeback.core.undo.plan import digest

CALL = "call.customer"
MOST_A_DAY = 3  # calls; after that one may be asked for an hour after the last
AGAIN_AFTER = timedelta(hours=1)
MOST_NOTES = 20  # in a case's log; a flood fills no log, and the task stands


class When(StrEnum):
    """When she would like to be called, in the shop's time zone."""

    NOW = "now"
    MORNING = "morning"
    DAYTIME = "daytime"
    EVENING = "evening"


class Why(StrEnum):
    """Why a person is asked for."""

    ASKED = "asked"
    NO_WAY = "no_way"  # there is no way by which a code could reach her
    CODE_FAILED = "code_failed"
    CHAT_FAILED = "chat_failed"
    NOT_SURE = "not_sure"
    DISOWNED = "disowned"  # somebody said that a mailbox or a number is hers no more


def ask(
    house: House,
    case: Case,
    *,
    language: Language,
    because: str = Why.ASKED,
    when: str = When.NOW,
    by: str | None = None,
) -> None:
    """Have staff call the owner of this case's account. While a call is waited for there is no second one. `by`: the
    member of staff who asks for it.
    """
    now = house.clock.now()
    why, wish = _read(because, when)
    calls = [task for one in house.cases.of_account(case.account) for task in _calls(house, one.id)]
    waiting = [task for task in calls if task.closed_at is None]
    last = [task.opened_at for task in calls if task.opened_at > now - timedelta(days=1)]
    enough = len(last) >= MOST_A_DAY and max(last) > now - AGAIN_AFTER
    evidence: dict[str, Json] = {"language": language.value, "because": why.value, "when": wish.value}
    noted = [entry for entry in house.cases.log(case.id) if entry.what == "call.asked"]
    if len(noted) < MOST_NOTES and evidence != (dict(noted[-1].evidence) if noted and waiting else None):
        who = "customer" if by is None else f"staff:{by}"
        house.cases.note(Entry(case.id, now, who, "call.asked", f"call.{why.value}", evidence))
    sooner = wish is When.NOW and all(task.evidence.get("when") != When.NOW for task in waiting)
    if enough or (waiting and not sooner):
        return
    for later in waiting:  # who wants it in the evening may be the intruder; whoever wants it now is called now
        house.cases.close_task(later.id, now)
    calling = _calling(house, case)
    told = evidence | {
        "numbers": [_told(house, case, one) for one in calling.numbers],
        "doubted": [_told(house, case, one) for one in calling.doubted],
        "proven": case.proven_at is not None,
        "stage": case.stage.value,
    }
    # Two who ask at once write the same row, and the second is left out.
    task = digest(case.id, "task", CALL, len(_calls(house, case.id)))
    house.cases.open_task(Task(task, case.id, CALL, "", calling.reach.value, told, now))


def ask_for(
    house: House, account_or_contact: str, language: Language, because: str = Why.ASKED, when: str = When.NOW
) -> None:
    """The same for a conversation that knows no case: durable, and in the same time whether or not there is such an
    account (rule 10).
    """
    name = account_or_contact.strip()[:LONGEST_NAME]
    why, wish = _read(because, when)
    slot = int(house.clock.now().timestamp()) // SAME_REPORT
    request = digest("call", name.casefold(), wish.value, slot)[:32]
    house.starter.start("call", request, name, language.value, why.value, wish.value, because="asked")


def take_request(house: House, request: str, name: str, language: Language, because: str, when: str) -> None:
    """What `ask_for` was asked: a task at the open case of each account that may be meant.

    Where the account shows a sign, asking for a person is a report. Where it shows none, a case is opened that does
    nothing to the account: no freeze, and no code that nobody asked for.
    """
    for account in accounts_meant(house, name):
        case = next((one for one in house.cases.of_account(account) if one.stage is not Stage.CLOSED), None)
        if case is None:
            case = _open(house, account, request, language)
        ask(house, known(house, case.id), language=language, because=because, when=when)


def asked(house: House, case: Case) -> datetime | None:
    """Since when a call is waited for; None where none is."""
    return min((task.opened_at for task in _calls(house, case.id) if task.closed_at is None), default=None)


def number(house: House, case_id: str, ref: str) -> str | None:
    """The whole number behind a `ref` of a task's evidence, for whoever is to call it; None for one that is not
    trusted.
    """
    case = known(house, case_id)
    calling = _calling(house, case)
    return next((one.value for one in (*calling.numbers, *calling.doubted) if _ref(house, case, one) == ref), None)


def _open(house: House, account: str, request: str, language: Language) -> Case:
    if weigh(house, account, house.event_log.account(account)) is Decision.FREEZE_NOW:
        return receive(house, Report(request, account, "", language))[0]
    now = house.clock.now()
    case_id = digest("case", account, request)[:16]
    hashed = token_hash(token_of(house, case_id))
    hers = owners_language(house, account)
    return house.cases.open(Case(case_id, account, Stage.REPORT, hers, now, "", hashed))


def _calls(house: House, case_id: str) -> list[Task]:
    return [task for task in house.cases.tasks(case_id) if task.what == CALL]


def _read(because: str, when: str) -> tuple[Why, When]:
    """What a form said; words that are none of ours count as the plainest."""
    return (
        Why(because) if because in {*Why} else Why.ASKED,
        When(when) if when in {*When} else When.NOW,
    )


def _calling(house: House, case: Case) -> Calling:
    contacts = inquire(house, case).findings.contacts
    gone = disowned_refs(house, case)
    every = [one for contact in contacts if (one := point_of(house, case, contact)) is not None]
    return whom_to_call(contacts, {one.value for one in every if one.ref in gone}, house.configuration.phone_country)


def _told(house: House, case: Case, one: Number) -> dict[str, Json]:
    return {"ref": _ref(house, case, one), "to": masked("phone", one.value), "field": one.field}


def _ref(house: House, case: Case, one: Number) -> str:
    contact = Contact(one.source, one.field, one.value, trusted=True, since=case.opened_at)
    point = point_of(house, case, contact)
    return "" if point is None else point.ref
