"""Stage 3 of 7.

What must stop now? Everything on every service at once, and it is believed only when it has been read back.
"""

from collections.abc import Mapping

from takeback.casework.ledger import Part, carry_out, intend, open_rows
from takeback.casework.ports import Entry, House
from takeback.casework.progress import Progress, advance, known, update
from takeback.core.case import Case, Stage
from takeback.core.events import Json
from takeback.core.freeze import frozen_everywhere
from takeback.core.undo.effects import action
from takeback.core.undo.plan import CONTAINMENT, ActionKind


def stop_everything(house: House, case_id: str) -> Progress:
    """Contain the account. While one service is not stopped this asks to be run again, for as long as it takes."""
    case = known(house, case_id)
    if case.stage is Stage.CLOSED or house.cases.actions(case.id, Part.HAND_BACK.value):
        return Progress.DONE  # what waited for a service that was down must not stop what has been handed back since
    intend(house, case, Part.FREEZE, [action(case.account, kind, {}, (), None) for kind in CONTAINMENT])
    read = carry_out(house, case, Part.FREEZE)
    frozen = len(read) == len(house.services) and frozen_everywhere(read.values())
    stage = advance(case.stage, Stage.INVESTIGATE)
    if stage is not case.stage or (frozen and case.frozen_at is None):
        now = house.clock.now()
        stopped = {source: snapshot is None or snapshot.frozen for source, snapshot in read.items()}
        what = "account.frozen" if frozen else "account.partly_frozen"
        services: dict[str, Json] = {service.source: stopped.get(service.source, False) for service in house.services}
        entry = Entry(case.id, now, "system", what, "containment", {"services": services})
        update(house, case, entry, stage=stage, frozen_at=case.frozen_at or (now if frozen else None))
    return Progress.AGAIN if not frozen or open_rows(house, case, Part.FREEZE) else Progress.DONE


def stopped_services(house: House, case: Case) -> Mapping[str, bool]:
    """For each service, whether it was read back as stopped."""
    held = {
        row.source: bool(row.read_back_ok)
        for row in house.cases.actions(case.id, Part.FREEZE.value)
        if row.action == ActionKind.FREEZE
    }
    return {service.source: held.get(service.source, False) for service in house.services}
