"""Does the ledger of actions say the same as the logs of the cases? Its rows are written again as things go on, so they
are no chain; but what became of each is a line of its case's log, which is one.

A row whose outcome, service or action is not what the log's last line about it says was altered; one of which the log
speaks and that is not there was removed; one that is settled without a line was put in. A row's id is made of what was
to be done (`casework.ledger.row_id`), so other arguments do not fit it.
"""

import json
from collections.abc import Iterator

from takeback.casework.ledger import Part, row_id
from takeback.casework.verifying import Trouble, Wrong
from takeback.core.service import Outcome
from takeback.core.undo.effects import action
from takeback.core.undo.plan import CONTAINMENT, ActionKind
from takeback.store.bookread import evidence_of
from takeback.store.moment import Moment

_ROWS = (
    "SELECT a.id, a.case_id, c.account, a.phase, a.source, a.action, a.args, a.undoes, a.outcome "
    "FROM store_action a JOIN store_case c ON c.id = a.case_id WHERE a.case_id = ? ORDER BY a.id COLLATE BINARY"
)
_SAID = "SELECT seq, what, evidence FROM store_entry WHERE case_id = ? AND what LIKE 'action.%' ORDER BY seq"
_NO_OUTCOME = ("action.not_held", "action.waiting")  # said of a row whose outcome stays as it is
_ALSO = {Outcome.ALREADY_DONE.value: Outcome.DONE.value}  # how the log says it of a password
_ANYWHERE = (*CONTAINMENT, ActionKind.UNFREEZE, ActionKind.UNLOCK_CARDS)  # their action names no service


def troubles(moment: Moment, case: str) -> Iterator[Trouble]:
    """What is wrong with the ledger of a case. `seq` is the line of its log that says otherwise; 0 where none does."""
    said: dict[str, tuple[int, str, str, str]] = {}
    for seq, what, evidence in moment.rows(_SAID, (case,)):
        try:
            read = evidence_of(evidence)
        except ValueError:
            continue  # the chain has told of it
        name, source, kind = (str(read.get(key)) for key in ("id", "source", "action"))
        before = said.get(name)
        told = before[1] if what in _NO_OUTCOME and before is not None else what
        said[name] = (seq, str(told), source, kind)
    for row in moment.rows(_ROWS, (case,)):
        name, _, account, phase, source, kind, args, undoes, outcome = row
        line = said.pop(name, None)
        if not _fits(line, source, kind, outcome) or not _is_made_of(
            name, case, account, phase, source, kind, args, undoes
        ):
            yield Trouble(Wrong.LEDGER, case, 0 if line is None else line[0], {"row": str(name)[:16]})
    for name, line in said.items():
        yield Trouble(Wrong.LEDGER_GONE, case, line[0], {"row": str(name)[:16]})


def _fits(line: tuple[int, str, str, str] | None, source: object, kind: object, outcome: object) -> bool:
    """Is the row as the log's last line about it says?"""
    if line is None:
        return outcome is None
    _, what, said_source, said_kind = line
    if (source, kind) != (said_source, said_kind):
        return False
    if outcome is None:
        return what in _NO_OUTCOME
    return what in (f"action.{outcome}", f"action.{_ALSO.get(str(outcome), outcome)}")


def _is_made_of(*row: object) -> bool:
    """Is the id that of this action? Arguments that were erased, and those of a password, are not known any more."""
    name, case, account, phase, source, kind, args, undoes = (str(part) for part in row)
    try:
        known, events = json.loads(args), json.loads(undoes)
        which = ActionKind(kind)
        if phase == Part.PASSWORD or (not known and which not in _ANYWHERE):
            return True
        of = None if which in _ANYWHERE else source
        return row_id(case, action(account, which, known, tuple(events), of).id, source) == name
    except (ValueError, TypeError):
        return False
