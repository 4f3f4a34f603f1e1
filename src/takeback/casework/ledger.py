"""Was each act done, once, and does it hold? The ledger: a row an action, from intent over outcome to read-back.

A row's id is what the service gets as the action's id, so that whatever is sent twice is done once. A phase that
starts again after a crash finds its rows and does what is still open. Only the thread of the phase writes rows; the
errands only talk to services.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from takeback import measures
from takeback.casework.errands import Answered, Back, Failed, Quiet, Unread, run_errands
from takeback.casework.ledgerpage import Page
from takeback.casework.ports import ActionRecord, Entry, House, Task
from takeback.casework.refunds import balances_before
from takeback.core.case import Case
from takeback.core.events import Json
from takeback.core.readback import holds
from takeback.core.service import AccountSnapshot, Outcome
from takeback.core.undo.carried import Carried
from takeback.core.undo.effects import action as plan_action
from takeback.core.undo.plan import CONTAINMENT, Action, ActionKind, digest

SETTLED = (Outcome.DONE, Outcome.ALREADY_DONE, Outcome.IMPOSSIBLE)
TRY_FOR = 4.0  # seconds that one run keeps trying a service that fails; the next run comes later
NO_ACCOUNT, DOWN, REFUSED = "account.unknown", "service.down", "service.refused"


class Part(StrEnum):
    """The phase that a ledger row belongs to."""

    FREEZE = "freeze"
    UNDO = "undo"
    PASSWORD = "password"  # noqa: S105 - a name; its rows are sent by `casework.passwords`, which alone has the password
    HAND_BACK = "hand_back"


def row_id(case_id: str, plan_action_id: str, source: str) -> str:
    """The id of an action at a service: SHA-256 (hex)."""
    return digest(case_id, plan_action_id, source)


def intend(house: House, case: Case, part: Part, actions: Sequence[Action]) -> list[ActionRecord]:
    """Write the rows of what is about to be done, and give them as they were meant. Known rows stay as they are."""
    rows = meant(house, case, part, actions)
    house.cases.intend(rows)
    return rows


def meant(house: House, case: Case, part: Part, actions: Sequence[Action]) -> list[ActionRecord]:
    """The rows of these actions, not written. An action without a source is for every service."""
    rows = []
    for position, act in enumerate(actions):
        for source in [act.source] if act.source is not None else [service.source for service in house.services]:
            row = row_id(case.id, act.id, source)
            rows.append(
                ActionRecord(row, case.id, part.value, source, act.action.value, act.args, act.undoes, position)
            )
    return rows


def open_rows(house: House, case: Case, part: Part) -> list[ActionRecord]:
    """The rows that are not settled yet."""
    return still_open(house.cases.actions(case.id, part.value))


def still_open(rows: Iterable[ActionRecord]) -> list[ActionRecord]:
    """Those of them that are not settled yet."""
    return [row for row in rows if row.outcome not in SETTLED]


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a run: the account as each service then showed it (a service that could not be read is missing),
    the rows as they stand, and the page on which the last of it is still to be written (`write`).
    """

    read: Mapping[str, AccountSnapshot | None]
    rows: Sequence[ActionRecord]
    page: Page


def carry_out(
    house: House, case: Case, part: Part, *, try_for: float = TRY_FOR
) -> Mapping[str, AccountSnapshot | None]:
    """Do what is open, all services side by side, then read each of them back.

    Returns what was read, by source; a service that could not be read is missing. Rows that stay open are for a later
    run.
    """
    done = run(house, case, part, house.cases.actions(case.id, part.value), try_for=try_for)
    write(house, done.page)
    return done.read


def run(house: House, case: Case, part: Part, known_rows: Sequence[ActionRecord], *, try_for: float = TRY_FOR) -> Done:
    """As `carry_out`, of rows that are known already; the last page is the caller's to write, with what follows."""
    rows = {row.id: row for row in known_rows}
    by_source: dict[str, list[ActionRecord]] = {}
    for row in rows.values():
        by_source.setdefault(row.source, []).append(row)
    services = {service.source: service for service in house.services}
    page = Page(case.id)
    for source in by_source.keys() - services.keys():
        rows |= {row.id: row for row in _gone(house, case, by_source[source], page)}
    errands = {services[source]: open_ for source, open_ in by_source.items() if source in services}
    before = balances_before(house, case, errands)
    read: dict[str, AccountSnapshot | None] = {}
    try:
        for news in run_errands(case.account, errands, before, try_for):
            if isinstance(news, Unread):
                _unread(house, case, news, page)
            elif isinstance(news, Back):
                page.closed.append(_task_id(case, f"read {news.source}"))
                read[news.source] = news.snapshot
                held = _confirm(house, case, part, news, [rows[row.id] for row in by_source[news.source]], page)
                rows |= {row.id: row for row in held}
            elif not isinstance(news, Quiet):
                rows[news.row.id] = _settle(house, case, rows[news.row.id], news, page)
            if page.is_due or isinstance(news, Quiet):
                page = write(house, page)
    except BaseException:
        write(house, page)
        raise
    return Done(read, list(rows.values()), page)


def write(house: House, page: Page) -> Page:
    """Write the page, and give the next one."""
    if not page.is_blank:
        house.cases.write(page, house.clock.now())
    return Page(page.case)


def _settle(house: House, case: Case, row: ActionRecord, news: Answered | Failed, page: Page) -> ActionRecord:
    attempts = row.attempts + news.attempts
    if isinstance(news, Failed):
        waiting = replace(row, attempts=attempts, reason=REFUSED if news.error.permanent else DOWN)
        first = row.reason != waiting.reason
        page.settle(waiting, _entry(house, case, waiting, "action.waiting") if first else None)
        if news.error.permanent:
            page.opened.append(_task(house, case, waiting, REFUSED))
        return waiting
    answer = news.answer
    at = house.clock.now() if answer.outcome in SETTLED else None
    done = replace(row, outcome=answer.outcome, reason=answer.reason or news.why, attempts=attempts, done_at=at)
    page.settle(done, _entry(house, case, done, f"action.{answer.outcome.value}"))
    if row.reason in (DOWN, REFUSED) and at is not None:  # it may have become a task while it could not be done
        page.closed.append(_task_id(case, row.id))
    return done


def confirm(house: House, case: Case, part: Part, news: Back, rows: Iterable[ActionRecord]) -> None:
    """Hold these rows of one service against what was read back from it, and write down whether they hold."""
    page = Page(case.id)
    _confirm(house, case, part, news, rows, page)
    write(house, page)


def _confirm(
    house: House, case: Case, part: Part, news: Back, rows: Iterable[ActionRecord], page: Page
) -> list[ActionRecord]:
    held = [_read_back(house, case, row, news.snapshot, page) for row in rows]
    page.entries.append(_noted(house, case, part, news, [row.read_back_ok for row in held]))
    return held


def _read_back(
    house: House, case: Case, row: ActionRecord, snapshot: AccountSnapshot | None, page: Page
) -> ActionRecord:
    """The row with whether it holds (rule 4).

    What a service could not do, or says it did and did not, becomes a task.
    """
    if row.outcome not in SETTLED or row.read_back_ok:
        return row
    if snapshot is None:  # no such account there: nothing to stop, nothing to take back
        held: bool | None = row.reason == NO_ACCOUNT and row.action in CONTAINMENT
    else:
        held = holds(ActionKind(row.action), row.args, snapshot)
    if row.outcome is Outcome.IMPOSSIBLE and held is None:
        held = False
    if held is not None:
        measures.read_back(row.source, held)
    known = replace(row, read_back_at=house.clock.now(), read_back_ok=held)
    said_before = row.read_back_at is not None and held == row.read_back_ok
    lost = held is False and not said_before
    page.settle(known, _entry(house, case, known, "action.not_held") if lost else None)
    if held is False:
        page.opened.append(_task(house, case, known, known.reason or "read_back.differs"))
    return known


def _noted(house: House, case: Case, part: Part, news: Back, held: Sequence[bool | None]) -> Entry:
    snapshot = news.snapshot
    evidence: dict[str, Json] = {
        "source": news.source,
        "part": part.value,
        "held": sum(ok is True for ok in held),
        "not_held": sum(ok is False for ok in held),
        "account": "absent" if snapshot is None else "present",
    }
    if snapshot is not None:
        evidence |= {"frozen": snapshot.frozen, "sessions": snapshot.sessions, "password": snapshot.password}
    return Entry(case.id, house.clock.now(), "system", "service.read_back", "sent.is_not_done", evidence)


def _gone(house: House, case: Case, rows: Iterable[ActionRecord], page: Page) -> Iterator[ActionRecord]:
    """A service that events speak of and the settings no longer name: a person has to do it there."""
    for row in still_open(rows):
        lost = replace(row, outcome=Outcome.IMPOSSIBLE, reason="service.unknown", done_at=house.clock.now())
        page.settle(lost, _entry(house, case, lost, "action.impossible"))
        page.opened.append(_task(house, case, lost, "service.unknown"))
        yield lost


def _entry(house: House, case: Case, row: ActionRecord, what: str) -> Entry:
    why = "containment" if row.action in CONTAINMENT else f"part.{row.phase}"
    evidence: dict[str, Json] = {"id": row.id, "source": row.source, "action": row.action, "undoes": list(row.undoes)}
    if row.reason:
        evidence["reason"] = row.reason
    return Entry(case.id, house.clock.now(), "system", what, why, evidence)


def _task(house: House, case: Case, row: ActionRecord, reason: str) -> Task:
    args: dict[str, Json] = dict(row.args)
    return Task(_task_id(case, row.id), case.id, row.action, row.source, reason, args, house.clock.now())


def _task_id(case: Case, what: str) -> str:
    return digest(case.id, "task", what)


def _unread(house: House, case: Case, news: Unread, page: Page) -> None:
    """A service that answers so that its account cannot be read needs a person; nothing of it is believed meanwhile."""
    now = house.clock.now()
    task = Task(_task_id(case, f"read {news.source}"), case.id, "service.read_back", news.source, REFUSED, {}, now)
    page.opened.append(task)


def hand_to_staff(house: House, case: Case, rows: Iterable[ActionRecord], page: Page) -> None:
    """Put on the page that a person takes over what a service has not done for too long. It goes on being tried."""
    for row in rows:
        told = replace(row, reason=row.reason or DOWN)  # also where an earlier action was the one that failed
        page.settle(told)
        page.opened.append(_task(house, case, told, told.reason or DOWN))


def ledgers(house: House, account: str) -> dict[str, list[ActionRecord]]:
    """The rows of all cases of the account, by case."""
    return {case.id: house.cases.actions(case.id) for case in house.cases.of_account(account)}


def carried(account: str, rows: Iterable[ActionRecord]) -> list[Carried]:
    """What Takeback has done for this account in all its cases (`ledgers`), as the investigation wants to know it.

    Containment counts where it was read back; the rest also where it became a task for staff, who have it in hand now.
    """
    done = []
    for row in rows:
        kind = ActionKind(row.action)
        if row.outcome not in SETTLED or row.done_at is None or row.phase in (Part.PASSWORD, Part.HAND_BACK):
            continue
        if kind in CONTAINMENT and not row.read_back_ok:
            continue
        plan_id = plan_action(account, kind, dict(row.args), row.undoes, row.source).id
        done.append(Carried(kind, row.source, plan_id, row.done_at))
    return done
