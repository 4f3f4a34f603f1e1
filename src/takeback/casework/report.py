"""Stage 2 of 7.

What does the person say, and how far do we believe whom? The evidence decides, never the wording (rule 1).
"""

from dataclasses import dataclass
from datetime import datetime

from takeback.casework.page import token_hash, token_of
from takeback.casework.ports import Entry, House
from takeback.casework.progress import Purpose
from takeback.core.case import Case, Language, Stage
from takeback.core.events import Event
from takeback.core.investigation import investigate
from takeback.core.report import Decision, decide
from takeback.core.undo.plan import digest

MOST_ACCOUNTS = 3  # that one address may stand for; more is a list of addresses being tried
LONGEST_TEXT = 4000
LONGEST_NAME = 254
SAME_REPORT = 10  # seconds in which reports on the same account are one: a flood is one report


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
    return [_open(house, report, account, by_staff) for account in accounts_meant(house, report.account)]


def accounts_meant(house: House, name: str) -> list[str]:
    """The accounts that a name may mean: an account id, or a contact point that an account has or had."""
    found = [name] if name and house.event_log.account(name) else []
    if not found and name:
        found = house.event_log.accounts_with_contact(name)
    return found[:MOST_ACCOUNTS]


def _open(house: House, report: Report, account: str, by_staff: str | None) -> Case:
    now = house.clock.now()
    decision = weigh(house, account, house.event_log.account(account), by_staff=by_staff is not None)
    stage = Stage.FREEZE if decision is Decision.FREEZE_NOW else Stage.REPORT
    case_id = digest("case", account, report.id)[:16]
    case = house.cases.open(
        Case(
            id=case_id,
            account=account,
            stage=stage,
            language=report.language,
            opened_at=now,
            report_text=report.text,
            token_hash=token_hash(token_of(house, case_id)),
        )
    )
    who = f"staff:{by_staff}" if by_staff else report.by
    told = {entry.evidence.get("report") for entry in house.cases.log(case.id) if entry.what == "report.received"}
    if report.id not in told:
        evidence = {"report": report.id, "decision": decision.value, "language": report.language.value}
        house.cases.note(Entry(case.id, now, who, "report.received", f"report.{decision.value}", evidence))
    if decision is Decision.FREEZE_NOW or case.stage.reached(Stage.FREEZE):
        house.starter.start("freeze", case.id, because="report")
    else:
        house.starter.start("code", case.id, Purpose.REPORT.value, because=report.id)
    return case


def weigh(house: House, account: str, events: list[Event], *, by_staff: bool = False) -> Decision:
    """What the evidence in the account calls for."""
    now = house.clock.now()
    findings = investigate(account, events, now=now).findings
    return decide(findings, now=now, by_staff=by_staff, handed_back_at=handed_back_at(house, account))


def handed_back_at(house: House, account: str) -> datetime | None:
    """When the account was last handed back to its owner, if it ever was."""
    times = (case.handed_back_at for case in house.cases.of_account(account))
    return max((at for at in times if at is not None), default=None)
