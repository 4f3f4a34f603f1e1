"""What is written down together? What was heard of a case's actions in one moment: one commit instead of one each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic

from takeback.casework.records import ActionRecord, Entry, Task
from takeback.core.case import Case

KEPT_FOR = 0.25  # seconds that what was heard may wait for more: whoever looks at the page sees it as it comes


@dataclass(slots=True)
class Page:
    """Rows of what is about to be done (known ones stay as they are), rows as they now stand, lines of the log in
    order, tasks opened and tasks done (ids), of one case; and `change`, what becomes of the case itself.
    """

    case: str
    meant: Sequence[ActionRecord] = ()
    rows: dict[str, ActionRecord] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    opened: list[Task] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    change: Callable[[Case], Case] | None = None
    begun: float = field(default_factory=monotonic)

    def settle(self, row: ActionRecord, entry: Entry | None = None) -> None:
        """A row as it now stands, and what the log says of it."""
        self.rows[row.id] = row
        if entry is not None:
            self.entries.append(entry)

    @property
    def is_blank(self) -> bool:
        """True when there is nothing to write."""
        return not (self.meant or self.rows or self.entries or self.opened or self.closed or self.change)

    @property
    def is_due(self) -> bool:
        """True when it has waited long enough."""
        return monotonic() - self.begun > KEPT_FOR
