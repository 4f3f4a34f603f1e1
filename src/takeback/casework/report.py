"""Stage 2 of 7.

What does the person say, and how far do we believe whom? The evidence decides, never the wording (rule 1).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from takeback.casework.freeze import containment
from takeback.casework.page import token_hash, token_of
from takeback.casework.ports import Entry, House
from takeback.casework.progress import Purpose
from takeback.core.account import CONTACT_FIELDS
from takeback.core.case import Case, Language, Stage
from takeback.core.contacts import normalised
from takeback.core.events import Event, FieldChanged, Json
from takeback.core.investigate.findings import Findings
from takeback.core.investigation import in_order, investigate
from takeback.core.language import language_of_owner
from takeback.core.report import Decision, decide
from takeback.core.triage import ATTEMPTS
from takeback.core.undo.plan import digest

MOST_ACCOUNTS = 3  # that one address may stand for; more is a list of addresses being tried
LONGEST_TEXT = 4000
LONGEST_NAME = 254
MOST_LOOKED_AT = 200  # accounts that name the same contact point, of which those that had it first are meant
SAME_REPORT = 10  # seconds in which reports on the same account are one: a flood is one report
MOST_NOTED = 50  # reports in a case's log; a flood fills no log
REPORT_LIMITS = ((timedelta(minutes=15), 2), (timedelta(days=1), 6))
"""Codes that reports on a clean account may send, of one case: few, so that enough are left for the owner on her case's
page, whose address comes with each of them."""
RECEIVED, CODE_DUE = "report.received", "report.code_due"


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody reported. `account` is an account id or a contact point, as typed."""

    id: str
    account: str
    text: str
    language: Language
    by: str = "customer"  # or system, where the watch after a hand back found somebody in the account again


def hand_in(house: House, account: str, text: str, language: Language) -> None:
    """Take a report in, durably and in the same time whether or not there is such an account (rule 10)."""
    name = account.strip()[:LONGEST_NAME]
    slot = int(house.clock.now().timestamp()) // SAME_REPORT
    report = digest("report", name.casefold(), slot)[:32]
    house.starter.start("report", report, name, text.strip()[:LONGEST_TEXT], language.value, because="said")


def receive(house: House, report: Report, *, by_staff: str | None = None) -> list[Case]:
    """Open a case for each account that the report may mean, and start what the evidence calls for."""
    taken = take_in(house, report, by_staff=by_staff)
    for one in taken:
        if one.to_stop:
            house.starter.start("freeze", one.case.id, because="report")
    return [one.case for one in taken]


@dataclass(frozen=True, slots=True)
class Taken:
    """The case that a report came to. `is_new`: it was opened for it. `to_stop`: its account is to be stopped now."""

    case: Case
    is_new: bool
    to_stop: bool


def take_in(house: House, report: Report, *, by_staff: str | None = None) -> list[Taken]:
    """As `receive`, but whoever calls this stops what is to be stopped."""
    known: dict[str, list[Event]] = {}
    return [
        _open(house, report, account, by_staff, known.get(account)) for account in _meant(house, report.account, known)
    ]


def receive_for(house: House, report: Report, account: str, *, by_staff: str) -> Case:
    """The same for the one account that staff chose. It is stopped at once (rule 1)."""
    one = _open(house, report, account, by_staff)
    house.starter.start("freeze", one.case.id, because="report")
    return one.case


def accounts_meant(house: House, name: str) -> list[str]:
    """The accounts that a name may mean: an account id, or a contact point that an account has or had.

    Both, where it is both: somebody may have called his account as her mailbox is called. Of many accounts that name
    one contact point, those that had it first are meant: else a few made for that purpose could crowd hers out.
    """
    return _meant(house, name, {})


def _meant(house: House, name: str, known: dict[str, list[Event]]) -> list[str]:
    """The same; `known` gets the events that had to be read for it."""
    if not name:
        return []
    if events := house.event_log.account(name):
        known[name] = events
    found = [name] if events else []
    named = house.event_log.accounts_with_contact(name)
    if len(named) > MOST_ACCOUNTS - len(found):
        named = sorted(named[:MOST_LOOKED_AT], key=lambda account: _named_since(house, account, name))
    return list(dict.fromkeys([*found, *named]))[:MOST_ACCOUNTS]


def _named_since(house: House, account: str, name: str) -> float:
    """When an account first had this contact point, in seconds of the epoch."""
    country = house.configuration.phone_country
    wanted = normalised(name, country)
    times = [
        event.time.timestamp()
        for event in house.event_log.account(account)
        if isinstance(event.data, FieldChanged)
        and event.data.field in CONTACT_FIELDS
        and any(isinstance(v, str) and normalised(v, country) == wanted for v in (event.data.before, event.data.after))
    ]
    return min(times, default=float("inf"))


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the account shows now."""

    events: Sequence[Event]
    findings: Findings


def _see(house: House, account: str, events: Sequence[Event]) -> _Seen:
    now = house.clock.now()
    ordered = in_order(account, events, now)
    return _Seen(ordered, investigate(account, ordered, now=now).findings)


def _open(
    house: House, report: Report, account: str, by_staff: str | None, events: Sequence[Event] | None = None
) -> Taken:
    now = house.clock.now()
    seen = _see(house, account, house.event_log.account(account) if events is None else events)
    decision = _decide(house, account, seen, by_staff=by_staff is not None)
    case_id = digest("case", account, report.id)[:16]
    received = _received(house, case_id, report, decision, by_staff)
    meant = Case(
        id=case_id,
        account=account,
        stage=Stage.FREEZE if decision is Decision.FREEZE_NOW else Stage.REPORT,
        language=_language(house, seen),
        opened_at=now,
        report_text=report.text,
        token_hash=token_hash(token_of(house, case_id)),
    )
    is_now = decision is Decision.FREEZE_NOW
    case = house.cases.open(meant, entry=received, meant=containment(house, meant) if is_now else ())
    if case is not meant:
        _note(house, replace(received, case=case.id), report, by_staff)
    to_stop = decision is Decision.FREEZE_NOW or case.stage.reached(Stage.FREEZE)
    if not to_stop:
        _send_code(house, case, report)
    return Taken(case, case is meant, to_stop)


def _received(house: House, case: str, report: Report, decision: Decision, by_staff: str | None) -> Entry:
    who = f"staff:{by_staff}" if by_staff else report.by
    evidence: dict[str, Json] = {
        "report": report.id,
        "decision": decision.value,
        "language": report.language.value,
    }
    return Entry(case, house.clock.now(), who, RECEIVED, f"report.{decision.value}", evidence)


def _note(house: House, received: Entry, report: Report, by_staff: str | None) -> None:
    """Note a report of an account that has a case already, once."""
    told = [entry.evidence.get("report") for entry in house.cases.log(received.case) if entry.what == RECEIVED]
    if report.id not in told and (len(told) < MOST_NOTED or by_staff is not None):
        house.cases.note(received)


def _send_code(house: House, case: Case, report: Report) -> None:
    """Have a code sent for this report, within what reports may send."""
    now = house.clock.now()
    due = [entry for entry in house.cases.log(case.id) if entry.what == CODE_DUE]
    if any(entry.evidence.get("report") == report.id for entry in due):
        return
    if any(sum(entry.at > now - span for entry in due) >= most for span, most in REPORT_LIMITS):
        return
    press = f"report-{len(due)}"  # two reports at once are one press
    house.starter.start("code", case.id, Purpose.REPORT.value, "", press, because=press)
    house.cases.note(Entry(case.id, now, report.by, CODE_DUE, "at_a_report", {"report": report.id}))


def code_is_due(house: House, case_id: str) -> bool:
    """True when a report has just had a code sent."""
    since = house.clock.now() - timedelta(seconds=SAME_REPORT)
    return any(entry.what == CODE_DUE and entry.at > since for entry in house.cases.log(case_id))


def weigh(house: House, account: str, events: Sequence[Event], *, by_staff: bool = False) -> Decision:
    """What the evidence in the account calls for."""
    return _decide(house, account, _see(house, account, events), by_staff=by_staff)


def _decide(house: House, account: str, seen: _Seen, *, by_staff: bool) -> Decision:
    attempts = {event.id for event in seen.events if event.type in ATTEMPTS}
    back = handed_back_at(house, account)
    return decide(seen.findings, now=house.clock.now(), by_staff=by_staff, handed_back_at=back, attempts=attempts)


def owners_language(house: House, account: str) -> Language:
    """The language of the letters of the account's cases: the owner's own, never that of whoever reports."""
    return _language(house, _see(house, account, house.event_log.account(account)))


def _language(house: House, seen: _Seen) -> Language:
    return language_of_owner(seen.events, seen.findings) or house.configuration.language


def handed_back_at(house: House, account: str) -> datetime | None:
    """When the account was last handed back to its owner, if it ever was."""
    times = (case.handed_back_at for case in house.cases.of_account(account))
    return max((at for at in times if at is not None), default=None)
