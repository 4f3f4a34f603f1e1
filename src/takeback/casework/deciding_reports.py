"""Is this report nothing, another one's double, or a new case? Taking, refusing, merging and reopening.

What closes a case without a hand back is only for one in which nothing was taken back and nothing is left to take
back: whoever thinks that the evidence is wrong answers its questions first, and the plan then says the same. A closed
case is never opened again itself: its ledger, its address and its codes have had their end. A new case is opened that
names the old one.
"""

from takeback.casework.claiming import begin_act, in_book, record
from takeback.casework.deciding import begin_decision, one_at_a_time, reason_of
from takeback.casework.investigate import Inquiry, inquire, outstanding
from takeback.casework.ledger import Part, carry_out, hand_to_staff, intend, open_rows, write
from takeback.casework.ledgerpage import Page
from takeback.casework.ports import Entry, House
from takeback.casework.progress import known, update
from takeback.casework.report import LONGEST_TEXT, Report, accounts_meant, receive_for
from takeback.core.case import Case, Language, Stage
from takeback.core.contacts import normalised
from takeback.core.errors import CaseRefused
from takeback.core.events import Json
from takeback.core.permission import Verb
from takeback.core.secrets import without_card_numbers
from takeback.core.undo.effects import action
from takeback.core.undo.plan import ActionKind, digest

REFUSED, MERGED, REOPENED = "report.refused", "report.merged", "case.reopened"
_OPEN = (ActionKind.UNFREEZE, ActionKind.UNLOCK_CARDS)


def take_report(house: House, account: str, text: str, language: Language, *, by: str) -> Case:
    """Take a report by telephone for this account, which is stopped at once (rule 1). The same within a minute is one.

    `CaseRefused` where there is no such account.
    """
    if account not in accounts_meant(house, account):
        raise CaseRefused("account.unknown", "There is no such account.")
    slot = int(house.clock.now().timestamp()) // 60
    report = digest("desk report", account, by, slot)[:32]
    said = without_card_numbers(text.strip())[:LONGEST_TEXT]
    with one_at_a_time(account):
        case = receive_for(house, Report(report, account, said, language, by=f"staff:{by}"), account, by_staff=by)
        if not _noted(house, case, Verb.TAKE_REPORT, "report", report):
            in_book(house, by, Verb.TAKE_REPORT, case.id, why="report.by_telephone", evidence={"report": report})
    return case


def refuse_report(house: House, case_id: str, reason: str, state: str, *, by: str) -> list[str]:
    """Close a case as nothing, and open the account again where it was stopped. The sources of the services at which a
    person has to open it by hand, since they did not answer.
    """
    with one_at_a_time(case_id):
        if _has(house, case_id, REFUSED):
            return []
        said = reason_of(reason)
        case = begin_decision(house, case_id, state, by=by)
        refuse_unless_nothing(house, case)
        return _close(house, case, by, Verb.REFUSE_REPORT, REFUSED, "desk.refused", {}, said)


def merge_report(house: House, case_id: str, into: str, reason: str, state: str, *, by: str) -> list[str]:
    """Close a case as the double of another one of the same account or person, to which its words go."""
    with one_at_a_time(case_id):
        if _has(house, case_id, MERGED):
            return []
        said = reason_of(reason)
        case = begin_decision(house, case_id, state, by=by)
        refuse_unless_nothing(house, case)
        if into not in {one.id for one in mergeable(house, case)}:
            raise CaseRefused("merge.not_same", "That is no open case of the same account or person.")
        whole = known(house, into)
        _take_words(house, case, whole, by, said)
        return _close(house, case, by, Verb.MERGE_REPORT, MERGED, "desk.merged", {"into": into}, said)


def reopen(house: House, case_id: str, reason: str, *, by: str) -> Case:
    """A new case of the account of a closed one; it is stopped at once, as at every report by staff."""
    with one_at_a_time(case_id):
        old = known(house, case_id)
        later = next((str(e.evidence.get("to")) for e in house.cases.log(case_id) if e.what == REOPENED), None)
        if later is not None and (case := house.cases.case(later)) is not None and case.stage is not Stage.CLOSED:
            return case
        said = reason_of(reason)
        if old.stage is not Stage.CLOSED:
            raise CaseRefused("reopen.not_closed", "This case is open.")
        if any(one.stage is not Stage.CLOSED for one in house.cases.of_account(old.account)):
            raise CaseRefused("reopen.open_already", "The account has an open case already.")
        report = digest("reopened", case_id, house.clock.now().isoformat())[:32]
        words = Report(report, old.account, old.report_text, old.language, by=f"staff:{by}")
        new = receive_for(house, words, old.account, by_staff=by)
        record(house, by, Verb.REOPEN_CASE, case_id, REOPENED, "desk.reopened", {"to": new.id}, reason=said)
        told: dict[str, Json] = {"from": case_id, "reason": said}
        house.cases.note(Entry(new.id, house.clock.now(), f"staff:{by}", "case.continues", "desk.reopened", told))
        begin_act(house, new.id, by=by)
        return new


def refuse_unless_nothing(house: House, case: Case) -> None:
    """`CaseRefused` unless nothing was taken back in this case and nothing is left to take back."""
    if case.stage is Stage.CLOSED:
        raise CaseRefused("case.closed", "This case is closed.")
    why = could_be_nothing(house, case, inquire(house, case))
    if why == "report.stopping":
        raise CaseRefused("report.stopping", "The account is being stopped at this moment: try again shortly.")
    if why == "report.begun":
        raise CaseRefused("report.begun", "Something was taken back in this case already.")
    if why:
        raise CaseRefused("report.not_nothing", "The plan still takes something back: answer its questions first.")


def could_be_nothing(house: House, case: Case, inquiry: Inquiry) -> str:
    """Empty where the case may be closed as nothing; else the key of why not."""
    if any(house.cases.actions(case.id, part.value) for part in (Part.UNDO, Part.PASSWORD)):
        return "report.begun"
    if case.stage is Stage.FREEZE:  # a freeze that is on its way must not arrive after the account was opened again
        return "report.stopping"
    return "report.not_nothing" if outstanding(case, inquiry) else ""


def mergeable(house: House, case: Case) -> list[Case]:
    """The open cases that may be of the same person: of an account that shares a trusted contact point."""
    country = house.configuration.phone_country
    trusted = {c.value for c in inquire(house, case).findings.contacts if c.trusted}
    wanted = {normalised(value, country) for value in trusted} - {None}
    accounts = {name for value in trusted for name in house.event_log.accounts_with_contact(value)[:20]}
    found = []
    for account in sorted(accounts - {case.account})[:20]:
        for one in house.cases.of_account(account):
            if one.stage is Stage.CLOSED or one.id == case.id:
                continue
            theirs = {normalised(c.value, country) for c in inquire(house, one).findings.contacts if c.trusted}
            if theirs & wanted:
                found.append(one)
    return found


def _take_words(house: House, case: Case, whole: Case, by: str, reason: str) -> None:
    """What was said in the double goes along: the report, and its conversations."""
    text = "\n\n".join(part for part in (whole.report_text, case.report_text) if part)[:LONGEST_TEXT]
    evidence: dict[str, Json] = {"from": case.id, "reason": reason}
    now = house.clock.now()
    update(
        house, whole, Entry(whole.id, now, f"staff:{by}", "report.joined", "desk.merged", evidence), report_text=text
    )
    for talk in house.talks.of_case(case.id):
        house.talks.link(talk.id, [whole.id])


def _close(
    house: House, case: Case, by: str, verb: Verb, what: str, why: str, evidence: dict[str, Json], reason: str
) -> list[str]:
    left = _open_again(house, case)
    now = house.clock.now()
    told = evidence | {"opened": not left, "left": list[Json](left), "reason": reason}
    update(house, case, Entry(case.id, now, f"staff:{by}", what, why, told), stage=Stage.CLOSED)
    house.claims.release(case.id, by)
    in_book(house, by, verb, case.id, why=reason, evidence=evidence | {"left": list[Json](left)})
    return left


def _open_again(house: House, case: Case) -> list[str]:
    """Open the account where this case stopped it, and read that back. What no service does now becomes a task: the
    case ends here, and nothing of it is left waiting that could open or stop the account later.
    """
    if not house.cases.actions(case.id, Part.FREEZE.value):
        return []
    intend(house, case, Part.HAND_BACK, [action(case.account, kind, {}, (), None) for kind in _OPEN])
    read = carry_out(house, case, Part.HAND_BACK)
    rows = open_rows(house, case, Part.HAND_BACK)
    page = Page(case.id)
    hand_to_staff(house, case, rows, page)
    write(house, page)
    shut = {source for source, one in read.items() if one is not None and one.frozen}
    return sorted(shut | {row.source for row in rows})


def _has(house: House, case_id: str, what: str) -> bool:
    return any(entry.what == what for entry in house.cases.log(case_id))


def _noted(house: House, case: Case, verb: Verb, name: str, value: str) -> bool:
    acts = house.audit.acts(case=case.id, what=verb.value, most=20)
    return any(act.evidence is not None and act.evidence.get(name) == value for act in acts)
