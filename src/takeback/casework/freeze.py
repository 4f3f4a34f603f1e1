"""Stage 3 of 7.

What must stop now? Everything on every service at once, and it is believed only when it has been read back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from takeback import measures
from takeback.casework.ledger import Done, Part, meant, run, still_open, write
from takeback.casework.ports import ActionRecord, Entry, House
from takeback.casework.progress import Progress, advance, known
from takeback.core.case import Case, Stage
from takeback.core.events import Json
from takeback.core.freeze import frozen_everywhere
from takeback.core.undo.effects import action
from takeback.core.undo.plan import CONTAINMENT, ActionKind


def stop_everything(house: House, case_id: str) -> Progress:
    """Contain the account. While one service is not stopped this asks to be run again, for as long as it takes."""
    case = known(house, case_id)
    rows = house.cases.actions(case.id)
    if case.stage is Stage.CLOSED or any(row.phase == Part.HAND_BACK for row in rows):
        return Progress.DONE  # what waited for a service that was down must not stop what has been handed back since
    stopping = {row.id: row for row in rows if row.phase == Part.FREEZE}
    to_stop = containment(house, case)
    if any(row.id not in stopping for row in to_stop):  # else they came with the case
        house.cases.intend(to_stop)
    done = run(house, case, Part.FREEZE, [*({row.id: row for row in to_stop} | stopping).values()])
    frozen = len(done.read) == len(house.services) and frozen_everywhere(done.read.values())
    if not case.stage.reached(Stage.INVESTIGATE) or (frozen and case.frozen_at is None):
        _say_so(house, case, done, frozen=frozen)
    write(house, done.page)
    return Progress.AGAIN if not frozen or still_open(done.rows) else Progress.DONE


def containment(house: House, case: Case) -> list[ActionRecord]:
    """The rows of what stops the account, not written."""
    return meant(house, case, Part.FREEZE, [action(case.account, kind, {}, (), None) for kind in CONTAINMENT])


def _say_so(house: House, case: Case, done: Done, *, frozen: bool) -> None:
    """Put on the page that the account is stopped, or where it is not yet."""
    now = house.clock.now()
    stopped = {source: snapshot is None or snapshot.frozen for source, snapshot in done.read.items()}
    what = "account.frozen" if frozen else "account.partly_frozen"
    services: dict[str, Json] = {service.source: stopped.get(service.source, False) for service in house.services}
    frozen_at = case.frozen_at or (now if frozen else None)
    done.page.entries.append(Entry(case.id, now, "system", what, "containment", {"services": services}))
    done.page.change = lambda is_now: replace(
        is_now, stage=advance(is_now.stage, Stage.INVESTIGATE), frozen_at=frozen_at
    )
    if frozen and case.frozen_at is None:
        measures.frozen((now - case.opened_at).total_seconds())


def stopped_services(house: House, rows: Iterable[ActionRecord]) -> Mapping[str, bool]:
    """For each service, whether it was read back as stopped. `rows`: the case's ledger."""
    stopping = (row for row in rows if row.phase == Part.FREEZE and row.action == ActionKind.FREEZE)
    held = {row.source: bool(row.read_back_ok) for row in stopping}
    return {service.source: held.get(service.source, False) for service in house.services}
