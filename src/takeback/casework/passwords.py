"""How does a new password reach the services?

From memory, over a signed line, once an attempt; the ledger learns only that it did.
"""

from dataclasses import replace

from takeback.casework.ledger import Part, row_id
from takeback.casework.ports import ActionRecord, Entry, House, Service
from takeback.core.case import Case
from takeback.core.errors import OutsideError
from takeback.core.service import ActionRequest, Outcome
from takeback.core.undo.plan import ActionKind, digest

TRIES = 3
FORMER = "password.former"  # a service says so: Takeback keeps no password, and cannot know
_HERS_TO_MEND = (FORMER, "value.invalid")


def refused_as_such(row: ActionRecord) -> bool:
    """True where a service did not take this very password; another one it may take."""
    return row.outcome is Outcome.IMPOSSIBLE and (
        row.reason in _HERS_TO_MEND or (row.reason or "").startswith("password.")
    )


def give_password(house: House, case: Case, password: str, *, attempt: str) -> list[ActionRecord]:
    """Send `set_password` to every service; `attempt` makes the ids of this attempt.

    Returns the rows as they stand after it.
    """
    plan_id = digest("set_password", attempt)
    position = len(house.cases.actions(case.id, Part.PASSWORD.value))
    rows = [
        ActionRecord(
            row_id(case.id, plan_id, service.source),
            case.id,
            Part.PASSWORD.value,
            service.source,
            ActionKind.SET_PASSWORD.value,
            {},
            (),
            position + place,
        )
        for place, service in enumerate(house.services)
    ]
    house.cases.intend(rows)
    return [_give(house, case, service, row, password) for service, row in zip(house.services, rows, strict=True)]


def _give(house: House, case: Case, service: Service, row: ActionRecord, password: str) -> ActionRecord:
    request = ActionRequest(row.id, case.account, row.action, {"password": password})
    now = house.clock.now()
    for tried in range(1, TRIES + 1):
        try:
            answer = service.act(request)
        except OutsideError as error:
            if error.permanent or tried == TRIES:
                failed = replace(row, attempts=tried, reason="service.refused" if error.permanent else "service.down")
                house.cases.settle(failed, entry=_entry(house, case, failed, "action.waiting"))
                return failed
            continue
        absent = answer.outcome is Outcome.IMPOSSIBLE
        done = replace(row, outcome=answer.outcome, reason=answer.reason, attempts=tried, done_at=now)
        house.cases.settle(done, entry=_entry(house, case, done, "action.impossible" if absent else "action.done"))
        return done
    return row


def _entry(house: House, case: Case, row: ActionRecord, what: str) -> Entry:
    evidence = {"id": row.id, "source": row.source, "action": row.action, "reason": row.reason}
    return Entry(case.id, house.clock.now(), "customer", what, "owner.sets_password", evidence)
